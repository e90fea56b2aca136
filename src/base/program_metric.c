/* SPDX-License-Identifier: MIT */
/*
 * Every number of a program's row, in the order of the JSON and the CSV; those with a heading are the columns of the tables. To add one: a member in
 * program.h, a row here, and the code that measures it.
 */

#include "base/program_metric.h"

#include <math.h>
#include <string.h>

#define AT(member) offsetof(struct program_row, member)
#define OF_PROGRAM(member) offsetof(struct program_result, member)

const struct metric program_metric_table[] = {
	{ .group = "heap", .name = "asked_bytes", .column = "asked", .unit = METRIC_BYTES, .offset = AT(heap.asked_bytes),
	  .help = "bytes requested, all calls added up; a realloc adds its new size" },
	{ .group = "heap", .name = "allocated_bytes", .column = "allocated", .unit = METRIC_BYTES, .offset = AT(heap.allocated_bytes),
	  .help = "bytes handed out for them, in the allocator's size classes" },
	{ .group = "heap", .name = "allocations", .column = "allocations", .unit = METRIC_COUNT, .offset = AT(heap.allocations),
	  .help = "successful calls of malloc, calloc, realloc and their kin" },
	{ .group = "heap", .name = "temporary_allocations", .column = "temporary", .unit = METRIC_COUNT, .offset = AT(heap.temporary_allocations),
	  .help = "of them: freed before the same thread's next allocation" },
	{ .group = "heap", .name = "reallocations_in_place", .unit = METRIC_COUNT, .offset = AT(heap.reallocations_in_place),
	  .help = "calls of realloc that grew or shrank a block where it was" },
	{ .group = "heap", .name = "reallocations_moved", .unit = METRIC_COUNT, .offset = AT(heap.reallocations_moved),
	  .help = "calls of realloc that moved a block, and so copied it" },
	{ .group = "heap", .name = "peak_bytes", .column = "peak heap", .unit = METRIC_BYTES, .offset = AT(heap.peak_bytes),
	  .help = "most allocated bytes alive at once; of the largest process" },
	{ .group = "heap", .name = "peak_error_bytes", .unit = METRIC_BYTES, .offset = AT(heap.peak_error_bytes),
	  .help = "the peak is within so much: 0 with one thread" },
	{ .group = "heap", .name = "kept_bytes", .column = "kept", .unit = METRIC_BYTES, .offset = AT(heap.kept_bytes),
	  .help = "bytes still alive at the end; of the process whose peak is shown" },

	{ .group = "resident", .name = "peak_bytes", .column = "peak RSS", .unit = METRIC_BYTES, .offset = AT(resident.peak_bytes),
	  .help = "the resident set's high-water mark; of the largest process" },
	{ .group = "resident", .name = "faults", .column = "faults", .unit = METRIC_COUNT, .offset = AT(resident.faults), .help = "minor page faults" },

	{ .group = "time", .name = "runs", .unit = METRIC_COUNT, .offset = AT(time.runs), .help = "runs that were timed" },
	{ .group = "time", .name = "wall_ns", .column = "wall", .unit = METRIC_NS, .offset = AT(time.wall_ns), .is_real = true,
	  .help = "from start to end, the median of the runs" },
	{ .group = "time", .name = "user_ns", .column = "user", .unit = METRIC_NS, .offset = AT(time.user_ns), .is_real = true,
	  .help = "processor time of the program itself, the median" },
	{ .group = "time", .name = "system_ns", .column = "system", .unit = METRIC_NS, .offset = AT(time.system_ns), .is_real = true,
	  .help = "processor time of the kernel for it, the median" },
	{ .group = "time", .name = "wall_min_ns", .unit = METRIC_NS, .offset = AT(time.wall_min_ns), .is_real = true, .help = "the shortest run" },
	{ .group = "time", .name = "wall_max_ns", .unit = METRIC_NS, .offset = AT(time.wall_max_ns), .is_real = true, .help = "the longest run" },

	{ .group = "ratio", .name = "time", .unit = METRIC_RATIO, .offset = OF_PROGRAM(ratio.time), .is_real = true,
	  .help = "wall time over the baseline's: below 1 is faster" },
	{ .group = "ratio", .name = "low", .unit = METRIC_RATIO, .offset = OF_PROGRAM(ratio.low), .is_real = true,
	  .help = "lower end of the ratio's 95 % interval" },
	{ .group = "ratio", .name = "high", .unit = METRIC_RATIO, .offset = OF_PROGRAM(ratio.high), .is_real = true,
	  .help = "upper end of the ratio's 95 % interval" },
	{ .group = "ratio", .name = "resolved", .unit = METRIC_BOOL, .offset = OF_PROGRAM(ratio.resolved),
	  .help = "1: the interval lies outside 0.99 to 1.01" },
};

const size_t program_metric_count = sizeof program_metric_table / sizeof program_metric_table[0];

double program_metric_value(const struct metric *metric, const struct program_result *program, const struct program_row *row)
{
	if (strcmp(metric->group, "ratio") != 0)
		return metric_read(metric, row);
	return row->kind == PROGRAM_TOTAL ? metric_read(metric, program) : NAN;
}

const struct metric *program_metric_find(const char *name)
{
	const char *dot = strchr(name, '.');
	for (size_t i = 0; i < program_metric_count && dot != NULL; i++) {
		const struct metric *m = &program_metric_table[i];
		size_t length = (size_t)(dot - name);
		if (strlen(m->group) == length && strncmp(name, m->group, length) == 0 && strcmp(dot + 1, m->name) == 0)
			return m;
	}
	return NULL;
}

const char *program_metric_why(const char *group, const struct program_result *program, const struct program_row *row)
{
	if (strcmp(group, "heap") == 0)
		return row->heap.why;
	if (strcmp(group, "resident") == 0)
		return row->resident.why;
	if (strcmp(group, "time") == 0)
		return row->time.why;
	if (strcmp(group, "ratio") == 0 && row->kind == PROGRAM_TOTAL)
		return program->ratio.why;
	return "";
}

const char *program_metric_source(const char *group, const struct program_row *row)
{
	if (strcmp(group, "heap") == 0)
		return row->heap.source;
	if (strcmp(group, "resident") == 0)
		return row->resident.source;
	if (strcmp(group, "time") == 0)
		return row->time.source;
	return NULL;
}
