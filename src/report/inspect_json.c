/* SPDX-License-Identifier: MIT */
/*
 * JSON of inspect: memhint-inspect.schema.json beside this file describes every key.
 *
 * A program of 10,000 lines has a million values, so they are written straight to the stream: a tree of them took ten times as long as all the rest (the
 * tests read what comes out with jansson). Each statement and each array is one line. What is not known is null.
 */

#include "report/inspect_parts.h"

#include "report/inspect_words.h"

#include "base/result.h"

#include <string.h>

enum { SCHEMA = 1, WALKS_MOST = 1000 }; /* beyond so many statements nobody reads the walk of each */

/* A place in the document: what stands before the next value. */
struct out {
	FILE *stream;
	struct text words; /* of a sentence, before it is written */
	bool is_first; /* of its object or list */
	size_t used;   /* of the buffer: a document has millions of small parts, and the stream takes long for each */
	char buffer[1 << 15];
};

/* ---- values ---- */

static void flush(struct out *out)
{
	fwrite(out->buffer, 1, out->used, out->stream);
	out->used = 0;
}

static inline void put(struct out *out, const char *bytes, size_t count)
{
	if (count > sizeof out->buffer - out->used) {
		flush(out);
		if (count > sizeof out->buffer) {
			fwrite(bytes, 1, count, out->stream);
			return;
		}
	}
	memcpy(out->buffer + out->used, bytes, count);
	out->used += count;
}

static inline void put_word(struct out *out, const char *word)
{
	put(out, word, strlen(word));
}

/* Past all characters that stand for themselves. */
static const char *past_plain(const char *at)
{
	static const bool special[256] = { [0 ... 0x1f] = true, ['"'] = true, ['\\'] = true, [0x80 ... 0xff] = true };
	for (;;) {
		while (!special[(unsigned char)*at])
			at++;
		size_t length = (unsigned char)*at >= 0x80 ? text_sequence(at) : 1;
		if (length == 1)
			return at;
		at += length;
	}
}

/* What is no UTF-8 becomes a question mark, so that the document is JSON whatever was read. */
static void put_string(struct out *out, const char *value)
{
	char escaped[8];
	if (value == NULL) {
		put(out, "null", 4);
		return;
	}
	put(out, "\"", 1);
	for (const char *plain = value;; plain = ++value) {
		value = past_plain(value);
		put(out, plain, (size_t)(value - plain));
		unsigned char c = (unsigned char)*value;
		if (c == '\0')
			break;
		if (c == '"' || c == '\\')
			put(out, c == '"' ? "\\\"" : "\\\\", 2);
		else if (c >= 0x80)
			put(out, "?", 1);
		else
			put(out, escaped, (size_t)snprintf(escaped, sizeof escaped, "\\u%04x", c));
	}
	put(out, "\"", 1);
}

static void put_integer(struct out *out, int64_t value)
{
	char digits[TEXT_NUMBER];
	put(out, digits, (size_t)(text_number(digits, value) - digits));
}

/* ---- members of an object in one line ---- */

static void comma(struct out *out)
{
	if (!out->is_first)
		put(out, ",", 1);
	out->is_first = false;
}

static void open_bracket(struct out *out, const char *bracket)
{
	put(out, bracket, 1);
	out->is_first = true;
}

static void close_bracket(struct out *out, const char *bracket)
{
	put(out, bracket, 1);
	out->is_first = false;
}

static inline void key(struct out *out, const char *name)
{
	put(out, out->is_first ? "\"" : ",\"", out->is_first ? 1 : 2);
	out->is_first = false;
	put_word(out, name);
	put(out, "\":", 2);
}

static void string(struct out *out, const char *name, const char *value)
{
	key(out, name);
	put_string(out, value);
}

/* An empty text for one. */
static struct text *words(struct out *out)
{
	inspect_clear(&out->words);
	return &out->words;
}

/* What was put into words(); null if there is none. */
static void sentence(struct out *out, const char *name, bool is_there)
{
	string(out, name, is_there ? text_string(&out->words) : NULL);
}

/* RESULT_NONE is null. */
static void integer(struct out *out, const char *name, int64_t value)
{
	key(out, name);
	if (value == RESULT_NONE)
		put(out, "null", 4);
	else
		put_integer(out, value);
}

static void truth(struct out *out, const char *name, int value)
{
	key(out, name);
	put_word(out, value == RESULT_NONE ? "null" : value ? "true" : "false");
}

static void integers(struct out *out, const char *name, const int64_t *values, int count)
{
	key(out, name);
	open_bracket(out, "[");
	for (int k = 0; k < count; k++) {
		comma(out);
		put_integer(out, values[k]);
	}
	close_bracket(out, "]");
}

/* ---- arrays ---- */

/* Axes whose extent depends on data, where there are some. */
static void at_most(struct out *out, const struct inspect_array *array)
{
	int64_t axes[64];
	int count = 0;
	for (int k = 0; k < array->ndim && k < 64; k++)
		if (array->at_most >> k & 1)
			axes[count++] = k;
	if (count > 0)
		integers(out, "at_most", axes, count);
}

static void array_object(struct out *out, const struct inspect_array *array)
{
	open_bracket(out, "{");
	integers(out, "shape", array->shape, array->ndim);
	integers(out, "strides", array->strides, array->ndim);
	string(out, "dtype", array->dtype);
	integer(out, "nbytes", array->nbytes);
	truth(out, "owndata", array->owndata);
	truth(out, "writeable", array->writeable);
	truth(out, "c_contiguous", array->c_contiguous);
	truth(out, "f_contiguous", array->f_contiguous);
	integer(out, "offset_bytes", array->offset_bytes);
	string(out, "base", array->base);
	at_most(out, array);
	close_bracket(out, "}");
}

/* The result of a step: null throughout where it is no array. */
static void result(struct out *out, const struct inspect_array *array)
{
	if (array == NULL) {
		static const char *const names[] = { "shape", "strides", "dtype", "offset_bytes", "nbytes", "leaves_buffer" };
		for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
			string(out, names[i], NULL);
		return;
	}
	integers(out, "shape", array->shape, array->ndim);
	integers(out, "strides", array->strides, array->ndim);
	string(out, "dtype", array->dtype);
	integer(out, "offset_bytes", array->offset_bytes);
	integer(out, "nbytes", array->nbytes);
	truth(out, "leaves_buffer", array->leaves_buffer);
	at_most(out, array);
}

/* ---- statements ---- */

static void step_object(struct out *out, const struct inspect_step *step)
{
	open_bracket(out, "{");
	string(out, "source", step->source);
	integer(out, "line", step->line);
	integer(out, "column", step->column);
	string(out, "kind", step_kind_name(step->kind));
	sentence(out, "what", inspect_what(words(out), step));
	string(out, "of", step->of);
	string(out, "why", step->why);
	string(out, "avoid", step->avoid);
	string(out, "lesson", step->lesson);
	integer(out, "allocated_bytes", step->allocated_bytes);
	integer(out, "hidden_bytes", step->hidden_bytes);
	truth(out, "surprising", step->surprising);
	truth(out, "writes_through", inspect_writes_through(step));
	integer(out, "keeps_bytes", inspect_keeps_bytes(step));
	string(out, "value", step->value);
	result(out, step->array);
	close_bracket(out, "}");
}

static void test_object(struct out *out, const struct inspect_statement *statement, const struct inspect_test *test)
{
	open_bracket(out, "{");
	inspect_test_question(words(out), statement, test);
	sentence(out, "test", true);
	string(out, "answer", inspect_test_answer(test));
	string(out, "says", inspect_test_says(test));
	truth(out, "wrong", test->wrong);
	sentence(out, "remark", inspect_test_remark(words(out), statement, test));
	close_bracket(out, "}");
}

static void statement_object(struct out *out, const struct inspect_statement *statement, bool with_walk)
{
	struct inspect_test tests[INSPECT_TESTS];
	size_t ntests = inspect_tests(statement, tests);
	open_bracket(out, "{");
	string(out, "source", statement->source);
	integer(out, "line", statement->line);
	integer(out, "column", statement->column);
	string(out, "target", statement->target);
	string(out, "kind", step_kind_name(statement->kind));
	string(out, "of", statement->of);
	string(out, "why", statement->why);
	integer(out, "allocated_bytes", statement->allocated_bytes);
	integer(out, "peak_bytes", statement->peak_bytes);
	key(out, "kept_bytes"); /* -1 is a number here: a del of one byte */
	put_integer(out, statement->kept_bytes);
	integer(out, "live_bytes", statement->live_bytes);
	key(out, "steps");
	open_bracket(out, "[");
	for (size_t k = 0; k < statement->nsteps; k++) {
		comma(out);
		step_object(out, &statement->steps[k]);
	}
	close_bracket(out, "]");
	key(out, "numpy_tests");
	open_bracket(out, "[");
	for (size_t k = 0; k < ntests; k++) {
		comma(out);
		test_object(out, statement, &tests[k]);
	}
	close_bracket(out, "]");
	string(out, "witness", statement->witness);
	sentence(out, "walk", with_walk && inspect_walk(words(out), statement));
	sentence(out, "cost", inspect_cost(words(out), statement));
	sentence(out, "so", inspect_so(words(out), statement));
	close_bracket(out, "}");
}

/* ---- the document: a key or an entry a line ---- */

static void section(struct out *out, const char *name, const char *bracket)
{
	put_word(out, ",\n  \"");
	put_word(out, name);
	put_word(out, "\": ");
	put_word(out, bracket);
}

static void entry(struct out *out, size_t index)
{
	put_word(out, index > 0 ? ",\n    " : "\n    ");
}

static void end(struct out *out, size_t count, const char *bracket)
{
	put_word(out, count > 0 ? "\n  " : "");
	put_word(out, bracket);
}

static void strings(struct out *out, const char *name, const char *const *values, size_t count)
{
	section(out, name, "[");
	for (size_t i = 0; i < count; i++) {
		entry(out, i);
		put_string(out, values[i]);
	}
	end(out, count, "]");
}

static void total(struct out *out, const char *name, int64_t bytes)
{
	section(out, name, "");
	if (bytes == RESULT_NONE)
		put_word(out, "null");
	else
		put_integer(out, bytes);
}

static void named_arrays(struct out *out, const struct inspection *found)
{
	section(out, "arrays", "{");
	for (size_t i = 0; i < found->narrays; i++) {
		entry(out, i);
		put_string(out, found->arrays[i].name);
		put_word(out, ": ");
		array_object(out, found->arrays[i].array);
	}
	end(out, found->narrays, "}");
}

static void shared(struct out *out, const struct inspection *found)
{
	section(out, "shares", "[");
	for (size_t i = 0; i < found->nshares; i++) {
		entry(out, i);
		put_word(out, "[");
		put_string(out, found->arrays[found->shares[i][0]].name);
		put_word(out, ",");
		put_string(out, found->arrays[found->shares[i][1]].name);
		put_word(out, "]");
	}
	end(out, found->nshares, "]");
	section(out, "shares_cut", found->shares_cut ? "true" : "false");
}

static void unfollowed(struct out *out, const struct inspection *found)
{
	section(out, "unfollowed", "[");
	for (size_t i = 0; i < found->ngaps; i++) {
		entry(out, i);
		open_bracket(out, "{");
		integer(out, "line", found->gaps[i].line);
		integer(out, "column", found->gaps[i].column);
		string(out, "message", found->gaps[i].message);
		close_bracket(out, "}");
	}
	end(out, found->ngaps, "]");
}

static void assumed(struct out *out, const struct inspection *found)
{
	section(out, "assumed", "{");
	for (size_t i = 0; i < found->nassumed; i++) {
		entry(out, i);
		put_string(out, found->assumed[i].name);
		put_word(out, ": ");
		put_string(out, found->assumed_source);
	}
	end(out, found->nassumed, "}");
}

static void failure(struct out *out, const struct inspect_error *error)
{
	section(out, "error", "");
	open_bracket(out, "{");
	integer(out, "statement", error->statement >= 0 ? error->statement : RESULT_NONE);
	string(out, "type", error->type);
	integer(out, "line", error->line);
	integer(out, "column", error->column);
	string(out, "message", error->message);
	close_bracket(out, "}");
}

void inspect_json(const struct report_options *options, const struct inspection *found)
{
	struct out out; /* large: the buffer need not be set */
	out.stream = options->stream;
	out.words = (struct text){ 0 };
	out.used = 0;
	put_word(&out, "{\n  \"memhint\": \"" MEMHINT_VERSION "\"");
	total(&out, "schema", SCHEMA);
	section(&out, "statements", "[");
	for (size_t i = 0; i < found->nstatements; i++) {
		entry(&out, i);
		statement_object(&out, found->statements[i], i < WALKS_MOST);
	}
	end(&out, found->nstatements, "]");
	named_arrays(&out, found);
	shared(&out, found);
	strings(&out, "printed", found->printed, found->nprinted);
	total(&out, "allocated_bytes", found->allocated_bytes);
	total(&out, "peak_bytes", found->peak_bytes);
	total(&out, "live_bytes", found->live_bytes);
	assumed(&out, found);
	unfollowed(&out, found);
	strings(&out, "notes", found->notes, found->nnotes);
	if (found->error != NULL)
		failure(&out, found->error);
	put_word(&out, "\n}\n");
	flush(&out);
	text_release(&out.words);
}
