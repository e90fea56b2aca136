/* SPDX-License-Identifier: MIT */
/*
 * Arithmetic element by element, with broadcasting: which type, which shape, which order, through which loop.
 *
 * Nothing is allocated but a fresh result, with two exceptions that NumPy makes as well: if `out` overlaps an operand
 * in another order, the result is made apart and then copied. Operands of another type than the operation's are
 * converted a block at a time through the stack, which costs no memory and hardly any time.
 *
 * A fresh result lies in memory in the order of its operands (the sum of two transposed arrays is a transposed array),
 * so that all three are walked straight on.
 */

#include "inner.h"

#include <math.h>

/* ---- how: one operation, its types, its operands ---- */

struct plan {
	nd_loop1 *unary;
	nd_loop2 *binary;
	enum nd_dtype dtype;       /* the loop computes in it */
	enum nd_dtype operand_dtype[2];
	int operands;
	struct nd_operand operand[ND_WALK_OPS]; /* [0] is the output */
	int ndim;
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
};

static void run(const struct plan *plan, ptrdiff_t n, char *const at[], const ptrdiff_t strides[])
{
	if (plan->operands == 2)
		plan->binary(n, at[0], strides[0], at[1], strides[1], at[2], strides[2]);
	else /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): operands is 1, so two of each are filled */
		plan->unary(n, at[0], strides[0], at[1], strides[1]);
}

/* One run in blocks, where a type differs. */
static void run_casting(const struct plan *plan, enum nd_dtype out_dtype, ptrdiff_t n, char *const at[],
                        const ptrdiff_t strides[])
{
	_Alignas(ND_ALIGN_BYTES) char blocks[ND_WALK_OPS][ND_BLOCK * sizeof(double)];
	const ptrdiff_t itemsize = nd_dtype_itemsize(plan->dtype);

	for (ptrdiff_t done = 0; done < n; done += ND_BLOCK) {
		ptrdiff_t count = n - done < ND_BLOCK ? n - done : ND_BLOCK;
		char *block_at[ND_WALK_OPS];
		ptrdiff_t block_strides[ND_WALK_OPS];

		bool out_differs = out_dtype != plan->dtype;
		block_at[0] = out_differs ? blocks[0] : at[0] + done * strides[0];
		block_strides[0] = out_differs ? itemsize : strides[0];
		for (int op = 1; op <= plan->operands; op++) {
			enum nd_dtype dtype = plan->operand_dtype[op - 1];
			block_at[op] = at[op] + done * strides[op];
			block_strides[op] = strides[op];
			if (dtype == plan->dtype)
				continue;
			nd_cast_loop(plan->dtype, dtype)(strides[op] == 0 ? 1 : count, blocks[op], itemsize, block_at[op], strides[op]);
			block_at[op] = blocks[op];
			block_strides[op] = strides[op] == 0 ? 0 : itemsize;
		}
		run(plan, count, block_at, block_strides);
		if (out_differs)
			nd_cast_loop(out_dtype, plan->dtype)(count, at[0] + done * strides[0], strides[0], blocks[0], itemsize);
	}
}

static void execute(struct plan *plan, const struct nd *out)
{
	struct nd_walk walk;
	ptrdiff_t strides[ND_WALK_OPS] = { 0 };
	bool casting = out->dtype != plan->dtype;

	nd_operand_init(&plan->operand[0], out, plan->ndim);
	nd_walk_init(&walk, plan->ndim, plan->shape, plan->operands + 1, plan->operand);
	if (walk.size == 0)
		return;
	for (int op = 0; op <= plan->operands; op++) {
		strides[op] = walk.strides[op][0];
		casting |= op > 0 && plan->operand_dtype[op - 1] != plan->dtype;
	}
	do {
		if (casting)
			run_casting(plan, out->dtype, walk.shape[0], walk.at, strides);
		else
			run(plan, walk.shape[0], walk.at, strides);
	} while (nd_walk_next(&walk, 1));
}

static int execute_fresh(struct plan *plan, struct nd *out_array)
{
	int order[ND_MAXDIMS], status;

	nd_walk_order(plan->ndim, plan->operands, plan->operand + 1, order);
	status = nd_empty_ordered(plan->dtype, plan->ndim, plan->shape, order, out_array);
	if (status == ND_OK)
		execute(plan, out_array);
	return status;
}

/* b is NULL where there is no second array. */
static int execute_into(struct plan *plan, const struct nd *a, const struct nd *b, struct nd *out)
{
	struct nd apart;
	int status;

	if (!out->buffer || !nd_same_kind(out->dtype, plan->dtype))
		return ND_EINVAL;
	if (!out->writeable)
		return ND_EREADONLY;
	if (!nd_same_shape(out, plan->ndim, plan->shape))
		return ND_ESHAPE;
	if (!nd_overlaps(out, a) && !(b && nd_overlaps(out, b))) {
		execute(plan, out);
		return ND_OK;
	}
	status = nd_empty(out->dtype, plan->ndim, plan->shape, &apart);
	if (status != ND_OK)
		return status;
	execute(plan, &apart);
	nd_copy_into(out, &apart);
	nd_count_copied(out);
	nd_release(&apart);
	return ND_OK;
}

/* ---- what: types and shapes ---- */

static void set_operand(struct plan *plan, int i, const struct nd *array)
{
	plan->operand_dtype[i] = array->dtype;
	nd_operand_init(&plan->operand[i + 1], array, plan->ndim);
}

static void set_shape(struct plan *plan, const struct nd *array)
{
	plan->ndim = array->geom.ndim;
	for (int axis = 0; axis < plan->ndim; axis++)
		plan->shape[axis] = nd_shape(array, axis);
}

/* Any negative element? Whole numbers to a negative power are refused, as by NumPy. */
static bool any_negative(const struct nd *a)
{
	struct nd_operand operand;
	struct nd_walk walk;

	if (a->dtype != ND_INT64 && a->dtype != ND_INT32)
		return false;
	nd_operand_init(&operand, a, a->geom.ndim);
	nd_walk_init(&walk, a->geom.ndim, a->geom.shape, 1, &operand);
	if (walk.size == 0)
		return false;
	do {
		for (ptrdiff_t i = 0; i < walk.shape[0]; i++) {
			const char *at = walk.at[0] + i * walk.strides[0][0];

			if (a->dtype == ND_INT64 ? *(const int64_t *)(const void *)at < 0 : *(const int32_t *)(const void *)at < 0)
				return true;
		}
	} while (nd_walk_next(&walk, 1));
	return false;
}

static int plan_binary(enum nd_binary op, const struct nd *a, const struct nd *b, struct plan *plan)
{
	int status;

	if (!a->buffer || !b->buffer)
		return ND_EINVAL;
	plan->operands = 2;
	plan->dtype = nd_promote(a->dtype, b->dtype);
	if (op == ND_DIVIDE && plan->dtype != ND_FLOAT32)
		plan->dtype = ND_FLOAT64;
	plan->binary = nd_binary_loop(op, plan->dtype);
	if (!plan->binary)
		return ND_EINVAL;
	if (nd_same_shape(a, b->geom.ndim, b->geom.shape)) {
		set_shape(plan, a);
	} else {
		status = nd_geom_broadcast_shape(&a->geom, &b->geom, &plan->ndim, plan->shape);
		if (status != ND_OK)
			return status;
	}
	if (op == ND_POWER && plan->dtype != ND_FLOAT64 && plan->dtype != ND_FLOAT32 && any_negative(b))
		return ND_EINVAL;
	set_operand(plan, 0, a);
	set_operand(plan, 1, b);
	return ND_OK;
}

/* Does a whole number fit this whole-number type? */
static bool fits(double value, enum nd_dtype dtype)
{
	switch (dtype) {
	case ND_INT64: return value >= -0x1p63 && value < 0x1p63;
	case ND_INT32: return value >= -0x1p31 && value < 0x1p31;
	case ND_UINT8: return value >= 0 && value < 256;
	default: return true;
	}
}

/* A scalar without a fraction stands for Python's int, others for its float. */
static int scalar_dtype(enum nd_binary op, enum nd_dtype dtype, double scalar, enum nd_dtype *out_dtype)
{
	bool is_float = dtype == ND_FLOAT64 || dtype == ND_FLOAT32;

	*out_dtype = dtype;
	if (is_float)
		return ND_OK;
	if (op == ND_DIVIDE || !isfinite(scalar) || scalar != trunc(scalar)) {
		*out_dtype = ND_FLOAT64;
		return ND_OK;
	}
	if (dtype == ND_BOOL)
		*out_dtype = ND_INT64;
	return fits(scalar, *out_dtype) ? ND_OK : ND_EINVAL;
}

/* The scalar is written to *out_element in the type of the operation. */
static int plan_scalar(enum nd_binary op, const struct nd *a, double scalar, struct plan *plan, uint64_t *out_element)
{
	int status;

	if (!a->buffer)
		return ND_EINVAL;
	status = scalar_dtype(op, a->dtype, scalar, &plan->dtype);
	if (status != ND_OK)
		return status;
	plan->operands = 2;
	plan->binary = nd_binary_loop(op, plan->dtype);
	if (op == ND_POWER && scalar == 2) {
		plan->operands = 1;
		plan->unary = nd_unary_loop(ND_SQUARE, plan->dtype);
	} else if (!plan->binary || (op == ND_POWER && scalar < 0 && plan->dtype != ND_FLOAT64 && plan->dtype != ND_FLOAT32)) {
		return ND_EINVAL;
	}
	set_shape(plan, a);
	for (int axis = 0; axis < plan->ndim; axis++)
		plan->operand[2].strides[axis] = 0;
	set_operand(plan, 0, a);
	nd_cast_loop(plan->dtype, ND_FLOAT64)(1, (char *)out_element, 0, (const char *)&scalar, 0);
	plan->operand[2].data = (char *)out_element;
	plan->operand_dtype[1] = plan->dtype;
	return ND_OK;
}

static int plan_unary(enum nd_unary op, const struct nd *a, struct plan *plan)
{
	if (!a->buffer)
		return ND_EINVAL;
	plan->operands = 1;
	plan->dtype = a->dtype;
	if (op == ND_SQRT && plan->dtype != ND_FLOAT32)
		plan->dtype = ND_FLOAT64;
	plan->unary = nd_unary_loop(op, plan->dtype);
	if (!plan->unary)
		return ND_EINVAL;
	set_shape(plan, a);
	set_operand(plan, 0, a);
	return ND_OK;
}

/* ---- the six ---- */

int nd_binary(enum nd_binary op, const struct nd *a, const struct nd *b, struct nd *out_array)
{
	struct plan plan;
	int status = plan_binary(op, a, b, &plan);

	return status == ND_OK ? execute_fresh(&plan, out_array) : status;
}

int nd_binary_into(enum nd_binary op, const struct nd *a, const struct nd *b, struct nd *out)
{
	struct plan plan;
	int status = plan_binary(op, a, b, &plan);

	return status == ND_OK ? execute_into(&plan, a, b, out) : status;
}

int nd_binary_scalar(enum nd_binary op, const struct nd *a, double scalar, struct nd *out_array)
{
	struct plan plan;
	uint64_t element;
	int status = plan_scalar(op, a, scalar, &plan, &element);

	return status == ND_OK ? execute_fresh(&plan, out_array) : status;
}

int nd_binary_scalar_into(enum nd_binary op, const struct nd *a, double scalar, struct nd *out)
{
	struct plan plan;
	uint64_t element;
	int status = plan_scalar(op, a, scalar, &plan, &element);

	return status == ND_OK ? execute_into(&plan, a, NULL, out) : status;
}

int nd_unary(enum nd_unary op, const struct nd *a, struct nd *out_array)
{
	struct plan plan;
	int status = plan_unary(op, a, &plan);

	return status == ND_OK ? execute_fresh(&plan, out_array) : status;
}

int nd_unary_into(enum nd_unary op, const struct nd *a, struct nd *out)
{
	struct plan plan;
	int status = plan_unary(op, a, &plan);

	return status == ND_OK ? execute_into(&plan, a, NULL, out) : status;
}
