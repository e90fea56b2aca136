/* SPDX-License-Identifier: MIT */
#include "lesson/facts.h"

#include <stdarg.h>
#include <stdio.h>

static struct lesson_fact *next(struct lesson_facts *facts, const char *name, enum lesson_fact_kind kind)
{
	static struct lesson_fact dropped;
	struct lesson_fact *fact = facts->count < LESSON_FACTS_MAX ? &facts->facts[facts->count++] : &dropped;
	snprintf(fact->name, sizeof fact->name, "%s", name);
	fact->kind = kind;
	return fact;
}

void lesson_fact_bool(struct lesson_facts *facts, const char *name, bool value)
{
	next(facts, name, LESSON_FACT_BOOL)->number = value;
}

void lesson_fact_integer(struct lesson_facts *facts, const char *name, int64_t value)
{
	next(facts, name, LESSON_FACT_INTEGER)->number = (double)value;
}

void lesson_fact_real(struct lesson_facts *facts, const char *name, double value)
{
	next(facts, name, LESSON_FACT_REAL)->number = value;
}

void lesson_fact_text(struct lesson_facts *facts, const char *name, const char *format, ...)
{
	struct lesson_fact *fact = next(facts, name, LESSON_FACT_TEXT_KIND);
	va_list args;
	va_start(args, format);
	vsnprintf(fact->text, sizeof fact->text, format, args);
	va_end(args);
}

/* "8, 8": the inside of NumPy's tuple. */
static void list(char *out, size_t size, int count, const ptrdiff_t *values)
{
	size_t length = 0;
	out[0] = '\0';
	for (int i = 0; i < count && length < size; i++)
		length += (size_t)snprintf(out + length, size - length, "%s%td", i ? ", " : "", values[i]);
}

void lesson_facts_of(struct lesson_facts *facts, const struct nd *result, const struct nd *source)
{
	char text[LESSON_FACT_TEXT];
	list(text, sizeof text, result->geom.ndim, result->geom.shape);
	lesson_fact_text(facts, "shape", "%s", text);
	list(text, sizeof text, result->geom.ndim, result->geom.strides);
	lesson_fact_text(facts, "strides", "%s", text);
	for (int i = 0; i < result->geom.ndim && i < 4; i++) {
		char name[LESSON_FACT_NAME];
		snprintf(name, sizeof name, "stride_%d", i);
		lesson_fact_integer(facts, name, result->geom.strides[i]);
	}
	lesson_fact_bool(facts, "owndata", result->owndata);
	lesson_fact_bool(facts, "writeable", result->writeable);
	lesson_fact_bool(facts, "base_is_source", nd_base_is(result, source));
	lesson_fact_bool(facts, "shares_memory", nd_shares_memory(result, source, 0, NULL) == ND_SHARES_YES);
}
