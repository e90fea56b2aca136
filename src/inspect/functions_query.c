/* SPDX-License-Identifier: MIT */
/* Questions: do two arrays share memory, and with which element as the witness; and Python's own print, len, range, ... */

#include "inspect/calls.h"

#include "nd/overlap.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_WORK = 1000000, MOST_TEXT = 2000 };

static const char *index_text(struct session *s, int ndim, const ptrdiff_t *index)
{
	struct text text = { 0 };
	for (int k = 0; k < ndim; k++)
		text_addf(&text, "%s%td", k ? ", " : "", index[k]);
	const char *out = arena_text(&s->results, text_string(&text), text.length);
	text_release(&text);
	return out;
}

/* The first stretches of bytes that an array has: "0-31, 64-95, ...". */
static const char *runs_text(struct session *s, const struct nd_geom *geom)
{
	enum { MOST_ROWS = 4 };
	struct text text = { 0 };
	ptrdiff_t index[ND_GEOM_MAXDIMS] = { 0 }, size = nd_geom_size(geom), start = 0, end = 0;
	int rows = 0;

	for (ptrdiff_t n = 0; n < size && n < 100000; n++) {
		ptrdiff_t at = nd_geom_at(geom, index);
		if (n == 0) {
			start = at;
		} else if (at != end) {
			text_addf(&text, "%s%td-%td", rows ? ", " : "", start, end - 1);
			if (++rows == MOST_ROWS)
				break;
			start = at;
		}
		end = at + geom->itemsize;
		for (int k = geom->ndim - 1; k >= 0; k--) {
			if (++index[k] < geom->shape[k])
				break;
			index[k] = 0;
		}
	}
	if (rows < MOST_ROWS)
		text_addf(&text, "%s%td-%td", rows ? ", " : "", start, end - 1);
	else
		text_add(&text, ", ...");
	const char *out = arena_text(&s->results, text_string(&text), text.length);
	text_release(&text);
	return out;
}

/* Why bounds that overlap need not meet: the common step of all strides. */
static const char *why_apart(struct session *s, const struct array *a, const struct array *b, const char *name_a, const char *name_b)
{
	ptrdiff_t step = 0, low_a, high_a, low_b, high_b;
	const struct array *arrays[] = { a, b };

	for (int i = 0; i < 2; i++)
		for (int k = 0; k < arrays[i]->geom->ndim; k++) {
			ptrdiff_t stride = arrays[i]->geom->strides[k], rest = step;
			if (arrays[i]->geom->shape[k] <= 1)
				continue;
			stride = stride < 0 ? -stride : stride;
			while (stride) {
				ptrdiff_t next = rest % stride;
				rest = stride;
				stride = next;
			}
			step = rest;
		}
	nd_geom_extent(a->geom, &low_a, &high_a);
	nd_geom_extent(b->geom, &low_b, &high_b);
	if (low_a == high_a || low_b == high_b)
		return "one of them has no elements: there is no byte to share";
	if (high_a <= low_b || high_b <= low_a)
		return say(s, "%s has bytes %td to %td of the buffer, %s %td to %td: apart", name_a, low_a, high_a - 1, name_b, low_b, high_b - 1);
	ptrdiff_t apart = step > 1 ? ((b->geom->offset - a->geom->offset) % step + step) % step : 0;
	if (step > 1 && apart >= a->geom->itemsize && step - apart >= b->geom->itemsize)
		return say(s, "all strides are multiples of %td, and %s begins %td B after such a multiple from %s: elements of %td B never reach the other's", step, name_b, apart, name_a,
		           a->geom->itemsize > b->geom->itemsize ? a->geom->itemsize : b->geom->itemsize);
	return say(s, "%s has bytes %s, %s %s of the buffer", name_a, runs_text(s, a->geom), name_b, runs_text(s, b->geom));
}

static struct value *shares_memory(struct call *c)
{
	struct session *s = c->s;
	struct array *a = arg_array(c, 0), *b = a ? arg_array(c, 1) : NULL;
	struct value *value = NULL;
	struct nd_witness witness;
	bool may = c->builtin->code == 'm';
	const char *before = s->witness;

	if (!b)
		goto done;
	const char *name_a = arg_text(c, 0), *name_b = arg_text(c, 1);
	if (a->buffer != b->buffer) {
		s->witness = say(s, "%s and %s lie in two buffers: no byte is in both", name_a, name_b);
		tell(s, STEP_SCALAR, NULL, s->witness);
		value = value_bool(s, false);
	} else if (may) {
		bool overlap = nd_geom_may_share_memory(a->geom, b->geom);
		enum nd_shares exact = nd_geom_shares_memory(a->geom, b->geom, MOST_WORK, NULL);
		s->witness = !overlap ? why_apart(s, a, b, name_a, name_b)
		             : exact == ND_SHARES_NO ? say(s, "may_share_memory looks at bounds alone, and these overlap; yet no byte is in both: %s", why_apart(s, a, b, name_a, name_b))
		                                     : "their bounds overlap, and that is all that may_share_memory looks at";
		tell(s, STEP_SCALAR, NULL, s->witness);
		value = value_bool(s, overlap);
	} else {
		enum nd_shares shares = nd_geom_shares_memory(a->geom, b->geom, MOST_WORK, &witness);
		if (shares == ND_SHARES_YES) {
			const char *at_a = index_text(s, a->geom->ndim, witness.a_index), *at_b = index_text(s, b->geom->ndim, witness.b_index);
			s->witness = say(s, "%s[%s] and %s[%s] are the same byte, %td from the buffer's start", name_a, at_a, name_b, at_b, witness.byte);
		} else if (shares == ND_SHARES_NO) {
			s->witness = why_apart(s, a, b, name_a, name_b);
		} else {
			s->witness = say(s, "too hard: more than %d possibilities were tried", MOST_WORK);
		}
		tell(s, STEP_SCALAR, NULL, s->witness);
		value = shares == ND_SHARES_TOO_HARD ? value_unsure_bool(s) : value_bool(s, shares == ND_SHARES_YES);
	}
	if (before && strlen(before) < 1000)
		s->witness = say(s, "%s; %s", before, s->witness);
done:
	if (b)
		value_release(&b->value);
	if (a)
		value_release(&a->value);
	return value;
}

/* ---- Python's own ---- */

static void add_printed(struct session *s, const char *text, size_t length)
{
	const char **printed = session_more((void *)s->result.printed, s->result.nprinted, &s->printed_room, sizeof *printed);
	if (!printed)
		return;
	s->result.printed = printed;
	/* One line; control characters would act on a terminal. */
	char *line = arena_text(&s->results, text, length < MOST_TEXT ? length : MOST_TEXT);
	for (char *at = line; at && *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = ' ';
	printed[s->result.nprinted++] = line;
}

static struct value *print(struct call *c)
{
	struct session *s = c->s;
	struct text text = { 0 };
	const struct value *items = c->arg[0];

	for (size_t i = 0; i < items->seq.count && text.length < MOST_TEXT; i++) {
		if (i > 0)
			text_add(&text, " ");
		value_print(items->seq.item[i], &text);
	}
	if (!s->hidden)
		add_printed(s, text_string(&text), text.length);
	text_release(&text);
	return value_none(s);
}

static struct value *len(struct call *c)
{
	struct value *value = c->arg[0];

	if (value->kind == VALUE_TUPLE || value->kind == VALUE_LIST)
		return value_int(c->s, (int64_t)value->seq.count);
	if (value->kind == VALUE_STR && value->certain)
		return value_int(c->s, (int64_t)value->str.length);
	if (value->kind == VALUE_ARRAY && as_array(value)->geom->ndim > 0) {
		struct value *n = value_int(c->s, as_array(value)->geom->shape[0]);
		if (n)
			n->certain = !(as_array(value)->at_most & 1);
		return n;
	}
	return raise_at(c->s, c->arg_node[0], "TypeError", value->kind == VALUE_ARRAY ? "len() of an array without axes" : "len() is not for %s", value_words(value));
}

static struct value *type(struct call *c)
{
	static const char *const names[] = {
		[VALUE_NONE] = "NoneType", [VALUE_BOOL] = "bool", [VALUE_INT] = "int", [VALUE_FLOAT] = "float", [VALUE_COMPLEX] = "complex", [VALUE_STR] = "str", [VALUE_TUPLE] = "tuple",
		[VALUE_LIST] = "list", [VALUE_SLICE] = "slice", [VALUE_ARRAY] = "numpy.ndarray", [VALUE_MODULE] = "module", [VALUE_UNKNOWN] = NULL,
	};
	const struct value *x = c->arg[0];
	struct text text = { 0 };
	if (x && x->kind == VALUE_SCALAR)
		text_addf(&text, "<class 'numpy.%s%s'>", dtype_name(x->dtype), x->dtype == DT_BOOL ? "_" : "");
	else if (x && names[x->kind])
		text_addf(&text, "<class '%s'>", names[x->kind]);
	struct value *value = value_str(c->s, text_string(&text), text.length);
	/* It prints as this, but it is no string. */
	if (value)
		value->certain = false;
	text_release(&text);
	return value;
}

/* str(x), repr(x) */
static struct value *as_text(struct call *c)
{
	struct text text = { 0 };
	bool is_known = !c->arg[0] || (value_print(c->arg[0], &text) && (!c->builtin->code || c->arg[0]->kind != VALUE_STR));
	struct value *value = value_str(c->s, text_string(&text), text.length);
	if (value)
		value->certain = is_known;
	text_release(&text);
	return value;
}

/* object(), bytes(): mostly they are named as types. */
static struct value *opaque(struct call *c)
{
	return unfollowed_at(c->s, c->node, "%s() is not followed", c->builtin->name);
}

/* range(n), as a list: enough for list(range(n)) and np.array(range(n)). */
static struct value *range(struct call *c)
{
	enum { MOST = 100000 };
	ptrdiff_t start = 0, stop, step = 1;

	if (!arg_size(c, 0, &stop))
		return NULL;
	if (c->arg[1]) {
		start = stop;
		if (!arg_size(c, 1, &stop))
			return NULL;
	}
	if (c->arg[2] && !arg_size(c, 2, &step))
		return NULL;
	if (step == 0)
		return raise_at(c->s, c->node, "ValueError", "range() cannot step by 0");
	ptrdiff_t n = step > 0 ? (stop > start ? (stop - start - 1) / step + 1 : 0) : (start > stop ? (start - stop - 1) / -step + 1 : 0);
	if (n > MOST)
		return unfollowed_at(c->s, c->node, "a range of more than %d numbers is not followed", MOST);
	struct value **items = malloc((size_t)(n + 1) * sizeof *items);
	if (!items)
		return no_memory(c->s);
	for (ptrdiff_t i = 0; i < n; i++)
		items[i] = value_int(c->s, start + i * step);
	struct value *list = value_sequence(c->s, VALUE_LIST, items, (size_t)n);
	free(items);
	return list;
}

static struct value *as_sequence(struct call *c)
{
	struct value *value = c->arg[0];
	enum value_kind kind = c->builtin->code ? VALUE_TUPLE : VALUE_LIST;

	if (!value)
		return value_sequence(c->s, kind, NULL, 0);
	if (value->kind != VALUE_TUPLE && value->kind != VALUE_LIST)
		return unfollowed_at(c->s, c->node, "%s() of %s is not followed", c->builtin->name, value_words(value));
	for (size_t i = 0; i < value->seq.count; i++)
		value_ref(value->seq.item[i]);
	return value_sequence(c->s, kind, value->seq.item, value->seq.count);
}

/* id(a), hash, ...: a number that says nothing here. */
static struct value *some_number(struct call *c)
{
	struct value *value = value_int(c->s, INT64_MAX);
	if (value)
		value->certain = false;
	return value;
}

static struct value *slice(struct call *c)
{
	struct value *value = value_new(c->s, VALUE_SLICE);
	if (!value)
		return NULL;
	struct value *first = c->arg[0]->kind == VALUE_NONE ? NULL : c->arg[0];
	/* slice(1, None) is not slice(1). */
	if (!c->arg_node[1]) {
		value->slice.stop = value_ref(first);
	} else {
		value->slice.start = value_ref(first);
		value->slice.stop = value_ref(c->arg[1]);
		value->slice.step = value_ref(c->arg[2]);
	}
	return value;
}

/* np.shape(a), np.ndim(a), np.size(a, axis) */
static struct value *ask(struct call *c)
{
	struct array *a = arg_array(c, 0);
	struct value *value = NULL;
	int axis;

	if (!a)
		return NULL;
	/* Extents that depend on data are as uncertain as in a.shape and a.size. */
	if (c->builtin->code == 's') {
		value = value_tuple_of_sizes(c->s, a->geom->ndim, a->geom->shape);
		for (int k = 0; value && k < a->geom->ndim; k++)
			value->seq.item[k]->certain = !(a->at_most >> k & 1);
	} else if (c->builtin->code == 'd') {
		value = value_int(c->s, a->geom->ndim);
	} else if (!c->arg[1]) {
		value = value_int(c->s, nd_geom_size(a->geom));
		if (value)
			value->certain = a->at_most == 0;
	} else if (arg_axis(c, 1, a->geom->ndim, 0, &axis)) {
		value = value_int(c->s, a->geom->shape[axis]);
		if (value)
			value->certain = !(a->at_most >> axis & 1);
	}
	value_release(&a->value);
	return value;
}

/* a.tolist(), a.item(), np.allclose(a, b): answers that depend on data and cost what they cost. */
static struct value *depends(struct call *c)
{
	if (c->builtin->code == 'b')
		return value_unsure_bool(c->s);
	if (c->arg[0]->kind == VALUE_ARRAY && c->builtin->code == 'i')
		return value_scalar(c->s, as_array(c->arg[0])->dtype);
	return unfollowed_at(c->s, c->node, "%s() is not followed", c->builtin->name);
}

static struct value *fill_in(struct call *c)
{
	struct array *a = as_array(c->arg[0]);
	if (c->arg[0]->kind != VALUE_ARRAY)
		return raise_at(c->s, c->node, "TypeError", "fill() is for arrays");
	if (!a->writeable)
		return raise_at(c->s, c->node, "ValueError", "the array is read-only");
	if (c->arg[1]->kind == VALUE_COMPLEX && !dtype_is_complex(a->dtype) && a->dtype != DT_BOOL)
		return raise_at(c->s, c->arg_node[1], "TypeError", "a complex number cannot be put into an array of %s", dtype_name(a->dtype));
	a->buffer->known = false;
	tell(c->s, STEP_INPLACE, arg_text(c, 0), "the elements are written into bytes that are there");
	return value_none(c->s);
}

static struct value *copyto(struct call *c)
{
	if (c->arg[0]->kind != VALUE_ARRAY)
		return raise_at(c->s, c->node, "TypeError", "copyto() writes into an array");
	const struct value *value = c->arg[1];
	enum dtype from = value->kind == VALUE_INT ? DT_PYINT : value->kind == VALUE_FLOAT ? DT_PYFLOAT : value->kind == VALUE_COMPLEX ? DT_PYCOMPLEX : DT_NONE;
	if (from == DT_NONE) {
		struct array *source = arg_array(c, 1);
		if (!source)
			return NULL;
		from = source->dtype;
		value_release(&source->value);
	}
	if (as_array(c->arg[0])->writeable && !arg_casting(c, 2, "same_kind", from, as_array(c->arg[0])->dtype))
		return NULL;
	struct value *all = value_new(c->s, VALUE_ELLIPSIS);
	if (!all)
		return NULL;
	bool ok = subscript_set(c->s, c->node, c->arg[0], all, c->arg[1], c->arg_node[1]);
	value_release(all);
	return ok ? value_none(c->s) : NULL;
}

static struct value *setflags(struct call *c)
{
	if (c->arg[0]->kind == VALUE_ARRAY && c->arg[1] && !set_writeable(c->s, c->node, as_array(c->arg[0]), arg_bool(c, 1, true)))
		return NULL;
	return value_none(c->s);
}

const struct builtin functions_query[] = {
	{ "shares_memory", IN_NUMPY, "a b max_work?", shares_memory, 0 },
	{ "may_share_memory", IN_NUMPY, "a b max_work?", shares_memory, 'm' },
	{ "print", IN_PYTHON, "*values sep? end? file? flush?", print, 0 },
	{ "len", IN_PYTHON, "x", len, 0 },
	{ "type", IN_PYTHON, "x", type, 0 },
	{ "str", IN_PYTHON, "object? encoding? errors?", as_text, 0 },
	{ "repr", IN_PYTHON, "x", as_text, 1 },
	{ "object", IN_PYTHON, "", opaque, 0 },
	{ "bytes", IN_PYTHON, "source? encoding? errors?", opaque, 0 },
	{ "range", IN_PYTHON, "start stop? step?", range, 0 },
	{ "list", IN_PYTHON, "x?", as_sequence, 0 },
	{ "tuple", IN_PYTHON, "x?", as_sequence, 1 },
	{ "id", IN_PYTHON, "x", some_number, 0 },
	{ "slice", IN_PYTHON, "start stop? step?", slice, 0 },
	{ "shape", IN_NUMPY, "a", ask, 's' },
	{ "ndim", IN_NUMPY, "a", ask, 'd' },
	{ "size", IN_NUMPY, "a axis?", ask, 'n' },
	{ "allclose", IN_NUMPY, "a b rtol? atol? equal_nan?", depends, 'b' },
	{ "array_equal", IN_NUMPY, "a1 a2 equal_nan?", depends, 'b' },
	{ "item", METHOD, "a *args", depends, 'i' },
	{ "tolist", METHOD, "a", depends, 0 },
	{ "fill", METHOD, "a value", fill_in, 0 },
	{ "copyto", IN_NUMPY, "dst src casting? where?", copyto, 0 },
	{ "setflags", METHOD, "a write? align? uic?", setflags, 0 },
	{ NULL, 0, NULL, NULL, 0 },
};
