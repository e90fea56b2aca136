/* SPDX-License-Identifier: MIT */
#ifndef REPORT_PROGRAMS_H
#define REPORT_PROGRAMS_H

/*
 * What the table and Markdown share about programs that `exec` measured: the lines of a table with their cells, and the words that go with the numbers.
 */

#include "report/columns.h"

#include "base/program.h"

/* ---- program_lines.c: lines and cells ---- */

/* A row of a table. */
struct program_line {
	const struct program_result *program;
	const struct program_row *row;
	bool is_baseline;
	char label[COLUMN_TEXT]; /* its name, as programs_label made it */
};

/* The others' ratios are against this one. Two commands may have one name: the first is meant. */
bool programs_is_baseline(const struct results *results, size_t index);
/* There is something to compare: several programs, or a ratio. */
bool programs_are_compared(const struct results *results);

/*
 * "program", "python and imports", "  windows x3 !" (of which some were never ended), "2 sort": fill line->label, the name shortened so that all
 * has at most `width` columns. Returns the columns that it has.
 */
size_t programs_label(struct program_line *line, size_t width);
/* Whether the row has numbers of its heap; if not, the reason stands in row->heap.why. The same for resident set and times. */
bool programs_has_heap(const struct program_row *row);
bool programs_has_machine(const struct program_row *row);

/* For columns_add; a row is a struct program_line, the context of cell_program_metric a row of program_metric_table. */
void cell_program(const struct column *column, const void *line, struct cell *cell);
void cell_program_metric(const struct column *column, const void *line, struct cell *cell);
/* "2.1x faster   3 %": the ratio and half of its interval. */
void cell_program_ratio(const struct column *column, const void *line, struct cell *cell);
void cell_program_exit(const struct column *column, const void *line, struct cell *cell);
void cell_program_began(const struct column *column, const void *line, struct cell *cell);
void cell_program_ended(const struct column *column, const void *line, struct cell *cell);
void cell_program_threads(const struct column *column, const void *line, struct cell *cell);
/* Columns for all metrics of a group that have a heading. */
void programs_add_group(struct columns *columns, const char *group);

/* ---- program_words.c: words about a program as a whole ---- */

enum { PROGRAMS_NAME = 40 }; /* columns of a name inside a sentence, at most */

/* "exit 0", "killed by SIGSEGV", "could not be run". */
void programs_exit(const struct program_result *program, struct text *out);
/* "heap: counted run, under jemalloc"; for the other columns "RSS, faults, times: plain run, its own allocator"; and for all of them. */
void programs_heap_source(const struct program_result *program, struct text *out);
void programs_machine_source(const struct program_result *program, struct text *out);
void programs_sources(const struct program_result *program, struct text *out);
/* "3 processes, added up in the program's row; ...": and whose the peaks are. */
void programs_processes(const struct program_result *program, struct text *out);
/* The process whose peak ("heap.peak_bytes") is the program's; where startup was subtracted from that, the largest; NULL where none has one. */
const struct program_row *programs_largest(const struct program_result *program, const char *metric);
/* "3 sort" */
void programs_add_process(struct text *out, const struct program_row *process);

/* ---- program_remarks.c, program_budgets.c: what must be said beside the numbers ---- */

struct remark {
	bool under_heap;  /* it belongs under the heap columns */
	enum style style;
	char lead[COLUMN_TEXT]; /* what stands before the text: may be empty, may be blanks */
	char *text;
};

struct remarks {
	size_t count;
	struct remark *remark; /* owned */
};

/* What the numbers are printed in: all rows, with the reason in place of a heap that cannot be judged; all rows; the programs' totals only. */
enum remarks_beside { REMARKS_BESIDE_REASONS, REMARKS_BESIDE_ROWS, REMARKS_BESIDE_TOTALS };

/* Add all that must be said of a program; of its budgets only. */
void remarks_of(const struct program_result *program, enum remarks_beside beside, struct remarks *out);
void remarks_of_budgets(const struct program_result *program, struct remarks *out);
void remarks_add(struct remarks *remarks, enum style style, const char *lead, const char *text);
/* The same; the text is taken over, and empty afterwards. */
void remarks_take(struct remarks *remarks, bool under_heap, enum style style, const char *lead, struct text *text);
void remarks_release(struct remarks *remarks);

#endif
