/* SPDX-License-Identifier: MIT */
/* Finding a function by its name, and binding its arguments as Python does. */

#include "inspect/calls.h"

#include <stdlib.h>
#include <string.h>

/* Slots of a hash table of all rows: a power of two, and a good deal more than there are. */
enum { SLOTS = 1024, MOST_ROWS = SLOTS / 2 };

static const struct builtin *const tables[] = { functions_make, functions_shape, functions_view, functions_join, functions_select, functions_reduce, functions_ufunc, functions_query, functions_python };
enum { TABLES = sizeof tables / sizeof tables[0] };

/* Rows of one name are found in the order of the tables. */
static const struct builtin *slot[SLOTS];

static void fill_slots(void)
{
	size_t rows = 0;

	for (size_t t = 0; t < TABLES; t++)
		for (const struct builtin *row = tables[t]; row->name && rows < MOST_ROWS; row++, rows++) {
			size_t at = name_hash(row->name, strlen(row->name)) % SLOTS;
			while (slot[at])
				at = (at + 1) % SLOTS;
			slot[at] = row;
		}
}

const struct builtin *builtin_find(const char *name, size_t length, unsigned where)
{
	static bool is_filled;

	if (!is_filled)
		fill_slots();
	is_filled = true;
	for (size_t at = name_hash(name, length) % SLOTS; slot[at]; at = (at + 1) % SLOTS)
		if ((slot[at]->where & where) && strncmp(slot[at]->name, name, length) == 0 && slot[at]->name[length] == '\0')
			return slot[at];
	return NULL;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *builtin_nearest(const char *name, size_t length, unsigned where)
{
	const char *names[MOST_ROWS];
	char word[64];
	size_t n = 0;

	if (length >= sizeof word)
		return NULL;
	memcpy(word, name, length);
	word[length] = '\0';
	for (size_t t = 0; t < TABLES; t++)
		for (const struct builtin *row = tables[t]; row->name && n < MOST_ROWS; row++)
			if ((row->where & where) && row->name[0] != '_')
				names[n++] = row->name;
	/* Of two that are as near, the first by name. */
	qsort(names, n, sizeof names[0], by_name);
	return text_nearest(word, names, n);
}

/* ---- binding ---- */

struct param {
	const char *name; /* in the table's text */
	size_t length;
	bool optional, star, keyword_only;
};

static int read_params(const char *params, struct param *out)
{
	bool keyword_only = false;
	int n = 0;

	while (*params && n < CALL_MOST) {
		struct param *param = &out[n];
		if (*params == '|') {
			keyword_only = true;
			params += 2;
			continue;
		}
		n++;
		param->keyword_only = keyword_only;
		param->star = *params == '*';
		param->name = params += param->star;
		while (*params && *params != ' ' && *params != '?')
			params++;
		param->length = (size_t)(params - param->name);
		param->optional = *params == '?';
		params += param->optional;
		while (*params == ' ')
			params++;
	}
	return n;
}

static bool is_named(const struct param *param, const char *name, size_t length)
{
	return param->length == length && memcmp(param->name, name, length) == 0;
}

int arg_named(const struct call *c, const char *name)
{
	struct param own[CALL_MOST];
	const struct param *params = c->params ? c->params : own;
	const int n = c->params ? c->nparams : read_params(c->builtin->params, own);
	const size_t length = strlen(name);

	for (int i = 0; i < n; i++)
		if (is_named(&params[i], name, length))
			return i;
	return CALL_MOST;
}

bool call_has_unknown(const struct call *c)
{
	for (int i = 0; i < CALL_MOST; i++) {
		const struct value *value = c->arg[i];
		if (!value)
			continue;
		if (value->kind == VALUE_UNKNOWN)
			return true;
		if (value->kind == VALUE_TUPLE || value->kind == VALUE_LIST)
			for (size_t k = 0; k < value->seq.count && k < 1000; k++)
				if (value->seq.item[k]->kind == VALUE_UNKNOWN)
					return true;
	}
	return false;
}

struct argument {
	struct value *value;
	const struct node *node;
	const struct node *keyword; /* NULL: positional */
};

/* All of a call's arguments, evaluated, stars taken apart. Returns how many, or -1. */
static int evaluate_arguments(struct session *s, const struct node *node, struct argument *out, int room, bool *out_unfollowed)
{
	int n = 0;

	for (const struct node *argument = node->b; argument; argument = argument->next) {
		const struct node *expression = argument->kind == NODE_KEYWORD || argument->kind == NODE_STAR ? argument->a : argument;
		struct value *value = evaluate(s, expression);
		if (!value)
			goto failed;
		if (argument->kind == NODE_STAR) {
			if (argument->op != '*' || (value->kind != VALUE_TUPLE && value->kind != VALUE_LIST)) {
				value_release(value);
				*out_unfollowed = true;
				value_release(unfollowed_at(s, argument, "arguments behind a star are followed only from a tuple or a list"));
				continue;
			}
			for (size_t i = 0; i < value->seq.count && n < room; i++)
				out[n++] = (struct argument){ .value = value_ref(value->seq.item[i]), .node = argument->a };
			value_release(value);
			continue;
		}
		if (n == room) {
			value_release(value);
			raise_at(s, argument, "TypeError", "more than %d arguments", room);
			goto failed;
		}
		out[n++] = (struct argument){ .value = value, .node = expression, .keyword = argument->kind == NODE_KEYWORD ? argument : NULL };
	}
	return n;
failed:
	while (n > 0)
		value_release(out[--n].value);
	return -1;
}

/* The same under the name that it has in another version. */
static int find_alias(const struct param *params, int first, int nparams, const char *name, size_t length)
{
	static const struct {
		const char *name, *other;
	} aliases[] = { { "shape", "newshape" }, { "newshape", "shape" }, { "a_min", "min" }, { "a_max", "max" } };

	for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
		for (int k = first; k < nparams && strlen(aliases[i].name) == length && memcmp(aliases[i].name, name, length) == 0; k++)
			if (is_named(&params[k], aliases[i].other, strlen(aliases[i].other)))
				return k;
	return -1;
}

/* Every ufunc takes what NumPy's machinery of ufuncs takes. */
static bool is_ufunc(const struct builtin *builtin)
{
	for (const struct builtin *row = functions_ufunc; row->name; row++)
		if (row == builtin)
			return strstr(builtin->params, "where?") != NULL;
	return false;
}

static bool is_idle_of_ufunc(const char *name, size_t length)
{
	static const char *const idle[] = { "where", "casting", "order", "subok", "signature", "extobj" };

	for (size_t i = 0; i < sizeof idle / sizeof idle[0]; i++)
		if (strlen(idle[i]) == length && memcmp(idle[i], name, length) == 0)
			return true;
	return false;
}

void *raise_in_one_list(struct call *c)
{
	return raise_at(c->s, c->node, "TypeError", "%s() takes its arrays in one list: np.%s([a, b])", c->builtin->name, c->builtin->name);
}

static bool bind(struct call *c, const struct param *params, int nparams, struct argument *arguments, int n, int first, struct value **star_items, size_t *out_nstar, int *out_star)
{
	struct session *s = c->s;
	int position = first, npositional = nparams;
	size_t nstar = 0;

	while (npositional > 0 && params[npositional - 1].keyword_only)
		npositional--;
	*out_star = -1;
	for (int i = 0; i < nparams; i++)
		if (params[i].star)
			*out_star = i;
	for (int i = 0; i < n; i++) {
		struct argument *argument = &arguments[i];
		int at = -1;
		if (!argument->keyword) {
			if (position < nparams && params[position].star) {
				if (nstar == 0)
					c->arg_node[position] = argument->node;
				star_items[nstar++] = argument->value;
				continue;
			}
			at = position++;
			if (at >= npositional && first < nparams && (is_named(&params[first], "tup", 3) || is_named(&params[first], "arrays", 6)))
				return raise_in_one_list(c), false;
			if (at >= npositional)
				return raise_at(s, argument->node, "TypeError", "%s() takes at most %d argument%s without a name", c->builtin->name, npositional - first, npositional - first == 1 ? "" : "s"), false;
		} else {
			const char *name = s->text + argument->keyword->name_start;
			size_t length = argument->keyword->name_end - argument->keyword->name_start;
			for (int k = first; k < nparams; k++)
				if (is_named(&params[k], name, length))
					at = k;
			if (at < 0)
				at = find_alias(params, first, nparams, name, length);
			if (at < 0 && is_ufunc(c->builtin) && is_idle_of_ufunc(name, length))
				continue;
			if (at < 0)
				return raise_at(s, argument->keyword, "TypeError", "%s() has no argument '%.*s'", c->builtin->name, (int)(length < 60 ? length : 60), name), false;
		}
		if (c->arg[at])
			return raise_at(s, argument->node, "TypeError", "%s() got its argument '%.*s' twice", c->builtin->name, (int)params[at].length, params[at].name), false;
		c->arg[at] = argument->value;
		c->arg_node[at] = argument->node;
	}
	*out_nstar = nstar;
	for (int i = first; i < nparams; i++)
		if (!c->arg[i] && !params[i].optional && !params[i].star)
			return raise_at(s, c->node, "TypeError", "%s() needs its argument '%.*s'", c->builtin->name, (int)params[i].length, params[i].name), false;
	return true;
}

static bool is_python_call(struct session *s, const struct node *node, const struct argument *arguments, int n, struct value **out)
{
	enum { FEW = 16 };
	struct value *values[FEW];

	if (n > FEW)
		return false;
	for (int i = 0; i < n; i++) {
		if (arguments[i].keyword)
			return false;
		values[i] = arguments[i].value;
	}
	return python_call(s, node, values, n, out);
}

/* A list with a string in it: an array of strings, a structured type. */
static bool has_string(const struct value *value)
{
	for (size_t i = 0; value_is_sequence(value) && i < value->seq.count; i++)
		if (value->seq.item[i]->kind == VALUE_STR || has_string(value->seq.item[i]))
			return true;
	return false;
}

/* A type that NumPy has and that is none of those that are followed. */
static bool is_foreign_dtype(const struct value *value)
{
	static const char *const words[] = { "object", "object_", "str", "str_", "bytes", "bytes_", "void", "datetime64", "timedelta64", "longdouble", "clongdouble", "float128", "complex256", "S", "U", "V", "O", "M", "m", "g", "G", "a" };

	if (value_is_sequence(value))
		return true;
	if (value->kind == VALUE_FUNCTION)
		return strcmp(value->function.builtin->name, "object") == 0 || strcmp(value->function.builtin->name, "str") == 0 || strcmp(value->function.builtin->name, "bytes") == 0;
	if (value->kind != VALUE_STR || dtype_parse(value->str.text, value->str.length) != DT_NONE)
		return false;
	const char *word = value->str.text;
	if (strchr(word, ','))
		return true;
	if (*word == '>' && dtype_parse(word + 1, value->str.length - 1) != DT_NONE)
		return true;
	word += *word != '\0' && strchr("<>=|", *word) != NULL;
	/* "S3", "M8[s]" and "f16" are the words with how long they are. */
	const size_t length = strcspn(word, "0123456789["), rest = strspn(word + length, "0123456789");
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp(word, words[i]) == 0 || (strncmp(word, words[i], length) == 0 && words[i][length] == '\0' && (word[length + rest] == '\0' || word[length + rest] == '[')))
			return true;
	return strcmp(word, "f16") == 0 || strcmp(word, "c32") == 0 || strncmp(word, "datetime64[", 11) == 0 || strncmp(word, "timedelta64[", 12) == 0;
}

/* An array where a shape is given, whose elements are not kept. starred: a.reshape(array), whose arguments are a tuple. */
static bool is_shape_of_data(const struct value *value, bool starred)
{
	if (starred && value_is_sequence(value) && value->seq.count == 1)
		value = value->seq.item[0];
	return value->kind == VALUE_ARRAY && dtype_is_integer(((const struct array *)value)->dtype);
}

/* Arguments that NumPy takes and that are not known here: why; NULL: there are none. */
static const char *gap_of(const struct call *c)
{
	static const char *const shapes[] = { "shape", "newshape", "size" };
	const struct value *dtype = c->arg[arg_named(c, "dtype")];

	if (c->builtin->where & IN_PYTHON)
		return NULL;
	if (dtype && is_foreign_dtype(dtype))
		return "data types other than bool, int8 to int64, uint8 to uint64, float16 to float64, complex64 and complex128 are not followed";
	for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
		const struct value *shape = c->arg[arg_named(c, shapes[i])];
		if (shape && is_shape_of_data(shape, strchr(c->builtin->params, '*')))
			return "a shape in an array is not followed";
	}
	for (int i = 0; i < CALL_MOST; i++)
		if (c->arg[i] && has_string(c->arg[i]))
			return "a list with strings in it is not followed";
	if (is_ufunc(c->builtin)) {
		const struct value *casting = c->arg[arg_named(c, "casting")], *out = c->arg[arg_named(c, "out")];
		const char *word = casting && casting->kind == VALUE_STR ? casting->str.text : "same_kind";
		/* What goes in is cast safely in any case. */
		if (strcmp(word, "same_kind") != 0 && !(strcmp(word, "unsafe") == 0 && !out))
			return "another casting= than 'same_kind' is not followed in ufuncs";
	}
	return NULL;
}

struct value *call_builtin(struct session *s, const struct node *node, const struct builtin *builtin, struct value *self, const struct node *self_node)
{
	enum { ROOM = 64 };
	/* A generator's methods know nothing of it. */
	if (self && self->kind == VALUE_GENERATOR)
		self = NULL;
	struct call call = { .s = s, .node = node, .builtin = builtin, .method = self != NULL };
	struct param params[CALL_MOST];
	struct argument arguments[ROOM];
	struct value *star_items[ROOM], *star = NULL, *result = NULL;
	size_t nstar = 0;
	int nparams = read_params(builtin->params, params), star_at, n, first = self ? 1 : 0;
	call.params = params;
	call.nparams = nparams;
	bool unfollowed = false;

	n = evaluate_arguments(s, node, arguments, ROOM, &unfollowed);
	if (n < 0)
		return NULL;
	s->at = node;
	s->tale = (struct tale){ 0 };
	if (self) {
		call.arg[0] = self;
		call.arg_node[0] = self_node;
	}
	if (unfollowed) {
		result = value_unknown(s);
	} else if (!self && is_python_call(s, node, arguments, n, &result)) {
		/* Its result is there. */
	} else if (bind(&call, params, nparams, arguments, n, first, star_items, &nstar, &star_at)) {
		if (star_at >= 0 && (nstar > 0 || !call.arg[star_at])) {
			for (size_t i = 0; i < nstar; i++)
				value_ref(star_items[i]);
			/* reshape(2, 3) and reshape((2, 3)) are the same: one sequence stands for all. */
			if (nstar == 1 && (star_items[0]->kind == VALUE_TUPLE || star_items[0]->kind == VALUE_LIST || star_items[0]->kind == VALUE_NONE) && strcmp(builtin->name, "print") != 0 && (builtin->where & METHOD)) {
				star = star_items[0];
			} else {
				star = value_sequence(s, VALUE_TUPLE, star_items, nstar);
			}
			call.arg[star_at] = star;
		}
		if (builtin->where != IN_PYTHON || strcmp(builtin->name, "print") != 0) {
			/* None is as if it were not given, where that may be. */
			for (int i = first; i < nparams; i++)
				if (call.arg[i] && call.arg[i]->kind == VALUE_NONE && (params[i].optional || params[i].star))
					call.arg[i] = NULL;
		}
		if (s->failed)
			result = NULL;
		else if ((star && star->kind == VALUE_UNKNOWN) || (call_has_unknown(&call) && strcmp(builtin->name, "print") != 0))
			result = value_unknown(s);
		else if (gap_of(&call))
			result = unfollowed_at(s, node, "%s", gap_of(&call));
		else
			result = builtin->call(&call);
	}
	value_release(star);
	for (int i = 0; i < n; i++)
		value_release(arguments[i].value);
	return result;
}

/* ---- arguments ---- */

const char *operand_text(struct session *s, const struct node *node)
{
	return node ? node_text(s, node) : "an unnamed array";
}

const char *arg_text(struct call *c, int i)
{
	return operand_text(c->s, c->arg_node[i]);
}

void tell(struct session *s, enum step_kind kind, const char *of, const char *why)
{
	s->tale.kind = kind;
	s->tale.of = of;
	s->tale.why = why;
}

struct array *arg_array(struct call *c, int i)
{
	return to_array(c->s, c->arg[i], c->arg_node[i]);
}

bool to_size(struct session *s, const struct value *value, const struct node *node, ptrdiff_t *out_size)
{
	if (value && value->kind == VALUE_UNKNOWN)
		return false;
	if (value && value->kind == VALUE_SCALAR && value_is_number(value)) {
		value_release(unfollowed_at(s, node ? node : s->at, "a size that depends on data is not followed here"));
		return false;
	}
	if (!value || (value->kind != VALUE_INT && value->kind != VALUE_BOOL))
		return raise_at(s, node, "TypeError", "%s stands where a whole number is needed", value ? value_words(value) : "nothing"), false;
	*out_size = value->integer;
	return true;
}

bool arg_size(struct call *c, int i, ptrdiff_t *out_size)
{
	return to_size(c->s, c->arg[i], c->arg_node[i], out_size);
}

bool to_sizes(struct session *s, const struct value *value, const struct node *node, int *out_count, ptrdiff_t *out_sizes)
{
	if (value->kind != VALUE_TUPLE && value->kind != VALUE_LIST) {
		*out_count = 1;
		return to_size(s, value, node, &out_sizes[0]);
	}
	if (value->seq.count > ND_GEOM_MAXDIMS)
		return raise_at(s, node, "ValueError", "%zu axes: NumPy 1 has at most %d", value->seq.count, ND_GEOM_MAXDIMS), false;
	*out_count = (int)value->seq.count;
	for (int k = 0; k < *out_count; k++)
		if (!to_size(s, value->seq.item[k], node, &out_sizes[k]))
			return false;
	return true;
}

bool arg_shape(struct call *c, int i, int *out_ndim, ptrdiff_t *out_shape, uint64_t *out_at_most)
{
	const struct value *value = c->arg[i];

	*out_at_most = 0;
	if (!value)
		return raise_at(c->s, c->node, "TypeError", "a shape is missing"), false;
	if (!to_sizes(c->s, value, c->arg_node[i], out_ndim, out_shape))
		return false;
	for (int k = 0; k < *out_ndim; k++) {
		const struct value *item = value->kind == VALUE_TUPLE || value->kind == VALUE_LIST ? value->seq.item[k] : value;
		if (!item->certain)
			*out_at_most |= UINT64_C(1) << k;
	}
	return true;
}

bool to_axis(struct session *s, const struct node *node, ptrdiff_t axis, int ndim, int *out_axis)
{
	if (axis < -ndim || axis >= ndim)
		return raise_at(s, node, "AxisError", "axis %td is out of bounds for an array with %d %s", axis, ndim, ndim == 1 ? "axis" : "axes"), false;
	*out_axis = (int)(axis < 0 ? axis + ndim : axis);
	return true;
}

bool arg_axis(struct call *c, int i, int ndim, int fallback, int *out_axis)
{
	ptrdiff_t axis = fallback;

	if (c->arg[i] && !arg_size(c, i, &axis))
		return false;
	return to_axis(c->s, c->arg_node[i], axis, ndim, out_axis);
}

bool arg_axis_or_first(struct call *c, int i, int ndim, int *out_axis)
{
	return arg_axis(c, i, ndim > 0 ? ndim : 1, 0, out_axis);
}

bool arg_axes_or_first(struct call *c, int i, int ndim, uint64_t *out_axes)
{
	const struct value *value = c->arg[i];

	*out_axes = 0;
	if (ndim == 0 && value && value->kind == VALUE_INT && (value->integer == 0 || value->integer == -1))
		return true;
	return arg_axes(c, i, ndim, out_axes);
}

bool arg_axes(struct call *c, int i, int ndim, uint64_t *out_axes)
{
	ptrdiff_t axes[ND_GEOM_MAXDIMS];
	int n, axis;

	*out_axes = 0;
	if (!c->arg[i]) {
		*out_axes = (UINT64_C(1) << ndim) - 1;
		return true;
	}
	if (!to_sizes(c->s, c->arg[i], c->arg_node[i], &n, axes))
		return false;
	for (int k = 0; k < n; k++) {
		if (!to_axis(c->s, c->arg_node[i], axes[k], ndim, &axis))
			return false;
		if (*out_axes >> axis & 1)
			return raise_at(c->s, c->arg_node[i], "ValueError", "axis %d twice", axis), false;
		*out_axes |= UINT64_C(1) << axis;
	}
	return true;
}

bool to_dtype(struct session *s, const struct value *value, const struct node *node, enum dtype *out_dtype)
{
	if (value->kind == VALUE_DTYPE) {
		*out_dtype = value->dtype;
		return true;
	}
	if (value->kind == VALUE_STR) {
		*out_dtype = dtype_parse(value->str.text, value->str.length);
		if (*out_dtype != DT_NONE)
			return true;
		return raise_at(s, node, "TypeError", "data type '%.40s' is not one of those that are followed: bool, int8 to int64, uint8 to uint64, float16 to float64, complex64, complex128", value->str.text), false;
	}
	return raise_at(s, node, "TypeError", "%s is no data type", value_words(value)), false;
}

bool arg_dtype(struct call *c, int i, enum dtype fallback, enum dtype *out_dtype)
{
	*out_dtype = fallback;
	return !c->arg[i] || to_dtype(c->s, c->arg[i], c->arg_node[i], out_dtype);
}

bool arg_bool(struct call *c, int i, bool fallback)
{
	const struct value *value = c->arg[i];
	if (!value || (value->kind != VALUE_BOOL && value->kind != VALUE_INT))
		return fallback;
	return value->integer != 0;
}

bool arg_order(struct call *c, int i, char fallback, char *out_order)
{
	const struct value *value = c->arg[i];

	*out_order = fallback;
	if (!value)
		return true;
	if (value->kind == VALUE_STR && value->str.length == 1 && strchr("CFAKcfak", value->str.text[0])) {
		*out_order = (char)(value->str.text[0] & ~0x20);
		return true;
	}
	return raise_at(c->s, c->arg_node[i], value->kind == VALUE_STR ? "ValueError" : "TypeError", "order must be one of 'C', 'F', 'A' and 'K'"), false;
}

bool arg_casting(struct call *c, int i, const char *fallback, enum dtype from, enum dtype to)
{
	static const char *const rules[] = { "no", "equiv", "safe", "same_kind", "unsafe" };
	const struct value *value = c->arg[i];
	const char *word = value && value->kind == VALUE_STR ? value->str.text : fallback;
	int rule = -1;

	for (int k = 0; k < (int)(sizeof rules / sizeof rules[0]); k++)
		if (strcmp(rules[k], word) == 0)
			rule = k;
	if (rule < 0)
		return raise_at(c->s, c->arg_node[i], "ValueError", "casting must be one of 'no', 'equiv', 'safe', 'same_kind' and 'unsafe'"), false;
	if (rule < 2 ? from == to : rule == 2 ? dtype_can_cast(from, to) : rule == 3 ? dtype_same_kind(from, to) : true)
		return true;
	return raise_at(c->s, c->node, "TypeError", "%s() with casting='%s' does not make %s of %s", c->builtin->name, word, dtype_name(to), dtype_name(dtype_strong(from))), false;
}
