/* SPDX-License-Identifier: MIT */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

/*
 * The engine: measures the variants of a plan in processes of their own and fills plain results. It knows no lesson and prints nothing.
 *
 * Each variant is measured in passes that do not disturb each other: a heap pass (one run, counted), a resident pass (one run in a clean process) and
 * timed samples (not counted). The unit of replication of a time is a set of fresh processes: in every set the workers of one job start in a rotated order,
 * run two rounds that are not recorded and four that are, one at a time on one CPU, in alternating order. Where the budget does not pay for six such
 * sets, a set has one round that is not recorded and two that are: sets, not rounds, are what an interval is made of.
 */

#include "base/err.h"
#include "base/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct twin_python; /* bench/twin.h */

enum { BENCH_LEAST_SETS = 6, BENCH_MOST_SETS = 40, BENCH_WARM_ROUNDS = 2, BENCH_ROUNDS = 4, BENCH_FEW_ROUNDS = 2 };

struct bench_variant {
	const char *name;
	const char *job;   /* variants of one job are compared */
	bool naive;        /* the first naive variant of a job is its baseline */
	bool numpy;        /* a way in NumPy: its worker is a Python */
	bool pages_kept;
	int64_t predicted_asked_bytes, predicted_peak_asked_bytes; /* RESULT_NONE: no formula says */
	bool has_floor;         /* reads and writes are known */
	uint64_t reads, writes; /* bytes that must at least move, for the floor */
};

struct bench_plan {
	const char *program;       /* this program's own file */
	const char *lesson;
	const char *const *values; /* of the parameters, in decimal; NULL-ended */
	const struct bench_variant *variants;
	size_t nvariants;
	double tolerance;  /* of the checksums, relative */
	bool untimed;
	const struct twin_python *python; /* for ways in NumPy; may be NULL where there are none */
	const char *twin;                 /* the text of the lesson's numpy.py */
	bool hugepages;
	double seconds;    /* budget for timed samples */
	size_t sets;       /* 0: as many as the budget allows, at least BENCH_LEAST_SETS */
	double timeout_s;  /* for one answer of a worker */
	void (*progress)(void *context, const char *doing, double done); /* done: 0 to 1; may be NULL */
	void *progress_context;
};

/* What every worker's jemalloc is told; every key whose default matters is in it. */
extern const char bench_malloc_conf[];
extern const char bench_malloc_conf_kept[];

/*
 * Measure everything.
 *
 * results  plan->nvariants structs, their descriptive members (name, role, ...) filled by the caller; the numbers, status, baseline and why are filled here.
 * Returns 0 also when a variant failed (its status says so); ERR_INTERRUPTED; ERR_IO when nothing can be run at all.
 */
int bench_run(const struct bench_plan *plan, struct variant_result *results, struct err *err);

/* The memory that may be used: the least of MemAvailable and what the control groups leave; 0 when it cannot be told. */
uint64_t bench_memory_available(void);

/*
 * Facts of this machine, without its name, quickly. bandwidth is NAN and jemalloc empty: see the two functions below.
 *
 * hugepages   whether the workers may use them; it widens rss_error_bytes by one huge page. That error is cpus x max(32, 2 x cpus) pages, as the
 *             kernel batches its counters (lib/percpu_counter.c: percpu_counter_batch).
 */
void bench_host(bool hugepages, struct host_result *out_host);
/* Bytes per second of a plain loop that reads and writes so many bytes; NAN when it cannot be measured. */
double bench_bandwidth(const char *program, uint64_t reads, uint64_t writes);

struct bench_machine {
	double clock_step_ns, clock_overhead_ns;
	char jemalloc[64];             /* its version */
	char counters_why[RESULT_WHY]; /* "" when there are hardware counters */
};
/* What only a worker can tell. */
int bench_machine(const char *program, struct bench_machine *out_machine, struct err *err);

#endif
