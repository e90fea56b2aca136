/* SPDX-License-Identifier: MIT */
/* The table: which screen is printed, and what both screens ask about a way. */

#include "report/table.h"

#include "report/formats.h"
#include "report/style.h"
#include "report/programs.h"

#include "base/text.h"
#include "base/units.h"

#include <string.h>

/* Python makes objects of its own while it makes a view, and drops them: what counts there is what is left. */
bool table_is_view(const struct variant_result *way)
{
	return (style_is_numpy(way) ? way->heap.kept_bytes : way->heap.asked_bytes) == 0;
}

int table_fact(const struct variant_result *way, const char *fact)
{
	for (size_t i = 0; i < way->nfacts; i++)
		if (way->facts[i].kind == FACT_BOOL && strcmp(way->facts[i].name, fact) == 0)
			return way->facts[i].number != 0;
	return -1;
}

bool table_fact_is_right(const struct variant_result *way, const char *fact)
{
	int value = table_fact(way, fact);
	return way->status == RESULT_OK && way->heap.asked_bytes != RESULT_NONE && value >= 0 && (value != 0) == table_is_view(way);
}

bool table_is_told(const struct lesson_result *lesson, size_t way)
{
	return !style_is_numpy(&lesson->variants[way]) || lesson_result_variant(lesson, "c", lesson->variants[way].name) == NULL;
}

size_t table_count_told(const struct lesson_result *lesson)
{
	size_t told = 0;
	for (size_t i = 0; i < lesson->nvariants; i++)
		told += table_is_told(lesson, i);
	return told;
}

size_t table_count_right(const struct lesson_result *lesson, const char *fact)
{
	size_t right = 0;
	for (size_t i = 0; i < lesson->nvariants; i++)
		right += table_is_told(lesson, i) && table_fact_is_right(&lesson->variants[i], fact);
	return right;
}

char *table_failure(const struct variant_result *way)
{
	struct text text = { 0 };
	const char *status = result_status_name(way->status);
	if (strncmp(way->why, status, strlen(status)) != 0)
		text_addf(&text, "%s%s", status, way->why[0] != '\0' ? ": " : "");
	text_add(&text, way->why);
	return text_take(&text);
}

static void missed_number(struct text *text, const char *verb, int64_t measured, int64_t predicted)
{
	char has[UNITS_TEXT], wanted[UNITS_TEXT];
	if (predicted == RESULT_NONE || measured == predicted)
		return;
	text_addf(text, "%s%s %s B, predicted %s B", text->length > 0 ? "; " : "! ", verb, measured == RESULT_NONE ? "?" : units_count((double)measured, has),
	          units_count((double)predicted, wanted));
}

char *table_missed(const struct variant_result *way)
{
	struct text text = { 0 };
	missed_number(&text, "makes", way->heap.asked_bytes, way->heap.predicted_asked_bytes);
	missed_number(&text, "peak", way->heap.peak_asked_bytes, way->heap.predicted_peak_asked_bytes);
	if (text.length == 0)
		text_add(&text, "! its bytes are not as predicted");
	return text_take(&text);
}

static void begin(const struct report_options *options, const struct results *results)
{
	if (options->screen == REPORT_COMPARE)
		table_compare_begin(options, results);
}

static void lesson(const struct report_options *options, const struct results *results, size_t index)
{
	if (options->screen == REPORT_COMPARE)
		table_compare_lesson(options, results, index);
	else
		table_run_lesson(options, results, index);
}

static void end(const struct report_options *options, const struct results *results)
{
	if (options->screen == REPORT_COMPARE)
		table_compare_end(options, results);
	if (programs_are_compared(results))
		table_programs(options, results);
	else if (results->nprograms == 1)
		table_program(options, &results->programs[0]);
	for (size_t i = 0; i < results->nprograms; i++) {
		if (results->programs[i].status != RESULT_FAILED) {
			table_legend(options);
			break;
		}
	}
}

const struct report_format report_table = {
	.name = "table",
	.help = "for reading",
	.begin = begin,
	.lesson = lesson,
	.end = end,
};
