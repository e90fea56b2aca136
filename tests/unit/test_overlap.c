/* SPDX-License-Identifier: MIT */
/*
 * Overlap against enumeration: mark every byte that one array covers, look whether the other covers a marked one. A witness
 * is checked by its definition: both indices are valid, and the byte lies inside both elements.
 */
#include "nd/overlap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { AXES = 4, EXTENT = 3, BUFFER = 8192, PAIRS = 100000, NO_LIMIT = -1 };

static const uint64_t seed = 0x6d656d68696e74;

static void print_geom(const char *name, const struct nd_geom *g)
{
	print_error("%s: offset %td, itemsize %td, (extent, stride):", name, g->offset, g->itemsize);
	for (int k = 0; k < g->ndim; k++)
		print_error(" (%td, %td)", g->shape[k], g->strides[k]);
	print_error("\n");
}

static bool next(int ndim, const ptrdiff_t *shape, ptrdiff_t *index)
{
	for (int k = ndim - 1; k >= 0; k--) {
		if (++index[k] < shape[k])
			return true;
		index[k] = 0;
	}
	return false;
}

/* ---- enumeration ---- */

/* Counts each byte's visits in a map of the buffer; the most visits that a byte has. */
static int mark(const struct nd_geom *g, unsigned char *map)
{
	ptrdiff_t index[ND_GEOM_MAXDIMS] = {0};
	int most = 0;

	memset(map, 0, BUFFER);
	for (int k = 0; k < g->ndim; k++)
		if (g->shape[k] == 0)
			return 0;
	do {
		ptrdiff_t at = g->offset;

		for (int k = 0; k < g->ndim; k++)
			at += g->strides[k] * index[k];
		assert_true(at >= 0 && at + g->itemsize <= BUFFER);
		for (ptrdiff_t y = 0; y < g->itemsize; y++) {
			if (map[at + y] < 255)
				map[at + y]++;
			most = map[at + y] > most ? map[at + y] : most;
		}
	} while (next(g->ndim, g->shape, index));
	return most;
}

static bool element_covers(const struct nd_geom *g, const ptrdiff_t *index, ptrdiff_t byte)
{
	ptrdiff_t at = g->offset;

	for (int k = 0; k < g->ndim; k++) {
		if (index[k] < 0 || index[k] >= g->shape[k])
			return false;
		at += g->strides[k] * index[k];
	}
	return at <= byte && byte < at + g->itemsize;
}

/* Returns whether they share. */
static bool check_pair(const struct nd_geom *a, const struct nd_geom *b, const unsigned char *map_a,
                       const unsigned char *map_b)
{
	struct nd_witness w;
	enum nd_shares got = nd_geom_shares_memory(a, b, NO_LIMIT, &w), limited = nd_geom_shares_memory(a, b, 0, NULL);
	bool want = false, right;

	for (int i = 0; i < BUFFER && !want; i++)
		want = map_a[i] && map_b[i];
	right = got == (want ? ND_SHARES_YES : ND_SHARES_NO) && limited == got;
	if (want)
		right = right && nd_geom_may_share_memory(a, b) && element_covers(a, w.a_index, w.byte) &&
		        element_covers(b, w.b_index, w.byte);
	if (!right) {
		print_geom("a", a);
		print_geom("b", b);
		print_error("shares %d, expected %d, within the default limit %d\n", (int)got, want, (int)limited);
		fail();
	}
	return want;
}

static bool check_self(const struct nd_geom *g, int most)
{
	enum nd_shares got = nd_geom_overlaps_itself(g, NO_LIMIT), limited = nd_geom_overlaps_itself(g, 0);

	if (got != (most > 1 ? ND_SHARES_YES : ND_SHARES_NO) || limited != got) {
		print_geom("itself", g);
		print_error("overlaps itself %d, visits to a byte %d, in the default limit %d\n", (int)got, most, (int)limited);
		fail();
	}
	return most > 1;
}

/* ---- all shapes of up to 4 axes and extents up to 3 ---- */

/* Views of one C-contiguous array: forwards and backwards, steps 1 and 2, one element apart, transposed, windows that overlap. */
enum { VIEWS = 12 };

static int make_views(int ndim, const ptrdiff_t *shape, ptrdiff_t itemsize, struct nd_geom *v)
{
	const ptrdiff_t none = ND_SLICE_NONE;
	ptrdiff_t bigger[AXES];
	struct nd_geom parent;
	int n = 0;

	/* Twice as large as what is taken from it on every axis, and one more. */
	for (int k = 0; k < ndim; k++)
		bigger[k] = 2 * shape[k] + 1;
	assert_int_equal(nd_geom_init(&parent, ndim, bigger, itemsize), ND_OK);
	for (int start = 0; start < 2; start++) {
		for (ptrdiff_t step = -2; step <= 2; step++) {
			struct nd_geom g = parent;

			for (int k = 0; k < ndim; k++) {
				ptrdiff_t from = step > 0 ? start : -1 - start, to = from + step * shape[k], by = step;

				if (step == 0) { /* only the first axis backwards, from the middle */
					from = k ? start : shape[k] - start;
					to = none;
					by = k ? 2 : -1;
				}
				assert_int_equal(nd_geom_slice(&g, k, from, to, by, &g), ND_OK);
			}
			v[n++] = g;
		}
	}
	assert_int_equal(nd_geom_transpose(&v[3], NULL, &v[n++]), ND_OK);
	v[n] = v[1];
	if (ndim > 0 && shape[0] > 1)
		assert_int_equal(nd_geom_sliding_window_view(&v[1], 0, 2, &v[n]), ND_OK);
	return n + 1;
}

static void all_shapes(void **state)
{
	static unsigned char maps[VIEWS][BUFFER];
	const ptrdiff_t itemsizes[] = {1, 3};
	int shared = 0, apart = 0;

	(void)state;
	for (size_t s = 0; s < 2; s++) {
		for (int ndim = 0; ndim <= AXES; ndim++) {
			ptrdiff_t extents[AXES] = {EXTENT + 1, EXTENT + 1, EXTENT + 1, EXTENT + 1}, shape[AXES] = {0};

			do {
				struct nd_geom v[VIEWS];
				int n;

				n = make_views(ndim, shape, itemsizes[s], v);
				for (int i = 0; i < n; i++)
					check_self(&v[i], mark(&v[i], maps[i]));
				for (int i = 0; i < n; i++)
					for (int j = 0; j < n; j++)
						check_pair(&v[i], &v[j], maps[i], maps[j]) ? shared++ : apart++;
			} while (next(ndim, extents, shape));
		}
	}
	assert_true(shared > 5000 && apart > 5000);
}

/* ---- random pairs ---- */

static uint64_t state_of_random;

/* xorshift64*; below n. */
static ptrdiff_t random_below(ptrdiff_t n)
{
	state_of_random ^= state_of_random >> 12;
	state_of_random ^= state_of_random << 25;
	state_of_random ^= state_of_random >> 27;
	return (ptrdiff_t)((state_of_random * 0x2545f4914f6cdd1d) >> 33) % n;
}

/* Any strides at all, placed so that all bytes are in the buffer; `density` is how large strides may be. */
static void random_strided(struct nd_geom *g, ptrdiff_t density)
{
	static const ptrdiff_t itemsizes[] = {1, 1, 2, 3, 4, 8};
	ptrdiff_t low, high;

	memset(g, 0, sizeof *g);
	g->ndim = (int)random_below(AXES + 1);
	g->itemsize = itemsizes[random_below(6)];
	for (int k = 0; k < g->ndim; k++) {
		g->shape[k] = random_below(24) ? 1 + random_below(5) : 0;
		g->strides[k] = random_below(2 * density + 1) - density;
	}
	nd_geom_extent(g, &low, &high);
	/* Near the front, so that most pairs have a chance to meet. */
	g->offset = random_below(16) - low;
}

/* A view that slices, transposes and windows of one array make. */
static void random_view(struct nd_geom *g)
{
	static const ptrdiff_t parents[][3] = {{4, 20, 1}, {60, 1, 1}, {5, 6, 4}, {8, 2, 7}};
	const ptrdiff_t *shape = parents[random_below(4)];

	assert_int_equal(nd_geom_init(g, 3, shape, 1 + random_below(4)), ND_OK);
	for (ptrdiff_t n = random_below(6); n > 0; n--) {
		int axis = g->ndim ? (int)random_below(g->ndim) : 0;
		ptrdiff_t extent = g->ndim ? g->shape[axis] : 0, step = random_below(7) - 3;

		if (g->ndim == 0)
			return;
		switch (random_below(5)) {
		case 0:
		case 1:
			nd_geom_slice(g, axis, random_below(3), ND_SLICE_NONE, step ? step : 5, g);
			break;
		case 2:
			nd_geom_transpose(g, NULL, g);
			break;
		case 3:
			if (extent > 0)
				nd_geom_index(g, axis, random_below(extent), g);
			break;
		case 4:
			if (extent > 3 && g->ndim < AXES)
				nd_geom_sliding_window_view(g, axis, 2, g);
			break;
		}
	}
}

static void random_pairs(void **state)
{
	static unsigned char map_a[BUFFER], map_b[BUFFER];
	int shared = 0, alone = 0;

	(void)state;
	state_of_random = seed;
	print_message("seed %#llx\n", (unsigned long long)seed);
	for (int i = 0; i < PAIRS; i++) {
		static const ptrdiff_t densities[] = {10, 40, 150};
		ptrdiff_t density = densities[random_below(3)];
		struct nd_geom a, b;

		if (i % 2) {
			random_strided(&a, density);
			random_strided(&b, density);
		} else {
			random_view(&a);
			random_view(&b);
		}
		alone += !check_self(&a, mark(&a, map_a));
		mark(&b, map_b);
		shared += check_pair(&a, &b, map_a, map_b);
	}
	print_message("%d of %d pairs share, %d arrays do not overlap themselves\n", shared, PAIRS, alone);
	assert_in_range(shared, PAIRS / 10, PAIRS - PAIRS / 10);
	assert_in_range(alone, PAIRS / 10, PAIRS - PAIRS / 10);
}

/* ---- cases by name ---- */

static struct nd_geom strided(ptrdiff_t itemsize, ptrdiff_t offset, int ndim, const ptrdiff_t *shape, const ptrdiff_t *strides)
{
	struct nd_geom g = {.ndim = ndim, .itemsize = itemsize, .offset = offset};

	for (int k = 0; k < ndim; k++) {
		g.shape[k] = shape[k];
		g.strides[k] = strides[k];
	}
	return g;
}
#define LIST(...) (ptrdiff_t[]){__VA_ARGS__}

static void large_arrays(void **state)
{
	const ptrdiff_t n = (ptrdiff_t)1 << 28, none = ND_SLICE_NONE;
	struct nd_geom x, a, b;
	struct nd_witness w;

	(void)state;
	/* 2^59 bytes: more than any machine has, and nothing here depends on it. */
	assert_int_equal(nd_geom_init(&x, 2, LIST(n, n), 8), ND_OK);
	assert_int_equal(nd_geom_slice(&x, 1, none, none, 2, &a), ND_OK);
	assert_int_equal(nd_geom_slice(&x, 1, 1, none, 2, &b), ND_OK);
	assert_int_equal(nd_geom_shares_memory(&a, &b, 0, NULL), ND_SHARES_NO);
	assert_true(nd_geom_may_share_memory(&a, &b));
	assert_int_equal(nd_geom_overlaps_itself(&a, 0), ND_SHARES_NO);
	assert_int_equal(nd_geom_slice(&x, 0, none, none, -1, &b), ND_OK);
	assert_int_equal(nd_geom_transpose(&b, NULL, &b), ND_OK);
	assert_int_equal(nd_geom_shares_memory(&a, &b, 0, &w), ND_SHARES_YES);
	assert_true(element_covers(&a, w.a_index, w.byte) && element_covers(&b, w.b_index, w.byte));
	assert_int_equal(nd_geom_overlaps_itself(&b, 0), ND_SHARES_NO);
	/* Windows meet themselves. */
	assert_int_equal(nd_geom_sliding_window_view(&x, 1, 8, &a), ND_OK);
	assert_int_equal(nd_geom_overlaps_itself(&a, 0), ND_SHARES_YES);
	/* The whole of what 63 bits can count, less one byte. */
	a = strided(1, 0, 1, LIST(PTRDIFF_MAX - 1), LIST(1));
	b = strided(1, PTRDIFF_MAX - 2, 1, LIST(PTRDIFF_MAX - 1), LIST(-1));
	assert_int_equal(nd_geom_shares_memory(&a, &b, 0, &w), ND_SHARES_YES);
	assert_true(element_covers(&a, w.a_index, w.byte) && element_covers(&b, w.b_index, w.byte));
	assert_int_equal(nd_geom_overlaps_itself(&a, 0), ND_SHARES_NO);
	b = strided(1, 0, 2, LIST(((ptrdiff_t)1 << 62) - 1, 2), LIST(1, 1));
	assert_int_equal(nd_geom_overlaps_itself(&b, 0), ND_SHARES_YES);
	/* What no buffer holds is not judged. */
	b = strided(1, 0, 1, LIST(3), LIST(PTRDIFF_MAX));
	assert_int_equal(nd_geom_shares_memory(&a, &b, 0, NULL), ND_SHARES_TOO_HARD);
	assert_int_equal(nd_geom_overlaps_itself(&b, 0), ND_SHARES_TOO_HARD);
	b = strided(1, 0, 1, LIST(2), LIST(PTRDIFF_MIN));
	assert_int_equal(nd_geom_shares_memory(&a, &b, 0, NULL), ND_SHARES_TOO_HARD);
}

/* Strides that no enumeration can follow, around a byte that both are known to cover. */
static void planted_bytes(void **state)
{
	int judged = 0;

	(void)state;
	state_of_random = seed;
	for (int i = 0; i < 20000; i++) {
		struct nd_geom g[2] = {{.ndim = 0}};
		ptrdiff_t at[2] = {0}, index[2][AXES] = {{0}};
		struct nd_witness w;
		enum nd_shares got;

		for (int s = 0; s < 2; s++) {
			g[s].ndim = 1 + (int)random_below(3);
			g[s].itemsize = 1 + random_below(16);
			for (int k = 0; k < g[s].ndim; k++) {
				ptrdiff_t most = (ptrdiff_t)1 << (1 + random_below(30));

				g[s].shape[k] = 1 + random_below(1 << 16);
				g[s].strides[k] = (1 + random_below(most)) * (1 + random_below(4096)) * (random_below(2) ? 1 : -1);
				index[s][k] = random_below(g[s].shape[k]);
				at[s] += index[s][k] * g[s].strides[k];
			}
		}
		g[0].offset = -at[0];
		g[1].offset = -at[1] + random_below(g[0].itemsize) - random_below(g[1].itemsize);
		got = nd_geom_shares_memory(&g[0], &g[1], 1000, &w);
		if (got == ND_SHARES_NO || (got == ND_SHARES_YES && !(element_covers(&g[0], w.a_index, w.byte) &&
		                                                      element_covers(&g[1], w.b_index, w.byte)))) {
			print_geom("a", &g[0]);
			print_geom("b", &g[1]);
			print_error("pair %d: shares %d\n", i, (int)got);
			fail();
		}
		judged += got == ND_SHARES_YES;
	}
	print_message("%d of 20000 found\n", judged);
	assert_true(judged > 2000);
}

/* The example in NumPy's mem_overlap.c that is hard on purpose, after Cornuejols and others. */
static void work_limit(void **state)
{
	struct nd_geom a = strided(1, 0, 3, LIST(1049, 1049, 1049), LIST(36674, 61119, 85569));
	struct nd_geom b = strided(1, 64023025, 3, LIST(1049, 1049, 1), LIST(12223, 12224, 1));

	(void)state;
	assert_int_equal(nd_geom_shares_memory(&a, &b, 0, NULL), ND_SHARES_TOO_HARD);
	assert_int_equal(nd_geom_shares_memory(&a, &b, 1, NULL), ND_SHARES_TOO_HARD);
	assert_int_equal(nd_geom_shares_memory(&a, &a, 0, NULL), ND_SHARES_YES);
	/* Bounds that do not meet need no search. */
	b.offset = (ptrdiff_t)1 << 40;
	assert_int_equal(nd_geom_shares_memory(&a, &b, 1, NULL), ND_SHARES_NO);
}

static void zero_strides_and_empty(void **state)
{
	struct nd_geom one = strided(8, 16, 0, NULL, NULL), repeated = strided(8, 16, 2, LIST(3, 5), LIST(0, 0));
	struct nd_geom empty = strided(8, 16, 2, LIST(0, 5), LIST(0, 0)), lone = strided(8, 16, 1, LIST(1), LIST(0));
	struct nd_witness w;

	(void)state;
	assert_int_equal(nd_geom_shares_memory(&one, &repeated, 0, &w), ND_SHARES_YES);
	assert_true(element_covers(&repeated, w.b_index, w.byte));
	assert_int_equal(nd_geom_overlaps_itself(&repeated, 0), ND_SHARES_YES);
	assert_int_equal(nd_geom_overlaps_itself(&lone, 0), ND_SHARES_NO);
	assert_int_equal(nd_geom_overlaps_itself(&one, 0), ND_SHARES_NO);
	/* An array without elements covers no byte, not even its own. */
	assert_int_equal(nd_geom_shares_memory(&empty, &empty, 0, NULL), ND_SHARES_NO);
	assert_int_equal(nd_geom_shares_memory(&empty, &repeated, 0, NULL), ND_SHARES_NO);
	assert_false(nd_geom_may_share_memory(&empty, &repeated));
	assert_int_equal(nd_geom_overlaps_itself(&empty, 0), ND_SHARES_NO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_shapes),
		cmocka_unit_test(random_pairs),
		cmocka_unit_test(large_arrays),
		cmocka_unit_test(planted_bytes),
		cmocka_unit_test(work_limit),
		cmocka_unit_test(zero_strides_and_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
