/* SPDX-License-Identifier: MIT */
#ifndef BASE_RESULT_H
#define BASE_RESULT_H

/*
 * What a measurement is once it is made: plain numbers in one unit (bytes, counts, nanoseconds), no formatting. bench fills these, report
 * prints them, and neither knows the other.
 *
 * Not measured: an int64_t is RESULT_NONE, a double is NAN, and the group's `why` says the reason.
 * Ownership: `const char *` members are borrowed (from a lesson's tables, which live as long as the program); `char *` members are owned
 * and freed by results_release().
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RESULT_NONE INT64_C(-1)

enum { RESULT_FACTS = 16, RESULT_WHY = 160, RESULT_FACT_NAME = 32, RESULT_FACT_TEXT = 64, RESULT_PARAMS = 8, RESULT_TIMELINE = 64 };

enum result_status { RESULT_OK, RESULT_WRONG, RESULT_KILLED, RESULT_HUNG, RESULT_FAILED, RESULT_REFUSED };
const char *result_status_name(enum result_status status); /* "ok", "wrong", "killed", ... */

/* From `make`; `use` has only its own peak. All exact. */
struct heap_result {
	int64_t asked_bytes;              /* requested, all calls added up; a realloc adds its full new size */
	int64_t allocated_bytes;          /* the same in jemalloc's size classes */
	int64_t allocations;              /* successful calls */
	int64_t reallocations_in_place;   /* subsets of allocations; never predicted */
	int64_t reallocations_moved;
	int64_t peak_bytes;               /* most live at once above the start, in allocated bytes */
	int64_t peak_asked_bytes;         /* the same in asked bytes, a realloc's new size in place of its old */
	int64_t kept_bytes;               /* live when make returns */
	int64_t copied_bytes;             /* by nd */
	int64_t use_peak_bytes;
	int64_t predicted_asked_bytes;
	int64_t predicted_peak_asked_bytes;
	char why[RESULT_WHY];
};

struct resident_result {
	int64_t peak_bytes;   /* growth of the resident set's high-water mark over make and use */
	int64_t first_faults; /* minor page faults of the first run in a fresh process */
	int64_t steady_faults; /* of one later run, the median */
	char why[RESULT_WHY];
};

struct time_result {
	int64_t sets;   /* of fresh processes */
	int64_t rounds; /* recorded samples of each way: sets x rounds in a set */
	double first_ns; /* cold: the first run of a fresh process, the median over the sets */
	double median_ns; /* make + use */
	double min_ns;
	double make_ns; /* of the median: its two parts */
	double use_ns;
	double floor_ns; /* the least time that moving the bytes takes on this machine */
	char why[RESULT_WHY];
};

/* This way's time over its baseline's: below 1 is faster. The baseline itself has NAN here. */
struct ratio_result {
	double time;
	double low, high; /* 95 % */
	int resolved;     /* 1: the interval lies outside 0.99 to 1.01; 0; RESULT_NONE: no ratio */
	char why[RESULT_WHY];
};

enum fact_kind { FACT_BOOL, FACT_INTEGER, FACT_REAL, FACT_TEXT };

struct fact_result {
	char name[RESULT_FACT_NAME];
	enum fact_kind kind;
	double number; /* bool: 0 or 1 */
	char text[RESULT_FACT_TEXT];
};

struct variant_result {
	const char *name;     /* "strided" */
	const char *language; /* "c", "numpy"; NULL is "c" */
	const char *role;     /* "naive", "better", "other" */
	const char *job;      /* what it must produce; variants of one job are comparable */
	const char *baseline; /* the variant that its ratio is against; its own name if it is the baseline */
	const char *baseline_language; /* a way in C and one in NumPy may have one name; NULL: the way's own */
	const char *numpy;    /* the NumPy line that it mirrors */
	const char *what;     /* in a few words: "copies each window once" */
	const char *malloc_conf; /* that its workers were pinned to */
	const char *formula;  /* of the asked bytes, in words */
	bool headline;        /* one of the ways that `compare` shows */
	enum result_status status;
	char why[RESULT_WHY]; /* of a status that is not ok: "killed by SIGSEGV while making" */
	double checksum;
	bool prediction_missed; /* asked or peak_asked differ from the formulas */
	struct heap_result heap;
	struct resident_result resident;
	struct time_result time;
	struct ratio_result ratio;
	size_t nfacts;
	struct fact_result facts[RESULT_FACTS];
	/* Live asked bytes over the calls of make, in at most RESULT_TIMELINE steps, each the largest of its stretch. */
	size_t ntimeline;
	int64_t timeline[RESULT_TIMELINE];
};

enum claim_kind { CLAIM_EXACT, CLAIM_TIMED };
enum claim_verdict { CLAIM_HOLDS, CLAIM_FAILS, CLAIM_EITHER /* expected only */, CLAIM_CANNOT_JUDGE };
const char *claim_kind_name(enum claim_kind kind);          /* "exact", "timed" */
const char *claim_verdict_name(enum claim_verdict verdict); /* "holds", "fails", "either", "cannot judge" */

struct claim_result {
	const char *language;  /* of the ways that it is judged by: "c", "numpy" */
	const char *source;    /* the page's words */
	const char *test;      /* the formula that decides */
	const char *about;     /* the variant that `compare` shows it beside; NULL: the lesson as a whole */
	enum claim_kind kind;
	enum claim_verdict expected;
	enum claim_verdict verdict;
	const char *condition; /* where it fails or is conditional, in one line; NULL */
	const char *note;      /* the same in at most 40 columns, for a footnote; NULL */
	char *measured;        /* what decided it, with its numbers */
};

struct param_result {
	const char *name;
	uint64_t value;
};

struct lesson_result {
	const char *id;
	const char *name;
	const char *title;
	char *job;   /* one sentence, sizes put in */
	char *input; /* what setup made and the ledger does not count; may be NULL */
	size_t nparams;
	struct param_result params[RESULT_PARAMS];
	size_t nnotes;
	char *notes[8];     /* n was rounded; the working set fits the cache; ... */
	size_t nvariants;
	struct variant_result *variants; /* in the lesson's order; owned */
	size_t nclaims;
	struct claim_result *claims; /* owned */
	const char *const *judged_facts; /* of a lesson that is a truth table: boolean facts that are taken as tests for "a view", NULL-ended; else NULL */
	char *why, *mind; /* the paragraphs under the table; may be NULL */
	const char *next; /* commands to try */
	const char *numpy; /* what its ways in NumPy ran on: "NumPy 1.24.2, CPython 3.11.2"; NULL: there are none */
	double elapsed_s;
};

struct host_result {
	char cpu[96];
	int cpus;
	int64_t memory_bytes;
	int64_t cache_bytes; /* the last-level cache; RESULT_NONE if unknown */
	char kernel[64];
	int64_t page_bytes;
	bool hugepages_asked; /* for: --hugepages=auto */
	char hugepages[32]; /* the kernel's setting: "madvise" */
	char jemalloc[64];
	char malloc_conf[256]; /* that the workers were pinned to */
	char python[64], numpy[64]; /* "CPython 3.11.2", "1.24.2"; empty where no way in NumPy was measured */
	double bandwidth_bytes_per_s; /* NAN where it was not measured */
	int64_t rss_error_bytes;
};

struct program_result; /* base/program.h */

struct results {
	struct host_result host;
	size_t nlessons;
	struct lesson_result *lessons; /* owned */
	size_t nprograms;
	struct program_result *programs; /* owned */
};

void lesson_result_release(struct lesson_result *lesson);
void results_release(struct results *results);

/* The way of that name in that language, or NULL. */
const struct variant_result *lesson_result_variant(const struct lesson_result *lesson, const char *language, const char *name);
const char *variant_result_language(const struct variant_result *variant);
/* Is it what its job's ratios are against? */
bool variant_result_is_baseline(const struct variant_result *variant);

#endif
