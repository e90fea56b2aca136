/* SPDX-License-Identifier: MIT */
/*
 * Putting arrays together: concatenate, stack, repeat, tile.
 *
 * Each makes its result once and writes every part into its place there, through a view of the result. In a loop that
 * grows an array so, what was copied is copied again each turn: the cost is in the loop, not in here.
 *
 * Source: for tile, NumPy's lib/shape_base.py, whose intermediates are made here too.
 */

#include "inner.h"

#include <string.h>

/* ---- concatenate and stack ---- */

/* The result's type and shape; `stacked` counts a new axis of extent 1 in each part. */
static int join_shape(const struct nd *arrays, size_t count, int axis, bool stacked, enum nd_dtype *out_dtype,
                      ptrdiff_t *out_shape)
{
	const struct nd *first = &arrays[0];

	*out_dtype = first->dtype;
	for (int k = 0; k < first->geom.ndim; k++)
		out_shape[k] = nd_shape(first, k);
	for (size_t i = 1; i < count; i++) {
		if (!arrays[i].buffer)
			return ND_EINVAL;
		if (arrays[i].geom.ndim != first->geom.ndim)
			return ND_ESHAPE;
		*out_dtype = nd_promote(*out_dtype, arrays[i].dtype);
		for (int k = 0; k < first->geom.ndim; k++) {
			if (k == axis && !stacked) {
				if (__builtin_add_overflow(out_shape[k], nd_shape(&arrays[i], k), &out_shape[k]))
					return ND_EOVERFLOW;
			} else if (nd_shape(&arrays[i], k) != nd_shape(first, k)) {
				return ND_ESHAPE;
			}
		}
	}
	if (stacked) {
		memmove(&out_shape[axis + 1], &out_shape[axis], (size_t)(first->geom.ndim - axis) * sizeof *out_shape);
		out_shape[axis] = (ptrdiff_t)count;
	}
	return ND_OK;
}

static int join(const struct nd *arrays, size_t count, int axis, bool stacked, struct nd *out_array)
{
	ptrdiff_t shape[ND_MAXDIMS + 1], done = 0;
	enum nd_dtype dtype;
	struct nd part;
	int ndim, status;

	if (count == 0 || count > PTRDIFF_MAX || !arrays[0].buffer)
		return ND_EINVAL;
	ndim = arrays[0].geom.ndim + stacked;
	if (ndim > ND_MAXDIMS)
		return ND_EDIMS;
	status = nd_geom_axis(ndim, axis, &axis);
	if (status == ND_OK)
		status = join_shape(arrays, count, axis, stacked, &dtype, shape);
	if (status == ND_OK)
		status = nd_empty(dtype, ndim, shape, out_array);
	if (status != ND_OK)
		return status;
	part = *out_array; /* a window that slides along the result: no reference of its own */
	for (size_t i = 0; i < count; i++) {
		ptrdiff_t extent = stacked ? 1 : nd_shape(&arrays[i], axis);

		part.geom.shape[axis] = extent;
		part.geom.offset = out_array->geom.offset + done * nd_stride(out_array, axis);
		if (stacked)
			nd_geom_squeeze(&part.geom, axis, &part.geom);
		nd_copy_into(&part, &arrays[i]);
		if (stacked)
			part.geom = out_array->geom;
		done += extent;
	}
	nd_count_copied(out_array);
	return ND_OK;
}

int nd_concatenate(const struct nd *arrays, size_t count, int axis, struct nd *out_array)
{
	return join(arrays, count, axis, false, out_array);
}

int nd_stack(const struct nd *arrays, size_t count, int axis, struct nd *out_array)
{
	return join(arrays, count, axis, true, out_array);
}

/* ---- repeat and tile ---- */

/* Each slice of `a` along the axis goes to `repeats` places one after another: an axis of stride 0 in the source. */
static void spread(const struct nd *a, ptrdiff_t repeats, int axis, const struct nd *out)
{
	struct nd to = *out, from = *a;
	const int after = a->geom.ndim - axis - 1;
	const size_t moved = (size_t)after * sizeof(ptrdiff_t);

	/* (.., extent, ..) becomes (.., extent, repeats, ..) in both; geometries have room for an axis more */
	memmove(&from.geom.shape[axis + 2], &from.geom.shape[axis + 1], moved);
	memmove(&from.geom.strides[axis + 2], &from.geom.strides[axis + 1], moved);
	memmove(&to.geom.strides[axis + 2], &to.geom.strides[axis + 1], moved);
	from.geom.shape[axis + 1] = repeats;
	from.geom.strides[axis + 1] = 0;
	from.geom.ndim++;
	memcpy(to.geom.shape, from.geom.shape, sizeof to.geom.shape);
	to.geom.strides[axis + 1] = to.geom.strides[axis];
	to.geom.strides[axis] *= repeats;
	to.geom.ndim++;
	nd_copy_into(&to, &from);
}

int nd_repeat(const struct nd *a, ptrdiff_t repeats, int axis, struct nd *out_array)
{
	ptrdiff_t shape[ND_MAXDIMS];
	int status;

	if (!a->buffer || repeats < 0)
		return ND_EINVAL;
	status = nd_geom_axis(a->geom.ndim, axis, &axis);
	if (status != ND_OK)
		return status;
	memcpy(shape, a->geom.shape, sizeof shape);
	if (__builtin_mul_overflow(shape[axis], repeats, &shape[axis]))
		return ND_EOVERFLOW;
	status = nd_empty(a->dtype, a->geom.ndim, shape, out_array);
	if (status != ND_OK)
		return status;
	spread(a, repeats, axis, out_array);
	nd_count_copied(out_array);
	return ND_OK;
}

/* `a` under as many axes as reps has, and reps under as many as `a` has; the shape of the result. */
static int tile_shape(const struct nd *a, int rdim, const ptrdiff_t *reps, int *out_ndim, ptrdiff_t *out_extents,
                      ptrdiff_t *out_reps, ptrdiff_t *out_shape)
{
	int ndim = a->geom.ndim > rdim ? a->geom.ndim : rdim;

	if (!a->buffer || rdim < 0)
		return ND_EINVAL;
	if (ndim > ND_MAXDIMS)
		return ND_EDIMS;
	for (int k = 0; k < ndim; k++) {
		int array_axis = k - (ndim - a->geom.ndim), rep = k - (ndim - rdim);

		out_extents[k] = array_axis >= 0 ? nd_shape(a, array_axis) : 1;
		out_reps[k] = rep >= 0 ? reps[rep] : 1;
		if (out_reps[k] < 0)
			return ND_EINVAL;
		if (__builtin_mul_overflow(out_extents[k], out_reps[k], &out_shape[k]))
			return ND_EOVERFLOW;
	}
	*out_ndim = ndim;
	return ND_OK;
}

/* Repeat one axis of c: all before it together, then the axis, then the rest, as one row of `inner` elements. */
static int tile_axis(const struct nd *c, ptrdiff_t outer, ptrdiff_t inner, ptrdiff_t reps, struct nd *out_array)
{
	const ptrdiff_t rows[2] = { outer, inner };
	struct nd view;
	int status = nd_reshape(c, 2, rows, &view);

	if (status != ND_OK)
		return status;
	status = nd_repeat(&view, reps, 0, out_array);
	nd_release(&view);
	return status;
}

int nd_tile(const struct nd *a, int rdim, const ptrdiff_t *reps, struct nd *out_array)
{
	ptrdiff_t extents[ND_MAXDIMS], times[ND_MAXDIMS], shape[ND_MAXDIMS], inner, outer = 1;
	struct nd_geom whole;
	struct nd current, next;
	int ndim, status = tile_shape(a, rdim, reps, &ndim, extents, times, shape);
	bool repeats = false;

	if (status == ND_OK)
		status = nd_geom_init(&whole, ndim, shape, nd_dtype_itemsize(a->dtype)); /* no overflow later on */
	if (status != ND_OK)
		return status;
	for (int k = 0; k < ndim; k++)
		repeats |= times[k] != 1;
	status = repeats ? nd_view(a, &current) : nd_astype(a, a->dtype, &current);
	if (!repeats && ndim == a->geom.ndim && status == ND_OK) {
		*out_array = current;
		return ND_OK;
	}
	inner = nd_size(a);
	for (int k = 0; k < ndim && inner > 0 && status == ND_OK; k++) {
		if (times[k] != 1) {
			status = tile_axis(&current, outer, inner, times[k], &next);
			if (status == ND_OK) {
				nd_release(&current);
				current = next;
			}
		}
		outer *= shape[k];
		inner /= extents[k];
	}
	if (status == ND_OK)
		status = nd_reshape_view(&current, ndim, shape, out_array);
	if (current.buffer)
		nd_release(&current);
	return status;
}
