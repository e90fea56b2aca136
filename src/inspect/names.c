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

/* Where the name is in the table, or where it will be. */
static struct name_entry **slot_of(struct names *names, const char *name, size_t length, uint32_t hash)
{
	size_t at = hash & (names->slots - 1);

	for (;; at = (at + 1) & (names->slots - 1)) {
		struct name_entry *entry = names->slot[at];
		if (!entry || (entry->hash == hash && entry->length == length && memcmp(entry->name, name, length) == 0))
			return &names->slot[at];
	}
}

struct name_entry *names_find(struct names *names, const char *name, size_t length)
{
	return names->slots > 0 ? *slot_of(names, name, length, name_hash(name, length)) : NULL;
}

/* Room for one more. */
static bool grow(struct names *names)
{
	struct name_entry **entry = session_more(names->entry, names->count, &names->room, sizeof(struct name_entry *));
	if (!entry)
		return false;
	names->entry = entry;
	if (2 * (names->count + 1) <= names->slots)
		return true;
	struct names wider = { .slots = names->slots ? 2 * names->slots : 64 };
	wider.slot = calloc(wider.slots, sizeof(struct name_entry *));
	if (!wider.slot)
		return false;
	for (size_t i = 0; i < names->count; i++)
		*slot_of(&wider, entry[i]->name, entry[i]->length, entry[i]->hash) = entry[i];
	free(names->slot);
	names->slot = wider.slot;
	names->slots = wider.slots;
	return true;
}

struct name_entry *names_set(struct session *s, const char *name, size_t length, struct value *value)
{
	struct names *names = &s->names;
	struct name_entry *entry = names_find(names, name, length);

	if (!entry) {
		if (!grow(names)) {
			value_release(value);
			return no_memory(s);
		}
		uint32_t hash = name_hash(name, length);
		entry = arena_alloc(&s->results, sizeof *entry);
		*entry = (struct name_entry){ .name = arena_text(&s->results, name, length), .length = (uint32_t)length, .hash = hash };
		names->entry[names->count++] = *slot_of(names, name, length, hash) = entry;
	}
	/* The old value goes after the new one has come, as in CPython. */
	struct value *old = entry->value;
	entry->value = value;
	entry->assumed = false;
	if (value && value->kind == VALUE_ARRAY && !as_array(value)->name) {
		as_array(value)->name = entry->name;
		as_array(value)->entry = entry;
	}
	value_release(old);
	return entry;
}

const char *names_of(const struct session *s, const struct array *array)
{
	for (size_t i = 0; i < s->names.count; i++)
		if (s->names.entry[i]->value == &array->value)
			return s->names.entry[i]->name;
	return NULL;
}

void names_forget(struct session *s, const struct value *value)
{
	for (size_t i = 0; i < s->names.count; i++) {
		struct name_entry *entry = s->names.entry[i];
		struct value *unknown = entry->value == value ? value_unknown(s) : NULL;
		if (!unknown)
			continue;
		value_release(entry->value);
		entry->value = unknown;
	}
}

void names_release(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		value_release(names->entry[i]->value);
	free(names->entry);
	free(names->slot);
	*names = (struct names){ 0 };
}
