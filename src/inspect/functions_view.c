/* SPDX-License-Identifier: MIT */
/*
 * Other ways through an array's bytes: repeated by a stride of 0, in windows, backwards, around, along a diagonal. Most are views; roll and the triangles copy.
 *
 * Sources: NumPy 1.24's numpy/lib/stride_tricks.py, function_base.py, twodim_base.py, numpy/core/numeric.py and item_selection.c, whose results' owndata and base
 * are kept.
 */
#include "inspect/calls.h"

#include <stdlib.h>
#include <string.h>

/* ---- repeating without a copy ---- */

static struct value *broadcast_to(struct call *c)
{
	struct array *a = arg_array(c, 0);
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
		int status = nd_geom_broadcast_to(a->geom, ndim, shape, &geom);
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
		all_same = all_same && arrays[i]->geom->ndim == ndim && memcmp(arrays[i]->geom->shape, shape, (size_t)ndim * sizeof shape[0]) == 0;
	for (size_t i = 0; i < n; i++) {
		struct nd_geom geom;
		if (all_same) {
			items[i] = value_ref(&arrays[i]->value);
			continue;
		}
		nd_geom_broadcast_to(arrays[i]->geom, ndim, shape, &geom);
		struct array *view = array_view(c->s, arrays[i], &geom);
		if (view) {
			view->at_most = at_most;
			view->warns = true;
		}
		items[i] = view ? &view->value : NULL;
	}
	tell(c->s, STEP_VIEW, NULL, "stride 0 repeats without bytes: views of all");
	c->s->tale.what = "views";
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
	struct array *a = arg_array(c, 0);
	struct nd_geom geom;
	struct value *value = NULL;
	ptrdiff_t low, high;
	int n;

	if (!a)
		return NULL;
	geom = *a->geom;
	if (c->arg[1] && !to_sizes(s, c->arg[1], c->arg_node[1], &geom.ndim, geom.shape))
		goto done;
	n = geom.ndim;
	if (c->arg[2]) {
		if (!to_sizes(s, c->arg[2], c->arg_node[2], &n, geom.strides))
			goto done;
	} else if (c->arg[1]) {
		n = a->geom->ndim;
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
	struct array *a = arg_array(c, 0);
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
		if (n != a->geom->ndim) {
			raise_at(s, c->node, "ValueError", "without axis=, a window needs an extent for each of the %d axes of shape %s, and %d %s given", a->geom->ndim, array_shape_text(a), n, n == 1 ? "was" : "were");
			goto done;
		}
		naxes = n;
		for (int k = 0; k < n; k++)
			axes[k] = k;
	} else {
		if (!to_sizes(s, c->arg[2], c->arg_node[2], &naxes, axes))
			goto done;
		for (int k = 0; k < naxes; k++) {
			if (!to_axis(s, c->arg_node[2], axes[k], a->geom->ndim, &axis))
				goto done;
			axes[k] = axis;
		}
		if (n != naxes) {
			raise_at(s, c->node, "ValueError", "%d extents of a window for %d axes", n, naxes);
			goto done;
		}
	}
	geom = *a->geom;
	if (geom.ndim + n > ND_GEOM_MAXDIMS) {
		raise_at(s, c->node, "ValueError", "more than %d axes", ND_GEOM_MAXDIMS);
		goto done;
	}
	for (int k = 0; k < n; k++) {
		if (geom.shape[axes[k]] < window[k]) {
			raise_at(s, c->node, "ValueError", "a window of %td does not fit into axis %td, which has %td %s", window[k], axes[k], a->geom->shape[axes[k]], a->geom->shape[axes[k]] == 1 ? "element" : "elements");
			goto done;
		}
		geom.shape[axes[k]] -= window[k] - 1;
		geom.shape[a->geom->ndim + k] = window[k];
		geom.strides[a->geom->ndim + k] = a->geom->strides[axes[k]];
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
	struct array *a = arg_array(c, 0);
	uint64_t axes = 0;
	struct value *value = NULL;
	int fixed = c->builtin->code; /* flipud and fliplr: the axis + 1 */

	if (!a)
		return NULL;
	if (fixed && a->geom->ndim < fixed) {
		raise_at(c->s, c->node, "ValueError", "%s() needs at least %d %s", c->builtin->name, fixed, fixed == 1 ? "axis" : "axes");
	} else if (fixed || arg_axes(c, 1, a->geom->ndim, &axes)) {
		if (fixed)
			axes = UINT64_C(1) << (fixed - 1);
		struct nd_geom geom = flipped(a->geom, axes);
		value = geom.ndim == 0 ? value_scalar(c->s, a->dtype) : view_of(c, a, &geom, say(c->s, "backwards is a negative stride: %s -> %s, from the last element on", shape_text(a->geom->ndim, a->geom->strides), shape_text(geom.ndim, geom.strides)));
		if (value && value->kind == VALUE_ARRAY)
			as_array(value)->at_most = a->at_most;
	}
	value_release(&a->value);
	return value;
}

static struct value *rot90(struct call *c)
{
	struct array *a = arg_array(c, 0);
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
	int ndim = a->geom->ndim;
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
	struct nd_geom geom = *a->geom;
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
	struct array *a = arg_array(c, 0), *out = NULL;

	if (!a)
		return NULL;
	if (c->arg[2] && a->geom->ndim == 0) {
		raise_at(s, c->node, "AxisError", "an array without axes cannot be rolled along one");
		value_release(&a->value);
		return NULL;
	}
	/* An axis may be given twice: the shifts add up. */
	ptrdiff_t wanted[ND_GEOM_MAXDIMS];
	int n_axes = 0, axis;
	bool ok = !c->arg[2] || to_sizes(s, c->arg[2], c->arg_node[2], &n_axes, wanted);
	for (int k = 0; ok && k < n_axes; k++)
		ok = to_axis(s, c->arg_node[2], wanted[k], a->geom->ndim, &axis);
	if (!ok) {
		value_release(&a->value);
		return NULL;
	}
	bool hidden = false;
	if (!c->arg[2] && !(nd_geom_c_contiguous(a->geom))) {
		hidden_begin(s, array_nbytes(a));
		hidden = true;
	}
	if (!c->arg[2]) {
		ptrdiff_t n = nd_geom_size(a->geom);
		struct array *flat = array_new(s, a->dtype, 1, &n, LAYOUT_C);
		struct nd_geom geom;
		if (flat && nd_geom_reshape(flat->geom, a->geom->ndim, a->geom->shape, &geom) == ND_OK)
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
	struct nd_geom geom = { .itemsize = a->geom->itemsize, .offset = a->geom->offset };
	ptrdiff_t dim_x = a->geom->shape[x], dim_y = a->geom->shape[y], n;

	for (int k = 0; k < a->geom->ndim; k++) {
		if (k == x || k == y)
			continue;
		geom.shape[geom.ndim] = a->geom->shape[k];
		geom.strides[geom.ndim++] = a->geom->strides[k];
	}
	if (offset >= 0)
		dim_y -= offset;
	else
		dim_x += offset;
	n = dim_x < dim_y ? dim_x : dim_y;
	n = n < 0 ? 0 : n;
	if (n > 0)
		geom.offset += offset >= 0 ? offset * a->geom->strides[y] : -offset * a->geom->strides[x];
	geom.shape[geom.ndim] = n;
	if (__builtin_add_overflow(a->geom->strides[x], a->geom->strides[y], &geom.strides[geom.ndim]))
		geom.strides[geom.ndim] = 0;
	geom.ndim++;
	struct value *value = view_of(c, a, &geom, say(c->s, "a step down and a step right at once: stride %td + %td = %td", a->geom->strides[x], a->geom->strides[y], geom.strides[geom.ndim - 1]));
	if (value) {
		as_array(value)->writeable = false;
		as_array(value)->whole = false;
		as_array(value)->at_most = 0;
	}
	return value;
}

static struct value *diagonal(struct call *c)
{
	struct array *a = arg_array(c, 0);
	ptrdiff_t offset = 0;
	int x, y;
	struct value *value = NULL;

	if (!a)
		return NULL;
	if (a->geom->ndim < 2)
		raise_at(c->s, c->node, "ValueError", "a diagonal needs two axes, and shape %s has %d", array_shape_text(a), a->geom->ndim);
	else if ((!c->arg[1] || arg_size(c, 1, &offset)) && arg_axis(c, 2, a->geom->ndim, 0, &x) && arg_axis(c, 3, a->geom->ndim, 1, &y)) {
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
	struct array *a = arg_array(c, 0);
	ptrdiff_t k = 0;
	struct value *value = NULL;

	if (!a)
		return NULL;
	if (!c->arg[1] || arg_size(c, 1, &k)) {
		if (a->geom->ndim == 1) {
			ptrdiff_t n, shape[2];
			if (__builtin_add_overflow(a->geom->shape[0], k < 0 ? -k : k, &n))
				n = PTRDIFF_MAX;
			shape[0] = shape[1] = n;
			struct array *out = array_new(c->s, a->dtype, 2, shape, LAYOUT_C);
			if (out)
				tell(c->s, STEP_NEW, NULL, say(c->s, "a matrix with %s on its diagonal: %s of its own", arg_text(c, 0), bytes_text(array_nbytes(out))));
			value = out ? &out->value : NULL;
		} else if (a->geom->ndim == 2) {
			value = diagonal_of(c, a, k, 0, 1);
		} else {
			raise_at(c->s, c->node, "ValueError", "diag() takes one axis or two, and shape %s has %d", array_shape_text(a), a->geom->ndim);
		}
	}
	value_release(&a->value);
	return value;
}

static struct value *triangle(struct call *c)
{
	struct session *s = c->s;
	struct array *a = arg_array(c, 0);
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	int ndim, order[ND_GEOM_MAXDIMS];

	if (!a)
		return NULL;
	/* np.where(mask, m, zeros(1)), and the mask has the last two axes' shape; of one axis a square. */
	ndim = a->geom->ndim;
	memcpy(shape, a->geom->shape, (size_t)ndim * sizeof shape[0]);
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

const struct builtin functions_view[] = {
	{ "broadcast_to", IN_NUMPY, "array shape subok?", broadcast_to, 0 },
	{ "broadcast_arrays", IN_NUMPY, "*args subok?", broadcast_arrays, 0 },
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
	{ NULL, 0, NULL, NULL, 0 },
};
