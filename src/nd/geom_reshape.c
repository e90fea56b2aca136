/* SPDX-License-Identifier: MIT */
/*
 * Reshape without a copy, where the strides allow it.
 *
 * Both shapes number the same elements in the same order. Walk both from the left and cut them into the shortest groups of
 * axes with equal products: (2, 3, 4) against (6, 2, 2) is (2, 3) with (6) and (4) with (2, 2). Inside a group old axes have
 * to behave as one long axis, which they do if each stride is the next one's stride times its extent; that long axis is then
 * divided anew. One group that fails means that no strides at all can express the new shape: a copy is needed.
 *
 * Axes of extent 1 are left out at first, because their strides mean nothing.
 *
 * Reference: NumPy's _attempt_nocopy_reshape in numpy/core/src/multiarray/shape.c, whose strides for axes of extent 1 are kept.
 */
#include "geom.h"

#include <string.h>

int nd_geom_reshape_shape(const struct nd_geom *geom, int ndim, const ptrdiff_t *shape, ptrdiff_t *out_shape)
{
	ptrdiff_t size = nd_geom_size(geom), known, new_shape[ND_GEOM_MAXDIMS] = {0};
	int unknown = -1, status;

	if (ndim > ND_GEOM_MAXDIMS)
		return ND_EDIMS;
	for (int k = 0; k < ndim; k++) {
		new_shape[k] = shape[k];
		if (shape[k] != -1)
			continue;
		if (unknown >= 0)
			return ND_EINVAL;
		unknown = k;
		new_shape[k] = 1;
	}
	status = nd_geom_check_shape(ndim, new_shape, geom->itemsize, &known);
	if (status != ND_OK)
		return status;
	if (unknown >= 0) {
		/* 0 elements over a product of 0: any extent would do, so none is chosen. */
		if (known == 0 || size % known != 0)
			return ND_ESHAPE;
		new_shape[unknown] = size / known;
	} else if (known != size) {
		return ND_ESHAPE;
	}
	for (int k = 0; k < ndim; k++)
		out_shape[k] = new_shape[k];
	return ND_OK;
}

/* Strides over axes first..last as if they were one long axis with this stride between its elements. */
static void divide(struct nd_geom *g, int first, int last, ptrdiff_t stride, bool fortran)
{
	int n = last - first + 1;

	for (int i = 0; i < n; i++) {
		int k = fortran ? first + i : last - i;

		g->strides[k] = stride;
		/* NumPy steps over an extent of 0 in strides. The last product is never used, so it may wrap. */
		if (g->shape[k] != 0)
			(void)__builtin_mul_overflow(stride, g->shape[k], &stride);
	}
}

/* Do axes first..last step through memory as one long axis would? */
static bool mergeable(const struct nd_geom *g, int first, int last, bool fortran)
{
	for (int k = first; k < last; k++) {
		int slow = fortran ? k + 1 : k, fast = fortran ? k : k + 1;
		ptrdiff_t expected;

		if (__builtin_mul_overflow(g->shape[fast], g->strides[fast], &expected) || g->strides[slow] != expected)
			return false;
	}
	return true;
}

/* Fills to->strides; `from` has elements and no axis of extent 1, both have the same size. */
static int regroup(const struct nd_geom *from, struct nd_geom *to, bool fortran)
{
	ptrdiff_t trailing;
	int i = 0, k = 0; /* the first axis of the current group, in `from` and in `to` */

	while (i < from->ndim && k < to->ndim) {
		int i_last = i, k_last = k;
		ptrdiff_t old_product = from->shape[i], new_product = to->shape[k];

		while (old_product != new_product) {
			if (new_product < old_product)
				new_product *= to->shape[++k_last];
			else
				old_product *= from->shape[++i_last];
		}
		if (!mergeable(from, i, i_last, fortran))
			return ND_NEEDS_COPY;
		divide(to, k, k_last, from->strides[fortran ? i : i_last], fortran);
		i = i_last + 1;
		k = k_last + 1;
	}
	/* Only axes of extent 1 can be left. */
	trailing = k > 0 ? to->strides[k - 1] : to->itemsize;
	if (fortran && k > 0)
		(void)__builtin_mul_overflow(trailing, to->shape[k - 1], &trailing);
	for (; k < to->ndim; k++)
		to->strides[k] = trailing;
	return ND_OK;
}

int nd_geom_reshape_order(const struct nd_geom *geom, int ndim, const ptrdiff_t *shape, bool fortran,
                          struct nd_geom *out_geom)
{
	struct nd_geom to = {.ndim = ndim, .itemsize = geom->itemsize, .offset = geom->offset};
	struct nd_geom from = {.itemsize = geom->itemsize};
	int status = nd_geom_reshape_shape(geom, ndim, shape, to.shape);

	if (status != ND_OK)
		return status;
	/* The same shape is the same view, unless it was asked for with a -1: NumPy looks before it works that out. */
	if (ndim == geom->ndim && (ndim == 0 || memcmp(shape, geom->shape, (size_t)ndim * sizeof shape[0]) == 0)) {
		*out_geom = *geom;
		return ND_OK;
	}
	if (fortran ? nd_geom_f_contiguous(geom) : nd_geom_c_contiguous(geom)) {
		divide(&to, 0, ndim - 1, geom->itemsize, fortran);
		*out_geom = to;
		return ND_OK;
	}
	for (int k = 0; k < geom->ndim; k++) {
		if (geom->shape[k] == 1)
			continue;
		from.shape[from.ndim] = geom->shape[k];
		from.strides[from.ndim] = geom->strides[k];
		from.ndim++;
	}
	status = regroup(&from, &to, fortran);
	if (status == ND_OK)
		*out_geom = to;
	return status;
}

int nd_geom_reshape(const struct nd_geom *geom, int ndim, const ptrdiff_t *shape, struct nd_geom *out_geom)
{
	return nd_geom_reshape_order(geom, ndim, shape, false, out_geom);
}
