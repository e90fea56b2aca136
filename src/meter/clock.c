/* SPDX-License-Identifier: MIT */
#include "meter/clock.h"

#include <stdlib.h>

enum { READINGS = 1001 };

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

double meter_clock_overhead(void)
{
	/* The mean over long runs of readings is finer than one reading's step; the median of those forgets interruptions. */
	enum { RUN = 64, RUNS = 125 };
	int64_t run_ns[RUNS];
	for (size_t i = 0; i < RUNS; i++) {
		int64_t start = meter_now();
		for (int k = 0; k < RUN; k++)
			(void)meter_now();
		run_ns[i] = meter_now() - start;
	}
	qsort(run_ns, RUNS, sizeof run_ns[0], by_value);
	int64_t middle = run_ns[RUNS / 2];
	return (double)middle / (RUN + 1);
}

double meter_clock_step(void)
{
	int64_t least = INT64_MAX;
	for (int i = 0; i < READINGS; i++) {
		int64_t start = meter_now(), now;
		while ((now = meter_now()) == start)
			;
		if (now - start < least)
			least = now - start;
	}
	return (double)least;
}
