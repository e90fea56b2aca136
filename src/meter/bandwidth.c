/* SPDX-License-Identifier: MIT */
#include "meter/bandwidth.h"

#include "meter/clock.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

enum { BLOCK = 16384, LINE_WORDS = 8, LANES = 8 };

/* One word of each cache line: the whole line must come for it, and no adder is waited for. Eight sums side by side, so that loads overlap. */
static uint64_t read_block(const uint64_t *from, size_t words)
{
	uint64_t sums[LANES] = { 0 };
	size_t i = 0;
	for (; i + (size_t)LANES * LINE_WORDS <= words; i += (size_t)LANES * LINE_WORDS)
		for (size_t k = 0; k < LANES; k++)
			sums[k] += from[i + k * LINE_WORDS];
	for (; i < words; i += LINE_WORDS)
		sums[0] += from[i];
	for (size_t k = 1; k < LANES; k++)
		sums[0] += sums[k];
	return sums[0];
}

/*
 * Read and write in turns, in blocks whose sizes keep the mix. As far as both go it is a copy, by the C library's memcpy, which knows the machine's fastest
 * way; the rest is one read of each line, or memset.
 */
static uint64_t walk(const char *from, size_t reads, char *to, size_t writes)
{
	size_t most = reads > writes ? reads : writes;
	size_t blocks = reads > 0 && writes > 0 ? (most + BLOCK - 1) / BLOCK : 1; /* where nothing is to be mixed, a stop costs and tells nothing */
	uint64_t sum = 0;
	size_t read_to = 0, write_to = 0;
	for (size_t i = 1; i <= blocks; i++) {
		size_t read_end = (size_t)((double)reads * (double)i / (double)blocks) & ~(size_t)7;
		size_t write_end = (size_t)((double)writes * (double)i / (double)blocks) & ~(size_t)7;
		size_t read = read_end - read_to, write = write_end - write_to;
		size_t both = read < write ? read : write;
		memcpy(to + write_to, from + read_to, both);
		if (read > both)
			sum += read_block((const uint64_t *)(const void *)(from + read_to + both), (read - both) / 8);
		else if (write > both)
			memset(to + write_to + both, (int)(i & 1), write - both);
		read_to = read_end;
		write_to = write_end;
	}
	return sum;
}

static char *touched(size_t bytes)
{
	char *buffer = mmap(NULL, bytes + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (buffer == MAP_FAILED)
		return NULL;
	madvise(buffer, bytes + 1, MADV_HUGEPAGE); /* a hint: where it is refused the loop is the same */
	memset(buffer, 1, bytes + 1);
	return buffer;
}

int meter_floor(uint64_t reads, uint64_t writes, int tries, double *out_ns)
{
	if (reads == 0 && writes == 0) {
		*out_ns = 0;
		return 0;
	}
	char *from = touched(reads), *to = touched(writes);
	int status = -1;
	if (from && to) {
		double least = 0;
		volatile uint64_t keep = 0;
		double overhead = meter_clock_overhead();
		/* Short walks are repeated, so that one reading's step is small beside them. */
		size_t turns = 1 + (size_t)(1e6 / (1.0 + (double)(reads + writes)));
		/* Short walks get more tries, so that the least of them is the least. */
		int64_t first = meter_now();
		for (int i = 0; i < tries || (i < 200 && meter_now() - first < 5000000); i++) {
			int64_t start = meter_now();
			for (size_t k = 0; k < turns; k++)
				keep += walk(from, reads, to, writes);
			double ns = ((double)(meter_now() - start) - overhead) / (double)turns;
			if (i == 0 || ns < least)
				least = ns;
		}
		(void)keep;
		*out_ns = least > 0 ? least : 0;
		status = 0;
	}
	if (from)
		munmap(from, reads + 1);
	if (to)
		munmap(to, writes + 1);
	return status;
}
