/* SPDX-License-Identifier: MIT */
#ifndef ND_ND_H
#define ND_ND_H

/*
 * Strided arrays with data: a geometry, an element type, and a reference-counted buffer.
 *
 * A struct nd is a value. Making a view fills another struct nd, counts the buffer up by one and allocates nothing.
 * A fresh array is two allocations: nbytes for the data, aligned to 64 bytes, and ND_HEADER_BYTES for the buffer's header
 * (an array of 0 bytes has only the header). Nothing else here allocates, except where a comment says "hidden".
 *
 * Ownership: every struct nd that a function fills must be given to nd_release() once; a zeroed struct nd may be
 * released too, and releasing zeroes it. Out-parameters are filled only on ND_OK, over whatever they held: none may be
 * an operand of the same call. A plain C assignment of a struct nd makes no new reference: it is the same object under
 * another name, as in Python; release only one of them. References are counted without locks: one thread at a time.
 *
 * Functions return an enum nd_status. All that can be checked is checked before the first write: after a refusal the
 * operands are as they were and nothing is leaked. ND_EINVAL is for an array that was never made, an axis that does not
 * exist, types that do not go together. What makes an array may give ND_EDIMS (data has at most ND_MAXDIMS axes),
 * ND_EOVERFLOW and ND_ENOMEM.
 *
 * An axis may be given from the end (-1 is the last). Fresh arrays are in C order, except where a comment says "in the
 * operands' order": then the axes lie in memory as those of the operands do, as NumPy's order='K'.
 *
 * Types, casts, layouts and flags are NumPy 1.24's; where nd differs, the comment says so.
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
	struct nd_buffer *buffer; /* NULL: never made, or released */
};

/* "float64", ...; "unknown" for what is no type. Static. */
const char *nd_dtype_name(enum nd_dtype dtype);
/* Bytes of one element; 0 for what is no type. A bool is one byte, 0 or 1. */
ptrdiff_t nd_dtype_itemsize(enum nd_dtype dtype);

/* ---- what NumPy's attributes answer ---- */

static inline int nd_ndim(const struct nd *a) { return a->geom.ndim; }
static inline ptrdiff_t nd_shape(const struct nd *a, int axis) { return a->geom.shape[axis]; }    /* elements */
static inline ptrdiff_t nd_stride(const struct nd *a, int axis) { return a->geom.strides[axis]; } /* bytes */
static inline ptrdiff_t nd_size(const struct nd *a) { return nd_geom_size(&a->geom); }
static inline ptrdiff_t nd_nbytes(const struct nd *a) { return nd_geom_nbytes(&a->geom); }
static inline bool nd_c_contiguous(const struct nd *a) { return nd_geom_c_contiguous(&a->geom); }
static inline bool nd_f_contiguous(const struct nd *a) { return nd_geom_f_contiguous(&a->geom); }
/* The first element's address; NULL for an array without a buffer. */
void *nd_data(const struct nd *a);
/* Bytes of the whole buffer that this array keeps alive; 0 without a buffer. */
ptrdiff_t nd_buffer_nbytes(const struct nd *a);
/*
 * NumPy's `view.base is source`: view owns no data, source made the buffer that view looks into, and no stand-in is between.
 * (A source that is itself a view is never the base here; in NumPy it is for a view of what as_strided returned.)
 */
bool nd_base_is(const struct nd *view, const struct nd *source);
/* Different buffers never share. Same-buffer questions go to nd_geom_shares_memory(), which names the parameters. */
enum nd_shares nd_shares_memory(const struct nd *a, const struct nd *b, int64_t max_work, struct nd_witness *out_witness);
bool nd_may_share_memory(const struct nd *a, const struct nd *b);

/*
 * Bytes that copying functions have written since the program began: copy, astype, a reshape that copies, take, fancy,
 * concatenate, stack, repeat, tile, assign, and every hidden copy. Arithmetic, fill and reductions do not count.
 */
uint64_t nd_copied_bytes(void);

/* Ask for huge pages for data of 4 MiB and more, as NumPy does (true at the start). */
void nd_set_hugepages(bool on);

/*
 * ---- making ----
 *
 * shape   ndim extents in elements
 * All give ND_EINVAL (no such type, a negative extent), ND_EDIMS, ND_EOVERFLOW (63 bits of bytes), ND_ENOMEM.
 */

/* Elements are whatever the memory holds. */
int nd_empty(enum nd_dtype dtype, int ndim, const ptrdiff_t *shape, struct nd *out_array);
/* Written with zeros, so every page is touched (NumPy's zeros leaves that to the first use). */
int nd_zeros(enum nd_dtype dtype, int ndim, const ptrdiff_t *shape, struct nd *out_array);
/* value is cast to the type as by nd_astype. */
int nd_full(enum nd_dtype dtype, int ndim, const ptrdiff_t *shape, double value, struct nd *out_array);
/* n elements in one axis: start, start + 1, ..., each computed anew and then cast. */
int nd_arange(enum nd_dtype dtype, ptrdiff_t n, double start, struct nd *out_array);
/* Give one reference back; the last one frees the buffer. Zeroes *array; fine on a zeroed one. */
void nd_release(struct nd *array);

/*
 * ---- views: no allocation ----
 *
 * Each is the function of geom.h of the same name, over the same buffer: its refusals are described there. A view is
 * writeable if its source is, except where marked.
 */

int nd_view(const struct nd *a, struct nd *out_view); /* a[...] */
/* a[..., start:stop:step, ...] on one axis by Python's rules; ND_SLICE_NONE where Python's slice has no bound. */
int nd_slice(const struct nd *a, int axis, ptrdiff_t start, ptrdiff_t stop, ptrdiff_t step, struct nd *out_view);
/* a[..., i, ...]: one axis fewer. ND_EBOUNDS. */
int nd_index(const struct nd *a, int axis, ptrdiff_t i, struct nd *out_view);
int nd_transpose(const struct nd *a, const int *axes, struct nd *out_view); /* axes NULL: reversed, as .T */
int nd_squeeze(const struct nd *a, int axis, struct nd *out_view);
int nd_expand_dims(const struct nd *a, int axis, struct nd *out_view);
/* ND_NEEDS_COPY (an answer) if the strides cannot express it; one extent may be -1. ND_ESHAPE. */
int nd_reshape_view(const struct nd *a, int ndim, const ptrdiff_t *shape, struct nd *out_view);
/* Read-only. ND_ESHAPE. */
int nd_broadcast_to(const struct nd *a, int ndim, const ptrdiff_t *shape, struct nd *out_view);
/*
 * strides in bytes. Refuses what leaves the buffer (ND_EBOUNDS), and strides that are no multiple of the itemsize
 * (ND_EINVAL), which NumPy's as_strided does not.
 */
int nd_as_strided(const struct nd *a, int ndim, const ptrdiff_t *shape, const ptrdiff_t *strides, struct nd *out_view);
/* All runs of `window` elements along the axis, in a new last axis. Read-only. ND_EINVAL unless 1 <= window <= extent. */
int nd_sliding_window_view(const struct nd *a, int axis, ptrdiff_t window, struct nd *out_view);

/* ---- copies: one fresh array each ---- */

int nd_copy(const struct nd *a, struct nd *out_array); /* C order */
/* A view where the strides allow, else a view of a fresh copy (so owndata is false either way, as in NumPy). */
int nd_reshape(const struct nd *a, int ndim, const ptrdiff_t *shape, struct nd *out_array);
/*
 * Always copies, as astype does; in a's order. Floats are truncated towards zero, whole numbers wrap around, all but
 * zero is true; what does not fit an integer (NaN, 1e300) becomes its most negative value.
 */
int nd_astype(const struct nd *a, enum nd_dtype dtype, struct nd *out_array);
/* A new reference to a itself if it is C-contiguous, else a copy; a 0-d array becomes a view with one axis, as in NumPy. */
int nd_ascontiguousarray(const struct nd *a, struct nd *out_array);
/*
 * np.take: the axis is replaced by those of `indices`.
 *
 * indices   int64 (else ND_EINVAL), any shape; negative ones count from the end
 * Returns   ND_EBOUNDS if one of them lies outside
 */
int nd_take(const struct nd *a, const struct nd *indices, int axis, struct nd *out_array);
/*
 * a[:, [0, 2]]: the same elements as nd_take's. As NumPy, the indexed axis is laid out first in memory and moved back, so
 * for axis > 0 owndata is false; the other axes are in a's order.
 */
int nd_fancy(const struct nd *a, const struct nd *indices, int axis, struct nd *out_array);
/*
 * count arrays one behind the other along an axis that they have, or along a new one. The type is that which all promote to.
 * ND_EINVAL for none, ND_ESHAPE. Always in C order (NumPy's concatenate of Fortran-ordered arrays is not).
 */
int nd_concatenate(const struct nd *arrays, size_t count, int axis, struct nd *out_array);
int nd_stack(const struct nd *arrays, size_t count, int axis, struct nd *out_array);
/*
 * np.tile with reps of rdim entries. As NumPy's, it makes one intermediate for each axis but the last that repeats, and
 * first straightens an `a` that is not C-contiguous if its strides ask for it; owndata is false. With all reps 1 a copy in
 * a's order, which owns its data unless it has more axes than a. Of an `a` without elements, a view.
 */
int nd_tile(const struct nd *a, int rdim, const ptrdiff_t *reps, struct nd *out_array);
/* Each slice along the axis `repeats` >= 0 times, one copy after another. */
int nd_repeat(const struct nd *a, ptrdiff_t repeats, int axis, struct nd *out_array);
/*
 * dst[...] = src, with broadcasting and any cast. If they overlap in another order, through a hidden copy of src; onto
 * itself it does nothing. ND_EREADONLY, ND_ESHAPE.
 */
int nd_assign(struct nd *dst, const struct nd *src);
/* dst[...] = value, cast to dst's type. ND_EREADONLY. */
int nd_fill(struct nd *dst, double value);

/*
 * ---- elementwise, by broadcasting ----
 *
 * The type is the one that both promote to, and float64 for true division and square roots of whole numbers (NumPy's is
 * float16 for square roots of uint8 and bool). ND_EINVAL where NumPy has no such operation (bool - bool, -bool), or has
 * it in int8 (power and square of bool), and for a whole number to a negative power. Whole numbers wrap around.
 * Operands of another type are cast a block at a time, on the stack. Fresh results are in the operands' order.
 *
 * The forms with `out` write into an array that is there, as NumPy's out=: it has the broadcast shape (ND_ESHAPE) and a type
 * that the result can be cast to by the same_kind rule (else ND_EINVAL: float into int, int into uint8). It may be an
 * operand. If it overlaps one in another order, the result goes through a hidden array of out's size.
 */

enum nd_binary { ND_ADD, ND_SUBTRACT, ND_MULTIPLY, ND_DIVIDE, ND_POWER, ND_MAXIMUM, ND_MINIMUM };
enum nd_unary { ND_NEGATIVE, ND_ABSOLUTE, ND_SQRT, ND_SQUARE };

int nd_binary(enum nd_binary op, const struct nd *a, const struct nd *b, struct nd *out_array);
int nd_binary_into(enum nd_binary op, const struct nd *a, const struct nd *b, struct nd *out);
/*
 * A Python scalar is weak: the result keeps the array's type. A scalar without a fraction counts as Python's int: ND_EINVAL if
 * it does not fit the array's whole-number type (NumPy 2's OverflowError); with one, a whole-number array gives float64.
 * With ints a bool array gives int64. The power 2 is a square; other powers go through pow().
 */
int nd_binary_scalar(enum nd_binary op, const struct nd *a, double scalar, struct nd *out_array);
int nd_binary_scalar_into(enum nd_binary op, const struct nd *a, double scalar, struct nd *out);
int nd_unary(enum nd_unary op, const struct nd *a, struct nd *out_array);
int nd_unary_into(enum nd_unary op, const struct nd *a, struct nd *out);

/*
 * ---- reductions ----
 *
 * Pairwise over everything and along every axis (NumPy's is only along the one that is contiguous): the error grows with
 * the logarithm of the number of elements. Partial sums are on the stack, nothing is allocated but a result.
 */

/* accumulate is NumPy's dtype=: elements are cast to it and added in it; whole numbers wrap around. */
int nd_sum(const struct nd *a, enum nd_dtype accumulate, double *out_sum);
/* In float64, but of float32 in float32 as NumPy's. NaN of nothing. */
int nd_mean(const struct nd *a, double *out_mean);
/*
 * Sums along one axis, which goes, or stays with extent 1 (keepdims). float64 and float32 keep their type, whole numbers
 * are summed as int64 (NumPy's of uint8 is uint64). In a's order.
 */
int nd_sum_axis(const struct nd *a, int axis, bool keepdims, struct nd *out_array);
/* out has a's shape without the axis, and a type as for `out` above; if it overlaps a, through a hidden array of its size. */
int nd_sum_axis_into(const struct nd *a, int axis, struct nd *out);
/* float32 of float32, else float64. */
int nd_mean_axis(const struct nd *a, int axis, bool keepdims, struct nd *out_array);

/*
 * ---- matrix product: a (m, k) @ b (k, n) ----
 *
 * One or both may have one axis, as in NumPy: a row in a's place, a column in b's; that axis is missing in the result
 * (0-d for two of them). Both are float64 or both float32, else ND_EINVAL; ND_EDIMS for more than two axes, ND_ESHAPE. Sums may be
 * fused and in any order: exact for whole numbers as long as they fit. Any strides, without a copy of an operand: blocks
 * are packed into 1.2 MB of static memory; products in two threads take turns.
 */

int nd_matmul(const struct nd *a, const struct nd *b, struct nd *out_array);
/* out has the result's shape and the operands' type; if it overlaps one, through a hidden array of its size. */
int nd_matmul_into(const struct nd *a, const struct nd *b, struct nd *out);

#endif
