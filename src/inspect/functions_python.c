/* SPDX-License-Identifier: MIT */
/*
 * Python's own functions of numbers, and those of its module math. Where a name means one of NumPy's too (max, sum, round), the arguments say whose it is:
 * numbers and lists of numbers are Python's.
 */

#include "inspect/calls.h"

#include <math.h>
#include <string.h>

static bool is_number(const struct value *value)
{
	return value->kind == VALUE_INT || value->kind == VALUE_FLOAT || value->kind == VALUE_BOOL;
}

static double real_of(const struct value *value)
{
	return value->kind == VALUE_FLOAT ? value->real : (double)value->integer;
}

/* A whole number that a double holds; else one that is not known. */
static struct value *whole(struct session *s, double real)
{
	return fabs(real) < 9e18 ? value_int(s, (int64_t)real) : value_scalar(s, DT_INT64);
}

/* ---- math ---- */

enum { FLOOR, CEIL, TRUNC, SQRT, EXP, LOG, LOG2, LOG10, SIN, COS, TAN, FABS };

static double math_of(int function, double x)
{
	switch (function) {
	case FLOOR: return floor(x);
	case CEIL: return ceil(x);
	case TRUNC: return trunc(x);
	case SQRT: return sqrt(x);
	case EXP: return exp(x);
	case LOG: return log(x);
	case LOG2: return log2(x);
	case LOG10: return log10(x);
	case SIN: return sin(x);
	case COS: return cos(x);
	case TAN: return tan(x);
	default: return fabs(x);
	}
}

static struct value *math_function(struct call *c)
{
	const struct value *x = c->arg[0];
	int function = c->builtin->code;
	bool is_whole = function <= TRUNC;

	if (x->kind == VALUE_ARRAY && nd_geom_size(as_array(c->arg[0])->geom) != 1)
		return raise_at(c->s, c->arg_node[0], "TypeError", "math.%s() is for one number, not for shape %s: np.%s() takes arrays", c->builtin->name, array_shape_text(as_array(c->arg[0])),
		                c->builtin->name);
	if (x->kind != VALUE_ARRAY && x->kind != VALUE_SCALAR && !is_number(x))
		return raise_at(c->s, c->arg_node[0], "TypeError", "math.%s() is for a number, not for %s", c->builtin->name, value_words(x));
	if (!is_number(x) || !x->certain)
		return value_scalar(c->s, is_whole ? DT_INT64 : DT_FLOAT64);
	double real = real_of(x), result = math_of(function, real);
	if (isnan(result) && !isnan(real))
		return raise_at(c->s, c->node, "ValueError", "math domain error: math.%s() of this number is none", c->builtin->name);
	return is_whole ? whole(c->s, result) : value_float(c->s, result);
}

const struct builtin functions_python[] = {
	{ "floor", IN_MATH, "x", math_function, FLOOR },
	{ "ceil", IN_MATH, "x", math_function, CEIL },
	{ "trunc", IN_MATH, "x", math_function, TRUNC },
	{ "sqrt", IN_MATH, "x", math_function, SQRT },
	{ "exp", IN_MATH, "x", math_function, EXP },
	{ "log", IN_MATH, "x", math_function, LOG },
	{ "log2", IN_MATH, "x", math_function, LOG2 },
	{ "log10", IN_MATH, "x", math_function, LOG10 },
	{ "sin", IN_MATH, "x", math_function, SIN },
	{ "cos", IN_MATH, "x", math_function, COS },
	{ "tan", IN_MATH, "x", math_function, TAN },
	{ "fabs", IN_MATH, "x", math_function, FABS },
	{ 0 },
};

/* ---- max, min, sum, round ---- */

/* All of them: 1 numbers that are known, 0 numbers, -1 something else. */
static int numbers(struct value *const *items, size_t count)
{
	int known = 1;
	for (size_t i = 0; i < count; i++) {
		if (!is_number(items[i]) && items[i]->kind != VALUE_SCALAR)
			return -1;
		known = known && is_number(items[i]) && items[i]->certain;
	}
	return known;
}

static struct value *extreme(struct value *const *items, size_t count, bool is_max)
{
	size_t best = 0;
	for (size_t i = 1; i < count; i++)
		if (is_max ? real_of(items[i]) > real_of(items[best]) : real_of(items[i]) < real_of(items[best]))
			best = i;
	return value_ref(items[best]);
}

static struct value *sum_of(struct session *s, struct value *const *items, size_t count)
{
	double real = 0;
	int64_t integer = 0;
	bool is_whole = true;
	for (size_t i = 0; i < count; i++) {
		real += real_of(items[i]);
		is_whole = is_whole && items[i]->kind != VALUE_FLOAT && !__builtin_add_overflow(integer, items[i]->integer, &integer);
	}
	return is_whole ? value_int(s, integer) : value_float(s, real);
}

static struct value *rounded(struct session *s, struct value *const *args, int n)
{
	if (n == 1)
		return args[0]->kind == VALUE_FLOAT ? whole(s, nearbyint(args[0]->real)) : value_int(s, args[0]->integer);
	double scale = pow(10, real_of(args[1]));
	return args[0]->kind == VALUE_FLOAT ? value_float(s, nearbyint(args[0]->real * scale) / scale) : value_int(s, args[0]->integer);
}

static bool named(const struct node *callee, const struct session *s, const char *name)
{
	size_t length = strlen(name);
	return callee->end - callee->start == length && memcmp(s->text + callee->start, name, length) == 0;
}

bool python_call(struct session *s, const struct node *node, struct value *const *args, int n, struct value **out)
{
	const struct node *callee = node->a;
	if (!callee || callee->kind != NODE_NAME || n == 0)
		return false;
	bool is_max = named(callee, s, "max"), is_list = value_is_sequence(args[0]);
	struct value *const *items = is_list && n == 1 ? args[0]->seq.item : args;
	size_t count = is_list && n == 1 ? args[0]->seq.count : (size_t)n;
	int known = numbers(items, count);

	if (is_max || named(callee, s, "min")) {
		if (known < 0 || count == 0 || (n == 1 && !is_list))
			return false;
		*out = known ? extreme(items, count, is_max) : value_scalar(s, items[0]->kind == VALUE_SCALAR ? items[0]->dtype : DT_FLOAT64);
		return true;
	}
	if (named(callee, s, "sum")) {
		if (!is_list || n != 1 || known < 0)
			return false;
		*out = known ? sum_of(s, items, count) : value_scalar(s, DT_FLOAT64);
		return true;
	}
	if (named(callee, s, "round")) {
		if (is_list || n > 2 || known < 0)
			return false;
		*out = known ? rounded(s, args, n) : value_scalar(s, n == 1 ? DT_INT64 : DT_FLOAT64);
		return true;
	}
	return false;
}
