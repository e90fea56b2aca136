/* SPDX-License-Identifier: MIT */
#ifndef ND_GEOM_H
#define ND_GEOM_H

/*
 * The geometry of a strided n-dimensional array: shape, strides, offset and itemsize, and no data.
 *
 * Everything here is pure: no memory is allocated, no element is read. The same functions answer for an
 * array of 12 numbers and for one of 8 TB that nobody could make.
 *
 * Units: shapes count elements, strides and offsets count bytes; an offset is from the first byte of the buffer.
 * Axes may be given from the end (-1 is the last); one that does not exist is ND_EINVAL. Sizes are ptrdiff_t, as strides
 * may be negative; every product is checked for overflow and answers ND_EOVERFLOW.
 *
 * Invariant: a geometry that these functions fill has ndim <= ND_GEOM_MAXDIMS, itemsize >= 1, no negative extent, and the
 * product of its itemsize and of its extents above 0 fits 63 bits. Functions that take one rely on it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ND_GEOM_MAXDIMS = 32 };

/* What a function of nd answers. Above zero: an answer, not an error. Below zero: a refusal. */
enum nd_status {
	ND_OK = 0,
	ND_NEEDS_COPY = 1, /* the strides cannot express it */
	ND_TOO_HARD = 2,   /* the work limit was reached before an answer was */
	ND_EINVAL = -1,    /* an argument that makes no sense */
	ND_EBOUNDS = -2,   /* an index or a stride that leaves the array or the buffer */
	ND_EOVERFLOW = -3, /* a size that does not fit 63 bits */
	ND_EDIMS = -4,     /* too many axes */
	ND_ESHAPE = -5,    /* shapes that do not fit each other */
	ND_EREADONLY = -6, /* a write to an array that is not writeable */
	ND_ENOMEM = -7     /* the allocator refused */
};

/* One clear phrase for a status, lower case, without a full stop; static. */
const char *nd_strstatus(int status);

struct nd_geom {
	int ndim;
	ptrdiff_t itemsize;
	ptrdiff_t offset;
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	ptrdiff_t strides[ND_GEOM_MAXDIMS];
};

/* ---- making and asking ---- */

/*
 * A C-contiguous geometry of this shape at offset 0. ND_EINVAL for a negative extent, ND_EDIMS, ND_EOVERFLOW.
 * Without elements all strides are 0, as those of np.empty((2, 0)).
 */
int nd_geom_init(struct nd_geom *out_geom, int ndim, const ptrdiff_t *shape, ptrdiff_t itemsize);

/*
 * Is this a shape that an array may have? ND_EDIMS, ND_EINVAL (a negative extent, itemsize < 1), ND_EOVERFLOW. As in NumPy,
 * an extent of 0 does not excuse the others: their product is checked without it.
 * out_size   elements; may be NULL.
 */
int nd_geom_check_shape(int ndim, const ptrdiff_t *shape, ptrdiff_t itemsize, ptrdiff_t *out_size);

/* -ndim..ndim-1 to 0..ndim-1; ND_EINVAL for anything else. */
int nd_geom_axis(int ndim, int axis, int *out_axis);

/* Elements: the product of the shape (1 for 0-d). */
ptrdiff_t nd_geom_size(const struct nd_geom *geom);
/* size x itemsize: what NumPy calls nbytes, which says nothing about the memory that the array occupies. */
ptrdiff_t nd_geom_nbytes(const struct nd_geom *geom);

/* NumPy's relaxed rule: axes of extent 1 do not count, an array without elements is contiguous. */
bool nd_geom_c_contiguous(const struct nd_geom *geom);
bool nd_geom_f_contiguous(const struct nd_geom *geom);

/*
 * The bytes that the array can touch, [low, high) from the buffer's first byte; low == high without elements.
 * Bounds beyond 63 bits, which no buffer has, are given as PTRDIFF_MIN or PTRDIFF_MAX.
 */
void nd_geom_extent(const struct nd_geom *geom, ptrdiff_t *out_low, ptrdiff_t *out_high);

/* The byte offset of one element; index has ndim entries, each in 0..shape-1 (not checked). */
ptrdiff_t nd_geom_at(const struct nd_geom *geom, const ptrdiff_t *index);

/* ---- views: each fills out_geom only on ND_OK; out_geom may be geom itself ---- */

/* "Not given" in a slice, as in a[::2]. */
#define ND_SLICE_NONE PTRDIFF_MIN

/*
 * geom[..., start:stop:step, ...] on one axis, by Python's slice rules (negative indices, clipping); each of the three may be
 * ND_SLICE_NONE. An empty result lies at the axis' start with the axis' own stride, as in NumPy. ND_EINVAL: step 0.
 */
int nd_geom_slice(const struct nd_geom *geom, int axis, ptrdiff_t start, ptrdiff_t stop, ptrdiff_t step,
                  struct nd_geom *out_geom);
/* geom[..., i, ...]: one axis fewer; i may count from the end. ND_EBOUNDS. */
int nd_geom_index(const struct nd_geom *geom, int axis, ptrdiff_t i, struct nd_geom *out_geom);
/* axes is a permutation of the ndim axes, or NULL to reverse them; result axis k is geom's axis axes[k]. */
int nd_geom_transpose(const struct nd_geom *geom, const int *axes, struct nd_geom *out_geom);
/* Drop one axis. ND_EINVAL if its extent is not 1. */
int nd_geom_squeeze(const struct nd_geom *geom, int axis, struct nd_geom *out_geom);
/* An axis of extent 1 that becomes the result's axis `axis`. NumPy's strides: np.expand_dims is a reshape, a[None] has 0. */
int nd_geom_expand_dims(const struct nd_geom *geom, int axis, struct nd_geom *out_geom);
int nd_geom_newaxis(const struct nd_geom *geom, int axis, struct nd_geom *out_geom);
/* Stride 0 where an extent of 1 (or a missing axis) is repeated. ND_ESHAPE if the shapes do not fit. */
int nd_geom_broadcast_to(const struct nd_geom *geom, int ndim, const ptrdiff_t *shape, struct nd_geom *out_geom);
/* The common shape of two geometries by the broadcasting rule, written to shape[ND_GEOM_MAXDIMS]. ND_ESHAPE. */
int nd_geom_broadcast_shape(const struct nd_geom *a, const struct nd_geom *b, int *out_ndim, ptrdiff_t *out_shape);
/*
 * View `geom` under another shape without copying.
 *
 * shape   ndim extents in elements; their product must equal the size; one may be -1.
 * Returns ND_OK, ND_NEEDS_COPY (an answer: the strides cannot express it) or ND_ESHAPE (the products differ).
 * Source  NumPy's no-copy reshape: drop axes of extent 1, merge runs where stride[k] == shape[k+1] * stride[k+1].
 */
int nd_geom_reshape(const struct nd_geom *geom, int ndim, const ptrdiff_t *shape, struct nd_geom *out_geom);
/* The same, with the elements of both shapes numbered in Fortran's order (first axis fastest): reshape(..., order='F'). */
int nd_geom_reshape_order(const struct nd_geom *geom, int ndim, const ptrdiff_t *shape, bool fortran,
                          struct nd_geom *out_geom);
/*
 * The shape that a reshape asks for, with its -1 worked out; out_shape may be shape itself.
 * ND_ESHAPE, ND_EINVAL (two -1, or another negative extent), ND_EDIMS, ND_EOVERFLOW.
 */
int nd_geom_reshape_shape(const struct nd_geom *geom, int ndim, const ptrdiff_t *shape, ptrdiff_t *out_shape);
/* Any shape and strides from geom's first element on, held within [0, buffer_nbytes): ND_EBOUNDS if they leave it. */
int nd_geom_as_strided(const struct nd_geom *geom, int ndim, const ptrdiff_t *shape, const ptrdiff_t *strides,
                       ptrdiff_t buffer_nbytes, struct nd_geom *out_geom);
/* Windows of `window` elements along one axis; the window axis comes last. ND_EINVAL unless 1 <= window <= extent. */
int nd_geom_sliding_window_view(const struct nd_geom *geom, int axis, ptrdiff_t window, struct nd_geom *out_geom);

#endif
