/* SPDX-License-Identifier: MIT */
#ifndef LESSON_FACTS_H
#define LESSON_FACTS_H

/* What a lesson's facts() fills, seen by who reads it: the worker. */

#include "lesson/lesson.h"

enum { LESSON_FACT_NAME = 32, LESSON_FACT_TEXT = 64 };

enum lesson_fact_kind { LESSON_FACT_BOOL, LESSON_FACT_INTEGER, LESSON_FACT_REAL, LESSON_FACT_TEXT_KIND };

struct lesson_fact {
	char name[LESSON_FACT_NAME];
	enum lesson_fact_kind kind;
	double number;
	char text[LESSON_FACT_TEXT];
};

struct lesson_facts {
	size_t count; /* facts beyond LESSON_FACTS_MAX are dropped; a test sees to it that there are none */
	struct lesson_fact facts[LESSON_FACTS_MAX];
};

#endif
