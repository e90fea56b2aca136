/* SPDX-License-Identifier: MIT */
/* CSV: a header line, then one line for each way. Quoted as RFC 4180 says: a field with a comma, a quote or a line's end, its quotes doubled. */

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

static void begin(const struct report_options *options, const struct results *results)
{
	(void)results;
	for (size_t c = 0; c < rows_columns(); c++) {
		struct text name = { 0 };
		rows_name(c, &name);
		fputs(c > 0 ? "," : "", options->stream);
		field(options->stream, text_string(&name));
		text_release(&name);
	}
	fputc('\n', options->stream);
}

static void lesson(const struct report_options *options, const struct results *results, size_t index)
{
	const struct lesson_result *done = &results->lessons[index];
	for (size_t i = 0; i < done->nvariants; i++) {
		for (size_t c = 0; c < rows_columns(); c++) {
			struct text value = { 0 };
			rows_value(done, &done->variants[i], c, &value);
			fputs(c > 0 ? "," : "", options->stream);
			field(options->stream, text_string(&value));
			text_release(&value);
		}
		fputc('\n', options->stream);
	}
}

const struct report_format report_csv = {
	.name = "csv",
	.help = "one line a way, for spreadsheets and scripts",
	.begin = begin,
	.lesson = lesson,
};
