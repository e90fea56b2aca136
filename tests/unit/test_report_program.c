/* SPDX-License-Identifier: MIT */
/*
 * What `exec` measured, in every format, held against literal text, from fixed results (fixture_programs.h); see test_report.c for how the texts are made.
 * Beside that: what must be true of any page, and that all formats carry the same values.
 */

#include "fixture_programs.h"
#include "pages.h"

#include "base/program_metric.h"
#include "base/units.h"
#include "report/names.h"
#include "report/report.h"

#include <math.h>

enum { THREE = FIXTURE_COMPARED, MIXED = 5, PROGRAMS_MOST = 5 };

/* What a format makes of some programs. The caller frees it. */
static char *pages(const char *format, struct report_options options, struct program_result *programs, size_t count)
{
	struct results results = fixture_programs(programs, count);
	char *text = NULL;
	size_t size = 0;
	const struct report_format *found = report_find(format);
	assert_non_null(found);
	options.screen = REPORT_EXEC;
	options.stream = open_memstream(&text, &size);
	assert_non_null(options.stream);
	if (found->begin != NULL)
		found->begin(&options, &results);
	if (found->end != NULL)
		found->end(&options, &results);
	assert_int_equal(fclose(options.stream), 0);
	return text;
}

static char *one(const char *format, struct report_options options, struct program_result program)
{
	return pages(format, options, &program, 1);
}

static char *table(struct program_result program, size_t width)
{
	return one("table", (struct report_options){ .width = width }, program);
}

static char *three(const char *format, struct report_options options)
{
	struct program_result programs[THREE];
	fixture_three(programs);
	return pages(format, options, programs, THREE);
}

static char *mixed(const char *format, struct report_options options)
{
	struct program_result programs[MIXED];
	fixture_mixed(programs);
	return pages(format, options, programs, MIXED);
}

/* One program in each state. */
static const struct {
	const char *name;
	struct program_result (*make)(void);
	bool is_long; /* held against texts of every width and format; the others against one screen and JSON (for its schema, in formats.bats) */
} kinds[] = {
	{ "c", fixture_c, true },           { "python", fixture_python, true },  { "shell", fixture_shell, true },         { "static", fixture_static, true },
	{ "budgets", fixture_budgets, true }, { "killed", fixture_killed, false }, { "not-found", fixture_not_found, false },
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* ---- literal text ---- */

static void test_one_program(void **state)
{
	(void)state;
	char name[64];
	for (size_t i = 0; i < KINDS; i++) {
		snprintf(name, sizeof name, "exec-%s-80.txt", kinds[i].name);
		expect(table(kinds[i].make(), 80), name);
		if (kinds[i].is_long) {
			snprintf(name, sizeof name, "exec-%s-140.txt", kinds[i].name);
			expect(table(kinds[i].make(), 140), name);
		}
	}
	expect(one("table", (struct report_options){ .width = 80, .brief = true }, fixture_c()), "exec-c-brief.txt");
	expect(one("table", (struct report_options){ .width = 80, .wide = true }, fixture_shell()), "exec-shell-wide.txt");
	expect(one("table", (struct report_options){ .width = 80, .color = true }, fixture_budgets()), "exec-budgets-color.txt");
}

static void test_several_programs(void **state)
{
	(void)state;
	expect(three("table", (struct report_options){ .width = 80 }), "exec-three-80.txt");
	expect(three("table", (struct report_options){ .width = 140 }), "exec-three-140.txt");
	expect(three("table", (struct report_options){ .width = 80, .wide = true }), "exec-three-wide.txt");
	expect(three("table", (struct report_options){ .width = 80, .brief = true }), "exec-three-brief.txt");
	expect(mixed("table", (struct report_options){ .width = 80 }), "exec-mixed-80.txt");
	expect(mixed("table", (struct report_options){ .width = 140 }), "exec-mixed-140.txt");
}

static void test_other_formats(void **state)
{
	(void)state;
	static const struct {
		const char *format, *end;
	} formats[] = { { "json", "json" }, { "csv", "csv" }, { "markdown", "md" } };
	char name[64];
	for (size_t f = 0; f < sizeof formats / sizeof formats[0]; f++) {
		for (size_t i = 0; i < KINDS; i++) {
			if (f > 0 && !kinds[i].is_long)
				continue;
			char *text = one(formats[f].format, (struct report_options){ 0 }, kinds[i].make());
			snprintf(name, sizeof name, "exec-%s.%s", kinds[i].name, formats[f].end);
			expect(strcmp(formats[f].end, "json") == 0 ? without_version(text) : text, name);
		}
		if (f == 0)
			expect(without_version(mixed("json", (struct report_options){ 0 })), "exec-mixed.json");
		char *text = three(formats[f].format, (struct report_options){ 0 });
		snprintf(name, sizeof name, "exec-three.%s", formats[f].end);
		expect(strcmp(formats[f].end, "json") == 0 ? without_version(text) : text, name);
	}
}

/* ---- what is true of any page ---- */

static void test_lines_fit(void **state)
{
	(void)state;
	for (size_t width = 60; width <= 220; width++) {
		for (size_t i = 0; i < KINDS; i++)
			hold_lines(table(kinds[i].make(), width), width);
		hold_lines(three("table", (struct report_options){ .width = width }), width);
		hold_lines(mixed("table", (struct report_options){ .width = width }), width);
	}
}

/* Names of any length and any bytes. */
static void test_names_do_not_break_the_page(void **state)
{
	(void)state;
	char name[10001];
	memset(name, 'n', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	memcpy(name, "a\n\t\033[31m\200\302\233 b\177 ", 16);
	for (size_t width = 40; width <= 160; width += 40) {
		struct program_result shell = fixture_shell(), python = fixture_python(), budgets = fixture_budgets();
		shell.total.name = shell.processes[2].name = name;
		shell.missing[0] = name;
		python.regions[2].name = python.total.name = name;
		budgets.largest[0].where = name;
		budgets.budgets[1].region = name;
		struct program_result all[] = { shell, python, budgets };
		hold_lines(table(shell, width), width);
		hold_lines(table(python, width), width);
		hold_lines(table(budgets, width), width);
		hold_lines(pages("table", (struct report_options){ .width = width }, all, 3), width);
		char *json = pages("json", (struct report_options){ 0 }, all, 3);
		json_t *root = json_loads(json, 0, NULL);
		assert_non_null(root);
		json_decref(root);
		free(json);
		free(pages("csv", (struct report_options){ 0 }, all, 3));
		free(pages("markdown", (struct report_options){ 0 }, all, 3));
		shell.missing[0] = (char *)"true: its environment was cleared";
	}
}

static void test_names_are_shortened_in_the_middle(void **state)
{
	(void)state;
	static const struct {
		const char *name, *expected;
		size_t width, bytes;
	} cases[] = {
		{ "sort", "sort", 10, 100 },
		{ "python3 /home/x/bad.py", "pytho...bad.py", 14, 100 },
		{ "abcdef", "ab", 2, 100 },
		{ "gr\303\266\303\237e", "gr\303\266\303\237e", 5, 100 },
		{ "\303\266\303\266\303\266\303\266\303\266\303\266\303\266\303\266", "\303\266...\303\266\303\266", 6, 100 },
		{ "\303\266\303\266\303\266\303\266\303\266\303\266\303\266\303\266", "\303\266...\303\266\303\266", 8, 9 },
		{ "a\nb\tc\033d", "a?b?c?d", 10, 100 },
		{ "\200\377x", "??x", 10, 100 },
		{ "\302\205\342\200\256x\342\201\246", "??x?", 10, 100 },
		{ "", "", 10, 100 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct text text = { 0 };
		names_add_short(&text, cases[i].name, cases[i].width, cases[i].bytes);
		assert_string_equal(text_string(&text), cases[i].expected);
		text_release(&text);
	}
	struct text text = { 0 };
	names_add_last_parts(&text, "/usr/bin/python3 ./a/bad.py  --n 1/ / x");
	assert_string_equal(text_string(&text), "python3 bad.py  --n 1/ / x");
	text_release(&text);
	names_add_words(&text, "at /a/very/long/path.py:12 in f", 12);
	assert_string_equal(text_string(&text), "at /a/v...py:12 in f");
	text_release(&text);
}

/* Every column of the issue stands on the page, with its whole number. */
static void test_numbers_are_whole(void **state)
{
	(void)state;
	static const size_t widths[] = { 20, 40, 60, 80, 120, 200 };
	for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++) {
		for (size_t i = 0; i < 3; i++) {
			struct program_result program = kinds[i].make();
			char *text = table(program, widths[w]);
			for (size_t m = 0; m < program_metric_count; m++) {
				const struct metric *metric = &program_metric_table[m];
				double value = program_metric_value(metric, &program, &program.total);
				char number[UNITS_TEXT];
				if (metric->column == NULL)
					continue;
				if (metric->unit == METRIC_BYTES)
					units_bytes(value, number);
				else if (metric->unit == METRIC_NS)
					units_time(value, number);
				else
					units_count(value, number);
				if (strstr(text, metric->column) == NULL || strstr(text, number) == NULL)
					fail_msg("%s %s of %s is missing at %zu columns", metric->column, number, kinds[i].name, widths[w]);
			}
			free(text);
		}
	}
}

static void test_color_adds_nothing(void **state)
{
	(void)state;
	for (size_t width = 40; width <= 200; width += 40) {
		for (size_t i = 0; i < KINDS; i++) {
			char *plain = table(kinds[i].make(), width), *color = one("table", (struct report_options){ .width = width, .color = true }, kinds[i].make());
			hold_color(plain, color);
		}
	}
}

/* Of many rows the largest are shown, in their order, and it is said how many are not; --wide has them all. */
static void test_many_processes(void **state)
{
	(void)state;
	static struct program_row processes[51];
	struct program_result program = fixture_shell();
	for (int64_t i = 0; i < 51; i++)
		processes[i] = fixture_process(i + 1, i > 0 ? 1 : RESULT_NONE, "child", i > 0 ? "fork" : "start", "exit", fixture_heap(1000, 10, 1, i == 30 ? 9000 : 1000, 0), 1000000, 1, 1);
	program.processes = processes;
	program.nprocesses = 51;
	char *text = table(program, 80);
	assert_non_null(strstr(text, "51 processes"));
	assert_non_null(strstr(text, "\n31 child"));
	assert_non_null(strstr(text, "and 41 more rows with smaller peaks: --wide"));
	assert_in_range(count_lines(text), 15, 30);
	free(text);
	text = one("table", (struct report_options){ .width = 80, .wide = true }, program);
	assert_non_null(strstr(text, "\n51 child"));
	assert_null(strstr(text, "more rows"));
	free(text);
}

/* A student's first look at a C program is a handful of lines. */
static void test_screens_are_small(void **state)
{
	(void)state;
	char *text = table(fixture_c(), 80);
	assert_in_range(count_lines(text), 1, 9);
	free(text);
	text = one("table", (struct report_options){ .width = 80, .brief = true }, fixture_c());
	assert_in_range(count_lines(text), 1, 7);
	free(text);
}

static void test_words_of_the_issue(void **state)
{
	(void)state;
	char *text = table(fixture_python(), 140);
	assert_non_null(strstr(text, "\nPython's small objects not counted (a list of 1,000,000 floats shows 8 of its 32 MB): --python-objects\n"));
	free(text);
	text = table(fixture_budgets(), 80);
	assert_non_null(strstr(text, "--max-peak: limited to 230 MB, used 241.3 MB\n"));
	assert_non_null(strstr(text, "--max-peak windows: limited to 134,217,727 B, used 134,217,728 B\n")); /* rounded, both were 134.2 MB */
	free(text);
	text = table(fixture_static(), 80);
	assert_non_null(strstr(text, "cannot judge: it is statically linked"));
	free(text);
	text = table(fixture_shell(), 80);
	assert_non_null(strstr(text, "peak exact to 512 KiB: 8 threads\n"));
	free(text);
	text = three("table", (struct report_options){ .width = 80 });
	assert_non_null(strstr(text, "2.1x faster"));
	assert_non_null(strstr(text, "no difference resolved"));
	free(text);
}

/* Nothing measured, nothing named: every format still prints. */
static void test_little_is_enough(void **state)
{
	(void)state;
	for (size_t f = 0; report_formats[f] != NULL; f++) {
		for (size_t width = 1; width <= 200; width += 30) {
			struct program_result programs[2];
			for (size_t i = 0; i < 2; i++) {
				programs[i] = (struct program_result){ .ratio = { NAN, NAN, NAN, (int)RESULT_NONE, "" } };
				program_row_init(&programs[i].total, PROGRAM_TOTAL);
				program_row_init(&programs[i].startup, PROGRAM_STARTUP);
				programs[i].has_startup = i == 1;
			}
			for (size_t count = 0; count <= 2; count++)
				free(pages(report_formats[f]->name, (struct report_options){ .width = width }, programs, count));
		}
	}
}

/* ---- the same values in every format ---- */

static const json_t *row_of(const json_t *program, const char *kind, size_t *index)
{
	if (strcmp(kind, "total") == 0)
		return program;
	if (strcmp(kind, "startup") == 0)
		return json_object_get(program, "startup");
	return json_array_get(json_object_get(program, strcmp(kind, "region") == 0 ? "regions" : "processes"), (*index)++);
}

/* The value of a CSV column in a row's JSON: at "times", or in "heap" at "asked_bytes". */
static const json_t *value_of(const json_t *program, const json_t *row, const char *column)
{
	static const char *const groups[] = { "heap", "resident", "time", "ratio" };
	for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++) {
		size_t length = strlen(groups[g]);
		if (strncmp(column, groups[g], length) == 0 && column[length] == '_')
			return json_object_get(json_object_get(row, groups[g]), column + length + 1);
	}
	if (strcmp(column, "status") == 0 || strcmp(column, "exit_status") == 0 || strcmp(column, "signal") == 0 || strcmp(column, "baseline") == 0)
		return json_object_get(program, column);
	return json_object_get(row, column);
}

static size_t hold_rows(const char *csv, const json_t *programs)
{
	static const char *const apart[] = { "program", "command", "row", "why", "missing", "budgets", "largest", "notes" }; /* lists, or of CSV alone */
	char *names[100];
	size_t columns = 0, rows = 0, before = 0, regions = 0, processes = 0;
	for (bool ends = false; !ends; columns++)
		names[columns] = next_field(&csv, &ends);
	for (; *csv != '\0'; rows++) {
		char *fields[100];
		bool ends = false;
		for (size_t c = 0; c < columns; c++)
			fields[c] = next_field(&csv, &ends);
		assert_true(ends);
		size_t number = (size_t)atoi(fields[0]);
		if (number != before)
			regions = processes = 0;
		before = number;
		const json_t *program = json_array_get(programs, number - 1);
		const json_t *row = row_of(program, fields[2], strcmp(fields[2], "region") == 0 ? &regions : &processes);
		assert_non_null(row);
		for (size_t c = 0; c < columns; c++) {
			bool is_apart = false;
			for (size_t a = 0; a < sizeof apart / sizeof apart[0]; a++)
				is_apart = is_apart || strcmp(names[c], apart[a]) == 0;
			if (!is_apart)
				hold_value(names[c], fields[c], value_of(program, row, names[c]));
		}
		for (size_t c = 0; c < columns; c++)
			free(fields[c]);
	}
	for (size_t c = 0; c < columns; c++)
		free(names[c]);
	return rows;
}

static void test_csv_and_json_agree(void **state)
{
	(void)state;
	for (size_t i = 0; i <= KINDS; i++) {
		char *csv = i < KINDS ? one("csv", (struct report_options){ 0 }, kinds[i].make()) : mixed("csv", (struct report_options){ 0 });
		char *json = i < KINDS ? one("json", (struct report_options){ 0 }, kinds[i].make()) : mixed("json", (struct report_options){ 0 });
		json_t *root = json_loads(json, 0, NULL);
		assert_non_null(root);
		assert_int_equal(json_array_size(json_object_get(root, "lessons")), 0);
		assert_true(hold_rows(csv, json_object_get(root, "programs")) >= 1);
		json_decref(root);
		free(csv);
		free(json);
	}
}

static void test_markdown_has_the_columns_of_csv(void **state)
{
	(void)state;
	char *csv = one("csv", (struct report_options){ 0 }, fixture_c()), *markdown = one("markdown", (struct report_options){ 0 }, fixture_c());
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_program),
		cmocka_unit_test(test_several_programs),
		cmocka_unit_test(test_other_formats),
		cmocka_unit_test(test_lines_fit),
		cmocka_unit_test(test_names_do_not_break_the_page),
		cmocka_unit_test(test_names_are_shortened_in_the_middle),
		cmocka_unit_test(test_numbers_are_whole),
		cmocka_unit_test(test_color_adds_nothing),
		cmocka_unit_test(test_many_processes),
		cmocka_unit_test(test_screens_are_small),
		cmocka_unit_test(test_words_of_the_issue),
		cmocka_unit_test(test_little_is_enough),
		cmocka_unit_test(test_csv_and_json_agree),
		cmocka_unit_test(test_markdown_has_the_columns_of_csv),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
