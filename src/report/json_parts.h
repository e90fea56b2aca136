/* SPDX-License-Identifier: MIT */
#ifndef REPORT_JSON_PARTS_H
#define REPORT_JSON_PARTS_H

/* Values of the JSON, and the parts that lessons and programs share. What each returns is the caller's reference; what is given to part_set is taken over. */

#include "base/metric.h"
#include "base/program.h"

#include <jansson.h>

json_t *part_string(const char *value); /* NULL is null */
json_t *part_words(const char *value);  /* so are no words */
json_t *part_integer(int64_t value);    /* RESULT_NONE is null */
json_t *part_real(double value);        /* NAN is null */
json_t *part_strings(char *const *values, size_t count);
void part_set(json_t *object, const char *key, json_t *value);
/* "why", where there is one. */
void part_set_why(json_t *object, const char *why);
/* An object of the metrics of one group, each read from *holder, and its why. */
json_t *part_group(const char *group, const struct metric *table, size_t count, const void *holder, const char *why);

/* json_program.c: an entry of "programs". is_baseline: the others' ratios are against it. */
json_t *part_program(const struct program_result *program, bool is_baseline);

#endif
