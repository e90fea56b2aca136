/* SPDX-License-Identifier: MIT */
/* Assignments, in place and into parts of arrays, and what else a line can be. */

#include "inspect/calls.h"

#include "nd/overlap.h"

#include <string.h>

static bool assign(struct session *s, const struct node *target, struct value *value, const struct node *value_node);

/* a, b = ...: from a tuple, or from an array's first axis. */
static bool assign_items(struct session *s, const struct node *targets, struct value *value)
{
	size_t count = 0, at = 0;
	bool starred = false;

	for (const struct node *target = targets->a; target; target = target->next) {
		count++;
		starred = starred || target->kind == NODE_STAR;
	}
	if (value->kind == VALUE_UNKNOWN || starred) {
		if (value->kind != VALUE_UNKNOWN)
			value_release(unfollowed_at(s, targets, "a starred target is not followed"));
		struct value *unknown = value_unknown(s);
		bool ok = unknown != NULL;
		for (const struct node *target = targets->a; ok && target; target = target->next)
			ok = assign(s, target->kind == NODE_STAR ? target->a : target, unknown, NULL);
		value_release(unknown);
		return ok;
	}
	size_t have;
	if (value->kind == VALUE_TUPLE || value->kind == VALUE_LIST)
		have = value->seq.count;
	else if (value->kind == VALUE_ARRAY && as_array(value)->geom->ndim > 0)
		have = (size_t)as_array(value)->geom->shape[0];
	else
		return raise_at(s, targets, "TypeError", "%s cannot be taken apart into %zu names", value_words(value), count), false;
	/* How many there are depends on data. */
	if (value->kind == VALUE_ARRAY && as_array(value)->at_most & 1) {
		for (const struct node *target = targets->a; target; target = target->next) {
			struct value *unknown = unfollowed_at(s, targets, "how many values %s has depends on data", array_shape_text(as_array(value)));
			bool ok = unknown && assign(s, target, unknown, NULL);
			value_release(unknown);
			if (!ok)
				return false;
		}
		return true;
	}
	if (have != count)
		return raise_at(s, targets, "ValueError", "%zu values for %zu names", have, count), false;
	for (const struct node *target = targets->a; target; target = target->next, at++) {
		struct value *item;
		if (value->kind == VALUE_ARRAY) {
			struct value *index = value_int(s, (int64_t)at);
			item = index ? subscript_get(s, targets, value, index) : NULL;
			value_release(index);
		} else {
			item = value_ref(value->seq.item[at]);
		}
		bool ok = item && assign(s, target, item, NULL);
		value_release(item);
		if (!ok)
			return false;
	}
	return true;
}

static bool assign(struct session *s, const struct node *target, struct value *value, const struct node *value_node)
{
	struct value *object, *index;
	bool ok = false;

	switch ((enum node_kind)target->kind) {
	case NODE_NAME:
		return names_set(s, s->text + target->start, target->end - target->start, value_ref(value)) != NULL;
	case NODE_TUPLE:
	case NODE_LIST:
		return assign_items(s, target, value);
	case NODE_INDEX:
		object = evaluate(s, target->a);
		index = object ? evaluate_index(s, target->b) : NULL;
		if (index) {
			s->at = target;
			s->tale = (struct tale){ 0 };
			bool is_known = object->kind != VALUE_UNKNOWN && index->kind != VALUE_UNKNOWN, is_set = is_known && subscript_set(s, target, object, index, value, value_node);
			if (is_set && object->kind == VALUE_ARRAY)
				step_add(s, target, target->start, object);
			ok = !s->failed;
		}
		value_release(index);
		value_release(object);
		return ok;
	case NODE_ATTRIBUTE:
		object = evaluate(s, target->a);
		if (!object)
			return false;
		s->at = target;
		s->tale = (struct tale){ 0 };
		ok = object->kind == VALUE_UNKNOWN || attribute_set(s, target, object, value) || !s->failed;
		value_release(object);
		return ok;
	default:
		value_release(unfollowed_at(s, target, "this target is not followed"));
		return true;
	}
}

/* x += y: in place where x is an array, else x = x + y. */
static struct value *augment(struct session *s, const struct statement *statement)
{
	const struct node *target = statement->targets;
	struct value *object = NULL, *index = NULL, *old, *operand, *result = NULL;

	if (target->kind == NODE_INDEX) {
		object = evaluate(s, target->a);
		index = object ? evaluate_index(s, target->b) : NULL;
		if (!index) {
			value_release(object);
			return NULL;
		}
		s->tale = (struct tale){ 0 };
		old = object->kind == VALUE_UNKNOWN || index->kind == VALUE_UNKNOWN ? value_unknown(s) : subscript_get(s, target, object, index);
		if (!old && !s->failed)
			old = value_unknown(s);
		if (old)
			step_add(s, target, target->start, old);
	} else {
		old = evaluate(s, target);
	}
	operand = old ? evaluate(s, statement->value) : NULL;
	if (operand) {
		struct node whole = *target;
		whole.text_start = target->outer_start;
		whole.end = statement->end;
		whole.a = (struct node *)target;
		whole.b = statement->value;
		whole.kind = NODE_BINARY;
		whole.op = statement->op;
		s->at = &whole;
		s->tale = (struct tale){ 0 };
		if (old->kind == VALUE_UNKNOWN || operand->kind == VALUE_UNKNOWN) {
			result = value_unknown(s);
		} else if (old->kind == VALUE_ARRAY && statement->op != '@') {
			struct value *in[2] = { old, operand };
			if (operand->kind == VALUE_NONE)
				result = raise_at(s, &whole, "TypeError", "None is no operand");
			else
				result = ufunc_call(s, &whole, ufunc_of_operator(statement->op), in, 2, old, NULL, true);
			/* Told by the name that the program uses here: an array's first one may be another's by now. */
			const struct node *root = target;
			while (root->kind == NODE_INDEX || root->kind == NODE_ATTRIBUTE)
				root = root->a;
			const struct name_entry *entry = root->kind == NODE_NAME ? names_find(&s->names, s->text + root->start, root->end - root->start) : NULL;
			if (s->tale.kind == STEP_INPLACE && entry && entry->value && entry->value->kind == VALUE_ARRAY && as_array(entry->value)->buffer == as_array(old)->buffer)
				s->tale.of = entry->name;
		} else {
			result = binary_operation(s, &whole, statement->op, old, operand);
		}
		if (result)
			step_add(s, &whole, whole.start, result);
		/* The element is put back where it came from, and a basic index's view is there already. */
		if (result && target->kind == NODE_INDEX && object && index && object->kind == VALUE_ARRAY && index->kind != VALUE_UNKNOWN && result->kind != VALUE_UNKNOWN) {
			const bool is_there = old->kind == VALUE_ARRAY && as_array(old)->buffer == as_array(object)->buffer;
			s->tale = (struct tale){ 0 };
			if (!subscript_set(s, target, object, index, result, NULL) && s->failed) {
				value_release(result);
				result = NULL;
			} else if (!is_there) {
				step_add(s, target, target->start, object);
			}
			s->tale = (struct tale){ 0 };
			s->step_allocated = s->step_hidden = 0;
		} else if (result && target->kind == NODE_NAME) {
			if (!names_set(s, s->text + target->start, target->end - target->start, value_ref(result))) {
				value_release(result);
				result = NULL;
			}
		}
		s->at = target;
	}
	value_release(operand);
	value_release(old);
	value_release(index);
	value_release(object);
	return result;
}

static bool delete(struct session *s, const struct node *target)
{
	if (target->kind == NODE_TUPLE || target->kind == NODE_LIST) {
		for (const struct node *item = target->a; item; item = item->next)
			if (!delete(s, item))
				return false;
		return true;
	}
	if (target->kind != NODE_NAME) {
		value_release(unfollowed_at(s, target, "del of a part is not followed"));
		return true;
	}
	const char *name = s->text + target->start;
	size_t length = target->end - target->start;
	struct name_entry *entry = names_find(&s->names, name, length);
	if (!entry || !entry->value)
		return raise_at(s, target, "NameError", "name '%.*s' is not defined", (int)(length < 80 ? length : 80), name), false;
	value_release(entry->value);
	entry->value = NULL;
	return true;
}

static bool is_word(const char *text, size_t length, const char *word)
{
	return strlen(word) == length && memcmp(word, text, length) == 0;
}

/* What a name means that comes from NumPy. */
static struct value *from_numpy(struct session *s, const char *name, size_t length)
{
	static const char *const modules[] = { "numpy", "np", "stride_tricks", "lib", "core" };
	const struct builtin *builtin = builtin_find(name, length, IN_NUMPY);
	enum dtype dtype = length > 2 ? dtype_parse(name, length) : DT_NONE;

	for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++)
		if (is_word(name, length, modules[i]))
			return value_module(s, "numpy");
	if (is_word(name, length, "random"))
		return value_module(s, "numpy.random");
	if (is_word(name, length, "linalg"))
		return value_module(s, "numpy.linalg");
	if (builtin)
		return value_function(s, builtin, NULL);
	return dtype != DT_NONE ? value_dtype(s, dtype) : value_unknown(s);
}

/* Of another module: math is known in part, and what comes from all others is not, which is said once it is used. */
static struct value *from_elsewhere(struct session *s, const struct node *pair, const char *name, size_t length)
{
	const struct node *root = pair->a;
	bool is_math = is_word(s->text + root->start, root->end - root->start, "math");
	const struct builtin *builtin = is_math ? builtin_find(name, length, IN_MATH) : NULL;

	if (builtin)
		return value_function(s, builtin, NULL);
	if (is_math && (is_word(name, length, "math") || is_word(name, length, "pi")))
		return length == 4 ? value_module(s, "math") : value_float(s, 3.141592653589793);
	struct value *value = value_unknown(s);
	if (value)
		value->certain = false;
	return value;
}

/* from numpy import *: its functions are known without a prefix as it is. */
static bool import_all(struct session *s, bool is_numpy)
{
	static const char *const modules[] = { "random", "linalg" };

	for (size_t i = 0; is_numpy && i < sizeof modules / sizeof modules[0]; i++)
		if (!names_set(s, modules[i], strlen(modules[i]), from_numpy(s, modules[i], strlen(modules[i]))))
			return false;
	return true;
}

static bool import(struct session *s, const struct statement *statement)
{
	for (const struct node *pair = statement->targets; pair; pair = pair->next) {
		const char *there = s->text + pair->name_start, *root = s->text + pair->a->start;
		size_t length = pair->name_end - pair->name_start;
		bool is_numpy = is_word(root, pair->a->end - pair->a->start, "numpy") || is_word(root, pair->a->end - pair->a->start, "np");
		if (is_word(there, length, "*")) {
			if (!import_all(s, is_numpy))
				return false;
			continue;
		}
		struct value *value = is_numpy ? from_numpy(s, there, length) : from_elsewhere(s, pair, there, length);
		if (!value || !names_set(s, s->text + pair->start, pair->end - pair->start, value))
			return false;
	}
	return true;
}

/* Is what was read just before the last step an operand that x op= operand reads where it lies? Not where it shares bytes with x otherwise than exactly: it is copied first. */
static bool reads_in_place(struct session *s, const struct node *operand, const struct array *x)
{
	const struct name_entry *entry;
	const struct inspect_array *last = s->steps.count > 1 ? s->steps.item[s->steps.count - 2].array : NULL;

	switch ((enum node_kind)operand->kind) {
	case NODE_INT:
	case NODE_FLOAT:
	case NODE_CONSTANT:
	case NODE_TUPLE:
	case NODE_LIST:
	case NODE_UNARY: /* these three compute, into bytes of their own */
	case NODE_BINARY:
	case NODE_COMPARE:
		return true;
	case NODE_NAME:
		entry = names_find(&s->names, s->text + operand->start, operand->end - operand->start);
		return entry && entry->value && (entry->value->kind != VALUE_ARRAY || as_array(entry->value)->buffer != x->buffer || as_array(entry->value)->geom == x->geom);
	case NODE_INDEX:
	case NODE_ATTRIBUTE:
	case NODE_CALL:
		if (!last || last->buffer != x->buffer->id)
			return true;
		for (int k = 0; k < last->ndim && last->ndim == x->geom->ndim; k++)
			if (last->shape[k] != x->geom->shape[k] || last->strides[k] != x->geom->strides[k])
				return false;
		return last->ndim == x->geom->ndim && last->offset_bytes == x->geom->offset;
	default:
		return false;
	}
}

/* May its bytes be written over without anybody else's noticing? Only the name refers to it, and only it to the array that owns them. */
static bool is_its_own(const struct array *array)
{
	return array->writeable && array->value.refs == 1 && (!array->base || (array->base->value.refs == 1 && !array->stand_in)) && nd_geom_overlaps_itself(array->geom, 1) == ND_SHARES_NO;
}

/* x = x * 2.0: a new array of the old one's shape and type takes its place. What would do without it. */
static void tell_in_place(struct session *s, const struct statement *statement, struct value *value)
{
	const struct node *target = statement->targets, *right = statement->value;

	/* NumPy has no @= before 1.25. */
	if (s->hidden || s->steps.count == 0 || target->next || target->kind != NODE_NAME || right->kind != NODE_BINARY || right->op == '@' || right->a->kind != NODE_NAME || value->kind != VALUE_ARRAY)
		return;
	size_t length = target->end - target->start;
	if (right->a->end - right->a->start != length || memcmp(s->text + target->start, s->text + right->a->start, length) != 0)
		return;
	const struct name_entry *entry = names_find(&s->names, s->text + target->start, length);
	const struct array *old = entry && entry->value && entry->value->kind == VALUE_ARRAY ? as_array(entry->value) : NULL, *new = as_array(value);
	struct inspect_step *step = &s->steps.item[s->steps.count - 1];
	if (!old || old == new || old->dtype != new->dtype || step->kind != STEP_NEW || old->geom->ndim != new->geom->ndim ||
	    memcmp(old->geom->shape, new->geom->shape, (size_t)old->geom->ndim * sizeof old->geom->shape[0]) != 0)
		return;
	const char *operand = node_text(s, right->b);
	if (!is_its_own(old) || !reads_in_place(s, right->b, old) || !text_to_follow(s, operand))
		return;
	const char op[] = { (char)(right->op & 0xff), (char)(right->op >> 8 & 0xff), 0 };
	step->avoid = say(s, "%s %s= %s writes over %s, without an array for the result", entry->name, op, operand, entry->name);
	step->lesson = "inplace";
}

/* What an expression came to, where no step has said so: a.strides, len(a), n. */
static void tell_value(struct session *s, const struct node *node, struct value *value)
{
	const struct inspect_step *last = s->steps.count > 0 ? &s->steps.item[s->steps.count - 1] : NULL;

	if (value->kind == VALUE_ARRAY || value->kind == VALUE_NONE || value->kind == VALUE_UNKNOWN || s->hidden)
		return;
	/* A string by itself is a comment, and a long list is nothing to show. */
	if ((last && last->kind == STEP_SCALAR) || node->kind == NODE_STRING || (value_is_sequence(value) && value->seq.parts > SHOWN_PARTS))
		return;
	struct text text = { 0 };
	const bool is_known = value_print(value, &text);
	text_release(&text);
	if (!is_known)
		return;
	s->tale = (struct tale){ .kind = STEP_SCALAR };
	step_add(s, node, node->start, value);
}

bool statement_follow(struct session *s, const struct statement *statement, const char **out_target, struct value **out_value)
{
	switch (statement->kind) {
	case STATEMENT_EXPRESSION:
		*out_value = evaluate(s, statement->value);
		if (*out_value)
			tell_value(s, statement->value, *out_value);
		return *out_value != NULL;
	case STATEMENT_ASSIGN:
		*out_value = evaluate(s, statement->value);
		if (!*out_value)
			return false;
		tell_in_place(s, statement, *out_value);
		/* What is written into an array is told by the writing. */
		if (statement->targets->kind != NODE_INDEX && statement->targets->kind != NODE_ATTRIBUTE)
			tell_value(s, statement->value, *out_value);
		for (const struct node *node = statement->targets; node; node = node->next) {
			if (!assign(s, node, *out_value, statement->value))
				return false;
			if (!s->hidden && *out_target)
				*out_target = arena_join(&s->results, *out_target, " = ", node_text(s, node), NULL);
			else if (!s->hidden)
				*out_target = node_text(s, node);
		}
		/* r[0] = x: what the statement is about is r, which was written to. */
		return true;
	case STATEMENT_AUGMENTED:
		if (!s->hidden)
			*out_target = node_text(s, statement->targets);
		*out_value = augment(s, statement);
		return *out_value != NULL;
	case STATEMENT_DELETE:
		return delete(s, statement->targets);
	case STATEMENT_IMPORT:
		return import(s, statement);
	default:
		return true;
	}
}
