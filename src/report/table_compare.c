/* SPDX-License-Identifier: MIT */
/*
 * The compare screen: one table over lessons, each printed as soon as it is done, so its columns are fixed before anything is known. A number that
 * is wider than its place pushes the next ones only as far as it must.
 */

#include "report/columns.h"
#include "report/table.h"

#include "base/metric.h"
#include "base/text.h"
#include "base/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of a wide page, between the time and the ratio: as many as it holds, all with --wide. */
static const struct {
	const char *heading, *metric;
} extra[] = {
	{ "kept", "heap.kept_bytes" }, { "copied", "heap.copied_bytes" },   { "RSS", "resident.peak_bytes" },
	{ "floor", "time.floor_ns" },  { "allocs", "heap.allocations" },
};
enum { EXTRAS = sizeof extra / sizeof extra[0], EXTRA_WIDTH = 8, FULL = 80, SLACK_MOST = 10 };

/* Columns where words start, and where numbers end. */
struct page {
	const struct report_options *options;
	size_t ways, makes_end, peak_end, time_end, ratio, ratio_end, interval_end, verdicts;
	bool two_lines; /* a narrow page: the ratio and the verdict stand below the way */
	size_t extras;
	size_t at; /* columns printed of this line */
};

static struct page page_of(const struct report_options *options)
{
	size_t width = style_width(options);
	bool wide = style_wide(options);
	if (width < FULL && !wide)
		return (struct page){ .options = options, .ways = 2, .makes_end = 23, .peak_end = 32, .time_end = 40, .ratio = 4, .ratio_end = 16,
			              .interval_end = 23, .verdicts = 25, .two_lines = true };
	size_t fit = width > FULL ? (width - FULL) / (EXTRA_WIDTH + 1) : 0;
	size_t extras = !wide ? 0 : options->wide || fit > EXTRAS ? EXTRAS : fit;
	size_t taken = FULL + extras * (EXTRA_WIDTH + 1);
	size_t slack = width > taken ? width - taken : 0;
	slack = slack > SLACK_MOST ? SLACK_MOST : slack;
	size_t left = slack, right = slack + taken - FULL;
	return (struct page){ .options = options, .ways = 12, .makes_end = 33 + left, .peak_end = 41 + left, .time_end = 49 + left, .ratio = 50 + right,
		              .ratio_end = 64 + right, .interval_end = 70 + right, .verdicts = 72 + right, .extras = extras };
}

/* ---- placing words ---- */

static void go_to(struct page *page, size_t column)
{
	if (page->at > 0 && column <= page->at)
		column = page->at + 1;
	style_spaces(page->options, column - page->at);
	page->at = column;
}

static void put_from(struct page *page, size_t column, enum style style, const char *text)
{
	if (*text == '\0')
		return;
	go_to(page, column);
	style_put(page->options, style, text);
	page->at += text_width(text);
}

static void put_until(struct page *page, size_t column, enum style style, const char *text)
{
	size_t width = text_width(text);
	put_from(page, column > width ? column - width : 0, style, text);
}

static void end_line(struct page *page)
{
	fputc('\n', page->options->stream);
	page->at = 0;
}

/* ---- the page's verdict about one way ---- */

/* Of several sentences about a way the least favourable counts; one that the lesson did not expect is marked. */
static bool verdict(const struct lesson_result *lesson, const struct variant_result *way, enum claim_verdict *out_verdict, bool *out_unexpected)
{
	bool found = false;
	*out_verdict = CLAIM_HOLDS;
	*out_unexpected = false;
	for (size_t i = 0; i < lesson->nclaims; i++) {
		const struct claim_result *claim = &lesson->claims[i];
		if (!style_is_about(claim, way))
			continue;
		found = true;
		*out_unexpected = *out_unexpected || style_unexpected(claim);
		if (claim->verdict == CLAIM_FAILS || *out_verdict == CLAIM_HOLDS)
			*out_verdict = claim->verdict;
	}
	return found;
}

/* The verdict and the number of the note below; on a line of their own where wide numbers have left them no room. */
static void put_verdict(struct page *page, const struct results *results, size_t lesson, size_t way)
{
	enum claim_verdict worst = CLAIM_HOLDS;
	bool unexpected = false;
	char word[COLUMN_TEXT] = "", note[COLUMN_TEXT] = "";
	if (verdict(&results->lessons[lesson], &results->lessons[lesson].variants[way], &worst, &unexpected))
		snprintf(word, sizeof word, "%s%s", worst == CLAIM_HOLDS ? "holds" : worst == CLAIM_FAILS ? "fails" : "open", unexpected ? "!" : "");
	size_t number = table_note_number(results, lesson, way);
	if (number > 0)
		snprintf(note, sizeof note, "%zu", number);
	size_t needed = text_width(word) + (*word != '\0' && *note != '\0') + text_width(note);
	if (needed == 0)
		return;
	if (page->at + 1 + needed > style_width(page->options))
		end_line(page);
	put_from(page, page->verdicts, style_of_verdict(worst), word);
	put_from(page, *word != '\0' ? 0 : page->verdicts, STYLE_PLAIN, note);
}

/* ---- rows ---- */

static void put_wrapped(struct page *page, enum style style, const char *words)
{
	struct text text = { 0 };
	style_wrap(&text, words, page->at, page->ways + 2, style_width(page->options));
	style_lines(page->options, style, text_string(&text));
	page->at = 0;
	text_release(&text);
}

static void put_number(struct page *page, size_t end, const char *metric, const struct variant_result *way)
{
	struct column column = { .context = metric_find(metric) };
	struct cell cell = { .style = STYLE_PLAIN };
	cell_metric(&column, way, &cell);
	put_until(page, end, STYLE_PLAIN, cell.text);
}

static void put_ratio(struct page *page, const struct variant_result *way)
{
	struct cell ratio = { .style = STYLE_PLAIN }, interval = { .style = STYLE_PLAIN };
	if (style_is_baseline(way) || !isfinite(way->time.median_ns))
		return;
	cell_ratio(NULL, way, &ratio);
	cell_interval(NULL, way, &interval);
	if (way->ratio.resolved == 0) {
		put_from(page, page->ratio, STYLE_PLAIN, ratio.text);
		return;
	}
	put_until(page, page->ratio_end, STYLE_PLAIN, ratio.text);
	put_until(page, page->interval_end, STYLE_PLAIN, interval.text);
}

static void row(struct page *page, const struct results *results, size_t lesson, size_t index)
{
	const struct variant_result *way = &results->lessons[lesson].variants[index];
	struct cell name = { .style = STYLE_PLAIN };
	cell_way(NULL, way, &name);
	put_from(page, page->ways, STYLE_PLAIN, name.text);
	if (way->status != RESULT_OK) {
		char *why = table_failure(way);
		go_to(page, page->ways + 14);
		put_wrapped(page, STYLE_MARK, why != NULL ? why : "");
		free(why);
		return;
	}
	put_number(page, page->makes_end, "heap.asked_bytes", way);
	put_number(page, page->peak_end, "heap.peak_asked_bytes", way);
	put_number(page, page->time_end, "time.median_ns", way);
	for (size_t i = 0; i < page->extras; i++)
		put_number(page, page->time_end + (i + 1) * (EXTRA_WIDTH + 1), extra[i].metric, way);
	if (page->two_lines)
		end_line(page);
	put_ratio(page, way);
	put_verdict(page, results, lesson, index);
	if (page->at > 0)
		end_line(page);
	if (way->prediction_missed) {
		char *text = table_missed(way);
		go_to(page, page->ways + 2);
		put_wrapped(page, STYLE_MARK, text != NULL ? text : "");
		free(text);
	}
}

/* One row for a truth table: how often each of NumPy's tests is right. */
static void truth(struct page *page, const struct lesson_result *lesson)
{
	struct text text = { 0 };
	text_addf(&text, "%zu arrays  ", table_count_told(lesson));
	for (const char *const *fact = lesson->judged_facts; *fact != NULL; fact++)
		text_addf(&text, "%s%s %zu%s", fact == lesson->judged_facts ? "" : ", ", *fact, table_count_right(lesson, *fact),
		          fact == lesson->judged_facts ? " right" : "");
	go_to(page, page->ways);
	put_wrapped(page, STYLE_PLAIN, text_string(&text));
	text_release(&text);
}

/* ---- the screen ---- */

void table_compare_begin(const struct report_options *options, const struct results *results)
{
	struct page page = page_of(options);
	struct text text = { 0 };
	size_t lessons = options->lessons_total > 0 ? options->lessons_total : results->nlessons;
	text_addf(&text, "%zu lesson%s", lessons, lessons == 1 ? "" : "s");
	if (options->ways_selected > 0) {
		text_addf(&text, ", %zu", options->ways_selected);
		if (options->ways_total > options->ways_selected)
			text_addf(&text, " of %zu ways (all: --variants all)", options->ways_total);
		else
			text_add(&text, " ways");
	}
	text_add(&text, ". * baseline; +-: 95 % interval");
	if (results->host.numpy[0] != '\0')
		text_addf(&text, ". np: NumPy %s, %s, bytes with Python's own objects", results->host.numpy, results->host.python);
	style_paragraph(options, STYLE_PLAIN, "", text_string(&text), 0);
	text_release(&text);
	fputc('\n', options->stream);
	if (page.two_lines) {
		put_from(&page, 0, STYLE_HEAD, "lesson, way");
	} else {
		put_from(&page, 0, STYLE_HEAD, "lesson");
		put_from(&page, page.ways, STYLE_HEAD, "way");
	}
	put_until(&page, page.makes_end, STYLE_HEAD, "makes");
	put_until(&page, page.peak_end, STYLE_HEAD, "peak");
	put_until(&page, page.time_end, STYLE_HEAD, "time");
	for (size_t i = 0; i < page.extras; i++)
		put_until(&page, page.time_end + (i + 1) * (EXTRA_WIDTH + 1), STYLE_HEAD, extra[i].heading);
	if (page.two_lines)
		end_line(&page);
	put_until(&page, page.ratio_end, STYLE_HEAD, "against *");
	put_until(&page, page.interval_end, STYLE_HEAD, "+-");
	put_from(&page, page.verdicts, STYLE_HEAD, "the page");
	end_line(&page);
}

void table_compare_lesson(const struct report_options *options, const struct results *results, size_t index)
{
	const struct lesson_result *lesson = &results->lessons[index];
	struct page page = page_of(options);
	put_from(&page, 0, STYLE_HEAD, lesson->name);
	if (page.two_lines)
		end_line(&page);
	if (lesson->judged_facts != NULL) {
		truth(&page, lesson);
		return;
	}
	for (size_t i = 0; i < lesson->nvariants; i++)
		row(&page, results, index, i);
}

/* ---- the end ---- */

/* How the sentences came out, the time it took, and what went wrong. */
static void sum(const struct report_options *options, const struct results *results)
{
	size_t failures = 0, misses = 0, ways = 0;
	double elapsed = 0;
	struct text text = { 0 };
	for (size_t l = 0; l < results->nlessons; l++) {
		const struct lesson_result *lesson = &results->lessons[l];
		elapsed += lesson->elapsed_s > 0 ? lesson->elapsed_s : 0;
		ways += lesson->nvariants;
		for (size_t i = 0; i < lesson->nvariants; i++) {
			failures += lesson->variants[i].status != RESULT_OK;
			misses += lesson->variants[i].status == RESULT_OK && lesson->variants[i].prediction_missed;
		}
	}
	if (options->ways_selected == 0 && ways < options->ways_total)
		text_addf(&text, "%zu of %zu ways (all: --variants all).", ways, options->ways_total);
	if (elapsed > 0) {
		char seconds[UNITS_TEXT];
		text_addf(&text, "%s%s.", text.length > 0 ? " " : "", units_time(elapsed * 1e9, seconds));
	}
	table_verdicts(options, results->lessons, results->nlessons, text_string(&text));
	text_release(&text);
	if (failures + misses == 0)
		return;
	text_addf(&text, "! of %zu ways %zu did not finish, %zu made other bytes than predicted.", ways, failures, misses);
	style_paragraph(options, STYLE_MARK, "", text_string(&text), 2);
	text_release(&text);
}

void table_compare_end(const struct report_options *options, const struct results *results)
{
	table_notes(options, results);
	sum(options, results);
}
