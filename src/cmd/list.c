/* SPDX-License-Identifier: MIT */
/* memhint list: the lessons; with a lesson's name, its ways and its parameters. */

#include "base/text.h"
#include "base/units.h"
#include "cmd/cmd.h"
#include "cmd/measure.h"

#include <stdio.h>
#include <string.h>

enum { KEY_NAMES = 'n', KEY_WAYS = 'w', KEY_PARAMS = 'p', NARROW = 60, BELOW = 4 };

static int listing; /* which bare list is wanted; 0: none */

static int own_key(int key, const char *value, struct options *options)
{
	(void)value;
	(void)options;
	if (key != KEY_NAMES && key != KEY_WAYS && key != KEY_PARAMS)
		return ARGP_ERR_UNKNOWN;
	listing = key;
	return 0;
}

static size_t count_variants(const struct lesson *lesson)
{
	size_t count = 0;
	while (lesson->variants[count].name)
		count++;
	return count;
}

/* Names alone, one a line, for scripts and completions. */
static void print_bare(const struct lesson *lesson)
{
	if (listing == KEY_NAMES)
		puts(lesson->name);
	for (size_t i = 0; listing == KEY_WAYS && lesson->variants[i].name; i++)
		puts(lesson->variants[i].name);
	for (size_t i = 0; listing == KEY_PARAMS && lesson->params[i].name; i++)
		puts(lesson->params[i].name);
}

/* The text of a row that has come to `column`; on a narrow page below it. */
static void add_beside(struct text *out, const char *text, size_t column, size_t width)
{
	if (width < NARROW) {
		while (out->length > 0 && out->data[out->length - 1] == ' ')
			out->data[--out->length] = '\0';
		text_addf(out, "\n%*s", BELOW, "");
		column = BELOW;
	}
	text_wrap(out, text, column, column, width);
}

static void print_row(const struct lesson *lesson, size_t width)
{
	struct text line = { 0 };
	text_addf(&line, "%-9s %-12s %3zu  ", lesson->id, lesson->name, count_variants(lesson));
	add_beside(&line, lesson->summary, 28, width);
	fputs(text_string(&line), stdout);
	text_release(&line);
}

static void add_ways(struct text *out, const struct lesson_variant *variants, const struct lesson *not_of, size_t width)
{
	for (const struct lesson_variant *variant = variants; variant && variant->name; variant++) {
		const char *role = variant->role == LESSON_NAIVE ? "naive" : variant->role == LESSON_BETTER ? "better" : "other";
		char line[256];
		if (not_of && lesson_variant_find(not_of, variant->name))
			continue;
		snprintf(line, sizeof line, "%s%s%s", variant->what ? variant->what : "", variant->numpy ? ": " : "", variant->numpy ? variant->numpy : "");
		text_addf(out, "  %-19s %-6s ", variant->name, role);
		add_beside(out, line, 29, width);
	}
}

static void print_whole(const struct lesson *lesson, size_t width)
{
	struct text out = { 0 };
	text_addf(&out, "%s (%s): ", lesson->name, lesson->id);
	text_wrap(&out, lesson->title, out.length, 2, width);
	text_add(&out, "\nParameters (--set NAME=VALUE)\n");
	for (const struct lesson_param *param = lesson->params; param->name; param++) {
		char value[UNITS_TEXT], least[UNITS_TEXT], most[UNITS_TEXT], line[256];
		snprintf(line, sizeof line, "%s; %s, %s to %s", param->help, param->unit, units_short(param->least, least), units_short(param->most, most));
		text_addf(&out, "  %-10s %7s  ", param->name, units_short(param->value, value));
		add_beside(&out, line, 22, width);
	}
	text_add(&out, "\nWays (--variants A,B)\n");
	add_ways(&out, lesson->variants, NULL, width);
	size_t length = out.length;
	text_add(&out, "\nOnly in NumPy (--with numpy)\n");
	size_t head = out.length;
	add_ways(&out, lesson->numpy_variants, lesson, width);
	if (out.length == head)
		out.data[out.length = length] = '\0';
	fputs(text_string(&out), stdout);
	text_release(&out);
}

static int list(int argc, char **argv, struct err *err)
{
	static const struct argp_option own[] = {
		{ "names", KEY_NAMES, NULL, 0, "Only the names, one a line", 0 },
		{ "ways", KEY_WAYS, NULL, 0, "Only the names of the ways, one a line", 0 },
		{ "params", KEY_PARAMS, NULL, 0, "Only the names of the parameters, one a line", 0 },
		{ 0 },
	};
	static const struct options_command command = {
		.args_doc = "[LESSON...]",
		.doc = "List the lessons; with a LESSON its parameters and ways.",
		.own = own,
		.own_key = own_key,
		.most_words = OPTIONS_WORDS,
		.what = "a lesson",
	};
	struct options options;
	const struct lesson *lessons[OPTIONS_WORDS + 1] = { 0 };
	listing = 0;
	if (options_parse(&command, argc, argv, &options, err) != 0)
		return err->code;
	for (size_t i = 0; i < options.nwords; i++)
		if (measure_find(options.words[i], &lessons[i], err) != 0)
			return err->code;
	size_t width = options_width();
	if (!listing && options.nwords == 0)
		puts(width < NARROW ? "id        lesson      ways  about" : "id        lesson      ways  what it is about");
	for (const struct lesson *const *lesson = options.nwords ? lessons : lesson_all(); *lesson; lesson++) {
		if (listing)
			print_bare(*lesson);
		else if (options.nwords == 0)
			print_row(*lesson, width);
		else
			print_whole(*lesson, width);
		if (!listing && options.nwords > 0 && lesson[1])
			putchar('\n');
	}
	if (!listing && options.nwords == 0)
		puts(width < NARROW ? "\nmemhint run LESSON measures one,\nmemhint list LESSON tells its ways." :
		                      "\nmemhint run LESSON measures one, memhint list LESSON tells its ways.");
	return 0;
}

const struct command command_list = {
	.name = "list",
	.group = "Start here",
	.usage = "[LESSON...]",
	.summary = "the lessons, their ways and parameters",
	.run = list,
};
