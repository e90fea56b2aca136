/* SPDX-License-Identifier: MIT */
/* Shapes, bytes and kinds as the screens of inspect write them. A program of 10,000 lines has 50,000 of these: none of them needs printf where digits do. */

#include "report/inspect_parts.h"

#include "base/result.h"
#include "base/units.h"

#include <string.h>

void inspect_clear(struct text *text)
{
	text->length = 0;
	if (text->data != NULL)
		text->data[0] = '\0';
}

void inspect_integer(struct text *out, int64_t value)
{
	char digits[TEXT_NUMBER];
	text_addn(out, digits, (size_t)(text_number(digits, value) - digits));
}

/* As Python writes a tuple. */
static void tuple(struct text *out, int count, const int64_t *values, uint64_t at_most)
{
	text_addn(out, "(", 1);
	for (int k = 0; k < count; k++) {
		if (k > 0)
			text_addn(out, ", ", 2);
		if (k < 64 && at_most >> k & 1)
			text_addn(out, "0..", 3);
		inspect_integer(out, values[k]);
	}
	text_add(out, count == 1 ? ",)" : ")");
}

static size_t digits_of(int64_t value)
{
	size_t count = value < 0 ? 2 : 1;
	for (; value > 9 || value < -9; value /= 10)
		count++;
	return count;
}

size_t inspect_tuple_width(int count, const int64_t *values, uint64_t at_most)
{
	size_t width = strlen(count == 1 ? "(,)" : "()") + (count > 1 ? 2 * ((size_t)count - 1) : 0);
	for (int k = 0; k < count; k++)
		width += digits_of(values[k]) + (k < 64 && at_most >> k & 1 ? strlen("0..") : 0);
	return width;
}

void inspect_shape(struct text *out, const struct inspect_array *array)
{
	tuple(out, array->ndim, array->shape, array->at_most);
}

void inspect_strides(struct text *out, const struct inspect_array *array)
{
	tuple(out, array->ndim, array->strides, 0);
}

void inspect_bytes(struct text *out, int64_t bytes, bool at_most)
{
	if (bytes == RESULT_NONE) {
		text_add(out, "-");
		return;
	}
	if (at_most && bytes > 0)
		text_addn(out, "<", 1);
	if (bytes < 0 || bytes > 999) {
		/* The same few sizes come again and again. */
		enum { KEPT = 32 }; /* a power of two */
		static struct {
			int64_t bytes;
			char words[UNITS_TEXT];
		} kept[KEPT];
		size_t at = ((uint64_t)bytes * UINT64_C(0x9E3779B97F4A7C15)) >> 32 & (KEPT - 1);
		if (kept[at].bytes != bytes) {
			units_bytes((double)bytes, kept[at].words);
			kept[at].bytes = bytes;
		}
		text_add(out, kept[at].words);
		return;
	}
	inspect_integer(out, bytes);
	text_addn(out, " B", 2);
}

const struct inspect_step *inspect_last_step(const struct inspect_statement *statement)
{
	return statement->nsteps > 0 ? &statement->steps[statement->nsteps - 1] : NULL;
}

const char *inspect_kind(const struct inspect_step *step, enum style *out_style)
{
	*out_style = STYLE_PLAIN;
	if (step->array != NULL && step->array->leaves_buffer) {
		*out_style = STYLE_BAD;
		return "OUTSIDE";
	}
	switch (step->kind) {
	case STEP_SAME:
	case STEP_VIEW:
		*out_style = STYLE_GOOD;
		return step->kind == STEP_SAME ? "same" : "view";
	case STEP_COPY:
		*out_style = STYLE_MARK;
		return step->surprising ? "COPY" : "copy";
	case STEP_INPLACE:
		*out_style = step->hidden_bytes > 0 ? STYLE_MARK : STYLE_PLAIN;
		return "in place";
	case STEP_UNKNOWN: return "?";
	case STEP_NONE: return "";
	case STEP_NEW: return "new";
	case STEP_SCALAR: return "value";
	}
	return "";
}

bool inspect_is_at_most(const struct inspect_step *step)
{
	return step->array != NULL && step->array->at_most != 0;
}

bool inspect_is_costly(const struct inspect_step *step)
{
	return step->kind == STEP_COPY || step->hidden_bytes > 0 || step->surprising || (step->array != NULL && step->array->leaves_buffer);
}

bool inspect_is_maker(const struct inspect_statement *statement)
{
	if (statement->nsteps == 0 || statement->steps[0].kind != STEP_NEW)
		return false;
	for (size_t i = 0; i < statement->nsteps; i++)
		if (inspect_is_costly(&statement->steps[i]) || (i > 0 && statement->steps[i].kind == STEP_NEW) || statement->steps[i].kind == STEP_INPLACE)
			return false;
	return true;
}

bool inspect_is_interesting(const struct inspect_statement *statement)
{
	if (statement->witness != NULL)
		return true;
	if (inspect_is_maker(statement))
		return false;
	for (size_t i = 0; i < statement->nsteps; i++) {
		const struct inspect_step *step = &statement->steps[i];
		if (inspect_is_costly(step) || step->kind == STEP_VIEW || step->kind == STEP_INPLACE)
			return true;
	}
	return statement->kind == STEP_SAME;
}

/* ---- lines ---- */

static void put(struct inspect_line *line, size_t column, enum style style, const char *text, size_t width)
{
	if (*text == '\0')
		return;
	if (line->at > 0 && column <= line->at)
		column = line->at + 1;
	const char *start = style_start(line->options, style, text);
	text_addc(&line->text, ' ', column > line->at ? column - line->at : 0);
	if (*start != '\0')
		text_add(&line->text, start);
	text_add(&line->text, text);
	if (*start != '\0')
		text_add(&line->text, style_end(start));
	line->at = column + width;
}

void inspect_put(struct inspect_line *line, size_t column, enum style style, const char *text)
{
	put(line, column, style, text, text_width(text));
}

void inspect_put_until(struct inspect_line *line, size_t column, enum style style, const char *text)
{
	size_t width = text_width(text);
	put(line, column > width ? column - width : 0, style, text, width);
}

void inspect_cut(struct text *out, const char *words, size_t width)
{
	size_t columns = 0, room = width > strlen("...") ? width - strlen("...") : 0;
	if (text_width(words) <= width) {
		text_add(out, words);
		return;
	}
	while (*words != '\0') {
		char one[5] = { 0 };
		size_t n = text_sequence(words);
		memcpy(one, words, n < sizeof one ? n : sizeof one - 1);
		columns += text_width(one);
		if (columns > room)
			break;
		text_addn(out, words, n);
		words += n;
	}
	text_add(out, "...");
}

void inspect_flush(struct inspect_line *line)
{
	fwrite_unlocked(text_string(&line->text), 1, line->text.length, line->options->stream);
	inspect_clear(&line->text);
}

void inspect_end(struct inspect_line *line)
{
	text_addc(&line->text, '\n', 1);
	inspect_flush(line);
	line->at = 0;
}

void inspect_line_release(struct inspect_line *line)
{
	text_release(&line->text);
}

void inspect_told(const struct report_options *options, const char *word, enum style style, const char *text)
{
	struct text wrapped = { 0 };
	enum { INDENT = 6 };
	size_t width = style_width(options);
	style_put(options, STYLE_HEAD, word);
	style_spaces(options, INDENT > strlen(word) ? INDENT - strlen(word) : 1);
	style_wrap(&wrapped, text, INDENT, INDENT, width < 100 ? width : 100);
	style_lines(options, style, text_string(&wrapped));
	text_release(&wrapped);
}
