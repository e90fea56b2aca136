/* SPDX-License-Identifier: MIT */
#include "preload/region.h"

#include "preload/attach.h"
#include "preload/heap.h"
#include "preload/resident.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

enum { DEEPEST = 64, NOWHERE = LEDGER_REGIONS };

/* One that is open. from, live_from, faults_from and wall_from are where the part that is not written down yet begins. */
struct open {
	uint32_t row;      /* in the ledger; NOWHERE: it has none */
	bool is_inherited; /* begun before the fork that made this process: it is the parent's */
	bool has_rss;
	struct ledger_counts from;
	int64_t live_from;
	int64_t live, most; /* at its beginning; since then */
	uint64_t faults_from, wall_from;
	int64_t rss, rss_most;
};

struct stack {
	struct stack *next; /* of another thread; the list only grows, as stacks are used again */
	bool is_taken;
	struct ledger_slot *slot; /* of its thread; NULL: none */
	uint32_t depth, beyond;   /* open; begun beyond the deepest */
	struct open open[DEEPEST];
};

static uint32_t lock; /* of all below, and of what open regions say about the resident set */
static struct stack *stacks;
static uint16_t rows[LEDGER_REGIONS]; /* of this process */
static uint32_t nrows;

/* ---- rows ---- */

static size_t cut_length(const char *name)
{
	size_t length = strnlen(name, LEDGER_NAME);
	if (length < LEDGER_NAME)
		return length;
	length = LEDGER_NAME - 1;
	while (length > 0 && (name[length] & 0xc0) == 0x80) /* inside a character */
		length--;
	return length;
}

static uint32_t row_find(const char *name)
{
	size_t length = cut_length(name);
	struct ledger_region *all = own.ledger->region;
	for (uint32_t i = 0; i < nrows; i++)
		if (memcmp(all[rows[i]].name, name, length) == 0 && all[rows[i]].name[length] == '\0')
			return rows[i];
	uint32_t row = GET(own.ledger->regions) < LEDGER_REGIONS ? ADD(own.ledger->regions, 1) : LEDGER_REGIONS;
	if (row >= LEDGER_REGIONS) {
		ADD(own.ledger->lost_regions, 1);
		return NOWHERE;
	}
	PUT(all[row].state, LEDGER_FILLING);
	all[row].process = own.index;
	memcpy(all[row].name, name, length);
	all[row].cut = name[length] != '\0';
	__atomic_store_n(&all[row].state, LEDGER_RUNNING, __ATOMIC_RELEASE);
	rows[nrows++] = (uint16_t)row;
	return row;
}

/* ---- the resident set belongs to the process: whoever reads or resets its peak tells all open regions ---- */

static bool rss_look(struct resident *out_resident)
{
	if (!resident_read(out_resident))
		return false;
	if (out_resident->high > own.rss_high)
		own.rss_high = out_resident->high;
	for (struct stack *stack = stacks; stack; stack = stack->next)
		for (uint32_t i = 0; i < stack->depth; i++)
			if (out_resident->high > stack->open[i].rss_most)
				stack->open[i].rss_most = out_resident->high;
	return true;
}

static void rss_begin(struct open *open)
{
	struct resident resident;
	open->has_rss = rss_look(&resident) && resident_reset() && resident_read(&resident);
	open->rss = open->rss_most = resident.now;
}

/* ---- writing down ---- */

static void settle(struct open *open, const struct ledger_counts *counts, int64_t live, int64_t most)
{
	if (open->row == NOWHERE || open->is_inherited)
		return;
	struct ledger_region *region = &own.ledger->region[open->row];
	ADD(region->counts.asked, counts->asked - open->from.asked);
	ADD(region->counts.allocated, counts->allocated - open->from.allocated);
	ADD(region->counts.allocations, counts->allocations - open->from.allocations);
	ADD(region->counts.temporary, counts->temporary - open->from.temporary);
	ADD(region->counts.reallocations_in_place, counts->reallocations_in_place - open->from.reallocations_in_place);
	ADD(region->counts.reallocations_moved, counts->reallocations_moved - open->from.reallocations_moved);
	ADD(region->kept, live - open->live_from);
	raise_to(&region->peak, most - open->live);
	open->from = *counts;
	open->live_from = live;
	if (open->has_rss)
		raise_to(&region->rss_peak, open->rss_most - open->rss);
}

/* now: of the clock. A thread's faults are told to itself alone. */
static void settle_time(struct open *open, uint64_t now, uint64_t faults)
{
	if (open->row == NOWHERE || open->is_inherited)
		return;
	struct ledger_region *region = &own.ledger->region[open->row];
	if (now > open->wall_from)
		ADD(region->wall_ns, now - open->wall_from);
	ADD(region->faults, faults - open->faults_from);
	open->wall_from = now;
	open->faults_from = faults;
}

/* What passed between two readings was ours, not the regions' around. */
static void leave_out(struct stack *stack, uint32_t depth, uint64_t ns, uint64_t faults)
{
	for (uint32_t i = 0; i < depth; i++) {
		stack->open[i].wall_from += ns;
		stack->open[i].faults_from += faults;
	}
}

/* ---- stacks ---- */

static struct stack *stack_of_thread(void)
{
	if (me.stack)
		return me.stack;
	lock_take(&lock);
	struct stack *stack = stacks;
	while (stack && stack->is_taken)
		stack = stack->next;
	if (!stack) {
		void *map = mmap(NULL, sizeof *stack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (map != MAP_FAILED) {
			stack = map;
			stack->next = stacks;
			stacks = stack;
		}
	}
	if (stack) {
		stack->is_taken = true;
		stack->depth = stack->beyond = 0;
	}
	lock_drop(&lock);
	me.stack = stack;
	attach_thread_end();
	return stack;
}

/* The publishing of live bytes tells the innermost region their most. */
static void watch(struct stack *stack)
{
	me.most = stack->depth > 0 ? &stack->open[stack->depth - 1].most : NULL;
}

static void begin(const char *name)
{
	uint64_t entered = now_ns(), faults_entered = resident_faults();
	struct stack *stack = stack_of_thread();
	if (!stack)
		return;
	if (GET(own.process->marked) < 2 && !own.forked && GET(own.process->flags) & LEDGER_PYTHON)
		process_mark(2);
	if (stack->depth == DEEPEST) {
		stack->beyond++;
		ADD(own.process->deep_begins, 1);
		return;
	}
	uint32_t depth = stack->depth;
	struct open *open = &stack->open[depth];
	memset(open, 0, sizeof *open);
	heap_thread_read(&open->from, &open->live_from);
	open->live = open->most = open->live_from;
	lock_take(&lock);
	open->row = row_find(name ? name : "");
	if (own.ledger->wants & LEDGER_WANT_RSS)
		rss_begin(open);
	stack->slot = me.slot;
	stack->depth = depth + 1;
	lock_drop(&lock);
	if (open->row != NOWHERE)
		ADD(own.ledger->region[open->row].begun, 1);
	watch(stack);
	open->faults_from = resident_faults();
	open->wall_from = now_ns();
	leave_out(stack, depth, open->wall_from - entered, open->faults_from - faults_entered);
}

void memhint_begin(const char *name)
{
	int saved = errno;
	if (attached_self())
		begin(name);
	errno = saved;
}

static void end(uint64_t now, uint64_t faults)
{
	struct stack *stack = me.stack;
	if (stack && stack->beyond > 0) {
		stack->beyond--;
		return;
	}
	if (!stack || stack->depth == 0) {
		ADD(own.process->unmatched_ends, 1);
		return;
	}
	struct ledger_counts counts;
	int64_t live;
	heap_thread_read(&counts, &live);
	lock_take(&lock);
	struct open *open = &stack->open[stack->depth - 1];
	struct resident resident;
	if (open->has_rss)
		rss_look(&resident);
	settle_time(open, now, faults);
	settle(open, &counts, live, open->most);
	if (open->row != NOWHERE && !open->is_inherited)
		ADD(own.ledger->region[open->row].ended, 1);
	stack->depth--;
	if (stack->depth > 0 && open->most > open[-1].most)
		open[-1].most = open->most;
	lock_drop(&lock);
	watch(stack);
	if (stack->depth > 0)
		leave_out(stack, stack->depth, now_ns() - now, resident_faults() - faults);
}

void memhint_end(void)
{
	uint64_t now = now_ns(), faults = resident_faults();
	int saved = errno;
	if (attached_self())
		end(now, faults);
	errno = saved;
}

/* ---- ends ---- */

static void settle_stack(struct stack *stack, uint64_t now)
{
	struct ledger_counts counts;
	int64_t live, most;
	bool is_mine = stack == me.stack;
	if (is_mine) {
		heap_thread_read(&counts, &live);
		most = live;
	} else {
		heap_slot_read(stack->slot, &counts, &live, &most);
	}
	/* From the inside out: what was most inside was at least so much outside. */
	for (uint32_t i = stack->depth; i-- > 0;) {
		struct open *open = &stack->open[i];
		if (open->most > most)
			most = open->most;
		settle_time(open, now, is_mine ? resident_faults() : open->faults_from);
		settle(open, &counts, live, most);
	}
}

void region_settle_all(void)
{
	if (!stacks)
		return;
	uint64_t now = now_ns();
	struct resident resident;
	lock_take(&lock);
	if (own.ledger->wants & LEDGER_WANT_RSS)
		rss_look(&resident);
	for (struct stack *stack = stacks; stack; stack = stack->next)
		settle_stack(stack, now);
	lock_drop(&lock);
}

void region_thread_end(void)
{
	struct stack *stack = me.stack;
	if (!stack)
		return;
	uint64_t now = now_ns();
	lock_take(&lock);
	settle_stack(stack, now);
	stack->depth = stack->beyond = 0;
	stack->slot = NULL;
	stack->is_taken = false;
	lock_drop(&lock);
	me.most = NULL;
	me.stack = NULL;
}

void region_forked(void)
{
	lock = 0;
	nrows = 0;
	for (struct stack *stack = stacks; stack; stack = stack->next) {
		if (stack != me.stack) { /* those threads are not here */
			stack->is_taken = false;
			stack->depth = 0;
		}
		stack->slot = NULL;
		for (uint32_t i = 0; i < stack->depth; i++)
			stack->open[i].is_inherited = true;
	}
}
