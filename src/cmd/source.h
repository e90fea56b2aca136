/* SPDX-License-Identifier: MIT */
#ifndef CMD_SOURCE_H
#define CMD_SOURCE_H

/* Where a NumPy program comes from: files, standard input and the command line, put together as one text. */

#include "base/err.h"
#include "base/text.h"
#include "cmd/options.h"

#include <stdbool.h>
#include <stddef.h>

enum { SOURCE_PARTS = 2 * OPTIONS_WORDS };

struct source {
	struct text text; /* may hold any bytes; each part begins a line */
	struct {
		const char *name; /* a file's; "<stdin>"; NULL: the command line's */
		int lines_before;
	} part[SOURCE_PARTS];
	size_t count;
	bool typed; /* all of it stands on the command line */
};

/*
 * Add what a word of the command line means: "-" is standard input, an existing file (and what can only be meant as one: x.py, ./x) its text, all else is
 * a program itself.
 * Returns 0, ERR_IO (cannot be read) or ERR_USAGE (too large).
 */
int source_add_word(struct source *source, const char *word, struct err *err);
/* Add a program as it is. */
int source_add_text(struct source *source, const char *program, struct err *err);
/* The file that holds a line of the text, and the line's number in it. NULL: the command line, or a prompt. */
const char *source_place(const struct source *source, int line, int *out_line);
void source_release(struct source *source);

#endif
