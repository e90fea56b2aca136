/* SPDX-License-Identifier: MIT */
/* Words that come from programs, made fit to print, and sentences about them. */

#include "base/text.h"
#include "bench/program_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* C0, DEL, C1, and the separators that end a line: nothing that a terminal acts on gets through. */
static bool is_control(const unsigned char *s, size_t length)
{
	return (length == 1 && (s[0] < 0x20 || s[0] >= 0x7f)) || (length == 2 && s[0] == 0xC2 && s[1] < 0xA0) ||
	       (length == 3 && s[0] == 0xE2 && s[1] == 0x80 && (s[2] == 0xA8 || s[2] == 0xA9));
}

char *program_clean(const char *bytes, size_t most)
{
	struct text text = { 0 };
	size_t room = strlen(bytes) <= most ? most : most - 3;
	bool cut = false;
	for (const char *s = bytes; *s && !cut;) {
		size_t length = text_sequence(s);
		bool control = is_control((const unsigned char *)s, length);
		cut = text.length + (control ? 1 : length) > room;
		if (!cut && control)
			text_addc(&text, '?', 1);
		else if (!cut)
			text_addn(&text, s, length);
		s += length;
	}
	if (cut)
		text_add(&text, "...");
	return text_take(&text);
}

void program_note(struct program_result *result, const char *format, ...)
{
	char *note;
	va_list arguments;
	if (result->nnotes == PROGRAM_NOTES)
		return;
	va_start(arguments, format);
	if (vasprintf(&note, format, arguments) >= 0)
		result->notes[result->nnotes++] = note;
	va_end(arguments);
}
