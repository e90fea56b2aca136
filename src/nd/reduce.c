/* SPDX-License-Identifier: MIT */
#include "inner.h"

#include <math.h>

static double element(const struct nd *a, const ptrdiff_t *index)
{
	double value;

	nd_cast_loop(ND_FLOAT64, a->dtype)(1, (char *)&value, 0, (const char *)nd_data(a) + nd_geom_at(&a->geom, index) - a->geom.offset, 0);
	return value;
}

int nd_sum(const struct nd *a, enum nd_dtype accumulate, double *out_sum)
{
	ptrdiff_t index[ND_MAXDIMS] = { 0 };
	double sum = 0;

	(void)accumulate;
	for (ptrdiff_t i = nd_size(a); i > 0; i--) {
		sum += element(a, index);
		for (int k = a->geom.ndim - 1; k >= 0 && ++index[k] == nd_shape(a, k); k--)
			index[k] = 0;
	}
	*out_sum = sum;
	return ND_OK;
}

int nd_mean(const struct nd *a, double *out_mean)
{
	int status = nd_sum(a, ND_FLOAT64, out_mean);

	*out_mean /= (double)nd_size(a);
	return status;
}

static enum nd_dtype sum_dtype(enum nd_dtype dtype)
{
	return dtype == ND_FLOAT64 || dtype == ND_FLOAT32 ? dtype : ND_INT64;
}

static int reduce_into(const struct nd *a, int axis, double divisor, struct nd *out)
{
	ptrdiff_t index[ND_MAXDIMS] = { 0 };
	struct nd_geom geom = out->geom;

	for (ptrdiff_t i = nd_size(out); i > 0; i--) {
		struct nd line;
		double sum = 0;

		nd_view(a, &line);
		for (int k = 0, o = 0; k < a->geom.ndim; k++)
			if (k != axis)
				line.geom.offset += index[o++] * nd_stride(a, k);
		line.geom.ndim = 1;
		line.geom.shape[0] = nd_shape(a, axis);
		line.geom.strides[0] = nd_stride(a, axis);
		nd_sum(&line, ND_FLOAT64, &sum);
		sum /= divisor;
		nd_cast_loop(out->dtype, ND_FLOAT64)(1, (char *)nd_data(out) + nd_geom_at(&geom, index) - geom.offset, 0, (const char *)&sum, 0);
		nd_release(&line);
		for (int k = geom.ndim - 1; k >= 0 && ++index[k] == geom.shape[k]; k--)
			index[k] = 0;
	}
	return ND_OK;
}

static int reduce_axis(const struct nd *a, int axis, bool keepdims, bool mean, struct nd *out_array)
{
	ptrdiff_t shape[ND_MAXDIMS];
	int n = 0, status = nd_geom_axis(a->geom.ndim, axis, &axis);
	enum nd_dtype dtype = sum_dtype(a->dtype);

	if (status != ND_OK)
		return status;
	for (int k = 0; k < a->geom.ndim; k++)
		if (k != axis)
			shape[n++] = nd_shape(a, k);
	status = nd_empty(mean && dtype == ND_INT64 ? ND_FLOAT64 : dtype, n, shape, out_array);
	if (status != ND_OK)
		return status;
	reduce_into(a, axis, mean ? (double)nd_shape(a, axis) : 1, out_array);
	if (keepdims) {
		for (int k = n; k > axis; k--) {
			out_array->geom.shape[k] = out_array->geom.shape[k - 1];
			out_array->geom.strides[k] = out_array->geom.strides[k - 1];
		}
		out_array->geom.shape[axis] = 1;
		out_array->geom.strides[axis] = out_array->geom.itemsize;
		out_array->geom.ndim++;
	}
	return ND_OK;
}

int nd_sum_axis(const struct nd *a, int axis, bool keepdims, struct nd *out_array)
{
	return reduce_axis(a, axis, keepdims, false, out_array);
}

int nd_mean_axis(const struct nd *a, int axis, bool keepdims, struct nd *out_array)
{
	return reduce_axis(a, axis, keepdims, true, out_array);
}

int nd_sum_axis_into(const struct nd *a, int axis, struct nd *out)
{
	ptrdiff_t shape[ND_MAXDIMS];
	int n = 0, status = nd_geom_axis(a->geom.ndim, axis, &axis);

	if (status != ND_OK)
		return status;
	if (!out->writeable)
		return ND_EREADONLY;
	for (int k = 0; k < a->geom.ndim; k++)
		if (k != axis)
			shape[n++] = nd_shape(a, k);
	if (!nd_same_shape(out, n, shape))
		return ND_ESHAPE;
	if (!nd_same_kind(out->dtype, sum_dtype(a->dtype)))
		return ND_EINVAL;
	return reduce_into(a, axis, 1, out);
}
