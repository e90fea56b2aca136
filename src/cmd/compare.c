/* SPDX-License-Identifier: MIT */
/* memhint compare: one table over lessons, each printed as it is done. */

#include "cmd/cmd.h"
#include "cmd/measure.h"

enum { KEY_ALL = 'a' };

static int own_key(int key, const char *value, struct options *options)
{
	(void)value;
	if (key != KEY_ALL)
		return ARGP_ERR_UNKNOWN;
	options->all = true;
	return 0;
}

static int compare(int argc, char **argv, struct err *err)
{
	static const struct argp_child children[] = { { &options_measuring, 0, NULL, 0 }, { &options_output, 0, NULL, 0 }, { &options_screen, 0, NULL, 0 }, { 0 } };
	static const struct argp_option own[] = { { "all", KEY_ALL, NULL, 0, "All lessons", 0 }, { 0 } };
	static const struct options_command command = {
		.args_doc = "[LESSON...]",
		.doc = "Measure lessons and print one table, each lesson as it is done.\v"
		       "Without a LESSON all of them are measured, by their main ways; --variants all measures every way.",
		.own = own,
		.own_key = own_key,
		.children = children,
		.most_words = OPTIONS_WORDS,
		.what = "a lesson",
	};
	struct options options;
	const struct lesson *lessons[OPTIONS_WORDS + 1] = { 0 };
	if (options_parse(&command, argc, argv, &options, err) != 0)
		return err->code;
	if (options.all && options.nwords > 0)
		return err_set(err, ERR_USAGE, "--all and '%s' do not go together: give one or the other", options.words[0]);
	for (size_t i = 0; i < options.nwords; i++)
		if (measure_find(options.words[i], &lessons[i], err) != 0)
			return err->code;
	const struct measure_task task = {
		.lessons = options.nwords > 0 ? lessons : lesson_all(),
		.screen = REPORT_COMPARE,
		.headlines_only = true,
		.seconds = 0.8,
	};
	return measure(&task, &options, err);
}

const struct command command_compare = {
	.name = "compare",
	.group = "Look closer",
	.usage = "[LESSON...]",
	.summary = "one table over lessons",
	.run = compare,
};
