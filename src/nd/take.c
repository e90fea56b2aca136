/* SPDX-License-Identifier: MIT */
/*
 * Picking by an array of indices: take and fancy indexing. Always a copy, as no strides can express it.
 *
 * The two give the same elements and differ in memory: a[:, [0, 2]] is laid out with the picked axis first and then
 * turned back, so what one gets is a transposed view of a copy.
 *
 * The indices are read in blocks: turned around if negative, checked, and used while they are in the cache. Inside a
 * block, either each index copies a run of neighbours (rows), or each run gathers single elements (columns).
 *
 * Source: NumPy's item_selection.c (PyArray_TakeFrom) and mapping.c (the subspace comes last, then is moved back).
 */

#include "inner.h"

#include <string.h>

/* ---- the indices in C order, a block at a time, as byte offsets along the picked axis ---- */

struct cursor {
	const char *data;
	int ndim;
	const ptrdiff_t *shape, *strides;
	ptrdiff_t at[ND_MAXDIMS];
	ptrdiff_t left;
	ptrdiff_t extent, stride; /* of the picked axis */
};

/* Offsets of n indices that lie `step` bytes apart. False if one of them is outside. */
ND_CLONES static bool offsets_of_run(const char *data, ptrdiff_t step, ptrdiff_t n, ptrdiff_t extent, ptrdiff_t stride,
                                     ptrdiff_t *out_offsets)
{
	uint64_t outside = 0;

	for (ptrdiff_t i = 0; i < n; i++) {
		int64_t index = *(const int64_t *)(const void *)(data + i * step);

		index += index < 0 ? extent : 0;
		outside |= (uint64_t)index >= (uint64_t)extent;
		out_offsets[i] = (ptrdiff_t)((size_t)index * (size_t)stride);
	}
	return outside == 0;
}

/* Up to ND_BLOCK offsets; *out_count is 0 at the end. ND_EBOUNDS. */
static int next_block(struct cursor *cursor, ptrdiff_t *out_offsets, ptrdiff_t *out_count)
{
	const int last = cursor->ndim - 1;
	ptrdiff_t count = 0;

	while (cursor->left > 0 && count < ND_BLOCK) {
		ptrdiff_t run = last >= 0 ? cursor->shape[last] - cursor->at[last] : 1;
		const char *data = cursor->data;

		for (int axis = 0; axis <= last; axis++)
			data += cursor->at[axis] * cursor->strides[axis];
		run = run < ND_BLOCK - count ? run : ND_BLOCK - count;
		if (!offsets_of_run(data, last >= 0 ? cursor->strides[last] : 0, run, cursor->extent, cursor->stride,
		                    out_offsets + count))
			return ND_EBOUNDS;
		count += run;
		cursor->left -= run;
		if (last >= 0)
			cursor->at[last] += run;
		for (int axis = last; axis > 0 && cursor->at[axis] == cursor->shape[axis]; axis--) {
			cursor->at[axis] = 0;
			cursor->at[axis - 1]++;
		}
	}
	*out_count = count;
	return ND_OK;
}

/* ---- moving ---- */

#define GATHER(name, T)                                                                                         \
	ND_CLONES static void name(ptrdiff_t n, char *to, ptrdiff_t to_stride, const char *from, const ptrdiff_t *offsets) \
	{                                                                                                      \
		if (to_stride == sizeof(T)) {                                                                  \
			ND_IVDEP for (ptrdiff_t i = 0; i < n; i++)                                             \
				((T *)(void *)to)[i] = *(const T *)(const void *)(from + offsets[i]);          \
		} else {                                                                                       \
			for (ptrdiff_t i = 0; i < n; i++)                                                      \
				*(T *)(void *)(to + i * to_stride) = *(const T *)(const void *)(from + offsets[i]); \
		}                                                                                              \
	}

GATHER(gather_8, uint64_t)
GATHER(gather_4, uint32_t)
GATHER(gather_1, uint8_t)

/*
 * rest        the walk over all other axes of the result (operand 0) and of the array (operand 1)
 * to_stride   from one picked element to the next in the result
 */
static void move_block(struct nd_walk *rest, ptrdiff_t done, ptrdiff_t to_stride, ptrdiff_t count,
                       const ptrdiff_t *offsets, enum nd_dtype dtype)
{
	const ptrdiff_t itemsize = nd_dtype_itemsize(dtype), n = rest->shape[0];
	const ptrdiff_t to_step = rest->strides[0][0], from_step = rest->strides[1][0];
	const bool rows = n > 1 && to_step == itemsize && from_step == itemsize;
	nd_loop1 *copy = nd_cast_loop(dtype, dtype);

	do {
		char *to = rest->at[0] + done * to_stride;
		const char *from = rest->at[1];

		if (rows) {
			for (ptrdiff_t i = 0; i < count; i++)
				copy(n, to + i * to_stride, itemsize, from + offsets[i], itemsize);
			continue;
		}
		for (ptrdiff_t i = 0; i < n; i++, to += to_step, from += from_step) {
			if (itemsize == 8)
				gather_8(count, to, to_stride, from, offsets);
			else if (itemsize == 4)
				gather_4(count, to, to_stride, from, offsets);
			else
				gather_1(count, to, to_stride, from, offsets);
		}
	} while (nd_walk_next(rest, 1));
}

/* All picks into the result, whose picked axes are axis .. axis + indices' ndim - 1. ND_EBOUNDS in mid-work. */
static int pick(const struct nd *a, const struct nd *indices, int axis, struct nd *out)
{
	const int picked = indices->geom.ndim;
	struct cursor cursor = { .data = nd_data(indices), .ndim = picked, .shape = indices->geom.shape,
		                 .strides = indices->geom.strides, .left = nd_size(indices),
		                 .extent = nd_shape(a, axis), .stride = nd_stride(a, axis) };
	struct nd_operand operands[2] = { { .data = nd_data(out) }, { .data = nd_data(a) } };
	ptrdiff_t shape[ND_MAXDIMS], offsets[ND_BLOCK], count, done = 0;
	int ndim = 0;
	struct nd_walk rest;

	for (int k = 0; k < a->geom.ndim; k++) {
		if (k == axis)
			continue;
		shape[ndim] = nd_shape(a, k);
		operands[0].strides[ndim] = nd_stride(out, k < axis ? k : k + picked - 1);
		operands[1].strides[ndim] = nd_stride(a, k);
		ndim++;
	}
	for (;;) {
		int status = next_block(&cursor, offsets, &count);

		if (status != ND_OK || count == 0)
			return status;
		nd_walk_init(&rest, ndim, shape, 2, operands);
		if (rest.size > 0)
			move_block(&rest, done, picked > 0 ? nd_stride(out, axis + picked - 1) : 0, count, offsets, a->dtype);
		done += count;
	}
}

/* ---- the two ---- */

static int plan(const struct nd *a, const struct nd *indices, int *axis, int *out_ndim, ptrdiff_t *out_shape)
{
	int status, ndim = 0;

	if (!a->buffer || !indices->buffer || indices->dtype != ND_INT64)
		return ND_EINVAL;
	status = nd_geom_axis(a->geom.ndim, *axis, axis);
	if (status != ND_OK)
		return status;
	*out_ndim = a->geom.ndim - 1 + indices->geom.ndim;
	if (*out_ndim > ND_MAXDIMS)
		return ND_EDIMS;
	for (int k = 0; k < *axis; k++)
		out_shape[ndim++] = nd_shape(a, k);
	for (int k = 0; k < indices->geom.ndim; k++)
		out_shape[ndim++] = nd_shape(indices, k);
	for (int k = *axis + 1; k < a->geom.ndim; k++)
		out_shape[ndim++] = nd_shape(a, k);
	return ND_OK;
}

static int pick_into_fresh(const struct nd *a, const struct nd *indices, int axis, struct nd *fresh, struct nd *out_array)
{
	int status = pick(a, indices, axis, fresh);

	if (status != ND_OK) {
		nd_release(fresh);
		return status;
	}
	nd_count_copied(fresh);
	*out_array = *fresh;
	return ND_OK;
}

int nd_take(const struct nd *a, const struct nd *indices, int axis, struct nd *out_array)
{
	ptrdiff_t shape[ND_MAXDIMS];
	struct nd fresh;
	int ndim, status = plan(a, indices, &axis, &ndim, shape);

	if (status == ND_OK)
		status = nd_empty(a->dtype, ndim, shape, &fresh);
	return status == ND_OK ? pick_into_fresh(a, indices, axis, &fresh, out_array) : status;
}

/* The order in memory: the rest as it lies in `a`, innermost first, then the picked axes. */
static void fancy_order(const struct nd *a, int axis, int picked, int *out_order)
{
	struct nd_operand operand;
	int order[ND_MAXDIMS], filled = 0;

	nd_operand_init(&operand, a, a->geom.ndim);
	nd_walk_order(a->geom.ndim, 1, &operand, order);
	for (int i = 0; i < a->geom.ndim; i++) {
		if (order[i] != axis)
			out_order[filled++] = order[i] < axis ? order[i] : order[i] + picked - 1;
	}
	for (int k = picked - 1; k >= 0; k--)
		out_order[filled++] = axis + k;
}

int nd_fancy(const struct nd *a, const struct nd *indices, int axis, struct nd *out_array)
{
	ptrdiff_t shape[ND_MAXDIMS];
	int order[ND_MAXDIMS], ndim, status = plan(a, indices, &axis, &ndim, shape);
	struct nd fresh;

	if (status != ND_OK)
		return status;
	fancy_order(a, axis, indices->geom.ndim, order);
	status = nd_empty_ordered(a->dtype, ndim, shape, order, &fresh);
	if (status != ND_OK)
		return status;
	fresh.owndata = axis == 0;
	return pick_into_fresh(a, indices, axis, &fresh, out_array);
}
