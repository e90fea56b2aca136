/* SPDX-License-Identifier: MIT */
/* Picking by indices, against picking values index by index: every shape, every layout; flags as NumPy 1.24's. */
#include "test_nd_model.h"

static void take_each(int ndim, const ptrdiff_t *shape)
{
	static const int64_t picks[6] = { 0, -1, 0, 0, -1, 0 };

	for (int code = 0; code < LAYOUTS * AXES * 3; code++) {
		const int layout = code % LAYOUTS, axis = code / LAYOUTS % AXES, picked = code / (LAYOUTS * AXES);
		const ptrdiff_t index_shape[2] = { 2, 3 };
		struct model m, expected = { .ndim = ndim - 1 + picked };
		struct nd a, all, indices, b;

		if (axis >= ndim)
			continue;
		make_layout(ND_INT32, ndim, shape, layout, 1, &a);
		model_of(&a, &m);
		ok(nd_empty(ND_INT64, picked, index_shape, &all));
		memcpy(nd_data(&all), picks, (size_t)nd_nbytes(&all));
		ok(nd_transpose(&all, NULL, &indices));
		for (int k = 0; k < expected.ndim; k++)
			expected.shape[k] = k < axis ? shape[k] : k < axis + picked ? nd_shape(&indices, k - axis) : shape[k - picked + 1];
		expected.size = (int)product(expected.ndim, expected.shape);
		if (shape[axis] == 0) {
			assert_int_equal(nd_take(&a, &indices, axis, &b), ND_EBOUNDS);
			assert_int_equal(nd_fancy(&a, &indices, axis, &b), ND_EBOUNDS);
			goto next_code;
		}
		ptrdiff_t index[ND_MAXDIMS] = { 0 };
		for (int i = 0; i < expected.size; i++, next(expected.ndim, expected.shape, index)) {
			ptrdiff_t source[AXES];
			double pick = at(&indices, index + axis);

			for (int k = 0; k < ndim; k++)
				source[k] = k < axis ? index[k] : k == axis ? (ptrdiff_t)pick : index[k + picked - 1];
			source[axis] += source[axis] < 0 ? shape[axis] : 0;
			expected.values[i] = model_at(&m, ndim, source);
		}
		copies(expected.size * 4, nd_take(&a, &indices, axis - (code & 1 ? ndim : 0), &b));
		assert_model("take", &b, &expected);
		assert_true(b.owndata && nd_c_contiguous(&b));
		nd_release(&b);
		copies(expected.size * 4, nd_fancy(&a, &indices, axis, &b));
		assert_model("fancy", &b, &expected);
		assert_true(b.owndata == (axis == 0));
		nd_release(&b);
next_code:
		nd_release(&a);
		nd_release(&all);
		nd_release(&indices);
	}
}

static void taking_all_shapes(void **state)
{
	(void)state;
	each_shape(1, AXES, 0, take_each);
}

/* More indices than a block holds, all element sizes, rows and single elements. */
static void taking_many(void **state)
{
	const ptrdiff_t shape[2] = { 50, 20 };

	(void)state;
	for (int t = 0; t < ND_DTYPES; t++) {
		struct nd flat, a, indices, b;

		ok(nd_arange((enum nd_dtype)t, 1000, 0, &flat));
		ok(nd_reshape_view(&flat, 2, shape, &a));
		ok(nd_arange(ND_INT64, 1300, 0, &indices));
		for (int i = 0; i < 1300; i++)
			((int64_t *)nd_data(&indices))[i] = i * 7 % 20 - (i % 3 == 0 ? 20 : 0);
		for (int axis = 0; axis < 2; axis++) {
			ok(nd_take(&a, &indices, axis, &b));
			for (ptrdiff_t index[2] = { 0, 0 };;) {
				ptrdiff_t pick = ((int64_t *)nd_data(&indices))[index[axis]];
				ptrdiff_t source[2] = { index[0], index[1] };

				source[axis] = pick < 0 ? pick + shape[axis] : pick;
				assert_true(at(&b, index) == at(&a, source));
				if (!next(2, b.geom.shape, index))
					break;
			}
			nd_release(&b);
		}
		((int64_t *)nd_data(&indices))[1299] = 50;
		assert_int_equal(nd_take(&a, &indices, 0, &b), ND_EBOUNDS);
		((int64_t *)nd_data(&indices))[1299] = -51;
		assert_int_equal(nd_fancy(&a, &indices, 0, &b), ND_EBOUNDS);
		assert_int_equal(nd_take(&a, &a, 0, &b), t == ND_INT64 ? ND_EBOUNDS : ND_EINVAL);
		assert_int_equal(nd_take(&a, &indices, 2, &b), ND_EINVAL);
		nd_release(&flat);
		nd_release(&a);
		nd_release(&indices);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(taking_all_shapes),
		cmocka_unit_test(taking_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
