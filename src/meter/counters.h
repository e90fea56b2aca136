/* SPDX-License-Identifier: MIT */
#ifndef METER_COUNTERS_H
#define METER_COUNTERS_H

/* Does the kernel offer hardware counters (cycles, cache misses) to this process? 1; or 0 with a reason in why (a static text). */
int meter_counters_available(const char **out_why);

#endif
