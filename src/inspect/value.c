/* SPDX-License-Identifier: MIT */
#include "session.h"

#include "inspect/inspect.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of one list with all in it; of all lists that a program makes; and of what one print shows, in bytes. */
enum { MOST_PARTS = 1000000, MOST_ITEMS = 3000000, MOST_PRINTED = 1 << 16 };

struct value *value_new(struct session *s, enum value_kind kind)
{
	struct value *value = pool_take(&s->value_pool, &s->object_arena, sizeof *value);

	if (!value) {
		return no_memory(s);
	}
	value->session = s;
	value->kind = kind;
	value->refs = 1;
	value->certain = true;
	return value;
}

/* Most sequences are shapes and indices. */
enum { FEW_ITEMS = 4 };

static struct value **new_items(struct session *s, size_t count)
{
	return count <= FEW_ITEMS ? pool_take(&s->item_pool, &s->object_arena, FEW_ITEMS * sizeof(struct value *)) : malloc(count * sizeof(struct value *));
}

static void free_items(struct session *s, struct value **items, size_t count)
{
	if (count <= FEW_ITEMS)
		pool_give(&s->item_pool, items);
	else
		free(items);
}

struct value *value_ref(struct value *value)
{
	if (value)
		value->refs++;
	return value;
}

void value_release(struct value *value)
{
	if (!value || --value->refs > 0)
		return;
	switch (value->kind) {
	case VALUE_STR:
		free(value->str.text);
		break;
	case VALUE_TUPLE:
	case VALUE_LIST:
		for (size_t i = 0; i < value->seq.count; i++)
			value_release(value->seq.item[i]);
		free_items(value->session, value->seq.item, value->seq.count);
		break;
	case VALUE_SLICE:
		value_release(value->slice.start);
		value_release(value->slice.stop);
		value_release(value->slice.step);
		break;
	case VALUE_FUNCTION:
		value_release(value->function.self);
		break;
	case VALUE_FLAGS:
	case VALUE_STAND_IN:
		value_release(&value->array->value);
		break;
	case VALUE_ARRAY:
		array_destroy(as_array(value));
		return;
	default:
		break;
	}
	pool_give(&value->session->value_pool, value);
}

struct value *value_none(struct session *s)
{
	return value_new(s, VALUE_NONE);
}

struct value *value_bool(struct session *s, bool yes)
{
	struct value *value = value_new(s, VALUE_BOOL);
	if (value)
		value->integer = yes;
	return value;
}

struct value *value_unsure_bool(struct session *s)
{
	struct value *value = value_new(s, VALUE_BOOL);
	if (value)
		value->certain = false;
	return value;
}

struct value *value_int(struct session *s, int64_t integer)
{
	struct value *value = value_new(s, VALUE_INT);
	if (value)
		value->integer = integer;
	return value;
}

struct value *value_float(struct session *s, double real)
{
	struct value *value = value_new(s, VALUE_FLOAT);
	if (value)
		value->real = real;
	return value;
}

struct value *value_str(struct session *s, const char *text, size_t length)
{
	struct value *value = value_new(s, VALUE_STR);
	if (!value)
		return NULL;
	value->str.text = malloc(length + 1);
	if (!value->str.text) {
		pool_give(&s->value_pool, value);
		return no_memory(s);
	}
	memcpy(value->str.text, text, length);
	value->str.text[length] = '\0';
	value->str.length = length;
	return value;
}

struct value *value_dtype(struct session *s, enum dtype dtype)
{
	struct value *value = value_new(s, VALUE_DTYPE);
	if (value)
		value->dtype = dtype;
	return value;
}

struct value *value_scalar(struct session *s, enum dtype dtype)
{
	struct value *value = value_new(s, VALUE_SCALAR);
	if (value) {
		value->dtype = dtype;
		value->certain = false;
	}
	return value;
}

struct value *value_unknown(struct session *s)
{
	return value_new(s, VALUE_UNKNOWN);
}

bool value_is_sequence(const struct value *value)
{
	return value->kind == VALUE_TUPLE || value->kind == VALUE_LIST;
}

/* x = [x] or x = [x, x], again and again: what would take its time, and the stack, to go through. */
static bool is_too_deep(struct value *const *items, size_t count, uint32_t *out_depth, uint32_t *out_parts)
{
	uint64_t parts = 1, depth = 0;
	for (size_t i = 0; i < count; i++) {
		bool is_nested = items[i] && value_is_sequence(items[i]);
		parts += is_nested ? items[i]->seq.parts : 1;
		depth = is_nested && items[i]->seq.depth > depth ? items[i]->seq.depth : depth;
	}
	*out_depth = (uint32_t)depth + 1;
	*out_parts = (uint32_t)(parts < UINT32_MAX ? parts : UINT32_MAX);
	return depth > 0 && (depth >= INSPECT_MOST_NESTING || parts > MOST_PARTS);
}

struct value *value_sequence(struct session *s, enum value_kind kind, struct value *const *items, size_t count)
{
	uint32_t depth, parts;
	if (is_too_deep(items, count, &depth, &parts)) {
		for (size_t i = 0; i < count; i++)
			value_release(items[i]);
		return unfollowed_at(s, s->at, "a list nested deeper than %d levels, or of more than %d parts, is not followed", INSPECT_MOST_NESTING, MOST_PARTS);
	}
	if ((s->items += count) > MOST_ITEMS) {
		for (size_t i = 0; i < count; i++)
			value_release(items[i]);
		return unfollowed_at(s, s->at, "lists of more than %d items in all are not followed", MOST_ITEMS);
	}
	struct value *value = value_new(s, kind);
	struct value **copy = value ? new_items(s, count) : NULL;

	if (!copy) {
		for (size_t i = 0; i < count; i++)
			value_release(items[i]);
		if (value)
			pool_give(&s->value_pool, value);
		return s->failed ? NULL : no_memory(s);
	}
	if (count > 0)
		memcpy(copy, items, count * sizeof *copy);
	value->seq.item = copy;
	value->seq.count = count;
	value->seq.depth = depth;
	value->seq.parts = parts;
	for (size_t i = 0; i < count; i++)
		if (!copy[i]) {
			value_release(value);
			return NULL;
		}
	return value;
}

struct value *value_tuple_of_sizes(struct session *s, int count, const ptrdiff_t *sizes)
{
	struct value *items[ND_GEOM_MAXDIMS];

	for (int k = 0; k < count; k++)
		items[k] = value_int(s, sizes[k]);
	return value_sequence(s, VALUE_TUPLE, items, (size_t)count);
}

struct value *value_function(struct session *s, const struct builtin *builtin, struct value *self)
{
	struct value *value = value_new(s, VALUE_FUNCTION);
	if (value) {
		value->function.builtin = builtin;
		value->function.self = value_ref(self);
	}
	return value;
}

struct value *value_module(struct session *s, const char *module)
{
	struct value *value = value_new(s, VALUE_MODULE);
	if (value)
		value->module = module;
	return value;
}

bool value_is_number(const struct value *value)
{
	return value->kind == VALUE_INT || value->kind == VALUE_BOOL || (value->kind == VALUE_SCALAR && (dtype_is_integer(value->dtype) || value->dtype == DT_BOOL));
}

/* The shortest digits that read back as the same number, as Python's repr() has them. */
static void print_float(double real, struct text *out)
{
	char digits[40];

	if (isnan(real) || isinf(real)) {
		text_add(out, isnan(real) ? "nan" : real < 0 ? "-inf" : "inf");
		return;
	}
	for (int precision = 1; precision <= 17; precision++) {
		snprintf(digits, sizeof digits, "%.*e", precision - 1, real);
		if (strtod(digits, NULL) == real)
			break;
	}
	char *e = strchr(digits, 'e');
	int exponent = atoi(e + 1);
	*e = '\0';
	if (exponent < -4 || exponent >= 16) {
		text_addf(out, "%se%c%02d", digits, exponent < 0 ? '-' : '+', abs(exponent));
		return;
	}
	int places = (int)strlen(digits) - (strchr(digits, '.') ? 1 : 0) - (digits[0] == '-') - 1 - exponent;
	text_addf(out, "%.*f", places > 1 ? places : 1, real);
}

static bool print_item(const struct value *value, struct text *out, bool inside)
{
	bool known = value->certain;

	if (out->length > MOST_PRINTED)
		return false;

	switch (value->kind) {
	case VALUE_NONE:
		text_add(out, "None");
		return true;
	case VALUE_BOOL:
		text_add(out, !known ? "<bool>" : value->integer ? "True" : "False");
		return known;
	case VALUE_INT:
		if (known)
			text_addf(out, "%lld", (long long)value->integer);
		else
			text_addf(out, value->integer == INT64_MAX ? "<int>" : "0..%lld", (long long)value->integer);
		return known;
	case VALUE_FLOAT:
		if (known)
			print_float(value->real, out);
		else
			text_add(out, "<float>");
		return known;
	case VALUE_STR:
		/* Of a text that is known in part, what is not known stands in it as a word. */
		if (!known && value->str.length == 0)
			text_add(out, "<str>");
		else
			text_addf(out, inside ? "'%s'" : "%s", value->str.text);
		return known;
	case VALUE_TUPLE:
	case VALUE_LIST:
		text_add(out, value->kind == VALUE_TUPLE ? "(" : "[");
		for (size_t i = 0; i < value->seq.count; i++) {
			if (i > 0)
				text_add(out, ", ");
			if (out->length > MOST_PRINTED) {
				text_add(out, "...");
				known = false;
				break;
			}
			known = print_item(value->seq.item[i], out, true) && known;
		}
		text_add(out, value->kind == VALUE_LIST ? "]" : value->seq.count == 1 ? ",)" : ")");
		return known;
	case VALUE_DTYPE:
		text_addf(out, inside ? "dtype('%s')" : "%s", dtype_name(value->dtype));
		return true;
	case VALUE_SCALAR:
		text_addf(out, "<%s>", dtype_name(value->dtype));
		return false;
	case VALUE_ELLIPSIS:
		text_add(out, "Ellipsis");
		return true;
	case VALUE_ARRAY:
		text_addf(out, "<array of shape %s, %s>", array_shape_text((const struct array *)value), dtype_name(((const struct array *)value)->dtype));
		return false;
	case VALUE_FLAGS: {
		const struct array *a = value->array;
		bool c = nd_geom_c_contiguous(a->geom), f = nd_geom_f_contiguous(a->geom);
		text_addf(out, "  C_CONTIGUOUS : %s\n  F_CONTIGUOUS : %s\n  OWNDATA : %s\n  WRITEABLE : %s\n  ALIGNED : True\n  WRITEBACKIFCOPY : False\n", c ? "True" : "False",
		          f ? "True" : "False", a->owndata ? "True" : "False", a->writeable ? "True" : "False");
		return true;
	}
	default:
		text_addf(out, "<%s>", value_words(value));
		return false;
	}
}

bool value_print(const struct value *value, struct text *out)
{
	return print_item(value, out, false);
}

const char *value_words(const struct value *value)
{
	static const char *const words[] = {
		[VALUE_NONE] = "None", [VALUE_BOOL] = "a bool", [VALUE_INT] = "an int", [VALUE_FLOAT] = "a float", [VALUE_COMPLEX] = "a complex number", [VALUE_STR] = "a string",
		[VALUE_TUPLE] = "a tuple", [VALUE_LIST] = "a list", [VALUE_SLICE] = "a slice", [VALUE_ELLIPSIS] = "an ellipsis", [VALUE_DTYPE] = "a dtype",
		[VALUE_SCALAR] = "a NumPy scalar", [VALUE_ARRAY] = "an array", [VALUE_FLAGS] = "flags", [VALUE_STAND_IN] = "a DummyArray", [VALUE_MODULE] = "a module",
		[VALUE_FUNCTION] = "a function", [VALUE_GENERATOR] = "a random generator", [VALUE_UNKNOWN] = "unknown",
	};
	return words[value->kind];
}
