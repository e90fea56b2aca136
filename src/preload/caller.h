/* SPDX-License-Identifier: MIT */
#ifndef PRELOAD_CALLER_H
#define PRELOAD_CALLER_H

/* Where a call to the heap came from. */

#include "base/ledger.h"

struct caller {
	char where[LEDGER_WHERE];
	char object[LEDGER_PATH];
	uint64_t offset;
};

/* Allocates nothing. */
void caller_find(struct caller *out_caller);

static inline void caller_copy(const struct caller *caller, struct ledger_large *out_large)
{
	__builtin_memcpy(out_large->where, caller->where, sizeof out_large->where);
	__builtin_memcpy(out_large->object, caller->object, sizeof out_large->object);
	out_large->offset = caller->offset;
}

#endif
