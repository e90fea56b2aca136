/* SPDX-License-Identifier: MIT */
#ifndef BENCH_PROGRAM_H
#define BENCH_PROGRAM_H

/*
 * Any program on the ledger. Two kinds of run, because a preloaded allocator changes the program: a counted one (libmemhint-preload.so, heap columns) and
 * plain ones (libmemhint-plain.so, a bystander that reads clock and resident set: RSS, faults, times).
 *
 * Once (plan->once): one command, its input, output, status and signals untouched. Else commands are compared: each is run once counted, then plain in
 * balanced sets: a set runs every command once in an order rotated from set to set and once in the opposite order, and its number for a command is
 * the geometric mean of the two ratios; the interval is made from the sets alone (bench/statistics.h).
 */

#include "base/err.h"
#include "base/program.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

struct program_command {
	char *const *argv; /* NULL-ended */
	const char *text;  /* as it was given, for the row's name */
	bool shell;
};

/* A limit on one number of the total or of a region. */
struct program_limit {
	const char *option; /* "--max-peak" */
	const char *region; /* NULL: the whole program */
	int64_t limit;
};

struct program_plan {
	const struct program_command *commands;
	size_t ncommands;
	bool once;           /* stdio and signals are the caller's; one counted run */
	bool plain;          /* once: and one plain run after it */
	size_t sets;         /* 0: as many as the budget pays for, at least BENCH_LEAST_SETS */
	double seconds;      /* budget for the plain runs of all commands together */
	size_t warmup;       /* plain runs of each command that are not recorded */
	const char *prepare, *cleanup; /* for sh -c, before and after every run, unmeasured; may be NULL */
	const char *input;   /* a file's name; NULL: /dev/null */
	const char *output;  /* a file's name; NULL: dropped */
	bool python_objects; /* counted runs have PYTHONMALLOC=malloc */
	const struct program_limit *limits;
	size_t nlimits;
	double timeout_s;    /* of one run; 0: none */
	bool ignore_failure; /* a command whose exit status is not 0 is timed all the same */
	const sigset_t *ignored; /* signals that memhint was started with as ignored: the programs are too */
	bool closed[3];      /* which of 0, 1 and 2 it was started without */
	void (*progress)(void *context, const char *doing, double done);
	void *progress_context;
};

/*
 * Measure. results: ncommands zeroed structs, filled here; program_result_release() each, whatever is returned.
 * Returns 0 also when a program failed (its result says so); ERR_INTERRUPTED; ERR_IO, ERR_UNMEASURED when nothing can be measured at all.
 */
int program_measure(const struct program_plan *plan, struct program_result *results, struct err *err);

#endif
