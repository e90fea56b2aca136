/* SPDX-License-Identifier: MIT */
/* np.zeros, np.arange, np.array([...]) and the others that make an array of nothing, of numbers, or of another array as np.array does. */

#include "inspect/calls.h"

#include <math.h>
#include <string.h>

enum { FILL_UNKNOWN, FILL_ZERO, FILL_ONE };

static void fill(struct array *a, int with)
{
	ptrdiff_t n = nd_geom_size(a->geom);

	if (with == FILL_UNKNOWN || !(dtype_is_integer(a->dtype) || a->dtype == DT_BOOL))
		return;
	a->buffer->known = true;
	a->buffer->least = a->buffer->most = with == FILL_ONE;
	a->buffer->nonzero = with == FILL_ONE ? n : 0;
}

static struct value *made(struct call *c, struct array *a)
{
	if (!a)
		return NULL;
	tell(c->s, STEP_NEW, NULL, say(c->s, "%s makes %s x %td B = %s", c->builtin->name, array_shape_text(a), a->geom->itemsize, bytes_text(array_nbytes(a))));
	return &a->value;
}

/* order= of what is made anew. */
static bool arg_new_order(struct call *c, int i, char *out_order)
{
	if (!arg_order(c, i, 'C', out_order))
		return false;
	return *out_order == 'C' || *out_order == 'F' || (raise_at(c->s, c->arg_node[i], "ValueError", "%s() makes an array in order 'C' or 'F'", c->builtin->name), false);
}

/* np.zeros(shape, dtype, order) */
static struct value *blank(struct call *c)
{
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	enum dtype dtype;
	uint64_t at_most;
	char order;
	int ndim;

	if (!arg_shape(c, 0, &ndim, shape, &at_most) || !arg_dtype(c, 1, DT_FLOAT64, &dtype) || !arg_new_order(c, 2, &order))
		return NULL;
	struct array *a = array_new(c->s, dtype, ndim, shape, order == 'F' ? LAYOUT_F : LAYOUT_C);
	if (a) {
		fill(a, c->builtin->code);
		a->at_most = at_most;
	}
	return made(c, a);
}

static enum dtype dtype_of(const struct value *value)
{
	switch (value->kind) {
	case VALUE_BOOL:
		return DT_BOOL;
	case VALUE_INT:
		return DT_INT64;
	case VALUE_FLOAT:
		return DT_FLOAT64;
	case VALUE_COMPLEX:
		return DT_COMPLEX128;
	case VALUE_SCALAR:
		return value->dtype;
	case VALUE_ARRAY:
		return ((const struct array *)value)->dtype;
	default:
		return DT_NONE;
	}
}

/* What NumPy makes an array of objects of, or of text. */
static bool is_object(const struct value *value)
{
	return dtype_of(value) == DT_NONE && !value_is_sequence(value);
}

/* The first of them in a list; NULL: there is none. */
static const struct value *object_inside(const struct value *value)
{
	const struct value *found = NULL;

	for (size_t i = 0; value_is_sequence(value) && i < value->seq.count && !found; i++)
		found = is_object(value->seq.item[i]) ? value->seq.item[i] : object_inside(value->seq.item[i]);
	return found;
}

/* np.full(shape, value, dtype, order) */
static struct value *full(struct call *c)
{
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	enum dtype dtype, natural = dtype_of(c->arg[1]);
	uint64_t at_most;
	char order;
	int ndim;

	const struct value *inside = is_object(c->arg[1]) ? c->arg[1] : object_inside(c->arg[1]);
	if (inside)
		return unfollowed_at(c->s, c->node, "an array full of %s is not followed", value_words(inside));
	struct array *row = value_is_sequence(c->arg[1]) || c->arg[1]->kind == VALUE_ARRAY ? arg_array(c, 1) : NULL;
	if (row) {
		natural = row->dtype;
		value_release(&row->value);
	}
	if (c->s->failed)
		return NULL;
	if (!arg_shape(c, 0, &ndim, shape, &at_most) || !arg_dtype(c, 2, natural == DT_NONE ? DT_FLOAT64 : natural, &dtype) || !arg_new_order(c, 3, &order))
		return NULL;
	struct array *a = array_new(c->s, dtype, ndim, shape, order == 'F' ? LAYOUT_F : LAYOUT_C);
	if (a) {
		a->at_most = at_most;
		if (c->arg[1] && (c->arg[1]->kind == VALUE_INT || c->arg[1]->kind == VALUE_BOOL) && c->arg[1]->certain && (dtype_is_integer(dtype) || dtype == DT_BOOL)) {
			a->buffer->known = true;
			a->buffer->least = a->buffer->most = dtype == DT_BOOL ? c->arg[1]->integer != 0 : c->arg[1]->integer;
			a->buffer->nonzero = c->arg[1]->integer ? nd_geom_size(a->geom) : 0;
		}
	}
	return made(c, a);
}

/* np.zeros_like(a, dtype, order, shape); full_like has the value before the dtype. */
static struct value *like(struct call *c)
{
	struct array *a = arg_array(c, 0), *out;
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	bool is_full = strcmp(c->builtin->name, "full_like") == 0;
	int at = is_full ? 2 : 1, ndim;
	uint64_t at_most;
	enum dtype dtype;
	char order;

	if (!a)
		return NULL;
	out = NULL;
	if (arg_dtype(c, at, a->dtype, &dtype) && arg_order(c, at + 1, 'K', &order)) {
		bool fortran = order == 'F' || (order == 'A' && nd_geom_f_contiguous(a->geom) && !nd_geom_c_contiguous(a->geom));
		if (c->arg[at + 3]) {
			if (arg_shape(c, at + 3, &ndim, shape, &at_most)) {
				/* With order 'K' and as many axes the layout of a is kept. */
				int axes[ND_GEOM_MAXDIMS];
				bool kept = order == 'K' && ndim == a->geom->ndim && !nd_geom_c_contiguous(a->geom);
				if (kept && !nd_geom_f_contiguous(a->geom)) {
					order_by_strides(a->geom, axes);
					out = array_new_ordered(c->s, dtype, ndim, shape, axes);
				} else {
					out = array_new(c->s, dtype, ndim, shape, kept || fortran ? LAYOUT_F : LAYOUT_C);
				}
			}
		} else if (order == 'K') {
			out = array_new_like(c->s, dtype, a);
		} else {
			out = array_new(c->s, dtype, a->geom->ndim, a->geom->shape, fortran ? LAYOUT_F : LAYOUT_C);
			if (out)
				out->at_most = a->at_most;
		}
		if (out)
			fill(out, c->builtin->code);
	}
	value_release(&a->value);
	return made(c, out);
}

static bool number(const struct value *value, double *out)
{
	if (value->kind == VALUE_INT || value->kind == VALUE_BOOL)
		*out = (double)value->integer;
	else if (value->kind == VALUE_FLOAT)
		*out = value->real;
	else
		return false;
	return value->certain;
}

/* np.arange(stop), (start, stop), (start, stop, step) */
static struct value *arange(struct call *c)
{
	double start = 0, stop = 0, step = 1;
	struct value *const *args = c->arg;
	struct value *first = args[0], *second = args[1], *third = args[2];
	enum dtype dtype, natural = DT_INT64;
	bool known = true;

	if (!second) {
		second = first;
		first = NULL;
	}
	if (!second)
		return raise_at(c->s, c->node, "TypeError", "arange() needs where to stop");
	for (int i = 0; i < 3; i++) {
		const struct value *value = i == 0 ? first : i == 1 ? second : third;
		if (!value)
			continue;
		if (value->kind == VALUE_FLOAT)
			natural = DT_FLOAT64;
		else if (value->kind == VALUE_SCALAR)
			natural = dtype_promote(natural == DT_FLOAT64 ? DT_FLOAT64 : DT_INT64, value->dtype);
		else if (value->kind != VALUE_INT && value->kind != VALUE_BOOL)
			return raise_at(c->s, c->node, "TypeError", "arange() takes numbers, not %s", value_words(value));
		double *out = i == 0 ? &start : i == 1 ? &stop : &step;
		if (!number(value, out) && value->kind == VALUE_SCALAR)
			return unfollowed_at(c->s, c->node, "an arange() whose length depends on data is not followed");
		known = known && value->certain;
	}
	if (step == 0)
		return raise_at(c->s, c->node, "ZeroDivisionError", "arange() cannot step by 0");
	if (!arg_dtype(c, 3, natural, &dtype))
		return NULL;
	double length = ceil((stop - start) / step);
	bool whole = natural == DT_INT64;
	ptrdiff_t n;
	if (whole && first == NULL && !third)
		n = (ptrdiff_t)second->integer;
	else if (!(fabs(length) < 9.2e18)) /* inf and nan too */
		return raise_at(c->s, c->node, "ValueError", "an array of that length does not fit 63 bits");
	else
		n = (ptrdiff_t)length;
	n = n < 0 ? 0 : n;
	struct array *a = array_new(c->s, dtype, 1, &n, LAYOUT_C);
	if (a && n > 0 && whole && dtype_is_integer(dtype) && fabs(start) < 1e15 && fabs(step) < 1e15 && fabs(stop) < 1e15) {
		int64_t from = (int64_t)start, to = from + (n - 1) * (int64_t)step;
		a->buffer->known = known;
		a->buffer->least = from < to ? from : to;
		a->buffer->most = from < to ? to : from;
		a->buffer->nonzero = n - (from % (int64_t)step == 0 && a->buffer->least <= 0 && a->buffer->most >= 0);
	}
	if (a && !known)
		a->at_most = 1;
	return made(c, a);
}

/* retstep: the step comes with the samples. */
static struct value *with_step(struct call *c, struct value *samples)
{
	struct value *pair[2] = { samples, NULL };

	if (!samples || !arg_bool(c, arg_named(c, "retstep"), false))
		return samples;
	pair[1] = value_scalar(c->s, DT_FLOAT64);
	return value_sequence(c->s, VALUE_TUPLE, pair, 2);
}

/* np.linspace(start, stop, num) */
static struct value *linspace(struct call *c)
{
	ptrdiff_t n = 50;
	enum dtype dtype;
	int axis;

	if ((c->arg[2] && !arg_size(c, 2, &n)) || !arg_dtype(c, arg_named(c, "dtype"), DT_FLOAT64, &dtype))
		return NULL;
	if (c->arg[0]->kind == VALUE_ARRAY || c->arg[1]->kind == VALUE_ARRAY || c->arg[0]->kind == VALUE_LIST)
		return unfollowed_at(c->s, c->node, "%s between arrays is not followed", c->builtin->name);
	if (n < 0)
		return raise_at(c->s, c->arg_node[2], "ValueError", "the number of samples, %td, must not be negative", n);
	if (!arg_axis(c, arg_named(c, "axis"), 1, 0, &axis))
		return NULL;
	bool linear = strcmp(c->builtin->name, "linspace") == 0;
	bool endpoint = arg_bool(c, 3, true);
	/* A step that is no number (0 / 0) is not multiplied in place. */
	if (linear && dtype == DT_FLOAT64 && n > (endpoint ? 1 : 0)) {
		/* An arange() of n that is reshaped, scaled and shifted in place: a view of it. */
		struct array *flat = array_new(c->s, dtype, 1, &n, LAYOUT_C), *view = flat ? array_view(c->s, flat, flat->geom) : NULL;
		if (flat)
			value_release(&flat->value);
		return with_step(c, made(c, view));
	}
	/* The samples are computed as float64 and cast in the end. */
	hidden_begin(c->s, dtype == DT_FLOAT64 ? 0 : 8 * n);
	struct array *a = array_new(c->s, dtype, 1, &n, LAYOUT_C);
	hidden_end(c->s, dtype == DT_FLOAT64 ? 0 : 8 * n);
	return with_step(c, made(c, a));
}

/* np.eye(N, M, k, dtype) and np.identity(n, dtype) */
static struct value *eye(struct call *c)
{
	ptrdiff_t shape[2];
	enum dtype dtype;
	char order = 'C';
	bool identity = strcmp(c->builtin->name, "identity") == 0;

	if (!arg_size(c, 0, &shape[0]))
		return NULL;
	shape[1] = shape[0];
	if ((!identity && c->arg[1] && !arg_size(c, 1, &shape[1])) || !arg_dtype(c, identity ? 1 : 3, DT_FLOAT64, &dtype) || (!identity && !arg_new_order(c, 4, &order)))
		return NULL;
	return made(c, array_new(c->s, dtype, 2, shape, order == 'F' ? LAYOUT_F : LAYOUT_C));
}

/* ---- random numbers: only their shape is known ---- */

static struct value *random_shape(struct call *c, int i, enum dtype dtype)
{
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	uint64_t at_most;
	int ndim;

	bool list = c->builtin->params[0] == '*';
	if (!c->arg[i] || (list && c->arg[i]->kind == VALUE_TUPLE && c->arg[i]->seq.count == 0)) {
		tell(c->s, STEP_SCALAR, NULL, "one number");
		return value_scalar(c->s, dtype);
	}
	if (!arg_shape(c, i, &ndim, shape, &at_most))
		return NULL;
	struct array *a = array_new(c->s, dtype, ndim, shape, LAYOUT_C);
	if (a)
		a->at_most = at_most;
	return made(c, a);
}

static struct value *random_floats(struct call *c)
{
	enum dtype dtype = DT_FLOAT64;
	if (c->builtin->code >= 10 && !arg_dtype(c, c->builtin->code - 10 + 1, DT_FLOAT64, &dtype))
		return NULL;
	return random_shape(c, c->builtin->code % 10, dtype);
}

static struct value *random_integers(struct call *c)
{
	enum dtype dtype;
	return arg_dtype(c, 3, DT_INT64, &dtype) ? random_shape(c, 2, dtype) : NULL;
}

static struct value *permutation(struct call *c)
{
	struct value *value = c->arg[0];

	if (value->kind == VALUE_INT) {
		ptrdiff_t n = value->integer;
		struct array *a = array_new(c->s, DT_INT64, 1, &n, LAYOUT_C);
		if (a && n > 0) {
			a->buffer->known = true;
			a->buffer->least = 0;
			a->buffer->most = n - 1;
			a->buffer->nonzero = n - 1;
		}
		return made(c, a);
	}
	struct array *a = arg_array(c, 0), *copy = a ? copy_of(c->s, a, a->dtype, 'C') : NULL;
	if (copy)
		tell(c->s, STEP_COPY, arg_text(c, 0), "shuffled elements are copied");
	if (a)
		value_release(&a->value);
	return copy ? &copy->value : NULL;
}

static struct value *generator(struct call *c)
{
	return value_new(c->s, VALUE_GENERATOR);
}

static struct value *nothing(struct call *c)
{
	return value_none(c->s);
}

/* ---- arrays of lists ---- */

struct nest {
	int ndim;
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	uint64_t at_most;
	enum dtype dtype;  /* weak while only Python's numbers were seen */
	bool known;        /* all are whole numbers or bools whose values are known */
	bool any;
	int64_t least, most, nonzero;
};

static bool nest_shape(struct session *s, const struct node *node, const struct value *value, struct nest *nest, int depth)
{
	if (depth >= ND_GEOM_MAXDIMS)
		return raise_at(s, node, "ValueError", "lists nested deeper than %d", ND_GEOM_MAXDIMS), false;
	if (value->kind == VALUE_ARRAY) {
		const struct array *a = (const struct array *)value;
		if (depth + a->geom->ndim > ND_GEOM_MAXDIMS)
			return raise_at(s, node, "ValueError", "more than %d axes", ND_GEOM_MAXDIMS), false;
		for (int k = 0; k < a->geom->ndim; k++)
			nest->shape[depth + k] = a->geom->shape[k];
		nest->ndim = depth + a->geom->ndim;
		nest->at_most |= a->at_most << depth;
		return true;
	}
	if (value->kind != VALUE_LIST && value->kind != VALUE_TUPLE) {
		nest->ndim = depth;
		return true;
	}
	nest->shape[depth] = (ptrdiff_t)value->seq.count;
	nest->ndim = depth + 1;
	return value->seq.count == 0 || nest_shape(s, node, value->seq.item[0], nest, depth + 1);
}

static enum dtype merge(enum dtype a, enum dtype b)
{
	return a == DT_NONE ? b : a == b ? a : dtype_promote(a, b);
}

static bool nest_items(struct session *s, const struct node *node, const struct value *value, struct nest *nest, int depth)
{
	if (value->kind == VALUE_LIST || value->kind == VALUE_TUPLE) {
		if (depth >= nest->ndim || (ptrdiff_t)value->seq.count != nest->shape[depth])
			return raise_at(s, node, "ValueError", "the lists inside do not have the same length: no shape fits them"), false;
		for (size_t i = 0; i < value->seq.count; i++)
			if (!nest_items(s, node, value->seq.item[i], nest, depth + 1))
				return false;
		return true;
	}
	if (value->kind == VALUE_ARRAY) {
		const struct array *a = (const struct array *)value;
		if (depth + a->geom->ndim != nest->ndim || (memcmp(a->geom->shape, &nest->shape[depth], (size_t)a->geom->ndim * sizeof a->geom->shape[0]) != 0 && !a->at_most))
			return raise_at(s, node, "ValueError", "the arrays inside do not have the same shape"), false;
		nest->dtype = merge(nest->dtype, a->dtype);
		nest->known = false;
		return true;
	}
	if (depth != nest->ndim)
		return raise_at(s, node, "ValueError", "the lists inside do not have the same length: no shape fits them"), false;
	enum dtype dtype = dtype_of(value);
	if (value->kind == VALUE_UNKNOWN)
		return false;
	if (dtype == DT_NONE)
		return raise_at(s, node, "TypeError", "%s cannot be put into an array of numbers", value_words(value)), false;
	nest->dtype = merge(nest->dtype, dtype);
	if ((value->kind == VALUE_INT || value->kind == VALUE_BOOL) && value->certain) {
		int64_t x = value->integer;
		nest->least = !nest->any || x < nest->least ? x : nest->least;
		nest->most = !nest->any || x > nest->most ? x : nest->most;
		nest->nonzero += x != 0;
		nest->any = true;
	} else {
		nest->known = false;
	}
	return true;
}

/* A fresh array of a list or a number, of its own type unless dtype is one. */
static struct array *from_sequence(struct session *s, const struct node *node, const struct value *value, enum dtype dtype, char order)
{
	struct nest nest = { .dtype = DT_NONE, .known = true };

	if (!nest_shape(s, node, value, &nest, 0) || !nest_items(s, node, value, &nest, 0))
		return NULL;
	if (dtype != DT_NONE && nest.dtype != DT_NONE && dtype_is_complex(nest.dtype) && !dtype_is_complex(dtype) && dtype != DT_BOOL)
		return raise_at(s, node, "TypeError", "a complex number cannot be made %s", dtype_name(dtype));
	if (dtype == DT_NONE)
		dtype = nest.dtype == DT_NONE ? DT_FLOAT64 : nest.dtype;
	struct array *a = array_new(s, dtype, nest.ndim, nest.shape, order == 'F' ? LAYOUT_F : LAYOUT_C);
	if (a) {
		a->at_most = nest.at_most;
		a->buffer->known = nest.known && (dtype_is_integer(dtype) || dtype == DT_BOOL);
		a->buffer->least = dtype == DT_BOOL ? nest.least != 0 : nest.least;
		a->buffer->most = dtype == DT_BOOL ? nest.most != 0 : nest.most;
		a->buffer->nonzero = nest.nonzero;
	}
	return a;
}

struct array *to_array(struct session *s, struct value *value, const struct node *node)
{
	if (!value)
		return raise_at(s, node, "TypeError", "an array is missing");
	if (value->kind == VALUE_ARRAY)
		return as_array(value_ref(value));
	if (value->kind == VALUE_NONE || value->kind == VALUE_STR || value->kind == VALUE_DTYPE || value->kind == VALUE_FUNCTION || value->kind == VALUE_MODULE || value->kind == VALUE_SLICE)
		return raise_at(s, node, "TypeError", "%s is no array", value_words(value));
	return from_sequence(s, node, value, DT_NONE, 'C');
}

/* ---- np.array, np.asarray and their like ---- */

/* order='A' asks nothing of an array that is there, but of astype(copy=False) one of the two. */
static bool has_order(const struct array *a, char order, bool either)
{
	if (order == 'A' && either)
		return nd_geom_c_contiguous(a->geom) || nd_geom_f_contiguous(a->geom);
	return order == 'C' ? nd_geom_c_contiguous(a->geom) : order == 'F' ? nd_geom_f_contiguous(a->geom) : true;
}

/* Extents of 1 in front until there are ndmin axes: a view. */
static struct array *at_least(struct session *s, struct array *a, int ndmin)
{
	struct nd_geom geom = *a->geom;
	int more = ndmin - geom.ndim;

	if (more <= 0 || ndmin > ND_GEOM_MAXDIMS)
		return a;
	memmove(geom.shape + more, a->geom->shape, (size_t)a->geom->ndim * sizeof geom.shape[0]);
	memmove(geom.strides + more, a->geom->strides, (size_t)a->geom->ndim * sizeof geom.strides[0]);
	ptrdiff_t stride = a->geom->ndim > 0 ? a->geom->strides[0] * a->geom->shape[0] : geom.itemsize;
	for (int k = 0; k < more; k++) {
		geom.shape[k] = 1;
		geom.strides[k] = stride;
	}
	geom.ndim = ndmin;
	struct array *view = array_view(s, a, &geom);
	if (view) {
		view->whole = a->whole;
		view->at_most = a->at_most << more;
	}
	value_release(&a->value);
	return view;
}

static struct value *astype(struct call *c);

/* a, or a copy where the type or the order asks for one (or always). */
static struct value *arrayed(struct call *c, struct value *value, enum dtype dtype, char order, bool copy, int ndmin)
{
	struct session *s = c->s;
	const char *of = arg_text(c, 0);
	struct array *a, *out;

	if (value->kind != VALUE_ARRAY) {
		if (is_object(value))
			return unfollowed_at(s, c->node, "an array of %s is not followed", value_words(value));
		const struct value *inside = object_inside(value);
		if (inside)
			return unfollowed_at(s, c->node, "an array of what has %s in it is not followed", value_words(inside));
		out = from_sequence(s, c->node, value, dtype, order);
		if (!out)
			return NULL;
		tell(s, STEP_NEW, NULL, say(s, "%s is no array yet: its %td numbers are put into one, %s", value_words(value), nd_geom_size(out->geom), bytes_text(array_nbytes(out))));
		out = at_least(s, out, ndmin);
		return out ? &out->value : NULL;
	}
	a = as_array(value);
	bool same_type = dtype == DT_NONE || dtype == a->dtype;
	if (!copy && same_type && has_order(a, order, c->builtin->call == astype)) {
		out = as_array(value_ref(value));
		struct array *view = at_least(s, out, ndmin);
		if (view == out)
			tell(s, STEP_SAME, of, order == 'C' || order == 'F' ? say(s, "it is %s-contiguous already: the same object", order == 'C' ? "C" : "F") : "it is an array of that type already: the same object");
		else
			tell(s, STEP_VIEW, of, "an axis of 1 is put in front: a view");
		s->tale.lesson = order == 'C' ? "contiguous" : NULL;
		return view ? &view->value : NULL;
	}
	/* Beside another type, order='A' asks nothing either. */
	if (order == 'A' && !same_type && c->builtin->call != astype)
		order = 'K';
	out = copy_of(s, a, same_type ? a->dtype : dtype, order);
	if (!out)
		return NULL;
	if (!same_type)
		tell(s, STEP_COPY, of, say(s, "%s becomes %s: every element is written anew, %s", dtype_name(a->dtype), dtype_name(dtype), bytes_text(array_nbytes(out))));
	else if (copy)
		tell(s, STEP_COPY, of, say(s, "%s copies always: %td x %td B = %s", c->builtin->name, nd_geom_size(out->geom), out->geom->itemsize, bytes_text(array_nbytes(out))));
	else
		tell(s, STEP_COPY, of, say(s, "strides %s are not those of %c order, %s: a copy of %s", shape_text(a->geom->ndim, a->geom->strides), order == 'F' ? 'F' : 'C', shape_text(out->geom->ndim, out->geom->strides), bytes_text(array_nbytes(out))));
	s->tale.surprising = !copy && same_type;
	s->tale.lesson = copy ? "views" : same_type ? "contiguous" : "float32";
	out = at_least(s, out, ndmin);
	return out ? &out->value : NULL;
}

static struct value *np_array(struct call *c)
{
	enum dtype dtype;
	ptrdiff_t ndmin = 0;
	char order;

	if (!arg_dtype(c, 1, DT_NONE, &dtype) || !arg_order(c, 3, 'K', &order) || (c->arg[4] && !arg_size(c, 4, &ndmin)))
		return NULL;
	return arrayed(c, c->arg[0], dtype, order, arg_bool(c, 2, true), (int)(ndmin < 0 ? 0 : ndmin > ND_GEOM_MAXDIMS ? ND_GEOM_MAXDIMS : ndmin));
}

/* np.asarray(a, dtype, order); ascontiguousarray and asfortranarray have at least one axis. */
static struct value *as_array_of(struct call *c)
{
	enum dtype dtype;
	char order = 'K';

	if (!arg_dtype(c, 1, DT_NONE, &dtype))
		return NULL;
	if (c->builtin->code)
		order = (char)c->builtin->code;
	else if (!arg_order(c, 2, 'K', &order))
		return NULL;
	return arrayed(c, c->arg[0], dtype, order, false, c->builtin->code ? 1 : 0);
}

/* np.copy(a, order='K'), a.copy(order='C') */
static struct value *copy(struct call *c)
{
	char order;

	if (!arg_order(c, 1, c->method ? 'C' : 'K', &order))
		return NULL;
	if (c->arg[0]->kind == VALUE_SCALAR)
		return value_ref(c->arg[0]);
	return arrayed(c, c->arg[0], DT_NONE, order, true, 0);
}

/* a.astype(dtype, order='K', copy=True); np.astype(a, ...), which NumPy 2 has, is for arrays alone. */
static struct value *astype(struct call *c)
{
	enum dtype dtype;
	char order;

	if (!arg_dtype(c, 1, DT_NONE, &dtype) || !arg_order(c, 2, 'K', &order))
		return NULL;
	const struct value *casting = c->arg[3];
	/* Without axes, NumPy 1 looks at the number. */
	const bool is_number = c->arg[0]->kind == VALUE_SCALAR || (c->arg[0]->kind == VALUE_ARRAY && as_array(c->arg[0])->geom->ndim == 0);
	if (casting && is_number && !(casting->kind == VALUE_STR && strcmp(casting->str.text, "unsafe") == 0))
		return unfollowed_at(c->s, c->node, "casting= beside a single number is not followed");
	if (c->arg[0]->kind == VALUE_ARRAY && !arg_casting(c, 3, "unsafe", as_array(c->arg[0])->dtype, dtype))
		return NULL;
	if (c->arg[0]->kind == VALUE_SCALAR)
		return value_scalar(c->s, dtype);
	if (c->arg[0]->kind != VALUE_ARRAY)
		return raise_at(c->s, c->arg_node[0], "TypeError", "astype() is for arrays, not for %s", value_words(c->arg[0]));
	struct value *value = arrayed(c, c->arg[0], dtype, order, arg_bool(c, 5, true), 0);
	if (value && value != c->arg[0] && arg_bool(c, 5, true) && as_array(c->arg[0])->dtype == dtype)
		c->s->tale.avoid = say(c->s, "%s.astype(%s, copy=False) is %s itself, as it is %s already", arg_text(c, 0), dtype_name(dtype), arg_text(c, 0), dtype_name(dtype));
	return value;
}

/* np.float32(x): a scalar of a number, an array of an array. */
static struct value *cast(struct call *c)
{
	enum dtype dtype = c->arg[0]->dtype;
	struct value *value = c->arg[1];

	if (!value)
		return value_scalar(c->s, dtype);
	bool is_python = c->node->a && c->node->a->kind == NODE_NAME;
	if (is_python && value->kind == VALUE_ARRAY && nd_geom_size(as_array(value)->geom) != 1 && !as_array(value)->at_most)
		return raise_at(c->s, c->arg_node[1], dtype == DT_BOOL ? "ValueError" : "TypeError", "only an array of one element is a number, and this one has shape %s", array_shape_text(as_array(value)));
	if (is_python && value->kind == VALUE_ARRAY)
		return value_scalar(c->s, dtype);
	if (is_python && dtype == DT_COMPLEX128 && value_is_number(value))
		return value_new(c->s, VALUE_COMPLEX);
	if (value->kind == VALUE_ARRAY || value->kind == VALUE_LIST || value->kind == VALUE_TUPLE) {
		c->arg_node[0] = c->arg_node[1];
		return arrayed(c, value, dtype, 'K', false, 0);
	}
	/* int(3.5) and float(2): Python's own. */
	if ((value->kind == VALUE_FLOAT || value->kind == VALUE_INT || value->kind == VALUE_BOOL) && value->certain && c->node->a && c->node->a->kind == NODE_NAME) {
		double real = value->kind == VALUE_FLOAT ? value->real : (double)value->integer;
		if (dtype == DT_FLOAT64)
			return value_float(c->s, real);
		if (dtype == DT_INT64 && fabs(real) < 9e18)
			return value_int(c->s, value->kind == VALUE_FLOAT ? (int64_t)real : value->integer);
	}
	return value_scalar(c->s, dtype);
}

static struct value *np_dtype(struct call *c)
{
	enum dtype dtype;
	return arg_dtype(c, 0, DT_FLOAT64, &dtype) ? value_dtype(c->s, dtype) : NULL;
}

const struct builtin functions_make[] = {
	{ "zeros", IN_NUMPY, "shape dtype? order? | like? device?", blank, FILL_ZERO },
	{ "ones", IN_NUMPY, "shape dtype? order? | like? device?", blank, FILL_ONE },
	{ "empty", IN_NUMPY, "shape dtype? order? | like? device?", blank, FILL_UNKNOWN },
	{ "full", IN_NUMPY, "shape fill_value dtype? order? | like? device?", full, 0 },
	{ "zeros_like", IN_NUMPY, "a dtype? order? subok? shape? | device?", like, FILL_ZERO },
	{ "ones_like", IN_NUMPY, "a dtype? order? subok? shape? | device?", like, FILL_ONE },
	{ "empty_like", IN_NUMPY, "prototype dtype? order? subok? shape? | device?", like, FILL_UNKNOWN },
	{ "full_like", IN_NUMPY, "a fill_value dtype? order? subok? shape? | device?", like, FILL_UNKNOWN },
	{ "arange", IN_NUMPY, "start? stop? step? dtype? | like? device?", arange, 0 },
	{ "linspace", IN_NUMPY, "start stop num? endpoint? retstep? dtype? axis? | device?", linspace, 0 },
	{ "logspace", IN_NUMPY, "start stop num? endpoint? base? dtype? axis?", linspace, 0 },
	{ "geomspace", IN_NUMPY, "start stop num? endpoint? dtype? axis?", linspace, 0 },
	{ "eye", IN_NUMPY, "N M? k? dtype? order? | like? device?", eye, 0 },
	{ "identity", IN_NUMPY, "n dtype? | like?", eye, 0 },
	{ "array", IN_NUMPY, "object dtype? | copy? order? ndmin? subok? like?", np_array, 0 },
	{ "asarray", IN_NUMPY, "a dtype? order? | copy? like? device?", as_array_of, 0 },
	{ "asanyarray", IN_NUMPY, "a dtype? order? | copy? like? device?", as_array_of, 0 },
	{ "ascontiguousarray", IN_NUMPY, "a dtype? | like?", as_array_of, 'C' },
	{ "asfortranarray", IN_NUMPY, "a dtype? | like?", as_array_of, 'F' },
	{ "copy", IN_NUMPY, "a order? subok?", copy, 0 },
	{ "copy", METHOD, "a order?", copy, 0 },
	{ "astype", METHOD, "a dtype order? casting? subok? copy?", astype, 0 },
	{ "astype", IN_NUMPY, "a dtype | order? casting? subok? copy? device?", astype, 0 },
	{ "dtype", IN_NUMPY, "dtype align? copy?", np_dtype, 0 },
	{ "__cast__", IN_PYTHON, "type x? imag?", cast, 0 },
	{ "rand", IN_RANDOM, "*d", random_floats, 0 },
	{ "randn", IN_RANDOM, "*d", random_floats, 0 },
	{ "random", IN_RANDOM, "size?", random_floats, 0 },
	{ "random_sample", IN_RANDOM, "size?", random_floats, 0 },
	{ "normal", IN_RANDOM, "loc? scale? size?", random_floats, 2 },
	{ "uniform", IN_RANDOM, "low? high? size?", random_floats, 2 },
	{ "standard_normal", IN_RANDOM, "size?", random_floats, 0 },
	{ "randint", IN_RANDOM, "low high? size? dtype?", random_integers, 0 },
	{ "permutation", IN_RANDOM | GENERATOR, "x axis?", permutation, 0 },
	{ "default_rng", IN_RANDOM, "seed?", generator, 0 },
	{ "RandomState", IN_RANDOM, "seed?", generator, 0 },
	{ "seed", IN_RANDOM, "seed?", nothing, 0 },
	{ "random", GENERATOR, "size? dtype? out?", random_floats, 10 },
	{ "standard_normal", GENERATOR, "size? dtype? out?", random_floats, 10 },
	{ "normal", GENERATOR, "loc? scale? size?", random_floats, 2 },
	{ "uniform", GENERATOR, "low? high? size?", random_floats, 2 },
	{ "integers", GENERATOR, "low high? size? dtype? endpoint?", random_integers, 0 },
	{ "rand", GENERATOR, "*d", random_floats, 0 },
	{ "randn", GENERATOR, "*d", random_floats, 0 },
	{ NULL, 0, NULL, NULL, 0 },
};
