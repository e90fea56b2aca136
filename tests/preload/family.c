/* SPDX-License-Identifier: MIT */
/*
 * Every door of the heap, each with a size of its own, so that a call that is missed or counted twice is seen in the sum. The argument "pvalloc" adds that
 * call, which valgrind 3.19 does not see. Says on its standard output what it asked for and in how many calls; answers that glibc would not give end it.
 */
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static size_t asked, allocations;

static void *got(void *block, size_t size)
{
	asked += size;
	allocations++;
	if (!block || (uintptr_t)block % 16 != 0)
		abort();
	memset(block, 1, size);
	return block;
}

#define must(condition)                                                       \
	do {                                                                  \
		if (!(condition)) {                                           \
			fprintf(stderr, "%d: %s\n", __LINE__, #condition);    \
			abort();                                              \
		}                                                             \
	} while (0)

/* What gcc knows of these calls, or of sizes, must not let it leave them out. */
static volatile size_t most = SIZE_MAX;

static void failures(void)
{
	errno = 0;
	must(malloc(most) == NULL && errno == ENOMEM);
	errno = 0;
	must(calloc(most / 2, 3) == NULL && errno == ENOMEM);
	errno = 0;
	void *block = got(malloc(100), 100);
	must(reallocarray(block, most / 2, 3) == NULL && errno == ENOMEM);
	must(realloc(block, most - 4096) == NULL && errno == ENOMEM);
	errno = EAGAIN;
	static char other;
	void *aligned = &other;
	must(posix_memalign(&aligned, 3, 10) == EINVAL && posix_memalign(&aligned, 4, 10) == EINVAL && errno == EAGAIN && aligned == &other);
	must(posix_memalign(&aligned, 64, most - 100) == ENOMEM);
	errno = EAGAIN;
	free(block);
	free(NULL);
	must(errno == EAGAIN);
	must(malloc_usable_size(NULL) == 0);
}

int main(int argc, char **argv)
{
	static char buffer[4096];
	setvbuf(stdout, buffer, _IOFBF, sizeof buffer); /* else the stream allocates one */
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	for (size_t size = 0; size < 5000; size += 7)
		free(got(malloc(size), size));
	for (size_t size = 1; size < 100000000; size = size * 3 + 1)
		free(got(malloc(size), size));
	char *zeroed = got(calloc(37, 11), 0);
	asked += 37 * 11;
	for (int i = 0; i < 37 * 11; i++)
		must(zeroed[i] == 0);

	/* realloc: from nothing, in place, growing, shrinking, to nothing. */
	char *grown = NULL;
	for (size_t size = 1; size < 3000000; size = size * 5 / 4 + 1) {
		grown = got(realloc(grown, size), size);
		must(malloc_usable_size(grown) >= size);
	}
	grown = got(realloc(grown, 1000), 1000);
	must(realloc(grown, 0) == NULL);
	zeroed = got(reallocarray(zeroed, 100, 21), 2100);
	free(zeroed);

	void *block = NULL;
	for (size_t alignment = 8; alignment <= 65536; alignment *= 2) {
		must(posix_memalign(&block, alignment, 3 * alignment + 5) == 0 && (uintptr_t)block % alignment == 0);
		free(got(block, 3 * alignment + 5));
		block = got(aligned_alloc(alignment, 2 * alignment), 2 * alignment);
		must((uintptr_t)block % alignment == 0);
		free(block);
		block = got(memalign(alignment, 77), 77);
		must((uintptr_t)block % alignment == 0);
		free(block);
	}
	block = got(memalign(48, 100), 100); /* the next power of two */
	must((uintptr_t)block % 64 == 0);
	free(block);
	block = got(valloc(123), 123);
	must((uintptr_t)block % page == 0);
	free(block);
	if (argc > 1 && strcmp(argv[1], "pvalloc") == 0) {
		block = got(pvalloc(page + 1), 2 * page);
		must((uintptr_t)block % page == 0);
		free(block);
	}
	char *text = strdup("what libc allocates for its caller is counted too");
	asked += strlen(text) + 1;
	allocations++;
	free(text);
	if (!(argc > 1 && strcmp(argv[1], "dhat") == 0)) /* valgrind counts a request that failed */
		failures();
	printf("asked=%zu allocations=%zu\n", asked, allocations);
	return 0;
}
