/* SPDX-License-Identifier: MIT */
#ifndef INSPECT_CALLS_H
#define INSPECT_CALLS_H

/*
 * NumPy's functions and methods as table rows. Each file functions_*.c ends with its table; calls.c finds rows by name and binds arguments.
 *
 * params   names in their order, a blank between them: "a shape order?". "?" may be left out; "*" before a name collects all further positional
 *          arguments in a tuple; those behind "|" are given by their names alone. `out`, `where`, `dtype` and so on are names like others, also where
 *          they change nothing here: any name that is not listed is a TypeError.
 */

#include "inspect/session.h"

enum { CALL_MOST = 12 };

enum where {
	IN_NUMPY = 1, /* np.name */
	METHOD = 2,   /* a.name */
	IN_RANDOM = 4, /* np.random.name */
	IN_LINALG = 8,
	GENERATOR = 16, /* default_rng().name */
	IN_PYTHON = 32, /* print, len, ... */
	IN_MATH = 64,   /* math.name */
	ON_MODULE_TOO = 0
};

struct param;

struct call {
	struct session *s;
	const struct node *node;                /* the call */
	const struct builtin *builtin;
	struct value *arg[CALL_MOST + 1];           /* borrowed; NULL: not given, or None. The last is never given: arg_named() */
	const struct node *arg_node[CALL_MOST + 1]; /* NULL: not given, or not written as one expression */
	bool method;
	const struct param *params;             /* of the builtin, as they were read for this call; NULL: not read */
	int nparams;
};

struct builtin {
	const char *name;
	unsigned where;
	const char *params;
	struct value *(*call)(struct call *call);
	int code; /* for functions that share their code */
};

extern const struct builtin functions_make[], functions_shape[], functions_view[], functions_join[], functions_select[], functions_reduce[], functions_ufunc[], functions_query[], functions_python[];

const struct builtin *builtin_find(const char *name, size_t length, unsigned where);
/* The nearest name of a function there, for "did you mean". */
const char *builtin_nearest(const char *name, size_t length, unsigned where);
/* Evaluate the arguments of a call node, bind them and call. self: of a method, borrowed. */
struct value *call_builtin(struct session *s, const struct node *node, const struct builtin *builtin, struct value *self, const struct node *self_node);

/* Is this call of a plain name one of Python's own, by its arguments (max(3, 2), but not max(a))? Then out is its result; NULL: an error was raised. */
bool python_call(struct session *s, const struct node *node, struct value *const *args, int n, struct value **out);

/* ---- arguments ---- */

/* All of these raise, and return false or NULL, when the argument is none of the kind. */

/* Where the argument of that name is; CALL_MOST, which is never given, where the function has none. */
int arg_named(const struct call *c, const char *name);
/* An array: itself with a new reference, or what np.asarray makes of a number or a list. */
struct array *arg_array(struct call *c, int i);
struct array *to_array(struct session *s, struct value *value, const struct node *node);
bool arg_size(struct call *c, int i, ptrdiff_t *out_size);
bool to_size(struct session *s, const struct value *value, const struct node *node, ptrdiff_t *out_size);
/* An int or a sequence of ints as a shape. out_count at most ND_GEOM_MAXDIMS. */
bool to_sizes(struct session *s, const struct value *value, const struct node *node, int *out_count, ptrdiff_t *out_sizes);
bool arg_shape(struct call *c, int i, int *out_ndim, ptrdiff_t *out_shape, uint64_t *out_at_most);
/* 0..ndim-1; AxisError. */
bool arg_axis(struct call *c, int i, int ndim, int fallback, int *out_axis);
bool to_axis(struct session *s, const struct node *node, ptrdiff_t axis, int ndim, int *out_axis);
/* The same, but an array without axes has axis 0 (and -1) here, as in some of NumPy's functions. */
bool arg_axis_or_first(struct call *c, int i, int ndim, int *out_axis);
/* One axis, several, or none given (all): as bits. */
bool arg_axes(struct call *c, int i, int ndim, uint64_t *out_axes);
/* The same, but of an array without axes 0 and -1 are accepted and mean none. */
bool arg_axes_or_first(struct call *c, int i, int ndim, uint64_t *out_axes);
bool arg_dtype(struct call *c, int i, enum dtype fallback, enum dtype *out_dtype);
bool to_dtype(struct session *s, const struct value *value, const struct node *node, enum dtype *out_dtype);
bool arg_bool(struct call *c, int i, bool fallback);
/* 'C', 'F', 'A', 'K'. */
bool arg_order(struct call *c, int i, char fallback, char *out_order);
/* casting=: may what is `from` be written where `to` is? TypeError. */
bool arg_casting(struct call *c, int i, const char *fallback, enum dtype from, enum dtype to);
/* Any argument that comes from what was not followed makes the result unknown too. */
bool call_has_unknown(const struct call *c);

/* ---- what several files make ---- */

/* How an operand is called: its name, or its text. */
const char *operand_text(struct session *s, const struct node *node);
const char *arg_text(struct call *c, int i);
/* Tell of a step; s->tale. */
void tell(struct session *s, enum step_kind kind, const char *of, const char *why);

/* The same object again. */
struct value *same(struct call *c, struct array *a, const char *why);
struct value *view_of(struct call *c, struct array *a, const struct nd_geom *geom, const char *why);
/* A copy laid out as order says ('C', 'F', 'A', 'K'), of another type perhaps. */
struct array *copy_of(struct session *s, struct array *a, enum dtype dtype, char order);
/* a.reshape(shape): a view, or a view of a hidden copy, told either way. */
struct array *reshaped(struct session *s, struct array *a, int ndim, const ptrdiff_t *shape, char order, const char *of, const struct node *node);
struct array *concatenated(struct session *s, struct array **arrays, size_t count, int axis, const struct node *node, enum dtype dtype);
/* TypeError: np.vstack(a, b) for np.vstack([a, b]). */
void *raise_in_one_list(struct call *c);
/* Along an axis that does not lie in one piece a row is sorted in a buffer of so many bytes. */
int64_t sort_buffer(const struct array *a, int axis, ptrdiff_t itemsize);
struct value *scalar_or_array(struct session *s, struct array *array);
/* Why a reshape of this needs a copy, in numbers. */
const char *why_reshape_copies(struct session *s, const struct nd_geom *geom, int ndim, const ptrdiff_t *shape, bool fortran, ptrdiff_t bytes);

/* ---- operators (ufuncs) ---- */

/* What a ufunc does with types. */
enum ufunc_rule {
	RULE_ARITHMETIC, /* add, multiply, maximum: promote */
	RULE_SUBTRACT,   /* not for bool */
	RULE_DIVIDE,     /* floats at least float64 for whole numbers */
	RULE_FLOOR,      /* floor_divide, remainder: whole numbers stay, bool becomes int8 */
	RULE_POWER,
	RULE_BITS,       /* whole numbers and bool */
	RULE_SHIFT,
	RULE_COMPARE,    /* bool */
	RULE_LOGICAL,    /* bool, of anything */
	RULE_FLOAT,      /* sqrt, sin */
	RULE_SAME,       /* negative, square */
	RULE_ABSOLUTE,
	RULE_ROUND,      /* floor, ceil: whole numbers stay (NumPy 2) */
	RULE_TEST        /* isnan: bool */
};

struct ufunc {
	const char *name;
	enum ufunc_rule rule;
	bool commutative;
	bool elides; /* its operator may write over a temporary */
	const char *symbol;
};

/* in: borrowed operands. owned: whether the operand is a temporary that only the caller refers to, so that it may be written over. out: NULL or an array. */
struct value *ufunc_call(struct session *s, const struct node *node, const struct ufunc *ufunc, struct value **in, int nin, struct value *out, struct value *dtype, bool operators);
const struct ufunc *ufunc_of_operator(uint32_t op);
/* a op b, of whatever they are. */
struct value *binary_operation(struct session *s, const struct node *node, uint32_t op, struct value *a, struct value *b);
/*
 * The buffers that NumPy's iterator makes for these operands, made and freed; needs: the type that each is wanted in (DT_NONE: it needs no buffer). A ufunc does without an iterator where
 * all can be walked with one stride each; others (where, reductions) do not look.
 */
void iterate_ufunc(struct session *s, struct array **ops, const enum dtype *needs, int nop, int ndim, const ptrdiff_t *shape);
void iterate(struct session *s, struct array **ops, const enum dtype *needs, int nop, int ndim, const ptrdiff_t *shape);
/* Do both have the very same elements, in the same order? */
bool same_elements(const struct array *a, const struct array *b);
/* An array that nobody pays for: a number's, or one of which only the shape matters. */
struct array *unpaid_array(struct session *s, enum dtype dtype, int ndim, const ptrdiff_t *shape);
/* The order of axes in which a result is laid out that follows its operands (order='K'). */
void order_of_operands(struct array *const *ops, int nop, int ndim, int *out_order);
bool broadcast_shapes(struct session *s, const struct node *node, struct array *const *ops, int nop, int *out_ndim, ptrdiff_t *out_shape, uint64_t *out_at_most);

/* ---- subscripts ---- */

struct value *subscript_get(struct session *s, const struct node *node, struct value *object, struct value *index);
bool subscript_set(struct session *s, const struct node *node, struct value *object, struct value *index, struct value *value, const struct node *value_node);
/* Evaluate a slice or a tuple of them too. */
struct value *evaluate_index(struct session *s, const struct node *node);

/* ---- attributes ---- */

struct value *attribute_get(struct session *s, const struct node *node, struct value *object, const struct node *object_node);
bool attribute_set(struct session *s, const struct node *node, struct value *object, struct value *value);
/* a.flags.writeable = yes. ValueError where the bytes belong to an array that is read-only. */
bool set_writeable(struct session *s, const struct node *node, struct array *array, bool yes);
/* .real and .imag: of a complex array each is a view of every other number. */
struct value *complex_part(struct session *s, struct array *a, bool imaginary, const char *of);
/* a.flags['OWNDATA'] */
struct value *flag_item(struct session *s, const struct node *node, struct value *flags, const struct value *index);


#endif
