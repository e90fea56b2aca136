/* SPDX-License-Identifier: MIT */
#ifndef METRIC_ROWS_H
#define METRIC_ROWS_H

/* What is true of every table of metrics: the table is walked, so that a new row is tested before anyone writes a test for it. */

#include "base/metric.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include <cmocka.h>

static inline size_t size_of(const struct metric *m)
{
	return m->is_real ? sizeof(double) : m->unit == METRIC_BOOL ? sizeof(int) : sizeof(int64_t);
}

static inline void hold_rows_complete(const struct metric *table, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct metric *m = &table[i];
		assert_non_null(m->group);
		assert_non_null(m->name);
		assert_non_null(m->help);
		assert_true(strlen(m->help) > 0 && strlen(m->help) <= 80);
		assert_true(m->help[strlen(m->help) - 1] != '.');
		assert_null(strpbrk(m->name, ". ,\""));
		assert_true(m->column == NULL || strlen(m->column) <= 12);
		assert_true(m->unit == METRIC_BYTES ? strstr(m->name, "_bytes") != NULL : strstr(m->name, "_bytes") == NULL);
		assert_true(m->unit == METRIC_NS ? strstr(m->name, "_ns") != NULL : strstr(m->name, "_ns") == NULL);
		assert_true(m->unit != METRIC_RATIO || m->is_real);
		assert_true(m->unit != METRIC_BOOL || !m->is_real);
	}
}

static inline void hold_rows_unique(const struct metric *table, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < i; k++) {
			const struct metric *a = &table[i], *b = &table[k];
			bool same_name = strcmp(a->name, b->name) == 0;
			assert_false(same_name && strcmp(a->group, b->group) == 0);
			assert_false(same_name && strcmp(a->name, "peak_bytes") != 0);
			assert_false(a->column != NULL && b->column != NULL && strcmp(a->column, b->column) == 0);
			assert_true(a->offset + size_of(a) <= b->offset || b->offset + size_of(b) <= a->offset);
		}
	}
}

/* A group's rows stand together, or JSON would have two objects of one name. */
static inline void hold_groups_together(const struct metric *table, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t k = 0; k + 1 < i; k++)
			assert_false(strcmp(table[i].group, table[i - 1].group) != 0 && strcmp(table[i].group, table[k].group) == 0);
}

#endif
