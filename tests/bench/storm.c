/* SPDX-License-Identifier: MIT */
/*
 * A malloc storm: PAIRS pairs of malloc and free in all, of 16 to 1039 bytes, over 4096 slots, in THREADS threads that share the pairs (each with slots of its
 * own). Each block is written to, so that none is free of charge. Usage: storm PAIRS [THREADS]
 */

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { SLOTS = 4096, MOST_THREADS = 64 };

static long pairs_each;

static void *run(void *seed)
{
	static __thread char *slots[SLOTS];
	uint64_t random = (uint64_t)(uintptr_t)seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	for (long i = 0; i < pairs_each; i++) {
		random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		char **slot = &slots[random >> 52];
		free(*slot);
		*slot = malloc(16 + ((random >> 32) & 1023));
		if (!*slot)
			abort();
		**slot = 1;
	}
	for (size_t i = 0; i < SLOTS; i++)
		free(slots[i]);
	return NULL;
}

int main(int argc, char **argv)
{
	long pairs = argc > 1 ? atol(argv[1]) : 0, threads = argc > 2 ? atol(argv[2]) : 1;
	pthread_t thread[MOST_THREADS];
	if (pairs <= 0 || threads < 1 || threads > MOST_THREADS) {
		fprintf(stderr, "usage: storm PAIRS [THREADS]\n");
		return 2;
	}
	pairs_each = pairs / threads;
	if (threads == 1) {
		run((void *)1);
		return 0;
	}
	for (long i = 0; i < threads; i++)
		if (pthread_create(&thread[i], NULL, run, (void *)(uintptr_t)(i + 1)) != 0)
			return 1;
	for (long i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	return 0;
}
