/* SPDX-License-Identifier: MIT */
/* The table of metrics is walked: a new row is tested before anyone writes a test for it. */
#include "metric_rows.h"

#include <math.h>
#include <stdio.h>

static void test_rows_are_complete(void **state)
{
	(void)state;
	hold_rows_complete(metric_table, metric_count);
}

static void test_rows_are_unique(void **state)
{
	(void)state;
	hold_rows_unique(metric_table, metric_count);
}

static void test_groups_stand_together(void **state)
{
	(void)state;
	hold_groups_together(metric_table, metric_count);
}

#define INSIDE(m, member) \
	((m)->offset >= offsetof(struct variant_result, member) && \
	 (m)->offset + size_of(m) <= offsetof(struct variant_result, member) + sizeof(((struct variant_result *)0)->member))

static void test_offsets_lie_in_their_group(void **state)
{
	(void)state;
	size_t bytes = 0;
	for (size_t i = 0; i < metric_count; i++) {
		const struct metric *m = &metric_table[i];
		if (strcmp(m->group, "heap") == 0)
			assert_true(INSIDE(m, heap));
		else if (strcmp(m->group, "resident") == 0)
			assert_true(INSIDE(m, resident));
		else if (strcmp(m->group, "time") == 0)
			assert_true(INSIDE(m, time));
		else if (strcmp(m->group, "ratio") == 0)
			assert_true(INSIDE(m, ratio));
		else
			fail_msg("group %s", m->group);
		bytes += size_of(m);
	}
	/* And none is forgotten: all that stands before each group's `why` is in the table. */
	assert_int_equal(bytes, offsetof(struct heap_result, why) + offsetof(struct resident_result, why) + offsetof(struct time_result, why) +
	                            offsetof(struct ratio_result, why));
}

static void test_find(void **state)
{
	(void)state;
	for (size_t i = 0; i < metric_count; i++) {
		const struct metric *m = &metric_table[i];
		char name[100];
		snprintf(name, sizeof name, "%s.%s", m->group, m->name);
		assert_ptr_equal(metric_find(name), m);
		const struct metric *found = metric_find(m->name);
		assert_non_null(found);
		if (strcmp(m->name, "peak_bytes") == 0)
			assert_string_equal(found->group, "heap");
		else
			assert_ptr_equal(found, m);
	}
	assert_ptr_equal(metric_find("ratio"), metric_find("ratio.time"));
	assert_null(metric_find(""));
	assert_null(metric_find("."));
	assert_null(metric_find("heap"));
	assert_null(metric_find("heap."));
	assert_null(metric_find("hea.asked_bytes"));
	assert_null(metric_find("heaps.asked_bytes"));
	assert_null(metric_find("time.asked_bytes"));
	assert_null(metric_find("asked_byte"));
	assert_null(metric_find("heap.asked_bytes.x"));
	assert_null(metric_find(".asked_bytes"));
}

static void test_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < metric_count; i++) {
		const struct metric *m = &metric_table[i];
		struct variant_result variant = { 0 };
		assert_true(metric_value(m, &variant) == 0);
		char *member = (char *)&variant + m->offset;
		double real = 2.5;
		int flag = 1;
		int64_t integer = 123456789012345;
		if (m->is_real)
			memcpy(member, &real, sizeof real);
		else if (m->unit == METRIC_BOOL)
			memcpy(member, &flag, sizeof flag);
		else
			memcpy(member, &integer, sizeof integer);
		assert_true(metric_value(m, &variant) == (m->is_real ? 2.5 : m->unit == METRIC_BOOL ? 1 : 123456789012345.0));
		real = NAN;
		flag = -1;
		integer = RESULT_NONE;
		if (m->is_real)
			memcpy(member, &real, sizeof real);
		else if (m->unit == METRIC_BOOL)
			memcpy(member, &flag, sizeof flag);
		else
			memcpy(member, &integer, sizeof integer);
		assert_true(isnan(metric_value(m, &variant)));
	}
	struct variant_result variant = { .heap.asked_bytes = 1, .heap.peak_bytes = 2, .resident.peak_bytes = 3, .ratio.resolved = 1, .time.floor_ns = 4 };
	assert_true(metric_value(metric_find("asked_bytes"), &variant) == 1);
	assert_true(metric_value(metric_find("peak_bytes"), &variant) == 2);
	assert_true(metric_value(metric_find("resident.peak_bytes"), &variant) == 3);
	assert_true(metric_value(metric_find("resolved"), &variant) == 1);
	assert_true(metric_value(metric_find("floor_ns"), &variant) == 4);
}

static void test_columns(void **state)
{
	(void)state;
	const struct {
		const char *column, *name;
	} expected[] = { { "makes", "heap.asked_bytes" }, { "peak", "heap.peak_bytes" }, { "peak RSS", "resident.peak_bytes" }, { "time", "time.median_ns" } };
	for (size_t e = 0; e < sizeof expected / sizeof expected[0]; e++)
		assert_string_equal(metric_find(expected[e].name)->column, expected[e].column);
}

static void test_why(void **state)
{
	(void)state;
	struct variant_result variant = { .heap.why = "h", .resident.why = "r", .time.why = "t", .ratio.why = "q" };
	assert_string_equal(metric_group_why("heap", &variant), "h");
	assert_string_equal(metric_group_why("resident", &variant), "r");
	assert_string_equal(metric_group_why("time", &variant), "t");
	assert_string_equal(metric_group_why("ratio", &variant), "q");
	assert_string_equal(metric_group_why("colour", &variant), "");
	/* Every group of the table can say why. */
	for (size_t i = 0; i < metric_count; i++)
		assert_true(metric_group_why(metric_table[i].group, &variant)[0] != '\0');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_are_complete),
		cmocka_unit_test(test_rows_are_unique),
		cmocka_unit_test(test_groups_stand_together),
		cmocka_unit_test(test_offsets_lie_in_their_group),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_why),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
