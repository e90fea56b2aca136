/* SPDX-License-Identifier: MIT */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

/*
 * Results on paper. Each output format is one file here and one row of report_formats; none of them measures anything, and all of them print the
 * same values.
 *
 * A report is begun once the host is known, told of each lesson as it is done (so that a table streams), and ended. What `exec` measured is printed
 * whole by end(). Errors of the stream are left to whoever opened it (base/outfile.h).
 */

#include "base/result.h"

#include <stdio.h>

enum report_screen {
	REPORT_RUN,
	REPORT_COMPARE,
	REPORT_EXEC /* results->programs in place of lessons: all of them are filled when end() is called */
};

struct report_options {
	FILE *stream;
	enum report_screen screen; /* one lesson told whole, many in one table, or programs */
	size_t width;              /* columns of the terminal; 80 where there is none */
	bool color;                /* SGR sequences may be used; nothing is said by colour alone */
	bool wide;                 /* all columns (also from 120 columns on) */
	bool brief;                /* the ledger and the verdicts in 80 x 23 */
	size_t ways_total;         /* for compare: ways of all lessons, of which only some are measured */
	size_t ways_selected;      /* of them, those that are measured; 0: not said */
	size_t lessons_total;
};

struct report_format {
	const char *name; /* as in --format */
	const char *help;
	/* Each may be NULL. results->host is filled; lessons 0..index are filled when lesson() is called for index. */
	void (*begin)(const struct report_options *options, const struct results *results);
	void (*lesson)(const struct report_options *options, const struct results *results, size_t index);
	void (*end)(const struct report_options *options, const struct results *results);
};

extern const struct report_format *const report_formats[]; /* NULL-ended; the first is the default */
const struct report_format *report_find(const char *name);

#endif
