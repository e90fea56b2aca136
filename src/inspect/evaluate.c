/* SPDX-License-Identifier: MIT */
/*
 * Expressions and simple statements, as CPython evaluates them: from left to right, each operand counted as one reference while it is needed.
 */
#include "inspect/calls.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- literals and names ---- */

/* A number in a format such as .2f or , : false where the format is another one, or the number is not known. */
static bool add_formatted(struct text *out, const struct value *value, const char *format, size_t length)
{
	bool is_fixed = length == 3 && format[0] == '.' && format[1] >= '0' && format[1] <= '9' && (format[2] == 'f' || format[2] == 'e');
	bool is_number = (value->kind == VALUE_FLOAT || value->kind == VALUE_INT) && value->certain;

	if (length == 0)
		return value_print(value, out);
	if (is_number && is_fixed) {
		text_addf(out, format[2] == 'f' ? "%.*f" : "%.*e", format[1] - '0', value->kind == VALUE_FLOAT ? value->real : (double)value->integer);
		return true;
	}
	if (is_number && value->kind == VALUE_INT && ((length == 1 && (*format == 'd' || *format == ','))) && value->integer > -1000 && value->integer < 1000) {
		text_addf(out, "%lld", (long long)value->integer);
		return true;
	}
	text_addf(out, "<%s>", value->kind == VALUE_SCALAR ? dtype_name(value->dtype) : value_words(value));
	return false;
}

/* Where the expression of a field ends: at the brace, the colon or the ! behind it, outside brackets and strings. */
static uint32_t field_end(const char *text, uint32_t at, uint32_t end)
{
	int depth = 0;
	char quote = '\0';

	for (; at < end; at++) {
		char c = text[at];
		if (quote != '\0') {
			quote = c == quote ? '\0' : quote;
		} else if (c == '"' || c == '\'') {
			quote = c;
		} else if (strchr("([{", c) && c) {
			depth++;
		} else if (depth > 0 && strchr(")]}", c) && c) {
			depth--;
		} else if (depth == 0 && (c == '}' || c == ':' || (c == '!' && at + 1 < end && text[at + 1] != '='))) {
			break;
		}
	}
	return at;
}

/* {expression!r:format} of an f-string, from behind its brace; *at ends at its closing one. False: an error was raised. */
static bool add_field(struct session *s, const struct node *part, uint32_t *at, uint32_t end, struct text *out, bool *known)
{
	uint32_t start = *at, stop = field_end(s->text, start, end), format, close, depth = 0;

	for (format = stop; format < end && s->text[format] != ':' && s->text[format] != '}'; format++)
		;
	for (close = format; close < end && (s->text[close] != '}' || depth > 0); close++)
		depth += s->text[close] == '{' ? 1 : s->text[close] == '}' ? -1u : 0;
	*at = close;
	uint32_t from = format < close ? format + 1 : close;
	const struct node *node = parse_between(&s->tree, s->text, start, stop, part->line);
	struct value *value = node ? evaluate(s, node) : NULL;
	if (value)
		*known = add_formatted(out, value, s->text + from, close - from) && *known;
	else if (!s->failed)
		text_add(out, "<?>");
	*known = *known && value;
	value_release(value);
	return !s->failed;
}

static struct value *string_value(struct session *s, const struct node *node)
{
	struct text text = { 0 };
	bool known = true;

	for (const struct node *part = node; part; part = part->a) {
		uint32_t at = part->start, end = part->end;
		bool raw = false, formatted = false;
		for (; s->text[at] != '"' && s->text[at] != '\''; at++) {
			raw = raw || s->text[at] == 'r' || s->text[at] == 'R';
			formatted = formatted || s->text[at] == 'f' || s->text[at] == 'F';
		}
		uint32_t quotes = end - at >= 6 && s->text[at + 1] == s->text[at] && s->text[at + 2] == s->text[at] ? 3 : 1;
		for (at += quotes, end -= quotes; at < end; at++) {
			char c = s->text[at];
			if (c == '\\' && !raw && at + 1 < end) {
				c = s->text[++at];
				if (c == '\n')
					continue;
				c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
			} else if (formatted && (c == '{' || c == '}') && at + 1 < end && s->text[at + 1] == c) {
				at++;
			} else if (formatted && c == '{') {
				at++;
				if (!add_field(s, part, &at, end, &text, &known)) {
					text_release(&text);
					return NULL;
				}
				continue;
			}
			text_addc(&text, c, 1);
		}
	}
	struct value *value = value_str(s, text_string(&text), text.length);
	if (value)
		value->certain = known;
	text_release(&text);
	return value;
}

static struct value *assumed(struct session *s, const char *name, size_t length)
{
	static const ptrdiff_t flat[] = { 12 };
	static const ptrdiff_t shape[] = { 3, 4 };
	struct nd_geom geom;
	struct array *made = array_new(s, DT_FLOAT64, 1, flat, LAYOUT_C), *view = NULL;

	if (made && nd_geom_reshape(made->geom, 2, shape, &geom) == ND_OK)
		view = array_view(s, made, &geom);
	if (!view)
		return NULL;
	made->buffer->input = true;
	made->statement = view->statement = -1;
	view->whole = true;
	/* It was there before the program: no statement has paid for it. */
	s->counted -= made->buffer->nbytes;
	s->allocated -= made->buffer->nbytes;
	s->step_allocated = 0;
	s->counted_peak = s->counted_peak > made->buffer->nbytes ? s->counted_peak - made->buffer->nbytes : 0;
	value_release(&made->value);
	struct name_entry *entry = names_set(s, name, length, &view->value);
	struct inspect_name *names = session_more((void *)s->result.assumed, s->result.nassumed, &s->assumed_room, sizeof *names);
	if (!entry || !names)
		return NULL;
	entry->assumed = true;
	s->result.assumed = names;
	names[s->result.nassumed++] = (struct inspect_name){ .name = entry->name, .array = describe_array(s, view) };
	return &view->value;
}

/* A name that is an array begins a chain of steps: it is told once in a statement. */
static void tell_name(struct session *s, const struct node *node, const struct name_entry *entry, bool is_assumed)
{
	if (s->hidden)
		return;
	for (size_t i = 0; i < s->steps.count && i < 8; i++) {
		const struct inspect_step *step = &s->steps.item[i];
		if (step->kind == STEP_SAME && step->of == entry->name)
			return;
	}
	s->tale = (struct tale){ .kind = STEP_SAME, .of = entry->name, .what = is_assumed ? "assumed" : "as it is" };
	step_add(s, node, node->start, entry->value);
}

static struct value *name_value(struct session *s, const struct node *node)
{
	const char *name = s->text + node->start;
	size_t length = node->end - node->start;
	struct name_entry *entry = names_find(&s->names, name, length);
	bool first = false;

	if (!entry || !entry->value) {
		struct value *value = NULL;
		if (length == 2 && memcmp(name, "np", 2) == 0)
			return value_module(s, "numpy");
		if (length == 5 && memcmp(name, "numpy", 5) == 0)
			return value_module(s, "numpy");
		const struct builtin *builtin = builtin_find(name, length, IN_PYTHON);
		if (!builtin)
			builtin = builtin_find(name, length, IN_NUMPY);
		if (builtin && !(s->assume && entry))
			return value_function(s, builtin, NULL);
		/* float, int, np's types without their prefix, and what numpy calls pi and newaxis. */
		if (length > 1) {
			enum dtype dtype = dtype_parse(name, length);
			if (dtype != DT_NONE && !(length == 2 && name[0] != 'i'))
				return value_dtype(s, dtype);
			if (length == 7 && memcmp(name, "newaxis", 7) == 0)
				return value_none(s);
			if (length == 2 && memcmp(name, "pi", 2) == 0)
				return value_float(s, 3.141592653589793);
			if ((length == 3 && (memcmp(name, "nan", 3) == 0 || memcmp(name, "inf", 3) == 0)))
				return value_float(s, name[0] == 'n' ? NAN : INFINITY);
		}
		if (!entry && s->assume)
			value = assumed(s, name, length);
		if (!value) {
			if (!s->failed)
				raise_at(s, node, "NameError", entry ? "name '%.*s' was deleted" : "name '%.*s' is not defined", (int)(length < 80 ? length : 80), name);
			return NULL;
		}
		entry = names_find(&s->names, name, length);
		first = true;
	}
	if (entry->value->kind == VALUE_UNKNOWN && !entry->value->certain)
		return unfollowed_at(s, node, "'%.*s' comes from a module that is not followed", (int)(length < 60 ? length : 60), name);
	if (entry->value->kind == VALUE_ARRAY)
		tell_name(s, node, entry, first);
	return value_ref(entry->value);
}

static struct value *sequence(struct session *s, const struct node *node)
{
	struct value **items = NULL;
	size_t count = 0, room = 0;

	for (const struct node *item = node->a; item; item = item->next) {
		struct value *value = evaluate(s, item->kind == NODE_STAR ? item->a : item);
		struct value *const *from = &value;
		size_t more = 1;
		if (value && item->kind == NODE_STAR) {
			if (value->kind != VALUE_TUPLE && value->kind != VALUE_LIST) {
				struct value *unknown = unfollowed_at(s, item, "a star before %s is not followed", value_words(value));
				value_release(value);
				value = unknown;
				from = &value;
			} else {
				from = value->seq.item;
				more = value->seq.count;
			}
		}
		for (size_t i = 0; value && i < more; i++) {
			struct value **grown = session_more(items, count, &room, sizeof *items);
			if (!grown)
				value = NULL;
			else
				items = grown, items[count++] = from == &value ? value : value_ref(from[i]);
		}
		if (value && from != &value)
			value_release(value);
		if (!value) {
			for (size_t i = 0; i < count; i++)
				value_release(items[i]);
			free(items);
			return NULL;
		}
	}
	struct value *value = value_sequence(s, node->kind == NODE_TUPLE ? VALUE_TUPLE : VALUE_LIST, items, count);
	free(items);
	return value;
}

/* ---- Python's own numbers ---- */

static bool is_python_number(const struct value *value)
{
	return value->kind == VALUE_INT || value->kind == VALUE_FLOAT || value->kind == VALUE_BOOL || value->kind == VALUE_COMPLEX;
}

static double as_double(const struct value *value)
{
	return value->kind == VALUE_FLOAT ? value->real : (double)value->integer;
}

static int64_t floor_divide(int64_t a, int64_t b)
{
	int64_t q = a / b;
	return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
}

/* False: it does not fit. */
static bool int_operation(uint32_t op, int64_t a, int64_t b, int64_t *out)
{
	switch (op) {
	case '+':
		return !__builtin_add_overflow(a, b, out);
	case '-':
		return !__builtin_sub_overflow(a, b, out);
	case '*':
		return !__builtin_mul_overflow(a, b, out);
	case '&':
		*out = a & b;
		return true;
	case '|':
		*out = a | b;
		return true;
	case '^':
		*out = a ^ b;
		return true;
	case OP2('<', '<'):
		return b >= 0 && b < 63 && !__builtin_mul_overflow(a, INT64_C(1) << b, out);
	case OP2('>', '>'):
		*out = b > 63 ? (a < 0 ? -1 : 0) : a >> (b < 0 ? 0 : b);
		return b >= 0;
	case OP2('/', '/'):
		if (a == INT64_MIN && b == -1)
			return false;
		*out = floor_divide(a, b);
		return true;
	case '%':
		if (b == -1)
			*out = 0;
		else
			*out = a - floor_divide(a, b) * b;
		return true;
	case OP2('*', '*'): {
		int64_t result = 1;
		bool fits = true;
		if (a == 0 || a == 1 || a == -1) {
			*out = b == 0 ? 1 : a == -1 ? (b % 2 ? -1 : 1) : a;
			return true;
		}
		for (int64_t i = 0; i < b && fits; i++)
			fits = !__builtin_mul_overflow(result, a, &result);
		*out = result;
		return fits;
	}
	default:
		return false;
	}
}

static struct value *python_operation(struct session *s, const struct node *node, uint32_t op, const struct value *a, const struct value *b)
{
	bool certain = a->certain && b->certain;
	struct value *out;

	if (a->kind == VALUE_COMPLEX || b->kind == VALUE_COMPLEX) {
		if (op != '+' && op != '-' && op != '*' && op != '/' && op != OP2('*', '*'))
			return raise_at(s, node, "TypeError", "this operator is not for complex numbers");
		return value_new(s, VALUE_COMPLEX);
	}
	bool whole = a->kind != VALUE_FLOAT && b->kind != VALUE_FLOAT;
	bool divides = op == '/' || op == '%' || op == OP2('/', '/');
	if (divides && certain && as_double(b) == 0)
		return raise_at(s, node, "ZeroDivisionError", "division by zero");
	if (whole && op != '/' && !(op == OP2('*', '*') && b->integer < 0)) {
		int64_t integer = 0;
		if (divides && b->integer == 0)
			return value_unknown(s);
		if (!int_operation(op, a->integer, b->integer, &integer))
			return raise_at(s, node, "ValueError", "%lld and %lld make a number that does not fit 64 bits", (long long)a->integer, (long long)b->integer);
		out = value_int(s, integer);
		if (out && a->kind == VALUE_BOOL && b->kind == VALUE_BOOL && (op == '&' || op == '|' || op == '^'))
			out->kind = VALUE_BOOL;
	} else {
		double x = as_double(a), y = as_double(b), real = 0;
		if (op == '+')
			real = x + y;
		else if (op == '-')
			real = x - y;
		else if (op == '*')
			real = x * y;
		else if (op == '/')
			real = x / y;
		else if (op == OP2('/', '/'))
			real = floor(x / y);
		else if (op == '%')
			real = x - floor(x / y) * y;
		else if (op == OP2('*', '*'))
			real = pow(x, y);
		else
			return raise_at(s, node, "TypeError", "this operator is not for %s and %s", value_words(a), value_words(b));
		out = value_float(s, real);
	}
	if (out)
		out->certain = certain;
	return out;
}

static struct value *sequence_operation(struct session *s, const struct node *node, uint32_t op, struct value *a, struct value *b)
{
	bool a_is = value_is_sequence(a);
	struct value **items;
	size_t count;

	if (op == '+' && a_is && a->kind == b->kind) {
		count = a->seq.count + b->seq.count;
		if (count > 1000000)
			return unfollowed_at(s, node, "a list of more than 1,000,000 items is not followed");
	} else if (op == '*' && (a_is ? b->kind : a->kind) == VALUE_INT) {
		int64_t times = a_is ? b->integer : a->integer;
		const struct value *list = a_is ? a : b;
		times = times < 0 ? 0 : times;
		if (list->seq.count > 0 && (uint64_t)times > 1000000 / list->seq.count)
			return unfollowed_at(s, node, "a list of more than 1,000,000 items is not followed");
		count = list->seq.count * (size_t)times;
		if (!a_is)
			a = b;
		b = a;
	} else {
		return raise_at(s, node, "TypeError", "this operator is not for %s and %s", value_words(a), value_words(b));
	}
	items = malloc((count ? count : 1) * sizeof *items);
	if (!items)
		return no_memory(s);
	for (size_t i = 0; i < count; i++)
		items[i] = value_ref(op == '*' ? a->seq.item[i % a->seq.count] : i < a->seq.count ? a->seq.item[i] : b->seq.item[i - a->seq.count]);
	struct value *value = value_sequence(s, a->kind, items, count);
	free(items);
	return value;
}

struct value *binary_operation(struct session *s, const struct node *node, uint32_t op, struct value *a, struct value *b)
{
	if (a->kind == VALUE_UNKNOWN || b->kind == VALUE_UNKNOWN)
		return value_unknown(s);
	if (a->kind == VALUE_ARRAY || b->kind == VALUE_ARRAY || a->kind == VALUE_SCALAR || b->kind == VALUE_SCALAR) {
		struct value *in[2] = { a, b };
		if (a->kind == VALUE_NONE || b->kind == VALUE_NONE)
			return raise_at(s, node, "TypeError", "None is no operand: %s and %s", value_words(a), value_words(b));
		if (op == '@') {
			const struct builtin *matmul = builtin_find("matmul", 6, IN_NUMPY);
			struct call call = { .s = s, .node = node, .builtin = matmul, .arg = { a, b }, .arg_node = { node->a, node->b } };
			return matmul->call(&call);
		}
		return ufunc_call(s, node, ufunc_of_operator(op), in, 2, NULL, NULL, true);
	}
	if (a->kind == VALUE_STR || b->kind == VALUE_STR) {
		struct value *value = value_str(s, "", 0);
		if (value)
			value->certain = false;
		return value;
	}
	if (is_python_number(a) && is_python_number(b))
		return python_operation(s, node, op, a, b);
	if (value_is_sequence(a) || value_is_sequence(b))
		return sequence_operation(s, node, op, a, b);
	return raise_at(s, node, "TypeError", "this operator is not for %s and %s", value_words(a), value_words(b));
}

static struct value *unary_operation(struct session *s, const struct node *node, struct value *a)
{
	static const struct ufunc negative = { "negative", RULE_SAME, false, true, "-" }, positive = { "positive", RULE_SAME, false, false, "+" },
	                          invert = { "invert", RULE_BITS, false, true, "~" };

	if (a->kind == VALUE_UNKNOWN)
		return value_unknown(s);
	if (node->op == '!')
		return a->kind == VALUE_BOOL && a->certain ? value_bool(s, !a->integer) : value_unsure_bool(s);
	if (a->kind == VALUE_ARRAY || a->kind == VALUE_SCALAR)
		return ufunc_call(s, node, node->op == '-' ? &negative : node->op == '+' ? &positive : &invert, &a, 1, NULL, NULL, true);
	if (!is_python_number(a))
		return raise_at(s, node, "TypeError", "this operator is not for %s", value_words(a));
	struct value *out;
	if (a->kind == VALUE_COMPLEX)
		return value_new(s, VALUE_COMPLEX);
	if (a->kind == VALUE_FLOAT) {
		if (node->op == '~')
			return raise_at(s, node, "TypeError", "~ is not for floats");
		out = value_float(s, node->op == '-' ? -a->real : a->real);
	} else {
		int64_t integer = a->integer;
		if (node->op == '-' && __builtin_sub_overflow(0, integer, &integer))
			return raise_at(s, node, "ValueError", "a number that does not fit 64 bits");
		out = value_int(s, node->op == '~' ? ~integer : integer);
	}
	if (out)
		out->certain = a->certain;
	return out;
}

/* ---- comparisons ---- */

/* 1, 0, or -1: depends on what is not known. */
static int values_equal(const struct value *a, const struct value *b)
{
	if (a->kind == VALUE_UNKNOWN || b->kind == VALUE_UNKNOWN || !a->certain || !b->certain)
		return -1;
	if (is_python_number(a) && is_python_number(b))
		return a->kind == VALUE_COMPLEX || b->kind == VALUE_COMPLEX ? -1 : as_double(a) == as_double(b);
	if ((a->kind == VALUE_DTYPE && b->kind == VALUE_STR) || (b->kind == VALUE_DTYPE && a->kind == VALUE_STR)) {
		const struct value *str = a->kind == VALUE_STR ? a : b;
		return dtype_parse(str->str.text, str->str.length) == (a->kind == VALUE_DTYPE ? a : b)->dtype;
	}
	if (a->kind != b->kind)
		return 0;
	if (a->kind == VALUE_STR)
		return strcmp(a->str.text, b->str.text) == 0;
	if (a->kind == VALUE_DTYPE)
		return a->dtype == b->dtype;
	if (value_is_sequence(a)) {
		if (a->seq.count != b->seq.count)
			return 0;
		for (size_t i = 0; i < a->seq.count; i++) {
			int equal = values_equal(a->seq.item[i], b->seq.item[i]);
			if (equal != 1)
				return equal;
		}
		return 1;
	}
	return a->kind == VALUE_NONE ? 1 : -1;
}

static struct value *compare_pair(struct session *s, const struct node *node, struct value *a, struct value *b)
{
	if (node->op == 'i' || node->op == 'I') {
		bool is = a == b || (a->kind == VALUE_NONE && b->kind == VALUE_NONE) || (a->kind == VALUE_BOOL && b->kind == VALUE_BOOL && a->certain && b->certain && a->integer == b->integer) ||
		          (a->kind == VALUE_STAND_IN && b->kind == VALUE_STAND_IN && a->array == b->array) || (a->kind == VALUE_DTYPE && b->kind == VALUE_DTYPE && a->dtype == b->dtype) ||
		          (a->kind == VALUE_INT && b->kind == VALUE_INT && a->certain && b->certain && a->integer == b->integer);
		if (a->kind == VALUE_UNKNOWN || b->kind == VALUE_UNKNOWN)
			return value_unknown(s);
		return value_bool(s, is == (node->op == 'i'));
	}
	if (a->kind == VALUE_UNKNOWN || b->kind == VALUE_UNKNOWN)
		return value_unknown(s);
	if (node->op == 'n' || node->op == 'N')
		return value_unsure_bool(s);
	if (a->kind == VALUE_ARRAY || b->kind == VALUE_ARRAY || a->kind == VALUE_SCALAR || b->kind == VALUE_SCALAR) {
		struct value *in[2] = { a, b };
		if (a->kind == VALUE_NONE || b->kind == VALUE_NONE)
			return value_unsure_bool(s);
		return ufunc_call(s, node, ufunc_of_operator(node->op), in, 2, NULL, NULL, true);
	}
	if (node->op == OP2('=', '=') || node->op == OP2('!', '=')) {
		int equal = values_equal(a, b);
		return equal < 0 ? value_unsure_bool(s) : value_bool(s, (equal == 1) == (node->op == OP2('=', '=')));
	}
	if (!is_python_number(a) || !is_python_number(b) || !a->certain || !b->certain || a->kind == VALUE_COMPLEX || b->kind == VALUE_COMPLEX)
		return value_unsure_bool(s);
	double x = as_double(a), y = as_double(b);
	return value_bool(s, node->op == '<' ? x < y : node->op == '>' ? x > y : node->op == OP2('<', '=') ? x <= y : x >= y);
}

static struct value *comparison(struct session *s, const struct node *node)
{
	struct value *a = evaluate(s, node->a), *result = NULL;

	for (; a && node; node = node->c) {
		struct value *b = evaluate(s, node->b);
		if (!b)
			break;
		s->at = node;
		s->tale = (struct tale){ 0 };
		struct value *one = compare_pair(s, node, a, b);
		value_release(a);
		a = b;
		if (!one)
			break;
		step_add(s, node, node->start, one);
		value_release(result);
		result = one;
		if (node->c && (one->kind == VALUE_ARRAY)) {
			value_release(a);
			value_release(result);
			return raise_at(s, node, "ValueError", "a chain of comparisons asks whether an array is true: use & and brackets");
		}
		if (node->c && one->kind == VALUE_BOOL && one->certain && !one->integer)
			break;
		if (!node->c) {
			value_release(a);
			return result;
		}
	}
	value_release(a);
	if (s->failed) {
		value_release(result);
		return NULL;
	}
	return result;
}

/* 1, 0, or -1: not known. */
static int truth(const struct value *value)
{
	switch (value->kind) {
	case VALUE_NONE:
		return 0;
	case VALUE_BOOL:
	case VALUE_INT:
		return value->certain ? value->integer != 0 : -1;
	case VALUE_FLOAT:
		return value->certain ? value->real != 0 : -1;
	case VALUE_STR:
		return value->certain ? value->str.length > 0 : -1;
	case VALUE_TUPLE:
	case VALUE_LIST:
		return value->seq.count > 0;
	case VALUE_SCALAR:
	case VALUE_UNKNOWN:
	case VALUE_ARRAY:
		return -1;
	default:
		return 1;
	}
}

static struct value *choice(struct session *s, const struct node *node)
{
	const struct node *condition = node->kind == NODE_CHOICE ? node->b : node->a;
	struct value *value = evaluate(s, condition);
	if (!value)
		return NULL;
	int is = truth(value);
	if (value->kind == VALUE_ARRAY && nd_geom_size(as_array(value)->geom) != 1 && !as_array(value)->at_most) {
		value_release(value);
		return raise_at(s, condition, "ValueError", "the truth of an array with more than one element is ambiguous: use .any() or .all()");
	}
	if (is < 0) {
		bool unknown = value->kind == VALUE_UNKNOWN;
		value_release(value);
		return unknown ? value_unknown(s) : unfollowed_at(s, node, "which way this goes depends on data");
	}
	if (node->kind == NODE_CHOICE) {
		value_release(value);
		return evaluate(s, is ? node->a : node->c);
	}
	if ((node->op == '|') == (is == 1))
		return value;
	value_release(value);
	return evaluate(s, node->b);
}

/* ---- evaluation ---- */

static struct value *slice_value(struct session *s, const struct node *node)
{
	struct value *parts[3] = { NULL, NULL, NULL };
	const struct node *nodes[3] = { node->a, node->b, node->c };

	for (int i = 0; i < 3; i++) {
		if (!nodes[i])
			continue;
		parts[i] = evaluate(s, nodes[i]);
		if (!parts[i]) {
			for (int k = 0; k < i; k++)
				value_release(parts[k]);
			return NULL;
		}
		if (parts[i]->kind == VALUE_NONE) {
			value_release(parts[i]);
			parts[i] = NULL;
		}
	}
	struct value *value = value_new(s, VALUE_SLICE);
	if (value) {
		value->slice.start = parts[0];
		value->slice.stop = parts[1];
		value->slice.step = parts[2];
	}
	return value;
}

struct value *evaluate_index(struct session *s, const struct node *node)
{
	if (node->kind == NODE_SLICE)
		return slice_value(s, node);
	if (node->kind != NODE_TUPLE)
		return evaluate(s, node);
	struct value *items[64];
	size_t count = 0;
	for (const struct node *item = node->a; item; item = item->next) {
		struct value *value = count < 64 ? item->kind == NODE_SLICE ? slice_value(s, item) : evaluate(s, item) : raise_at(s, node, "IndexError", "more than 64 indices");
		if (!value) {
			while (count > 0)
				value_release(items[--count]);
			return NULL;
		}
		items[count++] = value;
	}
	return value_sequence(s, VALUE_TUPLE, items, count);
}

/* Where the words of the step begin that follow on the object: its dot or bracket. */
static uint32_t behind(const struct session *s, const struct node *node)
{
	uint32_t at = node->a->end;
	/* A bracket that closes around the object belongs to it. */
	while (at < node->end && s->text[at] != '.' && s->text[at] != '[' && s->text[at] != '(')
		at++;
	return at;
}

/* Does a name mean anything without being assumed? */
static bool is_known(struct session *s, const struct node *node)
{
	const char *name = s->text + node->start;
	size_t length = node->end - node->start;
	const struct name_entry *entry = names_find(&s->names, name, length);

	return (entry && entry->value) || (length == 2 && memcmp(name, "np", 2) == 0) || (length == 5 && memcmp(name, "numpy", 5) == 0) || builtin_find(name, length, IN_PYTHON | IN_NUMPY) ||
	       dtype_parse(name, length) != DT_NONE;
}

static struct value *evaluate_call(struct session *s, const struct node *node)
{
	const struct node *callee = node->a;
	struct value *self = NULL, *result = NULL;
	const struct builtin *builtin = NULL;
	uint32_t source_start = node->start;

	if (callee->kind == NODE_ATTRIBUTE) {
		const char *name = s->text + callee->name_start;
		size_t length = callee->name_end - callee->name_start;
		self = evaluate(s, callee->a);
		if (!self)
			return NULL;
		if (self->kind == VALUE_ARRAY || self->kind == VALUE_SCALAR)
			builtin = builtin_find(name, length, METHOD);
		else if (self->kind == VALUE_GENERATOR)
			builtin = builtin_find(name, length, GENERATOR);
		if (builtin) {
			source_start = behind(s, callee);
		} else {
			struct value *function = self->kind == VALUE_UNKNOWN ? value_unknown(s) : attribute_get(s, callee, self, callee->a);
			value_release(self);
			self = function;
		}
	} else if (callee->kind == NODE_NAME && !is_known(s, callee)) {
		const char *name = s->text + callee->start, *near;
		size_t length = callee->end - callee->start;
		near = builtin_nearest(name, length, IN_NUMPY | IN_PYTHON);
		return near ? unfollowed_at(s, callee, "the function '%.*s' is not known here: did you mean '%s'?", (int)(length < 60 ? length : 60), name, near)
		            : unfollowed_at(s, callee, "the function '%.*s' is not known here", (int)(length < 60 ? length : 60), name);
	} else {
		self = evaluate(s, callee);
	}
	if (!self)
		return NULL;
	if (builtin) {
		result = call_builtin(s, node, builtin, self, callee->a);
		/* A scalar's methods answer with scalars where an array's would with an array without axes. */
		if (result && self->kind == VALUE_SCALAR && result->kind == VALUE_ARRAY)
			result = scalar_or_array(s, as_array(result));
	} else if (self->kind == VALUE_FUNCTION) {
		result = call_builtin(s, node, self->function.builtin, self->function.self, callee->kind == NODE_ATTRIBUTE ? callee->a : NULL);
	} else if (self->kind == VALUE_DTYPE) {
		/* np.float32(3), np.int64(x): asarray, and a scalar of a number. */
		const struct builtin *cast = builtin_find("__cast__", 8, IN_PYTHON);
		result = call_builtin(s, node, cast, self, NULL);
	} else if (self->kind == VALUE_UNKNOWN) {
		result = value_unknown(s);
	} else {
		result = raise_at(s, callee, "TypeError", "%s is not callable", value_words(self));
	}
	if (result)
		step_add(s, node, source_start, result);
	value_release(self);
	return s->failed ? (value_release(result), NULL) : result;
}

static struct value *evaluate_new(struct session *s, const struct node *node)
{
	struct value *a, *b, *result;

	switch ((enum node_kind)node->kind) {
	case NODE_NAME:
		return name_value(s, node);
	case NODE_INT:
		return value_int(s, node->integer);
	case NODE_FLOAT:
		return value_float(s, node->real);
	case NODE_IMAGINARY:
		return value_new(s, VALUE_COMPLEX);
	case NODE_STRING:
		return string_value(s, node);
	case NODE_CONSTANT:
		return node->op == 'N' ? value_none(s) : node->op == '.' ? value_new(s, VALUE_ELLIPSIS) : value_bool(s, node->op == 'T');
	case NODE_TUPLE:
	case NODE_LIST:
		return sequence(s, node);
	case NODE_SLICE:
		return slice_value(s, node);
	case NODE_COMPARE:
		return comparison(s, node);
	case NODE_LOGIC:
	case NODE_CHOICE:
		return choice(s, node);
	case NODE_UNFOLLOWED:
		/* name := ... */
		if (node->op == OP2(':', '=') && !names_set(s, s->text + node->name_start, node->name_end - node->name_start, value_unknown(s)))
			return NULL;
		return unfollowed_at(s, node, "%s", node->message);
	case NODE_KEYWORD:
	case NODE_STAR:
		return raise_at(s, node, "SyntaxError", "invalid syntax");
	case NODE_CALL:
		return evaluate_call(s, node);
	case NODE_ATTRIBUTE:
		a = evaluate(s, node->a);
		if (!a)
			return NULL;
		s->at = node;
		s->tale = (struct tale){ 0 };
		result = a->kind == VALUE_UNKNOWN ? value_unknown(s) : attribute_get(s, node, a, node->a);
		if (result)
			step_add(s, node, a->kind == VALUE_ARRAY ? behind(s, node) : node->start, result);
		value_release(a);
		return result;
	case NODE_INDEX:
		a = evaluate(s, node->a);
		b = a ? evaluate_index(s, node->b) : NULL;
		result = NULL;
		if (b) {
			s->at = node;
			s->tale = (struct tale){ 0 };
			result = a->kind == VALUE_UNKNOWN || b->kind == VALUE_UNKNOWN ? value_unknown(s) : subscript_get(s, node, a, b);
			if (result)
				step_add(s, node, a->kind == VALUE_ARRAY ? behind(s, node) : node->start, result);
		}
		value_release(b);
		value_release(a);
		return result;
	case NODE_UNARY:
		a = evaluate(s, node->a);
		if (!a)
			return NULL;
		s->at = node;
		s->tale = (struct tale){ 0 };
		result = unary_operation(s, node, a);
		if (result)
			step_add(s, node, node->start, result);
		value_release(a);
		return result;
	case NODE_BINARY:
		a = evaluate(s, node->a);
		b = a ? evaluate(s, node->b) : NULL;
		result = NULL;
		if (b) {
			s->at = node;
			s->tale = (struct tale){ 0 };
			result = binary_operation(s, node, node->op, a, b);
			if (result)
				step_add(s, node, node->start, result);
		}
		value_release(b);
		value_release(a);
		return result;
	}
	return NULL;
}

struct value *evaluate(struct session *s, const struct node *node)
{
	const struct node *before = s->at;

	s->at = node;
	struct value *value = evaluate_new(s, node);
	if (s->failed) {
		value_release(value);
		return NULL;
	}
	s->at = before;
	return value ? value : value_unknown(s); /* it gave up */
}
