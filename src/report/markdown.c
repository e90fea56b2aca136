/* SPDX-License-Identifier: MIT */
/*
 * Markdown: for each lesson a short ledger, the page's sentences, and a table with all the columns of the CSV. A pipe inside a cell is escaped,
 * and what Markdown would take for markup is too.
 */

#include "report/formats.h"
#include "report/names.h"
#include "report/programs.h"
#include "report/rows.h"

#include "base/metric.h"
#include "base/units.h"

#include <stdlib.h>
#include <string.h>

void markdown_escaped(FILE *stream, const char *value)
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
	markdown_escaped(stream, value);
	fputs(*value != '\0' ? " |" : "|", stream);
}

static void begin(const struct report_options *options, const struct results *results)
{
	fputs("# memhint\n\n", options->stream);
	markdown_escaped(options->stream, results->host.cpu);
	fprintf(options->stream, ", %d CPUs, Linux ", results->host.cpus);
	markdown_escaped(options->stream, results->host.kernel);
	fputs(", jemalloc ", options->stream);
	markdown_escaped(options->stream, results->host.jemalloc);
	fputs(".\n", options->stream);
}

/* ---- a short table, as on the screen ---- */

/* Columns as on the screen. words: in place of the numbers of a row that has none (else NULL); the caller frees them. */
static void short_table(FILE *stream, const struct columns *columns, const void *rows, size_t count, size_t size, char *(*words)(const void *row))
{
	fputs("|", stream);
	for (size_t c = 0; c < columns->count; c++)
		cell(stream, columns->column[c].heading);
	fputs("\n|", stream);
	for (size_t c = 0; c < columns->count; c++)
		fputs(columns->column[c].left ? "---|" : "---:|", stream);
	fputc('\n', stream);
	for (size_t i = 0; i < count; i++) {
		const void *row = (const char *)rows + i * size;
		char *instead = words(row);
		fputs("|", stream);
		for (size_t c = 0; c < columns->count; c++) {
			struct cell made = { .style = STYLE_PLAIN };
			if (c == 0 || instead == NULL)
				columns->column[c].fill(&columns->column[c], row, &made);
			cell(stream, c == 1 && instead != NULL ? instead : made.text);
		}
		fputc('\n', stream);
		free(instead);
	}
}

static char *instead_of_way(const void *row)
{
	const struct variant_result *way = row;
	return way->status != RESULT_OK ? strdup(result_status_name(way->status)) : NULL;
}

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
	short_table(stream, &columns, lesson->variants, lesson->nvariants, sizeof lesson->variants[0], instead_of_way);
}

static void claims(FILE *stream, const struct lesson_result *lesson)
{
	if (lesson->nclaims == 0)
		return;
	fputs("\n| the page says | measured here | verdict | expected | condition |\n|---|---|---|---|---|\n", stream);
	for (size_t i = 0; i < lesson->nclaims; i++) {
		const struct claim_result *claim = &lesson->claims[i];
		fputs("|", stream);
		struct text words = { 0 };
		text_addf(&words, "%s%s", style_claim_is_numpy(claim) ? "NumPy: " : "", claim->source);
		cell(stream, text_string(&words));
		text_release(&words);
		cell(stream, claim->measured != NULL ? claim->measured : "");
		cell(stream, style_verdict(claim->verdict));
		cell(stream, claim_verdict_name(claim->expected));
		cell(stream, claim->condition != NULL ? claim->condition : "");
		fputc('\n', stream);
	}
}

/* ---- every column ---- */

void markdown_head(FILE *stream, const struct rows *rows)
{
	fputs("\n|", stream);
	for (size_t c = 0; c < rows->columns(); c++) {
		struct text name = { 0 };
		rows->name(c, &name);
		cell(stream, text_string(&name));
		text_release(&name);
	}
	fputs("\n|", stream);
	for (size_t c = 0; c < rows->columns(); c++)
		fputs(rows->is_number(c) ? "---:|" : "---|", stream);
	fputc('\n', stream);
}

void markdown_row(FILE *stream, const struct rows *rows, const void *row)
{
	fputs("|", stream);
	for (size_t c = 0; c < rows->columns(); c++) {
		struct text value = { 0 };
		rows->value(row, c, &value);
		cell(stream, text_string(&value));
		text_release(&value);
	}
	fputc('\n', stream);
}

static void paragraph(FILE *stream, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	markdown_escaped(stream, text);
	fputs("\n\n", stream);
}

static void lesson(const struct report_options *options, const struct results *results, size_t index)
{
	const struct lesson_result *done = &results->lessons[index];
	fprintf(options->stream, "\n## %s (%s): ", done->name, done->id);
	markdown_escaped(options->stream, done->title);
	fputs("\n\n", options->stream);
	paragraph(options->stream, done->job);
	paragraph(options->stream, done->input);
	for (size_t i = 0; i < done->nnotes; i++)
		paragraph(options->stream, done->notes[i]);
	ledger(options->stream, done);
	claims(options->stream, done);
	markdown_head(options->stream, &rows_of_ways);
	for (size_t i = 0; i < done->nvariants; i++)
		markdown_row(options->stream, &rows_of_ways, &(struct rows_way){ done, &done->variants[i] });
}

/* ---- programs ---- */

static char *instead_of_program(const void *row)
{
	const struct program_line *line = row;
	struct text text = { 0 };
	if (line->program->status == RESULT_OK || line->row->kind != PROGRAM_TOTAL || programs_has_heap(line->row))
		return NULL;
	programs_exit(line->program, &text);
	return text_take(&text);
}

static void cell_command(const struct column *column, const void *row, struct cell *out_cell)
{
	const struct program_line *line = row;
	struct text text = { 0 };
	(void)column;
	names_add_short(&text, line->program->total.name != NULL ? line->program->total.name : "?", sizeof out_cell->text - 1, sizeof out_cell->text - 3);
	snprintf(out_cell->text, sizeof out_cell->text, "%s%s", text_string(&text), line->is_baseline ? " *" : "");
	text_release(&text);
}

static void cell_ratio_of_program(const struct column *column, const void *row, struct cell *out_cell)
{
	const struct program_line *line = row;
	(void)column;
	cell_against(out_cell, &line->program->ratio, line->is_baseline);
}

static void cell_half_of_program(const struct column *column, const void *row, struct cell *out_cell)
{
	const struct program_line *line = row;
	(void)column;
	cell_half(out_cell, &line->program->ratio, line->is_baseline);
}

static void program_ledger(FILE *stream, const struct program_result *program)
{
	struct columns columns = { 0 };
	size_t count = rows_lines(program) - (program->nprocesses == 1 ? 1 : 0); /* the only process is the program */
	struct program_line *lines = calloc(count, sizeof *lines);
	columns_add(&columns, "", "row", cell_program, NULL)->left = true;
	programs_add_group(&columns, "heap");
	programs_add_group(&columns, "resident");
	programs_add_group(&columns, "time");
	for (size_t i = 0; i < count && lines != NULL; i++) {
		lines[i] = (struct program_line){ .program = program, .row = rows_line(program, i) };
		programs_label(&lines[i], COLUMN_TEXT);
	}
	if (lines != NULL)
		short_table(stream, &columns, lines, count, sizeof *lines, instead_of_program);
	free(lines);
}

static void remarks(FILE *stream, const struct program_result *program)
{
	struct remarks remarks = { 0 };
	struct text source = { 0 };
	remarks_of(program, REMARKS_BESIDE_ROWS, &remarks);
	programs_sources(program, &source);
	if (program->nprocesses > 1) {
		text_add(&source, ". ");
		programs_processes(program, &source);
	}
	text_add(&source, ".");
	fputc('\n', stream);
	paragraph(stream, text_string(&source));
	for (size_t i = 0; i < remarks.count; i++) {
		const char *lead = remarks.remark[i].lead;
		lead += strspn(lead, " -");
		fputs("- ", stream);
		markdown_escaped(stream, lead);
		markdown_escaped(stream, remarks.remark[i].text);
		fputc('\n', stream);
	}
	text_release(&source);
	remarks_release(&remarks);
}

static void program(FILE *stream, const struct program_result *program, size_t number)
{
	struct text name = { 0 };
	names_add(&name, program->total.name != NULL ? program->total.name : "?");
	text_add(&name, ": ");
	programs_exit(program, &name);
	fputs("\n## ", stream);
	markdown_escaped(stream, text_string(&name));
	fputs("\n\n", stream);
	text_release(&name);
	paragraph(stream, program->why);
	program_ledger(stream, program);
	remarks(stream, program);
	markdown_head(stream, &rows_of_programs);
	for (size_t i = 0; i < rows_lines(program); i++)
		markdown_row(stream, &rows_of_programs, &(struct rows_line){ program, number, rows_line(program, i) });
}

static void compared(FILE *stream, const struct results *results)
{
	struct columns columns = { 0 };
	struct program_line *lines = calloc(results->nprograms, sizeof *lines);
	columns_add(&columns, "", "command", cell_command, NULL)->left = true;
	programs_add_group(&columns, "heap");
	programs_add_group(&columns, "resident");
	programs_add_group(&columns, "time");
	columns_add(&columns, "", "against *", cell_ratio_of_program, NULL);
	columns_add(&columns, "", "+-", cell_half_of_program, NULL);
	for (size_t i = 0; i < results->nprograms && lines != NULL; i++)
		lines[i] = (struct program_line){ .program = &results->programs[i], .row = &results->programs[i].total, .is_baseline = programs_is_baseline(results, i) };
	fputc('\n', stream);
	if (lines != NULL)
		short_table(stream, &columns, lines, results->nprograms, sizeof *lines, instead_of_program);
	free(lines);
}

static void end(const struct report_options *options, const struct results *results)
{
	if (programs_are_compared(results))
		compared(options->stream, results);
	for (size_t i = 0; i < results->nprograms; i++)
		program(options->stream, &results->programs[i], i + 1);
}

const struct report_format report_markdown = {
	.name = "markdown",
	.help = "tables for a page or an issue",
	.begin = begin,
	.lesson = lesson,
	.end = end,
};
