/* SPDX-License-Identifier: MIT */
/*
 * The ledger of a lesson: a row for each way, grouped by job, each job with its own baseline; bars for the time, of which '#' is making the
 * result and '.' using it. On a wide page, and with --wide, every other metric follows in further blocks, and the heap over the calls of make.
 *
 * Bars are scaled inside a job, since only there are times comparable.
 */

#include "report/columns.h"
#include "report/table.h"

#include "base/metric.h"
#include "base/text.h"
#include "base/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BARS_LEAST = 10, BARS_LEGEND = 13, BARS_MOST = 60, BASELINE_NAME = 8, NARROW = 48 };

/* From here on the first, cold run is worth a word. */
static const double COLD = 1.5;

static bool same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool is_first_of_job(const struct lesson_result *lesson, size_t way)
{
	for (size_t i = 0; i < way; i++)
		if (same(lesson->variants[i].job, lesson->variants[way].job))
			return false;
	return true;
}

static size_t count_jobs(const struct lesson_result *lesson)
{
	size_t jobs = 0;
	for (size_t i = 0; i < lesson->nvariants; i++)
		jobs += is_first_of_job(lesson, i);
	return jobs;
}

/* ---- the columns ---- */

static bool has_ratio(const struct lesson_result *lesson)
{
	for (size_t i = 0; i < lesson->nvariants; i++)
		if (lesson->variants[i].status == RESULT_OK && (isfinite(lesson->variants[i].time.median_ns) || isfinite(lesson->variants[i].ratio.time)))
			return true;
	return false;
}

/* Two ways of a job make as much, but one keeps more than twice as much of it: then what is kept belongs beside what is made. */
static bool kept_decides(const struct lesson_result *lesson)
{
	for (size_t i = 0; i < lesson->nvariants; i++) {
		for (size_t k = 0; k < lesson->nvariants; k++) {
			const struct variant_result *a = &lesson->variants[i], *b = &lesson->variants[k];
			double made = (double)a->heap.asked_bytes;
			if (same(a->job, b->job) && style_is_numpy(a) == style_is_numpy(b) && a->heap.asked_bytes > 0 && b->heap.kept_bytes >= 0 && fabs((double)b->heap.asked_bytes - made) < 0.05 * made &&
			    (double)a->heap.kept_bytes > 2 * (double)b->heap.kept_bytes)
				return true;
		}
	}
	return false;
}

static void choose(struct columns *columns, const struct report_options *options, const struct lesson_result *lesson)
{
	columns_add(columns, "", "", cell_way, NULL)->left = true;
	columns_add(columns, "", "makes", cell_metric, metric_find("heap.asked_bytes"));
	columns_add(columns, "", "peak", cell_metric, metric_find("heap.peak_asked_bytes"));
	if (kept_decides(lesson))
		columns_add(columns, "", "kept", cell_metric, metric_find("heap.kept_bytes"));
	columns_add(columns, "", "time", cell_metric, metric_find("time.median_ns"));
	if (has_ratio(lesson)) {
		const char *baseline = lesson->nvariants > 0 ? lesson->variants[0].baseline : NULL;
		bool one = count_jobs(lesson) == 1 && baseline != NULL && strlen(baseline) <= BASELINE_NAME;
		struct column *against = columns_add(columns, "", "", cell_ratio, NULL);
		snprintf(against->heading, sizeof against->heading, "against %s", one ? baseline : "*");
		if (style_wide(options))
			columns_add(columns, "", "+-", cell_interval, NULL);
	}
}

/* What the ledger shows already, in words where it can. */
static bool is_shown(const struct metric *metric)
{
	return metric == metric_find("heap.asked_bytes") || metric == metric_find("heap.peak_asked_bytes") || metric == metric_find("time.median_ns") ||
	       strcmp(metric->group, "ratio") == 0;
}

static void choose_rest(struct columns *columns)
{
	columns_add(columns, "", "", cell_way, NULL)->left = true;
	for (size_t i = 0; i < metric_count; i++)
		if (metric_table[i].column != NULL && !is_shown(&metric_table[i]))
			columns_add(columns, metric_table[i].group, metric_table[i].column, cell_metric, &metric_table[i]);
}

/* ---- bars ---- */

static double slowest(const struct lesson_result *lesson, const char *job)
{
	double most = 0;
	for (size_t i = 0; i < lesson->nvariants; i++) {
		const struct variant_result *way = &lesson->variants[i];
		if (way->status == RESULT_OK && same(way->job, job) && isfinite(way->time.median_ns))
			most = fmax(most, way->time.median_ns);
	}
	return most;
}

static void bar(const struct report_options *options, const struct lesson_result *lesson, const struct variant_result *way, size_t width)
{
	double total = way->time.median_ns, most = slowest(lesson, way->job);
	if (!isfinite(total) || most <= 0)
		return;
	size_t length = (size_t)lround((double)width * total / most);
	length = length > 0 ? length : 1;
	double parts = way->time.make_ns + way->time.use_ns;
	double share = isfinite(parts) && parts > 0 ? way->time.make_ns / parts : 0;
	size_t made = (size_t)lround((double)length * share);
	for (size_t i = 0; i < length; i++)
		fputc(i < made ? '#' : '.', options->stream);
}

/* ---- rows ---- */

static void failure(const struct report_options *options, const struct columns *columns, const struct variant_result *way)
{
	char *why = table_failure(way);
	columns_words(options, columns, way, STYLE_MARK, why != NULL ? why : "");
	free(why);
}

/* Below a way whose bytes are not what its formulas say: both numbers, to the byte. */
static void missed(const struct report_options *options, const struct columns *columns, const struct variant_result *way)
{
	size_t indent = columns->indent + 2;
	char *text = table_missed(way);
	struct text wrapped = { 0 };
	style_wrap(&wrapped, text != NULL ? text : "", indent, indent + 2, style_width(options));
	style_spaces(options, indent);
	style_lines(options, STYLE_MARK, text_string(&wrapped));
	text_release(&wrapped);
	free(text);
}

/* One table: the ledger itself, or a block of further columns. */
struct sheet {
	const struct report_options *options;
	const struct lesson_result *lesson;
	const struct columns *columns;
	size_t first, end; /* of the columns */
	size_t bars;       /* columns for them; 0: none */
	bool is_main;      /* the one that tells of dead ways and missed predictions */
};

static void row(const struct sheet *sheet, const struct variant_result *way)
{
	if (way->status != RESULT_OK) {
		if (sheet->is_main)
			failure(sheet->options, sheet->columns, way);
		return;
	}
	size_t due = columns_row(sheet->options, sheet->columns, sheet->first, sheet->end, way);
	if (sheet->bars > 0) {
		style_spaces(sheet->options, due + sheet->columns->gap);
		bar(sheet->options, sheet->lesson, way, sheet->bars);
	}
	fputc('\n', sheet->options->stream);
	if (sheet->is_main && way->prediction_missed)
		missed(sheet->options, sheet->columns, way);
}

static void print(const struct sheet *sheet)
{
	const struct lesson_result *lesson = sheet->lesson;
	size_t due = columns_head(sheet->options, sheet->columns, sheet->first, sheet->end);
	if (sheet->bars > 0) {
		style_spaces(sheet->options, due + sheet->columns->gap);
		style_put(sheet->options, STYLE_HEAD, sheet->bars >= BARS_LEGEND ? "# make  . use" : "#make .use");
	}
	fputc('\n', sheet->options->stream);
	bool jobs = sheet->is_main && count_jobs(lesson) > 1;
	for (size_t i = 0; i < lesson->nvariants; i++) {
		const char *job = lesson->variants[i].job;
		if (!is_first_of_job(lesson, i))
			continue;
		if (jobs && job != NULL)
			style_paragraph(sheet->options, STYLE_DIM, "", job, 2);
		for (size_t k = i; k < lesson->nvariants; k++)
			if (same(lesson->variants[k].job, job))
				row(sheet, &lesson->variants[k]);
	}
}

/* Blocks until all columns are printed; only the first of the main table has bars, and only if one block is enough. */
static void sheets(const struct report_options *options, const struct lesson_result *lesson, struct columns *columns, bool is_main)
{
	size_t page = style_width(options);
	columns_measure(columns, lesson->variants, lesson->nvariants, sizeof lesson->variants[0], columns_way_is_whole);
	columns->indent = page < NARROW ? 0 : 2;
	columns->gap = 2;
	if (columns_width(columns, 1, columns->count) + columns->gap + (is_main ? BARS_LEGEND : 0) > page)
		columns->gap = 1;
	for (size_t first = 1, end; first < columns->count; first = end) {
		end = columns_block(columns, first, page);
		struct sheet sheet = { options, lesson, columns, first, end, 0, is_main && first == 1 };
		size_t taken = columns_width(columns, first, end) + columns->gap;
		if (sheet.is_main && end == columns->count && has_ratio(lesson) && taken + BARS_LEAST <= page)
			sheet.bars = page - taken < BARS_MOST ? page - taken : BARS_MOST;
		print(&sheet);
	}
}

/* ---- the heap over the calls of make ---- */

static void timelines(const struct report_options *options, const struct lesson_result *lesson, size_t names)
{
	static const char levels[] = " .:=#";
	int64_t most = 0;
	for (size_t i = 0; i < lesson->nvariants; i++)
		for (size_t k = 0; k < lesson->variants[i].ntimeline; k++)
			if (lesson->variants[i].timeline[k] > most)
				most = lesson->variants[i].timeline[k];
	if (most == 0 || style_width(options) < names + 4 + RESULT_TIMELINE)
		return;
	char bytes[UNITS_TEXT];
	struct text head = { 0 };
	text_addf(&head, "  %-*s  the heap over the calls of make, left to right; # is %s", (int)names, "", units_bytes((double)most, bytes));
	style_put(options, STYLE_HEAD, text_string(&head));
	fputc('\n', options->stream);
	text_release(&head);
	for (size_t i = 0; i < lesson->nvariants; i++) {
		const struct variant_result *way = &lesson->variants[i];
		if (way->status != RESULT_OK || way->ntimeline == 0)
			continue;
		fprintf(options->stream, "  %-*s  ", (int)names, way->name);
		for (size_t k = 0; k < way->ntimeline; k++)
			fputc(levels[(int)ceil(4.0 * (double)way->timeline[k] / (double)most)], options->stream);
		fputc('\n', options->stream);
	}
}

/* ---- what must be said about the numbers ---- */

static bool any_missed(const struct lesson_result *lesson)
{
	for (size_t i = 0; i < lesson->nvariants; i++)
		if (lesson->variants[i].status == RESULT_OK && lesson->variants[i].prediction_missed)
			return true;
	return false;
}

static bool any_counted(const struct lesson_result *lesson)
{
	for (size_t i = 0; i < lesson->nvariants; i++)
		if (lesson->variants[i].status == RESULT_OK)
			return true;
	return false;
}

/* Another setting of the line above is named here, as the list of ways leaves it out. Twins have the lines of their ways in C, and no settings. */
static void about_settings(const struct report_options *options, const struct lesson_result *lesson, struct text *text)
{
	const struct variant_result *above = NULL;
	for (size_t i = 0; i < lesson->nvariants && !style_wide(options); i++) {
		const struct variant_result *way = &lesson->variants[i];
		if (style_is_numpy(way))
			continue;
		if (above != NULL && way->numpy != NULL && above->numpy != NULL && strcmp(way->numpy, above->numpy) == 0 && way->what != NULL)
			text_addf(text, " %s: %s.", way->name, way->what);
		above = way;
	}
}

/* Which NumPy, and what its bytes hold besides data. */
static void about_numpy(const struct report_options *options, const struct lesson_result *lesson)
{
	struct text text = { 0 };
	const struct variant_result *baseline = NULL;
	for (size_t i = 0; i < lesson->nvariants; i++)
		if (style_is_baseline(&lesson->variants[i]))
			baseline = &lesson->variants[i];
	text_addf(&text, "%s, counted with Python's own objects (PYTHONMALLOC=malloc).", lesson->numpy != NULL ? lesson->numpy : "NumPy");
	if (baseline != NULL)
		text_addf(&text, " All ratios are against *, in %s.", style_is_numpy(baseline) ? "NumPy" : "C");
	style_paragraph(options, STYLE_PLAIN, "np: ", text_string(&text), 2);
	text_release(&text);
}

static void about_times(const struct lesson_result *lesson, struct text *text)
{
	int64_t rounds = RESULT_NONE;
	double interval = 0;
	struct text cold = { 0 };
	for (size_t i = 0; i < lesson->nvariants; i++) {
		const struct variant_result *way = &lesson->variants[i];
		double first = way->time.first_ns, steady = way->time.median_ns, half = style_interval(&way->ratio);
		char words[UNITS_TEXT], name[STYLE_WAY];
		if (way->status != RESULT_OK)
			continue;
		rounds = way->time.rounds > rounds ? way->time.rounds : rounds;
		if (isfinite(half))
			interval = fmax(interval, half);
		if (first > COLD * steady || steady > COLD * first)
			text_addf(&cold, "%s %s %s", cold.length > 0 ? "," : "", style_way(way, name), units_time(first, words));
	}
	char percent[COLUMN_TEXT];
	if (rounds > 0) {
		text_addf(text, " Times: %lld rounds", (long long)rounds);
		if (interval > 0)
			text_addf(text, ", +-%s", style_percent(interval, percent, sizeof percent));
		if (cold.length > 0)
			text_addf(text, "; cold:%s", text_string(&cold));
		text_add(text, ".");
	}
	text_release(&cold);
}

/* Why the way has no numbers of a group; "" where it has them, or where the page does not show them. */
static const char *missing(const struct report_options *options, const struct variant_result *way, const char *group)
{
	if (strcmp(group, "time") == 0 && isfinite(way->time.median_ns))
		return ""; /* only its floor is missing */
	if (strcmp(group, "heap") == 0 && way->heap.asked_bytes != RESULT_NONE)
		return ""; /* only its prediction is */
	bool is_ratio = strcmp(group, "ratio") == 0, is_resident = strcmp(group, "resident") == 0;
	if (way->status != RESULT_OK || (is_ratio && style_is_baseline(way)) || (is_resident && !style_wide(options)))
		return "";
	return metric_group_why(group, way);
}

/* The reason why a column has a "-", once for each reason. */
static void about_missing(const struct report_options *options, const struct lesson_result *lesson)
{
	static const char *const groups[] = { "heap", "resident", "time", "ratio" };
	for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++) {
		for (size_t i = 0; i < lesson->nvariants; i++) {
			const char *why = missing(options, &lesson->variants[i], groups[g]);
			bool told = *why == '\0';
			for (size_t k = 0; k < i && !told; k++)
				told = strcmp(why, missing(options, &lesson->variants[k], groups[g])) == 0;
			struct text lead = { 0 };
			text_addf(&lead, "- not measured (%s): ", groups[g]);
			if (!told)
				style_paragraph(options, STYLE_PLAIN, text_string(&lead), why, 2);
			text_release(&lead);
		}
	}
}

void table_ledger(const struct report_options *options, const struct lesson_result *lesson)
{
	struct columns columns = { 0 };
	choose(&columns, options, lesson);
	sheets(options, lesson, &columns, true);
	if (style_wide(options)) {
		struct columns rest = { 0 };
		choose_rest(&rest);
		fputc('\n', options->stream);
		sheets(options, lesson, &rest, false);
		timelines(options, lesson, rest.column[0].width);
	}
	struct text text = { 0 };
	if (any_counted(lesson))
		text_add(&text, any_missed(lesson)        ? "Bytes are exact; ! marks what was not predicted." :
		                style_has_numpy(lesson) ? "Bytes are exact, and in C as predicted." :
		                                          "Bytes are exact and as predicted.");
	if (kept_decides(lesson))
		text_add(&text, " Kept is in the allocator's size classes.");
	about_settings(options, lesson, &text);
	about_times(lesson, &text);
	style_paragraph(options, STYLE_PLAIN, "", text_string(&text), 2);
	text_release(&text);
	if (style_has_numpy(lesson))
		about_numpy(options, lesson);
	about_missing(options, lesson);
	for (size_t i = 0; i < lesson->nnotes; i++)
		style_paragraph(options, STYLE_PLAIN, "Note: ", lesson->notes[i], 2);
}
