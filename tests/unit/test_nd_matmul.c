/* SPDX-License-Identifier: MIT */
/* The matrix product against three loops. The numbers are small and whole, so every way must give them exactly. */
#include "test_nd_model.h"

/* Values 0 to 4, as no sum of products leaves 24 bits. */
static void make_small(enum nd_dtype dtype, int ndim, const ptrdiff_t *shape, int layout, int first, struct nd *out)
{
	struct nd flat, all;

	make_layout(dtype, ndim, shape, layout, 0, out);
	ok(nd_arange(ND_INT64, nd_size(out), 0, &flat));
	for (ptrdiff_t i = 0; i < nd_size(out); i++)
		((int64_t *)nd_data(&flat))[i] = (first + i * 3 + i / 7) % 5;
	ok(nd_reshape(&flat, ndim, shape, &all));
	ok(nd_assign(out, &all));
	nd_release(&flat);
	nd_release(&all);
}

static double product_at(const struct nd *a, const struct nd *b, ptrdiff_t i, ptrdiff_t j)
{
	double sum = 0;

	for (ptrdiff_t p = 0; p < nd_shape(b, 0); p++) {
		ptrdiff_t in_a[2] = { i, p }, in_b[2] = { p, j };

		sum += at(a, a->geom.ndim == 2 ? in_a : in_a + 1) * at(b, in_b);
	}
	return sum;
}

static void check(const char *what, const struct nd *a, const struct nd *b, const struct nd *c)
{
	const ptrdiff_t m = a->geom.ndim == 2 ? nd_shape(a, 0) : 1, n = b->geom.ndim == 2 ? nd_shape(b, 1) : 1;

	assert_int_equal(c->geom.ndim, a->geom.ndim + b->geom.ndim - 2);
	for (ptrdiff_t i = 0; i < m; i++) {
		for (ptrdiff_t j = 0; j < n; j++) {
			ptrdiff_t index[2] = { i, j };
			double expected = product_at(a, b, i, j);
			double got = at(c, a->geom.ndim == 2 ? index : index + 1);

			if (got == expected)
				continue;
			print_error("%s: (%td, %td, %td) at (%td, %td): %g, expected %g\n", what, m, nd_shape(b, 0), n, i, j, got, expected);
			fail();
		}
	}
}

static void multiply(enum nd_dtype dtype, ptrdiff_t m, ptrdiff_t k, ptrdiff_t n, int layouts)
{
	const ptrdiff_t a_shape[2] = { m, k }, b_shape[2] = { k, n }, c_shape[2] = { m, n };
	struct nd a, b, c, row, column, out;

	make_small(dtype, 2, a_shape, layouts % LAYOUTS, 1, &a);
	make_small(dtype, 2, b_shape, layouts / LAYOUTS % LAYOUTS, 2, &b);
	ok(nd_matmul(&a, &b, &c));
	check("matmul", &a, &b, &c);
	assert_true(c.owndata && nd_c_contiguous(&c));
	nd_release(&c);
	make_layout(dtype, 2, c_shape, layouts / (LAYOUTS * LAYOUTS), -5, &c);
	ok(nd_matmul_into(&a, &b, &c));
	check("matmul into", &a, &b, &c);
	nd_release(&c);
	if (m > 0 && n > 0) {
		ok(nd_index(&a, 0, m - 1, &row));
		ok(nd_index(&b, 1, n - 1, &column));
		ok(nd_matmul(&row, &b, &out));
		check("vector @ matrix", &row, &b, &out);
		nd_release(&out);
		ok(nd_matmul(&a, &column, &out));
		check("matrix @ vector", &a, &column, &out);
		nd_release(&out);
		ok(nd_matmul(&row, &column, &out));
		check("vector @ vector", &row, &column, &out);
		nd_release(&out);
		nd_release(&row);
		nd_release(&column);
	}
	nd_release(&a);
	nd_release(&b);
}

static void small_shapes_all_layouts(void **state)
{
	enum { TRIPLES = LAYOUTS * LAYOUTS * LAYOUTS };

	(void)state;
	for (int code = 0; code < 4 * 4 * 4 * TRIPLES * 2; code++)
		multiply(code / (64 * TRIPLES) ? ND_FLOAT32 : ND_FLOAT64, code % 4, code / 4 % 4, code / 16 % 4, code / 64 % TRIPLES);
}

/* Around the sizes of vectors, tiles and blocks. */
static void sizes_around_tiles(void **state)
{
	static const ptrdiff_t ms[] = { 1, 5, 8, 9, 17, 97 }, ks[] = { 1, 8, 15, 64, 257 }, ns[] = { 1, 3, 5, 16, 25, 49, 130 };
	int turn = 0;

	(void)state;
	for (int t = 0; t < 2; t++) {
		for (size_t i = 0; i < sizeof ms / sizeof *ms; i++) {
			for (size_t j = 0; j < sizeof ks / sizeof *ks; j++) {
				for (size_t k = 0; k < sizeof ns / sizeof *ns; k++)
					multiply((enum nd_dtype)t, ms[i], ks[j], ns[k], turn++ % (LAYOUTS * LAYOUTS * LAYOUTS));
			}
		}
		multiply((enum nd_dtype)t, 10, 3, 1000, 0);
		multiply((enum nd_dtype)t, 200, 300, 20, 1);
	}
}

/* A zero in a does not hide a NaN in b, wherever the rows of b are taken eight at a time. */
static void nan_comes_through(void **state)
{
	const ptrdiff_t k = 11, shape[2] = { 11, 3 };
	struct nd a, b, c;

	(void)state;
	for (ptrdiff_t bad = 0; bad < k; bad++) {
		ok(nd_zeros(ND_FLOAT64, 1, &k, &a));
		ok(nd_full(ND_FLOAT64, 2, shape, 1, &b));
		((double *)nd_data(&b))[bad * 3] = NAN;
		ok(nd_matmul(&a, &b, &c));
		assert_true(isnan(((double *)nd_data(&c))[0]) && ((double *)nd_data(&c))[1] == 0);
		nd_release(&a);
		nd_release(&b);
		nd_release(&c);
	}
}

static void into_an_operand(void **state)
{
	const ptrdiff_t shape[2] = { 40, 40 };
	struct nd a, b, t, before, expected;
	double sum;

	(void)state;
	make_small(ND_FLOAT64, 2, shape, 0, 1, &a);
	make_small(ND_FLOAT64, 2, shape, 0, 2, &b);
	ok(nd_copy(&a, &before));
	ok(nd_matmul_into(&a, &b, &a));
	check("a = a @ b", &before, &b, &a);
	nd_release(&before);
	nd_release(&a);
	ok(nd_transpose(&b, NULL, &t));
	ok(nd_matmul(&t, &b, &a));
	ok(nd_matmul_into(&t, &b, &b));
	ok(nd_binary(ND_SUBTRACT, &a, &b, &expected));
	ok(nd_unary_into(ND_ABSOLUTE, &expected, &expected));
	ok(nd_sum(&expected, ND_FLOAT64, &sum));
	assert_true(sum == 0);
	nd_release(&a);
	nd_release(&b);
	nd_release(&t);
	nd_release(&expected);
}

static void refusals(void **state)
{
	const ptrdiff_t shape[3] = { 2, 3, 4 }, row[1] = { 3 };
	struct nd a, b, cube, ints, wide, out;

	(void)state;
	ok(nd_zeros(ND_FLOAT64, 2, shape, &a));
	ok(nd_zeros(ND_FLOAT32, 2, shape + 1, &b));
	ok(nd_zeros(ND_FLOAT64, 3, shape, &cube));
	ok(nd_zeros(ND_INT64, 2, shape + 1, &ints));
	assert_int_equal(nd_matmul(&a, &b, &out), ND_EINVAL);
	assert_int_equal(nd_matmul(&a, &ints, &out), ND_EINVAL);
	assert_int_equal(nd_matmul(&a, &a, &out), ND_ESHAPE);
	assert_int_equal(nd_matmul(&a, &cube, &out), ND_EDIMS);
	nd_release(&b);
	ok(nd_zeros(ND_FLOAT64, 1, row, &b));
	assert_int_equal(nd_matmul_into(&a, &b, &b), ND_ESHAPE);
	assert_int_equal(nd_matmul_into(&a, &b, &ints), ND_EINVAL);
	ok(nd_matmul(&a, &b, &out));
	ok(nd_broadcast_to(&out, 1, out.geom.shape, &wide));
	assert_int_equal(nd_matmul_into(&a, &b, &wide), ND_EREADONLY);
	nd_release(&a);
	nd_release(&b);
	nd_release(&cube);
	nd_release(&ints);
	nd_release(&wide);
	nd_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_shapes_all_layouts), cmocka_unit_test(sizes_around_tiles),
		cmocka_unit_test(nan_comes_through),        cmocka_unit_test(into_an_operand),
		cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
