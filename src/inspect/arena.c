/* SPDX-License-Identifier: MIT */
/*
 * Blocks in a list, each filled from both of its ends: objects from its start, each where its type may stand, and texts from its end, one close to the other.
 * What does not fit gets a block of its own size.
 */

#include "arena.h"

#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { FIRST_BYTES = 1 << 16, GROWTH = 8, HUGE_BYTES = 1 << 21, SPARE_BYTES = 1 << 12, ALIGN = sizeof(void *) };
_Static_assert(_Alignof(int64_t) <= ALIGN && _Alignof(double) <= ALIGN, "objects in an arena are aligned for pointers");

struct arena_block {
	struct arena_block *older;
	size_t size, used; /* from the start */
	size_t texts;      /* where those at the end begin */
	_Alignas(ALIGN) char bytes[];
};

/* What is handed out when there is no more memory. */
static char *spare(struct arena *arena, size_t size)
{
	static _Alignas(ALIGN) char bytes[SPARE_BYTES];

	arena->failed = true;
	memset(bytes, 0, sizeof bytes);
	return size <= sizeof bytes ? bytes : NULL;
}

/*
 * Each block is larger than the last. From 2 MiB on, which only programs of thousands of lines need, it is one huge page where the kernel has some: to ask the kernel
 * for 4 KiB at a time took a sixth of the time of such a program.
 */
static struct arena_block *block_new(const struct arena_block *last)
{
	size_t bytes = !last ? FIRST_BYTES : GROWTH * (sizeof *last + last->size);

	if (bytes < HUGE_BYTES) {
		struct arena_block *block = malloc(bytes);
		if (block)
			block->size = bytes - sizeof *block;
		return block;
	}
	struct arena_block *block = aligned_alloc(HUGE_BYTES, HUGE_BYTES);
	if (block) {
		(void)madvise(block, HUGE_BYTES, MADV_HUGEPAGE); /* where there are none, it is ordinary memory */
		block->size = HUGE_BYTES - sizeof *block;
	}
	return block;
}

/* A block with so much room between its ends; NULL: no memory. */
static struct arena_block *block_with(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->block, *fresh;

	if (block && block->texts - block->used >= size)
		return block;
	bool is_large = size > FIRST_BYTES / 4;
	if (is_large) {
		fresh = malloc(sizeof *fresh + size);
		if (fresh)
			fresh->size = size;
	} else {
		fresh = block_new(block);
	}
	if (!fresh)
		return NULL;
	fresh->texts = fresh->size;
	fresh->used = 0;
	/* One that is full from the start goes behind the one that still has room. */
	if (block && is_large) {
		fresh->older = block->older;
		block->older = fresh;
	} else {
		fresh->older = block;
		arena->block = fresh;
	}
	return fresh;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	size = size ? (size + ALIGN - 1) / ALIGN * ALIGN : ALIGN;
	struct arena_block *block = block_with(arena, size);
	if (!block)
		return spare(arena, size);
	void *at = block->bytes + block->used;
	block->used += size;
	return memset(at, 0, size);
}

/* For a text of so many bytes and its NUL, which is there already. */
static char *text_room(struct arena *arena, size_t count)
{
	struct arena_block *block = block_with(arena, count + 1);
	if (!block)
		return spare(arena, count + 1);
	block->texts -= count + 1;
	block->bytes[block->texts + count] = '\0';
	return block->bytes + block->texts;
}

/* GCC says it with a macro, clang with a question. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_ADDRESS_SANITIZER 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(UNDER_ADDRESS_SANITIZER)
enum { POOLS_ARE_HEAPS = true };
#else
enum { POOLS_ARE_HEAPS = false };
#endif

void *pool_take(struct pool *pool, struct arena *arena, size_t size)
{
	void *object = pool->spare;

	if (POOLS_ARE_HEAPS)
		return calloc(1, size);
	if (object) {
		pool->spare = *(void **)object;
		return memset(object, 0, size);
	}
	object = arena_alloc(arena, size);
	return arena->failed ? NULL : object;
}

void pool_give(struct pool *pool, void *object)
{
	if (POOLS_ARE_HEAPS) {
		free(object);
	} else {
		*(void **)object = pool->spare;
		pool->spare = object;
	}
}

char *arena_text(struct arena *arena, const char *bytes, size_t count)
{
	char *text = text_room(arena, count);
	if (text && !arena->failed)
		memcpy(text, bytes, count);
	return text;
}

char *arena_vformat(struct arena *arena, const char *format, va_list args)
{
	char text[512];
	va_list again;

	va_copy(again, args);
	int length = text_format(text, sizeof text, format, args);
	char *out = text_room(arena, length < 0 ? 0 : (size_t)length);
	if (out && !arena->failed && length > 0) {
		if ((size_t)length < sizeof text)
			memcpy(out, text, (size_t)length + 1);
		else
			vsnprintf(out, (size_t)length + 1, format, again);
	}
	va_end(again);
	return out;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	char *text = arena_vformat(arena, format, args);
	va_end(args);
	return text;
}

char *arena_join(struct arena *arena, const char *first, ...)
{
	size_t length = 0;
	va_list args;

	va_start(args, first);
	for (const char *part = first; part; part = va_arg(args, const char *))
		length += strlen(part);
	va_end(args);
	char *out = text_room(arena, length), *at = out;
	if (!out || arena->failed)
		return out;
	va_start(args, first);
	for (const char *part = first; part; part = va_arg(args, const char *)) {
		size_t n = strlen(part);
		memcpy(at, part, n); /* NOLINT(bugprone-not-null-terminated-result): the last byte is there */
		at += n;
	}
	va_end(args);
	return out;
}

void arena_clear(struct arena *arena)
{
	struct arena_block *block = arena->block;

	if (!block)
		return;
	while (block->older) {
		struct arena_block *older = block->older;
		block->older = older->older;
		free(older);
	}
	block->used = 0;
	block->texts = block->size;
}

void arena_release(struct arena *arena)
{
	arena_clear(arena);
	free(arena->block);
	arena->block = NULL;
}
