/* SPDX-License-Identifier: MIT */
#ifndef BENCH_PASSES_H
#define BENCH_PASSES_H

/* The parts of bench_run(), each over some variants of a plan. All return 0 or ERR_INTERRUPTED. */

#include "bench/bench.h"
#include "bench/child.h"

/* The worker of one variant; values and program come from the plan. */
struct child_spec passes_spec(const struct bench_plan *plan, size_t variant, int cpu);
/* "numpy.stack", or "stack" for a way in C: what no two ways of a plan have in common. */
const char *passes_name(const struct variant_result *result, char out[64]);
/* Note in result how an answer failed; false when it did not. */
bool passes_failed(enum child_answer answer, const char *doing, const char *why, struct variant_result *result);

/*
 * One run, counted, and (unless the plan is untimed) one between two readings of the resident set, each in a fresh process. The two run side by side
 * on two CPUs where there are two, as neither bytes nor pages depend on the time.
 */
int passes_single(const struct bench_plan *plan, size_t variant, int cpu, struct variant_result *result);
/* Timed samples of the variants `members` (indices, all of one job), and their ratios against members[0], the baseline. */
int passes_timed(const struct bench_plan *plan, const size_t *members, size_t count, double seconds, int cpu, struct variant_result *results);
/* The floor of every variant that has been timed. */
int passes_floor(const struct bench_plan *plan, int cpu, struct variant_result *results);

#endif
