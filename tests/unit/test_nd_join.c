/* SPDX-License-Identifier: MIT */
/* concatenate, stack, repeat and tile, against picking values index by index: every shape, every layout; flags as NumPy 1.24's. */
#include "test_nd_model.h"

static void join_each(int ndim, const ptrdiff_t *shape)
{
	for (int code = 0; code < LAYOUTS * (AXES + 1); code++) {
		const int layout = code % LAYOUTS, axis = code / LAYOUTS;
		const ptrdiff_t extent = axis < ndim ? shape[axis] : 0;
		ptrdiff_t other[AXES], index[ND_MAXDIMS] = { 0 };
		struct model m[3], expected = { .ndim = ndim };
		struct nd parts[3], out;

		if (axis > ndim)
			continue;
		memcpy(other, shape, sizeof other);
		if (axis < ndim)
			other[axis] = 2;
		make_layout(ND_UINT8, ndim, shape, layout, 1, &parts[0]);
		make_layout(ND_FLOAT32, ndim, other, (layout + 1) % LAYOUTS, 50, &parts[1]);
		make_layout(ND_BOOL, ndim, shape, 0, 0, &parts[2]);
		for (int i = 0; i < 3; i++)
			model_of(&parts[i], &m[i]);
		if (axis < ndim) {
			memcpy(expected.shape, shape, (size_t)ndim * sizeof *shape);
			expected.shape[axis] = 2 * extent + 2;
			expected.size = (int)product(ndim, expected.shape);
			for (int i = 0; i < expected.size; i++, next(ndim, expected.shape, index)) {
				ptrdiff_t source[ND_MAXDIMS];
				int part = index[axis] < extent ? 0 : index[axis] < extent + 2 ? 1 : 2;
				ptrdiff_t before = part == 0 ? 0 : part == 1 ? extent : extent + 2, place = 0;

				memcpy(source, index, sizeof source);
				source[axis] -= before;
				for (int k = 0; k < ndim; k++)
					place = place * m[part].shape[k] + source[k];
				expected.values[i] = m[part].values[place];
			}
			copies(expected.size * 4, nd_concatenate(parts, 3, axis, &out));
			assert_model("concatenate", &out, &expected);
			assert_true(out.owndata && out.dtype == ND_FLOAT32);
			nd_release(&out);
		}
		/* stack: the first and the last have one shape */
		nd_release(&parts[1]);
		parts[1] = parts[2];
		memset(index, 0, sizeof index);
		expected.ndim = ndim + 1;
		for (int k = 0; k <= ndim; k++)
			expected.shape[k] = k < axis ? shape[k] : k == axis ? 2 : shape[k - 1];
		expected.size = (int)product(ndim + 1, expected.shape);
		for (int i = 0; i < expected.size; i++, next(ndim + 1, expected.shape, index)) {
			const struct model *part = &m[index[axis] == 0 ? 0 : 2];
			ptrdiff_t place = 0;

			for (int k = 0; k <= ndim; k++)
				place = k == axis ? place : place * expected.shape[k] + index[k];
			expected.values[i] = part->values[place];
		}
		copies(expected.size, nd_stack(parts, 2, axis, &out));
		assert_model("stack", &out, &expected);
		assert_true(out.owndata && out.dtype == ND_UINT8);
		nd_release(&out);
		nd_release(&parts[0]);
		nd_release(&parts[1]);
	}
}

static void joining_all_shapes(void **state)
{
	(void)state;
	each_shape(0, AXES, 0, join_each);
}

static void repeat_each(int ndim, const ptrdiff_t *shape)
{
	for (int code = 0; code < LAYOUTS * AXES * 3; code++) {
		const int layout = code % LAYOUTS, axis = code / LAYOUTS % AXES, repeats = code / (LAYOUTS * AXES);
		ptrdiff_t index[AXES] = { 0 };
		struct model m, expected = { .ndim = ndim };
		struct nd a, b;

		if (axis >= ndim)
			continue;
		make_layout(ND_FLOAT32, ndim, shape, layout, 1, &a);
		model_of(&a, &m);
		memcpy(expected.shape, shape, (size_t)ndim * sizeof *shape);
		expected.shape[axis] *= repeats;
		expected.size = (int)product(ndim, expected.shape);
		for (int i = 0; i < expected.size; i++, next(ndim, expected.shape, index)) {
			ptrdiff_t source[AXES];

			memcpy(source, index, sizeof source);
			source[axis] /= repeats;
			expected.values[i] = model_at(&m, ndim, source);
		}
		copies(expected.size * 4, nd_repeat(&a, repeats, axis, &b));
		assert_model("repeat", &b, &expected);
		assert_true(b.owndata && nd_c_contiguous(&b));
		nd_release(&b);
		nd_release(&a);
	}
}

static void repeating_all_shapes(void **state)
{
	(void)state;
	each_shape(1, AXES, 0, repeat_each);
}

/* All reps of up to 3 entries of 0 to 2, on all shapes of up to 3 axes. */
static void tile_each(int ndim, const ptrdiff_t *shape)
{
	for (int code = 0; code < LAYOUTS * (1 + 3 + 9 + 27); code++) {
		const int layout = code % LAYOUTS, which = code / LAYOUTS;
		const int rdim = which < 1 ? 0 : which < 4 ? 1 : which < 13 ? 2 : 3;
		int digits = which - (rdim == 0 ? 0 : rdim == 1 ? 1 : rdim == 2 ? 4 : 13), repeating = 0;
		ptrdiff_t reps[3] = { digits % 3, digits / 3 % 3, digits / 9 }, index[AXES] = { 0 };
		struct model m, expected = { .ndim = ndim > rdim ? ndim : rdim };
		struct nd a, b;

		for (int k = 0; k < rdim; k++)
			repeating += reps[k] != 1;
		make_layout(ND_FLOAT64, ndim, shape, layout, 1, &a);
		model_of(&a, &m);
		for (int k = 0; k < expected.ndim; k++) {
			int own = k - (expected.ndim - ndim), rep = k - (expected.ndim - rdim);

			expected.shape[k] = (own >= 0 ? shape[own] : 1) * (rep >= 0 ? reps[rep] : 1);
		}
		expected.size = (int)product(expected.ndim, expected.shape);
		for (int i = 0; i < expected.size; i++, next(expected.ndim, expected.shape, index)) {
			ptrdiff_t source[AXES] = { 0 };

			for (int k = 0; k < ndim; k++)
				source[k] = index[expected.ndim - ndim + k] % shape[k];
			expected.values[i] = model_at(&m, ndim, source);
		}
		ok(nd_tile(&a, rdim, reps, &b));
		assert_model("tile", &b, &expected);
		assert_true(b.owndata == (repeating == 0 && rdim <= ndim));
		assert_true((b.buffer == a.buffer) == (repeating > 0 && m.size == 0));
		nd_release(&b);
		nd_release(&a);
	}
}

static void tiling_all_shapes(void **state)
{
	(void)state;
	each_shape(0, 3, 0, tile_each);
}

static void joins_refuse(void **state)
{
	const ptrdiff_t huge[2] = { PTRDIFF_MAX / 16, 3 }, minus[1] = { -1 }, shape[2] = { 2, 3 }, zero[2] = { 0, 3 };
	struct nd pair[2], out;

	(void)state;
	ok(nd_zeros(ND_FLOAT64, 2, shape, &pair[0]));
	ok(nd_zeros(ND_FLOAT64, 1, shape, &pair[1]));
	assert_int_equal(nd_concatenate(pair, 2, 0, &out), ND_ESHAPE);
	assert_int_equal(nd_concatenate(pair, 0, 0, &out), ND_EINVAL);
	assert_int_equal(nd_concatenate(pair, 1, 2, &out), ND_EINVAL);
	assert_int_equal(nd_stack(pair, 2, 0, &out), ND_ESHAPE);
	assert_int_equal(nd_repeat(pair, PTRDIFF_MAX, 0, &out), ND_EOVERFLOW);
	assert_int_equal(nd_repeat(pair, -1, 0, &out), ND_EINVAL);
	assert_int_equal(nd_repeat(pair, 1, 2, &out), ND_EINVAL);
	assert_int_equal(nd_tile(pair, 2, huge, &out), ND_EOVERFLOW);
	assert_int_equal(nd_tile(pair, 1, minus, &out), ND_EINVAL);
	nd_release(&pair[1]);
	ok(nd_zeros(ND_FLOAT64, 2, zero, &pair[1]));
	ok(nd_concatenate(pair, 2, 0, &out));
	assert_int_equal(nd_shape(&out, 0), 2);
	nd_release(&out);
	nd_release(&pair[0]);
	nd_release(&pair[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joining_all_shapes),
		cmocka_unit_test(repeating_all_shapes),
		cmocka_unit_test(tiling_all_shapes),
		cmocka_unit_test(joins_refuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
