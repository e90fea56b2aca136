/* SPDX-License-Identifier: MIT */
#ifndef BENCH_LIBRARY_H
#define BENCH_LIBRARY_H

/* Where the libraries are that go into measured programs. */

#include "base/err.h"

#include <limits.h>

struct library {
	char path[PATH_MAX]; /* as LD_PRELOAD takes it */
	int fd;              /* held open where the path is not one for LD_PRELOAD, which then names the descriptor; else -1 */
};

/* Beside this program, where it was built, or where both are installed. name: "libmemhint-preload.so". 0, ERR_UNMEASURED or ERR_IO. */
int library_find(const char *name, struct library *out_library, struct err *err);
/* Safe on { .fd = -1 }. */
void library_release(struct library *library);

#endif
