/* SPDX-License-Identifier: MIT */
/* The arithmetic of comparisons, with made-up numbers and simulated sets. */

#include "bench/statistics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void near(double value, double wanted, double within)
{
	if (!(fabs(value - wanted) <= within))
		fail_msg("%.9g is not %.9g", value, wanted);
}

static void test_median(void **state)
{
	(void)state;
	double odd[] = { 5, 1, 3 }, even[] = { 4, 1, 3, 2 }, one[] = { 7 };
	near(statistics_median(odd, 3), 3, 0);
	near(statistics_median(even, 4), 2.5, 0);
	near(statistics_median(one, 1), 7, 0);
	assert_true(isnan(statistics_median(NULL, 0)));
}

static void test_t_quantiles(void **state)
{
	(void)state;
	near(statistics_t95(1), 12.706, 1e-3);
	near(statistics_t95(5), 2.571, 1e-3);
	near(statistics_t95(30), 2.042, 1e-3);
	near(statistics_t95(31), 2.0395, 1e-3); /* the expansion takes over without a step */
	near(statistics_t95(60), 2.0003, 1e-3);
	near(statistics_t95(100000), 1.95996, 1e-3);
	assert_true(isinf(statistics_t95(0)));
	for (size_t d = 1; d < 100; d++)
		assert_true(statistics_t95(d + 1) < statistics_t95(d));
}

static void test_interval_by_hand(void **state)
{
	(void)state;
	/* logs -0.1, 0, 0.1: mean 0, s = 0.1, error = 0.1 / sqrt 3, t(2) = 4.303 */
	double sets[] = { exp(-0.1), 1, exp(0.1) };
	struct statistics_ratio ratio = statistics_compare(sets, 3);
	near(ratio.ratio, 1, 1e-12);
	near(log(ratio.high), 4.303 * 0.1 / sqrt(3), 1e-3);
	near(log(ratio.low), -4.303 * 0.1 / sqrt(3), 1e-3);
	assert_false(ratio.resolved);
}

static void test_resolved_only_outside_one_percent(void **state)
{
	(void)state;
	double half[] = { 0.5, 0.501, 0.499, 0.5, 0.5, 0.5 }, close[] = { 1.005, 1.0051, 1.0049, 1.005, 1.005, 1.005 };
	double slower[] = { 1.2, 1.21, 1.19, 1.2, 1.2, 1.2 }, single[] = { 0.1 };
	assert_true(statistics_compare(half, 6).resolved);
	near(statistics_compare(half, 6).ratio, 0.5, 1e-3);
	assert_false(statistics_compare(close, 6).resolved); /* real, but too small to speak of */
	assert_true(statistics_compare(slower, 6).resolved);
	assert_false(statistics_compare(single, 1).resolved); /* one set tells nothing of the noise */
}

/* Twenty thousand comparisons of a thing with itself, the sets' noise normal: the interval misses 1 in 5 % of them, and "resolved" is rarer. */
static void test_false_alarms(void **state)
{
	(void)state;
	enum { COMPARISONS = 20000, SETS = 6 };
	uint64_t seed = 7;
	int missed = 0, resolved = 0;
	for (int i = 0; i < COMPARISONS; i++) {
		double sets[SETS];
		for (int k = 0; k < SETS; k++) {
			double sum = -6; /* twelve uniform numbers: nearly normal, variance 1 */
			for (int j = 0; j < 12; j++) {
				seed = seed * 6364136223846793005u + 1442695040888963407u;
				sum += (double)(seed >> 11) * 0x1p-53;
			}
			sets[k] = exp(0.03 * sum);
		}
		struct statistics_ratio ratio = statistics_compare(sets, SETS);
		missed += ratio.low > 1 || ratio.high < 1;
		resolved += ratio.resolved;
	}
	near((double)missed / COMPARISONS, 0.05, 0.01);
	assert_true(resolved < missed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_median),
		cmocka_unit_test(test_t_quantiles),
		cmocka_unit_test(test_interval_by_hand),
		cmocka_unit_test(test_resolved_only_outside_one_percent),
		cmocka_unit_test(test_false_alarms),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
