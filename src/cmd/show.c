/* SPDX-License-Identifier: MIT */
/*
 * memhint show: a lesson's ways, each in NumPy beside the C that does the same, with the bytes that the formula foretells.
 *
 * Both are the texts of numpy.py and scenario.c themselves, which the program carries. A way's functions are found in them by their names; a function
 * in C begins in the first column and ends with a brace there, as all of memhint's code does, and one in Python ends before the next line in that column.
 */

#include "base/text.h"
#include "base/units.h"
#include "cmd/cmd.h"
#include "cmd/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_SOURCE = 's', KEY_NUMPY = 'n', KEY_VARIANTS = 'v', SIDE_BY_SIDE = 140, NUMPY_COLUMNS = 56, COMMENTS = 8 };

static bool whole_source, whole_numpy;

static int own_key(int key, const char *value, struct options *options)
{
	if (key == KEY_SOURCE)
		whole_source = true;
	else if (key == KEY_NUMPY)
		whole_numpy = true;
	else if (key == KEY_VARIANTS)
		options->variants = value;
	else
		return ARGP_ERR_UNKNOWN;
	return 0;
}

/* ---- finding functions in the text ---- */

/* Where a line ends, its newline included. */
static const char *line_end(const char *line)
{
	const char *end = strchr(line, '\n');
	return end ? end + 1 : line + strlen(line);
}

static bool line_defines(const char *line, const char *function)
{
	if (*line == '\t' || *line == ' ' || *line == '*' || *line == '/' || *line == '#' || *line == '}')
		return false;
	size_t length = strlen(function);
	const char *end = line_end(line);
	for (const char *at = line; (at = strstr(at, function)) != NULL && at < end; at++)
		if (at > line && (at[-1] == ' ' || at[-1] == '*') && at[length] == '(' && !memchr(line, ';', (size_t)(end - line)))
			return true;
	return false;
}

/* The function's text with the comment right above it; false when there is none. */
static bool find_function(const char *source, const char *function, const char **out_start, const char **out_end)
{
	const char *comment = NULL; /* the comment that ended on the line before */
	const char *open = NULL;
	for (const char *line = source; *line; line = line_end(line)) {
		if (strncmp(line, "/*", 2) == 0)
			open = line;
		if (line_defines(line, function)) {
			*out_start = comment ? comment : line;
			const char *at = line;
			while (*at && !(at[0] == '}' && (at[1] == '\n' || at[1] == '\0')))
				at = line_end(at);
			*out_end = *at ? line_end(at) : at;
			return true;
		}
		const char *end = line_end(line);
		bool closes = open && end - line >= 3 && strncmp(end - 3, "*/\n", 3) == 0;
		comment = closes ? open : NULL;
		if (closes)
			open = NULL;
	}
	return false;
}

/* The name that follows ".member = " in the braces of the way called `name`; empty when it has none. */
static void member_of(const char *source, const char *name, const char *member, char *out, size_t size)
{
	char key[96];
	out[0] = '\0';
	snprintf(key, sizeof key, ".name = \"%s\"", name);
	const char *table = strstr(source, "const struct lesson_variant");
	const char *way = table ? strstr(table, key) : NULL;
	if (!way)
		return;
	const char *end = strstr(way + 1, ".name = \"");
	snprintf(key, sizeof key, ".%s = ", member);
	const char *at = strstr(way, key);
	if (!at || (end && at > end))
		return;
	at += strlen(key);
	size_t length = strcspn(at, ",; \n}");
	snprintf(out, size, "%.*s", (int)(length < size ? length : size - 1), at);
}

/* ---- printing ---- */

static void add_code(struct text *out, const char *start, const char *end)
{
	for (const char *line = start; line < end; line = line_end(line)) {
		size_t length = (size_t)(line_end(line) - line);
		for (size_t i = 0; i < length; i++) {
			if (line[i] == '\t')
				text_add(out, "    ");
			else
				text_addn(out, line + i, 1);
		}
	}
}

/* The C of one way: what builds, and what uses if that is its own. */
static void add_functions(struct text *out, const char *source, const struct lesson *lesson, const struct lesson_variant *variant)
{
	static const char *const members[] = { "make", "use" };
	for (size_t i = 0; i < 2; i++) {
		char function[64];
		const char *start, *end;
		member_of(source, variant->name, members[i], function, sizeof function);
		if (!function[0] && i == 1 && lesson->use)
			snprintf(function, sizeof function, "use");
		if (!function[0] || !find_function(source, function, &start, &end))
			continue;
		if (out->length)
			text_add(out, "\n");
		add_code(out, start, end);
	}
}

/* ---- the same in Python ---- */

/* The comments right above a line. */
static const char *comments_above(const char *text, const char *line)
{
	for (int i = 0; i < COMMENTS && line > text; i++) {
		const char *above = line - 1;
		while (above > text && above[-1] != '\n')
			above--;
		if (*above != '#' || strncmp(above, "# ----", 6) == 0)
			break;
		line = above;
	}
	return line;
}

/* A function with the comments above it, or a name for another one and that. */
static bool add_python(struct text *out, const struct lesson *lesson, const char *name)
{
	const char *text = lesson_twin(lesson), *start = lesson_twin_function(lesson, name);
	if (!start)
		return false;
	if (out->length)
		text_add(out, "\n");
	const char *end = line_end(start), *last = end;
	for (; *end == ' ' || *end == '\n'; end = line_end(end))
		if (*end == ' ')
			last = line_end(end);
	const char *first = comments_above(text, start);
	text_addn(out, first, (size_t)(last - first));
	if (strncmp(start, "def ", 4) == 0)
		return true;
	char other[64];
	const char *value = strstr(start, " = ") + 3;
	snprintf(other, sizeof other, "%.*s", (int)strcspn(value, "\n"), value);
	return strcmp(other, name) == 0 || add_python(out, lesson, other);
}

/* What makes, and what uses. */
static void add_twin(struct text *out, const struct lesson *lesson, const struct lesson_variant *variant)
{
	char use[72];
	snprintf(use, sizeof use, "use_%s", variant->name);
	if (variant->pages_kept || !add_python(out, lesson, variant->name))
		return;
	if (!add_python(out, lesson, use))
		add_python(out, lesson, "use");
}

/* Words as lines that begin with '#', none longer than `width`. */
static void add_remark(struct text *out, const char *words, size_t width)
{
	struct text wrapped = { 0 };
	text_wrap(&wrapped, words, 0, 0, width - 2);
	for (const char *line = text_string(&wrapped); *line; line = line_end(line)) {
		text_add(out, "# ");
		text_addn(out, line, (size_t)(line_end(line) - line));
	}
	text_release(&wrapped);
}

static size_t widest_line(const char *lines)
{
	size_t widest = 0;
	for (const char *line = lines; *line; line = line_end(line)) {
		size_t length = strcspn(line, "\n");
		widest = length > widest ? length : widest;
	}
	return widest;
}

static void print_beside(const char *left, size_t columns, const char *right)
{
	while (*left || *right) {
		size_t left_length = strcspn(left, "\n"), right_length = strcspn(right, "\n");
		printf("%-*.*s|%s%.*s\n", (int)columns, (int)left_length, left, right_length ? " " : "", (int)right_length, right);
		left += left_length + (left[left_length] == '\n');
		right += right_length + (right[right_length] == '\n');
	}
}

/* The NumPy line, and what the formula foretells of it. */
static void add_numpy(struct text *out, const struct lesson *lesson, const struct lesson_variant *variant, size_t width)
{
	uint64_t params[LESSON_PARAMS_MAX];
	char bytes[UNITS_TEXT], peak[UNITS_TEXT], note[256];
	struct text words = { 0 };
	for (size_t i = 0; lesson->params[i].name; i++)
		params[i] = lesson->params[i].value;
	if (lesson->fit)
		lesson->fit(params, note, sizeof note);
	text_addf(&words, "%s: %s", variant->name, variant->what ? variant->what : "");
	add_remark(out, text_string(&words), width);
	text_addf(out, "%s\n", variant->numpy ? variant->numpy : "# no NumPy line says this");
	text_release(&words);
	text_addf(&words, "makes %s, peak %s", units_bytes((double)variant->asked(params), bytes), units_bytes((double)variant->peak_asked(params), peak));
	add_remark(out, text_string(&words), width);
	text_release(&words);
	if (variant->formula) {
		text_addf(&words, "= %s", variant->formula);
		add_remark(out, text_string(&words), width);
	}
	text_release(&words);
}

/* `columns`: of the left half; 0: the C stands below. */
static void print_way(const struct lesson *lesson, const struct lesson_variant *variant, size_t width, size_t columns)
{
	struct text numpy = { 0 }, twin = { 0 }, code = { 0 };
	add_numpy(&numpy, lesson, variant, columns ? columns : width);
	add_twin(&twin, lesson, variant);
	add_functions(&code, lesson_source(lesson), lesson, variant);
	if (twin.length)
		text_addf(&numpy, "\n%s", text_string(&twin));
	if (columns) {
		print_beside(text_string(&numpy), columns, text_string(&code));
	} else {
		fputs(text_string(&numpy), stdout);
		putchar('\n');
		fputs(text_string(&code), stdout);
	}
	text_release(&numpy);
	text_release(&twin);
	text_release(&code);
}

/* A way that C has not. */
static void print_numpy_only(const struct lesson *lesson, const struct lesson_variant *variant, size_t width)
{
	struct text words = { 0 }, out = { 0 };
	text_addf(&words, "%s np: %s", variant->name, variant->what);
	add_remark(&out, text_string(&words), width);
	text_addf(&out, "%s\n\n", variant->numpy);
	text_release(&words);
	add_twin(&words, lesson, variant);
	text_add(&out, text_string(&words));
	fputs(text_string(&out), stdout);
	text_release(&words);
	text_release(&out);
}

/* Is there room for all NumPy and all C beside each other? The columns of the left half, or 0. */
static size_t columns_beside(const struct lesson *lesson, const char *list, size_t width)
{
	size_t left = NUMPY_COLUMNS - 1, right = 0;
	for (const struct lesson_variant *variant = lesson->variants; variant->name; variant++) {
		struct text code = { 0 }, twin = { 0 };
		if (measure_selects(list, variant->name)) {
			add_functions(&code, lesson_source(lesson), lesson, variant);
			add_twin(&twin, lesson, variant);
		}
		size_t columns = widest_line(text_string(&code)), twins = widest_line(text_string(&twin));
		right = columns > right ? columns : right;
		left = twins > left ? twins : left;
		text_release(&code);
		text_release(&twin);
	}
	return width >= SIDE_BY_SIDE && left + 1 + 2 + right <= width ? left + 1 : 0;
}

static int show(int argc, char **argv, struct err *err)
{
	static const struct argp_option own[] = {
		{ "source", KEY_SOURCE, NULL, 0, "The whole scenario in C, as it is compiled", 0 },
		{ "numpy", KEY_NUMPY, NULL, 0, "The whole numpy.py, as --with numpy runs it", 0 },
		{ "variants", KEY_VARIANTS, "A,B|all", 0, "Only these ways", 0 },
		{ 0 },
	};
	static const struct options_command command = {
		.args_doc = "LESSON",
		.doc = "Show a lesson's ways in NumPy beside the C that does the same.\vFrom 140 columns on they stand side by side, where both fit.",
		.own = own,
		.own_key = own_key,
		.least_words = 1,
		.most_words = 1,
		.what = "a lesson",
	};
	struct options options;
	const struct lesson *lesson;
	whole_source = whole_numpy = false;
	if (options_parse(&command, argc, argv, &options, err) != 0 || measure_find(options.words[0], &lesson, err) != 0)
		return err->code;
	if (!lesson_source(lesson))
		return err_set(err, ERR_USAGE, "'%s' is part of memhint and has no page to show", lesson->name);
	const struct lesson *const lessons[] = { lesson, NULL };
	if (measure_check_variants(lessons, options.variants, true, err) != 0)
		return err->code;
	if (whole_source) {
		fputs(lesson_source(lesson), stdout);
		return 0;
	}
	if (whole_numpy && !lesson_twin(lesson))
		return err_set(err, ERR_USAGE, "'%s' has no numpy.py", lesson->name);
	if (whole_numpy) {
		fputs(lesson_twin(lesson), stdout);
		return 0;
	}
	size_t width = options_width(), columns = columns_beside(lesson, options.variants, width);
	bool first = true;
	for (const struct lesson_variant *variant = lesson->variants; variant->name; variant++) {
		if (!measure_selects(options.variants, variant->name))
			continue;
		if (!first)
			putchar('\n');
		first = false;
		print_way(lesson, variant, width, columns);
	}
	for (const struct lesson_variant *only = lesson->numpy_variants; only && only->name; only++) {
		if (lesson_variant_find(lesson, only->name) || !measure_selects(options.variants, only->name))
			continue;
		if (!first)
			putchar('\n');
		first = false;
		print_numpy_only(lesson, only, width);
	}
	return 0;
}

const struct command command_show = {
	.name = "show",
	.group = "Look closer",
	.usage = "LESSON",
	.summary = "each way in NumPy beside its C",
	.run = show,
};
