/* SPDX-License-Identifier: MIT */
/*
 * The rows of a program: the total, the startup, each region and each process have the same columns. First some words about the row, then every metric of
 * the program metric table; what belongs to the program as a whole (budgets, notes, processes that were not reached) stands in the row of its total.
 */

#include "report/rows.h"

#include "base/program_metric.h"

#include <string.h>

size_t rows_lines(const struct program_result *program)
{
	return (program->has_startup ? 2u : 1u) + program->nregions + program->nprocesses;
}

const struct program_row *rows_line(const struct program_result *program, size_t index)
{
	if (index == 0)
		return &program->total;
	index--;
	if (program->has_startup && index-- == 0)
		return &program->startup;
	return index < program->nregions ? &program->regions[index] : &program->processes[index - program->nregions];
}

const char *rows_kind(enum program_row_kind kind)
{
	switch (kind) {
	case PROGRAM_TOTAL: return "total";
	case PROGRAM_STARTUP: return "startup";
	case PROGRAM_REGION: return "region";
	case PROGRAM_PROCESS: return "process";
	}
	return "unknown";
}

/* ---- words about the row ---- */

static void number(const struct rows_line *line, struct text *out)
{
	rows_integer((int64_t)line->number, out);
}

static void command(const struct rows_line *line, struct text *out)
{
	rows_words(line->program->total.name, out);
}

static void kind(const struct rows_line *line, struct text *out)
{
	rows_words(rows_kind(line->row->kind), out);
}

static void status(const struct rows_line *line, struct text *out)
{
	rows_words(result_status_name(line->program->status), out);
}

static void exit_status(const struct rows_line *line, struct text *out)
{
	rows_integer(line->program->exit_status < 0 ? RESULT_NONE : line->program->exit_status, out);
}

static void signal_number(const struct rows_line *line, struct text *out)
{
	rows_integer(line->program->signal > 0 ? line->program->signal : RESULT_NONE, out);
}

static void why(const struct rows_line *line, struct text *out)
{
	static const char *const groups[] = { "heap", "resident", "time", "ratio" };
	if (line->row->kind == PROGRAM_TOTAL)
		text_add(out, line->program->why);
	for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
		const char *reason = program_metric_why(groups[i], line->program, line->row);
		if (*reason != '\0')
			text_addf(out, "%s%s: %s", out->length > 0 ? "; " : "", groups[i], reason);
	}
}

static void baseline(const struct rows_line *line, struct text *out)
{
	rows_words(line->program->baseline, out);
}

static void heap_source(const struct rows_line *line, struct text *out)
{
	rows_words(line->row->heap.source, out);
}

static void resident_source(const struct rows_line *line, struct text *out)
{
	rows_words(line->row->resident.source, out);
}

static void time_source(const struct rows_line *line, struct text *out)
{
	rows_words(line->row->time.source, out);
}

#define IN_ROW(member) .offset = offsetof(struct program_row, member)

struct word_column {
	const char *name;
	void (*value)(const struct rows_line *, struct text *out); /* NULL: the member of struct program_row at offset */
	size_t offset;
	bool is_number; /* an int64_t there, else a string */
};

static const struct word_column about[] = {
	{ .name = "program", .value = number, .is_number = true },
	{ .name = "command", .value = command },
	{ .name = "row", .value = kind },
	{ .name = "name", IN_ROW(name) },
	{ .name = "status", .value = status },
	{ .name = "exit_status", .value = exit_status, .is_number = true },
	{ .name = "signal", .value = signal_number, .is_number = true },
	{ .name = "baseline", .value = baseline },
	{ .name = "why", .value = why },
	{ .name = "times", IN_ROW(times), .is_number = true },
	{ .name = "unended", IN_ROW(unended), .is_number = true },
	{ .name = "number", IN_ROW(pid), .is_number = true },
	{ .name = "parent", IN_ROW(parent), .is_number = true },
	{ .name = "began", IN_ROW(began) },
	{ .name = "ended", IN_ROW(ended) },
	{ .name = "threads", IN_ROW(threads), .is_number = true },
	{ .name = "heap_source", .value = heap_source },
	{ .name = "resident_source", .value = resident_source },
	{ .name = "time_source", .value = time_source },
};
enum { ABOUT = sizeof about / sizeof about[0] };

/* ---- what belongs to the program as a whole ---- */

static void missing(const struct program_result *program, struct text *out)
{
	for (size_t i = 0; i < program->nmissing; i++)
		text_addf(out, "%s%s", i > 0 ? "; " : "", program->missing[i]);
}

static void unmatched_ends(const struct program_result *program, struct text *out)
{
	rows_integer(program->unmatched_ends, out);
}

static void python_objects(const struct program_result *program, struct text *out)
{
	text_add(out, program->python ? "false" : "true");
}

/* "--max-peak windows: limit=70000000 used=69000000 broken=false; ..." */
static void budgets(const struct program_result *program, struct text *out)
{
	for (size_t i = 0; i < program->nbudgets; i++) {
		const struct program_budget *budget = &program->budgets[i];
		text_addf(out, "%s%s%s%s: limit=%lld used=", i > 0 ? "; " : "", budget->option, budget->region != NULL ? " " : "",
		          budget->region != NULL ? budget->region : "", (long long)budget->limit);
		rows_integer(budget->used, out);
		text_addf(out, " broken=%s", budget->broken ? "true" : "false");
	}
}

static void largest(const struct program_result *program, struct text *out)
{
	for (size_t i = 0; i < program->nlargest; i++)
		text_addf(out, "%s%lld at %s", i > 0 ? "; " : "", (long long)program->largest[i].asked_bytes,
		          program->largest[i].where != NULL ? program->largest[i].where : "?");
}

static void notes(const struct program_result *program, struct text *out)
{
	for (size_t i = 0; i < program->nnotes; i++)
		text_addf(out, "%s%s", i > 0 ? " " : "", program->notes[i]);
}

static const struct {
	const char *name;
	void (*value)(const struct program_result *, struct text *out);
	bool is_number;
} whole[] = {
	{ .name = "missing", .value = missing },
	{ .name = "unmatched_ends", .value = unmatched_ends, .is_number = true },
	{ .name = "python_objects_counted", .value = python_objects },
	{ .name = "budgets", .value = budgets },
	{ .name = "largest", .value = largest },
	{ .name = "notes", .value = notes },
};
enum { WHOLE = sizeof whole / sizeof whole[0] };

/* ---- all columns ---- */

static size_t columns(void)
{
	return ABOUT + program_metric_count + WHOLE;
}

static void name(size_t column, struct text *out)
{
	if (column < ABOUT)
		text_add(out, about[column].name);
	else if (column < ABOUT + program_metric_count)
		text_addf(out, "%s_%s", program_metric_table[column - ABOUT].group, program_metric_table[column - ABOUT].name);
	else
		text_add(out, whole[column - ABOUT - program_metric_count].name);
}

static bool is_number(size_t column)
{
	if (column < ABOUT)
		return about[column].is_number;
	return column < ABOUT + program_metric_count || whole[column - ABOUT - program_metric_count].is_number;
}

static void word(const struct word_column *column, const struct rows_line *line, struct text *out)
{
	const char *member = (const char *)line->row + column->offset;
	if (column->value != NULL) {
		column->value(line, out);
	} else if (column->is_number) {
		int64_t integer;
		memcpy(&integer, member, sizeof integer);
		rows_integer(integer, out);
	} else {
		const char *string;
		memcpy(&string, member, sizeof string);
		rows_words(string, out);
	}
}

static void value(const void *row, size_t column, struct text *out)
{
	const struct rows_line *line = row;
	if (column < ABOUT) {
		word(&about[column], line, out);
	} else if (column < ABOUT + program_metric_count) {
		const struct metric *metric = &program_metric_table[column - ABOUT];
		bool is_ratio = strcmp(metric->group, "ratio") == 0;
		if (!is_ratio || line->row->kind == PROGRAM_TOTAL)
			rows_metric(metric, is_ratio ? (const void *)line->program : line->row, out);
	} else if (line->row->kind == PROGRAM_TOTAL) {
		whole[column - ABOUT - program_metric_count].value(line->program, out);
	}
}

const struct rows rows_of_programs = {
	.columns = columns,
	.name = name,
	.is_number = is_number,
	.value = value,
};
