/* SPDX-License-Identifier: MIT */
/*
 * Views: another geometry over the same buffer.
 *
 * Nothing is allocated here: a view is a value, and the buffer counts one reference more. So a view of ten elements
 * keeps a gigabyte alive as well as a view of all of it does.
 *
 * Also here: what NumPy's base, may_share_memory and shares_memory answer.
 */

#include "inner.h"

/* The geometry is in place if status says so: the rest follows. */
static int look(const struct nd *a, int status, struct nd *out_view)
{
	if (status == ND_OK)
		nd_refer(a, out_view);
	return status;
}

int nd_view(const struct nd *a, struct nd *out_view)
{
	out_view->geom = a->geom;
	return look(a, ND_OK, out_view);
}

int nd_slice(const struct nd *a, int axis, ptrdiff_t start, ptrdiff_t stop, ptrdiff_t step, struct nd *out_view)
{
	return look(a, nd_geom_slice(&a->geom, axis, start, stop, step, &out_view->geom), out_view);
}

int nd_index(const struct nd *a, int axis, ptrdiff_t i, struct nd *out_view)
{
	return look(a, nd_geom_index(&a->geom, axis, i, &out_view->geom), out_view);
}

int nd_transpose(const struct nd *a, const int *axes, struct nd *out_view)
{
	return look(a, nd_geom_transpose(&a->geom, axes, &out_view->geom), out_view);
}

int nd_squeeze(const struct nd *a, int axis, struct nd *out_view)
{
	return look(a, nd_geom_squeeze(&a->geom, axis, &out_view->geom), out_view);
}

int nd_expand_dims(const struct nd *a, int axis, struct nd *out_view)
{
	if (a->geom.ndim + 1 > ND_MAXDIMS)
		return ND_EDIMS;
	return look(a, nd_geom_expand_dims(&a->geom, axis, &out_view->geom), out_view);
}

int nd_reshape_view(const struct nd *a, int ndim, const ptrdiff_t *shape, struct nd *out_view)
{
	if (ndim > ND_MAXDIMS)
		return ND_EDIMS;
	return look(a, nd_geom_reshape(&a->geom, ndim, shape, &out_view->geom), out_view);
}

int nd_broadcast_to(const struct nd *a, int ndim, const ptrdiff_t *shape, struct nd *out_view)
{
	int status;

	if (ndim > ND_MAXDIMS)
		return ND_EDIMS;
	status = look(a, nd_geom_broadcast_to(&a->geom, ndim, shape, &out_view->geom), out_view);
	if (status == ND_OK)
		out_view->writeable = false;
	return status;
}

int nd_as_strided(const struct nd *a, int ndim, const ptrdiff_t *shape, const ptrdiff_t *strides, struct nd *out_view)
{
	int status;

	if (ndim > ND_MAXDIMS)
		return ND_EDIMS;
	for (int axis = 0; axis < ndim; axis++) {
		if (strides[axis] % nd_dtype_itemsize(a->dtype) != 0)
			return ND_EINVAL;
	}
	status = look(a, nd_geom_as_strided(&a->geom, ndim, shape, strides, nd_buffer_nbytes(a), &out_view->geom), out_view);
	if (status == ND_OK)
		out_view->stand_in_base = true;
	return status;
}

int nd_sliding_window_view(const struct nd *a, int axis, ptrdiff_t window, struct nd *out_view)
{
	int status;

	if (a->geom.ndim + 1 > ND_MAXDIMS)
		return ND_EDIMS;
	status = look(a, nd_geom_sliding_window_view(&a->geom, axis, window, &out_view->geom), out_view);
	if (status == ND_OK) {
		out_view->writeable = false;
		out_view->stand_in_base = true;
	}
	return status;
}

/* ---- who shares with whom ---- */

bool nd_base_is(const struct nd *view, const struct nd *source)
{
	return view->buffer && view->buffer == source->buffer && !view->owndata && source->owndata && !view->stand_in_base;
}

enum nd_shares nd_shares_memory(const struct nd *a, const struct nd *b, int64_t max_work, struct nd_witness *out_witness)
{
	if (!a->buffer || a->buffer != b->buffer)
		return ND_SHARES_NO;
	return nd_geom_shares_memory(&a->geom, &b->geom, max_work, out_witness);
}

bool nd_may_share_memory(const struct nd *a, const struct nd *b)
{
	return a->buffer && a->buffer == b->buffer && nd_geom_may_share_memory(&a->geom, &b->geom);
}

bool nd_same_place(const struct nd *a, const struct nd *b)
{
	if (a->buffer != b->buffer || a->geom.offset != b->geom.offset || a->geom.itemsize != b->geom.itemsize ||
	    a->geom.ndim != b->geom.ndim)
		return false;
	for (int axis = 0; axis < a->geom.ndim; axis++) {
		if (nd_shape(a, axis) != nd_shape(b, axis) ||
		    (nd_shape(a, axis) > 1 && nd_stride(a, axis) != nd_stride(b, axis)))
			return false;
	}
	return true;
}

/* One step of work, as NumPy allows here: what is not easily told apart counts as overlapping. */
bool nd_overlaps(const struct nd *out, const struct nd *in)
{
	if (!nd_may_share_memory(out, in))
		return false;
	if (nd_same_place(out, in) && !nd_meets_itself(out))
		return false;
	return nd_geom_shares_memory(&out->geom, &in->geom, 1, NULL) != ND_SHARES_NO;
}

bool nd_meets_itself(const struct nd *a)
{
	return !nd_c_contiguous(a) && nd_geom_overlaps_itself(&a->geom, 1) != ND_SHARES_NO;
}

bool nd_same_shape(const struct nd *a, int ndim, const ptrdiff_t *shape)
{
	if (a->geom.ndim != ndim)
		return false;
	for (int axis = 0; axis < ndim; axis++) {
		if (nd_shape(a, axis) != shape[axis])
			return false;
	}
	return true;
}
