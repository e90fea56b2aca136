/* SPDX-License-Identifier: MIT */
#include "base/result.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_names(void **state)
{
	(void)state;
	const char *const statuses[] = { "ok", "wrong", "killed", "hung", "failed", "refused" };
	for (int i = RESULT_OK; i <= RESULT_REFUSED; i++)
		assert_string_equal(result_status_name((enum result_status)i), statuses[i]);
	assert_string_equal(result_status_name((enum result_status)99), "unknown");
	assert_string_equal(claim_kind_name(CLAIM_EXACT), "exact");
	assert_string_equal(claim_kind_name(CLAIM_TIMED), "timed");
	assert_string_equal(claim_kind_name((enum claim_kind)99), "unknown");
	const char *const verdicts[] = { "holds", "fails", "either", "cannot judge" };
	for (int i = CLAIM_HOLDS; i <= CLAIM_CANNOT_JUDGE; i++)
		assert_string_equal(claim_verdict_name((enum claim_verdict)i), verdicts[i]);
	assert_string_equal(claim_verdict_name((enum claim_verdict)99), "unknown");
}

static void test_variant_by_name(void **state)
{
	(void)state;
	struct variant_result variants[2] = { { .name = "stack", .language = "c" }, { .name = "strided", .language = "c" } };
	struct lesson_result lesson = { .nvariants = 2, .variants = variants };
	assert_ptr_equal(lesson_result_variant(&lesson, "c", "strided"), &variants[1]);
	assert_null(lesson_result_variant(&lesson, "c", "stride"));
	lesson = (struct lesson_result){ 0 };
	assert_null(lesson_result_variant(&lesson, "c", "stack"));
}

/* The leak checker is the judge. */
static void test_release(void **state)
{
	(void)state;
	struct results results = { .nlessons = 2, .lessons = calloc(2, sizeof(struct lesson_result)) };
	struct lesson_result *lesson = &results.lessons[1];
	lesson->job = strdup("job");
	lesson->input = strdup("input");
	lesson->notes[lesson->nnotes++] = strdup("n was rounded");
	lesson->notes[lesson->nnotes++] = strdup("fits the cache");
	lesson->variants = calloc(3, sizeof *lesson->variants);
	lesson->nvariants = 3;
	lesson->claims = calloc(2, sizeof *lesson->claims);
	lesson->nclaims = 2;
	lesson->claims[0].measured = strdup("0 B");
	lesson->why = strdup("why");
	lesson->mind = strdup("mind");
	results_release(&results);
	assert_null(results.lessons);
	assert_int_equal(results.nlessons, 0);
	results_release(&results);
	results_release(NULL);
	lesson_result_release(NULL);

	/* Given up half-way: counts set, arrays not yet there. */
	struct lesson_result half = { .nclaims = 3, .nvariants = 2 };
	lesson_result_release(&half);
	assert_int_equal(half.nclaims, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_variant_by_name),
		cmocka_unit_test(test_release),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
