/* SPDX-License-Identifier: MIT */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

/*
 * What `memhint exec` measured of one program: plain numbers, in bytes, counts and nanoseconds, as in base/result.h, whose rules for "not measured" (RESULT_NONE, NAN, and
 * the group's why) and for ownership hold here too.
 */

#include "base/result.h"

/* Which run a group's numbers come from, in the words that are shown. */
#define PROGRAM_COUNTED "counted run, under jemalloc"
#define PROGRAM_PLAIN "plain run, its own allocator"
#define PROGRAM_OUTSIDE "from outside, at most"

enum { PROGRAM_NOTES = 12, PROGRAM_LARGEST = 3 };

struct program_heap {
	int64_t asked_bytes;
	int64_t allocated_bytes;
	int64_t allocations;
	int64_t temporary_allocations;
	int64_t reallocations_in_place, reallocations_moved;
	int64_t peak_bytes;       /* of a total: of the largest single process */
	int64_t peak_error_bytes; /* the peak is within so much: 0 with one thread */
	int64_t kept_bytes;       /* live at the end; of a total: of the process whose peak is shown */
	const char *source;       /* PROGRAM_COUNTED; NULL */
	char why[RESULT_WHY];     /* "cannot judge: it is statically linked" */
};

struct program_resident {
	int64_t peak_bytes; /* of a total: of the largest single process */
	int64_t faults;     /* minor; of a total: of all processes that were waited for */
	const char *source;
	char why[RESULT_WHY];
};

struct program_time {
	int64_t runs;
	double wall_ns;  /* the median over the runs, as are the next two */
	double user_ns;  /* of a total: of all processes that were waited for */
	double system_ns;
	double wall_min_ns, wall_max_ns;
	const char *source;
	char why[RESULT_WHY];
};

enum program_row_kind { PROGRAM_TOTAL, PROGRAM_STARTUP, PROGRAM_REGION, PROGRAM_PROCESS };

/* One line of the ledger. */
struct program_row {
	enum program_row_kind kind;
	char *name; /* valid UTF-8 without control characters: the command; "python and imports"; a region's name; a process's */
	struct program_heap heap;
	struct program_resident resident;
	struct program_time time;
	int64_t times;      /* a region: how often it was entered; else RESULT_NONE */
	int64_t unended;    /* a region: how often it was never ended */
	int64_t pid;        /* a process: in the order of their beginning, from 1 (no real pid: a report can be compared with another); else RESULT_NONE */
	int64_t parent;     /* a process: its parent's number; RESULT_NONE if it was not reached */
	const char *began;  /* a process: "start", "fork", "exec"; else NULL */
	const char *ended;  /* a process: "exit", "exec", "killed", "running" (at the time of the report); else NULL */
	int64_t threads;    /* a process: most alive at once; else RESULT_NONE */
};

/* A limit that was given, and what it was held against. */
struct program_budget {
	const char *option;  /* "--max-peak" */
	char *region;        /* NULL: the whole program */
	bool is_bytes;
	int64_t limit, used; /* used is RESULT_NONE where it could not be judged */
	bool broken;
	char why[RESULT_WHY]; /* where used is RESULT_NONE */
};

struct program_large {
	int64_t asked_bytes;
	char *process; /* name */
	char *where;   /* "x.py:12 in f", "make_table at table.c:40", "libfoo.so+0x1234"; NULL if unknown */
};

struct program_result {
	struct program_row total; /* less the startup, where there is one; name is the command as it was given */
	size_t argc;
	char **argv;        /* owned, NULL-ended; valid UTF-8 */
	bool shell;         /* argv is "sh", "-c", command */
	enum result_status status; /* RESULT_OK: it ran (whatever its exit status); RESULT_KILLED; RESULT_FAILED: it could not be run, why says so */
	int exit_status;    /* 0 to 255; -1 when a signal ended it */
	int signal;         /* 0 */
	char why[RESULT_WHY];
	bool has_startup;   /* a Python: up to its script's first line, or to the first region */
	struct program_row startup;
	size_t nregions;
	struct program_row *regions; /* in the order of their first beginning; owned */
	size_t nprocesses;
	struct program_row *processes; /* in the order of their beginning; owned. With one process there is one */
	size_t nmissing;
	char **missing;     /* processes that were not reached, and why: "true: its environment was cleared"; owned */
	int64_t unmatched_ends; /* memhint_end() without a beginning */
	bool python;        /* and its small objects are not in the heap columns */
	size_t nbudgets;
	struct program_budget *budgets; /* owned */
	size_t nlargest;
	struct program_large largest[PROGRAM_LARGEST]; /* the largest first; only where a budget was given */
	size_t nnotes;
	char *notes[PROGRAM_NOTES]; /* whole sentences */
	const char *baseline; /* the command that the ratio is against; its own if it is the baseline; NULL: nothing was compared */
	struct ratio_result ratio; /* of the wall time */
};

/* A row with nothing measured. */
void program_row_init(struct program_row *row, enum program_row_kind kind);
void program_result_release(struct program_result *program);

#endif
