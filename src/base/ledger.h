/* SPDX-License-Identifier: MIT */
#ifndef BASE_LEDGER_H
#define BASE_LEDGER_H

/*
 * The ledger of a measured program: a memfd of the parent, which every process of the program maps and writes its counters into, in place. What was written is
 * readable after any death (SIGKILL, SIGSEGV, _exit).
 *
 * The program finds it under LEDGER_ENV ("/proc/PPID/fd/N"), maps it with MAP_SHARED when the first door of its heap is opened, and closes it at once. All is zero
 * at first. Entries are claimed by an atomic addition to their counter and never given back, but for slots (see there); who comes too late adds to `lost`.
 *
 * Writers: a slot has one writer, its thread, so plain relaxed atomic stores do; all else is written with atomic read-modify-write. Readers come after the writers are gone, or
 * accept that a thread that is still running is a call ahead.
 */

#include <stdint.h>

#define LEDGER_ENV "MEMHINT_LEDGER"
/* The settings of the jemalloc that is linked into the meter: those of the lessons' workers, but for the number of arenas. */
#define LEDGER_MALLOC_CONF                                                                                                      \
	"tcache:true,lg_tcache_max:15,retain:true,oversize_threshold:8388608,thp:default,metadata_thp:disabled,background_thread:false," \
	"percpu_arena:disabled,confirm_conf:false,dirty_decay_ms:10000,muzzy_decay_ms:0"
#define LEDGER_MAGIC UINT32_C(0x6d68696e)

enum {
	LEDGER_VERSION = 1,
	LEDGER_PROCESSES = 8192,
	LEDGER_SLOTS = 32768,
	LEDGER_REGIONS = 2048,
	LEDGER_EXECS = 8192,
	LEDGER_LARGEST = 3,
	LEDGER_NAME = 120,       /* of a region, its NUL included */
	LEDGER_PROCESS_NAME = 32,
	LEDGER_PATH = 112,
	LEDGER_WHERE = 160,
	LEDGER_STEP = 65536      /* bytes of change after which a thread publishes its part of the live bytes */
};

/* What the parent wants: bits of ledger.wants. */
enum {
	LEDGER_WANT_HEAP = 1,    /* the preloaded meter counts; without, the bystander only reads clock and resident set */
	LEDGER_WANT_LARGEST = 2, /* keep the three largest allocations, with where they came from; those of a process begin anew at its mark */
	LEDGER_WANT_RSS = 4      /* each region reads the growth of the resident set's high-water mark (by resetting it: /proc/self/clear_refs) */
};

/* Counts of a thread, or (as a part of a process) of all who have no slot. Bytes, but for the two counts of calls. */
struct ledger_counts {
	uint64_t asked;       /* all successful calls; a realloc adds its full new size */
	uint64_t allocated;   /* the same in jemalloc's size classes */
	uint64_t allocations; /* successful calls that hand out memory */
	uint64_t temporary;   /* of them: freed before the same thread's next allocation; what a realloc frees is none */
	uint64_t reallocations_in_place, reallocations_moved; /* of them */
};

/*
 * One thread of one process. When a thread ends, its slot is given to the next thread of the same process, which goes on adding: totals stay, and a
 * program may start any number of threads one after the other.
 *
 * live is what this thread handed out minus what it freed (allocated bytes, negative for one who frees what others made). The process's live bytes are
 * process.live + the sum over its slots of (live - published). high is the most of live since the last publishing.
 */
struct ledger_slot {
	uint32_t process; /* its index + 1; 0: never claimed */
	uint32_t owned;   /* 1: by a thread that lives */
	struct ledger_counts counts;
	int64_t live, high, published;
} __attribute__((aligned(64)));

enum ledger_began { LEDGER_BEGAN_START = 1, LEDGER_BEGAN_FORK, LEDGER_BEGAN_EXEC };
enum ledger_state { LEDGER_FREE, LEDGER_FILLING, LEDGER_RUNNING, LEDGER_EXITED /* exit, _exit, quick_exit */, LEDGER_EXECED };

enum {
	LEDGER_OWN_MALLOC = 1, /* another malloc than ours is what the program calls: its heap is not seen */
	LEDGER_PYTHON = 2,     /* a CPython interpreter */
	LEDGER_LOST_SLOT = 4   /* threads without a slot counted in `others`: totals are exact, peaks are not */
};

/* One image of one process: an exec begins another. */
struct ledger_process {
	uint32_t state; /* enum ledger_state, written last when it is filled */
	int32_t pid, parent_pid;
	uint32_t began;  /* enum ledger_began */
	uint32_t flags;
	char name[LEDGER_PROCESS_NAME]; /* the last part of its argv[0] */
	uint64_t began_ns, ended_ns;    /* CLOCK_MONOTONIC; ended_ns is 0 for who was killed */
	int64_t inherited; /* live bytes at the fork that made it: they are in live and peak from the start, not in the counts */
	int64_t live;      /* published */
	int64_t peak;      /* the most of it so far; the end needs max(peak, live + (high - published)) over the slots */
	uint32_t threads, threads_most; /* that are alive and have used the heap */
	struct ledger_counts others;    /* of who has no slot (after its thread's end, or when all are taken): written with atomic additions */
	int64_t rss_peak;  /* VmHWM, read at its end (exit, _exit, exec), in bytes; 0: not read */
	uint64_t unmatched_ends, deep_begins; /* memhint_end without a begin; a begin beyond 64 nested ones */
	/*
	 * Where the program proper begins: a Python's first look at its script, or the first region of any program. Totals of all threads of the process up
	 * to there; the peak begins anew there, and what it had been is kept here.
	 */
	uint32_t marked; /* 0, 1 by a script, 2 by a region */
	struct ledger_counts mark;
	int64_t mark_live, mark_peak;
	uint64_t mark_ns;
} __attribute__((aligned(64)));

/* All entries of one name in one process. */
struct ledger_region {
	uint32_t state;   /* LEDGER_FREE, LEDGER_FILLING, LEDGER_RUNNING */
	uint32_t process; /* index */
	char name[LEDGER_NAME]; /* as given, cut at a character's end */
	uint32_t cut;     /* 1: it was longer */
	uint64_t begun, ended; /* times; begun > ended: some were never ended */
	struct ledger_counts counts;
	int64_t peak;     /* most live above its beginning, of this thread, the most over the times */
	int64_t kept;     /* live at its end minus live at its beginning, all times added up */
	uint64_t wall_ns; /* of all times */
	uint64_t faults;  /* minor, of its thread */
	int64_t rss_peak; /* growth of VmHWM, the most over the times; LEDGER_WANT_RSS */
} __attribute__((aligned(64)));

/* What a process was about to become (exec) or to start (posix_spawn), so that who never shows up can be named. */
struct ledger_exec {
	uint32_t state; /* LEDGER_FREE, LEDGER_FILLING, LEDGER_RUNNING; LEDGER_EXITED when the exec failed and nothing came of it */
	int32_t pid;
	uint32_t without; /* 1: the environment that it was given has not our library in LD_PRELOAD, or not LEDGER_ENV */
	uint64_t at_ns;
	char path[LEDGER_PATH]; /* as it was called, cut at the front: "...bin/true" */
};

struct ledger_large {
	uint64_t asked;
	uint32_t process;  /* index */
	char where[LEDGER_WHERE]; /* "script.py:12 in f", or "make_table" (the symbol); "" if unknown */
	char object[LEDGER_PATH]; /* the file that the calling code is in, whole or cut at the front; "" for Python lines */
	uint64_t offset;          /* of the calling instruction in it, as addr2line takes it */
};

struct ledger {
	uint32_t magic, version, wants, reserved;
	uint32_t processes, slots, regions, execs; /* claimed, may exceed what there is room for */
	uint32_t lost_processes, lost_regions;     /* for which there was none */
	uint32_t largest_lock;  /* 1: someone is writing `largest`; who cannot have it soon gives up */
	struct ledger_large largest[LEDGER_LARGEST]; /* in no order; asked 0: none */
	struct ledger_process process[LEDGER_PROCESSES];
	struct ledger_slot slot[LEDGER_SLOTS];
	struct ledger_region region[LEDGER_REGIONS];
	struct ledger_exec exec[LEDGER_EXECS];
};

#endif
