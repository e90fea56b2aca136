/* SPDX-License-Identifier: MIT */
#include "report/inspect_words.h"

#include "base/units.h"
#include "report/inspect_parts.h"

#include <string.h>

static int64_t size_of(const struct inspect_array *array)
{
	return array->nbytes / array->itemsize;
}

/* ---- a step ---- */

bool inspect_what(struct text *out, const struct inspect_step *step)
{
	static const struct {
		const char *of, *alone; /* with its `of`, and without one */
	} words[] = {
		[STEP_SAME] = { "same object as ", "same object" }, [STEP_VIEW] = { "view of ", "view" }, [STEP_COPY] = { "copy of ", "copy" }, [STEP_NEW] = { NULL, "new" },
		[STEP_SCALAR] = { NULL, "a number" }, [STEP_INPLACE] = { "in place, into ", "in place" }, [STEP_UNKNOWN] = { NULL, "not followed" }, [STEP_NONE] = { NULL, NULL },
	};
	if (step->what != NULL) {
		text_add(out, step->what);
		return true;
	}
	bool of = step->of != NULL && words[step->kind].of != NULL;
	const char *what = of ? words[step->kind].of : words[step->kind].alone;
	if (what == NULL)
		return false;
	text_add(out, what);
	text_add(out, of ? step->of : "");
	return true;
}

/* ---- the walk through the bytes ---- */

enum { MOST_DIMS = 64, WALK_GROUPS = 4, WALK_MOST = 16, BETWEEN_MOST = 6 };

typedef __int128 wide; /* sums of products of 63 bits: as_strided may reach beyond any buffer */

/* The elements of an array in its order, each by the byte that it begins at. */
struct walk {
	const struct inspect_array *array;
	int64_t index[MOST_DIMS];
	wide at;
	bool new_row; /* the last axis began anew */
};

bool inspect_has_walk(const struct inspect_statement *statement)
{
	const struct inspect_array *array = statement->walked;
	wide reach = 0;
	if (array == NULL || array->ndim == 0 || array->ndim > MOST_DIMS || size_of(array) <= 1)
		return false;
	/* Of places that have no number nothing is said. */
	for (int k = 0; k < array->ndim; k++)
		reach += (array->strides[k] < 0 ? -(wide)array->strides[k] : array->strides[k]) * (wide)array->shape[k];
	return reach <= INT64_MAX / 2;
}

static void walk_on(struct walk *walk)
{
	const struct inspect_array *array = walk->array;
	for (int k = array->ndim - 1; k >= 0; k--) {
		walk->at += array->strides[k];
		if (++walk->index[k] < array->shape[k])
			break;
		walk->at -= (wide)array->strides[k] * array->shape[k];
		walk->index[k] = 0;
	}
	walk->new_row = array->ndim > 1 && walk->index[array->ndim - 1] == 0;
}

bool inspect_walk(struct text *out, const struct inspect_statement *statement)
{
	if (!inspect_has_walk(statement))
		return false;
	struct walk walk = { .array = statement->walked, .at = statement->walked->offset_bytes };
	int64_t size = size_of(walk.array);
	int rows = 0;
	for (int n = 0; n < WALK_MOST && n < size; n++) {
		if (n > 0)
			walk_on(&walk);
		if (walk.new_row && ++rows == WALK_GROUPS)
			break;
		text_add(out, n > 0 ? " " : "");
		text_add(out, walk.new_row ? "| " : "");
		text_addf(out, "%lld", (long long)walk.at);
	}
	if (rows == WALK_GROUPS || size > WALK_MOST)
		text_add(out, " ...");
	return true;
}

bool inspect_steps_between(struct text *out, const struct inspect_statement *statement)
{
	if (!inspect_has_walk(statement))
		return false;
	struct walk walk = { .array = statement->walked, .at = statement->walked->offset_bytes };
	int64_t size = size_of(walk.array);
	int rows = 0;
	for (int n = 1; n <= BETWEEN_MOST && n < size; n++) {
		wide last = walk.at;
		walk_on(&walk);
		if (walk.new_row && ++rows == WALK_GROUPS)
			break;
		text_addf(out, "%s%+lld", n > 1 ? " " : "", (long long)(walk.at - last));
	}
	text_add(out, size > BETWEEN_MOST + 1 ? " ..." : "");
	return true;
}

/* ---- what it costs ---- */

static bool cost_of_view(struct text *out, const struct inspect_statement *statement)
{
	const struct inspect_array *array = statement->array;
	char buffer[UNITS_TEXT], own[UNITS_TEXT];
	if (array->buffer_bytes > array->nbytes)
		text_addf(out, "0 B now; but as long as it lives it keeps all %s of the buffer, of which it shows %s", units_bytes((double)array->buffer_bytes, buffer),
		          units_bytes_exact(array->nbytes, own));
	else
		text_add(out, "0 B, whatever the size");
	return true;
}

static bool cost_of_copy(struct text *out, const struct inspect_statement *statement)
{
	enum { LARGE = 80000000, ASSUMED = 96 };
	const struct inspect_array *source = statement->source_array, *array = statement->array;
	char bytes[UNITS_TEXT], large[UNITS_TEXT];
	/* a.copy()[::2] shows half of what it made and keeps. */
	int64_t nbytes = array->buffer_bytes > array->nbytes ? array->buffer_bytes : array->nbytes;
	if (source == NULL || array->nbytes <= 0)
		return false;
	units_bytes((double)nbytes, bytes);
	double times = (double)LARGE / (double)(source->nbytes > 0 ? source->nbytes : 1);
	if (nbytes != source->nbytes) {
		text_addf(out, "%s, %.3g times %s", bytes, (double)nbytes / (double)(source->nbytes > 0 ? source->nbytes : 1), statement->of);
	} else {
		text_addf(out, "as large as %s: %s", statement->of, bytes);
		if (nbytes == ASSUMED)
			text_addf(out, " here, 80 MB if %s were (2500, 4000)", statement->of);
		else if (nbytes < 1000000)
			text_addf(out, " here, %s if %s were %.0f times as large", units_bytes((double)nbytes * times, large), statement->of, times);
	}
	if (nbytes > array->nbytes)
		text_addf(out, "; all of it is kept, though the result shows %s", units_bytes_exact(array->nbytes, bytes));
	return true;
}

bool inspect_cost(struct text *out, const struct inspect_statement *statement)
{
	if (statement->array == NULL || (statement->kind != STEP_VIEW && statement->kind != STEP_COPY))
		return false;
	return statement->kind == STEP_VIEW ? cost_of_view(out, statement) : cost_of_copy(out, statement);
}

/* ---- what follows from it ---- */

static bool ends_with(const char *text, const char *tail)
{
	size_t n = strlen(text), m = strlen(tail);
	return n >= m && strcmp(text + n - m, tail) == 0;
}

/* a[[0, 2]][0] = 1: what is written into has no name and was copied by this statement, so nobody will see it. */
static bool write_is_lost(struct text *out, const struct inspect_statement *statement)
{
	if (statement->nsteps < 2)
		return false;
	size_t before = statement->nsteps - 1;
	const struct inspect_step *steps = statement->steps, *copy = NULL;
	const char *into = steps[before].of, *source = NULL;
	/* x[...] += y: the step that took x[...] says what x is. */
	for (size_t i = 0; i < before && statement->target != NULL; i++)
		if (steps[i].kind == STEP_VIEW && strcmp(steps[i].source, statement->target) == 0)
			into = steps[i].of;
	for (size_t i = 0; i < before && into != NULL; i++)
		if (steps[i].kind == STEP_COPY && ends_with(into, steps[i].source))
			copy = &steps[i];
	for (const struct inspect_step *step = copy; step != NULL && step >= steps && source == NULL; step--)
		source = step->kind == STEP_SAME ? step->of : NULL;
	if (source == NULL)
		return false;
	text_addf(out, "%s does not change: what is written into is the copy that %s made, and that is gone with the statement", source, into);
	return true;
}

bool inspect_so(struct text *out, const struct inspect_statement *statement)
{
	const struct inspect_array *array = statement->array;
	if (statement->kind == STEP_INPLACE)
		return write_is_lost(out, statement);
	if (array == NULL || statement->source_array == NULL || statement->target == NULL || size_of(array) == 0)
		return false;
	if (statement->kind == STEP_SAME) {
		text_addf(out, "%s and %s are two names of one array", statement->target, statement->of);
		return true;
	}
	text_addf(out, "%s[", statement->target);
	for (int k = 0; k < array->ndim; k++)
		text_add(out, k > 0 ? ", 0" : "0");
	text_add(out, "] = 99 ");
	/* Who tries it in the end finds another array, or none, under that name. */
	const char *what = statement->source_was ? "what " : "", *was = statement->source_was ? " was" : "";
	if (statement->kind == STEP_COPY)
		text_addf(out, "does not change %s%s%s", what, statement->of, was);
	else if (!array->writeable)
		text_add(out, "is refused: the view is read-only");
	else
		text_addf(out, "changes %s%s%s too", what, statement->of, was);
	return true;
}

/* ---- NumPy's own tests ---- */

size_t inspect_tests(const struct inspect_statement *statement, struct inspect_test out_tests[INSPECT_TESTS])
{
	const struct inspect_array *array = statement->array;
	if (array == NULL || (statement->kind != STEP_COPY && statement->kind != STEP_VIEW))
		return 0;
	bool is_view = statement->kind == STEP_VIEW, is_none = array->base == NULL, is_source = statement->base_is_source, shares = is_view && size_of(array) > 0;
	const struct inspect_test tests[INSPECT_TESTS] = {
		{ ASK_OWNDATA, array->owndata, !array->owndata, array->owndata == is_view },
		{ ASK_BASE_IS_NONE, is_none, !is_none, is_none == is_view },
		{ ASK_BASE_IS_SOURCE, is_source, is_source, is_source != is_view },
		{ ASK_SHARES_MEMORY, shares, shares, shares != is_view },
	};
	memcpy(out_tests, tests, sizeof tests);
	return statement->source_array != NULL ? INSPECT_TESTS : 2;
}

const char *inspect_test_answer(const struct inspect_test *test)
{
	return test->answer ? "True" : "False";
}

const char *inspect_test_says(const struct inspect_test *test)
{
	return test->says_view ? "view" : "copy";
}

static const char *target_of(const struct inspect_statement *statement)
{
	return statement->target != NULL ? statement->target : "result";
}

void inspect_test_question(struct text *out, const struct inspect_statement *statement, const struct inspect_test *test)
{
	const char *target = target_of(statement);
	switch (test->question) {
	case ASK_OWNDATA:
		text_addf(out, "%s.flags.owndata", target);
		break;
	case ASK_BASE_IS_NONE:
		text_addf(out, "%s.base is None", target);
		break;
	case ASK_BASE_IS_SOURCE:
		text_addf(out, "%s.base is %s", target, statement->of);
		break;
	case ASK_SHARES_MEMORY:
		text_addf(out, "shares_memory(%s, %s)", statement->of, target);
		break;
	}
}

/* The copy that the result looks into, where the program asks for it: .copy(), a[[0, 2]]. NULL: it is hidden in the step that made the result, or in one that does not say so. */
static const char *asked_copy(const struct inspect_statement *statement)
{
	const struct inspect_step *copy = NULL;
	for (size_t k = 0; k + 1 < statement->nsteps; k++)
		if (statement->steps[k].kind == STEP_COPY)
			copy = &statement->steps[k];
	return copy != NULL && !copy->surprising && statement->steps[statement->nsteps - 1].kind != STEP_COPY ? copy->source : NULL;
}

/* "a hidden copy", "the copy that .copy() made" */
static void add_base(struct text *out, const struct inspect_statement *statement, const char *article)
{
	const char *asked = statement->kind == STEP_COPY ? asked_copy(statement) : NULL;
	if (asked != NULL)
		text_addf(out, "the copy that %s made", asked);
	else
		text_addf(out, "%s hidden %s", article, statement->kind == STEP_COPY ? "copy" : "array");
}

bool inspect_test_remark(struct text *out, const struct inspect_statement *statement, const struct inspect_test *test)
{
	bool is_view = statement->kind == STEP_VIEW;
	switch (test->question) {
	case ASK_OWNDATA:
	case ASK_BASE_IS_NONE:
		if (test->answer || is_view)
			return false;
		text_addf(out, test->question == ASK_OWNDATA ? "%s looks into " : "%s.base is ", target_of(statement));
		add_base(out, statement, test->question == ASK_OWNDATA ? "a" : "that");
		return true;
	case ASK_BASE_IS_SOURCE:
		if (test->wrong && statement->array->stand_in)
			text_add(out, "its base is a stand-in object (DummyArray)");
		else if (test->wrong && !statement->source_array->owndata)
			text_addf(out, "%s is itself a view, so the base is the array that owns the bytes", statement->of);
		else if (!is_view && !statement->source_array->owndata && !statement->source_array->stand_in)
			text_addf(out, "but is False for a view of %s too", statement->of);
		else
			return false;
		return true;
	case ASK_SHARES_MEMORY:
		if (!test->answer)
			text_add(out, is_view ? "an array without elements shares no byte" : "no byte is in both");
		return !test->answer;
	}
	return false;
}
