/* SPDX-License-Identifier: MIT */
#ifndef REPORT_ROWS_H
#define REPORT_ROWS_H

/*
 * Flat rows: the columns that CSV and Markdown share, of a way, of a program and of a statement. Numbers are written as in the JSON: whole ones as integers, the others with
 * all their digits and a dot in every locale; what was not measured is empty.
 */

#include "base/inspection.h"
#include "base/metric.h"
#include "base/program.h"
#include "base/text.h"

#include <stdio.h>

struct rows {
	size_t (*columns)(void);
	void (*name)(size_t column, struct text *out); /* "lesson", "heap_asked_bytes", ... */
	bool (*is_number)(size_t column);
	void (*value)(const void *row, size_t column, struct text *out); /* row: one of the structs below */
};

struct rows_way {
	const struct lesson_result *lesson;
	const struct variant_result *way;
};
extern const struct rows rows_of_ways;

struct rows_line {
	const struct program_result *program;
	size_t number; /* of the program, from 1 */
	const struct program_row *row;
};
extern const struct rows rows_of_programs;

struct rows_statement {
	const struct inspect_statement *statement;
	size_t index;
};
extern const struct rows rows_of_statements;

/* csv.c: the header (row NULL), or the fields of a row. */
void csv_line(FILE *stream, const struct rows *rows, const void *row);
/* markdown.c: an empty line and the two lines above the rows; a row; words in which nothing is markup. */
void markdown_head(FILE *stream, const struct rows *rows);
void markdown_row(FILE *stream, const struct rows *rows, const void *row);
void markdown_escaped(FILE *stream, const char *words);

/* All rows of a program: the total, the startup, the regions, the processes. */
size_t rows_lines(const struct program_result *program);
const struct program_row *rows_line(const struct program_result *program, size_t index);
/* "total", "startup", "region", "process". */
const char *rows_kind(enum program_row_kind kind);

/* Parts of a row: nothing for what was not measured. */
void rows_words(const char *value, struct text *out);
void rows_integer(int64_t value, struct text *out);
void rows_real(double value, struct text *out);
/* The number at the metric's place in *holder. */
void rows_metric(const struct metric *metric, const void *holder, struct text *out);

#endif
