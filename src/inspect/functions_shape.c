/* SPDX-License-Identifier: MIT */
/*
 * What changes an array's shape, strides or order of axes: views where the strides allow it, copies where they do not.
 *
 * Sources: NumPy 1.24's shape.c (PyArray_Newshape, PyArray_Ravel, PyArray_Squeeze, PyArray_Transpose), numpy/core/numeric.py and numpy/lib/shape_base.py,
 * stride_tricks.py, whose results' owndata and base are kept.
 */
#include "inspect/calls.h"

#include <stdlib.h>
#include <string.h>

struct value *same(struct call *c, struct array *a, const char *why)
{
	tell(c->s, STEP_SAME, arg_text(c, 0), why);
	return value_ref(&a->value);
}

/* The first argument as an array; NULL with an error raised. A number becomes an array without axes. */
static struct array *first(struct call *c)
{
	return arg_array(c, 0);
}

struct value *view_of(struct call *c, struct array *a, const struct nd_geom *geom, const char *why)
{
	struct array *view = array_view(c->s, a, geom);
	if (!view)
		return NULL;
	tell(c->s, STEP_VIEW, arg_text(c, 0), why ? why : say(c->s, "shape %s -> %s, strides %s -> %s: the bytes stay where they are", shape_text(a->geom.ndim, a->geom.shape), shape_text(geom->ndim, geom->shape),
	                                                    shape_text(a->geom.ndim, a->geom.strides), shape_text(geom->ndim, geom->strides)));
	c->s->tale.lesson = "views";
	view->whole = a->whole && nd_geom_size(geom) == nd_geom_size(&a->geom);
	return &view->value;
}

struct array *copy_of(struct session *s, struct array *a, enum dtype dtype, char order)
{
	struct array *out;

	if (order == 'K') {
		out = array_new_like(s, dtype, a);
	} else {
		bool fortran = order == 'F' || (order == 'A' && nd_geom_f_contiguous(&a->geom) && !nd_geom_c_contiguous(&a->geom));
		out = array_new(s, dtype, a->geom.ndim, a->geom.shape, fortran ? LAYOUT_F : LAYOUT_C);
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
	bool fortran = order == 'F' || (order == 'A' && nd_geom_f_contiguous(&a->geom) && !nd_geom_c_contiguous(&a->geom));
	int status = nd_geom_reshape_order(&a->geom, ndim, shape, fortran, &geom);
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
			ptrdiff_t size = nd_geom_size(&a->geom), open[ND_GEOM_MAXDIMS];
			for (int k = 0; k < ndim; k++)
				open[k] = shape[k] < 0 ? product > 0 ? size / product : 0 : shape[k];
			if (nd_geom_init(&geom, ndim, open, a->geom.itemsize) == ND_OK) {
				geom.offset = a->geom.offset;
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
			return raise_at(s, node, "ValueError", "only one extent can be -1: shape %s", shape_text(ndim, shape));
		if (unknown == 1)
			return raise_at(s, node, "ValueError", "an array of %td elements, shape %s, cannot take the shape %s: %td is no multiple of %td", nd_geom_size(&a->geom), array_shape_text(a), shape_text(ndim, shape),
			                nd_geom_size(&a->geom), product);
		if (product < 0)
			return raise_at(s, node, "ValueError", "an array of %td elements cannot take the shape %s, whose product does not fit 63 bits", nd_geom_size(&a->geom), shape_text(ndim, shape));
		return raise_at(s, node, "ValueError", "an array of %td elements, shape %s, cannot take the shape %s, which has %td", nd_geom_size(&a->geom), array_shape_text(a), shape_text(ndim, shape), product);
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
		tell(s, STEP_VIEW, of, why_reshape_views(s, &a->geom, &geom));
		s->tale.lesson = "views";
		return view;
	}
	ptrdiff_t bytes = nd_geom_nbytes(&a->geom);
	const char *why = why_reshape_copies(s, &a->geom, ndim, shape, fortran, bytes);
	struct array *copy = copy_of(s, a, a->dtype, fortran ? 'F' : 'C');
	if (!copy)
		return NULL;
	s->step_hidden += bytes;
	nd_geom_reshape_order(&copy->geom, ndim, shape, fortran, &geom);
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
	return to_sizes(c->s, c->arg[1], c->arg_node[1], out_ndim, out_shape) && arg_order(c, 2, 'C', out_order);
}

/* What reads in the order that was wanted, without a copy. */
static void avoid_reshape(struct call *c, const struct array *a)
{
	struct nd_geom turned, geom;
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	const char *of = arg_text(c, 0);
	size_t length = strlen(of);
	char order;
	int ndim;

	if (!reshape_arguments(c, &ndim, shape, &order) || order != 'C')
		return;
	nd_geom_transpose(&a->geom, NULL, &turned);
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
	struct array *a = first(c), *out = NULL;
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
	struct array *a = first(c), *out;
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
	all[0] = nd_geom_size(&a->geom);
	bool c_order = nd_geom_c_contiguous(&a->geom), f_order = nd_geom_f_contiguous(&a->geom);
	if (order == 'A')
		order = f_order && !c_order ? 'F' : 'C';
	bool view = order == 'C' ? c_order : order == 'F' ? f_order : c_order || f_order || fills_memory(&a->geom);
	if (order == 'K' && c_order)
		order = 'C';
	if (view) {
		geom = (struct nd_geom){ .ndim = 1, .itemsize = a->geom.itemsize, .offset = a->geom.offset, .shape = { all[0] }, .strides = { a->geom.itemsize } };
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
			tell(s, STEP_COPY, of, why_reshape_copies(s, &a->geom, 1, all, order == 'F', nd_geom_nbytes(&a->geom)));
			s->tale.what = "COPY, and ravel does not say so";
			s->tale.surprising = true;
			if (order != 'K' && fills_memory(&a->geom))
				s->tale.avoid = say(s, "%s.ravel(order='K') is a view, in the order of the bytes", of);
		}
	}
	s->tale.lesson = "views";
	value_release(&a->value);
	return out ? &out->value : NULL;
}

static struct value *flatten(struct call *c)
{
	struct session *s = c->s;
	struct array *a = first(c), *out;
	char order;

	if (!a)
		return NULL;
	if (!arg_order(c, 1, 'C', &order)) {
		value_release(&a->value);
		return NULL;
	}
	ptrdiff_t n = nd_geom_size(&a->geom);
	out = array_new(s, a->dtype, 1, &n, LAYOUT_C);
	if (out) {
		out->at_most = a->at_most ? 1 : 0;
		tell(s, STEP_COPY, arg_text(c, 0), say(s, "flatten copies always: %td x %td B = %s", n, out->geom.itemsize, bytes_text(array_nbytes(out))));
		if (nd_geom_c_contiguous(&a->geom))
			s->tale.avoid = say(s, "%s.ravel() or %s.reshape(-1) is a view here", arg_text(c, 0), arg_text(c, 0));
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

	nd_geom_transpose(&a->geom, axes, &geom);
	for (int k = 0; k < geom.ndim; k++)
		at_most |= (a->at_most >> (axes ? axes[k] : geom.ndim - 1 - k) & 1) << k;
	struct value *value = view_of(c, a, &geom, say(c->s, "shape and strides change places: strides %s become %s, and no byte moves", shape_text(a->geom.ndim, a->geom.strides), shape_text(geom.ndim, geom.strides)));
	if (value)
		as_array(value)->at_most = at_most;
	return value;
}

static struct value *transpose(struct call *c)
{
	struct array *a = first(c);
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
		if (n != a->geom.ndim) {
			raise_at(c->s, c->node, "ValueError", "%d axes were given, and the array has %d: shape %s", n, a->geom.ndim, array_shape_text(a));
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
	struct array *a = first(c);
	int x, y, axes[ND_GEOM_MAXDIMS];
	struct value *value = NULL;

	if (!a)
		return NULL;
	if (arg_axis(c, 1, a->geom.ndim, 0, &x) && arg_axis(c, 2, a->geom.ndim, 0, &y)) {
		for (int k = 0; k < a->geom.ndim; k++)
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
	struct array *a = first(c);
	int from[ND_GEOM_MAXDIMS], to[ND_GEOM_MAXDIMS], axes[ND_GEOM_MAXDIMS], n, m;
	struct value *value = NULL;
	bool moved[ND_GEOM_MAXDIMS] = { false }, filled[ND_GEOM_MAXDIMS] = { false };

	if (!a)
		return NULL;
	int ndim = a->geom.ndim;
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
	struct array *a = first(c);
	int axis, axes[ND_GEOM_MAXDIMS], ndim = a ? a->geom.ndim : 0, n = 0;
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
				value = view_of(c, a, &a->geom, NULL);
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
	struct array *a = first(c);
	struct nd_geom geom;
	uint64_t axes = 0, at_most = 0;
	struct value *value = NULL;

	if (!a)
		return NULL;
	if (c->arg[1]) {
		if (!arg_axes_or_first(c, 1, a->geom.ndim, &axes))
			goto done;
	} else {
		for (int k = 0; k < a->geom.ndim; k++)
			if (a->geom.shape[k] == 1)
				axes |= UINT64_C(1) << k;
	}
	geom = a->geom;
	geom.ndim = 0;
	for (int k = 0; k < a->geom.ndim; k++) {
		if (axes >> k & 1) {
			if (a->geom.shape[k] != 1) {
				raise_at(c->s, c->node, "ValueError", "axis %d has %td elements: only an axis of 1 can be squeezed", k, a->geom.shape[k]);
				goto done;
			}
			continue;
		}
		at_most |= (a->at_most >> k & 1) << geom.ndim;
		geom.shape[geom.ndim] = a->geom.shape[k];
		geom.strides[geom.ndim++] = a->geom.strides[k];
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
	struct array *a = first(c);
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
	int ndim = a->geom.ndim + n;
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
		shape[k] = fresh[k] ? 1 : a->geom.shape[from++];
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
		struct nd_geom geom = a->geom;
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

/* ---- repeating without a copy ---- */

static struct value *broadcast_to(struct call *c)
{
	struct array *a = first(c);
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	struct nd_geom geom;
	struct value *value = NULL;
	uint64_t at_most;
	int ndim;

	if (!a)
		return NULL;
	if (arg_shape(c, 1, &ndim, shape, &at_most)) {
		for (int k = 0; k < ndim; k++)
			if (shape[k] < 0) {
				raise_at(c->s, c->node, "ValueError", "negative extents are not allowed: shape %s", shape_text(ndim, shape));
				goto done;
			}
		int status = nd_geom_broadcast_to(&a->geom, ndim, shape, &geom);
		if (status != ND_OK) {
			raise_at(c->s, c->node, "ValueError", status == ND_EOVERFLOW ? "shape %s -> %s: its bytes do not fit 63 bits" : "shape %s cannot be repeated to %s: from the last axis on, extents must be equal or 1", array_shape_text(a), shape_text(ndim, shape));
			goto done;
		}
		value = view_of(c, a, &geom, say(c->s, "stride 0 repeats without bytes: %s has strides %s, so %s show up as %s", shape_text(ndim, shape), shape_text(ndim, geom.strides), bytes_text(array_nbytes(a)), bytes_text(nd_geom_nbytes(&geom))));
		if (value) {
			as_array(value)->writeable = false;
			as_array(value)->whole = false;
			as_array(value)->at_most = at_most;
			c->s->tale.lesson = "broadcast";
		}
	}
done:
	value_release(&a->value);
	return value;
}

static struct value *broadcast_arrays(struct call *c)
{
	enum { MOST = 32 };
	struct array *arrays[MOST] = { NULL };
	struct value *items[MOST];
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	uint64_t at_most;
	size_t n = c->arg[0]->seq.count, made = 0;
	struct value *value = NULL;
	bool all_same = true;
	int ndim;

	if (n > MOST)
		return raise_at(c->s, c->node, "ValueError", "more than %d arrays", MOST);
	for (; made < n; made++) {
		arrays[made] = to_array(c->s, c->arg[0]->seq.item[made], c->node);
		if (!arrays[made])
			goto done;
	}
	if (!broadcast_shapes(c->s, c->node, arrays, (int)n, &ndim, shape, &at_most))
		goto done;
	for (size_t i = 0; i < n; i++)
		all_same = all_same && arrays[i]->geom.ndim == ndim && memcmp(arrays[i]->geom.shape, shape, (size_t)ndim * sizeof shape[0]) == 0;
	for (size_t i = 0; i < n; i++) {
		struct nd_geom geom;
		if (all_same) {
			items[i] = value_ref(&arrays[i]->value);
			continue;
		}
		nd_geom_broadcast_to(&arrays[i]->geom, ndim, shape, &geom);
		struct array *view = array_view(c->s, arrays[i], &geom);
		if (view) {
			view->at_most = at_most;
			view->warns = true;
		}
		items[i] = view ? &view->value : NULL;
	}
	tell(c->s, STEP_VIEW, NULL, "stride 0 repeats without bytes: views of all");
	value = value_sequence(c->s, VALUE_LIST, items, n);
done:
	for (size_t i = 0; i < made; i++)
		value_release(&arrays[i]->value);
	return value;
}

/* ---- stride tricks ---- */

static struct value *stand_in_view(struct call *c, struct array *a, const struct nd_geom *geom, bool writeable)
{
	struct array *view = array_view(c->s, a, geom);
	if (!view)
		return NULL;
	/* What holds the source is a stand-in object, which holds the array itself, be it a view or not. */
	value_ref(&a->value);
	value_release(&view->base->value);
	view->base = a;
	view->stand_in = true;
	view->writeable = writeable && a->writeable && !a->warns;
	view->at_most = 0;
	return &view->value;
}

static struct value *as_strided(struct call *c)
{
	struct session *s = c->s;
	struct array *a = first(c);
	struct nd_geom geom;
	struct value *value = NULL;
	ptrdiff_t low, high;
	int n;

	if (!a)
		return NULL;
	geom = a->geom;
	if (c->arg[1] && !to_sizes(s, c->arg[1], c->arg_node[1], &geom.ndim, geom.shape))
		goto done;
	n = geom.ndim;
	if (c->arg[2]) {
		if (!to_sizes(s, c->arg[2], c->arg_node[2], &n, geom.strides))
			goto done;
	} else if (c->arg[1]) {
		n = a->geom.ndim;
	}
	if (n != geom.ndim) {
		raise_at(s, c->node, "ValueError", "%d extents and %d strides: there must be as many", geom.ndim, n);
		goto done;
	}
	switch (nd_geom_check_shape(geom.ndim, geom.shape, geom.itemsize, NULL)) {
	case ND_OK:
		break;
	case ND_EINVAL:
		raise_at(s, c->node, "ValueError", "negative extents are not allowed: shape %s", shape_text(geom.ndim, geom.shape));
		goto done;
	default:
		raise_at(s, c->node, "ValueError", "shape %s overflows: its bytes do not fit 63 bits", shape_text(geom.ndim, geom.shape));
		goto done;
	}
	value = stand_in_view(c, a, &geom, arg_bool(c, 4, true));
	if (!value)
		goto done;
	nd_geom_extent(&geom, &low, &high);
	if (low < high && (low < 0 || high > a->buffer->nbytes)) {
		tell(s, STEP_VIEW, arg_text(c, 0), say(s, "LEAVES THE BUFFER: it reaches bytes %td to %td of a buffer of %s; NumPy does not check, and reads or writes what is not the array's", low, high, bytes_text(a->buffer->nbytes)));
		s->tale.what = "view that LEAVES its buffer";
		s->tale.surprising = true;
		s->tale.avoid = "sliding_window_view checks its bounds";
	} else {
		tell(s, STEP_VIEW, arg_text(c, 0), say(s, "shape %s with strides %s over the same bytes, as asked for; nothing is checked", shape_text(geom.ndim, geom.shape), shape_text(geom.ndim, geom.strides)));
	}
	s->tale.lesson = "windows";
done:
	value_release(&a->value);
	return value;
}

static struct value *sliding_window_view(struct call *c)
{
	struct session *s = c->s;
	struct array *a = first(c);
	ptrdiff_t window[ND_GEOM_MAXDIMS], axes[ND_GEOM_MAXDIMS];
	int n, naxes, axis;
	struct nd_geom geom;
	struct value *value = NULL;

	if (!a)
		return NULL;
	if (!to_sizes(s, c->arg[1], c->arg_node[1], &n, window))
		goto done;
	for (int k = 0; k < n; k++)
		if (window[k] < 0) {
			raise_at(s, c->arg_node[1], "ValueError", "a window of %td elements: it must not be negative", window[k]);
			goto done;
		}
	if (!c->arg[2]) {
		if (n != a->geom.ndim) {
			raise_at(s, c->node, "ValueError", "without axis=, a window needs an extent for each of the %d axes of shape %s, and %d %s given", a->geom.ndim, array_shape_text(a), n, n == 1 ? "was" : "were");
			goto done;
		}
		naxes = n;
		for (int k = 0; k < n; k++)
			axes[k] = k;
	} else {
		if (!to_sizes(s, c->arg[2], c->arg_node[2], &naxes, axes))
			goto done;
		for (int k = 0; k < naxes; k++) {
			if (!to_axis(s, c->arg_node[2], axes[k], a->geom.ndim, &axis))
				goto done;
			axes[k] = axis;
		}
		if (n != naxes) {
			raise_at(s, c->node, "ValueError", "%d extents of a window for %d axes", n, naxes);
			goto done;
		}
	}
	geom = a->geom;
	if (geom.ndim + n > ND_GEOM_MAXDIMS) {
		raise_at(s, c->node, "ValueError", "more than %d axes", ND_GEOM_MAXDIMS);
		goto done;
	}
	for (int k = 0; k < n; k++) {
		if (geom.shape[axes[k]] < window[k]) {
			raise_at(s, c->node, "ValueError", "a window of %td does not fit into axis %td, which has %td %s", window[k], axes[k], a->geom.shape[axes[k]], a->geom.shape[axes[k]] == 1 ? "element" : "elements");
			goto done;
		}
		geom.shape[axes[k]] -= window[k] - 1;
		geom.shape[a->geom.ndim + k] = window[k];
		geom.strides[a->geom.ndim + k] = a->geom.strides[axes[k]];
		geom.ndim++;
	}
	if (nd_geom_check_shape(geom.ndim, geom.shape, geom.itemsize, NULL) != ND_OK) {
		raise_at(s, c->node, "ValueError", "shape %s overflows: its bytes do not fit 63 bits", shape_text(geom.ndim, geom.shape));
		goto done;
	}
	value = stand_in_view(c, a, &geom, arg_bool(c, 4, false));
	if (value) {
		tell(s, STEP_VIEW, arg_text(c, 0), say(s, "a second axis with the stride of the first, %td: %s windows over the same bytes, which show up as %s", geom.strides[geom.ndim - 1], shape_text(geom.ndim, geom.shape), bytes_text(nd_geom_nbytes(&geom))));
		s->tale.lesson = "windows";
	}
done:
	value_release(&a->value);
	return value;
}

/* ---- backwards and around ---- */

static struct nd_geom flipped(const struct nd_geom *geom, uint64_t axes)
{
	struct nd_geom out = *geom;

	for (int k = 0; k < geom->ndim; k++)
		if (axes >> k & 1)
			nd_geom_slice(&out, k, ND_SLICE_NONE, ND_SLICE_NONE, -1, &out);
	return out;
}

static struct value *flip(struct call *c)
{
	struct array *a = first(c);
	uint64_t axes = 0;
	struct value *value = NULL;
	int fixed = c->builtin->code; /* flipud and fliplr: the axis + 1 */

	if (!a)
		return NULL;
	if (fixed && a->geom.ndim < fixed) {
		raise_at(c->s, c->node, "ValueError", "%s() needs at least %d %s", c->builtin->name, fixed, fixed == 1 ? "axis" : "axes");
	} else if (fixed || arg_axes(c, 1, a->geom.ndim, &axes)) {
		if (fixed)
			axes = UINT64_C(1) << (fixed - 1);
		struct nd_geom geom = flipped(&a->geom, axes);
		value = geom.ndim == 0 ? value_scalar(c->s, a->dtype) : view_of(c, a, &geom, say(c->s, "backwards is a negative stride: %s -> %s, from the last element on", shape_text(a->geom.ndim, a->geom.strides), shape_text(geom.ndim, geom.strides)));
		if (value && value->kind == VALUE_ARRAY)
			as_array(value)->at_most = a->at_most;
	}
	value_release(&a->value);
	return value;
}

static struct value *rot90(struct call *c)
{
	struct array *a = first(c);
	ptrdiff_t k = 1, wanted[ND_GEOM_MAXDIMS] = { 0, 1 };
	int n = 2, x, y, axes[ND_GEOM_MAXDIMS];
	struct value *value = NULL;

	if (!a)
		return NULL;
	if ((c->arg[1] && !arg_size(c, 1, &k)) || (c->arg[2] && !to_sizes(c->s, c->arg[2], c->arg_node[2], &n, wanted)))
		goto done;
	if (n != 2) {
		raise_at(c->s, c->node, "ValueError", "rot90() turns in a plane of two axes");
		goto done;
	}
	int ndim = a->geom.ndim;
	if (wanted[0] == wanted[1] || labs(wanted[0] - wanted[1]) == ndim) {
		raise_at(c->s, c->node, "ValueError", "the two axes must differ");
		goto done;
	}
	for (int i = 0; i < 2; i++)
		if (wanted[i] < -ndim || wanted[i] >= ndim) {
			raise_at(c->s, c->node, "ValueError", "axes (%td, %td) are out of range for %d axes", wanted[0], wanted[1], ndim);
			goto done;
		}
	x = (int)(wanted[0] < 0 ? wanted[0] + ndim : wanted[0]);
	y = (int)(wanted[1] < 0 ? wanted[1] + ndim : wanted[1]);
	k = (k % 4 + 4) % 4;
	struct nd_geom geom = a->geom;
	for (int i = 0; i < ndim; i++)
		axes[i] = i == x ? y : i == y ? x : i;
	if (k == 2)
		geom = flipped(&geom, UINT64_C(1) << x | UINT64_C(1) << y);
	else if (k == 1)
		geom = flipped(&geom, UINT64_C(1) << y);
	if (k == 1 || k == 3)
		nd_geom_transpose(&geom, axes, &geom);
	if (k == 3)
		geom = flipped(&geom, UINT64_C(1) << y);
	value = view_of(c, a, &geom, NULL);
done:
	value_release(&a->value);
	return value;
}

/* np.roll writes two slices into a new array. */
static struct value *roll(struct call *c)
{
	struct session *s = c->s;
	struct array *a = first(c), *out = NULL;

	if (!a)
		return NULL;
	if (c->arg[2] && a->geom.ndim == 0) {
		raise_at(s, c->node, "AxisError", "an array without axes cannot be rolled along one");
		value_release(&a->value);
		return NULL;
	}
	/* An axis may be given twice: the shifts add up. */
	ptrdiff_t wanted[ND_GEOM_MAXDIMS];
	int n_axes = 0, axis;
	bool ok = !c->arg[2] || to_sizes(s, c->arg[2], c->arg_node[2], &n_axes, wanted);
	for (int k = 0; ok && k < n_axes; k++)
		ok = to_axis(s, c->arg_node[2], wanted[k], a->geom.ndim, &axis);
	if (!ok) {
		value_release(&a->value);
		return NULL;
	}
	bool hidden = false;
	if (!c->arg[2] && !(nd_geom_c_contiguous(&a->geom))) {
		hidden_begin(s, array_nbytes(a));
		hidden = true;
	}
	if (!c->arg[2]) {
		ptrdiff_t n = nd_geom_size(&a->geom);
		struct array *flat = array_new(s, a->dtype, 1, &n, LAYOUT_C);
		struct nd_geom geom;
		if (flat && nd_geom_reshape(&flat->geom, a->geom.ndim, a->geom.shape, &geom) == ND_OK)
			out = array_view(s, flat, &geom);
		if (flat)
			value_release(&flat->value);
	} else {
		out = array_new_like(s, a->dtype, a);
	}
	if (hidden)
		hidden_end(s, array_nbytes(a));
	if (out)
		tell(s, STEP_COPY, arg_text(c, 0), say(s, "an end that comes round to the front has no stride: the elements are copied, %s", bytes_text(array_nbytes(out))));
	value_release(&a->value);
	return out ? &out->value : NULL;
}

/* ---- diagonals and triangles ---- */

static struct value *diagonal_of(struct call *c, struct array *a, ptrdiff_t offset, int x, int y)
{
	struct nd_geom geom = { .itemsize = a->geom.itemsize, .offset = a->geom.offset };
	ptrdiff_t dim_x = a->geom.shape[x], dim_y = a->geom.shape[y], n;

	for (int k = 0; k < a->geom.ndim; k++) {
		if (k == x || k == y)
			continue;
		geom.shape[geom.ndim] = a->geom.shape[k];
		geom.strides[geom.ndim++] = a->geom.strides[k];
	}
	if (offset >= 0)
		dim_y -= offset;
	else
		dim_x += offset;
	n = dim_x < dim_y ? dim_x : dim_y;
	n = n < 0 ? 0 : n;
	if (n > 0)
		geom.offset += offset >= 0 ? offset * a->geom.strides[y] : -offset * a->geom.strides[x];
	geom.shape[geom.ndim] = n;
	if (__builtin_add_overflow(a->geom.strides[x], a->geom.strides[y], &geom.strides[geom.ndim]))
		geom.strides[geom.ndim] = 0;
	geom.ndim++;
	struct value *value = view_of(c, a, &geom, say(c->s, "a step down and a step right at once: stride %td + %td = %td", a->geom.strides[x], a->geom.strides[y], geom.strides[geom.ndim - 1]));
	if (value) {
		as_array(value)->writeable = false;
		as_array(value)->whole = false;
		as_array(value)->at_most = 0;
	}
	return value;
}

static struct value *diagonal(struct call *c)
{
	struct array *a = first(c);
	ptrdiff_t offset = 0;
	int x, y;
	struct value *value = NULL;

	if (!a)
		return NULL;
	if (a->geom.ndim < 2)
		raise_at(c->s, c->node, "ValueError", "a diagonal needs two axes, and shape %s has %d", array_shape_text(a), a->geom.ndim);
	else if ((!c->arg[1] || arg_size(c, 1, &offset)) && arg_axis(c, 2, a->geom.ndim, 0, &x) && arg_axis(c, 3, a->geom.ndim, 1, &y)) {
		if (x == y)
			raise_at(c->s, c->node, "ValueError", "the two axes must differ");
		else
			value = diagonal_of(c, a, offset, x, y);
	}
	value_release(&a->value);
	return value;
}

static struct value *diag(struct call *c)
{
	struct array *a = first(c);
	ptrdiff_t k = 0;
	struct value *value = NULL;

	if (!a)
		return NULL;
	if (!c->arg[1] || arg_size(c, 1, &k)) {
		if (a->geom.ndim == 1) {
			ptrdiff_t n, shape[2];
			if (__builtin_add_overflow(a->geom.shape[0], k < 0 ? -k : k, &n))
				n = PTRDIFF_MAX;
			shape[0] = shape[1] = n;
			struct array *out = array_new(c->s, a->dtype, 2, shape, LAYOUT_C);
			if (out)
				tell(c->s, STEP_NEW, NULL, say(c->s, "a matrix with %s on its diagonal: %s of its own", arg_text(c, 0), bytes_text(array_nbytes(out))));
			value = out ? &out->value : NULL;
		} else if (a->geom.ndim == 2) {
			value = diagonal_of(c, a, k, 0, 1);
		} else {
			raise_at(c->s, c->node, "ValueError", "diag() takes one axis or two, and shape %s has %d", array_shape_text(a), a->geom.ndim);
		}
	}
	value_release(&a->value);
	return value;
}

static struct value *triangle(struct call *c)
{
	struct session *s = c->s;
	struct array *a = first(c);
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	int ndim, order[ND_GEOM_MAXDIMS];

	if (!a)
		return NULL;
	/* np.where(mask, m, zeros(1)), and the mask has the last two axes' shape; of one axis a square. */
	ndim = a->geom.ndim;
	memcpy(shape, a->geom.shape, (size_t)ndim * sizeof shape[0]);
	if (ndim == 0) {
		value_release(&a->value);
		return raise_at(s, c->node, "TypeError", "%s() needs at least one axis", c->builtin->name);
	}
	if (ndim == 1) {
		shape[1] = shape[0];
		ndim = 2;
	}
	ptrdiff_t mask_shape[2] = { shape[ndim - 2], shape[ndim - 1] };
	struct array *mask = array_new(s, DT_BOOL, 2, mask_shape, LAYOUT_C), *out = NULL;
	if (mask) {
		s->step_hidden += array_nbytes(mask);
		struct array *ops[2] = { mask, a };
		order_of_operands(ops, 2, ndim, order);
		out = array_new_ordered(s, a->dtype, ndim, shape, order);
		if (out)
			iterate(s, ops, (enum dtype[]){ DT_BOOL, a->dtype }, 2, ndim, shape);
		value_release(&mask->value);
	}
	if (out)
		tell(s, STEP_NEW, NULL, say(s, "%s keeps one half and fills the other with zeros: %s of its own, and a mask of %s while it works", c->builtin->name, bytes_text(array_nbytes(out)), bytes_text(mask_shape[0] * mask_shape[1])));
	value_release(&a->value);
	return out ? &out->value : NULL;
}

static struct value *real_part(struct call *c)
{
	struct array *a = first(c);
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
	struct nd_geom geom = a->geom;
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
	{ "broadcast_to", IN_NUMPY, "array shape subok?", broadcast_to, 0 },
	{ "broadcast_arrays", IN_NUMPY, "*args", broadcast_arrays, 0 },
	{ "as_strided", IN_NUMPY, "x shape? strides? subok? writeable?", as_strided, 0 },
	{ "sliding_window_view", IN_NUMPY, "x window_shape axis? subok? writeable?", sliding_window_view, 0 },
	{ "flip", IN_NUMPY, "m axis?", flip, 0 },
	{ "flipud", IN_NUMPY, "m", flip, 1 },
	{ "fliplr", IN_NUMPY, "m", flip, 2 },
	{ "rot90", IN_NUMPY, "m k? axes?", rot90, 0 },
	{ "roll", IN_NUMPY, "a shift axis?", roll, 0 },
	{ "diagonal", IN_NUMPY | METHOD, "a offset? axis1? axis2?", diagonal, 0 },
	{ "diag", IN_NUMPY, "v k?", diag, 0 },
	{ "triu", IN_NUMPY, "m k?", triangle, 0 },
	{ "tril", IN_NUMPY, "m k?", triangle, 0 },
	{ "real", IN_NUMPY, "val", real_part, 0 },
	{ "imag", IN_NUMPY, "val", real_part, 1 },
	{ "view", METHOD, "a dtype? type?", view, 0 },
	{ NULL, 0, NULL, NULL, 0 },
};
