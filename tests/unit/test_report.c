/* SPDX-License-Identifier: MIT */
/*
 * Formats are held against literal text, from one fixed result (fixture_results.h); nothing is measured here. What a format prints is in
 * tests/unit/expected/; UPDATE_EXPECTED=1 rewrites those files, and the difference is then read in the diff of the commit.
 *
 * Beside that: what must be true of any page, and that all formats carry the same values.
 */

#include "fixture_results.h"
#include "pages.h"

#include "base/metric.h"
#include "base/units.h"
#include "report/report.h"

#include <locale.h>

enum { ALL = -1, VIEWS, WINDOWS, DEBUGGING };

/* The page that a format makes of one lesson of the fixture, or of all. The caller frees it. */
static char *page(const char *format, struct report_options options, int lesson)
{
	struct results results = fixture_results();
	char *text = NULL;
	size_t size = 0;
	const struct report_format *found = report_find(format);
	assert_non_null(found);
	if (lesson != ALL) {
		results.lessons[0] = results.lessons[lesson];
		results.nlessons = 1;
	}
	options.stream = open_memstream(&text, &size);
	assert_non_null(options.stream);
	if (found->begin != NULL)
		found->begin(&options, &results);
	for (size_t i = 0; i < results.nlessons && found->lesson != NULL; i++)
		found->lesson(&options, &results, i);
	if (found->end != NULL)
		found->end(&options, &results);
	assert_int_equal(fclose(options.stream), 0);
	return text;
}

static char *run(int lesson, size_t width)
{
	return page("table", (struct report_options){ .width = width }, lesson);
}

static char *compare(size_t width)
{
	return page("table", (struct report_options){ .screen = REPORT_COMPARE, .width = width, .ways_total = 38, .ways_selected = 27 }, ALL);
}

/* ---- literal text ---- */

static void test_run_at_80(void **state)
{
	(void)state;
	expect(run(WINDOWS, 80), "run-windows-80.txt");
	expect(run(VIEWS, 80), "run-views-80.txt");
	expect(run(DEBUGGING, 80), "run-debugging-80.txt");
	expect(run(ALL, 0), "run-all-80.txt");
}

static void test_run_at_200_and_wide(void **state)
{
	(void)state;
	expect(run(WINDOWS, 200), "run-windows-200.txt");
	expect(run(VIEWS, 200), "run-views-200.txt");
	expect(page("table", (struct report_options){ .width = 80, .wide = true }, WINDOWS), "run-windows-wide.txt");
}

static void test_run_at_40(void **state)
{
	(void)state;
	expect(run(WINDOWS, 40), "run-windows-40.txt");
	expect(run(VIEWS, 40), "run-views-40.txt");
	expect(run(DEBUGGING, 40), "run-debugging-40.txt");
}

static void test_run_brief(void **state)
{
	(void)state;
	expect(page("table", (struct report_options){ .width = 80, .brief = true }, WINDOWS), "run-windows-brief.txt");
	expect(page("table", (struct report_options){ .width = 80, .brief = true }, DEBUGGING), "run-debugging-brief.txt");
}

static void test_run_in_color(void **state)
{
	(void)state;
	expect(page("table", (struct report_options){ .width = 80, .color = true }, VIEWS), "run-views-color.txt");
}

static void test_compare(void **state)
{
	(void)state;
	expect(compare(80), "compare-80.txt");
	expect(compare(200), "compare-200.txt");
	expect(compare(40), "compare-40.txt");
}

static void test_json(void **state)
{
	(void)state;
	char *text = page("json", (struct report_options){ .width = 80 }, ALL);
	expect(without_version(text), "results.json");
}

static void test_csv(void **state)
{
	(void)state;
	expect(page("csv", (struct report_options){ .width = 80 }, ALL), "results.csv");
}

static void test_markdown(void **state)
{
	(void)state;
	expect(page("markdown", (struct report_options){ .width = 80 }, ALL), "results.md");
}

/* ---- what is true of any page ---- */

static void test_lines_fit(void **state)
{
	(void)state;
	for (size_t width = 80; width <= 220; width++) {
		for (int lesson = ALL; lesson <= DEBUGGING; lesson++)
			hold_lines(run(lesson, width), width);
		hold_lines(compare(width), width);
	}
	/* below, only a NumPy line or an array's name may be longer than the page */
	for (size_t width = 48; width < 80; width++) {
		hold_lines(run(ALL, width), width);
		hold_lines(compare(width), width);
	}
	hold_lines(compare(40), 41);
}

/* Columns of compare are fixed before its numbers are known: wide ones push the next, and the verdict takes a line of its own rather than leave the page. */
static void test_compare_of_wide_numbers(void **state)
{
	(void)state;
	for (size_t name = 1; name <= 14; name++) {
		for (size_t width = 80; width <= 140; width++) {
			struct results results = fixture_results();
			struct lesson_result *lesson = &results.lessons[WINDOWS];
			struct variant_result *way = &lesson->variants[2];
			struct claim_result claim = lesson->claims[0];
			char *text = NULL, words[] = "abcdefghijklmn";
			size_t size = 0;
			words[name] = '\0';
			way->name = claim.about = words;
			claim.language = "numpy";
			lesson->claims = &claim;
			lesson->nclaims = 1;
			way->language = "numpy";
			way->heap.asked_bytes = way->heap.peak_asked_bytes = 991807;
			way->time.median_ns = 45.6e6;
			way->ratio = fixture_ratio(1.0, 0.5);
			struct report_options options = { .stream = open_memstream(&text, &size), .screen = REPORT_COMPARE, .width = width };
			report_find("table")->begin(&options, &results);
			report_find("table")->lesson(&options, &results, WINDOWS);
			fclose(options.stream);
			assert_non_null(strstr(text, "991.8 kB 991.8 kB"));
			assert_non_null(strstr(text, "no difference resolved"));
			assert_non_null(strstr(text, "holds"));
			hold_lines(text, width);
		}
	}
}

/* The number stands in the text, and is no part of a longer one. */
static bool contains_number(const char *text, const char *number)
{
	for (const char *found = text; (found = strstr(found, number)) != NULL; found++)
		if (found == text || found[-1] == ' ')
			return true;
	return false;
}

static void test_numbers_are_whole(void **state)
{
	(void)state;
	static const size_t widths[] = { 20, 40, 60, 80, 120, 200 };
	struct results results = fixture_results();
	for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++) {
		char *text = run(ALL, widths[w]);
		for (size_t l = 0; l < results.nlessons; l++) {
			for (size_t i = 0; i < results.lessons[l].nvariants; i++) {
				const struct variant_result *way = &results.lessons[l].variants[i];
				char number[UNITS_TEXT];
				if (way->status != RESULT_OK)
					continue;
				if (!contains_number(text, units_bytes((double)way->heap.asked_bytes, number)))
					fail_msg("%s of %s is missing at %zu columns", number, way->name, widths[w]);
				if (isfinite(way->time.median_ns) && !contains_number(text, units_time(way->time.median_ns, number)))
					fail_msg("%s of %s is missing at %zu columns", number, way->name, widths[w]);
				if (isfinite(way->ratio.time) && way->ratio.resolved == 1 && !contains_number(text, units_ratio(way->ratio.time, number)))
					fail_msg("%s of %s is missing at %zu columns", number, way->name, widths[w]);
			}
		}
		free(text);
	}
}

static void test_screens_are_small(void **state)
{
	(void)state;
	char *text = run(WINDOWS, 80);
	assert_in_range(count_lines(text), 1, 27); /* and the prompt */
	free(text);
	for (int lesson = WINDOWS; lesson <= DEBUGGING; lesson++) {
		text = page("table", (struct report_options){ .width = 80, .brief = true }, lesson);
		assert_in_range(count_lines(text), 1, 22);
		free(text);
	}
}

static void test_color_adds_nothing(void **state)
{
	(void)state;
	for (int screen = REPORT_RUN; screen <= REPORT_COMPARE; screen++) {
		for (size_t width = 40; width <= 200; width += 40) {
			char *plain = page("table", (struct report_options){ .screen = (enum report_screen)screen, .width = width }, ALL);
			char *color = page("table", (struct report_options){ .screen = (enum report_screen)screen, .width = width, .color = true }, ALL);
			hold_color(plain, color);
		}
	}
}

/* A memory stream's buffer is there once it was flushed. */
static void test_compare_streams(void **state)
{
	(void)state;
	struct results results = fixture_results();
	char *text = NULL;
	size_t size = 0, before;
	struct report_options options = { .stream = open_memstream(&text, &size), .screen = REPORT_COMPARE, .width = 80 };
	const struct report_format *table = report_find("table");
	results.nlessons = 3;
	table->begin(&options, &results);
	fflush(options.stream);
	assert_true(size > 0);
	for (size_t i = 0; i < results.nlessons; i++) {
		before = size;
		table->lesson(&options, &results, i);
		fflush(options.stream);
		assert_true(size > before);
		assert_non_null(strstr(text + before, results.lessons[i].name));
	}
	fclose(options.stream);
	free(text);
}

static void test_little_is_enough(void **state)
{
	(void)state;
	struct variant_result way = { .name = "only" };
	struct claim_result claim = { .source = "Free" };
	struct lesson_result lessons[] = {
		{ .id = "x", .name = "empty", .title = "Nothing" },
		{ .id = "y", .name = "one", .title = "One way", .nvariants = 1, .variants = &way, .nclaims = 1, .claims = &claim },
	};
	struct results results = { .nlessons = 2, .lessons = lessons };
	for (size_t f = 0; report_formats[f] != NULL; f++) {
		for (int screen = REPORT_RUN; screen <= REPORT_COMPARE; screen++) {
			for (size_t width = 1; width <= 200; width += 30) {
				char *text = NULL;
				size_t size = 0;
				struct report_options options = { .stream = open_memstream(&text, &size), .screen = (enum report_screen)screen, .width = width };
				if (report_formats[f]->begin != NULL)
					report_formats[f]->begin(&options, &results);
				for (size_t i = 0; i < 2 && report_formats[f]->lesson != NULL; i++)
					report_formats[f]->lesson(&options, &results, i);
				if (report_formats[f]->end != NULL)
					report_formats[f]->end(&options, &results);
				fclose(options.stream);
				assert_true(size > 0);
				free(text);
			}
		}
	}
}

/* A sentence that could be judged with other ways is counted apart. */
static void test_sentences_that_want_ways(void **state)
{
	(void)state;
	struct results results = fixture_results();
	struct claim_result *claim = &results.lessons[WINDOWS].claims[0];
	enum claim_verdict verdict = claim->verdict;
	claim->verdict = CLAIM_CANNOT_JUDGE;
	char *text = page("table", (struct report_options){ .screen = REPORT_COMPARE, .width = 200, .ways_total = 10 }, WINDOWS);
	claim->verdict = verdict;
	assert_non_null(strstr(text, "1 cannot be judged here (1 for want of ways: --variants"));
	assert_non_null(strstr(text, "4 of 10 ways"));
	free(text);
}

static void test_formats_have_names(void **state)
{
	(void)state;
	assert_string_equal(report_formats[0]->name, "table");
	for (size_t i = 0; report_formats[i] != NULL; i++) {
		assert_ptr_equal(report_find(report_formats[i]->name), report_formats[i]);
		assert_true(strlen(report_formats[i]->help) > 0);
	}
	assert_null(report_find("xml"));
}

/* ---- the same values in every format ---- */

/* The value at "heap_asked_bytes" or "name" of a variant's JSON. */
static const json_t *json_at(const json_t *variant, const char *column)
{
	const json_t *value = json_object_get(variant, column);
	for (size_t i = 0; i < metric_count && value == NULL; i++) {
		char name[80];
		snprintf(name, sizeof name, "%s_%s", metric_table[i].group, metric_table[i].name);
		if (strcmp(name, column) == 0)
			value = json_object_get(json_object_get(variant, metric_table[i].group), metric_table[i].name);
	}
	return value;
}

static void test_csv_and_json_agree(void **state)
{
	(void)state;
	char *csv = page("csv", (struct report_options){ 0 }, ALL), *json = page("json", (struct report_options){ 0 }, ALL);
	json_error_t error;
	json_t *root = json_loads(json, 0, &error);
	assert_non_null(root);
	char *names[100];
	size_t columns = 0, rows = 0, numbers = 0;
	const char *at = csv;
	for (bool ends = false; !ends; columns++) {
		assert_true(columns < 100);
		names[columns] = next_field(&at, &ends);
	}
	const json_t *lessons = json_object_get(root, "lessons");
	for (size_t l = 0; l < json_array_size(lessons); l++) {
		const json_t *variants = json_object_get(json_array_get(lessons, l), "variants");
		for (size_t v = 0; v < json_array_size(variants); v++, rows++) {
			bool ends = false;
			for (size_t c = 0; c < columns; c++) {
				char *field = next_field(&at, &ends);
				const char *column = strcmp(names[c], "variant") == 0 ? "name" : names[c];
				bool only_csv = strcmp(names[c], "lesson") == 0 || strcmp(names[c], "name") == 0 || strcmp(names[c], "params") == 0 ||
				                strcmp(names[c], "why") == 0 || strcmp(names[c], "facts") == 0;
				if (!only_csv)
					hold_value(column, field, json_at(json_array_get(variants, v), column));
				numbers += !only_csv;
				free(field);
			}
			assert_true(ends);
		}
	}
	assert_true(*at == '\0');
	assert_int_equal(rows, 27);
	assert_true(numbers > rows * metric_count);
	for (size_t c = 0; c < columns; c++)
		free(names[c]);
	json_decref(root);
	free(csv);
	free(json);
}

static void test_markdown_has_the_columns_of_csv(void **state)
{
	(void)state;
	char *csv = page("csv", (struct report_options){ 0 }, ALL), *markdown = page("markdown", (struct report_options){ 0 }, ALL);
	struct text head = { 0 };
	const char *at = csv;
	text_add(&head, "\n|");
	for (bool ends = false; !ends;) {
		char *name = next_field(&at, &ends);
		text_addf(&head, " %s |", name);
		free(name);
	}
	assert_non_null(strstr(markdown, text_string(&head)));
	text_release(&head);
	free(csv);
	free(markdown);
}

/* A locale with a decimal comma, where the machine has one. */
static void test_numbers_have_dots_in_every_locale(void **state)
{
	(void)state;
	static const char *const locales[] = { "de_DE.UTF-8", "fr_FR.UTF-8", "ru_RU.UTF-8" };
	size_t i = 0;
	char *csv = page("csv", (struct report_options){ 0 }, ALL), *table = compare(80);
	while (i < sizeof locales / sizeof locales[0] && setlocale(LC_ALL, locales[i]) == NULL)
		i++;
	char *there = page("csv", (struct report_options){ 0 }, ALL), *table_there = compare(80);
	setlocale(LC_ALL, "C");
	assert_string_equal(csv, there);
	assert_string_equal(table, table_there);
	free(csv);
	free(there);
	free(table);
	free(table_there);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_run_at_80),
		cmocka_unit_test(test_run_at_200_and_wide),
		cmocka_unit_test(test_run_at_40),
		cmocka_unit_test(test_run_brief),
		cmocka_unit_test(test_run_in_color),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_compare_of_wide_numbers),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_markdown),
		cmocka_unit_test(test_lines_fit),
		cmocka_unit_test(test_numbers_are_whole),
		cmocka_unit_test(test_screens_are_small),
		cmocka_unit_test(test_color_adds_nothing),
		cmocka_unit_test(test_compare_streams),
		cmocka_unit_test(test_little_is_enough),
		cmocka_unit_test(test_sentences_that_want_ways),
		cmocka_unit_test(test_formats_have_names),
		cmocka_unit_test(test_csv_and_json_agree),
		cmocka_unit_test(test_markdown_has_the_columns_of_csv),
		cmocka_unit_test(test_numbers_have_dots_in_every_locale),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
