/* SPDX-License-Identifier: MIT */
#ifndef CMD_EXEC_OPTIONS_H
#define CMD_EXEC_OPTIONS_H

/* The command line of `memhint exec`, from words to commands and limits. */

#include "bench/program.h"
#include "cmd/options.h"

enum { EXEC_LIMITS = 32 };

struct exec_options {
	struct options common; /* first: the parsers that all commands share are handed it */
	bool shell, plain, python_objects, ignore_failure;
	uint64_t warmup;
	const char *prepare, *cleanup, *input, *output;
	struct program_limit limits[EXEC_LIMITS];
	char *regions[EXEC_LIMITS]; /* their names; owned */
	size_t nlimits;
	struct program_command *commands; /* owned, with their argv */
	size_t ncommands;
	bool once;
};

/* Returns 0 or an error with its text. exec_options_release() either way. */
int exec_options_parse(int argc, char **argv, struct exec_options *options, struct err *err);
void exec_options_release(struct exec_options *options);

#endif
