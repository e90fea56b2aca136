/* SPDX-License-Identifier: MIT */
/*
 * Numbers as people read them.
 *
 * Nothing here lets printf see a decimal point, since its point is the locale's. A quantity is scaled to a whole number of its last
 * printed digit (half up, in integers, so that the rounding is that of the decimal number and not of its binary neighbour), and the dot is put in
 * between two integers. Rounding comes before the choice of the unit, or 999,950 B would be "1000.0 kB".
 */

#include "base/units.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t ten_to[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000 };

/* value / 10^places, with its dot. */
static char *put(char out[UNITS_TEXT], bool negative, uint64_t value, int places, const char *unit)
{
	/* From the last digit to the first, by hand: a table of 10,000 lines has 30,000 of these. */
	char digits[24];
	size_t at = sizeof digits, length = strnlen(unit, 6);
	bool minus = negative && value != 0;
	for (int i = 0; i <= places || value > 0; i++, value /= 10) {
		if (i == places && i > 0)
			digits[--at] = '.';
		digits[--at] = (char)('0' + value % 10);
	}
	if (minus)
		digits[--at] = '-';
	memcpy(out, digits + at, sizeof digits - at);
	memcpy(out + sizeof digits - at, unit, length);
	out[sizeof digits - at + length] = '\0';
	return out;
}

static char *put_word(char out[UNITS_TEXT], const char *word)
{
	snprintf(out, UNITS_TEXT, "%s", word);
	return out;
}

/* The nearest whole number, half up, of value * 10^places, for values far below 2^64. */
static uint64_t scaled(double value, int places)
{
	return (uint64_t)floor(value * (double)ten_to[places] + 0.5);
}

/* " kB/s" */
static void unit_words(const char *unit, const char *per, char out[8])
{
	*out++ = ' ';
	while (*unit != '\0')
		*out++ = *unit++;
	while (*per != '\0')
		*out++ = *per++;
	*out = '\0';
}

/* kB and MB have one decimal; from GB on there are two below 100 where `two` says so, else one. */
static char *put_bytes(double bytes, bool two, const char *per, char out[UNITS_TEXT])
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB" };
	enum { UNITS = sizeof units / sizeof units[0] };
	char unit[8];
	if (isnan(bytes))
		return put_word(out, "-");
	bool negative = bytes < 0;
	double size = fabs(bytes);
	if (size >= 999.5e24) {
		snprintf(out, UNITS_TEXT, "%s999 YB%s", negative ? "< -" : "> ", per);
		return out;
	}
	if (size < 999.95) {
		bool whole = size == floor(size);
		unit_words("B", per, unit);
		return put(out, negative, scaled(size, whole ? 0 : 1), whole ? 0 : 1, unit);
	}
	/* Whole bytes below 10^18 are exact as an integer; beyond that thousands are dropped, far below the last digit printed. */
	size_t u = 1;
	for (; size >= 1e18; u++)
		size /= 1000;
	uint64_t integer = size < 1000 ? 1000 : (uint64_t)size, step = 1000;
	for (; u < UNITS; u++, step *= 1000) {
		int places = two && u >= 3 ? 2 : 1;
		uint64_t digit = step / ten_to[places];
		uint64_t value = (integer + digit / 2) / digit;
		if (places == 2 && value >= 10000) {
			places = 1;
			digit = step / 10;
			value = (integer + digit / 2) / digit;
		}
		if (value < 10000 || u + 1 == UNITS) {
			unit_words(units[u], per, unit);
			return put(out, negative, value, places, unit);
		}
	}
	return put_word(out, "-");
}

char *units_bytes(double bytes, char out[UNITS_TEXT])
{
	return put_bytes(bytes, true, "", out);
}

char *units_bytes_exact(int64_t bytes, char out[UNITS_TEXT])
{
	if (bytes < 0 || bytes >= 10000)
		return units_bytes((double)bytes, out);
	return put(out, false, (uint64_t)bytes, 0, " B");
}

char *units_rate(double bytes_per_second, char out[UNITS_TEXT])
{
	return put_bytes(bytes_per_second, false, "/s", out);
}

/* The last of the three digits stands for 10^(e - 2) ns: e = 0 for 0.01 ns, 2 for 1 ns, 8 for 1 ms. */
char *units_time(double ns, char out[UNITS_TEXT])
{
	static const char *const units[] = { " ns", " us", " ms", " s" };
	if (isnan(ns))
		return put_word(out, "-");
	bool negative = ns < 0;
	double time = fabs(ns);
	if (time == 0)
		return put_word(out, "0 ns");
	if (time >= 1e18)
		return put_word(out, negative ? "< -1000000000 s" : "> 1000000000 s");
	int e = 0;
	uint64_t value = scaled(time, 2);
	for (uint64_t step = 1; value >= 1000; e++) {
		if (e < 2) {
			value = scaled(time, 1 - e);
		} else {
			step *= 10;
			value = ((uint64_t)time + step / 2) / step;
		}
	}
	int unit = e / 3 > 3 ? 3 : e / 3;
	int places = 3 * unit + 2 - e;
	if (places < 0) {
		value *= ten_to[-places];
		places = 0;
	}
	return put(out, negative, value, places, units[unit]);
}

/* Thousands apart by commas. */
static char *put_grouped(char out[UNITS_TEXT], bool negative, uint64_t value, const char *after)
{
	char digits[UNITS_TEXT];
	int count = snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
	char *o = out;
	if (negative && value != 0)
		*o++ = '-';
	for (int i = 0; i < count; i++) {
		if (i > 0 && (count - i) % 3 == 0)
			*o++ = ',';
		*o++ = digits[i];
	}
	snprintf(o, (size_t)(out + UNITS_TEXT - o), "%s", after);
	return out;
}

char *units_count(double count, char out[UNITS_TEXT])
{
	if (isnan(count))
		return put_word(out, "-");
	bool negative = count < 0;
	double size = fabs(count);
	if (size >= 1e19)
		return put_word(out, negative ? "< -10^19" : "> 10^19");
	if (size < 999.95 && size != floor(size)) /* a median of faults may be a half */
		return put(out, negative, scaled(size, 1), 1, "");
	return put_grouped(out, negative, (uint64_t)floor(size + (size < 1e15 ? 0.5 : 0)), "");
}

char *units_short(uint64_t count, char out[UNITS_TEXT])
{
	static const char *const suffixes[] = { "K", "M", "G", "T" };
	for (int i = 4; i-- > 0;) {
		uint64_t step = 1000;
		for (int k = 0; k < i; k++)
			step *= 1000;
		if (count < step)
			continue;
		if (count % step == 0)
			return put(out, false, count / step, 0, suffixes[i]);
		if (count % (step / 10) == 0 && count / step < 1000)
			return put(out, false, count / (step / 10), 1, suffixes[i]);
	}
	return put(out, false, count, 0, "");
}

char *units_number(double number, char out[UNITS_TEXT])
{
	if (!isfinite(number) || (number == floor(number) && fabs(number) < 1e19))
		return units_count(number, out);
	char text[UNITS_TEXT], digits[8] = "";
	snprintf(text, sizeof text, "%.3e", fabs(number)); /* d.ddde-08, with whatever point the locale has */
	size_t count = 0;
	const char *s = text;
	for (; *s != 'e'; s++)
		if (*s >= '0' && *s <= '9' && count < 4)
			digits[count++] = *s;
	int exponent = atoi(s + 1);
	bool negative = number < 0;
	uint64_t value = strtoull(digits, NULL, 10);
	int places = 3 - exponent; /* number = value / 10^places */
	if (exponent < -4 || exponent > 15) {
		for (places = 3; places > 0 && value % 10 == 0; places--)
			value /= 10;
		snprintf(text, sizeof text, "e%+03d", exponent);
		return put(out, negative, value, places, text);
	}
	if (places <= 0)
		return put_grouped(out, negative, (uint64_t)floor(fabs(number) + 0.5), "");
	for (; places > 0 && value % 10 == 0; places--)
		value /= 10;
	return put(out, negative, value, places, "");
}

/* From 20 on no decimal, from 1.1 on one, below two. */
char *units_factor(double factor, char out[UNITS_TEXT])
{
	if (isnan(factor))
		return put_word(out, "-");
	bool negative = factor < 0;
	double size = fabs(factor);
	if (size >= 1e15)
		return put_word(out, negative ? "< -10^15x" : "> 10^15x");
	if (scaled(size, 2) < 110)
		return put(out, negative, scaled(size, 2), 2, "x");
	if (scaled(size, 1) < 200)
		return put(out, negative, scaled(size, 1), 1, "x");
	return put_grouped(out, negative, scaled(size, 0), "x");
}

char *units_ratio(double ratio, char out[UNITS_TEXT])
{
	char factor[UNITS_TEXT];
	if (isnan(ratio) || ratio <= 0 || isinf(ratio))
		return put_word(out, "-");
	units_factor(ratio < 1 ? 1 / ratio : ratio, factor);
	const char *word = strcmp(factor, "1.00x") == 0 ? "" : ratio < 1 ? " faster" : " slower";
	snprintf(out, UNITS_TEXT, "%.30s%s", factor, word);
	return out;
}

char *units_percent(double fraction, char out[UNITS_TEXT])
{
	if (isnan(fraction))
		return put_word(out, "-");
	bool negative = fraction < 0;
	double size = fabs(fraction) * 100;
	if (size >= 1e15)
		return put_word(out, negative ? "< -10^15 %" : "> 10^15 %");
	uint64_t tenths = scaled(size, 1);
	if (tenths >= 100 || tenths % 10 == 0)
		return put_grouped(out, negative, scaled(size, 0), " %");
	return put(out, negative, tenths, 1, " %");
}
