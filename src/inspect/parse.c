/* SPDX-License-Identifier: MIT */
/*
 * Python's statements, one at a time.
 *
 * What Python has and memhint does not follow (loops, functions, classes, with, try) is recognised as a whole, with the names that it binds, so that the
 * program goes on behind it.
 *
 * Source: the Python Language Reference, chapters 7 and 8.
 */
#include "parse.h"

#include "inspect/inspect.h"

static void add_bound(struct parser *p, struct statement *s, const struct token *name, bool touched)
{
	for (struct bound_name *bound = s->bound; bound; bound = bound->next)
		if (bound->end - bound->start == name->end - name->start && memcmp(p->lexer.text + bound->start, p->lexer.text + name->start, name->end - name->start) == 0) {
			bound->touched = bound->touched && touched;
			return;
		}
	struct bound_name *bound = arena_alloc(p->arena, sizeof *bound);
	*bound = (struct bound_name){ .start = name->start, .end = name->end, .touched = touched, .next = s->bound };
	s->bound = bound;
}

static void bind(struct parser *p, struct statement *s, const struct token *name)
{
	add_bound(p, s, name, false);
}

/*
 * One logical line of a block: which names it may bind. Names before an `=` outside brackets, those of a for, behind an `as`, of an import, of a def.
 * An augmented assignment binds its name too, as that of a number is another one afterwards.
 */
static void skim_line(struct parser *p, struct statement *s, bool own_names)
{
	struct token names[32];
	int count = 0, depth = 0;
	bool is_for = at_word(p, "for") || at_word(p, "async"), is_import = at_word(p, "import") || at_word(p, "from"), simple = true, after_as = false;
	bool is_def = at_word(p, "def") || at_word(p, "class");

	if (is_def) {
		advance(p);
		if (own_names && p->token.kind == TOKEN_NAME)
			bind(p, s, &p->token);
	}
	while (!p->error && p->token.kind != TOKEN_NEWLINE && p->token.kind != TOKEN_END) {
		if (p->token.kind == TOKEN_OPERATOR) {
			uint32_t op = p->token.op;
			const char *text = p->lexer.text + p->token.start;
			uint32_t n = p->token.end - p->token.start;
			if (op == '(' || op == '[' || op == '{')
				depth++;
			else if (op == ')' || op == ']' || op == '}')
				depth--;
			else if (depth == 0 && (op == '=' || op == OP2(':', '=') || (n > 1 && text[n - 1] == '=' && !strchr("<>=!", text[0])) || op == OP3('<', '<', '=') || op == OP3('>', '>', '='))) {
				for (int i = 0; own_names && i < count; i++)
					bind(p, s, &names[i]);
				count = 0;
			} else if (depth == 0 && (op == ';' || op == ':')) {
				count = 0;
			}
			simple = op != '.';
			/* x[...] = and x(...) bind nothing. */
			if ((op == '[' || op == '(' || op == '.') && count > 0 && names[count - 1].end == p->token.start) {
				count--;
				if (own_names && op == '.')
					add_bound(p, s, &names[count], true);
			}
		} else if (p->token.kind == TOKEN_NAME) {
			if (at_word(p, "in") && is_for) {
				for (int i = 0; own_names && i < count; i++)
					bind(p, s, &names[i]);
				count = 0;
				is_for = false;
			} else if (at_word(p, "as")) {
				after_as = true;
				advance(p);
				continue;
			} else if (own_names && (after_as || is_import) && !at_word(p, "import")) {
				bind(p, s, &p->token);
			} else if (simple && (depth == 0 || is_for) && count < 32 && !p->token.keyword) {
				names[count++] = p->token;
			}
			after_as = false;
			simple = true;
		}
		advance(p);
	}
	if (p->token.kind == TOKEN_NEWLINE)
		advance(p);
}

/* A compound statement with its block: everything that is indented more than it. */
static bool block(struct parser *p, struct statement *s, const char *message)
{
	int indent = p->token.indent;
	bool own = !(at_word(p, "def") || at_word(p, "class"));

	s->kind = STATEMENT_UNFOLLOWED;
	s->message = message;
	skim_line(p, s, true);
	while (!p->error && p->token.kind != TOKEN_END && p->token.indent > indent)
		skim_line(p, s, own);
	s->end = p->last_end;
	/* A mistake in the first word behind it is the next statement's. */
	return !p->error || p->token.kind == TOKEN_ERROR;
}

/* One name of an import: what it is called there, and here; and the first name of its module. */
static bool imported(struct parser *p, struct node ***link, const struct token *root, const struct token *there, const struct token *here)
{
	struct node *pair = node_new(p, NODE_KEYWORD, here);
	if (!pair || !(pair->a = node_new(p, NODE_NAME, root)))
		return false;
	pair->name_start = there->start;
	pair->name_end = there->end;
	**link = pair;
	*link = &pair->next;
	return true;
}

/* import a, b.c as d; from m import a as b, (c, d), *: the names that it binds become the statement's targets. */
static bool import(struct parser *p, struct statement *s)
{
	struct node **link = &s->targets;
	bool from = at_word(p, "from");

	s->kind = STATEMENT_IMPORT;
	advance(p);
	struct token root = p->token;
	while (from && !p->error && !at_word(p, "import")) {
		if (p->token.kind == TOKEN_NEWLINE || p->token.kind == TOKEN_END)
			return syntax_error_at(p, &p->token, "invalid syntax: 'import' is missing");
		advance(p);
	}
	if (from)
		advance(p);
	while (!p->error && p->token.kind != TOKEN_NEWLINE && p->token.kind != TOKEN_END && !at_op(p, ';')) {
		struct token first = p->token, last = p->token;
		if (p->token.kind != TOKEN_NAME) {
			if (!at_op(p, ',') && !at_op(p, '(') && !at_op(p, ')') && !at_op(p, '*'))
				return syntax_error_at(p, &p->token, "invalid syntax in an import");
			if (at_op(p, '*') && !imported(p, &link, &root, &p->token, &p->token))
				return false;
			advance(p);
			continue;
		}
		advance(p);
		while (take_op(p, '.')) {
			last = p->token;
			if (p->token.kind != TOKEN_NAME)
				return syntax_error_at(p, &p->token, "invalid syntax in an import");
			advance(p);
		}
		struct token here = first;
		if (at_word(p, "as")) {
			advance(p);
			if (p->token.kind != TOKEN_NAME)
				return syntax_error_at(p, &p->token, "invalid syntax: a name must follow 'as'");
			here = p->token;
			advance(p);
		} else {
			/* import numpy.random binds numpy. */
			last = first;
		}
		if (!imported(p, &link, from ? &root : &first, &last, &here))
			return false;
	}
	return !p->error || p->token.kind == TOKEN_ERROR;
}

static uint32_t augmented(const struct parser *p)
{
	static const char *const ops[] = { "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", "**=", "//=", "<<=", ">>=" };
	uint32_t n = p->token.end - p->token.start;
	if (p->token.kind != TOKEN_OPERATOR || n < 2)
		return 0;
	for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++)
		if (strlen(ops[i]) == n && memcmp(p->lexer.text + p->token.start, ops[i], n) == 0)
			return n == 2 ? OP1((unsigned char)ops[i][0]) : OP2((unsigned char)ops[i][0], (unsigned char)ops[i][1]);
	return 0;
}

static bool is_target(const struct node *node)
{
	if (node->kind == NODE_TUPLE || node->kind == NODE_LIST) {
		for (const struct node *item = node->a; item; item = item->next)
			if (!is_target(item->kind == NODE_STAR ? item->a : item))
				return false;
		return true;
	}
	return node->kind == NODE_NAME || node->kind == NODE_INDEX || node->kind == NODE_ATTRIBUTE || node->kind == NODE_UNFOLLOWED;
}

static bool expect_target(struct parser *p, const struct node *node)
{
	if (is_target(node))
		return true;
	struct token at = { .start = node->start, .end = node->end, .line = node->line, .column = node->column };
	return syntax_error_at(p, &at, "cannot assign to this");
}

static bool simple_statement(struct parser *p, struct statement *s)
{
	if (at_word(p, "import") || at_word(p, "from"))
		return import(p, s);
	if (at_word(p, "pass")) {
		s->kind = STATEMENT_PASS;
		advance(p);
		return !p->error;
	}
	if (at_word(p, "del")) {
		s->kind = STATEMENT_DELETE;
		advance(p);
		s->targets = expressions(p);
		return s->targets && expect_target(p, s->targets);
	}
	bool is_print = at_word(p, "print");
	struct node *value = expressions(p);
	if (!value)
		return false;
	uint32_t op = augmented(p);
	if (op) {
		if (!expect_target(p, value))
			return false;
		s->kind = STATEMENT_AUGMENTED;
		s->targets = value;
		s->op = op;
		advance(p);
		s->value = expressions(p);
		return s->value != NULL;
	}
	if (at_op(p, ':') && value->kind == NODE_NAME) {
		/* x: float = 3 */
		advance(p);
		if (!expression(p))
			return false;
		if (!at_op(p, '=')) {
			s->kind = STATEMENT_PASS;
			return true;
		}
	}
	if (!at_op(p, '=')) {
		if (is_print && value->kind == NODE_NAME && p->token.kind != TOKEN_NEWLINE && p->token.kind != TOKEN_END && !at_op(p, ';'))
			return syntax_error_at(p, &p->token, "print needs brackets: print(...)");
		s->kind = STATEMENT_EXPRESSION;
		s->value = value;
		return true;
	}
	s->kind = STATEMENT_ASSIGN;
	struct node **link = &s->targets;
	int targets = 0;
	while (take_op(p, '=')) {
		if (!expect_target(p, value) || ++targets > INSPECT_MOST_NESTING)
			return syntax_error_at(p, &p->token, "more than 100 targets");
		/* A target may be an item of nothing else, so its `next` is free. */
		*link = value;
		link = &value->next;
		value = expressions(p);
		if (!value)
			return false;
	}
	s->value = value;
	return true;
}

static const struct {
	const char *word, *message;
} blocks[] = {
	{ "for", "a for loop is not followed" }, { "while", "a while loop is not followed" }, { "if", "an if is not followed" }, { "elif", "an elif is not followed" },
	{ "else", "an else is not followed" }, { "try", "a try is not followed" }, { "except", "an except is not followed" }, { "finally", "a finally is not followed" },
	{ "with", "a with is not followed" }, { "def", "a def is not followed" }, { "class", "a class is not followed" }, { "async", "async is not followed" },
};

static const char *const single[] = { "return", "raise", "assert", "global", "nonlocal", "break", "continue", "yield", NULL };

void parser_init(struct parser *parser, struct arena *arena, const char *text, size_t length, uint32_t first_line)
{
	*parser = (struct parser){ .arena = arena };
	lexer_init(&parser->lexer, text, length, first_line);
	advance(parser);
}

struct node *parse_between(struct arena *arena, const char *text, uint32_t start, uint32_t end, uint32_t line)
{
	struct parser parser = { .arena = arena };

	lexer_init_between(&parser.lexer, text, start, end, line);
	advance(&parser);
	struct node *node = expressions(&parser);
	return node && !parser.error && (parser.token.kind == TOKEN_NEWLINE || parser.token.kind == TOKEN_END) ? node : NULL;
}

bool parser_next(struct parser *p, struct statement *out)
{
	*out = (struct statement){ .kind = STATEMENT_END };
	p->nesting = p->nodes = 0;
	if (p->error)
		return false;
	while (p->token.kind == TOKEN_NEWLINE)
		advance(p);
	out->start = p->token.start;
	out->line = p->token.line;
	out->column = p->token.column;
	out->end = p->token.end;
	if (p->token.kind == TOKEN_END)
		return !p->error;
	if (p->token.indent > 0 && !p->inside_line)
		return syntax_error_at(p, &p->token, "unexpected indent");
	for (size_t i = 0; p->token.keyword && i < sizeof blocks / sizeof blocks[0]; i++)
		if (at_word(p, blocks[i].word))
			return block(p, out, blocks[i].message);
	bool first_in_line = !p->inside_line;
	p->inside_line = false;
	if (first_in_line && (at_op(p, '%') || at_op(p, '!') || at_op(p, '@') || at_op(p, '?'))) {
		bool decorator = at_op(p, '@');
		out->kind = STATEMENT_UNFOLLOWED;
		out->message = decorator ? "a decorator is not followed" : "a notebook's line for the shell or for itself is not followed";
		/* It is no Python: the rest of the line may be anything. */
		const char *end = memchr(p->lexer.text + p->token.start, '\n', p->lexer.length - p->token.start);
		out->end = (uint32_t)(end ? (size_t)(end - p->lexer.text) : p->lexer.length);
		lexer_skip_line(&p->lexer);
		advance(p);
		return !p->error;
	}
	if (is_one_of(p, single)) {
		out->kind = STATEMENT_UNFOLLOWED;
		out->message = at_word(p, "assert") ? "an assert is not followed" : "this statement is not followed";
		skim_line(p, out, false);
		out->end = p->last_end;
		return !p->error;
	}
	if (!simple_statement(p, out))
		return syntax_error_at(p, &p->token, "invalid syntax");
	out->end = p->last_end;
	if (at_op(p, ';')) {
		advance(p);
		p->inside_line = p->token.kind != TOKEN_NEWLINE && p->token.kind != TOKEN_END;
		return !p->error || true;
	}
	if (p->token.kind != TOKEN_NEWLINE && p->token.kind != TOKEN_END) {
		/* The statement is whole, what follows it is wrong: it is the error of both. */
		return syntax_error_at(p, &p->token, "invalid syntax");
	}
	return !p->error || p->token.kind == TOKEN_ERROR;
}
