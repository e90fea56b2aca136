/* SPDX-License-Identifier: MIT */
#ifndef METER_CLOCK_H
#define METER_CLOCK_H

/* CLOCK_MONOTONIC in nanoseconds, and what reading it costs. */

#include <stdint.h>
#include <time.h>

static inline int64_t meter_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* What an empty interval reads, in ns: the median of many. It is taken off every interval that is measured. */
double meter_clock_overhead(void);
/* The smallest step between two different readings, in ns. */
double meter_clock_step(void);

#endif
