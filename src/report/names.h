/* SPDX-License-Identifier: MIT */
#ifndef REPORT_NAMES_H
#define REPORT_NAMES_H

/* Words that came from outside (commands, regions, processes), made fit for a table: nothing in them moves the cursor, and none is longer than its place. */

#include "base/text.h"

/* Add `name`; a control character, and a byte that is no UTF-8, becomes '?'. */
void names_add(struct text *out, const char *name);
/* The same in at most `width` columns and `bytes` bytes: what does not fit is left out in the middle, "python3 /h.../bad.py". */
void names_add_short(struct text *out, const char *name, size_t width, size_t bytes);
/* Add `command`, of each of its words only what stands behind its last slash: "python3 bad.py". */
void names_add_last_parts(struct text *out, const char *command);
/* Add a sentence of which each word has at most `width` columns, so that a page of that width can wrap it. */
void names_add_words(struct text *out, const char *sentence, size_t width);

#endif
