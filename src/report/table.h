/* SPDX-License-Identifier: MIT */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

/* The parts of the table screens: a lesson told whole (run), many lessons in one table (compare), and programs (exec). */

#include "report/report.h"

#include "base/program.h"

void table_run_lesson(const struct report_options *options, const struct results *results, size_t index);

void table_compare_begin(const struct report_options *options, const struct results *results);
void table_compare_lesson(const struct report_options *options, const struct results *results, size_t index);
void table_compare_end(const struct report_options *options, const struct results *results);

/* One program; and several of them, compared. */
void table_program(const struct report_options *options, const struct program_result *program);
void table_programs(const struct report_options *options, const struct results *results);

/* One of the remarks about them, behind `lead`. */
struct remark;
void table_remark(const struct report_options *options, const struct remark *remark, const char *lead);
/* What the columns of both mean, unless --brief. */
void table_legend(const struct report_options *options);

/* The ledger: what each way makes, its peak and its time, by job; then what must be said about these numbers. */
void table_ledger(const struct report_options *options, const struct lesson_result *lesson);
/* The same for a lesson that is a truth table (judged_facts). */
void table_truth(const struct report_options *options, const struct lesson_result *lesson);
/* The page's sentences, each with what was measured and its verdict. */
void table_claims(const struct report_options *options, const struct lesson_result *lesson);

/* The number of the way's footnote, counting from 1 over all lessons; 0 if it has none. */
size_t table_note_number(const struct results *results, size_t lesson, size_t way);
/* All footnotes: in two columns where the page is wide enough for them, else one below the other. */
void table_notes(const struct report_options *options, const struct results *results);

/* "26 sentences: 19 hold, 4 fail, 3 cannot be judged here. All as the lessons say." or which are not; `more` follows on the same line. */
void table_verdicts(const struct report_options *options, const struct lesson_result *lessons, size_t count, const char *more);

/* Of a truth table: a way is a view if making it asked for no byte (in NumPy: if it left none). */
bool table_is_view(const struct variant_result *way);
/* Whether the fact, taken as a test for "a view", is right about the way; false too if the way has no such fact. */
bool table_fact_is_right(const struct variant_result *way, const char *fact);
/* The boolean fact of that name: 1, 0, or -1 if there is none. */
int table_fact(const struct variant_result *way, const char *fact);
/* Has the way a row of its own? In NumPy only if there is none in C: else one line tells whether both say the same. */
bool table_is_told(const struct lesson_result *lesson, size_t way);
size_t table_count_told(const struct lesson_result *lesson);
/* Of how many of these the fact is right. */
size_t table_count_right(const struct lesson_result *lesson, const char *fact);
/* Of a way whose bytes are not what its formulas say: "! makes 104 B, predicted 96 B". The caller frees it. */
char *table_missed(const struct variant_result *way);
/* Why a way has no numbers: "killed by SIGSEGV while making". The caller frees it. */
char *table_failure(const struct variant_result *way);

#endif
