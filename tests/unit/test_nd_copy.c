/* SPDX-License-Identifier: MIT */
/* Copies of whole arrays and assignment, against picking values index by index: every shape, every layout. */
#include "test_nd_model.h"

/* ---- whole arrays ---- */

static void copy_each(int ndim, const ptrdiff_t *shape)
{
	for (int layout = 0; layout < LAYOUTS; layout++) {
		const ptrdiff_t flat[1] = { -1 };
		struct model m;
		struct nd a, b;

		make_layout(ND_FLOAT64, ndim, shape, layout, 1, &a);
		model_of(&a, &m);
		copies(nd_nbytes(&a), nd_copy(&a, &b));
		assert_model("copy", &b, &m);
		assert_true(b.owndata && b.writeable && nd_c_contiguous(&b));
		nd_release(&b);
		copies(nd_c_contiguous(&a) ? 0 : nd_nbytes(&a), nd_ascontiguousarray(&a, &b));
		assert_true(nd_c_contiguous(&b) && (ndim == 0 || (b.buffer == a.buffer) == nd_c_contiguous(&a)));
		if (ndim == 0) {
			m.ndim = 1;
			m.shape[0] = 1;
		}
		assert_model("ascontiguousarray", &b, &m);
		nd_release(&b);
		m.ndim = 1;
		m.shape[0] = m.size;
		if (m.size == 0) {
			const ptrdiff_t none[1] = { 0 };

			ok(nd_reshape(&a, 1, none, &b));
		} else {
			ok(nd_reshape(&a, 1, flat, &b));
		}
		assert_model("reshape", &b, &m);
		assert_false(b.owndata);
		nd_release(&b);
		nd_release(&a);
	}
}

static void copying_all_shapes(void **state)
{
	(void)state;
	each_shape(0, AXES, 0, copy_each);
}

static void astype_between_all(void **state)
{
	const ptrdiff_t shape[2] = { 40, 30 };

	(void)state;
	for (int from = 0; from < ND_DTYPES; from++) {
		for (int to = 0; to < ND_DTYPES; to++) {
			for (int layout = 0; layout < LAYOUTS; layout++) {
				struct model m;
				struct nd a, b;

				make_layout((enum nd_dtype)from, 2, shape, layout, 0, &a);
				model_of(&a, &m);
				for (int i = 0; i < m.size; i++) {
					if (to == ND_BOOL)
						m.values[i] = m.values[i] != 0;
					else if (to == ND_UINT8)
						m.values[i] = fmod(m.values[i], 256);
				}
				copies(1200 * nd_dtype_itemsize((enum nd_dtype)to), nd_astype(&a, (enum nd_dtype)to, &b));
				assert_model("astype", &b, &m);
				assert_true(b.owndata && (int)b.dtype == to);
				assert_true(nd_c_contiguous(&b) == (layout != 1 && layout != 4)); /* the source's order is kept */
				nd_release(&b);
				nd_release(&a);
			}
		}
	}
}

static void casts_of_what_does_not_fit(void **state)
{
	static const double values[] = { 1.9, -1.9, NAN, INFINITY, -1e300, 3e9, 0.5, -0.0 };
	static const int64_t int64[] = { 1, -1, INT64_MIN, INT64_MIN, INT64_MIN, 3000000000, 0, 0 };
	static const int32_t int32[] = { 1, -1, INT32_MIN, INT32_MIN, INT32_MIN, INT32_MIN, 0, 0 };
	static const uint8_t bools[] = { 1, 1, 1, 1, 1, 1, 1, 0 };
	const ptrdiff_t n = 8;
	struct nd a, b;

	(void)state;
	ok(nd_empty(ND_FLOAT64, 1, &n, &a));
	memcpy(nd_data(&a), values, sizeof values);
	ok(nd_astype(&a, ND_INT64, &b));
	assert_memory_equal(nd_data(&b), int64, sizeof int64);
	nd_release(&b);
	ok(nd_astype(&a, ND_INT32, &b));
	assert_memory_equal(nd_data(&b), int32, sizeof int32);
	nd_release(&b);
	ok(nd_astype(&a, ND_BOOL, &b));
	assert_memory_equal(nd_data(&b), bools, sizeof bools);
	nd_release(&b);
	nd_release(&a);
}

/* Larger than a tile on all sides, so that whole and part tiles are there. */
static void transposed_copies(void **state)
{
	const ptrdiff_t shape[2] = { 131, 77 }, cube[3] = { 17, 66, 13 };
	const int axes[3] = { 1, 2, 0 };

	(void)state;
	for (int t = 0; t < ND_DTYPES; t++) {
		struct nd flat, a, v, b;

		ok(nd_arange((enum nd_dtype)t, 131 * 77, 0, &flat));
		ok(nd_reshape_view(&flat, 2, shape, &a));
		ok(nd_transpose(&a, NULL, &v));
		ok(nd_copy(&v, &b));
		for (ptrdiff_t index[2] = { 0, 0 };;) {
			assert_true(at(&b, index) == at(&v, index));
			if (!next(2, b.geom.shape, index))
				break;
		}
		nd_release(&flat);
		nd_release(&a);
		nd_release(&v);
		nd_release(&b);
		ok(nd_arange((enum nd_dtype)t, 17 * 66 * 13, 0, &flat));
		ok(nd_reshape_view(&flat, 3, cube, &a));
		ok(nd_transpose(&a, axes, &v));
		ok(nd_astype(&v, ND_FLOAT32, &b));
		nd_fill(&b, -1);
		ok(nd_assign(&b, &v));
		for (ptrdiff_t index[3] = { 0, 0, 0 };;) {
			assert_true(at(&b, index) == at(&v, index));
			if (!next(3, b.geom.shape, index))
				break;
		}
		nd_release(&flat);
		nd_release(&a);
		nd_release(&v);
		nd_release(&b);
	}
}

/* Every remainder of rows and columns, into a frame that must stay as it was. */
static void transposed_edges(void **state)
{
	(void)state;
	for (int code = 0; code < 16 * 70 * 3; code++) {
		static const enum nd_dtype types[3] = { ND_FLOAT64, ND_FLOAT32, ND_UINT8 };
		const ptrdiff_t n0 = 8 + code % 16, n1 = 8 + code / 16 % 70, shape[2] = { n0, n1 }, framed[2] = { n1 + 1, n0 + 1 };
		const enum nd_dtype dtype = types[code / (16 * 70)];
		struct nd flat, a, t, frame, rows, inside;
		double sum, all;

		ok(nd_arange(dtype, n0 * n1, 0, &flat));
		ok(nd_reshape_view(&flat, 2, shape, &a));
		ok(nd_transpose(&a, NULL, &t));
		ok(nd_full(dtype, 2, framed, 3, &frame));
		ok(nd_slice(&frame, 0, 0, n1, 1, &rows));
		ok(nd_slice(&rows, 1, 0, n0, 1, &inside));
		ok(nd_assign(&inside, &t));
		for (ptrdiff_t index[2] = { 0, 0 };;) {
			if (at(&inside, index) != at(&t, index))
				fail_msg("(%td, %td) at (%td, %td)", n1, n0, index[0], index[1]);
			if (!next(2, inside.geom.shape, index))
				break;
		}
		ok(nd_sum(&frame, ND_FLOAT64, &all));
		ok(nd_sum(&flat, ND_FLOAT64, &sum));
		assert_true(all == sum + 3 * (double)(n0 + n1 + 1));
		nd_release(&flat);
		nd_release(&a);
		nd_release(&t);
		nd_release(&frame);
		nd_release(&rows);
		nd_release(&inside);
	}
}

/* ---- assign and fill ---- */

static void assign_each(int ndim, const ptrdiff_t *shape)
{
	for (int pair = 0; pair < LAYOUTS * LAYOUTS; pair++) {
		for (int ones = 0; ones < 1 << ndim; ones++) { /* axes of extent 1 in the source: broadcast */
			ptrdiff_t from[AXES], index[AXES] = { 0 };
			struct model m, expected;
			struct nd dst, src;

			for (int k = 0; k < ndim; k++)
				from[k] = ones >> k & 1 ? 1 : shape[k];
			make_layout(ND_INT32, ndim, from, pair / LAYOUTS, 100, &src);
			make_layout(ND_FLOAT64, ndim, shape, pair % LAYOUTS, 0, &dst);
			model_of(&src, &m);
			model_of(&dst, &expected);
			for (int i = 0; i < expected.size; i++, next(ndim, shape, index))
				expected.values[i] = model_at(&m, ndim, index);
			copies(nd_nbytes(&dst), nd_assign(&dst, &src));
			assert_model("assign", &dst, &expected);
			for (int i = 0; i < expected.size; i++)
				expected.values[i] = 2.5;
			copies(0, nd_fill(&dst, 2.5));
			assert_model("fill", &dst, &expected);
			nd_release(&dst);
			nd_release(&src);
		}
	}
}

static void assigning_all_shapes(void **state)
{
	(void)state;
	each_shape(0, AXES, 0, assign_each);
}

/* Every pair of slices of one small array, of equal length: as if the source had been copied before. */
static void assigning_overlapping(void **state)
{
	enum { N = 7 };

	(void)state;
	for (int code = 0; code < N * 5 * N * 5; code++) {
		ptrdiff_t start[2] = { code % N, code / (N * 5) % N }, step[2] = { code / N % 5 - 2, code / (N * 5) / N - 2 };
		ptrdiff_t n;
		struct nd x, dst, src, copy;
		struct model expected, got;

		if (step[0] == 0 || step[1] == 0)
			continue;
		ok(nd_arange(ND_FLOAT64, N, 0, &x));
		ok(nd_slice(&x, 0, start[0], ND_SLICE_NONE, step[0], &dst));
		ok(nd_slice(&x, 0, start[1], ND_SLICE_NONE, step[1], &src));
		n = nd_shape(&dst, 0) < nd_shape(&src, 0) ? nd_shape(&dst, 0) : nd_shape(&src, 0);
		dst.geom.shape[0] = src.geom.shape[0] = n;
		ok(nd_copy(&src, &copy));
		model_of(&copy, &expected);
		ok(nd_assign(&dst, &src));
		model_of(&dst, &got);
		assert_memory_equal(got.values, expected.values, (size_t)n * sizeof(double));
		nd_release(&x);
		nd_release(&dst);
		nd_release(&src);
		nd_release(&copy);
	}
}

static void assign_refuses(void **state)
{
	const ptrdiff_t shape[2] = { 3, 4 }, front[3] = { 1, 1, 4 };
	struct nd a, row, wide, long_row, view;

	(void)state;
	ok(nd_zeros(ND_FLOAT64, 2, shape, &a));
	ok(nd_arange(ND_FLOAT64, 3, 0, &row));
	ok(nd_arange(ND_FLOAT64, 4, 0, &long_row));
	ok(nd_broadcast_to(&long_row, 2, shape, &wide));
	assert_int_equal(nd_assign(&a, &row), ND_ESHAPE);
	assert_int_equal(nd_assign(&wide, &a), ND_EREADONLY);
	assert_int_equal(nd_fill(&wide, 1), ND_EREADONLY);
	assert_int_equal(nd_assign(&row, &a), ND_ESHAPE);
	ok(nd_reshape_view(&long_row, 3, front, &view));
	ok(nd_assign(&a, &view)); /* axes of extent 1 in front may be too many */
	copies(0, nd_assign(&a, &a));
	nd_release(&a);
	nd_release(&row);
	nd_release(&wide);
	nd_release(&long_row);
	nd_release(&view);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copying_all_shapes),
		cmocka_unit_test(astype_between_all),
		cmocka_unit_test(casts_of_what_does_not_fit),
		cmocka_unit_test(transposed_copies),
		cmocka_unit_test(transposed_edges),
		cmocka_unit_test(assigning_all_shapes),
		cmocka_unit_test(assigning_overlapping),
		cmocka_unit_test(assign_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
