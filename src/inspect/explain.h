/* SPDX-License-Identifier: MIT */
#ifndef INSPECT_EXPLAIN_H
#define INSPECT_EXPLAIN_H

/* What is said about a step and a statement: the words, with their numbers. */

#include "inspect/session.h"

/* A step's few words: "view of a". */
const char *explain_what(struct session *s, const struct inspect_step *step);
/* A statement's kind, what it is of, and all that is told at length. value: its result; NULL. */
void explain_statement(struct session *s, struct inspect_statement *statement, struct value *value);

#endif
