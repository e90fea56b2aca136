/* SPDX-License-Identifier: MIT */
/*
 * When does the walk come to a cell, and how often?
 *
 * A visit is a solution of sum(stride[k] * x[k]) == target with 0 <= x[k] < extent[k]; the bytes inside an element are one more axis. It is searched axis
 * by axis. Two things keep that short: what the later axes can add bounds x[k], and what they add is a multiple of their strides' greatest common divisor
 * g, so that x[k] is known modulo g / gcd(stride[k], g). For slices, transposes, windows and repeats that leaves one candidate an axis, or a row of
 * candidates of which each is a solution and which are counted without a look. Strides chosen to be hard meet the work limit.
 *
 * The first visit in C order is the lexicographically smallest solution: axes in the view's order, x[k] upwards. The number of solutions does not depend
 * on the order, and is found fastest with the longest strides first.
 */

#include "inspect/layout.h"

#include <stdlib.h>
#include <string.h>

typedef __int128 wide; /* products of two 63-bit numbers */

static int64_t gcd(int64_t a, int64_t b)
{
	a = a < 0 ? -a : a;
	b = b < 0 ? -b : b;
	while (b) {
		int64_t rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

/* x with a * x == 1 modulo m; a and m have no common divisor. */
static int64_t inverse(int64_t a, int64_t m)
{
	wide old = a % m, rest = m, x = 1, y = 0;
	if (old < 0)
		old += m;
	while (rest) {
		wide quotient = old / rest, next = old - quotient * rest, step = x - quotient * y;
		old = rest;
		rest = next;
		x = y;
		y = step;
	}
	x %= m;
	return (int64_t)(x < 0 ? x + m : x);
}

static wide floor_div(wide a, wide b) /* b > 0 */
{
	return a >= 0 ? a / b : -((-a + b - 1) / b);
}

static void add_axis(struct layout_axes *axes, int64_t stride, int64_t extent, int64_t weight)
{
	axes->stride[axes->count] = stride;
	axes->extent[axes->count] = extent;
	axes->weight[axes->count++] = weight;
}

/* What is asked of the later axes at each. */
static void prepare(struct layout_axes *axes)
{
	axes->low[axes->count] = axes->high[axes->count] = 0;
	axes->divisor[axes->count] = 0;
	for (int k = axes->count - 1; k >= 0; k--) {
		wide reach = (wide)axes->stride[k] * (axes->extent[k] - 1);
		axes->low[k] = axes->low[k + 1] + (reach < 0 ? reach : 0);
		axes->high[k] = axes->high[k + 1] + (reach > 0 ? reach : 0);
		axes->divisor[k] = gcd(axes->divisor[k + 1], axes->stride[k]);
		int64_t later = axes->divisor[k + 1], modulus = later && axes->divisor[k] ? later / axes->divisor[k] : 1;
		axes->inverse[k] = modulus > 1 ? inverse(axes->stride[k] / axes->divisor[k], modulus) : 0;
	}
}

static void sort_longest_first(struct layout_axes *axes)
{
	for (int i = 1; i < axes->count; i++)
		for (int j = i; j > 0 && llabs(axes->stride[j]) > llabs(axes->stride[j - 1]); j--) {
			int64_t stride = axes->stride[j], extent = axes->extent[j];
			axes->stride[j] = axes->stride[j - 1];
			axes->extent[j] = axes->extent[j - 1];
			axes->stride[j - 1] = stride;
			axes->extent[j - 1] = extent;
		}
}

void layout_visits_init(const struct nd_geom *geom, int64_t cell_bytes, struct layout_visits *out_visits)
{
	int64_t weight[ND_GEOM_MAXDIMS], size = 1;
	memset(out_visits, 0, sizeof *out_visits);
	out_visits->offset = geom->offset;
	out_visits->repeats = nd_geom_size(geom) > 0;
	for (int k = geom->ndim - 1; k >= 0; k--) {
		weight[k] = size;
		size *= geom->shape[k] > 0 ? geom->shape[k] : 1;
	}
	for (int k = 0; k < geom->ndim && out_visits->repeats > 0; k++) {
		if (geom->strides[k] == 0)
			out_visits->repeats *= geom->shape[k];
		else if (geom->shape[k] > 1)
			add_axis(&out_visits->walk, geom->strides[k], geom->shape[k], weight[k]);
	}
	if (geom->itemsize > cell_bytes)
		add_axis(&out_visits->walk, cell_bytes, geom->itemsize / cell_bytes, 0);
	out_visits->sorted = out_visits->walk;
	sort_longest_first(&out_visits->sorted);
	prepare(&out_visits->walk);
	prepare(&out_visits->sorted);
}

/* The values that x[k] may have: first, first + step, ..., last. False: none. */
static bool candidates(const struct layout_axes *axes, int k, wide target, int64_t *out_first, int64_t *out_last, int64_t *out_step)
{
	int64_t stride = axes->stride[k], later = axes->divisor[k + 1];
	wide least = target - axes->high[k + 1], most = target - axes->low[k + 1]; /* of stride * x */
	if (stride < 0) {
		wide swap = -least;
		least = -most;
		most = swap;
	}
	wide size = stride < 0 ? -(wide)stride : stride;
	wide first = -floor_div(-least, size), last = floor_div(most, size), step = 1;
	first = first < 0 ? 0 : first;
	last = last > axes->extent[k] - 1 ? axes->extent[k] - 1 : last;
	if (target % axes->divisor[k] != 0)
		return false;
	if (later) {
		step = later / axes->divisor[k];
		wide want = (target / axes->divisor[k]) % step * axes->inverse[k] % step;
		wide behind = (first - want) % step;
		if (behind < 0)
			behind += step;
		first += behind ? step - behind : 0;
	}
	if (first > last)
		return false;
	*out_first = (int64_t)first;
	*out_last = (int64_t)(first + (last - first) / step * step);
	*out_step = (int64_t)step;
	return true;
}

/* Is there a solution from axis k on? Then *visit grows by its number. */
static bool find_first(const struct layout_axes *axes, int k, wide target, long *work, int64_t *visit)
{
	int64_t first, last, step;
	if (k == axes->count)
		return target == 0;
	if (!candidates(axes, k, target, &first, &last, &step))
		return false;
	for (int64_t x = first; x <= last && *work > 0; x += step) {
		--*work;
		if (find_first(axes, k + 1, target - (wide)axes->stride[k] * x, work, visit)) {
			*visit += x * axes->weight[k];
			return true;
		}
		if (last - x < step)
			break;
	}
	return false;
}

static int64_t count_all(const struct layout_axes *axes, int k, wide target, long *work)
{
	int64_t first, last, step, count = 0;
	if (k == axes->count)
		return target == 0;
	if (!candidates(axes, k, target, &first, &last, &step))
		return 0;
	if (k >= axes->count - 2) /* the last axis can add any multiple of its stride in its bounds: each candidate is one solution */
		return (last - first) / step + 1;
	for (int64_t x = first; x <= last && *work > 0; x += step) {
		--*work;
		count += count_all(axes, k + 1, target - (wide)axes->stride[k] * x, work);
		if (last - x < step)
			break;
	}
	return count;
}

void layout_visit(const struct layout_visits *visits, long *work, struct drawing_cell *cell)
{
	wide target = (wide)cell->at - visits->offset;
	long left = *work < LAYOUT_WORK ? *work : LAYOUT_WORK, before = left;
	int64_t visit = 0, count = 0;
	bool found = false;
	cell->first = cell->count = 0;
	cell->hard = false;
	if (visits->repeats == 0)
		return;
	found = find_first(&visits->walk, 0, target, &left, &visit);
	if (left > 0 && found)
		count = count_all(&visits->sorted, 0, target, &left);
	*work -= before - left;
	cell->hard = left <= 0;
	if (cell->hard)
		return;
	cell->first = found ? visit + 1 : 0;
	cell->count = count * visits->repeats;
}
