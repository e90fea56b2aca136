/* SPDX-License-Identifier: MIT */
#ifndef BENCH_STATISTICS_H
#define BENCH_STATISTICS_H

/* The arithmetic of a comparison, on plain numbers, so that it can be tested with made-up ones. */

#include <stdbool.h>
#include <stddef.h>

/* The middle one, or the mean of the two in the middle; sorts the values. NAN for none. */
double statistics_median(double *values, size_t count);
/* Student's t for a two-sided 95 % interval with so many degrees of freedom (at least 1). */
double statistics_t95(size_t degrees);

struct statistics_ratio {
	double ratio;     /* the geometric mean of the sets' numbers */
	double low, high; /* 95 %; low == 0 and high == INFINITY when one set is all there is */
	bool resolved;    /* the interval lies wholly outside 0.99 to 1.01 */
};

/*
 * From the sets' numbers, each the median of its rounds' ratios, all above zero.
 *
 * Sets come in pairs, the second starting its workers in the opposite order of the first, so the mean over an even number of sets is the mean over the
 * start positions.
 */
struct statistics_ratio statistics_compare(const double *set_ratios, size_t sets);

#endif
