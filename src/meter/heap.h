/* SPDX-License-Identifier: MIT */
#ifndef METER_HEAP_H
#define METER_HEAP_H

/*
 * The heap, counted at the doors: this module defines malloc, calloc, realloc, reallocarray, free, posix_memalign, aligned_alloc,
 * memalign, valloc, pvalloc and malloc_usable_size over jemalloc's documented mallocx, rallocx, sallocx and dallocx, and counts
 * each call while counting is on. C++'s operator new and delete reach malloc and free through libstdc++, and so are counted once.
 *
 * "Asked" is what the caller requested; "allocated" is the size class that jemalloc handed out, which may be larger (100 is 112).
 * Counting is for one thread and costs a hash look-up a call; off, it costs one branch. Sizes asked for are remembered in a table of our own
 * (from mmap), so that a free can be taken off in asked bytes too. Blocks that were made before the start count when they are
 * freed in allocated bytes only, as live bytes below the start.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { METER_TIMELINE = 64 };

struct meter_heap {
	uint64_t asked;                  /* bytes, all successful calls; a realloc adds its full new size */
	uint64_t allocated;              /* the same in size classes */
	uint64_t allocations;            /* successful calls that hand out memory */
	uint64_t reallocations_in_place; /* of them: reallocs of a block, at the same address */
	uint64_t reallocations_moved;    /* and at another */
	int64_t live;                    /* allocated bytes above the start */
	int64_t live_asked;
	int64_t peak;       /* the most of live; a moved realloc holds old and new at once */
	int64_t peak_asked; /* the most of live_asked; a realloc's new size stands in place of its old */
	bool table_full;    /* the table of sizes could not grow: asked peaks are not to be trusted */
	size_t ntimeline;   /* live_asked over the calls, in stretches of equal length, the most of each */
	int64_t timeline[METER_TIMELINE];
};

/* From zero, from now on, for the calling thread. */
void meter_heap_start(void);
/* The counts so far; counting goes on. */
void meter_heap_read(struct meter_heap *out_heap);
/* Forget the peaks: from here on they are the most that is live, beginning with what is live now. */
void meter_heap_restart_peak(void);
void meter_heap_stop(void);

/* What jemalloc itself says: bytes handed out to this thread since it began, exact at once (thread.allocated). */
uint64_t meter_jemalloc_allocated(void);
const char *meter_jemalloc_version(void);

#endif
