/* SPDX-License-Identifier: MIT */
#ifndef CMD_MEASURE_H
#define CMD_MEASURE_H

/* What run and compare have in common: from lessons and options to results, and from results to a report. */

#include "cmd/options.h"
#include "lesson/lesson.h"

struct measure_task {
	const struct lesson *const *lessons; /* NULL-ended */
	enum report_screen screen;
	bool headlines_only; /* unless --variants says otherwise */
	double seconds;      /* a lesson's budget, where --time gives none */
};

/*
 * Check everything that can be wrong before any work, measure each lesson, and report it as it is done.
 *
 * Returns 0; ERR_FAILED when a result says that the status must be 1; or another error with its text.
 */
int measure(const struct measure_task *task, const struct options *options, struct err *err);

/* The lesson that a word names, or ERR_USAGE with the nearest name. */
int measure_find(const char *word, const struct lesson **out_lesson, struct err *err);

/* Is a way selected by a list like "a,b", by "all", or by no list (NULL)? */
bool measure_selects(const char *list, const char *name);
/* Is every name of a list like "a,b" (or "all", or NULL) a way of one of the lessons, in C or (with_numpy) in NumPy? 0 or ERR_USAGE. */
int measure_check_variants(const struct lesson *const *lessons, const char *list, bool with_numpy, struct err *err);

#endif
