/* SPDX-License-Identifier: MIT */
#ifndef CMD_INHERITED_H
#define CMD_INHERITED_H

/* What this process was started with and then changed for itself, so that a program that it runs in its place can have it as it was. */

#include <signal.h>
#include <stdbool.h>

struct inherited {
	sigset_t ignored; /* signals */
	bool closed[3];   /* standard input, output, error */
};

extern struct inherited inherited;

/* Before anything is changed: the first thing that main() does. */
void inherited_note(void);

#endif
