/* SPDX-License-Identifier: MIT */
/*
 * Shape, strides, offset: the element at index (i, j, ...) lies at byte offset + i * strides[0] + j * strides[1] + ...
 *
 * That one formula is the whole of a strided array. A view is another shape, other strides and another offset over the same
 * bytes; geom_view.c, geom_broadcast.c and geom_reshape.c make them. Here: making the first geometry, and asking.
 *
 * Reference: NumPy's guide, "Internal organization of NumPy arrays" and ndarray.strides.
 */
#include "geom.h"

const char *nd_strstatus(int status)
{
	switch ((enum nd_status)status) {
	case ND_OK: return "done";
	case ND_NEEDS_COPY: return "the strides cannot express it without a copy";
	case ND_TOO_HARD: return "too hard: the work limit was reached before an answer";
	case ND_EINVAL: return "invalid argument";
	case ND_EBOUNDS: return "out of bounds";
	case ND_EOVERFLOW: return "the size does not fit 63 bits";
	case ND_EDIMS: return "too many axes";
	case ND_ESHAPE: return "the shapes do not fit each other";
	case ND_EREADONLY: return "the array is read-only";
	case ND_ENOMEM: return "out of memory";
	}
	return "unknown status";
}

int nd_geom_check_shape(int ndim, const ptrdiff_t *shape, ptrdiff_t itemsize, ptrdiff_t *out_size)
{
	ptrdiff_t nbytes = itemsize;
	bool empty = false;

	if (ndim > ND_GEOM_MAXDIMS)
		return ND_EDIMS;
	if (ndim < 0 || itemsize < 1)
		return ND_EINVAL;
	for (int k = 0; k < ndim; k++)
		if (shape[k] < 0)
			return ND_EINVAL;
	for (int k = 0; k < ndim; k++) {
		if (shape[k] == 0)
			empty = true;
		else if (__builtin_mul_overflow(nbytes, shape[k], &nbytes))
			return ND_EOVERFLOW;
	}
	if (out_size)
		*out_size = empty ? 0 : nbytes / itemsize;
	return ND_OK;
}

int nd_geom_init(struct nd_geom *out_geom, int ndim, const ptrdiff_t *shape, ptrdiff_t itemsize)
{
	struct nd_geom g = {.ndim = ndim, .itemsize = itemsize};
	ptrdiff_t size, stride;
	int status = nd_geom_check_shape(ndim, shape, itemsize, &size);

	if (status != ND_OK)
		return status;
	stride = size ? itemsize : 0;
	for (int k = ndim - 1; k >= 0; k--) {
		g.shape[k] = shape[k];
		g.strides[k] = stride;
		stride *= shape[k]; /* at most size * itemsize, which was checked */
	}
	*out_geom = g;
	return ND_OK;
}

int nd_geom_axis(int ndim, int axis, int *out_axis)
{
	if (axis < -ndim || axis >= ndim)
		return ND_EINVAL;
	*out_axis = axis < 0 ? axis + ndim : axis;
	return ND_OK;
}

ptrdiff_t nd_geom_size(const struct nd_geom *geom)
{
	ptrdiff_t size = 1;

	for (int k = 0; k < geom->ndim; k++)
		if (geom->shape[k] == 0)
			return 0;
	for (int k = 0; k < geom->ndim; k++)
		size *= geom->shape[k];
	return size;
}

ptrdiff_t nd_geom_nbytes(const struct nd_geom *geom)
{
	return nd_geom_size(geom) * geom->itemsize;
}

/* Contiguous from axis `first` (the fastest) on, in steps of `step` through the axes. */
static bool contiguous(const struct nd_geom *geom, int first, int step)
{
	ptrdiff_t expected = geom->itemsize;

	if (nd_geom_size(geom) == 0)
		return true;
	for (int n = 0, k = first; n < geom->ndim; n++, k += step) {
		if (geom->shape[k] != 1 && geom->strides[k] != expected)
			return false;
		expected *= geom->shape[k];
	}
	return true;
}

bool nd_geom_c_contiguous(const struct nd_geom *geom)
{
	return contiguous(geom, geom->ndim - 1, -1);
}

bool nd_geom_f_contiguous(const struct nd_geom *geom)
{
	return contiguous(geom, 0, 1);
}

/* a + b, held at the ends of the range. */
static ptrdiff_t add_clamped(ptrdiff_t a, ptrdiff_t b)
{
	ptrdiff_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return b < 0 ? PTRDIFF_MIN : PTRDIFF_MAX;
	return sum;
}

void nd_geom_extent(const struct nd_geom *geom, ptrdiff_t *out_low, ptrdiff_t *out_high)
{
	ptrdiff_t low = geom->offset, high = geom->offset, reach;

	*out_low = *out_high = geom->offset;
	if (nd_geom_size(geom) == 0)
		return;
	for (int k = 0; k < geom->ndim; k++) {
		if (__builtin_mul_overflow(geom->strides[k], geom->shape[k] - 1, &reach))
			reach = geom->strides[k] < 0 ? PTRDIFF_MIN : PTRDIFF_MAX;
		if (reach < 0)
			low = add_clamped(low, reach);
		else
			high = add_clamped(high, reach);
	}
	*out_low = low;
	*out_high = add_clamped(high, geom->itemsize);
}

ptrdiff_t nd_geom_at(const struct nd_geom *geom, const ptrdiff_t *index)
{
	ptrdiff_t at = geom->offset;

	for (int k = 0; k < geom->ndim; k++)
		at += geom->strides[k] * index[k];
	return at;
}
