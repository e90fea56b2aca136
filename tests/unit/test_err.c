/* SPDX-License-Identifier: MIT */
#include "base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_fills_and_returns(void **state)
{
	(void)state;
	struct err err = { 0 };
	assert_int_equal(err_set(&err, ERR_USAGE, "'%s' is %d", "n", 3), ERR_USAGE);
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(err.text, "'n' is 3");
	assert_int_equal(err_set(NULL, ERR_IO, "nobody listens"), ERR_IO);
}

static void test_own_text_may_be_wrapped(void **state)
{
	(void)state;
	struct err err = { 0 };
	err_set(&err, ERR_IO, "inner");
	err_set(&err, ERR_FAILED, "outer: %s", err.text);
	assert_string_equal(err.text, "outer: inner");
}

static void test_stays_one_line(void **state)
{
	(void)state;
	struct err err = { 0 };
	err_set(&err, ERR_IO, "cannot open '%s'", "a\nb\033[31m\177\tz");
	assert_string_equal(err.text, "cannot open 'a?b?[31m??z'");
	err_set(&err, ERR_IO, "caf\xC3\xA9");
	assert_string_equal(err.text, "caf\xC3\xA9");
}

static void test_long_text_is_cut(void **state)
{
	(void)state;
	struct err err = { 0 };
	char word[1000];
	memset(word, 'a', sizeof word - 1);
	word[sizeof word - 1] = '\0';
	err_set(&err, ERR_IO, "%s", word);
	assert_int_equal(strlen(err.text), sizeof err.text - 1);
	assert_string_equal(err.text + sizeof err.text - 6, "aa...");

	/* Wherever the cut falls in two-byte characters, none is split. */
	for (int shift = 0; shift < 2; shift++) {
		for (size_t i = 0; i + 2 < sizeof word; i += 2)
			memcpy(word + i, "\xC3\xA9", 2);
		word[sizeof word - 2] = '\0';
		err_set(&err, ERR_IO, "%.*s%s", shift, "x", word);
		size_t end = strlen(err.text) - 3;
		assert_string_equal(err.text + end, "...");
		assert_int_equal((unsigned char)err.text[end - 1], 0xA9);
	}
	word[sizeof err.text - 1] = '\0';
	memset(word, 'b', sizeof err.text - 1);
	err_set(&err, ERR_IO, "%s", word);
	assert_string_equal(err.text, word); /* fits exactly */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fills_and_returns),
		cmocka_unit_test(test_own_text_may_be_wrapped),
		cmocka_unit_test(test_stays_one_line),
		cmocka_unit_test(test_long_text_is_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
