/* SPDX-License-Identifier: MIT */
/*
 * Python's expressions, by precedence climbing. A lambda, a comprehension, a dict or an f-string is recognised as a whole and not followed.
 *
 * Source: the Python Language Reference, chapter 6.
 */
#include "parse.h"

#include "inspect/inspect.h"

enum { MOST_DEPTH = 1000, MOST_NODES = 200000 };

bool syntax_error_at(struct parser *p, const struct token *token, const char *message)
{
	if (p->error)
		return false;
	p->error = message;
	p->error_type = "SyntaxError";
	p->error_start = token->start;
	p->error_end = token->end;
	p->error_line = token->line;
	p->error_column = token->column;
	return false;
}

struct node *syntax_error(struct parser *p, const char *message)
{
	syntax_error_at(p, &p->token, message);
	return NULL;
}

void advance(struct parser *p)
{
	p->last_end = p->token.end;
	lexer_next(&p->lexer, &p->token);
	if (p->token.kind == TOKEN_ERROR)
		syntax_error_at(p, &p->token, p->lexer.message);
}

bool take_op(struct parser *p, uint32_t op)
{
	if (!at_op(p, op))
		return false;
	advance(p);
	return true;
}

bool is_one_of(const struct parser *p, const char *const *words)
{
	for (; p->token.keyword && *words; words++)
		if (at_word(p, *words))
			return true;
	return false;
}

struct node *node_new(struct parser *p, enum node_kind kind, const struct token *at)
{
	if (++p->nodes > MOST_NODES)
		return syntax_error(p, "a statement of more than 200,000 parts: take it apart");
	struct node *node = arena_alloc(p->arena, sizeof *node);
	*node = (struct node){ .kind = (uint8_t)kind, .start = at->start, .end = at->end, .text_start = at->start, .outer_start = at->start, .line = at->line, .column = at->column,
		.start_line = at->line, .start_column = at->column };
	return node;
}

/* The node begins where its first operand does. */
static void begin_at(struct node *node, const struct node *first)
{
	node->start = first->start;
	node->text_start = node->outer_start = first->outer_start;
	node->start_line = first->start_line;
	node->start_column = first->start_column;
}

/* Sets the depth from the parts, and the end from what was read last. */
static struct node *closed(struct parser *p, struct node *node)
{
	uint16_t depth = 0;
	const struct node *const parts[] = { node->a, node->b, node->c };

	for (size_t i = 0; i < 3; i++)
		for (const struct node *part = parts[i]; part; part = part->next) {
			depth = part->depth > depth ? part->depth : depth;
			/* Only a tuple's, a list's and a call's parts are chains. */
			if (i == 2 || !(node->kind == NODE_TUPLE || node->kind == NODE_LIST || (node->kind == NODE_CALL && i == 1)))
				break;
		}
	node->depth = (uint16_t)(depth + 1);
	node->end = p->last_end;
	if (node->depth > MOST_DEPTH)
		return syntax_error(p, "an expression of more than 1,000 steps: take it apart");
	return node;
}

static bool enter(struct parser *p)
{
	if (++p->nesting > INSPECT_MOST_NESTING) {
		syntax_error(p, "nested deeper than 100 levels");
		return false;
	}
	return true;
}

/* ---- what is not followed ---- */

/* To the end of the bracket that is open around here, or of the logical line. Strings and brackets count, nothing else. */
struct node *unfollowed(struct parser *p, struct node *node, const char *message)
{
	int depth = 0;

	while (!p->error && p->token.kind != TOKEN_END && p->token.kind != TOKEN_NEWLINE) {
		if (p->token.kind == TOKEN_OPERATOR) {
			uint32_t op = p->token.op;
			if (op == '(' || op == '[' || op == '{')
				depth++;
			else if (op == ')' || op == ']' || op == '}')
				depth--;
			if (depth < 0 || (depth == 0 && (op == ';' || (op == ',' && p->lexer.depth > 0))))
				break;
		}
		advance(p);
	}
	if (p->error)
		return NULL;
	node->kind = NODE_UNFOLLOWED;
	node->a = node->b = node->c = NULL;
	node->message = message;
	return closed(p, node);
}

/* ---- expressions ---- */

static bool at_comprehension(const struct parser *p)
{
	return at_word(p, "for") || at_word(p, "async");
}

/* A mistake inside a bracket. Does what is open stay open to the end? Then that is the mistake, wherever it was noticed. */
static bool fail_inside(struct parser *p, const char *message)
{
	if (!p->error && p->lexer.depth > 0 && p->token.kind != TOKEN_ERROR && p->token.line > p->lexer.open_line) {
		struct lexer ahead = p->lexer;
		struct token token = p->token;
		while (ahead.depth > 0 && token.kind != TOKEN_END && token.kind != TOKEN_NEWLINE && token.kind != TOKEN_ERROR)
			lexer_next(&ahead, &token);
		if (ahead.depth > 0 && token.kind != TOKEN_ERROR)
			p->token = token;
	}
	if (!p->error && p->lexer.depth > 0 && (p->token.kind == TOKEN_END || p->token.kind == TOKEN_NEWLINE)) {
		struct token open = p->token;
		open.line = p->lexer.open_line;
		open.column = p->lexer.open_column;
		open.start = p->lexer.open_at;
		open.end = open.start + 1;
		return syntax_error_at(p, &open, p->lexer.open_bracket == '(' ? "'(' was never closed" : p->lexer.open_bracket == '[' ? "'[' was never closed" : "'{' was never closed");
	}
	return syntax_error_at(p, &p->token, message);
}

static bool expect_close(struct parser *p, uint32_t close, const char *message)
{
	if (take_op(p, close))
		return true;
	if (at_op(p, ')') || at_op(p, ']') || at_op(p, '}'))
		message = close == ')' ? "'(' must be closed by ')'" : close == ']' ? "'[' must be closed by ']'" : "'{' must be closed by '}'";
	return fail_inside(p, message);
}

/* One item of a sequence: an expression, or a star and what it unpacks. */
static struct node *starred(struct parser *p)
{
	if (!at_op(p, '*'))
		return expression(p);
	struct node *item = node_new(p, NODE_STAR, &p->token);
	advance(p);
	return item && (item->a = expression(p)) ? closed(p, item) : NULL;
}

/* Behind an opening bracket: items up to `close`. */
static struct node *items(struct parser *p, struct node *node, uint32_t close)
{
	struct node **link = &node->a;
	bool comma = false;

	if (!enter(p))
		return NULL;
	while (!at_op(p, close)) {
		struct node *item = starred(p);
		if (!item)
			return NULL;
		if (at_comprehension(p)) {
			node = unfollowed(p, node, "a comprehension is not followed");
			if (!node || !expect_close(p, close, "invalid syntax"))
				return NULL;
			p->nesting--;
			return closed(p, node);
		}
		*link = item;
		link = &item->next;
		comma = take_op(p, ',');
		if (!comma)
			break;
	}
	p->nesting--;
	if (!expect_close(p, close, "invalid syntax: perhaps a comma is missing"))
		return NULL;
	/* (x) is x; (x,) is a tuple. */
	if (close == ')' && node->a && !node->a->next && !comma && node->a->kind != NODE_STAR) {
		node->a->outer_start = node->start;
		return node->a;
	}
	return closed(p, node);
}

static struct node *atom(struct parser *p)
{
	static const char *const never[] = { "and", "as", "class", "def", "elif", "else", "for", "if", "in", "is", "or", "return", "while", "with", "del", "import", "from", "pass", "assert", "raise", "try", "except", "finally", "global", "nonlocal", "break", "continue", NULL };
	struct token token = p->token;
	struct node *node;

	if (p->error)
		return NULL;
	switch (token.kind) {
	case TOKEN_INT:
	case TOKEN_FLOAT:
	case TOKEN_IMAGINARY:
		if (token.too_large) {
			syntax_error_at(p, &token, "a whole number beyond 64 bits: no array is that large");
			p->error_type = "ValueError";
			return NULL;
		}
		node = node_new(p, token.kind == TOKEN_INT ? NODE_INT : token.kind == TOKEN_FLOAT ? NODE_FLOAT : NODE_IMAGINARY, &token);
		if (!node)
			return NULL;
		if (token.kind == TOKEN_INT)
			node->integer = token.integer;
		else
			node->real = token.real;
		advance(p);
		return closed(p, node);
	case TOKEN_STRING:
	case TOKEN_FSTRING: {
		struct node *first = NULL, **link = &first;
		bool formatted = false;
		while (p->token.kind == TOKEN_STRING || p->token.kind == TOKEN_FSTRING) {
			formatted = formatted || p->token.kind == TOKEN_FSTRING;
			node = node_new(p, NODE_STRING, &p->token);
			if (!node)
				return NULL;
			node->op = p->token.kind == TOKEN_FSTRING ? 'f' : 0;
			advance(p);
			if (!closed(p, node))
				return NULL;
			*link = node;
			link = &node->a;
		}
		first->op = formatted ? 'f' : 0;
		return first;
	}
	case TOKEN_NAME:
		if (is_one_of(p, never)) {
			return syntax_error(p, "invalid syntax: a keyword stands where a value should");
		}
		if (at_word(p, "lambda") || at_word(p, "yield") || at_word(p, "await")) {
			node = node_new(p, NODE_UNFOLLOWED, &token);
			const char *message = at_word(p, "lambda") ? "a lambda is not followed" : at_word(p, "yield") ? "yield is not followed" : "await is not followed";
			return node ? unfollowed(p, node, message) : NULL;
		}
		node = node_new(p, NODE_NAME, &token);
		if (!node)
			return NULL;
		if (at_word(p, "None") || at_word(p, "True") || at_word(p, "False")) {
			node->kind = NODE_CONSTANT;
			node->op = (unsigned char)p->lexer.text[token.start];
		}
		advance(p);
		return closed(p, node);
	case TOKEN_OPERATOR:
		node = token.op == '(' ? node_new(p, NODE_TUPLE, &token) : token.op == '[' ? node_new(p, NODE_LIST, &token) : NULL;
		if (node) {
			advance(p);
			return items(p, node, token.op == '(' ? ')' : ']');
		}
		if (token.op == OP3('.', '.', '.')) {
			node = node_new(p, NODE_CONSTANT, &token);
			if (!node)
				return NULL;
			node->op = '.';
			advance(p);
			return closed(p, node);
		}
		if (token.op == '{') {
			node = node_new(p, NODE_UNFOLLOWED, &token);
			advance(p);
			for (node = node ? node : NULL; node && !at_op(p, '}'); advance(p)) {
				/* One item after the other. */
				node = unfollowed(p, node, "a dict or a set is not followed");
				if (!at_op(p, ','))
					break;
			}
			if (!node || !expect_close(p, '}', "invalid syntax"))
				return NULL;
			node->kind = NODE_UNFOLLOWED;
			node->message = "a dict or a set is not followed";
			return closed(p, node);
		}
		return syntax_error(p, p->error ? p->error : "invalid syntax");
	case TOKEN_NEWLINE:
	case TOKEN_END:
		if (p->lexer.depth > 0) {
			fail_inside(p, "invalid syntax");
			return NULL;
		}
		return syntax_error(p, "invalid syntax: the line ends where a value should stand");
	case TOKEN_ERROR:
		break;
	}
	return NULL;
}

static bool named_before(const struct parser *p, const struct node *call, const struct node *argument)
{
	size_t length = argument->name_end - argument->name_start;

	for (const struct node *other = call->b; other; other = other->next)
		if (other->kind == NODE_KEYWORD && other->name_end - other->name_start == length && memcmp(p->lexer.text + other->name_start, p->lexer.text + argument->name_start, length) == 0)
			return true;
	return false;
}

static struct node *arguments(struct parser *p, struct node *call)
{
	struct node **link = &call->b;
	bool named = false;

	if (!enter(p))
		return NULL;
	while (!at_op(p, ')')) {
		struct token token = p->token;
		struct node *argument;
		if (at_op(p, '*') || at_op(p, OP2('*', '*'))) {
			bool twice = at_op(p, OP2('*', '*'));
			advance(p);
			argument = node_new(p, NODE_STAR, &token);
			if (!argument || !(argument->a = expression(p)) || !closed(p, argument))
				return NULL;
			argument->op = twice ? OP2('*', '*') : '*';
		} else {
			argument = expression(p);
			if (!argument)
				return NULL;
			if (argument->kind == NODE_NAME && at_op(p, '=')) {
				struct node *value = argument;
				argument = node_new(p, NODE_KEYWORD, &token);
				advance(p);
				if (!argument)
					return NULL;
				argument->name_start = value->start;
				argument->name_end = value->end;
				if (!(argument->a = expression(p)) || !closed(p, argument))
					return NULL;
			}
			if (named && argument->kind != NODE_KEYWORD)
				return syntax_error_at(p, &token, "an argument without a name follows one with a name"), NULL;
			if (argument->kind == NODE_KEYWORD && named_before(p, call, argument))
				return syntax_error_at(p, &token, "an argument is named twice"), NULL;
			named = named || argument->kind == NODE_KEYWORD;
			if (at_comprehension(p)) {
				argument = unfollowed(p, argument, "a generator expression is not followed");
				if (!argument)
					return NULL;
			}
		}
		*link = argument;
		link = &argument->next;
		if (!take_op(p, ','))
			break;
	}
	p->nesting--;
	return expect_close(p, ')', "invalid syntax: perhaps a comma is missing") ? closed(p, call) : NULL;
}

/* One part of an index: an expression or a slice. */
static struct node *subscript(struct parser *p)
{
	struct token token = p->token;
	struct node *parts[3] = { NULL, NULL, NULL };
	int part = 0;
	bool slice = false;

	for (;;) {
		if (at_op(p, ':')) {
			slice = true;
			advance(p);
			if (++part > 2)
				return syntax_error(p, "invalid syntax: a slice has at most three parts");
		} else if (at_op(p, ',') || at_op(p, ']') || at_op(p, ')') || at_op(p, '}') || p->error) {
			break;
		} else if (parts[part]) {
			fail_inside(p, "invalid syntax: perhaps a comma is missing");
			return NULL;
		} else if (at_op(p, '*')) {
			return syntax_error(p, "a star inside an index is not followed: write the tuple out");
		} else if (!(parts[part] = expression(p))) {
			return NULL;
		}
	}
	if (p->error)
		return NULL;
	if (!slice)
		return parts[0] ? parts[0] : syntax_error(p, "invalid syntax: an index is missing");
	struct node *node = node_new(p, NODE_SLICE, &token);
	if (!node)
		return NULL;
	node->a = parts[0];
	node->b = parts[1];
	node->c = parts[2];
	return closed(p, node);
}

static struct node *index_of(struct parser *p, struct node *index)
{
	struct token token = p->token;

	if (!enter(p))
		return NULL;
	struct node *first = subscript(p);
	if (!first)
		return NULL;
	index->b = first;
	if (at_op(p, ',')) {
		struct node *tuple = node_new(p, NODE_TUPLE, &token), **link = &first->next;
		if (!tuple)
			return NULL;
		tuple->a = first;
		while (take_op(p, ',') && !at_op(p, ']')) {
			struct node *part = subscript(p);
			if (!part)
				return NULL;
			*link = part;
			link = &part->next;
		}
		index->b = closed(p, tuple);
		if (!index->b)
			return NULL;
	}
	p->nesting--;
	return expect_close(p, ']', "invalid syntax: perhaps a comma is missing") ? closed(p, index) : NULL;
}

static struct node *primary(struct parser *p)
{
	struct node *node = atom(p);

	while (node && !p->error) {
		struct node *outer;
		if (at_op(p, '.')) {
			advance(p);
			if (p->token.kind != TOKEN_NAME)
				return syntax_error(p, "invalid syntax: a name must follow the dot");
			outer = node_new(p, NODE_ATTRIBUTE, &p->token);
			if (!outer)
				return NULL;
			outer->name_start = p->token.start;
			outer->name_end = p->token.end;
			begin_at(outer, node);
			outer->a = node;
			advance(p);
			node = closed(p, outer);
		} else if (at_op(p, '[') || at_op(p, '(')) {
			bool call = at_op(p, '(');
			outer = node_new(p, call ? NODE_CALL : NODE_INDEX, &p->token);
			if (!outer)
				return NULL;
			advance(p);
			begin_at(outer, node);
			outer->a = node;
			node = call ? arguments(p, outer) : index_of(p, outer);
		} else {
			break;
		}
	}
	return p->error ? NULL : node;
}

/* Binary operators by precedence; `**` and the unary ones stand apart. */
static int precedence(const struct parser *p)
{
	if (p->token.kind != TOKEN_OPERATOR)
		return 0;
	switch (p->token.op) {
	case '|': return 1;
	case '^': return 2;
	case '&': return 3;
	case OP2('<', '<'): case OP2('>', '>'): return 4;
	case '+': case '-': return 5;
	case '*': case '/': case '%': case '@': case OP2('/', '/'): return 6;
	default: return 0;
	}
}

static struct node *unary(struct parser *p);

static struct node *power(struct parser *p)
{
	struct node *base = primary(p);

	if (!base || !at_op(p, OP2('*', '*')))
		return base;
	struct node *node = node_new(p, NODE_BINARY, &p->token);
	if (!node || !enter(p))
		return NULL;
	node->op = OP2('*', '*');
	begin_at(node, base);
	node->a = base;
	advance(p);
	node->b = unary(p);
	p->nesting--;
	return node->b ? closed(p, node) : NULL;
}

static struct node *unary(struct parser *p)
{
	if (!at_op(p, '-') && !at_op(p, '+') && !at_op(p, '~'))
		return power(p);
	struct node *node = node_new(p, NODE_UNARY, &p->token);
	if (!node || !enter(p))
		return NULL;
	node->op = p->token.op;
	advance(p);
	node->a = unary(p);
	p->nesting--;
	return node->a ? closed(p, node) : NULL;
}

/* left: the first operand, read already. */
static struct node *binary(struct parser *p, int least, struct node *left)
{
	int level;

	while (left && (level = precedence(p)) >= least && level > 0) {
		struct node *node = node_new(p, NODE_BINARY, &p->token);
		if (!node)
			return NULL;
		node->op = p->token.op;
		begin_at(node, left);
		node->a = left;
		advance(p);
		node->b = binary(p, level + 1, unary(p));
		left = node->b ? closed(p, node) : NULL;
	}
	return p->error ? NULL : left;
}

/* The comparison that stands here, its words taken; 0: none. 'i', 'I': is, is not; 'n', 'N': in, not in. */
static uint32_t take_comparison(struct parser *p)
{
	static const uint32_t ops[] = { '<', '>', OP2('<', '='), OP2('>', '='), OP2('=', '='), OP2('!', '=') };

	if (p->token.kind != TOKEN_OPERATOR && !p->token.keyword)
		return 0;
	for (size_t i = 0; p->token.kind == TOKEN_OPERATOR && i < sizeof ops / sizeof ops[0]; i++)
		if (take_op(p, ops[i]))
			return ops[i];
	if (at_word(p, "is")) {
		advance(p);
		if (!at_word(p, "not"))
			return 'i';
		advance(p);
		return 'I';
	}
	if (at_word(p, "in")) {
		advance(p);
		return 'n';
	}
	if (at_word(p, "not")) {
		advance(p);
		if (!at_word(p, "in")) {
			syntax_error(p, "invalid syntax: 'in' must follow 'not' here");
			return 0;
		}
		advance(p);
		return 'N';
	}
	return 0;
}

static struct node *comparison(struct parser *p, struct node *left)
{
	struct node *first = binary(p, 1, left), *last = first, *chain = NULL, **link = &chain;

	while (last) {
		struct token token = p->token;
		uint32_t op = take_comparison(p);
		if (!op)
			break;
		struct node *node = node_new(p, NODE_COMPARE, &token);
		if (!node)
			return NULL;
		node->op = op;
		begin_at(node, first);
		node->a = last;
		last = node->b = binary(p, 1, unary(p));
		if (!last || !closed(p, node))
			return NULL;
		if (++p->nesting > INSPECT_MOST_NESTING)
			return syntax_error(p, "a chain of more than 100 comparisons");
		*link = node;
		link = &node->c;
	}
	for (struct node *node = chain; node; node = node->c) {
		p->nesting--;
		node->end = p->last_end;
	}
	return p->error ? NULL : chain ? chain : first;
}

static struct node *negation(struct parser *p)
{
	if (!at_word(p, "not"))
		return comparison(p, unary(p));
	struct node *node = node_new(p, NODE_UNARY, &p->token);
	if (!node || !enter(p))
		return NULL;
	node->op = '!';
	advance(p);
	node->a = negation(p);
	p->nesting--;
	return node->a ? closed(p, node) : NULL;
}

static struct node *logic(struct parser *p, bool is_or, struct node *left)
{
	left = is_or ? logic(p, false, left) : left;

	while (left && at_word(p, is_or ? "or" : "and")) {
		struct node *node = node_new(p, NODE_LOGIC, &p->token);
		if (!node)
			return NULL;
		node->op = is_or ? '|' : '&';
		begin_at(node, left);
		node->a = left;
		advance(p);
		struct node *right = negation(p);
		node->b = is_or && right ? logic(p, false, right) : right;
		left = node->b ? closed(p, node) : NULL;
	}
	return p->error ? NULL : left;
}

/* Does the token that follows an operand make more of it? Most of the time it is a bracket, a comma or the end of the line. */
static bool goes_on(const struct parser *p)
{
	if (p->token.kind != TOKEN_OPERATOR)
		return p->token.keyword;
	switch (p->token.op) {
	case ',': case ')': case ']': case ':': case '=': case ';':
		return false;
	default:
		return true;
	}
}

struct node *expression(struct parser *p)
{
	struct node *value;

	if (at_word(p, "not")) {
		value = negation(p);
	} else {
		value = unary(p);
		if (value && !goes_on(p))
			return p->error ? NULL : value;
		value = comparison(p, value);
	}
	value = logic(p, true, value);
	if (value && at_op(p, OP2(':', '=')) && p->lexer.depth == 0)
		return syntax_error(p, "invalid syntax: := needs brackets around it");
	if (value && at_op(p, OP2(':', '='))) {
		/* The name that it binds goes with it. */
		value->op = value->kind == NODE_NAME ? OP2(':', '=') : 0;
		value->name_start = value->start;
		value->name_end = value->end;
		return unfollowed(p, value, "an assignment inside an expression (:=) is not followed");
	}
	if (!value || !at_word(p, "if"))
		return value;
	struct node *node = node_new(p, NODE_CHOICE, &p->token);
	if (!node || !enter(p))
		return NULL;
	begin_at(node, value);
	node->a = value;
	advance(p);
	node->b = logic(p, true, negation(p));
	if (!node->b)
		return NULL;
	if (!at_word(p, "else"))
		return syntax_error(p, "invalid syntax: 'else' is missing");
	advance(p);
	node->c = expression(p);
	p->nesting--;
	return node->c ? closed(p, node) : NULL;
}

/* An expression, or several with commas: a tuple without brackets. */
struct node *expressions(struct parser *p)
{
	struct token token = p->token;
	struct node *first = NULL, **link = &first;
	int count = 0;
	bool comma = false;

	do {
		if (count > 0 && (p->token.kind == TOKEN_NEWLINE || p->token.kind == TOKEN_END || at_op(p, '=') || at_op(p, ';')))
			break;
		struct node *item = starred(p);
		if (!item)
			return NULL;
		*link = item;
		link = &item->next;
		count++;
		comma = take_op(p, ',');
	} while (comma);
	if (count == 1 && !comma)
		return first;
	struct node *tuple = node_new(p, NODE_TUPLE, &token);
	if (!tuple)
		return NULL;
	tuple->a = first;
	return closed(p, tuple);
}
