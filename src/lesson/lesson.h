/* SPDX-License-Identifier: MIT */
#ifndef LESSON_LESSON_H
#define LESSON_LESSON_H

/*
 * What a lesson fills in: one const struct at the foot of lessons/<name>/scenario.c, called lesson_<name>. A lesson is data plus small functions; texts
 * with {formulas} in braces are templates (base/formula.h explains the language).
 *
 * One run of a variant is make(), use(), release(), in that order, as often as the pass wants; setup() comes once before. Between the runs the
 * state is as setup() left it, but for results written into buffers made there.
 */

#include "nd/nd.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LESSON_PARAMS_MAX = 8, LESSON_FACTS_MAX = 16 };

struct lesson_param {
	const char *name; /* "window"; the first parameter of every lesson is n */
	uint64_t value;   /* the default */
	uint64_t least, most;
	const char *unit; /* "elements" */
	const char *help; /* one line */
};

/* A named formula over the parameters: windows = n - window + 1. Usable in every text of the lesson. */
struct lesson_term {
	const char *name;
	const char *formula;
};

enum lesson_role { LESSON_NAIVE, LESSON_BETTER, LESSON_OTHER };

/* Named results that the ledger has no column for, each with its kind. */
struct lesson_facts;
void lesson_fact_bool(struct lesson_facts *facts, const char *name, bool value);
void lesson_fact_integer(struct lesson_facts *facts, const char *name, int64_t value);
void lesson_fact_real(struct lesson_facts *facts, const char *name, double value);
void lesson_fact_text(struct lesson_facts *facts, const char *name, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The usual ones of a result and the input it came from: shape, strides, owndata, writeable, base_is_source, shares_memory (integers and texts as NumPy prints them). */
void lesson_facts_of(struct lesson_facts *facts, const struct nd *result, const struct nd *source);

/*
 * One way of doing the job.
 *
 * Byte functions take the parameters' values in the order of lesson->params and must be exact for all valid values (headers included); they saturate at
 * UINT64_MAX (lesson_add, lesson_mul), which the caller takes for an overflow.
 */
struct lesson_variant {
	const char *name;
	enum lesson_role role;
	const char *job;     /* one of lesson->jobs[].name; NULL when the lesson has one job */
	const char *numpy;   /* the NumPy line that it mirrors, at most 52 columns */
	const char *what;    /* in at most 40 columns: "copies each window once" */
	const char *formula; /* asked bytes in words, evaluated by a test: "windows x window x 8 B + header" */
	bool headline;       /* shown by `compare` */
	bool pages_kept;     /* its workers' jemalloc keeps freed pages (dirty_decay_ms:-1,muzzy_decay_ms:-1): the second row of a lesson that blames page faults */
	int (*prepare)(void *state);              /* what this way alone needs made before, a part of the set-up; may be NULL */
	int (*make)(void *state);                 /* builds the result; 0 or a negative nd_status */
	double (*use)(void *state);               /* consumes it; NULL: the lesson's use */
	void (*facts)(void *state, struct lesson_facts *facts); /* after use, untimed and unmetered; may be NULL */
	uint64_t (*asked)(const uint64_t *p);
	uint64_t (*peak_asked)(const uint64_t *p);
	/*
	 * For the floor: distinct bytes of what was made before that make and use must read, and distinct bytes that they must write. What a way
	 * has written itself may still be in a cache when it reads it, or writes it again, so that does not count. NULL: not said, no floor.
	 */
	uint64_t (*reads)(const uint64_t *p);
	uint64_t (*writes)(const uint64_t *p);
};

struct lesson_job {
	const char *name;
	const char *text; /* a template: "the sum of every window of {window} samples" */
};

enum lesson_kind { LESSON_EXACT, LESSON_TIMED };
enum lesson_expect { LESSON_HOLDS, LESSON_FAILS, LESSON_EITHER, LESSON_CANNOT_JUDGE };

/* A sentence of the page, and what decides it. */
struct lesson_claim {
	const char *language;  /* of the ways that decide: "numpy" (judged only where they were measured); NULL: "c" */
	const char *source;    /* the page's words, in the page's order */
	const char *test;      /* a formula: "strided.asked_bytes == 0", "numpy.strided.asked_bytes < page"; NULL: cannot be judged here */
	const char *about;     /* the variant (of its language) that `compare` shows the verdict beside; NULL: none */
	enum lesson_kind kind;
	enum lesson_expect expect;
	const char *condition; /* where it fails or is conditional: one line */
	const char *note;      /* the same in at most 40 columns */
	const char *measured;  /* a template, at most 44 columns when filled in: "strided: {strided.asked_bytes|bytes} made" */
};

struct lesson {
	const char *id;      /* "pattern3" */
	const char *name;    /* "windows", also the folder's */
	const char *title;   /* the seed's heading */
	int order;           /* of the page: views 0 */
	const char *summary; /* one line for `list`, at most 48 columns */
	const char *input;   /* a template: "Input {n x 8|bytes}, not counted below." */
	const struct lesson_job *jobs;     /* ended by a NULL name */
	const struct lesson_param *params; /* ended by a NULL name */
	const struct lesson_term *terms;   /* ended by a NULL name; may be NULL */
	/*
	 * Make the values fit each other. Returns 0; 1 if it rounded n (and wrote why, with the new value, into note); -1 if they cannot fit
	 * ("window 65 is larger than n 64: give a smaller --set window or a larger --set n"). May be NULL.
	 */
	int (*fit)(uint64_t *p, char *note, size_t note_size);
	uint64_t (*setup_bytes)(const uint64_t *p); /* of input and buffers made before */
	size_t state_bytes;
	int (*setup)(void *state, const uint64_t *p); /* state is zeroed; 0 or a negative nd_status */
	double (*use)(void *state);                   /* returns a number that depends on all of the result */
	double (*checksum)(void *state, double used); /* untimed, from buffers that use filled; NULL: used itself */
	void (*release)(void *state);                 /* frees what make made */
	void (*teardown)(void *state);                /* frees what setup made */
	double tolerance;                             /* of the checksums, relative; 0: equal to the last bit */
	bool untimed;                                 /* a truth table: heap and facts only */
	const char *const *judged_facts;              /* of a truth table: boolean facts that are tests for "a view"; NULL-ended */
	const struct lesson_variant *variants;        /* ended by a NULL name */
	/*
	 * Ways that only NumPy has, and those of `variants` that it does in another line. The functions are in numpy.py, so those here are NULL, but for the
	 * byte functions, which need only be about right (they are for the check of memory). Ended by a NULL name; may be NULL.
	 */
	const struct lesson_variant *numpy_variants;
	const struct lesson_claim *claims;            /* ended by a NULL source */
	const char *why;  /* a template: why it comes out so, over measured values */
	const char *mind; /* a template: where it turns */
	const char *next; /* commands to try */
};

/* Made from the folders of lessons/, NULL-ended, in the order of their names. */
extern const struct lesson *const lesson_registry[];
/* The text of each one's scenario.c, in the same order. */
extern const char *const lesson_sources[];
/* The text of each one's numpy.py, NULL for one without. */
extern const char *const lesson_twins[];
/* The text of a lesson's scenario.c; NULL for one that has no folder. */
const char *lesson_source(const struct lesson *lesson);
/* The text of its numpy.py, or NULL. Its ways are functions named as the variants are; what else it may hold is told in src/bench/twin.py. */
const char *lesson_twin(const struct lesson *lesson);
/* Where in that text the function of that name (or another name for one) begins; NULL. */
const char *lesson_twin_function(const struct lesson *lesson, const char *name);
/* The lessons in the order of the page. */
const struct lesson *const *lesson_all(void);
/* By name, id or a number (3 means pattern3); NULL. */
const struct lesson *lesson_find(const char *word);
const struct lesson_variant *lesson_variant_find(const struct lesson *lesson, const char *name);
/* The same among the ways in NumPy: those that only NumPy has, and those in C that numpy.py has a function for. */
const struct lesson_variant *lesson_numpy_find(const struct lesson *lesson, const char *name);

/* Sums and products that stay at UINT64_MAX instead of wrapping. */
static inline uint64_t lesson_add(uint64_t a, uint64_t b)
{
	uint64_t sum;
	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static inline uint64_t lesson_mul(uint64_t a, uint64_t b)
{
	uint64_t product;
	return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

/* What a fresh nd array asks for: its data and its header. */
static inline uint64_t lesson_array(uint64_t elements, uint64_t itemsize)
{
	return lesson_add(lesson_mul(elements, itemsize), ND_HEADER_BYTES);
}

/* Of a way that asks for nothing. */
static inline uint64_t lesson_nothing(const uint64_t *p)
{
	(void)p;
	return 0;
}

#endif
