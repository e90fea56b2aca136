/* SPDX-License-Identifier: MIT */
/*
 * The words about a statement: what its result is of, in which order its bytes are visited, what NumPy's own tests answer and where they mislead.
 */
#include "inspect/explain.h"

#include "base/units.h"

#include <string.h>

/* Beyond so many statements nobody reads the walk of each. */
enum { WALK_GROUPS = 4, WALK_MOST = 16, TELL_AT_LENGTH = 1000 };

const char *explain_what(struct session *s, const struct inspect_step *step)
{
	switch (step->kind) {
	case STEP_SAME:
		return step->of ? arena_join(&s->results, "same object as ", step->of, NULL) : "same object";
	case STEP_VIEW:
		return step->of ? arena_join(&s->results, "view of ", step->of, NULL) : "views";
	case STEP_COPY:
		return step->of ? arena_join(&s->results, "copy of ", step->of, NULL) : "copy";
	case STEP_NEW:
		return "new";
	case STEP_SCALAR:
		return "a number";
	case STEP_INPLACE:
		return step->of ? arena_join(&s->results, "in place, into ", step->of, NULL) : "in place";
	case STEP_UNKNOWN:
		return "not followed";
	case STEP_NONE:
		break;
	}
	return NULL;
}

/* ---- the walk through the bytes ---- */

/* The byte offsets in the order of the array's elements, a bar between rows, the first few. */
static void explain_walk(struct session *s, struct inspect_statement *told, const struct nd_geom *geom)
{
	ptrdiff_t size = nd_geom_size(geom), index[ND_GEOM_MAXDIMS] = { 0 }, last = 0;
	struct text walk = { 0 }, steps = { 0 };
	int rows = 0;

	if (size < 2 || geom->ndim == 0)
		return;
	for (int n = 0; n < WALK_MOST && n < size; n++) {
		ptrdiff_t at = nd_geom_at(geom, index);
		bool new_row = n > 0 && geom->ndim > 1 && index[geom->ndim - 1] == 0;
		if (new_row && ++rows == WALK_GROUPS) {
			break;
		}
		text_addf(&walk, "%s%s%td", n ? " " : "", new_row ? "| " : "", at);
		if (n > 0 && n <= 6)
			text_addf(&steps, "%s%+td", n > 1 ? " " : "", at - last);
		last = at;
		if (n + 1 == WALK_MOST && size > WALK_MOST)
			text_add(&walk, " ...");
		for (int k = geom->ndim - 1; k >= 0; k--) {
			if (++index[k] < geom->shape[k])
				break;
			index[k] = 0;
		}
	}
	if (rows == WALK_GROUPS)
		text_add(&walk, " ...");
	if (size > 7)
		text_add(&steps, " ...");
	told->walk = arena_text(&s->results, text_string(&walk), walk.length);
	told->steps_between = arena_text(&s->results, text_string(&steps), steps.length);
	text_release(&walk);
	text_release(&steps);
}

/* ---- NumPy's own tests ---- */

static const char *yes(bool answer)
{
	return answer ? "True" : "False";
}

static void add_test(struct inspect_statement *told, const char *test, const char *answer, bool says_view, bool is_view, const char *remark)
{
	told->tests[told->ntests++] = (struct inspect_test){ .test = test, .answer = answer, .says = says_view ? "view" : "copy", .wrong = says_view != is_view, .remark = remark };
}

/* is_view: the result lies in the bytes of `source`, which was there before. */
static void explain_tests(struct session *s, struct inspect_statement *told, const struct array *a, const char *source, bool is_view, const struct array *src)
{
	const char *b = told->target ? told->target : "result";
	bool owndata = a->owndata, base_none = a->base == NULL, base_is = src && !a->stand_in && a->base == src;

	add_test(told, arena_join(&s->results, b, ".flags.owndata", NULL), yes(owndata), !owndata, is_view, owndata ? NULL : is_view ? NULL : arena_join(&s->results, b, " looks into a hidden ", told->kind == STEP_COPY ? "copy" : "array", NULL));
	add_test(told, arena_join(&s->results, b, ".base is None", NULL), yes(base_none), !base_none, is_view, base_none || is_view ? NULL : arena_join(&s->results, b, ".base is that hidden ", told->kind == STEP_COPY ? "copy" : "array", NULL));
	if (!source)
		return;
	add_test(told, arena_join(&s->results, b, ".base is ", source, NULL), yes(base_is), base_is, is_view,
	         base_is == is_view ? NULL : a->stand_in ? "its base is a stand-in object (DummyArray)" : src && !src->owndata ? arena_join(&s->results, source, " is itself a view, so the base is the array that owns the bytes", NULL) : NULL);
	bool shares = is_view && nd_geom_size(&a->geom) > 0;
	add_test(told, arena_join(&s->results, "shares_memory(", source, ", ", b, ")", NULL), yes(shares), shares, is_view, shares || !is_view ? shares ? NULL : "no byte is in both" : "an array without elements shares no byte");
}

/* ---- costs and consequences ---- */

static void explain_cost(struct session *s, struct inspect_statement *told, const struct array *a, const char *source, const struct array *src)
{
	char bytes[UNITS_TEXT], large[UNITS_TEXT];
	int64_t nbytes = nd_geom_nbytes(&a->geom);

	if (told->kind == STEP_VIEW) {
		units_bytes((double)a->buffer->nbytes, bytes);
		if (a->buffer->nbytes > nbytes)
			told->cost = say(s, "0 B now; but as long as it lives it keeps all %s of the buffer, of which it shows %s", bytes, bytes_text(nbytes));
		else
			told->cost = say(s, "0 B, whatever the size");
		return;
	}
	if (told->kind != STEP_COPY || !src || nbytes <= 0)
		return;
	int64_t source_bytes = nd_geom_nbytes(&src->geom);
	units_bytes((double)nbytes, bytes);
	if (nbytes == source_bytes && source_bytes < 1000000) {
		double times = 80e6 / (double)source_bytes;
		if (source_bytes == 96)
			told->cost = arena_join(&s->results, "as large as ", source, ": ", bytes, " here, 80 MB if ", source, " were (2500, 4000)", NULL);
		else
			told->cost = say(s, "as large as %s: %s here, %s if %s were %.0f times as large", source, bytes, units_bytes((double)nbytes * times, large), source, times);
	} else if (nbytes == source_bytes) {
		told->cost = arena_join(&s->results, "as large as ", source, ": ", bytes, NULL);
	} else {
		told->cost = say(s, "%s, %.3g times %s", bytes, (double)nbytes / (double)(source_bytes ? source_bytes : 1), source);
	}
}

static const char *first_element(struct session *s, int ndim)
{
	struct text text = { 0 };
	for (int k = 0; k < ndim; k++)
		text_add(&text, k ? ", 0" : "0");
	const char *out = arena_text(&s->results, text_string(&text), text.length);
	text_release(&text);
	return out;
}

static void explain_so(struct session *s, struct inspect_statement *told, const struct array *a, const char *source)
{
	const char *b = told->target ? told->target : "it";

	if (!source || nd_geom_size(&a->geom) == 0 || !told->target)
		return;
	const char *at = first_element(s, a->geom.ndim);
	if (told->kind == STEP_COPY)
		told->so = arena_join(&s->results, b, "[", at, "] = 99 does not change ", source, NULL);
	else if (told->kind == STEP_SAME)
		told->so = arena_join(&s->results, b, " and ", source, " are two names of one array", NULL);
	else if (told->kind == STEP_VIEW && !a->writeable)
		told->so = arena_join(&s->results, b, "[", at, "] = 99 is refused: the view is read-only", NULL);
	else if (told->kind == STEP_VIEW)
		told->so = arena_join(&s->results, b, "[", at, "] = 99 changes ", source, " too", NULL);
}

/* Does `text` end with `tail`? */
static bool ends_with(const char *text, const char *tail)
{
	size_t n = strlen(text), m = strlen(tail);
	return n >= m && strcmp(text + n - m, tail) == 0;
}

/* a[[0, 2]][0] = 1: what is written into has no name and was copied by this statement, so nobody will see it. */
static void explain_lost(struct session *s, struct inspect_statement *told, size_t nsteps)
{
	const struct inspect_step *last = &told->steps[nsteps - 1], *copy = NULL;
	const char *into = last->of, *source = NULL;

	/* x[...] += y: the step that took x[...] says what x is. */
	for (size_t i = 0; i + 1 < nsteps && told->target; i++)
		if (told->steps[i].kind == STEP_VIEW && strcmp(told->steps[i].source, told->target) == 0)
			into = told->steps[i].of;
	for (size_t i = 0; i + 1 < nsteps && into; i++)
		if (told->steps[i].kind == STEP_COPY && ends_with(into, told->steps[i].source))
			copy = &told->steps[i];
	for (const struct inspect_step *step = copy; step && step >= told->steps && !source; step--)
		source = step->kind == STEP_SAME ? step->of : NULL;
	if (source)
		told->so = arena_join(&s->results, source, " does not change: what is written into is the copy that ", into, " made, and that is gone with the statement", NULL);
}

/* ---- a statement ---- */

static const struct inspect_step *last_step(const struct inspect_statement *told)
{
	return told->nsteps > 0 && told->steps ? &told->steps[told->nsteps - 1] : NULL;
}

/* The array that a name has now, if it is one. */
static const struct array *array_named(struct session *s, const char *name)
{
	const struct name_entry *entry = name ? names_find(&s->names, name, strlen(name)) : NULL;
	return entry && entry->value && entry->value->kind == VALUE_ARRAY ? as_array(entry->value) : NULL;
}

void explain_statement(struct session *s, struct inspect_statement *told, struct value *value)
{
	const size_t nsteps = told->steps ? told->nsteps : 0;
	const struct inspect_step *last = last_step(told), *decisive = last;
	const struct array *a = value && value->kind == VALUE_ARRAY ? as_array(value) : NULL;

	if (!value) {
		told->kind = STEP_NONE;
		return;
	}
	if (value->kind == VALUE_UNKNOWN) {
		told->kind = STEP_UNKNOWN;
		return;
	}
	if (!a) {
		told->kind = last && last->kind == STEP_INPLACE ? STEP_INPLACE : value->kind == VALUE_NONE ? STEP_NONE : STEP_SCALAR;
		if (last) {
			told->why = last->why;
			if (told->kind == STEP_INPLACE)
				told->of = last->of;
		}
		/* An assignment into an array: r[0] = x * 2. */
		if (told->kind == STEP_NONE && last && last->kind == STEP_INPLACE)
			told->kind = STEP_INPLACE;
		if (last && last->kind == STEP_INPLACE) {
			told->kind = STEP_INPLACE;
			told->of = last->of;
			explain_lost(s, told, nsteps);
		}
		return;
	}
	if (last && last->kind == STEP_INPLACE && !(last->of && strcmp(last->of, "a temporary") == 0)) {
		told->kind = STEP_INPLACE;
		told->of = last->of;
		told->why = last->why;
		explain_lost(s, told, nsteps);
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
		if (last && last->kind == STEP_SAME && a->origin)
			for (size_t i = 0; i < nsteps; i++)
				if (told->steps[i].kind == STEP_VIEW) {
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
	const struct array *src = array_named(s, source);
	/* The name may have been bound anew by this very statement: then what it was is gone. */
	if (src == a)
		src = NULL;
	if (told->kind == STEP_NEW)
		return;
	bool is_view = told->kind == STEP_VIEW || told->kind == STEP_SAME;
	if (told->kind == STEP_COPY || told->kind == STEP_VIEW) {
		told->tests_lesson = "debugging";
		explain_tests(s, told, a, src ? source : NULL, is_view, src);
	}
	explain_so(s, told, a, src ? source : NULL);
	explain_cost(s, told, a, source ? source : "its source", src);
	if (s->statement < TELL_AT_LENGTH) {
		/* A copy is explained by the order in which its source's bytes would have to be visited. */
		const struct inspect_array *walked = NULL;
		if (told->kind == STEP_VIEW) {
			explain_walk(s, told, &a->geom);
		} else if (decisive && decisive > told->steps) {
			walked = decisive[-1].array;
		}
		if (walked && walked->ndim <= ND_GEOM_MAXDIMS && decisive->surprising) {
			struct nd_geom geom = { .ndim = walked->ndim, .itemsize = walked->itemsize, .offset = walked->offset_bytes };
			for (int k = 0; k < walked->ndim; k++) {
				geom.shape[k] = walked->shape[k];
				geom.strides[k] = walked->strides[k];
			}
			explain_walk(s, told, &geom);
		}
	}
}
