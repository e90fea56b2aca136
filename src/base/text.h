/* SPDX-License-Identifier: MIT */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

/* A growing string, and small questions about words. */

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A string that grows. Zeroed is empty and valid. When memory runs out the buffer keeps what it had and `failed` is set, so that a
 * caller checks once at the end.
 */
struct text {
	char *data; /* NUL-terminated; NULL while empty */
	size_t length;
	size_t capacity;
	bool failed;
};

void text_add(struct text *text, const char *string);
void text_addn(struct text *text, const char *bytes, size_t count);
void text_addc(struct text *text, char c, size_t times);
void text_addf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* vsnprintf(), without its machinery where a format has only %s, %.*s, %c and whole numbers: thousands of lines are made of these. Uses up args. */
int text_format(char *out, size_t size, const char *format, va_list args) __attribute__((format(printf, 3, 0)));
/* A whole number in decimal, without a NUL. Returns where it ends; no number has more than TEXT_NUMBER bytes. */
enum { TEXT_NUMBER = 24 };
char *text_number(char *at, int64_t number);
const char *text_string(const struct text *text); /* "" while empty */
char *text_take(struct text *text);               /* the caller frees it; the text is empty afterwards; NULL if it had failed */
void text_release(struct text *text);

/* Columns on a terminal: UTF-8 sequences count one column (the marks that memhint prints), bytes that are none count one each. */
size_t text_width(const char *string);
bool text_is_ascii(const char *string, size_t bytes);
/* Bytes of the UTF-8 sequence that a string which is not empty begins with; 1 for a byte that begins none. */
size_t text_sequence(const char *string);

/*
 * The candidate nearest to `word` by Damerau-Levenshtein distance, for "did you mean"; NULL if none is near (more than a third of
 * its letters differ).
 */
const char *text_nearest(const char *word, const char *const *candidates, size_t count);

/* Break `string` into lines of at most `width` columns at blanks, each line after the first (which starts at column `first`) indented by `indent`; a word longer than a line stands alone. Ends with a newline. */
void text_wrap(struct text *out, const char *string, size_t first, size_t indent, size_t width);

#endif
