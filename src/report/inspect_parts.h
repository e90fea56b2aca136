/* SPDX-License-Identifier: MIT */
#ifndef REPORT_INSPECT_PARTS_H
#define REPORT_INSPECT_PARTS_H

/* What the pages about a program share: shapes as Python writes them, lines with columns, and what is worth telling about a step. */

#include "report/inspect.h"
#include "report/style.h"

/* "(3, 4)", "(12,)", "()"; an extent that depends on data as "0..12". Strides likewise. */
void inspect_shape(struct text *out, const struct inspect_array *array);
void inspect_strides(struct text *out, const struct inspect_array *array);
/* Columns of such a tuple. */
size_t inspect_tuple_width(int count, const int64_t *values, uint64_t at_most);
void inspect_integer(struct text *out, int64_t value);
/* "96 B", "<800 MB" where it is so much at most; "-" for RESULT_NONE. */
void inspect_bytes(struct text *out, int64_t bytes, bool at_most);
/* An empty text to fill anew, without giving its memory back. */
void inspect_clear(struct text *text);

/* The result of a statement: its last step; NULL. */
const struct inspect_step *inspect_last_step(const struct inspect_statement *statement);
/* A word for what a step made, its style beside it: "view", "copy", "COPY" (where the words do not say so), "OUTSIDE" (it leaves its buffer). */
const char *inspect_kind(const struct inspect_step *step, enum style *out_style);
/* Do bytes of the step depend on data? */
bool inspect_is_at_most(const struct inspect_step *step);
/* Copies, and what makes arrays that nobody sees: these are explained. */
bool inspect_is_costly(const struct inspect_step *step);
/* It makes an input: np.zeros(3), or np.arange(12).reshape(3, 4). */
bool inspect_is_maker(const struct inspect_statement *statement);
/* There is more to it than that an array was made. */
bool inspect_is_interesting(const struct inspect_statement *statement);

/* A line that is filled from the left; what is too wide for its place pushes what follows. It is printed when it ends. */
struct inspect_line {
	const struct report_options *options;
	size_t at;        /* columns that are filled */
	struct text text; /* what will be printed; its memory goes with inspect_line_release() */
};
void inspect_put(struct inspect_line *line, size_t column, enum style style, const char *text); /* from the column on */
void inspect_put_until(struct inspect_line *line, size_t column, enum style style, const char *text);
void inspect_end(struct inspect_line *line);
/* What is filled so far is printed: something else goes on behind it. */
void inspect_flush(struct inspect_line *line);
void inspect_line_release(struct inspect_line *line);
/* A paragraph under a word: "Why   ..."; all its lines begin in the same column. */
void inspect_told(const struct report_options *options, const char *word, enum style style, const char *text);

/* inspect_length.c: statements told at length, those from `first` on. */
void inspect_length(const struct report_options *options, const struct inspection *found, size_t first);
/* inspect_program.c: a line for each, and the notes. */
void inspect_lines(const struct report_options *options, const struct inspection *found, size_t first);
/*
 * inspect_below.c: what stands below: printed lines, gaps, notes, who shares bytes, totals.
 *
 * is_told  the statements above were told at length: what NumPy's tests answer has been said.
 */
void inspect_below(const struct report_options *options, const struct inspection *found, struct inspect_mark from, bool is_prompt, bool is_told);

/* As much of the words as fits into the width, then dots. */
void inspect_cut(struct text *out, const char *words, size_t width);

#endif
