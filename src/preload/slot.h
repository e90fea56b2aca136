/* SPDX-License-Identifier: MIT */
#ifndef PRELOAD_SLOT_H
#define PRELOAD_SLOT_H

/*
 * Counting. A thread writes into its slot, which nobody else writes, so that loads and stores do. What it has live is published to the process when it
 * has changed by LEDGER_STEP, since one number for all threads, written at every call, would cost more than the call.
 *
 *	process.live + sum of (live - published)    is what the process has live
 *	process.live + (high - published)           is the most of it, as one thread saw it since it published last
 */

#include "preload/attach.h"

/* Let the process know; the next stretch begins. */
void slot_publish(struct ledger_slot *slot);

/* A thread that is not counting in its slot gets one if it can. false: what it does is not to be counted. */
bool slot_enter(void);

/* The same arithmetic for who has no slot. */
void bare_in(size_t asked, size_t allocated);
void bare_out(size_t allocated, bool is_temporary);
void bare_moved(size_t asked, size_t allocated, size_t freed, bool is_in_place);

/* live has changed; most is the most that it was on the way. */
static inline void slot_live(struct ledger_slot *slot, int64_t live, int64_t most)
{
	PUT(slot->live, live);
	if (most > GET(slot->high)) {
		PUT(slot->high, most);
		if (most - GET(slot->published) >= LEDGER_STEP)
			slot_publish(slot);
	}
}

static inline void slot_in(struct ledger_slot *slot, size_t asked, size_t allocated)
{
	struct ledger_counts *counts = &slot->counts;
	PUT(counts->asked, GET(counts->asked) + asked);
	PUT(counts->allocated, GET(counts->allocated) + allocated);
	PUT(counts->allocations, GET(counts->allocations) + 1);
	int64_t live = GET(slot->live) + (int64_t)allocated;
	slot_live(slot, live, live);
}

static inline void slot_out(struct ledger_slot *slot, size_t allocated)
{
	int64_t live = GET(slot->live) - (int64_t)allocated;
	PUT(slot->live, live);
	if (GET(slot->published) - live >= LEDGER_STEP)
		slot_publish(slot);
}

static inline void slot_temporary(struct ledger_slot *slot)
{
	PUT(slot->counts.temporary, GET(slot->counts.temporary) + 1);
}

/* A realloc. One that moved held both blocks for a while. */
static inline void slot_moved(struct ledger_slot *slot, size_t asked, size_t allocated, size_t freed, bool is_in_place)
{
	struct ledger_counts *counts = &slot->counts;
	uint64_t *moves = is_in_place ? &counts->reallocations_in_place : &counts->reallocations_moved;
	PUT(*moves, GET(*moves) + 1);
	PUT(counts->asked, GET(counts->asked) + asked);
	PUT(counts->allocated, GET(counts->allocated) + allocated);
	PUT(counts->allocations, GET(counts->allocations) + 1);
	int64_t both = GET(slot->live) + (int64_t)allocated, live = both - (int64_t)freed;
	slot_live(slot, live, is_in_place ? live : both);
	if (GET(slot->published) - live >= LEDGER_STEP)
		slot_publish(slot);
}

#endif
