/* SPDX-License-Identifier: MIT */
/*
 * Slots are added to the process that they name; then processes are linked to each other by pid and time, since a pid stands for one process after the other
 * and an image of a process is followed by the one that it became.
 */

#include "bench/ledger_read.h"

#include <stdlib.h>
#include <string.h>

size_t ledger_claimed(uint32_t claimed, size_t room)
{
	return claimed < room ? claimed : room;
}

void ledger_counts_add(struct ledger_counts *to, const struct ledger_counts *from)
{
	to->asked += from->asked;
	to->allocated += from->allocated;
	to->allocations += from->allocations;
	to->temporary += from->temporary;
	to->reallocations_in_place += from->reallocations_in_place;
	to->reallocations_moved += from->reallocations_moved;
}

static uint64_t less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

void ledger_counts_subtract(struct ledger_counts *to, const struct ledger_counts *from)
{
	to->asked = less(to->asked, from->asked);
	to->allocated = less(to->allocated, from->allocated);
	to->allocations = less(to->allocations, from->allocations);
	to->temporary = less(to->temporary, from->temporary);
	to->reallocations_in_place = less(to->reallocations_in_place, from->reallocations_in_place);
	to->reallocations_moved = less(to->reallocations_moved, from->reallocations_moved);
}

static void open_image(const struct ledger *ledger, size_t index, struct ledger_image *image)
{
	const struct ledger_process *entry = &ledger->process[index];
	uint32_t most = entry->threads_most;
	*image = (struct ledger_image){
		.entry = entry,
		.index = index,
		.counts = entry->others,
		.live = entry->live,
		.peak = entry->peak,
		.peak_error = most > 1 ? (int64_t)most * LEDGER_STEP : 0,
		.parent = -1,
		.next = -1,
		.has_startup = (entry->flags & LEDGER_PYTHON) && entry->marked && entry->began != LEDGER_BEGAN_FORK,
	};
}

static void add_slots(const struct ledger *ledger, struct ledger_images *images, const ptrdiff_t *place)
{
	size_t count = ledger_claimed(ledger->slots, LEDGER_SLOTS), processes = ledger_claimed(ledger->processes, LEDGER_PROCESSES);
	for (size_t i = 0; i < count; i++) {
		const struct ledger_slot *slot = &ledger->slot[i];
		if (slot->process == 0 || slot->process > processes || place[slot->process - 1] < 0)
			continue;
		struct ledger_image *image = &images->images[place[slot->process - 1]];
		int64_t reached = image->entry->live + slot->high - slot->published;
		ledger_counts_add(&image->counts, &slot->counts);
		image->live += slot->live - slot->published;
		image->peak = reached > image->peak ? reached : image->peak;
	}
}

static int by_beginning(const void *a, const void *b)
{
	const struct ledger_image *x = a, *y = b;
	uint64_t s = x->entry->began_ns, t = y->entry->began_ns;
	return s != t ? (s > t) - (s < t) : (x->index > y->index) - (x->index < y->index);
}

/* The last image of a pid that had begun before images[before]; -1. */
static ptrdiff_t last_of(const struct ledger_images *images, int32_t pid, size_t before)
{
	for (size_t i = before; i-- > 0;)
		if (images->images[i].entry->pid == pid)
			return (ptrdiff_t)i;
	return -1;
}

static void link_images(struct ledger_images *images)
{
	for (size_t i = 0; i < images->count; i++) {
		const struct ledger_process *entry = images->images[i].entry;
		ptrdiff_t former = entry->began == LEDGER_BEGAN_EXEC ? last_of(images, entry->pid, i) : -1;
		images->images[i].parent = last_of(images, entry->parent_pid, i);
		if (former >= 0)
			images->images[former].next = (ptrdiff_t)i;
	}
}

/* Parents come before their children. A child forked before the script began had nothing of it yet. */
static void find_startups(struct ledger_images *images)
{
	for (size_t i = 0; i < images->count; i++) {
		struct ledger_image *image = &images->images[i];
		const struct ledger_process *entry = image->entry;
		const struct ledger_image *parent = image->parent >= 0 ? &images->images[image->parent] : NULL;
		if (image->has_startup) {
			image->startup_live = entry->mark_live > 0 ? entry->mark_live : 0;
		} else if (parent && entry->began == LEDGER_BEGAN_FORK && !(parent->has_startup && parent->entry->mark_ns > entry->began_ns)) {
			int64_t inherited = entry->inherited > 0 ? entry->inherited : 0;
			image->startup_live = parent->startup_live < inherited ? parent->startup_live : inherited;
		}
	}
}

int ledger_read(const struct ledger *ledger, struct ledger_images *out_images)
{
	size_t count = ledger_claimed(ledger->processes, LEDGER_PROCESSES);
	*out_images = (struct ledger_images){ .images = calloc(count + 1, sizeof *out_images->images) };
	ptrdiff_t *place = calloc(count + 1, sizeof *place);
	if (!out_images->images || !place) {
		free(place);
		ledger_images_release(out_images);
		return -1;
	}
	/* First sorted, then numbered: slots know their process by its index. */
	for (size_t i = 0; i < count; i++)
		if (ledger->process[i].state >= LEDGER_RUNNING && ledger->process[i].state <= LEDGER_EXECED)
			open_image(ledger, i, &out_images->images[out_images->count++]);
	qsort(out_images->images, out_images->count, sizeof *out_images->images, by_beginning);
	for (size_t i = 0; i < count; i++)
		place[i] = -1;
	for (size_t i = 0; i < out_images->count; i++)
		place[out_images->images[i].index] = (ptrdiff_t)i;
	add_slots(ledger, out_images, place);
	link_images(out_images);
	find_startups(out_images);
	free(place);
	return 0;
}

void ledger_images_release(struct ledger_images *images)
{
	free(images->images);
	*images = (struct ledger_images){ 0 };
}

/* It began after the exec, and before the next one of the same process that may have brought it forth. */
const struct ledger_image *ledger_image_of(const struct ledger *ledger, const struct ledger_images *images, size_t exec)
{
	const struct ledger_exec *from = &ledger->exec[exec];
	uint64_t until = UINT64_MAX;
	for (size_t i = 0; i < ledger_claimed(ledger->execs, LEDGER_EXECS); i++) {
		const struct ledger_exec *other = &ledger->exec[i];
		if (other->state == LEDGER_RUNNING && other->pid == from->pid && (other->at_ns > from->at_ns || (other->at_ns == from->at_ns && i > exec)) && other->at_ns < until)
			until = other->at_ns;
	}
	for (size_t i = 0; i < images->count; i++) {
		const struct ledger_process *entry = images->images[i].entry;
		if (entry->pid == from->pid && entry->began != LEDGER_BEGAN_FORK && entry->began_ns >= from->at_ns && entry->began_ns < until)
			return &images->images[i];
	}
	return NULL;
}
