/* SPDX-License-Identifier: MIT */
/*
 * Views: arithmetic on shape, strides and offset that leaves the bytes alone.
 *
 *   a[start::step]      offset += start * stride, stride *= step
 *   a[i]                offset += i * stride, and the axis goes
 *   a.T                 the pairs (extent, stride) change places
 *   a[None]             a pair (1, 0) more
 *   windows             the pair (extent - window + 1, stride), and (window, stride) once more at the end
 *
 * All of them cost the same, for 12 elements or for 12 billion.
 *
 * References: Python's slice.indices(); NumPy's indexing guide; numpy.lib.stride_tricks.
 */
#include "geom.h"

#include <string.h>

static void remove_axis(struct nd_geom *geom, int axis)
{
	size_t after = (size_t)(geom->ndim - axis - 1);

	memmove(&geom->shape[axis], &geom->shape[axis + 1], after * sizeof geom->shape[0]);
	memmove(&geom->strides[axis], &geom->strides[axis + 1], after * sizeof geom->strides[0]);
	geom->ndim--;
}

/* A slice's bound as a position: from the end if negative, then held within lowest..highest. */
static ptrdiff_t clip(ptrdiff_t bound, ptrdiff_t extent, ptrdiff_t lowest, ptrdiff_t highest)
{
	if (bound < 0)
		bound += extent;
	return bound < lowest ? lowest : bound > highest ? highest : bound;
}

int nd_geom_slice(const struct nd_geom *geom, int axis, ptrdiff_t start, ptrdiff_t stop, ptrdiff_t step,
                  struct nd_geom *out_geom)
{
	struct nd_geom g = *geom;
	ptrdiff_t n, lowest, highest, count, stride;
	int status = nd_geom_axis(g.ndim, axis, &axis);

	if (status != ND_OK)
		return status;
	if (step == 0)
		return ND_EINVAL;
	if (step == ND_SLICE_NONE)
		step = 1;
	n = g.shape[axis];
	/* Backwards, -1 stands for "one before the first". */
	lowest = step < 0 ? -1 : 0;
	highest = step < 0 ? n - 1 : n;
	if (start == ND_SLICE_NONE)
		start = step < 0 ? highest : lowest;
	else
		start = clip(start, n, lowest, highest);
	if (stop == ND_SLICE_NONE)
		stop = step < 0 ? lowest : highest;
	else
		stop = clip(stop, n, lowest, highest);

	if (step > 0)
		count = start < stop ? (stop - start - 1) / step + 1 : 0;
	else
		count = stop < start ? (start - stop - 1) / -step + 1 : 0;
	g.shape[axis] = count;
	if (count > 0) {
		g.offset += start * g.strides[axis];
		/* Only one element can lie so far apart that this overflows, and its stride is never used. */
		if (!__builtin_mul_overflow(g.strides[axis], step, &stride))
			g.strides[axis] = stride;
	}
	*out_geom = g;
	return ND_OK;
}

int nd_geom_index(const struct nd_geom *geom, int axis, ptrdiff_t i, struct nd_geom *out_geom)
{
	struct nd_geom g = *geom;
	int status = nd_geom_axis(g.ndim, axis, &axis);

	if (status != ND_OK)
		return status;
	if (i < -g.shape[axis] || i >= g.shape[axis])
		return ND_EBOUNDS;
	if (i < 0)
		i += g.shape[axis];
	g.offset += i * g.strides[axis];
	remove_axis(&g, axis);
	*out_geom = g;
	return ND_OK;
}

int nd_geom_transpose(const struct nd_geom *geom, const int *axes, struct nd_geom *out_geom)
{
	struct nd_geom g = *geom;
	bool seen[ND_GEOM_MAXDIMS] = {false};

	for (int k = 0; k < g.ndim; k++) {
		int axis = g.ndim - 1 - k;
		int status = axes ? nd_geom_axis(g.ndim, axes[k], &axis) : ND_OK;

		if (status != ND_OK)
			return status;
		if (seen[axis])
			return ND_EINVAL;
		seen[axis] = true;
		g.shape[k] = geom->shape[axis];
		g.strides[k] = geom->strides[axis];
	}
	*out_geom = g;
	return ND_OK;
}

int nd_geom_squeeze(const struct nd_geom *geom, int axis, struct nd_geom *out_geom)
{
	struct nd_geom g = *geom;
	int status = nd_geom_axis(g.ndim, axis, &axis);

	if (status != ND_OK)
		return status;
	if (g.shape[axis] != 1)
		return ND_EINVAL;
	remove_axis(&g, axis);
	*out_geom = g;
	return ND_OK;
}

int nd_geom_newaxis(const struct nd_geom *geom, int axis, struct nd_geom *out_geom)
{
	struct nd_geom g = *geom;
	int status = nd_geom_axis(g.ndim + 1, axis, &axis);

	if (status != ND_OK)
		return status;
	if (g.ndim == ND_GEOM_MAXDIMS)
		return ND_EDIMS;
	for (int k = g.ndim++; k > axis; k--) {
		g.shape[k] = g.shape[k - 1];
		g.strides[k] = g.strides[k - 1];
	}
	g.shape[axis] = 1;
	g.strides[axis] = 0;
	*out_geom = g;
	return ND_OK;
}

int nd_geom_expand_dims(const struct nd_geom *geom, int axis, struct nd_geom *out_geom)
{
	struct nd_geom g;
	int status = nd_geom_newaxis(geom, axis, &g);

	if (status != ND_OK)
		return status;
	/* The shape is right; a reshape to it gives the new axis the stride that NumPy shows. */
	return nd_geom_reshape(geom, g.ndim, g.shape, out_geom);
}

int nd_geom_as_strided(const struct nd_geom *geom, int ndim, const ptrdiff_t *shape, const ptrdiff_t *strides,
                       ptrdiff_t buffer_nbytes, struct nd_geom *out_geom)
{
	struct nd_geom g = {.ndim = ndim, .itemsize = geom->itemsize, .offset = geom->offset};
	ptrdiff_t size, low, high;
	int status = nd_geom_check_shape(ndim, shape, g.itemsize, &size);

	if (status != ND_OK)
		return status;
	for (int k = 0; k < ndim; k++) {
		g.shape[k] = shape[k];
		g.strides[k] = strides[k];
	}
	nd_geom_extent(&g, &low, &high);
	/* A bound that nd_geom_extent() had to clamp is refused as well: a buffer of PTRDIFF_MAX bytes does not exist. */
	if (size > 0 && (low < 0 || high > buffer_nbytes || high == PTRDIFF_MAX))
		return ND_EBOUNDS;
	*out_geom = g;
	return ND_OK;
}

int nd_geom_sliding_window_view(const struct nd_geom *geom, int axis, ptrdiff_t window, struct nd_geom *out_geom)
{
	struct nd_geom g = *geom;
	int status = nd_geom_axis(g.ndim, axis, &axis);

	if (status != ND_OK)
		return status;
	if (window < 1 || window > g.shape[axis])
		return ND_EINVAL;
	if (g.ndim == ND_GEOM_MAXDIMS)
		return ND_EDIMS;
	g.shape[axis] -= window - 1;
	g.shape[g.ndim] = window;
	g.strides[g.ndim] = g.strides[axis];
	g.ndim++;
	status = nd_geom_check_shape(g.ndim, g.shape, g.itemsize, NULL);
	if (status != ND_OK)
		return status;
	*out_geom = g;
	return ND_OK;
}
