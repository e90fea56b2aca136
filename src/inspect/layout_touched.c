/* SPDX-License-Identifier: MIT */
/*
 * How many different bytes does the view touch, and how many cache lines?
 *
 * The bytes are a sum of axes (stride, extent); those of an element are the axis (1, itemsize), stride 0 adds nothing, and a negative stride is a positive
 * one seen from its other end. Two axes (s, n) and (S, N) with S = q * s and q <= n are one: (s, q * (N - 1) + n). So rows become one run, and windows lose
 * their overlap. If each axis that is left steps over all that the shorter ones reach, the axes are nested: no two index tuples meet, the number of bytes is
 * the product of the extents, and the bytes come in order.
 *
 * Lines, nested: a block is all that the axes below k reach. The lines of n blocks are the sum of each one's, less one wherever a block begins in the line
 * in which the one before ended. Both depend only on where in its line a block begins, and that repeats after at most 64 blocks.
 *
 * What is not nested even then (strides 24 and 16, say) is counted in a bitmap if it is small, and bounded from above if not.
 */

#include "inspect/layout.h"

#include <stdlib.h>
#include <string.h>

enum { LINE = DRAWING_LINE, MOST_CELLS = 1 << 22, MOST_ELEMENTS = 1 << 21 };

struct axes {
	int count;
	int64_t stride[ND_GEOM_MAXDIMS + 1], extent[ND_GEOM_MAXDIMS + 1];
	int64_t reach[ND_GEOM_MAXDIMS + 1]; /* from the first to the last byte of a block of axes 0..k */
	int64_t memo[ND_GEOM_MAXDIMS + 1][LINE]; /* lines of such a block, by where it begins; 0: not known yet */
};

static void remove_axis(struct axes *axes, int at)
{
	axes->count--;
	for (int k = at; k < axes->count; k++) {
		axes->stride[k] = axes->stride[k + 1];
		axes->extent[k] = axes->extent[k + 1];
	}
}

static bool merge_two(struct axes *axes)
{
	for (int i = 0; i < axes->count; i++)
		for (int j = i + 1; j < axes->count; j++) {
			int64_t times = axes->stride[j] / axes->stride[i];
			if (axes->stride[j] % axes->stride[i] != 0 || times > axes->extent[i])
				continue;
			axes->extent[i] += times * (axes->extent[j] - 1);
			remove_axis(axes, j);
			return true;
		}
	return false;
}

/* Shortest stride first, merged. */
static void gather(const struct nd_geom *geom, struct axes *out_axes)
{
	memset(out_axes, 0, sizeof *out_axes);
	out_axes->stride[0] = 1;
	out_axes->extent[0] = geom->itemsize;
	out_axes->count = 1;
	for (int k = 0; k < geom->ndim; k++) {
		int64_t stride = geom->strides[k] < 0 ? -geom->strides[k] : geom->strides[k];
		if (geom->shape[k] <= 1 || stride == 0)
			continue;
		int at = out_axes->count++;
		for (; at > 1 && out_axes->stride[at - 1] > stride; at--) {
			out_axes->stride[at] = out_axes->stride[at - 1];
			out_axes->extent[at] = out_axes->extent[at - 1];
		}
		out_axes->stride[at] = stride;
		out_axes->extent[at] = geom->shape[k];
	}
	while (merge_two(out_axes))
		continue;
}

static bool is_nested(struct axes *axes)
{
	int64_t reach = 0;
	for (int k = 0; k < axes->count; k++) {
		if (axes->stride[k] <= reach)
			return false;
		reach += axes->stride[k] * (axes->extent[k] - 1);
		axes->reach[k] = reach;
	}
	return true;
}

/* Lines of a block of axes 0..k that begins at byte `phase` of a line. */
static int64_t lines_of(struct axes *axes, int k, int64_t phase)
{
	int64_t *memo = &axes->memo[k][phase];
	if (k == 0)
		return (phase + axes->extent[0] - 1) / LINE + 1;
	int64_t known = *memo;
	if (known > 0)
		return known;
	int64_t stride = axes->stride[k], n = axes->extent[k], period = 1, cycle = 0, total = 0;
	while (stride % LINE * period % LINE != 0)
		period *= 2;
	int64_t rest = n % period;
	for (int64_t x = 0; x < period && x < n; x++) {
		int64_t begin = (phase + stride % LINE * x) % LINE;
		int64_t lines = lines_of(axes, k - 1, begin) - ((begin + axes->reach[k - 1]) / LINE == (begin + stride) / LINE);
		cycle += lines;
		total += x < rest ? lines : 0;
	}
	total += n >= period ? cycle * (n / period) : 0;
	/* No block follows the last one. */
	int64_t begin = (phase + stride % LINE * ((n - 1) % period)) % LINE;
	total += (begin + axes->reach[k - 1]) / LINE == (begin + stride) / LINE;
	*memo = total;
	return total;
}

static int64_t floor_line(int64_t at)
{
	return at >= 0 ? at / LINE : -((-at + LINE - 1) / LINE);
}

/* Mark each element's cells. */
static int count_marks(const struct nd_geom *geom, int64_t cell_bytes, int64_t low, int64_t high, struct drawing_number *out_bytes,
                       struct drawing_number *out_lines)
{
	size_t ncells = (size_t)((high - low) / cell_bytes);
	unsigned char *marks = calloc(ncells, 1);
	ptrdiff_t index[ND_GEOM_MAXDIMS] = { 0 };
	int64_t last_line = 0, cells = 0, lines = 0;
	int k;
	if (!marks)
		return ND_ENOMEM;
	do {
		memset(marks + (nd_geom_at(geom, index) - low) / cell_bytes, 1, (size_t)(geom->itemsize / cell_bytes));
		for (k = geom->ndim - 1; k >= 0 && ++index[k] == geom->shape[k]; k--)
			index[k] = 0;
	} while (k >= 0);
	for (size_t i = 0; i < ncells; i++) {
		int64_t line = floor_line(low + (int64_t)i * cell_bytes);
		if (!marks[i])
			continue;
		lines += cells++ == 0 || line != last_line;
		last_line = line;
	}
	free(marks);
	*out_bytes = (struct drawing_number){ cells * cell_bytes, false };
	*out_lines = (struct drawing_number){ lines, false };
	return ND_OK;
}

int layout_touched(const struct nd_geom *geom, int64_t cell_bytes, struct drawing_number *out_bytes, struct drawing_number *out_lines)
{
	struct axes axes;
	ptrdiff_t low, high;
	*out_bytes = *out_lines = (struct drawing_number){ 0 };
	if (nd_geom_size(geom) == 0)
		return ND_OK;
	nd_geom_extent(geom, &low, &high);
	gather(geom, &axes);
	int64_t bytes = 1, lines = floor_line(high - 1) - floor_line(low) + 1;
	if (is_nested(&axes)) {
		for (int k = 0; k < axes.count; k++)
			bytes *= axes.extent[k];
		out_bytes->value = bytes;
		out_lines->value = lines_of(&axes, axes.count - 1, low - floor_line(low) * LINE);
		return ND_OK;
	}
	if ((high - low) / cell_bytes <= MOST_CELLS && nd_geom_size(geom) <= MOST_ELEMENTS)
		return count_marks(geom, cell_bytes, low, high, out_bytes, out_lines);
	for (int k = 0; k < axes.count; k++)
		if (__builtin_mul_overflow(bytes, axes.extent[k], &bytes))
			bytes = INT64_MAX;
	*out_bytes = (struct drawing_number){ bytes < high - low ? bytes : high - low, true };
	*out_lines = (struct drawing_number){ lines < out_bytes->value ? lines : out_bytes->value, true };
	return ND_OK;
}
