/* SPDX-License-Identifier: MIT */
#ifndef PRELOAD_EXEC_H
#define PRELOAD_EXEC_H

/* Look up the calls that exec.c and end.c stand before, while that is safe: a child of vfork cannot. */
void exec_start(void);
void end_start(void);

#endif
