/* SPDX-License-Identifier: MIT */
#include "preload/under.h"

#include "base/ledger.h"

#include <string.h>
#include <sys/types.h>

uint16_t under_classes[UNDER_QUICK / UNDER_STEP + 1];

#if defined UNDER_LIBC

void under_start(void)
{
}

size_t under_quick(void)
{
	return 0;
}

#else

static size_t quick;

void under_start(void)
{
	for (size_t i = 0; i <= UNDER_QUICK / UNDER_STEP; i++) {
		size_t class = nallocx(under_give(i * UNDER_STEP), 0);
		if (class == 0 || class > UINT16_MAX)
			return;
		under_classes[i] = (uint16_t)class;
	}
	quick = UNDER_QUICK;
}

size_t under_quick(void)
{
	return quick;
}

#if defined UNDER_HIDDEN

/*
 * jemalloc's own questions to the outside, answered here: the settings are fixed, and neither a user's MALLOC_CONF nor
 * /etc/malloc.conf is asked. Its profiler, which is off, would want an unwinder and a mathematical library.
 */
char *memhint_under_getenv(const char *name);
char *memhint_under_getenv(const char *name)
{
	static char conf[] = LEDGER_MALLOC_CONF;
	return strcmp(name, "MALLOC_CONF") == 0 ? conf : NULL;
}

ssize_t memhint_under_readlink(const char *path, char *to, size_t size);
ssize_t memhint_under_readlink(const char *path, char *to, size_t size)
{
	(void)path, (void)to, (void)size;
	return -1;
}

int memhint_under_unwind(void *each, void *context);
int memhint_under_unwind(void *each, void *context)
{
	(void)each, (void)context;
	return 0;
}

#define UNUSED(name)       \
	double name(double x); \
	double name(double x)  \
	{                      \
		return x;      \
	}
UNUSED(memhint_under_exp)
UNUSED(memhint_under_log)
UNUSED(memhint_under_round)

#endif
#endif
