/* SPDX-License-Identifier: MIT */
/* In the end: which arrays have names, and which of them have bytes in common. */

#include "inspect/explain.h"
#include "inspect/session.h"

#include "nd/overlap.h"

#include <stdlib.h>
#include <string.h>

/* A pair that is too hard to tell takes as long as TOO_HARD others. */
enum { MOST_WORK = 100000, TESTS_A_PAIR = 20, TOO_HARD = 5000, MOST_NAMES = 1000 };

/* A named array, and where its bytes are in their buffer. */
struct entry {
	const struct array *array;
	int at; /* in result->arrays */
	ptrdiff_t low, high;
	ptrdiff_t reach; /* the highest end of it and of those before it in the buffer */
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

static int by_number(const void *a, const void *b)
{
	return compare(*(const int *)a, *(const int *)b);
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
static int candidates(struct session *s, struct entry *out_entries)
{
	int n = 0, at = 0;

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
		if (entry.array->buffer->named > 1 && entry.low < entry.high)
			out_entries[n++] = entry;
	}
	qsort(out_entries, (size_t)n, sizeof *out_entries, by_place);
	for (int i = 0; i < n; i++) {
		bool is_first = i == 0 || out_entries[i - 1].array->buffer != out_entries[i].array->buffer;
		ptrdiff_t before = is_first ? out_entries[i].high : out_entries[i - 1].reach;
		out_entries[i].reach = before > out_entries[i].high ? before : out_entries[i].high;
	}
	return n;
}

/* Those behind entry i in result->arrays whose bytes lie between its bounds, by their place there. Returns how many. */
static int partners(const struct entry *entries, int n, int i, int *out_at)
{
	const struct entry *one = &entries[i];
	int count = 0;

	for (int k = i - 1; k >= 0 && entries[k].array->buffer == one->array->buffer && entries[k].reach > one->low; k--)
		if (entries[k].high > one->low && entries[k].at > one->at)
			out_at[count++] = entries[k].at;
	for (int k = i + 1; k < n && entries[k].array->buffer == one->array->buffer && entries[k].low < one->high; k++)
		if (entries[k].at > one->at)
			out_at[count++] = entries[k].at;
	qsort(out_at, (size_t)count, sizeof *out_at, by_number);
	return count;
}

/* What list_shares() works with, of each array in result->arrays. */
struct places {
	struct entry *entries;
	int *entry_of; /* its index in entries; -1: shares with nobody */
	int *partners;
};

/* Pairs in the order of result->arrays, so that a list that is cut is one from the start. */
static void find_pairs(struct session *s, const struct places *places, size_t narrays, int n, size_t most_pairs)
{
	struct inspection *result = &s->result;
	size_t tests = 0, most_tests = TESTS_A_PAIR * most_pairs, room = 0, npairs = 0;
	int (*pairs)[2] = NULL;

	for (size_t at = 0; at < narrays && tests < most_tests; at++) {
		int i = places->entry_of[at], count = i < 0 ? 0 : partners(places->entries, n, i, places->partners);
		for (int k = 0; k < count; k++) {
			const struct nd_geom *other = places->entries[places->entry_of[places->partners[k]]].array->geom;
			if (tests >= most_tests || npairs >= most_pairs) {
				result->shares_cut = true;
				tests = most_tests;
				break;
			}
			enum nd_shares shares = nd_geom_shares_memory(places->entries[i].array->geom, other, MOST_WORK, NULL);
			tests += shares == ND_SHARES_TOO_HARD ? TOO_HARD : 1;
			result->shares_cut = result->shares_cut || shares == ND_SHARES_TOO_HARD;
			if (shares != ND_SHARES_YES)
				continue;
			int (*more)[2] = session_more(pairs, npairs, &room, sizeof *more);
			if (!more) {
				no_memory(s);
				break;
			}
			pairs = more;
			pairs[npairs][0] = (int)at;
			pairs[npairs++][1] = places->partners[k];
		}
	}
	free((void *)result->shares);
	result->shares = (const int (*)[2])pairs;
	result->nshares = npairs;
}

/* Fills result->shares. */
static void list_shares(struct session *s, size_t most_pairs)
{
	size_t narrays = s->result.narrays;
	struct places places = {
		.entries = malloc((narrays + 1) * sizeof *places.entries), .entry_of = malloc((narrays + 1) * sizeof *places.entry_of),
		.partners = malloc((narrays + 1) * sizeof *places.partners),
	};
	bool is_ready = places.entries && places.entry_of && places.partners;

	s->result.shares_cut = !is_ready;
	if (is_ready) {
		int n = candidates(s, places.entries);
		for (size_t at = 0; at < narrays; at++)
			places.entry_of[at] = -1;
		for (int i = 0; i < n; i++)
			places.entry_of[places.entries[i].at] = i;
		find_pairs(s, &places, narrays, n, most_pairs);
	}
	free(places.entries);
	free(places.entry_of);
	free(places.partners);
}

void inspect_finish(struct inspect_session *session, size_t most_pairs)
{
	struct session *s = (struct session *)session;

	explain_later(s);
	list_arrays(s);
	list_shares(s, most_pairs < INSPECT_MOST_PAIRS ? most_pairs : INSPECT_MOST_PAIRS);
}
