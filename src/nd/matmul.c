/* SPDX-License-Identifier: MIT */
#include "inner.h"

static int shape_of(const struct nd *a, const struct nd *b, int *out_ndim, ptrdiff_t *out_shape)
{
	int n = 0;

	if (!a->buffer || !b->buffer || a->dtype != b->dtype || (a->dtype != ND_FLOAT64 && a->dtype != ND_FLOAT32))
		return ND_EINVAL;
	if (a->geom.ndim < 1 || a->geom.ndim > 2 || b->geom.ndim < 1 || b->geom.ndim > 2)
		return ND_EDIMS;
	if (nd_shape(a, a->geom.ndim - 1) != nd_shape(b, 0))
		return ND_ESHAPE;
	if (a->geom.ndim == 2)
		out_shape[n++] = nd_shape(a, 0);
	if (b->geom.ndim == 2)
		out_shape[n++] = nd_shape(b, 1);
	*out_ndim = n;
	return ND_OK;
}

static double get(const struct nd *a, ptrdiff_t i, ptrdiff_t j)
{
	const char *at = (const char *)nd_data(a) + i * (a->geom.ndim == 2 ? nd_stride(a, 0) : 0) + j * nd_stride(a, a->geom.ndim - 1);

	return a->dtype == ND_FLOAT64 ? *(const double *)(const void *)at : (double)*(const float *)(const void *)at;
}

int nd_matmul_into(const struct nd *a, const struct nd *b, struct nd *out)
{
	ptrdiff_t shape[2] = { 0, 0 };
	int ndim = 0, status = shape_of(a, b, &ndim, shape);
	const ptrdiff_t m = a->geom.ndim == 2 ? nd_shape(a, 0) : 1, n = b->geom.ndim == 2 ? nd_shape(b, 1) : 1;

	if (status != ND_OK)
		return status;
	if (out->dtype != a->dtype)
		return ND_EINVAL;
	if (!out->writeable)
		return ND_EREADONLY;
	if (!nd_same_shape(out, ndim, shape))
		return ND_ESHAPE;
	for (ptrdiff_t i = 0; i < m; i++) {
		for (ptrdiff_t j = 0; j < n; j++) {
			double sum = 0;
			ptrdiff_t offset = 0;

			for (ptrdiff_t k = 0; k < nd_shape(b, 0); k++)
				sum += get(a, i, k) * (b->geom.ndim == 2 ? get(b, k, j) : get(b, 0, k));
			if (a->geom.ndim == 2)
				offset += i * nd_stride(out, 0);
			if (b->geom.ndim == 2)
				offset += j * nd_stride(out, ndim - 1);
			nd_cast_loop(out->dtype, ND_FLOAT64)(1, (char *)nd_data(out) + offset, 0, (const char *)&sum, 0);
		}
	}
	return ND_OK;
}

int nd_matmul(const struct nd *a, const struct nd *b, struct nd *out_array)
{
	ptrdiff_t shape[2];
	int ndim = 0, status = shape_of(a, b, &ndim, shape);

	if (status == ND_OK)
		status = nd_empty(a->dtype, ndim, shape, out_array);
	if (status == ND_OK)
		status = nd_matmul_into(a, b, out_array);
	return status;
}
