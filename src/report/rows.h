/* SPDX-License-Identifier: MIT */
#ifndef REPORT_ROWS_H
#define REPORT_ROWS_H

/*
 * A way as one flat row: the columns that CSV and Markdown share. Numbers are written as in the JSON: whole ones as integers, the others with all
 * their digits and a dot in every locale; what was not measured is empty.
 */

#include "base/result.h"
#include "base/text.h"

size_t rows_columns(void);
/* "lesson", "heap_asked_bytes", ... */
void rows_name(size_t column, struct text *out);
bool rows_is_number(size_t column);
void rows_value(const struct lesson_result *lesson, const struct variant_result *way, size_t column, struct text *out);

#endif
