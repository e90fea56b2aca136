/* SPDX-License-Identifier: MIT */
#ifndef INSPECT_VALUE_H
#define INSPECT_VALUE_H

/*
 * What names stand for: numbers, tuples, dtypes, and arrays without data.
 *
 * Ownership: values are counted as CPython counts its objects, because memory is freed, and a temporary reused, by that count. A function that returns a
 * struct value * gives one reference to its caller; arguments are borrowed. NULL is an error that the session knows of.
 */

#include "inspect/dtype.h"
#include "nd/geom.h"

enum value_kind {
	VALUE_NONE,
	VALUE_BOOL,
	VALUE_INT,
	VALUE_FLOAT,
	VALUE_COMPLEX, /* its number is not kept */
	VALUE_STR,
	VALUE_TUPLE,
	VALUE_LIST,
	VALUE_SLICE,
	VALUE_ELLIPSIS,
	VALUE_DTYPE,
	VALUE_SCALAR,   /* a NumPy scalar: has a dtype, its number is not kept */
	VALUE_ARRAY,
	VALUE_FLAGS,    /* a.flags */
	VALUE_STAND_IN, /* the base of what as_strided makes: NumPy's DummyArray */
	VALUE_MODULE,   /* np, np.random, ... */
	VALUE_FUNCTION, /* of the table, or a method with its self */
	VALUE_GENERATOR, /* np.random.default_rng() */
	VALUE_UNKNOWN   /* comes from something that was not followed */
};

struct builtin;
struct inspect_array;
struct name_entry;
struct session;

struct value {
	struct session *session;
	enum value_kind kind;
	int refs;
	bool certain;     /* a number that is known; of an uncertain VALUE_INT it is the most that it can be */
	enum dtype dtype; /* VALUE_DTYPE, VALUE_SCALAR */
	union {
		int64_t integer; /* VALUE_BOOL, VALUE_INT */
		double real;
		struct {
			char *text;
			size_t length;
		} str;
		struct {
			struct value **item;
			size_t count;
			uint32_t depth, parts; /* levels of sequences, this one among them; and all values in them, each as often as it is met */
		} seq; /* VALUE_TUPLE, VALUE_LIST */
		struct {
			struct value *start, *stop, *step; /* NULL: not given */
		} slice;
		struct {
			const struct builtin *builtin;
			struct value *self; /* NULL: a plain function */
		} function;
		struct array *array; /* VALUE_FLAGS, VALUE_STAND_IN */
		const char *module;  /* "numpy", "numpy.random", ... */
	};
};

/* The bytes that arrays lie in. Owned by the array that owns its data. */
struct buffer {
	int id;          /* from 1 */
	int64_t nbytes;
	int named;       /* names of arrays that lie in it, when that was counted last */
	bool input;      /* made by the first statement, or by --let: its end is nobody's gain */
	/* Of whole numbers or bools that are all known: the least, the most, how many are not 0. */
	bool known;
	int64_t least, most, nonzero;
};

struct array {
	struct value value;
	const struct nd_geom *geom; /* of the session's: arrays of one geometry have the same */
	enum dtype dtype;
	uint64_t at_most;   /* bit k: the extent of axis k depends on data */
	bool owndata, writeable;
	bool warns;         /* writeable, but NumPy warns of it: as_strided takes it for read-only */
	bool whole;         /* has all elements of its buffer, each once */
	struct buffer *buffer;
	struct array *base; /* an array that is the base; NULL: None */
	bool stand_in;      /* the base is a stand-in object that holds `base`, not base itself */
	const char *name;   /* that it was given first; NULL. May be another array's by now */
	const struct name_entry *entry; /* of that name; NULL */
	const char *origin; /* the named array that this is a view of, through whatever steps; NULL */
	int statement;      /* in which the buffer was made */
	const struct inspect_array *told; /* what was said of it last; NULL */
};

static inline struct array *as_array(struct value *value)
{
	return (struct array *)value;
}

struct value *value_new(struct session *s, enum value_kind kind);
struct value *value_ref(struct value *value); /* NULL stays NULL */
void value_release(struct value *value);      /* NULL is fine */

struct value *value_none(struct session *s);
struct value *value_bool(struct session *s, bool yes);
struct value *value_unsure_bool(struct session *s);
struct value *value_int(struct session *s, int64_t integer);
struct value *value_float(struct session *s, double real);
struct value *value_str(struct session *s, const char *text, size_t length);
struct value *value_dtype(struct session *s, enum dtype dtype);
struct value *value_scalar(struct session *s, enum dtype dtype);
struct value *value_unknown(struct session *s);
enum { SHOWN_PARTS = 40 }; /* a longer list is nothing to show in a line */
bool value_is_sequence(const struct value *value);
/* A tuple or a list. Takes the references of the items; the vector is copied. Unknown where it, or all lists of the program together, would be too large to be gone through. */
struct value *value_sequence(struct session *s, enum value_kind kind, struct value *const *items, size_t count);
struct value *value_tuple_of_sizes(struct session *s, int count, const ptrdiff_t *sizes);
struct value *value_function(struct session *s, const struct builtin *builtin, struct value *self);
struct value *value_module(struct session *s, const char *module);

/* A number of the kind that an index takes: int, bool, a NumPy integer. */
bool value_is_number(const struct value *value);
/* As Python prints it: str() at the top, repr() inside a tuple. False: its value is not known, and a word for it was written. */
struct text;
bool value_print(const struct value *value, struct text *out);
/* "a tuple", "an array of shape (3, 4)": for messages. */
const char *value_words(const struct value *value);

#endif
