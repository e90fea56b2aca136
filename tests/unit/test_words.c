/* SPDX-License-Identifier: MIT */
/* Words of a command line, held against what sh makes of the same line. */

#include "base/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void splits(const char *line, ...)
{
	struct err err = { 0 };
	char **words = NULL;
	size_t count = 0;
	if (words_split(line, &words, &count, &err) != 0)
		fail_msg("%s: %s", line, err.text);
	va_list wanted;
	va_start(wanted, line);
	for (size_t i = 0; i < count; i++) {
		const char *word = va_arg(wanted, const char *);
		assert_non_null(word);
		assert_string_equal(words[i], word);
	}
	assert_null(va_arg(wanted, const char *));
	assert_null(words[count]);
	va_end(wanted);
	free(words);
}

static void refuses(const char *line, const char *part)
{
	struct err err = { 0 };
	char **words = NULL;
	size_t count = 0;
	assert_int_equal(words_split(line, &words, &count, &err), ERR_USAGE);
	if (!strstr(err.text, part))
		fail_msg("'%s' is not in '%s'", part, err.text);
	assert_null(words);
}

static void test_blanks(void **state)
{
	(void)state;
	splits("true", "true", NULL);
	splits("  python3\tx.py \n 1 ", "python3", "x.py", "1", NULL);
	splits("a b c d e f g h", "a", "b", "c", "d", "e", "f", "g", "h", NULL);
}

static void test_quotes(void **state)
{
	(void)state;
	splits("python3 -c 'print(1); print(\"a b\")'", "python3", "-c", "print(1); print(\"a b\")", NULL);
	splits("a\"b c\"d'e f'", "ab cde f", NULL);
	splits("'' \"\" x", "", "", "x", NULL);
	splits("\"it's\" '\"'", "it's", "\"", NULL);
	splits("'a\\b' \"a\\b\" \"\\\"\\\\\\$\\`\"", "a\\b", "a\\b", "\"\\$`", NULL);
}

static void test_backslashes(void **state)
{
	(void)state;
	splits("a\\ b \\'x \\\\", "a b", "'x", "\\", NULL);
	splits("a\\\nb \"c\\\nd\"", "ab", "cd", NULL);
	splits("\\; \\| \\>", ";", "|", ">", NULL);
}

static void test_nothing_is_expanded(void **state)
{
	(void)state;
	splits("echo $HOME *.c ~ `x` # no", "echo", "$HOME", "*.c", "~", "`x`", "#", "no", NULL);
}

static void test_refusals_say_where(void **state)
{
	(void)state;
	refuses("python3 -c 'print(1)", "single quote at character 12 ");
	refuses("echo \"a b", "double quote at character 6 ");
	refuses("echo 'a' 'b' '", "single quote at character 14 ");
	refuses("\xc3\xa9\xc3\xa9 'x", "character 4 ");
	refuses("echo a\\", "backslash with nothing behind it at character 7 ");
	refuses("ls > x", "'>' is for a shell");
	refuses("a;b", "at character 2 ");
	refuses("", "empty command");
	refuses(" \t\n", "empty command");
}

/* Random lines of letters that matter: whatever sh accepts as plain words comes out the same. */
static void test_as_sh_does(void **state)
{
	(void)state;
	uint64_t seed = 1;
	int compared = 0;
	for (int i = 0; i < 300; i++) {
		static const char letters[] = "ab '\"\\  x";
		char line[16];
		size_t length = 1 + (size_t)(i % 14);
		for (size_t k = 0; k < length; k++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			line[k] = letters[(seed >> 33) % (sizeof letters - 1)];
		}
		line[length] = '\0';
		struct err err = { 0 };
		char **words = NULL, script[128], wanted[256] = "", got[256] = "";
		size_t count = 0;
		bool split = words_split(line, &words, &count, &err) == 0;
		snprintf(script, sizeof script, "printf '%%s|' %s\n", line);
		setenv("WORDS_TEST", script, 1);
		FILE *sh = popen("sh -c \"$WORDS_TEST\" 2>/dev/null", "r");
		assert_non_null(sh);
		size_t bytes = fread(wanted, 1, sizeof wanted - 1, sh);
		wanted[bytes] = '\0';
		bool accepted = pclose(sh) == 0;
		for (size_t k = 0; split && k < count; k++)
			snprintf(got + strlen(got), sizeof got - strlen(got), "%s|", words[k]);
		if (split && accepted) {
			assert_string_equal(got, wanted);
			compared++;
		} else if (accepted && !strstr(err.text, "backslash") && !strstr(err.text, "empty")) { /* sh takes a last backslash as a letter */
			fail_msg("sh takes [%s]: %s", line, err.text);
		}
		free(words);
	}
	assert_true(compared > 80);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blanks),      cmocka_unit_test(test_quotes),           cmocka_unit_test(test_backslashes), cmocka_unit_test(test_nothing_is_expanded),
		cmocka_unit_test(test_refusals_say_where), cmocka_unit_test(test_as_sh_does),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
