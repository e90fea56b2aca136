/* SPDX-License-Identifier: MIT */
#ifndef PRELOAD_REGION_H
#define PRELOAD_REGION_H

/*
 * Regions: each thread has a stack of those that it has begun. A region's row in the ledger is shared by all who begin one of its name in this process.
 * What a region costs itself (looking up its row, reading the resident set) is in no region's time and faults.
 */

void memhint_begin(const char *name);
void memhint_end(void);

/* Write down what the regions that are still open have done so far. They go on. */
void region_settle_all(void);

void region_thread_end(void);
void region_forked(void);

#endif
