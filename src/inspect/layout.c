/* SPDX-License-Identifier: MIT */
/*
 * Choose what of a buffer is drawn, and look at each cell of that.
 *
 * A small buffer is drawn whole. Of a large one those lines are, in this order, until there are enough: its first and last, those where the view begins
 * and ends, those of the second element of each axis (where the walk jumps to), those of the last element of each axis, and those that follow where the
 * view begins. The grid keeps the head and the tail of each axis.
 */

#include "inspect/layout.h"

#include <stdlib.h>
#include <string.h>

enum { LINE = DRAWING_LINE };

static const int64_t farthest = INT64_MAX / 4; /* offsets may be added without a thought */

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t greatest(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t floor_line(int64_t at)
{
	return at >= 0 ? at / LINE : -((-at + LINE - 1) / LINE);
}

static int64_t gcd(int64_t a, int64_t b)
{
	return b == 0 ? (a < 0 ? -a : a) : gcd(b, a % b);
}

/* An element, unless something lies off the raster of elements. */
static int64_t find_cell_bytes(const struct nd_geom *geom, int64_t buffer_bytes)
{
	int64_t cell = gcd(gcd(geom->itemsize, LINE), geom->offset);
	for (int k = 0; k < geom->ndim; k++)
		if (geom->shape[k] > 1)
			cell = gcd(cell, geom->strides[k]);
	return gcd(cell, buffer_bytes);
}

/* ---- lines ---- */

struct choice {
	int64_t first, last; /* lines that there are */
	size_t count, most;
	int64_t *line; /* sorted */
};

static void choose(struct choice *choice, int64_t line)
{
	size_t at = choice->count;
	if (choice->count == choice->most || line < choice->first || line > choice->last)
		return;
	while (at > 0 && choice->line[at - 1] > line)
		at--;
	if (at > 0 && choice->line[at - 1] == line)
		return;
	memmove(choice->line + at + 1, choice->line + at, (choice->count - at) * sizeof *choice->line);
	choice->line[at] = line;
	choice->count++;
}

static void choose_lines(const struct nd_geom *geom, const struct drawing *drawing, struct choice *choice)
{
	if (choice->last - choice->first < (int64_t)choice->most) {
		for (int64_t line = choice->first; line <= choice->last; line++)
			choose(choice, line);
		return;
	}
	/* Then a part of them is enough. */
	choice->most = choice->most * 2 / 3;
	choose(choice, 0);
	choose(choice, choice->last);
	choose(choice, choice->first);
	choose(choice, floor_line(drawing->low));
	if (drawing->size > 0) {
		choose(choice, floor_line(drawing->high - 1));
		choose(choice, floor_line(geom->offset));
		for (int k = geom->ndim - 1; k >= 0; k--)
			if (geom->shape[k] > 1 && choice->count + 2 < choice->most)
				choose(choice, floor_line(geom->offset + geom->strides[k]));
		for (int k = geom->ndim - 1; k >= 0; k--)
			if (choice->count + 2 < choice->most)
				choose(choice, floor_line(geom->offset + geom->strides[k] * (geom->shape[k] - 1)));
	}
	int64_t near = floor_line(drawing->size > 0 ? geom->offset : 0);
	for (int64_t away = 1; choice->count < choice->most; away++) {
		choose(choice, near + away);
		choose(choice, near - away);
	}
}

static int draw_lines(const struct nd_geom *geom, const struct layout_limits *limits, const struct layout_visits *visits, long *work,
                      struct drawing *drawing)
{
	int64_t begin = least(0, drawing->low), end = greatest(drawing->buffer_bytes, drawing->high), cell_bytes = drawing->cell_bytes;
	if (end == begin)
		return ND_OK;
	struct choice choice = { .first = floor_line(begin), .last = floor_line(end - 1), .most = limits->lines };
	choice.line = calloc(limits->lines + 1, sizeof *choice.line);
	drawing->lines = calloc(limits->lines, sizeof *drawing->lines);
	drawing->cells = calloc(limits->lines * (size_t)(LINE / cell_bytes), sizeof *drawing->cells);
	if (!choice.line || !drawing->lines || !drawing->cells) {
		free(choice.line);
		return ND_ENOMEM;
	}
	choose_lines(geom, drawing, &choice);
	int64_t next = choice.first;
	for (size_t i = 0; i < choice.count; i++) {
		struct drawing_line *line = &drawing->lines[drawing->nlines++];
		*line = (struct drawing_line){ .line = choice.line[i], .skipped = choice.line[i] - next, .cell = drawing->ncells };
		drawing->skipped += line->skipped;
		next = choice.line[i] + 1;
		int64_t at = greatest(line->line * LINE, begin), stop = least(line->line * LINE + LINE, end);
		for (; at < stop; at += cell_bytes) {
			struct drawing_cell *cell = &drawing->cells[drawing->ncells++];
			cell->at = at;
			cell->outside = at < 0 || at >= drawing->buffer_bytes;
			layout_visit(visits, work, cell);
			drawing->most_count = greatest(drawing->most_count, cell->count);
		}
		line->ncells = drawing->ncells - line->cell;
	}
	free(choice.line);
	return ND_OK;
}

/* ---- the grid ---- */

/* 0 1 2 -1 9: head, what is left out, tail. */
static int64_t *pick(int64_t extent, size_t most, size_t *out_count)
{
	size_t count = extent <= (int64_t)most ? (size_t)extent : most, tail = most > 6 ? 2 : 1;
	int64_t *index = calloc(count + 1, sizeof *index);
	for (size_t i = 0; index && i < count; i++)
		index[i] = count == (size_t)extent || i + tail + 1 < count ? (int64_t)i : i + tail + 1 == count ? -1 : extent - (int64_t)(count - i);
	*out_count = count;
	return index;
}

static int64_t blocks_of(const struct nd_geom *geom)
{
	int64_t blocks = 1;
	for (int k = 0; k < geom->ndim - 2; k++)
		blocks *= geom->shape[k];
	return blocks;
}

static void draw_block(const struct nd_geom *geom, const struct layout_visits *visits, long *work, struct drawing *drawing, struct drawing_block *block)
{
	ptrdiff_t index[ND_GEOM_MAXDIMS] = { 0 };
	int lead = geom->ndim - 2;
	for (int k = 0; k < lead; k++)
		index[k] = block->lead[k];
	for (size_t row = 0; row < drawing->nrows; row++)
		for (size_t col = 0; col < drawing->ncols; col++) {
			struct drawing_cell *cell = &drawing->grid[block->cell + row * drawing->ncols + col];
			if (drawing->row_index[row] < 0 || drawing->col_index[col] < 0)
				continue;
			if (geom->ndim > 1)
				index[lead] = drawing->row_index[row];
			if (geom->ndim > 0)
				index[geom->ndim - 1] = drawing->col_index[col];
			cell->at = nd_geom_at(geom, index);
			cell->outside = cell->at < 0 || cell->at + geom->itemsize > drawing->buffer_bytes;
			layout_visit(visits, work, cell);
		}
}

static int draw_grid(const struct nd_geom *geom, const struct layout_limits *limits, const struct layout_visits *visits, long *work,
                     struct drawing *drawing)
{
	size_t nblocks;
	drawing->row_index = pick(geom->ndim > 1 ? geom->shape[geom->ndim - 2] : 1, limits->rows, &drawing->nrows);
	drawing->col_index = pick(geom->ndim > 0 ? geom->shape[geom->ndim - 1] : 1, limits->cols, &drawing->ncols);
	int64_t *block_index = pick(drawing->size > 0 ? blocks_of(geom) : 0, limits->blocks, &nblocks);
	size_t each = drawing->nrows * drawing->ncols;
	drawing->blocks = calloc(nblocks + 1, sizeof *drawing->blocks);
	drawing->grid = calloc(nblocks * each + 1, sizeof *drawing->grid);
	if (!drawing->row_index || !drawing->col_index || !block_index || !drawing->blocks || !drawing->grid) {
		free(block_index);
		return ND_ENOMEM;
	}
	int64_t next = 0;
	for (size_t i = 0; i < nblocks; i++) {
		if (block_index[i] < 0)
			continue;
		struct drawing_block *block = &drawing->blocks[drawing->nblocks];
		int64_t left = block_index[i];
		block->cell = drawing->nblocks++ * each;
		block->skipped = block_index[i] - next;
		next = block_index[i] + 1;
		for (int k = geom->ndim - 3; k >= 0; k--) {
			block->lead[k] = left % geom->shape[k];
			left /= geom->shape[k];
		}
		draw_block(geom, visits, work, drawing, block);
	}
	free(block_index);
	return ND_OK;
}

/* ---- all of it ---- */

static void begin_walk(const struct nd_geom *geom, struct drawing *drawing)
{
	ptrdiff_t index[ND_GEOM_MAXDIMS] = { 0 };
	int64_t count = least(drawing->size, DRAWING_WALK);
	while ((int64_t)drawing->nwalk < count) {
		drawing->walk[drawing->nwalk++] = nd_geom_at(geom, index);
		for (int k = geom->ndim - 1; k >= 0 && ++index[k] == geom->shape[k]; k--)
			index[k] = 0;
	}
}

static void describe(const struct nd_geom *geom, int64_t buffer_bytes, ptrdiff_t low, ptrdiff_t high, struct drawing *drawing)
{
	drawing->ndim = geom->ndim;
	for (int k = 0; k < geom->ndim; k++) {
		drawing->shape[k] = geom->shape[k];
		drawing->strides[k] = geom->strides[k];
	}
	drawing->offset = geom->offset;
	drawing->itemsize = geom->itemsize;
	drawing->size = nd_geom_size(geom);
	drawing->nbytes = nd_geom_nbytes(geom);
	drawing->buffer_bytes = buffer_bytes;
	drawing->buffer_lines = (buffer_bytes + LINE - 1) / LINE;
	drawing->low = drawing->size > 0 ? low : 0;
	drawing->high = drawing->size > 0 ? high : 0;
	drawing->cell_bytes = find_cell_bytes(geom, buffer_bytes);
	drawing->c_contiguous = nd_geom_c_contiguous(geom);
	drawing->f_contiguous = nd_geom_f_contiguous(geom);
	drawing->leaves_buffer = drawing->size > 0 && (low < 0 || high > buffer_bytes);
}

int layout_draw(const struct nd_geom *geom, int64_t buffer_bytes, const struct layout_limits *limits, struct drawing *out_drawing)
{
	struct drawing_said said = out_drawing->said;
	struct layout_visits visits;
	ptrdiff_t low, high;
	long work = 100L * LAYOUT_WORK;
	*out_drawing = (struct drawing){ .said = said };
	nd_geom_extent(geom, &low, &high);
	if (low < -farthest || high > farthest || buffer_bytes > farthest)
		return ND_EOVERFLOW;
	describe(geom, buffer_bytes, low, high, out_drawing);
	layout_visits_init(geom, out_drawing->cell_bytes, &visits);
	int status = layout_touched(geom, out_drawing->cell_bytes, &out_drawing->touched_bytes, &out_drawing->touched_lines);
	if (status == ND_OK)
		status = draw_lines(geom, limits, &visits, &work, out_drawing);
	if (status == ND_OK)
		status = draw_grid(geom, limits, &visits, &work, out_drawing);
	begin_walk(geom, out_drawing);
	if (status == ND_OK && !layout_words(geom, out_drawing))
		status = ND_ENOMEM;
	if (status != ND_OK)
		drawing_release(out_drawing);
	return status;
}
