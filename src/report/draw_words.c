/* SPDX-License-Identifier: MIT */
/* The words of a picture: what stands in a cell, and the numbers below. */

#include "report/draw.h"

#include "base/units.h"

#include <inttypes.h>

enum draw_heat draw_heat_of(const struct drawing_cell *cell)
{
	if (cell->outside)
		return DRAW_OUTSIDE;
	if (cell->hard)
		return DRAW_HARD;
	return cell->count > 1 ? DRAW_MANY : cell->count == 1 ? DRAW_ONCE : DRAW_NONE;
}

const char *draw_label(const struct drawing_cell *cell, char out[DRAW_LABEL])
{
	const char *mark = cell->outside ? "!" : "";
	if (cell->hard)
		snprintf(out, DRAW_LABEL, "%s?", mark);
	else if (cell->count == 0)
		snprintf(out, DRAW_LABEL, "%s", cell->outside ? "!" : ".");
	else if (cell->count == 1)
		snprintf(out, DRAW_LABEL, "%s%" PRId64, mark, cell->first);
	else
		snprintf(out, DRAW_LABEL, "%s%" PRId64 "x%" PRId64, mark, cell->first, cell->count);
	return out;
}

void draw_title(struct text *out, const struct drawing *drawing)
{
	const struct drawing_said *said = &drawing->said;
	text_addf(out, "%s%s%s", said->source ? said->source : "an array", said->what ? ": " : "", said->what ? said->what : "");
}

void draw_tuple(struct text *out, int count, const int64_t *numbers)
{
	text_add(out, "(");
	for (int k = 0; k < count; k++)
		text_addf(out, "%s%" PRId64, k ? ", " : "", numbers[k]);
	text_add(out, count == 1 ? ",)" : ")");
}

static const char *exactness(const struct drawing_number *number)
{
	return number->at_most ? "at most " : "";
}

static void add_array(struct text *out, const struct drawing *drawing)
{
	text_add(out, "shape ");
	draw_tuple(out, drawing->ndim, drawing->shape);
	text_add(out, ", strides ");
	draw_tuple(out, drawing->ndim, drawing->strides);
	text_addf(out, ", offset %" PRId64 ", itemsize %" PRId64, drawing->offset, drawing->itemsize);
	if (drawing->said.dtype)
		text_addf(out, " (%s)", drawing->said.dtype);
}

static void add_bytes(struct text *out, const struct drawing *drawing)
{
	char nbytes[UNITS_TEXT], touched[UNITS_TEXT], buffer[UNITS_TEXT];
	text_addf(out, "nbytes %s; touched %s%s; buffer kept alive %s", units_bytes((double)drawing->nbytes, nbytes), exactness(&drawing->touched_bytes),
	          units_bytes((double)drawing->touched_bytes.value, touched), units_bytes((double)drawing->buffer_bytes, buffer));
}

/* Touched bytes for each line that is fetched. Where both are bounds, their quotient is none. */
static void add_lines(struct text *out, const struct drawing *drawing)
{
	char touched[UNITS_TEXT], all[UNITS_TEXT];
	text_addf(out, "%s%s touched%s, the buffer has %s", exactness(&drawing->touched_lines), units_count((double)drawing->touched_lines.value, touched),
	          drawing->leaves_buffer ? " (with those outside)" : "", units_count((double)drawing->buffer_lines, all));
	if (drawing->touched_lines.value > 0 && !drawing->touched_lines.at_most && !drawing->touched_bytes.at_most) {
		/* To a tenth, by whole numbers: 64 B must not come out of 63.99. */
		int64_t useful = (int64_t)((__int128)drawing->touched_bytes.value * 10 / drawing->touched_lines.value);
		text_addf(out, "; of each %d B fetched, ", DRAWING_LINE);
		if (useful % 10)
			text_addf(out, "%" PRId64 ".%" PRId64, useful / 10, useful % 10);
		else
			text_addf(out, "%" PRId64, useful / 10);
		text_add(out, " B are of use");
	}
}

static void add_order(struct text *out, const struct drawing *drawing)
{
	bool c = drawing->c_contiguous, f = drawing->f_contiguous;
	text_add(out, c && f ? "C- and F-contiguous" : c ? "C-contiguous" : f ? "F-contiguous, not C" : "neither C- nor F-contiguous");
	if (drawing->steps)
		text_addf(out, "; steps %s", drawing->steps);
}

const char *draw_fact(struct text *out, const struct drawing *drawing, int which)
{
	static const struct {
		const char *name;
		void (*add)(struct text *out, const struct drawing *drawing);
	} facts[DRAW_FACTS] = { { "Array", add_array }, { "Bytes", add_bytes }, { "Lines", add_lines }, { "Walk", add_order } };
	facts[which].add(out, drawing);
	return facts[which].name;
}

void draw_buffer_head(struct text *out, const struct drawing *drawing)
{
	char bytes[UNITS_TEXT];
	text_addf(out, "Buffer: %s in cache lines of %d B", units_bytes((double)drawing->buffer_bytes, bytes), DRAWING_LINE);
}

void draw_grid_head(struct text *out, const struct drawing *drawing)
{
	text_add(out, "Array ");
	draw_tuple(out, drawing->ndim, drawing->shape);
	text_add(out, ": byte of each");
}

void draw_block_name(struct text *out, const struct drawing *drawing, const struct drawing_block *block)
{
	if (drawing->ndim < 3)
		return;
	text_add(out, "[");
	for (int k = 0; k < drawing->ndim - 2; k++)
		text_addf(out, "%s%" PRId64, k ? ", " : "", block->lead[k]);
	text_add(out, "]");
}

void draw_skipped(struct text *out, int64_t lines)
{
	char count[UNITS_TEXT], bytes[UNITS_TEXT];
	text_addf(out, "%s line%s (%s)", units_count((double)lines, count), lines == 1 ? "" : "s", units_bytes((double)lines * DRAWING_LINE, bytes));
}
