/* SPDX-License-Identifier: MIT */
/* np.sqrt(x), np.add(x, y, out=z) and the others that work element by element. */

#include "inspect/calls.h"

#include <string.h>

static const struct ufunc ufuncs[] = {
	{ "add", RULE_ARITHMETIC, true, false, NULL }, { "subtract", RULE_SUBTRACT, false, false, NULL }, { "multiply", RULE_ARITHMETIC, true, false, NULL },
	{ "divide", RULE_DIVIDE, false, false, NULL }, { "true_divide", RULE_DIVIDE, false, false, NULL }, { "floor_divide", RULE_FLOOR, false, false, NULL },
	{ "remainder", RULE_FLOOR, false, false, NULL }, { "mod", RULE_FLOOR, false, false, NULL }, { "fmod", RULE_FLOOR, false, false, NULL },
	{ "power", RULE_POWER, false, false, NULL }, { "float_power", RULE_DIVIDE, false, false, NULL }, { "maximum", RULE_ARITHMETIC, false, false, NULL },
	{ "minimum", RULE_ARITHMETIC, false, false, NULL }, { "fmax", RULE_ARITHMETIC, false, false, NULL }, { "fmin", RULE_ARITHMETIC, false, false, NULL },
	{ "bitwise_and", RULE_BITS, false, false, NULL }, { "bitwise_or", RULE_BITS, false, false, NULL }, { "bitwise_xor", RULE_BITS, false, false, NULL },
	{ "left_shift", RULE_SHIFT, false, false, NULL }, { "right_shift", RULE_SHIFT, false, false, NULL }, { "less", RULE_COMPARE, false, false, NULL },
	{ "less_equal", RULE_COMPARE, false, false, NULL }, { "greater", RULE_COMPARE, false, false, NULL }, { "greater_equal", RULE_COMPARE, false, false, NULL },
	{ "equal", RULE_COMPARE, false, false, NULL }, { "not_equal", RULE_COMPARE, false, false, NULL }, { "logical_and", RULE_LOGICAL, false, false, NULL },
	{ "logical_or", RULE_LOGICAL, false, false, NULL }, { "logical_xor", RULE_LOGICAL, false, false, NULL }, { "arctan2", RULE_FLOAT, false, false, NULL },
	{ "hypot", RULE_FLOAT, false, false, NULL }, { "logaddexp", RULE_FLOAT, false, false, NULL }, { "copysign", RULE_FLOAT, false, false, NULL },
	{ NULL, RULE_SAME, false, false, NULL }, /* from here on with one operand */
	{ "negative", RULE_SAME, false, false, NULL }, { "positive", RULE_SAME, false, false, NULL }, { "absolute", RULE_ABSOLUTE, false, false, NULL }, { "abs", RULE_ABSOLUTE, false, false, NULL },
	{ "fabs", RULE_FLOAT, false, false, NULL }, { "sign", RULE_SAME, false, false, NULL }, { "square", RULE_SAME, false, false, NULL }, { "reciprocal", RULE_SAME, false, false, NULL },
	{ "conj", RULE_SAME, false, false, NULL }, { "conjugate", RULE_SAME, false, false, NULL }, { "invert", RULE_BITS, false, false, NULL }, { "bitwise_not", RULE_BITS, false, false, NULL },
	{ "logical_not", RULE_LOGICAL, false, false, NULL }, { "isnan", RULE_TEST, false, false, NULL }, { "isinf", RULE_TEST, false, false, NULL }, { "isfinite", RULE_TEST, false, false, NULL },
	{ "signbit", RULE_TEST, false, false, NULL }, { "floor", RULE_ROUND, false, false, NULL }, { "ceil", RULE_ROUND, false, false, NULL }, { "trunc", RULE_ROUND, false, false, NULL },
	{ "rint", RULE_FLOAT, false, false, NULL }, { "sqrt", RULE_FLOAT, false, false, NULL }, { "cbrt", RULE_FLOAT, false, false, NULL }, { "exp", RULE_FLOAT, false, false, NULL },
	{ "exp2", RULE_FLOAT, false, false, NULL }, { "expm1", RULE_FLOAT, false, false, NULL }, { "log", RULE_FLOAT, false, false, NULL }, { "log2", RULE_FLOAT, false, false, NULL },
	{ "log10", RULE_FLOAT, false, false, NULL }, { "log1p", RULE_FLOAT, false, false, NULL }, { "sin", RULE_FLOAT, false, false, NULL }, { "cos", RULE_FLOAT, false, false, NULL },
	{ "tan", RULE_FLOAT, false, false, NULL }, { "arcsin", RULE_FLOAT, false, false, NULL }, { "arccos", RULE_FLOAT, false, false, NULL }, { "arctan", RULE_FLOAT, false, false, NULL },
	{ "sinh", RULE_FLOAT, false, false, NULL }, { "cosh", RULE_FLOAT, false, false, NULL }, { "tanh", RULE_FLOAT, false, false, NULL }, { "deg2rad", RULE_FLOAT, false, false, NULL },
	{ "rad2deg", RULE_FLOAT, false, false, NULL }, { "radians", RULE_FLOAT, false, false, NULL }, { "degrees", RULE_FLOAT, false, false, NULL },
};

static const struct ufunc *find(const char *name)
{
	for (size_t i = 0; i < sizeof ufuncs / sizeof ufuncs[0]; i++)
		if (ufuncs[i].name && strcmp(ufuncs[i].name, name) == 0)
			return &ufuncs[i];
	return NULL;
}

static struct value *two(struct call *c)
{
	return ufunc_call(c->s, c->node, find(c->builtin->name), c->arg, 2, c->arg[2], c->arg[3], false);
}

static struct value *one(struct call *c)
{
	return ufunc_call(c->s, c->node, find(c->builtin->name), c->arg, 1, c->arg[1], c->arg[2], false);
}

/* a.conj() of a real array is a itself. */
static struct value *method_conj(struct call *c)
{
	struct array *a = as_array(c->arg[0]);
	if (c->arg[0]->kind == VALUE_ARRAY && !dtype_is_complex(a->dtype))
		return same(c, a, "a real array is its own conjugate");
	struct value *in[1] = { c->arg[0] };
	return ufunc_call(c->s, c->node, find("conj"), in, 1, NULL, NULL, false);
}

/* abs(x), where a temporary may be written over, as by an operator. */
static struct value *python_abs(struct call *c)
{
	static const struct ufunc absolute = { "absolute", RULE_ABSOLUTE, false, true, "abs" };
	struct value *value = c->arg[0];

	if (value->kind == VALUE_INT || value->kind == VALUE_FLOAT) {
		struct value *out = value->kind == VALUE_INT ? value_int(c->s, value->integer < 0 && value->integer != INT64_MIN ? -value->integer : value->integer) : value_float(c->s, value->real < 0 ? -value->real : value->real);
		if (out)
			out->certain = value->certain;
		return out;
	}
	return ufunc_call(c->s, c->node, &absolute, c->arg, 1, NULL, NULL, true);
}

/* np.clip(a, low, high): one ufunc of three operands, minimum or maximum where one limit is not given. */
static struct value *clip(struct call *c)
{
	static const struct ufunc both = { "clip", RULE_ARITHMETIC, false, false, NULL };
	/* NumPy 2.1 has min and max beside a_min and a_max, which come last here. */
	struct value *low = c->arg[1] || c->method ? c->arg[1] : c->arg[4], *high = c->arg[2] || c->method ? c->arg[2] : c->arg[5], *out = c->arg[3];

	if (!low && !high) {
		bool none = c->method || c->arg_node[1] || c->arg_node[2] || c->arg_node[4] || c->arg_node[5];
		return raise_at(c->s, c->node, none ? "ValueError" : "TypeError", "clip() needs a least or a greatest value");
	}
	struct value *in[3] = { c->arg[0], low ? low : high, high };
	if (low && high)
		return ufunc_call(c->s, c->node, &both, in, 3, out, NULL, false);
	return ufunc_call(c->s, c->node, find(low ? "maximum" : "minimum"), in, 2, out, NULL, false);
}

/* In C order, or in Fortran order where the operand is. */
static struct array *empty_as(struct session *s, enum dtype dtype, const struct array *a)
{
	struct array *made = array_new(s, dtype, a->geom->ndim, a->geom->shape, nd_geom_f_contiguous(a->geom) && !nd_geom_c_contiguous(a->geom) ? LAYOUT_F : LAYOUT_C);
	if (made)
		made->at_most = a->at_most;
	return made;
}

/* x * 10 ** decimals into out, which is rounded and divided in place. */
static bool round_scaled(struct call *c, struct array *a, struct array *out)
{
	static const struct ufunc scale = { "round", RULE_ARITHMETIC, false, false, NULL };
	struct value *power = value_float(c->s, 10);
	struct value *in[2] = { &a->value, power }, *scaled = power ? ufunc_call(c->s, c->node, &scale, in, 2, &out->value, NULL, false) : NULL;

	value_release(power);
	value_release(scaled);
	return scaled != NULL;
}

/* Into the array of out=. Source: NumPy 1.24's PyArray_Round(). */
static struct value *round_into(struct call *c, struct array *a, bool scaled)
{
	static const struct ufunc rint = { "round", RULE_FLOAT, false, false, NULL }, copy = { "round", RULE_SAME, false, false, NULL };
	struct session *s = c->s;
	struct array *out = as_array(c->arg[2]);
	struct value *in[1] = { &a->value };

	if (nd_geom_size(out->geom) != nd_geom_size(a->geom) && !(a->at_most | out->at_most))
		return raise_at(s, c->node, "ValueError", "the result has shape %s and cannot be written into shape %s", array_shape_text(a), array_shape_text(out));
	if (dtype_is_complex(a->dtype)) {
		if (!dtype_is_complex(out->dtype))
			return raise_at(s, c->node, "TypeError", "round() gives %s, which cannot be written into %s", dtype_name(a->dtype), dtype_name(out->dtype));
		transient(s, array_nbytes(a) / 2);
		return ufunc_call(s, c->node, &copy, in, 1, c->arg[2], NULL, false);
	}
	if (!scaled)
		return ufunc_call(s, c->node, dtype_is_integer(a->dtype) ? &copy : &rint, in, 1, c->arg[2], NULL, false);
	return round_scaled(c, a, out) ? value_ref(c->arg[2]) : NULL;
}

/* np.round(a, decimals): a copy even where nothing is rounded. */
static struct value *round_to(struct call *c)
{
	static const struct ufunc rint = { "round", RULE_FLOAT, false, false, NULL };
	struct session *s = c->s;
	struct array *a = arg_array(c, 0), *made = NULL;
	struct value *value = NULL;
	ptrdiff_t decimals = 0;

	if (!a || (c->arg[1] && !arg_size(c, 1, &decimals)))
		goto done;
	bool whole = dtype_is_integer(a->dtype), scaled = whole ? decimals < 0 : decimals != 0;
	if (c->arg[2]) {
		value = c->arg[2]->kind == VALUE_ARRAY ? round_into(c, a, scaled) : raise_at(s, c->node, "TypeError", "round() writes into an array, not into %s", value_words(c->arg[2]));
		goto done;
	}
	if (dtype_is_complex(a->dtype)) {
		/* One part after the other. */
		made = array_new(s, a->dtype, a->geom->ndim, a->geom->shape, LAYOUT_C);
		transient(s, array_nbytes(a) / 2);
	} else if (whole && !scaled) {
		made = array_new_like(s, a->dtype, a);
	} else if (whole) {
		struct array *floats = empty_as(s, DT_FLOAT64, a);
		if (!floats)
			goto done;
		made = empty_as(s, a->dtype, a);
		s->step_hidden += array_nbytes(floats);
		value_release(&floats->value);
	} else if (scaled) {
		made = empty_as(s, a->dtype, a);
		if (made && !round_scaled(c, a, made)) {
			value_release(&made->value);
			made = NULL;
		}
	} else {
		struct value *in[1] = { &a->value };
		value = ufunc_call(s, c->node, &rint, in, 1, NULL, NULL, false);
		goto done;
	}
	if (made) {
		made->at_most = a->at_most;
		tell(s, STEP_NEW, NULL, say(s, "round computes: %s of its own", bytes_text(nd_geom_nbytes(made->geom))));
		value = scalar_or_array(s, made);
	}
done:
	if (a)
		value_release(&a->value);
	return value;
}

#define TWO(word) { word, IN_NUMPY, "x y out? dtype? where? casting?", two, 0 }
#define ONE(word) { word, IN_NUMPY, "x out? dtype? where? casting?", one, 0 }

const struct builtin functions_ufunc[] = {
	TWO("add"), TWO("subtract"), TWO("multiply"), TWO("divide"), TWO("true_divide"), TWO("floor_divide"), TWO("remainder"), TWO("mod"), TWO("fmod"), TWO("power"), TWO("float_power"),
	TWO("maximum"), TWO("minimum"), TWO("fmax"), TWO("fmin"), TWO("bitwise_and"), TWO("bitwise_or"), TWO("bitwise_xor"), TWO("left_shift"), TWO("right_shift"), TWO("less"),
	TWO("less_equal"), TWO("greater"), TWO("greater_equal"), TWO("equal"), TWO("not_equal"), TWO("logical_and"), TWO("logical_or"), TWO("logical_xor"), TWO("arctan2"), TWO("hypot"),
	TWO("logaddexp"), TWO("copysign"),
	ONE("negative"), ONE("positive"), ONE("absolute"), ONE("fabs"), ONE("sign"), ONE("square"), ONE("reciprocal"), ONE("conj"), ONE("conjugate"), ONE("invert"),
	ONE("bitwise_not"), ONE("logical_not"), ONE("isnan"), ONE("isinf"), ONE("isfinite"), ONE("signbit"), ONE("floor"), ONE("ceil"), ONE("trunc"), ONE("rint"), ONE("sqrt"), ONE("cbrt"),
	ONE("exp"), ONE("exp2"), ONE("expm1"), ONE("log"), ONE("log2"), ONE("log10"), ONE("log1p"), ONE("sin"), ONE("cos"), ONE("tan"), ONE("arcsin"), ONE("arccos"), ONE("arctan"),
	ONE("sinh"), ONE("cosh"), ONE("tanh"), ONE("deg2rad"), ONE("rad2deg"), ONE("radians"), ONE("degrees"),
	{ "abs", IN_NUMPY, "x out? dtype? where?", one, 0 },
	{ "abs", IN_PYTHON, "x", python_abs, 0 },
	{ "conj", METHOD, "a", method_conj, 0 },
	{ "conjugate", METHOD, "a", method_conj, 0 },
	{ "clip", IN_NUMPY, "a a_min? a_max? out? min? max?", clip, 0 },
	{ "clip", METHOD, "a min? max? out?", clip, 0 },
	{ "round", IN_NUMPY | METHOD, "a decimals? out?", round_to, 0 },
	{ "around", IN_NUMPY, "a decimals? out?", round_to, 0 },
	{ NULL, 0, NULL, NULL, 0 },
};
