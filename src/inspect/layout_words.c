/* SPDX-License-Identifier: MIT */
/* What a picture does not say by itself: the steps of the walk, and in words what is odd about the strides. */

#include "inspect/layout.h"

#include "base/text.h"
#include "base/units.h"

#include <inttypes.h>
#include <stdlib.h>

enum { MOST_RUNS = 6, MOST_JUMPS = 64, SHORT_RUN = 4 };

/* ---- the walk ---- */

struct run {
	int64_t step, times;
};

static void add_run(struct run *runs, size_t *count, int64_t step, int64_t times)
{
	if (*count > 0 && runs[*count - 1].step == step)
		runs[*count - 1].times += times;
	else if (*count <= MOST_RUNS)
		runs[(*count)++] = (struct run){ step, times };
}

/* Steps of the same length as runs: the last axis' own, then a jump, and so on. Returns false when some are left out. */
static bool find_runs(const struct nd_geom *geom, struct run *runs, size_t *out_count)
{
	struct nd_geom line;
	ptrdiff_t index[ND_GEOM_MAXDIMS] = { 0 }, whole = -1;
	*out_count = 0;
	if (nd_geom_reshape(geom, 1, &whole, &line) == ND_OK) {
		runs[(*out_count)++] = (struct run){ line.strides[0], line.shape[0] - 1 };
		return true;
	}
	int last = geom->ndim - 1;
	for (int jumps = 0; jumps < MOST_JUMPS && *out_count <= MOST_RUNS; jumps++) {
		int64_t jump = -(int64_t)geom->strides[last] * (geom->shape[last] - 1);
		int k = last - 1;
		if (geom->shape[last] > 1)
			add_run(runs, out_count, geom->strides[last], geom->shape[last] - 1);
		for (; k >= 0 && ++index[k] == geom->shape[k]; k--) {
			index[k] = 0;
			jump -= (int64_t)geom->strides[k] * (geom->shape[k] - 1);
		}
		if (k < 0)
			return *out_count <= MOST_RUNS;
		add_run(runs, out_count, jump + geom->strides[k], 1);
	}
	return false;
}

static bool add_steps(const struct nd_geom *geom, struct drawing *drawing)
{
	struct run runs[MOST_RUNS + 1];
	struct text steps = { 0 };
	char times[UNITS_TEXT];
	size_t count;
	if (drawing->size < 2)
		return true;
	bool whole = find_runs(geom, runs, &count);
	if (whole && count == 1) {
		text_addf(&steps, "%+" PRId64 " B each", runs[0].step);
	} else {
		for (size_t i = 0; i < count && i < MOST_RUNS; i++) {
			if (runs[i].times >= SHORT_RUN)
				text_addf(&steps, "%s%+" PRId64 " (%sx)", i ? " " : "", runs[i].step, units_count((double)runs[i].times, times));
			for (int64_t k = 0; runs[i].times < SHORT_RUN && k < runs[i].times; k++)
				text_addf(&steps, "%s%+" PRId64, i || k ? " " : "", runs[i].step);
		}
		text_add(&steps, whole ? "" : " ...");
	}
	drawing->steps = text_take(&steps);
	return drawing->steps != NULL;
}

/* ---- sentences ---- */

static bool finish(struct drawing *drawing, struct text *text)
{
	char *sentence = text_take(text);
	if (!sentence)
		return false;
	if (drawing->nsentences == DRAWING_SENTENCES)
		free(sentence);
	else
		drawing->sentences[drawing->nsentences++] = sentence;
	return true;
}

static bool tell_origin(struct drawing *drawing)
{
	const struct drawing_said *said = &drawing->said;
	struct text text = { 0 };
	char bytes[UNITS_TEXT];
	if (!said->is_copy && !said->is_new)
		return true;
	text_addf(&text, "%s: the cells are a new buffer of %s%s.", said->is_copy ? "A copy" : "A new array", units_bytes((double)drawing->buffer_bytes, bytes),
	          said->is_copy ? ", none of them is the source's" : "");
	return finish(drawing, &text);
}

static bool tell_axis(const struct nd_geom *geom, int k, struct drawing *drawing)
{
	struct text text = { 0 };
	char bytes[UNITS_TEXT], times[UNITS_TEXT];
	if (drawing->size == 0 || geom->shape[k] < 2 || geom->strides[k] > 0)
		return true;
	if (geom->strides[k] == 0)
		text_addf(&text, "Axis %d has stride 0: the same %s%s %s times.", k, drawing->touched_bytes.at_most ? "at most " : "",
		          units_bytes((double)drawing->touched_bytes.value, bytes), units_count((double)geom->shape[k], times));
	else
		text_addf(&text, "Axis %d runs backwards: each step goes %s down.", k, units_bytes(-(double)geom->strides[k], bytes));
	return finish(drawing, &text);
}

static bool tell_overlap(const struct nd_geom *geom, struct drawing *drawing)
{
	struct text text = { 0 };
	char elements[UNITS_TEXT], would[UNITS_TEXT], bytes[UNITS_TEXT];
	int64_t size = drawing->size;
	for (int k = 0; k < geom->ndim && size > 0; k++)
		size /= geom->strides[k] == 0 ? geom->shape[k] : 1;
	if (size == 0 || drawing->touched_bytes.value >= size * drawing->itemsize)
		return true;
	text_addf(&text, "Elements overlap: %s of them (%s if apart) lie on %s%s, so a write to one changes others.", units_count((double)size, elements),
	          units_bytes((double)size * (double)drawing->itemsize, would), drawing->touched_bytes.at_most ? "at most " : "",
	          units_bytes((double)drawing->touched_bytes.value, bytes));
	return finish(drawing, &text);
}

static bool tell_outside(struct drawing *drawing)
{
	struct text text = { 0 };
	if (!drawing->leaves_buffer)
		return true;
	text_addf(&text, "It LEAVES its buffer, which is bytes 0 to %" PRId64 ": it reaches from byte %" PRId64 " to byte %" PRId64 ". What is marked ! is other memory.",
	          drawing->buffer_bytes - 1, drawing->low, drawing->high - 1);
	return finish(drawing, &text);
}

static bool tell_size(struct drawing *drawing)
{
	struct text text = { 0 };
	bool good = true;
	if (drawing->size == 0) {
		text_add(&text, "No elements: nothing is walked.");
		good = finish(drawing, &text);
	}
	for (int k = 0; good && k < drawing->ndim; k++)
		if (drawing->said.at_most >> k & 1) {
			text_addf(&text, "The extent of axis %d depends on the data: 0 to %" PRId64 ", drawn at its most.", k, drawing->shape[k]);
			good = finish(drawing, &text);
		}
	if (good && drawing->size > 0 && drawing->cell_bytes < drawing->itemsize) {
		text_addf(&text, "Elements do not lie on a raster of their size: a cell is %" PRId64 " B, an element takes %" PRId64 " of them.", drawing->cell_bytes,
		          drawing->itemsize / drawing->cell_bytes);
		good = finish(drawing, &text);
	}
	return good;
}

static bool tell_limit(struct drawing *drawing)
{
	struct text text = { 0 };
	size_t hard = 0;
	for (size_t i = 0; i < drawing->ncells; i++)
		hard += drawing->cells[i].hard;
	if (hard == 0)
		return true;
	text_add(&text, "Where a ? stands the strides were too hard to solve within the work limit.");
	return finish(drawing, &text);
}

bool layout_words(const struct nd_geom *geom, struct drawing *drawing)
{
	bool good = add_steps(geom, drawing) && tell_origin(drawing) && tell_outside(drawing) && tell_size(drawing);
	for (int k = 0; good && k < geom->ndim && drawing->nsentences < DRAWING_SENTENCES - 3; k++)
		good = tell_axis(geom, k, drawing);
	return good && tell_overlap(geom, drawing) && tell_limit(drawing);
}
