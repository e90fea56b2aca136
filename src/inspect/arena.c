/* SPDX-License-Identifier: MIT */
/* Blocks in a list, each filled from its start; what does not fit gets a block of its own size. */

#include "arena.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 1 << 16, SPARE_BYTES = 1 << 12 };

struct arena_block {
	struct arena_block *older;
	size_t size, used;
	_Alignas(max_align_t) char bytes[];
};

void *arena_alloc(struct arena *arena, size_t size)
{
	static _Alignas(max_align_t) char spare[SPARE_BYTES];
	const size_t align = _Alignof(max_align_t);
	struct arena_block *block = arena->block;

	size = size ? (size + align - 1) / align * align : align;
	if (!block || block->size - block->used < size) {
		size_t bytes = size > BLOCK_BYTES / 4 ? size : BLOCK_BYTES;
		struct arena_block *fresh = malloc(sizeof *fresh + bytes);
		if (!fresh) {
			arena->failed = true;
			memset(spare, 0, sizeof spare);
			return size <= sizeof spare ? spare : NULL;
		}
		fresh->size = bytes;
		fresh->used = 0;
		/* One that is full from the start goes behind the one that still has room. */
		if (block && bytes == size) {
			fresh->older = block->older;
			block->older = fresh;
		} else {
			fresh->older = block;
			arena->block = fresh;
		}
		block = fresh;
	}
	void *at = block->bytes + block->used;
	block->used += size;
	return memset(at, 0, size);
}

#if defined(__SANITIZE_ADDRESS__)
enum { POOLS_ARE_HEAPS = true };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { POOLS_ARE_HEAPS = true };
#endif
#else
enum { POOLS_ARE_HEAPS = false };
#endif

void *pool_take(struct pool *pool, size_t size)
{
	void *object = pool->spare;

	if (POOLS_ARE_HEAPS)
		return calloc(1, size);
	if (object) {
		pool->spare = *(void **)object;
		return memset(object, 0, size);
	}
	object = arena_alloc(&pool->arena, size);
	return pool->arena.failed ? NULL : object;
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

void pool_release(struct pool *pool)
{
	arena_release(&pool->arena);
	pool->spare = NULL;
}

char *arena_text(struct arena *arena, const char *bytes, size_t count)
{
	char *text = arena_alloc(arena, count + 1);
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
	char *out = arena_alloc(arena, length < 0 ? 1 : (size_t)length + 1);
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
	char *out = arena_alloc(arena, length + 1), *at = out;
	if (!out || arena->failed)
		return out;
	va_start(args, first);
	for (const char *part = first; part; part = va_arg(args, const char *)) {
		size_t n = strlen(part);
		memcpy(at, part, n); /* NOLINT(bugprone-not-null-terminated-result): the block is zeroed */
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
}

void arena_release(struct arena *arena)
{
	arena_clear(arena);
	free(arena->block);
	arena->block = NULL;
}
