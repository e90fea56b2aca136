/* SPDX-License-Identifier: MIT */
#include "base/units.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- reading ---- */

static void test_parse(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		uint64_t value;
	} good[] = {
		{ "0", 0 }, { "4096", 4096 }, { "007", 7 }, { "4K", 4000 }, { "4k", 4000 }, { "64Ki", 65536 }, { "64ki", 65536 }, { "2.5M", 2500000 },
		{ "230MB", 230000000 }, { "1GiB", UINT64_C(1) << 30 }, { "1Ti", UINT64_C(1) << 40 }, { "3T", UINT64_C(3000000000000) }, { "12B", 12 },
		{ "0.5Ki", 512 }, { "1.5GiB", UINT64_C(3) << 29 }, { "0.001K", 1 }, { ".5K", 500 }, { "1.0", 1 }, { "1.000B", 1 }, { "2.500000000000000000000000M", 2500000 },
		{ "18446744073709551615", UINT64_MAX }, { "18446744073709551.615K", UINT64_MAX }, { "18446744073709551615.0", UINT64_MAX },
		{ "16777215Ti", UINT64_C(16777215) << 40 }, { "0.0000000000009094947017729282379150390625Ti", 1 },
		{ "16777215.9999999999990905052982270717620849609375Ti", UINT64_MAX }, { "00000000000000000000000000000000001", 1 }, { "0T", 0 },
	};
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		uint64_t value = 99;
		struct err err = { 0 };
		if (units_parse("n", good[i].text, &value, &err) != ERR_OK)
			fail_msg("%s: %s", good[i].text, err.text);
		if (value != good[i].value)
			fail_msg("%s gives %llu", good[i].text, (unsigned long long)value);
	}
}

static void test_parse_says_what_is_wrong(void **state)
{
	(void)state;
	static const struct {
		const char *text, *message;
	} bad[] = {
		{ "", "'n' is empty (try 4096, 64Ki, 2.5M)" },
		{ NULL, "'n' is empty (try 4096, 64Ki, 2.5M)" },
		{ "12x", "'n' is '12x': not a number (try 4096, 64Ki, 2.5M)" },
		{ "many", "'n' is 'many': not a number (try 4096, 64Ki, 2.5M)" },
		{ "-1", "'n' is '-1': must not be negative" },
		{ "-0.5K", "'n' is '-0.5K': must not be negative" },
		{ "-", "'n' is '-': not a number (try 4096, 64Ki, 2.5M)" },
		{ "-x", "'n' is '-x': not a number (try 4096, 64Ki, 2.5M)" },
		{ "1e9", "'n' is '1e9': exponents are not read (1e6 is 1M, 1e9 is 1G)" },
		{ "2.5E+6", "'n' is '2.5E+6': exponents are not read (1e6 is 1M, 1e9 is 1G)" },
		{ "0.3Ki", "'n' is '0.3Ki': not a whole number" },
		{ "0.5", "'n' is '0.5': not a whole number" },
		{ "1.0005K", "'n' is '1.0005K': not a whole number" },
		{ "18446744073709551616", "'n' is '18446744073709551616': too large (at most 18446744073709551615)" },
		{ "99999999999999999999999K", "'n' is '99999999999999999999999K': too large (at most 18446744073709551615)" },
		{ "20000000T", "'n' is '20000000T': too large with its suffix 'T' (at most 18446744073709551615 in all)" },
		{ "16777216TiB", "'n' is '16777216TiB': too large with its suffix 'TiB' (at most 18446744073709551615 in all)" },
		{ "18446744073709551.616K", "'n' is '18446744073709551.616K': too large with its suffix 'K' (at most 18446744073709551615 in all)" },
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		uint64_t value = 99;
		struct err err = { 0 };
		assert_int_equal(units_parse("n", bad[i].text, &value, &err), ERR_USAGE);
		assert_string_equal(err.text, bad[i].message);
		assert_int_equal(value, 99);
	}
	static const char *const words[] = { " 1", "1 ", "1 K", "+1", "1,000", "1.", "1.K", ".", "1..5", "1.5.5M", "0x10", "K", "B", "Ki", "1KK", "1Kb", "1b", "1i", "1iB", "1BB",
		                             "1KBi", "1m", "1P", "1e", "1eK", "inf", "nan", "1\n", "\xC2\xB2" };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		uint64_t value = 99;
		struct err err = { 0 };
		if (units_parse("n", words[i], &value, &err) != ERR_USAGE || strstr(err.text, "not a number") == NULL)
			fail_msg("'%s' gives %llu, '%s'", words[i], (unsigned long long)value, err.text);
	}
	assert_int_equal(units_parse("n", "x", &(uint64_t){ 0 }, NULL), ERR_USAGE);
	/* The reason is not pushed out by a long word. */
	char word[3000];
	memset(word, 'x', sizeof word - 1);
	word[sizeof word - 1] = '\0';
	struct err err = { 0 };
	units_parse("n", word, &(uint64_t){ 0 }, &err);
	assert_non_null(strstr(err.text, "not a number (try"));
}

/* Any suffix, any fraction, against 128-bit arithmetic. */
static void test_parse_fractions(void **state)
{
	(void)state;
	static const struct {
		const char *suffix;
		uint64_t times;
	} suffixes[] = { { "", 1 },  { "K", 1000 },  { "M", 1000000 },  { "G", 1000000000 },  { "T", UINT64_C(1000000000000) },
		         { "B", 1 }, { "Ki", 1024 }, { "MiB", 1 << 20 }, { "GiB", 1 << 30 }, { "Ti", UINT64_C(1) << 40 } };
	srand(4);
	for (int round = 0; round < 20000; round++) {
		int places = rand() % 13, which = rand() % 10, accepted;
		unsigned long long whole = (unsigned long long)(rand() % 20000000), part = 0, scale = 1;
		for (int i = 0; i < places; i++) {
			unsigned long long digit = (unsigned long long)(rand() % 4 == 0 ? rand() % 10 : rand() % 2 * 5);
			part = part * 10 + digit;
			scale *= 10;
		}
		char text[80];
		if (places > 0)
			snprintf(text, sizeof text, "%llu.%0*llu%s", whole, places, part, suffixes[which].suffix);
		else
			snprintf(text, sizeof text, "%llu%s", whole, suffixes[which].suffix);
		unsigned __int128 product = ((unsigned __int128)whole * scale + part) * suffixes[which].times;
		bool fits = product % scale == 0 && product / scale <= UINT64_MAX;
		uint64_t value = 0;
		accepted = units_parse("n", text, &value, NULL) == ERR_OK;
		if (accepted != fits || (fits && value != (uint64_t)(product / scale)))
			fail_msg("%s gives %llu", text, (unsigned long long)value);
	}
}

static void test_parse_seconds(void **state)
{
	(void)state;
	double s = 0;
	struct err err = { 0 };
	assert_int_equal(units_parse_seconds("--time", "2", &s, &err), ERR_OK);
	assert_true(s == 2);
	assert_int_equal(units_parse_seconds("--time", "0.1", &s, &err), ERR_OK);
	assert_true(s == 0.1);
	assert_int_equal(units_parse_seconds("--time", ".25", &s, &err), ERR_OK);
	assert_true(s == 0.25);
	assert_int_equal(units_parse_seconds("--time", "1000000000", &s, &err), ERR_OK);
	static const struct {
		const char *text, *message;
	} bad[] = {
		{ "", "'--time' is empty (try 2 or 0.5)" },
		{ "0", "'--time' is '0': must be more than 0" },
		{ "0.000", "'--time' is '0.000': must be more than 0" },
		{ "-1", "'--time' is '-1': must not be negative" },
		{ "2s", "'--time' is '2s': not a number of seconds (try 2 or 0.5)" },
		{ "1e3", "'--time' is '1e3': not a number of seconds (try 2 or 0.5)" },
		{ "inf", "'--time' is 'inf': not a number of seconds (try 2 or 0.5)" },
		{ "nan", "'--time' is 'nan': not a number of seconds (try 2 or 0.5)" },
		{ "0x1", "'--time' is '0x1': not a number of seconds (try 2 or 0.5)" },
		{ " 1", "'--time' is ' 1': not a number of seconds (try 2 or 0.5)" },
		{ "1.", "'--time' is '1.': not a number of seconds (try 2 or 0.5)" },
		{ "1000000001", "'--time' is '1000000001': too large (at most 1000000000 seconds)" },
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		s = 7;
		assert_int_equal(units_parse_seconds("--time", bad[i].text, &s, &err), ERR_USAGE);
		assert_string_equal(err.text, bad[i].message);
		assert_true(s == 7);
	}
	char digits[1000];
	memset(digits, '9', sizeof digits - 1);
	digits[sizeof digits - 1] = '\0';
	assert_int_equal(units_parse_seconds("--time", digits, &s, &err), ERR_USAGE);
}

static void test_scan(void **state)
{
	(void)state;
	double number;
	srand(5);
	for (int round = 0; round < 20000; round++) {
		char text[60];
		snprintf(text, sizeof text, "%d.%0*d", rand() % 100000, 1 + rand() % 9, rand() % 10);
		const char *end = units_scan(text, &number);
		assert_non_null(end);
		assert_int_equal(*end, '\0');
		assert_true(number == strtod(text, NULL)); /* to the last bit, up to 15 digits */
	}
	const char *text = "8B";
	assert_ptr_equal(units_scan(text, &number), text + 1);
	text = "1.x";
	assert_ptr_equal(units_scan(text, &number), text + 1);
	assert_null(units_scan("", &number));
	assert_null(units_scan(".", &number));
	assert_null(units_scan("-1", &number));
	assert_null(units_scan("x", &number));
	assert_non_null(units_scan("0.12345678901234567890123456789", &number));
	assert_true(fabs(number - 0.12345678901234567) < 1e-16);
}

/* ---- writing ---- */

#define SAYS(function, value, expected) \
	do { \
		char said[UNITS_TEXT]; \
		assert_string_equal(function((value), said), (expected)); \
	} while (0)

static void test_bytes(void **state)
{
	(void)state;
	SAYS(units_bytes, 0, "0 B");
	SAYS(units_bytes, 96, "96 B");
	SAYS(units_bytes, 999, "999 B");
	SAYS(units_bytes, 1000, "1.0 kB");
	SAYS(units_bytes, 4096, "4.1 kB");
	SAYS(units_bytes, 1049, "1.0 kB");
	SAYS(units_bytes, 1050, "1.1 kB");
	SAYS(units_bytes, 999949, "999.9 kB");
	SAYS(units_bytes, 999950, "1.0 MB");
	SAYS(units_bytes, 63967744, "64.0 MB");
	SAYS(units_bytes, 127935488, "127.9 MB");
	SAYS(units_bytes, 999949999, "999.9 MB");
	SAYS(units_bytes, 999950000, "1.00 GB");
	SAYS(units_bytes, 1020000000, "1.02 GB");
	SAYS(units_bytes, 99994999999., "99.99 GB");
	SAYS(units_bytes, 99995000000., "100.0 GB");
	SAYS(units_bytes, 999949999999., "999.9 GB");
	SAYS(units_bytes, 999950000000., "1.00 TB");
	SAYS(units_bytes, 18446744073709551615., "18.45 EB");
	SAYS(units_bytes, 999949999999999872., "999.9 PB");
	SAYS(units_bytes, 1e18, "1.00 EB");
	SAYS(units_bytes, 1e21, "1.00 ZB");
	SAYS(units_bytes, 2.5e24, "2.50 YB");
	SAYS(units_bytes, 1e300, "> 999 YB");
	SAYS(units_bytes, -1e300, "< -999 YB");
	SAYS(units_bytes, INFINITY, "> 999 YB");
	SAYS(units_bytes, -4096, "-4.1 kB");
	SAYS(units_bytes, 24.25, "24.3 B");
	SAYS(units_bytes, 999.96, "1.0 kB");
	SAYS(units_bytes, NAN, "-");
	SAYS(units_bytes, -0.0, "0 B");
}

/* Against 128-bit arithmetic: what is printed differs from the value by half of the last digit at most, and no text is too long. */
static void test_bytes_any(void **state)
{
	(void)state;
	static const char *const units[] = { "kB", "MB", "GB", "TB", "PB" };
	srand(6);
	for (int round = 0; round < 50000; round++) {
		uint64_t bytes = 1000 + (((uint64_t)rand() << 31 | (uint64_t)rand()) >> (10 + rand() % 45));
		if (rand() % 4 == 0) { /* near a power of ten */
			uint64_t power = 1000;
			for (int k = rand() % 12; k > 0; k--)
				power *= 10;
			bytes = power - power / 20000 - 3 + (uint64_t)(rand() % 7);
			bytes = bytes < 1000 ? 1000 : bytes;
		}
		char text[UNITS_TEXT], unit[4];
		unsigned long long whole, part;
		char fraction[4];
		units_bytes((double)bytes, text);
		assert_int_equal(sscanf(text, "%llu.%3[0-9] %3s", &whole, fraction, unit), 3);
		part = strtoull(fraction, NULL, 10);
		uint64_t step = 1000;
		size_t u = 0;
		for (; strcmp(units[u], unit) != 0; u++)
			step *= 1000;
		uint64_t digit = strlen(fraction) == 2 ? step / 100 : step / 10;
		uint64_t shown = (uint64_t)whole * step + (uint64_t)part * digit;
		if (whole >= 1000 || whole == 0 || shown > bytes + digit / 2 || shown + digit / 2 < bytes || (bytes < shown && shown - bytes > digit / 2))
			fail_msg("%llu prints as %s", (unsigned long long)bytes, text);
		assert_int_equal(strlen(fraction), u >= 2 && whole < 100 ? 2 : 1);
	}
}

static void test_time(void **state)
{
	(void)state;
	SAYS(units_time, 0, "0 ns");
	SAYS(units_time, 0.25, "0.25 ns");
	SAYS(units_time, 5, "5.00 ns");
	SAYS(units_time, 31.25, "31.3 ns");
	SAYS(units_time, 312, "312 ns");
	SAYS(units_time, 999, "999 ns");
	SAYS(units_time, 999.5, "1.00 us");
	SAYS(units_time, 9.996, "10.0 ns");
	SAYS(units_time, 99.96, "100 ns");
	SAYS(units_time, 1000, "1.00 us");
	SAYS(units_time, 9994, "9.99 us");
	SAYS(units_time, 9995, "10.0 us");
	SAYS(units_time, 310000, "310 us");
	SAYS(units_time, 999499, "999 us");
	SAYS(units_time, 999500, "1.00 ms");
	SAYS(units_time, 2314999, "2.31 ms");
	SAYS(units_time, 2315000, "2.32 ms");
	SAYS(units_time, 24.1e6, "24.1 ms");
	SAYS(units_time, 999.5e6, "1.00 s");
	SAYS(units_time, 1.2e9, "1.20 s");
	SAYS(units_time, 75e9, "75.0 s");
	SAYS(units_time, 3600e9, "3600 s");
	SAYS(units_time, 1234e9, "1230 s");
	SAYS(units_time, 1e20, "> 1000000000 s");
	SAYS(units_time, -2.5e6, "-2.50 ms");
	SAYS(units_time, NAN, "-");
	SAYS(units_time, INFINITY, "> 1000000000 s");
}

static void test_count(void **state)
{
	(void)state;
	SAYS(units_count, 0, "0");
	SAYS(units_count, 999, "999");
	SAYS(units_count, 1000, "1,000");
	SAYS(units_count, 124937, "124,937");
	SAYS(units_count, 1234567, "1,234,567");
	SAYS(units_count, 9007199254740991., "9,007,199,254,740,991");
	SAYS(units_count, 9007199254740993., "9,007,199,254,740,992");
	SAYS(units_count, 12.5, "12.5");
	SAYS(units_count, 1234.5, "1,235");
	SAYS(units_count, 999.96, "1,000");
	SAYS(units_count, -1234, "-1,234");
	SAYS(units_count, -0.0, "0");
	SAYS(units_count, 1e30, "> 10^19");
	SAYS(units_count, NAN, "-");
}

static void test_short(void **state)
{
	(void)state;
	SAYS(units_short, 0, "0");
	SAYS(units_short, 64, "64");
	SAYS(units_short, 999, "999");
	SAYS(units_short, 1000, "1K");
	SAYS(units_short, 1024, "1024");
	SAYS(units_short, 1500, "1.5K");
	SAYS(units_short, 1250, "1250");
	SAYS(units_short, 125000, "125K");
	SAYS(units_short, 1250000, "1250K");
	SAYS(units_short, 1500000, "1.5M");
	SAYS(units_short, 1000100, "1000100");
	SAYS(units_short, 4000000, "4M");
	SAYS(units_short, 4500000000, "4.5G");
	SAYS(units_short, UINT64_C(7000000000000000), "7000T");
	SAYS(units_short, UINT64_MAX, "18446744073709551615");
}

/* What is printed for --set can be typed again. */
static void test_short_is_read_back(void **state)
{
	(void)state;
	srand(7);
	for (int round = 0; round < 50000; round++) {
		uint64_t number = ((uint64_t)rand() << 33 ^ (uint64_t)rand() << 11 ^ (uint64_t)rand()) >> (rand() % 64), back = 0;
		for (int zeros = rand() % 16; zeros > 0 && number < UINT64_MAX / 10; zeros--)
			number *= 10;
		char text[UNITS_TEXT];
		units_short(number, text);
		if (units_parse("n", text, &back, NULL) != ERR_OK || back != number)
			fail_msg("%llu prints as %s", (unsigned long long)number, text);
	}
}

static void test_ratio(void **state)
{
	(void)state;
	SAYS(units_ratio, 1 / 10.4, "10.4x faster");
	SAYS(units_ratio, 2.2, "2.2x slower");
	SAYS(units_ratio, 1 / 78.0, "78x faster");
	SAYS(units_ratio, 1.05, "1.05x slower");
	SAYS(units_ratio, 1 / 1.05, "1.05x faster");
	SAYS(units_ratio, 1.094, "1.09x slower");
	SAYS(units_ratio, 1.097, "1.1x slower");
	SAYS(units_ratio, 19.94, "19.9x slower");
	SAYS(units_ratio, 19.96, "20x slower");
	SAYS(units_ratio, 1, "1.00x");
	SAYS(units_ratio, 0.999, "1.00x");
	SAYS(units_ratio, 12345, "12,345x slower");
	SAYS(units_ratio, 0, "-");
	SAYS(units_ratio, -1, "-");
	SAYS(units_ratio, NAN, "-");
	SAYS(units_ratio, INFINITY, "-");
	SAYS(units_ratio, 1e-300, "> 10^15x faster");
	SAYS(units_factor, 64, "64x");
	SAYS(units_factor, 2.5, "2.5x");
	SAYS(units_factor, 0.25, "0.25x");
	SAYS(units_factor, 0, "0.00x");
	SAYS(units_factor, 1, "1.00x");
	SAYS(units_factor, 100, "100x");
	SAYS(units_factor, NAN, "-");
}

static void test_others(void **state)
{
	(void)state;
	SAYS(units_rate, 8.1e9, "8.1 GB/s");
	SAYS(units_rate, 512e6, "512.0 MB/s");
	SAYS(units_rate, 12, "12 B/s");
	SAYS(units_rate, NAN, "-");
	SAYS(units_percent, 0.04, "4 %");
	SAYS(units_percent, 0.025, "2.5 %");
	SAYS(units_percent, 0.64, "64 %");
	SAYS(units_percent, 0.995, "100 %");
	SAYS(units_percent, 0.0999, "10 %");
	SAYS(units_percent, 0, "0 %");
	SAYS(units_percent, 12.5, "1,250 %");
	SAYS(units_percent, NAN, "-");
	SAYS(units_number, 0, "0");
	SAYS(units_number, 124937, "124,937");
	SAYS(units_number, 3.14159, "3.142");
	SAYS(units_number, 0.5, "0.5");
	SAYS(units_number, -2.5, "-2.5");
	SAYS(units_number, 0.0012, "0.0012");
	SAYS(units_number, 0.000123456, "0.0001235");
	SAYS(units_number, 1.2e-8, "1.2e-08");
	SAYS(units_number, 1e-300, "1e-300");
	SAYS(units_number, 12345.678, "12,346");
	SAYS(units_number, 999.96, "1,000");
	SAYS(units_number, 0.99996, "1");
	SAYS(units_number, 99.995, "100");
	SAYS(units_number, NAN, "-");
}

/* The point is a dot under a locale whose point is a comma. There seldom is one on a test machine, so one is made. */
static void test_locale(void **state)
{
	(void)state;
	char folder[] = "/tmp/test_units.XXXXXX", command[200];
	assert_non_null(mkdtemp(folder));
	snprintf(command, sizeof command, "localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 >%s/log 2>&1", folder, folder);
	bool made = system(command) == 0 && setenv("LOCPATH", folder, 1) == 0 && setlocale(LC_ALL, "de_DE.UTF-8") != NULL;
	snprintf(command, sizeof command, "rm -rf %s", folder);
	int removed = system(command);
	unsetenv("LOCPATH");
	if (!made) {
		print_message("no locale with a decimal comma here\n");
		skip();
	}
	char text[UNITS_TEXT];
	snprintf(text, sizeof text, "%.1f", 0.5);
	assert_string_equal(text, "0,5");
	SAYS(units_bytes, 4096, "4.1 kB");
	SAYS(units_time, 2.31e6, "2.31 ms");
	SAYS(units_count, 124937, "124,937");
	SAYS(units_number, 0.0012, "0.0012");
	SAYS(units_number, 1.2e-8, "1.2e-08");
	SAYS(units_short, 1500000, "1.5M");
	SAYS(units_ratio, 2.2, "2.2x slower");
	uint64_t value = 0;
	assert_int_equal(units_parse("n", "2.5M", &value, NULL), ERR_OK);
	assert_int_equal(value, 2500000);
	assert_int_equal(units_parse("n", "2,5M", &value, NULL), ERR_USAGE);
	double seconds = 0;
	assert_int_equal(units_parse_seconds("--time", "0.5", &seconds, NULL), ERR_OK);
	assert_true(seconds == 0.5);
	setlocale(LC_ALL, "C");
	assert_int_equal(removed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_says_what_is_wrong),
		cmocka_unit_test(test_parse_fractions),
		cmocka_unit_test(test_parse_seconds),
		cmocka_unit_test(test_scan),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_bytes_any),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_short),
		cmocka_unit_test(test_short_is_read_back),
		cmocka_unit_test(test_ratio),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_locale),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
