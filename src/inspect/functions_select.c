/* SPDX-License-Identifier: MIT */
/*
 * Picking elements by what they are or where they stand: take, compress, where, nonzero, sort, unique. All copy; how much often depends on data.
 *
 * Sources: NumPy 1.24's item_selection.c (PyArray_TakeFrom, PyArray_Nonzero, _new_sortlike), multiarraymodule.c (PyArray_Where), numpy/lib/arraysetops.py.
 */
#include "inspect/calls.h"

#include "nd/overlap.h"

#include <string.h>

static struct value *take(struct call *c)
{
	struct session *s = c->s;
	struct array *a = arg_array(c, 0), *index = NULL, *out = NULL;
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	int axis = 0, ndim = 0;
	struct value *value = NULL;
	uint64_t at_most = 0;

	if (!a)
		return NULL;
	int64_t before = s->step_allocated;
	index = arg_array(c, 1);
	int64_t index_bytes = s->step_allocated - before;
	if (!index)
		goto done;
	if (c->arg[2] && !arg_axis_or_first(c, 2, a->geom->ndim, &axis))
		goto done;
	if (!dtype_is_integer(index->dtype) && index->dtype != DT_BOOL && nd_geom_size(index->geom) > 0) {
		raise_at(s, c->arg_node[1], "TypeError", "take() picks by whole numbers, not by %s", dtype_name(index->dtype));
		goto done;
	}
	/* Where another axis has no elements nothing is picked, and no index looked at. */
	bool picks = nd_geom_size(index->geom) > 0;
	for (int k = 0; c->arg[2] && k < (c->arg[4] ? a->geom->ndim : axis); k++)
		picks = picks && (k == axis || a->geom->shape[k] > 0);
	if (picks && (c->arg[2] ? a->geom->ndim > 0 && a->geom->shape[axis] == 0 : nd_geom_size(a->geom) == 0)) {
		raise_at(s, c->node, "IndexError", "there are no elements to take from");
		goto done;
	}
	ptrdiff_t extent = c->arg[2] && a->geom->ndim > 0 ? a->geom->shape[axis] : nd_geom_size(a->geom);
	if (picks && !c->arg[4] && index->whole && index->buffer->known && nd_geom_size(index->geom) > 0 && (index->buffer->least < -extent || index->buffer->most >= extent) && !a->at_most) {
		raise_at(s, c->arg_node[1], "IndexError", "index %lld is out of bounds: there are %td elements", (long long)(index->buffer->least < -extent ? index->buffer->least : index->buffer->most), extent);
		goto done;
	}
	for (int k = 0; c->arg[2] && k < axis; k++)
		shape[ndim++] = a->geom->shape[k];
	for (int k = 0; k < index->geom->ndim && ndim < ND_GEOM_MAXDIMS; k++) {
		at_most |= (index->at_most >> k & 1) << ndim;
		shape[ndim++] = index->geom->shape[k];
	}
	for (int k = axis + 1; c->arg[2] && k < a->geom->ndim && ndim < ND_GEOM_MAXDIMS; k++)
		shape[ndim++] = a->geom->shape[k];
	const char *of = arg_text(c, 0);
	int64_t hidden = 0;
	if (!nd_geom_c_contiguous(a->geom))
		hidden += array_nbytes(a);
	if (index->dtype != DT_INT64 || !nd_geom_c_contiguous(index->geom))
		hidden += 8 * nd_geom_size(index->geom);
	if (c->arg[3] && c->arg[3]->kind == VALUE_ARRAY) {
		out = as_array(c->arg[3]);
		if (!dtype_can_cast(out->dtype, a->dtype)) {
			raise_at(s, c->node, "TypeError", "take() into %s: its type must fit into %s", dtype_name(out->dtype), dtype_name(a->dtype));
			goto done;
		}
		if (!out->writeable) {
			raise_at(s, c->node, "ValueError", "the output is read-only");
			goto done;
		}
		if (out->geom->ndim != ndim || memcmp(out->geom->shape, shape, (size_t)ndim * sizeof shape[0]) != 0) {
			raise_at(s, c->node, "ValueError", "the result has shape %s and cannot be written into shape %s", shape_text(ndim, shape), array_shape_text(out));
			goto done;
		}
		/* With mode='raise' NumPy writes into a copy first, lest an index that is wrong leaves half of it written. */
		if (!c->arg[4])
			hidden += array_nbytes(out);
		transient(s, hidden);
		tell(s, STEP_INPLACE, out->name, c->arg[4] ? "written into an array that is there" : say(s, "take() with out= fills a hidden copy of %s first, in case an index is out of bounds", bytes_text(array_nbytes(out))));
		if (!c->arg[4]) {
			s->tale.what = "in place, with a hidden COPY";
			s->tale.surprising = true;
			s->tale.avoid = "mode='clip' or mode='wrap' writes straight into out";
		}
		value = value_ref(&out->value);
		goto done;
	}
	if (ndim == 0) {
		transient(s, hidden);
		tell(s, STEP_SCALAR, of, "one element");
		value = value_scalar(s, a->dtype);
		goto done;
	}
	hidden_begin(s, hidden);
	out = array_new(s, a->dtype, ndim, shape, LAYOUT_C);
	hidden_end(s, hidden);
	if (out) {
		s->step_hidden += index_bytes;
		out->at_most = at_most;
		tell(s, STEP_COPY, of, say(s, "picked elements have no single stride: %td x %td B = %s are copied%s", nd_geom_size(out->geom), out->geom->itemsize, bytes_text(array_nbytes(out)), index_bytes + hidden > 0 ? say(s, ", and %s besides for the index%s", bytes_text(index_bytes + hidden), nd_geom_c_contiguous(a->geom) ? "" : " and a copy of the array in C order") : ""));
		s->tale.lesson = "views";
		value = &out->value;
	}
done:
	if (index)
		value_release(&index->value);
	value_release(&a->value);
	return value;
}

/* np.compress(condition, a, axis); the method has a first. np.extract(condition, a) looks at both as one long axis. */
static struct value *compress(struct call *c)
{
	struct session *s = c->s;
	int array_at = c->method ? 0 : 1, condition_at = c->method ? 1 : 0;
	struct array *a = arg_array(c, array_at), *mask = NULL, *out = NULL;
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	int axis = 0, ndim;
	bool extract = c->builtin->code == 'e';

	if (!a)
		return NULL;
	ndim = a->geom->ndim;
	memcpy(shape, a->geom->shape, sizeof shape);
	mask = arg_array(c, condition_at);
	if (!mask || (c->arg[2] && !arg_axis_or_first(c, 2, ndim, &axis)))
		goto done;
	if (mask->geom->ndim != 1 && !extract) {
		raise_at(s, c->arg_node[condition_at], "ValueError", "the condition must have one axis, and has shape %s", array_shape_text(mask));
		goto done;
	}
	if (!c->arg[2] || ndim == 0) {
		shape[0] = nd_geom_size(a->geom);
		ndim = 1;
	}
	bool known = mask->whole && mask->buffer->known;
	if (known && mask->buffer->nonzero > shape[axis] && !a->at_most) {
		raise_at(s, c->arg_node[condition_at], "IndexError", "the condition picks %lld elements, and there are %td", (long long)mask->buffer->nonzero, shape[axis]);
		goto done;
	}
	if (known)
		shape[axis] = mask->buffer->nonzero;
	else if (nd_geom_size(mask->geom) < shape[axis])
		shape[axis] = nd_geom_size(mask->geom);
	int64_t hidden = 8 * shape[axis];
	if (extract && !nd_geom_c_contiguous(a->geom))
		hidden += array_nbytes(a);
	hidden_begin(s, hidden);
	if (extract && !nd_geom_c_contiguous(mask->geom))
		transient(s, array_nbytes(mask));
	out = array_new(s, a->dtype, ndim, shape, LAYOUT_C);
	hidden_end(s, hidden);
	if (out) {
		out->at_most = known || shape[axis] == 0 ? 0 : UINT64_C(1) << axis;
		tell(s, STEP_COPY, arg_text(c, array_at), say(s, "which elements are kept depends on data: a copy of %s%s", known ? "" : "at most ", bytes_text(array_nbytes(out))));
		s->tale.lesson = "views";
	}
done:
	if (mask)
		value_release(&mask->value);
	value_release(&a->value);
	return out ? &out->value : NULL;
}

/* Positions of what is not 0: a tuple with an array for each axis, all of them views of one array. */
static struct value *nonzero_of(struct call *c, struct array *a)
{
	struct session *s = c->s;
	bool known = a->whole && a->buffer->known;
	ptrdiff_t n = known ? a->buffer->nonzero : nd_geom_size(a->geom), shape[2] = { n, a->geom->ndim };
	struct value *items[ND_GEOM_MAXDIMS];

	if (a->geom->ndim == 0)
		return raise_at(s, c->node, "ValueError", "an array without axes has no positions: use atleast_1d first");
	struct array *all = array_new(s, DT_INT64, 2, shape, LAYOUT_C);
	if (!all)
		return NULL;
	for (int k = 0; k < a->geom->ndim; k++) {
		struct nd_geom geom;
		nd_geom_index(all->geom, 1, k, &geom);
		struct array *view = array_view(s, all, &geom);
		if (view) {
			view->at_most = known ? 0 : 1;
			view->origin = NULL;
		}
		items[k] = view ? &view->value : NULL;
	}
	tell(s, STEP_NEW, NULL, say(s, "positions, 8 B for each element that is not 0 and each of %d %s: %s%s", a->geom->ndim, a->geom->ndim == 1 ? "axis" : "axes", known ? "" : "at most ", bytes_text(array_nbytes(all))));
	value_release(&all->value);
	struct value *tuple = value_sequence(s, VALUE_TUPLE, items, (size_t)a->geom->ndim);
	return tuple;
}

static struct value *nonzero(struct call *c)
{
	struct array *a = arg_array(c, 0);
	if (!a)
		return NULL;
	struct value *value;
	if (strcmp(c->builtin->name, "nonzero") == 0) {
		value = nonzero_of(c, a);
	} else {
		/* flatnonzero and argwhere: a view of positions; argwhere's are what nonzero gave, put into one array. */
		bool known = a->whole && a->buffer->known, flat = strcmp(c->builtin->name, "flatnonzero") == 0;
		ptrdiff_t n = known ? a->buffer->nonzero : nd_geom_size(a->geom), shape[2] = { flat ? n : a->geom->ndim, flat ? 1 : n };
		int64_t found = flat ? 0 : n * a->geom->ndim * dtype_itemsize(DT_INT64);
		hidden_begin(c->s, found);
		struct array *all = array_new(c->s, DT_INT64, 2, shape, LAYOUT_C), *out = NULL;
		hidden_end(c->s, found);
		if (all) {
			struct nd_geom geom;
			if (flat)
				nd_geom_reshape(all->geom, 1, &n, &geom);
			else
				nd_geom_transpose(all->geom, NULL, &geom);
			out = array_view(c->s, all, &geom);
			value_release(&all->value);
		}
		if (out) {
			out->at_most = known ? 0 : 1;
			tell(c->s, STEP_NEW, NULL, "positions of what is not 0: how many depends on data");
		}
		value = out ? &out->value : NULL;
	}
	value_release(&a->value);
	return value;
}

/* np.where(condition, x, y) */
static struct value *where(struct call *c)
{
	struct session *s = c->s;
	struct array *ops[3] = { arg_array(c, 0), NULL, NULL };
	enum dtype needs[3], dtype = DT_NONE;
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	int ndim, order[ND_GEOM_MAXDIMS];
	uint64_t at_most;
	struct value *value = NULL;

	if (!ops[0])
		return NULL;
	if (!c->arg[1] && !c->arg[2]) {
		value = nonzero_of(c, ops[0]);
		goto done;
	}
	if (!c->arg[1] || !c->arg[2]) {
		raise_at(s, c->node, "ValueError", "where() takes a condition alone, or with both x and y");
		goto done;
	}
	for (int i = 1; i < 3; i++) {
		ops[i] = arg_array(c, i);
		if (!ops[i])
			goto done;
		enum dtype mine = c->arg[i]->kind == VALUE_INT ? DT_PYINT : c->arg[i]->kind == VALUE_FLOAT ? DT_PYFLOAT : c->arg[i]->kind == VALUE_COMPLEX ? DT_PYCOMPLEX : ops[i]->dtype;
		dtype = dtype == DT_NONE ? mine : dtype_promote(dtype, mine);
	}
	dtype = dtype_strong(dtype);
	if (!broadcast_shapes(s, c->node, ops, 3, &ndim, shape, &at_most))
		goto done;
	needs[1] = needs[2] = dtype;
	int64_t casts = ops[0]->dtype != DT_BOOL ? nd_geom_size(ops[0]->geom) : 0;
	order_of_operands(ops, 3, ndim, order);
	needs[0] = ops[0]->dtype;
	/* A number that has to be cast is cast once, without a buffer. */
	for (int i = 1; i < 3; i++)
		if (ops[i]->geom->ndim == 0 && ops[i]->dtype != dtype)
			needs[i] = DT_NONE;
	hidden_begin(s, casts);
	struct array *out = array_new_ordered(s, dtype, ndim, shape, order);
	hidden_end(s, casts);
	if (out) {
		iterate(s, ops, needs, 3, ndim, shape);
		out->at_most = at_most;
		tell(s, STEP_NEW, NULL, say(s, "an element of one or the other, written anew: %s", bytes_text(array_nbytes(out))));
		value = &out->value;
	}
done:
	for (int i = 0; i < 3; i++)
		if (ops[i])
			value_release(&ops[i]->value);
	return value;
}

int64_t sort_buffer(const struct array *a, int axis, ptrdiff_t itemsize)
{
	return a->geom->strides[axis] == a->geom->itemsize || a->geom->shape[axis] <= 1 ? 0 : a->geom->shape[axis] * itemsize;
}

/* Would it stay sorted? A name's array does, and a view of it; a[a > 3].sort() sorts what is gone then. NULL: no. */
static const char *sort_in_place(struct call *c, const struct array *a)
{
	struct session *s = c->s;
	const struct node *root = c->arg_node[0];
	const char *of, *axis = c->arg[1] ? arg_text(c, 1) : "", *kind = c->arg[2] ? arg_text(c, 2) : "";

	while (root && (root->kind == NODE_ATTRIBUTE || root->kind == NODE_INDEX))
		root = root->a;
	if (!root || root->kind != NODE_NAME || c->arg[0]->kind != VALUE_ARRAY || !a->writeable || c->arg[3] || nd_geom_overlaps_itself(a->geom, 1) != ND_SHARES_NO)
		return NULL;
	const struct name_entry *entry = names_find(&s->names, s->text + root->start, root->end - root->start);
	if (!entry || !entry->value || entry->value->kind != VALUE_ARRAY || as_array(entry->value)->buffer != a->buffer)
		return NULL;
	of = text_to_follow(s, arg_text(c, 0));
	if (!of || (*axis && !text_to_follow(s, axis)) || (*kind && !text_to_follow(s, kind)))
		return NULL;
	return say(s, "%s.sort(%s%s%s%s%s) sorts where it lies", of, *axis ? "axis=" : "", axis, *axis && *kind ? ", " : "", *kind ? "kind=" : "", kind);
}

static struct value *sort(struct call *c)
{
	struct session *s = c->s;
	struct array *a = arg_array(c, 0), *out = NULL;
	int axis = 0;
	bool arg = c->builtin->code == 'a', inplace = c->method && !arg;
	struct value *value = NULL;

	if (!a)
		return NULL;
	bool flat = c->arg_node[1] && c->arg_node[1]->kind == NODE_CONSTANT && c->arg_node[1]->op == 'N';
	for (const struct node *argument = c->node->b; argument; argument = argument->next)
		flat = flat || (argument->kind == NODE_KEYWORD && argument->a->kind == NODE_CONSTANT && argument->a->op == 'N' && s->text[argument->name_start] == 'a');
	if (flat || a->geom->ndim == 0) {
		if (!flat && !arg) {
			raise_at(s, c->node, "AxisError", "axis -1 is out of bounds for an array with 0 axes");
			goto done;
		}
		ptrdiff_t n = nd_geom_size(a->geom);
		if (!flat && c->arg[1] && !arg_axis_or_first(c, 1, 0, &axis))
			goto done;
		out = array_new(s, arg ? DT_INT64 : a->dtype, 1, &n, LAYOUT_C);
		if (out)
			tell(s, arg ? STEP_NEW : STEP_COPY, arg ? NULL : arg_text(c, 0), "all elements in one row, sorted: of its own bytes");
		value = out ? &out->value : NULL;
		goto done;
	}
	if (!arg_axis(c, 1, a->geom->ndim, -1, &axis))
		goto done;
	if (inplace) {
		if (!a->writeable) {
			raise_at(s, c->node, "ValueError", "the array is read-only and cannot be sorted in place");
			goto done;
		}
		a->buffer->known = false;
		transient(s, sort_buffer(a, axis, a->geom->itemsize));
		tell(s, STEP_INPLACE, arg_text(c, 0), "sorted where it lies; the result is None");
		value = value_none(s);
		goto done;
	}
	if (arg) {
		out = array_new(s, DT_INT64, a->geom->ndim, a->geom->shape, LAYOUT_C);
		if (out) {
			out->at_most = a->at_most;
			transient(s, (sort_buffer(a, axis, a->geom->itemsize) ? a->geom->shape[axis] * a->geom->itemsize : 0) + sort_buffer(out, axis, 8));
			tell(s, STEP_NEW, NULL, say(s, "positions, 8 B each: %s", bytes_text(array_nbytes(out))));
		}
	} else {
		out = copy_of(s, a, a->dtype, 'K');
		if (out) {
			transient(s, sort_buffer(out, axis, a->geom->itemsize));
			tell(s, STEP_COPY, arg_text(c, 0), say(s, "np.sort sorts a copy, %s", bytes_text(array_nbytes(out))));
			s->tale.avoid = sort_in_place(c, a);
			s->tale.lesson = "inplace";
		}
	}
	value = out ? &out->value : NULL;
done:
	value_release(&a->value);
	return value;
}

/* np.unique(a, axis=k): rows of a copy are sorted as one element each, and come back in a's shape with at most as many. */
static struct array *unique_rows(struct session *s, struct array *a, int axis)
{
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	int axes[ND_GEOM_MAXDIMS], back[ND_GEOM_MAXDIMS], n = 1;
	struct nd_geom geom;

	axes[0] = axis;
	for (int k = 0; k < a->geom->ndim; k++)
		if (k != axis)
			axes[n++] = k;
	for (int k = 0; k < n; k++) {
		shape[k] = a->geom->shape[axes[k]];
		back[axes[k]] = k;
	}
	struct array *rows = array_new(s, a->dtype, n, shape, LAYOUT_C);
	if (!rows)
		return NULL;
	nd_geom_transpose(rows->geom, back, &geom);
	struct array *view = array_view(s, rows, &geom);
	value_release(&rows->value);
	if (view)
		view->at_most = UINT64_C(1) << axis;
	return view;
}

/* np.unique(a): a flat copy is sorted, a mask marks the first of each, and they are copied out. */
static struct value *unique(struct call *c)
{
	struct session *s = c->s;
	struct array *a = arg_array(c, 0);
	struct value *items[4] = { NULL };
	size_t count = 0;
	int axis = 0;

	if (!a)
		return NULL;
	const bool rows = c->arg[4] != NULL;
	if (rows && !arg_axis(c, 4, a->geom->ndim, 0, &axis)) {
		value_release(&a->value);
		return NULL;
	}
	ptrdiff_t n = rows ? a->geom->shape[axis] : nd_geom_size(a->geom);
	const bool positions = arg_bool(c, 1, false) || arg_bool(c, 2, false);
	const int64_t bytes = array_nbytes(a), hidden = bytes + (positions ? 8 * n : n);
	hidden_begin(s, hidden);
	for (int i = 0; i < 4; i++) {
		if (i > 0 && !arg_bool(c, i, false))
			continue;
		struct array *one = i == 0 && rows ? unique_rows(s, a, axis) : array_new(s, i == 0 ? a->dtype : DT_INT64, 1, &n, LAYOUT_C);
		if (one && !(i == 0 && rows))
			one->at_most = i == 2 ? a->at_most != 0 : n > 0;
		items[count++] = one ? &one->value : NULL;
		if (!one)
			break;
	}
	hidden_end(s, hidden);
	value_release(&a->value);
	if (count > 1 || !items[0]) {
		tell(s, STEP_NEW, NULL, "how many different ones there are depends on data");
		return value_sequence(s, VALUE_TUPLE, items, count);
	}
	tell(s, STEP_COPY, arg_text(c, 0), say(s, "a sorted copy of %s, a mask of %s, and at most %s for the different ones: how many depends on data", bytes_text(bytes), bytes_text(n), bytes_text(bytes)));
	return items[0];
}

const struct builtin functions_select[] = {
	{ "take", IN_NUMPY | METHOD, "a indices axis? out? mode?", take, 0 },
	{ "compress", IN_NUMPY, "condition a axis? out?", compress, 0 },
	{ "extract", IN_NUMPY, "condition arr", compress, 'e' },
	{ "compress", METHOD, "a condition axis? out?", compress, 0 },
	{ "nonzero", IN_NUMPY | METHOD, "a", nonzero, 0 },
	{ "flatnonzero", IN_NUMPY, "a", nonzero, 0 },
	{ "argwhere", IN_NUMPY, "a", nonzero, 0 },
	{ "where", IN_NUMPY, "condition x? y?", where, 0 },
	{ "sort", IN_NUMPY | METHOD, "a axis? kind? order? | stable?", sort, 0 },
	{ "argsort", IN_NUMPY | METHOD, "a axis? kind? order? | stable?", sort, 'a' },
	{ "unique", IN_NUMPY, "ar return_index? return_inverse? return_counts? axis? | equal_nan?", unique, 0 },
	{ NULL, 0, NULL, NULL, 0 },
};
