/* SPDX-License-Identifier: MIT */
/*
 * A string that grows by doubling, the width of a string on a terminal, the word that was probably meant, and paragraphs.
 *
 * Source  the restricted Damerau-Levenshtein ("optimal string alignment") distance: insert, delete, replace, or swap two neighbours.
 */

#include "base/text.h"

#include <ctype.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- a string that grows ---- */

/* Room for `more` bytes and the NUL. */
static bool reserve(struct text *text, size_t more)
{
	if (text->failed)
		return false;
	if (more < text->capacity - text->length && text->data != NULL)
		return true;
	size_t needed;
	if (__builtin_add_overflow(text->length, more, &needed) || needed > PTRDIFF_MAX - 1) {
		text->failed = true;
		return false;
	}
	size_t capacity = text->capacity < 64 ? 64 : text->capacity;
	while (capacity <= needed)
		capacity *= 2;
	char *data = realloc(text->data, capacity);
	if (data == NULL) {
		text->failed = true;
		return false;
	}
	data[text->length] = '\0';
	text->data = data;
	text->capacity = capacity;
	return true;
}

void text_addn(struct text *text, const char *bytes, size_t count)
{
	if (count == 0 || !reserve(text, count))
		return;
	memcpy(text->data + text->length, bytes, count);
	text->length += count;
	text->data[text->length] = '\0';
}

void text_add(struct text *text, const char *string)
{
	text_addn(text, string, strlen(string));
}

void text_addc(struct text *text, char c, size_t times)
{
	if (times == 0 || !reserve(text, times))
		return;
	memset(text->data + text->length, c, times);
	text->length += times;
	text->data[text->length] = '\0';
}

static bool put(char **at, const char *end, const char *bytes, size_t count)
{
	if (count >= (size_t)(end - *at))
		return false;
	memcpy(*at, bytes, count);
	*at += count;
	return true;
}

char *text_number(char *at, int64_t number)
{
	char digits[TEXT_NUMBER];
	size_t first = sizeof digits;
	uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

	if (number >= 0 && number < 10) {
		*at = (char)('0' + number);
		return at + 1;
	}
	do
		digits[--first] = (char)('0' + left % 10);
	while ((left /= 10) > 0);
	if (number < 0)
		digits[--first] = '-';
	memcpy(at, digits + first, sizeof digits - first);
	return at + (sizeof digits - first);
}

static void put_number(char **at, int64_t number, bool plus)
{
	if (plus && number >= 0)
		*(*at)++ = '+';
	*at = text_number(*at, number);
}

/*
 * The conversions that nearly all sentences are made of: %s, %.*s, %c, %%, %d, %td, %lld (with a plus, too), %zu. -1: there is another one, or there is no
 * room.
 */
static int format_simply(char *out, size_t size, const char *format, va_list args)
{
	char *at = out;
	const char *end = out + size;

	for (;;) {
		const char *percent = strchrnul(format, '%'), *string;
		if (!put(&at, end, format, (size_t)(percent - format)))
			return -1;
		if (*percent == '\0')
			break;
		format = percent + 1;
		if (*format == 's') {
			string = va_arg(args, const char *);
			if (!put(&at, end, string, strlen(string)))
				return -1;
			format++;
			continue;
		}
		if (end - at <= TEXT_NUMBER)
			return -1;
		bool plus = *format == '+';
		format += plus;
		if (format[0] == 'd') {
			put_number(&at, va_arg(args, int), plus);
			format++;
		} else if (format[0] == 't' && format[1] == 'd') {
			put_number(&at, va_arg(args, ptrdiff_t), plus);
			format += 2;
		} else if (format[0] == 'l' && format[1] == 'l' && format[2] == 'd') {
			put_number(&at, va_arg(args, long long), plus);
			format += 3;
		} else if (!plus && format[0] == 'z' && format[1] == 'u') {
			size_t number = va_arg(args, size_t);
			if (number > LLONG_MAX)
				return -1;
			put_number(&at, (int64_t)number, false);
			format += 2;
		} else if (!plus && format[0] == '.' && format[1] == '*' && format[2] == 's') {
			int most = va_arg(args, int);
			string = va_arg(args, const char *);
			if (most < 0 || !put(&at, end, string, strnlen(string, (size_t)most)))
				return -1;
			format += 3;
		} else if (!plus && (format[0] == 'c' || format[0] == '%')) {
			*at++ = format[0] == '%' ? '%' : (char)va_arg(args, int);
			format++;
		} else {
			return -1;
		}
	}
	*at = '\0';
	return (int)(at - out);
}

int text_format(char *out, size_t size, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int length = size > 0 && size <= INT_MAX ? format_simply(out, size, format, args) : -1;
	if (length < 0)
		length = vsnprintf(out, size, format, again);
	va_end(again);
	return length;
}

void text_addf(struct text *text, const char *format, ...)
{
	enum { USUAL = 120 };
	va_list args;
	if (!reserve(text, USUAL))
		return;
	size_t room = text->capacity - text->length;
	va_start(args, format);
	int length = text_format(text->data + text->length, room, format, args);
	va_end(args);
	if (length < 0 || !reserve(text, (size_t)length)) {
		text->data[text->length] = '\0';
		text->failed = true;
		return;
	}
	if ((size_t)length >= room) {
		va_start(args, format);
		vsnprintf(text->data + text->length, (size_t)length + 1, format, args);
		va_end(args);
	}
	text->length += (size_t)length;
}

const char *text_string(const struct text *text)
{
	return text->data != NULL ? text->data : "";
}

char *text_take(struct text *text)
{
	char *data = NULL;
	if (!text->failed && reserve(text, 0)) {
		data = text->data;
		text->data = NULL;
	}
	text_release(text);
	return data;
}

void text_release(struct text *text)
{
	free(text->data);
	*text = (struct text){ 0 };
}

/* ---- width ---- */

/* Bytes of the UTF-8 sequence at s, which has `left` bytes; 1 for a byte that begins none. */
static size_t sequence(const unsigned char *s, size_t left)
{
	size_t length = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
	if (s[0] < 0xC2 || s[0] > 0xF4 || length > left)
		return 1;
	for (size_t i = 1; i < length; i++)
		if ((s[i] & 0xC0) != 0x80)
			return 1;
	bool overlong = (s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xF0 && s[1] < 0x90);
	bool no_character = (s[0] == 0xED && s[1] > 0x9F) || (s[0] == 0xF4 && s[1] > 0x8F);
	return overlong || no_character ? 1 : length;
}

size_t text_sequence(const char *string)
{
	return sequence((const unsigned char *)string, strnlen(string, 4));
}

static size_t width_of(const char *string, size_t bytes)
{
	size_t width = 0;
	for (size_t i = 0; i < bytes; width++)
		i += (unsigned char)string[i] < 0x80 ? 1 : sequence((const unsigned char *)string + i, bytes - i);
	return width;
}

/* Eight bytes at a time: nearly all texts are. */
bool text_is_ascii(const char *string, size_t bytes)
{
	const uint64_t high = UINT64_C(0x8080808080808080);
	uint64_t eight;
	for (; bytes >= sizeof eight; bytes -= sizeof eight, string += sizeof eight) {
		memcpy(&eight, string, sizeof eight);
		if (eight & high)
			return false;
	}
	for (; bytes > 0; bytes--, string++)
		if ((unsigned char)*string >= 0x80)
			return false;
	return true;
}

size_t text_width(const char *string)
{
	size_t bytes = strlen(string);
	return text_is_ascii(string, bytes) ? bytes : width_of(string, bytes);
}

/* ---- the word that was meant ---- */

enum { WORD_MOST = 64 }; /* longer words are no names of ours */

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Upper and lower case are the same letter here; both words have at most WORD_MOST bytes. */
static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
	size_t rows[3][WORD_MOST + 1]; /* this row of the table, and the two before it */
	size_t *before = rows[0], *above = rows[1], *row = rows[2];
	for (size_t j = 0; j <= nb; j++)
		above[j] = before[j] = j;
	for (size_t i = 1; i <= na; i++) {
		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			int x = tolower((unsigned char)a[i - 1]), y = tolower((unsigned char)b[j - 1]);
			row[j] = least(above[j - 1] + (x != y), least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && x == tolower((unsigned char)b[j - 2]) && y == tolower((unsigned char)a[i - 2]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
		size_t *free_row = before;
		before = above;
		above = row;
		row = free_row;
	}
	return above[nb];
}

const char *text_nearest(const char *word, const char *const *candidates, size_t count)
{
	const char *nearest = NULL;
	size_t nearest_distance = SIZE_MAX, length = strlen(word);
	if (length > WORD_MOST)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t n = candidates[i] != NULL ? strlen(candidates[i]) : 0;
		if (n == 0 || n > WORD_MOST)
			continue;
		size_t d = distance(word, length, candidates[i], n);
		if (d < nearest_distance && 3 * d <= (n > length ? n : length)) {
			nearest = candidates[i];
			nearest_distance = d;
		}
	}
	return nearest;
}

/* ---- paragraphs ---- */

void text_wrap(struct text *out, const char *string, size_t first, size_t indent, size_t width)
{
	size_t column = first;
	bool empty = true; /* the line has no word yet; the first has if a label stands before it */
	for (const char *s = string;;) {
		size_t blanks = strspn(s, " \t");
		s += blanks;
		if (*s == '\0')
			break;
		if (*s == '\n') {
			s++;
			if (s[strspn(s, " \t\n")] == '\0')
				break;
			text_addc(out, '\n', 1);
			text_addc(out, ' ', *s == '\n' ? 0 : indent);
			column = indent;
			empty = true;
			continue;
		}
		size_t bytes = strcspn(s, " \t\n"), columns = width_of(s, bytes);
		size_t gap = empty ? 0 : blanks;
		bool at_start = empty && column <= indent;
		if (!at_start && column + gap + columns > width) {
			text_addc(out, '\n', 1);
			text_addc(out, ' ', indent);
			column = indent;
			gap = 0;
		}
		text_addc(out, ' ', gap);
		text_addn(out, s, bytes);
		column += gap + columns;
		empty = false;
		s += bytes;
	}
	text_addc(out, '\n', 1);
}
