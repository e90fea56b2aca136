/* SPDX-License-Identifier: MIT */
/*
 * A session: source text in, statements out.
 *
 * Each statement is read, followed and told before the next one is read, so that an error leaves all before it answered, and the memory in use is that
 * of one statement and of what it found out.
 */
#include "inspect/calls.h"
#include "inspect/explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SOURCE_BYTES = 160 };

struct inspect_session *inspect_open(bool assume)
{
	struct session *s = calloc(1, sizeof *s);
	if (!s)
		return NULL;
	s->assume = assume;
	s->next_line = 1;
	s->result.assumed_source = "np.arange(12.).reshape(3, 4)";
	s->result.tests_lesson = "debugging";
	return (struct inspect_session *)s;
}

void inspect_close(struct inspect_session *session)
{
	struct session *s = (struct session *)session;
	if (!s)
		return;
	names_release(&s->names);
	geometries_release(s);
	arena_release(&s->object_arena);
	free(s->steps.item);
	free((void *)s->result.statements);
	free((void *)s->result.gaps);
	free((void *)s->result.printed);
	free((void *)s->result.notes);
	free((void *)s->result.assumed);
	free((void *)s->result.arrays);
	free((void *)s->result.shares);
	arena_release(&s->tree);
	arena_release(&s->results);
	free(s);
}

const struct inspection *inspect_result(const struct inspect_session *session)
{
	return &((const struct session *)session)->result;
}

/* Room for one more item in a vector of the result. */
void *session_more(void *items, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return items;
	size_t wanted = *room ? 2 * *room : 16;
	void *more = realloc(items, wanted * size);
	if (more)
		*room = wanted;
	return more;
}

char *say(struct session *s, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = arena_vformat(&s->results, format, args);
	va_end(args);
	return text ? text : "";
}

void note(struct session *s, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = arena_vformat(&s->results, format, args);
	va_end(args);
	for (size_t i = 0; text && i < s->result.nnotes; i++)
		if (strcmp(s->result.notes[i], text) == 0)
			return;
	const char **notes = session_more((void *)s->result.notes, s->result.nnotes, &s->notes_room, sizeof *notes);
	if (!notes)
		return;
	s->result.notes = notes;
	if (!text || s->result.nnotes >= 100)
		return;
	notes[s->result.nnotes++] = text;
}

/* ---- errors ---- */

/* The program's line around a place, at most 76 characters of it, without control characters. */
static void excerpt(struct session *s, struct inspect_error *error, uint32_t start, uint32_t end)
{
	enum { MOST = 72, BEFORE = 40 };
	size_t line = start < s->length ? start : s->length, stop;
	while (line > 0 && s->text[line - 1] != '\n')
		line--;
	for (stop = start; stop < s->length && s->text[stop] != '\n'; stop++)
		;
	size_t first = start - line > BEFORE ? start - BEFORE : line;
	while (first > line && ((unsigned char)s->text[first] & 0xc0) == 0x80)
		first--;
	struct text text = { 0 };
	if (first > line)
		text_add(&text, "...");
	int caret = -1, width = 0, columns = (int)text.length;
	size_t at = first;
	while (at < stop && columns < MOST) {
		char sequence[5] = { 0 };
		memcpy(sequence, s->text + at, stop - at < 4 ? stop - at : 4);
		size_t n = sequence[0] ? text_sequence(sequence) : 1;
		n = n > stop - at ? stop - at : n;
		unsigned char c = (unsigned char)s->text[at];
		if (at >= start && caret < 0)
			caret = columns;
		if (at >= start && at < end)
			width++;
		if (c == '\t' || c == '\r')
			text_add(&text, " ");
		else if (c < ' ' || c == 0x7f || (c >= 0x80 && n < 2))
			text_add(&text, "?");
		else
			text_addn(&text, s->text + at, n);
		columns++;
		at += n;
	}
	if (at < stop)
		text_add(&text, "...");
	error->excerpt = text.failed ? "" : arena_text(&s->results, text_string(&text), text.length);
	error->caret = caret < 0 ? columns : caret;
	error->caret_width = width > 0 ? width : 1;
	text_release(&text);
}

static void set_error(struct session *s, const char *type, const char *message, uint32_t start, uint32_t end, uint32_t line, uint32_t column)
{
	struct inspect_error *error = arena_alloc(&s->results, sizeof *error);
	*error = (struct inspect_error){ .statement = s->statement, .line = (int)line, .column = (int)column, .type = type, .message = message, .excerpt = "" };
	if (s->text)
		excerpt(s, error, start, end);
	s->result.error = error;
	s->failed = true;
}

void *raise_at(struct session *s, const struct node *node, const char *type, const char *format, ...)
{
	if (s->failed)
		return NULL;
	va_list args;
	va_start(args, format);
	char *message = arena_vformat(&s->results, format, args);
	va_end(args);
	node = node ? node : s->at;
	if (!node) {
		set_error(s, type, message, 0, 0, 1, 1);
		return NULL;
	}
	uint32_t start = node->start, end = node->end, line = node->line, column = node->column;
	/* line and column are those of the operator or bracket; what the words say is of the whole: point to where that begins, if it is in the same line. */
	if (node->kind == NODE_ATTRIBUTE)
		start = node->name_start;
	else if (start < s->length && memchr(s->text + start, '\n', end > start ? end - start : 0) == NULL) {
		size_t first = start;
		while (first > 0 && s->text[first - 1] != '\n')
			first--;
		column = lexer_column(s->text, first, start);
	}
	set_error(s, type, message, start, end, line, column);
	return NULL;
}

void *no_memory(struct session *s)
{
	s->out_of_memory = s->failed = true;
	return NULL;
}

static void add_gap(struct session *s, uint32_t line, uint32_t column, const char *message)
{
	struct inspect_gap *gaps = session_more((void *)s->result.gaps, s->result.ngaps, &s->gaps_room, sizeof *gaps);
	if (!gaps) {
		no_memory(s);
		return;
	}
	s->result.gaps = gaps;
	gaps[s->result.ngaps++] = (struct inspect_gap){ .line = (int)line, .column = (int)column, .message = message };
}

struct value *unfollowed_at(struct session *s, const struct node *node, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *message = arena_vformat(&s->results, format, args);
	va_end(args);
	if (!s->gap)
		add_gap(s, node->line, node->column, message);
	s->gap = true;
	return value_unknown(s);
}

/* ---- texts of the program ---- */

/* A stretch of the text on one line: comments go, blanks become one, long ones are cut. */
static const char *one_line(struct session *s, uint32_t start, uint32_t end, size_t most)
{
	static const bool special[256] = { [0 ... ' '] = true, ['#'] = true, ['\\'] = true, [0x7f] = true };
	char out[SOURCE_BYTES + 8];
	size_t n = 0;
	uint32_t plain = start;

	/* Most are short, on one line, and have single blanks. */
	end = end < s->length ? end : (uint32_t)s->length;
	while (plain < end && (!special[(unsigned char)s->text[plain]] || (s->text[plain] == ' ' && plain + 1 < end && s->text[plain + 1] != ' ')))
		plain++;
	if (plain == end && end - start < most)
		return arena_text(&s->results, s->text + start, end - start);
	for (uint32_t i = start; i < end && i < s->length; i++) {
		unsigned char c = (unsigned char)s->text[i];
		if (c == '#' && memchr(s->text + start, '\n', end - start)) {
			while (i < end && s->text[i] != '\n')
				i++;
			continue;
		}
		if (c == '\n' || c == '\r' || c == '\t' || c == ' ' || c == '\\') {
			if (c == '\\' && i + 1 < end && s->text[i + 1] != '\n') {
				out[n++] = (char)c;
			} else if (n > 0 && out[n - 1] != ' ' && (c == ' ' || !strchr("([{", out[n - 1])))
				out[n++] = ' ';
		} else if (c >= ' ' && c != 0x7f) {
			out[n++] = (char)c;
		}
		if (n >= most) {
			while (n > 0 && ((unsigned char)out[n - 1] & 0xc0) == 0x80)
				n--;
			if (n > 0 && (unsigned char)out[n - 1] >= 0xc0)
				n--;
			memcpy(out + n, "...", 3); /* NOLINT(bugprone-not-null-terminated-result): its length goes with it */
			n += 3;
			break;
		}
	}
	while (n > 0 && out[n - 1] == ' ')
		n--;
	return arena_text(&s->results, out, n);
}

const char *node_text(struct session *s, const struct node *node)
{
	enum { SHORT = 60 };
	uint32_t length = node->end - node->start;
	/* That of a name is there already. */
	const struct name_entry *entry = node->kind == NODE_NAME && length < SHORT ? names_find(&s->names, s->text + node->start, length) : NULL;

	/* An operand is shown without the brackets around it. */
	return entry ? entry->name : one_line(s, node->text_start, node->end, SHORT);
}

const char *text_to_follow(struct session *s, const char *text)
{
	size_t n = strlen(text), depth = 0;
	bool plain = n > 0 && !(text[0] >= '0' && text[0] <= '9');

	/* Cut, or an operand that the program has no words for: operand_text(). */
	if ((n > 3 && strcmp(text + n - 3, "...") == 0) || strcmp(text, "an unnamed array") == 0)
		return NULL;
	for (size_t i = 0; i < n && plain; i++) {
		char c = text[i];
		if (strchr("([{", c))
			depth++;
		else if (strchr(")]}", c))
			depth--;
		else
			plain = depth > 0 || c == '_' || c == '.' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
	}
	return plain ? text : say(s, "(%s)", text);
}

/* ---- steps ---- */

void step_add(struct session *s, const struct node *node, uint32_t source_start, struct value *result)
{
	struct tale *tale = &s->tale;
	struct array *array = result && result->kind == VALUE_ARRAY ? as_array(result) : NULL;

	if (s->hidden || (!array && s->step_allocated == 0 && tale->kind == STEP_NONE)) {
		s->step_allocated = s->step_hidden = 0;
		return;
	}
	if (++s->total_steps > INSPECT_MOST_STEPS) {
		raise_at(s, node, "ValueError", "more than %d steps: inspect the program in parts", INSPECT_MOST_STEPS);
		return;
	}
	struct inspect_step *item = session_more(s->steps.item, s->steps.count, &s->steps.room, sizeof *item);
	if (!item) {
		no_memory(s);
		return;
	}
	s->steps.item = item;
	struct inspect_step *step = &item[s->steps.count++];
	*step = (struct inspect_step){
		.source = node->kind == NODE_NAME ? node_text(s, node) : one_line(s, source_start == node->start ? node->text_start : source_start, node->end, 60), .line = (int)node->start_line, .column = (int)node->start_column, .kind = tale->kind, .what = tale->what, .of = tale->of, .why = tale->why,
		.avoid = tale->avoid, .lesson = tale->lesson, .allocated_bytes = s->step_allocated, .hidden_bytes = s->step_hidden, .surprising = tale->surprising,
	};
	if (source_start != node->start) {
		/* What follows on an object begins with its dot or bracket. */
		const struct node *word = node->kind == NODE_CALL ? node->a : node;
		step->line = (int)word->line;
		step->column = (int)word->column - (word->kind == NODE_ATTRIBUTE);
	}
	if (step->kind == STEP_NONE)
		step->kind = !result ? STEP_NONE : array ? STEP_NEW : result->kind == VALUE_UNKNOWN ? STEP_UNKNOWN : STEP_SCALAR;
	if (array) {
		step->array = describe_array(s, array);
	} else if (result && result->kind != VALUE_UNKNOWN && result->kind != VALUE_NONE && !(value_is_sequence(result) && result->seq.parts > SHOWN_PARTS)) {
		struct text text = { 0 };
		if (value_print(result, &text) && text.length < 400)
			step->value = arena_text(&s->results, text_string(&text), text.length);
		text_release(&text);
		if (step->kind == STEP_SCALAR && !step->what && result->kind != VALUE_INT && result->kind != VALUE_FLOAT && result->kind != VALUE_SCALAR)
			step->what = result->kind == VALUE_FLAGS ? "flags: print() shows them" : value_words(result);
	}
	s->step_allocated = s->step_hidden = 0;
	*tale = (struct tale){ 0 };
}

/* ---- statements ---- */

static const char *bound_text(struct session *s, const struct bound_name *bound)
{
	struct text text = { 0 };
	int count = 0;
	for (; bound; bound = bound->next, count++) {
		if (count == 8) {
			text_add(&text, " and more");
			break;
		}
		text_add(&text, count == 0 ? "" : bound->next ? ", " : " and ");
		text_addf(&text, "'%.*s'", (int)(bound->end - bound->start < 60 ? bound->end - bound->start : 60), s->text + bound->start);
	}
	const char *out = arena_text(&s->results, text_string(&text), text.length);
	text_release(&text);
	return out;
}

/* Of those that are only touched, what is no list stays as it is. */
static struct bound_name *without_untouched(struct session *s, struct bound_name *bound)
{
	struct bound_name *first = NULL, **link = &first;

	for (struct bound_name *next; bound; bound = next) {
		const struct name_entry *entry = bound->touched ? names_find(&s->names, s->text + bound->start, bound->end - bound->start) : NULL;
		next = bound->next;
		if (bound->touched && !(entry && entry->value && entry->value->kind == VALUE_LIST))
			continue;
		bound->next = NULL;
		*link = bound;
		link = &bound->next;
	}
	return first;
}

static void skip_statement(struct session *s, const struct statement *statement)
{
	const struct bound_name *all = without_untouched(s, statement->bound);

	for (const struct bound_name *bound = all; bound; bound = bound->next)
		names_set(s, s->text + bound->start, bound->end - bound->start, value_unknown(s));
	if (all)
		add_gap(s, statement->line, statement->column, say(s, "%s: %s %s unknown from here on", statement->message, bound_text(s, all), all->next ? "are" : "is"));
	else
		add_gap(s, statement->line, statement->column, statement->message);
}

/* Arrays that are alive now are what the program works on. */
static void mark_input(struct session *s)
{
	for (size_t i = 0; i < s->names.count; i++) {
		struct value *value = s->names.entry[i]->value;
		if (value && value->kind == VALUE_ARRAY)
			as_array(value)->buffer->input = true;
	}
}

static void remember(struct session *s, struct array *array)
{
	s->last = s->steps.count > 0 && s->steps.item[s->steps.count - 1].array && s->steps.item[s->steps.count - 1].kind != STEP_INPLACE ? s->steps.item[s->steps.count - 1].array : describe_array(s, array);
	s->last_geom = *array->geom;
	s->last_object = array;
	s->last_buffer = array->buffer->id;
	s->last_base = NULL;
	if (array->base) {
		s->last_base = describe_array(s, array->base);
		s->last_base_geom = *array->base->geom;
	}
}

/* What is found out about a statement goes to the result. NULL: no memory. */
static struct inspect_statement *add_statement(struct session *s, const struct statement *statement, const char *target)
{
	const struct inspect_statement **statements = session_more((void *)s->result.statements, s->result.nstatements, &s->statements_room, sizeof *statements);
	if (!statements)
		return no_memory(s);
	s->result.statements = statements;
	struct inspect_statement *told = arena_alloc(&s->results, sizeof *told);
	*told = (struct inspect_statement){
		.line = (int)statement->line, .column = (int)statement->column, .source = one_line(s, statement->start, statement->end, SOURCE_BYTES - 16), .target = target,
		.kind = statement->kind == STATEMENT_UNFOLLOWED ? STEP_UNKNOWN : STEP_NONE, .nsteps = s->steps.count, .witness = s->witness,
	};
	if (s->steps.count > 0) {
		struct inspect_step *steps = arena_alloc(&s->results, s->steps.count * sizeof *steps);
		if (steps && !s->results.failed)
			memcpy(steps, s->steps.item, s->steps.count * sizeof *steps);
		told->steps = steps;
	}
	if (s->results.failed)
		return no_memory(s);
	statements[s->result.nstatements++] = told;
	return told;
}

/* One statement. False: an error. */
static bool follow(struct session *s, const struct statement *statement)
{
	int64_t counted = s->counted, allocated = s->allocated;
	struct inspect_statement *told = NULL;
	const char *target = NULL;
	struct value *value = NULL;

	s->counted_peak = s->counted;
	s->steps.count = 0;
	s->step_allocated = s->step_hidden = 0;
	s->gap = s->failed = false;
	s->witness = NULL;
	s->tale = (struct tale){ 0 };
	bool ok = true;
	if (statement->kind == STATEMENT_UNFOLLOWED)
		skip_statement(s, statement);
	else
		ok = statement_follow(s, statement, &target, &value);
	if (!s->hidden && ok)
		told = add_statement(s, statement, target);
	if (told && statement->kind != STATEMENT_UNFOLLOWED)
		explain_statement(s, told, value);
	if (ok && value && value->kind == VALUE_ARRAY && !s->hidden)
		remember(s, as_array(value));
	value_release(value);
	if (!s->had_input && s->allocated > allocated && !s->hidden) {
		mark_input(s);
		s->had_input = true;
	}
	if (s->hidden)
		mark_input(s);
	if (told) {
		told->allocated_bytes = s->allocated - allocated;
		told->peak_bytes = s->counted_peak - counted;
		told->kept_bytes = s->counted - counted;
		told->live_bytes = s->live;
	}
	s->result.peak_bytes = s->peak;
	s->result.live_bytes = s->live;
	s->result.allocated_bytes = s->allocated;
	return ok;
}

static int feed(struct session *s, const char *text, size_t length, bool hidden)
{
	struct parser parser;
	struct statement statement;
	int status = 0;

	s->text = text;
	s->length = length;
	s->hidden = hidden;
	s->result.error = NULL;
	s->statement = hidden ? -1 : (int)s->result.nstatements;
	s->at = NULL;
	if (length > INSPECT_MOST_SOURCE || s->source_bytes + length > INSPECT_MOST_SOURCE) {
		s->failed = false;
		set_error(s, "ValueError", "a program of more than 4 MiB: inspect it in parts", 0, 0, s->next_line, 1);
		s->text = NULL;
		return -1;
	}
	s->source_bytes += length;
	parser_init(&parser, &s->tree, text, length, hidden ? 1 : s->next_line);
	for (;;) {
		arena_clear(&s->tree);
		s->statement = hidden ? -1 : (int)s->result.nstatements;
		s->at = NULL;
		s->failed = false;
		if (!parser_next(&parser, &statement)) {
			set_error(s, parser.error_type, parser.error, parser.error_start, parser.error_end, parser.error_line, parser.error_column);
			status = -1;
			break;
		}
		if (statement.kind == STATEMENT_END)
			break;
		bool ok = follow(s, &statement);
		if (s->out_of_memory || s->results.failed || s->tree.failed) {
			s->result.error = NULL;
			ok = false;
		}
		if (!ok) {
			status = -1;
			break;
		}
	}
	if (!hidden)
		for (size_t i = 0; i < length; i++)
			s->next_line += text[i] == '\n';
	s->text = NULL;
	s->length = 0;
	s->at = NULL;
	return status;
}

int inspect_feed(struct inspect_session *session, const char *text, size_t length)
{
	return feed((struct session *)session, text, length, false);
}

int inspect_let(struct inspect_session *session, const char *text, size_t length)
{
	return feed((struct session *)session, text, length, true);
}

bool inspect_is_whole(const char *text, size_t length)
{
	struct lexer lexer;
	struct token token;
	bool block = false, first = true;
	size_t last_line = 0;

	for (size_t i = 0; i + 1 < length; i++)
		if (text[i] == '\n')
			last_line = i + 1;
	lexer_init(&lexer, text, length, 1);
	do {
		lexer_next(&lexer, &token);
		if (first && token.kind == TOKEN_NAME) {
			static const char *const words[] = { "for", "while", "if", "try", "with", "def", "class", "async" };
			for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
				if (strlen(words[i]) == token.end - token.start && memcmp(text + token.start, words[i], token.end - token.start) == 0)
					block = true;
		}
		first = false;
		if (token.kind == TOKEN_ERROR)
			return !(strstr(lexer.message, "triple quotes"));
	} while (token.kind != TOKEN_END);
	if (lexer.depth > 0 || (length >= 1 && text[length - 1] == '\\') || (length >= 2 && text[length - 1] == '\n' && text[length - 2] == '\\'))
		return false;
	/* A block ends with an empty line. */
	size_t at = last_line;
	while (at < length && strchr(" \t\r\n", text[at]) && text[at])
		at++;
	return !block || at == length;
}

/* ---- what is left in the end ---- */

const struct inspect_array *inspect_last(const struct inspect_session *session, struct nd_geom *out_geom)
{
	const struct session *s = (const struct session *)session;
	if (s->last)
		*out_geom = s->last_geom;
	return s->last;
}

const struct inspect_array *inspect_last_source(const struct inspect_session *session, struct nd_geom *out_geom, const char **out_name)
{
	struct session *s = (struct session *)session;
	*out_name = NULL;
	if (!s->last)
		return NULL;
	for (size_t i = 0; i < s->names.count; i++) {
		struct value *value = s->names.entry[i]->value;
		if (!value || value->kind != VALUE_ARRAY || as_array(value)->buffer->id != s->last_buffer || value == s->last_object)
			continue;
		*out_name = s->names.entry[i]->name;
		*out_geom = *as_array(value)->geom;
		return describe_array(s, as_array(value));
	}
	if (s->last_base)
		*out_geom = s->last_base_geom;
	return s->last_base;
}
