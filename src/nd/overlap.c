/* SPDX-License-Identifier: MIT */
/*
 * Do two arrays have a byte in common? As an equation, with every coefficient above zero.
 *
 * Count the bytes of one array upwards from its lowest, those of the other downwards from its highest. An axis of stride s then
 * adds |s| x, whatever its sign (where it has to run the other way, x stands for extent - 1 - index), and the bytes inside an
 * element are one more axis of stride 1 and extent itemsize:
 *
 *     low_a  + sum(|stride_a| x_a) + y_a  ==  byte  ==  high_b - 1 - sum(|stride_b| x_b) - y_b
 *
 * that is
 *
 *     sum(|stride_a| x_a) + sum(|stride_b| x_b) + y_a + y_b  ==  high_b - 1 - low_a
 *
 * with 0 <= x < extent and 0 <= y < itemsize. Axes of stride 0 or extent 1 add nothing. overlap_solve.c does the rest.
 *
 * One array meets itself if two different indices do, x and x'. With one counted upwards and the other downwards, z = x + x'
 * solves sum(|stride| z) == high - 1 - low with 0 <= z <= 2 (extent - 1). Where x == x' every z is extent - 1: this solution is
 * always there and does not count, and any other will do.
 *
 * Reference: NumPy, numpy/core/src/common/mem_overlap.c (solve_may_share_memory, solve_may_have_internal_overlap).
 */
#include "overlap.h"
#include "overlap_solve.h"

/* A candidate takes about 20 ns: 2 ms. */
enum { DEFAULT_WORK = 100000 };

/* Where an array's bytes lie: low..high-1. */
struct bounds {
	ptrdiff_t low, high;
};

static struct bounds bounds_of(const struct nd_geom *geom)
{
	struct bounds bounds;

	nd_geom_extent(geom, &bounds.low, &bounds.high);
	return bounds;
}

static bool meet_in_bounds(struct bounds a, struct bounds b)
{
	return a.low < a.high && b.low < b.high && a.low < b.high && b.low < a.high;
}

/* Bounds that no buffer has: nd_geom_extent() has clamped them, or may have. */
static bool beyond(struct bounds bounds)
{
	return bounds.low == PTRDIFF_MIN || bounds.high == PTRDIFF_MAX;
}

static bool counts(const struct nd_geom *geom, int axis)
{
	return geom->shape[axis] > 1 && geom->strides[axis] != 0;
}

/* One term for each axis that counts and one for the bytes of an element. Returns how many. */
static int add_terms(const struct nd_geom *geom, struct nd_term *terms)
{
	int n = 0;

	for (int k = 0; k < geom->ndim; k++) {
		ptrdiff_t stride = geom->strides[k];

		if (counts(geom, k))
			terms[n++] = (struct nd_term){.a = stride < 0 ? -stride : stride, .most = geom->shape[k] - 1};
	}
	terms[n++] = (struct nd_term){.a = 1, .most = geom->itemsize - 1};
	return n;
}

/* The index behind a solution's terms, which count upwards or downwards through the bytes. */
static void read_index(const struct nd_geom *geom, const struct nd_term *terms, bool upwards, ptrdiff_t *out_index)
{
	int n = 0;

	for (int k = 0; k < geom->ndim; k++) {
		out_index[k] = 0;
		if (!counts(geom, k))
			continue;
		out_index[k] = (geom->strides[k] > 0) == upwards ? terms[n].x : geom->shape[k] - 1 - terms[n].x;
		n++;
	}
}

/* `distance` is from the lowest byte of `up` to the highest of `down`. */
static enum nd_shares meet(const struct nd_geom *up, const struct nd_geom *down, ptrdiff_t distance, int64_t max_work,
                           ptrdiff_t *out_byte, ptrdiff_t *out_up_index, ptrdiff_t *out_down_index)
{
	struct nd_term terms[ND_SOLVE_MAXTERMS];
	int n_up = add_terms(up, terms);
	int n = n_up + add_terms(down, terms + n_up);
	enum nd_shares found = nd_solve(terms, n, distance, max_work);

	if (found == ND_SHARES_YES) {
		read_index(up, terms, true, out_up_index);
		read_index(down, terms + n_up, false, out_down_index);
		*out_byte = nd_geom_at(up, out_up_index) + terms[n_up - 1].x;
	}
	return found;
}

bool nd_geom_may_share_memory(const struct nd_geom *a, const struct nd_geom *b)
{
	return meet_in_bounds(bounds_of(a), bounds_of(b));
}

enum nd_shares nd_geom_shares_memory(const struct nd_geom *a, const struct nd_geom *b, int64_t max_work,
                                     struct nd_witness *out_witness)
{
	struct bounds in_a = bounds_of(a), in_b = bounds_of(b);
	ptrdiff_t a_up, b_up;
	bool a_fits, b_fits;
	struct nd_witness w; /* large: set where the answer is yes, and read there */
	enum nd_shares found;

	w.byte = 0;

	if (!meet_in_bounds(in_a, in_b))
		return ND_SHARES_NO;
	if (beyond(in_a) || beyond(in_b))
		return ND_SHARES_TOO_HARD;
	/* Both begin at one byte: no search. */
	if (a->offset == b->offset) {
		if (out_witness)
			*out_witness = (struct nd_witness){.byte = a->offset};
		return ND_SHARES_YES;
	}
	if (max_work == 0)
		max_work = DEFAULT_WORK;
	a_fits = !__builtin_sub_overflow(in_b.high - 1, in_a.low, &a_up);
	b_fits = !__builtin_sub_overflow(in_a.high - 1, in_b.low, &b_up);
	/* Either may count upwards. The shorter distance cuts off more. */
	if (a_fits && (!b_fits || a_up <= b_up))
		found = meet(a, b, a_up, max_work, &w.byte, w.a_index, w.b_index);
	else if (b_fits)
		found = meet(b, a, b_up, max_work, &w.byte, w.b_index, w.a_index);
	else
		found = ND_SHARES_TOO_HARD;
	if (found == ND_SHARES_YES && out_witness)
		*out_witness = w;
	return found;
}

/* Does every axis step over all that the axes of smaller strides cover? Then no two elements can meet. */
static bool nested(const struct nd_term *terms, int n)
{
	for (int k = 0; k < n; k++) {
		int64_t covered = 0;

		/* Of two equal strides each covers the other. An element's bytes are the term of stride 1. */
		for (int i = 0; i < n; i++)
			if (i != k && terms[i].a <= terms[k].a)
				covered += terms[i].a * terms[i].most;
		if (terms[k].most > 0 && terms[k].a <= covered)
			return false;
	}
	return true;
}

enum nd_shares nd_geom_overlaps_itself(const struct nd_geom *geom, int64_t max_work)
{
	struct nd_term terms[ND_SOLVE_MAXTERMS];
	struct bounds bounds = bounds_of(geom);
	ptrdiff_t distance;
	int n;

	if (nd_geom_size(geom) <= 1)
		return ND_SHARES_NO;
	for (int k = 0; k < geom->ndim; k++)
		if (geom->shape[k] > 1 && geom->strides[k] == 0)
			return ND_SHARES_YES;
	if (beyond(bounds) || __builtin_sub_overflow(bounds.high - 1, bounds.low, &distance))
		return ND_SHARES_TOO_HARD;
	n = add_terms(geom, terms);
	if (nested(terms, n))
		return ND_SHARES_NO;
	for (int k = 0; k < n; k++) {
		struct nd_term *t = &terms[k];

		t->x = t->most;
		/* Fits: what is not nested has another term, so that twice this extent is within the size. */
		t->most *= 2;
	}
	return nd_solve_other(terms, n, distance, max_work ? max_work : DEFAULT_WORK);
}
