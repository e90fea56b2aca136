/* SPDX-License-Identifier: MIT */
#ifndef REPORT_DRAW_H
#define REPORT_DRAW_H

/*
 * Pictures of an array in its buffer, on a terminal and as SVG, from base/drawing.h.
 *
 * Each cell tells by a number and a texture what its colour tells too: "." not touched, "7" the 7th that the walk visits, "#1x3" the first and visited
 * 3 times, "!" outside the buffer, "?" not known.
 */

#include "base/drawing.h"
#include "base/text.h"
#include "report/report.h"

struct draw_options {
	struct report_options page;
	bool unicode; /* box-drawing characters may be used */
	/* page.brief: the picture alone */
};

void draw_text(const struct draw_options *options, const struct drawing *drawing);
void draw_svg(FILE *stream, const struct drawing *drawing);

/* ---- words that both share ---- */

enum draw_heat { DRAW_NONE, DRAW_ONCE, DRAW_MANY, DRAW_OUTSIDE, DRAW_HARD };
enum { DRAW_LABEL = 64, DRAW_FACTS = 4 };

enum draw_heat draw_heat_of(const struct drawing_cell *cell);
/* "7", "1x3", ".", "!", "!7", "?". */
const char *draw_label(const struct drawing_cell *cell, char out[DRAW_LABEL]);
/* "b = a.T[1:]: view of a" */
void draw_title(struct text *out, const struct drawing *drawing);
/* "(3, 4)", "(3,)", "()". */
void draw_tuple(struct text *out, int count, const int64_t *numbers);
/* Fact `which`, 0..DRAW_FACTS - 1, without its name, which is returned: "Bytes". */
const char *draw_fact(struct text *out, const struct drawing *drawing, int which);
/* Above the buffer: "The buffer: 96 B, a row for each cache line of 64 B". Above the grid: "shape (3, 3): where each element lies, in bytes". */
void draw_buffer_head(struct text *out, const struct drawing *drawing);
void draw_grid_head(struct text *out, const struct drawing *drawing);
/* "[0, 1]" of a block of the grid; empty for two axes and fewer. */
void draw_block_name(struct text *out, const struct drawing *drawing, const struct drawing_block *block);
/* What is left out before a line: "1,246 lines (79.7 kB) left out". */
void draw_skipped(struct text *out, int64_t lines);

#endif
