/* SPDX-License-Identifier: MIT */
#ifndef PRELOAD_ATTACH_H
#define PRELOAD_ATTACH_H

/*
 * This process and its entry in the ledger (base/ledger.h).
 *
 * One number says whether a thread may count without a further look: `me.epoch` equals `here.epoch`. The page of `here` is zeroed by the kernel in every forked
 * child, also in one that was made by a raw clone, so that the comparison fails there and the child takes an entry of its own. A child of vfork shares all memory
 * with its parent and writes for it.
 */

#include "base/ledger.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#if defined __x86_64__ || defined __i386__
enum { HERE_PAGE = 4096 };
#else
enum { HERE_PAGE = 65536 };
#endif

enum epoch {
	EPOCH_NONE,     /* of a process: not attached */
	EPOCH_FRESH,    /* of a thread: not seen yet */
	EPOCH_COUNTING, /* both: attached; the thread has a slot */
	EPOCH_BARE,     /* of a thread: it has no slot, so it counts in process.others */
	EPOCH_MUTED     /* of a thread: what it does now is our doing and is not counted */
};

extern struct here {
	uint64_t epoch;
	char rest[HERE_PAGE - sizeof(uint64_t)];
} here;

extern struct own {
	struct ledger *ledger;           /* NULL: there is none, and nothing is counted */
	struct ledger_process *process;
	uint32_t index;                  /* its place */
	pid_t pid;
	bool looked;                     /* for a ledger */
	bool forked;                     /* made by a fork of a process that was attached */
	bool is_daemon;                  /* inside daemon(): whose parent ends when it has forked */
	int64_t snapshot;                /* live bytes, taken by pthread_atfork's prepare */
	bool has_snapshot;
	int64_t rss_high;                /* most of VmHWM before we reset it */
} own;

extern __thread struct thread {
	uint64_t epoch;
	struct ledger_slot *slot;
	const void *last;    /* what it allocated last, if it is not freed yet */
	int64_t *most;       /* where the innermost region keeps its most live bytes; NULL: no region */
	struct stack *stack; /* its regions */
} me __attribute__((tls_model("initial-exec")));

/* The entry of this process, made if need be. false: there is no ledger. Keeps errno. */
bool attach(void);

static inline bool attached(void)
{
	return here.epoch == EPOCH_COUNTING || attach();
}

/* false in a child of vfork, and where there is no ledger. */
bool attached_self(void);

/* Have what this thread holds given back when it ends. */
void attach_thread_end(void);

/* What this process was told to be: state, time and resident peak; LEDGER_RUNNING takes it back. */
void process_end(uint32_t state);

/* The program proper begins now: by 1 (its script) or 2 (a region). */
void process_mark(uint32_t by);

static inline uint64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* ---- numbers that others may read meanwhile ---- */

#define GET(place) __atomic_load_n(&(place), __ATOMIC_RELAXED)
#define PUT(place, value) __atomic_store_n(&(place), (value), __ATOMIC_RELAXED)
#define ADD(place, value) __atomic_fetch_add(&(place), (value), __ATOMIC_RELAXED)

static inline void raise_to(int64_t *place, int64_t value)
{
	int64_t old = GET(*place);
	while (value > old && !__atomic_compare_exchange_n(place, &old, value, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

/* A lock that needs nothing of libc and may be reset in a forked child. */
void lock_take(uint32_t *lock);
static inline void lock_drop(uint32_t *lock)
{
	__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
}

#endif
