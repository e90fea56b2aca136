/* SPDX-License-Identifier: MIT */
/* The program's names: a list in the order of their first assignment, and a hash table of where they stand in it. */

#include "session.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a. */
uint32_t name_hash(const char *name, size_t length)
{
	uint32_t hash = 2166136261u;
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)name[i]) * 16777619u;
	return hash;
}

static uint32_t *slot_of(struct names *names, const char *name, size_t length, uint32_t hash)
{
	size_t at = hash & (names->slots - 1);

	for (;; at = (at + 1) & (names->slots - 1)) {
		uint32_t *slot = &names->slot[at];
		if (*slot == 0)
			return slot;
		const struct name_entry *entry = &names->entry[*slot - 1];
		if (entry->hash == hash && entry->length == length && memcmp(entry->name, name, length) == 0)
			return slot;
	}
}

struct name_entry *names_find(struct names *names, const char *name, size_t length)
{
	if (names->slots == 0)
		return NULL;
	uint32_t slot = *slot_of(names, name, length, name_hash(name, length));
	return slot ? &names->entry[slot - 1] : NULL;
}

static bool grow(struct names *names)
{
	if (names->count == names->room) {
		size_t room = names->room ? 2 * names->room : 32;
		struct name_entry *entry = realloc(names->entry, room * sizeof *entry);
		if (!entry)
			return false;
		names->entry = entry;
		names->room = room;
	}
	if (2 * (names->count + 1) > names->slots) {
		size_t slots = names->slots ? 2 * names->slots : 64;
		uint32_t *slot = calloc(slots, sizeof *slot);
		if (!slot)
			return false;
		free(names->slot);
		names->slot = slot;
		names->slots = slots;
		for (size_t i = 0; i < names->count; i++)
			*slot_of(names, names->entry[i].name, names->entry[i].length, names->entry[i].hash) = (uint32_t)i + 1; /* NOLINT(clang-analyzer-core.*): entries up to count are there */
	}
	return names->entry && names->slot;
}

struct name_entry *names_set(struct session *s, const char *name, size_t length, struct value *value)
{
	struct names *names = &s->names;
	struct name_entry *entry = names_find(names, name, length);

	if (!entry) {
		if (!grow(names)) {
			value_release(value);
			return raise_at(s, NULL, "MemoryError", "memhint itself ran out of memory");
		}
		uint32_t hash = name_hash(name, length);
		entry = &names->entry[names->count];
		*entry = (struct name_entry){ .name = arena_text(&s->results, name, length), .length = (uint32_t)length, .hash = hash };
		*slot_of(names, name, length, hash) = (uint32_t)++names->count;
	}
	/* The old value goes after the new one has come, as in CPython. */
	struct value *old = entry->value; /* NOLINT(clang-analyzer-core.NullDereference): grow() has made room */
	entry->value = value;
	entry->assumed = false;
	if (value && value->kind == VALUE_ARRAY && !as_array(value)->name) {
		as_array(value)->name = entry->name;
		as_array(value)->name_at = (uint32_t)(entry - names->entry);
	}
	value_release(old);
	return entry;
}

const char *names_of(const struct session *s, const struct array *array)
{
	for (size_t i = 0; i < s->names.count; i++)
		if (s->names.entry[i].value == &array->value)
			return s->names.entry[i].name;
	return NULL;
}

void names_release(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		value_release(names->entry[i].value);
	free(names->entry);
	free(names->slot);
	*names = (struct names){ 0 };
}
