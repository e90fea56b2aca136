/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- a string that grows ---- */

static void test_zeroed_is_empty(void **state)
{
	(void)state;
	struct text text = { 0 };
	assert_string_equal(text_string(&text), "");
	text_add(&text, "");
	text_addn(&text, "abc", 0);
	text_addc(&text, 'x', 0);
	text_addf(&text, "%s", "");
	assert_int_equal(text.length, 0);
	text_release(&text);
	char *taken = text_take(&text);
	assert_string_equal(taken, "");
	free(taken);
	text_release(&text);
}

static void test_grows(void **state)
{
	(void)state;
	struct text text = { 0 };
	char *expected = calloc(1, 20000);
	size_t length = 0;
	srand(1);
	for (int i = 0; i < 300; i++) {
		char piece[80];
		int n = rand() % 60;
		memset(piece, 'a' + i % 26, (size_t)n);
		piece[n] = '\0';
		switch (i % 4) {
		case 0: text_add(&text, piece); break;
		case 1: text_addn(&text, piece, (size_t)n); break;
		case 2: text_addc(&text, (char)('a' + i % 26), (size_t)n); break;
		default: text_addf(&text, "%s", piece);
		}
		memcpy(expected + length, piece, (size_t)n + 1);
		length += (size_t)n;
		assert_int_equal(text.length, length);
		assert_true(text.length < text.capacity || text.length == 0);
		assert_string_equal(text_string(&text), expected);
	}
	char *taken = text_take(&text);
	assert_string_equal(taken, expected);
	assert_null(text.data);
	assert_int_equal(text.length, 0);
	free(taken);
	free(expected);
}

static void test_no_memory_keeps_what_there_was(void **state)
{
	(void)state;
	struct text text = { 0 };
	text_add(&text, "kept");
	text_addc(&text, 'x', SIZE_MAX);
	assert_true(text.failed);
	text_add(&text, " not added: a text has no holes");
	assert_string_equal(text_string(&text), "kept");
	assert_null(text_take(&text));
	assert_false(text.failed);
	text_add(&text, "again");
	assert_string_equal(text_string(&text), "again");
	text_addc(&text, 'x', (size_t)PTRDIFF_MAX);
	assert_true(text.failed);
	text_release(&text);
}

/* ---- width ---- */

static void test_width(void **state)
{
	(void)state;
	assert_int_equal(text_width(""), 0);
	assert_int_equal(text_width("abc"), 3);
	assert_int_equal(text_width("\xC2\xB5s"), 2);              /* micro sign */
	assert_int_equal(text_width("\xE2\x96\x88\xE2\x96\x88"), 2); /* blocks */
	assert_int_equal(text_width("\xF0\x9F\x98\x80!"), 2);
	/* No sequences: one a byte. */
	assert_int_equal(text_width("\xFF\xFE"), 2);
	assert_int_equal(text_width("\x80"), 1);
	assert_int_equal(text_width("\xC0\x80"), 2);         /* overlong */
	assert_int_equal(text_width("\xE0\x80\x80"), 3);     /* overlong */
	assert_int_equal(text_width("\xED\xA0\x80"), 3);     /* a surrogate */
	assert_int_equal(text_width("\xF4\x90\x80\x80"), 4); /* beyond U+10FFFF */
	assert_int_equal(text_width("\xE2\x96"), 2);         /* cut short */
	assert_int_equal(text_width("\xE2\x96g"), 3);
	assert_int_equal(text_width("\xC3"), 1);
}

/* ---- the word that was meant ---- */

static const char *const commands[] = { "list", "run", "compare", "show", "lesson", "sweep", "inspect", "draw", "exec", "exercise" };
#define NEAREST(word) text_nearest(word, commands, sizeof commands / sizeof commands[0])

static void test_nearest(void **state)
{
	(void)state;
	assert_string_equal(NEAREST("list"), "list");
	assert_string_equal(NEAREST("lsit"), "list");     /* swapped */
	assert_string_equal(NEAREST("lst"), "list");      /* missing */
	assert_string_equal(NEAREST("liist"), "list");    /* one too many */
	assert_string_equal(NEAREST("LIST"), "list");
	assert_string_equal(NEAREST("rnu"), "run");
	assert_string_equal(NEAREST("inspcet"), "inspect");
	assert_string_equal(NEAREST("comparre"), "compare");
	assert_string_equal(NEAREST("exercize"), "exercise");
	assert_null(NEAREST("windows"));
	assert_null(NEAREST(""));
	assert_null(NEAREST("ab"));
	assert_null(NEAREST("x"));
	assert_null(text_nearest("list", NULL, 0));
	const char *const odd[] = { NULL, "", "list" };
	assert_string_equal(text_nearest("lisst", odd, 3), "list");
	char huge[500];
	memset(huge, 'l', sizeof huge - 1);
	huge[sizeof huge - 1] = '\0';
	assert_null(NEAREST(huge));
	const char *const long_names[] = { huge, "short" };
	assert_string_equal(text_nearest("shrot", long_names, 2), "short");
}

/* The definition, without a table. */
static size_t slow_distance(const char *a, size_t na, const char *b, size_t nb)
{
	if (na == 0 || nb == 0)
		return na + nb;
	size_t best = slow_distance(a, na - 1, b, nb - 1) + (a[na - 1] != b[nb - 1]);
	size_t other = slow_distance(a, na - 1, b, nb) + 1;
	best = other < best ? other : best;
	other = slow_distance(a, na, b, nb - 1) + 1;
	best = other < best ? other : best;
	if (na > 1 && nb > 1 && a[na - 1] == b[nb - 2] && a[na - 2] == b[nb - 1]) {
		other = slow_distance(a, na - 2, b, nb - 2) + 1;
		best = other < best ? other : best;
	}
	return best;
}

static void test_nearest_against_the_definition(void **state)
{
	(void)state;
	srand(2);
	for (int round = 0; round < 1000; round++) {
		char words[4][8];
		for (int w = 0; w < 4; w++) {
			int n = 1 + rand() % 6;
			for (int i = 0; i < n; i++)
				words[w][i] = (char)('a' + rand() % 3);
			words[w][n] = '\0';
		}
		const char *candidates[] = { words[1], words[2], words[3] }, *expected = NULL;
		size_t least = SIZE_MAX, length = strlen(words[0]);
		for (int c = 0; c < 3; c++) {
			size_t n = strlen(candidates[c]), d = slow_distance(words[0], length, candidates[c], n);
			if (d < least && 3 * d <= (n > length ? n : length)) {
				least = d;
				expected = candidates[c];
			}
		}
		assert_ptr_equal(text_nearest(words[0], candidates, 3), expected);
	}
}

/* ---- paragraphs ---- */

static void check_wrap(const char *string, size_t first, size_t indent, size_t width, const char *expected)
{
	struct text out = { 0 };
	text_wrap(&out, string, first, indent, width);
	assert_string_equal(text_string(&out), expected);
	text_release(&out);
}

static void test_wrap(void **state)
{
	(void)state;
	check_wrap("", 0, 0, 10, "\n");
	check_wrap("one two three", 0, 0, 80, "one two three\n");
	check_wrap("one two three", 0, 0, 7, "one two\nthree\n");
	check_wrap("one two three", 0, 2, 7, "one two\n  three\n");
	check_wrap("one two three", 4, 2, 7, "one\n  two\n  three\n");
	check_wrap("one", 6, 2, 7, "\n  one\n");                        /* does not fit beside the label */
	check_wrap("a incomprehensibilities b", 0, 2, 8, "a\n  incomprehensibilities\n  b\n");
	check_wrap("incomprehensibilities", 0, 0, 8, "incomprehensibilities\n");
	check_wrap("show windows  |  man page", 0, 0, 80, "show windows  |  man page\n"); /* wide gaps stay */
	check_wrap("show windows  |  man page", 0, 0, 13, "show windows\n|  man page\n");
	check_wrap("  one  ", 0, 0, 10, "one\n");
	check_wrap("one\ntwo", 0, 2, 10, "one\n  two\n");
	check_wrap("one\n\ntwo\n", 0, 2, 10, "one\n\n  two\n");
	check_wrap("\xC2\xB5\xC2\xB5\xC2\xB5 \xC2\xB5\xC2\xB5\xC2\xB5", 0, 0, 7, "\xC2\xB5\xC2\xB5\xC2\xB5 \xC2\xB5\xC2\xB5\xC2\xB5\n");
}

/* No line is too wide unless one word is, no word is lost, and no word would have fitted on the line before. */
static void test_wrap_any(void **state)
{
	(void)state;
	srand(3);
	for (int round = 0; round < 500; round++) {
		char string[400] = "";
		int words = rand() % 20;
		for (int w = 0; w < words; w++)
			snprintf(string + strlen(string), sizeof string - strlen(string), "%s%.*s", w > 0 ? " " : "", 1 + rand() % 12, "abcdefghijklmnop");
		size_t indent = (size_t)(rand() % 4), width = 6 + (size_t)(rand() % 30);
		struct text out = { 0 };
		text_wrap(&out, string, indent, indent, width);
		char joined[400] = "";
		size_t before = SIZE_MAX;
		for (char *line = out.data, *end; *line != '\0'; line = end + 1) {
			end = strchr(line, '\n');
			*end = '\0';
			char *text = before == SIZE_MAX ? line : line + indent;
			size_t length = strlen(text), first_word = strcspn(text, " ");
			assert_true(indent + length <= width || first_word == length);
			assert_true(length == 0 || text[length - 1] != ' ');
			if (before != SIZE_MAX)
				assert_true(before + 1 + first_word > width);
			before = indent + length;
			snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s%s", joined[0] != '\0' ? " " : "", text);
		}
		assert_string_equal(joined, string);
		text_release(&out);
	}
}

/* ---- formats ---- */

static int format(char *out, size_t size, const char *words, ...)
{
	va_list args;
	va_start(args, words);
	int length = text_format(out, size, words, args);
	va_end(args);
	return length;
}

/* The same bytes and the same length as snprintf(), with room, with none, and with just enough. */
#define SAME(...)                                                                            \
	do {                                                                                 \
		char expected[200], got[200];                                                \
		int length = snprintf(expected, sizeof expected, __VA_ARGS__);               \
		for (size_t size = 1; size < 120; size++) {                                  \
			memset(got, '#', sizeof got);                                        \
			memset(expected, '#', sizeof expected);                              \
			assert_int_equal(snprintf(expected, size, __VA_ARGS__), length);     \
			assert_int_equal(format(got, size, __VA_ARGS__), length);            \
			assert_string_equal(got, expected);                                  \
			assert_int_equal(got[size], '#');                                    \
		}                                                                            \
	} while (0)

static void test_format_is_printfs(void **state)
{
	(void)state;
	SAME("%s", "");
	SAME("nothing to put in");
	SAME("%s and %s", "one", "another");
	SAME("%.*s|%.*s|%.*s", 2, "abc", 0, "abc", 9, "abc");
	SAME("%d %d %d %+d %+d", 0, -1, INT32_MAX, 7, -7);
	SAME("%td %+td %td", PTRDIFF_MIN, (ptrdiff_t)0, PTRDIFF_MAX);
	SAME("%lld %+lld", (long long)INT64_MIN, (long long)INT64_MAX);
	SAME("%zu %zu", (size_t)0, SIZE_MAX);
	SAME("100 %% of %c%c", 'a', 'z');
	SAME("%5d|%-5s|%05.1f|%x|%u|%.3g", 42, "ab", 2.25, 255u, 7u, 0.1234);
	SAME("%s: %td != %d * %td = %td, so a copy of %s", "stride[0]", (ptrdiff_t)8, 3, (ptrdiff_t)32, (ptrdiff_t)96, "96 B");
}

static void test_format_grows(void **state)
{
	(void)state;
	char word[3000];
	struct text text = { 0 };
	memset(word, 'w', sizeof word - 1);
	word[sizeof word - 1] = '\0';
	text_addf(&text, "%d%s%d", 1, word, 2);
	assert_int_equal(text.length, 3001);
	assert_int_equal(text.data[3000], '2');
	text_addf(&text, "%.1f%s", 0.5, word);
	assert_int_equal(text.length, 6003);
	assert_string_equal(text.data + 3004, word);
	text_release(&text);
}

static void test_number(void **state)
{
	(void)state;
	const int64_t numbers[] = { 0, 1, 9, 10, -1, -10, 99, 100, INT64_MAX, INT64_MIN };
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		char got[TEXT_NUMBER + 1], expected[TEXT_NUMBER + 1];
		*text_number(got, numbers[i]) = '\0';
		snprintf(expected, sizeof expected, "%lld", (long long)numbers[i]);
		assert_string_equal(got, expected);
	}
}

static void test_ascii(void **state)
{
	(void)state;
	char bytes[40];
	memset(bytes, 0x7f, sizeof bytes);
	for (size_t length = 0; length <= sizeof bytes; length++) {
		assert_true(text_is_ascii(bytes, length));
		for (size_t at = 0; at < length; at++) {
			bytes[at] = (char)0x80;
			assert_false(text_is_ascii(bytes, length));
			bytes[at] = 0x7f;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zeroed_is_empty),
		cmocka_unit_test(test_grows),
		cmocka_unit_test(test_no_memory_keeps_what_there_was),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_nearest_against_the_definition),
		cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_wrap_any),
		cmocka_unit_test(test_format_is_printfs),
		cmocka_unit_test(test_format_grows),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_ascii),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
