/* SPDX-License-Identifier: MIT */
/*
 * Sums and means, of everything and along one axis.
 *
 * Everything: the runs of the walk, each summed pairwise; short ones are first packed into blocks. The sums of the
 * blocks meet in pairs as in a binary counter: two of one block make one of two, two of those one of four, ...
 *
 * Along an axis: the outputs in strips of 512. If the next output's elements are neighbours in memory, a strip is summed
 * down its columns, else output by output along its run. Either way memory is read in its own order.
 */

#include "sum.h"

#include <string.h>

/* ---- of everything ---- */

enum { COUNTER_BITS = 64 };

/* sums[k] is the sum of 2^k pieces where bit k of `pieces` is set. */
struct counter {
	const struct nd_summer *summer;
	uint64_t pieces;
	uint64_t sums[COUNTER_BITS];
};

static void counter_add(struct counter *counter, uint64_t sum)
{
	int bit = 0;

	for (; counter->pieces >> bit & 1; bit++)
		counter->summer->add_one(1, &sum, (const char *)&counter->sums[bit]);
	counter->sums[bit] = sum;
	counter->pieces++;
}

/* The smallest first. */
static uint64_t counter_total(const struct counter *counter)
{
	uint64_t total = 0;

	for (int bit = 0; bit < COUNTER_BITS; bit++) {
		if (counter->pieces >> bit & 1)
			counter->summer->add_one(1, &total, (const char *)&counter->sums[bit]);
	}
	return total;
}

/* The sum, as an element of the summer's type. */
static uint64_t sum_all(const struct nd_summer *summer, const struct nd *a)
{
	_Alignas(ND_ALIGN_BYTES) char block[ND_BLOCK * sizeof(double)];
	struct counter counter;
	struct nd_operand operand;
	struct nd_walk walk;
	ptrdiff_t packed = 0;
	uint64_t sum;

	nd_operand_init(&operand, a, a->geom.ndim);
	nd_walk_init(&walk, a->geom.ndim, a->geom.shape, 1, &operand);
	if (walk.size == 0)
		return 0; /* zero in all three types */
	if (walk.ndim == 1) {
		sum = 0;
		nd_sum_run(summer, walk.at[0], walk.shape[0], walk.strides[0][0], &sum);
		return sum;
	}
	counter.summer = summer;
	counter.pieces = 0;
	do {
		if (walk.shape[0] > ND_BLOCK / 2) {
			nd_sum_run(summer, walk.at[0], walk.shape[0], walk.strides[0][0], &sum);
			counter_add(&counter, sum);
			continue;
		}
		if (packed + walk.shape[0] > ND_BLOCK) {
			summer->sum_rows(1, block, 0, packed, summer->itemsize, &sum);
			counter_add(&counter, sum);
			packed = 0;
		}
		summer->cast(walk.shape[0], block + packed * summer->itemsize, summer->itemsize, walk.at[0], walk.strides[0][0]);
		packed += walk.shape[0];
	} while (nd_walk_next(&walk, 1));
	if (packed > 0) {
		summer->sum_rows(1, block, 0, packed, summer->itemsize, &sum);
		counter_add(&counter, sum);
	}
	return counter_total(&counter);
}

int nd_sum(const struct nd *a, enum nd_dtype accumulate, double *out_sum)
{
	struct nd_summer summer;
	uint64_t sum, wrapped = 0;

	if (!a->buffer || (unsigned)accumulate >= ND_DTYPES)
		return ND_EINVAL;
	nd_summer_init(&summer, accumulate, a->dtype);
	sum = sum_all(&summer, a);
	nd_cast_loop(accumulate, summer.dtype)(1, (char *)&wrapped, 0, (const char *)&sum, 0);
	nd_cast_loop(ND_FLOAT64, accumulate)(1, (char *)out_sum, 0, (const char *)&wrapped, 0);
	return ND_OK;
}

static enum nd_dtype sum_dtype(enum nd_dtype dtype)
{
	return dtype == ND_FLOAT64 || dtype == ND_FLOAT32 ? dtype : ND_INT64;
}

static enum nd_dtype mean_dtype(enum nd_dtype dtype)
{
	return dtype == ND_FLOAT32 ? ND_FLOAT32 : ND_FLOAT64;
}

int nd_mean(const struct nd *a, double *out_mean)
{
	double sum;
	int status = nd_sum(a, mean_dtype(a->dtype), &sum);

	if (status != ND_OK)
		return status;
	if (a->dtype == ND_FLOAT32)
		*out_mean = (double)((float)sum / (float)nd_size(a));
	else
		*out_mean = sum / (double)nd_size(a);
	return ND_OK;
}

/* ---- along one axis ---- */

struct reduction {
	struct nd_summer summer;
	ptrdiff_t extent, stride; /* of the axis that goes */
	bool mean;
	int ndim; /* of the result */
	ptrdiff_t shape[ND_MAXDIMS];
	struct nd_operand operands[2]; /* the array without the axis, and the result */
};

static int plan(const struct nd *a, int axis, bool mean, struct reduction *reduction)
{
	int status;

	if (!a->buffer)
		return ND_EINVAL;
	status = nd_geom_axis(a->geom.ndim, axis, &axis);
	if (status != ND_OK)
		return status;
	nd_summer_init(&reduction->summer, mean ? mean_dtype(a->dtype) : sum_dtype(a->dtype), a->dtype);
	reduction->extent = nd_shape(a, axis);
	reduction->stride = nd_stride(a, axis);
	reduction->mean = mean;
	reduction->ndim = 0;
	reduction->operands[0].data = nd_data(a);
	if (reduction->stride < 0 && nd_size(a) > 0) {
		reduction->operands[0].data += (reduction->extent - 1) * reduction->stride;
		reduction->stride = -reduction->stride;
	}
	for (int k = 0; k < a->geom.ndim; k++) {
		if (k == axis)
			continue;
		reduction->shape[reduction->ndim] = nd_shape(a, k);
		reduction->operands[0].strides[reduction->ndim] = nd_shape(a, k) == 1 ? 0 : nd_stride(a, k);
		reduction->ndim++;
	}
	return ND_OK;
}

/* `count` outputs in a row into `out`. */
static void reduce_strip(const struct reduction *reduction, const char *from, ptrdiff_t from_stride, ptrdiff_t count,
                         char *out, ptrdiff_t out_stride, enum nd_dtype out_dtype)
{
	_Alignas(ND_ALIGN_BYTES) char sums[ND_STRIP * sizeof(double)];
	const struct nd_summer *summer = &reduction->summer;
	const ptrdiff_t step = from_stride < 0 ? -from_stride : from_stride;
	const double extent = (double)reduction->extent;
	uint64_t divisor;

	if (count > 1 && step != 0 && (step <= reduction->stride || reduction->stride == 0))
		nd_sum_columns(summer, from, count, from_stride, reduction->extent, reduction->stride, sums);
	else
		nd_sum_runs(summer, from, count, from_stride, reduction->extent, reduction->stride, sums);
	if (reduction->mean) {
		nd_cast_loop(summer->dtype, ND_FLOAT64)(1, (char *)&divisor, 0, (const char *)&extent, 0);
		nd_binary_loop(ND_DIVIDE, summer->dtype)(count, sums, summer->itemsize, sums, summer->itemsize,
		                                         (const char *)&divisor, 0);
	}
	nd_cast_loop(out_dtype, summer->dtype)(count, out, out_stride, sums, summer->itemsize);
}

static void execute(struct reduction *reduction, const struct nd *out)
{
	struct nd_walk walk;

	nd_operand_init(&reduction->operands[1], out, reduction->ndim);
	nd_walk_init(&walk, reduction->ndim, reduction->shape, 2, reduction->operands);
	if (walk.size == 0)
		return;
	do {
		for (ptrdiff_t done = 0; done < walk.shape[0]; done += ND_STRIP) {
			ptrdiff_t count = walk.shape[0] - done < ND_STRIP ? walk.shape[0] - done : ND_STRIP;

			reduce_strip(reduction, walk.at[0] + done * walk.strides[0][0], walk.strides[0][0], count,
			             walk.at[1] + done * walk.strides[1][0], walk.strides[1][0], out->dtype);
		}
	} while (nd_walk_next(&walk, 1));
}

static int reduce(const struct nd *a, int axis, bool keepdims, bool mean, struct nd *out_array)
{
	struct reduction reduction;
	int order[ND_MAXDIMS], status = plan(a, axis, mean, &reduction);

	if (status != ND_OK)
		return status;
	nd_walk_order(reduction.ndim, 1, reduction.operands, order);
	status = nd_empty_ordered(reduction.summer.dtype, reduction.ndim, reduction.shape, order, out_array);
	if (status != ND_OK)
		return status;
	execute(&reduction, out_array);
	if (keepdims)
		nd_geom_expand_dims(&out_array->geom, axis, &out_array->geom);
	return ND_OK;
}

int nd_sum_axis(const struct nd *a, int axis, bool keepdims, struct nd *out_array)
{
	return reduce(a, axis, keepdims, false, out_array);
}

int nd_mean_axis(const struct nd *a, int axis, bool keepdims, struct nd *out_array)
{
	return reduce(a, axis, keepdims, true, out_array);
}

int nd_sum_axis_into(const struct nd *a, int axis, struct nd *out)
{
	struct reduction reduction;
	struct nd apart;
	int status = plan(a, axis, false, &reduction);

	if (status != ND_OK)
		return status;
	if (!out->buffer || !nd_same_kind(out->dtype, reduction.summer.dtype))
		return ND_EINVAL;
	if (!out->writeable)
		return ND_EREADONLY;
	if (!nd_same_shape(out, reduction.ndim, reduction.shape))
		return ND_ESHAPE;
	if (!nd_may_share_memory(out, a) || nd_geom_shares_memory(&out->geom, &a->geom, 1, NULL) == ND_SHARES_NO) {
		execute(&reduction, out);
		return ND_OK;
	}
	status = nd_empty(out->dtype, reduction.ndim, reduction.shape, &apart);
	if (status != ND_OK)
		return status;
	execute(&reduction, &apart);
	nd_copy_into(out, &apart);
	nd_count_copied(out);
	nd_release(&apart);
	return ND_OK;
}
