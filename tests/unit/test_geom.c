/* SPDX-License-Identifier: MIT */
/*
 * Geometry against brute force: a model is the list of all element addresses in C order. Views are made twice, by nd and by
 * picking addresses out of the source's list, for all shapes of up to 4 axes and extents up to 3.
 */
#include "nd/geom.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { AXES = 4, EXTENT = 3, ITEMSIZE = 8, MOST = 243, MAX_TARGETS = 256, MAX_SIZE = 81, NONE = -1000 };

struct model {
	int ndim;
	ptrdiff_t shape[AXES + 2];
	int size;
	ptrdiff_t address[MOST];
};

static void print_geom(const char *name, const struct nd_geom *g)
{
	print_error("%s: offset %td, (extent, stride):", name, g->offset);
	for (int k = 0; k < g->ndim; k++)
		print_error(" (%td, %td)", g->shape[k], g->strides[k]);
	print_error("\n");
}

/* Step an index of `shape` forward, the last axis fastest (in Fortran's order the first); false at the end. */
static bool next(int ndim, const ptrdiff_t *shape, bool fortran, ptrdiff_t *index)
{
	for (int n = 0; n < ndim; n++) {
		int k = fortran ? n : ndim - 1 - n;

		if (++index[k] < shape[k])
			return true;
		index[k] = 0;
	}
	return false;
}

static int product(int ndim, const ptrdiff_t *shape)
{
	int size = 1;

	for (int k = 0; k < ndim; k++)
		size *= (int)shape[k];
	return size;
}

/* All addresses in C or Fortran order, straight from the definition. */
static void enumerate(const struct nd_geom *g, bool fortran, struct model *out)
{
	ptrdiff_t index[AXES + 2] = {0};

	out->ndim = g->ndim;
	memcpy(out->shape, g->shape, sizeof out->shape);
	out->size = product(g->ndim, g->shape);
	assert_true(out->size <= MOST);
	for (int i = 0; i < out->size; i++, next(g->ndim, g->shape, fortran, index)) {
		out->address[i] = g->offset;
		for (int k = 0; k < g->ndim; k++)
			out->address[i] += index[k] * g->strides[k];
	}
}

/* A model to be filled, with this one's shape. */
static void same_shape(const struct model *m, struct model *out)
{
	out->ndim = m->ndim;
	memcpy(out->shape, m->shape, sizeof out->shape);
	out->size = m->size;
}

static ptrdiff_t model_at(const struct model *m, const ptrdiff_t *index)
{
	ptrdiff_t i = 0;

	for (int k = 0; k < m->ndim; k++)
		i = i * m->shape[k] + index[k];
	return m->address[i];
}

/* ---- what every geometry must answer ---- */

static void check_answers(const struct nd_geom *g)
{
	struct model c, f;
	bool c_contiguous = true, f_contiguous = true;
	ptrdiff_t low = PTRDIFF_MAX, high = PTRDIFF_MIN, got_low, got_high;

	enumerate(g, false, &c);
	enumerate(g, true, &f);
	for (int i = 0; i < c.size; i++) {
		c_contiguous = c_contiguous && c.address[i] == g->offset + i * g->itemsize;
		f_contiguous = f_contiguous && f.address[i] == g->offset + i * g->itemsize;
		low = c.address[i] < low ? c.address[i] : low;
		high = c.address[i] > high ? c.address[i] : high;
	}
	nd_geom_extent(g, &got_low, &got_high);
	if (nd_geom_size(g) != c.size || nd_geom_nbytes(g) != c.size * g->itemsize ||
	    nd_geom_c_contiguous(g) != c_contiguous || nd_geom_f_contiguous(g) != f_contiguous ||
	    (c.size == 0 && got_low != got_high) ||
	    (c.size > 0 && (got_low != low || got_high != high + g->itemsize))) {
		print_geom("wrong answers about", g);
		fail();
	}
}

static void check(const char *what, const struct nd_geom *source, const struct nd_geom *got, const struct model *want)
{
	ptrdiff_t index[AXES + 2] = {0};
	bool same = got->ndim == want->ndim && got->itemsize == source->itemsize;

	for (int k = 0; same && k < want->ndim; k++)
		same = got->shape[k] == want->shape[k];
	for (int i = 0; same && i < want->size; i++, next(want->ndim, want->shape, false, index))
		same = nd_geom_at(got, index) == want->address[i];
	if (!same) {
		print_geom("source", source);
		print_geom(what, got);
		fail();
	}
	check_answers(got);
}

/* ---- sources: every shape, in every order of its axes in memory, with steps 2, -1 or 0 on some of them ---- */

static const int steps[] = {1, 2, -1, 0};

static void make_source(int ndim, const ptrdiff_t *shape, const int *order, int step, unsigned mask, struct nd_geom *out)
{
	ptrdiff_t stride = ITEMSIZE;

	memset(out, 0, sizeof *out);
	out->ndim = ndim;
	out->itemsize = ITEMSIZE;
	for (int n = ndim - 1; n >= 0; n--) {
		int k = order[n], by = mask >> k & 1 ? step : 1;

		out->shape[k] = shape[k];
		out->strides[k] = stride * by;
		if (by < 0 && shape[k] > 0)
			out->offset += (shape[k] - 1) * stride;
		stride *= by == 2 ? 2 * shape[k] : shape[k];
	}
}

static void swap(int *a, int *b)
{
	int t = *a;

	*a = *b;
	*b = t;
}

/* The next permutation in lexical order; false after the last. */
static bool next_order(int n, int *order)
{
	int i = n - 2, j = n - 1;

	while (i >= 0 && order[i] > order[i + 1])
		i--;
	if (i < 0)
		return false;
	while (order[j] < order[i])
		j--;
	swap(&order[i], &order[j]);
	for (int l = i + 1, r = n - 1; l < r; l++, r--)
		swap(&order[l], &order[r]);
	return true;
}

typedef void each(const struct nd_geom *source);

/* few, and wherever there are no elements: only C and Fortran layouts, steps on all axes or none. */
static void for_sources(bool few, each *f)
{
	for (int ndim = 0; ndim <= AXES; ndim++) {
		ptrdiff_t extents[AXES] = {EXTENT + 1, EXTENT + 1, EXTENT + 1, EXTENT + 1}, shape[AXES] = {0};
		unsigned all = (1u << ndim) - 1;

		do {
			int order[AXES] = {0, 1, 2, 3}, first = true;

			do {
				bool ends = first || ndim < 2 || (order[0] == ndim - 1 && order[ndim - 1] == 0);

				for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++) {
					for (unsigned mask = s ? 1 : 0; mask <= (s ? all : 0); mask++) {
						struct nd_geom g;

						if ((few || product(ndim, shape) == 0) && (!ends || (mask && mask != all)))
							continue;
						/* With 4 axes: steps on one of them or on all. */
						if (ndim == AXES && mask != all && mask & (mask - 1))
							continue;
						make_source(ndim, shape, order, steps[s], mask, &g);
						f(&g);
					}
				}
				first = false;
			} while (next_order(ndim, order));
		} while (next(ndim, extents, false, shape));
	}
}

/* ---- views ---- */

/* The positions that Python's start:stop:step takes of n, by counting. */
static int positions(ptrdiff_t n, ptrdiff_t start, ptrdiff_t stop, ptrdiff_t step, ptrdiff_t *out)
{
	ptrdiff_t least = step < 0 ? -1 : 0, most = step < 0 ? n - 1 : n;
	int count = 0;

	if (start == NONE)
		start = step < 0 ? most : least;
	else if (start < 0)
		start += n;
	if (stop == NONE)
		stop = step < 0 ? least : most;
	else if (stop < 0)
		stop += n;
	start = start < least ? least : start > most ? most : start;
	for (ptrdiff_t i = start; step < 0 ? i > stop : i < stop; i += step)
		if (i >= 0 && i < n)
			out[count++] = i;
	return count;
}

static void slices(const struct nd_geom *source)
{
	static const ptrdiff_t bounds[] = {NONE, -4, -3, -2, -1, 0, 1, 2, 3, 4};
	struct model m, want;
	size_t n = sizeof bounds / sizeof bounds[0];

	enumerate(source, false, &m);
	for (int axis = 0; axis < m.ndim; axis++)
	for (size_t i = 0; i < n; i++)
	for (size_t j = 0; j < n; j++)
	for (ptrdiff_t step = -3; step <= 3; step++) {
		ptrdiff_t at[EXTENT], index[AXES] = {0}, start = bounds[i], stop = bounds[j];
		struct nd_geom got;

		if (step == 0)
			continue;
		same_shape(&m, &want);
		want.shape[axis] = positions(m.shape[axis], start, stop, step, at);
		want.size = product(m.ndim, want.shape);
		for (int e = 0; e < want.size; e++, next(m.ndim, want.shape, false, index)) {
			ptrdiff_t from[AXES];

			memcpy(from, index, sizeof from);
			from[axis] = at[index[axis]];
			want.address[e] = model_at(&m, from);
		}
		assert_int_equal(nd_geom_slice(source, (i + j) % 2 ? axis : axis - m.ndim, start == NONE ? ND_SLICE_NONE : start,
		                               stop == NONE ? ND_SLICE_NONE : stop, step, &got), ND_OK);
		check("slice", source, &got, &want);
	}
}

static void indices(const struct nd_geom *source)
{
	struct model m, want;
	struct nd_geom got;

	enumerate(source, false, &m);
	for (int axis = 0; axis < m.ndim; axis++) {
		ptrdiff_t extent = m.shape[axis];

		for (ptrdiff_t i = -extent; i < extent; i++) {
			ptrdiff_t index[AXES] = {0};

			same_shape(&m, &want);
			want.ndim--;
			for (int k = axis; k < want.ndim; k++)
				want.shape[k] = m.shape[k + 1];
			want.size = product(want.ndim, want.shape);
			for (int e = 0; e < want.size; e++, next(want.ndim, want.shape, false, index)) {
				ptrdiff_t from[AXES];

				for (int k = 0; k < m.ndim; k++)
					from[k] = k == axis ? (i + extent) % extent : index[k - (k > axis)];
				want.address[e] = model_at(&m, from);
			}
			assert_int_equal(nd_geom_index(source, axis, i, &got), ND_OK);
			check("index", source, &got, &want);
		}
		assert_int_equal(nd_geom_index(source, axis, extent, &got), ND_EBOUNDS);
		assert_int_equal(nd_geom_index(source, axis, -extent - 1, &got), ND_EBOUNDS);
	}
}

static void transposes(const struct nd_geom *source)
{
	int axes[AXES] = {0, 1, 2, 3};
	struct model m, want;
	struct nd_geom got;

	enumerate(source, false, &m);
	do {
		ptrdiff_t index[AXES] = {0};
		bool reversed = true;

		same_shape(&m, &want);
		for (int k = 0; k < m.ndim; k++) {
			want.shape[k] = m.shape[axes[k]];
			reversed = reversed && axes[k] == m.ndim - 1 - k;
		}
		for (int e = 0; e < want.size; e++, next(m.ndim, want.shape, false, index)) {
			ptrdiff_t from[AXES];

			for (int k = 0; k < m.ndim; k++)
				from[axes[k]] = index[k];
			want.address[e] = model_at(&m, from);
		}
		assert_int_equal(nd_geom_transpose(source, axes, &got), ND_OK);
		check("transpose", source, &got, &want);
		if (reversed) {
			assert_int_equal(nd_geom_transpose(source, NULL, &got), ND_OK);
			check("T", source, &got, &want);
		}
	} while (next_order(m.ndim, axes));
}

static void ones(const struct nd_geom *source)
{
	struct model m, want;
	struct nd_geom got, back;

	enumerate(source, false, &m);
	for (int axis = 0; axis <= m.ndim; axis++) {
		/* The order of the addresses stays: only the shape changes. */
		want = m;
		want.ndim++;
		for (int k = want.ndim - 1; k > axis; k--)
			want.shape[k] = m.shape[k - 1];
		want.shape[axis] = 1;
		assert_int_equal(nd_geom_newaxis(source, axis - want.ndim, &got), ND_OK);
		check("newaxis", source, &got, &want);
		assert_int_equal(got.strides[axis], 0);
		assert_int_equal(nd_geom_expand_dims(source, axis, &got), ND_OK);
		check("expand_dims", source, &got, &want);
		back = got;
		assert_int_equal(nd_geom_squeeze(&back, axis - want.ndim, &back), ND_OK);
		check("squeeze", &got, &back, &m);
	}
	for (int axis = 0; axis < m.ndim; axis++)
		assert_int_equal(nd_geom_squeeze(source, axis, &got), m.shape[axis] == 1 ? ND_OK : ND_EINVAL);
}

static void broadcasts(const struct nd_geom *source)
{
	struct model m, want;

	enumerate(source, false, &m);
	for (int extra = 0; extra <= 1; extra++) {
		ptrdiff_t extents[AXES + 1] = {4, 4, 4, 4, 4}, shape[AXES + 1] = {0};

		want.ndim = m.ndim + extra;
		do {
			bool fits = true;
			ptrdiff_t index[AXES + 1] = {0};
			struct nd_geom got;
			int status = nd_geom_broadcast_to(source, want.ndim, shape, &got);

			memcpy(want.shape, shape, sizeof shape);
			want.size = product(want.ndim, shape);
			for (int k = 0; k < m.ndim; k++)
				fits = fits && (m.shape[k] == 1 || m.shape[k] == shape[k + extra]);
			assert_int_equal(status, fits ? ND_OK : ND_ESHAPE);
			for (int e = 0; fits && e < want.size; e++, next(want.ndim, shape, false, index)) {
				ptrdiff_t from[AXES];

				for (int k = 0; k < m.ndim; k++)
					from[k] = m.shape[k] == 1 ? 0 : index[k + extra];
				want.address[e] = model_at(&m, from);
			}
			if (fits)
				check("broadcast_to", source, &got, &want);
		} while (next(want.ndim, extents, false, shape));
	}
}

static void windows(const struct nd_geom *source)
{
	struct model m, want;
	struct nd_geom got;

	enumerate(source, false, &m);
	for (int axis = 0; axis < m.ndim; axis++) {
		for (ptrdiff_t window = 1; window <= m.shape[axis]; window++) {
			ptrdiff_t index[AXES + 1] = {0};

			same_shape(&m, &want);
			want.ndim++;
			want.shape[axis] = m.shape[axis] - window + 1;
			want.shape[m.ndim] = window;
			want.size = product(want.ndim, want.shape);
			for (int e = 0; e < want.size; e++, next(want.ndim, want.shape, false, index)) {
				ptrdiff_t from[AXES];

				memcpy(from, index, sizeof from);
				from[axis] += index[m.ndim];
				want.address[e] = model_at(&m, from);
			}
			assert_int_equal(nd_geom_sliding_window_view(source, axis, window, &got), ND_OK);
			check("sliding_window_view", source, &got, &want);
		}
		assert_int_equal(nd_geom_sliding_window_view(source, axis, 0, &got), ND_EINVAL);
		assert_int_equal(nd_geom_sliding_window_view(source, axis, m.shape[axis] + 1, &got), ND_EINVAL);
	}
}

/* A source is itself what as_strided should make; one byte less of buffer is one too few. */
static void strided(const struct nd_geom *source)
{
	struct nd_geom first = {.itemsize = ITEMSIZE, .offset = source->offset}, got;
	struct model m;
	ptrdiff_t end = 0;

	enumerate(source, false, &m);
	for (int i = 0; i < m.size; i++)
		end = m.address[i] + ITEMSIZE > end ? m.address[i] + ITEMSIZE : end;
	assert_int_equal(nd_geom_as_strided(&first, m.ndim, source->shape, source->strides, end, &got), ND_OK);
	check("as_strided", source, &got, &m);
	if (m.size > 0) {
		assert_int_equal(nd_geom_as_strided(&first, m.ndim, source->shape, source->strides, end - 1, &got), ND_EBOUNDS);
		for (int i = 0; i < m.size; i++) {
			if (m.address[i] < first.offset) {
				first.offset -= ITEMSIZE; /* the lowest was at 0 */
				assert_int_equal(nd_geom_as_strided(&first, m.ndim, source->shape, source->strides, end, &got),
				                 ND_EBOUNDS);
				break;
			}
		}
	}
}

/* ---- reshape ---- */

static ptrdiff_t targets[MAX_SIZE + 1][MAX_TARGETS][AXES];
static int target_ndim[MAX_SIZE + 1][MAX_TARGETS], target_count[MAX_SIZE + 1];

static void add_target(int size, int ndim, const ptrdiff_t *shape)
{
	int n = target_count[size]++;

	assert_true(n < MAX_TARGETS);
	target_ndim[size][n] = ndim;
	memcpy(targets[size][n], shape, (size_t)ndim * sizeof *shape);
}

/* Every way to go on after ndim axes, with `rest` elements left to spread. */
static void add_targets(int size, int rest, int ndim, ptrdiff_t *shape)
{
	if (rest == 1)
		add_target(size, ndim, shape);
	for (int extent = 1; ndim < AXES && extent <= rest; extent++) {
		if (rest % extent)
			continue;
		shape[ndim] = extent;
		add_targets(size, rest / extent, ndim + 1, shape);
	}
}

/* For each size that a source has, all shapes of up to 4 axes; for size 0, those with extents up to 3. */
static void find_targets(void)
{
	for (int ndim = 0; ndim <= AXES; ndim++) {
		ptrdiff_t extents[AXES] = {EXTENT + 1, EXTENT + 1, EXTENT + 1, EXTENT + 1}, shape[AXES] = {0}, target[AXES];

		do {
			int size = product(ndim, shape);

			if (size == 0)
				add_target(size, ndim, shape);
			else if (target_count[size] == 0)
				add_targets(size, size, 0, target);
		} while (next(ndim, extents, false, shape));
	}
}

/* Can any strides at all express the addresses under this shape? Those of the unit steps are the only candidates. */
static bool expressible(const struct model *m, int ndim, const ptrdiff_t *shape, bool fortran)
{
	ptrdiff_t strides[AXES], index[AXES] = {0}, number = 1;

	for (int n = 0; n < ndim; n++) {
		int k = fortran ? n : ndim - 1 - n;

		strides[k] = shape[k] > 1 ? m->address[number] - m->address[0] : 0;
		number *= shape[k];
	}
	for (int e = 0; e < m->size; e++, next(ndim, shape, fortran, index)) {
		ptrdiff_t at = m->address[0];

		for (int k = 0; k < ndim; k++)
			at += strides[k] * index[k];
		if (at != m->address[e])
			return false;
	}
	return true;
}

static void reshape_to(const struct nd_geom *source, const struct model *m, int ndim, const ptrdiff_t *shape, bool fortran)
{
	int want = expressible(m, ndim, shape, fortran) ? ND_OK : ND_NEEDS_COPY;
	struct nd_geom got = {.ndim = 0};
	int status = nd_geom_reshape_order(source, ndim, shape, fortran, &got);
	bool same = status == want;

	if (same && status == ND_OK) {
		struct model visited;

		enumerate(&got, fortran, &visited);
		same = got.ndim == ndim && visited.size == m->size && memcmp(got.shape, shape, (size_t)ndim * sizeof *shape) == 0 &&
		       memcmp(visited.address, m->address, (size_t)m->size * sizeof m->address[0]) == 0;
	}
	if (!same) {
		print_geom("source", source);
		print_error("%s order, status %d, expected %d, shape", fortran ? "F" : "C", status, want);
		for (int k = 0; k < ndim; k++)
			print_error(" %td", shape[k]);
		print_geom("\nresult", &got);
		fail();
	}
}

static void reshapes(const struct nd_geom *source)
{
	struct model c, f;

	enumerate(source, false, &c);
	enumerate(source, true, &f);
	for (int t = 0; t < target_count[c.size]; t++) {
		reshape_to(source, &c, target_ndim[c.size][t], targets[c.size][t], false);
		reshape_to(source, &f, target_ndim[c.size][t], targets[c.size][t], true);
	}
}

static void unknown_extents(const struct nd_geom *source)
{
	int size = product(source->ndim, source->shape);
	ptrdiff_t other[1] = {size + 1}, out[AXES];
	struct nd_geom with, without;

	assert_int_equal(nd_geom_reshape(source, 1, other, &with), ND_ESHAPE);
	for (int t = 0; t < target_count[size]; t++) {
		for (int k = 0; k < target_ndim[size][t]; k++) {
			ptrdiff_t shape[AXES];
			int ndim = target_ndim[size][t], status = nd_geom_reshape(source, ndim, targets[size][t], &without);

			memcpy(shape, targets[size][t], sizeof shape);
			shape[k] = 1;
			if (product(ndim, shape) == 0)
				status = ND_ESHAPE;
			shape[k] = -1;
			assert_int_equal(nd_geom_reshape(source, ndim, shape, &with), status);
			/* Strides that no element uses may differ. */
			for (int i = 0; status == ND_OK && size > 0 && i < ndim; i++)
				if (with.shape[i] != 1)
					assert_int_equal(with.strides[i], without.strides[i]);
			if (status != ND_ESHAPE) {
				assert_int_equal(nd_geom_reshape_shape(source, ndim, shape, out), ND_OK);
				assert_memory_equal(out, targets[size][t], (size_t)ndim * sizeof out[0]);
			}
		}
	}
}

/* Up to three axes with any small strides, most of which no slice would make. */
static void reshape_odd_strides(void **state)
{
	static const ptrdiff_t strides[] = {-6, -2, -1, 0, 1, 2, 3, 4, 6, 9};
	ptrdiff_t n = sizeof strides / sizeof strides[0];

	(void)state;
	for (int ndim = 1; ndim <= 3; ndim++) {
		ptrdiff_t extents[] = {EXTENT + 1, EXTENT + 1, EXTENT + 1}, choices[] = {n, n, n}, shape[3] = {0}, choice[3] = {0};

		do {
			if (product(ndim, shape) == 0)
				continue;
			do {
				struct nd_geom g = {.ndim = ndim, .itemsize = 1, .offset = 100};

				for (int k = 0; k < ndim; k++) {
					g.shape[k] = shape[k];
					g.strides[k] = strides[choice[k]];
				}
				check_answers(&g);
				reshapes(&g);
			} while (next(ndim, choices, false, choice));
		} while (next(ndim, extents, false, shape));
	}
}

/* ---- facts recorded from NumPy 1.24.2 ---- */

static void strides_are(const struct nd_geom *g, int ndim, const ptrdiff_t *strides)
{
	assert_int_equal(g->ndim, ndim);
	for (int k = 0; k < ndim; k++)
		assert_int_equal(g->strides[k], strides[k]);
}
#define STRIDES(g, ...) \
	strides_are(g, (int)(sizeof(ptrdiff_t[]){__VA_ARGS__} / sizeof(ptrdiff_t)), (ptrdiff_t[]){__VA_ARGS__})
#define SHAPE(...) (int)(sizeof(ptrdiff_t[]){__VA_ARGS__} / sizeof(ptrdiff_t)), (ptrdiff_t[]){__VA_ARGS__}

static void numpy_strides(void **state)
{
	struct nd_geom a, even_rows, even_columns, empty, g;
	const ptrdiff_t none = ND_SLICE_NONE;

	(void)state;
	nd_geom_init(&a, SHAPE(4, 6), 8);
	STRIDES(&a, 48, 8);
	nd_geom_init(&empty, SHAPE(2, 0, 3), 8);
	STRIDES(&empty, 0, 0, 0);
	nd_geom_reshape(&empty, SHAPE(3, 0), &g);
	STRIDES(&g, 8, 8);
	nd_geom_reshape_order(&empty, SHAPE(3, 0, 2), true, &g);
	STRIDES(&g, 8, 24, 24);
	nd_geom_slice(&a, 0, none, none, 2, &even_rows);
	nd_geom_slice(&a, 1, none, none, 2, &even_columns);
	nd_geom_reshape(&even_rows, SHAPE(1, 2, 1, 6, 1), &g);
	STRIDES(&g, 192, 96, 48, 8, 8);
	nd_geom_reshape_order(&even_rows, SHAPE(1, 2, 1, 6, 1), true, &g);
	STRIDES(&g, 96, 96, 8, 8, 48);
	nd_geom_reshape_order(&even_columns, SHAPE(1, 4, 1, 3, 1, 1), true, &g);
	STRIDES(&g, 48, 48, 16, 16, 48, 48);
	nd_geom_reshape(&even_columns, SHAPE(-1), &g);
	STRIDES(&g, 16);
	assert_int_equal(nd_geom_reshape(&even_rows, SHAPE(-1), &g), ND_NEEDS_COPY);

	nd_geom_init(&a, SHAPE(10), 8);
	nd_geom_slice(&a, 0, 5, 2, 3, &g);
	STRIDES(&g, 8);
	assert_int_equal(g.offset, 0);
	nd_geom_slice(&a, 0, none, none, (ptrdiff_t)1 << 40, &g);
	STRIDES(&g, (ptrdiff_t)8 << 40);
	nd_geom_slice(&a, 0, none, none, 2, &even_columns);
	nd_geom_expand_dims(&even_columns, 0, &g);
	STRIDES(&g, 80, 16);
	nd_geom_expand_dims(&even_columns, 1, &g);
	STRIDES(&g, 16, 16);
	nd_geom_newaxis(&even_columns, 0, &g);
	STRIDES(&g, 0, 16);
	nd_geom_slice(&a, 0, 0, 2, 2, &g);
	STRIDES(&g, 16);
	nd_geom_reshape(&g, SHAPE(1), &even_columns);
	STRIDES(&even_columns, 16);
	nd_geom_reshape(&g, SHAPE(-1), &even_columns);
	STRIDES(&even_columns, 8);

	nd_geom_init(&a, SHAPE(1, 3), 8);
	nd_geom_broadcast_to(&a, SHAPE(1, 3), &g);
	STRIDES(&g, 0, 8);
	nd_geom_broadcast_to(&a, SHAPE(0, 3), &g);
	STRIDES(&g, 0, 8);
}

/* ---- refusals ---- */

static void refusals(void **state)
{
	const ptrdiff_t huge = (ptrdiff_t)1 << 40, many[ND_GEOM_MAXDIMS + 1] = {1}, none = ND_SLICE_NONE;
	struct nd_geom a, full, scalar, g = {.ndim = 77};
	ptrdiff_t shape[ND_GEOM_MAXDIMS], ones_shape[ND_GEOM_MAXDIMS + 1];
	int ndim;

	(void)state;
	for (int k = 0; k <= ND_GEOM_MAXDIMS; k++)
		ones_shape[k] = 1;
	assert_int_equal(nd_geom_init(&a, SHAPE(2, 3), 8), ND_OK);
	assert_int_equal(nd_geom_init(&scalar, 0, NULL, 8), ND_OK);
	assert_int_equal(nd_geom_init(&full, ND_GEOM_MAXDIMS, ones_shape, 8), ND_OK);

	assert_int_equal(nd_geom_init(&g, SHAPE(2, -1), 8), ND_EINVAL);
	assert_int_equal(nd_geom_init(&g, SHAPE(2, 3), 0), ND_EINVAL);
	assert_int_equal(nd_geom_init(&g, -1, many, 8), ND_EINVAL);
	assert_int_equal(nd_geom_init(&g, ND_GEOM_MAXDIMS + 1, many, 8), ND_EDIMS);
	assert_int_equal(nd_geom_init(&g, SHAPE(huge, huge), 8), ND_EOVERFLOW);
	assert_int_equal(nd_geom_init(&g, SHAPE(huge, 0, huge), 8), ND_EOVERFLOW);
	assert_int_equal(nd_geom_init(&g, SHAPE(PTRDIFF_MAX / 8 + 1), 8), ND_EOVERFLOW);
	assert_int_equal(nd_geom_slice(&a, 0, none, none, 0, &g), ND_EINVAL);
	assert_int_equal(nd_geom_slice(&a, 2, none, none, 1, &g), ND_EINVAL);
	assert_int_equal(nd_geom_slice(&a, -3, none, none, 1, &g), ND_EINVAL);
	assert_int_equal(nd_geom_slice(&scalar, 0, none, none, 1, &g), ND_EINVAL);
	assert_int_equal(nd_geom_index(&a, 1, 3, &g), ND_EBOUNDS);
	assert_int_equal(nd_geom_index(&a, 1, PTRDIFF_MIN, &g), ND_EBOUNDS);
	assert_int_equal(nd_geom_index(&a, 2, 0, &g), ND_EINVAL);
	assert_int_equal(nd_geom_transpose(&a, (int[]){0, 0}, &g), ND_EINVAL);
	assert_int_equal(nd_geom_transpose(&a, (int[]){0, -2}, &g), ND_EINVAL);
	assert_int_equal(nd_geom_transpose(&a, (int[]){0, 2}, &g), ND_EINVAL);
	assert_int_equal(nd_geom_squeeze(&a, 0, &g), ND_EINVAL);
	assert_int_equal(nd_geom_squeeze(&full, ND_GEOM_MAXDIMS, &g), ND_EINVAL);
	assert_int_equal(nd_geom_newaxis(&full, 0, &g), ND_EDIMS);
	assert_int_equal(nd_geom_expand_dims(&full, 0, &g), ND_EDIMS);
	assert_int_equal(nd_geom_expand_dims(&a, 3, &g), ND_EINVAL);
	assert_int_equal(nd_geom_sliding_window_view(&full, 0, 1, &g), ND_EDIMS);
	assert_int_equal(nd_geom_broadcast_to(&a, SHAPE(3), &g), ND_ESHAPE);
	assert_int_equal(nd_geom_broadcast_to(&a, SHAPE(-1, 2, 3), &g), ND_EINVAL);
	assert_int_equal(nd_geom_broadcast_to(&a, ND_GEOM_MAXDIMS + 1, ones_shape, &g), ND_EDIMS);
	assert_int_equal(nd_geom_broadcast_to(&scalar, SHAPE(huge, huge), &g), ND_EOVERFLOW);
	assert_int_equal(nd_geom_reshape(&a, SHAPE(-1, -1), &g), ND_EINVAL);
	assert_int_equal(nd_geom_reshape(&a, SHAPE(-2, 3), &g), ND_EINVAL);
	assert_int_equal(nd_geom_reshape(&a, SHAPE(4, -1), &g), ND_ESHAPE);
	assert_int_equal(nd_geom_reshape(&a, SHAPE(0, -1), &g), ND_ESHAPE);
	assert_int_equal(nd_geom_reshape(&a, SHAPE(huge, huge), &g), ND_EOVERFLOW);
	assert_int_equal(nd_geom_reshape(&a, -1, ones_shape, &g), ND_EINVAL);
	assert_int_equal(nd_geom_reshape(&a, ND_GEOM_MAXDIMS + 1, ones_shape, &g), ND_EDIMS);
	assert_int_equal(nd_geom_reshape_shape(&a, SHAPE(-1, -1), shape), ND_EINVAL);
	assert_int_equal(nd_geom_as_strided(&a, 1, (ptrdiff_t[]){2}, (ptrdiff_t[]){-8}, 48, &g), ND_EBOUNDS);
	assert_int_equal(nd_geom_as_strided(&a, 1, (ptrdiff_t[]){2}, (ptrdiff_t[]){41}, 48, &g), ND_EBOUNDS);
	assert_int_equal(nd_geom_as_strided(&a, 1, (ptrdiff_t[]){3}, (ptrdiff_t[]){PTRDIFF_MAX}, PTRDIFF_MAX, &g), ND_EBOUNDS);
	assert_int_equal(nd_geom_as_strided(&a, 2, (ptrdiff_t[]){3, 3}, (ptrdiff_t[]){PTRDIFF_MAX / 2, -(PTRDIFF_MAX / 2)}, 48, &g),
	                 ND_EBOUNDS);
	assert_int_equal(nd_geom_as_strided(&a, 1, (ptrdiff_t[]){-1}, (ptrdiff_t[]){8}, 48, &g), ND_EINVAL);
	assert_int_equal(nd_geom_as_strided(&a, 2, (ptrdiff_t[]){huge, huge}, (ptrdiff_t[]){0, 0}, 48, &g), ND_EOVERFLOW);
	assert_int_equal(nd_geom_as_strided(&a, ND_GEOM_MAXDIMS + 1, ones_shape, ones_shape, 48, &g), ND_EDIMS);
	assert_int_equal(g.ndim, 77); /* none of these wrote a result */

	/* An empty array may have any strides; so may an axis of one element. */
	assert_int_equal(nd_geom_as_strided(&a, 2, (ptrdiff_t[]){0, 5}, (ptrdiff_t[]){7, huge}, 48, &g), ND_OK);
	assert_int_equal(nd_geom_as_strided(&a, 1, (ptrdiff_t[]){1}, (ptrdiff_t[]){PTRDIFF_MIN}, 48, &g), ND_OK);
	/* Slices clip whatever they are given. */
	assert_int_equal(nd_geom_slice(&a, 1, PTRDIFF_MIN + 1, PTRDIFF_MAX, PTRDIFF_MAX, &g), ND_OK);
	assert_int_equal(g.shape[1], 1);
	assert_int_equal(nd_geom_slice(&a, 1, PTRDIFF_MAX, PTRDIFF_MIN + 1, PTRDIFF_MIN + 1, &g), ND_OK);
	assert_int_equal(g.shape[1], 1);
	assert_int_equal(g.offset, 16);
	assert_int_equal(nd_geom_slice(&a, 1, none, none, none, &g), ND_OK);
	assert_int_equal(g.shape[1], 3);

	assert_int_equal(nd_geom_init(&g, SHAPE(2, 1), 8), ND_OK);
	assert_int_equal(nd_geom_broadcast_shape(&g, &a, &ndim, shape), ND_OK);
	assert_int_equal(ndim, 2);
	assert_int_equal(shape[1], 3);
	assert_int_equal(nd_geom_init(&g, SHAPE(3, 2), 8), ND_OK);
	assert_int_equal(nd_geom_broadcast_shape(&g, &a, &ndim, shape), ND_ESHAPE);
	assert_int_equal(nd_geom_init(&g, SHAPE(huge, 1), 8), ND_OK);
	assert_int_equal(nd_geom_init(&a, SHAPE(1, huge), 8), ND_OK);
	assert_int_equal(nd_geom_broadcast_shape(&g, &a, &ndim, shape), ND_EOVERFLOW);

	for (int status = ND_ENOMEM; status <= ND_TOO_HARD; status++)
		assert_string_not_equal(nd_strstatus(status), "unknown status");
	assert_string_equal(nd_strstatus(99), "unknown status");
}

static void contiguous_init(const struct nd_geom *source)
{
	struct nd_geom g;
	struct model want;

	want.ndim = source->ndim;
	memcpy(want.shape, source->shape, sizeof want.shape);
	want.size = product(source->ndim, source->shape);
	for (int i = 0; i < want.size; i++)
		want.address[i] = i * ITEMSIZE;
	assert_int_equal(nd_geom_init(&g, source->ndim, source->shape, ITEMSIZE), ND_OK);
	check("init", &g, &g, &want);
}

/* Two geometries against each other's shape; check with broadcast_to, which is checked above. */
static struct nd_geom left;
static void with_left(const struct nd_geom *right)
{
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	struct nd_geom g;
	int ndim, status = nd_geom_broadcast_shape(&left, right, &ndim, shape);
	int longer = left.ndim > right->ndim ? left.ndim : right->ndim;
	ptrdiff_t extents[AXES] = {4, 4, 4, 4}, any[AXES] = {0};
	bool possible = false;

	if (status == ND_OK) {
		assert_int_equal(ndim, longer);
		assert_int_equal(nd_geom_broadcast_to(&left, ndim, shape, &g), ND_OK);
		assert_int_equal(nd_geom_broadcast_to(right, ndim, shape, &g), ND_OK);
		return;
	}
	assert_int_equal(status, ND_ESHAPE);
	do {
		possible = nd_geom_broadcast_to(&left, longer, any, &g) == ND_OK &&
		           nd_geom_broadcast_to(right, longer, any, &g) == ND_OK;
	} while (!possible && next(longer, extents, false, any));
	assert_false(possible);
}

static void common_shapes(void **state)
{
	static const ptrdiff_t lefts[][3] = {{1, 1, 1}, {2, 1, 3}, {1, 3, 2}, {0, 1, 1}, {3, 3, 3}, {1, 0, 2}};

	(void)state;
	for (size_t i = 0; i < sizeof lefts / sizeof lefts[0]; i++)
		for (int ndim = 0; ndim <= 3; ndim++) {
			assert_int_equal(nd_geom_init(&left, ndim, lefts[i], ITEMSIZE), ND_OK);
			for_sources(true, with_left);
		}
}

static void all_init(void **state) { (void)state; for_sources(true, contiguous_init); }
static void all_answers(void **state) { (void)state; for_sources(false, check_answers); }
static void all_slices(void **state) { (void)state; for_sources(true, slices); }
static void all_indices(void **state) { (void)state; for_sources(false, indices); }
static void all_transposes(void **state) { (void)state; for_sources(true, transposes); }
static void all_ones(void **state) { (void)state; for_sources(false, ones); }
static void all_broadcasts(void **state) { (void)state; for_sources(true, broadcasts); }
static void all_windows(void **state) { (void)state; for_sources(false, windows); }
static void all_strided(void **state) { (void)state; for_sources(false, strided); }
static void all_reshapes(void **state) { (void)state; for_sources(false, reshapes); }
static void all_unknown_extents(void **state) { (void)state; for_sources(true, unknown_extents); }

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_init),
		cmocka_unit_test(all_answers),
		cmocka_unit_test(all_slices),
		cmocka_unit_test(all_indices),
		cmocka_unit_test(all_transposes),
		cmocka_unit_test(all_ones),
		cmocka_unit_test(all_broadcasts),
		cmocka_unit_test(all_windows),
		cmocka_unit_test(all_strided),
		cmocka_unit_test(all_reshapes),
		cmocka_unit_test(all_unknown_extents),
		cmocka_unit_test(reshape_odd_strides),
		cmocka_unit_test(common_shapes),
		cmocka_unit_test(numpy_strides),
		cmocka_unit_test(refusals),
	};

	find_targets();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
