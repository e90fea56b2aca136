/* SPDX-License-Identifier: MIT */
#include "preload/text.h"

#include <string.h>

void text_keep_end(char *to, size_t size, const char *text)
{
	size_t length = strlen(text);
	if (length < size) {
		memcpy(to, text, length + 1);
		return;
	}
	const char *from = text + length - (size - 4);
	while ((*from & 0xc0) == 0x80) /* inside a character */
		from++;
	memcpy(to, "...", sizeof "...");
	memcpy(to + 3, from, strlen(from) + 1);
}
