/* SPDX-License-Identifier: MIT */
/*
 * Joining, repeating and splitting. Joins make one array and copy each input once; stack, vstack and the others only add axes to views before that.
 *
 * Sources: NumPy 1.24's PyArray_ConcatenateArrays (whose layout follows that of its inputs), numpy/core/shape_base.py and numpy/lib/shape_base.py.
 */
#include "inspect/calls.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_ARRAYS = 4096 };

/* The axes from the slowest to the fastest, as the inputs' strides have them; where these do not agree, C order wins. Source: PyArray_CreateMultiSortedStridePerm. */
static void order_of_many(struct array *const *arrays, size_t count, int ndim, int *out_order)
{
	for (int k = 0; k < ndim; k++)
		out_order[k] = k;
	for (int k = 1; k < ndim; k++) {
		int at = k, axis = out_order[k];
		for (int i = k - 1; i >= 0; i--) {
			bool ambiguous = true, swap = false;
			int other = out_order[i];
			for (size_t n = 0; n < count; n++) {
				const struct nd_geom *g = arrays[n]->geom;
				if (g->shape[axis] == 1 || g->shape[other] == 1)
					continue;
				if (labs(g->strides[axis]) <= labs(g->strides[other]))
					swap = false;
				else if (ambiguous)
					swap = true;
				ambiguous = false;
			}
			if (!ambiguous && swap)
				at = i;
			else if (!ambiguous)
				break;
		}
		for (int i = k; i > at; i--)
			out_order[i] = out_order[i - 1];
		out_order[at] = axis;
	}
}

/* The shape of the joined array. False: an error. */
static bool joined_shape(struct session *s, struct array *const *arrays, size_t count, int axis, const struct node *node, ptrdiff_t *out_shape, uint64_t *out_at_most)
{
	*out_at_most = 0;
	if (count == 0)
		return raise_at(s, node, "ValueError", "there is nothing to join: at least one array is needed"), false;
	const int ndim = arrays[0]->geom->ndim;
	if (ndim == 0)
		return raise_at(s, node, "ValueError", "arrays without axes cannot be joined end to end"), false;
	if (!to_axis(s, node, axis, ndim, &axis))
		return false;
	memcpy(out_shape, arrays[0]->geom->shape, (size_t)ndim * sizeof out_shape[0]);
	out_shape[axis] = 0;
	for (size_t i = 0; i < count; i++) {
		const struct nd_geom *g = arrays[i]->geom;
		if (g->ndim != ndim)
			return raise_at(s, node, "ValueError", "arrays of shapes %s and %s cannot be joined: they need as many axes", array_shape_text(arrays[0]), array_shape_text(arrays[i])), false;
		for (int k = 0; k < ndim; k++)
			if (k != axis && g->shape[k] != out_shape[k] && !((arrays[i]->at_most | arrays[0]->at_most) >> k & 1))
				return raise_at(s, node, "ValueError", "arrays of shapes %s and %s cannot be joined along axis %d: axis %d has %td and %td elements", array_shape_text(arrays[0]), array_shape_text(arrays[i]), axis, k, out_shape[k], g->shape[k]), false;
		*out_at_most |= arrays[i]->at_most;
		if (__builtin_add_overflow(out_shape[axis], g->shape[axis], &out_shape[axis]))
			return raise_at(s, node, "ValueError", "the joined array does not fit 63 bits"), false;
	}
	return true;
}

static enum dtype common_dtype(struct array *const *arrays, size_t count)
{
	enum dtype common = arrays[0]->dtype;

	for (size_t i = 1; i < count; i++)
		common = dtype_promote(common, arrays[i]->dtype);
	return common;
}

struct array *concatenated(struct session *s, struct array **arrays, size_t count, int axis, const struct node *node, enum dtype dtype)
{
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	int order[ND_GEOM_MAXDIMS];
	uint64_t at_most;

	if (!joined_shape(s, arrays, count, axis, node, shape, &at_most))
		return NULL;
	order_of_many(arrays, count, arrays[0]->geom->ndim, order);
	struct array *out = array_new_ordered(s, dtype != DT_NONE ? dtype : common_dtype(arrays, count), arrays[0]->geom->ndim, shape, order);
	if (out)
		out->at_most = at_most;
	return out;
}

/* The arrays of a sequence, each with a reference. */
static struct array **read_arrays(struct call *c, int i, size_t *out_count)
{
	struct value *value = c->arg[i];
	struct array **arrays;
	size_t n;

	*out_count = 0;
	/* np.concatenate(a, b): b is where the axis belongs. */
	const struct value *axis = c->arg[arg_named(c, "axis")];
	if (axis && ((axis->kind == VALUE_ARRAY && as_array((struct value *)axis)->geom->ndim > 0) || axis->kind == VALUE_LIST))
		return raise_in_one_list(c);
	if (value->kind == VALUE_ARRAY) {
		/* Its first axis is taken apart. */
		if (as_array(value)->geom->ndim == 0)
			return raise_at(c->s, c->node, "TypeError", "an array without axes is no sequence of arrays");
		n = (size_t)as_array(value)->geom->shape[0];
	} else if (value->kind == VALUE_TUPLE || value->kind == VALUE_LIST) {
		n = value->seq.count;
	} else {
		return raise_at(c->s, c->arg_node[i], "TypeError", "a sequence of arrays is needed: [a, b], not %s", value_words(value));
	}
	if (n > MOST_ARRAYS)
		return raise_at(c->s, c->node, "ValueError", "more than %d arrays to join are not followed", MOST_ARRAYS);
	arrays = calloc(n ? n : 1, sizeof *arrays);
	if (!arrays)
		return no_memory(c->s);
	for (; *out_count < n; (*out_count)++) {
		if (value->kind == VALUE_ARRAY) {
			struct nd_geom geom;
			nd_geom_index(as_array(value)->geom, 0, (ptrdiff_t)*out_count, &geom);
			arrays[*out_count] = array_view(c->s, as_array(value), &geom);
		} else {
			arrays[*out_count] = to_array(c->s, value->seq.item[*out_count], c->arg_node[i]);
		}
		if (!arrays[*out_count])
			break;
	}
	return arrays;
}

static void free_arrays(struct array **arrays, size_t count)
{
	for (size_t i = 0; arrays && i < count; i++)
		if (arrays[i])
			value_release(&arrays[i]->value);
	free(arrays);
}

static struct value *joined(struct call *c, struct array *out, size_t count)
{
	if (!out)
		return NULL;
	tell(c->s, STEP_COPY, arg_text(c, 0), say(c->s, "%s makes one array and copies all %zu into it: %s%s", c->builtin->name, count, out->at_most ? "at most " : "", bytes_text(array_nbytes(out))));
	c->s->tale.lesson = "preallocate";
	return &out->value;
}

/* Does what goes in fit the type that comes out? */
static bool casts(struct call *c, struct array *const *arrays, size_t count, enum dtype to)
{
	for (size_t i = 0; i < count; i++)
		if (!arg_casting(c, arg_named(c, "casting"), "same_kind", arrays[i]->dtype, to))
			return false;
	return true;
}

/* Joins into out=. NumPy looks at shapes before it looks at types. Source: PyArray_ConcatenateArrays, PyArray_AssignArray. */
static struct value *into_out(struct call *c, struct array *const *arrays, size_t count, int ndim, const ptrdiff_t *shape, uint64_t at_most)
{
	struct session *s = c->s;
	struct array *target = as_array(c->arg[2]);

	if (c->arg[2]->kind != VALUE_ARRAY)
		return raise_at(s, c->arg_node[2], "TypeError", "the output must be an array, not %s", value_words(c->arg[2]));
	if (c->arg[3])
		return raise_at(s, c->node, "TypeError", "%s() takes out= or dtype=, not both", c->builtin->name);
	if (target->geom->ndim != ndim || (memcmp(target->geom->shape, shape, (size_t)ndim * sizeof shape[0]) != 0 && !(target->at_most | at_most)))
		return raise_at(s, c->node, "ValueError", "the result has shape %s and cannot be written into shape %s", shape_text(ndim, shape), array_shape_text(target));
	if (!target->writeable)
		return raise_at(s, c->node, "ValueError", "the output is read-only");
	if (!casts(c, arrays, count, target->dtype))
		return NULL;
	target->buffer->known = false;
	tell(s, STEP_INPLACE, target->name, "written into an array that is there: nothing new is made");
	return value_ref(c->arg[2]);
}

/* Joins along the axis, into out= where it is given. */
static struct value *join(struct call *c, struct array **arrays, size_t count, int axis, enum dtype dtype)
{
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	uint64_t at_most;

	if (!joined_shape(c->s, arrays, count, axis, c->node, shape, &at_most))
		return NULL;
	if (c->arg[arg_named(c, "out")])
		return into_out(c, arrays, count, arrays[0]->geom->ndim, shape, at_most);
	if (!casts(c, arrays, count, dtype != DT_NONE ? dtype : common_dtype(arrays, count)))
		return NULL;
	return joined(c, concatenated(c->s, arrays, count, axis, c->node, dtype), count);
}

/* axis=None: all elements in one row. */
static struct value *join_flat(struct call *c, struct array **arrays, size_t count, enum dtype dtype)
{
	ptrdiff_t total = 0;
	uint64_t at_most = 0;

	for (size_t i = 0; i < count; i++) {
		if (__builtin_add_overflow(total, nd_geom_size(arrays[i]->geom), &total))
			return raise_at(c->s, c->node, "ValueError", "the joined array does not fit 63 bits");
		at_most |= arrays[i]->at_most != 0;
	}
	if (c->arg[2])
		return into_out(c, arrays, count, 1, &total, at_most);
	dtype = dtype != DT_NONE ? dtype : common_dtype(arrays, count);
	if (!casts(c, arrays, count, dtype))
		return NULL;
	struct array *out = array_new(c->s, dtype, 1, &total, LAYOUT_C);
	if (out)
		out->at_most = at_most;
	return joined(c, out, count);
}

static struct value *concatenate(struct call *c)
{
	size_t n;
	enum dtype dtype;
	ptrdiff_t axis = 0;
	struct array **arrays = read_arrays(c, 0, &n);
	struct value *value = NULL;
	/* It was written, and is None. */
	const bool flat = c->arg_node[1] && !c->arg[1];

	if (arrays && !c->s->failed && arg_dtype(c, 3, DT_NONE, &dtype) && (!c->arg[1] || arg_size(c, 1, &axis)))
		value = flat && n > 0 ? join_flat(c, arrays, n, dtype) : join(c, arrays, n, axis > INT32_MAX ? INT32_MAX : axis < INT32_MIN ? INT32_MIN : (int)axis, dtype);
	free_arrays(arrays, n);
	return value;
}

/* Adds axes to each array, as a view, and joins them. */
enum { STACK, VSTACK, HSTACK, DSTACK, COLUMN };

static bool widen(struct call *c, struct array **array, int how, int axis)
{
	struct nd_geom geom = *(*array)->geom;
	uint64_t at_most = (*array)->at_most;
	int ndim = geom.ndim;

	switch (how) {
	case STACK:
		nd_geom_newaxis(&geom, axis, &geom);
		at_most = (at_most & ((UINT64_C(1) << axis) - 1)) | (at_most >> axis) << (axis + 1);
		break;
	case COLUMN:
	case VSTACK:
		for (int k = ndim; k < 2; k++) {
			nd_geom_newaxis(&geom, 0, &geom);
			at_most <<= 1;
		}
		if (how == COLUMN && ndim < 2) {
			nd_geom_transpose(&geom, NULL, &geom);
			at_most >>= 1;
		}
		break;
	case HSTACK:
		if (ndim == 0)
			nd_geom_newaxis(&geom, 0, &geom);
		break;
	case DSTACK:
		if (ndim == 0)
			nd_geom_newaxis(&geom, 0, &geom);
		if (ndim <= 1) {
			nd_geom_newaxis(&geom, 0, &geom);
			at_most <<= 1;
		}
		if (ndim <= 2)
			nd_geom_newaxis(&geom, 2, &geom);
		break;
	}
	if (geom.ndim == ndim)
		return true;
	struct array *view = array_view(c->s, *array, &geom);
	if (!view)
		return false;
	view->at_most = at_most;
	value_release(&(*array)->value);
	*array = view;
	return true;
}

static struct value *stack(struct call *c)
{
	struct session *s = c->s;
	size_t n;
	struct array **arrays = read_arrays(c, 0, &n);
	struct value *value = NULL;
	int how = c->builtin->code, axis = 0;
	ptrdiff_t wanted = 0;
	enum dtype dtype = DT_NONE;

	if (!arrays || s->failed)
		goto done;
	if (n == 0) {
		raise_at(s, c->node, "ValueError", "there is nothing to join: at least one array is needed");
		goto done;
	}
	if (!arg_dtype(c, arg_named(c, "dtype"), DT_NONE, &dtype))
		goto done;
	if (how == STACK) {
		if (c->arg_node[1] && !c->arg[1]) {
			raise_at(s, c->arg_node[1], "TypeError", "stack() puts its arrays along a new axis, and None is none");
			goto done;
		}
		for (size_t i = 1; i < n; i++)
			if (arrays[i]->geom->ndim != arrays[0]->geom->ndim || (memcmp(arrays[i]->geom->shape, arrays[0]->geom->shape, (size_t)arrays[0]->geom->ndim * sizeof(ptrdiff_t)) != 0 && !arrays[i]->at_most)) {
				raise_at(s, c->node, "ValueError", "stack() needs arrays of one shape: %s and %s differ", array_shape_text(arrays[0]), array_shape_text(arrays[i]));
				goto done;
			}
		if ((c->arg[1] && !arg_size(c, 1, &wanted)) || !to_axis(s, c->node, wanted, arrays[0]->geom->ndim + 1, &axis))
			goto done;
		if (arrays[0]->geom->ndim == ND_GEOM_MAXDIMS) {
			raise_at(s, c->node, "ValueError", "more than %d axes", ND_GEOM_MAXDIMS);
			goto done;
		}
	}
	for (size_t i = 0; i < n; i++)
		if (!widen(c, &arrays[i], how, axis))
			goto done;
	if (how == HSTACK)
		axis = arrays[0]->geom->ndim == 1 ? 0 : 1;
	else if (how == DSTACK)
		axis = 2;
	else if (how == COLUMN)
		axis = 1;
	value = join(c, arrays, n, axis, dtype);
done:
	free_arrays(arrays, n);
	return value;
}

/* np.append(arr, values, axis) */
static struct value *append(struct call *c)
{
	struct session *s = c->s;
	struct array *arrays[2] = { arg_array(c, 0), NULL }, *out = NULL;
	ptrdiff_t axis = 0;

	arrays[1] = arrays[0] ? arg_array(c, 1) : NULL;
	if (arrays[1]) {
		if (c->arg[2]) {
			if (arg_size(c, 2, &axis))
				out = concatenated(s, arrays, 2, (int)axis, c->node, DT_NONE);
		} else {
			ptrdiff_t n = nd_geom_size(arrays[0]->geom) + nd_geom_size(arrays[1]->geom);
			out = array_new(s, dtype_promote(arrays[0]->dtype, arrays[1]->dtype), 1, &n, LAYOUT_C);
			if (out)
				out->at_most = arrays[0]->at_most || arrays[1]->at_most;
		}
	}
	for (int i = 0; i < 2; i++)
		if (arrays[i])
			value_release(&arrays[i]->value);
	if (!out)
		return NULL;
	tell(s, STEP_COPY, arg_text(c, 0), say(s, "append copies the whole array each time: %s", bytes_text(array_nbytes(out))));
	s->tale.lesson = "preallocate";
	return &out->value;
}

/* ---- repeating ---- */

static struct value *repeat(struct call *c)
{
	struct session *s = c->s;
	struct array *a = arg_array(c, 0), *out = NULL;
	ptrdiff_t shape[ND_GEOM_MAXDIMS], times = 0;
	int axis = 0, ndim;
	bool each = false, open = false;

	if (!a)
		return NULL;
	ndim = a->geom->ndim;
	memcpy(shape, a->geom->shape, sizeof shape);
	if (!c->arg[2]) {
		shape[0] = nd_geom_size(a->geom);
		ndim = 1;
	} else if (!arg_axis_or_first(c, 2, ndim, &axis)) {
		goto done;
	}
	if (ndim == 0) {
		shape[0] = 1;
		ndim = 1;
	}
	if (c->arg[1]->kind == VALUE_LIST || c->arg[1]->kind == VALUE_TUPLE) {
		const struct value *list = c->arg[1];
		for (size_t i = 0; i < list->seq.count; i++) {
			ptrdiff_t one;
			if (!to_size(s, list->seq.item[i], c->arg_node[1], &one))
				goto done;
			if (one < 0) {
				raise_at(s, c->arg_node[1], "ValueError", "a count of %td: it must not be negative", one);
				goto done;
			}
			times += one;
		}
		each = list->seq.count != 1;
		if (each && (ptrdiff_t)list->seq.count != shape[axis]) {
			raise_at(s, c->arg_node[1], "ValueError", "%zu counts for %td elements", list->seq.count, shape[axis]);
			goto done;
		}
	} else if (c->arg[1]->kind == VALUE_ARRAY) {
		value_release(unfollowed_at(s, c->node, "counts in an array depend on its data: repeat() is not followed then"));
		value_release(&a->value);
		return value_unknown(s);
	} else if (!arg_size(c, 1, &times)) {
		goto done;
	}
	if (times < 0) {
		raise_at(s, c->arg_node[1], "ValueError", "a count of %td: it must not be negative", times);
		goto done;
	}
	if (each)
		shape[axis] = times;
	else if (__builtin_mul_overflow(shape[axis], times, &shape[axis])) {
		raise_at(s, c->node, "ValueError", "the result does not fit 63 bits");
		goto done;
	}
	bool hidden = !nd_geom_c_contiguous(a->geom);
	if (hidden)
		hidden_begin(s, array_nbytes(a));
	out = array_new(s, a->dtype, ndim, shape, LAYOUT_C);
	if (hidden)
		hidden_end(s, array_nbytes(a));
	if (out) {
		out->at_most = open ? 1 : ndim == a->geom->ndim ? a->at_most : a->at_most != 0;
		tell(s, STEP_COPY, arg_text(c, 0), say(s, "every element is written %td times: %s%s", times, bytes_text(array_nbytes(out)), hidden ? ", and a hidden copy in C order comes first" : ""));
		s->tale.lesson = "broadcast";
	}
done:
	value_release(&a->value);
	return out ? &out->value : NULL;
}

/* np.tile(a, reps): one repeat() for each axis that is repeated, from the first on, each with a copy of its own. */
static struct value *tile(struct call *c)
{
	struct session *s = c->s;
	struct array *a = arg_array(c, 0), *now = NULL;
	ptrdiff_t reps[ND_GEOM_MAXDIMS], shape[ND_GEOM_MAXDIMS], final[ND_GEOM_MAXDIMS];
	struct nd_geom geom;
	int n, ndim, repeats = 0;
	struct value *value = NULL;
	bool all_one = true;

	if (!a)
		return NULL;
	if (!to_sizes(s, c->arg[1], c->arg_node[1], &n, reps))
		goto done;
	ndim = a->geom->ndim > n ? a->geom->ndim : n;
	for (int k = 0; k < n; k++)
		all_one = all_one && reps[k] == 1;
	memmove(reps + (ndim - n), reps, (size_t)n * sizeof reps[0]);
	for (int k = 0; k < ndim - n; k++)
		reps[k] = 1;
	for (int k = 0; k < ndim; k++) {
		shape[k] = k < ndim - a->geom->ndim ? 1 : a->geom->shape[k - (ndim - a->geom->ndim)];
		if (reps[k] < 0 || __builtin_mul_overflow(shape[k], reps[k], &final[k])) {
			raise_at(s, c->arg_node[1], "ValueError", reps[k] < 0 ? "repeats must not be negative: %s" : "the result does not fit 63 bits: repeats %s", shape_text(ndim, reps));
			goto done;
		}
	}
	if (nd_geom_check_shape(ndim, final, a->geom->itemsize, NULL) != ND_OK) {
		raise_at(s, c->node, "ValueError", "shape %s overflows: its bytes do not fit 63 bits", shape_text(ndim, final));
		goto done;
	}
	if (all_one) {
		now = copy_of(s, a, a->dtype, 'K');
		if (now && ndim > now->geom->ndim) {
			nd_geom_reshape(now->geom, ndim, shape, &geom);
			struct array *view = array_view(s, now, &geom);
			value_release(&now->value);
			now = view;
		}
	} else {
		/* Each pass has the shape (rows, n) for the axis at hand, and repeats its rows. */
		ptrdiff_t left = nd_geom_size(a->geom), total = left;
		now = as_array(value_ref(&a->value));
		if (left == 0) {
			/* Nothing to repeat: the array itself in another shape. */
			value_release(&now->value);
			now = reshaped(s, a, ndim, final, 'C', arg_text(c, 0), c->node);
			value = now ? &now->value : NULL;
			now = NULL;
			goto done;
		}
		{
			for (int k = 0; k < ndim; k++) {
				if (reps[k] != 1) {
					ptrdiff_t rows[2] = { total / left, left };
					bool copies = !nd_geom_c_contiguous(now->geom) && nd_geom_reshape(now->geom, 2, rows, &geom) == ND_NEEDS_COPY;
					bool strided = copies || (repeats == 0 && !nd_geom_c_contiguous(now->geom));
					total *= reps[k];
					if (strided)
						hidden_begin(s, array_nbytes(now));
					struct array *next = array_new(s, a->dtype, 1, &total, LAYOUT_C);
					if (strided)
						hidden_end(s, array_nbytes(now));
					if (repeats > 0)
						s->step_hidden += array_nbytes(now);
					value_release(&now->value);
					now = next;
					repeats++;
					if (!now)
						goto done;
				}
				left = shape[k] > 0 ? left / shape[k] : left;
				if (left == 0)
					break;
			}
		}
		if (nd_geom_reshape(now->geom, ndim, final, &geom) == ND_OK) {
			struct array *view = array_view(s, now, &geom);
			value_release(&now->value);
			now = view;
		}
	}
	if (now) {
		now->origin = NULL;
		tell(s, STEP_COPY, arg_text(c, 0), say(s, "tile writes every repeat: %s x %td B = %s%s", shape_text(ndim, final), a->geom->itemsize, bytes_text(array_nbytes(now)), repeats > 1 ? ", axis by axis, and each axis makes an array of its own" : ""));
		if (n > a->geom->ndim && repeats == 1)
			s->tale.avoid = say(s, "np.broadcast_to(%s, %s) shows the same without a byte, read-only", arg_text(c, 0), shape_text(ndim, final));
		s->tale.lesson = "broadcast";
		value = &now->value;
		now = NULL;
	}
done:
	if (now && !value)
		value_release(&now->value);
	value_release(&a->value);
	return value;
}

/* ---- splitting: views ---- */

static struct value *split(struct call *c)
{
	struct session *s = c->s;
	struct array *a = arg_array(c, 0);
	ptrdiff_t cuts[1024], n;
	size_t parts;
	int axis = c->builtin->code >= 0 ? c->builtin->code : 0;
	struct value *value = NULL, *items[1025];

	if (!a)
		return NULL;
	/* vsplit, hsplit and dsplit: the axis is fixed, and must be there; hsplit of one axis splits that. */
	int needed = c->builtin->code < 0 ? 0 : c->builtin->code == 0 ? 2 : c->builtin->code == 1 ? 1 : 3;
	if (a->geom->ndim < needed) {
		raise_at(s, c->node, "ValueError", "%s() needs at least %d %s", c->builtin->name, needed, needed == 1 ? "axis" : "axes");
		goto done;
	}
	if (c->builtin->code == 1 && a->geom->ndim == 1)
		axis = 0;
	if (c->builtin->code < 0) {
		/* NumPy looks the axis up in a tuple. */
		ptrdiff_t wanted = 0;
		if (c->arg[2] && !arg_size(c, 2, &wanted))
			goto done;
		if (wanted < -a->geom->ndim || wanted >= a->geom->ndim) {
			raise_at(s, c->node, "IndexError", "axis %td is out of range: the array has %d", wanted, a->geom->ndim);
			goto done;
		}
		axis = (int)(wanted < 0 ? wanted + a->geom->ndim : wanted);
	} else if (!to_axis(s, c->node, axis, a->geom->ndim, &axis)) {
		goto done;
	}
	n = a->geom->shape[axis];
	const struct value *where = c->arg[1];
	if (where->kind == VALUE_TUPLE || where->kind == VALUE_LIST) {
		parts = where->seq.count + 1;
		if (parts > 1024) {
			raise_at(s, c->node, "ValueError", "more than 1,024 parts are not followed");
			goto done;
		}
		for (size_t i = 0; i + 1 < parts; i++)
			if (!to_size(s, where->seq.item[i], c->arg_node[1], &cuts[i]))
				goto done;
	} else {
		ptrdiff_t count;
		if (!to_size(s, where, c->arg_node[1], &count))
			goto done;
		if (count <= 0 || count > 1024) {
			raise_at(s, c->node, "ValueError", count <= 0 ? "%td parts: there must be at least one" : "%td parts: more than 1,024 are not followed", count);
			goto done;
		}
		if (strcmp(c->builtin->name, "array_split") != 0 && n % count != 0) {
			raise_at(s, c->node, "ValueError", "%td elements do not make %td equal parts: use array_split", n, count);
			goto done;
		}
		parts = (size_t)count;
		for (ptrdiff_t i = 0, at = 0; i + 1 < count; i++) {
			at += n / count + (i < n % count);
			cuts[i] = at;
		}
	}
	for (size_t i = 0; i < parts; i++) {
		struct nd_geom geom;
		nd_geom_slice(a->geom, axis, i == 0 ? ND_SLICE_NONE : cuts[i - 1], i + 1 == parts ? ND_SLICE_NONE : cuts[i], 1, &geom);
		struct array *view = array_view(s, a, &geom);
		if (!view)
			goto done;
		items[i] = &view->value;
	}
	tell(s, STEP_VIEW, arg_text(c, 0), say(s, "%zu slices along axis %d: views", parts, axis));
	value = value_sequence(s, VALUE_LIST, items, parts);
done:
	value_release(&a->value);
	return value;
}

const struct builtin functions_join[] = {
	{ "concatenate", IN_NUMPY, "arrays axis? out? | dtype? casting?", concatenate, 0 },
	{ "concat", IN_NUMPY, "arrays axis? out? | dtype? casting?", concatenate, 0 },
	{ "stack", IN_NUMPY, "arrays axis? out? | dtype? casting?", stack, STACK },
	{ "vstack", IN_NUMPY, "tup | dtype? casting?", stack, VSTACK },
	{ "row_stack", IN_NUMPY, "tup | dtype? casting?", stack, VSTACK },
	{ "hstack", IN_NUMPY, "tup | dtype? casting?", stack, HSTACK },
	{ "dstack", IN_NUMPY, "tup", stack, DSTACK },
	{ "column_stack", IN_NUMPY, "tup", stack, COLUMN },
	{ "append", IN_NUMPY, "arr values axis?", append, 0 },
	{ "repeat", IN_NUMPY | METHOD, "a repeats axis?", repeat, 0 },
	{ "tile", IN_NUMPY, "A reps", tile, 0 },
	{ "split", IN_NUMPY, "ary indices_or_sections axis?", split, -1 },
	{ "array_split", IN_NUMPY, "ary indices_or_sections axis?", split, -1 },
	{ "vsplit", IN_NUMPY, "ary indices_or_sections", split, 0 },
	{ "hsplit", IN_NUMPY, "ary indices_or_sections", split, 1 },
	{ "dsplit", IN_NUMPY, "ary indices_or_sections", split, 2 },
	{ NULL, 0, NULL, NULL, 0 },
};
