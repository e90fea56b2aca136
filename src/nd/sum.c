/* SPDX-License-Identifier: MIT */
/*
 * Pairwise summation, along a run and down columns.
 *
 * Along a run: halve it until 512 elements are left, sum those with 32 partial sums. Down columns: the same with whole
 * rows in place of numbers, so that memory is read row by row as it lies there; the partial sums of a strip of 512
 * columns wait on the stack, one strip a halving. NumPy adds row to row when it sums over the first axis, and a
 * float32 sum of 17 million ones then stops at 16,777,216 = 2^24; here it does not.
 */

#include "sum.h"

#include <string.h>

enum { ROWS_TOGETHER = 8, ROWS_IN_A_ROW = 16 * ROWS_TOGETHER };

/* x is one sum, in bytes: the three types share the code that only moves them. */
struct strip {
	_Alignas(ND_ALIGN_BYTES) char sums[ND_STRIP * sizeof(double)];
};

#define T double
#define NAME(x) x##_f8
#include "sum_loops.h"

#define T float
#define NAME(x) x##_f4
#include "sum_loops.h"

/* Unsigned, as it may wrap around. */
#define T uint64_t
#define NAME(x) x##_i8
#include "sum_loops.h"

void nd_summer_init(struct nd_summer *summer, enum nd_dtype dtype, enum nd_dtype from_dtype)
{
	switch (dtype) {
	case ND_FLOAT64:
		*summer = (struct nd_summer){ .dtype = dtype, .sum_rows = sum_rows_f8, .add_eight = add_eight_f8,
			                      .add_one = add_one_f8 };
		break;
	case ND_FLOAT32:
		*summer = (struct nd_summer){ .dtype = dtype, .sum_rows = sum_rows_f4, .add_eight = add_eight_f4,
			                      .add_one = add_one_f4 };
		break;
	default:
		*summer = (struct nd_summer){ .dtype = ND_INT64, .sum_rows = sum_rows_i8, .add_eight = add_eight_i8,
			                      .add_one = add_one_i8 };
		break;
	}
	summer->itemsize = nd_dtype_itemsize(summer->dtype);
	summer->from_dtype = from_dtype;
	summer->from_itemsize = nd_dtype_itemsize(from_dtype);
	summer->cast = nd_cast_loop(summer->dtype, from_dtype);
}

/* ---- along a run ---- */

void nd_sum_run(const struct nd_summer *summer, const char *from, ptrdiff_t n, ptrdiff_t stride, void *out_sum)
{
	_Alignas(ND_ALIGN_BYTES) char block[ND_BLOCK * sizeof(double)];
	uint64_t second;
	ptrdiff_t half;

	if (n <= ND_BLOCK) {
		if (summer->from_dtype != summer->dtype) {
			summer->cast(n, block, summer->itemsize, from, stride);
			from = block;
			stride = summer->itemsize;
		}
		summer->sum_rows(1, from, 0, n, stride, out_sum);
		return;
	}
	half = (n / 2 + ND_BLOCK - 1) / ND_BLOCK * ND_BLOCK;
	nd_sum_run(summer, from, half, stride, out_sum);
	nd_sum_run(summer, from + half * stride, n - half, stride, &second);
	summer->add_one(1, out_sum, (const char *)&second);
}

void nd_sum_runs(const struct nd_summer *summer, const char *from, ptrdiff_t count, ptrdiff_t run_stride, ptrdiff_t n,
                 ptrdiff_t stride, void *out_sums)
{
	if (n <= ND_BLOCK && summer->from_dtype == summer->dtype) {
		summer->sum_rows(count, from, run_stride, n, stride, out_sums);
		return;
	}
	for (ptrdiff_t i = 0; i < count; i++)
		nd_sum_run(summer, from + i * run_stride, n, stride, (char *)out_sums + i * summer->itemsize);
}

/* ---- down columns ---- */

/* Up to ROWS_IN_A_ROW rows, eight at a time. */
static void columns_in_a_row(const struct nd_summer *summer, const char *from, ptrdiff_t count, ptrdiff_t stride,
                             ptrdiff_t rows, ptrdiff_t row_stride, void *out_sums)
{
	struct strip converted[ROWS_TOGETHER];
	const char *at[ROWS_TOGETHER];
	const bool in_place = summer->from_dtype == summer->dtype && stride == summer->itemsize;

	memset(out_sums, 0, (size_t)(count * summer->itemsize));
	for (ptrdiff_t row = 0; row < rows; row += ROWS_TOGETHER) {
		ptrdiff_t together = rows - row < ROWS_TOGETHER ? rows - row : ROWS_TOGETHER;

		for (ptrdiff_t k = 0; k < together; k++) {
			at[k] = from + (row + k) * row_stride;
			if (!in_place) {
				summer->cast(count, converted[k].sums, summer->itemsize, at[k], stride);
				at[k] = converted[k].sums;
			}
		}
		if (together == ROWS_TOGETHER) {
			summer->add_eight(count, out_sums, at);
		} else {
			for (ptrdiff_t k = 0; k < together; k++)
				summer->add_one(count, out_sums, at[k]);
		}
	}
}

static void columns(const struct nd_summer *summer, const char *from, ptrdiff_t count, ptrdiff_t stride, ptrdiff_t rows,
                    ptrdiff_t row_stride, void *out_sums);

static __attribute__((noinline)) void halve(const struct nd_summer *summer, const char *from, ptrdiff_t count,
                                            ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t row_stride, void *out_sums)
{
	struct strip second;
	ptrdiff_t half = (rows / 2 + ROWS_IN_A_ROW - 1) / ROWS_IN_A_ROW * ROWS_IN_A_ROW;

	columns(summer, from, count, stride, half, row_stride, out_sums);
	columns(summer, from + half * row_stride, count, stride, rows - half, row_stride, second.sums);
	summer->add_one(count, out_sums, second.sums);
}

static void columns(const struct nd_summer *summer, const char *from, ptrdiff_t count, ptrdiff_t stride, ptrdiff_t rows,
                    ptrdiff_t row_stride, void *out_sums)
{
	if (rows <= ROWS_IN_A_ROW)
		columns_in_a_row(summer, from, count, stride, rows, row_stride, out_sums);
	else
		halve(summer, from, count, stride, rows, row_stride, out_sums);
}

/*
 * Narrow rows that follow each other without a gap are taken `together` at a time as one wide row: (rows, 2) is summed as
 * (rows / 256, 512), and the 256 partial sums of each column are then folded in halves.
 */
static void narrow_columns(const struct nd_summer *summer, const char *from, ptrdiff_t count, ptrdiff_t stride,
                           ptrdiff_t rows, ptrdiff_t row_stride, ptrdiff_t together, void *out_sums)
{
	struct strip wide, rest;
	const ptrdiff_t wide_rows = rows / together, done = wide_rows * together;

	columns(summer, from, count * together, stride, wide_rows, row_stride * together, wide.sums);
	for (ptrdiff_t half = together / 2; half > 0; half /= 2)
		summer->add_one(half * count, wide.sums, wide.sums + half * count * summer->itemsize);
	columns(summer, from + done * row_stride, count, stride, rows - done, row_stride, rest.sums);
	summer->add_one(count, wide.sums, rest.sums);
	memcpy(out_sums, wide.sums, (size_t)(count * summer->itemsize));
}

void nd_sum_columns(const struct nd_summer *summer, const char *from, ptrdiff_t count, ptrdiff_t stride, ptrdiff_t rows,
                    ptrdiff_t row_stride, void *out_sums)
{
	ptrdiff_t together = 1;

	if (row_stride == count * stride) {
		while (together * 2 * count <= ND_STRIP && together * 2 * ROWS_TOGETHER <= rows)
			together *= 2;
	}
	if (together > 1)
		narrow_columns(summer, from, count, stride, rows, row_stride, together, out_sums);
	else
		columns(summer, from, count, stride, rows, row_stride, out_sums);
}
