/* SPDX-License-Identifier: MIT */
/* The lines of a program's tables: what stands in each cell. Numbers come from the program metric table, and are never cut; names are. */

#include "report/programs.h"

#include "report/names.h"

#include "base/program_metric.h"
#include "base/units.h"

#include <math.h>
#include <string.h>

bool programs_is_baseline(const struct results *results, size_t index)
{
	const struct program_result *program = &results->programs[index];
	if (program->baseline == NULL || program->total.name == NULL || strcmp(program->baseline, program->total.name) != 0)
		return false;
	for (size_t i = 0; i < index; i++)
		if (results->programs[i].total.name != NULL && strcmp(results->programs[i].total.name, program->baseline) == 0)
			return false;
	return true;
}

bool programs_are_compared(const struct results *results)
{
	return results->nprograms > 1 || (results->nprograms == 1 && isfinite(results->programs[0].ratio.time));
}

size_t programs_label(struct program_line *line, size_t width)
{
	const struct program_row *row = line->row;
	struct text before = { 0 }, after = { 0 }, label = { 0 };
	char count[UNITS_TEXT];
	const char *name = row->name != NULL ? row->name : "?";
	switch (row->kind) {
	case PROGRAM_TOTAL:
		name = "program";
		break;
	case PROGRAM_STARTUP:
		break;
	case PROGRAM_REGION:
		text_add(&before, "  ");
		if (row->times > 1)
			text_addf(&after, " x%s", units_count((double)row->times, count));
		text_add(&after, row->unended > 0 ? " !" : "");
		break;
	case PROGRAM_PROCESS:
		if (row->pid != RESULT_NONE)
			text_addf(&before, "%lld ", (long long)row->pid);
		break;
	}
	size_t taken = before.length + after.length, room = width > taken ? width - taken : 1;
	text_add(&label, text_string(&before));
	names_add_short(&label, name, room, sizeof line->label - 1 - taken);
	text_add(&label, text_string(&after));
	snprintf(line->label, sizeof line->label, "%s", text_string(&label));
	text_release(&before);
	text_release(&after);
	text_release(&label);
	return text_width(line->label);
}

bool programs_has_heap(const struct program_row *row)
{
	return row->heap.asked_bytes != RESULT_NONE || row->heap.allocations != RESULT_NONE || row->heap.peak_bytes != RESULT_NONE;
}

bool programs_has_machine(const struct program_row *row)
{
	return row->resident.peak_bytes != RESULT_NONE || row->resident.faults != RESULT_NONE || isfinite(row->time.wall_ns) || isfinite(row->time.user_ns);
}

/* ---- cells ---- */

void cell_program(const struct column *column, const void *line, struct cell *cell)
{
	(void)column;
	snprintf(cell->text, sizeof cell->text, "%s", ((const struct program_line *)line)->label);
}

void cell_program_metric(const struct column *column, const void *line, struct cell *cell)
{
	const struct program_line *of = line;
	const struct metric *metric = column->context;
	cell_value(cell, metric, program_metric_value(metric, of->program, of->row));
	if (strcmp(metric->group, "heap") == 0 && !programs_has_heap(of->row) && of->row->heap.why[0] != '\0')
		snprintf(cell->text, sizeof cell->text, "%s", metric == program_metric_find("heap.asked_bytes") ? "cannot judge" : "");
}

void cell_program_ratio(const struct column *column, const void *line, struct cell *cell)
{
	const struct program_line *of = line;
	struct cell half = { .style = STYLE_PLAIN };
	(void)column;
	if (!of->is_baseline)
		cell_against(cell, &of->program->ratio, false);
	cell_half(&half, &of->program->ratio, of->is_baseline);
	size_t length = strlen(cell->text);
	if (!of->is_baseline && of->program->ratio.resolved == 1)
		snprintf(cell->text + length, sizeof cell->text - length, " %6.6s", half.text);
	else if (!of->is_baseline && of->program->ratio.resolved == 0)
		cell->style = STYLE_DIM;
}

void cell_program_exit(const struct column *column, const void *line, struct cell *cell)
{
	(void)column;
	snprintf(cell->text, sizeof cell->text, "%d", ((const struct program_line *)line)->program->exit_status);
	if (strcmp(cell->text, "0") != 0)
		cell->style = STYLE_MARK;
}

void cell_program_began(const struct column *column, const void *line, struct cell *cell)
{
	const struct program_row *row = ((const struct program_line *)line)->row;
	(void)column;
	if (row->began != NULL && row->parent != RESULT_NONE && strcmp(row->began, "fork") == 0)
		snprintf(cell->text, sizeof cell->text, "fork of %lld", (long long)row->parent);
	else
		snprintf(cell->text, sizeof cell->text, "%s", row->began != NULL ? row->began : "-");
}

void cell_program_ended(const struct column *column, const void *line, struct cell *cell)
{
	const struct program_row *row = ((const struct program_line *)line)->row;
	(void)column;
	snprintf(cell->text, sizeof cell->text, "%s", row->ended != NULL ? row->ended : "-");
	if (row->ended != NULL && strcmp(row->ended, "killed") == 0)
		cell->style = STYLE_MARK;
}

void cell_program_threads(const struct column *column, const void *line, struct cell *cell)
{
	const struct program_row *row = ((const struct program_line *)line)->row;
	char text[UNITS_TEXT];
	(void)column;
	snprintf(cell->text, sizeof cell->text, "%s", units_count(row->threads == RESULT_NONE ? NAN : (double)row->threads, text));
}

void programs_add_group(struct columns *columns, const char *group)
{
	for (size_t i = 0; i < program_metric_count; i++)
		if (program_metric_table[i].column != NULL && strcmp(program_metric_table[i].group, group) == 0)
			columns_add(columns, "", program_metric_table[i].column, cell_program_metric, &program_metric_table[i]);
}
