/* SPDX-License-Identifier: MIT */
#include "bench/statistics.h"

#include <math.h>
#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

double statistics_median(double *values, size_t count)
{
	if (count == 0)
		return NAN;
	qsort(values, count, sizeof *values, by_value);
	return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* The 97.5 % quantiles, as in any table of Student's distribution. */
double statistics_t95(size_t degrees)
{
	static const double table[] = {
		12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
		2.120,  2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
	};
	size_t rows = sizeof table / sizeof table[0];
	if (degrees == 0)
		return INFINITY;
	if (degrees <= rows)
		return table[degrees - 1];
	/* Cornish and Fisher's expansion about the normal quantile; good to three digits from 30 degrees on. */
	double z = 1.959964, d = (double)degrees;
	return z + (z * z * z + z) / (4 * d) + (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / (96 * d * d);
}

struct statistics_ratio statistics_compare(const double *set_ratios, size_t sets)
{
	double mean = 0, squares = 0;
	for (size_t i = 0; i < sets; i++)
		mean += log(set_ratios[i]) / (double)sets;
	for (size_t i = 0; i < sets; i++)
		squares += pow(log(set_ratios[i]) - mean, 2);
	struct statistics_ratio result = { .ratio = exp(mean), .low = 0, .high = INFINITY };
	if (sets > 1) {
		double error = sqrt(squares / (double)(sets - 1) / (double)sets);
		double half = statistics_t95(sets - 1) * error;
		result.low = exp(mean - half);
		result.high = exp(mean + half);
	}
	result.resolved = result.low > 1.01 || result.high < 0.99;
	return result;
}
