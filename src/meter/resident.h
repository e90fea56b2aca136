/* SPDX-License-Identifier: MIT */
#ifndef METER_RESIDENT_H
#define METER_RESIDENT_H

/*
 * The resident set as the kernel keeps it: VmRSS, and VmHWM, its high-water mark, which a write of 5 to /proc/self/clear_refs sets back to
 * what is resident now. (getrusage's ru_maxrss is no use here: exec folds the parent's mark into it.) Nothing here allocates.
 *
 * Source: proc(5); Documentation/filesystems/proc.rst in the kernel.
 */

#include <stdint.h>

/* 0, or -1 with a reason in why (a static text). */
int meter_resident_reset(const char **out_why);
int meter_resident_peak(int64_t *out_bytes, const char **out_why);
int meter_resident_now(int64_t *out_bytes, const char **out_why);

/* Minor page faults of this process so far. */
int64_t meter_minor_faults(void);

#endif
