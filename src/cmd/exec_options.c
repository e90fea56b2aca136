/* SPDX-License-Identifier: MIT */
/*
 * Which words make which commands: after "--" stands one command with its arguments; else each word is a whole command line. One command without --sets is run once,
 * all else is a comparison.
 */

#include "cmd/exec_options.h"

#include "base/units.h"
#include "base/words.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum key {
	KEY_SHELL = 512,
	KEY_PLAIN,
	KEY_OBJECTS,
	KEY_PEAK,
	KEY_ASKED,
	KEY_ALLOCATIONS,
	KEY_WARMUP,
	KEY_PREPARE,
	KEY_CLEANUP,
	KEY_INPUT,
	KEY_OUTPUT,
	KEY_IGNORE,
};

static const struct argp_option measured[] = {
	{ "plain", KEY_PLAIN, NULL, 0, "Run a single program a second time, plain, for RSS, faults and times", 1 },
	{ "python-objects", KEY_OBJECTS, NULL, 0, "Count Python's small objects too (PYTHONMALLOC=malloc in counted runs)", 1 },
	{ "shell", KEY_SHELL, NULL, 0, "Run each PROGRAM by sh -c", 1 },
	{ "max-peak", KEY_PEAK, "[REGION=]SIZE", 0, "Budget: status 1 if the peak heap is larger", 3 },
	{ "max-asked", KEY_ASKED, "[REGION=]SIZE", 0, "Budget: status 1 if more bytes are asked", 3 },
	{ "max-allocations", KEY_ALLOCATIONS, "[REGION=]N", 0, "Budget: status 1 if there are more allocations", 3 },
	{ "warmup", KEY_WARMUP, "N", 0, "Runs of each program before those that are timed", 2 },
	{ "prepare", KEY_PREPARE, "COMMAND", 0, "Before every run: a command for sh, not measured", 4 },
	{ "cleanup", KEY_CLEANUP, "COMMAND", 0, "After every run, also of an interrupted one", 4 },
	{ "input", KEY_INPUT, "FILE", 0, "Standard input (a comparison's: /dev/null)", 4 },
	{ "output", KEY_OUTPUT, "FILE", 0, "Standard output, begun anew by each run (a comparison's is dropped)", 4 },
	{ "ignore-failure", KEY_IGNORE, NULL, 0, "In a comparison, time what ends with another status than 0 too", 4 },
	{ 0 },
};

/* ---- limits ---- */

/* "230MB", or "windows=70MB"; the last "=" is the one, as names may hold others. */
static int add_limit(struct exec_options *options, const char *option, char *value)
{
	struct err *err = options->common.err;
	char *equals = strrchr(value, '=');
	const char *number = equals ? equals + 1 : value;
	uint64_t limit;
	if (options->nlimits == EXEC_LIMITS)
		return err_set(err, ERR_USAGE, "too many budgets: '%s=%.80s'", option, value);
	if (equals == value)
		return err_set(err, ERR_USAGE, "%s '%.80s' has an empty name of a region: %s=REGION=NUMBER", option, value, option);
	if (!*number)
		return err_set(err, ERR_USAGE, "%s '%.80s' has no number: %s=230MB, or %s=REGION=70MB", option, value, option, option);
	if (units_parse(option, number, &limit, err) != 0)
		return err->code;
	if (limit > INT64_MAX)
		return err_set(err, ERR_USAGE, "%s: '%.80s' is more than 63 bits can count", option, number);
	size_t at = options->nlimits;
	if (equals && !(options->regions[at] = strndup(value, (size_t)(equals - value))))
		return err_set(err, ERR_IO, "out of memory");
	options->limits[at] = (struct program_limit){ option, options->regions[at], (int64_t)limit };
	options->nlimits++;
	return 0;
}

/* ---- one option ---- */

static error_t parse_measured(int key, char *value, struct argp_state *state)
{
	struct exec_options *options = state->input;
	struct err *err = options->common.err;
	switch (key) {
	case KEY_SHELL:
		options->shell = true;
		return 0;
	case KEY_PLAIN:
		options->plain = true;
		return 0;
	case KEY_OBJECTS:
		options->python_objects = true;
		return 0;
	case KEY_IGNORE:
		options->ignore_failure = true;
		return 0;
	case KEY_PEAK:
		return add_limit(options, "--max-peak", value) ? EINVAL : 0;
	case KEY_ASKED:
		return add_limit(options, "--max-asked", value) ? EINVAL : 0;
	case KEY_ALLOCATIONS:
		return add_limit(options, "--max-allocations", value) ? EINVAL : 0;
	case KEY_WARMUP:
		if (units_parse("--warmup", value, &options->warmup, err))
			return EINVAL;
		if (options->warmup > 1000)
			return err_set(err, ERR_USAGE, "'%s' is no value of --warmup: give 0 to 1000", value), EINVAL;
		return 0;
	case KEY_PREPARE:
		options->prepare = value;
		return 0;
	case KEY_CLEANUP:
		options->cleanup = value;
		return 0;
	case KEY_INPUT:
		options->input = value;
		return 0;
	case KEY_OUTPUT:
		options->output = value;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp options_measured = { .options = measured, .parser = parse_measured };

/* ---- commands ---- */

/* What is shown of a command whose words were given apart: the words with blanks between them. */
static char *join_words(char *const *words)
{
	size_t length = 1;
	for (size_t i = 0; words[i]; i++)
		length += strlen(words[i]) + 1;
	char *text = malloc(length), *to = text;
	for (size_t i = 0; text && words[i]; i++) {
		if (i > 0)
			*to++ = ' ';
		to = stpcpy(to, words[i]);
	}
	if (text)
		*to = '\0';
	return text;
}

static int for_shell(const char *line, struct program_command *command, struct err *err)
{
	static char sh[] = "sh", flag[] = "-c";
	size_t length = strlen(line) + 1;
	if (line[strspn(line, " \t\n")] == '\0')
		return err_set(err, ERR_USAGE, "an empty command: '%.60s'", line);
	char **argv = malloc(4 * sizeof *argv + length);
	if (!argv)
		return err_set(err, ERR_IO, "out of memory");
	char *copy = memcpy(argv + 4, line, length);
	argv[0] = sh;
	argv[1] = flag;
	argv[2] = copy;
	argv[3] = NULL;
	command->argv = argv;
	command->shell = true;
	return 0;
}

static int make_commands(struct exec_options *options, struct err *err)
{
	const struct options *common = &options->common;
	size_t count = common->rest ? 1 : common->nwords;
	options->commands = calloc(count + 1, sizeof *options->commands);
	if (!options->commands)
		return err_set(err, ERR_IO, "out of memory");
	for (options->ncommands = 0; options->ncommands < count; options->ncommands++) {
		struct program_command *command = &options->commands[options->ncommands];
		char *text = common->rest ? join_words(common->rest) : strdup(common->words[options->ncommands]);
		char **words;
		size_t nwords;
		command->text = text;
		int status = 0;
		if (!text)
			return err_set(err, ERR_IO, "out of memory");
		if (options->shell) {
			status = for_shell(text, command, err);
		} else if (common->rest) {
			command->argv = common->rest;
		} else {
			status = words_split(text, &words, &nwords, err);
			command->argv = status == 0 ? words : NULL;
		}
		if (status != 0) {
			options->ncommands++; /* its text is to be freed */
			return status;
		}
	}
	return 0;
}

/* ---- what goes together ---- */

static int check(struct exec_options *options, struct err *err)
{
	const struct options *common = &options->common;
	if (common->rest && common->nwords > 0)
		return err_set(err, ERR_USAGE, "'%.60s' stands before --: give one command after it, or several as words of their own", common->words[0]);
	options->once = (common->rest || common->nwords == 1) && common->sets == 0;
	if (options->once && (common->seconds > 0 || options->warmup > 0))
		return err_set(err, ERR_USAGE, "%s is for comparisons: give --sets, or several commands", common->seconds > 0 ? "--time" : "--warmup");
	if (options->input && access(options->input, R_OK) != 0)
		return err_set(err, ERR_IO, "cannot open '%s': %s", options->input, strerror(errno));
	return 0;
}

int exec_options_parse(int argc, char **argv, struct exec_options *options, struct err *err)
{
	static const struct argp_child children[] = { { &options_measured, 0, NULL, 0 }, { &options_program, 0, NULL, 0 }, { &options_screen, 0, NULL, 0 }, { 0 } };
	static const struct options_command command = {
		.args_doc = "[--] PROGRAM...",
		.doc = "Measure any program on the same ledger.\v"
		       "After -- stands one PROGRAM with its arguments. It is run once, counted, its input, output and exit status untouched; the report goes to standard "
		       "error. Without -- each PROGRAM is a whole command line in quotes; several are compared, and so is one with --sets.\n\n"
		       "  memhint exec -- python3 x.py 1000\n"
		       "  memhint exec 'python3 bad.py' 'python3 good.py'\n\n"
		       "Exit status: the program's; 128 + signal; 1 a budget is broken; 125 memhint failed; 126, 127 it could not be run.",
		.children = children,
		.least_words = 1,
		.most_words = OPTIONS_WORDS,
		.what = "a program",
		.takes_rest = true,
	};
	*options = (struct exec_options){ 0 };
	int status = options_parse(&command, argc, argv, &options->common, err);
	if (status == 0)
		status = check(options, err);
	if (status == 0)
		status = make_commands(options, err);
	return status;
}

void exec_options_release(struct exec_options *options)
{
	for (size_t i = 0; i < options->ncommands; i++) {
		struct program_command *command = &options->commands[i];
		if (command->argv != options->common.rest)
			free((void *)command->argv);
		free((void *)command->text);
	}
	free(options->commands);
	for (size_t i = 0; i < options->nlimits; i++)
		free(options->regions[i]);
	*options = (struct exec_options){ 0 };
}
