/* SPDX-License-Identifier: MIT */
/* Memory that goes away at once: what is handed out is zeroed, aligned, and nobody else's. */
#include "inspect/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MANY = 20000, MOST = 300 };

/* Objects and texts in turns, of many sizes, over all of the sizes that blocks grow through: each keeps what was written into it. */
static void test_nothing_overlaps(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	unsigned char **block = calloc(MANY, sizeof *block);
	size_t *size = calloc(MANY, sizeof *size);
	srand(2);
	for (int i = 0; i < MANY; i++) {
		char text[MOST];
		size[i] = (size_t)(rand() % (MOST - 1)) + 1;
		memset(text, 'a' + i % 26, size[i]);
		if (i % 5000 == 77)
			size[i] = 100000; /* a block of its own */
		if (i % 2 == 0 || size[i] > MOST) {
			block[i] = arena_alloc(&arena, size[i]);
			assert_int_equal((uintptr_t)block[i] % sizeof(void *), 0);
			for (size_t k = 0; k < size[i]; k++)
				assert_int_equal(block[i][k], 0);
			memset(block[i], 'a' + i % 26, size[i]);
		} else {
			block[i] = (unsigned char *)arena_text(&arena, text, size[i]);
			assert_int_equal(block[i][size[i]], '\0');
		}
	}
	for (int i = 0; i < MANY; i++)
		for (size_t k = 0; k < size[i]; k++)
			assert_int_equal(block[i][k], 'a' + i % 26);
	assert_false(arena.failed);
	free(block);
	free(size);
	arena_release(&arena);
}

static void test_texts(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	char word[2000];
	memset(word, 'w', sizeof word - 1);
	word[sizeof word - 1] = '\0';
	assert_string_equal(arena_text(&arena, "", 0), "");
	assert_string_equal(arena_join(&arena, "a", "", ".reshape", NULL), "a.reshape");
	assert_string_equal(arena_format(&arena, "%s: %d", "a", 3), "a: 3");
	const char *joined = arena_join(&arena, word, word, NULL), *long_one = arena_format(&arena, "%s%s", word, word);
	assert_int_equal(strlen(long_one), 2 * (sizeof word - 1));
	assert_string_equal(long_one, joined);
	arena_release(&arena);
}

/* After arena_clear() everything is handed out anew, zeroed. */
static void test_clear(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 5000; i++) {
			unsigned char *object = arena_alloc(&arena, 40);
			assert_int_equal(object[0] | object[39], 0);
			memset(object, 0xff, 40);
			assert_string_equal(arena_text(&arena, "text", 4), "text");
		}
		arena_clear(&arena);
	}
	arena_release(&arena);
}

static void test_pool(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct pool pool = { 0 };
	enum { OBJECTS = 100, SIZE = 56 };
	unsigned char *object[OBJECTS];
	for (int round = 0; round < 50; round++) {
		for (int i = 0; i < OBJECTS; i++) {
			object[i] = pool_take(&pool, &arena, SIZE);
			for (int k = 0; k < SIZE; k++)
				assert_int_equal(object[i][k], 0);
			memset(object[i], i, SIZE);
		}
		for (int i = 0; i < OBJECTS; i++)
			for (int k = 0; k < SIZE; k++)
				assert_int_equal(object[i][k], i);
		for (int i = 0; i < OBJECTS; i++)
			pool_give(&pool, object[(i * 37) % OBJECTS]);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_overlaps),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_clear),
		cmocka_unit_test(test_pool),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
