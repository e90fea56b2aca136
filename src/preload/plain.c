/* SPDX-License-Identifier: MIT */
/*
 * The bystander: in a plain run the program keeps its own allocator, and only clock, faults and resident set are looked at. It has no doors and no heap to
 * speak of.
 */
#include "preload/heap.h"

#include <string.h>

void heap_thread_read(struct ledger_counts *out_counts, int64_t *out_live)
{
	memset(out_counts, 0, sizeof *out_counts);
	*out_live = 0;
}

void heap_slot_read(const struct ledger_slot *slot, struct ledger_counts *out_counts, int64_t *out_live, int64_t *out_most)
{
	(void)slot;
	memset(out_counts, 0, sizeof *out_counts);
	*out_live = *out_most = 0;
}

void heap_totals_read(struct heap_totals *out_totals)
{
	memset(out_totals, 0, sizeof *out_totals);
}

int64_t heap_live(void)
{
	return 0;
}

void heap_restart_peak(void)
{
}

void heap_forget(const void *block, size_t asked)
{
	(void)block, (void)asked;
}

bool heap_is_ours(void)
{
	return true;
}

void heap_attached(void)
{
}

void heap_forked(void)
{
}

void heap_thread_end(void)
{
}
