/* SPDX-License-Identifier: MIT */
/* What a statement made, and of what: worked out from its steps and from whose bytes the result has. */
#include "inspect/explain.h"

#include <string.h>

static const struct inspect_step *last_step(const struct inspect_statement *told)
{
	return told->nsteps > 0 && told->steps ? &told->steps[told->nsteps - 1] : NULL;
}

/* The array that a name has now, if it is one. */
static struct array *array_named(struct session *s, const char *name)
{
	const struct name_entry *entry = name ? names_find(&s->names, name, strlen(name)) : NULL;
	return entry && entry->value && entry->value->kind == VALUE_ARRAY ? as_array(entry->value) : NULL;
}

void explain_statement(struct session *s, struct inspect_statement *told, struct value *value)
{
	const size_t nsteps = told->steps ? told->nsteps : 0;
	const struct inspect_step *last = last_step(told), *decisive = last;
	struct array *a = value && value->kind == VALUE_ARRAY ? as_array(value) : NULL;

	if (!value) {
		told->kind = STEP_NONE;
		return;
	}
	if (value->kind == VALUE_UNKNOWN) {
		told->kind = STEP_UNKNOWN;
		return;
	}
	if (!a) {
		/* In place: an assignment into an array, r[0] = x * 2. */
		told->kind = last && last->kind == STEP_INPLACE ? STEP_INPLACE : value->kind == VALUE_NONE ? STEP_NONE : STEP_SCALAR;
		told->why = last ? last->why : NULL;
		told->of = told->kind == STEP_INPLACE ? last->of : NULL;
		return;
	}
	if (last && last->kind == STEP_INPLACE && !(last->of && strcmp(last->of, "a temporary") == 0)) {
		told->kind = STEP_INPLACE;
		told->of = last->of;
		told->why = last->why;
		return;
	}
	const char *source = NULL;
	bool fresh = a->statement == s->statement && s->statement >= 0;
	if (!fresh) {
		/* The bytes were there before. */
		told->kind = last && last->kind == STEP_VIEW ? STEP_VIEW : STEP_SAME;
		for (size_t i = nsteps; i-- > 0;)
			if (told->steps[i].kind == STEP_VIEW || told->steps[i].kind == STEP_SAME) {
				decisive = &told->steps[i];
				break;
			}
		/* x[::2].real of a real x: the same object as the view that was made before. */
		if (last && last->kind == STEP_SAME)
			for (size_t i = 0; i < nsteps; i++)
				if (told->steps[i].kind == STEP_VIEW && (a->origin || told->steps[i].array == last->array)) {
					told->kind = STEP_VIEW;
					decisive = &told->steps[i];
				}
		/* A view that has a name of its own already is the same object again. */
		if (last && last->kind == STEP_SAME && a->name && told->kind == STEP_VIEW && (!told->target || strcmp(a->name, told->target) != 0) && array_named(s, a->name) == a)
			told->kind = STEP_SAME;
		source = told->kind == STEP_VIEW ? a->origin : a->name && (!told->target || strcmp(a->name, told->target) != 0) ? a->name : a->origin;
	} else {
		told->kind = STEP_NEW;
		for (size_t i = 0; i < nsteps; i++)
			if (told->steps[i].kind == STEP_COPY) {
				told->kind = STEP_COPY;
				decisive = &told->steps[i];
			}
		/* What was computed last is new, whatever was copied on the way. */
		for (size_t i = nsteps; i-- > 0;) {
			if (told->steps[i].kind == STEP_NEW && told->kind == STEP_COPY && decisive < &told->steps[i]) {
				told->kind = STEP_NEW;
				decisive = &told->steps[i];
			}
			if (told->steps[i].kind == STEP_NEW && told->kind == STEP_NEW) {
				decisive = &told->steps[i];
				break;
			}
		}
		if (told->kind == STEP_COPY) {
			/* Of a named array: the nearest one that the statement began with. */
			source = decisive->of;
			if (!array_named(s, source))
				for (size_t i = 0; i < nsteps; i++)
					if (told->steps[i].kind == STEP_SAME && told->steps[i].of && &told->steps[i] < decisive) {
						source = told->steps[i].of;
						break;
					}
		}
	}
	told->of = source;
	told->why = decisive ? decisive->why : NULL;
	struct array *src = array_named(s, source);
	/* The name may be deleted, or another array's by now, and then nothing is a view of that; or this very statement bound it anew: then what it was is gone. */
	if (told->kind != STEP_COPY && source && (!src || src->buffer != a->buffer))
		told->of = NULL;
	if (src == a || !told->of)
		src = NULL;
	if (told->kind == STEP_NEW)
		return;
	told->array = describe_array(s, a);
	if (src) {
		told->source_array = describe_array(s, src);
		told->base_is_source = !a->stand_in && a->base == src;
	}
	/* A copy is explained by the order in which its source's bytes have to be visited. */
	if (told->kind == STEP_VIEW)
		told->walked = told->array;
	else if (decisive && decisive > told->steps && decisive->surprising)
		told->walked = decisive[-1].array;
}

/* Has the name's array the very elements that are told of? */
static bool is_still(const struct array *array, const struct inspect_array *told)
{
	if (!array || array->buffer->id != told->buffer || array->geom->offset != told->offset_bytes || array->geom->ndim != told->ndim)
		return false;
	for (int k = 0; k < told->ndim; k++)
		if (array->geom->shape[k] != told->shape[k] || array->geom->strides[k] != told->strides[k])
			return false;
	return true;
}

void explain_later(struct session *s)
{
	for (size_t i = 0; i < s->result.nstatements; i++) {
		/* The session's own: only its readers may not change it. */
		struct inspect_statement *told = (struct inspect_statement *)s->result.statements[i];
		told->source_was = told->source_array && !is_still(array_named(s, told->of), told->source_array);
	}
}
