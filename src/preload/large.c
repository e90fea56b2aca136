/* SPDX-License-Identifier: MIT */
#include "preload/large.h"

#include "preload/caller.h"
#include "preload/under.h"

#include <errno.h>

size_t large_least = SIZE_MAX;
size_t large_quick;

static void set_least(size_t least)
{
	PUT(large_least, least);
	PUT(large_quick, least < under_quick() ? least : under_quick());
}

/* Someone who was killed while holding it holds it for ever. */
static bool lock_try(void)
{
	for (int tries = 0; tries < 10000; tries++)
		if (__atomic_exchange_n(&own.ledger->largest_lock, 1, __ATOMIC_ACQUIRE) == 0)
			return true;
	return false;
}

static struct ledger_large *smallest(void)
{
	struct ledger_large *largest = own.ledger->largest, *least = largest;
	for (int i = 1; i < LEDGER_LARGEST; i++)
		if (largest[i].asked < least->asked)
			least = &largest[i];
	return least;
}

void large_start(void)
{
	set_least(own.ledger->wants & LEDGER_WANT_LARGEST ? 0 : SIZE_MAX);
}

void large_restart(void)
{
	if (!(own.ledger->wants & LEDGER_WANT_LARGEST) || !lock_try())
		return;
	for (int i = 0; i < LEDGER_LARGEST; i++)
		if (own.ledger->largest[i].process == own.index)
			own.ledger->largest[i].asked = 0;
	set_least((size_t)smallest()->asked);
	lock_drop(&own.ledger->largest_lock);
}

void large_note(size_t asked)
{
	if (me.epoch == EPOCH_MUTED)
		return;
	int saved = errno;
	uint64_t epoch = me.epoch;
	me.epoch = EPOCH_MUTED;
	struct caller caller;
	bool is_found = false, is_locked = lock_try();
	if (is_locked && asked > smallest()->asked) {
		/* Finding out takes a while: not under the lock. */
		lock_drop(&own.ledger->largest_lock);
		caller_find(&caller);
		is_found = true;
		is_locked = lock_try();
	}
	if (is_locked) {
		struct ledger_large *large = smallest();
		if (is_found && asked > large->asked) {
			large->process = own.index;
			caller_copy(&caller, large);
			large->asked = asked;
		}
		set_least((size_t)smallest()->asked);
		lock_drop(&own.ledger->largest_lock);
	}
	me.epoch = epoch;
	errno = saved;
}
