/* SPDX-License-Identifier: MIT */
/*
 * JSON, schema version 1: memhint.schema.json beside this file describes every key.
 *
 * The numbers of a variant come from the metric table, group by group, in its order. Numbers are numbers, whole ones are integers; what was not
 * measured is null, with the reason under "why" in the same object. The document is written at the end, in one piece.
 */

#include "report/formats.h"
#include "report/json_parts.h"
#include "report/programs.h"

#include "base/metric.h"

#include <math.h>
#include <string.h>

enum { SCHEMA = 1 };

static json_t *group(const char *name, const struct variant_result *way)
{
	return part_group(name, metric_table, metric_count, way, metric_group_why(name, way));
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
		return part_string(fact->text);
	if (fact->kind == FACT_REAL || !isfinite(fact->number))
		return part_real(fact->number);
	return fact->kind == FACT_BOOL ? json_boolean(fact->number != 0) : json_integer((json_int_t)fact->number);
}

static json_t *variant(const struct variant_result *way)
{
	json_t *object = json_object();
	part_set(object, "name", part_string(way->name));
	part_set(object, "language", part_string(way->language));
	part_set(object, "role", part_string(way->role));
	part_set(object, "job", part_string(way->job));
	part_set(object, "baseline", part_string(way->baseline));
	part_set(object, "baseline_language", part_string(way->baseline != NULL && way->baseline_language == NULL ? way->language : way->baseline_language));
	part_set(object, "numpy", part_string(way->numpy));
	part_set(object, "what", part_string(way->what));
	part_set(object, "formula", part_string(way->formula));
	part_set(object, "malloc_conf", part_string(way->malloc_conf));
	part_set(object, "status", part_string(result_status_name(way->status)));
	part_set_why(object, way->why);
	part_set(object, "checksum", part_real(way->checksum));
	part_set(object, "prediction_missed", json_boolean(way->prediction_missed));
	json_t *heap = group("heap", way);
	if (way->ntimeline > 0)
		part_set(heap, "timeline", timeline(way));
	part_set(object, "heap", heap);
	part_set(object, "resident", group("resident", way));
	part_set(object, "time", group("time", way));
	part_set(object, "ratio", variant_result_is_baseline(way) ? json_null() : group("ratio", way));
	json_t *facts = json_object();
	for (size_t i = 0; i < way->nfacts; i++)
		part_set(facts, way->facts[i].name, fact(&way->facts[i]));
	part_set(object, "facts", facts);
	return object;
}

static json_t *claim(const struct claim_result *claim)
{
	json_t *object = json_object();
	part_set(object, "language", part_string(claim->language != NULL ? claim->language : "c"));
	part_set(object, "source", part_string(claim->source));
	part_set(object, "test", part_words(claim->test));
	part_set(object, "kind", part_string(claim_kind_name(claim->kind)));
	part_set(object, "expected", part_string(claim_verdict_name(claim->expected)));
	part_set(object, "verdict", part_string(claim_verdict_name(claim->verdict)));
	part_set(object, "condition", part_words(claim->condition));
	part_set(object, "measured", part_words(claim->measured));
	return object;
}

static json_t *lesson(const struct lesson_result *lesson)
{
	json_t *object = json_object();
	part_set(object, "id", part_string(lesson->id));
	part_set(object, "name", part_string(lesson->name));
	part_set(object, "title", part_string(lesson->title));
	part_set(object, "job", part_string(lesson->job));
	json_t *params = json_object();
	for (size_t i = 0; i < lesson->nparams; i++)
		part_set(params, lesson->params[i].name, json_integer((json_int_t)lesson->params[i].value));
	part_set(object, "params", params);
	part_set(object, "notes", part_strings(lesson->notes, lesson->nnotes));
	json_t *variants = json_array();
	for (size_t i = 0; i < lesson->nvariants; i++)
		json_array_append_new(variants, variant(&lesson->variants[i]));
	part_set(object, "variants", variants);
	json_t *claims = json_array();
	for (size_t i = 0; i < lesson->nclaims; i++)
		json_array_append_new(claims, claim(&lesson->claims[i]));
	part_set(object, "claims", claims);
	return object;
}

static json_t *host(const struct host_result *host)
{
	json_t *object = json_object();
	part_set(object, "cpu", part_string(host->cpu));
	part_set(object, "cpus", json_integer(host->cpus));
	part_set(object, "memory_bytes", part_integer(host->memory_bytes));
	part_set(object, "kernel", part_string(host->kernel));
	part_set(object, "page_bytes", part_integer(host->page_bytes));
	part_set(object, "hugepages", part_string(host->hugepages));
	part_set(object, "hugepages_asked", json_boolean(host->hugepages_asked));
	part_set(object, "jemalloc", part_string(host->jemalloc));
	part_set(object, "python", part_words(host->python));
	part_set(object, "numpy", part_words(host->numpy));
	part_set(object, "malloc_conf", part_string(host->malloc_conf));
	part_set(object, "bandwidth_bytes_per_s", part_real(host->bandwidth_bytes_per_s));
	if (!isfinite(host->bandwidth_bytes_per_s))
		part_set(object, "why", part_string("the bandwidth was not measured"));
	part_set(object, "rss_error_bytes", part_integer(host->rss_error_bytes));
	return object;
}

static void end(const struct report_options *options, const struct results *results)
{
	json_t *root = json_object();
	part_set(root, "memhint", part_string(MEMHINT_VERSION));
	part_set(root, "schema", json_integer(SCHEMA));
	part_set(root, "host", host(&results->host));
	json_t *lessons = json_array();
	for (size_t i = 0; i < results->nlessons; i++)
		json_array_append_new(lessons, lesson(&results->lessons[i]));
	part_set(root, "lessons", lessons);
	json_t *programs = json_array();
	for (size_t i = 0; i < results->nprograms; i++)
		json_array_append_new(programs, part_program(&results->programs[i], programs_is_baseline(results, i)));
	part_set(root, "programs", programs);
	json_dumpf(root, options->stream, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
	fputc('\n', options->stream);
	json_decref(root);
}

const struct report_format report_json = {
	.name = "json",
	.help = "every number, for programs; its keys are described in memhint.schema.json",
	.end = end,
};
