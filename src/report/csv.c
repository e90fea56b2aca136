/* SPDX-License-Identifier: MIT */
/*
 * CSV: a header line, then one line for each way; or, of programs, one line for each row of their ledgers. Quoted as RFC 4180 says: a field with a comma, a
 * quote or a line's end, its quotes doubled.
 */

#include "report/formats.h"
#include "report/rows.h"

#include <string.h>

static void field(FILE *stream, const char *value)
{
	if (strpbrk(value, ",\"\r\n") == NULL) {
		fputs(value, stream);
		return;
	}
	fputc('"', stream);
	for (const char *c = value; *c != '\0'; c++) {
		if (*c == '"')
			fputc('"', stream);
		fputc(*c, stream);
	}
	fputc('"', stream);
}

void csv_line(FILE *stream, const struct rows *rows, const void *row)
{
	for (size_t c = 0; c < rows->columns(); c++) {
		struct text value = { 0 };
		if (row == NULL)
			rows->name(c, &value);
		else
			rows->value(row, c, &value);
		fputs(c > 0 ? "," : "", stream);
		field(stream, text_string(&value));
		text_release(&value);
	}
	fputc('\n', stream);
}

static void begin(const struct report_options *options, const struct results *results)
{
	(void)results;
	csv_line(options->stream, options->screen == REPORT_EXEC ? &rows_of_programs : &rows_of_ways, NULL);
}

static void lesson(const struct report_options *options, const struct results *results, size_t index)
{
	const struct lesson_result *done = &results->lessons[index];
	for (size_t i = 0; i < done->nvariants; i++)
		csv_line(options->stream, &rows_of_ways, &(struct rows_way){ done, &done->variants[i] });
}

static void end(const struct report_options *options, const struct results *results)
{
	for (size_t p = 0; p < results->nprograms; p++) {
		const struct program_result *program = &results->programs[p];
		for (size_t i = 0; i < rows_lines(program); i++)
			csv_line(options->stream, &rows_of_programs, &(struct rows_line){ program, p + 1, rows_line(program, i) });
	}
}

const struct report_format report_csv = {
	.name = "csv",
	.help = "one line a way, for spreadsheets and scripts",
	.begin = begin,
	.lesson = lesson,
	.end = end,
};
