/* SPDX-License-Identifier: MIT */
/* memhint run: a lesson told whole. */

#include "cmd/cmd.h"
#include "cmd/measure.h"

static int run(int argc, char **argv, struct err *err)
{
	static const struct argp_child children[] = { { &options_measuring, 0, NULL, 0 }, { &options_output, 0, NULL, 0 }, { &options_screen, 0, NULL, 0 }, { 0 } };
	static const struct options_command command = {
		.args_doc = "LESSON...",
		.doc = "Measure the ways of a lesson side by side and judge the page's sentences.\v"
		       "A LESSON is a name (windows), an id (pattern3) or a pattern's number (3); 'memhint list' shows them.",
		.children = children,
		.least_words = 1,
		.most_words = OPTIONS_WORDS,
		.what = "a lesson",
	};
	struct options options;
	const struct lesson *lessons[OPTIONS_WORDS + 1] = { 0 };
	if (options_parse(&command, argc, argv, &options, err) != 0)
		return err->code;
	for (size_t i = 0; i < options.nwords; i++)
		if (measure_find(options.words[i], &lessons[i], err) != 0)
			return err->code;
	const struct measure_task task = { .lessons = lessons, .screen = REPORT_RUN, .seconds = 1.2 };
	return measure(&task, &options, err);
}

const struct command command_run = {
	.name = "run",
	.group = "Start here",
	.usage = "LESSON...",
	.summary = "one lesson: the ways, the ledger, the page judged",
	.run = run,
};
