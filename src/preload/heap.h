/* SPDX-License-Identifier: MIT */
#ifndef PRELOAD_HEAP_H
#define PRELOAD_HEAP_H

/*
 * What the other parts ask about the heap. slot.c answers in the meter; plain.c, which has no heap to look at, answers zero in the bystander.
 */

#include "base/ledger.h"

#include <stdbool.h>
#include <stddef.h>

struct heap_totals {
	struct ledger_counts counts;
	int64_t live, peak;
};

/* This thread: what it has done so far, published first. */
void heap_thread_read(struct ledger_counts *out_counts, int64_t *out_live);
/* Another thread: as far as it can be seen. most: of live since its last publishing. */
void heap_slot_read(const struct ledger_slot *slot, struct ledger_counts *out_counts, int64_t *out_live, int64_t *out_most);

/* All threads of this process. */
void heap_totals_read(struct heap_totals *out_totals);
int64_t heap_live(void);
void heap_restart_peak(void);

/* What this thread allocated last, if it is this block, was made for us: it is not to be in the counts. It stays live until it is freed. */
void heap_forget(const void *block, size_t asked);

/* Does the program call our malloc? */
bool heap_is_ours(void);

/* Once after the process has its entry; in a forked child; at the end of a thread. */
void heap_attached(void);
void heap_forked(void);
void heap_thread_end(void);

#endif
