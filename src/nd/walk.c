/* SPDX-License-Identifier: MIT */
/*
 * In which order to visit the elements of up to three arrays of one shape.
 *
 * The result of an elementwise operation does not depend on the order, the time does: memory is fast when it is read
 * on from where one was. So the axes are sorted, the smallest stride innermost, where all operands agree; where they
 * do not (a + a.T), C order wins. Axes that all run backwards are turned around. Then neighbouring axes are merged
 * where stride[outer] == shape[inner] * stride[inner] in every operand: a contiguous array of any shape becomes one run.
 *
 * Source: NumPy's numpy/core/src/multiarray/nditer_constr.c: npyiter_find_best_axis_ordering,
 * npyiter_flip_negative_strides, npyiter_coalesce_axes (nditer_api.c).
 */

#include "inner.h"

void nd_operand_init(struct nd_operand *operand, const struct nd *array, int ndim)
{
	int missing = ndim - array->geom.ndim;

	operand->data = nd_data(array);
	for (int axis = 0; axis < ndim; axis++) {
		bool repeated = axis < missing || nd_shape(array, axis - missing) == 1;

		operand->strides[axis] = repeated ? 0 : nd_stride(array, axis - missing);
	}
}

enum verdict { STAY, SWAP, NO_OPINION };

/* Should axis `outer` lie inside of axis `inner`? Zero strides have no opinion. */
static enum verdict compare(int nops, const struct nd_operand *operands, int outer, int inner)
{
	enum verdict answer = NO_OPINION;

	for (int op = 0; op < nops; op++) {
		ptrdiff_t out_stride = operands[op].strides[outer], in_stride = operands[op].strides[inner];

		if (out_stride == 0 || in_stride == 0)
			continue;
		out_stride = out_stride < 0 ? -out_stride : out_stride;
		in_stride = in_stride < 0 ? -in_stride : in_stride;
		if (in_stride <= out_stride)
			return STAY;
		answer = SWAP;
	}
	return answer;
}

void nd_walk_order(int ndim, int nops, const struct nd_operand *operands, int *out_order)
{
	for (int i = 0; i < ndim; i++)
		out_order[i] = ndim - 1 - i;
	for (int i = 1; i < ndim; i++) {
		int axis = out_order[i], place = i;

		for (int j = i - 1; j >= 0; j--) {
			enum verdict answer = compare(nops, operands, axis, out_order[j]);

			if (answer == STAY)
				break;
			if (answer == SWAP)
				place = j;
		}
		for (int j = i; j > place; j--)
			out_order[j] = out_order[j - 1];
		out_order[place] = axis;
	}
}

static bool all_backwards(const struct nd_walk *walk, int axis)
{
	bool any = false;

	for (int op = 0; op < walk->nops; op++) {
		if (walk->strides[op][axis] > 0)
			return false;
		any |= walk->strides[op][axis] < 0;
	}
	return any;
}

static bool continues(const struct nd_walk *walk, int inner, int outer)
{
	for (int op = 0; op < walk->nops; op++) {
		if (walk->strides[op][outer] != walk->shape[inner] * walk->strides[op][inner])
			return false;
	}
	return true;
}

static void turn_around(struct nd_walk *walk, int axis)
{
	for (int op = 0; op < walk->nops; op++) {
		walk->at[op] += (walk->shape[axis] - 1) * walk->strides[op][axis];
		walk->strides[op][axis] = -walk->strides[op][axis];
	}
}

void nd_walk_init(struct nd_walk *walk, int ndim, const ptrdiff_t *shape, int nops, const struct nd_operand *operands)
{
	int order[ND_MAXDIMS], last = -1;

	walk->nops = nops;
	walk->ndim = 1;
	walk->size = 1;
	walk->shape[0] = 1;
	walk->index[0] = 0;
	for (int op = 0; op < nops; op++) {
		walk->at[op] = operands[op].data;
		walk->strides[op][0] = 0;
	}
	nd_walk_order(ndim, nops, operands, order);
	for (int i = 0; i < ndim; i++) {
		int axis = order[i];

		walk->size *= shape[axis];
		if (shape[axis] == 1)
			continue;
		last++;
		walk->shape[last] = shape[axis];
		walk->index[last] = 0;
		for (int op = 0; op < nops; op++)
			walk->strides[op][last] = operands[op].strides[axis];
		if (walk->size == 0)
			return;
		if (all_backwards(walk, last))
			turn_around(walk, last);
		if (last > 0 && continues(walk, last - 1, last)) {
			last--;
			walk->shape[last] *= shape[axis];
		}
		walk->ndim = last + 1;
	}
}

bool nd_walk_next(struct nd_walk *walk, int done)
{
	for (int axis = done; axis < walk->ndim; axis++) {
		if (++walk->index[axis] < walk->shape[axis]) {
			for (int op = 0; op < walk->nops; op++)
				walk->at[op] += walk->strides[op][axis];
			return true;
		}
		walk->index[axis] = 0;
		for (int op = 0; op < walk->nops; op++)
			walk->at[op] -= (walk->shape[axis] - 1) * walk->strides[op][axis];
	}
	return false;
}
