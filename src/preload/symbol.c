/* SPDX-License-Identifier: MIT */
#include "preload/symbol.h"

#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* link.h's ElfW(), spelled out: checkers trip over it. */
#if UINTPTR_MAX > UINT32_MAX
#define WORD Elf64_Addr
#define SYMBOL Elf64_Sym
#define DYNAMIC Elf64_Dyn
#else
#define WORD Elf32_Addr
#define SYMBOL Elf32_Sym
#define DYNAMIC Elf32_Dyn
#endif

struct search {
	const char *name;
	uint32_t hash;
	void *address;
	size_t size;
};

static uint32_t gnu_hash(const char *name)
{
	uint32_t hash = 5381;
	for (; *name; name++)
		hash = hash * 33 + (unsigned char)*name;
	return hash;
}

/* Most loaders leave addresses here, a few what the file has. */
static const void *pointer_of(const struct dl_phdr_info *object, WORD value)
{
	return (const void *)(value < object->dlpi_addr ? value + object->dlpi_addr : value); // NOLINT
}

/*
 * DT_GNU_HASH: four numbers (buckets, first hashed symbol, words of the Bloom filter, its shift), the filter, the buckets, and a hash for each hashed symbol,
 * whose lowest bit ends a bucket.
 */
static const SYMBOL *look_up(const struct search *search, const uint32_t *table, const SYMBOL *symbols, const char *strings)
{
	uint32_t nbuckets = table[0], first = table[1], nwords = table[2], shift = table[3], hash = search->hash;
	const WORD *filter = (const WORD *)(const void *)&table[4];
	const uint32_t *buckets = (const uint32_t *)&filter[nwords];
	const uint32_t *hashes = &buckets[nbuckets];
	unsigned bits = 8 * sizeof *filter;
	if (nbuckets == 0 || nwords == 0)
		return NULL;
	WORD word = filter[hash / bits % nwords];
	if (!(word >> hash % bits & word >> (hash >> shift) % bits & 1))
		return NULL;
	uint32_t at = buckets[hash % nbuckets];
	if (at < first)
		return NULL;
	for (;; at++) {
		uint32_t other = hashes[at - first];
		const SYMBOL *symbol = &symbols[at];
		if ((other | 1) == (hash | 1) && symbol->st_shndx != SHN_UNDEF && strcmp(strings + symbol->st_name, search->name) == 0)
			return symbol;
		if (other & 1)
			return NULL;
	}
}

static int look_in(struct dl_phdr_info *object, size_t size, void *context)
{
	(void)size;
	struct search *search = context;
	const DYNAMIC *dynamic = NULL;
	for (int i = 0; i < object->dlpi_phnum; i++)
		if (object->dlpi_phdr[i].p_type == PT_DYNAMIC)
			dynamic = (const DYNAMIC *)(object->dlpi_addr + object->dlpi_phdr[i].p_vaddr); // NOLINT
	const uint32_t *table = NULL;
	const SYMBOL *symbols = NULL;
	const char *strings = NULL;
	for (; dynamic && dynamic->d_tag != DT_NULL; dynamic++) {
		if (dynamic->d_tag == DT_GNU_HASH)
			table = pointer_of(object, dynamic->d_un.d_ptr);
		else if (dynamic->d_tag == DT_SYMTAB)
			symbols = pointer_of(object, dynamic->d_un.d_ptr);
		else if (dynamic->d_tag == DT_STRTAB)
			strings = pointer_of(object, dynamic->d_un.d_ptr);
	}
	if (!table || !symbols || !strings)
		return 0;
	const SYMBOL *symbol = look_up(search, table, symbols, strings);
	if (!symbol)
		return 0;
	search->address = (void *)(object->dlpi_addr + symbol->st_value); // NOLINT
	search->size = symbol->st_size;
	return 1;
}

void *symbol_find_data(const char *name, size_t *out_size)
{
	struct search search = { .name = name, .hash = gnu_hash(name) };
	dl_iterate_phdr(look_in, &search);
	*out_size = search.size;
	return search.address;
}

void *symbol_find(const char *name)
{
	size_t size;
	return symbol_find_data(name, &size);
}
