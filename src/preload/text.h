/* SPDX-License-Identifier: MIT */
#ifndef PRELOAD_TEXT_H
#define PRELOAD_TEXT_H

#include <stddef.h>

/* Copy; text that is too long loses its beginning: "...bin/true". */
void text_keep_end(char *to, size_t size, const char *text);

#endif
