/* SPDX-License-Identifier: MIT */
/*
 * Copies of a whole array: copy, astype, reshape where the strides do not allow a view, assignment, fill.
 *
 * All of them are one walk over source and destination with a casting loop. Only one case wants more: a transposed
 * source, whose runs lie across the destination's. There a square tile of both fits the cache, so each line of memory
 * that is fetched is used whole before it goes.
 */

#include "inner.h"

enum { TILE = 64, TILE_ROWS = 8 };

/* The outer axis along which the source is adjacent while the destination is along axis 0; 0 if there is none. */
static int crosswise_axis(const struct nd_walk *walk, ptrdiff_t to_size, ptrdiff_t from_size)
{
	if (walk->strides[0][0] != to_size || walk->strides[1][0] == from_size || walk->shape[0] < TILE_ROWS)
		return 0;
	for (int axis = 1; axis < walk->ndim; axis++) {
		if (walk->strides[1][axis] == from_size && walk->shape[axis] >= TILE_ROWS)
			return axis;
	}
	return 0;
}

static void swap_axes(struct nd_walk *walk, int a, int b)
{
	ptrdiff_t kept = walk->shape[a];

	walk->shape[a] = walk->shape[b];
	walk->shape[b] = kept;
	for (int op = 0; op < walk->nops; op++) {
		kept = walk->strides[op][a];
		walk->strides[op][a] = walk->strides[op][b];
		walk->strides[op][b] = kept;
	}
}

/* Axes 0 and 1 in tiles: TILE elements of the source are read on from each of TILE_ROWS places. */
static void copy_crosswise(const struct nd_walk *walk, nd_loop1 *loop)
{
	const ptrdiff_t n0 = walk->shape[0], n1 = walk->shape[1];
	const ptrdiff_t *to = walk->strides[0], *from = walk->strides[1];

	for (ptrdiff_t tile = 0; tile < n1; tile += TILE) {
		ptrdiff_t end = tile + TILE < n1 ? tile + TILE : n1;

		for (ptrdiff_t row = 0; row < n0; row += TILE_ROWS) {
			ptrdiff_t count = row + TILE_ROWS < n0 ? TILE_ROWS : n0 - row;

			for (ptrdiff_t i = tile; i < end; i++)
				loop(count, walk->at[0] + i * to[1] + row * to[0], to[0],
				     walk->at[1] + i * from[1] + row * from[0], from[0]);
		}
	}
}

void nd_copy_into(const struct nd *dst, const struct nd *src)
{
	struct nd_operand operands[2];
	struct nd_walk walk;
	nd_loop1 *loop = nd_cast_loop(dst->dtype, src->dtype);
	int across;

	nd_operand_init(&operands[0], dst, dst->geom.ndim);
	nd_operand_init(&operands[1], src, dst->geom.ndim);
	nd_walk_init(&walk, dst->geom.ndim, dst->geom.shape, 2, operands);
	if (walk.size == 0)
		return;
	across = crosswise_axis(&walk, nd_dtype_itemsize(dst->dtype), nd_dtype_itemsize(src->dtype));
	if (across > 0) {
		swap_axes(&walk, 1, across);
		do {
			copy_crosswise(&walk, loop);
		} while (nd_walk_next(&walk, 2));
	} else {
		do {
			loop(walk.shape[0], walk.at[0], walk.strides[0][0], walk.at[1], walk.strides[1][0]);
		} while (nd_walk_next(&walk, 1));
	}
}

/* ---- fresh copies ---- */

/* `copy` is fresh if status says so. */
static int filled(int status, const struct nd *src, const struct nd *copy)
{
	if (status != ND_OK)
		return status;
	nd_copy_into(copy, src);
	nd_count_copied(copy);
	return ND_OK;
}

int nd_copy(const struct nd *a, struct nd *out_array)
{
	if (!a->buffer)
		return ND_EINVAL;
	return filled(nd_empty(a->dtype, a->geom.ndim, a->geom.shape, out_array), a, out_array);
}

int nd_astype(const struct nd *a, enum nd_dtype dtype, struct nd *out_array)
{
	struct nd_operand operand;
	int order[ND_MAXDIMS];

	if (!a->buffer)
		return ND_EINVAL;
	nd_operand_init(&operand, a, a->geom.ndim);
	nd_walk_order(a->geom.ndim, 1, &operand, order);
	return filled(nd_empty_ordered(dtype, a->geom.ndim, a->geom.shape, order, out_array), a, out_array);
}

int nd_reshape(const struct nd *a, int ndim, const ptrdiff_t *shape, struct nd *out_array)
{
	struct nd copy;
	int status = nd_reshape_view(a, ndim, shape, out_array);

	if (status != ND_NEEDS_COPY)
		return status;
	status = nd_copy(a, &copy);
	if (status != ND_OK)
		return status;
	status = nd_reshape_view(&copy, ndim, shape, out_array);
	nd_release(&copy);
	return status;
}

int nd_ascontiguousarray(const struct nd *a, struct nd *out_array)
{
	const ptrdiff_t one = 1;

	if (a->geom.ndim == 0)
		return nd_reshape_view(a, 1, &one, out_array);
	if (!nd_c_contiguous(a))
		return nd_copy(a, out_array);
	nd_view(a, out_array);
	out_array->owndata = a->owndata;
	return ND_OK;
}

/* ---- into an array that is there ---- */

/* As NumPy, which lets src have more axes than dst if those in front have extent 1. */
static int fit(const struct nd *src, const struct nd *dst, struct nd_geom *out_geom)
{
	struct nd_geom geom = src->geom;

	while (geom.ndim > dst->geom.ndim && geom.shape[0] == 1)
		nd_geom_squeeze(&geom, 0, &geom);
	return nd_geom_broadcast_to(&geom, dst->geom.ndim, dst->geom.shape, out_geom);
}

int nd_assign(struct nd *dst, const struct nd *src)
{
	struct nd source = *src, hidden = { 0 };
	int status;

	if (!dst->buffer || !src->buffer)
		return ND_EINVAL;
	if (!dst->writeable)
		return ND_EREADONLY;
	status = fit(src, dst, &source.geom);
	if (status != ND_OK)
		return status;
	if (nd_same_place(dst, src))
		return ND_OK;
	if (nd_overlaps(dst, src)) {
		status = nd_copy(src, &hidden);
		if (status != ND_OK)
			return status;
		source = hidden;
		fit(&hidden, dst, &source.geom);
	}
	nd_copy_into(dst, &source);
	nd_count_copied(dst);
	nd_release(&hidden);
	return ND_OK;
}

int nd_fill(struct nd *dst, double value)
{
	struct nd_operand operand;
	struct nd_walk walk;
	uint64_t element;
	nd_loop1 *loop = nd_cast_loop(dst->dtype, dst->dtype);

	if (!dst->buffer)
		return ND_EINVAL;
	if (!dst->writeable)
		return ND_EREADONLY;
	nd_cast_loop(dst->dtype, ND_FLOAT64)(1, (char *)&element, 0, (const char *)&value, 0);
	nd_operand_init(&operand, dst, dst->geom.ndim);
	nd_walk_init(&walk, dst->geom.ndim, dst->geom.shape, 1, &operand);
	if (walk.size == 0)
		return ND_OK;
	do {
		loop(walk.shape[0], walk.at[0], walk.strides[0][0], (const char *)&element, 0);
	} while (nd_walk_next(&walk, 1));
	return ND_OK;
}
