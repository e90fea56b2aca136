/* SPDX-License-Identifier: MIT */
/*
 * Every number of a variant's row, in the order of the JSON and the CSV; those with a heading are the columns of the wide table. To add one:
 * a member in result.h, a row here, and the code that measures it.
 */

#include "base/metric.h"

#include <math.h>
#include <string.h>

#define AT(member) offsetof(struct variant_result, member)

const struct metric metric_table[] = {
	{ .group = "heap", .name = "asked_bytes", .column = "makes", .unit = METRIC_BYTES, .offset = AT(heap.asked_bytes),
	  .help = "bytes requested while making the result, all calls added up" },
	{ .group = "heap", .name = "allocated_bytes", .column = "allocated", .unit = METRIC_BYTES, .offset = AT(heap.allocated_bytes),
	  .help = "bytes handed out for them, in the allocator's size classes" },
	{ .group = "heap", .name = "allocations", .column = "allocs", .unit = METRIC_COUNT, .offset = AT(heap.allocations),
	  .help = "successful calls of malloc, calloc, realloc and their kin" },
	{ .group = "heap", .name = "reallocations_in_place", .unit = METRIC_COUNT, .offset = AT(heap.reallocations_in_place),
	  .help = "calls of realloc that grew or shrank a block where it was" },
	{ .group = "heap", .name = "reallocations_moved", .unit = METRIC_COUNT, .offset = AT(heap.reallocations_moved),
	  .help = "calls of realloc that moved a block, and so copied it" },
	{ .group = "heap", .name = "peak_bytes", .column = "peak", .unit = METRIC_BYTES, .offset = AT(heap.peak_bytes),
	  .help = "most allocated bytes alive at once, above the start" },
	{ .group = "heap", .name = "peak_asked_bytes", .unit = METRIC_BYTES, .offset = AT(heap.peak_asked_bytes),
	  .help = "most requested bytes alive at once; the peak that is predicted" },
	{ .group = "heap", .name = "kept_bytes", .column = "kept", .unit = METRIC_BYTES, .offset = AT(heap.kept_bytes),
	  .help = "bytes still alive when the result is made" },
	{ .group = "heap", .name = "copied_bytes", .column = "copied", .unit = METRIC_BYTES, .offset = AT(heap.copied_bytes),
	  .help = "bytes that were copied from array to array" },
	{ .group = "heap", .name = "use_peak_bytes", .unit = METRIC_BYTES, .offset = AT(heap.use_peak_bytes),
	  .help = "most allocated bytes alive at once while the result is used" },
	{ .group = "heap", .name = "predicted_asked_bytes", .unit = METRIC_BYTES, .offset = AT(heap.predicted_asked_bytes),
	  .help = "what the lesson's formula says of asked_bytes" },
	{ .group = "heap", .name = "predicted_peak_asked_bytes", .unit = METRIC_BYTES, .offset = AT(heap.predicted_peak_asked_bytes),
	  .help = "what the lesson's formula says of peak_asked_bytes" },

	{ .group = "resident", .name = "peak_bytes", .column = "peak RSS", .unit = METRIC_BYTES, .offset = AT(resident.peak_bytes),
	  .help = "growth of the resident set's high-water mark" },
	{ .group = "resident", .name = "first_faults", .column = "1st faults", .unit = METRIC_COUNT, .offset = AT(resident.first_faults),
	  .help = "minor page faults of the first run in a fresh process" },
	{ .group = "resident", .name = "steady_faults", .column = "faults", .unit = METRIC_COUNT, .offset = AT(resident.steady_faults),
	  .help = "minor page faults of a later run, the median" },

	{ .group = "time", .name = "sets", .unit = METRIC_COUNT, .offset = AT(time.sets), .help = "sets of fresh processes" },
	{ .group = "time", .name = "rounds", .unit = METRIC_COUNT, .offset = AT(time.rounds), .help = "recorded samples, over all sets" },
	{ .group = "time", .name = "first_ns", .unit = METRIC_NS, .offset = AT(time.first_ns), .is_real = true,
	  .help = "cold: the first run of a fresh process" },
	{ .group = "time", .name = "median_ns", .column = "time", .unit = METRIC_NS, .offset = AT(time.median_ns), .is_real = true,
	  .help = "to make and use the result, the median" },
	{ .group = "time", .name = "min_ns", .unit = METRIC_NS, .offset = AT(time.min_ns), .is_real = true,
	  .help = "to make and use the result, the least" },
	{ .group = "time", .name = "make_ns", .unit = METRIC_NS, .offset = AT(time.make_ns), .is_real = true,
	  .help = "the part of the median that made the result" },
	{ .group = "time", .name = "use_ns", .unit = METRIC_NS, .offset = AT(time.use_ns), .is_real = true,
	  .help = "the part of the median that used it" },
	{ .group = "time", .name = "floor_ns", .column = "floor", .unit = METRIC_NS, .offset = AT(time.floor_ns), .is_real = true,
	  .help = "the least time that moving the bytes takes on this machine" },

	{ .group = "ratio", .name = "time", .unit = METRIC_RATIO, .offset = AT(ratio.time), .is_real = true,
	  .help = "time over the baseline's: below 1 is faster" },
	{ .group = "ratio", .name = "low", .unit = METRIC_RATIO, .offset = AT(ratio.low), .is_real = true,
	  .help = "lower end of the ratio's 95 % interval" },
	{ .group = "ratio", .name = "high", .unit = METRIC_RATIO, .offset = AT(ratio.high), .is_real = true,
	  .help = "upper end of the ratio's 95 % interval" },
	{ .group = "ratio", .name = "resolved", .unit = METRIC_BOOL, .offset = AT(ratio.resolved),
	  .help = "1: the interval lies outside 0.99 to 1.01" },
};

const size_t metric_count = sizeof metric_table / sizeof metric_table[0];

double metric_read(const struct metric *metric, const void *holder)
{
	const char *member = (const char *)holder + metric->offset;
	if (metric->is_real) {
		double real;
		memcpy(&real, member, sizeof real);
		return real;
	}
	int64_t integer;
	if (metric->unit == METRIC_BOOL) {
		int flag;
		memcpy(&flag, member, sizeof flag);
		integer = flag;
	} else {
		memcpy(&integer, member, sizeof integer);
	}
	return integer == RESULT_NONE ? NAN : (double)integer;
}

double metric_value(const struct metric *metric, const struct variant_result *variant)
{
	return metric_read(metric, variant);
}

const struct metric *metric_find(const char *name)
{
	const char *dot = strchr(name, '.');
	if (dot == NULL && strcmp(name, "ratio") == 0)
		name = "time";
	for (size_t i = 0; i < metric_count; i++) {
		const struct metric *m = &metric_table[i];
		if (dot == NULL ? strcmp(name, m->name) == 0
		                : strlen(m->group) == (size_t)(dot - name) && strncmp(name, m->group, (size_t)(dot - name)) == 0 && strcmp(dot + 1, m->name) == 0)
			return m;
	}
	return NULL;
}

const char *metric_group_why(const char *group, const struct variant_result *variant)
{
	if (strcmp(group, "heap") == 0)
		return variant->heap.why;
	if (strcmp(group, "resident") == 0)
		return variant->resident.why;
	if (strcmp(group, "time") == 0)
		return variant->time.why;
	if (strcmp(group, "ratio") == 0)
		return variant->ratio.why;
	return "";
}
