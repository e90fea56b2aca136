/* SPDX-License-Identifier: MIT */
/* Words about a program as a whole: how it ended, which run its numbers come from, whose its peaks are. */

#include "report/programs.h"

#include "report/names.h"

#include "base/program_metric.h"

#include <string.h>

/* ---- how it ended, and where the numbers come from ---- */

void programs_exit(const struct program_result *program, struct text *out)
{
	const char *name = program->signal > 0 ? sigabbrev_np(program->signal) : NULL;
	switch (program->status) {
	case RESULT_OK:
		text_addf(out, "exit %d", program->exit_status);
		return;
	case RESULT_KILLED:
		if (name != NULL)
			text_addf(out, "killed by SIG%s", name);
		else
			text_addf(out, "killed by signal %d", program->signal);
		return;
	case RESULT_HUNG:
		text_add(out, "timed out");
		return;
	case RESULT_FAILED:
		text_add(out, "could not be run");
		return;
	case RESULT_WRONG:
	case RESULT_REFUSED:
		break;
	}
	text_add(out, result_status_name(program->status));
}

void programs_heap_source(const struct program_result *program, struct text *out)
{
	text_add(out, "heap");
	if (program->total.heap.source != NULL)
		text_addf(out, ": %s", program->total.heap.source);
}

static bool is_counted(const char *source)
{
	return source != NULL && strcmp(source, PROGRAM_COUNTED) == 0;
}

static void add_source(struct text *out, const char *columns, const char *source)
{
	if (source == NULL)
		return;
	text_addf(out, "%s%s: %s", out->length > 0 ? "; " : "", columns, source);
	if (is_counted(source))
		text_add(out, " (its own allocator: --plain)");
}

void programs_machine_source(const struct program_result *program, struct text *out)
{
	const char *resident = program->total.resident.source, *time = program->total.time.source;
	struct text sources = { 0 };
	if (resident != NULL && time != NULL && strcmp(resident, time) == 0) {
		add_source(&sources, "RSS, faults, times", time);
	} else {
		add_source(&sources, "RSS, faults", resident);
		add_source(&sources, "times", time);
	}
	text_add(out, sources.length > 0 ? text_string(&sources) : "RSS, faults, times");
	if (program->total.time.runs > 1)
		text_addf(out, ", median of %lld runs", (long long)program->total.time.runs);
	text_release(&sources);
}

void programs_sources(const struct program_result *program, struct text *out)
{
	const struct program_row *total = &program->total;
	if (is_counted(total->heap.source) && is_counted(total->resident.source) && is_counted(total->time.source)) {
		add_source(out, "all columns", PROGRAM_COUNTED);
		return;
	}
	bool has_machine = total->resident.source != NULL || total->time.source != NULL;
	if (total->heap.source != NULL)
		programs_heap_source(program, out);
	if (total->heap.source != NULL && has_machine)
		text_add(out, "; ");
	if (has_machine)
		programs_machine_source(program, out);
}

/* ---- processes ---- */

const struct program_row *programs_largest(const struct program_result *program, const char *metric)
{
	const struct program_row *found = NULL;
	double most = -1, whole = program_metric_value(program_metric_find(metric), program, &program->total);
	for (size_t i = 0; i < program->nprocesses; i++) {
		double value = program_metric_value(program_metric_find(metric), program, &program->processes[i]);
		if (value == whole)
			return &program->processes[i];
		if (value > most) {
			most = value;
			found = &program->processes[i];
		}
	}
	return found;
}

void programs_add_process(struct text *out, const struct program_row *process)
{
	if (process->pid != RESULT_NONE)
		text_addf(out, "%lld ", (long long)process->pid);
	names_add_short(out, process->name != NULL ? process->name : "?", PROGRAMS_NAME, SIZE_MAX);
}

/* Programs that followed one another in one process by exec have its number. */
static size_t count_processes(const struct program_result *program)
{
	size_t count = 0;
	for (size_t i = 0; i < program->nprocesses; i++) {
		bool seen = false;
		for (size_t k = 0; k < i && !seen; k++)
			seen = program->processes[i].pid != RESULT_NONE && program->processes[k].pid == program->processes[i].pid;
		count += !seen;
	}
	return count;
}

void programs_processes(const struct program_result *program, struct text *out)
{
	const struct program_row *heap = programs_largest(program, "heap.peak_bytes"), *resident = programs_largest(program, "resident.peak_bytes");
	size_t rows = program->nprocesses, count = count_processes(program);
	text_addf(out, "%zu process%s", count, count == 1 ? "" : "es");
	if (count < rows)
		text_addf(out, " (exec made %zu program%s of %s)", rows, rows == 1 ? "" : "s", count == 1 ? "it" : "them");
	text_add(out, ", added up in the program's row");
	if (heap != NULL && (resident == NULL || resident == heap)) {
		text_add(out, "; its peaks are those of the largest process, ");
		programs_add_process(out, heap);
	} else if (heap != NULL || resident != NULL) {
		text_add(out, "; of the largest process are its");
		if (heap != NULL) {
			text_add(out, " peak heap (");
			programs_add_process(out, heap);
		}
		text_add(out, heap != NULL && resident != NULL ? ") and its" : "");
		if (resident != NULL) {
			text_add(out, " peak RSS (");
			programs_add_process(out, resident);
		}
		text_add(out, ")");
	}
}
