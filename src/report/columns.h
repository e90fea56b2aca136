/* SPDX-License-Identifier: MIT */
#ifndef REPORT_COLUMNS_H
#define REPORT_COLUMNS_H

/*
 * A table whose rows are ways of one lesson.
 *
 * Every column is as wide as its widest cell, so a number is never cut or wrapped. Columns that do not fit on the page go into a further block
 * of rows, which starts with the first column again.
 */

#include "report/style.h"

enum { COLUMN_TEXT = 64, COLUMNS_MAX = 64 };

struct cell {
	char text[COLUMN_TEXT];
	enum style style;
};

struct column {
	char over[COLUMN_TEXT];    /* first line of a heading of two lines; may be empty */
	char heading[COLUMN_TEXT];
	char foot[COLUMN_TEXT];    /* for columns_foot; may be empty */
	bool left;                 /* words; numbers are aligned on the right */
	void (*fill)(const struct column *column, const struct variant_result *way, struct cell *out_cell);
	const void *context;       /* for fill */
	size_t width;              /* set by columns_measure */
};

struct columns {
	size_t count;
	struct column column[COLUMNS_MAX];
	size_t indent; /* of each row */
	size_t gap;    /* between two columns */
};

/* Add a column; what exceeds COLUMNS_MAX is left out. */
struct column *columns_add(struct columns *columns, const char *over, const char *heading,
                           void (*fill)(const struct column *, const struct variant_result *, struct cell *), const void *context);
/* Set the widths from the headings and from all ways with status ok (of the others only the first column is printed). */
void columns_measure(struct columns *columns, const struct lesson_result *lesson);
/* The end of the block that starts with column `first`: as many columns as the page holds beside column 0, at least one. */
size_t columns_block(const struct columns *columns, size_t first, size_t page);
/* Columns of the page that a block takes. */
size_t columns_width(const struct columns *columns, size_t first, size_t end);
/* Headings, the last line and one row of a block, without the newline of the last line. Return the blanks that are still due before a further column. */
size_t columns_head(const struct report_options *options, const struct columns *columns, size_t first, size_t end);
size_t columns_foot(const struct report_options *options, const struct columns *columns, size_t first, size_t end);
size_t columns_row(const struct report_options *options, const struct columns *columns, size_t first, size_t end, const struct variant_result *way);

/* "96 B" */
void cell_bytes(struct cell *cell, double bytes);
void cell_time(struct cell *cell, double ns);
/* The metric in column->context, in its unit; "-" where it was not measured. */
void cell_metric(const struct column *column, const struct variant_result *way, struct cell *cell);
/* The way's name, with " *" if it is a baseline. */
void cell_way(const struct column *column, const struct variant_result *way, struct cell *cell);
/* "baseline", "10.4x faster", "no difference resolved" or "-". */
void cell_ratio(const struct column *column, const struct variant_result *way, struct cell *cell);
/* Half of the ratio's interval: "4 %". */
void cell_interval(const struct column *column, const struct variant_result *way, struct cell *cell);

#endif
