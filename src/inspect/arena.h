/* SPDX-License-Identifier: MIT */
#ifndef INSPECT_ARENA_H
#define INSPECT_ARENA_H

/*
 * Memory that goes away all at once: syntax trees with their statement, results with their session.
 *
 * Once the system has no more, a small spare block is handed out again and again and `failed` is set, so that whoever fills an arena checks once at the
 * end.
 */

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *block; /* the newest */
	bool failed;
};

/* Zeroed, aligned for pointers, 64-bit numbers and what is made of them. Without memory, NULL for more than 4 KiB. */
void *arena_alloc(struct arena *arena, size_t size);
char *arena_text(struct arena *arena, const char *bytes, size_t count);
char *arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vformat(struct arena *arena, const char *format, va_list args) __attribute__((format(printf, 2, 0)));
/* Strings one behind the other, ended by NULL: cheaper than a format. */
char *arena_join(struct arena *arena, const char *first, ...) __attribute__((sentinel));
/* Forget what was allocated, and keep one block for what comes. */
void arena_clear(struct arena *arena);
void arena_release(struct arena *arena);

/*
 * Objects of one size in an arena, which come and go one by one. Under the address sanitizer each is a block of its own, so that it is noticed who uses one that
 * is gone.
 */
struct pool {
	void *spare; /* the first of those that were given back; each begins with a pointer to the next */
};

/* Zeroed; NULL: no memory. arena, size: the same in every call. */
void *pool_take(struct pool *pool, struct arena *arena, size_t size);
void pool_give(struct pool *pool, void *object);

#endif
