/* SPDX-License-Identifier: MIT */
#ifndef CMD_CMD_H
#define CMD_CMD_H

/*
 * The commands. Each is one file here, one row of main.c's table, one man page and one bats file.
 *
 * A command returns 0 or a negative enum err_code with err filled; main.c prints the text and chooses the exit status. argv[0] is "memhint run" and the like.
 */

#include "base/err.h"

struct command {
	const char *name;
	const char *group;   /* the heading in `memhint --help` */
	const char *usage;   /* what follows the name: "LESSON..." */
	const char *summary; /* one line */
	int (*run)(int argc, char **argv, struct err *err);
};

extern const struct command *const command_table[]; /* in main.c; NULL-ended */
const struct command *command_find(const char *name);

extern const struct command command_run, command_inspect, command_list, command_compare, command_show, command_draw, command_exec, command_doctor, command_help;

/* Six lines for who types only `memhint`. */
void command_welcome(void);
/* `memhint` with options of its own (--help, --version), or with a word that is no command. */
int command_root(int argc, char **argv, struct err *err);
/* What was written to standard output must have arrived: closes it, and gives the status to end with: 4, after a line that says why, if it has not. */
int command_finish(const char *name, int status);
/* The overview of `memhint --help`. */
void command_overview(void);

#endif
