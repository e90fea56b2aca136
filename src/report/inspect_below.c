/* SPDX-License-Identifier: MIT */
/* What stands below the statements: what the program prints, where NumPy's own tests mislead, who shares bytes, what was not followed, and the totals. */

#include "report/inspect_parts.h"

#include "report/inspect_words.h"

#include "base/result.h"
#include "base/units.h"

#include <string.h>

enum { SHARES_MOST = 24, TESTS_MOST = 6, GAPS_MOST = 50, PRINTED_MOST = 200, WITNESSES_MOST = 12 };

static void more(const struct report_options *options, size_t count, const char *what)
{
	if (count > 0)
		fprintf(options->stream, "  and %zu more%s: --format json has all of them\n", count, what);
}

static void printed(const struct report_options *options, const struct inspection *found, size_t from)
{
	size_t end = found->nprinted;
	if (from >= end)
		return;
	style_put(options, STYLE_HEAD, "\nIt prints\n");
	for (size_t i = from; i < end && i - from < PRINTED_MOST; i++)
		style_paragraph(options, STYLE_PLAIN, "  ", found->printed[i], 4);
	more(options, end - from > PRINTED_MOST ? end - from - PRINTED_MOST : 0, " lines");
}

/* The same answer with the same remark is told once. */
static void misleading(const struct report_options *options, const struct inspection *found, size_t from)
{
	size_t shown = 0, unsaid = 0;
	struct text text = { 0 }, remark = { 0 };
	struct inspect_test tests[INSPECT_TESTS];
	for (size_t i = from; i < found->nstatements; i++) {
		const struct inspect_statement *statement = found->statements[i];
		size_t ntests = inspect_tests(statement, tests);
		for (size_t k = 0; k < ntests; k++) {
			const struct inspect_test *test = &tests[k];
			if (!test->wrong)
				continue;
			if (shown == TESTS_MOST) {
				unsaid++;
				continue;
			}
			if (shown++ == 0)
				style_put(options, STYLE_HEAD, "\nWhere NumPy's own tests mislead\n");
			inspect_clear(&text);
			inspect_clear(&remark);
			text_addf(&text, "line %d: ", statement->line);
			inspect_test_question(&text, statement, test);
			text_addf(&text, " is %s, which says %s: WRONG", inspect_test_answer(test), inspect_test_says(test));
			if (inspect_test_remark(&remark, statement, test))
				text_addf(&text, " (%s)", text_string(&remark));
			style_paragraph(options, STYLE_PLAIN, "  ", text_string(&text), 4);
		}
	}
	more(options, unsaid, "");
	text_release(&text);
	text_release(&remark);
}

static void witnesses(const struct report_options *options, const struct inspection *found, size_t from)
{
	size_t shown = 0, unsaid = 0;
	struct text text = { 0 };
	for (size_t i = from; i < found->nstatements; i++) {
		const struct inspect_statement *statement = found->statements[i];
		if (statement->witness == NULL)
			continue;
		if (shown == WITNESSES_MOST) {
			unsaid++;
			continue;
		}
		if (shown++ == 0)
			style_put(options, STYLE_HEAD, "\nWhat was asked about shared bytes\n");
		inspect_clear(&text);
		text_addf(&text, "line %d: %s", statement->line, statement->witness);
		style_paragraph(options, STYLE_PLAIN, "  ", text_string(&text), 4);
	}
	more(options, unsaid, "");
	text_release(&text);
}

/* "a with b, c; b with c": pairs are sorted by their first. */
static void shares(const struct report_options *options, const struct inspection *found)
{
	struct text text = { 0 };
	size_t shown = found->nshares < SHARES_MOST ? found->nshares : SHARES_MOST;
	for (size_t i = 0; i < shown; i++) {
		const int *pair = found->shares[i];
		const char *first = found->arrays[pair[0]].name, *second = found->arrays[pair[1]].name;
		if (i > 0 && found->shares[i - 1][0] == pair[0])
			text_addf(&text, ", %s", second);
		else
			text_addf(&text, "%s%s with %s", i > 0 ? "; " : "", first, second);
	}
	if (found->nshares > shown)
		text_addf(&text, "; and %s%zu pairs more: --format json has %s", found->shares_cut ? "more than " : "", found->nshares - shown, found->shares_cut ? "more of them" : "all of them");
	else if (found->shares_cut)
		text_add(&text, "; and more pairs, or some that were too hard to tell");
	if (text.length > 0)
		style_paragraph(options, STYLE_PLAIN, "Share bytes  ", text_string(&text), strlen("Share bytes  "));
	text_release(&text);
}

static void totals(const struct report_options *options, const struct inspection *found)
{
	char allocated[UNITS_TEXT], peak[UNITS_TEXT], live[UNITS_TEXT], line[200];
	snprintf(line, sizeof line, "%s allocated in all; peak %s; %s live at the end", units_bytes((double)found->allocated_bytes, allocated),
	         units_bytes((double)found->peak_bytes, peak), units_bytes((double)found->live_bytes, live));
	style_paragraph(options, STYLE_PLAIN, "Arrays       ", line, strlen("Arrays       "));
}

static void gaps(const struct report_options *options, const struct inspection *found, size_t from, bool is_prompt)
{
	if (is_prompt) {
		for (size_t i = from; i < found->ngaps; i++)
			style_paragraph(options, STYLE_MARK, "Not followed: ", found->gaps[i].message, 2);
		return;
	}
	char lead[64];
	size_t end = found->ngaps;
	if (from < end)
		style_put(options, STYLE_HEAD, "\nNot followed\n");
	for (size_t i = from; i < end && i - from < GAPS_MOST; i++) {
		if (found->gaps[i].column > 1)
			snprintf(lead, sizeof lead, "  line %d, column %d: ", found->gaps[i].line, found->gaps[i].column);
		else
			snprintf(lead, sizeof lead, "  line %d: ", found->gaps[i].line);
		style_paragraph(options, STYLE_MARK, lead, found->gaps[i].message, 4);
	}
	more(options, end - (from < end ? from : end) > GAPS_MOST ? end - from - GAPS_MOST : 0, "");
}

void inspect_below(const struct report_options *options, const struct inspection *found, struct inspect_mark from, bool is_prompt, bool is_told)
{
	bool is_table = from.statements < found->nstatements;
	if (!options->brief)
		printed(options, found, from.printed);
	if (!options->brief && is_table && !is_prompt && !is_told) {
		misleading(options, found, from.statements);
		witnesses(options, found, from.statements);
	}
	gaps(options, found, from.gaps, is_prompt);
	if (!options->brief && from.notes < found->nnotes) {
		fputc('\n', options->stream);
		for (size_t i = from.notes; i < found->nnotes; i++)
			style_paragraph(options, STYLE_DIM, "Note         ", found->notes[i], strlen("Note         "));
	}
	if (is_prompt || is_told || !is_table)
		return;
	fputc('\n', options->stream);
	if (!options->brief)
		shares(options, found);
	totals(options, found);
}
