/* SPDX-License-Identifier: MIT */
#ifndef BASE_METRIC_H
#define BASE_METRIC_H

/*
 * The table of metrics: every number of a variant's row, named once. JSON keys, CSV columns, the names in claims (strided.asked_bytes) and the help
 * of each column all come from here, so a new metric is one row (and the code that measures it).
 */

#include "result.h"

enum metric_unit { METRIC_BYTES, METRIC_COUNT, METRIC_NS, METRIC_RATIO, METRIC_BOOL };

struct metric {
	const char *group; /* JSON object and CSV prefix: "heap" */
	const char *name;  /* JSON key: "asked_bytes"; unique over all groups, but for peak_bytes (heap's is meant where only the name is given) */
	const char *column; /* short heading of the wide table: "makes"; NULL: not in the table */
	enum metric_unit unit;
	size_t offset;     /* in struct variant_result, or in what another table says */
	bool is_real;      /* the member is a double, else int64_t (METRIC_BOOL: int) */
	const char *help;  /* one phrase */
};

extern const struct metric metric_table[];
extern const size_t metric_count;

/* The number at the metric's place in *holder, as a double; NAN when it was not measured. */
double metric_read(const struct metric *metric, const void *holder);
/* The same, for the rows of this table. */
double metric_value(const struct metric *metric, const struct variant_result *variant);
/* By "asked_bytes" or "heap.asked_bytes"; "ratio" alone is "ratio.time" (so is "time": the time itself is "median_ns"). NULL if there is none. */
const struct metric *metric_find(const char *name);
/* The group's reason why its numbers are missing; "" when there is none. */
const char *metric_group_why(const char *group, const struct variant_result *variant);

#endif
