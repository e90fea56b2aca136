/* SPDX-License-Identifier: MIT */
/*
 * Texts with formulas in braces. One pass, one function for a stretch of text, which calls itself for the branches of an {if}: the branch that
 * is not taken is walked too, with nothing printed, so that a mistake in it is found on every machine.
 */

#include "base/formula.h"

#include "base/units.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NESTING = 16, FORMULA = 400 };

struct walker {
	const char *template;
	const char *at;
	const struct formula_names *names;
	struct text *out;
	struct err *err;
};

enum stop { AT_END_OF_TEXT, AT_ELSE, AT_END };

static int wrong(struct walker *w, const char *where, const char *what)
{
	return err_set(w->err, ERR_IO, "template at %d, '%.40s': %s", (int)(where - w->template) + 1, where, what);
}

static char *short_count(double number, char out[UNITS_TEXT])
{
	bool whole = number >= 0 && number < 9e18 && number == floor(number);
	return whole ? units_short((uint64_t)number, out) : units_number(number, out);
}

/* Exactly 1 is what stands for a difference that was not resolved: a measured ratio is never so even. */
static char *ratio_words(double ratio, char out[UNITS_TEXT])
{
	if (ratio != 1)
		return units_ratio(ratio, out);
	snprintf(out, UNITS_TEXT, "%s", "no difference resolved");
	return out;
}

static const struct {
	const char *name;
	char *(*format)(double number, char out[UNITS_TEXT]);
} styles[] = {
	{ "bytes", units_bytes },   { "count", units_count }, { "time", units_time },   { "number", units_number },
	{ "x", units_factor },      { "ratio", ratio_words }, { "short", short_count }, { "percent", units_percent },
};

/* {formula|style} */
static int value(struct walker *w, const char *where, char *formula, bool printed)
{
	size_t style = 3;
	char *bar = strchr(formula, '|');
	if (bar != NULL) {
		char *word = bar + 1 + strspn(bar + 1, " ");
		word[strcspn(word, " ")] = '\0';
		*bar = '\0';
		for (style = 0; style < sizeof styles / sizeof styles[0]; style++)
			if (strcmp(word, styles[style].name) == 0)
				break;
		if (style == sizeof styles / sizeof styles[0])
			return wrong(w, where, "no such style");
	}
	if (!printed)
		return formula_check(formula, w->names, w->err);
	struct formula_value v;
	int status = formula_eval(formula, w->names, &v, w->err);
	if (status != ERR_OK)
		return status;
	char text[UNITS_TEXT];
	text_add(w->out, v.known ? styles[style].format(v.number, text) : FORMULA_UNKNOWN);
	return ERR_OK;
}

static int walk(struct walker *w, bool printed, int depth, enum stop *out_stop);

/* {if formula}...{else}...{end}; the walker stands behind the first brace's end. */
static int branches(struct walker *w, const char *where, const char *condition, bool printed, int depth)
{
	struct formula_value v = { .known = false };
	enum stop stop = AT_END_OF_TEXT;
	int status = printed ? formula_eval(condition, w->names, &v, w->err) : formula_check(condition, w->names, w->err);
	if (status == ERR_OK && depth >= NESTING)
		status = wrong(w, where, "nested too deeply");
	bool taken = v.known && v.number != 0;
	if (status == ERR_OK)
		status = walk(w, printed && taken, depth + 1, &stop);
	if (status == ERR_OK && stop == AT_ELSE)
		status = walk(w, printed && !taken, depth + 1, &stop);
	if (status == ERR_OK && stop == AT_ELSE)
		status = wrong(w, where, "a second {else}");
	if (status == ERR_OK && stop == AT_END_OF_TEXT)
		status = wrong(w, where, "{end} is missing");
	return status;
}

static int walk(struct walker *w, bool printed, int depth, enum stop *out_stop)
{
	for (;;) {
		size_t plain = strcspn(w->at, "{}");
		if (printed)
			text_addn(w->out, w->at, plain);
		w->at += plain;
		const char *where = w->at;
		*out_stop = AT_END_OF_TEXT;
		if (*where == '\0')
			return ERR_OK;
		if (*where == '}')
			return wrong(w, where, "'}' without '{'");
		size_t length = strcspn(where + 1, "{}");
		if (where[1 + length] != '}')
			return wrong(w, where, "'{' without '}'");
		const char *inside = where + 1 + strspn(where + 1, " ");
		length -= (size_t)(inside - where - 1);
		w->at = inside + length + 1;
		while (length > 0 && inside[length - 1] == ' ')
			length--;

		char formula[FORMULA] = "";
		if (length >= sizeof formula)
			return wrong(w, where, "a formula is too long");
		memcpy(formula, inside, length);
		formula[length] = '\0';
		if (strcmp(formula, "else") == 0 || strcmp(formula, "end") == 0) {
			*out_stop = formula[1] == 'l' ? AT_ELSE : AT_END;
			return depth > 0 ? ERR_OK : wrong(w, where, "there is no {if} before");
		}
		bool condition = strncmp(formula, "if", 2) == 0 && (formula[2] == ' ' || formula[2] == '\0' || formula[2] == '(');
		int status = condition ? branches(w, where, formula + 2, printed, depth) : value(w, where, formula, printed);
		if (status != ERR_OK)
			return status;
	}
}

int formula_expand(const char *template, const struct formula_names *names, struct text *out, struct err *err)
{
	struct walker w = { .template = template, .at = template, .names = names, .out = out, .err = err };
	size_t before = out->length;
	enum stop stop = AT_END_OF_TEXT;
	int status = walk(&w, true, 0, &stop);
	if (status == ERR_OK && out->failed)
		status = err_set(err, ERR_IO, "out of memory");
	if (status != ERR_OK && out->data != NULL) {
		out->length = before;
		out->data[before] = '\0';
	}
	return status;
}
