/* SPDX-License-Identifier: MIT */
#include "meter/heap.h"

#include "meter/sizes.h"

#include <errno.h>
#include <jemalloc/jemalloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* jemalloc reads MALLOC_CONF through this when it is linked in: only what the bench has pinned for its workers reaches it. */
char *memhint_jemalloc_getenv(const char *name);
char *memhint_jemalloc_getenv(const char *name)
{
	return strcmp(name, "MALLOC_CONF") == 0 ? secure_getenv("MEMHINT_MALLOC_CONF") : NULL;
}

static __thread bool counting;
static struct meter_heap heap;
static uint64_t stretch; /* calls that one entry of the timeline covers */
static uint64_t calls;

/* ---- arithmetic ---- */

/* Keep METER_TIMELINE stretches: when they are full, join them in pairs and let each cover twice as many calls. */
static void timeline_add(int64_t live_asked)
{
	size_t at = (size_t)(calls / stretch);
	if (at == METER_TIMELINE) {
		for (size_t i = 0; i < METER_TIMELINE / 2; i++) {
			int64_t a = heap.timeline[2 * i], b = heap.timeline[2 * i + 1];
			heap.timeline[i] = a > b ? a : b;
		}
		stretch *= 2;
		heap.ntimeline = at = METER_TIMELINE / 2;
	}
	if (at == heap.ntimeline) {
		heap.timeline[at] = live_asked;
		heap.ntimeline++;
	} else if (live_asked > heap.timeline[at]) {
		heap.timeline[at] = live_asked;
	}
	calls++;
}

static void raise_peaks(int64_t live)
{
	if (live > heap.peak)
		heap.peak = live;
	if (heap.live_asked > heap.peak_asked)
		heap.peak_asked = heap.live_asked;
}

static void count_in(void *block, size_t asked, size_t allocated)
{
	heap.asked += asked;
	heap.allocated += allocated;
	heap.allocations++;
	heap.live += (int64_t)allocated;
	if (meter_sizes_put(block, asked))
		heap.live_asked += (int64_t)asked;
	else
		heap.table_full = true;
}

static void count_out(void *block, size_t allocated)
{
	size_t asked;
	heap.live -= (int64_t)allocated;
	if (meter_sizes_take(block, &asked))
		heap.live_asked -= (int64_t)asked;
}

/* ---- the family ---- */

void *pvalloc(size_t size); /* glibc declares it only in malloc.h, beside mallinfo */

static void *allocate(size_t size, int flags)
{
	void *block = mallocx(size ? size : 1, flags);
	if (__builtin_expect(counting, 0) && block) {
		count_in(block, size, sallocx(block, 0));
		raise_peaks(heap.live);
		timeline_add(heap.live_asked);
	}
	if (__builtin_expect(!block, 0))
		errno = ENOMEM;
	return block;
}

static void *reallocate(void *old, size_t size)
{
	if (!old)
		return allocate(size, 0);
	size_t old_allocated = counting ? sallocx(old, 0) : 0;
	void *block = rallocx(old, size ? size : 1, 0);
	if (!block) {
		errno = ENOMEM;
		return NULL;
	}
	if (__builtin_expect(counting, 0)) {
		size_t allocated = sallocx(block, 0);
		int64_t both = heap.live + (int64_t)allocated;
		count_out(old, old_allocated);
		count_in(block, size, allocated);
		*(block == old ? &heap.reallocations_in_place : &heap.reallocations_moved) += 1;
		raise_peaks(block == old ? heap.live : both);
		timeline_add(heap.live_asked);
	}
	return block;
}

static void *allocate_aligned(size_t alignment, size_t size)
{
	if (alignment == 0 || (alignment & (alignment - 1)) != 0) {
		errno = EINVAL;
		return NULL;
	}
	return allocate(size, MALLOCX_ALIGN(alignment));
}

void *malloc(size_t size)
{
	return allocate(size, 0);
}

void *calloc(size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return allocate(bytes, MALLOCX_ZERO);
}

void *realloc(void *old, size_t size)
{
	return reallocate(old, size);
}

void *reallocarray(void *old, size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return reallocate(old, bytes);
}

void free(void *block)
{
	if (!block)
		return;
	if (__builtin_expect(counting, 0)) {
		count_out(block, sallocx(block, 0));
		timeline_add(heap.live_asked);
	}
	dallocx(block, 0);
}

int posix_memalign(void **out_block, size_t alignment, size_t size)
{
	if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0)
		return EINVAL;
	int saved = errno;
	void *block = allocate_aligned(alignment, size);
	errno = saved;
	if (!block)
		return ENOMEM;
	*out_block = block;
	return 0;
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return allocate_aligned(alignment, size);
}

void *memalign(size_t alignment, size_t size)
{
	return allocate_aligned(alignment, size);
}

void *valloc(size_t size)
{
	return allocate_aligned((size_t)sysconf(_SC_PAGESIZE), size);
}

void *pvalloc(size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), rounded;
	if (__builtin_add_overflow(size, page - 1, &rounded)) {
		errno = ENOMEM;
		return NULL;
	}
	return allocate_aligned(page, rounded & ~(page - 1));
}

size_t malloc_usable_size(void *block)
{
	return block ? sallocx(block, 0) : 0;
}

/* ---- reading ---- */

void meter_heap_start(void)
{
	meter_sizes_clear();
	memset(&heap, 0, sizeof heap);
	stretch = 1;
	calls = 0;
	counting = true;
}

void meter_heap_read(struct meter_heap *out_heap)
{
	*out_heap = heap;
}

void meter_heap_restart_peak(void)
{
	heap.peak = heap.live;
	heap.peak_asked = heap.live_asked;
}

void meter_heap_stop(void)
{
	counting = false;
	meter_sizes_clear();
}

uint64_t meter_jemalloc_allocated(void)
{
	uint64_t bytes = 0;
	size_t size = sizeof bytes;
	return mallctl("thread.allocated", &bytes, &size, NULL, 0) == 0 ? bytes : 0;
}

const char *meter_jemalloc_version(void)
{
	const char *version = NULL;
	size_t size = sizeof version;
	return mallctl("version", &version, &size, NULL, 0) == 0 ? version : "unknown";
}
