/* SPDX-License-Identifier: MIT */
/*
 * Geometries, each once. A program of thousands of lines has thousands of arrays of a few shapes, and a geometry has room for 32 axes: with one of its own in
 * each array, most of the memory in use would be theirs.
 */
#include "session.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 64 };

struct geometry {
	struct nd_geom geom; /* first: arrays point to it */
	struct geometry *next; /* in the slot */
	uint64_t hash;
	size_t refs;
};

/* FNV-1a, of words. */
static uint64_t hash_of(const struct nd_geom *geom)
{
	const uint64_t prime = UINT64_C(0x100000001b3);
	uint64_t hash = (UINT64_C(0xcbf29ce484222325) ^ (uint64_t)geom->offset) * prime;

	hash = (hash ^ (uint64_t)geom->itemsize) * prime;
	for (int k = 0; k < geom->ndim; k++) {
		hash = (hash ^ (uint64_t)geom->shape[k]) * prime;
		hash = (hash ^ (uint64_t)geom->strides[k]) * prime;
	}
	return hash ^ hash >> 32;
}

static bool is_same(const struct nd_geom *a, const struct nd_geom *b)
{
	if (a->ndim != b->ndim || a->offset != b->offset || a->itemsize != b->itemsize)
		return false;
	for (int k = 0; k < a->ndim; k++)
		if (a->shape[k] != b->shape[k] || a->strides[k] != b->strides[k])
			return false;
	return true;
}

static void copy(struct nd_geom *to, const struct nd_geom *from)
{
	to->ndim = from->ndim;
	to->itemsize = from->itemsize;
	to->offset = from->offset;
	for (int k = 0; k < from->ndim; k++) {
		to->shape[k] = from->shape[k];
		to->strides[k] = from->strides[k];
	}
}

static struct geometry **slot_of(struct geometries *all, uint64_t hash)
{
	return &all->slot[hash & (all->slots - 1)];
}

static bool grow(struct geometries *all)
{
	struct geometries wider = { .count = all->count, .slots = all->slots ? 4 * all->slots : FIRST_SLOTS };

	wider.slot = calloc(wider.slots, sizeof *wider.slot);
	if (!wider.slot)
		return false;
	for (size_t i = 0; i < all->slots; i++)
		for (struct geometry *one = all->slot[i], *next; one; one = next) {
			struct geometry **slot = slot_of(&wider, one->hash);
			next = one->next;
			one->next = *slot;
			*slot = one;
		}
	free(all->slot);
	*all = wider;
	return true;
}

const struct nd_geom *geometry_take(struct session *s, const struct nd_geom *geom)
{
	struct geometries *all = &s->geometries;
	uint64_t hash = hash_of(geom);

	for (struct geometry *one = all->slots ? *slot_of(all, hash) : NULL; one; one = one->next)
		if (one->hash == hash && is_same(&one->geom, geom)) {
			one->refs++;
			return &one->geom;
		}
	struct geometry *one = all->count < all->slots || grow(all) ? pool_take(&s->geometry_pool, &s->object_arena, sizeof *one) : NULL;
	if (!one) {
		return no_memory(s);
	}
	struct geometry **slot = slot_of(all, hash);
	copy(&one->geom, geom);
	one->hash = hash;
	one->refs = 1;
	one->next = *slot;
	*slot = one;
	all->count++;
	return &one->geom;
}

void geometry_release(struct session *s, const struct nd_geom *geom)
{
	struct geometry *one = (struct geometry *)geom;

	if (!one || --one->refs > 0)
		return;
	struct geometry **link = slot_of(&s->geometries, one->hash);
	while (*link != one)
		link = &(*link)->next;
	*link = one->next;
	s->geometries.count--;
	pool_give(&s->geometry_pool, one);
}

void geometries_release(struct session *s)
{
	free(s->geometries.slot);
	s->geometries = (struct geometries){ 0 };
}
