/* SPDX-License-Identifier: MIT */
#ifndef INSPECT_PARSE_H
#define INSPECT_PARSE_H

/* What the two halves of the parser share: parse.c has the statements, parse_expression.c the expressions and the tokens. */

#include "ast.h"

#include <string.h>

/* ---- tokens ---- */

/* A syntax error at a token; the first one stays. Always false. */
bool syntax_error_at(struct parser *p, const struct token *token, const char *message);
/* The same at the token that is read now; always NULL. */
struct node *syntax_error(struct parser *p, const char *message);
void advance(struct parser *p);
bool take_op(struct parser *p, uint32_t op);
/* Is it one of these reserved words? They end with NULL. */
bool is_one_of(const struct parser *p, const char *const *words);

static inline bool word_is(const struct parser *p, const struct token *token, const char *word)
{
	/* Most differ in their first letter. */
	if (token->kind != TOKEN_NAME || p->lexer.text[token->start] != word[0])
		return false;
	size_t n = strlen(word);
	return token->end - token->start == n && memcmp(p->lexer.text + token->start, word, n) == 0;
}

static inline bool at_word(const struct parser *p, const char *word)
{
	return word_is(p, &p->token, word);
}

static inline bool at_op(const struct parser *p, uint32_t op)
{
	return p->token.kind == TOKEN_OPERATOR && p->token.op == op;
}

/* ---- expressions ---- */

struct node *node_new(struct parser *p, enum node_kind kind, const struct token *at);
/* One, or several between commas: a tuple. NULL: p->error says why. */
struct node *expression(struct parser *p);
struct node *expressions(struct parser *p);
/* Skip to the end of the bracket that is open around here, or of the logical line; the node says that it is not followed. */
struct node *unfollowed(struct parser *p, struct node *node, const char *message);

#endif
