/* SPDX-License-Identifier: MIT */
/* The end of a command or a path says more than its beginning: of what is left, the larger half is the end. */

#include "report/names.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static const char gap[] = "...";

/* Of the two- and three-byte sequences: the C1 controls, marks that turn the direction of writing, and separators of lines. */
static bool is_control(const unsigned char *s, size_t length)
{
	if (length == 1)
		return *s < 0x20 || *s >= 0x7F;
	if (length == 2)
		return s[0] == 0xC2 && s[1] < 0xA0;
	if (length != 3 || s[0] != 0xE2)
		return false;
	return (s[1] == 0x80 && (s[2] == 0x8E || s[2] == 0x8F || (s[2] >= 0xA8 && s[2] <= 0xAE))) || (s[1] == 0x81 && s[2] >= 0xA6 && s[2] <= 0xA9);
}

void names_add(struct text *out, const char *name)
{
	while (*name != '\0') {
		size_t length = text_sequence(name);
		if (is_control((const unsigned char *)name, length))
			text_addc(out, '?', 1);
		else
			text_addn(out, name, length);
		name += length;
	}
}

/* The place in `string` that `columns` characters lie before. */
static const char *after(const char *string, size_t columns)
{
	for (; columns > 0 && *string != '\0'; columns--)
		string += text_sequence(string);
	return string;
}

void names_add_short(struct text *out, const char *name, size_t width, size_t bytes)
{
	struct text whole = { 0 };
	names_add(&whole, name);
	const char *string = text_string(&whole);
	size_t all = text_width(string), dots = strlen(gap);
	if (all <= width && whole.length <= bytes) {
		text_add(out, string);
		text_release(&whole);
		return;
	}
	width = all < width ? all : width;
	for (; width > 0; width--) { /* characters of several bytes: fewer of them */
		size_t left = width > dots + 2 ? width - dots : 0, head = left / 2;
		const char *head_end = left > 0 ? after(string, head) : after(string, width);
		const char *tail = left > 0 ? after(string, all - (left - head)) : "";
		if ((size_t)(head_end - string) + (left > 0 ? dots + strlen(tail) : 0) > bytes)
			continue;
		text_addn(out, string, (size_t)(head_end - string));
		text_add(out, left > 0 ? gap : "");
		text_add(out, tail);
		break;
	}
	text_release(&whole);
}

void names_add_last_parts(struct text *out, const char *command)
{
	while (*command != '\0') {
		size_t blanks = strspn(command, " "), length = strcspn(command + blanks, " ");
		const char *part = command + blanks, *end = part + length;
		for (const char *c = part; c + 1 < end; c++)
			if (*c == '/')
				part = c + 1;
		text_addc(out, ' ', blanks);
		text_addn(out, part, (size_t)(end - part));
		command = end;
	}
}

void names_add_words(struct text *out, const char *sentence, size_t width)
{
	while (*sentence != '\0') {
		size_t blanks = strspn(sentence, " "), length = strcspn(sentence + blanks, " ");
		struct text word = { 0 };
		text_addn(&word, sentence + blanks, length);
		text_addc(out, ' ', blanks);
		names_add_short(out, text_string(&word), width, SIZE_MAX);
		text_release(&word);
		sentence += blanks + length;
	}
}
