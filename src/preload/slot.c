/* SPDX-License-Identifier: MIT */
#include "preload/slot.h"

#include "preload/heap.h"
#include "preload/large.h"
#include "preload/symbol.h"
#include "preload/under.h"

#include <stdlib.h>
#include <string.h>

/* The slots of this process, and which of them wait for a thread. Places, since a slot is known to the parent by its place. */
static uint16_t mine[LEDGER_SLOTS], idle[LEDGER_SLOTS];
static uint32_t nmine, nidle;
static uint32_t lock;

_Static_assert(LEDGER_SLOTS <= UINT16_MAX + 1, "a place fits");

static void counts_add(struct ledger_counts *sum, const struct ledger_counts *part)
{
	sum->asked += GET(part->asked);
	sum->allocated += GET(part->allocated);
	sum->allocations += GET(part->allocations);
	sum->temporary += GET(part->temporary);
	sum->reallocations_in_place += GET(part->reallocations_in_place);
	sum->reallocations_moved += GET(part->reallocations_moved);
}

void slot_publish(struct ledger_slot *slot)
{
	struct ledger_process *process = own.process;
	int64_t live = GET(slot->live), high = GET(slot->high), published = GET(slot->published);
	int64_t before = ADD(process->live, live - published);
	raise_to(&process->peak, before + (high - published));
	if (me.most && high > *me.most)
		*me.most = high;
	PUT(slot->published, live);
	PUT(slot->high, live);
}

/* ---- claiming ---- */

static struct ledger_slot *slot_claim(void)
{
	struct ledger_slot *slot = NULL;
	lock_take(&lock);
	if (nidle > 0) {
		slot = &own.ledger->slot[idle[--nidle]];
	} else if (GET(own.ledger->slots) < LEDGER_SLOTS) {
		uint32_t index = ADD(own.ledger->slots, 1);
		if (index < LEDGER_SLOTS) {
			mine[nmine] = (uint16_t)index;
			__atomic_store_n(&nmine, nmine + 1, __ATOMIC_RELEASE);
			slot = &own.ledger->slot[index];
			PUT(slot->process, own.index + 1);
		}
	}
	lock_drop(&lock);
	return slot;
}

static void thread_begin(void)
{
	me.epoch = EPOCH_MUTED;
	me.slot = slot_claim();
	me.last = NULL;
	if (me.slot) {
		PUT(me.slot->owned, 1);
		uint32_t threads = ADD(own.process->threads, 1) + 1, most = GET(own.process->threads_most);
		while (threads > most && !__atomic_compare_exchange_n(&own.process->threads_most, &most, threads, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
			;
		attach_thread_end();
		me.epoch = EPOCH_COUNTING;
	} else {
		__atomic_fetch_or(&own.process->flags, LEDGER_LOST_SLOT, __ATOMIC_RELAXED);
		me.epoch = EPOCH_BARE;
	}
}

bool slot_enter(void)
{
	if (me.epoch == EPOCH_MUTED || !attached() || !(own.ledger->wants & LEDGER_WANT_HEAP))
		return false;
	if (me.epoch == EPOCH_FRESH)
		thread_begin();
	return true;
}

/* It may still free and allocate after this, in the destructors of others: then it has no slot. */
void heap_thread_end(void)
{
	struct ledger_slot *slot = me.slot;
	me.epoch = EPOCH_BARE;
	me.slot = NULL;
	if (!slot)
		return;
	slot_publish(slot);
	PUT(slot->owned, 0);
	ADD(own.process->threads, (uint32_t)-1);
	lock_take(&lock);
	idle[nidle++] = (uint16_t)(slot - own.ledger->slot);
	lock_drop(&lock);
}

void heap_attached(void)
{
	under_start();
	large_start();
}

void heap_forked(void)
{
	nmine = nidle = 0;
	lock = 0;
	me.slot = NULL;
}

/* ---- without a slot ---- */

static void bare_live(int64_t change, int64_t most)
{
	int64_t before = ADD(own.process->live, change);
	raise_to(&own.process->peak, before + most);
}

void bare_in(size_t asked, size_t allocated)
{
	struct ledger_counts *counts = &own.process->others;
	ADD(counts->asked, asked);
	ADD(counts->allocated, allocated);
	ADD(counts->allocations, 1);
	bare_live((int64_t)allocated, (int64_t)allocated);
}

void bare_out(size_t allocated, bool is_temporary)
{
	if (is_temporary)
		ADD(own.process->others.temporary, 1);
	bare_live(-(int64_t)allocated, 0);
}

void bare_moved(size_t asked, size_t allocated, size_t freed, bool is_in_place)
{
	struct ledger_counts *counts = &own.process->others;
	ADD(counts->asked, asked);
	ADD(counts->allocated, allocated);
	ADD(counts->allocations, 1);
	ADD(*(is_in_place ? &counts->reallocations_in_place : &counts->reallocations_moved), 1);
	int64_t change = (int64_t)allocated - (int64_t)freed;
	bare_live(change, is_in_place ? change : (int64_t)allocated);
}

/* ---- reading ---- */

void heap_thread_read(struct ledger_counts *out_counts, int64_t *out_live)
{
	memset(out_counts, 0, sizeof *out_counts);
	*out_live = 0;
	if (slot_enter() && me.slot) {
		slot_publish(me.slot);
		counts_add(out_counts, &me.slot->counts);
		*out_live = GET(me.slot->live);
	}
}

void heap_slot_read(const struct ledger_slot *slot, struct ledger_counts *out_counts, int64_t *out_live, int64_t *out_most)
{
	memset(out_counts, 0, sizeof *out_counts);
	*out_live = *out_most = 0;
	if (slot) {
		counts_add(out_counts, &slot->counts);
		*out_live = GET(slot->live);
		*out_most = GET(slot->high);
	}
}

int64_t heap_live(void)
{
	int64_t live = GET(own.process->live);
	uint32_t n = __atomic_load_n(&nmine, __ATOMIC_ACQUIRE);
	for (uint32_t i = 0; i < n; i++) {
		const struct ledger_slot *slot = &own.ledger->slot[mine[i]];
		live += GET(slot->live) - GET(slot->published);
	}
	return live;
}

void heap_totals_read(struct heap_totals *out_totals)
{
	memset(out_totals, 0, sizeof *out_totals);
	if (me.slot)
		slot_publish(me.slot);
	counts_add(&out_totals->counts, &own.process->others);
	uint32_t n = __atomic_load_n(&nmine, __ATOMIC_ACQUIRE);
	for (uint32_t i = 0; i < n; i++)
		counts_add(&out_totals->counts, &own.ledger->slot[mine[i]].counts);
	out_totals->live = heap_live();
	out_totals->peak = GET(own.process->peak);
}

void heap_restart_peak(void)
{
	PUT(own.process->peak, GET(own.process->live));
	large_restart();
}

void heap_forget(const void *block, size_t asked)
{
	if (!me.slot || me.last != block)
		return;
	struct ledger_counts *counts = &me.slot->counts;
	PUT(counts->asked, GET(counts->asked) - asked);
	PUT(counts->allocated, GET(counts->allocated) - under_usable(block));
	PUT(counts->allocations, GET(counts->allocations) - 1);
	me.last = NULL;
}

/* ---- is it the one that is called? ---- */

#if defined UNDER_LIBC
bool heap_is_ours(void)
{
	return true;
}
#else
/* Linked with -Bsymbolic-functions: what we call malloc is ours, whoever else has one. */
bool heap_is_ours(void)
{
	return symbol_find("malloc") == (void *)(uintptr_t)malloc; // NOLINT
}
#endif
