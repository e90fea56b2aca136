/* SPDX-License-Identifier: MIT */
/*
 * The run screen: one lesson told whole, in the order in which a class asks. What is the job? What are the ways? What does each cost? Is the page
 * right? Why? Where does it turn? What next?
 *
 * Everything important is in 80 x 28; --brief leaves out what a teacher says aloud, and fits 80 x 23.
 */

#include "report/style.h"
#include "report/table.h"

#include "base/text.h"
#include "base/units.h"

#include <string.h>

/* "windows (pattern3): Stride Tricks for Sliding Windows          n=125K window=64" */
static void title(const struct report_options *options, const struct lesson_result *lesson)
{
	struct text left = { 0 }, params = { 0 };
	text_addf(&left, "%s (%s): %s", lesson->name, lesson->id, lesson->title);
	for (size_t i = 0; i < lesson->nparams; i++) {
		char value[UNITS_TEXT];
		text_addf(&params, "%s%s=%s", i > 0 ? " " : "", lesson->params[i].name, units_short(lesson->params[i].value, value));
	}
	size_t taken = text_width(text_string(&left)) + text_width(text_string(&params)), page = style_width(options);
	if (taken + 2 <= page) {
		style_put(options, STYLE_HEAD, text_string(&left));
		style_spaces(options, page - taken);
		fprintf(options->stream, "%s\n", text_string(&params));
	} else {
		style_paragraph(options, STYLE_HEAD, "", text_string(&left), 2);
		style_paragraph(options, STYLE_PLAIN, "", text_string(&params), 2);
	}
	text_release(&left);
	text_release(&params);
}

static void job(const struct report_options *options, const struct lesson_result *lesson)
{
	struct text text = { 0 };
	const char *words = lesson->job != NULL ? lesson->job : "";
	size_t length = strlen(words);
	text_add(&text, words);
	if (length > 0 && strchr(".:!?", words[length - 1]) == NULL)
		text_add(&text, ".");
	if (lesson->input != NULL)
		text_addf(&text, "%s%s", length > 0 ? " " : "", lesson->input);
	if (text.length > 0)
		style_paragraph(options, STYLE_PLAIN, length > 0 ? "Job: " : "", text_string(&text), 0);
	text_release(&text);
}

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

static size_t width_of(const char *string)
{
	return string != NULL ? text_width(string) : 0;
}

/* The way's NumPy line; "" where it stands above already (two settings of one line). */
static const char *numpy_line(const struct lesson_result *lesson, size_t way)
{
	const char *numpy = lesson->variants[way].numpy, *above = way > 0 ? lesson->variants[way - 1].numpy : NULL;
	return numpy == NULL || (above != NULL && strcmp(above, numpy) == 0) ? "" : numpy;
}

/* The name, the NumPy line and what it does: on one line where they fit, else what it does goes below the NumPy line. */
static void ways(const struct report_options *options, const struct lesson_result *lesson)
{
	size_t names = 0, lines = 0, whats = 0, page = style_width(options);
	for (size_t i = 0; i < lesson->nvariants; i++) {
		char name[STYLE_WAY];
		if (*numpy_line(lesson, i) != '\0' || !style_is_numpy(&lesson->variants[i]))
			names = larger(names, width_of(style_way(&lesson->variants[i], name)));
		if (*numpy_line(lesson, i) == '\0')
			continue;
		lines = larger(lines, width_of(lesson->variants[i].numpy));
		whats = larger(whats, width_of(lesson->variants[i].what));
	}
	size_t margin = 2 + names + 2;
	size_t column = margin + lines + 2; /* where what it does starts, if all fit */
	if (column + whats > page && page > whats)
		column = larger(page - whats, margin);
	for (size_t i = 0; i < lesson->nvariants; i++) {
		const struct variant_result *way = &lesson->variants[i];
		const char *numpy = numpy_line(lesson, i), *what = way->what != NULL ? way->what : "";
		if (*numpy == '\0' && way->numpy != NULL && (!style_wide(options) || style_is_numpy(way)))
			continue; /* the twin of the way above; or the same line in another setting: told below the ledger */
		char name[STYLE_WAY];
		fprintf(options->stream, "  %s", style_way(way, name));
		size_t at = 2 + text_width(name);
		if (*numpy != '\0') {
			if (margin + text_width(numpy) > page) {
				fputs("\n    ", options->stream);
				at = 4;
			} else {
				style_spaces(options, margin - at);
				at = margin;
			}
			if (at + text_width(numpy) <= page) {
				fputs(numpy, options->stream);
				at += text_width(numpy);
			} else { /* the narrowest pages: broken at its blanks, and nothing beside it */
				struct text broken = { 0 };
				style_wrap(&broken, numpy, at, at + 4, page);
				fprintf(options->stream, "%.*s", (int)broken.length - 1, text_string(&broken));
				text_release(&broken);
				at = page;
			}
		}
		if (*what != '\0') {
			size_t start = *numpy == '\0' ? margin : larger(column, at + 2);
			if (start + text_width(what) > page && at + 2 + text_width(what) <= page)
				start = at + 2;
			if (start + text_width(what) <= page) {
				style_spaces(options, start - at);
			} else {
				start = page >= 2 * margin ? margin : 4;
				fputc('\n', options->stream);
				style_spaces(options, start);
			}
			struct text indent = { 0 };
			style_wrap(&indent, what, start, start, page);
			fputs(text_string(&indent), options->stream);
			text_release(&indent);
		} else {
			fputc('\n', options->stream);
		}
		if (style_wide(options) && way->formula != NULL) {
			struct text lead = { 0 };
			text_addf(&lead, "%*smakes ", (int)margin, "");
			style_paragraph(options, STYLE_DIM, text_string(&lead), way->formula, margin + strlen("makes "));
			text_release(&lead);
		}
	}
}

static void told(const struct report_options *options, const char *lead, const char *text)
{
	if (text != NULL && *text != '\0')
		style_paragraph(options, STYLE_PLAIN, lead, text, strlen(lead));
}

void table_run_lesson(const struct report_options *options, const struct results *results, size_t index)
{
	const struct lesson_result *lesson = &results->lessons[index];
	bool truth = lesson->judged_facts != NULL;
	if (index > 0)
		fputc('\n', options->stream);
	title(options, lesson);
	if (!(truth && options->brief))
		job(options, lesson);
	if (!truth && !options->brief) {
		ways(options, lesson);
		fputc('\n', options->stream);
	}
	if (truth)
		table_truth(options, lesson);
	else
		table_ledger(options, lesson);
	if (truth && options->brief) {
		table_verdicts(options, lesson, 1, "");
	} else if (lesson->nclaims > 0) {
		fputc('\n', options->stream);
		table_claims(options, lesson);
	}
	if (options->brief)
		return;
	told(options, "Why   ", lesson->why);
	told(options, "Mind  ", lesson->mind);
	told(options, "Next  ", lesson->next);
}
