/* SPDX-License-Identifier: MIT */
#ifndef BASE_FORMULA_H
#define BASE_FORMULA_H

/*
 * The small language of a lesson's texts, so that what is printed as the test is the test.
 *
 * Formulas     numbers, names (a name may have dots: strided.asked_bytes), + - * / and the letter x for times, parentheses, comparisons,
 *              and, or, not, min(a, b), max(a, b), ceil(a), floor(a), count(condition). A number may be followed by the unit B, which says nothing.
 *              "(n - window + 1) x window x 8 B"    "strided.asked_bytes == 0 and strided.shares_memory"
 * Values       doubles; true is 1. A whole number beyond 2^53 is an error unless the caller says what else, never rounded in silence.
 * Unknown      a name may be known and have no value (it was not measured): whatever depends on it is unknown too, by three-valued logic
 *              (unknown and false is false). A division by zero has no value either.
 * count(c)     evaluates c once for each row of the resolver (the ways of a lesson) and counts those where it is true; unknown if any is unknown.
 *
 * Templates    text with {formula|style}, style one of bytes, count, time, number, x, ratio, short, percent (none: number), and
 *              {if formula}...{else}...{end}, which may be nested. An unknown value prints as "not measured"; an unknown condition takes the else branch.
 *              What stands in the branch that is not taken is checked like the rest. The words if, else and end are no names there.
 */

#include "err.h"
#include "text.h"

#include <stdbool.h>

#define FORMULA_UNKNOWN "not measured" /* what an unknown value prints as */

struct formula_value {
	double number;
	bool known;
};

enum formula_beyond { FORMULA_BEYOND_ERROR, FORMULA_BEYOND_ROUNDS, FORMULA_BEYOND_UNKNOWN };

/* Where names get their values. */
struct formula_names {
	/*
	 * Returns 0 and fills out_value (known may be false), or -1: there is no such name.
	 * row   -1 outside count(); inside, the row that count() is at: a name without a dot may then mean that row's own number.
	 */
	int (*lookup)(const void *context, const char *name, int row, struct formula_value *out_value);
	const void *context;
	int rows; /* for count() */
	/* A whole number beyond 2^53: an error (0), a rounded number where only its first digits are printed, or unknown. */
	enum formula_beyond beyond;
};

/* ERR_IO with the place of the mistake: formulas are part of the program, so a bad one is an internal error. */
int formula_eval(const char *formula, const struct formula_names *names, struct formula_value *out_value, struct err *err);
/* The grammar and the names alone, without regard to the values: what formula_eval() would find wrong on any machine. */
int formula_check(const char *formula, const struct formula_names *names, struct err *err);
/* Appends to out; on an error out is as it was. */
int formula_expand(const char *template, const struct formula_names *names, struct text *out, struct err *err);

#endif
