/* SPDX-License-Identifier: MIT */
/*
 * Sums, means, extremes and products: small results, and what NumPy makes on the way to them.
 *
 * x.sum() makes nothing else; x.std() makes x - mean in full; np.dot copies an operand that no BLAS routine can walk.
 *
 * Sources: NumPy 1.24's numpy/core/_methods.py (_mean, _var), numpy/lib/function_base.py (median), reduction.c, cblasfuncs.c (cblas_matrixproduct).
 */
#include "inspect/calls.h"

#include "nd/overlap.h"

#include <string.h>

enum reduction { SUM, PROD, EXTREME, POSITION, LOGICAL, MEAN, VARIANCE, DEVIATION, RANGE, PERCENTILE, COUNT };

struct value *scalar_or_array(struct session *s, struct array *array)
{
	if (array->geom->ndim > 0)
		return &array->value;
	struct value *value = value_scalar(s, array->dtype);
	value_release(&array->value);
	return value;
}

/* The array of out=; NULL: none was given. */
static struct array *target_of(struct value *given)
{
	return given && given->kind == VALUE_ARRAY ? as_array(given) : NULL;
}

/* A fresh result; with an out= only its shape, as its bytes are there. */
static struct array *result_new(struct session *s, const struct array *target, enum dtype dtype, int ndim, const ptrdiff_t *shape, const int *order)
{
	return target ? unpaid_array(s, dtype, ndim, shape) : array_new_ordered(s, dtype, ndim, shape, order);
}

/* Sums and the like are made in the type that was asked for; an out= is an operand like a. Source: reducelike_promote_and_resolve(). */
static enum dtype computed_in(const struct array *a, const struct array *target, enum dtype wanted, enum dtype usual)
{
	return wanted != DT_NONE ? wanted : target ? dtype_promote(a->dtype, target->dtype) : usual;
}

/* The bytes of what is written first where the array of out= shares bytes with what is read. */
static int64_t overlap_copy(const struct array *a, const struct array *target, enum dtype dtype)
{
	bool overlaps = target && a->buffer == target->buffer && nd_geom_shares_memory(a->geom, target->geom, 1, NULL) != ND_SHARES_NO;
	return overlaps ? dtype_itemsize(dtype) * nd_geom_size(target->geom) : 0;
}

/* The shape without (or with 1 for) the axes that are reduced, laid out as the operand is. */
static struct array *result_array(struct session *s, const struct array *a, const struct array *target, enum dtype dtype, uint64_t axes, bool keepdims)
{
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	int sorted[ND_GEOM_MAXDIMS], order[ND_GEOM_MAXDIMS], place[ND_GEOM_MAXDIMS] = { 0 }, ndim = 0, n = 0;
	uint64_t at_most = 0;
	struct array *ops[1] = { (struct array *)a };

	for (int k = 0; k < a->geom->ndim; k++) {
		bool away = axes >> k & 1;
		place[k] = away && !keepdims ? -1 : ndim;
		if (away && !keepdims)
			continue;
		if (!away)
			at_most |= (a->at_most >> k & 1) << ndim;
		shape[ndim++] = away ? 1 : a->geom->shape[k];
	}
	order_of_operands(ops, 1, a->geom->ndim, sorted);
	for (int k = 0; k < a->geom->ndim; k++)
		if (place[sorted[k]] >= 0)
			order[n++] = place[sorted[k]];
	struct array *out = result_new(s, target, dtype, ndim, shape, order);
	if (out)
		out->at_most = at_most;
	return out;
}

/* The buffers of a reduction, whose result repeats along the axes that go: along those it has stride 0. dtype: in which it adds up. */
static void reduce_buffers(struct session *s, const struct array *a, enum dtype dtype, uint64_t axes, bool keepdims)
{
	struct nd_geom geom = { .ndim = a->geom->ndim, .itemsize = (ptrdiff_t)dtype_itemsize(dtype) };
	struct array result = { .dtype = dtype, .geom = &geom };
	struct array *ops[2] = { &result, (struct array *)a };
	const enum dtype needs[2] = { dtype, dtype };
	int order[ND_GEOM_MAXDIMS];
	ptrdiff_t stride = geom.itemsize;
	bool number = true;

	order_of_operands(&ops[1], 1, a->geom->ndim, order);
	for (int k = a->geom->ndim - 1; k >= 0; k--) {
		int axis = order[k];
		bool away = axes >> axis & 1;
		geom.shape[axis] = away ? 1 : a->geom->shape[axis];
		geom.strides[axis] = away ? 0 : stride;
		if (!away && a->geom->shape[axis] > 0)
			(void)__builtin_mul_overflow(stride, a->geom->shape[axis], &stride);
		number = number && away;
	}
	/* A result without axes is never taken for one that steps evenly. */
	if (number && !keepdims)
		geom.ndim = 0;
	iterate(s, ops, needs, 2, a->geom->ndim, a->geom->shape);
}

/* The same, into the array of out=. */
static void reduce_into(struct session *s, const struct array *a, const struct array *target, enum dtype dtype, uint64_t axes, bool keepdims)
{
	int64_t copy = overlap_copy(a, target, dtype);

	hidden_begin(s, copy);
	reduce_buffers(s, a, dtype, axes, keepdims);
	hidden_end(s, copy);
}

/* A mean is a sum that is divided in place. float16 adds up in float32, and its result is cast. */
static struct array *mean_array(struct session *s, const struct array *a, const struct array *target, enum dtype wanted, uint64_t axes, bool keepdims)
{
	enum dtype dtype = wanted != DT_NONE ? wanted : a->dtype == DT_FLOAT16 ? DT_FLOAT32 : dtype_is_float(a->dtype) || dtype_is_complex(a->dtype) ? computed_in(a, target, DT_NONE, a->dtype) : DT_FLOAT64;
	struct array *sum = result_array(s, a, target, dtype, axes, keepdims);

	if (!sum)
		return NULL;
	reduce_into(s, a, target, dtype, axes, keepdims);
	if (a->dtype != DT_FLOAT16 || wanted != DT_NONE || target)
		return sum;
	struct array *out = array_new_like(s, DT_FLOAT16, sum);
	s->step_hidden += array_nbytes(sum);
	value_release(&sum->value);
	return out;
}

static struct value *finish(struct call *c, struct array *out, struct value *given, const char *why)
{
	struct session *s = c->s;

	if (!out)
		return NULL;
	struct array *target = target_of(given);
	if (target) {
		bool fits = target->geom->ndim == out->geom->ndim && memcmp(target->geom->shape, out->geom->shape, (size_t)out->geom->ndim * sizeof out->geom->shape[0]) == 0;
		const char *shape = array_shape_text(out);
		value_release(&out->value);
		if (!target->writeable)
			return raise_at(s, c->node, "ValueError", "the output is read-only");
		if (!fits)
			return raise_at(s, c->node, "ValueError", "the result has shape %s and cannot be written into shape %s", shape, array_shape_text(target));
		target->buffer->known = false;
		tell(s, STEP_INPLACE, target->name ? target->name : target->origin, s->step_hidden > 0 ? say(s, "written into an array that is there; besides, %s for a while", bytes_text(s->step_hidden)) : "written into an array that is there");
		if (s->tale.what)
			s->tale.what = "in place, with a hidden array";
		return value_ref(given);
	}
	if (out->geom->ndim == 0) {
		/* One number is no array. */
		int64_t bytes = array_nbytes(out);
		s->allocated -= bytes;
		s->step_allocated -= bytes;
		tell(s, STEP_SCALAR, NULL, why);
		return scalar_or_array(s, out);
	}
	tell(s, STEP_NEW, NULL, why);
	return &out->value;
}

static struct value *reduce(struct call *c)
{
	struct session *s = c->s;
	enum reduction kind = (enum reduction)c->builtin->code;
	/* Each has its own order of them, and not each has all. */
	const int axis_at = arg_named(c, "axis"), dtype_at = arg_named(c, "dtype"), out_at = arg_named(c, "out");
	struct array *a = arg_array(c, 0), *out;
	enum dtype dtype, wanted;
	uint64_t axes;
	struct value *value = NULL;
	bool keepdims = arg_bool(c, arg_named(c, "keepdims"), false);
	struct value *given = c->arg[out_at];
	struct array *target = target_of(given);

	if (!a)
		return NULL;
	if (!arg_axes_or_first(c, axis_at, a->geom->ndim, &axes) || !arg_dtype(c, dtype_at, DT_NONE, &wanted))
		goto done;
	if (kind == POSITION && c->arg[axis_at] && c->arg[axis_at]->kind == VALUE_TUPLE) {
		raise_at(s, c->node, "TypeError", "%s() takes one axis", c->builtin->name);
		goto done;
	}
	ptrdiff_t n = 1, reduced = 1;
	for (int k = 0; k < a->geom->ndim; k++) {
		n *= a->geom->shape[k];
		if (axes >> k & 1)
			reduced *= a->geom->shape[k];
	}
	if (reduced == 0 && n == 0 && (kind == EXTREME || kind == POSITION || kind == RANGE) && !a->at_most && !c->arg[arg_named(c, "initial")]) {
		raise_at(s, c->node, "ValueError", "%s() of no elements: shape %s", c->builtin->name, array_shape_text(a));
		goto done;
	}
	const char *why = NULL;
	switch (kind) {
	case SUM:
	case PROD:
		dtype = computed_in(a, target, wanted, dtype_sum(a->dtype));
		out = result_array(s, a, target, dtype, axes, keepdims);
		reduce_into(s, a, target, dtype, axes, keepdims);
		break;
	case EXTREME:
		dtype = computed_in(a, target, DT_NONE, a->dtype);
		out = result_array(s, a, target, dtype, axes, keepdims);
		reduce_into(s, a, target, dtype, axes, keepdims);
		break;
	case RANGE:
		out = result_array(s, a, target, a->dtype, axes, keepdims);
		/* The greatest, and then the least, which are subtracted from them. */
		if (out) {
			hidden_begin(s, array_nbytes(out));
			reduce_buffers(s, a, a->dtype, axes, keepdims);
			hidden_end(s, array_nbytes(out));
		}
		break;
	case POSITION:
		out = result_array(s, a, target, DT_INT64, axes, keepdims);
		if (!out)
			break;
		/* In C order, whatever the operand's. */
		struct nd_geom in_c_order, rows = *a->geom;
		nd_geom_init(&in_c_order, out->geom->ndim, out->geom->shape, out->geom->itemsize);
		if (nd_geom_size(out->geom) > 0 && !array_set_geom(s, out, &in_c_order)) {
			value_release(&out->value);
			out = NULL;
			break;
		}
		/* Rows along the axis are read where they lie one after the other. */
		if (a->geom->ndim > 0 && c->arg[axis_at]) {
			int order[ND_GEOM_MAXDIMS], count = 0;
			for (int k = 0; k < a->geom->ndim; k++)
				if (!(axes >> k & 1))
					order[count++] = k;
			for (int k = 0; k < a->geom->ndim; k++)
				if (axes >> k & 1)
					order[count++] = k;
			(void)nd_geom_transpose(a->geom, order, &rows);
		}
		if (!nd_geom_c_contiguous(&rows)) {
			transient(s, array_nbytes(a));
			s->tale.what = out->geom->ndim > 0 ? "new, and a hidden COPY" : "number, and a hidden COPY";
			why = say(s, "%s() reads rows that lie one after the other in C order: a hidden copy of %s comes first", c->builtin->name, bytes_text(array_nbytes(a)));
		}
		break;
	case LOGICAL:
		out = result_array(s, a, target, DT_BOOL, axes, keepdims);
		break;
	case COUNT:
		out = result_array(s, a, target, DT_INT64, axes, keepdims);
		if (out && a->dtype != DT_BOOL && c->arg[axis_at])
			transient(s, n);
		break;
	case MEAN:
		out = mean_array(s, a, target, wanted, axes, keepdims);
		break;
	case VARIANCE:
	case DEVIATION: {
		dtype = wanted != DT_NONE ? wanted : dtype_is_float(a->dtype) || dtype_is_complex(a->dtype) ? a->dtype : DT_FLOAT64;
		enum dtype inner = dtype_promote(a->dtype, dtype);
		struct array *mean = result_array(s, a, NULL, dtype, axes, true);
		if (!mean)
			goto done;
		struct array *ops[2] = { a, mean };
		enum dtype needs[2] = { inner, inner };
		int64_t difference = dtype_itemsize(inner) * n;
		hidden_begin(s, difference);
		/* The difference is taken in the operands' type, float64 for whole numbers. */
		iterate_ufunc(s, ops, needs, 2, a->geom->ndim, a->geom->shape);
		/* Differences of bools are squared with their conjugates. */
		if (a->dtype == DT_BOOL)
			transient(s, difference);
		out = result_array(s, a, target, wanted != DT_NONE ? wanted : dtype_real(dtype), axes, keepdims);
		/* The squares, which lie in the order of x's axes, are added up. */
		struct nd_geom of_squares = *a->geom;
		struct array squares = { .geom = &of_squares, .dtype = inner };
		int order[ND_GEOM_MAXDIMS];
		ptrdiff_t stride = of_squares.itemsize = (ptrdiff_t)dtype_itemsize(inner);
		order_of_operands(ops, 1, a->geom->ndim, order);
		for (int k = a->geom->ndim - 1; k >= 0; k--) {
			of_squares.strides[order[k]] = stride;
			if (__builtin_mul_overflow(stride, a->geom->shape[order[k]], &stride))
				break;
		}
		/* Of complex numbers real and imaginary squares are added into the real parts, and these are added up. Real ones that are squared as complex stay it. */
		if (dtype_is_complex(a->dtype))
			squares.dtype = dtype_real(inner);
		of_squares.itemsize = (ptrdiff_t)dtype_itemsize(squares.dtype);
		if (out)
			reduce_buffers(s, &squares, out->dtype, axes, keepdims);
		hidden_end(s, difference);
		s->step_hidden += array_nbytes(mean);
		value_release(&mean->value);
		why = say(s, "%s() first makes x - mean in full, %s, and squares it in place", c->builtin->name, bytes_text(difference));
		s->tale.what = out && out->geom->ndim > 0 ? "new, and a hidden array as large as x" : "number, and a hidden array as large as x";
		s->tale.surprising = true;
		s->tale.lesson = "inplace";
		break;
	}
	case PERCENTILE: {
		dtype = dtype_is_float(a->dtype) || dtype_is_complex(a->dtype) ? a->dtype : DT_FLOAT64;
		int64_t copy = array_nbytes(a);
		hidden_begin(s, copy);
		out = result_array(s, a, target, dtype, axes, keepdims);
		hidden_end(s, copy);
		/* The axes of 1 are put back by a reshape. */
		if (out && keepdims && out->geom->ndim > 0 && !c->arg[out_at]) {
			struct array *kept = array_view(s, out, out->geom);
			if (kept)
				kept->at_most = out->at_most;
			value_release(&out->value);
			out = kept;
		}
		why = say(s, "%s() first makes a copy to sort in, %s", c->builtin->name, bytes_text(copy));
		s->tale.what = out && out->geom->ndim > 0 ? "new, and a hidden COPY" : "number, and a hidden COPY";
		s->tale.surprising = true;
		break;
	}
	default:
		out = NULL;
		break;
	}
	if (kind == POSITION && out && target && !dtype_can_cast(target->dtype, DT_INT64)) {
		value_release(&out->value);
		raise_at(s, c->node, "TypeError", "positions are int64, which %s cannot be taken for", dtype_name(target->dtype));
		goto done;
	}
	/* Sums go into any type; what a ufunc writes at the end does not. */
	if ((kind == DEVIATION || kind == RANGE) && out && target && !dtype_same_kind(out->dtype, target->dtype)) {
		raise_at(s, c->node, "TypeError", "%s() gives %s, which cannot be written into %s", c->builtin->name, dtype_name(out->dtype), dtype_name(target->dtype));
		value_release(&out->value);
		goto done;
	}
	if (!why && s->step_hidden > 0)
		why = say(s, "%td elements are read; beside the result, %s of buffers for a while", n, bytes_text(s->step_hidden));
	value = finish(c, out, given, why ? why : say(s, "%td elements are read, nothing is made but the result", n));
done:
	value_release(&a->value);
	return value;
}

/* The weights of np.average: their sum, and x * weights, which is made in full and added up. NULL: an error. */
static struct array *weighted(struct call *c, struct array *a, struct array *weights, uint64_t axes, bool keepdims, struct array **out_sum)
{
	struct session *s = c->s;
	enum dtype dtype = dtype_promote(a->dtype, weights->dtype);
	struct nd_geom geom = *weights->geom;
	struct array turned = *weights;
	const bool open = (a->at_most | weights->at_most) != 0;
	const bool alike = a->geom->ndim == geom.ndim && (open || memcmp(a->geom->shape, geom.shape, (size_t)geom.ndim * sizeof geom.shape[0]) == 0);

	if (dtype_is_integer(a->dtype) || a->dtype == DT_BOOL)
		dtype = dtype_promote(dtype, DT_FLOAT64);
	if (!alike) {
		const int axis = axes ? __builtin_ctzll(axes) : 0;
		if (!c->arg[1])
			return raise_at(s, c->node, "TypeError", "weights of shape %s for an array of shape %s: average() needs an axis then", array_shape_text(weights), array_shape_text(a));
		if (geom.ndim != 1 || __builtin_popcountll(axes) != 1)
			return raise_at(s, c->arg_node[2], "TypeError", "weights of shape %s for an array of shape %s: they must have one axis, or those of the array", array_shape_text(weights), array_shape_text(a));
		if (geom.shape[0] != a->geom->shape[axis] && !open)
			return raise_at(s, c->arg_node[2], "ValueError", "%td weights for %td elements along axis %d", geom.shape[0], a->geom->shape[axis], axis);
		/* They lie along that axis, and are the same along all others. */
		geom.ndim = a->geom->ndim;
		for (int k = 0; k < geom.ndim; k++) {
			geom.shape[k] = k == axis ? a->geom->shape[k] : 1;
			geom.strides[k] = k == axis ? weights->geom->strides[0] : 0;
		}
	}
	turned.geom = &geom;
	struct array *sum = result_array(s, &turned, NULL, dtype, axes, keepdims), *out = NULL;
	if (!sum)
		return NULL;
	reduce_buffers(s, &turned, dtype, axes, keepdims);
	struct array *ops[2] = { a, &turned };
	int order[ND_GEOM_MAXDIMS];
	order_of_operands(ops, 2, a->geom->ndim, order);
	struct array *product = array_new_ordered(s, dtype, a->geom->ndim, a->geom->shape, order);
	if (product) {
		product->at_most = a->at_most;
		out = result_array(s, product, NULL, dtype, axes, keepdims);
		/* Not divided in place: another array of that size. */
		if (out)
			transient(s, array_nbytes(out));
		s->step_hidden += array_nbytes(product);
		value_release(&product->value);
	}
	if (!out)
		value_release(&sum->value);
	else
		*out_sum = sum;
	return out;
}

/* np.average(a, axis, weights, returned): without weights the mean. returned: the sum of the weights with it. */
static struct value *average(struct call *c)
{
	struct session *s = c->s;
	struct array *a = arg_array(c, 0), *weights = NULL, *out = NULL, *sum = NULL;
	struct value *pair[2] = { NULL, NULL };
	const bool keepdims = arg_bool(c, 4, false);
	uint64_t axes = 0;

	if (!a)
		return NULL;
	if (!(c->arg[2] ? arg_axes : arg_axes_or_first)(c, 1, a->geom->ndim, &axes))
		goto done;
	if (c->arg[2]) {
		weights = arg_array(c, 2);
		out = weights ? weighted(c, a, weights, axes, keepdims, &sum) : NULL;
	} else {
		out = mean_array(s, a, NULL, DT_NONE, axes, keepdims);
	}
	if (!out)
		goto done;
	const char *why = sum ? say(s, "average() first makes x * weights in full, %s", bytes_text(nd_geom_size(a->geom) * out->geom->itemsize)) : say(s, "%td elements are read, nothing is made but the result", nd_geom_size(a->geom));
	/* Their sum in the average's shape. */
	if (arg_bool(c, 3, false) && (!sum || sum->geom->ndim != out->geom->ndim || memcmp(sum->geom->shape, out->geom->shape, (size_t)out->geom->ndim * sizeof out->geom->shape[0]) != 0)) {
		struct array *copy = array_new(s, out->dtype, out->geom->ndim, out->geom->shape, LAYOUT_C);
		if (copy)
			copy->at_most = out->at_most;
		if (sum)
			value_release(&sum->value);
		sum = copy;
		if (!sum) {
			value_release(&out->value);
			goto done;
		}
	}
	if (!arg_bool(c, 3, false) && sum) {
		s->step_hidden += array_nbytes(sum);
		value_release(&sum->value);
		sum = NULL;
	}
	pair[0] = finish(c, out, NULL, why);
	if (pair[0] && sum)
		pair[1] = scalar_or_array(s, sum);
	sum = NULL;
done:
	if (sum)
		value_release(&sum->value);
	if (weights)
		value_release(&weights->value);
	value_release(&a->value);
	return pair[1] ? value_sequence(s, VALUE_TUPLE, pair, 2) : pair[0];
}

/* The array in which a median's rows are sorted: a copy whose rows lie along *out_axis. axes: of a, that go. */
static struct array *median_copy(struct call *c, struct array *a, uint64_t axes, int *out_axis)
{
	struct session *s = c->s;
	ptrdiff_t n = nd_geom_size(a->geom), shape[ND_GEOM_MAXDIMS];
	struct nd_geom turned = *a->geom, merged;
	int ndim = 0;

	*out_axis = 0;
	if (!c->arg[1])
		return array_new(s, a->dtype, 1, &n, LAYOUT_C);
	if (__builtin_popcountll(axes) == 1) {
		*out_axis = __builtin_ctzll(axes);
		return array_new_like(s, a->dtype, a);
	}
	/* Several are made one: those that stay are swapped to the front, and the others reshaped into the last. */
	for (int k = 0; k < a->geom->ndim; k++) {
		if (axes >> k & 1)
			continue;
		int order[ND_GEOM_MAXDIMS];
		for (int i = 0; i < a->geom->ndim; i++)
			order[i] = i == ndim ? k : i == k ? ndim : i;
		(void)nd_geom_transpose(&turned, order, &turned);
		shape[ndim] = turned.shape[ndim];
		if (shape[ndim++] == 0 && a->at_most == 0)
			return raise_at(s, c->node, "ValueError", "median() of several axes cannot work out how many elements go, as there are none: shape %s", array_shape_text(a));
	}
	*out_axis = ndim;
	shape[ndim] = 1;
	for (int k = ndim; k < a->geom->ndim; k++)
		shape[ndim] *= turned.shape[k];
	struct array *row = nd_geom_reshape(&turned, ndim + 1, shape, &merged) == ND_OK ? array_view(s, a, &merged) : array_new(s, a->dtype, ndim + 1, shape, LAYOUT_C);
	struct array *copy = row ? array_new_like(s, a->dtype, row) : NULL;
	if (row)
		value_release(&row->value);
	return copy;
}

/* np.median(a, axis): sorts a copy, and takes the mean of the one or two elements in the middle of each row. */
static struct value *median(struct call *c)
{
	struct session *s = c->s;
	struct array *a = arg_array(c, 0), *copy = NULL, *out = NULL;
	struct value *value = NULL;
	uint64_t axes;
	int axis;

	if (!a)
		return NULL;
	if (arg_bool(c, 3, false)) {
		value = unfollowed_at(s, c->node, "median(overwrite_input=) is not followed");
		goto done;
	}
	if (!arg_axes(c, 1, a->geom->ndim, &axes))
		goto done;
	bool inexact = dtype_is_float(a->dtype) || dtype_is_complex(a->dtype), keepdims = arg_bool(c, 4, false);
	int64_t bytes = array_nbytes(a);
	copy = median_copy(c, a, axes, &axis);
	if (!copy)
		goto done;
	transient(s, sort_buffer(copy, axis, copy->geom->itemsize));
	struct nd_geom of_middle = *copy->geom;
	struct array middle = { .geom = &of_middle, .dtype = copy->dtype };
	of_middle.shape[axis] = copy->geom->shape[axis] % 2 ? 1 : 2;
	out = mean_array(s, &middle, target_of(c->arg[2]), DT_NONE, UINT64_C(1) << axis, false);
	if (!out)
		goto done;
	/* Whether a NaN was sorted to the end is looked up with take(), which reads an array in C order. */
	int64_t last = nd_geom_size(out->geom) * copy->geom->itemsize;
	if (inexact && nd_geom_size(copy->geom) > 0) {
		transient(s, (nd_geom_c_contiguous(copy->geom) ? 0 : array_nbytes(copy)) + last);
		transient(s, last + nd_geom_size(out->geom));
	}
	value_release(&copy->value);
	copy = NULL;
	s->step_hidden += bytes;
	int ndim = 0;
	struct nd_geom kept = { .ndim = a->geom->ndim, .itemsize = out->geom->itemsize };
	for (int k = 0; k < a->geom->ndim; k++) {
		bool away = axes >> k & 1;
		kept.shape[k] = away ? 1 : out->geom->shape[ndim];
		kept.strides[k] = away ? 0 : out->geom->strides[ndim];
		if (!away)
			out->at_most |= (a->at_most >> k & 1) << ndim++;
	}
	/* The axes of 1 are put back by an index. */
	if (keepdims && !c->arg[2]) {
		struct array *view = array_view(s, out, &kept);
		value_release(&out->value);
		out = view;
		if (!out)
			goto done;
		out->at_most = a->at_most & ~axes;
	}
	const char *why = say(s, "median() first makes a copy to sort in, %s", bytes_text(bytes));
	s->tale.what = out->geom->ndim > 0 ? "new, and a hidden COPY" : "number, and a hidden COPY";
	s->tale.surprising = true;
	if (keepdims && !c->arg[2]) {
		tell(s, STEP_NEW, NULL, why);
		value = &out->value;
	} else {
		value = finish(c, out, c->arg[2], why);
	}
done:
	if (copy)
		value_release(&copy->value);
	value_release(&a->value);
	return value;
}

static struct value *percentile(struct call *c)
{
	if (c->arg[1] && (c->arg[1]->kind == VALUE_LIST || c->arg[1]->kind == VALUE_TUPLE || c->arg[1]->kind == VALUE_ARRAY))
		return unfollowed_at(c->s, c->node, "several percentiles at once are not followed");
	return reduce(c);
}

/* np.cumsum(a, axis, dtype, out): as many elements as there were. */
static struct value *cumulate(struct call *c)
{
	struct session *s = c->s;
	struct array *a = arg_array(c, 0), *out = NULL, *target = target_of(c->arg[3]);
	enum dtype dtype;
	int axis;

	if (!a)
		return NULL;
	if (arg_dtype(c, 2, DT_NONE, &dtype)) {
		bool flat = !c->arg[1] || (a->geom->ndim == 0 && arg_axis_or_first(c, 1, 0, &axis));
		int64_t flattened = flat && a->geom->ndim > 1 && !nd_geom_c_contiguous(a->geom) ? array_nbytes(a) : 0;
		dtype = computed_in(a, target, dtype, dtype_sum(a->dtype));
		hidden_begin(s, flattened);
		if (flat) {
			ptrdiff_t n = nd_geom_size(a->geom);
			out = result_new(s, target, dtype, 1, &n, NULL);
		} else if (arg_axis(c, 1, a->geom->ndim, 0, &axis)) {
			/* As a ufunc lays out its result, which is not always as a copy would. */
			int order[ND_GEOM_MAXDIMS];
			order_of_operands(&a, 1, a->geom->ndim, order);
			out = result_new(s, target, dtype, a->geom->ndim, a->geom->shape, order);
			if (out)
				out->at_most = a->at_most;
		}
		/* What is of another type is cast as a whole, on either side. */
		if (out) {
			bool in_place = target && same_elements(a, target) && nd_geom_overlaps_itself(target->geom, 1) == ND_SHARES_NO;
			bool copied = target && (target->dtype != dtype || (flattened == 0 && !in_place && overlap_copy(a, target, dtype) > 0));
			transient(s, (a->dtype != dtype ? array_nbytes(out) : 0) + (copied ? array_nbytes(out) : 0));
		}
		hidden_end(s, flattened);
	}
	value_release(&a->value);
	return finish(c, out, c->arg[3], "a partial sum for each element: as many as there were");
}

static struct value *diff(struct call *c)
{
	struct session *s = c->s;
	struct array *a = arg_array(c, 0), *out = NULL;
	ptrdiff_t n = 1, shape[ND_GEOM_MAXDIMS];
	int axis;

	if (!a)
		return NULL;
	if (c->arg[3] || c->arg[4]) {
		value_release(&a->value);
		return unfollowed_at(s, c->node, "diff() with prepend= or append= is not followed");
	}
	if (a->geom->ndim == 0) {
		raise_at(s, c->node, "ValueError", "diff() needs at least one axis");
	} else if ((!c->arg[1] || arg_size(c, 1, &n)) && arg_axis(c, 2, a->geom->ndim, -1, &axis)) {
		if (n != 1) {
			value_release(&a->value);
			return unfollowed_at(s, c->node, "diff() of another order than 1 is not followed");
		}
		memcpy(shape, a->geom->shape, sizeof shape);
		shape[axis] = shape[axis] > 0 ? shape[axis] - 1 : 0;
		int order[ND_GEOM_MAXDIMS];
		struct array *ops[1] = { a };
		order_of_operands(ops, 1, a->geom->ndim, order);
		out = array_new_ordered(s, a->dtype, a->geom->ndim, shape, order);
		if (out)
			tell(s, STEP_NEW, NULL, say(s, "x[1:] - x[:-1]: two views, and %s for the differences", bytes_text(array_nbytes(out))));
	}
	value_release(&a->value);
	return out ? &out->value : NULL;
}

/* ---- matrix products ---- */

static bool is_blas(enum dtype dtype)
{
	return (dtype_is_float(dtype) && dtype != DT_FLOAT16) || dtype_is_complex(dtype);
}

/* Can no BLAS routine walk it as it is? Beside a number, rows need not follow each other evenly. Source: _bad_strides() and the leading dimensions in cblas_matrixproduct(). */
static bool blas_copies(const struct array *a, bool number)
{
	const struct nd_geom *g = a->geom;

	if (!is_blas(a->dtype))
		return false;
	for (int k = 0; k < g->ndim; k++)
		if (g->strides[k] < 0 || g->strides[k] % g->itemsize != 0 || (g->strides[k] == 0 && g->shape[k] > 1))
			return true;
	return !number && g->ndim == 2 && !nd_geom_c_contiguous(g) && !nd_geom_f_contiguous(g);
}

/* Rows and columns of the result lie in C order; the axes before them, along which @ is repeated, as those of the operands do. */
static void product_order(const struct array *a, const struct array *b, bool dot, int ndim, int *out_order)
{
	struct nd_geom geom[2];
	struct array batch[2] = { { .geom = &geom[0] }, { .geom = &geom[1] } }, *ops[2] = { &batch[0], &batch[1] };
	const struct array *both[2] = { a, b };
	int most = 0;

	for (int k = 0; k < ndim; k++)
		out_order[k] = k;
	if (dot || ndim > ND_GEOM_MAXDIMS)
		return;
	for (int i = 0; i < 2; i++) {
		geom[i] = *both[i]->geom;
		geom[i].ndim = both[i]->geom->ndim > 2 ? both[i]->geom->ndim - 2 : 0;
		most = geom[i].ndim > most ? geom[i].ndim : most;
	}
	order_of_operands(ops, 2, most, out_order);
}

/* np.dot(a, b) as a @ b, where that is the same product and makes no copy: of at most two axes each, and of one type, as another is cast first. NULL: nowhere else. */
static const char *as_matmul(struct call *c, const struct array *a, const struct array *b)
{
	if (c->builtin->code != 0 || c->arg[2] || c->arg[0]->kind != VALUE_ARRAY || c->arg[1]->kind != VALUE_ARRAY || a->dtype != b->dtype ||
	    a->geom->ndim < 1 || b->geom->ndim < 1 || a->geom->ndim > 2 || b->geom->ndim > 2)
		return NULL;
	const char *left = text_to_follow(c->s, arg_text(c, 0)), *right = text_to_follow(c->s, arg_text(c, 1));
	return left && right ? say(c->s, "%s @ %s copies nothing (but leaves BLAS, and is slower)", left, right) : NULL;
}

static struct value *product(struct call *c)
{
	struct session *s = c->s;
	bool dot = c->builtin->code != '@';
	struct array *a = arg_array(c, 0), *b = a ? arg_array(c, 1) : NULL, *out = NULL;
	ptrdiff_t shape[2 * ND_GEOM_MAXDIMS];
	int ndim = 0;
	struct value *value = NULL;

	if (!b)
		goto done;
	if (!dot && (c->arg[arg_named(c, "axes")] || c->arg[arg_named(c, "axis")])) {
		value = unfollowed_at(s, c->node, "matmul() with axes= or axis= is not followed");
		goto done;
	}
	enum dtype dtype = dtype_promote(a->dtype, b->dtype);
	if (!dot && !arg_dtype(c, 3, dtype, &dtype))
		goto done;
	if (!dot && !(dtype_same_kind(a->dtype, dtype) && dtype_same_kind(b->dtype, dtype))) {
		raise_at(s, c->node, "TypeError", "matmul(dtype=%s) is not for %s and %s", dtype_name(dtype), dtype_name(a->dtype), dtype_name(b->dtype));
		goto done;
	}
	const struct nd_geom *x = a->geom, *y = b->geom;
	if (!dot && (x->ndim == 0 || y->ndim == 0)) {
		raise_at(s, c->node, "ValueError", "@ is for arrays with axes: shapes %s and %s", array_shape_text(a), array_shape_text(b));
		goto done;
	}
	/* dot() of a number multiplies, and is in C order as a product is where BLAS does it. */
	bool number = x->ndim == 0 || y->ndim == 0;
	int summed = y->ndim < 2 ? 0 : c->builtin->code == 'i' ? y->ndim - 1 : y->ndim - 2;
	ptrdiff_t inner = number ? 1 : x->shape[x->ndim - 1], other = number ? 1 : y->shape[summed];
	if (inner != other && !(a->at_most | b->at_most)) {
		raise_at(s, c->node, "ValueError", "shapes %s and %s do not fit: the last axis of the first has %td elements, axis %d of the second %td", array_shape_text(a), array_shape_text(b), inner, summed, other);
		goto done;
	}
	if (number) {
		const struct nd_geom *all = x->ndim ? x : y;
		ndim = all->ndim;
		memcpy(shape, all->shape, (size_t)ndim * sizeof shape[0]);
	} else if (dot) {
		for (int k = 0; k + 1 < x->ndim; k++)
			shape[ndim++] = x->shape[k];
		for (int k = 0; k < y->ndim; k++)
			if (k != summed)
				shape[ndim++] = y->shape[k];
	} else {
		/* The axes before the last two are broadcast. */
		int batch_x = x->ndim > 2 ? x->ndim - 2 : 0, batch_y = y->ndim > 2 ? y->ndim - 2 : 0, batch = batch_x > batch_y ? batch_x : batch_y;
		for (int k = 0; k < batch; k++) {
			ptrdiff_t m = k < batch - batch_x ? 1 : x->shape[k - (batch - batch_x)], n = k < batch - batch_y ? 1 : y->shape[k - (batch - batch_y)];
			if (m != n && m != 1 && n != 1) {
				raise_at(s, c->node, "ValueError", "shapes %s and %s do not fit: the axes before the last two are broadcast, and have %td and %td", array_shape_text(a), array_shape_text(b), m, n);
				goto done;
			}
			shape[ndim++] = m == 1 ? n : m;
		}
		if (x->ndim > 1)
			shape[ndim++] = x->shape[x->ndim - 2];
		if (y->ndim > 1)
			shape[ndim++] = y->shape[y->ndim - 1];
	}
	const struct array *target = target_of(c->arg[2]);
	if (target) {
		if (dot && (target->dtype != dtype || !nd_geom_c_contiguous(target->geom))) {
			raise_at(s, c->node, "ValueError", "dot() writes into a C-contiguous array of %s only", dtype_name(dtype));
			goto done;
		}
		if (!dot && !dtype_same_kind(dtype, target->dtype)) {
			raise_at(s, c->node, "TypeError", "matmul gives %s, which cannot be written into %s", dtype_name(dtype), dtype_name(target->dtype));
			goto done;
		}
	}
	int64_t hidden = 0;
	if (dot && x->ndim <= 2 && y->ndim <= 2)
		hidden = (a->dtype == dtype && blas_copies(a, number) ? array_nbytes(a) : 0) + (b->dtype == dtype && blas_copies(b, number) ? array_nbytes(b) : 0);
	for (int i = 0; i < 2; i++) {
		const struct array *operand = i ? b : a;
		if (operand->dtype != dtype)
			hidden += dtype_itemsize(dtype) * nd_geom_size(operand->geom);
	}
	int order[2 * ND_GEOM_MAXDIMS];
	if (number && (x->ndim > 2 || y->ndim > 2 || !is_blas(dtype)))
		order_of_operands(x->ndim ? &a : &b, 1, ndim, order);
	else
		product_order(a, b, dot, ndim, order);
	/* Into an out= of another type, or one that is read too, goes a copy. */
	int64_t copy = 0;
	if (target && (target->dtype != dtype || overlap_copy(a, target, dtype) > 0 || overlap_copy(b, target, dtype) > 0))
		copy = dtype_itemsize(dtype) * nd_geom_size(target->geom);
	hidden_begin(s, hidden + copy);
	out = result_new(s, target, dtype, ndim, shape, order);
	hidden_end(s, hidden + copy);
	if (out) {
		const char *why = hidden > 0 ? say(s, "%s() wants an operand whose rows or columns lie in one piece: hidden copies of %s come first", dot ? "dot" : "matmul", bytes_text(hidden))
		                             : say(s, "a product of its own: %s; the operands are read where they lie", bytes_text(array_nbytes(out)));
		if (hidden > 0) {
			s->tale.what = "new, and a hidden COPY";
			s->tale.surprising = true;
			s->tale.avoid = as_matmul(c, a, b);
			s->tale.lesson = "contiguous";
		}
		value = finish(c, out, c->arg[2], why);
	}
done:
	if (b)
		value_release(&b->value);
	if (a)
		value_release(&a->value);
	return value;
}

static struct value *outer(struct call *c)
{
	struct session *s = c->s;
	struct array *a = arg_array(c, 0), *b = a ? arg_array(c, 1) : NULL, *out = NULL;

	if (b) {
		ptrdiff_t shape[2] = { nd_geom_size(a->geom), nd_geom_size(b->geom) };
		enum dtype dtype = dtype_promote(a->dtype, b->dtype);
		const struct array *target = c->arg[2] && c->arg[2]->kind == VALUE_ARRAY ? as_array(c->arg[2]) : NULL;
		if (target && target->writeable && !dtype_same_kind(dtype, target->dtype))
			raise_at(s, c->node, "TypeError", "outer() gives %s, which cannot be written into %s", dtype_name(dtype), dtype_name(target->dtype));
		else
			out = array_new(s, dtype, 2, shape, LAYOUT_C);
	}
	if (b)
		value_release(&b->value);
	if (a)
		value_release(&a->value);
	return out ? finish(c, out, c->arg[2], say(s, "every pair: %s of its own", bytes_text(array_nbytes(out)))) : NULL;
}

#define SUM_OF(word, where, kind) { word, where, "a axis? dtype? out? keepdims? initial? where?", reduce, kind }
#define MEAN_OF(word, where) { word, where, "a axis? dtype? out? keepdims? | where?", reduce, MEAN }
#define SPREAD_OF(word, kind) { word, IN_NUMPY | METHOD, "a axis? dtype? out? ddof? keepdims? | where? correction? mean?", reduce, kind }
#define EXTREME_OF(word, where) { word, where, "a axis? out? keepdims? initial? where?", reduce, EXTREME }
#define POSITION_OF(word) { word, IN_NUMPY | METHOD, "a axis? out? | keepdims?", reduce, POSITION }
#define LOGICAL_OF(word) { word, IN_NUMPY | METHOD, "a axis? out? keepdims? | where?", reduce, LOGICAL }

const struct builtin functions_reduce[] = {
	SUM_OF("sum", IN_NUMPY | METHOD, SUM), SUM_OF("prod", IN_NUMPY | METHOD, PROD), SUM_OF("nansum", IN_NUMPY, SUM),
	MEAN_OF("mean", IN_NUMPY | METHOD), MEAN_OF("nanmean", IN_NUMPY),
	SPREAD_OF("std", DEVIATION), SPREAD_OF("var", VARIANCE),
	EXTREME_OF("max", IN_NUMPY | METHOD), EXTREME_OF("min", IN_NUMPY | METHOD), EXTREME_OF("amax", IN_NUMPY), EXTREME_OF("amin", IN_NUMPY), EXTREME_OF("nanmax", IN_NUMPY), EXTREME_OF("nanmin", IN_NUMPY),
	{ "ptp", IN_NUMPY | METHOD, "a axis? out? keepdims?", reduce, RANGE },
	POSITION_OF("argmax"), POSITION_OF("argmin"), LOGICAL_OF("any"), LOGICAL_OF("all"),
	{ "count_nonzero", IN_NUMPY, "a axis? | keepdims?", reduce, COUNT },
	{ "median", IN_NUMPY, "a axis? out? overwrite_input? keepdims?", median, 0 },
	{ "average", IN_NUMPY, "a axis? weights? returned? | keepdims?", average, 0 },
	{ "percentile", IN_NUMPY, "a q axis? out? overwrite_input? method? keepdims? | interpolation?", percentile, PERCENTILE },
	{ "quantile", IN_NUMPY, "a q axis? out? overwrite_input? method? keepdims? | interpolation?", percentile, PERCENTILE },
	{ "cumsum", IN_NUMPY | METHOD, "a axis? dtype? out?", cumulate, 0 },
	{ "cumprod", IN_NUMPY | METHOD, "a axis? dtype? out?", cumulate, 0 },
	{ "diff", IN_NUMPY, "a n? axis? prepend? append?", diff, 0 },
	{ "dot", IN_NUMPY | METHOD, "a b out?", product, 0 },
	{ "matmul", IN_NUMPY, "a b out? | dtype? casting? order? subok? signature? extobj? axes? axis?", product, '@' },
	{ "inner", IN_NUMPY, "a b", product, 'i' },
	{ "outer", IN_NUMPY, "a b out?", outer, 0 },
	{ NULL, 0, NULL, NULL, 0 },
};
