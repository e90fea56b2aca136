/* SPDX-License-Identifier: MIT */
/*
 * A lesson that is a truth table: what was made, whether it is a view (the meter is the judge: making it asked for no byte), and what NumPy's own
 * tests say. A '!' marks a test that misleads about this array.
 */

#include "report/columns.h"
#include "report/table.h"

#include "base/metric.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static void cell_array(const struct column *column, const void *row, struct cell *cell)
{
	const struct variant_result *way = row;
	(void)column;
	snprintf(cell->text, sizeof cell->text, "%s", way->numpy != NULL ? way->numpy : way->name);
}

static void cell_name(const struct column *column, const void *row, struct cell *cell)
{
	const struct variant_result *way = row;
	(void)column;
	snprintf(cell->text, sizeof cell->text, "%s", way->name);
}

static void cell_truth(const struct column *column, const void *row, struct cell *cell)
{
	const struct variant_result *way = row;
	(void)column;
	snprintf(cell->text, sizeof cell->text, "%s", way->heap.asked_bytes == RESULT_NONE ? "-" : table_is_view(way) ? "view" : "copy");
}

/* "False !": the mark's place is kept, so that the words line up. */
static void cell_fact(const struct column *column, const void *row, struct cell *cell)
{
	const struct variant_result *way = row;
	const char *fact = column->context;
	int value = table_fact(way, fact);
	bool misleads = value >= 0 && !table_fact_is_right(way, fact);
	snprintf(cell->text, sizeof cell->text, "%s%s", value < 0 ? "-" : value ? "True" : "False", misleads ? " !" : "");
	if (misleads)
		cell->style = STYLE_MARK;
}

/* base_is_source becomes "base is" over "source". */
static void add_fact(struct columns *columns, const struct lesson_result *lesson, const char *fact)
{
	struct column *column = columns_add(columns, "", fact, cell_fact, fact);
	for (char *c = column->heading; *c != '\0'; c++)
		if (*c == '_')
			*c = ' ';
	char *blank = strrchr(column->heading, ' ');
	if (blank != NULL) {
		*blank = '\0';
		memcpy(column->over, column->heading, strlen(column->heading) + 1);
		memmove(column->heading, blank + 1, strlen(blank + 1) + 1);
	}
	column->left = true;
	snprintf(column->foot, sizeof column->foot, "%zu of %zu", table_count_right(lesson, fact), table_count_told(lesson));
}

static void choose(struct columns *columns, const struct lesson_result *lesson, bool short_names)
{
	*columns = (struct columns){ .gap = 2 };
	columns_add(columns, "", "array", short_names ? cell_name : cell_array, NULL)->left = true;
	snprintf(columns->column[0].foot, COLUMN_TEXT, "%s", "right (! misleads)");
	columns_add(columns, "", "makes", cell_metric, metric_find("heap.asked_bytes"));
	columns_add(columns, "", "truth", cell_truth, NULL)->left = true;
	for (const char *const *fact = lesson->judged_facts; *fact != NULL; fact++)
		add_fact(columns, lesson, *fact);
	columns_measure(columns, lesson->variants, lesson->nvariants, sizeof lesson->variants[0], columns_way_is_whole);
}

/* The NumPy lines if they fit, else the ways' names, else these closer together. */
static void fit(struct columns *columns, const struct lesson_result *lesson, size_t page)
{
	choose(columns, lesson, false);
	if (columns_width(columns, 1, columns->count) > page)
		choose(columns, lesson, true);
	if (columns_width(columns, 1, columns->count) > page)
		columns->gap = 1;
}

static void row(const struct report_options *options, const struct columns *columns, size_t first, size_t end, const struct variant_result *way)
{
	if (way->status == RESULT_OK) {
		columns_row(options, columns, first, end, way);
		fputc('\n', options->stream);
		return;
	}
	struct cell name = { .style = STYLE_PLAIN };
	columns->column[0].fill(&columns->column[0], way, &name);
	char *why = table_failure(way);
	struct text lead = { 0 };
	text_addf(&lead, "%-*s  ", (int)columns->column[0].width, name.text);
	fputs(text_string(&lead), options->stream);
	struct text wrapped = { 0 };
	style_wrap(&wrapped, why != NULL ? why : "", text_width(text_string(&lead)), 4, style_width(options));
	style_lines(options, STYLE_MARK, text_string(&wrapped));
	text_release(&wrapped);
	text_release(&lead);
	free(why);
}

/* Does a twin say the same as its way in C: view or copy, and each test? */
static bool agrees(const struct lesson_result *lesson, const struct variant_result *twin)
{
	const struct variant_result *way = lesson_result_variant(lesson, "c", twin->name);
	if (way->status != RESULT_OK || twin->status != RESULT_OK || table_is_view(way) != table_is_view(twin))
		return false;
	for (const char *const *fact = lesson->judged_facts; *fact != NULL; fact++)
		if (table_fact(way, *fact) != table_fact(twin, *fact))
			return false;
	return true;
}

/* One line for all that NumPy says of the same arrays, and one for each where it says something else. */
static void twins(const struct report_options *options, const struct lesson_result *lesson, const struct columns *columns)
{
	size_t twins = 0, agreeing = 0;
	for (size_t i = 0; i < lesson->nvariants; i++) {
		if (table_is_told(lesson, i))
			continue;
		twins++;
		agreeing += agrees(lesson, &lesson->variants[i]);
	}
	if (twins == 0)
		return;
	struct text text = { 0 };
	text_addf(&text, "%s the same of %zu of %zu arrays%s", agreeing > 0 ? "says" : "does not say", agreeing, twins,
	          agreeing == twins ? ", by its own tests and by the bytes that they keep." : "; not of");
	bool first = true;
	for (size_t i = 0; i < lesson->nvariants; i++) {
		if (table_is_told(lesson, i) || agrees(lesson, &lesson->variants[i]))
			continue;
		text_addf(&text, "%s %s", first ? "" : ",", lesson->variants[i].name);
		if (lesson->variants[i].status != RESULT_OK) {
			char *why = table_failure(&lesson->variants[i]);
			text_addf(&text, " (%s)", why != NULL ? why : "");
			free(why);
		}
		first = false;
	}
	if (!first)
		text_add(&text, ".");
	struct text lead = { 0 };
	text_addf(&lead, "%s ", lesson->numpy != NULL ? lesson->numpy : "NumPy");
	style_paragraph(options, STYLE_PLAIN, text_string(&lead), text_string(&text), 2);
	for (size_t i = 0; i < lesson->nvariants; i++) {
		const struct variant_result *way = &lesson->variants[i];
		if (table_is_told(lesson, i) || agrees(lesson, way) || way->status != RESULT_OK)
			continue;
		columns_row(options, columns, 1, columns->count, way);
		fputc('\n', options->stream);
	}
	text_release(&lead);
	text_release(&text);
}

void table_truth(const struct report_options *options, const struct lesson_result *lesson)
{
	struct columns columns;
	size_t page = style_width(options);
	fit(&columns, lesson, page);
	for (size_t first = 1, end; first < columns.count; first = end) {
		end = columns_block(&columns, first, page);
		columns_head(options, &columns, first, end);
		fputc('\n', options->stream);
		for (size_t i = 0; i < lesson->nvariants; i++)
			if (table_is_told(lesson, i) && (lesson->variants[i].status == RESULT_OK || first == 1))
				row(options, &columns, first, end, &lesson->variants[i]);
		columns_foot(options, &columns, first, end);
		fputc('\n', options->stream);
	}
	twins(options, lesson, &columns);
	for (size_t i = 0; i < lesson->nnotes; i++)
		style_paragraph(options, STYLE_PLAIN, "Note: ", lesson->notes[i], 2);
}
