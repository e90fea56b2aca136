/* SPDX-License-Identifier: MIT */
/*
 * Broadcasting: an axis of extent 1 is repeated by giving it stride 0, so that every index lands on the same bytes.
 *
 * Shapes are held against each other from the last axis on; a missing axis counts as extent 1. Two extents fit if they are
 * equal or one of them is 1.
 *
 * Reference: NumPy's guide, "Broadcasting"; the strides are those of np.broadcast_to.
 */
#include "geom.h"

int nd_geom_broadcast_to(const struct nd_geom *geom, int ndim, const ptrdiff_t *shape, struct nd_geom *out_geom)
{
	struct nd_geom g = {.ndim = ndim, .itemsize = geom->itemsize, .offset = geom->offset};
	int missing = ndim - geom->ndim;
	int status = nd_geom_check_shape(ndim, shape, geom->itemsize, NULL);

	if (status != ND_OK)
		return status;
	if (missing < 0)
		return ND_ESHAPE;
	for (int k = 0; k < ndim; k++) {
		ptrdiff_t extent = k < missing ? 1 : geom->shape[k - missing];

		if (extent != 1 && extent != shape[k])
			return ND_ESHAPE;
		g.shape[k] = shape[k];
		g.strides[k] = extent == 1 ? 0 : geom->strides[k - missing];
	}
	*out_geom = g;
	return ND_OK;
}

int nd_geom_broadcast_shape(const struct nd_geom *a, const struct nd_geom *b, int *out_ndim, ptrdiff_t *out_shape)
{
	ptrdiff_t shape[ND_GEOM_MAXDIMS] = {0};
	int ndim = a->ndim > b->ndim ? a->ndim : b->ndim;
	ptrdiff_t itemsize = a->itemsize > b->itemsize ? a->itemsize : b->itemsize;
	int status;

	for (int back = 1; back <= ndim; back++) {
		ptrdiff_t m = back <= a->ndim ? a->shape[a->ndim - back] : 1;
		ptrdiff_t n = back <= b->ndim ? b->shape[b->ndim - back] : 1;

		if (m != n && m != 1 && n != 1)
			return ND_ESHAPE;
		shape[ndim - back] = m == 1 ? n : m;
	}
	status = nd_geom_check_shape(ndim, shape, itemsize, NULL);
	if (status != ND_OK)
		return status;
	*out_ndim = ndim;
	for (int k = 0; k < ndim; k++)
		out_shape[k] = shape[k];
	return ND_OK;
}
