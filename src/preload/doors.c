/* SPDX-License-Identifier: MIT */
/*
 * The doors of the heap: malloc and its family as glibc has them, over the allocator under them (under.h), each call counted in its thread's slot (slot.h).
 *
 * The quick way of malloc and free asks two questions: is this thread counting, and may the size's class be looked up? All else (the first call, forked
 * children, large sizes, threads without a slot) goes the slow way. An allocation is temporary when it is freed before the same thread's next one.
 */
#include "preload/large.h"
#include "preload/slot.h"
#include "preload/under.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define likely(condition) __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)
#define SLOW __attribute__((noinline, cold))

#if defined UNDER_LIBC /* a test calls them by these names */
#define DOOR(name) door_##name
void *DOOR(malloc)(size_t size);
void *DOOR(calloc)(size_t count, size_t size);
void *DOOR(realloc)(void *old, size_t size);
void DOOR(free)(void *block);
#else
#define DOOR(name) name
#endif

static inline bool is_counting(void)
{
	return me.epoch == here.epoch;
}

/* ---- the slow way ---- */

static void count_in(const void *block, size_t asked)
{
	if (!is_counting() && !slot_enter())
		return;
	size_t allocated = under_usable(block);
	me.last = block;
	if (me.slot)
		slot_in(me.slot, asked, allocated);
	else
		bare_in(asked, allocated);
	if (asked > GET(large_least))
		large_note(asked);
}

static void count_out(const void *block, size_t allocated)
{
	if (!is_counting() && !slot_enter())
		return;
	bool is_temporary = block == me.last;
	if (is_temporary)
		me.last = NULL;
	if (!me.slot) {
		bare_out(allocated, is_temporary);
		return;
	}
	if (is_temporary)
		slot_temporary(me.slot);
	slot_out(me.slot, allocated);
}

static SLOW void *in_slowly(void *block, size_t asked)
{
	if (block)
		count_in(block, asked);
	else
		errno = ENOMEM;
	return block;
}

static SLOW void out_slowly(void *block)
{
	int saved = errno;
	size_t usable = under_usable(block);
	count_out(block, usable);
	under_free(block, usable);
	errno = saved;
}

/* ---- in ---- */

static inline void *counted(void *block, size_t asked)
{
	if (unlikely(asked > GET(large_quick) || !is_counting() || !block))
		return in_slowly(block, asked);
	me.last = block;
	slot_in(me.slot, asked, under_class(asked));
	return block;
}

void *DOOR(malloc)(size_t size)
{
	return counted(under_malloc(under_give(size)), size);
}

void *DOOR(calloc)(size_t count, size_t size)
{
	size_t bytes;
	if (unlikely(__builtin_mul_overflow(count, size, &bytes))) {
		errno = ENOMEM;
		return NULL;
	}
	return counted(under_calloc(under_give(bytes)), bytes);
}

void *DOOR(realloc)(void *old, size_t size)
{
	if (!old)
		return DOOR(malloc)(size);
	if (size == 0) {
		DOOR(free)(old);
		return NULL;
	}
	size_t freed = under_usable(old);
	void *block = under_realloc(old, under_give(size));
	if (unlikely(!block)) {
		errno = ENOMEM;
		return NULL;
	}
	if (unlikely(!is_counting()) && !slot_enter())
		return block;
	size_t allocated = under_usable(block);
	me.last = block;
	if (me.slot)
		slot_moved(me.slot, size, allocated, freed, block == old);
	else
		bare_moved(size, allocated, freed, block == old);
	if (unlikely(size > GET(large_least)))
		large_note(size);
	return block;
}

/* ---- out ---- */

void DOOR(free)(void *block)
{
	if (unlikely(!block))
		return;
	if (unlikely(!is_counting())) {
		out_slowly(block);
		return;
	}
	size_t usable = under_usable(block);
	if (block == me.last) {
		me.last = NULL;
		slot_temporary(me.slot);
	}
	slot_out(me.slot, usable);
	if (unlikely(usable > UNDER_QUICK)) { /* pages may go back, and free keeps errno */
		int saved = errno;
		under_free(block, usable);
		errno = saved;
		return;
	}
	under_free(block, usable);
}

/* ---- the rest of the family ---- */

#if !defined UNDER_LIBC

void *pvalloc(size_t size);
void cfree(void *block);
void free_sized(void *block, size_t size);
void free_aligned_sized(void *block, size_t alignment, size_t size);
size_t malloc_usable_size(void *block);

enum { LEAST_ALIGNMENT = 16 };

/* alignment: a power of two. */
static void *aligned(size_t alignment, size_t size)
{
	return in_slowly(under_aligned(alignment < LEAST_ALIGNMENT ? LEAST_ALIGNMENT : alignment, under_give(size)), size);
}

void *reallocarray(void *old, size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(old, bytes);
}

int posix_memalign(void **out_block, size_t alignment, size_t size)
{
	if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0)
		return EINVAL;
	int saved = errno;
	void *block = aligned(alignment, size);
	errno = saved;
	if (!block)
		return ENOMEM;
	*out_block = block;
	return 0;
}

/* glibc rounds what is no power of two up to the next one. */
void *memalign(size_t alignment, size_t size)
{
	if (alignment > SIZE_MAX / 2 + 1) {
		errno = EINVAL;
		return NULL;
	}
	size_t power = LEAST_ALIGNMENT;
	while (power < alignment)
		power *= 2;
	return aligned(power, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

static size_t page_bytes(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

void *valloc(size_t size)
{
	return aligned(page_bytes(), size);
}

/* Asks for whole pages. */
void *pvalloc(size_t size)
{
	size_t page = page_bytes(), rounded;
	if (__builtin_add_overflow(size, page - 1, &rounded)) {
		errno = ENOMEM;
		return NULL;
	}
	return aligned(page, rounded & ~(page - 1));
}

size_t malloc_usable_size(void *block)
{
	return block ? under_usable(block) : 0;
}

/* Of C23. */
void free_sized(void *block, size_t size)
{
	(void)size;
	free(block);
}

void free_aligned_sized(void *block, size_t alignment, size_t size)
{
	(void)alignment, (void)size;
	free(block);
}

/* Of old, and glibc's other names for the same, which some programs use. */

void cfree(void *block)
{
	free(block);
}

#define OTHER_NAME(name, of, ...)   \
	void *name(__VA_ARGS__);    \
	void *name(__VA_ARGS__)     \
	{                           \
		return of;          \
	}
OTHER_NAME(__libc_malloc, malloc(size), size_t size)                                     // NOLINT: glibc's names
OTHER_NAME(__libc_calloc, calloc(count, size), size_t count, size_t size)                // NOLINT
OTHER_NAME(__libc_realloc, realloc(old, size), void *old, size_t size)                   // NOLINT
OTHER_NAME(__libc_memalign, memalign(alignment, size), size_t alignment, size_t size)    // NOLINT
OTHER_NAME(__libc_valloc, valloc(size), size_t size)                                     // NOLINT
OTHER_NAME(__libc_pvalloc, pvalloc(size), size_t size)                                   // NOLINT
void __libc_free(void *block);                                                           // NOLINT
void __libc_free(void *block)                                                            // NOLINT
{
	free(block);
}

#endif
