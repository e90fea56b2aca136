/* SPDX-License-Identifier: MIT */
/*
 * The footnotes of the compare screen: where a sentence about a way turns. They are counted anew from the lessons before, so that nothing is
 * remembered between two calls.
 */

#include "report/style.h"
#include "report/table.h"

#include <stdlib.h>
#include <string.h>

static bool has_note(const struct lesson_result *lesson, const struct variant_result *way)
{
	for (size_t i = 0; i < lesson->nclaims; i++)
		if (lesson->claims[i].note != NULL && style_is_about(&lesson->claims[i], way))
			return true;
	return false;
}

size_t table_note_number(const struct results *results, size_t lesson, size_t way)
{
	size_t number = 0;
	if (results->lessons[lesson].judged_facts != NULL || !has_note(&results->lessons[lesson], &results->lessons[lesson].variants[way]))
		return 0;
	for (size_t l = 0; l <= lesson; l++)
		for (size_t w = 0; (l < lesson || w <= way) && w < results->lessons[l].nvariants; w++)
			number += results->lessons[l].judged_facts == NULL && has_note(&results->lessons[l], &results->lessons[l].variants[w]);
	return number;
}

static void note_text(const struct lesson_result *lesson, const struct variant_result *way, struct text *out)
{
	bool first = true;
	for (size_t i = 0; i < lesson->nclaims; i++) {
		const struct claim_result *claim = &lesson->claims[i];
		if (claim->note == NULL || !style_is_about(claim, way))
			continue;
		text_addf(out, "%s%s", first ? "" : "; ", claim->note);
		first = false;
	}
}

void table_notes(const struct report_options *options, const struct results *results)
{
	size_t count = 0, left = 0, right = 0, width = style_width(options);
	for (size_t l = 0; l < results->nlessons; l++)
		for (size_t w = 0; w < results->lessons[l].nvariants; w++)
			count += table_note_number(results, l, w) > 0;
	if (count == 0)
		return;
	char **lines = calloc(count, sizeof *lines);
	if (lines == NULL)
		return;
	for (size_t l = 0; l < results->nlessons; l++) {
		for (size_t w = 0; w < results->lessons[l].nvariants; w++) {
			size_t number = table_note_number(results, l, w);
			struct text text = { 0 };
			if (number == 0)
				continue;
			text_addf(&text, "%zu ", number);
			note_text(&results->lessons[l], &results->lessons[l].variants[w], &text);
			lines[number - 1] = text_take(&text);
		}
	}
	size_t half = (count + 1) / 2;
	for (size_t i = 0; i < count; i++) {
		size_t columns = lines[i] != NULL ? text_width(lines[i]) : 0, *side = i < half ? &left : &right;
		*side = columns > *side ? columns : *side;
	}
	fputc('\n', options->stream);
	bool two = count > 1 && left + 2 + right <= width;
	for (size_t i = 0; i < (two ? half : count); i++) {
		const char *line = lines[i] != NULL ? lines[i] : "";
		if (!two) {
			style_paragraph(options, STYLE_PLAIN, "", line, strcspn(line, " ") + 1);
			continue;
		}
		fputs(line, options->stream);
		if (i + half < count && lines[i + half] != NULL) {
			style_spaces(options, left + 2 - text_width(line));
			fputs(lines[i + half], options->stream);
		}
		fputc('\n', options->stream);
	}
	for (size_t i = 0; i < count; i++)
		free(lines[i]);
	free(lines);
}
