/* SPDX-License-Identifier: MIT */
/*
 * A short program told at length: a table of all its steps, and then of each statement that is more than a maker of arrays, why, what it costs, what follows,
 * and what NumPy's own tests say, taken as tests for a view.
 */

#include "report/inspect_parts.h"
#include "report/inspect_words.h"

#include "base/result.h"
#include "base/units.h"

#include <string.h>

/* ---- the table of steps ---- */

enum { GAP = 2, STEP_MOST = 30, STEP_MOST_WIDE = 60, TUPLE_MOST = 22, BYTES = 9, WHAT_LEAST = 20 };

/* Where the columns begin, or end where numbers stand. */
struct layout {
	size_t shape, strides, offset_end, dtype, bytes_end, what;
	bool wide, several; /* statements */
};

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* What stands under "shape": of what is no array, its value. */
static void add_shape(struct text *out, const struct inspect_step *step)
{
	if (step->array != NULL)
		inspect_shape(out, step->array);
	else if (step->value != NULL && strchr(step->value, '\n') == NULL)
		text_addf(out, "= %s", step->value);
}

/* Only digits: the heading says that they are bytes. */
static void add_new_bytes(struct text *out, const struct inspect_step *step)
{
	char words[UNITS_TEXT];
	int64_t bytes = step->allocated_bytes;
	if (bytes == RESULT_NONE || (step->kind == STEP_SAME && bytes == 0))
		text_add(out, "-");
	else if (bytes > 99999)
		inspect_bytes(out, bytes, inspect_is_at_most(step));
	else
		text_addf(out, "%s%s", inspect_is_at_most(step) && bytes > 0 ? "<" : "", units_count((double)bytes, words));
}

/* The statement and its only step are one row. */
static bool is_one_row(const struct inspect_statement *statement)
{
	return statement->nsteps <= 1;
}

static struct layout lay_out(const struct report_options *options, const struct inspection *found, size_t first)
{
	struct layout page = { .wide = style_wide(options), .several = found->nstatements - first > 1 };
	size_t step = strlen("step"), shape = strlen("shape"), strides = strlen("strides"), dtype = strlen("dtype");
	struct text cell = { 0 };
	for (size_t i = first; i < found->nstatements; i++) {
		const struct inspect_statement *statement = found->statements[i];
		if (page.several && is_one_row(statement))
			step = larger(step, text_width(statement->source));
		for (size_t k = 0; k < statement->nsteps; k++) {
			const struct inspect_step *of = &statement->steps[k];
			if (!page.several || !is_one_row(statement))
				step = larger(step, text_width(of->source) + (page.several ? GAP : 0));
			inspect_clear(&cell);
			add_shape(&cell, of);
			if (of->array != NULL) {
				shape = larger(shape, cell.length);
				dtype = larger(dtype, strlen(of->array->dtype));
				inspect_clear(&cell);
				inspect_strides(&cell, of->array);
				strides = larger(strides, cell.length);
			} else {
				shape = larger(shape, smaller(text_width(text_string(&cell)), TUPLE_MOST));
			}
		}
	}
	text_release(&cell);
	step = smaller(step, page.wide ? STEP_MOST_WIDE : STEP_MOST);
	shape = smaller(shape, TUPLE_MOST);
	strides = smaller(strides, TUPLE_MOST);
	/* What a step is called may stand above it; what it is may not be squeezed. */
	size_t taken = shape + strides + BYTES + 4 * GAP + WHAT_LEAST + (page.wide ? GAP + strlen("  offset") + GAP + dtype : 0);
	if (step + taken > style_width(options))
		step = larger(smaller(step, style_width(options) > taken ? style_width(options) - taken : 0), 12);
	page.shape = step + GAP;
	page.strides = page.shape + shape + GAP;
	page.offset_end = page.strides + strides + (page.wide ? GAP + strlen("  offset") : 0);
	page.dtype = page.offset_end + GAP;
	page.bytes_end = page.offset_end + (page.wide ? GAP + dtype : 0) + GAP + BYTES;
	page.what = page.bytes_end + 3;
	return page;
}

static size_t longest_word(const char *words)
{
	size_t longest = 0;
	for (; *words != '\0'; words += *words == ' ') {
		size_t n = strcspn(words, " ");
		longest = larger(longest, n);
		words += n;
	}
	return longest;
}

/* Words in the last column, wrapped there; below the row where it is too far right. */
static void put_what(struct inspect_line *line, size_t column, enum style style, const char *what)
{
	struct text wrapped = { 0 };
	size_t page = style_width(line->options);
	if (*what == '\0') {
		inspect_end(line);
		return;
	}
	size_t needed = larger(longest_word(what), WHAT_LEAST / 2);
	if (line->at + 1 > column || column + needed > page) {
		inspect_end(line);
		needed = larger(needed, WHAT_LEAST);
		column = smaller(column, page > needed + 4 ? page - needed : 4);
	}
	inspect_flush(line);
	style_spaces(line->options, column - line->at);
	style_wrap(&wrapped, what, column, column, page);
	style_lines(line->options, style, text_string(&wrapped));
	text_release(&wrapped);
	line->at = 0;
}

static enum style style_of(const struct inspect_step *step)
{
	enum style style;
	inspect_kind(step, &style);
	return step->surprising && style == STYLE_PLAIN ? STYLE_MARK : style;
}

static void put_step(const struct report_options *options, const struct layout *page, const struct inspect_step *step, const char *name, size_t indent)
{
	struct inspect_line line = { .options = options };
	struct text cell = { 0 };
	inspect_cut(&cell, name, style_width(options) - indent);
	inspect_put(&line, indent, STYLE_PLAIN, text_string(&cell));
	inspect_clear(&cell);
	if (line.at + 1 > page->shape)
		inspect_end(&line);
	if (step != NULL) {
		add_shape(&cell, step);
		inspect_put(&line, page->shape, STYLE_PLAIN, text_string(&cell));
	}
	if (step != NULL && step->array != NULL) {
		inspect_clear(&cell);
		inspect_strides(&cell, step->array);
		inspect_put(&line, page->strides, STYLE_PLAIN, text_string(&cell));
		if (page->wide) {
			inspect_clear(&cell);
			inspect_integer(&cell, step->array->offset_bytes);
			inspect_put_until(&line, page->offset_end, STYLE_PLAIN, text_string(&cell));
			inspect_put(&line, page->dtype, STYLE_PLAIN, step->array->dtype);
		}
	}
	if (step != NULL && (step->array != NULL || step->allocated_bytes > 0)) {
		inspect_clear(&cell);
		add_new_bytes(&cell, step);
		inspect_put_until(&line, page->bytes_end, STYLE_PLAIN, text_string(&cell));
	}
	inspect_clear(&cell);
	if (step != NULL)
		inspect_what(&cell, step);
	bool is_value = step != NULL && step->array == NULL && step->allocated_bytes <= 0;
	put_what(&line, is_value ? larger(line.at + GAP, page->strides) : page->what, step != NULL ? style_of(step) : STYLE_PLAIN, text_string(&cell));
	text_release(&cell);
	inspect_line_release(&line);
}

static void put_steps(const struct report_options *options, const struct inspection *found, size_t first)
{
	struct layout page = lay_out(options, found, first);
	struct inspect_line line = { .options = options };
	inspect_put(&line, 0, STYLE_HEAD, "step");
	inspect_put(&line, page.shape, STYLE_HEAD, "shape");
	inspect_put(&line, page.strides, STYLE_HEAD, "strides");
	if (page.wide) {
		inspect_put_until(&line, page.offset_end, STYLE_HEAD, "offset");
		inspect_put(&line, page.dtype, STYLE_HEAD, "dtype");
	}
	inspect_put_until(&line, page.bytes_end, STYLE_HEAD, "new bytes");
	inspect_put(&line, page.what, STYLE_HEAD, "what");
	inspect_end(&line);
	inspect_line_release(&line);
	for (size_t i = first; i < found->nstatements; i++) {
		const struct inspect_statement *statement = found->statements[i];
		if (is_one_row(statement)) {
			const struct inspect_step *step = inspect_last_step(statement);
			put_step(options, &page, step, page.several || step == NULL ? statement->source : step->source, 0);
			continue;
		}
		if (page.several) {
			struct text source = { 0 };
			inspect_cut(&source, statement->source, style_width(options));
			text_addn(&source, "\n", 1);
			style_put(options, STYLE_PLAIN, text_string(&source));
			text_release(&source);
		}
		for (size_t k = 0; k < statement->nsteps; k++)
			put_step(options, &page, &statement->steps[k], statement->steps[k].source, page.several ? GAP : 0);
	}
}

/* ---- a statement at length ---- */

/* As many of its words as fit, then dots: what follows goes on in the same way. */
static void add_cut(struct text *out, const char *words, size_t width)
{
	size_t length = strlen(words);
	if (length > width) {
		for (length = width - strlen(" ..."); length > 0 && words[length] != ' '; length--)
			;
		while (length > 0 && (words[length - 1] == ' ' || words[length - 1] == '|'))
			length--;
	}
	text_addn(out, words, length);
	if (words[length] != '\0')
		text_add(out, " ...");
}

/* The bytes in the order in which they are visited, and from one to the next. */
static void put_walk(const struct report_options *options, const struct inspect_statement *statement)
{
	enum { INDENT = 8, FEW_STEPS = 20 }; /* columns of them that are enough to see how they go on */
	struct text text = { 0 }, walk = { 0 }, steps = { 0 };
	if (inspect_walk(&walk, statement) && inspect_steps_between(&steps, statement)) {
		text_addc(&text, ' ', INDENT);
		add_cut(&text, text_string(&walk), style_width(options) - INDENT);
		size_t width = style_width(options), at = text.length + strlen("      steps ");
		bool fits = at + smaller(steps.length, FEW_STEPS) <= width;
		at = fits ? at : INDENT + strlen("steps ");
		text_add(&text, fits ? "      steps " : "\n        steps ");
		add_cut(&text, text_string(&steps), width - at);
		text_add(&text, "\n");
		fputs("      The bytes, in the order in which they are visited:\n", options->stream);
		fputs(text_string(&text), options->stream);
	}
	text_release(&text);
	text_release(&walk);
	text_release(&steps);
}

/* Each reason once: of what is costly on the way, and of the statement, or of its last step where what decided came before that. */
static void put_whys(const struct report_options *options, const struct inspect_statement *statement)
{
	const char *word = "Why";
	bool is_said = false;
	for (size_t k = 0; k + 1 < statement->nsteps; k++) {
		const struct inspect_step *step = &statement->steps[k];
		struct text text = { 0 };
		if (!inspect_is_costly(step) || step->why == NULL)
			continue;
		text_addf(&text, "%s: %s", step->source, step->why);
		inspect_told(options, word, STYLE_PLAIN, text_string(&text));
		text_release(&text);
		word = "";
		if (!is_said && statement->why != NULL && strcmp(step->why, statement->why) == 0) {
			is_said = true;
			put_walk(options, statement);
		}
	}
	const struct inspect_step *last = inspect_last_step(statement);
	enum style style = last != NULL && last->array != NULL && last->array->leaves_buffer ? STYLE_BAD : STYLE_PLAIN;
	const char *why = statement->why != NULL ? statement->why : last != NULL ? last->why : NULL;
	if (is_said) {
		struct text text = { 0 };
		text_addf(&text, "%s: %s", last->source, last->why != NULL ? last->why : "");
		if (last->why != NULL && strcmp(last->why, statement->why) != 0)
			inspect_told(options, word, style, text_string(&text));
		text_release(&text);
		return;
	}
	if (why != NULL)
		inspect_told(options, word, style, why);
	else if (*word != '\0' && inspect_has_walk(statement))
		style_put(options, STYLE_HEAD, "Why\n");
	put_walk(options, statement);
}

/* Where a test's words end up: beside its answer what it says, whether that is right, and a remark. */
static void put_tests(const struct report_options *options, const struct inspect_statement *statement)
{
	struct inspect_line line = { .options = options };
	struct text text = { 0 }, remark = { 0 };
	struct inspect_test tests[INSPECT_TESTS];
	size_t ntests = inspect_tests(statement, tests), widest = strlen("NumPy's own tests");
	if (ntests == 0)
		return;
	for (size_t i = 0; i < ntests; i++) {
		inspect_clear(&text);
		inspect_test_question(&text, statement, &tests[i]);
		widest = larger(widest, text_width(text_string(&text)));
	}
	size_t answer = smaller(widest, 40) + GAP, says = answer + strlen("answer") + GAP;
	inspect_clear(&text);
	text_addf(&text, "taken as a test for \"%s is a view", statement->target != NULL ? statement->target : "the result");
	if (statement->of != NULL && statement->target != NULL && strcmp(statement->of, statement->target) == 0)
		text_addf(&text, " of what %s was", statement->of); /* x = x[::-1] */
	else if (statement->of != NULL)
		text_addf(&text, " of %s", statement->of);
	text_add(&text, "\"");
	fputc('\n', options->stream);
	inspect_put(&line, 0, STYLE_HEAD, "NumPy's own tests");
	inspect_put(&line, answer, STYLE_HEAD, "answer");
	put_what(&line, says, STYLE_HEAD, text_string(&text));
	for (size_t i = 0; i < ntests; i++) {
		const struct inspect_test *test = &tests[i];
		inspect_clear(&text);
		inspect_test_question(&text, statement, test);
		inspect_put(&line, 0, STYLE_PLAIN, text_string(&text));
		inspect_put(&line, answer, STYLE_PLAIN, inspect_test_answer(test));
		inspect_clear(&text);
		inspect_clear(&remark);
		text_addf(&text, "says %s: %s", inspect_test_says(test), test->wrong ? "WRONG" : "right");
		if (inspect_test_remark(&remark, statement, test))
			text_addf(&text, test->wrong ? " (%s)" : "; %s", text_string(&remark));
		put_what(&line, says, test->wrong ? STYLE_MARK : STYLE_PLAIN, text_string(&text));
	}
	text_release(&text);
	text_release(&remark);
	inspect_line_release(&line);
}

/* A blank line comes before the first thing that one may do; *started says that it has come. */
static void start(const struct report_options *options, bool *started)
{
	if (!*started)
		fputc('\n', options->stream);
	*started = true;
}

static void put_avoid(const struct report_options *options, const struct inspect_statement *statement, bool *started)
{
	bool first = true;
	for (size_t k = 0; k < statement->nsteps; k++) {
		const char *avoid = statement->steps[k].avoid;
		for (size_t j = 0; j < k && avoid != NULL; j++)
			if (statement->steps[j].avoid != NULL && strcmp(statement->steps[j].avoid, avoid) == 0)
				avoid = NULL;
		if (avoid == NULL)
			continue;
		start(options, started);
		style_paragraph(options, STYLE_PLAIN, first ? "Avoid it?   " : "            ", avoid, strlen("Avoid it?   "));
		first = false;
	}
}

/* ---- where there is more ---- */

/* In single quotes for a shell, in double ones where the text has single ones; nothing where it is too long for the line or was cut. */
static void add_draw(struct text *out, const char *program)
{
	bool single = strchr(program, '\'') != NULL;
	if (text_width(program) > 50 || strstr(program, "...") != NULL || (single && strpbrk(program, "\"$`\\!") != NULL))
		return;
	text_addf(out, "memhint draw %s%s%s", single ? "\"" : "'", program, single ? "\"" : "'");
}

/* Does every name come from a statement before, or from an assumption that draw makes too? Arrays of --let do not. */
static bool is_self_contained(const struct inspection *found, size_t at)
{
	const struct inspect_statement *statement = found->statements[at];
	for (size_t k = 0; k < statement->nsteps; k++) {
		const struct inspect_step *step = &statement->steps[k];
		bool is_known = step->kind != STEP_SAME || step->of == NULL || strcmp(step->of, step->source) != 0;
		for (size_t i = 0; i < at && !is_known; i++)
			is_known = found->statements[i]->target != NULL && strcmp(found->statements[i]->target, step->source) == 0;
		for (size_t i = 0; i < found->nassumed && !is_known; i++)
			is_known = strcmp(found->assumed[i].name, step->source) == 0;
		if (!is_known)
			return false;
	}
	return true;
}

/* Of a copy, what was copied is worth a picture: b = a.T.reshape(-1) without its last step and its target. Of anything else, the result is. */
static void draw(struct text *out, const struct inspection *found, size_t at)
{
	const struct inspect_statement *statement = found->statements[at];
	struct text program = { 0 };
	const struct inspect_step *last = inspect_last_step(statement);
	if (last == NULL || last->array == NULL || !is_self_contained(found, at))
		return;
	/* a[0] = 1 leaves no array to draw. */
	if (statement->kind == STEP_INPLACE && statement->target != NULL && strcmp(last->source, statement->target) == 0)
		return;
	for (size_t i = 0; i < at; i++)
		if (found->statements[i]->nsteps > 0 && found->statements[i]->kind != STEP_SCALAR) /* no import, no print */
			text_addf(&program, "%s; ", found->statements[i]->source);
	const char *source = statement->source, *assigns = strstr(source, " = ");
	size_t length = strlen(source), cut = strlen(last->source);
	if (statement->kind == STEP_COPY && statement->target != NULL && assigns != NULL && length > cut && strcmp(source + length - cut, last->source) == 0 &&
	    source + length - cut > assigns + 3)
		text_addn(&program, assigns + 3, (size_t)(source + length - cut - (assigns + 3)));
	else
		text_add(&program, source);
	add_draw(out, text_string(&program));
	text_release(&program);
}

/* A command is not broken over two lines, so that it can be copied. */
static void put_commands(const struct report_options *options, const char *const *commands, size_t count, bool *started)
{
	struct inspect_line line = { .options = options };
	enum { INDENT = 12, BETWEEN = 5 };
	for (size_t i = 0; i < count; i++) {
		if (i == 0) {
			start(options, started);
			inspect_put(&line, 0, STYLE_HEAD, "More");
		} else if (line.at + BETWEEN + text_width(commands[i]) > style_width(options)) {
			inspect_end(&line);
		}
		inspect_put(&line, line.at > INDENT ? line.at + BETWEEN : INDENT, STYLE_PLAIN, commands[i]);
	}
	if (count > 0)
		inspect_end(&line);
	inspect_line_release(&line);
}

static void put_more(const struct report_options *options, const struct inspection *found, size_t at, bool *started)
{
	const struct inspect_statement *statement = found->statements[at];
	const char *lessons[3], *commands[4];
	char runs[3][64];
	size_t count = 0, ncommands = 0;
	bool misleads = false;
	struct text picture = { 0 };
	for (size_t k = statement->nsteps; k-- > 0 && count < 2;) {
		const char *lesson = statement->steps[k].lesson;
		for (size_t j = 0; j < count && lesson != NULL; j++)
			if (strcmp(lessons[j], lesson) == 0)
				lesson = NULL;
		if (lesson != NULL)
			lessons[count++] = lesson;
	}
	struct inspect_test tests[INSPECT_TESTS];
	size_t ntests = inspect_tests(statement, tests);
	for (size_t i = 0; i < ntests; i++)
		misleads = misleads || tests[i].wrong;
	if (misleads && found->tests_lesson != NULL)
		lessons[count++] = found->tests_lesson;
	if (inspect_is_interesting(statement))
		draw(&picture, found, at);
	if (picture.length > 0)
		commands[ncommands++] = text_string(&picture);
	for (size_t i = 0; i < count && inspect_is_interesting(statement); i++) {
		snprintf(runs[i], sizeof runs[i], "memhint run %s", lessons[i]);
		commands[ncommands++] = runs[i];
	}
	put_commands(options, commands, ncommands, started);
	text_release(&picture);
}

static void put_statement(const struct report_options *options, const struct inspection *found, size_t at, bool named)
{
	const struct inspect_statement *statement = found->statements[at];
	fputc('\n', options->stream);
	if (named) {
		struct text text = { 0 };
		/* Statements of one line are told apart by their words. */
		if (statement->line != found->statements[0]->line || found->statements[found->nstatements - 1]->line != statement->line)
			text_addf(&text, "line %d: ", statement->line);
		inspect_cut(&text, statement->source, style_width(options) - text.length);
		style_put(options, STYLE_HEAD, text_string(&text));
		fputc('\n', options->stream);
		text_release(&text);
	}
	put_whys(options, statement);
	if (statement->witness != NULL && (statement->why == NULL || strcmp(statement->witness, statement->why) != 0))
		inspect_told(options, "Bytes", STYLE_PLAIN, statement->witness);
	struct text cost = { 0 }, so = { 0 };
	if (inspect_cost(&cost, statement))
		inspect_told(options, "Cost", STYLE_PLAIN, text_string(&cost));
	if (inspect_so(&so, statement))
		inspect_told(options, "So", STYLE_PLAIN, text_string(&so));
	text_release(&cost);
	text_release(&so);
	put_tests(options, statement);
	bool started = false;
	put_avoid(options, statement, &started);
	put_more(options, found, at, &started);
}

static bool has_more_to_say(const struct inspect_statement *statement)
{
	struct text text = { 0 };
	struct inspect_test tests[INSPECT_TESTS];
	bool has_more = statement->why != NULL || statement->witness != NULL || inspect_tests(statement, tests) > 0 || inspect_has_walk(statement) ||
	                inspect_cost(&text, statement) || inspect_so(&text, statement);
	text_release(&text);
	return has_more;
}

void inspect_length(const struct report_options *options, const struct inspection *found, size_t first)
{
	size_t interesting = 0, last = found->nstatements;
	put_steps(options, found, first);
	for (size_t i = first; i < found->nstatements; i++) {
		if (inspect_is_interesting(found->statements[i]))
			interesting++;
		if (inspect_last_step(found->statements[i]) != NULL && inspect_last_step(found->statements[i])->array != NULL)
			last = i;
	}
	for (size_t i = first; i < found->nstatements; i++)
		if ((interesting > 0 ? inspect_is_interesting(found->statements[i]) : i == last) && has_more_to_say(found->statements[i]))
			put_statement(options, found, i, interesting > 1);
}
