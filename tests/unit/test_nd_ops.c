/* SPDX-License-Identifier: MIT */
/*
 * Arithmetic element by element against computing it index by index: types as NumPy 1.24's, every broadcasting of every
 * small shape, outputs that overlap their operands.
 */
#include "test_nd_model.h"

enum { NONE = -1, BINARIES = ND_MINIMUM + 1, UNARIES = ND_SQUARE + 1 };

/* ---- types ---- */

#define F8 ND_FLOAT64
#define F4 ND_FLOAT32
#define I8 ND_INT64
#define I4 ND_INT32
#define U1 ND_UINT8
#define B1 ND_BOOL

/* numpy.promote_types, NumPy 1.24.2 */
static const int promoted[ND_DTYPES][ND_DTYPES] = {
	{ F8, F8, F8, F8, F8, F8 }, { F8, F4, F8, F8, F4, F4 }, { F8, F8, I8, I8, I8, I8 },
	{ F8, F8, I8, I4, I4, I4 }, { F8, F4, I8, I4, U1, U1 }, { F8, F4, I8, I4, U1, B1 },
};

/* numpy.can_cast(from, to, "same_kind"): [to][from] */
static const bool same_kind[ND_DTYPES][ND_DTYPES] = {
	{ 1, 1, 1, 1, 1, 1 }, { 1, 1, 1, 1, 1, 1 }, { 0, 0, 1, 1, 1, 1 },
	{ 0, 0, 1, 1, 1, 1 }, { 0, 0, 0, 0, 1, 1 }, { 0, 0, 0, 0, 0, 1 },
};

/* The type of the result for two operands of one type; NONE where NumPy refuses or has a type that is not here. */
static const int results[BINARIES][ND_DTYPES] = {
	[ND_ADD] = { F8, F4, I8, I4, U1, B1 },       [ND_SUBTRACT] = { F8, F4, I8, I4, U1, NONE },
	[ND_MULTIPLY] = { F8, F4, I8, I4, U1, B1 },  [ND_DIVIDE] = { F8, F4, F8, F8, F8, F8 },
	[ND_POWER] = { F8, F4, I8, I4, U1, NONE },   [ND_MAXIMUM] = { F8, F4, I8, I4, U1, B1 },
	[ND_MINIMUM] = { F8, F4, I8, I4, U1, B1 },
};

static const int unary_results[UNARIES][ND_DTYPES] = {
	[ND_NEGATIVE] = { F8, F4, I8, I4, U1, NONE }, [ND_ABSOLUTE] = { F8, F4, I8, I4, U1, B1 },
	[ND_SQRT] = { F8, F4, F8, F8, F8, F8 },       [ND_SQUARE] = { F8, F4, I8, I4, U1, NONE },
};

static double wrap(double x, int dtype)
{
	if (dtype == U1)
		return fmod(fmod(x, 256) + 256, 256);
	if (dtype == B1)
		return x != 0;
	return dtype == F4 ? (double)(float)x : x;
}

static double compute(int op, double x, double y, int dtype)
{
	switch (op) {
	case ND_ADD: return wrap(x + y, dtype);
	case ND_SUBTRACT: return wrap(x - y, dtype);
	case ND_MULTIPLY: return wrap(x * y, dtype);
	case ND_DIVIDE: return wrap(x / y, dtype);
	case ND_POWER: return wrap(pow(x, y), dtype);
	case ND_MAXIMUM: return fmax(x, y);
	default: return fmin(x, y);
	}
}

static double compute_unary(int op, double x, int dtype)
{
	switch (op) {
	case ND_NEGATIVE: return wrap(-x, dtype);
	case ND_ABSOLUTE: return wrap(fabs(x), dtype);
	case ND_SQRT: return dtype == F4 ? (double)sqrtf((float)x) : sqrt(x);
	default: return wrap(x * x, dtype);
	}
}

/* Longer than a block, so that casting in blocks has more than one; small values, so that all are exact. */
enum { LONG = 1100 };

static void fill_small(struct nd *a, int from)
{
	struct nd wide;

	ok(nd_arange(ND_INT64, LONG, 0, &wide));
	for (int i = 0; i < LONG; i++)
		((int64_t *)nd_data(&wide))[i] = from + i % 5;
	ok(nd_assign(a, &wide));
	nd_release(&wide);
}

static void every_operation_and_type(void **state)
{
	const ptrdiff_t n = LONG;

	(void)state;
	for (int code = 0; code < BINARIES * ND_DTYPES * ND_DTYPES * 3; code++) {
		const int op = code % BINARIES, ta = code / BINARIES % ND_DTYPES, tb = code / (BINARIES * ND_DTYPES) % ND_DTYPES;
		const int layout = code / (BINARIES * ND_DTYPES * ND_DTYPES); /* 0 straight, 1 every second, 2 b a scalar view */
		const int expected = results[op][promoted[ta][tb]];
		struct nd a, b, out, into;

		make_layout((enum nd_dtype)ta, 1, &n, layout == 1 ? 2 : 0, 0, &a);
		make_layout((enum nd_dtype)tb, 1, &n, layout == 1 ? 2 : 0, 0, &b);
		fill_small(&a, 1);
		fill_small(&b, 2);
		if (layout == 2) {
			b.geom.shape[0] = 1;
		}
		if (expected == NONE) {
			assert_int_equal(nd_binary((enum nd_binary)op, &a, &b, &out), ND_EINVAL);
			assert_int_equal(nd_binary_into((enum nd_binary)op, &a, &b, &a), ND_EINVAL);
		} else {
			ok(nd_binary((enum nd_binary)op, &a, &b, &out));
			assert_int_equal(out.dtype, expected);
			for (ptrdiff_t i = 0; i < n; i++) {
				ptrdiff_t j = layout == 2 ? 0 : i;

				assert_true(at(&out, &i) == compute(op, at(&a, &i), at(&b, &j), expected));
			}
			for (int to = 0; to < ND_DTYPES; to++) {
				make_layout((enum nd_dtype)to, 1, &n, layout, 0, &into);
				if (same_kind[to][expected]) {
					ok(nd_binary_into((enum nd_binary)op, &a, &b, &into));
					for (ptrdiff_t i = 0; i < n; i++)
						assert_true(at(&into, &i) == wrap(at(&out, &i), to));
				} else {
					assert_int_equal(nd_binary_into((enum nd_binary)op, &a, &b, &into), ND_EINVAL);
				}
				nd_release(&into);
			}
			nd_release(&out);
		}
		nd_release(&a);
		nd_release(&b);
	}
}

static void every_unary_and_type(void **state)
{
	const ptrdiff_t n = LONG;

	(void)state;
	for (int code = 0; code < UNARIES * ND_DTYPES * LAYOUTS; code++) {
		const int op = code % UNARIES, t = code / UNARIES % ND_DTYPES, layout = code / (UNARIES * ND_DTYPES);
		struct nd a, out;

		make_layout((enum nd_dtype)t, 1, &n, layout, 0, &a);
		fill_small(&a, t == F8 || t == F4 || t == I8 || t == I4 ? (op == ND_SQRT ? 0 : -2) : 0);
		if (unary_results[op][t] == NONE) {
			assert_int_equal(nd_unary((enum nd_unary)op, &a, &out), ND_EINVAL);
		} else {
			ok(nd_unary((enum nd_unary)op, &a, &out));
			assert_int_equal(out.dtype, unary_results[op][t]);
			for (ptrdiff_t i = 0; i < n; i++)
				assert_true(at(&out, &i) == compute_unary(op, at(&a, &i), (int)out.dtype));
			if (out.dtype == a.dtype) {
				ok(nd_unary_into((enum nd_unary)op, &a, &a));
				for (ptrdiff_t i = 0; i < n; i++)
					assert_true(at(&out, &i) == at(&a, &i));
			} else {
				assert_int_equal(nd_unary_into((enum nd_unary)op, &a, &a), ND_EINVAL);
			}
			nd_release(&out);
		}
		nd_release(&a);
	}
}

static void scalars_are_weak(void **state)
{
	static const struct {
		int dtype, op;
		double scalar;
		int status, result;
	} cases[] = {
		{ F8, ND_ADD, 1.5, ND_OK, F8 },     { F4, ND_ADD, 1.5, ND_OK, F4 },      { F4, ND_DIVIDE, 3, ND_OK, F4 },
		{ I4, ND_ADD, 1, ND_OK, I4 },       { I4, ND_ADD, 1.5, ND_OK, F8 },      { I4, ND_DIVIDE, 2, ND_OK, F8 },
		{ U1, ND_ADD, 255, ND_OK, U1 },     { U1, ND_ADD, 256, ND_EINVAL, 0 },   { U1, ND_ADD, -1, ND_EINVAL, 0 },
		{ I4, ND_ADD, 3e9, ND_EINVAL, 0 },  { I8, ND_ADD, 3e9, ND_OK, I8 },      { B1, ND_ADD, 1, ND_OK, I8 },
		{ B1, ND_MULTIPLY, 0.5, ND_OK, F8 }, { I8, ND_POWER, 2, ND_OK, I8 },     { I8, ND_POWER, 3, ND_OK, I8 },
		{ I8, ND_POWER, -1, ND_EINVAL, 0 }, { I8, ND_POWER, 0.5, ND_OK, F8 },    { F4, ND_POWER, 2, ND_OK, F4 },
		{ F8, ND_POWER, -1, ND_OK, F8 },    { I8, ND_ADD, INFINITY, ND_OK, F8 }, { U1, ND_POWER, 2, ND_OK, U1 },
		{ B1, ND_POWER, 2, ND_OK, I8 },     { F8, ND_MAXIMUM, 2, ND_OK, F8 },    { U1, ND_SUBTRACT, 3, ND_OK, U1 },
	};
	const ptrdiff_t n = LONG;

	(void)state;
	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
		const enum nd_binary op = (enum nd_binary)cases[c].op;
		struct nd a, out;

		ok(nd_zeros((enum nd_dtype)cases[c].dtype, 1, &n, &a));
		fill_small(&a, 1);
		assert_int_equal(nd_binary_scalar(op, &a, cases[c].scalar, &out), cases[c].status);
		if (cases[c].status != ND_OK) {
			assert_int_equal(nd_binary_scalar_into(op, &a, cases[c].scalar, &a), cases[c].status);
			nd_release(&a);
			continue;
		}
		assert_int_equal(out.dtype, cases[c].result);
		for (ptrdiff_t i = 0; i < n; i++)
			assert_true(at(&out, &i) == compute(cases[c].op, at(&a, &i), cases[c].scalar, cases[c].result));
		if (cases[c].result == cases[c].dtype) {
			ok(nd_binary_scalar_into(op, &a, cases[c].scalar, &a));
			for (ptrdiff_t i = 0; i < n; i++)
				assert_true(at(&out, &i) == at(&a, &i));
		} else if (!same_kind[cases[c].dtype][cases[c].result]) {
			assert_int_equal(nd_binary_scalar_into(op, &a, cases[c].scalar, &a), ND_EINVAL);
		}
		nd_release(&a);
		nd_release(&out);
	}
}

static void special_values(void **state)
{
	static const double xs[] = { NAN, 1, NAN, -INFINITY, 5 }, ys[] = { 1, NAN, NAN, 3, -5 };
	static const int64_t bases[] = { 2, -3, 10, INT64_MIN }, exponents[] = { 62, 3, 0, 1 };
	static const int64_t powers[] = { (int64_t)1 << 62, -27, 1, INT64_MIN };
	const ptrdiff_t n = 5, four = 4;
	struct nd a, b, out;

	(void)state;
	ok(nd_empty(ND_FLOAT64, 1, &n, &a));
	ok(nd_empty(ND_FLOAT64, 1, &n, &b));
	memcpy(nd_data(&a), xs, sizeof xs);
	memcpy(nd_data(&b), ys, sizeof ys);
	for (int op = ND_MAXIMUM; op <= ND_MINIMUM; op++) {
		ok(nd_binary((enum nd_binary)op, &a, &b, &out));
		for (ptrdiff_t i = 0; i < 3; i++)
			assert_true(isnan(at(&out, &i)));
		assert_true(((double *)nd_data(&out))[3] == (op == ND_MAXIMUM ? 3 : -INFINITY));
		nd_release(&out);
	}
	nd_release(&a);
	nd_release(&b);
	ok(nd_empty(ND_INT64, 1, &four, &a));
	ok(nd_empty(ND_INT64, 1, &four, &b));
	memcpy(nd_data(&a), bases, sizeof bases);
	memcpy(nd_data(&b), exponents, sizeof exponents);
	ok(nd_binary(ND_POWER, &a, &b, &out));
	assert_memory_equal(nd_data(&out), powers, sizeof powers);
	nd_release(&out);
	ok(nd_unary(ND_NEGATIVE, &a, &out));
	assert_true(((int64_t *)nd_data(&out))[3] == INT64_MIN);
	nd_release(&out);
	((int64_t *)nd_data(&b))[3] = -1;
	assert_int_equal(nd_binary(ND_POWER, &a, &b, &out), ND_EINVAL);
	assert_int_equal(nd_binary_into(ND_POWER, &a, &b, &a), ND_EINVAL);
	assert_memory_equal(nd_data(&a), bases, sizeof bases);
	nd_release(&a);
	nd_release(&b);
}

/* ---- broadcasting ---- */

static void broadcast_each(int ndim, const ptrdiff_t *shape)
{
	static int turn;

	for (int ones = 0; ones < 1 << 2 * ndim; ones++) {
		const int layout = turn++ % (LAYOUTS * LAYOUTS * LAYOUTS);
		ptrdiff_t from_a[AXES], from_b[AXES], result[AXES], index[AXES] = { 0 };
		struct model a_model, b_model, expected = { .ndim = ndim };
		struct nd a, b, out;
		int front = 0;

		for (int k = 0; k < ndim; k++) {
			from_a[k] = ones >> k & 1 ? 1 : shape[k];
			from_b[k] = ones >> (ndim + k) & 1 ? 1 : shape[k];
			result[k] = from_a[k] == 1 ? from_b[k] : from_a[k];
		}
		while (front < ndim && from_b[front] == 1 && turn % 2)
			front++; /* leading ones may be missing altogether */
		make_layout(ND_FLOAT64, ndim, from_a, layout % LAYOUTS, 1, &a);
		make_layout(turn % 3 ? ND_FLOAT64 : ND_INT32, ndim - front, from_b + front, layout / LAYOUTS % LAYOUTS, 100, &b);
		model_of(&a, &a_model);
		model_of(&b, &b_model);
		memcpy(expected.shape, result, sizeof result);
		expected.size = (int)product(ndim, result);
		for (int i = 0; i < expected.size; i++, next(ndim, result, index))
			expected.values[i] = model_at(&a_model, ndim, index) - model_at(&b_model, ndim, index);
		ok(nd_binary(ND_SUBTRACT, &a, &b, &out));
		assert_model("subtract", &out, &expected);
		assert_true(out.owndata);
		nd_release(&out);
		make_layout(turn % 5 ? ND_FLOAT64 : ND_FLOAT32, ndim, result, layout / (LAYOUTS * LAYOUTS), 0, &out);
		ok(nd_binary_into(ND_SUBTRACT, &a, &b, &out));
		assert_model("subtract into", &out, &expected);
		nd_release(&out);
		nd_release(&a);
		nd_release(&b);
	}
}

static void broadcasting_all_shapes(void **state)
{
	(void)state;
	each_shape(0, AXES, 0, broadcast_each);
}

static void shapes_that_do_not_fit(void **state)
{
	const ptrdiff_t three[2] = { 3, 3 }, four[1] = { 4 }, one[1] = { 1 };
	struct nd a, b, c, wide;

	(void)state;
	ok(nd_zeros(ND_FLOAT64, 2, three, &a));
	ok(nd_zeros(ND_FLOAT64, 1, four, &b));
	ok(nd_zeros(ND_FLOAT64, 1, one, &c));
	ok(nd_broadcast_to(&c, 2, three, &wide));
	assert_int_equal(nd_binary(ND_ADD, &a, &b, &c), ND_ESHAPE);
	assert_int_equal(nd_binary_into(ND_ADD, &c, &b, &c), ND_ESHAPE); /* out is not broadcast */
	assert_int_equal(nd_unary_into(ND_SQRT, &a, &b), ND_ESHAPE);
	assert_int_equal(nd_binary_into(ND_ADD, &a, &a, &wide), ND_EREADONLY);
	assert_int_equal(nd_binary_scalar_into(ND_ADD, &a, 1, &wide), ND_EREADONLY);
	nd_release(&a);
	nd_release(&b);
	nd_release(&c);
	nd_release(&wide);
}

/* numpy: (M.T + 1).strides == (8, 8000) for M of shape (8000, 1000)... and so on; recorded with NumPy 1.24.2. */
static void results_keep_the_order_in_memory(void **state)
{
	const ptrdiff_t shape[3] = { 2, 3, 4 };
	struct nd flat, a, t, out;

	(void)state;
	ok(nd_arange(ND_FLOAT64, 24, 0, &flat));
	ok(nd_reshape_view(&flat, 3, shape, &a));
	ok(nd_transpose(&a, NULL, &t));
	ok(nd_binary_scalar(ND_ADD, &t, 1, &out));
	assert_true(nd_f_contiguous(&out) && nd_stride(&out, 0) == 8 && nd_stride(&out, 2) == 96);
	nd_release(&out);
	ok(nd_binary(ND_ADD, &t, &t, &out));
	assert_true(nd_f_contiguous(&out));
	nd_release(&out);
	nd_release(&t);
	ok(nd_slice(&a, 0, ND_SLICE_NONE, ND_SLICE_NONE, -1, &t));
	ok(nd_binary_scalar(ND_ADD, &t, 1, &out));
	assert_true(nd_c_contiguous(&out));
	nd_release(&out);
	nd_release(&t);
	nd_release(&a);
	nd_release(&flat);
}

/* ---- overlap ---- */

/* All triples of slices of one small array: the result is as if the operands had been copied before. */
static void overlapping_slices(void **state)
{
	enum { N = 6, STARTS = 3, STEPS = 4, KINDS = STARTS * STEPS };
	static const ptrdiff_t starts[STARTS] = { 0, 1, 5 }, steps[STEPS] = { 1, 2, -1, -2 };

	(void)state;
	for (int code = 0; code < KINDS * KINDS * KINDS; code++) {
		const int kinds[3] = { code % KINDS, code / KINDS % KINDS, code / (KINDS * KINDS) };
		ptrdiff_t n = N;
		struct nd x, v[3], copies[2], expected;
		struct model m;

		ok(nd_arange(ND_FLOAT64, N, 1, &x));
		for (int i = 0; i < 3; i++) {
			ok(nd_slice(&x, 0, starts[kinds[i] % STARTS], ND_SLICE_NONE, steps[kinds[i] / STARTS], &v[i]));
			n = nd_shape(&v[i], 0) < n ? nd_shape(&v[i], 0) : n;
		}
		for (int i = 0; i < 3; i++)
			v[i].geom.shape[0] = n;
		ok(nd_copy(&v[1], &copies[0]));
		ok(nd_copy(&v[2], &copies[1]));
		ok(nd_binary(ND_ADD, &copies[0], &copies[1], &expected));
		model_of(&expected, &m);
		ok(nd_binary_into(ND_ADD, &v[1], &v[2], &v[0]));
		assert_model("overlapping", &v[0], &m);
		nd_release(&x);
		for (int i = 0; i < 3; i++)
			nd_release(&v[i]);
		nd_release(&copies[0]);
		nd_release(&copies[1]);
		nd_release(&expected);
	}
}

static void overlapping_in_two_axes(void **state)
{
	const ptrdiff_t shape[2] = { 30, 30 };
	struct nd flat, a, t, row, expected;
	struct model m;

	(void)state;
	ok(nd_arange(ND_FLOAT64, 900, 0, &flat));
	ok(nd_reshape_view(&flat, 2, shape, &a));
	ok(nd_transpose(&a, NULL, &t));
	ok(nd_binary(ND_ADD, &a, &t, &expected));
	model_of(&expected, &m);
	uint64_t before = nd_copied_bytes();
	ok(nd_binary_into(ND_ADD, &a, &t, &a)); /* a += a.T */
	assert_model("a += a.T", &a, &m);
	assert_int_equal(nd_copied_bytes() - before, 7200);
	before = nd_copied_bytes();
	ok(nd_binary_into(ND_ADD, &a, &a, &a)); /* the same places: nothing is hidden */
	assert_int_equal(nd_copied_bytes() - before, 0);
	nd_release(&expected);
	ok(nd_index(&a, 0, 3, &row));
	ok(nd_binary(ND_SUBTRACT, &a, &row, &expected));
	model_of(&expected, &m);
	ok(nd_binary_into(ND_SUBTRACT, &a, &row, &a));
	assert_model("a -= a[3]", &a, &m);
	nd_release(&expected);
	ok(nd_unary(ND_NEGATIVE, &t, &expected));
	model_of(&expected, &m);
	ok(nd_unary_into(ND_NEGATIVE, &t, &a));
	assert_model("negative(a.T, out=a)", &a, &m);
	nd_release(&expected);
	nd_release(&row);
	nd_release(&t);
	nd_release(&a);
	nd_release(&flat);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_operation_and_type), cmocka_unit_test(every_unary_and_type),
		cmocka_unit_test(scalars_are_weak),         cmocka_unit_test(special_values),
		cmocka_unit_test(broadcasting_all_shapes),  cmocka_unit_test(shapes_that_do_not_fit),
		cmocka_unit_test(results_keep_the_order_in_memory), cmocka_unit_test(overlapping_slices),
		cmocka_unit_test(overlapping_in_two_axes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
