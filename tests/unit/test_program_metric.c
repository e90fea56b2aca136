/* SPDX-License-Identifier: MIT */
/* The table of metrics of a program: walked as metric.c's is, and held against struct program_row, of which no number may be forgotten. */
#include "metric_rows.h"

#include "base/program_metric.h"

#include <math.h>
#include <stdio.h>

static void test_rows_are_complete(void **state)
{
	(void)state;
	hold_rows_complete(program_metric_table, program_metric_count);
}

static bool is_ratio(const struct metric *m)
{
	return strcmp(m->group, "ratio") == 0;
}

/* Offsets of ratios are in another struct, so they are a table of their own here. */
static void test_rows_are_unique(void **state)
{
	(void)state;
	size_t first = 0;
	while (first < program_metric_count && !is_ratio(&program_metric_table[first]))
		first++;
	hold_rows_unique(program_metric_table, first);
	hold_rows_unique(program_metric_table + first, program_metric_count - first);
}

static void test_groups_stand_together(void **state)
{
	(void)state;
	hold_groups_together(program_metric_table, program_metric_count);
}

static void test_no_number_is_forgotten(void **state)
{
	(void)state;
	size_t heap = 0, resident = 0, time = 0, ratio = 0;
	for (size_t i = 0; i < program_metric_count; i++) {
		const struct metric *m = &program_metric_table[i];
		size_t end = m->offset + size_of(m);
		if (strcmp(m->group, "heap") == 0) {
			heap += size_of(m);
			assert_true(m->offset >= offsetof(struct program_row, heap) && end <= offsetof(struct program_row, heap.source));
		} else if (strcmp(m->group, "resident") == 0) {
			resident += size_of(m);
			assert_true(m->offset >= offsetof(struct program_row, resident) && end <= offsetof(struct program_row, resident.source));
		} else if (strcmp(m->group, "time") == 0) {
			time += size_of(m);
			assert_true(m->offset >= offsetof(struct program_row, time) && end <= offsetof(struct program_row, time.source));
		} else {
			assert_true(is_ratio(m));
			ratio += size_of(m);
			assert_true(m->offset >= offsetof(struct program_result, ratio) && end <= offsetof(struct program_result, ratio.why));
		}
	}
	assert_int_equal(heap, offsetof(struct program_heap, source));
	assert_int_equal(resident, offsetof(struct program_resident, source));
	assert_int_equal(time, offsetof(struct program_time, source));
	assert_int_equal(ratio, offsetof(struct ratio_result, why));
}

static void test_find(void **state)
{
	(void)state;
	for (size_t i = 0; i < program_metric_count; i++) {
		const struct metric *m = &program_metric_table[i];
		char name[100];
		snprintf(name, sizeof name, "%s.%s", m->group, m->name);
		assert_ptr_equal(program_metric_find(name), m);
	}
	static const char *const none[] = { "", ".", "heap", "heap.", "asked_bytes", "heaps.asked_bytes", "hea.asked_bytes", "heap.asked_byte", "time.asked_bytes" };
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		assert_null(program_metric_find(none[i]));
}

/* The columns that the issue lists, in its order. */
static void test_columns(void **state)
{
	(void)state;
	static const char *const expected[] = { "asked", "allocated", "allocations", "temporary", "peak heap", "kept", "peak RSS", "faults", "wall", "user", "system" };
	size_t columns = 0;
	for (size_t i = 0; i < program_metric_count; i++)
		if (program_metric_table[i].column != NULL)
			assert_string_equal(program_metric_table[i].column, expected[columns++]);
	assert_int_equal(columns, sizeof expected / sizeof expected[0]);
}

static void test_values(void **state)
{
	(void)state;
	struct program_result program = { .ratio = { .time = 0.5, .low = 0.4, .high = 0.6, .resolved = 1 } };
	struct program_row region;
	program_row_init(&program.total, PROGRAM_TOTAL);
	program_row_init(&region, PROGRAM_REGION);
	for (size_t i = 0; i < program_metric_count; i++) {
		const struct metric *m = &program_metric_table[i];
		bool is_none = strcmp(m->name, "runs") != 0; /* none were made: 0 */
		assert_true(isnan(program_metric_value(m, &program, &region)) == is_none);
		assert_true(isnan(program_metric_value(m, &program, &program.total)) == (is_none && !is_ratio(m)));
	}
	program.total.heap.asked_bytes = 0;
	program.total.resident.peak_bytes = 3;
	program.total.time.wall_ns = 2.5;
	assert_true(program_metric_value(program_metric_find("heap.asked_bytes"), &program, &program.total) == 0);
	assert_true(program_metric_value(program_metric_find("resident.peak_bytes"), &program, &program.total) == 3);
	assert_true(program_metric_value(program_metric_find("time.wall_ns"), &program, &program.total) == 2.5);
	assert_true(program_metric_value(program_metric_find("ratio.time"), &program, &program.total) == 0.5);
	assert_true(program_metric_value(program_metric_find("ratio.resolved"), &program, &program.total) == 1);
}

static void test_why_and_source(void **state)
{
	(void)state;
	struct program_result program = { .ratio.why = "q", .total = { .kind = PROGRAM_TOTAL, .heap = { .why = "h", .source = PROGRAM_COUNTED },
		.resident = { .why = "r", .source = PROGRAM_OUTSIDE }, .time = { .why = "t", .source = PROGRAM_PLAIN } } };
	struct program_row region = program.total;
	region.kind = PROGRAM_REGION;
	assert_string_equal(program_metric_why("heap", &program, &program.total), "h");
	assert_string_equal(program_metric_why("resident", &program, &program.total), "r");
	assert_string_equal(program_metric_why("time", &program, &program.total), "t");
	assert_string_equal(program_metric_why("ratio", &program, &program.total), "q");
	assert_string_equal(program_metric_why("ratio", &program, &region), "");
	assert_string_equal(program_metric_why("colour", &program, &program.total), "");
	assert_string_equal(program_metric_source("heap", &program.total), PROGRAM_COUNTED);
	assert_string_equal(program_metric_source("resident", &program.total), PROGRAM_OUTSIDE);
	assert_string_equal(program_metric_source("time", &program.total), PROGRAM_PLAIN);
	assert_null(program_metric_source("ratio", &program.total));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_are_complete),
		cmocka_unit_test(test_rows_are_unique),
		cmocka_unit_test(test_groups_stand_together),
		cmocka_unit_test(test_no_number_is_forgotten),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_why_and_source),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
