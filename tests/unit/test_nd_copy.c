/* SPDX-License-Identifier: MIT */
/* All that copies, against picking values index by index: every shape, every layout; flags as NumPy 1.24's. */
#include "test_nd_model.h"

/* Counts what `expression` copies. */
#define copies(bytes, expression)                                       \
	do {                                                            \
		uint64_t before_ = nd_copied_bytes();                   \
		ok(expression);                                         \
		assert_int_equal(nd_copied_bytes() - before_, (bytes)); \
	} while (0)

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

/* ---- take and fancy ---- */

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

/* ---- concatenate, stack, repeat, tile ---- */

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
		cmocka_unit_test(copying_all_shapes),    cmocka_unit_test(astype_between_all),
		cmocka_unit_test(casts_of_what_does_not_fit), cmocka_unit_test(transposed_copies),
		cmocka_unit_test(assigning_all_shapes),  cmocka_unit_test(assigning_overlapping),
		cmocka_unit_test(assign_refuses),        cmocka_unit_test(taking_all_shapes),
		cmocka_unit_test(taking_many),           cmocka_unit_test(joining_all_shapes),
		cmocka_unit_test(repeating_all_shapes),  cmocka_unit_test(tiling_all_shapes),
		cmocka_unit_test(joins_refuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
