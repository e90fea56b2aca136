/* SPDX-License-Identifier: MIT */
/*
 * Markdown: for each lesson a short ledger, the page's sentences, and a table with all the columns of the CSV. A pipe inside a cell is escaped,
 * and what Markdown would take for markup is too.
 */

#include "report/columns.h"
#include "report/formats.h"
#include "report/rows.h"

#include "base/metric.h"
#include "base/units.h"

#include <string.h>

static void escaped(FILE *stream, const char *value)
{
	for (const char *c = value; *c != '\0'; c++) {
		if (*c == '\n' || *c == '\r') {
			fputc(' ', stream);
			continue;
		}
		if (strchr("|\\*`<", *c) != NULL)
			fputc('\\', stream);
		fputc(*c, stream);
	}
}

static void cell(FILE *stream, const char *value)
{
	fputs(" ", stream);
	escaped(stream, value);
	fputs(*value != '\0' ? " |" : "|", stream);
}

static void begin(const struct report_options *options, const struct results *results)
{
	fputs("# memhint\n\n", options->stream);
	escaped(options->stream, results->host.cpu);
	fprintf(options->stream, ", %d CPUs, Linux ", results->host.cpus);
	escaped(options->stream, results->host.kernel);
	fputs(", jemalloc ", options->stream);
	escaped(options->stream, results->host.jemalloc);
	fputs(".\n", options->stream);
}

/* ---- a short table, as on the screen ---- */

static void ledger(FILE *stream, const struct lesson_result *lesson)
{
	struct columns columns = { 0 };
	columns_add(&columns, "", "way", cell_way, NULL)->left = true;
	columns_add(&columns, "", "makes", cell_metric, metric_find("heap.asked_bytes"));
	columns_add(&columns, "", "peak", cell_metric, metric_find("heap.peak_asked_bytes"));
	if (lesson->judged_facts == NULL) { /* a truth table has no times */
		columns_add(&columns, "", "time", cell_metric, metric_find("time.median_ns"));
		columns_add(&columns, "", "against *", cell_ratio, NULL);
	}
	fputs("|", stream);
	for (size_t c = 0; c < columns.count; c++)
		cell(stream, columns.column[c].heading);
	fputs("\n|", stream);
	for (size_t c = 0; c < columns.count; c++)
		fputs(columns.column[c].left ? "---|" : "---:|", stream);
	fputc('\n', stream);
	for (size_t i = 0; i < lesson->nvariants; i++) {
		const struct variant_result *way = &lesson->variants[i];
		fputs("|", stream);
		for (size_t c = 0; c < columns.count; c++) {
			struct cell words = { .style = STYLE_PLAIN };
			if (c > 0 && way->status != RESULT_OK)
				snprintf(words.text, sizeof words.text, "%s", c == 1 ? result_status_name(way->status) : "");
			else
				columns.column[c].fill(&columns.column[c], way, &words);
			cell(stream, words.text);
		}
		fputc('\n', stream);
	}
}

static void claims(FILE *stream, const struct lesson_result *lesson)
{
	if (lesson->nclaims == 0)
		return;
	fputs("\n| the page says | measured here | verdict | expected | condition |\n|---|---|---|---|---|\n", stream);
	for (size_t i = 0; i < lesson->nclaims; i++) {
		const struct claim_result *claim = &lesson->claims[i];
		fputs("|", stream);
		cell(stream, claim->source);
		cell(stream, claim->measured != NULL ? claim->measured : "");
		cell(stream, style_verdict(claim->verdict));
		cell(stream, claim_verdict_name(claim->expected));
		cell(stream, claim->condition != NULL ? claim->condition : "");
		fputc('\n', stream);
	}
}

/* ---- every column ---- */

static void all(FILE *stream, const struct lesson_result *lesson)
{
	fputs("\n|", stream);
	for (size_t c = 0; c < rows_columns(); c++) {
		struct text name = { 0 };
		rows_name(c, &name);
		cell(stream, text_string(&name));
		text_release(&name);
	}
	fputs("\n|", stream);
	for (size_t c = 0; c < rows_columns(); c++)
		fputs(rows_is_number(c) ? "---:|" : "---|", stream);
	fputc('\n', stream);
	for (size_t i = 0; i < lesson->nvariants; i++) {
		fputs("|", stream);
		for (size_t c = 0; c < rows_columns(); c++) {
			struct text value = { 0 };
			rows_value(lesson, &lesson->variants[i], c, &value);
			cell(stream, text_string(&value));
			text_release(&value);
		}
		fputc('\n', stream);
	}
}

static void paragraph(FILE *stream, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	escaped(stream, text);
	fputs("\n\n", stream);
}

static void lesson(const struct report_options *options, const struct results *results, size_t index)
{
	const struct lesson_result *done = &results->lessons[index];
	fprintf(options->stream, "\n## %s (%s): ", done->name, done->id);
	escaped(options->stream, done->title);
	fputs("\n\n", options->stream);
	paragraph(options->stream, done->job);
	paragraph(options->stream, done->input);
	for (size_t i = 0; i < done->nnotes; i++)
		paragraph(options->stream, done->notes[i]);
	ledger(options->stream, done);
	claims(options->stream, done);
	all(options->stream, done);
}

const struct report_format report_markdown = {
	.name = "markdown",
	.help = "tables for a page or an issue",
	.begin = begin,
	.lesson = lesson,
};
