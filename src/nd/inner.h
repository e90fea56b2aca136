/* SPDX-License-Identifier: MIT */
#ifndef ND_INNER_H
#define ND_INNER_H

/*
 * What the files of nd share with each other, and nobody else includes.
 *
 * Three parts: the inner loops (one run of elements at a time, a byte stride for each operand), the walk (which runs
 * to do, in which order), and small questions about arrays.
 */

#include "clones.h"
#include "nd.h"

/* ---- inner loops: n elements from each address on, strides in bytes ---- */

typedef void nd_loop1(ptrdiff_t n, char *out, ptrdiff_t out_stride, const char *a, ptrdiff_t a_stride);
typedef void nd_loop2(ptrdiff_t n, char *out, ptrdiff_t out_stride, const char *a, ptrdiff_t a_stride, const char *b,
                      ptrdiff_t b_stride);

/* Elements of `from` written as `to`; a plain copy if they are the same. The runs do not overlap. Never NULL. */
nd_loop1 *nd_cast_loop(enum nd_dtype to, enum nd_dtype from);
/* NULL: NumPy has no such loop for the type (bool - bool, integer / integer, ...). */
nd_loop2 *nd_binary_loop(enum nd_binary op, enum nd_dtype dtype);
nd_loop1 *nd_unary_loop(enum nd_unary op, enum nd_dtype dtype);

/* Types that differ are converted through stack buffers of this many elements. */
enum { ND_BLOCK = 512 };

/* ---- the walk over all elements of up to three operands of one shape ---- */

enum { ND_WALK_OPS = 3 };

/*
 * shape[0] is the innermost axis: one run. index counts the runs done.
 * Axes are sorted so that memory is walked in its own order where the operands agree, C order where they do not;
 * axes that continue each other in every operand are merged.
 */
struct nd_walk {
	int ndim; /* at least 1 */
	int nops;
	ptrdiff_t size; /* elements in all; nothing else is set if it is 0 */
	ptrdiff_t shape[ND_MAXDIMS];
	ptrdiff_t index[ND_MAXDIMS];
	ptrdiff_t strides[ND_WALK_OPS][ND_MAXDIMS];
	char *at[ND_WALK_OPS];
};

/* The bytes of `array` from its first element on, with the stride of each axis of the broadcast shape. */
struct nd_operand {
	char *data;
	ptrdiff_t strides[ND_MAXDIMS];
};

/* Line `array` up with a shape that it broadcasts to (the caller knows that it does). */
void nd_operand_init(struct nd_operand *operand, const struct nd *array, int ndim);
/* order[0] is the axis to walk innermost. Source: NumPy's npyiter_find_best_axis_ordering. */
void nd_walk_order(int ndim, int nops, const struct nd_operand *operands, int *out_order);
void nd_walk_init(struct nd_walk *walk, int ndim, const ptrdiff_t *shape, int nops, const struct nd_operand *operands);
/* Step `at` on; the caller has done the first `done` axes whole (1: a run, 2: a plane). False after the last. */
bool nd_walk_next(struct nd_walk *walk, int done);

/* Write all elements of src into dst, casting; same shape after broadcasting, no overlap. Not counted as copied. */
void nd_copy_into(const struct nd *dst, const struct nd *src);

/* ---- making and counting ---- */

/* A fresh array whose axes lie in memory in this order (order[0] innermost), as NumPy's order='K'. */
int nd_empty_ordered(enum nd_dtype dtype, int ndim, const ptrdiff_t *shape, const int *order, struct nd *out_array);
/* Fill all of `view` but its geometry: a view of a, its buffer counted up. */
void nd_refer(const struct nd *a, struct nd *view);
void nd_count_copied(const struct nd *written);

/* ---- questions ---- */

bool nd_same_shape(const struct nd *a, int ndim, const ptrdiff_t *shape);
/* Same elements at the same places: writing one while reading the other, element by element, is safe. */
bool nd_same_place(const struct nd *a, const struct nd *b);
/* Must `out` be written through a copy, because `in` is read? As NumPy's COPY_IF_OVERLAP. */
bool nd_overlaps(const struct nd *out, const struct nd *in);
/* Do two different indices of `a` name the same byte, or may they? */
bool nd_meets_itself(const struct nd *a);
/* NumPy's same_kind casting: bool < unsigned < signed < float, never downwards. */
bool nd_same_kind(enum nd_dtype to, enum nd_dtype from);
enum nd_dtype nd_promote(enum nd_dtype a, enum nd_dtype b);

#endif
