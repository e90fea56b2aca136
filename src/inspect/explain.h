/* SPDX-License-Identifier: MIT */
#ifndef INSPECT_EXPLAIN_H
#define INSPECT_EXPLAIN_H

/* What a statement made, and of what. */

#include "inspect/session.h"

/* Fills the statement's kind, what it is of, and the facts about its result. value: that; NULL. */
void explain_statement(struct session *s, struct inspect_statement *statement, struct value *value);
/* In the end: of which statements the source's name stands for something else by then, or for nothing. */
void explain_later(struct session *s);

#endif
