/* SPDX-License-Identifier: MIT */
/* In the end: which arrays have names, and which of them have bytes in common. */

#include "inspect/session.h"

#include "nd/overlap.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_WORK = 100000, MOST_TESTS = 1000000, MOST_NAMES = 1000 };

struct entry {
	const struct array *array;
	int at;
	ptrdiff_t low, high; /* of its bytes in the buffer */
};

static int compare(ptrdiff_t a, ptrdiff_t b)
{
	return (a > b) - (a < b);
}

static int by_place(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = compare(x->array->buffer->id, y->array->buffer->id);
	order = order ? order : compare(x->low, y->low);
	return order ? order : compare(x->at, y->at);
}

static int by_pair(const void *a, const void *b)
{
	const int *x = a, *y = b;
	return x[0] != y[0] ? x[0] - y[0] : x[1] - y[1];
}

/* Fills result->arrays. */
static void list_arrays(struct session *s)
{
	struct inspection *result = &s->result;
	struct inspect_name *arrays = malloc((s->names.count + 1) * sizeof *arrays);
	size_t n = 0;

	for (size_t i = 0; arrays && i < s->names.count; i++) {
		struct value *value = s->names.entry[i]->value;
		if (!value || value->kind != VALUE_ARRAY)
			continue;
		const struct inspect_array *told = describe_array(s, as_array(value));
		/* The base may have lost the name that it was given first, and have another one. */
		const struct array *base = as_array(value)->base;
		if (base && !as_array(value)->stand_in && s->names.count <= MOST_NAMES) {
			const char *name = names_of(s, base);
			told = name ? describe_array_with(s, as_array(value), name) : told;
		}
		arrays[n++] = (struct inspect_name){ .name = s->names.entry[i]->name, .array = told };
	}
	free((void *)result->arrays);
	result->arrays = arrays;
	result->narrays = n;
}

/* The named arrays in whose buffer another one is named too: by buffer, and in it by where they begin. Returns how many. */
static size_t candidates(struct session *s, struct entry *out_entries)
{
	size_t n = 0;
	int at = 0;

	for (size_t i = 0; i < s->names.count; i++)
		if (s->names.entry[i]->value && s->names.entry[i]->value->kind == VALUE_ARRAY)
			as_array(s->names.entry[i]->value)->buffer->named = 0;
	for (size_t i = 0; i < s->names.count; i++)
		if (s->names.entry[i]->value && s->names.entry[i]->value->kind == VALUE_ARRAY)
			as_array(s->names.entry[i]->value)->buffer->named++;
	for (size_t i = 0; i < s->names.count; i++) {
		const struct value *value = s->names.entry[i]->value;
		if (!value || value->kind != VALUE_ARRAY)
			continue;
		struct entry entry = { .array = (const struct array *)value, .at = at };
		at++;
		nd_geom_extent(entry.array->geom, &entry.low, &entry.high);
		if (entry.array->buffer->named > 1)
			out_entries[n++] = entry;
	}
	qsort(out_entries, n, sizeof *out_entries, by_place);
	return n;
}

/* Fills result->shares. */
static void list_shares(struct session *s, size_t most_pairs)
{
	struct inspection *result = &s->result;
	struct entry *entries = malloc((s->names.count + 1) * sizeof *entries);
	size_t n = entries ? candidates(s, entries) : 0, npairs = 0, room = 0, tests = 0;
	int (*pairs)[2] = NULL;
	bool is_full = false;

	result->shares_cut = !entries;
	/* Of one buffer, only those that begin before this one ends. */
	for (size_t i = 0; i < n && !is_full; i++)
		for (size_t k = i + 1; k < n && entries[k].array->buffer == entries[i].array->buffer && entries[k].low < entries[i].high; k++) {
			if (++tests > MOST_TESTS || npairs >= most_pairs) {
				is_full = true;
				break;
			}
			enum nd_shares shares = nd_geom_shares_memory(entries[i].array->geom, entries[k].array->geom, MOST_WORK, NULL);
			if (shares == ND_SHARES_TOO_HARD)
				result->shares_cut = true;
			if (shares != ND_SHARES_YES)
				continue;
			int (*more)[2] = session_more(pairs, npairs, &room, sizeof *more);
			if (!more) {
				is_full = true;
				break;
			}
			pairs = more;
			int x = entries[i].at, y = entries[k].at;
			pairs[npairs][0] = x < y ? x : y;
			pairs[npairs++][1] = x < y ? y : x;
		}
	if (npairs > 0)
		qsort(pairs, npairs, sizeof *pairs, by_pair);
	result->shares_cut = result->shares_cut || is_full;
	free(entries);
	free((void *)result->shares);
	result->shares = (const int (*)[2])pairs;
	result->nshares = npairs;
}

void inspect_finish(struct inspect_session *session, size_t most_pairs)
{
	struct session *s = (struct session *)session;

	list_arrays(s);
	list_shares(s, most_pairs < INSPECT_MOST_PAIRS ? most_pairs : INSPECT_MOST_PAIRS);
}
