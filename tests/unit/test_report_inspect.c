/* SPDX-License-Identifier: MIT */
/*
 * The pages of inspect, held against literal text, from fixed answers (fixture_inspect.h); see test_report.c for how the texts are made. Beside that: what must
 * be true of any page, and that all formats carry the same values.
 */

#include "fixture_inspect.h"
#include "pages.h"

#include "report/inspect.h"

typedef void printer(const struct report_options *, const struct inspection *);

static void whole_table(const struct report_options *options, const struct inspection *found)
{
	inspect_table(options, found, (struct inspect_mark){ 0 }, false);
}

/* What is printed; the caller frees it. */
static char *page(printer *print, struct report_options options, const struct inspection *found)
{
	static char *text; /* the stream keeps its address */
	static size_t size;
	options.stream = open_memstream(&text, &size);
	assert_non_null(options.stream);
	print(&options, found);
	assert_int_equal(fclose(options.stream), 0);
	return text;
}

static char *table(const struct inspection *found, size_t width)
{
	return page(whole_table, (struct report_options){ .width = width }, found);
}

static const struct {
	const char *name;
	const struct inspection *found;
} kinds[] = { { "short", &fixture_short }, { "program", &fixture_program } };
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static void test_screens(void **state)
{
	(void)state;
	char name[64];
	for (size_t i = 0; i < KINDS; i++) {
		snprintf(name, sizeof name, "inspect-%s-80.txt", kinds[i].name);
		expect(table(kinds[i].found, 80), name);
		snprintf(name, sizeof name, "inspect-%s-140.txt", kinds[i].name);
		expect(table(kinds[i].found, 140), name);
		snprintf(name, sizeof name, "inspect-%s-brief.txt", kinds[i].name);
		expect(page(whole_table, (struct report_options){ .width = 80, .brief = true }, kinds[i].found), name);
		snprintf(name, sizeof name, "inspect-%s.csv", kinds[i].name);
		expect(page(inspect_csv, (struct report_options){ .width = 80 }, kinds[i].found), name);
		snprintf(name, sizeof name, "inspect-%s.md", kinds[i].name);
		expect(page(inspect_markdown, (struct report_options){ .width = 80 }, kinds[i].found), name);
		snprintf(name, sizeof name, "inspect-%s.json", kinds[i].name);
		expect(without_version(page(inspect_json, (struct report_options){ .width = 80 }, kinds[i].found)), name);
	}
}

static void error_page(const struct report_options *options, const struct inspection *found)
{
	inspect_table_error(options, found->error, "memhint inspect: ", "x.py");
	inspect_table_error(options, found->error, "memhint inspect: ", NULL);
	inspect_table_error(options, found->error, NULL, NULL);
}

static void test_error(void **state)
{
	(void)state;
	expect(page(error_page, (struct report_options){ .width = 80 }, &fixture_program), "inspect-error.txt");
}

static void from_sixth(const struct report_options *options, const struct inspection *found)
{
	inspect_table(options, found, (struct inspect_mark){ .statements = 5, .gaps = 1, .notes = 1 }, true);
}

static void from_end(const struct report_options *options, const struct inspection *found)
{
	inspect_table(options, found, inspect_mark_end(found), true);
}

static void test_prompt_prints_what_is_new(void **state)
{
	(void)state;
	expect(page(from_sixth, (struct report_options){ .width = 80 }, &fixture_program), "inspect-prompt.txt");
	char *nothing = page(from_end, (struct report_options){ .width = 80 }, &fixture_program);
	assert_string_equal(nothing, "");
	free(nothing);
}

static void test_lines_fit(void **state)
{
	(void)state;
	for (size_t i = 0; i < KINDS; i++)
		for (size_t width = 80; width <= 160; width += 5)
			hold_lines(table(kinds[i].found, width), width);
}

static void test_color_says_nothing_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < KINDS; i++)
		hold_color(table(kinds[i].found, 80), page(whole_table, (struct report_options){ .width = 80, .color = true }, kinds[i].found));
	hold_color(page(error_page, (struct report_options){ .width = 80 }, &fixture_program),
	           page(error_page, (struct report_options){ .width = 80, .color = true }, &fixture_program));
}

static void test_nothing(void **state)
{
	(void)state;
	static printer *const printers[] = { inspect_json, inspect_csv, inspect_markdown };
	hold_lines(table(&fixture_nothing, 80), 80);
	for (size_t i = 0; i < 3; i++)
		free(page(printers[i], (struct report_options){ .width = 80 }, &fixture_nothing));
}

static void test_json_parses(void **state)
{
	(void)state;
	static const struct inspection *const all[] = { &fixture_short, &fixture_program, &fixture_nothing };
	for (size_t i = 0; i < 3; i++) {
		json_error_t why;
		char *text = page(inspect_json, (struct report_options){ .width = 80 }, all[i]);
		json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &why);
		if (root == NULL)
			fail_msg("line %d: %s", why.line, why.text);
		assert_int_equal(json_array_size(json_object_get(root, "statements")), all[i]->nstatements);
		assert_int_equal(json_object_size(json_object_get(root, "arrays")), all[i]->narrays);
		assert_int_equal(json_object_get(root, "error") != NULL, all[i]->error != NULL);
		json_decref(root);
		free(text);
	}
}

/* The columns of the CSV that have the name of a key are that key's values. */
static void test_csv_has_the_values_of_the_json(void **state)
{
	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		char *csv = page(inspect_csv, (struct report_options){ .width = 80 }, kinds[i].found);
		char *text = page(inspect_json, (struct report_options){ .width = 80 }, kinds[i].found);
		json_t *root = json_loads(text, 0, NULL);
		const char *at = csv;
		char *names[64];
		size_t columns = 0, held = 0;
		for (bool ends = false; !ends;)
			names[columns++] = next_field(&at, &ends);
		for (size_t row = 0; row < kinds[i].found->nstatements; row++) {
			const json_t *statement = json_array_get(json_object_get(root, "statements"), row);
			for (size_t c = 0; c < columns; c++) {
				bool ends;
				char *field = next_field(&at, &ends);
				assert_int_equal(ends, c + 1 == columns);
				if (json_object_get(statement, names[c]) != NULL) {
					hold_value(names[c], field, json_object_get(statement, names[c]));
					held++;
				}
				free(field);
			}
		}
		assert_true(held >= 9 * kinds[i].found->nstatements);
		assert_true(*at == '\0');
		for (size_t c = 0; c < columns; c++)
			free(names[c]);
		json_decref(root);
		free(text);
		free(csv);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_screens),
		cmocka_unit_test(test_error),
		cmocka_unit_test(test_prompt_prints_what_is_new),
		cmocka_unit_test(test_lines_fit),
		cmocka_unit_test(test_color_says_nothing_alone),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_json_parses),
		cmocka_unit_test(test_csv_has_the_values_of_the_json),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
