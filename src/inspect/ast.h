/* SPDX-License-Identifier: MIT */
#ifndef INSPECT_AST_H
#define INSPECT_AST_H

/* The syntax tree of one statement, and how it is read. A tree lives in an arena and refers to the text that it was read from. */

#include "inspect/arena.h"
#include "inspect/lex.h"

enum node_kind {
	NODE_NAME,
	NODE_INT,
	NODE_FLOAT,
	NODE_IMAGINARY,
	NODE_STRING,   /* a: further strings beside it, through next */
	NODE_CONSTANT, /* None, True, False, ...: op is 'N', 'T', 'F', '.' */
	NODE_TUPLE,    /* a: the first item; the others through next */
	NODE_LIST,
	NODE_SLICE,    /* a : b : c, each may be NULL */
	NODE_ATTRIBUTE, /* a.name */
	NODE_INDEX,    /* a[b] */
	NODE_CALL,     /* a(b, b->next, ...) */
	NODE_KEYWORD,  /* name=a, among a call's arguments */
	NODE_STAR,     /* *a */
	NODE_UNARY,    /* op a */
	NODE_BINARY,   /* a op b */
	NODE_COMPARE,  /* a op b, c: the next comparison of a chain, whose a is this one's b */
	NODE_LOGIC,    /* a and b, a or b: op '&' or '|' */
	NODE_CHOICE,   /* a if b else c */
	NODE_UNFOLLOWED /* is Python, but not followed: message */
};

struct node {
	uint8_t kind;
	uint16_t depth; /* of the tree below */
	uint32_t op;
	uint32_t start, end; /* bytes in the text; of (a + 1).T start is the a's, as errors point there */
	uint32_t text_start, outer_start; /* where its words begin, brackets balanced: at the bracket of (a + 1).T; and where the brackets around it do */
	uint32_t name_start, name_end; /* NODE_ATTRIBUTE, NODE_KEYWORD */
	uint32_t start_line, start_column;
	uint32_t line, column; /* where an error points to: the operator, the bracket, the name */
	struct node *a, *b, *c, *next;
	union {
		int64_t integer;
		double real;
		const char *message;
	};
};

enum statement_kind {
	STATEMENT_END,
	STATEMENT_EXPRESSION,
	STATEMENT_ASSIGN,    /* targets (through next) = value */
	STATEMENT_AUGMENTED, /* targets op= value */
	STATEMENT_DELETE,    /* targets */
	STATEMENT_IMPORT,    /* targets: NODE_KEYWORDs, each a name here (start, end), its name there, and a: the first name of its module */
	STATEMENT_PASS,
	STATEMENT_UNFOLLOWED /* message; `bound` are the names that it may bind */
};

struct bound_name {
	uint32_t start, end;
	bool touched; /* only a method of it is called: of a list, that may change it */
	struct bound_name *next;
};

struct statement {
	enum statement_kind kind;
	uint32_t start, end, line, column;
	struct node *targets, *value;
	uint32_t op;
	const char *message;
	struct bound_name *bound;
};

struct parser {
	struct lexer lexer;
	struct token token; /* the next one */
	struct arena *arena; /* of the trees; cleared by the caller between statements */
	int nesting;
	int nodes;
	uint32_t last_end;   /* of the token before */
	bool inside_line;    /* behind a `;` */
	/* An error, once one is found: a SyntaxError, or what error_type says. */
	const char *error;
	const char *error_type;
	uint32_t error_start, error_end, error_line, error_column;
};

void parser_init(struct parser *parser, struct arena *arena, const char *text, size_t length, uint32_t first_line);
/*
 * The one expression between two bytes of a text, as in an f-string's braces; its nodes refer to the text. NULL: it is none, and no error is told.
 * line: of the start.
 */
struct node *parse_between(struct arena *arena, const char *text, uint32_t start, uint32_t end, uint32_t line);
/* The next statement. False: parser->error says what is wrong with it. */
bool parser_next(struct parser *parser, struct statement *out_statement);

#endif
