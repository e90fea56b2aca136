/* SPDX-License-Identifier: MIT */
#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

/* What is on the command line, the same options under the same names for every command. */

#include "base/err.h"
#include "report/report.h"

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OPTIONS_SETTINGS = 32, OPTIONS_WORDS = 64 };

enum options_color { OPTIONS_COLOR_AUTO, OPTIONS_COLOR_ALWAYS, OPTIONS_COLOR_NEVER };

struct options {
	const char *words[OPTIONS_WORDS]; /* what is no option */
	size_t nwords;
	char **rest; /* what stands after "--", NULL-ended; NULL: nothing */
	bool all;                            /* compare --all */
	const char *settings[OPTIONS_SETTINGS]; /* "n=1K" */
	size_t nsettings;
	const struct report_format *format;
	const char *output; /* NULL: standard output */
	double seconds;     /* 0: the command's own */
	uint64_t sets;      /* 0: as the time allows */
	double timeout_s;
	const char *variants; /* "a,b", "all" or NULL */
	bool with_numpy;
	bool hugepages_never;
	bool keep_pages; /* the workers' jemalloc gives no freed page back */
	bool wide, brief, strict, force, quiet;
	enum options_color color;
	struct err *err; /* the first mistake */
};

/* Which of the options a command knows: a group of argp options each. */
extern const struct argp options_measuring; /* --set, --time, --sets, --variants, ... */
extern const struct argp options_output;    /* --format, -o, --wide, --brief */
extern const struct argp options_inspection; /* of inspect: --format, -o, --wide, --brief in its own words */
extern const struct argp options_program;   /* of exec: --time, --sets, --timeout, --format, -o, --wide, --quiet */
extern const struct argp options_screen;    /* --color */

/*
 * Parse with argp. `children` are some of the above. Prints --help and --usage itself (and ends the program then, as argp does).
 *
 * children's parsers are handed `options`, which may be the first member of a struct of the command's own.
 * words   how many are wanted: least to most (SIZE_MAX: any number); `what` names one for the message ("a lesson").
 * Returns 0 or ERR_USAGE with one line that says what to do.
 */
struct options_command {
	const char *args_doc; /* "LESSON..." */
	const char *doc;      /* argp's: summary, vertical tab, more */
	const struct argp_option *own; /* NULL-ended; may be NULL. Keys are handled by own_key */
	int (*own_key)(int key, const char *value, struct options *options);
	const struct argp_child *children;
	size_t least_words, most_words;
	bool takes_rest; /* what stands after "--" is options->rest, and no word */
	const char *what;
};
int options_parse(const struct options_command *command, int argc, char **argv, struct options *options, struct err *err);

/* Columns of the terminal that standard output is, of COLUMNS where it is none, else 80; never below 40. */
size_t options_width(void);
/* The same of the terminal that a descriptor is. */
size_t options_width_of(int fd);
/* Whether to colour what goes to standard output (or to a file, when to_file): --color, NO_COLOR, TERM, a terminal or not. */
bool options_use_color(const struct options *options, bool to_file);
/* The same for what goes to a descriptor; -1: to a file. */
bool options_use_color_on(const struct options *options, int fd);

#endif
