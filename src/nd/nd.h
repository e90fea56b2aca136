/* SPDX-License-Identifier: MIT */
#ifndef ND_ND_H
#define ND_ND_H

/*
 * Strided arrays with data: a geometry, an element type, and a reference-counted buffer.
 *
 * A struct nd is a value. Making a view fills another struct nd, counts the buffer up by one and allocates nothing.
 * A fresh array is two allocations: nbytes for the data, aligned to 64 bytes, and ND_HEADER_BYTES for the buffer's header
 * (an array of 0 bytes has only the header). Nothing else here allocates, except where a comment says so.
 *
 * Ownership: every struct nd that a function fills must be given to nd_release() once; a zeroed struct nd may be
 * released too, and releasing zeroes it. Out-parameters are filled only on ND_OK. A plain C assignment of a struct nd
 * makes no new reference: it is the same object under another name, as in Python; release only one of them.
 *
 * Elements are moved in C order. Functions return an enum nd_status.
 */

#include "geom.h"
#include "overlap.h"

#include <stdint.h>

enum { ND_MAXDIMS = 16, ND_HEADER_BYTES = 64, ND_ALIGN_BYTES = 64 };

enum nd_dtype { ND_FLOAT64, ND_FLOAT32, ND_INT64, ND_INT32, ND_UINT8, ND_BOOL, ND_DTYPES };

struct nd_buffer; /* the data, its size, its reference count: ND_HEADER_BYTES large */

struct nd {
	struct nd_geom geom;
	enum nd_dtype dtype;
	bool owndata;          /* this array made the buffer and is no view */
	bool writeable;
	bool stand_in_base;    /* as_strided, sliding_window_view: NumPy's base is a stand-in object, not the source */
	struct nd_buffer *buffer;
};

const char *nd_dtype_name(enum nd_dtype dtype); /* "float64" */
ptrdiff_t nd_dtype_itemsize(enum nd_dtype dtype);

/* ---- what NumPy's attributes answer ---- */

static inline int nd_ndim(const struct nd *a) { return a->geom.ndim; }
static inline ptrdiff_t nd_shape(const struct nd *a, int axis) { return a->geom.shape[axis]; }
static inline ptrdiff_t nd_stride(const struct nd *a, int axis) { return a->geom.strides[axis]; }
static inline ptrdiff_t nd_size(const struct nd *a) { return nd_geom_size(&a->geom); }
static inline ptrdiff_t nd_nbytes(const struct nd *a) { return nd_geom_nbytes(&a->geom); }
static inline bool nd_c_contiguous(const struct nd *a) { return nd_geom_c_contiguous(&a->geom); }
static inline bool nd_f_contiguous(const struct nd *a) { return nd_geom_f_contiguous(&a->geom); }
/* The first element's address; NULL for an array without a buffer. */
void *nd_data(const struct nd *a);
/* Bytes of the whole buffer that this array keeps alive; 0 without a buffer. */
ptrdiff_t nd_buffer_nbytes(const struct nd *a);
/* NumPy's `view.base is source`: view owns no data, source made the buffer that view looks into, and no stand-in is between. */
bool nd_base_is(const struct nd *view, const struct nd *source);
/* Different buffers never share. Same-buffer questions go to nd_geom_shares_memory(). */
enum nd_shares nd_shares_memory(const struct nd *a, const struct nd *b, int64_t max_work, struct nd_witness *out_witness);
bool nd_may_share_memory(const struct nd *a, const struct nd *b);

/* Total bytes that copying functions have written since the program began (copy, take, concatenate, assign, ...). */
uint64_t nd_copied_bytes(void);

/* Ask for huge pages for data of 4 MiB and more, as NumPy does (true at the start). */
void nd_set_hugepages(bool on);

/* ---- making ---- */

int nd_empty(enum nd_dtype dtype, int ndim, const ptrdiff_t *shape, struct nd *out_array);
int nd_zeros(enum nd_dtype dtype, int ndim, const ptrdiff_t *shape, struct nd *out_array);
int nd_full(enum nd_dtype dtype, int ndim, const ptrdiff_t *shape, double value, struct nd *out_array);
/* start, start + 1, ... in the given type. */
int nd_arange(enum nd_dtype dtype, ptrdiff_t n, double start, struct nd *out_array);
void nd_release(struct nd *array);

/* ---- views: no allocation; ND_NEEDS_COPY only from nd_reshape_view ---- */

int nd_view(const struct nd *a, struct nd *out_view); /* a[...] */
int nd_slice(const struct nd *a, int axis, ptrdiff_t start, ptrdiff_t stop, ptrdiff_t step, struct nd *out_view);
int nd_index(const struct nd *a, int axis, ptrdiff_t i, struct nd *out_view);
int nd_transpose(const struct nd *a, const int *axes, struct nd *out_view); /* axes NULL: reversed, as .T */
int nd_squeeze(const struct nd *a, int axis, struct nd *out_view);
int nd_expand_dims(const struct nd *a, int axis, struct nd *out_view);
int nd_reshape_view(const struct nd *a, int ndim, const ptrdiff_t *shape, struct nd *out_view);
int nd_broadcast_to(const struct nd *a, int ndim, const ptrdiff_t *shape, struct nd *out_view); /* read-only */
/* Refuses (ND_EBOUNDS) what leaves the buffer, which NumPy's as_strided does not. */
int nd_as_strided(const struct nd *a, int ndim, const ptrdiff_t *shape, const ptrdiff_t *strides, struct nd *out_view);
int nd_sliding_window_view(const struct nd *a, int axis, ptrdiff_t window, struct nd *out_view); /* read-only */

/* ---- copies: one fresh array each ---- */

int nd_copy(const struct nd *a, struct nd *out_array); /* C order */
/* A view where the strides allow, else a view of a fresh copy (so owndata is false either way, as in NumPy). */
int nd_reshape(const struct nd *a, int ndim, const ptrdiff_t *shape, struct nd *out_array);
int nd_astype(const struct nd *a, enum nd_dtype dtype, struct nd *out_array); /* always copies, as astype does */
/* A new reference to a itself if it is C-contiguous (at least 1-d), else a copy. */
int nd_ascontiguousarray(const struct nd *a, struct nd *out_array);
/* np.take: indices is int64, negative ones count from the end; ND_EBOUNDS names nothing and leaves nothing. */
int nd_take(const struct nd *a, const struct nd *indices, int axis, struct nd *out_array);
/* a[:, [0, 2]]: as NumPy, the indexed axis is laid out first in memory and moved back, so for axis > 0 owndata is false. */
int nd_fancy(const struct nd *a, const struct nd *indices, int axis, struct nd *out_array);
int nd_concatenate(const struct nd *arrays, size_t count, int axis, struct nd *out_array);
int nd_stack(const struct nd *arrays, size_t count, int axis, struct nd *out_array);
/* np.tile with reps of rdim entries. As NumPy's, it makes one intermediate for each axis but the last that repeats; owndata is false. */
int nd_tile(const struct nd *a, int rdim, const ptrdiff_t *reps, struct nd *out_array);
int nd_repeat(const struct nd *a, ptrdiff_t repeats, int axis, struct nd *out_array);
/* dst[...] = src, with broadcasting and casting. If they overlap, through a hidden copy of src (allocates it). ND_EREADONLY. */
int nd_assign(struct nd *dst, const struct nd *src);
int nd_fill(struct nd *dst, double value);

/* ---- elementwise, by broadcasting; the type is the wider of the two by NumPy's promotion, true division floats ---- */

enum nd_binary { ND_ADD, ND_SUBTRACT, ND_MULTIPLY, ND_DIVIDE, ND_POWER, ND_MAXIMUM, ND_MINIMUM };
enum nd_unary { ND_NEGATIVE, ND_ABSOLUTE, ND_SQRT, ND_SQUARE };

int nd_binary(enum nd_binary op, const struct nd *a, const struct nd *b, struct nd *out_array);
/* out=: correct when it overlaps an operand in another order (through a hidden copy, which allocates). out may be a or b. */
int nd_binary_into(enum nd_binary op, const struct nd *a, const struct nd *b, struct nd *out);
/* A Python scalar is weak: the result keeps the array's type (an integer array divided gives float64). */
int nd_binary_scalar(enum nd_binary op, const struct nd *a, double scalar, struct nd *out_array);
int nd_binary_scalar_into(enum nd_binary op, const struct nd *a, double scalar, struct nd *out);
int nd_unary(enum nd_unary op, const struct nd *a, struct nd *out_array);
int nd_unary_into(enum nd_unary op, const struct nd *a, struct nd *out);

/* ---- reductions: pairwise, in the type `accumulate` (NumPy's dtype=); nothing is allocated unless an array is returned ---- */

int nd_sum(const struct nd *a, enum nd_dtype accumulate, double *out_sum);
int nd_mean(const struct nd *a, double *out_mean);
int nd_sum_axis(const struct nd *a, int axis, bool keepdims, struct nd *out_array);
int nd_sum_axis_into(const struct nd *a, int axis, struct nd *out); /* out has the shape without the axis */
int nd_mean_axis(const struct nd *a, int axis, bool keepdims, struct nd *out_array);

/* ---- matrix product: a (m, k) @ b (k, n), also with one operand 1-d; float64 or float32; blocked; no hidden copy ---- */

int nd_matmul(const struct nd *a, const struct nd *b, struct nd *out_array);
int nd_matmul_into(const struct nd *a, const struct nd *b, struct nd *out);

#endif
