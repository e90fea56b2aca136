/* SPDX-License-Identifier: MIT */
#ifndef PRELOAD_PYTHON_H
#define PRELOAD_PYTHON_H

/* Is this a CPython? Then its entry says so, and is marked when it turns to its script. */
void python_start(void);

#endif
