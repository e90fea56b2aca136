/* SPDX-License-Identifier: MIT */
/* Making arrays, views of them, and what NumPy's attributes answer. The geometry itself is test_geom.c's. */
#include "test_nd_model.h"

static void types_have_names_and_sizes(void **state)
{
	static const struct {
		const char *name;
		int itemsize;
	} expected[ND_DTYPES] = { { "float64", 8 }, { "float32", 4 }, { "int64", 8 }, { "int32", 4 }, { "uint8", 1 }, { "bool", 1 } };

	(void)state;
	for (int t = 0; t < ND_DTYPES; t++) {
		assert_string_equal(nd_dtype_name((enum nd_dtype)t), expected[t].name);
		assert_int_equal(nd_dtype_itemsize((enum nd_dtype)t), expected[t].itemsize);
	}
	assert_string_equal(nd_dtype_name(ND_DTYPES), "unknown");
	assert_int_equal(nd_dtype_itemsize(ND_DTYPES), 0);
}

static void make_each(int ndim, const ptrdiff_t *shape)
{
	for (int t = 0; t < ND_DTYPES; t++) {
		enum nd_dtype dtype = (enum nd_dtype)t;
		struct model m = { .ndim = ndim, .size = (int)product(ndim, shape) };
		struct nd a;

		memcpy(m.shape, shape, (size_t)ndim * sizeof *shape);
		ok(nd_zeros(dtype, ndim, shape, &a));
		assert_model("zeros", &a, &m);
		assert_true(a.owndata && a.writeable && !a.stand_in_base && nd_c_contiguous(&a));
		assert_int_equal(nd_buffer_nbytes(&a), m.size * nd_dtype_itemsize(dtype));
		assert_int_equal(nd_nbytes(&a), nd_buffer_nbytes(&a));
		assert_true(m.size == 0 || (uintptr_t)nd_data(&a) % ND_ALIGN_BYTES == 0);
		nd_release(&a);
		assert_null(a.buffer);
		nd_release(&a);
		for (int i = 0; i < m.size; i++)
			m.values[i] = dtype == ND_BOOL ? 1 : 7;
		ok(nd_full(dtype, ndim, shape, 7, &a));
		assert_model("full", &a, &m);
		nd_release(&a);
	}
}

static void making_all_shapes(void **state)
{
	(void)state;
	each_shape(0, AXES, 0, make_each);
}

static void arange_counts_up(void **state)
{
	struct nd a;

	(void)state;
	for (int t = 0; t < ND_DTYPES; t++) {
		ok(nd_arange((enum nd_dtype)t, 1500, 3, &a));
		for (ptrdiff_t i = 0; i < 1500; i++) {
			double expected = t == ND_BOOL ? 1 : t == ND_UINT8 ? (double)((i + 3) % 256) : (double)(i + 3);

			assert_true(at(&a, &i) == expected);
		}
		nd_release(&a);
	}
	ok(nd_arange(ND_FLOAT64, 3, -0.5, &a));
	assert_true(((double *)nd_data(&a))[2] == 1.5);
	nd_release(&a);
	ok(nd_arange(ND_INT64, 2, -2, &a));
	assert_int_equal(((int64_t *)nd_data(&a))[0], -2);
	nd_release(&a);
	assert_int_equal(nd_arange(ND_INT64, -1, 0, &a), ND_EINVAL);
}

static void refusals_leave_out_alone(void **state)
{
	const ptrdiff_t huge[3] = { PTRDIFF_MAX / 2, 3, 5 }, negative[1] = { -1 }, strides[1] = { 4 }, far[1] = { 16 }, two[1] = { 2 };
	ptrdiff_t ones[ND_MAXDIMS + 1];
	struct nd a, out, before;

	(void)state;
	for (int k = 0; k <= ND_MAXDIMS; k++)
		ones[k] = 1;
	memset(&out, 0x5a, sizeof out);
	before = out;
	assert_int_equal(nd_empty(ND_FLOAT64, 3, huge, &out), ND_EOVERFLOW);
	assert_int_equal(nd_empty(ND_FLOAT64, 1, negative, &out), ND_EINVAL);
	assert_int_equal(nd_empty(ND_DTYPES, 1, two, &out), ND_EINVAL);
	assert_int_equal(nd_empty(ND_FLOAT64, ND_MAXDIMS + 1, ones, &out), ND_EDIMS);
	ok(nd_zeros(ND_FLOAT64, ND_MAXDIMS, ones, &a));
	assert_int_equal(nd_expand_dims(&a, 0, &out), ND_EDIMS);
	assert_int_equal(nd_broadcast_to(&a, ND_MAXDIMS + 1, ones, &out), ND_EDIMS);
	assert_int_equal(nd_reshape_view(&a, ND_MAXDIMS + 1, ones, &out), ND_EDIMS);
	assert_int_equal(nd_reshape(&a, ND_MAXDIMS + 1, ones, &out), ND_EDIMS);
	assert_int_equal(nd_as_strided(&a, ND_MAXDIMS + 1, ones, ones, &out), ND_EDIMS);
	assert_int_equal(nd_sliding_window_view(&a, 0, 1, &out), ND_EDIMS);
	assert_int_equal(nd_stack(&a, 1, 0, &out), ND_EDIMS);
	nd_release(&a);
	ok(nd_arange(ND_FLOAT64, 2, 0, &a));
	assert_int_equal(nd_as_strided(&a, 1, two, strides, &out), ND_EINVAL);
	assert_int_equal(nd_as_strided(&a, 1, two, far, &out), ND_EBOUNDS);
	assert_int_equal(nd_index(&a, 0, 2, &out), ND_EBOUNDS);
	assert_int_equal(nd_slice(&a, 1, 0, 1, 1, &out), ND_EINVAL);
	assert_int_equal(nd_sliding_window_view(&a, 0, 3, &out), ND_EINVAL);
	nd_release(&a);
	assert_memory_equal(&out, &before, sizeof out);
}

/* A view is the geometry's view over the same buffer, with no data of its own. */
static void views_share_the_buffer(void **state)
{
	const ptrdiff_t shape[2] = { 3, 4 }, wide[3] = { 2, 3, 4 }, flat[1] = { 12 }, windows[2] = { 9, 4 }, steps[2] = { 8, 8 };
	struct nd x, a, view[9];

	(void)state;
	ok(nd_arange(ND_FLOAT64, 12, 0, &x));
	ok(nd_reshape(&x, 2, shape, &a));
	ok(nd_view(&a, &view[0]));
	ok(nd_slice(&a, 1, 1, 3, 1, &view[1]));
	ok(nd_index(&a, 0, -1, &view[2]));
	ok(nd_transpose(&a, NULL, &view[3]));
	ok(nd_expand_dims(&a, 1, &view[4]));
	ok(nd_squeeze(&view[4], 1, &view[5]));
	ok(nd_broadcast_to(&a, 3, wide, &view[6]));
	ok(nd_as_strided(&x, 2, windows, steps, &view[7]));
	ok(nd_sliding_window_view(&x, 0, 4, &view[8]));
	for (int i = 0; i < 9; i++) {
		assert_false(view[i].owndata);
		assert_true(view[i].writeable == (i != 6 && i != 8));
		assert_true(view[i].stand_in_base == (i >= 7));
		assert_true(nd_base_is(&view[i], &x) == (i < 7));
		assert_false(nd_base_is(&view[i], &a)); /* a is a view itself */
		assert_true(nd_may_share_memory(&view[i], &x));
		assert_int_equal(nd_shares_memory(&view[i], &x, 0, NULL), ND_SHARES_YES);
		assert_int_equal(nd_buffer_nbytes(&view[i]), 96);
	}
	assert_true(*(double *)nd_data(&view[1]) == 1 && *(double *)nd_data(&view[2]) == 8);
	assert_int_equal(nd_stride(&view[3], 0), 8);
	assert_int_equal(nd_stride(&view[6], 0), 0);
	assert_int_equal(nd_nbytes(&view[8]), 9 * 4 * 8);
	nd_release(&x);
	nd_release(&a);
	for (int i = 0; i < 9; i++) { /* each alone keeps the buffer */
		ptrdiff_t index[3] = { 0 };

		assert_true(at(&view[i], index) >= 0);
		nd_release(&view[i]);
	}
	ok(nd_arange(ND_FLOAT64, 12, 0, &x));
	ok(nd_reshape_view(&x, 2, shape, &a));
	ok(nd_transpose(&a, NULL, &view[0]));
	assert_int_equal(nd_reshape_view(&view[0], 1, flat, &view[1]), ND_NEEDS_COPY);
	nd_release(&view[0]);
	nd_release(&a);
	nd_release(&x);
}

static void sharing(void **state)
{
	struct nd x, y, even, odd, empty, none = { 0 };

	(void)state;
	ok(nd_arange(ND_FLOAT64, 12, 0, &x));
	ok(nd_copy(&x, &y));
	ok(nd_slice(&x, 0, 0, ND_SLICE_NONE, 2, &even));
	ok(nd_slice(&x, 0, 1, ND_SLICE_NONE, 2, &odd));
	ok(nd_slice(&x, 0, 12, ND_SLICE_NONE, 1, &empty));
	assert_true(nd_may_share_memory(&even, &odd));
	assert_int_equal(nd_shares_memory(&even, &odd, 0, NULL), ND_SHARES_NO);
	assert_int_equal(nd_shares_memory(&x, &y, 0, NULL), ND_SHARES_NO);
	assert_false(nd_may_share_memory(&x, &y));
	assert_int_equal(nd_shares_memory(&x, &empty, 0, NULL), ND_SHARES_NO);
	assert_true(nd_base_is(&empty, &x));
	assert_false(nd_base_is(&y, &x));
	assert_false(nd_base_is(&x, &x));
	assert_false(nd_base_is(&none, &none));
	assert_null(nd_data(&none));
	assert_int_equal(nd_buffer_nbytes(&none), 0);
	nd_release(&x);
	nd_release(&y);
	nd_release(&even);
	nd_release(&odd);
	nd_release(&empty);
}

/* An array that was never made is refused wherever elements would be read. */
static void unmade_arrays_are_refused(void **state)
{
	struct nd none = { 0 }, a, out;
	const ptrdiff_t one[1] = { 1 };
	double number;

	(void)state;
	ok(nd_arange(ND_FLOAT64, 1, 0, &a));
	assert_int_equal(nd_copy(&none, &out), ND_EINVAL);
	assert_int_equal(nd_astype(&none, ND_BOOL, &out), ND_EINVAL);
	assert_int_equal(nd_assign(&a, &none), ND_EINVAL);
	assert_int_equal(nd_assign(&none, &a), ND_EINVAL);
	assert_int_equal(nd_fill(&none, 0), ND_EINVAL);
	assert_int_equal(nd_binary(ND_ADD, &a, &none, &out), ND_EINVAL);
	assert_int_equal(nd_binary_into(ND_ADD, &a, &a, &none), ND_EINVAL);
	assert_int_equal(nd_unary(ND_SQRT, &none, &out), ND_EINVAL);
	assert_int_equal(nd_binary_scalar(ND_ADD, &none, 1, &out), ND_EINVAL);
	assert_int_equal(nd_sum(&none, ND_FLOAT64, &number), ND_EINVAL);
	assert_int_equal(nd_mean(&none, &number), ND_EINVAL);
	assert_int_equal(nd_sum_axis(&none, 0, false, &out), ND_EINVAL);
	assert_int_equal(nd_matmul(&none, &a, &out), ND_EINVAL);
	assert_int_equal(nd_take(&none, &a, 0, &out), ND_EINVAL);
	assert_int_equal(nd_concatenate(&none, 1, 0, &out), ND_EINVAL);
	assert_int_equal(nd_repeat(&none, 1, 0, &out), ND_EINVAL);
	assert_int_equal(nd_tile(&none, 1, one, &out), ND_EINVAL);
	nd_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_have_names_and_sizes), cmocka_unit_test(making_all_shapes),
		cmocka_unit_test(arange_counts_up),           cmocka_unit_test(refusals_leave_out_alone),
		cmocka_unit_test(views_share_the_buffer),     cmocka_unit_test(sharing),
		cmocka_unit_test(unmade_arrays_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
