/* SPDX-License-Identifier: MIT */
#ifndef BASE_INSPECTION_H
#define BASE_INSPECTION_H

/*
 * What `memhint inspect` found out about a program: plain facts and their reasons, no layout. inspect/ fills it, report/ prints it and makes the longer sentences, and neither knows the other.
 *
 * Units: shapes count elements, strides, offsets and sizes bytes. Where a number is not known it is RESULT_NONE (base/result.h), where a text is not it is
 * NULL. All texts are valid UTF-8 without control characters, the program's own words included.
 * Ownership: everything hangs on the session that made it (inspect/inspect.h) and lives as long as that.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a step's result is. */
enum step_kind {
	STEP_NONE,    /* no result: an import, a del, a print */
	STEP_SAME,    /* the very object that it was asked of: b = a, np.asarray(a) */
	STEP_VIEW,    /* another array over the same bytes */
	STEP_COPY,    /* new bytes with another array's elements */
	STEP_NEW,     /* new bytes with computed elements */
	STEP_SCALAR,  /* no array: a number, a tuple, True, a dtype, ... */
	STEP_INPLACE, /* writes into an array that was there */
	STEP_UNKNOWN  /* not followed */
};
const char *step_kind_name(enum step_kind kind); /* "same", "view", ...; NULL for STEP_NONE and STEP_UNKNOWN, as in JSON */

struct inspect_array {
	int ndim;
	int buffer; /* its number: arrays of different buffers share nothing */
	const int64_t *shape, *strides;
	uint64_t at_most; /* bit k: the extent of axis k depends on data; it is somewhere in 0..shape[k] */
	const char *dtype; /* "float64" */
	int64_t itemsize;
	int64_t nbytes;
	int64_t offset_bytes; /* of the first element, from the buffer's first byte */
	int64_t buffer_bytes; /* of the whole buffer, which a view keeps alive */
	bool owndata, writeable, c_contiguous, f_contiguous;
	bool stand_in;      /* its base is not the array that owns the bytes, but an object of as_strided's that holds it */
	bool leaves_buffer; /* as_strided over bytes that are not the array's: shown as what it is, an error waiting to happen */
	const char *base;   /* NULL: None. The name of the array that is the base, or words for one without a name: "unnamed array" */
};

/* One operation inside a statement: `a.T`, then `.reshape(-1)`. */
struct inspect_step {
	const char *source; /* as in the program; only what this step adds: ".reshape(-1)" */
	int line, column;   /* from 1; columns count characters */
	enum step_kind kind;
	bool surprising;   /* a copy where the words do not say so */
	const char *what;  /* in a few words: "COPY, and reshape does not say so", "assumed"; NULL: its kind and `of` say it */
	const char *of;    /* what it is the same as, a view of or a copy of: a name, or the source text of an unnamed one; NULL */
	const char *why;   /* the condition that decided, in numbers: "merging needs stride[0] == shape[1] * stride[1], here 8 != 3 * 32 = 96, so a copy of 96 B" */
	const char *avoid; /* how to do without the copy; NULL: there is none, or no way */
	const char *lesson; /* that has more: "views"; NULL */
	int64_t allocated_bytes; /* array data asked for in this step, hidden arrays and buffers too; a reused temporary asks nothing */
	int64_t hidden_bytes;    /* of them, those of arrays that are no result: a temporary inside x.std(), the index of take, a reshape's hidden copy */
	const struct inspect_array *array; /* the result; NULL: it is none */
	const char *value;       /* what a scalar is, as Python prints it; NULL: depends on data */
};

/* Does writing to the result change the source? 1, 0; RESULT_NONE: it cannot be written, or there is no source. */
int inspect_writes_through(const struct inspect_step *step);
/* The bytes that a view keeps alive: those of its whole buffer. RESULT_NONE: the result is none. */
int64_t inspect_keeps_bytes(const struct inspect_step *step);

struct inspect_statement {
	int line, column;
	const char *source; /* one line; longer ones are cut with "..." */
	const char *target; /* "b", "r[0]", "p, q"; NULL: it binds nothing */
	enum step_kind kind; /* of the last step */
	const char *of, *why;
	int64_t allocated_bytes; /* by all steps */
	int64_t peak_bytes;      /* most bytes live during it, above those live before it */
	int64_t kept_bytes;      /* live after it, less those live before it. What the program's first array-making statement made is the input: its end is not counted here */
	int64_t live_bytes;      /* of all arrays, after it: absolute */
	size_t nsteps;
	const struct inspect_step *steps;
	const char *witness; /* of a shares_memory: "a[1, 0] and b[4] are the same byte, 32 from the buffer's start" or why none can be */
	/* Of a view, a copy and what is the same, what report/inspect_words.h makes sentences of; NULL where there is nothing to tell. */
	const struct inspect_array *array;        /* the result */
	const struct inspect_array *source_array; /* what the name `of` stands for after it; NULL: no longer for what it was */
	bool source_was;                          /* after inspect_finish(): in the end `of` stands for something else, or for nothing */
	bool base_is_source;                      /* result.base is that very array */
	const struct inspect_array *walked;       /* whose bytes are visited one by one: those of a view, or of what a surprising copy was made of */
};

struct inspect_name {
	const char *name;
	const struct inspect_array *array;
};

/* Something that was not followed: the program goes on without it. */
struct inspect_gap {
	int line, column;
	const char *message; /* "a for loop is not followed: 'y' is unknown from here on" */
};

struct inspect_error {
	int statement; /* its index, from 0; -1: none */
	int line, column;
	const char *type;    /* NumPy's and Python's: "ValueError", "IndexError", "TypeError", "AxisError", "NameError", "SyntaxError" */
	const char *message; /* one line */
	const char *excerpt; /* the line of the program, or the part of it around the place */
	int caret, caret_width; /* where in the excerpt, in characters from 0 */
};

struct inspection {
	size_t nstatements;
	const struct inspect_statement *const *statements;
	size_t nassumed;
	const struct inspect_name *assumed; /* names that were never assigned, and what they were taken to be */
	const char *assumed_source; /* "np.arange(12.).reshape(3, 4)" */
	/* After inspect_finish(): the arrays that have names, in the order of their first assignment, and which of them share bytes. */
	size_t narrays;
	const struct inspect_name *arrays;
	size_t nshares;
	const int (*shares)[2]; /* indices in arrays, the lower one first, sorted */
	bool shares_cut;        /* there are more pairs than are listed, or some were too hard */
	size_t nprinted;
	const char *const *printed; /* one for each print() */
	size_t ngaps;
	const struct inspect_gap *gaps;
	const struct inspect_error *error; /* NULL: none */
	int64_t peak_bytes; /* most array bytes live at once */
	int64_t live_bytes; /* at the end */
	int64_t allocated_bytes; /* all of it */
	size_t nnotes;
	const char *const *notes; /* "NumPy 2's promotion: ..." */
	const char *tests_lesson; /* that has more about NumPy's own tests, where one misleads */
};

#endif
