/* SPDX-License-Identifier: MIT */
/* The row of a way: some words about it, then every metric of the metric table, then its facts. */

#include "report/rows.h"

#include "base/metric.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

void rows_real(double value, struct text *out)
{
	char digits[64];
	if (!isfinite(value))
		return;
	snprintf(digits, sizeof digits, "%.17g", value);
	const char *point = localeconv()->decimal_point;
	char *found = *point != '\0' ? strstr(digits, point) : NULL;
	if (found != NULL) {
		memmove(found + 1, found + strlen(point), strlen(found + strlen(point)) + 1);
		*found = '.';
	}
	text_add(out, digits);
}

void rows_words(const char *value, struct text *out)
{
	text_add(out, value != NULL ? value : "");
}

void rows_integer(int64_t value, struct text *out)
{
	if (value != RESULT_NONE)
		text_addf(out, "%lld", (long long)value);
}

void rows_metric(const struct metric *metric, const void *holder, struct text *out)
{
	double value = metric_read(metric, holder);
	if (!isfinite(value))
		return;
	if (metric->unit == METRIC_BOOL) {
		text_add(out, value != 0 ? "true" : "false");
	} else if (metric->is_real) {
		rows_real(value, out);
	} else {
		int64_t whole;
		memcpy(&whole, (const char *)holder + metric->offset, sizeof whole);
		rows_integer(whole, out);
	}
}

/* ---- words about the way ---- */

static void lesson_id(const struct lesson_result *lesson, const struct variant_result *way, struct text *out)
{
	(void)way;
	rows_words(lesson->id, out);
}

static void lesson_name(const struct lesson_result *lesson, const struct variant_result *way, struct text *out)
{
	(void)way;
	rows_words(lesson->name, out);
}

static void params(const struct lesson_result *lesson, const struct variant_result *way, struct text *out)
{
	(void)way;
	for (size_t i = 0; i < lesson->nparams; i++)
		text_addf(out, "%s%s=%llu", i > 0 ? " " : "", lesson->params[i].name, (unsigned long long)lesson->params[i].value);
}

static void status(const struct lesson_result *lesson, const struct variant_result *way, struct text *out)
{
	(void)lesson;
	rows_words(result_status_name(way->status), out);
}

static void why(const struct lesson_result *lesson, const struct variant_result *way, struct text *out)
{
	static const char *const groups[] = { "heap", "resident", "time", "ratio" };
	(void)lesson;
	rows_words(way->why, out);
	for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
		const char *reason = metric_group_why(groups[i], way);
		bool is_baseline = variant_result_is_baseline(way); /* which has no ratio, and needs none */
		if (*reason != '\0' && !(is_baseline && strcmp(groups[i], "ratio") == 0))
			text_addf(out, "%s%s: %s", out->length > 0 ? "; " : "", groups[i], reason);
	}
}

static void checksum(const struct lesson_result *lesson, const struct variant_result *way, struct text *out)
{
	(void)lesson;
	rows_real(way->checksum, out);
}

static void missed(const struct lesson_result *lesson, const struct variant_result *way, struct text *out)
{
	(void)lesson;
	rows_words(way->prediction_missed ? "true" : "false", out);
}

static const struct {
	const char *name;
	size_t offset; /* of a string in struct variant_result, where there is no function */
	void (*value)(const struct lesson_result *, const struct variant_result *, struct text *out);
	bool is_number;
} about[] = {
	{ .name = "lesson", .value = lesson_id },
	{ .name = "name", .value = lesson_name },
	{ .name = "params", .value = params },
	{ .name = "variant", .offset = offsetof(struct variant_result, name) },
	{ .name = "language", .offset = offsetof(struct variant_result, language) },
	{ .name = "role", .offset = offsetof(struct variant_result, role) },
	{ .name = "job", .offset = offsetof(struct variant_result, job) },
	{ .name = "baseline", .offset = offsetof(struct variant_result, baseline) },
	{ .name = "status", .value = status },
	{ .name = "why", .value = why },
	{ .name = "what", .offset = offsetof(struct variant_result, what) },
	{ .name = "malloc_conf", .offset = offsetof(struct variant_result, malloc_conf) },
	{ .name = "formula", .offset = offsetof(struct variant_result, formula) },
	{ .name = "numpy", .offset = offsetof(struct variant_result, numpy) },
	{ .name = "checksum", .value = checksum, .is_number = true },
	{ .name = "prediction_missed", .value = missed },
};
enum { ABOUT = sizeof about / sizeof about[0] };

/* ---- numbers and facts ---- */

static void facts(const struct variant_result *way, struct text *out)
{
	for (size_t i = 0; i < way->nfacts; i++) {
		const struct fact_result *fact = &way->facts[i];
		text_addf(out, "%s%s=", i > 0 ? "; " : "", fact->name);
		if (fact->kind == FACT_TEXT)
			text_add(out, fact->text);
		else if (fact->kind == FACT_BOOL && isfinite(fact->number))
			text_add(out, fact->number != 0 ? "true" : "false");
		else
			rows_real(fact->number, out);
	}
}

static size_t columns(void)
{
	return ABOUT + metric_count + 1;
}

static void name(size_t column, struct text *out)
{
	if (column < ABOUT)
		text_add(out, about[column].name);
	else if (column < ABOUT + metric_count)
		text_addf(out, "%s_%s", metric_table[column - ABOUT].group, metric_table[column - ABOUT].name);
	else
		text_add(out, "facts");
}

static bool is_number(size_t column)
{
	return column < ABOUT ? about[column].is_number : column < ABOUT + metric_count;
}

static void value(const void *row, size_t column, struct text *out)
{
	const struct lesson_result *lesson = ((const struct rows_way *)row)->lesson;
	const struct variant_result *way = ((const struct rows_way *)row)->way;
	if (column >= ABOUT + metric_count) {
		facts(way, out);
	} else if (column >= ABOUT) {
		rows_metric(&metric_table[column - ABOUT], way, out);
	} else if (about[column].value != NULL) {
		about[column].value(lesson, way, out);
	} else {
		const char *string;
		memcpy(&string, (const char *)way + about[column].offset, sizeof string);
		rows_words(string, out);
	}
}

const struct rows rows_of_ways = {
	.columns = columns,
	.name = name,
	.is_number = is_number,
	.value = value,
};
