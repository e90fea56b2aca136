/* SPDX-License-Identifier: MIT */
#ifndef INSPECT_SESSION_H
#define INSPECT_SESSION_H

/*
 * What inspect's files share while a program is followed: the session, how a step is told, how an error is raised, and arrays.
 *
 * A function that finds an error says so with raise_at() and returns NULL (or false); its callers clean up and pass that on. What is not followed is no
 * error: unfollowed_at() notes it, and the value is VALUE_UNKNOWN.
 */

#include "inspect/ast.h"
#include "inspect/inspect.h"
#include "inspect/value.h"

#include "base/result.h"
#include "base/text.h"

struct step_list {
	struct inspect_step *item;
	size_t count, room;
};

struct name_entry {
	char *name;
	uint32_t length;
	uint32_t hash;
	struct value *value; /* NULL: deleted */
	bool assumed;
};

void *session_more(void *items, size_t count, size_t *room, size_t size); /* realloc() of a vector for one more item; NULL: no memory */

/* The geometries of all arrays, each once: geometry.c. */
struct geometries {
	struct geometry **slot;
	size_t count, slots;
};

struct names {
	struct name_entry **entry; /* in the order of their first assignment */
	size_t count, room;
	struct name_entry **slot; /* by their hashes; NULL: free */
	size_t slots;
};

/* What an operation says of itself, for its step. Reset before each. */
struct tale {
	enum step_kind kind; /* STEP_NONE: worked out from the result */
	const char *of, *what, *why, *avoid, *lesson;
	bool surprising;
};

struct session {
	struct arena results; /* as long as the session */
	struct arena tree;    /* of one statement */
	struct arena object_arena; /* values, arrays, ...: as long as the session */
	struct pool value_pool, array_pool, buffer_pool, item_pool, geometry_pool;
	struct names names;
	struct geometries geometries;
	bool assume;
	struct inspection result;
	size_t statements_room, gaps_room, printed_room, notes_room, assumed_room;
	size_t total_steps, source_bytes;
	uint32_t next_line; /* of the next feed */

	/* The statement that is followed. */
	const char *text; /* of the feed */
	size_t length;
	int statement;    /* its index; -1 in a --let */
	bool hidden;      /* a --let */
	struct step_list steps;
	bool failed;      /* an error was raised */
	bool gap;         /* something in this statement was not followed, and it was said */
	const struct node *at; /* the node that is evaluated, for errors */
	const char *witness;
	struct tale tale; /* what the operation that is followed says of itself */

	/* Bytes of arrays. counted: without what inputs give back. */
	int64_t live, counted, counted_peak, peak, allocated;
	int64_t step_allocated, step_hidden; /* of the step that is followed */
	size_t items; /* of all lists and tuples so far */
	bool had_input;
	int buffers, objects;
	bool out_of_memory;
	int elided; /* temporaries that were written over instead of making another array */
	bool promotion_noted;
	/* Of the last statement that left an array: what is told of it outlives it, as a temporary is gone by then. */
	const struct inspect_array *last, *last_base;
	struct nd_geom last_geom, last_base_geom;
	const void *last_object; /* only compared */
	int last_buffer;
};

/* ---- errors ---- */

/* Raise a Python exception at the node (NULL: at the one that is evaluated). Returns NULL, so that callers can return it. */
void *raise_at(struct session *s, const struct node *node, const char *type, const char *format, ...) __attribute__((format(printf, 4, 5)));
/* memhint has no memory: the feed ends without an error of the program. Returns NULL. */
void *no_memory(struct session *s);
/*
 * What needs a value that is not known gives up: it returns NULL (or false) and raises nothing, and whoever evaluates the expression takes the result for
 * unknown. Why it is not known was said where it came from.
 */
/* Note what is not followed. Returns a new VALUE_UNKNOWN. */
struct value *unfollowed_at(struct session *s, const struct node *node, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* What NumPy 1.x and 2 answer differently: said once. */
void note(struct session *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A text in the session's arena. */
char *say(struct session *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- arrays ---- */

enum { LAYOUT_C, LAYOUT_F };

/* A fresh array that owns its data. Raises ValueError where the shape is none. */
struct array *array_new(struct session *s, enum dtype dtype, int ndim, const ptrdiff_t *shape, int layout);
/* The same, laid out so that `order` lists its axes from the slowest to the fastest. */
struct array *array_new_ordered(struct session *s, enum dtype dtype, int ndim, const ptrdiff_t *shape, const int *order);
/* Axes from the longest stride to the shortest; equal ones stay as they are. Source: NumPy's PyArray_CreateSortedStridePerm. */
void order_by_strides(const struct nd_geom *geom, int *out_order);
/* Laid out as `like` is, as order='K' has it. */
struct array *array_new_like(struct session *s, enum dtype dtype, const struct array *like);
/* A view of src: the same buffer, src's base or src itself as the base. */
struct array *array_view(struct session *s, struct array *src, const struct nd_geom *geom);
void array_destroy(struct array *array);
/* Another geometry over the same bytes. False: no memory, which was raised. */
bool array_set_geom(struct session *s, struct array *array, const struct nd_geom *geom);
int64_t array_nbytes(const struct array *array);
/* An array that is made and freed inside a step: counts in the peak. */
void transient(struct session *s, int64_t bytes);
/* Two that are alive at the same time as something else: begin and end. */
void hidden_begin(struct session *s, int64_t bytes);
void hidden_end(struct session *s, int64_t bytes);
/* "(3, 4)" in a buffer that a few calls take in turns; at_most extents as "0..4". */
const char *shape_text(int ndim, const ptrdiff_t *shape);
/* "96 B", from 10,000 B on rounded: "4.0 MB". */
const char *bytes_text(int64_t bytes);
const char *array_shape_text(const struct array *array);

/* ---- geometries ---- */

/* The session's own object for this geometry, and a reference to it. NULL: no memory, which was raised. */
const struct nd_geom *geometry_take(struct session *s, const struct nd_geom *geom);
void geometry_release(struct session *s, const struct nd_geom *geom);
void geometries_release(struct session *s);

/* ---- names ---- */

uint32_t name_hash(const char *name, size_t length);
struct name_entry *names_find(struct names *names, const char *name, size_t length);
/* Takes the reference. */
struct name_entry *names_set(struct session *s, const char *name, size_t length, struct value *value);
void names_release(struct names *names);
/* Something that is not followed changes this list or array: its names are unknown from here on. */
void names_forget(struct session *s, const struct value *value);
/* The first name that is bound to this array; NULL. */
const char *names_of(const struct session *s, const struct array *array);

/* ---- evaluation ---- */

struct value *evaluate(struct session *s, const struct node *node);
/* Follow a statement. False: an error was raised. out_target, out_value: what it binds (NULL: nothing), and what to (one reference). */
bool statement_follow(struct session *s, const struct statement *statement, const char **out_target, struct value **out_value);
/* The text of a node as the program has it, shortened. */
const char *node_text(struct session *s, const struct node *node);
/* Such a text as Python wants it in front of a dot or a bracket, "(a + 1)"; NULL: it was cut, or is none that can be typed. */
const char *text_to_follow(struct session *s, const char *text);
/*
 * A step of the statement: what the node made, as s->tale tells it. source_start: the byte where the step's own words begin (".reshape(-1)").
 * Takes the bytes that were asked for since the last step.
 */
void step_add(struct session *s, const struct node *node, uint32_t source_start, struct value *result);
/* What the result says of an array. base: a word for its base; NULL: None. */
const struct inspect_array *describe_array(struct session *s, struct array *array);
const struct inspect_array *describe_array_with(struct session *s, struct array *array, const char *base);

#endif
