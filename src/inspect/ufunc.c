/* SPDX-License-Identifier: MIT */
/*
 * Elementwise operations: the result's type, shape and layout, what is made for it, and what NumPy makes besides.
 *
 * Besides: an operand that has to be cast, or that no single stride walks, is read through a buffer of at most 8,192 elements; an output that overlaps an
 * input is written to a copy first; and a temporary of 256 KiB or more that nobody else refers to is written over instead of making another array.
 *
 * Sources: NumPy 1.24's ufunc_object.c (try_trivial_single_output_loop), nditer_constr.c (npyiter_allocate_arrays, npyiter_check_overlap,
 * npyiter_find_best_axis_ordering) and temp_elide.c.
 */
#include "inspect/calls.h"

#include "nd/overlap.h"

#include <string.h>

enum { BUFFER_ELEMENTS = 8192, LEAST_REUSED = 256 * 1024, MOST_OPERANDS = 4 };

/* ---- operands ---- */

struct operand {
	struct array *array;  /* owned; a number is a 0-d array without a buffer of its own that counts */
	enum dtype dtype;     /* weak for Python's numbers */
	bool number;          /* a Python or NumPy scalar */
};

struct array *unpaid_array(struct session *s, enum dtype dtype, int ndim, const ptrdiff_t *shape)
{
	int64_t counted_peak = s->counted_peak, peak = s->peak, allocated = s->allocated, step = s->step_allocated;
	struct array *a = array_new(s, dtype, ndim, shape, LAYOUT_C);

	if (a) {
		s->counted -= a->buffer->nbytes;
		s->live -= a->buffer->nbytes;
		a->buffer->nbytes = 0;
		s->counted_peak = counted_peak;
		s->peak = peak;
		s->allocated = allocated;
		s->step_allocated = step;
	}
	return a;
}

static bool operand_of(struct session *s, const struct node *node, struct value *value, struct operand *out)
{
	*out = (struct operand){ .dtype = DT_NONE };
	switch (value->kind) {
	case VALUE_ARRAY:
		out->array = as_array(value_ref(value));
		out->dtype = out->array->dtype;
		return true;
	case VALUE_BOOL:
		out->dtype = DT_BOOL;
		break;
	case VALUE_INT:
		out->dtype = DT_PYINT;
		break;
	case VALUE_FLOAT:
		out->dtype = DT_PYFLOAT;
		break;
	case VALUE_COMPLEX:
		out->dtype = DT_PYCOMPLEX;
		break;
	case VALUE_SCALAR:
		out->dtype = value->dtype;
		break;
	case VALUE_TUPLE:
	case VALUE_LIST:
		out->array = to_array(s, value, node);
		if (!out->array)
			return false;
		out->dtype = out->array->dtype;
		return true;
	default:
		raise_at(s, node, "TypeError", "%s is no operand", value_words(value));
		return false;
	}
	out->number = true;
	out->array = unpaid_array(s, dtype_strong(out->dtype), 0, NULL);
	return out->array != NULL;
}

/* ---- types ---- */

/* From the operands' types: in which type it computes (out_in) and answers. DT_NONE: it does not go. */
static enum dtype resolve(const struct ufunc *u, enum dtype a, enum dtype b, enum dtype *out_in)
{
	enum dtype common = b == DT_NONE ? dtype_strong(a) : dtype_strong(dtype_promote(a, b));

	*out_in = common;
	switch (u->rule) {
	case RULE_ARITHMETIC:
	case RULE_ABSOLUTE:
		return u->rule == RULE_ABSOLUTE ? dtype_real(common) : common;
	case RULE_SUBTRACT:
		return common == DT_BOOL ? DT_NONE : common;
	case RULE_SAME:
		if (common == DT_BOOL && (strcmp(u->name, "negative") == 0 || strcmp(u->name, "positive") == 0 || strcmp(u->name, "sign") == 0))
			return DT_NONE;
		if (common == DT_BOOL && (strcmp(u->name, "square") == 0 || strcmp(u->name, "reciprocal") == 0 || strncmp(u->name, "conj", 4) == 0))
			return *out_in = DT_INT8;
		return common;
	case RULE_DIVIDE:
		if (dtype_is_integer(common) || common == DT_BOOL)
			*out_in = DT_FLOAT64;
		return *out_in;
	case RULE_FLOOR:
		if (common == DT_BOOL)
			*out_in = DT_INT8;
		return dtype_is_complex(common) ? DT_NONE : *out_in;
	case RULE_POWER:
		if (common == DT_BOOL)
			*out_in = DT_INT8;
		return *out_in;
	case RULE_BITS:
		return dtype_is_integer(common) || common == DT_BOOL ? common : DT_NONE;
	case RULE_SHIFT:
		if (common == DT_BOOL)
			*out_in = DT_INT8;
		return dtype_is_integer(*out_in) ? *out_in : DT_NONE;
	case RULE_COMPARE:
	case RULE_TEST:
		return DT_BOOL;
	case RULE_LOGICAL:
		/* Each operand is looked at in its own type. */
		*out_in = DT_NONE;
		return DT_BOOL;
	case RULE_FLOAT:
		*out_in = dtype_inexact(common);
		if (dtype_is_complex(common) && (strcmp(u->name, "arctan2") == 0 || strcmp(u->name, "hypot") == 0 || strcmp(u->name, "cbrt") == 0 || strcmp(u->name, "logaddexp") == 0))
			return DT_NONE;
		return *out_in;
	case RULE_ROUND:
		return dtype_is_complex(common) ? DT_NONE : common;
	}
	return common;
}

/* ---- shapes and layouts ---- */

bool broadcast_shapes(struct session *s, const struct node *node, struct array *const *ops, int nop, int *out_ndim, ptrdiff_t *out_shape, uint64_t *out_at_most)
{
	int ndim = 0;
	uint64_t at_most = 0;

	for (int i = 0; i < nop; i++)
		ndim = ops[i]->geom->ndim > ndim ? ops[i]->geom->ndim : ndim;
	for (int k = 0; k < ndim; k++)
		out_shape[k] = 1;
	for (int i = 0; i < nop; i++) {
		const struct nd_geom *geom = ops[i]->geom;
		int missing = ndim - geom->ndim;
		for (int k = 0; k < geom->ndim; k++) {
			ptrdiff_t extent = geom->shape[k], *common = &out_shape[missing + k];
			bool open = ops[i]->at_most >> k & 1, was_open = at_most >> (missing + k) & 1;
			if (extent == 1) {
				/* An open extent of at most 1 stays open. */
				if (*common == 1)
					at_most |= (uint64_t)open << (missing + k);
				continue;
			}
			if (*common == 1) {
				*common = extent;
				at_most |= (uint64_t)open << (missing + k);
			} else if (open || was_open) {
				/* Extents that depend on data are taken to fit: the one that is known decides. */
				if (!open || (was_open && extent < *common))
					*common = extent;
				if (!open)
					at_most &= ~(UINT64_C(1) << (missing + k));
			} else if (*common != extent) {
				const char *first = array_shape_text(ops[0]);
				raise_at(s, node, "ValueError", "shapes %s and %s do not fit: from the last axis on, extents must be equal or 1, and axis %d has %td and %td", first,
				         array_shape_text(ops[i]), missing + k - ndim, *common, extent);
				return false;
			}
		}
	}
	*out_ndim = ndim;
	*out_at_most = at_most;
	return true;
}

/* The stride of an operand along an axis of the common shape; 0 where it is repeated or missing. */
static ptrdiff_t stride_along(const struct nd_geom *geom, int ndim, int axis)
{
	int own = axis - (ndim - geom->ndim);
	return own < 0 || geom->shape[own] == 1 ? 0 : geom->strides[own] < 0 ? -geom->strides[own] : geom->strides[own];
}

void order_of_operands(struct array *const *ops, int nop, int ndim, int *out_order)
{
	/* An insertion sort from the fastest axis on; where operands do not agree, C order wins. sorted[0] is the fastest. */
	int sorted[ND_GEOM_MAXDIMS];

	for (int k = 0; k < ndim; k++)
		sorted[k] = ndim - 1 - k;
	for (int k = 1; k < ndim; k++) {
		int axis = sorted[k], at = k;
		for (int i = k - 1; i >= 0; i--) {
			bool ambiguous = true, swap = false;
			for (int op = 0; op < nop; op++) {
				ptrdiff_t mine = stride_along(ops[op]->geom, ndim, axis), other = stride_along(ops[op]->geom, ndim, sorted[i]);
				if (mine == 0 || other == 0)
					continue;
				if (other <= mine)
					swap = false;
				else if (ambiguous)
					swap = true;
				ambiguous = false;
			}
			if (!ambiguous && swap)
				at = i;
			else if (!ambiguous)
				break;
		}
		for (int i = k; i > at; i--)
			sorted[i] = sorted[i - 1];
		sorted[at] = axis;
	}
	for (int k = 0; k < ndim; k++)
		out_order[k] = sorted[ndim - 1 - k];
}

/* ---- the iterator's buffers ---- */

/* Do its axes, in the iteration's order, step through memory as one long axis would? */
static bool one_stride(const struct nd_geom *geom, int ndim, const ptrdiff_t *shape, const int *order)
{
	ptrdiff_t expected = 0;
	bool first = true;

	for (int k = ndim - 1; k >= 0; k--) {
		int axis = order[k], own = axis - (ndim - geom->ndim);
		if (shape[axis] == 1)
			continue;
		ptrdiff_t stride = own < 0 || geom->shape[own] == 1 ? 0 : geom->strides[own];
		if (!first && stride != expected)
			return false;
		first = false;
		if (__builtin_mul_overflow(stride, shape[axis], &expected))
			return false;
	}
	return true;
}

/* Can all be walked with one stride each, without an iterator? */
static bool is_trivial(struct array **ops, const enum dtype *needs, int nop, int ndim, const ptrdiff_t *shape)
{
	bool c = true, f = true;

	for (int i = 0; i < nop; i++) {
		const struct nd_geom *geom = ops[i]->geom;
		if (geom->ndim == 0)
			continue;
		if (geom->ndim != ndim || memcmp(geom->shape, shape, (size_t)ndim * sizeof shape[0]) != 0)
			return false;
		if (needs[i] != ops[i]->dtype && !(geom->ndim == 1 && geom->shape[0] <= BUFFER_ELEMENTS))
			return false;
		if (ndim > 1) {
			c = c && nd_geom_c_contiguous(geom);
			f = f && nd_geom_f_contiguous(geom);
		}
	}
	return ndim <= 1 || c || f;
}

void iterate_ufunc(struct session *s, struct array **ops, const enum dtype *needs, int nop, int ndim, const ptrdiff_t *shape)
{
	int64_t bytes = 0;

	if (!is_trivial(ops, needs, nop, ndim, shape)) {
		iterate(s, ops, needs, nop, ndim, shape);
		return;
	}
	/* A small operand is cast as a whole. */
	for (int i = 0; i < nop; i++)
		if (needs[i] != ops[i]->dtype && ops[i]->geom->ndim > 0)
			bytes += dtype_itemsize(needs[i]) * nd_geom_size(ops[i]->geom);
	transient(s, bytes);
}

void iterate(struct session *s, struct array **ops, const enum dtype *needs, int nop, int ndim, const ptrdiff_t *shape)
{
	int order[ND_GEOM_MAXDIMS];
	ptrdiff_t elements = 1;
	int64_t bytes = 0;

	for (int k = 0; k < ndim && elements <= BUFFER_ELEMENTS; k++)
		elements *= shape[k] < BUFFER_ELEMENTS ? shape[k] : BUFFER_ELEMENTS;
	for (int k = 0; k < ndim; k++)
		if (shape[k] == 0)
			elements = 0;
	elements = elements < BUFFER_ELEMENTS ? elements : BUFFER_ELEMENTS;
	order_of_operands(ops, nop, ndim, order);
	for (int i = 0; i < nop; i++) {
		bool cast = needs[i] != ops[i]->dtype;
		if (needs[i] == DT_NONE || (ndim <= 1 && ops[i]->geom->ndim == 0))
			continue;
		if (!cast && (ndim <= 1 || (ops[i]->geom->ndim > 0 && one_stride(ops[i]->geom, ndim, shape, order))))
			continue;
		bytes += dtype_itemsize(needs[i]) * elements;
	}
	transient(s, bytes);
}

/* ---- overlap of an output with an input ---- */

bool same_elements(const struct array *a, const struct array *b)
{
	return a->buffer == b->buffer && a->dtype == b->dtype && a->geom->offset == b->geom->offset && a->geom->ndim == b->geom->ndim &&
	       memcmp(a->geom->shape, b->geom->shape, (size_t)a->geom->ndim * sizeof a->geom->shape[0]) == 0 &&
	       memcmp(a->geom->strides, b->geom->strides, (size_t)a->geom->ndim * sizeof a->geom->strides[0]) == 0;
}

/* The one stride with which an array is walked without an iterator; several axes lie in one piece then. */
static ptrdiff_t walked_by(const struct nd_geom *geom)
{
	return geom->ndim == 0 || nd_geom_size(geom) == 1 ? 0 : geom->ndim == 1 ? geom->strides[0] : geom->itemsize;
}

/* Walked with one stride each, an input that runs ahead of the output is read before it is written over. */
static bool runs_ahead(const struct array *in, const struct array *out)
{
	ptrdiff_t mine = walked_by(in->geom), other = walked_by(out->geom);

	if (mine > 0)
		return mine >= other && in->geom->offset >= out->geom->offset;
	return mine < 0 && mine <= other && in->geom->offset <= out->geom->offset;
}

/*
 * Does any of the inputs, ops[0] to ops[nin - 1], make NumPy write to a copy of the output, ops[nin]? Where it walks all with one stride each, and the
 * output forwards, inputs that run ahead do not; else its iterator exempts only an input of the very same elements, each on bytes of its own.
 *
 * Source: NumPy 1.24's PyArray_EQUIVALENTLY_ITERABLE_OVERLAP_OK and npyiter_allocate_arrays.
 */
static bool needs_overlap_copy(struct array **ops, const enum dtype *needs, int nin, int ndim, const ptrdiff_t *shape)
{
	const struct array *out = ops[nin];
	ptrdiff_t step = out->geom->ndim == 1 ? out->geom->strides[0] : out->geom->itemsize;
	bool trivial = needs[nin] == out->dtype && (step == 0 || step >= out->geom->itemsize) && is_trivial(ops, needs, nin + 1, ndim, shape), ahead = true, same = true;

	for (int i = 0; i < nin; i++) {
		const struct array *in = ops[i];
		/* A small operand is cast as a whole, and only what that gave is read. */
		if (in->buffer != out->buffer || (trivial && needs[i] != in->dtype) || nd_geom_shares_memory(in->geom, out->geom, 1, NULL) == ND_SHARES_NO)
			continue;
		ahead = ahead && trivial && runs_ahead(in, out);
		same = same && same_elements(in, out) && nd_geom_overlaps_itself(out->geom, 1) == ND_SHARES_NO;
	}
	return !ahead && !same;
}

/* ---- temporaries ---- */

/*
 * May the result be written over this operand? It must be a temporary (the caller's is the only reference), own its data, be at least 256 KiB and have the
 * result's type; the other operand must be a number or have its shape, and a type that fits.
 */
static bool is_reusable(const struct array *a, const struct operand *other, enum dtype result)
{
	if (!a || a->value.refs != 2 || !a->owndata || !a->writeable || a->dtype != result || nd_geom_nbytes(a->geom) < LEAST_REUSED)
		return false;
	if (!other)
		return true;
	const struct nd_geom *x = a->geom, *y = other->array->geom;
	if (y->ndim != 0 && (y->ndim != x->ndim || memcmp(x->shape, y->shape, (size_t)x->ndim * sizeof x->shape[0]) != 0))
		return false;
	return dtype_can_cast(other->dtype, a->dtype);
}

static struct array *reusable(const struct ufunc *u, struct operand *op, int nin, enum dtype result, const struct value *const *in)
{
	if (!u->elides)
		return NULL;
	/* An operand in a reference of the evaluator and one of ours: two. Whole numbers are not divided in place. */
	if (!op[0].number && in[0]->kind == VALUE_ARRAY && is_reusable(op[0].array, nin > 1 ? &op[1] : NULL, result))
		return op[0].array;
	if (nin > 1 && u->commutative && !op[1].number && in[1]->kind == VALUE_ARRAY && op[0].array != op[1].array && is_reusable(op[1].array, &op[0], result))
		return op[1].array;
	return NULL;
}

/* ---- the call ---- */

static void note_promotion(struct session *s, const struct operand *op, int nin)
{
	/* NumPy 1 looks at the value of a number and of a 0-d array, NumPy 2 at its type. */
	if (nin < 2 || s->promotion_noted)
		return;
	for (int i = 0; i < 2; i++) {
		const struct operand *number = &op[i], *other = &op[1 - i];
		if (number->array->geom->ndim > 0 || other->array->geom->ndim == 0)
			continue;
		bool small_int = dtype_is_integer(other->dtype) && dtype_itemsize(other->dtype) < 8;
		if ((number->dtype < DT_COUNT && number->dtype != other->dtype && dtype_promote(number->dtype, other->dtype) != other->dtype) || (small_int && number->dtype == DT_PYFLOAT)) {
			s->promotion_noted = true;
			note(s, "types as NumPy 2 makes them: %s with %s is %s; NumPy 1 looks at the number's value instead", dtype_name(other->dtype), number->dtype < DT_COUNT ? dtype_name(number->dtype) : "a Python float",
			     dtype_name(dtype_strong(dtype_promote(number->dtype, other->dtype))));
		}
	}
}

static const char *why_new(struct session *s, const struct ufunc *u, const struct array *result)
{
	return say(s, "%s computes: its %s elements need bytes of their own, %td x %td B = %s", u->symbol ? u->symbol : u->name, array_shape_text(result), nd_geom_size(result->geom), result->geom->itemsize,
	           bytes_text(nd_geom_nbytes(result->geom)));
}

static bool check_out(struct session *s, const struct node *node, const struct ufunc *u, const struct array *out, enum dtype result)
{
	if (!dtype_same_kind(result, out->dtype)) {
		raise_at(s, node, "TypeError", "%s gives %s, which cannot be written into %s in place", u->name, dtype_name(result), dtype_name(out->dtype));
		return false;
	}
	return true;
}

static bool check_shape(struct session *s, const struct node *node, const struct array *out, int ndim, const ptrdiff_t *shape)
{
	if (out->geom->ndim == ndim && (memcmp(out->geom->shape, shape, (size_t)ndim * sizeof shape[0]) == 0 || out->at_most))
		return true;
	raise_at(s, node, "ValueError", "the result has shape %s and cannot be written into shape %s", shape_text(ndim, shape), array_shape_text(out));
	return false;
}

static struct value *into(struct session *s, struct array *out, struct operand *op, int nin, const enum dtype *needs, enum dtype result, int ndim, const ptrdiff_t *shape, const char *name)
{
	struct array *all[MOST_OPERANDS];
	enum dtype wanted[MOST_OPERANDS];
	const char *of = name ? name : "an array that is there";

	out->buffer->known = false;
	for (int i = 0; i < nin; i++) {
		all[i] = op[i].array;
		wanted[i] = needs[i];
	}
	all[nin] = out;
	wanted[nin] = result;
	if (needs_overlap_copy(all, wanted, nin, ndim, shape)) {
		int64_t bytes = dtype_itemsize(result) * nd_geom_size(out->geom);
		/* What is written to is the copy then, which lies in one piece and has the result's type; axes are still gone through as the output's lie. */
		wanted[nin] = DT_NONE;
		hidden_begin(s, bytes);
		iterate(s, all, wanted, nin + 1, ndim, shape);
		hidden_end(s, bytes);
		tell(s, STEP_INPLACE, of, say(s, "in place, but what is read lies in the bytes that are written: a hidden copy of %s comes first", bytes_text(bytes)));
		s->tale.what = "in place, with a hidden COPY";
		s->tale.surprising = true;
		s->tale.lesson = "inplace";
	} else {
		int64_t arrays = s->step_allocated;
		iterate_ufunc(s, all, wanted, nin + 1, ndim, shape);
		const char *what = arrays == 0 ? "buffers" : s->step_allocated > arrays ? "arrays and buffers" : "arrays";
		tell(s, STEP_INPLACE, of, s->step_allocated > 0 ? say(s, "written into an array that is there; %s of %s are made for it, and gone with it", bytes_text(s->step_allocated), what)
		                                                : "written into an array that is there: nothing new is made");
	}
	return value_ref(&out->value);
}

struct value *ufunc_call(struct session *s, const struct node *node, const struct ufunc *u, struct value **in, int nin, struct value *out, struct value *dtype_value, bool operators)
{
	struct operand op[MOST_OPERANDS] = { { 0 } };
	struct array *arrays[MOST_OPERANDS], *made = NULL;
	enum dtype compute, result, needs[MOST_OPERANDS + 1], forced = DT_NONE;
	ptrdiff_t shape[ND_GEOM_MAXDIMS];
	struct value *value = NULL;
	int ndim, order[ND_GEOM_MAXDIMS], n = 0;
	uint64_t at_most;

	if (!u)
		return unfollowed_at(s, node, "this operator is not followed for arrays");
	for (; n < nin; n++) {
		if (!operand_of(s, node, in[n], &op[n]))
			goto done;
		arrays[n] = op[n].array;
	}
	/* NumPy looks at the output before it looks for a loop. */
	if (out && out->kind == VALUE_TUPLE && out->seq.count == 1)
		out = out->seq.item[0];
	if (out && out->kind == VALUE_ARRAY && !as_array(out)->writeable) {
		raise_at(s, node, "ValueError", "the output is read-only");
		goto done;
	}
	if (u->rule == RULE_POWER && op[1].dtype == DT_PYINT && in[1]->certain && in[1]->integer < 0 && dtype_is_integer(op[0].dtype)) {
		raise_at(s, node, "ValueError", "whole numbers cannot be raised to a negative power: use floats");
		goto done;
	}
	note_promotion(s, op, nin);
	result = resolve(u, op[0].dtype, nin > 2 ? dtype_promote(op[1].dtype, op[2].dtype) : nin > 1 ? op[1].dtype : DT_NONE, &compute);
	if (dtype_value && dtype_value->kind != VALUE_NONE) {
		/* dtype= names the loop by the type of its result, and what goes in must be of the same kind. */
		if (!to_dtype(s, dtype_value, node, &forced))
			goto done;
		bool decides = u->rule == RULE_COMPARE || u->rule == RULE_LOGICAL || u->rule == RULE_TEST;
		bool loop = decides ? forced == DT_BOOL : resolve(u, forced, nin > 1 ? forced : DT_NONE, &compute) == forced && compute == forced;
		for (int i = 0; i < nin && !decides; i++)
			loop = loop && dtype_same_kind(op[i].dtype, forced);
		if (!loop) {
			raise_at(s, node, "TypeError", "%s(dtype=%s) is not for %s", u->name, dtype_name(forced), dtype_name(dtype_strong(op[0].dtype)));
			goto done;
		}
		result = forced;
	}
	if (result == DT_NONE) {
		const char *type = dtype_name(dtype_strong(op[0].dtype)), *second = nin > 1 ? dtype_name(dtype_strong(op[1].dtype)) : NULL;
		if (u->rule == RULE_SUBTRACT)
			raise_at(s, node, "TypeError", "- is not for bool arrays: use ^ or np.logical_xor");
		else
			raise_at(s, node, "TypeError", second ? "%s is not for %s and %s" : "%s is not for %s", u->symbol ? u->symbol : u->name, type, second);
		goto done;
	}
	for (int i = 0; i < nin; i++)
		needs[i] = compute == DT_NONE ? op[i].array->dtype : compute;
	/* NumPy looks at the output's type before it looks at shapes. */
	if (out && out->kind == VALUE_ARRAY && !check_out(s, node, u, as_array(out), result))
		goto done;
	if (!broadcast_shapes(s, node, arrays, nin, &ndim, shape, &at_most))
		goto done;
	if (out && out->kind == VALUE_ARRAY) {
		struct array *target = as_array(out);
		/* An output may have more axes than the inputs, which are then repeated. */
		if (target->geom->ndim >= ndim) {
			struct array *with[MOST_OPERANDS + 1];
			memcpy(with, arrays, (size_t)nin * sizeof with[0]);
			with[nin] = target;
			if (!broadcast_shapes(s, node, with, nin + 1, &ndim, shape, &at_most))
				goto done;
		}
		if (check_shape(s, node, target, ndim, shape))
			value = into(s, target, op, nin, needs, result, ndim, shape, target->name ? target->name : target->origin);
		goto done;
	}
	struct array *reused = operators && !(u->rule == RULE_DIVIDE && dtype_is_integer(op[0].dtype)) ? reusable(u, op, nin, result, (const struct value *const *)in) : NULL;
	/* x ** 2 is a square, and may be written over x; other powers may not. */
	if (reused && u->rule == RULE_POWER) {
		double power = in[1]->kind == VALUE_INT ? (double)in[1]->integer : in[1]->kind == VALUE_FLOAT ? in[1]->real : 3;
		if (!in[1]->certain || !(power == 2 || (!dtype_is_integer(op[0].dtype) && (power == 1 || power == -1 || power == 0.5))))
			reused = NULL;
	}
	if (reused) {
		struct array *all[MOST_OPERANDS];
		memcpy(all, arrays, (size_t)nin * sizeof all[0]);
		all[nin] = reused;
		needs[nin] = result;
		iterate_ufunc(s, all, needs, nin + 1, ndim, shape);
		value = value_ref(&reused->value);
		reused->buffer->known = false;
		tell(s, STEP_INPLACE, "a temporary", say(s, "the %s of an unnamed temporary are written over, as nobody else refers to them and they are at least 256 KiB (CPython and NumPy 1.24; measure it on yours)", bytes_text(array_nbytes(reused))));
		s->tale.what = "into a temporary";
		s->elided++;
		goto done;
	}
	order_of_operands(arrays, nin, ndim, order);
	if (ndim == 0) {
		value = value_scalar(s, result);
		goto done;
	}
	made = array_new_ordered(s, result, ndim, shape, order);
	if (!made)
		goto done;
	made->at_most = at_most;
	iterate_ufunc(s, arrays, needs, nin, ndim, shape);
	tell(s, STEP_NEW, NULL, why_new(s, u, made));
	value = &made->value;
done:
	for (int i = 0; i < n; i++)
		value_release(&op[i].array->value);
	return value;
}

const struct ufunc *ufunc_of_operator(uint32_t op)
{
	static const struct {
		uint32_t op;
		struct ufunc ufunc;
	} operators[] = {
		{ '+', { "add", RULE_ARITHMETIC, true, true, "+" } },
		{ '-', { "subtract", RULE_SUBTRACT, false, true, "-" } },
		{ '*', { "multiply", RULE_ARITHMETIC, true, true, "*" } },
		{ '/', { "divide", RULE_DIVIDE, false, true, "/" } },
		{ OP2('/', '/'), { "floor_divide", RULE_FLOOR, false, true, "//" } },
		{ '%', { "remainder", RULE_FLOOR, false, false, "%" } },
		{ OP2('*', '*'), { "power", RULE_POWER, false, true, "**" } },
		{ '&', { "bitwise_and", RULE_BITS, true, true, "&" } },
		{ '|', { "bitwise_or", RULE_BITS, true, true, "|" } },
		{ '^', { "bitwise_xor", RULE_BITS, true, true, "^" } },
		{ OP2('<', '<'), { "left_shift", RULE_SHIFT, false, true, "<<" } },
		{ OP2('>', '>'), { "right_shift", RULE_SHIFT, false, true, ">>" } },
		{ '<', { "less", RULE_COMPARE, false, false, "<" } },
		{ '>', { "greater", RULE_COMPARE, false, false, ">" } },
		{ OP2('<', '='), { "less_equal", RULE_COMPARE, false, false, "<=" } },
		{ OP2('>', '='), { "greater_equal", RULE_COMPARE, false, false, ">=" } },
		{ OP2('=', '='), { "equal", RULE_COMPARE, false, false, "==" } },
		{ OP2('!', '='), { "not_equal", RULE_COMPARE, false, false, "!=" } },
	};

	for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++)
		if (operators[i].op == op)
			return &operators[i].ufunc;
	return NULL;
}
