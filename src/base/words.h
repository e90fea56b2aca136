/* SPDX-License-Identifier: MIT */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

/* A command line taken apart as a shell does it, without running one. */

#include "base/err.h"

#include <stddef.h>

/*
 * Split `line` at blanks. 'single' and "double" quotes keep what is inside together, a backslash takes the next character as it is (between double quotes only
 * before $ ` " \ and a new line, between single quotes never). Nothing is expanded: $x, * and ~ stand for themselves. What only a shell can do
 * (| & ; < > ( ) outside quotes) is refused, as is a line without a word.
 *
 * out_words   NULL-ended, one allocation, freed with free(); untouched on an error.
 * Returns 0, ERR_USAGE (the text says at which character) or ERR_IO (no memory).
 * Source  POSIX.1-2017, Shell Command Language, 2.2 Quoting and 2.3 Token Recognition.
 */
int words_split(const char *line, char ***out_words, size_t *out_count, struct err *err);

#endif
