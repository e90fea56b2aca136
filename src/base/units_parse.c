/* SPDX-License-Identifier: MIT */
/*
 * Numbers as people write them, exactly: a size is read in integers throughout, and one that does not fit, or does not come out whole, is
 * refused and never rounded. No strtod: its decimal point is the locale's.
 */

#include "base/units.h"

#include <stdbool.h>
#include <string.h>

static const char *const hint = "try 4096, 64Ki, 2.5M";

/* What the letters after a number multiply by; 0 for other words. */
static uint64_t multiplier(const char *suffix)
{
	static const char letters[] = "KMGT";
	uint64_t decimal = 1, binary = 1;
	if (*suffix != '\0' && strcmp(suffix, "B") != 0) {
		const char *letter = strchr(letters, *suffix == 'k' ? 'K' : *suffix);
		if (letter == NULL)
			return 0;
		for (const char *l = letters; l <= letter; l++) {
			decimal *= 1000;
			binary *= 1024;
		}
		suffix++;
		if (*suffix == 'i') {
			decimal = binary;
			suffix++;
		}
	}
	return *suffix == '\0' || strcmp(suffix, "B") == 0 ? decimal : 0;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "1e9", "2.5E+6": a number for others, so it has its own advice. */
static bool is_exponent(const char *s)
{
	if (*s != 'e' && *s != 'E')
		return false;
	s += s[1] == '+' || s[1] == '-' ? 2 : 1;
	return is_digit(*s);
}

/*
 * The fraction's digits times `times`. From the last digit to the first the sum must be divisible by ten each time, or the product is not whole;
 * the carry never exceeds `times`. Returns false if it is not whole.
 */
static bool whole_fraction(const char *digits, size_t count, uint64_t times, uint64_t *out_value)
{
	uint64_t carry = 0;
	while (count > 0) {
		carry += (uint64_t)(digits[--count] - '0') * times;
		if (carry % 10 != 0)
			return false;
		carry /= 10;
	}
	*out_value = carry;
	return true;
}

int units_parse(const char *what, const char *text, uint64_t *out_value, struct err *err)
{
	if (text == NULL || *text == '\0')
		return err_set(err, ERR_USAGE, "'%s' is empty (%s)", what, hint);
	if (text[0] == '-' && (is_digit(text[1]) || text[1] == '.'))
		return err_set(err, ERR_USAGE, "'%s' is '%.80s': must not be negative", what, text);

	size_t digits = strspn(text, "0123456789"), places = 0;
	const char *s = text + digits, *fraction = s;
	if (*s == '.') {
		fraction = s + 1;
		places = strspn(fraction, "0123456789");
		s = places > 0 ? fraction + places : s;
	}
	if (digits + places > 0 && is_exponent(s))
		return err_set(err, ERR_USAGE, "'%s' is '%.80s': exponents are not read (1e6 is 1M, 1e9 is 1G)", what, text);
	uint64_t times = multiplier(s);
	if (digits + places == 0 || times == 0)
		return err_set(err, ERR_USAGE, "'%s' is '%.80s': not a number (%s)", what, text, hint);

	uint64_t value = 0, rest = 0;
	for (size_t i = 0; i < digits; i++)
		if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, (uint64_t)(text[i] - '0'), &value))
			return err_set(err, ERR_USAGE, "'%s' is '%.80s': too large (at most %llu)", what, text, (unsigned long long)UINT64_MAX);
	if (!whole_fraction(fraction, places, times, &rest))
		return err_set(err, ERR_USAGE, "'%s' is '%.80s': not a whole number", what, text);
	if (__builtin_mul_overflow(value, times, &value) || __builtin_add_overflow(value, rest, &value))
		return err_set(err, ERR_USAGE, "'%s' is '%.80s': too large with its suffix '%s' (at most %llu in all)", what, text, s,
		               (unsigned long long)UINT64_MAX);
	*out_value = value;
	return ERR_OK;
}

/* Up to 15 digits over a power of ten up to 10^22 the one division is the only rounding, so the result is the nearest double; beyond, within a few. */
const char *units_scan(const char *text, double *out_number)
{
	double number = 0, scale = 1;
	const char *s = text;
	for (; is_digit(*s); s++)
		number = number * 10 + (*s - '0');
	if (s == text && (*s != '.' || !is_digit(s[1])))
		return NULL;
	if (*s == '.' && is_digit(s[1])) {
		for (s++; is_digit(*s); s++) {
			if (scale >= 1e22 || number >= 1e17) /* further digits are below the last bit */
				continue;
			number = number * 10 + (*s - '0');
			scale *= 10;
		}
	}
	*out_number = number / scale;
	return s;
}

int units_parse_seconds(const char *what, const char *text, double *out_seconds, struct err *err)
{
	double seconds;
	if (text == NULL || *text == '\0')
		return err_set(err, ERR_USAGE, "'%s' is empty (try 2 or 0.5)", what);
	if (text[0] == '-' && (is_digit(text[1]) || text[1] == '.'))
		return err_set(err, ERR_USAGE, "'%s' is '%.80s': must not be negative", what, text);
	const char *end = units_scan(text, &seconds);
	if (end == NULL || *end != '\0')
		return err_set(err, ERR_USAGE, "'%s' is '%.80s': not a number of seconds (try 2 or 0.5)", what, text);
	if (seconds <= 0)
		return err_set(err, ERR_USAGE, "'%s' is '%.80s': must be more than 0", what, text);
	if (seconds > 1e9)
		return err_set(err, ERR_USAGE, "'%s' is '%.80s': too large (at most 1000000000 seconds)", what, text);
	*out_seconds = seconds;
	return ERR_OK;
}
