/* SPDX-License-Identifier: MIT */
#ifndef PRELOAD_LARGE_H
#define PRELOAD_LARGE_H

/*
 * The three largest allocations of the program, with where they came from; kept when the parent wants them. Those of a process begin anew at its mark.
 */

#include "preload/attach.h"

extern size_t large_least; /* who asks for more may be among them; SIZE_MAX when nobody wants to know */
extern size_t large_quick; /* up to here malloc goes the quick way: its class may be looked up, and it is not among them. 0 at first */

void large_start(void);
void large_restart(void);
/* This call asked for so much, more than large_least. */
void large_note(size_t asked);

#endif
