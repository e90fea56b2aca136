/* SPDX-License-Identifier: MIT */
/*
 * Copies of a whole array: copy, astype, reshape where the strides do not allow a view, assignment, fill.
 *
 * All of them are one walk over source and destination with a casting loop. Only one case wants more: a transposed
 * source, whose runs lie across the destination's. There one cache line of each of eight rows of the source becomes a piece
 * of eight elements in each of a line's worth of rows of the destination: all lines fetched are used whole before they go.
 */

#include "inner.h"

enum { LINE_BYTES = 64, PIECE = 8 };

typedef uint64_t u8 __attribute__((may_alias));
typedef uint32_t u4 __attribute__((may_alias));
typedef uint8_t u1 __attribute__((may_alias));

/* `lines` pieces of PIECE elements: piece i is column i of the source. */
#define TURN(name, T)                                                                                          \
	ND_CLONES static void name(char *to, ptrdiff_t to_stride, const char *from, ptrdiff_t from_stride,            \
	                           ptrdiff_t lines)                                                                   \
	{                                                                                                     \
		for (ptrdiff_t i = 0; i < lines; i++) {                                                       \
			const char *column = from + i * (ptrdiff_t)sizeof(T);                                 \
			T *piece = (T *)(void *)(to + i * to_stride), x[PIECE];                               \
                                                                                                              \
			for (int k = 0; k < PIECE; k++)                                                       \
				x[k] = *(const T *)(const void *)(column + k * from_stride);                  \
			for (int k = 0; k < PIECE; k++)                                                       \
				piece[k] = x[k];                                                              \
		}                                                                                             \
	}

TURN(turn_8, u8)
TURN(turn_4, u4)
TURN(turn_1, u1)

/* The outer axis along which the source is adjacent while the destination is along axis 0; 0 if there is none. */
static int crosswise_axis(const struct nd_walk *walk, ptrdiff_t to_size, ptrdiff_t from_size)
{
	if (walk->strides[0][0] != to_size || walk->strides[1][0] == from_size || walk->shape[0] < PIECE)
		return 0;
	for (int axis = 1; axis < walk->ndim; axis++) {
		if (walk->strides[1][axis] == from_size && walk->shape[axis] >= PIECE)
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

/* Axes 0 and 1; `loop` does the ragged edges, and everything if the types differ. */
static void copy_crosswise(const struct nd_walk *walk, nd_loop1 *loop, enum nd_dtype to_dtype, enum nd_dtype from_dtype)
{
	const ptrdiff_t n0 = walk->shape[0], n1 = walk->shape[1], lines = LINE_BYTES / nd_dtype_itemsize(from_dtype);
	const ptrdiff_t *to = walk->strides[0], *from = walk->strides[1];

	for (ptrdiff_t line = 0; line < n1; line += lines) {
		ptrdiff_t columns = line + lines < n1 ? lines : n1 - line;

		for (ptrdiff_t row = 0; row < n0; row += PIECE) {
			ptrdiff_t count = row + PIECE < n0 ? PIECE : n0 - row;
			char *out = walk->at[0] + line * to[1] + row * to[0];
			const char *in = walk->at[1] + line * from[1] + row * from[0];

			if (count < PIECE || to_dtype != from_dtype) {
				for (ptrdiff_t i = 0; i < columns; i++)
					loop(count, out + i * to[1], to[0], in + i * from[1], from[0]);
			} else if (from[1] == 8) {
				turn_8(out, to[1], in, from[0], columns);
			} else if (from[1] == 4) {
				turn_4(out, to[1], in, from[0], columns);
			} else {
				turn_1(out, to[1], in, from[0], columns);
			}
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
			copy_crosswise(&walk, loop, dst->dtype, src->dtype);
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

/* As NumPy, which lets src have more axes than dst if those in front have extent 1: they are dropped from out_source. */
static int fit(const struct nd *src, const struct nd *dst, struct nd *out_source)
{
	struct nd_geom broadcast;

	*out_source = *src;
	while (out_source->geom.ndim > dst->geom.ndim && nd_shape(out_source, 0) == 1)
		nd_geom_squeeze(&out_source->geom, 0, &out_source->geom);
	return nd_geom_broadcast_to(&out_source->geom, dst->geom.ndim, dst->geom.shape, &broadcast);
}

int nd_assign(struct nd *dst, const struct nd *src)
{
	struct nd fitted, hidden;
	int status;

	if (!dst->buffer || !src->buffer)
		return ND_EINVAL;
	if (!dst->writeable)
		return ND_EREADONLY;
	if (nd_same_place(dst, src))
		return ND_OK;
	if (!nd_same_shape(src, dst->geom.ndim, dst->geom.shape)) {
		status = fit(src, dst, &fitted);
		if (status != ND_OK)
			return status;
		src = &fitted;
	}
	if (nd_overlaps(dst, src)) {
		status = nd_copy(src, &hidden);
		if (status != ND_OK)
			return status;
		nd_copy_into(dst, &hidden);
		nd_release(&hidden);
	} else {
		nd_copy_into(dst, src);
	}
	nd_count_copied(dst);
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
