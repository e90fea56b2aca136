/* SPDX-License-Identifier: MIT */
/* The rows of a program that inspect read: one for each statement, with the array that it leaves. */

#include "report/rows.h"

#include "report/inspect.h"
#include "report/inspect_parts.h"

#include "base/result.h"

typedef void fill(const struct rows_statement *, const struct inspect_step *last, struct text *out);

static void number(const struct rows_statement *row, const struct inspect_step *last, struct text *out)
{
	(void)last;
	rows_integer((int64_t)row->index, out);
}

static void line(const struct rows_statement *row, const struct inspect_step *last, struct text *out)
{
	(void)last;
	rows_integer(row->statement->line, out);
}

static void source(const struct rows_statement *row, const struct inspect_step *last, struct text *out)
{
	(void)last;
	rows_words(row->statement->source, out);
}

static void target(const struct rows_statement *row, const struct inspect_step *last, struct text *out)
{
	(void)last;
	rows_words(row->statement->target, out);
}

static void kind(const struct rows_statement *row, const struct inspect_step *last, struct text *out)
{
	(void)last;
	rows_words(step_kind_name(row->statement->kind), out);
}

static void of(const struct rows_statement *row, const struct inspect_step *last, struct text *out)
{
	(void)last;
	rows_words(row->statement->of, out);
}

static void shape(const struct rows_statement *row, const struct inspect_step *last, struct text *out)
{
	(void)row;
	if (last != NULL && last->array != NULL)
		inspect_shape(out, last->array);
}

static void strides(const struct rows_statement *row, const struct inspect_step *last, struct text *out)
{
	(void)row;
	if (last != NULL && last->array != NULL)
		inspect_strides(out, last->array);
}

static void dtype(const struct rows_statement *row, const struct inspect_step *last, struct text *out)
{
	(void)row;
	if (last != NULL && last->array != NULL)
		rows_words(last->array->dtype, out);
}

static void offset(const struct rows_statement *row, const struct inspect_step *last, struct text *out)
{
	(void)row;
	if (last != NULL && last->array != NULL)
		rows_integer(last->array->offset_bytes, out);
}

static void nbytes(const struct rows_statement *row, const struct inspect_step *last, struct text *out)
{
	(void)row;
	if (last != NULL && last->array != NULL)
		rows_integer(last->array->nbytes, out);
}

static void result(const struct rows_statement *row, const struct inspect_step *last, struct text *out)
{
	(void)row;
	if (last != NULL && last->array == NULL)
		rows_words(last->value, out);
}

static void allocated(const struct rows_statement *row, const struct inspect_step *last, struct text *out)
{
	(void)last;
	rows_integer(row->statement->allocated_bytes, out);
}

static void hidden(const struct rows_statement *row, const struct inspect_step *last, struct text *out)
{
	int64_t sum = 0;
	(void)last;
	for (size_t i = 0; i < row->statement->nsteps; i++)
		sum += row->statement->steps[i].hidden_bytes != RESULT_NONE ? row->statement->steps[i].hidden_bytes : 0;
	rows_integer(sum, out);
}

static void peak(const struct rows_statement *row, const struct inspect_step *last, struct text *out)
{
	(void)last;
	rows_integer(row->statement->peak_bytes, out);
}

static void kept(const struct rows_statement *row, const struct inspect_step *last, struct text *out)
{
	(void)last;
	inspect_integer(out, row->statement->kept_bytes); /* -1 is a number here */
}

static void live(const struct rows_statement *row, const struct inspect_step *last, struct text *out)
{
	(void)last;
	rows_integer(row->statement->live_bytes, out);
}

static void why(const struct rows_statement *row, const struct inspect_step *last, struct text *out)
{
	(void)last;
	rows_words(row->statement->why, out);
}

static void avoid(const struct rows_statement *row, const struct inspect_step *last, struct text *out)
{
	(void)row;
	if (last != NULL)
		rows_words(last->avoid, out);
}

static const struct {
	const char *name;
	fill *value;
	bool is_number;
} table[] = {
	{ "statement", number, true },
	{ "line", line, true },
	{ "source", source, false },
	{ "target", target, false },
	{ "kind", kind, false },
	{ "of", of, false },
	{ "shape", shape, false },
	{ "strides", strides, false },
	{ "dtype", dtype, false },
	{ "offset_bytes", offset, true },
	{ "nbytes", nbytes, true },
	{ "value", result, false },
	{ "allocated_bytes", allocated, true },
	{ "hidden_bytes", hidden, true },
	{ "peak_bytes", peak, true },
	{ "kept_bytes", kept, true },
	{ "live_bytes", live, true },
	{ "why", why, false },
	{ "avoid", avoid, false },
};

static size_t columns(void)
{
	return sizeof table / sizeof table[0];
}

static void name(size_t column, struct text *out)
{
	text_add(out, table[column].name);
}

static bool is_number(size_t column)
{
	return table[column].is_number;
}

static void value(const void *row, size_t column, struct text *out)
{
	const struct rows_statement *of_row = row;
	table[column].value(of_row, inspect_last_step(of_row->statement), out);
}

const struct rows rows_of_statements = {
	.columns = columns,
	.name = name,
	.is_number = is_number,
	.value = value,
};

void inspect_csv(const struct report_options *options, const struct inspection *found)
{
	csv_line(options->stream, &rows_of_statements, NULL);
	for (size_t i = 0; i < found->nstatements; i++)
		csv_line(options->stream, &rows_of_statements, &(struct rows_statement){ found->statements[i], i });
}

static void remark(FILE *stream, const char *lead, int at, const char *words)
{
	fprintf(stream, "\n%s", lead);
	if (at > 0)
		fprintf(stream, "line %d: ", at);
	markdown_escaped(stream, words);
	fputc('\n', stream);
}

void inspect_markdown(const struct report_options *options, const struct inspection *found)
{
	FILE *stream = options->stream;
	fputs("# memhint inspect\n", stream);
	markdown_head(stream, &rows_of_statements);
	for (size_t i = 0; i < found->nstatements; i++)
		markdown_row(stream, &rows_of_statements, &(struct rows_statement){ found->statements[i], i });
	for (size_t i = 0; i < found->ngaps; i++)
		remark(stream, "Not followed, ", found->gaps[i].line, found->gaps[i].message);
	for (size_t i = 0; i < found->nnotes; i++)
		remark(stream, "", 0, found->notes[i]);
	struct text text = { 0 };
	text_add(&text, "Arrays: ");
	inspect_bytes(&text, found->allocated_bytes, false);
	text_add(&text, " allocated in all, peak ");
	inspect_bytes(&text, found->peak_bytes, false);
	text_add(&text, ", live at the end ");
	inspect_bytes(&text, found->live_bytes, false);
	text_add(&text, ".");
	remark(stream, "", 0, text_string(&text));
	text_release(&text);
}
