/* SPDX-License-Identifier: MIT */
#ifndef REPORT_COLUMNS_H
#define REPORT_COLUMNS_H

/*
 * A table whose rows are structs of one kind: the ways of a lesson, or the lines of a program.
 *
 * Every column is as wide as its widest cell, so a number is never cut or wrapped. Columns that do not fit on the page go into a further block
 * of rows, which starts with the first column again.
 */

#include "report/style.h"

#include "base/metric.h"

enum { COLUMN_TEXT = 128, COLUMNS_MAX = 64 };

struct cell {
	char text[COLUMN_TEXT];
	enum style style;
};

struct column {
	char over[COLUMN_TEXT];    /* first line of a heading of two lines; may be empty */
	char heading[COLUMN_TEXT];
	char foot[COLUMN_TEXT];    /* for columns_foot; may be empty */
	bool left;                 /* words; numbers are aligned on the right */
	void (*fill)(const struct column *column, const void *row, struct cell *out_cell); /* row: of the table's kind */
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
                           void (*fill)(const struct column *, const void *, struct cell *), const void *context);
/*
 * Set the widths from the headings and from the rows.
 *
 * rows      `count` structs of `size` bytes each.
 * is_whole  whether a row has numbers: of one that has none only the first column is printed. NULL: all have.
 */
void columns_measure(struct columns *columns, const void *rows, size_t count, size_t size, bool (*is_whole)(const void *row));
/* For it: a way whose status is ok. */
bool columns_way_is_whole(const void *way);
/* The end of the block that starts with column `first`: as many columns as the page holds beside column 0, at least one. */
size_t columns_block(const struct columns *columns, size_t first, size_t page);
/* Columns of the page that a block takes. */
size_t columns_width(const struct columns *columns, size_t first, size_t end);
/* Headings, the last line and one row of a block, without the newline of the last line. Return the blanks that are still due before a further column. */
size_t columns_head(const struct report_options *options, const struct columns *columns, size_t first, size_t end);
size_t columns_foot(const struct report_options *options, const struct columns *columns, size_t first, size_t end);
size_t columns_row(const struct report_options *options, const struct columns *columns, size_t first, size_t end, const void *row);
/* A row without numbers: its first cell, and words in place of the others, wrapped at the page's width. */
void columns_words(const struct report_options *options, const struct columns *columns, const void *row, enum style style, const char *words);

/* "96 B" */
void cell_bytes(struct cell *cell, double bytes);
void cell_time(struct cell *cell, double ns);
/* A number in the metric's unit; "-" for NAN. */
void cell_value(struct cell *cell, const struct metric *metric, double value);
/* "baseline", "10.4x faster", "no difference resolved" or "-". */
void cell_against(struct cell *cell, const struct ratio_result *ratio, bool is_baseline);
/* Half of the ratio's interval: "4 %"; empty for a baseline. */
void cell_half(struct cell *cell, const struct ratio_result *ratio, bool is_baseline);

/* For columns_add; the row is a struct variant_result: the metric in column->context; the name, with " *" if it is a baseline; its ratio. */
void cell_metric(const struct column *column, const void *way, struct cell *cell);
void cell_way(const struct column *column, const void *way, struct cell *cell);
void cell_ratio(const struct column *column, const void *way, struct cell *cell);
void cell_interval(const struct column *column, const void *way, struct cell *cell);

#endif
