/* SPDX-License-Identifier: MIT */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

/* One line on standard error that says what is being measured, rewritten in place; only on a terminal. */

#include <stdbool.h>
#include <stddef.h>

struct progress {
	bool on;
	const char *lesson;
	size_t at, total; /* lessons */
	bool shown;
};

bool progress_possible(void);
void progress_show(void *progress, const char *doing, double done);
/* Wipe the line, before anything else is printed. */
void progress_clear(struct progress *progress);

#endif
