/* SPDX-License-Identifier: MIT */
/*
 * A longer program: a line for each statement, with its result and its bytes, and below them numbered notes about copies and what is hidden. The work is linear
 * in the number of statements: widths come from one pass that formats nothing but shapes.
 */

#include "report/inspect_parts.h"
#include "report/inspect_words.h"

#include "base/result.h"

#include <string.h>

enum { SHAPE_MOST = 16, KIND = 8, OF_MOST = 24, BYTES = 8, NEW = 9, NOTES_MOST = 20, SOURCE_LEAST = 9, SOURCE_MIDDLE = 16, SOURCE_MOST = 60, OF_LEAST = 8, NOTES_SHOWN = 3 };

/* Where columns begin, or end where numbers stand. */
struct layout {
	size_t line_end, source, source_end, shape_end, kind, of, strides, new_end, peak_end, live_end, note, of_most;
	bool wide;
};

/* What is said once, of every statement that it holds for. */
struct note {
	const char *why, *avoid, *lesson, *source;
	struct text own; /* where `why` was made for it */
	bool leaves_buffer;
	int line;
	size_t times;
};

struct notes {
	struct note note[NOTES_MOST];
	uint32_t hash[NOTES_MOST]; /* of its texts */
	size_t count;
	size_t unsaid; /* there was no room for these */
};

/* ---- columns ---- */

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void add_result(struct text *out, const struct inspect_step *step)
{
	if (step == NULL)
		return;
	if (step->array != NULL)
		inspect_shape(out, step->array);
	else if (step->kind == STEP_SCALAR && step->value != NULL && strchr(step->value, '\n') == NULL)
		text_addf(out, "= %s", step->value);
}

static size_t result_width(const struct inspect_step *step)
{
	if (step == NULL)
		return 0;
	if (step->array != NULL)
		return inspect_tuple_width(step->array->ndim, step->array->shape, step->array->at_most);
	struct text text = { 0 };
	add_result(&text, step);
	size_t width = text_width(text_string(&text));
	text_release(&text);
	return width;
}

static struct layout lay_out(const struct report_options *options, const struct inspection *found, size_t first)
{
	struct layout page = { .wide = style_wide(options) };
	size_t shape = strlen("result"), source = strlen("statement"), of = 0, strides = strlen("strides");
	int most_line = 1;
	for (size_t i = first; i < found->nstatements; i++) {
		const struct inspect_statement *statement = found->statements[i];
		const struct inspect_step *step = inspect_last_step(statement);
		shape = larger(shape, smaller(result_width(step), SHAPE_MOST));
		source = larger(source, smaller(text_width(statement->source), SOURCE_MOST));
		most_line = statement->line > most_line ? statement->line : most_line;
		if (page.wide && statement->of != NULL)
			of = larger(of, smaller(text_width(statement->of), OF_MOST));
		if (page.wide && step != NULL && step->array != NULL) {
			strides = larger(strides, smaller(inspect_tuple_width(step->array->ndim, step->array->strides, 0), SHAPE_MOST));
		}
	}
	size_t digits = 2;
	for (int n = most_line; n >= 100; n /= 10)
		digits++;
	of = of > 0 ? of + strlen("of ") : 0;
	/* Where statements would be squeezed, what they are of stands back. */
	size_t needed = digits + 1 + smaller(source, SOURCE_MIDDLE) + 2 + shape + 2 + KIND + 1 + 2 + strides + NEW + 1 + BYTES + 1 + BYTES + 1 + NOTES_SHOWN;
	of = needed + of <= style_width(options) ? of : needed + OF_LEAST <= style_width(options) ? style_width(options) - needed : 0;
	page.of_most = of > strlen("of ") ? of - strlen("of ") : 0;
	size_t right = 2 + shape + 2 + KIND + (of > 0 ? 1 + of : 0) + (page.wide ? 2 + strides : 0) + NEW + 1 + BYTES + 1 + BYTES + 1 + NOTES_SHOWN;
	size_t width = style_width(options), left = width > right + digits + 1 ? width - right - digits - 1 : 0;
	page.line_end = digits;
	page.source = digits + 1;
	page.source_end = page.source + larger(smaller(source, left), smaller(SOURCE_LEAST, source));
	page.shape_end = page.source_end + 2 + shape;
	page.kind = page.shape_end + 2;
	page.of = page.kind + KIND + 1;
	page.strides = page.kind + KIND + (of > 0 ? 1 + of : 0) + 2;
	page.new_end = (page.wide ? page.strides + strides : page.kind + KIND) + NEW;
	page.peak_end = page.new_end + 1 + BYTES;
	page.live_end = page.peak_end + 1 + BYTES;
	page.note = page.live_end + 1;
	return page;
}

static void put_head(const struct report_options *options, const struct layout *page)
{
	struct inspect_line line = { .options = options };
	inspect_put_until(&line, page->line_end, STYLE_HEAD, "#");
	inspect_put(&line, page->source, STYLE_HEAD, "statement");
	inspect_put_until(&line, page->shape_end, STYLE_HEAD, "result");
	inspect_put(&line, page->kind, STYLE_HEAD, "is a");
	if (page->wide)
		inspect_put(&line, page->strides, STYLE_HEAD, "strides");
	inspect_put_until(&line, page->new_end, STYLE_HEAD, "new");
	inspect_put_until(&line, page->peak_end, STYLE_HEAD, "peak");
	inspect_put_until(&line, page->live_end, STYLE_HEAD, "live");
	inspect_end(&line);
	inspect_line_release(&line);
}

/* ---- notes ---- */

/* Of its length and its ends. A weak hash will do: where two are equal, the sentences are compared. */
static uint32_t hash_of(const char *words, uint32_t hash)
{
	uint64_t ends[2] = { 0, 0 };
	size_t length = words != NULL ? strlen(words) : 0, part = length < sizeof ends[0] ? length : sizeof ends[0];
	if (length > 0) {
		memcpy(&ends[0], words, part);
		memcpy(&ends[1], words + length - part, part);
	}
	uint64_t mixed = (hash ^ length ^ ends[0]) * UINT64_C(0x9E3779B97F4A7C15) ^ ends[1];
	return (uint32_t)((mixed * UINT64_C(0xBF58476D1CE4E5B9)) >> 32);
}

static bool is_same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The number of the note that says this, from 1; 0: there is no room for it. */
static size_t note_of(struct notes *notes, struct note *said)
{
	uint32_t hash = hash_of(said->avoid, hash_of(said->why, 2166136261u));
	for (size_t i = 0; i < notes->count; i++)
		if (notes->hash[i] == hash && is_same(notes->note[i].why, said->why) && is_same(notes->note[i].avoid, said->avoid)) {
			notes->note[i].times++;
			text_release(&said->own);
			return i + 1;
		}
	if (notes->count == NOTES_MOST) {
		notes->unsaid++;
		text_release(&said->own);
		return 0;
	}
	notes->hash[notes->count] = hash;
	notes->note[notes->count] = *said;
	notes->note[notes->count++].times = 1;
	return notes->count;
}

static void put_notes(const struct report_options *options, struct notes *notes)
{
	char lead[32];
	struct text text = { 0 };
	if (notes->count > 0)
		fputc('\n', options->stream);
	for (size_t i = 0; i < notes->count; i++) {
		struct note *note = &notes->note[i];
		inspect_clear(&text);
		text_addf(&text, "%s", note->source);
		if (note->why != NULL)
			text_addf(&text, ": %s", note->why);
		text_add(&text, ".");
		if (note->avoid != NULL)
			text_addf(&text, " Instead: %s.", note->avoid);
		if (note->times > 1)
			text_addf(&text, " (The same in %zu more.)", note->times - 1);
		if (note->lesson != NULL)
			text_addf(&text, " memhint run %s", note->lesson);
		snprintf(lead, sizeof lead, "%2zu  ", i + 1);
		style_paragraph(options, note->leaves_buffer ? STYLE_BAD : STYLE_PLAIN, lead, text_string(&text), strlen(lead));
		text_release(&note->own);
	}
	if (notes->unsaid > 0)
		fprintf(options->stream, "    %zu more: --format json tells all of them.\n", notes->unsaid);
	text_release(&text);
}

/* The numbers of a statement's notes, in the order in which they come up, each once. */
struct numbers {
	size_t number[NOTES_MOST];
	size_t count;
};

static void add_number(struct numbers *numbers, struct notes *notes, size_t number)
{
	if (number == 0)
		return;
	for (size_t i = 0; i < numbers->count; i++)
		if (numbers->number[i] == number) {
			notes->note[number - 1].times--; /* they are counted by statements */
			return;
		}
	numbers->number[numbers->count++] = number;
}

/* Those of its steps that are costly or hide something; and of a write into a copy that nobody will see. */
static struct numbers number_notes(const struct inspect_statement *statement, struct notes *notes)
{
	struct numbers numbers = { 0 };
	for (size_t k = 0; k < statement->nsteps; k++) {
		const struct inspect_step *step = &statement->steps[k];
		if (!inspect_is_costly(step) || (step->why == NULL && step->avoid == NULL))
			continue;
		add_number(&numbers, notes, note_of(notes, &(struct note){ .why = step->why, .avoid = step->avoid, .lesson = step->lesson, .source = step->source, .line = step->line,
		                                                          .leaves_buffer = step->array != NULL && step->array->leaves_buffer }));
	}
	struct text so = { 0 };
	if (statement->kind == STEP_INPLACE && inspect_so(&so, statement))
		add_number(&numbers, notes, note_of(notes, &(struct note){ .why = text_string(&so), .own = so, .source = statement->source, .line = statement->line }));
	return numbers;
}

/* "1,2"; as many as there is room for, and a plus for the others: "1,+". */
static void add_notes(struct text *out, const struct numbers *numbers, size_t room)
{
	for (size_t shown = numbers->count; shown > 0; shown--) {
		inspect_clear(out);
		for (size_t i = 0; i < shown; i++) {
			text_add(out, i > 0 ? "," : "");
			inspect_integer(out, (int64_t)numbers->number[i]);
		}
		if (shown < numbers->count)
			text_add(out, out->length + strlen(",+") <= room ? ",+" : "+");
		if (out->length <= room)
			return;
	}
}

/* ---- a statement ---- */

struct rows {
	const struct report_options *options;
	struct layout page;
	struct notes notes;
	struct inspect_line line;
	struct text cell;
};

static const char *bytes(struct rows *rows, int64_t count, bool at_most)
{
	inspect_clear(&rows->cell);
	inspect_bytes(&rows->cell, count, at_most);
	return text_string(&rows->cell);
}

/* The last step; but what leaves its buffer outdoes it. */
static const struct inspect_step *most_telling(const struct inspect_statement *statement)
{
	const struct inspect_step *told = inspect_last_step(statement);
	for (size_t k = statement->nsteps; k-- > 0;)
		if (statement->steps[k].array != NULL && statement->steps[k].array->leaves_buffer)
			told = &statement->steps[k];
	return told;
}

/*
 * Of an array, what the statement as a whole made: np.arange(12).reshape(3, 4) ends with a view, but of what it made itself, and (a + 1) * 2 with a write into a
 * temporary that becomes the result.
 */
static const char *kind_of(const struct inspect_statement *statement, const struct inspect_step *told, enum style *out_style)
{
	struct inspect_step whole = { .kind = statement->kind, .hidden_bytes = told->hidden_bytes };
	if ((told->array != NULL && told->array->leaves_buffer) || statement->kind == STEP_SCALAR || statement->kind == STEP_NONE)
		return inspect_kind(told, out_style);
	for (size_t k = 0; k < statement->nsteps; k++)
		whole.surprising = whole.surprising || (statement->steps[k].kind == STEP_COPY && statement->steps[k].surprising);
	return inspect_kind(&whole, out_style);
}

static void put_row(struct rows *rows, const struct inspect_statement *statement)
{
	const struct layout *page = &rows->page;
	/* What is not known has no shape: that of its operand is none of its own. */
	bool is_unknown = statement->kind == STEP_UNKNOWN;
	const struct inspect_step *step = is_unknown ? NULL : inspect_last_step(statement);
	struct inspect_line *line = &rows->line;
	struct text *cell = &rows->cell;
	inspect_clear(cell);
	inspect_integer(cell, statement->line);
	inspect_put_until(line, page->line_end, STYLE_DIM, text_string(cell));
	inspect_clear(cell);
	size_t room = style_width(rows->options) - page->source, word = is_unknown ? strlen("  not followed") : 0;
	inspect_cut(cell, statement->source, room > word ? room - word : room);
	inspect_put(line, page->source, STYLE_PLAIN, text_string(cell));
	inspect_clear(cell);
	add_result(cell, step);
	size_t width = text_width(text_string(cell));
	bool is_value = step != NULL && step->array == NULL && width > 0;
	size_t shape = is_value || width > page->shape_end ? page->source_end + 2 : page->shape_end - width;
	/* What is too long stands in a line of its own, so that the numbers stay in their columns. */
	if (shape < line->at + 1 || (is_value && shape + width > page->shape_end)) {
		if (is_unknown || (statement->kind == STEP_NONE && statement->allocated_bytes <= 0)) {
			inspect_put(line, line->at + 2, STYLE_MARK, is_unknown ? "not followed" : "");
			inspect_end(line);
			return;
		}
		inspect_end(line);
		if (is_value)
			shape = width + page->source + 2 < page->shape_end ? page->shape_end - width : page->source + 2;
	}
	inspect_put(line, shape, STYLE_PLAIN, text_string(cell));
	enum style style = STYLE_PLAIN;
	const struct inspect_step *told = most_telling(statement);
	if (is_unknown)
		inspect_put(line, page->kind, STYLE_MARK, "not followed");
	else if (told != NULL && told->kind != STEP_SCALAR) {
		const char *kind = kind_of(statement, told, &style);
		if (line->at + 1 <= page->kind || line->at == 0)
			inspect_put(line, page->kind, style, kind);
		if (page->wide && page->strides > page->of + 4 && statement->of != NULL && text_width(statement->of) <= page->of_most) {
			inspect_put(line, page->of, STYLE_PLAIN, "of");
			inspect_put(line, page->of + 3, STYLE_PLAIN, statement->of);
		}
		if (page->wide && step->array != NULL) {
			struct text strides = { 0 };
			size_t number = text_width(bytes(rows, statement->allocated_bytes, inspect_is_at_most(step))), end = page->new_end - number - 1;
			inspect_strides(&strides, step->array);
			inspect_clear(cell);
			inspect_cut(cell, text_string(&strides), end > page->strides ? end - page->strides : 0);
			inspect_put(line, page->strides, STYLE_PLAIN, text_string(cell));
			text_release(&strides);
		}
	}
	bool moves = statement->allocated_bytes > 0 || statement->peak_bytes > 0 || statement->kept_bytes != 0;
	bool makes = step != NULL && step->array != NULL;
	if (moves || makes) {
		inspect_put_until(line, page->new_end, STYLE_PLAIN, bytes(rows, statement->allocated_bytes, step != NULL && inspect_is_at_most(step)));
		inspect_put_until(line, page->peak_end, STYLE_PLAIN, bytes(rows, statement->peak_bytes, false));
		inspect_put_until(line, page->live_end, STYLE_PLAIN, bytes(rows, statement->live_bytes, false));
	}
	inspect_clear(cell);
	if (!rows->options->brief) {
		size_t most = style_width(rows->options), column = larger(page->note, line->at + 1);
		struct numbers numbers = number_notes(statement, &rows->notes);
		add_notes(cell, &numbers, most > column ? most - column : 0);
	}
	inspect_put(line, page->note, STYLE_MARK, text_string(cell));
	inspect_end(line);
}

void inspect_lines(const struct report_options *options, const struct inspection *found, size_t first)
{
	struct rows rows = { .options = options, .page = lay_out(options, found, first), .line.options = options };
	put_head(options, &rows.page);
	bool at_most = false;
	for (size_t i = first; i < found->nstatements; i++) {
		put_row(&rows, found->statements[i]);
		const struct inspect_step *step = inspect_last_step(found->statements[i]);
		at_most = at_most || (step != NULL && inspect_is_at_most(step));
	}
	if (at_most)
		style_paragraph(options, STYLE_DIM, "", "0..n and <: the size depends on data; it is counted as n, the most that it can be.", 0);
	if (!options->brief)
		put_notes(options, &rows.notes);
	text_release(&rows.cell);
	inspect_line_release(&rows.line);
}
