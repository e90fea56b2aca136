/* SPDX-License-Identifier: MIT */
/*
 * Arrays without data: a geometry over a numbered buffer, and the book of how many bytes are alive.
 *
 * Who owns a buffer frees it; a view holds its base, and a base is never a view of another array (NumPy collapses such chains), except behind a stand-in
 * object. So memory lives exactly as long here as it does there.
 */
#include "session.h"

#include "base/units.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What many statements ask for may be more than can be counted: then it is that much at least. */
static void add_up(int64_t *sum, int64_t bytes)
{
	if (__builtin_add_overflow(*sum, bytes, sum))
		*sum = INT64_MAX;
}

static void take(struct session *s, int64_t bytes)
{
	s->live += bytes;
	s->counted += bytes;
	add_up(&s->allocated, bytes);
	add_up(&s->step_allocated, bytes);
	if (s->live > s->peak)
		s->peak = s->live;
	if (s->counted > s->counted_peak)
		s->counted_peak = s->counted;
}

void hidden_begin(struct session *s, int64_t bytes)
{
	/* What no machine has is refused before it gets here; sums of such may still be too large to add. */
	if (bytes > INT64_MAX / 4 - s->live)
		bytes = s->live > INT64_MAX / 4 ? 0 : INT64_MAX / 4 - s->live;
	take(s, bytes);
	add_up(&s->step_hidden, bytes);
}

void hidden_end(struct session *s, int64_t bytes)
{
	s->live -= bytes;
	s->counted -= bytes;
}

void transient(struct session *s, int64_t bytes)
{
	if (bytes <= 0 || bytes > INT64_MAX / 4 - s->live)
		return;
	hidden_begin(s, bytes);
	hidden_end(s, bytes);
}

int64_t array_nbytes(const struct array *array)
{
	return nd_geom_nbytes(array->geom);
}

static struct array *array_blank(struct session *s, enum dtype dtype, const struct nd_geom *geom)
{
	struct array *array = pool_take(&s->array_pool, &s->object_arena, sizeof *array);

	if (!array) {
		return no_memory(s);
	}
	array->geom = geometry_take(s, geom);
	if (!array->geom) {
		pool_give(&s->array_pool, array);
		return NULL;
	}
	array->value.kind = VALUE_ARRAY;
	array->value.refs = 1;
	array->value.certain = true;
	array->value.session = s;
	array->dtype = dtype;
	array->writeable = true;
	array->statement = s->statement;
	s->objects++;
	return array;
}

/* An array that owns a buffer for its elements. */
static struct array *own(struct session *s, enum dtype dtype, struct nd_geom *geom)
{
	int64_t nbytes = nd_geom_nbytes(geom);

	/* Sums of live bytes must fit too. */
	if (nbytes > INT64_MAX / 4 - s->live)
		return raise_at(s, NULL, "ValueError", "more bytes than can be counted: no machine has so much memory");
	/* NumPy gives an array without bytes strides of 0, whatever the order asked for; results laid out like it follow that. */
	for (int k = 0; nbytes == 0 && k < geom->ndim; k++)
		geom->strides[k] = 0;
	struct array *array = array_blank(s, dtype, geom);
	if (!array)
		return NULL;
	array->owndata = array->whole = true;
	array->buffer = pool_take(&s->buffer_pool, &s->object_arena, sizeof *array->buffer);
	if (!array->buffer) {
		s->objects--;
		geometry_release(s, array->geom);
		pool_give(&s->array_pool, array);
		return no_memory(s);
	}
	array->buffer->id = ++s->buffers;
	array->buffer->nbytes = nbytes;
	take(s, nbytes);
	return array;
}

static bool shape_is_possible(struct session *s, enum dtype dtype, int ndim, const ptrdiff_t *shape)
{
	switch (nd_geom_check_shape(ndim, shape, (ptrdiff_t)dtype_itemsize(dtype), NULL)) {
	case ND_OK:
		return true;
	case ND_EDIMS:
		raise_at(s, NULL, "ValueError", "more than %d axes: NumPy 1 has no more, NumPy 2 has 64", ND_GEOM_MAXDIMS);
		return false;
	case ND_EINVAL:
		raise_at(s, NULL, "ValueError", "negative extents are not allowed: shape %s", ndim <= ND_GEOM_MAXDIMS ? shape_text(ndim, shape) : "");
		return false;
	default:
		raise_at(s, NULL, "ValueError", "shape %s of %s overflows: its bytes do not fit 63 bits", shape_text(ndim, shape), dtype_name(dtype));
		return false;
	}
}

struct array *array_new_ordered(struct session *s, enum dtype dtype, int ndim, const ptrdiff_t *shape, const int *order)
{
	if (!shape_is_possible(s, dtype, ndim, shape))
		return NULL;
	struct nd_geom geom; /* large: its axes are set one by one */
	geom.ndim = ndim;
	geom.itemsize = (ptrdiff_t)dtype_itemsize(dtype);
	geom.offset = 0;
	ptrdiff_t stride = geom.itemsize;
	for (int k = ndim - 1; k >= 0; k--) {
		int axis = order ? order[k] : k;
		geom.shape[axis] = shape[axis];
		geom.strides[axis] = stride;
		/* It may overflow only where an extent of 0 makes all strides 0. */
		(void)__builtin_mul_overflow(stride, shape[axis], &stride);
	}
	return own(s, dtype, &geom);
}

struct array *array_new(struct session *s, enum dtype dtype, int ndim, const ptrdiff_t *shape, int layout)
{
	int order[ND_GEOM_MAXDIMS];

	if (layout == LAYOUT_C || ndim > ND_GEOM_MAXDIMS)
		return array_new_ordered(s, dtype, ndim, shape, NULL);
	for (int k = 0; k < ndim; k++)
		order[k] = ndim - 1 - k;
	return array_new_ordered(s, dtype, ndim, shape, order);
}

void order_by_strides(const struct nd_geom *geom, int *out_order)
{
	for (int k = 0; k < geom->ndim; k++) {
		int at = k;
		ptrdiff_t stride = geom->strides[k] < 0 ? -geom->strides[k] : geom->strides[k];
		while (at > 0) {
			ptrdiff_t before = geom->strides[out_order[at - 1]];
			if ((before < 0 ? -before : before) >= stride)
				break;
			out_order[at] = out_order[at - 1];
			at--;
		}
		out_order[at] = k;
	}
}

struct array *array_new_like(struct session *s, enum dtype dtype, const struct array *like)
{
	int order[ND_GEOM_MAXDIMS];
	const struct nd_geom *geom = like->geom;
	struct array *array;

	if (nd_geom_c_contiguous(geom) || geom->ndim <= 1) {
		array = array_new(s, dtype, geom->ndim, geom->shape, LAYOUT_C);
	} else if (nd_geom_f_contiguous(geom)) {
		array = array_new(s, dtype, geom->ndim, geom->shape, LAYOUT_F);
	} else {
		order_by_strides(geom, order);
		array = array_new_ordered(s, dtype, geom->ndim, geom->shape, order);
	}
	if (array)
		array->at_most = like->at_most;
	return array;
}

/* The name is still this array's. */
static const char *valid_name(const struct array *array)
{
	return array->entry && array->entry->value == &array->value ? array->name : NULL;
}

struct array *array_view(struct session *s, struct array *src, const struct nd_geom *geom)
{
	struct array *view = array_blank(s, src->dtype, geom), *base = src;

	if (!view)
		return NULL;
	while (!base->owndata && base->base && !base->stand_in)
		base = base->base;
	view->writeable = src->writeable;
	view->warns = src->warns;
	view->buffer = src->buffer;
	view->statement = src->statement;
	view->base = as_array(value_ref(&base->value));
	const char *name = valid_name(src);
	view->origin = name ? name : src->origin;
	if (geom->ndim == src->geom->ndim)
		view->at_most = src->at_most;
	return view;
}

bool array_set_geom(struct session *s, struct array *array, const struct nd_geom *geom)
{
	const struct nd_geom *kept = geometry_take(s, geom);

	if (!kept)
		return false;
	geometry_release(s, array->geom);
	array->geom = kept;
	return true;
}

void array_destroy(struct array *array)
{
	struct session *s = array->value.session;

	if (array->owndata) {
		s->live -= array->buffer->nbytes;
		if (!array->buffer->input)
			s->counted -= array->buffer->nbytes;
		pool_give(&s->buffer_pool, array->buffer);
	}
	s->objects--;
	geometry_release(s, array->geom);
	if (array->base)
		value_release(&array->base->value);
	pool_give(&s->array_pool, array);
}

/* ---- texts ---- */

enum { TEXTS = 8, TEXT_BYTES = 400 };

static char *next_text(void)
{
	static char texts[TEXTS][TEXT_BYTES];
	static int next;
	return texts[next++ % TEXTS];
}

static const char *extents(int ndim, const ptrdiff_t *shape, uint64_t at_most)
{
	char *text = next_text(), *at = text;

	*at++ = '(';
	for (int k = 0; k < ndim && at - text < TEXT_BYTES - 60; k++) {
		if (k > 0)
			*at++ = ',', *at++ = ' ';
		if (at_most >> k & 1)
			*at++ = '0', *at++ = '.', *at++ = '.';
		at = text_number(at, shape[k]);
	}
	if (ndim == 1)
		*at++ = ',';
	*at++ = ')';
	*at = '\0';
	return text;
}

const char *bytes_text(int64_t bytes)
{
	return units_bytes_exact(bytes, next_text());
}

const char *shape_text(int ndim, const ptrdiff_t *shape)
{
	return extents(ndim, shape, 0);
}

const char *array_shape_text(const struct array *array)
{
	return extents(array->geom->ndim, array->geom->shape, array->at_most);
}

static bool is_told(const struct inspect_array *told, const struct array *array, const char *base)
{
	const struct nd_geom *geom = array->geom;

	if (told->writeable != array->writeable || told->at_most != array->at_most || told->base != base || told->ndim != geom->ndim || told->offset_bytes != geom->offset ||
	    told->owndata != array->owndata || told->itemsize != geom->itemsize || told->buffer != array->buffer->id || told->buffer_bytes != array->buffer->nbytes ||
	    told->dtype != dtype_name(array->dtype))
		return false;
	for (int k = 0; k < geom->ndim; k++)
		if (told->shape[k] != geom->shape[k] || told->strides[k] != geom->strides[k])
			return false;
	return true;
}

const struct inspect_array *describe_array_with(struct session *s, struct array *array, const char *base)
{
	/* What was said of it last holds mostly still. */
	if (array->told && is_told(array->told, array, base))
		return array->told;
	const struct nd_geom *geom = array->geom;
	size_t n = (size_t)geom->ndim;
	struct inspect_array *out = arena_alloc(&s->results, sizeof *out + 2 * n * sizeof(int64_t));
	int64_t *shape = (int64_t *)(out + 1), *strides = shape + n;
	ptrdiff_t low, high;

	for (size_t k = 0; k < n; k++) {
		shape[k] = geom->shape[k];
		strides[k] = geom->strides[k];
	}
	nd_geom_extent(geom, &low, &high);
	*out = (struct inspect_array){
		.ndim = geom->ndim, .shape = shape, .strides = strides, .at_most = array->at_most, .dtype = dtype_name(array->dtype), .itemsize = geom->itemsize,
		.nbytes = nd_geom_nbytes(geom), .offset_bytes = geom->offset, .buffer_bytes = array->buffer->nbytes, .buffer = array->buffer->id, .owndata = array->owndata,
		.writeable = array->writeable, .c_contiguous = nd_geom_c_contiguous(geom), .f_contiguous = nd_geom_f_contiguous(geom), .stand_in = array->stand_in,
		.leaves_buffer = low < high && (low < 0 || high > array->buffer->nbytes), .base = base,
	};
	array->told = out;
	return out;
}

const struct inspect_array *describe_array(struct session *s, struct array *array)
{
	static const char stand_in[] = "DummyArray", unnamed[] = "unnamed array";
	const char *base = array->stand_in ? stand_in : array->base ? valid_name(array->base) : NULL;

	return describe_array_with(s, array, base || !array->base ? base : unnamed);
}
