/* SPDX-License-Identifier: MIT */
#ifndef BASE_PROGRAM_METRIC_H
#define BASE_PROGRAM_METRIC_H

/*
 * The table of metrics of a program: every number of one line of its ledger, named once. JSON keys, CSV columns, and the headings of the tables all come from
 * here, so a new number is one row (and the code that measures it).
 */

#include "base/metric.h"
#include "base/program.h"

/* Offsets are in struct program_row; those of the group "ratio", which only a program as a whole has, in struct program_result. */
extern const struct metric program_metric_table[];
extern const size_t program_metric_count;

/* The value of a row of `program`; NAN when it was not measured, and for a ratio of any row but the total. */
double program_metric_value(const struct metric *metric, const struct program_result *program, const struct program_row *row);
/* By "heap.asked_bytes"; NULL if there is none. */
const struct metric *program_metric_find(const char *name);
/* The group's reason why its numbers are missing, "" when there is none; and the run that they come from, NULL when there is none. */
const char *program_metric_why(const char *group, const struct program_result *program, const struct program_row *row);
const char *program_metric_source(const char *group, const struct program_row *row);

#endif
