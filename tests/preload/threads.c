/* SPDX-License-Identifier: MIT */
/*
 * Threads that count at once.
 *
 *	threads across    8 threads; each frees what its neighbours made. Says what it asked for and how often, and its least and greatest possible peak
 *	threads peak      8 threads hold 8 x 3,000,000 bytes in small blocks at once, twice
 *	threads many      20,000 threads, one after the other, 8 at once
 *	threads late      allocates and frees in destructors, when the meter's own may have run already
 *
 * Compiled with STRESS, over the C library's allocator and under ThreadSanitizer, it calls the counting code itself instead of malloc (tests/preload/stress.sh).
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined STRESS
void *door_malloc(size_t size);
void *door_realloc(void *old, size_t size);
void door_free(void *block);
#define malloc door_malloc
#define realloc door_realloc
#define free door_free
#endif
void memhint_begin(const char *name) __attribute__((weak));
void memhint_end(void) __attribute__((weak));

enum { HOLD = 30000, HELD = 100, THREADS = 8, SLOTS = 1024, TURNS = 100000, BIG = 4 << 20, MANY = 20000 };

static _Atomic(void *) slots[SLOTS];
static atomic_size_t asked = 1, allocations = 1;
static pthread_barrier_t barrier;

static void region(const char *name)
{
	if (name && memhint_begin)
		memhint_begin(name);
	else if (!name && memhint_end)
		memhint_end();
}

/* Blocks wander from thread to thread through the slots. */
static void *across(void *arg)
{
	uint64_t state = (uintptr_t)arg * 0x9e3779b97f4a7c15u + 1;
	size_t my_asked = 0, my_allocations = 0;
	region("across");
	for (int turn = 0; turn < TURNS; turn++) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		size_t size = 1 + state % (turn % 100 ? 1000 : 40000);
		char *block = malloc(size);
		my_asked += size;
		my_allocations++;
		if (turn % 16 == 0) {
			block = realloc(block, size * 2);
			my_asked += size * 2;
			my_allocations++;
		}
		block[0] = 1;
		free(atomic_exchange(&slots[state >> 32 & (SLOTS - 1)], block));
	}
	region(NULL);
	/* All at once hold a big block: the peak is at least all of them. */
	pthread_barrier_wait(&barrier);
	void *big = malloc(BIG);
	my_asked += BIG;
	my_allocations++;
	pthread_barrier_wait(&barrier);
	free(big);
	atomic_fetch_add(&asked, my_asked);
	atomic_fetch_add(&allocations, my_allocations);
	return NULL;
}

static void *hold(void *arg)
{
	(void)arg;
	for (int turn = 0; turn < 2; turn++) {
		char *first = NULL, *last = NULL;
		for (int i = 0; i < HOLD; i++) { /* a list */
			char *block = malloc(HELD);
			*(char **)(void *)block = first;
			first = block;
		}
		pthread_barrier_wait(&barrier);
		for (; first; first = last) {
			last = *(char **)(void *)first;
			free(first);
		}
		pthread_barrier_wait(&barrier);
	}
	return NULL;
}

static void *shortly(void *arg)
{
	(void)arg;
	free(malloc(100));
	void *volatile kept = malloc(50);
	(void)kept;
	return NULL;
}

static pthread_key_t keys[4];

static void late(void *value)
{
	free(value);
	void *block = malloc(1000);
	free(realloc(block, 3000));
}

static void *has_late(void *arg)
{
	(void)arg;
	for (int i = 0; i < 4; i++)
		pthread_setspecific(keys[i], malloc(200));
	return NULL;
}

static void run(void *(*body)(void *), int n)
{
	pthread_t threads[THREADS];
	for (int i = 0; i < n; i++)
		pthread_create(&threads[i], NULL, body, (void *)(uintptr_t)(i + 1));
	for (int i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "across";
	free(malloc(1)); /* a process takes its entry before there are threads: the loader, or our constructor, sees to that */
	if (strcmp(what, "across") == 0) {
		pthread_barrier_init(&barrier, NULL, THREADS);
		run(across, THREADS);
		for (int i = 0; i < SLOTS; i++)
			free(slots[i]);
		char line[128];
		fwrite(line, 1, (size_t)snprintf(line, sizeof line, "asked=%zu allocations=%zu\n", asked, allocations), stderr);
	} else if (strcmp(what, "peak") == 0) {
		pthread_barrier_init(&barrier, NULL, THREADS);
		run(hold, THREADS);
	} else if (strcmp(what, "many") == 0) {
		for (int i = 0; i < MANY; i += THREADS)
			run(shortly, THREADS);
	} else {
		for (int i = 0; i < 4; i++)
			pthread_key_create(&keys[i], late);
		run(has_late, THREADS);
	}
	return 0;
}
