/* SPDX-License-Identifier: MIT */
/*
 * Formulas, by recursive descent: each level of binding is one function, which calls the next tighter one.
 *
 *   either   := both { "or" both }              compare := sum [ ("==" | "!=" | "<" | "<=" | ">" | ">=") sum ]
 *   both     := negation { "and" negation }     sum     := product { ("+" | "-") product }
 *   negation := "not" negation | compare        product := factor { ("*" | "/" | "x") factor }
 *   factor   := "-" factor | ( number | name | function "(" either { "," either } ")" | "(" either ")" ) [ "B" ]
 *
 * There is no tree: values are computed on the way, and count() walks its condition again for each row. `x` is times only where an operator may
 * stand; elsewhere it is a name.
 *
 * A value that is not known spreads like NaN through arithmetic and comparisons, and by three-valued logic (Kleene) through and, or, not. A
 * division by zero has no value either.
 */

#include "base/formula.h"

#include "base/units.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { NESTING = 64, NAME = 96 };
#define EXACT_MOST 9007199254740992.0 /* 2^53 */

enum mode {
	EVALUATE,
	CHECK, /* names must exist, but values decide nothing */
	SKIP   /* only the grammar: names are not looked up */
};

struct parser {
	const char *formula;
	const char *at;
	const struct formula_names *names;
	enum mode mode;
	int row; /* of count(); -1 outside */
	int depth;
	struct err *err;
};

static const struct formula_value unknown = { .number = 0, .known = false };

static int either(struct parser *p, struct formula_value *out);

/* ---- errors and words ---- */

static int __attribute__((format(printf, 3, 4))) wrong(struct parser *p, const char *where, const char *format, ...)
{
	char what[160];
	va_list args;
	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	return err_set(p->err, ERR_IO, "formula '%.200s' at %d: %s", p->formula, (int)(where - p->formula) + 1, what);
}

static void blanks(struct parser *p)
{
	p->at += strspn(p->at, " \t\n");
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Bytes of the name at s, dots included; 0 if none begins there. */
static size_t name_length(const char *s)
{
	size_t n = 0;
	if (!is_letter(*s))
		return 0;
	while (is_letter(s[n]) || is_digit(s[n]) || (s[n] == '.' && (is_letter(s[n + 1]) || is_digit(s[n + 1]))))
		n++;
	return n;
}

/* Step over `word` if it stands here, whole. */
static bool take_word(struct parser *p, const char *word)
{
	blanks(p);
	size_t n = name_length(p->at);
	if (n != strlen(word) || memcmp(p->at, word, n) != 0)
		return false;
	p->at += n;
	return true;
}

static bool take(struct parser *p, const char *mark)
{
	blanks(p);
	size_t n = strlen(mark);
	if (strncmp(p->at, mark, n) != 0)
		return false;
	p->at += n;
	return true;
}

static int need(struct parser *p, const char *mark)
{
	if (take(p, mark))
		return ERR_OK;
	return wrong(p, p->at, "'%s' is missing", mark);
}

/* ---- values ---- */

static struct formula_value known(double number)
{
	return (struct formula_value){ .number = number, .known = true };
}

static bool truth(struct formula_value v)
{
	return v.known && v.number != 0;
}

static bool falsehood(struct formula_value v)
{
	return v.known && v.number == 0;
}

/*
 * Let a result through if it is one that a double holds exactly. `lost` says that rounding was seen (2^53 + 1 is 2^53).
 * Where the result decides nothing, a value too large is not known, and no mistake.
 */
static int checked(struct parser *p, const char *where, double number, bool lost, struct formula_value *out)
{
	*out = unknown;
	if (isnan(number))
		return ERR_OK;
	bool beyond = fabs(number) > EXACT_MOST || (lost && fabs(number) == EXACT_MOST);
	if (beyond && p->names && p->names->beyond == FORMULA_BEYOND_UNKNOWN)
		return ERR_OK;
	if (beyond && !(p->names && p->names->beyond == FORMULA_BEYOND_ROUNDS))
		return p->mode == EVALUATE ? wrong(p, where, "beyond 2^53, where whole numbers are no longer exact") : ERR_OK;
	*out = known(number);
	return ERR_OK;
}

static int arithmetic(struct parser *p, const char *where, char operator, struct formula_value a, struct formula_value b, struct formula_value *out)
{
	*out = unknown;
	if (!a.known || !b.known)
		return ERR_OK;
	double r;
	switch (operator) {
	case '+': r = a.number + b.number; return checked(p, where, r, r - a.number != b.number, out);
	case '-': r = a.number - b.number; return checked(p, where, r, a.number - r != b.number, out);
	case '*': r = a.number * b.number; return checked(p, where, r, fma(a.number, b.number, -r) != 0, out);
	default: return b.number == 0 ? ERR_OK : checked(p, where, a.number / b.number, false, out);
	}
}

/* ---- factors ---- */

static int number(struct parser *p, struct formula_value *out)
{
	const char *start = p->at;
	double value;
	p->at = units_scan(start, &value);
	if (is_letter(*p->at) && name_length(p->at) != 1)
		return wrong(p, p->at, "an operator is missing after a number");
	/* Digits that round to 2^53 may have said more than that. */
	bool lost = value == EXACT_MOST && strncmp(start + strspn(start, "0"), "9007199254740992", 16) != 0;
	return checked(p, start, value, lost, out);
}

static int name(struct parser *p, struct formula_value *out)
{
	char word[NAME];
	const char *start = p->at;
	size_t n = name_length(start);
	if (n >= sizeof word)
		return wrong(p, start, "a name is too long");
	memcpy(word, start, n);
	word[n] = '\0';
	p->at += n;
	*out = unknown;
	if (p->mode == SKIP)
		return ERR_OK;
	struct formula_value value = unknown;
	if (p->names == NULL || p->names->lookup == NULL || p->names->lookup(p->names->context, word, p->row, &value) != 0)
		return wrong(p, start, "there is no '%s'", word);
	return value.known ? checked(p, start, value.number, false, out) : ERR_OK;
}

/* The condition once for each row; parsed even if there is none. */
static int count(struct parser *p, const char *where, struct formula_value *out)
{
	const char *start = p->at;
	int rows = p->names != NULL ? p->names->rows : 0;
	enum mode mode = p->mode;
	bool all_known = true;
	int total = 0;
	if (p->row >= 0)
		return wrong(p, where, "count() inside count()");
	if (rows <= 0)
		p->mode = SKIP;
	p->row = 0;
	do {
		struct formula_value condition = unknown;
		p->at = start;
		int status = either(p, &condition);
		if (status != ERR_OK)
			return status;
		total += truth(condition);
		all_known = all_known && condition.known;
	} while (++p->row < rows);
	*out = p->mode == SKIP ? known(0) : all_known ? known(total) : unknown;
	p->mode = mode;
	p->row = -1;
	return need(p, ")");
}

static int function(struct parser *p, struct formula_value *out)
{
	enum { MIN, MAX, CEIL, FLOOR, COUNT, FUNCTIONS };
	static const char *const words[FUNCTIONS] = { "min", "max", "ceil", "floor", "count" };
	const char *start = p->at;
	int which = 0;
	while (which < FUNCTIONS && !take_word(p, words[which]))
		which++;
	if (which == FUNCTIONS)
		return wrong(p, start, "there is no function '%.*s'", (int)name_length(start), start);
	int status = need(p, "(");
	if (status == ERR_OK && which == COUNT)
		return count(p, start, out);
	struct formula_value a = unknown, b;
	if (status == ERR_OK)
		status = either(p, &a);
	b = a;
	if (status == ERR_OK && (which == MIN || which == MAX)) {
		status = need(p, ",");
		if (status == ERR_OK)
			status = either(p, &b);
	}
	if (status == ERR_OK)
		status = need(p, ")");
	if (status != ERR_OK)
		return status;
	*out = unknown;
	if (a.known && b.known)
		*out = known(which == MIN    ? fmin(a.number, b.number)
		             : which == MAX  ? fmax(a.number, b.number)
		             : which == CEIL ? ceil(a.number)
		                             : floor(a.number));
	return ERR_OK;
}

static int factor(struct parser *p, struct formula_value *out)
{
	int status;
	blanks(p);
	if (p->depth >= NESTING)
		return wrong(p, p->at, "nested too deeply");
	p->depth++;
	if (take(p, "-")) {
		status = factor(p, out);
		out->number = 0 - out->number; /* no minus zero */
		p->depth--;
		return status;
	}
	size_t n = name_length(p->at);
	const char *after = p->at + n + strspn(p->at + n, " \t\n");
	if (is_digit(*p->at) || (*p->at == '.' && is_digit(p->at[1]))) {
		status = number(p, out);
	} else if (take(p, "(")) {
		status = either(p, out);
		if (status == ERR_OK)
			status = need(p, ")");
	} else if (n > 0 && *after == '(') {
		status = function(p, out);
	} else if (n > 0) {
		status = name(p, out);
	} else {
		status = wrong(p, p->at, "a number or a name is missing");
	}
	if (status == ERR_OK)
		take_word(p, "B");
	p->depth--;
	return status;
}

/* ---- operators, from the tightest to the loosest ---- */

static int product(struct parser *p, struct formula_value *out)
{
	int status = factor(p, out);
	while (status == ERR_OK) {
		struct formula_value right = unknown;
		blanks(p);
		const char *where = p->at;
		char operator = take(p, "*") || take_word(p, "x") ? '*' : take(p, "/") ? '/' : '\0';
		if (operator == '\0')
			break;
		status = factor(p, &right);
		if (status == ERR_OK)
			status = arithmetic(p, where, operator, *out, right, out);
	}
	return status;
}

static int sum(struct parser *p, struct formula_value *out)
{
	int status = product(p, out);
	while (status == ERR_OK) {
		struct formula_value right = unknown;
		blanks(p);
		const char *where = p->at;
		char operator = take(p, "+") ? '+' : take(p, "-") ? '-' : '\0';
		if (operator == '\0')
			break;
		status = product(p, &right);
		if (status == ERR_OK)
			status = arithmetic(p, where, operator, *out, right, out);
	}
	return status;
}

/* Longer marks first. Returns an index into comparisons, or -1. */
static const char *const comparisons[] = { "==", "!=", "<=", ">=", "<", ">" };

static int take_comparison(struct parser *p)
{
	for (int i = 0; i < 6; i++)
		if (take(p, comparisons[i]))
			return i;
	return -1;
}

static int compare(struct parser *p, struct formula_value *out)
{
	struct formula_value right = unknown;
	int status = sum(p, out);
	int which = status == ERR_OK ? take_comparison(p) : -1;
	if (which < 0)
		return status;
	status = sum(p, &right);
	if (status != ERR_OK)
		return status;
	double a = out->number, b = right.number;
	bool results[] = { a == b, a != b, a <= b, a >= b, a < b, a > b };
	*out = out->known && right.known ? known(results[which]) : unknown;
	const char *where = p->at;
	if (take_comparison(p) >= 0)
		return wrong(p, where, "comparisons do not chain: write a < b and b < c");
	return ERR_OK;
}

static int negation(struct parser *p, struct formula_value *out)
{
	if (!take_word(p, "not"))
		return compare(p, out);
	if (p->depth >= NESTING)
		return wrong(p, p->at, "nested too deeply");
	p->depth++;
	int status = negation(p, out);
	p->depth--;
	if (status == ERR_OK && out->known)
		out->number = out->number == 0;
	return status;
}

static int both(struct parser *p, struct formula_value *out)
{
	int status = negation(p, out);
	while (status == ERR_OK && take_word(p, "and")) {
		struct formula_value right = unknown;
		status = negation(p, &right);
		*out = falsehood(*out) || falsehood(right) ? known(0) : truth(*out) && truth(right) ? known(1) : unknown;
	}
	return status;
}

static int either(struct parser *p, struct formula_value *out)
{
	int status = both(p, out);
	while (status == ERR_OK && take_word(p, "or")) {
		struct formula_value right = unknown;
		status = both(p, &right);
		*out = truth(*out) || truth(right) ? known(1) : falsehood(*out) && falsehood(right) ? known(0) : unknown;
	}
	return status;
}

static int run(const char *formula, const struct formula_names *names, enum mode mode, struct formula_value *out_value, struct err *err)
{
	struct parser p = { .formula = formula, .at = formula, .names = names, .mode = mode, .row = -1, .err = err };
	*out_value = unknown;
	int status = either(&p, out_value);
	blanks(&p);
	if (status == ERR_OK && *p.at != '\0')
		status = wrong(&p, p.at, "an operator is missing before '%.20s'", p.at);
	if (status != ERR_OK)
		*out_value = unknown;
	return status;
}

int formula_eval(const char *formula, const struct formula_names *names, struct formula_value *out_value, struct err *err)
{
	return run(formula, names, EVALUATE, out_value, err);
}

int formula_check(const char *formula, const struct formula_names *names, struct err *err)
{
	struct formula_value unused;
	return run(formula, names, CHECK, &unused, err);
}
