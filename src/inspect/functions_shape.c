/* SPDX-License-Identifier: MIT */
/*
 * What changes an array's shape or the order of its axes: views where the strides allow it, copies where they do not.
 *
 * Sources: NumPy 1.24's shape.c (PyArray_Newshape, PyArray_Ravel, PyArray_Squeeze, PyArray_Transpose), numpy/core/numeric.py and numpy/lib/shape_base.py,
 * whose results' owndata and base are kept.
 */
#include "inspect/calls.h"

#include <stdlib.h>
#include <string.h>

struct value *same(struct call *c, struct array *a, const char *why)
{
	tell(c->s, STEP_SAME, arg_text(c, 0), why);
	return value_ref(&a->value);
}

struct value *view_of(struct call *c, struct array *a, const struct nd_geom *geom, const char *why)
{
	struct array *view = array_view(c->s, a, geom);
	if (!view)
		return NULL;
	tell(c->s, STEP_VIEW, arg_text(c, 0), why ? why : say(c->s, "shape %s -> %s, strides %s -> %s: the bytes stay where they are", shape_text(a->geom->ndim, a->geom->shape), shape_text(geom->ndim, geom->shape),
	                                                    shape_text(a->geom->ndim, a->geom->strides), shape_text(geom->ndim, geom->strides)));
	c->s->tale.lesson = "views";
	view->whole = a->whole && nd_geom_size(geom) == nd_geom_size(a->geom);
	return &view->value;
}

struct array *copy_of(struct session *s, struct array *a, enum dtype dtype, char order)
{
	struct array *out;

	if (order == 'K') {
		out = array_new_like(s, dtype, a);
	} else {
		bool fortran = order == 'F' || (order == 'A' && nd_geom_f_contiguous(a->geom) && !nd_geom_c_contiguous(a->geom));
		out = array_new(s, dtype, a->geom->ndim, a->geom->shape, fortran ? LAYOUT_F : LAYOUT_C);
	}
	if (out) {
		out->at_most = a->at_most;
		if (a->whole && a->buffer->known && (dtype_is_integer(dtype) || dtype == DT_BOOL) && dtype == a->dtype) {
			int id = out->buffer->id;
			int64_t nbytes = out->buffer->nbytes;
			*out->buffer = *a->buffer;
			out->buffer->id = id;
			out->buffer->nbytes = nbytes;
			out->buffer->input = false;
		}
	}
	return out;
}

/* ---- reshape ---- */

const char *why_reshape_copies(struct session *s, const struct nd_geom *geom, int ndim, const ptrdiff_t *new_shape, bool fortran, ptrdiff_t bytes)
{
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	int old[ND_GEOM_MAXDIMS] = { 0 }, n = 0, i = 0, k = 0;

	if (nd_geom_reshape_shape(geom, ndim, new_shape, shape) != ND_OK)
		return NULL;
	for (int axis = 0; axis < geom->ndim; axis++)
		if (geom->shape[axis] != 1)
			old[n++] = axis;
	/* The groups of nd_geom_reshape(): the first two axes of one that do not step as one long axis would decide. */
	while (i < n && k < ndim) {
		int i_last = i, k_last = k;
		ptrdiff_t old_product = geom->shape[old[i]], new_product = shape[k];
		while (old_product != new_product) {
			if (new_product < old_product)
				new_product *= shape[++k_last];
			else
				old_product *= geom->shape[old[++i_last]];
		}
		for (int at = i; at < i_last; at++) {
			int slow = old[fortran ? at + 1 : at], fast = old[fortran ? at : at + 1];
			ptrdiff_t expected;
			if (!__builtin_mul_overflow(geom->shape[fast], geom->strides[fast], &expected) && geom->strides[slow] == expected)
				continue;
			return say(s, "merging needs stride[%d] == shape[%d] * stride[%d], here %td != %td * %td = %td, so a copy of %s", slow, fast, fast, geom->strides[slow], geom->shape[fast], geom->strides[fast], expected, bytes_text(bytes));
		}
		i = i_last + 1;
		k = k_last + 1;
	}
	return say(s, "no strides express that order of these bytes: a copy of %s", bytes_text(bytes));
}

static const char *why_reshape_views(struct session *s, const struct nd_geom *from, const struct nd_geom *to)
{
	if (from->ndim == to->ndim && memcmp(from->shape, to->shape, (size_t)to->ndim * sizeof to->shape[0]) == 0)
		return say(s, "the shape is the same: another view, strides %s", shape_text(to->ndim, to->strides));
	if (nd_geom_c_contiguous(from))
		return say(s, "the bytes are in C order already: strides %s walk them in shape %s", shape_text(to->ndim, to->strides), shape_text(to->ndim, to->shape));
	return say(s, "the axes that are merged step as one (stride[k] == shape[k+1] * stride[k+1]): strides %s walk the same bytes", shape_text(to->ndim, to->strides));
}

struct array *reshaped(struct session *s, struct array *a, int ndim, const ptrdiff_t *shape, char order, const char *of, const struct node *node)
{
	struct nd_geom geom;
	bool fortran = order == 'F' || (order == 'A' && nd_geom_f_contiguous(a->geom) && !nd_geom_c_contiguous(a->geom));
	ptrdiff_t wanted[ND_GEOM_MAXDIMS];
	/* NumPy takes any negative extent for -1. */
	for (int k = 0; k < ndim && k < ND_GEOM_MAXDIMS; k++)
		wanted[k] = shape[k] < 0 ? -1 : shape[k];
	int status = nd_geom_reshape_order(a->geom, ndim, wanted, fortran, &geom);
	struct array *view;

	if (status == ND_ESHAPE || status == ND_EINVAL || status == ND_EOVERFLOW || status == ND_EDIMS) {
		int unknown = 0;
		ptrdiff_t product = 1;
		for (int k = 0; k < ndim; k++) {
			unknown += shape[k] < 0;
			if (shape[k] >= 0 && __builtin_mul_overflow(product, shape[k], &product))
				product = -1;
		}
		if (a->at_most && unknown <= 1 && ndim <= ND_GEOM_MAXDIMS) {
			/* The size depends on data: the first extent carries what is open. */
			ptrdiff_t size = nd_geom_size(a->geom), open[ND_GEOM_MAXDIMS];
			for (int k = 0; k < ndim; k++)
				open[k] = shape[k] < 0 ? product > 0 ? size / product : 0 : shape[k];
			if (nd_geom_init(&geom, ndim, open, a->geom->itemsize) == ND_OK) {
				geom.offset = a->geom->offset;
				view = array_view(s, a, &geom);
				if (view) {
					view->at_most = 0;
					for (int k = 0; k < ndim; k++)
						if (shape[k] < 0)
							view->at_most = UINT64_C(1) << k;
				}
				tell(s, STEP_VIEW, of, "the size depends on data; if it fits, the elements lie in one row and no copy is needed");
				return view;
			}
		}
		if (unknown > 1)
			return raise_at(s, node, "ValueError", "only one extent can be negative: shape %s", shape_text(ndim, shape));
		if (unknown == 1)
			return raise_at(s, node, "ValueError", "an array of %td elements, shape %s, cannot take the shape %s: %td is no multiple of %td", nd_geom_size(a->geom), array_shape_text(a), shape_text(ndim, shape),
			                nd_geom_size(a->geom), product);
		if (product < 0)
			return raise_at(s, node, "ValueError", "an array of %td elements cannot take the shape %s, whose product does not fit 63 bits", nd_geom_size(a->geom), shape_text(ndim, shape));
		return raise_at(s, node, "ValueError", "an array of %td elements, shape %s, cannot take the shape %s, which has %td", nd_geom_size(a->geom), array_shape_text(a), shape_text(ndim, shape), product);
	}
	if (status == ND_OK) {
		view = array_view(s, a, &geom);
		if (!view)
			return NULL;
		view->whole = a->whole;
		view->at_most = 0;
		if (a->at_most && ndim > 0) {
			for (int k = 0; k < ndim; k++)
				if (shape[k] < 0)
					view->at_most = UINT64_C(1) << k;
		}
		tell(s, STEP_VIEW, of, why_reshape_views(s, a->geom, &geom));
		s->tale.lesson = "views";
		return view;
	}
	ptrdiff_t bytes = nd_geom_nbytes(a->geom);
	const char *why = why_reshape_copies(s, a->geom, ndim, wanted, fortran, bytes);
	struct array *copy = copy_of(s, a, a->dtype, fortran ? 'F' : 'C');
	if (!copy)
		return NULL;
	s->step_hidden += bytes;
	nd_geom_reshape_order(copy->geom, ndim, wanted, fortran, &geom);
	view = array_view(s, copy, &geom);
	value_release(&copy->value);
	if (!view)
		return NULL;
	view->origin = NULL;
	view->whole = true;
	tell(s, STEP_COPY, of, why);
	s->tale.what = "COPY, and reshape does not say so";
	s->tale.surprising = true;
	s->tale.lesson = "views";
	return view;
}

static bool reshape_arguments(struct call *c, int *out_ndim, ptrdiff_t *out_shape, char *out_order)
{
	if (!c->arg[1] || (c->method && c->arg[1]->kind == VALUE_TUPLE && c->arg[1]->seq.count == 0 && c->node->b == NULL))
		return raise_at(c->s, c->node, "TypeError", "reshape() needs a shape"), false;
	if (!to_sizes(c->s, c->arg[1], c->arg_node[1], out_ndim, out_shape) || !arg_order(c, 2, 'C', out_order))
		return false;
	if (*out_order == 'K')
		return raise_at(c->s, c->arg_node[2], "ValueError", "reshape() reads in order 'C', 'F' or 'A'; order 'K' is not for it"), false;
	return true;
}

/* What reads in the order that was wanted, without a copy. */
static void avoid_reshape(struct call *c, const struct array *a)
{
	struct nd_geom turned, geom;
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	const char *of = text_to_follow(c->s, arg_text(c, 0));
	size_t length = of ? strlen(of) : 0;
	char order;
	int ndim;

	if (!of || !reshape_arguments(c, &ndim, shape, &order) || order != 'C')
		return;
	nd_geom_transpose(a->geom, NULL, &turned);
	if (nd_geom_reshape(&turned, ndim, shape, &geom) != ND_OK || !nd_geom_c_contiguous(&turned))
		return;
	const char *shape_words = ndim == 1 && shape[0] == -1 ? "-1" : shape_text(ndim, shape);
	if (length > 2 && strcmp(of + length - 2, ".T") == 0)
		c->s->tale.avoid = say(c->s, "%.*s.reshape(%s) is a view, but in the order of %.*s's bytes; the order of %s needs a copy: no one stride walks it", (int)(length - 2), of, shape_words, (int)(length - 2), of, of);
	else
		c->s->tale.avoid = say(c->s, "%s.T.reshape(%s) is a view, but in the order of the bytes; this order needs a copy: no one stride walks it", of, shape_words);
}

static struct value *reshape(struct call *c)
{
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	struct array *a = arg_array(c, 0), *out = NULL;
	char order;
	int ndim;

	if (!a)
		return NULL;
	if (reshape_arguments(c, &ndim, shape, &order)) {
		out = reshaped(c->s, a, ndim, shape, order, arg_text(c, 0), c->node);
		if (out && c->s->tale.kind == STEP_COPY)
			avoid_reshape(c, a);
	}
	value_release(&a->value);
	return out ? &out->value : NULL;
}

/* Are the elements in memory one after the other, in whatever order of axes? Source: PyArray_Ravel with NPY_KEEPORDER. */
static bool fills_memory(const struct nd_geom *geom)
{
	int order[ND_GEOM_MAXDIMS];
	ptrdiff_t stride = geom->itemsize;

	order_by_strides(geom, order);
	for (int k = geom->ndim - 1; k >= 0; k--) {
		if (geom->shape[order[k]] == 1)
			continue;
		if (geom->strides[order[k]] != stride)
			return false;
		stride *= geom->shape[order[k]];
	}
	return true;
}

static struct value *ravel(struct call *c)
{
	struct session *s = c->s;
	struct array *a = arg_array(c, 0), *out;
	ptrdiff_t all[1] = { -1 };
	struct nd_geom geom;
	const char *of = arg_text(c, 0);
	char order;

	if (!a)
		return NULL;
	if (!arg_order(c, 1, 'C', &order)) {
		value_release(&a->value);
		return NULL;
	}
	all[0] = nd_geom_size(a->geom);
	bool c_order = nd_geom_c_contiguous(a->geom), f_order = nd_geom_f_contiguous(a->geom);
	if (order == 'A')
		order = f_order && !c_order ? 'F' : 'C';
	bool view = order == 'C' ? c_order : order == 'F' ? f_order : c_order || f_order || fills_memory(a->geom);
	if (order == 'K' && c_order)
		order = 'C';
	if (view) {
		geom = (struct nd_geom){ .ndim = 1, .itemsize = a->geom->itemsize, .offset = a->geom->offset, .shape = { all[0] }, .strides = { a->geom->itemsize } };
		out = array_view(s, a, &geom);
		if (out) {
			out->whole = a->whole;
			out->at_most = a->at_most ? 1 : 0;
			tell(s, STEP_VIEW, of, say(s, "the elements lie one after the other in that order: one axis, stride %td", geom.itemsize));
		}
	} else {
		out = array_new(s, a->dtype, 1, all, LAYOUT_C);
		if (out) {
			out->at_most = a->at_most ? 1 : 0;
			tell(s, STEP_COPY, of, why_reshape_copies(s, a->geom, 1, all, order == 'F', nd_geom_nbytes(a->geom)));
			s->tale.what = "COPY, and ravel does not say so";
			s->tale.surprising = true;
			const char *followed = order != 'K' && fills_memory(a->geom) ? text_to_follow(s, of) : NULL;
			if (followed)
				s->tale.avoid = say(s, "%s.ravel(order='K') is a view, in the order of the bytes", followed);
		}
	}
	s->tale.lesson = "views";
	value_release(&a->value);
	return out ? &out->value : NULL;
}

static struct value *flatten(struct call *c)
{
	struct session *s = c->s;
	struct array *a = arg_array(c, 0), *out;
	char order;

	if (!a)
		return NULL;
	if (!arg_order(c, 1, 'C', &order)) {
		value_release(&a->value);
		return NULL;
	}
	ptrdiff_t n = nd_geom_size(a->geom);
	out = array_new(s, a->dtype, 1, &n, LAYOUT_C);
	if (out) {
		out->at_most = a->at_most ? 1 : 0;
		tell(s, STEP_COPY, arg_text(c, 0), say(s, "flatten copies always: %td x %td B = %s", n, out->geom->itemsize, bytes_text(array_nbytes(out))));
		const char *of = nd_geom_c_contiguous(a->geom) && (order != 'F' || nd_geom_f_contiguous(a->geom)) ? text_to_follow(s, arg_text(c, 0)) : NULL;
		if (of)
			s->tale.avoid = say(s, "%s.ravel() or %s.reshape(-1) is a view here", of, of);
		s->tale.lesson = "views";
	}
	value_release(&a->value);
	return out ? &out->value : NULL;
}

/* ---- axes ---- */

static struct value *permuted(struct call *c, struct array *a, const int *axes)
{
	struct nd_geom geom;
	uint64_t at_most = 0;

	nd_geom_transpose(a->geom, axes, &geom);
	for (int k = 0; k < geom.ndim; k++)
		at_most |= (a->at_most >> (axes ? axes[k] : geom.ndim - 1 - k) & 1) << k;
	struct value *value = view_of(c, a, &geom, say(c->s, "shape and strides change places: strides %s become %s, and no byte moves", shape_text(a->geom->ndim, a->geom->strides), shape_text(geom.ndim, geom.strides)));
	if (value)
		as_array(value)->at_most = at_most;
	return value;
}

static struct value *transpose(struct call *c)
{
	struct array *a = arg_array(c, 0);
	ptrdiff_t wanted[ND_GEOM_MAXDIMS];
	int axes[ND_GEOM_MAXDIMS], n;
	struct value *value = NULL;
	bool seen[ND_GEOM_MAXDIMS] = { false };

	if (!a)
		return NULL;
	struct value *given = c->arg[1];
	if (!given || given->kind == VALUE_NONE || (c->method && given->kind == VALUE_TUPLE && given->seq.count == 0 && !c->node->b)) {
		value = permuted(c, a, NULL);
	} else if (to_sizes(c->s, given, c->arg_node[1], &n, wanted)) {
		if (n != a->geom->ndim) {
			raise_at(c->s, c->node, "ValueError", "%d axes were given, and the array has %d: shape %s", n, a->geom->ndim, array_shape_text(a));
			goto done;
		}
		for (int k = 0; k < n; k++) {
			if (!to_axis(c->s, c->node, wanted[k], n, &axes[k]))
				goto done;
			if (seen[axes[k]]) {
				raise_at(c->s, c->node, "ValueError", "axis %d was given twice", axes[k]);
				goto done;
			}
			seen[axes[k]] = true;
		}
		value = permuted(c, a, axes);
	}
done:
	value_release(&a->value);
	return value;
}

static struct value *swapaxes(struct call *c)
{
	struct array *a = arg_array(c, 0);
	int x, y, axes[ND_GEOM_MAXDIMS];
	struct value *value = NULL;

	if (!a)
		return NULL;
	if (arg_axis(c, 1, a->geom->ndim, 0, &x) && arg_axis(c, 2, a->geom->ndim, 0, &y)) {
		for (int k = 0; k < a->geom->ndim; k++)
			axes[k] = k == x ? y : k == y ? x : k;
		value = permuted(c, a, axes);
	}
	value_release(&a->value);
	return value;
}

/* Axes that are named, each once, within 0..ndim-1. */
static bool named_axes(struct call *c, int i, int ndim, int *out_count, int *out_axes)
{
	ptrdiff_t wanted[ND_GEOM_MAXDIMS];

	if (!to_sizes(c->s, c->arg[i], c->arg_node[i], out_count, wanted))
		return false;
	for (int k = 0; k < *out_count; k++) {
		if (!to_axis(c->s, c->arg_node[i], wanted[k], ndim, &out_axes[k]))
			return false;
		for (int j = 0; j < k; j++)
			if (out_axes[j] == out_axes[k])
				return raise_at(c->s, c->arg_node[i], "ValueError", "axis %d was given twice", out_axes[k]), false;
	}
	return true;
}

static struct value *moveaxis(struct call *c)
{
	struct array *a = arg_array(c, 0);
	int from[ND_GEOM_MAXDIMS], to[ND_GEOM_MAXDIMS], axes[ND_GEOM_MAXDIMS], n, m;
	struct value *value = NULL;
	bool moved[ND_GEOM_MAXDIMS] = { false }, filled[ND_GEOM_MAXDIMS] = { false };

	if (!a)
		return NULL;
	int ndim = a->geom->ndim;
	if (named_axes(c, 1, ndim, &n, from) && named_axes(c, 2, ndim, &m, to)) {
		if (n != m) {
			raise_at(c->s, c->node, "ValueError", "%d axes to move, and %d places for them", n, m);
		} else {
			for (int k = 0; k < n; k++) {
				axes[to[k]] = from[k];
				filled[to[k]] = moved[from[k]] = true;
			}
			for (int k = 0, next = 0; k < ndim; k++) {
				if (filled[k])
					continue;
				while (moved[next])
					next++;
				axes[k] = next++;
			}
			value = permuted(c, a, axes);
		}
	}
	value_release(&a->value);
	return value;
}

static struct value *rollaxis(struct call *c)
{
	struct array *a = arg_array(c, 0);
	int axis, axes[ND_GEOM_MAXDIMS], ndim = a ? a->geom->ndim : 0, n = 0;
	ptrdiff_t start = 0;
	struct value *value = NULL;

	if (!a)
		return NULL;
	if (arg_axis(c, 1, ndim, 0, &axis) && (!c->arg[2] || arg_size(c, 2, &start))) {
		if (start < 0)
			start += ndim;
		if (start < 0 || start > ndim) {
			raise_at(c->s, c->arg_node[2], "AxisError", "start must be in -%d to %d", ndim, ndim);
		} else {
			if (axis < start)
				start--;
			if (axis == start) {
				value = view_of(c, a, a->geom, NULL);
			} else {
				for (int k = 0; k < ndim; k++)
					if (k != axis)
						axes[n++] = k;
				memmove(&axes[start + 1], &axes[start], (size_t)(n - start) * sizeof axes[0]);
				axes[start] = axis;
				value = permuted(c, a, axes);
			}
		}
	}
	value_release(&a->value);
	return value;
}

static struct value *squeeze(struct call *c)
{
	struct array *a = arg_array(c, 0);
	struct nd_geom geom;
	uint64_t axes = 0, at_most = 0;
	struct value *value = NULL;

	if (!a)
		return NULL;
	if (c->arg[1]) {
		if (!arg_axes_or_first(c, 1, a->geom->ndim, &axes))
			goto done;
	} else {
		for (int k = 0; k < a->geom->ndim; k++)
			if (a->geom->shape[k] == 1)
				axes |= UINT64_C(1) << k;
	}
	geom = *a->geom;
	geom.ndim = 0;
	for (int k = 0; k < a->geom->ndim; k++) {
		if (axes >> k & 1) {
			if (a->geom->shape[k] != 1) {
				raise_at(c->s, c->node, "ValueError", "axis %d has %td elements: only an axis of 1 can be squeezed", k, a->geom->shape[k]);
				goto done;
			}
			continue;
		}
		at_most |= (a->at_most >> k & 1) << geom.ndim;
		geom.shape[geom.ndim] = a->geom->shape[k];
		geom.strides[geom.ndim++] = a->geom->strides[k];
	}
	if (axes == 0) {
		value = same(c, a, "no axis of 1 is there: the same object");
	} else {
		value = view_of(c, a, &geom, NULL);
		if (value)
			as_array(value)->at_most = at_most;
	}
done:
	value_release(&a->value);
	return value;
}

static struct value *expand_dims(struct call *c)
{
	struct array *a = arg_array(c, 0);
	int n, axes[ND_GEOM_MAXDIMS];
	ptrdiff_t wanted[ND_GEOM_MAXDIMS], shape[ND_GEOM_MAXDIMS];
	struct value *value = NULL;
	bool fresh[ND_GEOM_MAXDIMS] = { false };
	uint64_t at_most = 0;

	if (!a)
		return NULL;
	if (!c->arg[1]) {
		raise_at(c->s, c->node, "TypeError", "expand_dims() needs an axis");
		goto done;
	}
	if (!to_sizes(c->s, c->arg[1], c->arg_node[1], &n, wanted))
		goto done;
	int ndim = a->geom->ndim + n;
	if (ndim > ND_GEOM_MAXDIMS) {
		raise_at(c->s, c->node, "ValueError", "more than %d axes", ND_GEOM_MAXDIMS);
		goto done;
	}
	for (int k = 0; k < n; k++) {
		if (!to_axis(c->s, c->arg_node[1], wanted[k], ndim, &axes[k]))
			goto done;
		if (fresh[axes[k]]) {
			raise_at(c->s, c->arg_node[1], "ValueError", "axis %d was given twice", axes[k]);
			goto done;
		}
		fresh[axes[k]] = true;
	}
	for (int k = 0, from = 0; k < ndim; k++) {
		if (!fresh[k])
			at_most |= (a->at_most >> from & 1) << k;
		shape[k] = fresh[k] ? 1 : a->geom->shape[from++];
	}
	struct array *out = reshaped(c->s, a, ndim, shape, 'C', arg_text(c, 0), c->node);
	if (out)
		out->at_most = at_most;
	value = out ? &out->value : NULL;
done:
	value_release(&a->value);
	return value;
}

/* np.atleast_1d(a), 2d, 3d; several at once give a list. */
static struct value *at_least_nd(struct call *c)
{
	struct value *items[64];
	size_t n = c->arg[0]->seq.count;
	int least = c->builtin->code;

	if (n > 64)
		return raise_at(c->s, c->node, "TypeError", "more than 64 arrays");
	for (size_t i = 0; i < n; i++) {
		struct array *a = to_array(c->s, c->arg[0]->seq.item[i], c->node);
		if (!a) {
			while (i > 0)
				value_release(items[--i]);
			return NULL;
		}
		struct nd_geom geom = *a->geom;
		if (geom.ndim >= least) {
			tell(c->s, STEP_SAME, arg_text(c, 0), "it has as many axes already: the same object");
			items[i] = &a->value;
			continue;
		}
		uint64_t at_most = a->at_most;
		if (geom.ndim == 0) {
			geom.ndim = least;
			for (int k = 0; k < least; k++) {
				geom.shape[k] = 1;
				geom.strides[k] = geom.itemsize;
			}
		} else if (geom.ndim == 1) {
			nd_geom_newaxis(&geom, 0, &geom);
			at_most <<= 1;
			if (least == 3)
				nd_geom_newaxis(&geom, 2, &geom);
		} else {
			nd_geom_newaxis(&geom, 2, &geom);
		}
		struct array *view = array_view(c->s, a, &geom);
		if (view)
			view->at_most = at_most;
		tell(c->s, STEP_VIEW, arg_text(c, 0), "axes of 1 are added: a view");
		value_release(&a->value);
		items[i] = view ? &view->value : NULL;
		if (!view)
			return NULL;
	}
	return n == 1 ? items[0] : value_sequence(c->s, VALUE_LIST, items, n);
}

static struct value *real_part(struct call *c)
{
	struct array *a = arg_array(c, 0);
	if (!a)
		return NULL;
	struct value *value = complex_part(c->s, a, c->builtin->code, arg_text(c, 0));
	value_release(&a->value);
	return value;
}

/* a.view(), a.view(dtype): the bytes read as another type. */
static struct value *view(struct call *c)
{
	struct session *s = c->s;
	struct array *a = as_array(c->arg[0]);
	enum dtype dtype;

	if (c->arg[0]->kind != VALUE_ARRAY)
		return c->arg[1] ? unfollowed_at(s, c->node, "a scalar's view() as another type is not followed") : value_ref(c->arg[0]);
	if (!arg_dtype(c, 1, a->dtype, &dtype))
		return NULL;
	struct nd_geom geom = *a->geom;
	ptrdiff_t old = geom.itemsize, size = (ptrdiff_t)dtype_itemsize(dtype);
	int last = geom.ndim - 1;
	if (size != old) {
		if (geom.ndim == 0)
			return raise_at(s, c->node, "ValueError", "an array without axes cannot be seen in items of another size");
		if (geom.shape[last] != 1 && nd_geom_size(&geom) != 0 && geom.strides[last] != old)
			return raise_at(s, c->node, "ValueError", "items of %td B instead of %td B: the last axis must lie one after the other, and its stride is %td", size, old, geom.strides[last]);
		if (size < old) {
			if (old % size != 0)
				return raise_at(s, c->node, "ValueError", "%td B are no multiple of %td B", old, size);
			geom.shape[last] *= old / size;
		} else {
			if (geom.shape[last] * old % size != 0)
				return raise_at(s, c->node, "ValueError", "the last axis has %td B, which are no multiple of %td B", geom.shape[last] * old, size);
			geom.shape[last] = geom.shape[last] * old / size;
		}
		geom.strides[last] = size;
		geom.itemsize = size;
	}
	struct value *value = view_of(c, a, &geom, dtype == a->dtype ? "another array over the same bytes" : say(s, "the same bytes read as %s", dtype_name(dtype)));
	if (value) {
		as_array(value)->dtype = dtype;
		as_array(value)->at_most = a->at_most;
		as_array(value)->whole = a->whole && dtype == a->dtype;
	}
	return value;
}

const struct builtin functions_shape[] = {
	{ "reshape", IN_NUMPY, "a shape order? copy?", reshape, 0 },
	{ "reshape", METHOD, "a *shape order? copy?", reshape, 0 },
	{ "ravel", IN_NUMPY | METHOD, "a order?", ravel, 0 },
	{ "flatten", METHOD, "a order?", flatten, 0 },
	{ "transpose", IN_NUMPY, "a axes?", transpose, 0 },
	{ "transpose", METHOD, "a *axes", transpose, 0 },
	{ "permute_dims", IN_NUMPY, "a axes?", transpose, 0 },
	{ "swapaxes", IN_NUMPY | METHOD, "a axis1 axis2", swapaxes, 0 },
	{ "moveaxis", IN_NUMPY, "a source destination", moveaxis, 0 },
	{ "rollaxis", IN_NUMPY, "a axis start?", rollaxis, 0 },
	{ "squeeze", IN_NUMPY | METHOD, "a axis?", squeeze, 0 },
	{ "expand_dims", IN_NUMPY, "a axis", expand_dims, 0 },
	{ "atleast_1d", IN_NUMPY, "*arys", at_least_nd, 1 },
	{ "atleast_2d", IN_NUMPY, "*arys", at_least_nd, 2 },
	{ "atleast_3d", IN_NUMPY, "*arys", at_least_nd, 3 },
	{ "real", IN_NUMPY, "val", real_part, 0 },
	{ "imag", IN_NUMPY, "val", real_part, 1 },
	{ "view", METHOD, "a dtype? type?", view, 0 },
	{ NULL, 0, NULL, NULL, 0 },
};
