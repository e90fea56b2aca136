/* SPDX-License-Identifier: MIT */
#ifndef PRELOAD_RESIDENT_H
#define PRELOAD_RESIDENT_H

/* The resident set of this process, as the kernel tells it. Plain system calls: no stream, no allocation. */

#include <stdbool.h>
#include <stdint.h>

struct resident {
	int64_t now, high; /* VmRSS, VmHWM; bytes */
};

/* false: /proc is not there. */
bool resident_read(struct resident *out_resident);
/* From now on VmHWM is the most since now. */
bool resident_reset(void);
/* Minor faults of this thread. */
uint64_t resident_faults(void);

#endif
