/* SPDX-License-Identifier: MIT */
/* Sums and means: every shape, layout, type and axis against adding up index by index; and how exact they are. */
#include "test_nd_model.h"

#include <float.h>

static int sum_type(int dtype)
{
	return dtype == ND_FLOAT64 || dtype == ND_FLOAT32 ? dtype : ND_INT64;
}

static void sums_along(const struct nd *a, const struct model *m, int axis)
{
	const int ndim = m->ndim;
	struct model expected = { .ndim = ndim - 1 }, mean;
	ptrdiff_t index[AXES] = { 0 };
	struct nd out;

	for (int k = 0; k < ndim - 1; k++)
		expected.shape[k] = m->shape[k < axis ? k : k + 1];
	expected.size = (int)product(ndim - 1, expected.shape);
	mean = expected;
	for (int i = 0; i < expected.size; i++, next(ndim - 1, expected.shape, index)) {
		ptrdiff_t source[AXES];

		for (int k = 0; k < ndim; k++)
			source[k] = k < axis ? index[k] : k > axis ? index[k - 1] : 0;
		for (; source[axis] < m->shape[axis]; source[axis]++) {
			ptrdiff_t place = 0;

			for (int k = 0; k < ndim; k++)
				place = place * m->shape[k] + source[k];
			expected.values[i] += m->values[place];
		}
		mean.values[i] = expected.values[i] / (double)m->shape[axis];
		if (a->dtype == ND_FLOAT32)
			mean.values[i] = (double)(float)mean.values[i];
	}
	ok(nd_sum_axis(a, axis, false, &out));
	assert_model("sum", &out, &expected);
	assert_int_equal(out.dtype, sum_type((int)a->dtype));
	assert_true(out.owndata);
	nd_fill(&out, -1);
	ok(nd_sum_axis_into(a, axis - ndim, &out));
	assert_model("sum into", &out, &expected);
	nd_release(&out);
	for (int layout = 1; layout < LAYOUTS; layout++) {
		make_layout(ND_FLOAT64, ndim - 1, expected.shape, layout, 0, &out);
		ok(nd_sum_axis_into(a, axis, &out));
		assert_model("sum into", &out, &expected);
		nd_release(&out);
	}
	ok(nd_mean_axis(a, axis, false, &out));
	assert_model("mean", &out, &mean);
	nd_release(&out);
	memmove(&expected.shape[axis + 1], &expected.shape[axis], (size_t)(ndim - 1 - axis) * sizeof *expected.shape);
	expected.shape[axis] = 1;
	expected.ndim = ndim;
	ok(nd_sum_axis(a, axis - ndim, true, &out));
	assert_model("sum, keepdims", &out, &expected);
	nd_release(&out);
}

static void sum_each(int ndim, const ptrdiff_t *shape)
{
	for (int code = 0; code < LAYOUTS * ND_DTYPES; code++) {
		const enum nd_dtype dtype = (enum nd_dtype)(code / LAYOUTS);
		double expected = 0, sum;
		struct model m;
		struct nd a;

		make_layout(dtype, ndim, shape, code % LAYOUTS, 0, &a);
		model_of(&a, &m);
		for (int i = 0; i < m.size; i++)
			expected += m.values[i];
		ok(nd_sum(&a, ND_FLOAT64, &sum));
		assert_true(sum == expected);
		ok(nd_sum(&a, ND_FLOAT32, &sum));
		assert_true(sum == expected);
		ok(nd_sum(&a, ND_INT64, &sum));
		assert_true(sum == expected);
		ok(nd_sum(&a, ND_UINT8, &sum));
		assert_true(sum == fmod(expected, 256));
		ok(nd_mean(&a, &sum));
		assert_true(same_number(dtype == ND_FLOAT32 ? (double)(float)sum : sum,
		                        dtype == ND_FLOAT32 ? (double)(float)(expected / m.size) : expected / m.size));
		for (int axis = 0; axis < ndim; axis++)
			sums_along(&a, &m, axis);
		nd_release(&a);
	}
}

static void summing_all_shapes(void **state)
{
	(void)state;
	each_shape(0, AXES, 0, sum_each);
}

/* Sizes around those of blocks and strips, where the ways of summing change. Small whole numbers: every sum is exact. */
static void sizes_around_blocks(void **state)
{
	static const ptrdiff_t sizes[] = { 1, 2, 7, 8, 9, 31, 64, 127, 128, 129, 255, 257, 511, 512, 513, 1023, 1025, 2050 };
	enum { SIZES = sizeof sizes / sizeof *sizes };

	(void)state;
	for (int code = 0; code < SIZES * SIZES * ND_DTYPES; code++) {
		const ptrdiff_t shape[2] = { sizes[code % SIZES], sizes[code / SIZES % SIZES] }, size = shape[0] * shape[1];
		const enum nd_dtype dtype = (enum nd_dtype)(code / (SIZES * SIZES));
		int64_t whole = 0, *columns, *rows;
		struct nd flat, wide, a, c, r, t, out;
		double sum;

		if (size > 150000)
			continue;
		ok(nd_arange(ND_INT64, size, 0, &wide));
		for (ptrdiff_t i = 0; i < size; i++)
			((int64_t *)nd_data(&wide))[i] = (i * 7 + i / 11) % (dtype == ND_BOOL ? 2 : 23);
		ok(nd_zeros(ND_INT64, 1, &shape[1], &c));
		ok(nd_zeros(ND_INT64, 1, &shape[0], &r));
		columns = nd_data(&c);
		rows = nd_data(&r);
		for (ptrdiff_t i = 0; i < size; i++) {
			int64_t value = ((int64_t *)nd_data(&wide))[i];

			whole += value;
			columns[i % shape[1]] += value;
			rows[i / shape[1]] += value;
		}
		ok(nd_astype(&wide, dtype, &flat));
		ok(nd_reshape_view(&flat, 2, shape, &a));
		ok(nd_transpose(&a, NULL, &t));
		ok(nd_sum(&a, dtype == ND_FLOAT32 ? ND_FLOAT32 : ND_FLOAT64, &sum));
		assert_true(sum == (double)whole);
		for (int axis = 0; axis < 2; axis++) {
			const int64_t *expected = axis == 0 ? columns : rows;

			ok(nd_sum_axis(&a, axis, false, &out));
			for (ptrdiff_t i = 0; i < nd_size(&out); i++)
				assert_true(at(&out, &i) == (double)expected[i]);
			nd_release(&out);
			ok(nd_sum_axis(&t, 1 - axis, false, &out));
			for (ptrdiff_t i = 0; i < nd_size(&out); i++)
				assert_true(at(&out, &i) == (double)expected[i]);
			nd_release(&out);
		}
		nd_release(&flat);
		nd_release(&wide);
		nd_release(&a);
		nd_release(&t);
		nd_release(&c);
		nd_release(&r);
	}
}

static void windows_and_broadcasts(void **state)
{
	const ptrdiff_t n = 1500, wide[2] = { 100, 1500 }, column[2] = { 1500, 1 }, tall[2] = { 1500, 40 };
	struct nd x, w, out, b, c;
	double sum;

	(void)state;
	ok(nd_arange(ND_FLOAT64, n, 0, &x));
	for (ptrdiff_t window = 1; window < n; window = window * 3 + 1) {
		ok(nd_sliding_window_view(&x, 0, window, &w));
		ok(nd_sum_axis(&w, 1, false, &out));
		for (ptrdiff_t i = 0; i < nd_size(&out); i++)
			assert_true(at(&out, &i) == (double)(window * i + window * (window - 1) / 2));
		nd_release(&out);
		ok(nd_sum_axis(&w, 0, false, &out));
		for (ptrdiff_t i = 0; i < nd_size(&out); i++)
			assert_true(at(&out, &i) == (double)((n - window + 1) * i + (n - window) * (n - window + 1) / 2));
		nd_release(&out);
		nd_release(&w);
	}
	ok(nd_broadcast_to(&x, 2, wide, &b));
	ok(nd_sum(&b, ND_FLOAT64, &sum));
	assert_true(sum == 100.0 * 1500 * 1499 / 2);
	ok(nd_sum_axis(&b, 0, false, &out));
	for (ptrdiff_t i = 0; i < n; i++)
		assert_true(at(&out, &i) == (double)(100 * i));
	nd_release(&out);
	nd_release(&b);
	ok(nd_reshape_view(&x, 2, column, &c));
	ok(nd_broadcast_to(&c, 2, tall, &b));
	ok(nd_sum(&b, ND_FLOAT64, &sum));
	assert_true(sum == 40.0 * 1500 * 1499 / 2);
	for (int axis = 0; axis < 2; axis++) {
		ok(nd_sum_axis(&b, axis, false, &out));
		for (ptrdiff_t i = 0; i < nd_size(&out); i++)
			assert_true(at(&out, &i) == (axis == 0 ? 1500.0 * 1499 / 2 : (double)(40 * i)));
		nd_release(&out);
	}
	nd_release(&b);
	nd_release(&c);
	nd_release(&x);
}

/* ---- how exact ---- */

/* Numbers in [0, 1), the same every time. */
static double noise(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (double)(*seed >> 11) * 0x1p-53;
}

/* The bound of pairwise summation in blocks of 128 with 8 partial sums, NumPy's: log2(n) + 11 roundings. */
static double bound(ptrdiff_t n, double epsilon, double magnitudes)
{
	return (log2((double)n) + 11) * epsilon / 2 * magnitudes;
}

static void sums_are_pairwise(void **state)
{
	const ptrdiff_t n = 1000003, across[2] = { 1000, 1000 }, narrow[2] = { 300000, 3 };
	uint64_t seed = 1;
	struct nd x, a, column, out;
	long double exact = 0;
	double sum;

	(void)state;
	for (int t = 0; t < 2; t++) {
		const enum nd_dtype dtype = t == 0 ? ND_FLOAT64 : ND_FLOAT32;
		const double epsilon = t == 0 ? DBL_EPSILON : (double)FLT_EPSILON;

		ok(nd_empty(dtype, 1, &n, &x));
		exact = 0;
		for (ptrdiff_t i = 0; i < n; i++) {
			double value = noise(&seed);

			if (t == 0)
				((double *)nd_data(&x))[i] = value;
			else
				((float *)nd_data(&x))[i] = (float)value;
			exact += t == 0 ? (long double)value : (long double)(float)value;
		}
		ok(nd_sum(&x, dtype, &sum));
		assert_true(fabsl(sum - exact) <= bound(n, epsilon, (double)exact));
		ok(nd_sum(&x, ND_FLOAT64, &sum));
		assert_true(fabsl(sum - exact) <= bound(n, DBL_EPSILON, (double)exact));
		for (int shape = 0; shape < 2; shape++) {
			const ptrdiff_t *extents = shape == 0 ? across : narrow;

			ok(nd_slice(&x, 0, 0, extents[0] * extents[1], 1, &column));
			ok(nd_reshape_view(&column, 2, extents, &a));
			nd_release(&column);
			ok(nd_sum_axis(&a, 0, false, &out));
			for (ptrdiff_t k = 0; k < extents[1]; k++) {
				exact = 0;
				for (ptrdiff_t i = 0; i < extents[0]; i++) {
					ptrdiff_t index[2] = { i, k };

					exact += at(&a, index);
				}
				assert_true(fabsl(at(&out, &k) - exact) <= bound(extents[0], epsilon, (double)exact));
			}
			nd_release(&out);
			nd_release(&a);
		}
		nd_release(&x);
	}
}

/* 2^24 + 2^20 ones in float32: adding them up one after another stops at 2^24. */
static void many_ones(void **state)
{
	const ptrdiff_t shape[2] = { (1 << 24) + (1 << 20), 2 };
	struct nd a, out;
	double sum;

	(void)state;
	ok(nd_full(ND_FLOAT32, 2, shape, 1, &a));
	ok(nd_sum_axis(&a, 0, false, &out));
	for (ptrdiff_t k = 0; k < 2; k++)
		assert_true(at(&out, &k) == (double)shape[0]);
	nd_release(&out);
	ok(nd_sum(&a, ND_FLOAT32, &sum));
	assert_true(sum == 2.0 * (double)shape[0]);
	ok(nd_mean(&a, &sum));
	assert_true(sum == 1);
	nd_release(&a);
}

/* ---- the edges ---- */

static void integers_wrap_and_refusals(void **state)
{
	const ptrdiff_t n = 3, shape[2] = { 2, 3 }, none[2] = { 0, 3 };
	struct nd a, b, row, wide;
	double sum;

	(void)state;
	ok(nd_full(ND_INT64, 1, &n, 0x1p62, &a));
	ok(nd_sum(&a, ND_INT64, &sum));
	assert_true(sum == -0x1p62);
	ok(nd_sum(&a, ND_BOOL, &sum));
	assert_true(sum == 1);
	assert_int_equal(nd_sum(&a, ND_DTYPES, &sum), ND_EINVAL);
	nd_release(&a);
	ok(nd_zeros(ND_FLOAT64, 2, shape, &a));
	ok(nd_zeros(ND_INT64, 1, &n, &b));
	assert_int_equal(nd_sum_axis(&a, 2, false, &row), ND_EINVAL);
	assert_int_equal(nd_sum_axis_into(&a, 0, &b), ND_EINVAL); /* floats into integers */
	assert_int_equal(nd_sum_axis_into(&a, 0, &a), ND_ESHAPE);
	nd_release(&b);
	ok(nd_zeros(ND_FLOAT64, 1, &n, &b));
	ok(nd_broadcast_to(&b, 1, &n, &wide));
	assert_int_equal(nd_sum_axis_into(&a, 0, &wide), ND_EREADONLY);
	nd_release(&wide);
	nd_release(&b);
	nd_release(&a);
	ok(nd_zeros(ND_FLOAT64, 2, none, &a));
	ok(nd_mean(&a, &sum));
	assert_true(isnan(sum));
	ok(nd_mean_axis(&a, 0, false, &row));
	for (ptrdiff_t k = 0; k < 3; k++)
		assert_true(isnan(at(&row, &k)));
	nd_release(&row);
	nd_release(&a);
}

/* np.sum(a, axis=0, out=a[1]): as if out were apart. */
static void sums_into_their_source(void **state)
{
	const ptrdiff_t shape[2] = { 3, 4 };
	struct nd flat, a, row;

	(void)state;
	ok(nd_arange(ND_FLOAT64, 12, 0, &flat));
	ok(nd_reshape_view(&flat, 2, shape, &a));
	ok(nd_index(&a, 0, 1, &row));
	uint64_t before = nd_copied_bytes();
	ok(nd_sum_axis_into(&a, 0, &row));
	assert_int_equal(nd_copied_bytes() - before, 32);
	for (ptrdiff_t k = 0; k < 4; k++)
		assert_true(at(&row, &k) == (double)(3 * k + 12));
	nd_release(&row);
	nd_release(&a);
	nd_release(&flat);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(summing_all_shapes),         cmocka_unit_test(sizes_around_blocks),
		cmocka_unit_test(windows_and_broadcasts),     cmocka_unit_test(sums_are_pairwise),
		cmocka_unit_test(many_ones),                  cmocka_unit_test(integers_wrap_and_refusals),
		cmocka_unit_test(sums_into_their_source),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
