/* SPDX-License-Identifier: MIT */
/* A program in JSON: its total, then its startup, regions and processes as objects of the same groups. Numbers come from the program metric table. */

#include "report/json_parts.h"
#include "report/rows.h"

#include "base/program_metric.h"

static json_t *group(const char *name, const struct program_result *program, const struct program_row *row)
{
	const char *why = program_metric_why(name, program, row);
	if (*why == '\0' && program->status == RESULT_FAILED) /* it never ran: the one reason is that of all groups */
		why = program->why;
	json_t *object = part_group(name, program_metric_table, program_metric_count, row, why);
	part_set(object, "source", part_string(program_metric_source(name, row)));
	return object;
}

static void set_groups(json_t *object, const struct program_result *program, const struct program_row *row)
{
	part_set(object, "heap", group("heap", program, row));
	part_set(object, "resident", group("resident", program, row));
	part_set(object, "time", group("time", program, row));
}

static json_t *row(const struct program_result *program, const struct program_row *row)
{
	json_t *object = json_object();
	part_set(object, "name", part_string(row->name));
	if (row->kind == PROGRAM_REGION) {
		part_set(object, "times", part_integer(row->times));
		part_set(object, "unended", part_integer(row->unended));
	}
	if (row->kind == PROGRAM_PROCESS) {
		part_set(object, "number", part_integer(row->pid));
		part_set(object, "parent", part_integer(row->parent));
		part_set(object, "began", part_string(row->began));
		part_set(object, "ended", part_string(row->ended));
		part_set(object, "threads", part_integer(row->threads));
	}
	set_groups(object, program, row);
	return object;
}

static json_t *rows(const struct program_result *program, const struct program_row *first, size_t count)
{
	json_t *array = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, row(program, &first[i]));
	return array;
}

static json_t *budgets(const struct program_result *program)
{
	json_t *array = json_array();
	for (size_t i = 0; i < program->nbudgets; i++) {
		const struct program_budget *budget = &program->budgets[i];
		json_t *object = json_object();
		part_set(object, "option", part_string(budget->option));
		part_set(object, "region", part_string(budget->region));
		part_set(object, "unit", part_string(budget->is_bytes ? "bytes" : "count"));
		part_set(object, "limit", json_integer(budget->limit));
		part_set(object, "used", part_integer(budget->used));
		part_set(object, "broken", json_boolean(budget->broken));
		part_set_why(object, budget->why);
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *largest(const struct program_result *program)
{
	json_t *array = json_array();
	for (size_t i = 0; i < program->nlargest; i++) {
		json_t *object = json_object();
		part_set(object, "asked_bytes", part_integer(program->largest[i].asked_bytes));
		part_set(object, "process", part_string(program->largest[i].process));
		part_set(object, "where", part_string(program->largest[i].where));
		json_array_append_new(array, object);
	}
	return array;
}

json_t *part_program(const struct program_result *program, bool is_baseline)
{
	json_t *object = json_object();
	part_set(object, "name", part_string(program->total.name));
	part_set(object, "command", part_strings(program->argv, program->argc));
	part_set(object, "shell", json_boolean(program->shell));
	part_set(object, "status", part_string(result_status_name(program->status)));
	part_set_why(object, program->why);
	part_set(object, "exit_status", program->exit_status < 0 ? json_null() : json_integer(program->exit_status));
	part_set(object, "signal", program->signal > 0 ? json_integer(program->signal) : json_null());
	set_groups(object, program, &program->total);
	part_set(object, "baseline", part_string(program->baseline));
	part_set(object, "ratio", is_baseline || program->baseline == NULL ? json_null() :
	         part_group("ratio", program_metric_table, program_metric_count, program, program->ratio.why));
	part_set(object, "startup", program->has_startup ? row(program, &program->startup) : json_null());
	part_set(object, "regions", rows(program, program->regions, program->nregions));
	part_set(object, "processes", rows(program, program->processes, program->nprocesses));
	part_set(object, "missing", part_strings(program->missing, program->nmissing));
	part_set(object, "unmatched_ends", part_integer(program->unmatched_ends));
	part_set(object, "python_objects_counted", json_boolean(!program->python));
	part_set(object, "budgets", budgets(program));
	part_set(object, "largest", largest(program));
	part_set(object, "notes", part_strings(program->notes, program->nnotes));
	return object;
}
