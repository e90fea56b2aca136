/* SPDX-License-Identifier: MIT */
#include "lex.h"

#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LINE = 1 << 16, NUMBER_BYTES = 128, TAB = 8 };

/* What a byte can be. A name's bytes beyond ASCII are looked at once more as UTF-8. */
enum { NAME_START = 1, NAME = 2, DIGIT = 4, QUOTE = 8, OPERATOR = 16, SECOND = 32, OPEN = 64, CLOSE = 128 };

static const uint8_t class_of[256] = {
	['a' ... 'z'] = NAME_START | NAME, ['A' ... 'Z'] = NAME_START | NAME, ['_'] = NAME_START | NAME, [0x80 ... 0xff] = NAME_START | NAME,
	['0' ... '9'] = NAME | DIGIT, ['"'] = QUOTE, ['\''] = QUOTE,
	['('] = OPERATOR | OPEN, ['['] = OPERATOR | OPEN, ['{'] = OPERATOR | OPEN, [')'] = OPERATOR | CLOSE, [']'] = OPERATOR | CLOSE, ['}'] = OPERATOR | CLOSE,
	/* Two characters and more make an operator only if the second is one of these. */
	['='] = OPERATOR | SECOND, ['*'] = OPERATOR | SECOND, ['/'] = OPERATOR | SECOND, ['<'] = OPERATOR | SECOND, ['>'] = OPERATOR | SECOND, ['.'] = OPERATOR | SECOND,
	['+'] = OPERATOR, ['-'] = OPERATOR, ['%'] = OPERATOR, ['@'] = OPERATOR, ['&'] = OPERATOR, ['|'] = OPERATOR, ['^'] = OPERATOR, ['~'] = OPERATOR,
	[','] = OPERATOR, [':'] = OPERATOR, [';'] = OPERATOR, ['!'] = OPERATOR, ['?'] = OPERATOR, ['$'] = OPERATOR,
};

static bool is(char c, int classes)
{
	return (class_of[(unsigned char)c] & classes) != 0;
}

uint32_t lexer_column(const char *text, size_t line_start, size_t at)
{
	uint32_t column = 1;

	for (size_t i = line_start; i < at; i++)
		column += ((unsigned char)text[i] & 0xc0) != 0x80;
	return column;
}

static bool begins(const struct lexer *lexer, size_t at, const char *word)
{
	size_t n = strlen(word);
	return lexer->length - at >= n && memcmp(lexer->text + at, word, n) == 0;
}

static bool has_prompts(const char *text, size_t length)
{
	for (const char *line = text; line && line < text + length;) {
		size_t left = (size_t)(text + length - line);
		const char *end = memchr(line, '\n', left);
		while (left > 0 && (*line == ' ' || *line == '\t'))
			line++, left--;
		if (left >= 3 && memcmp(line, ">>>", 3) == 0 && (left == 3 || line[3] == ' ' || line[3] == '\n' || line[3] == '\r'))
			return true;
		line = end ? end + 1 : NULL;
	}
	return false;
}

void lexer_init(struct lexer *lexer, const char *text, size_t length, uint32_t first_line)
{
	*lexer = (struct lexer){ .text = text, .length = length, .line = first_line, .fresh = true };
	lexer->prompts = has_prompts(text, length);
	lexer->ascii = text_is_ascii(text, length);
	/* A byte order mark says nothing here. */
	if (begins(lexer, 0, "\xef\xbb\xbf"))
		lexer->at = lexer->line_start = 3;
}

void lexer_init_between(struct lexer *lexer, const char *text, size_t start, size_t end, uint32_t line)
{
	*lexer = (struct lexer){ .text = text, .length = end, .at = start, .line_start = start, .line = line, .depth = 1 };
	while (lexer->line_start > 0 && text[lexer->line_start - 1] != '\n')
		lexer->line_start--;
}

static char peek(const struct lexer *lexer, size_t ahead)
{
	return lexer->at + ahead < lexer->length ? lexer->text[lexer->at + ahead] : '\0';
}

static bool is_end_of_line(const struct lexer *lexer)
{
	return lexer->at >= lexer->length || lexer->text[lexer->at] == '\n' || (lexer->text[lexer->at] == '\r' && peek(lexer, 1) == '\n');
}

/* Past the newline, if there is one. */
static void next_line(struct lexer *lexer)
{
	const char *end = lexer->at < lexer->length ? memchr(lexer->text + lexer->at, '\n', lexer->length - lexer->at) : NULL;

	lexer->at = end ? (size_t)(end - lexer->text) + 1 : lexer->length;
	if (end)
		lexer->line++;
	lexer->line_start = lexer->at;
}

/* Columns are counted on from the last token, so that a long line is read once. */
static uint32_t column_of(struct lexer *lexer, size_t at)
{
	if (lexer->ascii)
		return (uint32_t)(at - lexer->line_start) + 1;
	if (lexer->column_at < lexer->line_start || lexer->column_at > at || lexer->column == 0) {
		lexer->column_at = lexer->line_start;
		lexer->column = 1;
	}
	lexer->column += lexer_column(lexer->text, lexer->column_at, at) - 1;
	lexer->column_at = at;
	return lexer->column;
}

static void token_at(struct lexer *lexer, enum token_kind kind, size_t start, struct token *out)
{
	*out = (struct token){
		.kind = kind, .start = (uint32_t)start, .end = (uint32_t)lexer->at, .line = lexer->line,
		.column = start >= lexer->line_start ? column_of(lexer, start) : 1, .indent = -1,
	};
}

static void error_at(struct lexer *lexer, size_t start, const char *message, struct token *out)
{
	token_at(lexer, TOKEN_ERROR, start, out);
	lexer->message = message;
	if (out->end <= out->start && out->start < lexer->length)
		out->end = out->start + 1;
}

/* At the start of a line: past a prompt. False: the line is what a manual shows as output. */
static bool skip_prompt(struct lexer *lexer)
{
	size_t at = lexer->at;

	if (!lexer->prompts)
		return true;
	while (at < lexer->length && (lexer->text[at] == ' ' || lexer->text[at] == '\t'))
		at++;
	if (!begins(lexer, at, ">>>") && !begins(lexer, at, "..."))
		return false;
	at += 3;
	if (at < lexer->length && lexer->text[at] == ' ')
		at++;
	lexer->at = at;
	return true;
}

/* Is every byte from start on part of well-formed UTF-8? */
static bool is_utf8(const char *text, size_t start, size_t end)
{
	for (size_t i = start; i < end;) {
		if ((unsigned char)text[i] < 0x80) {
			i++;
			continue;
		}
		char sequence[5] = { 0 };
		memcpy(sequence, text + i, end - i < 4 ? end - i : 4);
		size_t n = text_sequence(sequence);
		if (n < 2)
			return false;
		i += n;
	}
	return true;
}

/* Blanks, comments, joined lines, and, between statements, whole empty lines. Returns the indent of a fresh line. */
static int skip_blanks(struct lexer *lexer, bool *out_too_long, bool *out_not_utf8)
{
	int indent = 0;
	bool at_start = lexer->fresh && lexer->at == lexer->line_start;

	*out_too_long = *out_not_utf8 = false;
	for (;;) {
		if (lexer->at == lexer->line_start) {
			const char *end = memchr(lexer->text + lexer->at, '\n', lexer->length - lexer->at);
			if ((end ? (size_t)(end - lexer->text) : lexer->length) - lexer->at > MOST_LINE) {
				*out_too_long = true;
				return 0;
			}
			if (!skip_prompt(lexer)) {
				if (lexer->at >= lexer->length)
					return 0;
				next_line(lexer);
				continue;
			}
			indent = 0;
			at_start = lexer->fresh;
		}
		char c = peek(lexer, 0);
		if (lexer->at >= lexer->length)
			return indent;
		if (c == ' ' || c == '\t' || c == '\f') {
			indent = c == '\t' ? (indent / TAB + 1) * TAB : indent + 1;
			lexer->at++;
		} else if (c == '#') {
			const char *end = memchr(lexer->text + lexer->at, '\n', lexer->length - lexer->at);
			size_t stop = end ? (size_t)(end - lexer->text) : lexer->length;
			if (!is_utf8(lexer->text, lexer->at, stop) || memchr(lexer->text + lexer->at, '\0', stop - lexer->at)) {
				*out_not_utf8 = true;
				return 0;
			}
			lexer->at = stop;
			if (lexer->at > lexer->line_start && lexer->text[lexer->at - 1] == '\r')
				lexer->at--;
		} else if ((c == '\\' && (peek(lexer, 1) == '\n' || (peek(lexer, 1) == '\r' && peek(lexer, 2) == '\n'))) || (is_end_of_line(lexer) && (lexer->depth > 0 || at_start))) {
			next_line(lexer);
		} else {
			return indent;
		}
	}
}

/* Inside a line: past plain blanks. False: what stands there needs skip_blanks(). */
static bool at_token(struct lexer *lexer)
{
	if (lexer->fresh || lexer->at == lexer->line_start)
		return false;
	while (peek(lexer, 0) == ' ')
		lexer->at++;
	return is(peek(lexer, 0), NAME | QUOTE | OPERATOR);
}

/* Python's reserved words. */
static bool is_keyword(const char *name, size_t length)
{
	static const char *const of_length[][9] = {
		[2] = { "as", "if", "in", "is", "or" }, [3] = { "and", "def", "del", "for", "not", "try" }, [4] = { "None", "True", "elif", "else", "from", "pass", "with" },
		[5] = { "False", "async", "await", "break", "class", "raise", "while", "yield" }, [6] = { "assert", "except", "global", "import", "lambda", "return" },
		[7] = { "finally" }, [8] = { "continue", "nonlocal" },
	};
	if (length >= sizeof of_length / sizeof of_length[0])
		return false;
	for (const char *const *word = of_length[length]; *word; word++)
		if ((*word)[0] == name[0] && memcmp(*word, name, length) == 0)
			return true;
	return false;
}

static void lex_number(struct lexer *lexer, struct token *out)
{
	size_t start = lexer->at;
	char digits[NUMBER_BYTES];
	size_t n = 0;
	bool real = false, radix = false;
	char kind = (char)tolower(peek(lexer, 1));

	if (peek(lexer, 0) == '0' && (kind == 'x' || kind == 'o' || kind == 'b'))
		radix = true;
	for (;; lexer->at++) {
		char c = peek(lexer, 0);
		if (!radix && c == '.')
			real = true;
		else if (!radix && (c == 'e' || c == 'E') &&
		         (isdigit((unsigned char)peek(lexer, 1)) || ((peek(lexer, 1) == '+' || peek(lexer, 1) == '-') && isdigit((unsigned char)peek(lexer, 2))))) {
			real = true;
			if (n + 2 < sizeof digits)
				digits[n++] = c;
			lexer->at++;
			c = peek(lexer, 0);
		} else if (!(radix ? isalnum((unsigned char)c) : isdigit((unsigned char)c)) && c != '_')
			break;
		/* Between two digits only. */
		if (c == '_' && !(isalnum((unsigned char)peek(lexer, 1)) && lexer->at > start && isalnum((unsigned char)lexer->text[lexer->at - 1]))) {
			error_at(lexer, start, "an underscore in a number must stand between digits", out);
			return;
		}
		if (c != '_' && n + 1 < sizeof digits)
			digits[n++] = c;
	}
	digits[n] = '\0';
	bool imaginary = !radix && (peek(lexer, 0) == 'j' || peek(lexer, 0) == 'J');
	if (imaginary)
		lexer->at++;
	if (is(peek(lexer, 0), NAME)) {
		error_at(lexer, start, "a number runs into a word", out);
		return;
	}
	token_at(lexer, imaginary ? TOKEN_IMAGINARY : real ? TOKEN_FLOAT : TOKEN_INT, start, out);
	char *end = digits;
	errno = 0;
	if (out->kind != TOKEN_INT) {
		out->real = strtod(digits, &end);
	} else if (radix) {
		out->integer = strtoll(digits + 2, &end, kind == 'x' ? 16 : kind == 'o' ? 8 : 2);
	} else {
		if (digits[0] == '0' && strspn(digits, "0") != n) {
			error_at(lexer, start, "leading zeros are not permitted in whole numbers; 0o begins an octal one", out);
			return;
		}
		out->integer = strtoll(digits, &end, 10);
	}
	if (*end != '\0' || (radix && n < 3)) {
		error_at(lexer, start, "a number with a digit that does not belong to it", out);
		return;
	}
	out->too_large = out->kind == TOKEN_INT && (errno == ERANGE || n + 1 >= sizeof digits);
}

static void lex_string(struct lexer *lexer, size_t start, bool formatted, bool raw, struct token *out)
{
	char quote = peek(lexer, 0);
	bool triple = peek(lexer, 1) == quote && peek(lexer, 2) == quote;
	token_at(lexer, formatted ? TOKEN_FSTRING : TOKEN_STRING, start, out);

	lexer->at += triple ? 3 : 1;
	for (;;) {
		char c = peek(lexer, 0);
		if (lexer->at >= lexer->length || (!triple && is_end_of_line(lexer))) {
			out->kind = TOKEN_ERROR;
			out->end = out->start + 1;
			lexer->message = triple ? "a string in triple quotes that is never closed" : "a string that is not closed at the end of its line";
			return;
		}
		(void)raw; /* a backslash keeps a quote from closing in a raw string too */
		if (c == '\\' && lexer->at + 1 < lexer->length) {
			lexer->at++;
			c = peek(lexer, 0);
			if (c == '\n')
				next_line(lexer);
			else
				lexer->at++;
		} else if (c == '\n') {
			next_line(lexer);
		} else if (c == quote && (!triple || (peek(lexer, 1) == quote && peek(lexer, 2) == quote))) {
			lexer->at += triple ? 3 : 1;
			out->end = (uint32_t)lexer->at;
			return;
		} else {
			lexer->at++;
		}
	}
}

/* Does a string with a prefix begin here (r"", f'', rb"")? */
static bool string_prefix(const struct lexer *lexer, size_t *out_length, bool *out_formatted, bool *out_raw)
{
	size_t n = 0;

	*out_formatted = *out_raw = false;
	for (; n < 3; n++) {
		char c = (char)tolower(peek(lexer, n));
		if (c == '"' || c == '\'')
			break;
		if (c == 'f')
			*out_formatted = true;
		else if (c == 'r')
			*out_raw = true;
		else if (c != 'b' && c != 'u')
			return false;
	}
	*out_length = n;
	return n < 3;
}

static void lex_operator(struct lexer *lexer, struct token *out)
{
	static const char *const operators[] = { "**=", "//=", "<<=", ">>=", "...", "**", "//", "<<", ">>", "<=", ">=", "==", "!=", "->", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", ":=" };
	size_t start = lexer->at;
	char c = peek(lexer, 0);
	size_t n = 1;
	uint32_t op = OP1((unsigned char)c);

	if (!is(c, OPERATOR)) {
		error_at(lexer, start, (unsigned char)c < ' ' || c == 0x7f ? "a control character that Python does not know" : "a character that Python does not know", out);
		return;
	}
	bool longer = is(peek(lexer, 1), SECOND) && !is(c, OPEN | CLOSE);
	for (size_t i = 0; longer && i < sizeof operators / sizeof operators[0]; i++)
		if (operators[i][0] == c && begins(lexer, start, operators[i])) {
			n = strlen(operators[i]);
			op = n == 3 ? OP3(operators[i][0], operators[i][1], operators[i][2]) : OP2(operators[i][0], operators[i][1]);
			break;
		}
	if (is(c, OPEN)) {
		if (lexer->depth++ == 0) {
			lexer->open_line = lexer->line;
			lexer->open_column = column_of(lexer, start);
			lexer->open_at = (uint32_t)start;
			lexer->open_bracket = c;
		}
	} else if (is(c, CLOSE)) {
		if (lexer->depth == 0) {
			error_at(lexer, start, c == ')' ? "')' closes nothing" : c == ']' ? "']' closes nothing" : "'}' closes nothing", out);
			return;
		}
		lexer->depth--;
	}
	lexer->at += n;
	token_at(lexer, TOKEN_OPERATOR, start, out);
	out->op = op;
}

void lexer_next(struct lexer *lexer, struct token *out)
{
	bool fresh = lexer->fresh, too_long, not_utf8, formatted, raw;
	int indent = 0;
	size_t start, prefix;

	if (!at_token(lexer)) {
		indent = skip_blanks(lexer, &too_long, &not_utf8);
		if (too_long) {
			error_at(lexer, lexer->at, "a line of more than 65,536 bytes: break it", out);
			return;
		}
		if (not_utf8) {
			error_at(lexer, lexer->at, "bytes that are no text: not UTF-8, or NUL", out);
			return;
		}
	}
	start = lexer->at;
	if (start >= lexer->length) {
		if (fresh) {
			token_at(lexer, TOKEN_END, start, out);
			return;
		}
		lexer->fresh = true;
		token_at(lexer, TOKEN_NEWLINE, start, out);
		return;
	}
	if (is_end_of_line(lexer)) {
		token_at(lexer, TOKEN_NEWLINE, start, out);
		next_line(lexer);
		lexer->fresh = true;
		return;
	}
	lexer->fresh = false;
	unsigned char c = (unsigned char)peek(lexer, 0);
	if (c == '\0') {
		error_at(lexer, start, "a NUL byte: this is no text", out);
		return;
	}
	if (is((char)c, DIGIT) || (c == '.' && is(peek(lexer, 1), DIGIT))) {
		lex_number(lexer, out);
	} else if (is((char)c, NAME_START | QUOTE) && string_prefix(lexer, &prefix, &formatted, &raw)) {
		lexer->at += prefix;
		lex_string(lexer, start, formatted, raw, out);
		if (out->kind != TOKEN_ERROR && !is_utf8(lexer->text, out->start, out->end)) {
			error_at(lexer, start, "bytes that are not UTF-8", out);
			return;
		}
		if (out->kind != TOKEN_ERROR && memchr(lexer->text + out->start, '\0', out->end - out->start)) {
			error_at(lexer, start, "a NUL byte: this is no text", out);
			return;
		}
	} else if (is((char)c, NAME_START)) {
		char all = 0;
		for (; lexer->at < lexer->length && is(lexer->text[lexer->at], NAME); lexer->at++)
			all |= lexer->text[lexer->at];
		if ((unsigned char)all >= 0x80 && !is_utf8(lexer->text, start, lexer->at)) {
			error_at(lexer, start, "bytes that are not UTF-8", out);
			return;
		}
		token_at(lexer, TOKEN_NAME, start, out);
		out->keyword = is_keyword(lexer->text + start, lexer->at - start);
	} else {
		lex_operator(lexer, out);
	}
	if (fresh)
		out->indent = indent;
}

void lexer_skip_line(struct lexer *lexer)
{
	if (!lexer->fresh)
		next_line(lexer);
	lexer->fresh = true;
	lexer->depth = 0;
}
