/* SPDX-License-Identifier: MIT */
#ifndef TEST_ND_MODEL_H
#define TEST_ND_MODEL_H

/*
 * What nd is held against: a model is a shape and its values in C order, got index by index from the definition.
 *
 * LAYOUTS ways of laying an array of one shape out in memory; all shapes of up to 4 axes and extents 0 to 3.
 */

#include "nd/nd.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { AXES = 4, EXTENT = 3, MOST = 4096, LAYOUTS = 5 };

struct model {
	int ndim;
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	int size;
	double values[MOST];
};

/* Step an index forward, the last axis fastest; false at the end. */
static inline bool next(int ndim, const ptrdiff_t *shape, ptrdiff_t *index)
{
	for (int k = ndim - 1; k >= 0; k--) {
		if (++index[k] < shape[k])
			return true;
		index[k] = 0;
	}
	return false;
}

static inline ptrdiff_t product(int ndim, const ptrdiff_t *shape)
{
	ptrdiff_t size = 1;

	for (int k = 0; k < ndim; k++)
		size *= shape[k];
	return size;
}

static inline double read_as(enum nd_dtype dtype, const void *at)
{
	switch (dtype) {
	case ND_FLOAT64: return *(const double *)at;
	case ND_FLOAT32: return (double)*(const float *)at;
	case ND_INT64: return (double)*(const int64_t *)at;
	case ND_INT32: return *(const int32_t *)at;
	default: return *(const uint8_t *)at;
	}
}

static inline double at(const struct nd *a, const ptrdiff_t *index)
{
	return read_as(a->dtype, (const char *)nd_data(a) - a->geom.offset + nd_geom_at(&a->geom, index));
}

static inline void model_of(const struct nd *a, struct model *out)
{
	ptrdiff_t index[ND_GEOM_MAXDIMS] = { 0 };

	out->ndim = a->geom.ndim;
	memcpy(out->shape, a->geom.shape, sizeof out->shape);
	out->size = (int)nd_size(a);
	assert_true(out->size <= MOST);
	for (int i = 0; i < out->size; i++) {
		out->values[i] = at(a, index);
		next(a->geom.ndim, a->geom.shape, index);
	}
}

/* The value at an index that may be longer than the model has axes, and run over axes of extent 1: broadcasting. */
static inline double model_at(const struct model *m, int ndim, const ptrdiff_t *index)
{
	ptrdiff_t place = 0;

	for (int k = 0; k < m->ndim; k++)
		place = place * m->shape[k] + (m->shape[k] == 1 ? 0 : index[ndim - m->ndim + k]);
	return m->values[place];
}

static inline bool same_number(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

static inline void print_shape(int ndim, const ptrdiff_t *shape)
{
	print_error("(");
	for (int k = 0; k < ndim; k++)
		print_error("%td, ", shape[k]);
	print_error(")");
}

static inline void assert_model(const char *what, const struct nd *a, const struct model *expected)
{
	struct model got;

	model_of(a, &got);
	if (got.ndim == expected->ndim &&
	    memcmp(got.shape, expected->shape, (size_t)got.ndim * sizeof *got.shape) == 0) {
		int i = 0;

		while (i < got.size && same_number(got.values[i], expected->values[i]))
			i++;
		if (i == got.size)
			return;
		print_error("%s: value %d is %g, expected %g; ", what, i, got.values[i], expected->values[i]);
	}
	print_error("%s: shape ", what);
	print_shape(got.ndim, got.shape);
	print_error(" expected ");
	print_shape(expected->ndim, expected->shape);
	print_error("\n");
	fail();
}

#define ok(expression) assert_int_equal(expression, ND_OK)

/* Counts what `expression` copies. */
#define copies(bytes, expression)                                       \
	do {                                                            \
		uint64_t before_ = nd_copied_bytes();                   \
		ok(expression);                                         \
		assert_int_equal(nd_copied_bytes() - before_, (bytes)); \
	} while (0)

/*
 * An array of this shape with the values first, first + 1, ... in C order of its memory, which lies
 * 0 straight, 1 transposed, 2 every second of a larger one, 3 backwards, 4 with the last two axes swapped and a gap.
 */
static inline void make_layout(enum nd_dtype dtype, int ndim, const ptrdiff_t *shape, int layout, double first,
                               struct nd *out)
{
	ptrdiff_t laid[ND_MAXDIMS];
	int axes[ND_MAXDIMS];
	struct nd flat, view;

	for (int k = 0; k < ndim; k++) {
		axes[k] = layout == 1 ? ndim - 1 - k : k;
		laid[k] = shape[axes[k]] * (layout == 2 ? 2 : 1) + (layout == 4 && k == 0);
	}
	if (layout == 4 && ndim > 1) {
		axes[ndim - 1] = ndim - 2;
		axes[ndim - 2] = ndim - 1;
		for (int k = 0; k < ndim; k++)
			laid[k] = shape[axes[k]] + 1;
	}
	ok(nd_arange(dtype, product(ndim, laid), first, &flat));
	ok(nd_reshape(&flat, ndim, laid, out));
	nd_release(&flat);
	for (int k = 0; k < ndim; k++) {
		if (layout == 2)
			ok(nd_slice(out, k, ND_SLICE_NONE, ND_SLICE_NONE, 2, &view));
		else if (layout == 3)
			ok(nd_slice(out, k, ND_SLICE_NONE, ND_SLICE_NONE, -1, &view));
		else if (layout == 4)
			ok(nd_slice(out, k, 0, shape[axes[k]], 1, &view));
		else
			continue;
		nd_release(out);
		*out = view;
	}
	if (layout == 1 || layout == 4) {
		ok(nd_transpose(out, axes, &view));
		nd_release(out);
		*out = view;
	}
	assert_int_equal(out->geom.ndim, ndim);
	for (int k = 0; k < ndim; k++)
		assert_int_equal(nd_shape(out, k), shape[k]);
}

typedef void shape_test(int ndim, const ptrdiff_t *shape);

/* Calls test for each shape of `least` to `most` axes with extents from `low` to EXTENT. */
static inline void each_shape(int least, int most, ptrdiff_t low, shape_test *test)
{
	for (int ndim = least; ndim <= most; ndim++) {
		ptrdiff_t shape[AXES], extents[AXES], index[AXES] = { 0 };

		for (int k = 0; k < ndim; k++)
			extents[k] = EXTENT + 1 - low;
		do {
			for (int k = 0; k < ndim; k++)
				shape[k] = index[k] + low;
			test(ndim, shape);
		} while (next(ndim, extents, index));
	}
}

#endif
