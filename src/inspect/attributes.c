/* SPDX-License-Identifier: MIT */
/* a.shape, a.T, a.flags['OWNDATA'], np.float32, np.random: what stands behind a dot. */

#include "inspect/calls.h"

#include <math.h>
#include <string.h>

static bool is(const char *name, size_t length, const char *word)
{
	return strlen(word) == length && memcmp(name, word, length) == 0;
}

static struct value *math_constant(struct session *s, const struct node *node, const char *name, size_t length)
{
	static const struct {
		const char *name;
		double real;
	} constants[] = { { "pi", 3.141592653589793 }, { "e", 2.718281828459045 }, { "tau", 6.283185307179586 }, { "inf", INFINITY }, { "nan", NAN } };

	for (size_t i = 0; i < sizeof constants / sizeof constants[0]; i++)
		if (is(name, length, constants[i].name))
			return value_float(s, constants[i].real);
	return unfollowed_at(s, node, "math.%.*s is not followed", (int)(length < 60 ? length : 60), name);
}

static struct value *module_attribute(struct session *s, const struct node *node, const char *module, const char *name, size_t length)
{
	static const struct {
		const char *name, *module;
	} modules[] = {
		{ "random", "numpy.random" }, { "linalg", "numpy.linalg" }, { "lib", "numpy" }, { "stride_tricks", "numpy" }, { "core", "numpy" }, { "np", "numpy" }, { "exceptions", "numpy" },
	};
	bool random = strcmp(module, "numpy.random") == 0, linalg = strcmp(module, "numpy.linalg") == 0, math = strcmp(module, "math") == 0;
	unsigned where = random ? IN_RANDOM : linalg ? IN_LINALG : math ? IN_MATH : IN_NUMPY;
	const struct builtin *builtin = builtin_find(name, length, where);

	if (builtin)
		return value_function(s, builtin, NULL);
	if (math)
		return math_constant(s, node, name, length);
	if (!random && !linalg) {
		for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++)
			if (is(name, length, modules[i].name))
				return value_module(s, modules[i].module);
		enum dtype dtype = length > 2 ? dtype_parse(name, length) : DT_NONE;
		if (dtype != DT_NONE)
			return value_dtype(s, dtype);
		if (is(name, length, "newaxis"))
			return value_none(s);
		if (is(name, length, "pi") || is(name, length, "e"))
			return value_float(s, name[0] == 'p' ? 3.141592653589793 : 2.718281828459045);
		if (is(name, length, "inf") || is(name, length, "nan"))
			return value_float(s, name[0] == 'i' ? INFINITY : NAN);
		if (is(name, length, "__version__")) {
			struct value *value = value_str(s, "", 0);
			if (value)
				value->certain = false;
			return value;
		}
	}
	const char *near = builtin_nearest(name, length, where);
	const char *prefix = random ? "np.random" : linalg ? "np.linalg" : "np";
	if (near)
		return unfollowed_at(s, node, "%s.%.*s is not known here: did you mean %s.%s?", prefix, (int)(length < 60 ? length : 60), name, prefix, near);
	return unfollowed_at(s, node, "%s.%.*s is not known here", prefix, (int)(length < 60 ? length : 60), name);
}

/* A number that is exact unless an extent depends on data. */
static struct value *count_value(struct session *s, const struct array *a, int64_t number)
{
	struct value *value = value_int(s, number);
	if (value)
		value->certain = a->at_most == 0;
	return value;
}

static struct value *transposed(struct session *s, struct array *a, const struct node *object_node)
{
	struct nd_geom geom;
	const char *of = operand_text(s, object_node);

	nd_geom_transpose(a->geom, NULL, &geom);
	struct array *view = array_view(s, a, &geom);
	if (!view)
		return NULL;
	view->at_most = 0;
	view->whole = a->whole;
	for (int k = 0; k < geom.ndim; k++)
		if (a->at_most >> k & 1)
			view->at_most |= UINT64_C(1) << (geom.ndim - 1 - k);
	if (geom.ndim < 2)
		tell(s, STEP_VIEW, of, say(s, "with %s nothing changes places: .T of a 1-D array is the same again", geom.ndim == 1 ? "one axis" : "no axis"));
	else
		tell(s, STEP_VIEW, of, say(s, "shape and strides change places: %s becomes %s, and no byte moves", shape_text(geom.ndim, a->geom->strides), shape_text(geom.ndim, geom.strides)));
	s->tale.lesson = "views";
	return &view->value;
}

struct value *complex_part(struct session *s, struct array *a, bool imaginary, const char *of)
{
	if (dtype_is_complex(a->dtype)) {
		struct nd_geom geom = *a->geom;
		geom.itemsize = a->geom->itemsize / 2;
		geom.offset += imaginary ? geom.itemsize : 0;
		struct array *view = array_view(s, a, &geom);
		if (!view)
			return NULL;
		view->dtype = dtype_real(a->dtype);
		tell(s, STEP_VIEW, of, say(s, "real and imaginary parts lie side by side, %td B each: a view of every other one", geom.itemsize));
		return &view->value;
	}
	if (!imaginary) {
		tell(s, STEP_SAME, of, "a real array is its own real part");
		return value_ref(&a->value);
	}
	struct array *zeros = array_new(s, a->dtype, a->geom->ndim, a->geom->shape, nd_geom_f_contiguous(a->geom) && !nd_geom_c_contiguous(a->geom) ? LAYOUT_F : LAYOUT_C);
	if (!zeros)
		return NULL;
	zeros->writeable = false;
	tell(s, STEP_NEW, NULL, "a real array has no imaginary part: zeros are made for it, read-only");
	return &zeros->value;
}

static struct value *flag(struct session *s, const struct node *node, const struct array *a, const char *name, size_t length)
{
	bool c = nd_geom_c_contiguous(a->geom), f = nd_geom_f_contiguous(a->geom);
	char lower[24] = { 0 };

	for (size_t i = 0; i < length && i + 1 < sizeof lower; i++)
		lower[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] | 0x20 : name[i]);
	const struct {
		const char *name, *letter;
		bool answer;
	} flags[] = {
		{ "c_contiguous", "c", c }, { "f_contiguous", "f", f }, { "owndata", "o", a->owndata }, { "writeable", "w", a->writeable }, { "aligned", "a", true },
		{ "writebackifcopy", "x", false }, { "fnc", "fnc", f && !c }, { "forc", "forc", f || c }, { "contiguous", "contiguous", c }, { "fortran", "fortran", f }, { "behaved", "b", a->writeable },
		{ "carray", "ca", a->writeable && c }, { "farray", "fa", a->writeable && f && !c },
	};
	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
		if (strcmp(lower, flags[i].name) == 0 || (strcmp(lower, flags[i].letter) == 0 && length <= 4))
			return value_bool(s, flags[i].answer);
	return raise_at(s, node, "KeyError", "no flag '%s': there are C_CONTIGUOUS, F_CONTIGUOUS, OWNDATA, WRITEABLE, ALIGNED", lower);
}

struct value *flag_item(struct session *s, const struct node *node, struct value *flags, const struct value *index)
{
	if (index->kind != VALUE_STR)
		return raise_at(s, node, "KeyError", "a flag is named by a string: flags['OWNDATA']");
	return flag(s, node, flags->array, index->str.text, index->str.length);
}

static struct value *base_of(struct session *s, struct array *a)
{
	if (!a->base)
		return value_none(s);
	if (!a->stand_in)
		return value_ref(&a->base->value);
	struct value *value = value_new(s, VALUE_STAND_IN);
	if (value) {
		value->array = a->base;
		value_ref(&a->base->value);
	}
	return value;
}

static struct value *array_attribute(struct session *s, const struct node *node, struct array *a, const char *name, size_t length, const struct node *object_node)
{
	const struct nd_geom *geom = a->geom;

	if (is(name, length, "T"))
		return transposed(s, a, object_node);
	if (is(name, length, "shape")) {
		struct value *shape = value_tuple_of_sizes(s, geom->ndim, geom->shape);
		for (int k = 0; shape && k < geom->ndim; k++)
			shape->seq.item[k]->certain = !(a->at_most >> k & 1);
		return shape;
	}
	if (is(name, length, "strides"))
		return value_tuple_of_sizes(s, geom->ndim, geom->strides);
	if (is(name, length, "ndim"))
		return value_int(s, geom->ndim);
	if (is(name, length, "size"))
		return count_value(s, a, nd_geom_size(geom));
	if (is(name, length, "nbytes"))
		return count_value(s, a, nd_geom_nbytes(geom));
	if (is(name, length, "itemsize"))
		return value_int(s, geom->itemsize);
	if (is(name, length, "dtype"))
		return value_dtype(s, a->dtype);
	if (is(name, length, "base")) {
		struct value *base = base_of(s, a);
		if (base && base->kind == VALUE_ARRAY) {
			tell(s, STEP_SAME, as_array(base)->name, "the array that owns the bytes");
			s->tale.what = say(s, "the base of %s", operand_text(s, object_node));
		}
		return base;
	}
	if (is(name, length, "flags")) {
		struct value *value = value_new(s, VALUE_FLAGS);
		if (value) {
			value->array = a;
			value_ref(&a->value);
		}
		return value;
	}
	if (is(name, length, "real") || is(name, length, "imag"))
		return complex_part(s, a, name[0] == 'i', operand_text(s, object_node));
	if (is(name, length, "flat") || is(name, length, "data") || is(name, length, "ctypes") || is(name, length, "__array_interface__"))
		return unfollowed_at(s, node, "a.%.*s is not followed", (int)length, name);
	const struct builtin *builtin = builtin_find(name, length, METHOD);
	if (builtin)
		return value_function(s, builtin, &a->value);
	if (is(name, length, "resize"))
		names_forget(s, &a->value);
	const char *near = builtin_nearest(name, length, METHOD);
	if (near)
		return unfollowed_at(s, node, "an array's .%.*s is not known here: did you mean .%s?", (int)(length < 60 ? length : 60), name, near);
	return unfollowed_at(s, node, "an array's .%.*s is not known here", (int)(length < 60 ? length : 60), name);
}

struct value *attribute_get(struct session *s, const struct node *node, struct value *object, const struct node *object_node)
{
	const char *name = s->text + node->name_start;
	size_t length = node->name_end - node->name_start;

	switch (object->kind) {
	case VALUE_MODULE:
		return module_attribute(s, node, object->module, name, length);
	case VALUE_ARRAY:
		return array_attribute(s, node, as_array(object), name, length, object_node);
	case VALUE_FLAGS:
		return flag(s, node, object->array, name, length);
	case VALUE_DTYPE:
		if (is(name, length, "itemsize"))
			return value_int(s, dtype_itemsize(object->dtype));
		if (is(name, length, "name")) {
			const char *word = dtype_name(object->dtype);
			return value_str(s, word, strlen(word));
		}
		return unfollowed_at(s, node, "a dtype's .%.*s is not followed", (int)(length < 60 ? length : 60), name);
	case VALUE_SCALAR:
		if (is(name, length, "dtype"))
			return value_dtype(s, object->dtype);
		if (is(name, length, "shape"))
			return value_tuple_of_sizes(s, 0, NULL);
		if (is(name, length, "ndim"))
			return value_int(s, 0);
		if (is(name, length, "size"))
			return value_int(s, 1);
		if (is(name, length, "nbytes") || is(name, length, "itemsize"))
			return value_int(s, dtype_itemsize(object->dtype));
		if (is(name, length, "base"))
			return value_none(s);
		if (is(name, length, "real") || is(name, length, "imag") || is(name, length, "T"))
			return value_scalar(s, length == 1 ? object->dtype : dtype_real(object->dtype));
		return unfollowed_at(s, node, "a scalar's .%.*s is not followed", (int)(length < 60 ? length : 60), name);
	case VALUE_GENERATOR: {
		const char *near = builtin_nearest(name, length, GENERATOR);
		return unfollowed_at(s, node, "a generator's .%.*s is not known here%s%s%s", (int)(length < 60 ? length : 60), name, near ? ": did you mean ." : "", near ? near : "", near ? "?" : "");
	}
	case VALUE_LIST:
		if (!is(name, length, "copy") && !is(name, length, "index") && !is(name, length, "count"))
			names_forget(s, object);
		/* fall through */
	case VALUE_TUPLE:
	case VALUE_STR:
	case VALUE_INT:
	case VALUE_FLOAT:
	case VALUE_FUNCTION:
		return unfollowed_at(s, node, "the method .%.*s of %s is not followed", (int)(length < 60 ? length : 60), name, value_words(object));
	case VALUE_STAND_IN:
		if (is(name, length, "base"))
			return value_ref(&object->array->value);
		return unfollowed_at(s, node, "a DummyArray's .%.*s is not followed", (int)(length < 60 ? length : 60), name);
	default:
		return raise_at(s, node, "AttributeError", "%s has no attribute '%.*s'", value_words(object), (int)(length < 60 ? length : 60), name);
	}
}

bool set_writeable(struct session *s, const struct node *node, struct array *array, bool yes)
{
	const struct array *at = array;
	bool may = !yes || !at->base;

	/* An array that can be written to must stand behind it. */
	while (!may && !at->owndata && !at->stand_in && at->base) {
		at = at->base;
		may = at->writeable;
	}
	if (!may && !array->owndata)
		return raise_at(s, node, "ValueError", "it cannot be made writeable: the array that has its bytes is read-only"), false;
	array->writeable = yes;
	return true;
}

bool attribute_set(struct session *s, const struct node *node, struct value *object, struct value *value)
{
	const char *name = s->text + node->name_start;
	size_t length = node->name_end - node->name_start;

	if (object->kind == VALUE_ARRAY && is(name, length, "shape")) {
		struct array *a = as_array(object);
		ptrdiff_t shape[ND_GEOM_MAXDIMS];
		struct nd_geom geom;
		int ndim;
		if (!to_sizes(s, value, node, &ndim, shape))
			return false;
		int status = nd_geom_reshape(a->geom, ndim, shape, &geom);
		if (status == ND_NEEDS_COPY)
			return raise_at(s, node, "AttributeError", "a shape can only be set where no copy is needed: %s", why_reshape_copies(s, a->geom, ndim, shape, false, nd_geom_nbytes(a->geom))), false;
		if (status != ND_OK)
			return raise_at(s, node, "ValueError", "an array of shape %s cannot take the shape %s", array_shape_text(a), shape_text(ndim, shape)), false;
		if (!array_set_geom(s, a, &geom))
			return false;
		tell(s, STEP_INPLACE, NULL, "the array itself has another shape; no byte moves");
		step_add(s, node, node->start, object);
		return true;
	}
	if (object->kind == VALUE_FLAGS && is(name, length, "writeable") && value->kind == VALUE_BOOL) {
		return set_writeable(s, node, object->array, value->integer != 0);
	}
	value_release(unfollowed_at(s, node, "setting .%.*s is not followed", (int)(length < 60 ? length : 60), name));
	names_forget(s, object);
	return true;
}
