/* SPDX-License-Identifier: MIT */
#include "meter/sizes.h"

#include <stdint.h>
#include <sys/mman.h>

struct entry {
	const void *address; /* NULL: free */
	size_t size;
};

enum { FIRST_BITS = 12 };

static struct entry *table;
static unsigned bits;
static size_t used;

/* Fibonacci hashing (Knuth, The Art of Computer Programming, 6.4): the high bits of a product with 2^64 / golden ratio. */
static size_t home(const void *address, unsigned table_bits)
{
	return (size_t)(((uint64_t)(uintptr_t)address * UINT64_C(0x9E3779B97F4A7C15)) >> (64 - table_bits));
}

static void place(struct entry *into, unsigned into_bits, struct entry entry)
{
	size_t mask = ((size_t)1 << into_bits) - 1;
	size_t i = home(entry.address, into_bits);
	while (into[i].address)
		i = (i + 1) & mask;
	into[i] = entry;
}

static bool grow(void)
{
	unsigned next_bits = table ? bits + 1 : FIRST_BITS;
	size_t next_bytes = sizeof(struct entry) << next_bits;
	void *memory = mmap(NULL, next_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return false;
	struct entry *next = memory;
	for (size_t i = 0; table && i < (size_t)1 << bits; i++)
		if (table[i].address)
			place(next, next_bits, table[i]);
	if (table)
		munmap(table, sizeof(struct entry) << bits);
	table = next;
	bits = next_bits;
	return true;
}

bool meter_sizes_put(const void *address, size_t size)
{
	if ((!table || used >= (size_t)1 << (bits - 1)) && !grow())
		return false;
	place(table, bits, (struct entry){ address, size });
	used++;
	return true;
}

bool meter_sizes_take(const void *address, size_t *out_size)
{
	if (!table)
		return false;
	size_t mask = ((size_t)1 << bits) - 1;
	size_t hole = home(address, bits);
	while (table[hole].address && table[hole].address != address)
		hole = (hole + 1) & mask;
	if (!table[hole].address)
		return false;
	*out_size = table[hole].size;
	used--;
	/* Move back whoever was pushed past the hole: an entry may move there unless its home lies cyclically in (hole, i]. */
	for (size_t i = (hole + 1) & mask; table[i].address; i = (i + 1) & mask) {
		size_t from_home = (i - home(table[i].address, bits)) & mask;
		if (from_home >= ((i - hole) & mask)) {
			table[hole] = table[i];
			hole = i;
		}
	}
	table[hole].address = NULL;
	return true;
}

void meter_sizes_clear(void)
{
	if (table)
		munmap(table, sizeof(struct entry) << bits);
	table = NULL;
	bits = 0;
	used = 0;
}
