/* SPDX-License-Identifier: MIT */
/*
 * a[...]: integers, slices, None and ... change offset, shape and strides, so the result is a view; lists and arrays of integers or bools have no single
 * stride, so their elements are copied.
 *
 * With several of the latter (integers beside them count as such), they are broadcast with each other, and the axes of that common shape stand where the
 * first of them stood; if a slice, None or ... stands between two of them, they come first.
 *
 * Sources: NumPy's indexing guide; mapping.c (prepare_index, PyArray_MapIterNew), whose layouts of results are kept.
 */
#include "inspect/calls.h"

#include "nd/overlap.h"

#include <stdlib.h>
#include <string.h>

enum part_kind { PART_INTEGER, PART_SLICE, PART_NEWAXIS, PART_ELLIPSIS, PART_FANCY };

/* An index of another type than int64 is cast through a buffer of so many elements. */
enum { MOST_PARTS = 80, MOST_FANCY = 32, CAST_ELEMENTS = 8192 };

struct part {
	enum part_kind kind;
	ptrdiff_t integer, start, stop, step;
	bool certain;         /* false: depends on data; the extent is an upper bound */
	struct array *array;  /* PART_FANCY: owned, of whole numbers; NULL: an axis of a mask, or an integer among others */
	bool behind_ellipsis; /* ... stood in front of it */
	int mask_axes;        /* PART_FANCY from a mask of so many axes, on its first part; 0: from whole numbers */
	bool made;            /* the index was a list, or a mask beside others: an index array was made for it */
	const struct value *list; /* borrowed: the list or tuple that it was made of; NULL */
};

struct index {
	struct part part[MOST_PARTS];
	int count;
	int fancy;       /* parts that are lists or arrays */
	bool ellipsis;     /* ... is among them */
	bool scalar_array; /* an array without axes among the integers: NumPy copies */
	const struct node *node;
};

static void index_release(struct index *index)
{
	for (int i = 0; i < index->count; i++)
		if (index->part[i].array)
			value_release(&index->part[i].array->value);
}

static bool slice_bound(struct session *s, const struct node *node, const struct value *value, ptrdiff_t *out, bool *certain)
{
	*out = ND_SLICE_NONE;
	if (!value)
		return true;
	if (value->kind == VALUE_UNKNOWN)
		return false;
	if (!value_is_number(value))
		return raise_at(s, node, "TypeError", "a slice is made of whole numbers, not of %s", value_words(value)), false;
	if (value->kind == VALUE_SCALAR) {
		*certain = false;
		return true;
	}
	*certain = *certain && value->certain;
	*out = value->integer == PTRDIFF_MIN ? PTRDIFF_MIN + 1 : value->integer;
	return true;
}

/* How many of a mask's elements are true, and whether that is known. */
static ptrdiff_t mask_count(const struct array *mask, bool *out_known)
{
	*out_known = mask->whole && mask->buffer->known;
	return *out_known ? mask->buffer->nonzero : nd_geom_size(mask->geom);
}

static bool add_part(struct session *s, struct index *index, struct value *item, int *axes)
{
	struct part *part = &index->part[index->count];
	*part = (struct part){ .certain = true, .step = ND_SLICE_NONE };

	if (index->count + 1 >= MOST_PARTS)
		return raise_at(s, index->node, "IndexError", "too many indices"), false;
	switch (item->kind) {
	case VALUE_NONE:
		part->kind = PART_NEWAXIS;
		break;
	case VALUE_ELLIPSIS:
		part->kind = PART_ELLIPSIS;
		for (int i = 0; i < index->count; i++)
			if (index->part[i].kind == PART_ELLIPSIS)
				return raise_at(s, index->node, "IndexError", "an index can only have a single ellipsis ('...')"), false;
		break;
	case VALUE_SLICE:
		part->kind = PART_SLICE;
		(*axes)++;
		if (!slice_bound(s, index->node, item->slice.start, &part->start, &part->certain) || !slice_bound(s, index->node, item->slice.stop, &part->stop, &part->certain) ||
		    !slice_bound(s, index->node, item->slice.step, &part->step, &part->certain))
			return false;
		break;
	case VALUE_INT:
		part->kind = PART_INTEGER;
		part->integer = item->integer;
		part->certain = item->certain;
		(*axes)++;
		break;
	case VALUE_SCALAR:
		if (!dtype_is_integer(item->dtype)) {
			if (item->dtype == DT_BOOL)
				goto fancy_bool;
			return raise_at(s, index->node, "IndexError", "an index is an integer, a slice, ..., None, or an array of integers or bools, not %s", dtype_name(item->dtype)), false;
		}
		part->kind = PART_INTEGER;
		part->certain = false;
		(*axes)++;
		break;
	case VALUE_BOOL:
	fancy_bool:
		/* A single True is an axis of one, False of none, and both are fancy. */
		part->kind = PART_FANCY;
		part->mask_axes = 0;
		part->made = true;
		{
			bool known = item->kind == VALUE_BOOL && item->certain;
			ptrdiff_t one = !known || item->integer ? 1 : 0;
			part->array = array_new(s, DT_INT64, 1, &one, LAYOUT_C);
			if (!part->array)
				return false;
			part->array->at_most = known ? 0 : 1;
			part->mask_axes = -1; /* takes no axis */
			index->fancy++;
		}
		break;
	case VALUE_ARRAY:
	case VALUE_LIST:
	case VALUE_TUPLE: {
		struct array *array = to_array(s, item, index->node);
		if (!array)
			return false;
		part->kind = PART_FANCY;
		part->array = array;
		part->made = item->kind != VALUE_ARRAY;
		part->list = part->made ? item : NULL;
		/* [] has no type to speak of. */
		if (item->kind != VALUE_ARRAY && nd_geom_size(array->geom) == 0)
			array->dtype = DT_INT64;
		if (array->dtype == DT_BOOL) {
			part->mask_axes = array->geom->ndim;
			if (array->geom->ndim == 0)
				part->mask_axes = -1;
			*axes += array->geom->ndim;
		} else if (dtype_is_integer(array->dtype)) {
			if (array->geom->ndim == 0) {
				part->kind = PART_INTEGER;
				part->certain = array->buffer->known && array->whole;
				part->integer = part->certain ? array->buffer->least : 0;
				index->scalar_array = true;
				value_release(&array->value);
				part->array = NULL;
				(*axes)++;
				break;
			}
			(*axes)++;
		} else {
			index->count++;
			return raise_at(s, index->node, "IndexError", "an index is an integer, a slice, ..., None, or an array of integers or bools, not %s", dtype_name(array->dtype)), false;
		}
		index->fancy++;
		break;
	}
	case VALUE_UNKNOWN:
		return false;
	default:
		return raise_at(s, index->node, "IndexError", "an index is an integer, a slice, ..., None, or an array of integers or bools, not %s", value_words(item)), false;
	}
	index->count++;
	return true;
}

/* NumPy looks at the masks before it looks at integers and slices. */
static bool masks_fit(struct session *s, const struct node *node, const struct array *a, const struct index *index)
{
	for (int i = 0, axis = 0; i < index->count; i++) {
		const struct part *part = &index->part[i];
		if (part->kind == PART_NEWAXIS || part->mask_axes < 0)
			continue;
		if (part->mask_axes == 0) {
			axis++;
			continue;
		}
		for (int k = 0; k < part->mask_axes; k++, axis++)
			if (part->array->geom->shape[k] != a->geom->shape[axis] && (a->at_most | part->array->at_most) == 0)
				return raise_at(s, node, "IndexError", "a mask of shape %s does not fit: axis %d has %td elements, the mask %td", array_shape_text(part->array), axis, a->geom->shape[axis], part->array->geom->shape[k]), false;
	}
	return true;
}

/* Reads an index and fills it up with ':' to the array's axes. */
static bool index_read(struct session *s, const struct node *node, const struct array *a, struct value *value, struct index *out)
{
	int axes = 0, ellipsis = -1;

	*out = (struct index){ .node = node };
	struct value *const *items = value->kind == VALUE_TUPLE ? value->seq.item : &value;
	size_t count = value->kind == VALUE_TUPLE ? value->seq.count : 1;
	for (size_t i = 0; i < count; i++)
		if (!add_part(s, out, items[i], &axes))
			return false;
	if (axes > a->geom->ndim)
		return raise_at(s, node, "IndexError", "too many indices: the array has shape %s, which is %d %s, and %d were indexed", array_shape_text(a), a->geom->ndim, a->geom->ndim == 1 ? "axis" : "axes", axes), false;
	for (int i = 0; i < out->count; i++)
		if (out->part[i].kind == PART_ELLIPSIS)
			ellipsis = i;
	int missing = a->geom->ndim - axes, at = ellipsis >= 0 ? ellipsis : out->count, replaced = ellipsis >= 0 ? 1 : 0;
	if (out->count + missing > MOST_PARTS)
		return raise_at(s, node, "IndexError", "too many indices"), false;
	memmove(&out->part[at + missing], &out->part[at + replaced], (size_t)(out->count - at - replaced) * sizeof out->part[0]);
	for (int i = 0; i < missing; i++)
		out->part[at + i] = (struct part){ .kind = PART_SLICE, .certain = true, .start = ND_SLICE_NONE, .stop = ND_SLICE_NONE, .step = ND_SLICE_NONE };
	out->count += missing - replaced;
	/* An ellipsis between two fancy ones sets them apart even if it stands for no axis. */
	out->ellipsis = ellipsis >= 0;
	if (ellipsis >= 0 && at + missing < out->count)
		out->part[at + missing].behind_ellipsis = true;
	return masks_fit(s, node, a, out);
}

static bool check_integer(struct session *s, const struct node *node, const struct array *a, int axis, ptrdiff_t i, bool certain)
{
	ptrdiff_t extent = a->geom->shape[axis];
	if (!certain || (i >= -extent && i < extent) || a->at_most >> axis & 1)
		return true;
	return raise_at(s, node, "IndexError", "index %td is out of bounds: axis %d has %td %s, so %td to %td", i, axis, extent, extent == 1 ? "element" : "elements", -extent, extent - 1), false;
}

/*
 * The view that the integers, slices and Nones of an index make, from its first part on; fancy parts leave their axes as they are, at the places that
 * out_place names (axis of the view where the part's first axis is).
 */
static bool basic_view(struct session *s, const struct array *a, const struct index *index, struct nd_geom *out_geom, uint64_t *out_at_most, int *out_place, bool integers_too)
{
	struct nd_geom geom = *a->geom;
	uint64_t at_most = 0;
	int axis = 0, source = 0;

	for (int i = 0; i < index->count; i++) {
		const struct part *part = &index->part[i];
		int status = ND_OK;
		bool open = source < a->geom->ndim && (a->at_most >> source & 1);
		out_place[i] = axis;
		switch (part->kind) {
		case PART_INTEGER:
			if (!check_integer(s, index->node, a, source, part->integer, part->certain))
				return false;
			source++;
			if (!integers_too) {
				at_most |= (uint64_t)open << axis;
				axis++;
				break;
			}
			if (geom.shape[axis] == 0) {
				raise_at(s, index->node, "IndexError", "index %td is out of bounds: the axis has no elements", part->integer);
				return false;
			}
			status = nd_geom_index(&geom, axis, part->certain && part->integer >= -geom.shape[axis] && part->integer < geom.shape[axis] ? part->integer : 0, &geom);
			break;
		case PART_SLICE:
			if (part->step == 0) {
				raise_at(s, index->node, "ValueError", "a slice cannot have step 0");
				return false;
			}
			status = nd_geom_slice(&geom, axis, part->start, part->stop, part->step, &geom);
			at_most |= (uint64_t)(open || !part->certain) << axis;
			axis++;
			source++;
			break;
		case PART_NEWAXIS:
			status = nd_geom_newaxis(&geom, axis, &geom);
			axis++;
			break;
		case PART_FANCY: {
			int n = part->mask_axes < 0 ? 0 : part->mask_axes > 0 ? part->mask_axes : 1;
			if (part->mask_axes < 0) {
				/* It takes no axis: give it one of its own to stand in. */
				status = nd_geom_newaxis(&geom, axis, &geom);
				axis++;
			}
			axis += n;
			source += n;
			break;
		}
		case PART_ELLIPSIS:
			break;
		}
		if (status != ND_OK) {
			raise_at(s, index->node, "IndexError", "%s", nd_strstatus(status));
			return false;
		}
	}
	*out_geom = geom;
	*out_at_most = at_most;
	return true;
}

static const char *why_view(struct session *s, const struct array *a, const struct nd_geom *geom)
{
	if (geom->ndim == 0)
		return say(s, "one element, %td B from the buffer's start", geom->offset);
	return say(s, "offset %td -> %td, strides %s -> %s: the bytes stay where they are", a->geom->offset, geom->offset, shape_text(a->geom->ndim, a->geom->strides), shape_text(geom->ndim, geom->strides));
}

/* ---- fancy indices ---- */

/* Values that are known must be within the axis. */
static bool check_values(struct session *s, const struct node *node, const struct array *index, ptrdiff_t extent, int axis)
{
	if (!index->whole || !index->buffer->known || nd_geom_size(index->geom) == 0)
		return true;
	ptrdiff_t least = index->buffer->least, most = index->buffer->most;
	if (least >= -extent && most < extent)
		return true;
	return raise_at(s, node, "IndexError", "index %td is out of bounds: axis %d has %td %s, so %td to %td", least < -extent ? least : most, axis, extent, extent == 1 ? "element" : "elements", -extent, extent - 1), false;
}

struct fancy {
	int ndim;                        /* of the broadcast indices */
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	uint64_t at_most;
	int first;                       /* the axis of the result where they stand */
	bool apart;                      /* not side by side: they come first */
	bool single_mask;                /* one mask over all axes */
	int64_t index_bytes;             /* of index arrays that are made for it */
	int order[ND_GEOM_MAXDIMS];      /* in which their axes lie in memory */
};

/* Broadcasts the fancy parts, checks their values, and finds where their axes go. */
static bool fancy_read(struct session *s, const struct array *a, const struct index *index, const int *place, struct fancy *out)
{
	struct array *ops[MOST_FANCY], *masks[MOST_FANCY];
	int n = 0, nmasks = 0, last = -1;
	bool ok = false;

	*out = (struct fancy){ .first = -1 };
	for (int i = 0; i < index->count; i++) {
		const struct part *part = &index->part[i];
		bool is_fancy = part->kind == PART_FANCY || part->kind == PART_INTEGER;
		if (is_fancy) {
			if (last >= 0 && (i != last + 1 || part->behind_ellipsis))
				out->apart = true;
			if (out->first < 0)
				out->first = place[i];
			last = i;
		}
		if (part->kind != PART_FANCY)
			continue;
		if (n == MOST_FANCY) {
			raise_at(s, index->node, "IndexError", "too many indices");
			goto done;
		}
		if (part->mask_axes > 0) {
			bool known;
			ptrdiff_t count = mask_count(part->array, &known);
			/* Its bytes are counted with the others. */
			struct array *positions = unpaid_array(s, DT_INT64, 1, &count);
			if (!positions)
				goto done;
			positions->at_most = known ? 0 : 1;
			out->index_bytes += 8 * count * part->mask_axes;
			masks[nmasks++] = ops[n++] = positions;
		} else {
			/* to_array() has counted the array of a list. */
			if (!part->made && part->array->dtype != DT_INT64)
				out->index_bytes += 8 * (nd_geom_size(part->array->geom) < CAST_ELEMENTS ? nd_geom_size(part->array->geom) : CAST_ELEMENTS);
			ops[n++] = part->array;
		}
	}
	out->single_mask = n == 1 && nmasks == 1 && index->count == 1 && !index->ellipsis && index->part[0].mask_axes == a->geom->ndim;
	if (out->single_mask)
		out->index_bytes = 0;
	/* Indices that do not broadcast are an IndexError, not a ValueError. */
	ok = broadcast_shapes(s, index->node, ops, n, &out->ndim, out->shape, &out->at_most);
	if (!ok && s->result.error)
		((struct inspect_error *)s->result.error)->type = "IndexError";
	if (ok)
		order_of_operands(ops, n, out->ndim, out->order);
done:
	for (int i = 0; i < nmasks; i++)
		value_release(&masks[i]->value);
	return ok;
}

/* The values of the indices, where they are known, against the axes. */
static bool fancy_check(struct session *s, const struct index *index, const struct nd_geom *view, const int *place)
{
	/* NumPy 1 does not look at indices that pick nothing, because another axis has no elements. */
	for (int i = 0; i < index->count; i++)
		if ((index->part[i].kind == PART_SLICE || index->part[i].kind == PART_NEWAXIS) && view->shape[place[i]] == 0)
			return true;
	for (int i = 0; i < index->count; i++) {
		const struct part *part = &index->part[i];
		if (part->kind == PART_FANCY && part->mask_axes == 0 && !check_values(s, index->node, part->array, view->shape[place[i]], place[i]))
			return false;
	}
	return true;
}

/* The result's shape, and the order of its axes from the slowest in memory to the fastest. */
static int fancy_shape(const struct index *index, const struct nd_geom *view, uint64_t view_at_most, const struct fancy *fancy, ptrdiff_t *out_shape, uint64_t *out_at_most, int *out_order)
{
	int ndim = 0, rest = 0, first = fancy->apart ? 0 : fancy->first;
	bool taken[ND_GEOM_MAXDIMS + MOST_PARTS] = { false };
	int subspace[ND_GEOM_MAXDIMS] = { 0 }, sorted[ND_GEOM_MAXDIMS], at = 0;
	struct nd_geom kept = { .itemsize = view->itemsize };

	/* Which axes of the view are indexed away. */
	for (int i = 0, axis = 0; i < index->count; i++) {
		const struct part *part = &index->part[i];
		int n = part->kind == PART_FANCY && part->mask_axes > 0 ? part->mask_axes : 1;
		bool away = part->kind == PART_FANCY || part->kind == PART_INTEGER;
		for (int k = 0; k < n; k++)
			taken[axis++] = away;
	}
	*out_at_most = 0;
	/* first counts axes of the view; those before it are all kept. */
	for (int axis = 0; axis <= view->ndim; axis++) {
		if (axis == first) {
			at = ndim;
			for (int k = 0; k < fancy->ndim; k++, ndim++) {
				if (ndim >= ND_GEOM_MAXDIMS)
					return -1;
				out_shape[ndim] = fancy->shape[k];
				*out_at_most |= (uint64_t)(fancy->at_most >> k & 1) << ndim;
			}
		}
		if (axis == view->ndim || taken[axis])
			continue;
		if (ndim >= ND_GEOM_MAXDIMS)
			return -1;
		kept.shape[rest] = view->shape[axis];
		kept.strides[rest] = view->strides[axis];
		subspace[rest++] = ndim;
		out_shape[ndim] = view->shape[axis];
		*out_at_most |= (uint64_t)(view_at_most >> axis & 1) << ndim;
		ndim++;
	}
	kept.ndim = rest;
	order_by_strides(&kept, sorted);
	for (int k = 0; k < fancy->ndim; k++)
		out_order[k] = at + (rest == 0 ? fancy->order[k] : k);
	/* The rest is laid out as it lies in the source. */
	for (int k = 0; k < rest; k++)
		out_order[fancy->ndim + k] = subspace[sorted[k]];
	return ndim;
}

/* The slice that picks the very elements of a list of indices, in their order; NULL: there is none. */
static const char *as_slice(struct session *s, const struct value *list, const char *of, ptrdiff_t extent)
{
	ptrdiff_t first = 0, last = 0, step = 0;

	for (size_t i = 0; i < list->seq.count; i++) {
		const struct value *item = list->seq.item[i];
		if (item->kind != VALUE_INT || !item->certain)
			return NULL;
		ptrdiff_t at = item->integer < 0 ? item->integer + extent : item->integer;
		if (i == 0)
			first = at;
		else if (i == 1)
			step = at - last;
		else if (at - last != step)
			return NULL;
		last = at;
	}
	of = step != 0 ? text_to_follow(s, of) : NULL;
	if (!of)
		return NULL;
	/* A stop of -1 would be that before the last element. */
	const char *stop = step < 0 && last == 0 ? "" : say(s, "%td", step > 0 ? last + 1 : last - 1);
	return say(s, "the indices step evenly, and a slice of the same elements is a view: %s[%td:%s%s]", of, first, stop, step == 1 ? "" : say(s, ":%td", step));
}

static struct value *fancy_get(struct session *s, struct array *a, struct index *index, const char *of)
{
	struct nd_geom view;
	uint64_t view_at_most, at_most;
	int place[MOST_PARTS], order[ND_GEOM_MAXDIMS];
	struct fancy fancy;
	ptrdiff_t shape[ND_GEOM_MAXDIMS];

	if (!basic_view(s, a, index, &view, &view_at_most, place, false) || !fancy_read(s, a, index, place, &fancy) || !fancy_check(s, index, &view, place))
		return NULL;
	int ndim = fancy_shape(index, &view, view_at_most, &fancy, shape, &at_most, order);
	if (ndim < 0)
		return raise_at(s, index->node, "IndexError", "the result would have more than %d axes", ND_GEOM_MAXDIMS);
	int64_t list_bytes = 0;
	bool from_list = false;
	for (int i = 0; i < index->count; i++)
		if (index->part[i].made && index->part[i].array) {
			from_list = true;
			list_bytes += index->part[i].array->buffer->nbytes;
		}
	hidden_begin(s, fancy.index_bytes);
	struct array *made = array_new_ordered(s, a->dtype, ndim, shape, order), *result = made;
	hidden_end(s, fancy.index_bytes);
	if (!made)
		return NULL;
	made->at_most = at_most;
	bool moved = !fancy.apart && fancy.first > 0 && ndim > fancy.ndim;
	if (moved) {
		/* Fetched with the indices' axes first, then turned: the result is a view of the fetched array. */
		result = array_view(s, made, made->geom);
		if (result) {
			result->at_most = at_most;
			result->origin = NULL;
		}
		value_release(&made->value);
		if (!result)
			return NULL;
	}
	s->step_hidden += list_bytes;
	int64_t bytes = nd_geom_nbytes(result->geom);
	const char *most = at_most ? "at most " : "";
	if (fancy.single_mask)
		tell(s, STEP_COPY, of, say(s, "which elements a mask picks depends on data, and no stride steps from one to the next: a copy of %s%s", most, bytes_text(bytes)));
	else
		tell(s, STEP_COPY, of, say(s, "%s no single stride from one element to the next, so %s%td elements of %td B are copied: %s%s", from_list ? "a list of integers has" : "an array of integers has", most, nd_geom_size(result->geom), result->geom->itemsize, bytes_text(bytes), list_bytes + fancy.index_bytes > 0 ? say(s, ", and the index takes %s besides", bytes_text(list_bytes + fancy.index_bytes)) : ""));
	s->tale.lesson = "views";
	if (index->count == 1 && index->part[0].list && !a->at_most)
		s->tale.avoid = as_slice(s, index->part[0].list, of, a->geom->shape[0]);
	return &result->value;
}

/* ---- reading ---- */

/* Of a tuple or a list. */
static struct value *item_of(struct session *s, const struct node *node, struct value *sequence, struct value *index)
{
	ptrdiff_t n = (ptrdiff_t)sequence->seq.count;

	if (index->kind == VALUE_SLICE) {
		struct nd_geom geom = { .ndim = 1, .itemsize = 1, .shape = { n }, .strides = { 1 } };
		ptrdiff_t start, stop, step;
		bool certain = true;
		if (!slice_bound(s, node, index->slice.start, &start, &certain) || !slice_bound(s, node, index->slice.stop, &stop, &certain) || !slice_bound(s, node, index->slice.step, &step, &certain))
			return NULL;
		if (nd_geom_slice(&geom, 0, start, stop, step, &geom) != ND_OK)
			return raise_at(s, node, "ValueError", "a slice cannot have step 0");
		size_t count = (size_t)geom.shape[0];
		struct value **items = malloc((count + 1) * sizeof *items);
		if (!items)
			return no_memory(s);
		for (size_t i = 0; i < count; i++)
			items[i] = value_ref(sequence->seq.item[geom.offset + (ptrdiff_t)i * geom.strides[0]]);
		struct value *out = value_sequence(s, sequence->kind, items, count);
		free(items);
		return out;
	}
	if (index->kind == VALUE_SCALAR || (index->kind == VALUE_INT && !index->certain))
		return value_unknown(s);
	if (index->kind != VALUE_INT && index->kind != VALUE_BOOL)
		return raise_at(s, node, "TypeError", "%s is indexed by a whole number or a slice, not by %s", value_words(sequence), value_words(index));
	if (index->integer < -n || index->integer >= n)
		return raise_at(s, node, "IndexError", "index %lld is out of range: there %s %td %s", (long long)index->integer, n == 1 ? "is" : "are", n, n == 1 ? "item" : "items");
	return value_ref(sequence->seq.item[index->integer < 0 ? index->integer + n : index->integer]);
}

struct value *subscript_get(struct session *s, const struct node *node, struct value *object, struct value *index_value)
{
	struct index index;
	struct nd_geom geom;
	uint64_t at_most;
	int place[MOST_PARTS];
	struct value *result = NULL;

	switch (object->kind) {
	case VALUE_ARRAY:
		break;
	case VALUE_TUPLE:
	case VALUE_LIST:
		return item_of(s, node, object, index_value);
	case VALUE_FLAGS:
		return flag_item(s, node, object, index_value);
	case VALUE_SCALAR:
		if (index_value->kind == VALUE_NONE || index_value->kind == VALUE_ELLIPSIS || index_value->kind == VALUE_TUPLE) {
			/* As an array without axes. */
			struct array *zero = array_new(s, object->dtype, 0, NULL, LAYOUT_C);
			result = zero ? subscript_get(s, node, &zero->value, index_value) : NULL;
			if (zero)
				value_release(&zero->value);
			return result;
		}
		return raise_at(s, node, "IndexError", "a NumPy scalar has no elements to pick from");
	case VALUE_FUNCTION:
		if (strcmp(object->function.builtin->name, "r_") == 0 || strcmp(object->function.builtin->name, "c_") == 0)
			return unfollowed_at(s, node, "np.r_ and np.c_ are not followed");
		/* fall through */
	default:
		if (object->kind == VALUE_STR || object->kind == VALUE_SLICE)
			return unfollowed_at(s, node, "indexing %s is not followed", value_words(object));
		return raise_at(s, node, "TypeError", "%s cannot be indexed", value_words(object));
	}
	struct array *a = as_array(object);
	const char *of = operand_text(s, node->a);
	if (!index_read(s, node, a, index_value, &index)) {
		index_release(&index);
		return NULL;
	}
	if (s->gap) {
		index_release(&index);
		return value_unknown(s);
	}
	if (index.fancy > 0) {
		result = fancy_get(s, a, &index, of);
	} else if (basic_view(s, a, &index, &geom, &at_most, place, true)) {
		if (geom.ndim == 0 && !index.ellipsis) {
			tell(s, STEP_SCALAR, of, "one element: a scalar that is taken out of the array");
			result = value_scalar(s, a->dtype);
		} else {
			struct array *view = array_view(s, a, &geom);
			if (view) {
				view->at_most = at_most;
				view->whole = a->whole && nd_geom_size(&geom) == nd_geom_size(a->geom) && at_most == 0;
				tell(s, STEP_VIEW, of, why_view(s, a, &geom));
				s->tale.lesson = "views";
				if (index.scalar_array) {
					struct array *copy = copy_of(s, view, view->dtype, 'K');
					value_release(&view->value);
					view = copy;
					tell(s, STEP_COPY, of, "an index that is an array without axes: NumPy copies what it picks");
				}
			}
			result = view ? &view->value : NULL;
		}
	}
	index_release(&index);
	return result;
}

/* ---- writing ---- */

/*
 * Does the value fit into the shape, repeated where it has extents of 1? Its axes in front of that must have one element; where lists or arrays index, the
 * value is reshaped to the axes behind them, which goes for a value without elements too.
 */
static bool fits(const struct nd_geom *value, uint64_t open, int ndim, const ptrdiff_t *shape, bool reshapes)
{
	int extra = value->ndim - ndim;
	bool empty = false;

	if (open)
		return true;
	for (int k = extra > 0 ? extra : 0; k < value->ndim; k++)
		empty = empty || value->shape[k] == 0;
	for (int k = 0; k < value->ndim; k++) {
		if (k < extra ? value->shape[k] != 1 && !(reshapes && empty) : value->shape[k] != 1 && value->shape[k] != shape[k - extra])
			return false;
	}
	return true;
}

/*
 * A list that is nested deeper than the target has axes, and an array with axes where integers pick one element, is put into an element as it is, as
 * Python's float() or bool() makes a number of it: an array of one element can be such a number, and anything is true or false.
 */
static bool into_one_element(struct session *s, const struct node *node, const struct array *a, const struct array *source, int ndim, bool array)
{
	if (array && (source->at_most || (nd_geom_size(source->geom) == 1 && (dtype_is_complex(a->dtype) || a->dtype == DT_BOOL || !dtype_is_complex(source->dtype)))))
		return true;
	if (!array && ndim == 0 && a->dtype == DT_BOOL)
		return true;
	raise_at(s, node, ndim == 0 && dtype_is_complex(a->dtype) ? "TypeError" : "ValueError", "%s of shape %s does not fit into one element", array ? "an array" : "a list", array_shape_text(source));
	return false;
}

bool subscript_set(struct session *s, const struct node *node, struct value *object, struct value *index_value, struct value *value, const struct node *value_node)
{
	struct index index;
	struct nd_geom geom;
	uint64_t at_most;
	int place[MOST_PARTS], order[ND_GEOM_MAXDIMS], ndim;
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	struct array *source = NULL;
	bool ok = false, single_mask = false;

	if (object->kind == VALUE_LIST && index_value->kind == VALUE_INT && index_value->certain) {
		ptrdiff_t n = (ptrdiff_t)object->seq.count, i = index_value->integer;
		if (i < -n || i >= n)
			return raise_at(s, node, "IndexError", "index %td is out of range", i), false;
		struct value **item = &object->seq.item[i < 0 ? i + n : i];
		/* A list could come to hold itself: then nothing would end, neither its printing nor its release. */
		struct value *put = value_is_sequence(value) ? unfollowed_at(s, node, "a list or a tuple that is put into a list is not followed") : value_ref(value);
		if (!put)
			return false;
		value_release(*item);
		*item = put;
		return true;
	}
	if (object->kind == VALUE_FLAGS && index_value->kind == VALUE_STR && value->kind == VALUE_BOOL) {
		const bool is_writeable = strcmp(index_value->str.text, "WRITEABLE") == 0 || strcmp(index_value->str.text, "W") == 0;
		return !is_writeable || set_writeable(s, node, object->array, value->integer != 0);
	}
	if (object->kind != VALUE_ARRAY) {
		if (object->kind == VALUE_LIST)
			return value_release(unfollowed_at(s, node, "this assignment into a list is not followed")), true;
		return raise_at(s, node, "TypeError", "%s cannot be assigned into", value_words(object)), false;
	}
	struct array *a = as_array(object);
	if (!a->writeable)
		return raise_at(s, node, "ValueError", "the array is read-only: writing to it would %s", a->origin ? say(s, "change %s too", a->origin) : "change what others see"), false;
	if (!index_read(s, node, a, index_value, &index) || s->gap)
		goto done;
	if (index.fancy > 0) {
		struct fancy fancy;
		if (!basic_view(s, a, &index, &geom, &at_most, place, false) || !fancy_read(s, a, &index, place, &fancy))
			goto done;
		ndim = fancy_shape(&index, &geom, at_most, &fancy, shape, &at_most, order);
		if (ndim < 0) {
			raise_at(s, node, "IndexError", "more than %d axes", ND_GEOM_MAXDIMS);
			goto done;
		}
		transient(s, fancy.index_bytes);
		single_mask = fancy.single_mask;
	} else {
		if (!basic_view(s, a, &index, &geom, &at_most, place, true))
			goto done;
		ndim = geom.ndim;
		memcpy(shape, geom.shape, (size_t)ndim * sizeof shape[0]);
	}
	a->buffer->known = false;
	const char *name = node->a ? operand_text(s, node->a) : "the array";
	tell(s, STEP_INPLACE, name, "the elements are written into bytes that are there");
	if (value->kind == VALUE_ARRAY || value->kind == VALUE_LIST || value->kind == VALUE_TUPLE) {
		source = to_array(s, value, value_node ? value_node : node);
		if (!source)
			goto done;
		if (single_mask && source->geom->ndim > 1) {
			raise_at(s, node, "TypeError", "what a mask picks has one axis, and what is written there %d: shape %s", source->geom->ndim, array_shape_text(source));
			goto done;
		}
		if (index.fancy == 0 && source->geom->ndim > ndim && (value->kind != VALUE_ARRAY || (ndim == 0 && !index.ellipsis && !index.scalar_array))) {
			ok = into_one_element(s, node, a, source, ndim, value->kind == VALUE_ARRAY);
			goto done;
		}
		if (!fits(source->geom, source->at_most | at_most, ndim, shape, index.fancy > 0 && !single_mask)) {
			raise_at(s, node, "ValueError", "shape %s does not fit into shape %s", array_shape_text(source), shape_text(ndim, shape));
			goto done;
		}
		if (source->buffer == a->buffer && index.fancy == 0) {
			const struct nd_geom *from = source->geom;
			bool identical = from->ndim == geom.ndim && from->offset == geom.offset && memcmp(from->strides, geom.strides, (size_t)geom.ndim * sizeof geom.strides[0]) == 0;
			bool must = geom.ndim > 1 || (geom.ndim == 1 && from->ndim >= 1 && geom.strides[0] * from->strides[from->ndim - 1] < 0);
			if (must && !identical && nd_geom_shares_memory(from, &geom, 1, NULL) != ND_SHARES_NO) {
				int64_t bytes = nd_geom_nbytes(from);
				transient(s, bytes);
				tell(s, STEP_INPLACE, name, say(s, "what is read lies in the bytes that are written: a hidden copy of %s comes first", bytes_text(bytes)));
				s->tale.what = "in place, with a hidden COPY";
				s->tale.surprising = true;
			}
		} else if (value->kind == VALUE_ARRAY) {
			const char *besides = s->step_allocated > 0 ? say(s, "the index takes %s besides", bytes_text(s->step_allocated)) : "nothing new is made";
			s->tale.why = say(s, "%td elements are copied into bytes that are there: %s", nd_geom_size(source->geom), besides);
		}
	} else if (value->kind == VALUE_COMPLEX && !dtype_is_complex(a->dtype) && a->dtype != DT_BOOL) {
		raise_at(s, node, "TypeError", "a complex number cannot be put into an array of %s", dtype_name(a->dtype));
		goto done;
	} else if (value->kind == VALUE_STR || (value->kind == VALUE_NONE && dtype_is_integer(a->dtype)) || value->kind == VALUE_SLICE) {
		raise_at(s, node, value->kind == VALUE_STR ? "ValueError" : "TypeError", "%s cannot be put into an array of %s", value_words(value), dtype_name(a->dtype));
		goto done;
	}
	ok = index.fancy == 0 || fancy_check(s, &index, &geom, place);
done:
	if (source)
		value_release(&source->value);
	index_release(&index);
	return ok || (s->gap && !s->failed);
}
