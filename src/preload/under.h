/* SPDX-License-Identifier: MIT */
#ifndef PRELOAD_UNDER_H
#define PRELOAD_UNDER_H

/*
 * The allocator under the doors. Three can be built (build-aux/preload.sh):
 *
 *	UNDER_HIDDEN  jemalloc linked in, its malloc and family renamed to memhint_je_*: the quickest
 *	(default)     jemalloc's shared library, through the calls of its own that no door hides
 *	UNDER_LIBC    the C library's own, for tests of the counting alone: there the doors have other names
 *
 * No block is smaller than UNDER_LEAST, because glibc aligns every block to 16 bytes and jemalloc those of 8 to 8.
 */

#include <stddef.h>
#include <stdint.h>

enum {
	UNDER_LEAST = 9,    /* the least size that is given a class of 16 */
	UNDER_QUICK = 4096, /* up to here a size's class is looked up */
	UNDER_STEP = 8
};

extern uint16_t under_classes[UNDER_QUICK / UNDER_STEP + 1];

static inline size_t under_give(size_t size)
{
	return size < UNDER_LEAST ? UNDER_LEAST : size;
}

static inline size_t under_class(size_t size)
{
	return under_classes[(size + UNDER_STEP - 1) / UNDER_STEP];
}

/* Fill the table, once. */
void under_start(void);
/* Largest size whose class may be looked up: 0 until under_start(), and where the allocator does not tell. */
size_t under_quick(void);

#if defined UNDER_LIBC

#include <malloc.h>
#include <stdlib.h>

static inline void *under_malloc(size_t size)
{
	return malloc(size);
}

static inline void *under_calloc(size_t size)
{
	return calloc(1, size);
}

static inline void *under_aligned(size_t alignment, size_t size)
{
	void *block = NULL;
	return posix_memalign(&block, alignment, size) == 0 ? block : NULL;
}

static inline void *under_realloc(void *old, size_t size)
{
	return realloc(old, size);
}

static inline size_t under_usable(const void *block)
{
	return malloc_usable_size((void *)(uintptr_t)block);
}

static inline void under_free(void *block, size_t usable)
{
	(void)usable;
	free(block);
}

#else

#include <jemalloc/jemalloc.h>

#if defined UNDER_HIDDEN

void *memhint_je_malloc(size_t size);
void *memhint_je_calloc(size_t count, size_t size);
void *memhint_je_realloc(void *old, size_t size);

static inline void *under_malloc(size_t size)
{
	return memhint_je_malloc(size);
}

static inline void *under_calloc(size_t size)
{
	return memhint_je_calloc(1, size);
}

static inline void *under_realloc(void *old, size_t size)
{
	return memhint_je_realloc(old, size);
}

#else

static inline void *under_malloc(size_t size)
{
	return mallocx(size, 0);
}

static inline void *under_calloc(size_t size)
{
	return mallocx(size, MALLOCX_ZERO);
}

static inline void *under_realloc(void *old, size_t size)
{
	return rallocx(old, size, 0);
}

#endif

static inline void *under_aligned(size_t alignment, size_t size)
{
	return mallocx(size, MALLOCX_ALIGN(alignment));
}

static inline size_t under_usable(const void *block)
{
	return sallocx(block, 0);
}

/* Told the size, jemalloc need not look it up again. */
static inline void under_free(void *block, size_t usable)
{
	sdallocx(block, usable, 0);
}

#endif
#endif
