/* SPDX-License-Identifier: MIT */
/*
 * argp with one-line messages. argp and getopt would print two lines and know no near names, so they are told to be silent (ARGP_NO_ERRS), and what
 * went wrong is found here: getopt has left the word it stumbled over just before state->next.
 */

#include "cmd/options.h"

#include "base/text.h"
#include "base/units.h"
#include "cmd/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum key {
	KEY_SET = 256,
	KEY_FORMAT,
	KEY_TIME,
	KEY_SETS,
	KEY_VARIANTS,
	KEY_WITH,
	KEY_HUGEPAGES,
	KEY_KEEP_PAGES,
	KEY_TIMEOUT,
	KEY_WIDE,
	KEY_BRIEF,
	KEY_STRICT,
	KEY_FORCE,
	KEY_COLOR,
	KEY_QUIET,
	KEY_USAGE,
};

static const struct argp_option measuring[] = {
	{ "set", KEY_SET, "NAME=VALUE", 0, "Give a parameter another value; 4K is 4000, 4Ki is 4096", 1 },
	{ "variants", KEY_VARIANTS, "A,B|all", 0, "Measure only these ways", 1 },
	{ "with", KEY_WITH, "numpy|c", 0, "Measure the ways in NumPy too, beside those in C (c: these alone, the default)", 1 },
	{ "time", KEY_TIME, "SECONDS", 0, "Budget of a lesson for timed samples", 2 },
	{ "sets", KEY_SETS, "N", 0, "Sets of fresh processes (default: as many as the budget allows, at least 6)", 2 },
	{ "timeout", KEY_TIMEOUT, "SECONDS", 0, "Give a way up when one step takes longer", 2 },
	{ "hugepages", KEY_HUGEPAGES, "auto|never", 0, "Ask for huge pages from 4 MiB on, as NumPy does (auto), or have none", 2 },
	{ "keep-pages", KEY_KEEP_PAGES, NULL, 0, "The allocator keeps freed pages, as NumPy's does below 32 MiB", 2 },
	{ "strict", KEY_STRICT, NULL, 0, "Status 1 if any exact sentence fails, also where its lesson says so", 3 },
	{ "force", KEY_FORCE, NULL, 0, "Run even if the memory needed is more than there is", 3 },
	{ "quiet", KEY_QUIET, NULL, 0, "No progress and no remarks on standard error", 3 },
	{ 0 },
};

static const struct argp_option output[] = {
	{ "format", KEY_FORMAT, "table|json|csv|markdown", 0, "How to write the results", 4 },
	{ "output", 'o', "FILE", 0, "Write to FILE, whole or not at all", 4 },
	{ "wide", KEY_WIDE, NULL, 0, "All columns (as from 120 columns on)", 4 },
	{ "brief", KEY_BRIEF, NULL, 0, "Only the ledger and the verdicts", 4 },
	{ 0 },
};

static const struct argp_option inspection[] = {
	{ "format", KEY_FORMAT, "table|json|csv|markdown", 0, "How to write the answers", 4 },
	{ "output", 'o', "FILE", 0, "Write to FILE, whole or not at all", 4 },
	{ "wide", KEY_WIDE, NULL, 0, "All columns (as from 120 columns on)", 4 },
	{ "brief", KEY_BRIEF, NULL, 0, "Only a line for each statement, and the totals", 4 },
	{ 0 },
};

static const struct argp_option program[] = {
	{ "time", KEY_TIME, "SECONDS", 0, "Budget of a comparison for timed runs (3)", 2 },
	{ "sets", KEY_SETS, "N", 0, "Compare in N sets of two runs (default: as many as the budget allows, at least 6)", 2 },
	{ "timeout", KEY_TIMEOUT, "SECONDS", 0, "End a run that takes longer", 2 },
	{ "format", KEY_FORMAT, "table|json|csv|markdown", 0, "How to write the report", 5 },
	{ "report", 'o', "FILE", 0, "Write the report to FILE, whole or not at all", 5 },
	{ "wide", KEY_WIDE, NULL, 0, "All columns (as from 120 columns on)", 5 },
	{ "quiet", 'q', NULL, 0, "No progress; of a single run no report either, unless a budget is broken", 5 },
	{ 0 },
};

static const struct argp_option screen[] = {
	{ "color", KEY_COLOR, "auto|always|never", 0, "Colour the output (NO_COLOR is obeyed)", 5 },
	{ 0 },
};

/* The first mistake is the one that is told. */
#define wrong(options, ...) ((options)->err->code == ERR_OK ? (void)err_set((options)->err, ERR_USAGE, __VA_ARGS__) : (void)0, EINVAL)

static int one_of(struct options *options, const char *option, const char *value, const char *const *names)
{
	char list[128] = "";
	for (int i = 0; names[i]; i++) {
		if (strcmp(value, names[i]) == 0)
			return i;
		snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i ? ", " : "", names[i]);
	}
	if (options->err->code == ERR_OK)
		err_set(options->err, ERR_USAGE, "'%s' is no value of %s: give one of %s", value, option, list);
	return -1;
}

static int find_format(struct options *options, const char *value)
{
	const char *names[8] = { 0 };
	for (size_t i = 0; i < 7 && report_formats[i]; i++)
		names[i] = report_formats[i]->name;
	int at = one_of(options, "--format", value, names);
	if (at < 0)
		return EINVAL;
	options->format = report_formats[at];
	return 0;
}

static error_t parse_shared(int key, char *value, struct argp_state *state)
{
	struct options *options = state->input;
	static const char *const colors[] = { "auto", "always", "never", NULL };
	static const char *const hugepages[] = { "auto", "never", NULL };
	static const char *const languages[] = { "numpy", "c", NULL };
	int at;
	switch (key) {
	case KEY_SET:
		if (options->nsettings == OPTIONS_SETTINGS)
			return wrong(options, "too many --set: '%s'", value);
		options->settings[options->nsettings++] = value;
		return 0;
	case KEY_VARIANTS:
		options->variants = value;
		return *value ? 0 : wrong(options, "--variants is empty: give names from 'memhint list LESSON', or all");
	case KEY_WITH:
		at = one_of(options, "--with", value, languages);
		options->with_numpy = at == 0;
		return at < 0 ? EINVAL : 0;
	case KEY_TIME:
		return units_parse_seconds("--time", value, &options->seconds, options->err) ? EINVAL : 0;
	case KEY_TIMEOUT:
		return units_parse_seconds("--timeout", value, &options->timeout_s, options->err) ? EINVAL : 0;
	case KEY_SETS:
		if (units_parse("--sets", value, &options->sets, options->err))
			return EINVAL;
		if (options->sets < 2 || options->sets > 40)
			return wrong(options, "'%s' is no value of --sets: give 2 to 40", value);
		return 0;
	case KEY_HUGEPAGES:
		at = one_of(options, "--hugepages", value, hugepages);
		options->hugepages_never = at == 1;
		return at < 0 ? EINVAL : 0;
	case KEY_KEEP_PAGES:
		options->keep_pages = true;
		return 0;
	case KEY_COLOR:
		at = one_of(options, "--color", value, colors);
		options->color = (enum options_color)at;
		return at < 0 ? EINVAL : 0;
	case KEY_FORMAT:
		return find_format(options, value);
	case 'o':
		options->output = value;
		return *value ? 0 : wrong(options, "-o needs the name of a file");
	case KEY_WIDE:
		options->wide = true;
		return 0;
	case KEY_BRIEF:
		options->brief = true;
		return 0;
	case KEY_STRICT:
		options->strict = true;
		return 0;
	case KEY_FORCE:
		options->force = true;
		return 0;
	case KEY_QUIET:
	case 'q':
		options->quiet = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp options_measuring = { .options = measuring, .parser = parse_shared };
const struct argp options_output = { .options = output, .parser = parse_shared };
const struct argp options_inspection = { .options = inspection, .parser = parse_shared };
const struct argp options_program = { .options = program, .parser = parse_shared };
const struct argp options_screen = { .options = screen, .parser = parse_shared };

/* ---- mistakes ---- */

struct parsing {
	const struct options_command *command;
	struct options *options;
};

static size_t option_names(const struct argp_option *from, const char **names, size_t count, size_t most)
{
	for (; from && (from->name || from->key || from->doc); from++)
		if (from->name && count < most)
			names[count++] = from->name;
	return count;
}

/* Exactly so named, or the last that begins so. */
static void option_match(const struct argp_option *from, const char *word, size_t length, const struct argp_option **found)
{
	for (; from && from->name; from++)
		if (strncmp(from->name, word, length) == 0 && !(*found && strlen((*found)->name) == length))
			*found = from;
}

/* The option that a word names: exactly, or as one that begins so; --set is not --sets. */
static const struct argp_option *option_named(const struct options_command *command, const char *word, size_t length)
{
	const struct argp_option *found = NULL;
	for (const struct argp_child *child = command->children; child && child->argp; child++)
		option_match(child->argp->options, word, length, &found);
	option_match(command->own, word, length, &found);
	return found;
}

static void explain(const struct parsing *parsing, const struct argp_state *state)
{
	struct options *options = parsing->options;
	if (options->err->code != ERR_OK)
		return;
	const char *word = state->next > 0 && state->next <= state->argc ? state->argv[state->next - 1] : "";
	if (strncmp(word, "--", 2) != 0) {
		err_set(options->err, ERR_USAGE, "unknown option, or a value is missing: '%s' (see '%s --help')", word, state->argv[0]);
		return;
	}
	size_t length = strcspn(word + 2, "=");
	const struct argp_option *known = option_named(parsing->command, word + 2, length);
	if (known && known->arg) {
		err_set(options->err, ERR_USAGE, "option '--%s' needs a value: --%s=%s", known->name, known->name, known->arg);
	} else if (known) {
		err_set(options->err, ERR_USAGE, "option '--%s' takes no value", known->name);
	} else {
		const char *names[64] = { "help" };
		size_t count = option_names(parsing->command->own, names, 1, 64);
		for (const struct argp_child *child = parsing->command->children; child && child->argp; child++)
			count = option_names(child->argp->options, names, count, 64);
		char plain[64];
		snprintf(plain, sizeof plain, "%.*s", (int)length, word + 2);
		const char *near = text_nearest(plain, names, count);
		if (near)
			err_set(options->err, ERR_USAGE, "unknown option '%s': did you mean '--%s'?", word, near);
		else
			err_set(options->err, ERR_USAGE, "unknown option '%s' (see '%s --help')", word, state->argv[0]);
	}
}

/* Asked for, so it goes to standard output. Under ARGP_NO_ERRS argp would hold it for an error and say nothing. */
static _Noreturn void print_help(struct argp_state *state, unsigned what)
{
	state->flags &= ~(unsigned)ARGP_NO_ERRS;
	setenv("ARGP_HELP_FMT", "no-dup-args-note", 0); /* three lines that say nothing */
	argp_state_help(state, stdout, what);
	exit(command_finish(state->argv[0], 0));
}

static error_t parse_own(int key, char *value, struct argp_state *state)
{
	struct parsing *parsing = state->input;
	struct options *options = parsing->options;
	switch (key) {
	case ARGP_KEY_INIT:
		for (size_t i = 0; parsing->command->children && parsing->command->children[i].argp; i++)
			state->child_inputs[i] = options;
		return 0;
	case ARGP_KEY_ARG:
		if (parsing->command->takes_rest && state->quoted) {
			options->rest = state->argv + state->next - 1;
			state->next = state->argc;
			return 0;
		}
		if (options->nwords == OPTIONS_WORDS || options->nwords == parsing->command->most_words)
			return wrong(options, "one word too many: '%s'", value);
		options->words[options->nwords++] = value;
		return 0;
	case ARGP_KEY_ERROR:
		explain(parsing, state);
		return 0;
	case '?':
		print_help(state, ARGP_HELP_STD_HELP & ~(unsigned)ARGP_HELP_EXIT_OK);
	case KEY_USAGE:
		print_help(state, ARGP_HELP_USAGE);
	default:
		return parsing->command->own_key && key < 256 && key != 0 ? parsing->command->own_key(key, value, options) : ARGP_ERR_UNKNOWN;
	}
}

int options_parse(const struct options_command *command, int argc, char **argv, struct options *options, struct err *err)
{
	/* The command's own come first, and help last, in a group of its own. */
	struct argp_option own[16] = { 0 };
	size_t count = 0;
	for (; command->own && command->own[count].name && count < 13; count++)
		own[count] = command->own[count];
	own[count++] = (struct argp_option){ "help", '?', NULL, 0, "Give this help", -1 };
	own[count] = (struct argp_option){ "usage", KEY_USAGE, NULL, 0, "Give a short usage message", -1 };
	*options = (struct options){ .format = report_formats[0], .err = err };
	struct parsing parsing = { command, options };
	const struct argp argp = { own, parse_own, command->args_doc, command->doc, command->children, NULL, NULL };
	err->code = ERR_OK;
	unsigned flags = ARGP_NO_ERRS | ARGP_NO_EXIT | ARGP_NO_HELP | (command->takes_rest ? ARGP_IN_ORDER : 0);
	error_t status = argp_parse(&argp, argc, argv, flags, NULL, &parsing);
	if (err->code != ERR_OK)
		return err->code;
	if (status != 0)
		return err_set(err, ERR_USAGE, "that cannot be understood (see '%s --help')", argv[0]);
	if (options->nwords < command->least_words && !options->rest)
		return err_set(err, ERR_USAGE, "%s is missing (see '%s --help')", command->what, argv[0]);
	return 0;
}

/* ---- the terminal ---- */

size_t options_width_of(int fd)
{
	struct winsize size;
	size_t width = 80;
	const char *columns = getenv("COLUMNS");
	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		width = size.ws_col;
	else if (columns && atoi(columns) > 0)
		width = (size_t)atoi(columns);
	return width < 40 ? 40 : width > 1000 ? 1000 : width;
}

size_t options_width(void)
{
	return options_width_of(STDOUT_FILENO);
}

bool options_use_color_on(const struct options *options, int fd)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	if (options->color != OPTIONS_COLOR_AUTO)
		return options->color == OPTIONS_COLOR_ALWAYS;
	return fd >= 0 && isatty(fd) && !(no_color && *no_color) && term && *term && strcmp(term, "dumb") != 0;
}

bool options_use_color(const struct options *options, bool to_file)
{
	return options_use_color_on(options, to_file ? -1 : STDOUT_FILENO);
}
