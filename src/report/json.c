/* SPDX-License-Identifier: MIT */
/*
 * JSON, schema version 1: memhint.schema.json beside this file describes every key.
 *
 * The numbers of a variant come from the metric table, group by group, in its order. Numbers are numbers, whole ones are integers; what was not
 * measured is null, with the reason under "why" in the same object. The document is written at the end, in one piece.
 */

#include "report/formats.h"

#include "base/metric.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SCHEMA = 1 };

/* jansson refuses what is not UTF-8 (a kernel's or a CPU's name could hold anything): such bytes become '?'. */
static json_t *string(const char *value)
{
	if (value == NULL)
		return json_null();
	json_t *made = json_string(value);
	if (made != NULL)
		return made;
	char *ascii = strdup(value);
	if (ascii == NULL)
		return NULL;
	for (char *c = ascii; *c != '\0'; c++)
		if ((unsigned char)*c >= 0x80)
			*c = '?';
	made = json_string(ascii);
	free(ascii);
	return made;
}

/* The same, but no words are null. */
static json_t *words(const char *value)
{
	return value != NULL && *value != '\0' ? string(value) : json_null();
}

static json_t *integer(int64_t value)
{
	return value == RESULT_NONE ? json_null() : json_integer(value);
}

static json_t *real(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static void set(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value);
}

static void set_why(json_t *object, const char *why)
{
	if (why[0] != '\0')
		set(object, "why", string(why));
}

static json_t *metric(const struct metric *metric, const struct variant_result *way)
{
	const char *member = (const char *)way + metric->offset;
	if (metric->unit == METRIC_BOOL) {
		int value;
		memcpy(&value, member, sizeof value);
		return value == RESULT_NONE ? json_null() : json_boolean(value);
	}
	if (metric->is_real)
		return real(metric_value(metric, way));
	int64_t value;
	memcpy(&value, member, sizeof value);
	return integer(value);
}

static json_t *group(const char *name, const struct variant_result *way)
{
	json_t *object = json_object();
	for (size_t i = 0; i < metric_count; i++)
		if (strcmp(metric_table[i].group, name) == 0)
			set(object, metric_table[i].name, metric(&metric_table[i], way));
	set_why(object, metric_group_why(name, way));
	return object;
}

static json_t *timeline(const struct variant_result *way)
{
	json_t *array = json_array();
	for (size_t i = 0; i < way->ntimeline; i++)
		json_array_append_new(array, json_integer(way->timeline[i]));
	return array;
}

static json_t *fact(const struct fact_result *fact)
{
	if (fact->kind == FACT_TEXT)
		return string(fact->text);
	if (fact->kind == FACT_REAL || !isfinite(fact->number))
		return real(fact->number);
	return fact->kind == FACT_BOOL ? json_boolean(fact->number != 0) : json_integer((json_int_t)fact->number);
}

static json_t *variant(const struct variant_result *way)
{
	json_t *object = json_object();
	set(object, "name", string(way->name));
	set(object, "language", string(way->language));
	set(object, "role", string(way->role));
	set(object, "job", string(way->job));
	set(object, "baseline", string(way->baseline));
	set(object, "numpy", string(way->numpy));
	set(object, "what", string(way->what));
	set(object, "formula", string(way->formula));
	set(object, "malloc_conf", string(way->malloc_conf));
	set(object, "status", string(result_status_name(way->status)));
	set_why(object, way->why);
	set(object, "checksum", real(way->checksum));
	set(object, "prediction_missed", json_boolean(way->prediction_missed));
	json_t *heap = group("heap", way);
	if (way->ntimeline > 0)
		set(heap, "timeline", timeline(way));
	set(object, "heap", heap);
	set(object, "resident", group("resident", way));
	set(object, "time", group("time", way));
	bool is_baseline = way->baseline != NULL && strcmp(way->baseline, way->name) == 0;
	set(object, "ratio", is_baseline ? json_null() : group("ratio", way));
	json_t *facts = json_object();
	for (size_t i = 0; i < way->nfacts; i++)
		set(facts, way->facts[i].name, fact(&way->facts[i]));
	set(object, "facts", facts);
	return object;
}

static json_t *claim(const struct claim_result *claim)
{
	json_t *object = json_object();
	set(object, "source", string(claim->source));
	set(object, "test", words(claim->test));
	set(object, "kind", string(claim_kind_name(claim->kind)));
	set(object, "expected", string(claim_verdict_name(claim->expected)));
	set(object, "verdict", string(claim_verdict_name(claim->verdict)));
	set(object, "condition", words(claim->condition));
	set(object, "measured", words(claim->measured));
	return object;
}

static json_t *lesson(const struct lesson_result *lesson)
{
	json_t *object = json_object();
	set(object, "id", string(lesson->id));
	set(object, "name", string(lesson->name));
	set(object, "title", string(lesson->title));
	set(object, "job", string(lesson->job));
	json_t *params = json_object();
	for (size_t i = 0; i < lesson->nparams; i++)
		set(params, lesson->params[i].name, json_integer((json_int_t)lesson->params[i].value));
	set(object, "params", params);
	json_t *notes = json_array();
	for (size_t i = 0; i < lesson->nnotes; i++)
		json_array_append_new(notes, string(lesson->notes[i]));
	set(object, "notes", notes);
	json_t *variants = json_array();
	for (size_t i = 0; i < lesson->nvariants; i++)
		json_array_append_new(variants, variant(&lesson->variants[i]));
	set(object, "variants", variants);
	json_t *claims = json_array();
	for (size_t i = 0; i < lesson->nclaims; i++)
		json_array_append_new(claims, claim(&lesson->claims[i]));
	set(object, "claims", claims);
	return object;
}

static json_t *host(const struct host_result *host)
{
	json_t *object = json_object();
	set(object, "cpu", string(host->cpu));
	set(object, "cpus", json_integer(host->cpus));
	set(object, "memory_bytes", integer(host->memory_bytes));
	set(object, "kernel", string(host->kernel));
	set(object, "page_bytes", integer(host->page_bytes));
	set(object, "hugepages", string(host->hugepages));
	set(object, "hugepages_asked", json_boolean(host->hugepages_asked));
	set(object, "jemalloc", string(host->jemalloc));
	set(object, "malloc_conf", string(host->malloc_conf));
	set(object, "bandwidth_bytes_per_s", real(host->bandwidth_bytes_per_s));
	if (!isfinite(host->bandwidth_bytes_per_s))
		set(object, "why", string("the bandwidth could not be measured"));
	set(object, "rss_error_bytes", integer(host->rss_error_bytes));
	return object;
}

static void end(const struct report_options *options, const struct results *results)
{
	json_t *root = json_object();
	set(root, "memhint", string(MEMHINT_VERSION));
	set(root, "schema", json_integer(SCHEMA));
	set(root, "host", host(&results->host));
	json_t *lessons = json_array();
	for (size_t i = 0; i < results->nlessons; i++)
		json_array_append_new(lessons, lesson(&results->lessons[i]));
	set(root, "lessons", lessons);
	set(root, "programs", json_array());
	json_dumpf(root, options->stream, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
	fputc('\n', options->stream);
	json_decref(root);
}

const struct report_format report_json = {
	.name = "json",
	.help = "every number, for programs; its keys are described in memhint.schema.json",
	.end = end,
};
