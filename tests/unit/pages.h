/* SPDX-License-Identifier: MIT */
#ifndef PAGES_H
#define PAGES_H

/* What the tests of the formats ask of a page: that it is the text in tests/unit/expected/, that its lines fit, and what stands in its fields. */

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <ctype.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline void path_of(const char *name, char *path, size_t size)
{
	const char *slash = strrchr(__FILE__, '/');
	snprintf(path, size, "%.*sexpected/%s", slash != NULL ? (int)(slash - __FILE__ + 1) : 0, __FILE__, name);
}

static inline char *read_all(const char *path)
{
	FILE *stream = fopen(path, "r");
	struct text text = { 0 };
	char buffer[4096];
	size_t count;
	if (stream == NULL)
		return NULL;
	while ((count = fread(buffer, 1, sizeof buffer, stream)) > 0)
		text_addn(&text, buffer, count);
	fclose(stream);
	return text_take(&text);
}

/* Consumes the text. On a difference both versions of the first line that differs are shown. */
static inline void expect(char *text, const char *name)
{
	char path[400];
	path_of(name, path, sizeof path);
	if (getenv("UPDATE_EXPECTED") != NULL) {
		FILE *stream = fopen(path, "w");
		assert_non_null(stream);
		fputs(text, stream);
		assert_int_equal(fclose(stream), 0);
	}
	char *wanted = read_all(path);
	if (wanted == NULL)
		fail_msg("cannot read %s: UPDATE_EXPECTED=1 writes it", path);
	const char *a = wanted, *b = text;
	for (int line = 1; *a != '\0' || *b != '\0'; line++) {
		size_t na = strcspn(a, "\n"), nb = strcspn(b, "\n");
		if (na != nb || strncmp(a, b, na) != 0)
			fail_msg("%s, line %d differs (UPDATE_EXPECTED=1 rewrites it)\n  expected: %.*s\n  printed:  %.*s", name, line, (int)na, a, (int)nb, b);
		a += na + (a[na] == '\n');
		b += nb + (b[nb] == '\n');
	}
	assert_string_equal(wanted, text);
	free(wanted);
	free(text);
}

static inline size_t count_lines(const char *text)
{
	size_t lines = 0;
	for (; *text != '\0'; text++)
		lines += *text == '\n';
	return lines;
}

static inline void hold_lines(char *text, size_t width)
{
	for (const char *line = text; *line != '\0';) {
		size_t length = strcspn(line, "\n");
		if (length > width)
			fail_msg("%zu columns of %zu: %.*s", length, width, (int)length, line);
		if (length > 0 && line[length - 1] == ' ')
			fail_msg("ends with a blank: '%.*s'", (int)length, line);
		for (size_t i = 0; i < length; i++)
			if (!isprint((unsigned char)line[i]))
				fail_msg("not plain ASCII: '%.*s'", (int)length, line);
		assert_true(line[length] == '\n');
		line += length + 1;
	}
	free(text);
}

static inline void remove_sgr(char *text)
{
	char *to = text;
	for (const char *from = text; *from != '\0';) {
		if (*from == '\033')
			from += strcspn(from, "m") + 1;
		else
			*to++ = *from++;
	}
	*to = '\0';
}

/* Both texts are consumed: one printed without colour, one with. */
static inline void hold_color(char *plain, char *color)
{
	assert_null(strchr(plain, '\033'));
	assert_non_null(strchr(color, '\033'));
	remove_sgr(color);
	assert_string_equal(plain, color);
	free(plain);
	free(color);
}

/* The next field of a CSV text, unquoted; the caller frees it. *text is left after its comma or line's end. */
static inline char *next_field(const char **text, bool *out_ends_line)
{
	struct text field = { 0 };
	const char *c = *text;
	if (*c == '"') {
		for (c++; *c != '\0' && !(c[0] == '"' && c[1] != '"'); c++) {
			text_addn(&field, c, 1);
			c += *c == '"';
		}
		c += *c == '"';
	} else {
		size_t length = strcspn(c, ",\n");
		text_addn(&field, c, length);
		c += length;
	}
	assert_true(*c == ',' || *c == '\n');
	*out_ends_line = *c == '\n';
	*text = c + 1;
	return text_take(&field);
}

static inline void hold_value(const char *column, const char *field, const json_t *value)
{
	if (value == NULL || json_is_null(value)) {
		assert_string_equal(field, "");
	} else if (json_is_string(value)) {
		assert_string_equal(field, json_string_value(value));
	} else if (json_is_boolean(value)) {
		assert_string_equal(field, json_is_true(value) ? "true" : "false");
	} else if (json_is_integer(value)) {
		char digits[32];
		snprintf(digits, sizeof digits, "%lld", (long long)json_integer_value(value));
		assert_string_equal(field, digits);
	} else if (json_is_real(value)) {
		if (strtod(field, NULL) != json_real_value(value))
			fail_msg("%s: CSV has %s, JSON has %.17g", column, field, json_real_value(value));
	} else {
		fail_msg("%s is no plain value", column);
	}
}

/* JSON with VERSION for memhint's version. Consumes the text. */
static inline char *without_version(char *text)
{
	static const char version[] = "\"memhint\": \"" MEMHINT_VERSION "\"";
	char *found = strstr(text, version);
	assert_non_null(found);
	struct text fixed = { 0 };
	text_addf(&fixed, "%.*s\"memhint\": \"VERSION\"%s", (int)(found - text), text, found + strlen(version));
	free(text);
	return text_take(&fixed);
}

#endif
