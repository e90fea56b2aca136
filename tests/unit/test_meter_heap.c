/* SPDX-License-Identifier: MIT */
/* The meter's counts against arithmetic done by hand and against jemalloc's own count. */

#include "meter/heap.h"
#include "meter/sizes.h"

#include <errno.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Through these the compiler cannot see that a block is never read, and delete its making. */
static void *(*volatile make)(size_t) = malloc;
static void (*volatile drop)(void *) = free;
static void *(*volatile again)(void *, size_t) = realloc;

static void test_nothing_reads_zero(void **state)
{
	(void)state;
	struct meter_heap heap;
	uint64_t before = meter_jemalloc_allocated();
	meter_heap_start();
	meter_heap_read(&heap);
	meter_heap_stop();
	assert_int_equal(meter_jemalloc_allocated(), before);
	assert_int_equal(heap.asked, 0);
	assert_int_equal(heap.allocated, 0);
	assert_int_equal(heap.allocations, 0);
	assert_int_equal(heap.peak, 0);
	assert_int_equal(heap.peak_asked, 0);
	assert_int_equal(heap.live, 0);
	assert_int_equal(heap.ntimeline, 0);
}

static void test_size_classes(void **state)
{
	(void)state;
	struct meter_heap heap;
	uint64_t before = meter_jemalloc_allocated();
	meter_heap_start();
	void *small = make(100), *large = make(8000000);
	drop(small);
	void *small_again = make(24);
	meter_heap_read(&heap);
	meter_heap_stop();
	assert_int_equal(heap.asked, 100 + 8000000 + 24);
	assert_int_equal(heap.allocated, 112 + 8388608 + 32);
	assert_int_equal(meter_jemalloc_allocated() - before, heap.allocated);
	assert_int_equal(heap.allocations, 3);
	assert_int_equal(heap.peak, 112 + 8388608);
	assert_int_equal(heap.peak_asked, 8000100);
	assert_int_equal(heap.live, 8388608 + 32);
	assert_int_equal(heap.live_asked, 8000024);
	drop(large);
	drop(small_again);
}

/* A moved realloc holds both blocks at once; in asked bytes the new stands in place of the old. */
static void test_growing(void **state)
{
	(void)state;
	struct meter_heap heap;
	uint64_t before = meter_jemalloc_allocated();
	meter_heap_start();
	char *block = again(NULL, 1000); /* a plain allocation */
	char *guard = make(1000);
	uintptr_t was = (uintptr_t)block;
	block = again(block, 1010); /* the same class: stays */
	assert_int_equal((uintptr_t)block, was);
	block = again(block, 100000); /* another: moves */
	assert_int_not_equal((uintptr_t)block, was);
	meter_heap_read(&heap);
	assert_int_equal(heap.asked, 1000 + 1000 + 1010 + 100000);
	assert_int_equal(heap.allocated, 1024 + 1024 + 1024 + 114688);
	assert_int_equal(heap.allocations, 4);
	assert_int_equal(heap.reallocations_in_place, 1);
	assert_int_equal(heap.reallocations_moved, 1);
	assert_int_equal(heap.peak_asked, 1000 + 100000);
	assert_int_equal(heap.peak, 1024 + 1024 + 114688);
	assert_int_equal(heap.live, 1024 + 114688);
	assert_int_equal(meter_jemalloc_allocated() - before, heap.allocated);
	drop(block);
	drop(guard);
	meter_heap_read(&heap);
	assert_int_equal(heap.live, 0);
	assert_int_equal(heap.live_asked, 0);
	meter_heap_stop();
}

static void test_family(void **state)
{
	(void)state;
	struct meter_heap heap;
	void *aligned = NULL;
	uint64_t before = meter_jemalloc_allocated();
	meter_heap_start();
	unsigned char *zeroed = calloc(100, 10);
	assert_int_equal(posix_memalign(&aligned, 64, 1000), 0);
	void *more[] = { aligned_alloc(64, 640), memalign(128, 1), valloc(1), pvalloc(1), reallocarray(NULL, 10, 10), make(0) };
	meter_heap_read(&heap);
	meter_heap_stop();
	assert_int_equal(heap.allocations, 8);
	assert_int_equal(heap.asked, 1000 + 1000 + 640 + 1 + 1 + 4096 + 100 + 0);
	assert_int_equal(meter_jemalloc_allocated() - before, heap.allocated);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(zeroed[i], 0);
	assert_int_equal((uintptr_t)aligned % 64, 0);
	assert_int_equal((uintptr_t)more[1] % 128, 0);
	assert_int_equal((uintptr_t)more[2] % 4096, 0);
	assert_non_null(more[5]);
	assert_true(malloc_usable_size(aligned) >= 1000);
	assert_int_equal(malloc_usable_size(NULL), 0);
	for (size_t i = 0; i < sizeof more / sizeof more[0]; i++)
		drop(more[i]);
	drop(zeroed);
	drop(aligned);
	drop(NULL);
}

static void test_refusals_count_nothing(void **state)
{
	(void)state;
	struct meter_heap heap;
	void *volatile block = NULL;
	void *aligned = &heap;
	meter_heap_start();
	errno = 0;
	block = make(SIZE_MAX);
	assert_null(block);
	assert_int_equal(errno, ENOMEM);
	size_t volatile huge = SIZE_MAX / 2;
	block = calloc(huge, 3);
	assert_null(block);
	block = reallocarray(NULL, huge, 3);
	assert_null(block);
	block = pvalloc(SIZE_MAX - 1);
	assert_null(block);
	assert_int_equal(posix_memalign(&aligned, 3, 8), EINVAL);
	assert_int_equal(posix_memalign(&aligned, 64, SIZE_MAX), ENOMEM);
	assert_ptr_equal(aligned, &heap);
	errno = 0;
	size_t volatile odd = 3;
	block = aligned_alloc(odd, 8);
	assert_null(block);
	assert_int_equal(errno, EINVAL);
	meter_heap_read(&heap);
	meter_heap_stop();
	assert_int_equal(heap.allocations, 0);
	assert_int_equal(heap.asked, 0);
	assert_int_equal(heap.peak, 0);
}

/* What was made before the start lies below it. */
static void test_freeing_older_blocks(void **state)
{
	(void)state;
	struct meter_heap heap;
	void *old = make(1000);
	meter_heap_start();
	drop(old);
	void *fresh = make(100);
	meter_heap_read(&heap);
	meter_heap_stop();
	assert_int_equal(heap.live, 112 - 1024);
	assert_int_equal(heap.live_asked, 100);
	assert_int_equal(heap.peak, 0);
	drop(fresh);
}

/* 200,000 random steps against a plain account of them. */
static void test_random_against_account(void **state)
{
	(void)state;
	enum { SLOTS = 512, STEPS = 200000 };
	static void *blocks[SLOTS];
	static size_t sizes[SLOTS];
	uint64_t seed = 42, asked = 0, calls = 0;
	int64_t live = 0, peak = 0;
	struct meter_heap heap;
	uint64_t before = meter_jemalloc_allocated();
	meter_heap_start();
	for (int i = 0; i < STEPS; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		size_t slot = (size_t)(seed >> 33) % SLOTS, size = (size_t)(seed >> 20) % 5000;
		if (blocks[slot] && seed >> 63) {
			drop(blocks[slot]);
			blocks[slot] = NULL;
			live -= (int64_t)sizes[slot];
			continue;
		}
		live += (int64_t)size - (blocks[slot] ? (int64_t)sizes[slot] : 0);
		blocks[slot] = again(blocks[slot], size);
		sizes[slot] = size;
		asked += size;
		calls++;
		peak = live > peak ? live : peak;
	}
	meter_heap_read(&heap);
	meter_heap_stop();
	assert_int_equal(meter_jemalloc_allocated() - before, heap.allocated);
	assert_int_equal(heap.asked, asked);
	assert_int_equal(heap.allocations, calls);
	assert_int_equal(heap.live_asked, live);
	assert_int_equal(heap.peak_asked, peak);
	assert_true(heap.peak >= heap.peak_asked);
	assert_true(heap.ntimeline > METER_TIMELINE / 2 && heap.ntimeline <= METER_TIMELINE);
	int64_t most = 0;
	for (size_t i = 0; i < heap.ntimeline; i++)
		most = heap.timeline[i] > most ? heap.timeline[i] : most;
	assert_int_equal(most, heap.peak_asked);
	for (size_t i = 0; i < SLOTS; i++)
		drop(blocks[i]);
}

static void test_sizes_table(void **state)
{
	(void)state;
	enum { COUNT = 100000 };
	static char addresses[COUNT];
	size_t size;
	for (size_t i = 0; i < COUNT; i++)
		assert_true(meter_sizes_put(&addresses[i], i * 3));
	for (size_t i = 0; i < COUNT; i += 2) {
		assert_true(meter_sizes_take(&addresses[i], &size));
		assert_int_equal(size, i * 3);
	}
	for (size_t i = 0; i < COUNT; i++) {
		assert_int_equal(meter_sizes_take(&addresses[i], &size), i % 2);
		if (i % 2)
			assert_int_equal(size, i * 3);
	}
	meter_sizes_clear();
	assert_false(meter_sizes_take(&addresses[1], &size));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_reads_zero), cmocka_unit_test(test_size_classes),
		cmocka_unit_test(test_growing),            cmocka_unit_test(test_family),
		cmocka_unit_test(test_refusals_count_nothing), cmocka_unit_test(test_freeing_older_blocks),
		cmocka_unit_test(test_random_against_account), cmocka_unit_test(test_sizes_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
