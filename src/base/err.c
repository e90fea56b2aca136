/* SPDX-License-Identifier: MIT */
/*
 * One line of text for one error. The words of a message often come from outside (a file's name, an option's value), so what would break
 * the line or steer the terminal is shown as '?', and a text that is too long ends in "...".
 */

#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int err_set(struct err *err, enum err_code code, const char *format, ...)
{
	if (err == NULL)
		return code;
	/* Formatted aside, so that err->text itself may be among the arguments. */
	char text[sizeof err->text];
	va_list args;
	va_start(args, format);
	int length = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (length < 0)
		text[0] = '\0';
	if (length >= (int)sizeof text) {
		size_t end = sizeof text - sizeof "...";
		while (end > 0 && ((unsigned char)text[end] & 0xC0) == 0x80) /* not amid a UTF-8 sequence */
			end--;
		memcpy(text + end, "...", sizeof "...");
	}
	for (char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7F)
			*c = '?';
	err->code = code;
	memcpy(err->text, text, sizeof text);
	return code;
}
