/* SPDX-License-Identifier: MIT */
#ifndef INSPECT_LEX_H
#define INSPECT_LEX_H

/*
 * Python's words: names, numbers, strings, operators, and the ends of logical lines.
 *
 * A logical line goes on inside brackets and behind a backslash. Prompts copied from a manual (">>> ", "... ") are skipped; in a text that has them,
 * lines without one are what the manual shows as output, and are skipped too. Blocks are not lexed as such: a token at the start of a line knows its
 * indent.
 *
 * Source: the Python Language Reference, chapter 2.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum token_kind {
	TOKEN_END,     /* of the text */
	TOKEN_NEWLINE, /* of a logical line */
	TOKEN_NAME,
	TOKEN_INT,
	TOKEN_FLOAT,
	TOKEN_IMAGINARY,
	TOKEN_STRING,
	TOKEN_FSTRING,
	TOKEN_OPERATOR,
	TOKEN_ERROR /* lexer->message says why */
};

/* An operator as its characters in one number: OP2('*', '*'). */
#define OP1(a) ((uint32_t)(a))
#define OP2(a, b) ((uint32_t)(a) | (uint32_t)(b) << 8)
#define OP3(a, b, c) ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16)

struct token {
	enum token_kind kind;
	uint32_t start, end; /* bytes in the text */
	uint32_t line, column; /* from 1; columns count characters */
	uint32_t op;     /* TOKEN_OPERATOR */
	int indent;      /* of the first token of a logical line: columns before it; else -1 */
	union {
		int64_t integer; /* TOKEN_INT */
		double real;     /* TOKEN_FLOAT, TOKEN_IMAGINARY */
	};
	bool too_large;  /* a TOKEN_INT beyond 64 bits */
	bool keyword;    /* a TOKEN_NAME that Python reserves */
};

struct lexer {
	const char *text;
	size_t length;
	size_t at;
	size_t line_start;
	size_t column_at;      /* a byte of this line whose column is known */
	uint32_t column;
	uint32_t line; /* of `at`, from 1 */
	int depth;     /* open brackets */
	uint32_t open_line, open_column; /* of the outermost open bracket */
	uint32_t open_at;
	char open_bracket;
	bool fresh;    /* at the start of a logical line */
	bool prompts;  /* the text has ">>> " */
	bool ascii;    /* all of the text: a character is a byte */
	const char *message;
};

/* first_line: the number of the text's first line. */
void lexer_init(struct lexer *lexer, const char *text, size_t length, uint32_t first_line);
/* Inside a bracket that opened before `start`, in line `line`; the text ends at `end`. */
void lexer_init_between(struct lexer *lexer, const char *text, size_t start, size_t end, uint32_t line);
void lexer_next(struct lexer *lexer, struct token *out_token);
/* Behind the end of the current logical line, whatever is in it. */
void lexer_skip_line(struct lexer *lexer);
/* The column, in characters from 1, of a byte in the line that it is in. */
uint32_t lexer_column(const char *text, size_t line_start, size_t at);

#endif
