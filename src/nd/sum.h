/* SPDX-License-Identifier: MIT */
#ifndef ND_SUM_H
#define ND_SUM_H

/*
 * Pairwise sums over strided memory, without a byte allocated: what reduce.c is built on.
 *
 * A sum is computed in one of three types: float64, float32, int64 (wrapping around). Elements of another type go
 * through a block on the stack.
 */

#include "inner.h"

/* Outputs of one call of nd_sum_columns at most: a page of doubles, so that partial sums stay in the nearest cache. */
enum { ND_STRIP = 512 };

struct nd_summer {
	enum nd_dtype dtype; /* of the sum */
	ptrdiff_t itemsize;
	enum nd_dtype from_dtype;
	ptrdiff_t from_itemsize;
	nd_loop1 *cast; /* from the elements' type */
	void (*sum_rows)(ptrdiff_t rows, const char *from, ptrdiff_t row_stride, ptrdiff_t n, ptrdiff_t stride,
	                 void *out_sums);
	void (*add_eight)(ptrdiff_t n, void *sums, const char *const rows[]);
	void (*add_one)(ptrdiff_t n, void *sums, const char *row);
};

/* dtype is ND_FLOAT64, ND_FLOAT32 or ND_INT64; any other counts as ND_INT64. */
void nd_summer_init(struct nd_summer *summer, enum nd_dtype dtype, enum nd_dtype from_dtype);

/* *out_sum = the sum of n elements `stride` bytes apart. */
void nd_sum_run(const struct nd_summer *summer, const char *from, ptrdiff_t n, ptrdiff_t stride, void *out_sum);

/* The same for `count` <= ND_STRIP runs that start `run_stride` bytes apart. */
void nd_sum_runs(const struct nd_summer *summer, const char *from, ptrdiff_t count, ptrdiff_t run_stride, ptrdiff_t n,
                 ptrdiff_t stride, void *out_sums);

/*
 * out_sums[i] = the sum over `rows` rows of their element i, for i < count <= ND_STRIP.
 *
 * stride, row_stride   bytes between the elements of a row, and between rows
 */
void nd_sum_columns(const struct nd_summer *summer, const char *from, ptrdiff_t count, ptrdiff_t stride, ptrdiff_t rows,
                    ptrdiff_t row_stride, void *out_sums);

#endif
