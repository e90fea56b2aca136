/* SPDX-License-Identifier: MIT */
/*
 * JSON of inspect: memhint-inspect.schema.json beside this file describes every key.
 *
 * A statement's object is made, written in one line and given back before the next one, so that 10,000 of them take no more memory than one. What is not
 * known is null.
 */

#include "report/inspect.h"
#include "report/json_parts.h"

#include "base/result.h"

enum { SCHEMA = 1 };

static json_t *integers(const int64_t *values, int count)
{
	json_t *array = json_array();
	for (int k = 0; k < count; k++)
		json_array_append_new(array, json_integer(values[k]));
	return array;
}

static json_t *truth(int value)
{
	return value == RESULT_NONE ? json_null() : json_boolean(value);
}

/* Axes whose extent depends on data, where there are some. */
static void set_at_most(json_t *object, const struct inspect_array *array)
{
	if (array->at_most == 0)
		return;
	json_t *axes = json_array();
	for (int k = 0; k < array->ndim && k < 64; k++)
		if (array->at_most >> k & 1)
			json_array_append_new(axes, json_integer(k));
	part_set(object, "at_most", axes);
}

static json_t *array_object(const struct inspect_array *array)
{
	json_t *object = json_object();
	part_set(object, "shape", integers(array->shape, array->ndim));
	part_set(object, "strides", integers(array->strides, array->ndim));
	part_set(object, "dtype", part_string(array->dtype));
	part_set(object, "nbytes", part_integer(array->nbytes));
	part_set(object, "owndata", json_boolean(array->owndata));
	part_set(object, "writeable", json_boolean(array->writeable));
	part_set(object, "c_contiguous", json_boolean(array->c_contiguous));
	part_set(object, "f_contiguous", json_boolean(array->f_contiguous));
	part_set(object, "offset_bytes", part_integer(array->offset_bytes));
	part_set(object, "base", part_string(array->base));
	set_at_most(object, array);
	return object;
}

static json_t *step_object(const struct inspect_step *step)
{
	const struct inspect_array *array = step->array;
	json_t *object = json_object();
	part_set(object, "source", part_string(step->source));
	part_set(object, "line", json_integer(step->line));
	part_set(object, "column", json_integer(step->column));
	part_set(object, "kind", part_string(step_kind_name(step->kind)));
	part_set(object, "what", part_string(step->what));
	part_set(object, "of", part_string(step->of));
	part_set(object, "why", part_string(step->why));
	part_set(object, "avoid", part_string(step->avoid));
	part_set(object, "lesson", part_string(step->lesson));
	part_set(object, "allocated_bytes", part_integer(step->allocated_bytes));
	part_set(object, "hidden_bytes", part_integer(step->hidden_bytes));
	part_set(object, "surprising", json_boolean(step->surprising));
	part_set(object, "writes_through", truth(step->writes_through));
	part_set(object, "keeps_bytes", part_integer(step->keeps_bytes));
	part_set(object, "value", part_string(step->value));
	part_set(object, "shape", array != NULL ? integers(array->shape, array->ndim) : json_null());
	part_set(object, "strides", array != NULL ? integers(array->strides, array->ndim) : json_null());
	part_set(object, "dtype", array != NULL ? part_string(array->dtype) : json_null());
	part_set(object, "offset_bytes", array != NULL ? part_integer(array->offset_bytes) : json_null());
	part_set(object, "nbytes", array != NULL ? part_integer(array->nbytes) : json_null());
	part_set(object, "leaves_buffer", array != NULL ? json_boolean(array->leaves_buffer) : json_null());
	if (array != NULL)
		set_at_most(object, array);
	return object;
}

static json_t *test_object(const struct inspect_test *test)
{
	json_t *object = json_object();
	part_set(object, "test", part_string(test->test));
	part_set(object, "answer", part_string(test->answer));
	part_set(object, "says", part_string(test->says));
	part_set(object, "wrong", json_boolean(test->wrong));
	part_set(object, "remark", part_string(test->remark));
	return object;
}

static json_t *statement_object(const struct inspect_statement *statement)
{
	json_t *object = json_object();
	part_set(object, "source", part_string(statement->source));
	part_set(object, "line", json_integer(statement->line));
	part_set(object, "column", json_integer(statement->column));
	part_set(object, "target", part_string(statement->target));
	part_set(object, "kind", part_string(step_kind_name(statement->kind)));
	part_set(object, "of", part_string(statement->of));
	part_set(object, "why", part_string(statement->why));
	part_set(object, "allocated_bytes", part_integer(statement->allocated_bytes));
	part_set(object, "peak_bytes", part_integer(statement->peak_bytes));
	part_set(object, "kept_bytes", part_integer(statement->kept_bytes));
	part_set(object, "live_bytes", part_integer(statement->live_bytes));
	json_t *steps = json_array();
	for (size_t k = 0; k < statement->nsteps; k++)
		json_array_append_new(steps, step_object(&statement->steps[k]));
	part_set(object, "steps", steps);
	json_t *tests = json_array();
	for (size_t k = 0; k < statement->ntests; k++)
		json_array_append_new(tests, test_object(&statement->tests[k]));
	part_set(object, "numpy_tests", tests);
	part_set(object, "witness", part_string(statement->witness));
	part_set(object, "walk", part_string(statement->walk));
	part_set(object, "cost", part_string(statement->cost));
	part_set(object, "so", part_string(statement->so));
	return object;
}

/* ---- the document ---- */

/* Written and given back. */
static void dump(FILE *stream, json_t *value)
{
	json_dumpf(value, stream, JSON_COMPACT | JSON_ENCODE_ANY);
	json_decref(value);
}

static void key(FILE *stream, const char *name)
{
	fprintf(stream, ",\n  \"%s\": ", name);
}

/* Before an entry of a list that stands one a line, and after the last. */
static void entry(FILE *stream, size_t index)
{
	fputs(index > 0 ? ",\n    " : "\n    ", stream);
}

static void end(FILE *stream, size_t count, const char *bracket)
{
	fprintf(stream, "%s%s", count > 0 ? "\n  " : "", bracket);
}

static void strings(FILE *stream, const char *name, const char *const *values, size_t count)
{
	key(stream, name);
	fputs("[", stream);
	for (size_t i = 0; i < count; i++) {
		entry(stream, i);
		dump(stream, part_string(values[i]));
	}
	end(stream, count, "]");
}

static void named_arrays(FILE *stream, const struct inspection *found)
{
	key(stream, "arrays");
	fputs("{", stream);
	for (size_t i = 0; i < found->narrays; i++) {
		entry(stream, i);
		dump(stream, part_string(found->arrays[i].name));
		fputs(": ", stream);
		dump(stream, array_object(found->arrays[i].array));
	}
	end(stream, found->narrays, "}");
}

static void shared(FILE *stream, const struct inspection *found)
{
	key(stream, "shares");
	fputs("[", stream);
	for (size_t i = 0; i < found->nshares; i++) {
		json_t *pair = json_array();
		json_array_append_new(pair, part_string(found->arrays[found->shares[i][0]].name));
		json_array_append_new(pair, part_string(found->arrays[found->shares[i][1]].name));
		entry(stream, i);
		dump(stream, pair);
	}
	end(stream, found->nshares, "]");
	key(stream, "shares_cut");
	fputs(found->shares_cut ? "true" : "false", stream);
}

static void unfollowed(FILE *stream, const struct inspection *found)
{
	key(stream, "unfollowed");
	fputs("[", stream);
	for (size_t i = 0; i < found->ngaps; i++) {
		json_t *object = json_object();
		part_set(object, "line", json_integer(found->gaps[i].line));
		part_set(object, "column", json_integer(found->gaps[i].column));
		part_set(object, "message", part_string(found->gaps[i].message));
		entry(stream, i);
		dump(stream, object);
	}
	end(stream, found->ngaps, "]");
}

static void assumed(FILE *stream, const struct inspection *found)
{
	key(stream, "assumed");
	fputs("{", stream);
	for (size_t i = 0; i < found->nassumed; i++) {
		entry(stream, i);
		dump(stream, part_string(found->assumed[i].name));
		fputs(": ", stream);
		dump(stream, part_string(found->assumed_source));
	}
	end(stream, found->nassumed, "}");
}

static void failure(FILE *stream, const struct inspect_error *error)
{
	json_t *object = json_object();
	part_set(object, "statement", error->statement >= 0 ? json_integer(error->statement) : json_null());
	part_set(object, "type", part_string(error->type));
	part_set(object, "line", json_integer(error->line));
	part_set(object, "column", json_integer(error->column));
	part_set(object, "message", part_string(error->message));
	key(stream, "error");
	dump(stream, object);
}

void inspect_json(const struct report_options *options, const struct inspection *found)
{
	FILE *stream = options->stream;
	fprintf(stream, "{\n  \"memhint\": \"%s\"", MEMHINT_VERSION);
	key(stream, "schema");
	fprintf(stream, "%d", SCHEMA);
	key(stream, "statements");
	fputs("[", stream);
	for (size_t i = 0; i < found->nstatements; i++) {
		entry(stream, i);
		dump(stream, statement_object(&found->statements[i]));
	}
	end(stream, found->nstatements, "]");
	named_arrays(stream, found);
	shared(stream, found);
	strings(stream, "printed", found->printed, found->nprinted);
	key(stream, "allocated_bytes");
	dump(stream, part_integer(found->allocated_bytes));
	key(stream, "peak_bytes");
	dump(stream, part_integer(found->peak_bytes));
	key(stream, "live_bytes");
	dump(stream, part_integer(found->live_bytes));
	assumed(stream, found);
	unfollowed(stream, found);
	strings(stream, "notes", found->notes, found->nnotes);
	if (found->error != NULL)
		failure(stream, found->error);
	fputs("\n}\n", stream);
}
