/* SPDX-License-Identifier: MIT */
/*
 * One pass over the line with one piece of state, the quote that is open. The words are never longer than the line, so that one allocation holds the pointers and,
 * behind them, all letters.
 */

#include "base/words.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 60 }; /* of a line in a message */

static int refuse(struct err *err, const char *line, const char *at, const char *what)
{
	size_t place = 1;
	for (const char *s = line; s < at; s++)
		place += (*s & 0xC0) != 0x80; /* characters, not bytes */
	return err_set(err, ERR_USAGE, "%s at character %zu of '%.*s%s'", what, place, SHOWN, line, strlen(line) > SHOWN ? "..." : "");
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* What a backslash before c means between double quotes: c itself, or nothing special. */
static bool escapes_in_double(char c)
{
	return c != '\0' && strchr("$`\"\\\n", c) != NULL;
}

/* The letters of the word that *line begins with, to *to; both move on. */
static int take_word(const char *whole, const char **line, char **to, struct err *err)
{
	const char *s = *line, *opened = NULL;
	char quote = '\0', *out = *to;
	for (; *s && (quote || !is_blank(*s)); s++) {
		if (*s == quote) {
			quote = '\0';
		} else if (!quote && (*s == '\'' || *s == '"')) {
			quote = *s;
			opened = s;
		} else if (*s == '\\' && quote != '\'' && (!quote || escapes_in_double(s[1]))) {
			if (!s[1])
				return refuse(err, whole, s, "a backslash with nothing behind it");
			if (*++s != '\n') /* a line that goes on below */
				*out++ = *s;
		} else if (!quote && strchr("|&;<>()", *s)) {
			char what[80] = "'?' is for a shell (--shell gives one, quotes or a backslash take it as it is):";
			what[1] = *s;
			return refuse(err, whole, s, what);
		} else {
			*out++ = *s;
		}
	}
	if (quote)
		return refuse(err, whole, opened, quote == '"' ? "nothing closes the double quote" : "nothing closes the single quote");
	*out++ = '\0';
	*line = s;
	*to = out;
	return 0;
}

int words_split(const char *line, char ***out_words, size_t *out_count, struct err *err)
{
	/* Of n letters at most (n + 1) / 2 are words, each with its NUL. */
	size_t length = strlen(line), most = length / 2 + 2;
	char **words = malloc(most * sizeof *words + length + 2);
	if (!words)
		return err_set(err, ERR_IO, "out of memory");
	char *letters = (char *)(words + most);
	size_t count = 0;
	for (const char *s = line;;) {
		while (is_blank(*s))
			s++;
		if (!*s)
			break;
		words[count++] = letters;
		if (take_word(line, &s, &letters, err) != 0) {
			free(words);
			return err->code;
		}
	}
	if (count == 0) {
		free(words);
		return err_set(err, ERR_USAGE, "an empty command: '%.*s'", SHOWN, line);
	}
	words[count] = NULL;
	*out_words = words;
	*out_count = count;
	return 0;
}
