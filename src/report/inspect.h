/* SPDX-License-Identifier: MIT */
#ifndef REPORT_INSPECT_H
#define REPORT_INSPECT_H

/*
 * What `memhint inspect` found out (base/inspection.h), on paper. Each format is one file, and all of them print the same values; nothing here knows how
 * they were found.
 */

#include "report/report.h"

#include "base/inspection.h"

/* How much of a session has been printed: a prompt prints only what is new. Zeroed: nothing. */
struct inspect_mark {
	size_t statements, printed, gaps, notes, assumed;
};
struct inspect_mark inspect_mark_end(const struct inspection *found);

/*
 * The screen. A program in which little happens is told at length: every step, why, what it costs, what NumPy's own tests answer. A longer one gets a
 * line for each statement, and numbered notes. options->brief: the lines and the totals alone.
 *
 * from          what was printed before.
 * is_prompt     one answer of many: no totals, no list of who shares bytes with whom.
 * Its error is not printed: inspect_table_error() does, since it belongs on standard error.
 */
void inspect_table(const struct report_options *options, const struct inspection *found, struct inspect_mark from, bool is_prompt);
/* One line that begins with `lead`, the place in `name` (a file; NULL: no name) and the error; then the excerpt with a caret. lead NULL: no place either. */
void inspect_table_error(const struct report_options *options, const struct inspect_error *error, const char *lead, const char *name);

/* All of it; memhint-inspect.schema.json describes every key. An error is in it. */
void inspect_json(const struct report_options *options, const struct inspection *found);
/* A row for each statement; an error is not in it. */
void inspect_csv(const struct report_options *options, const struct inspection *found);
void inspect_markdown(const struct report_options *options, const struct inspection *found);

#endif
