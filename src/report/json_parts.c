/* SPDX-License-Identifier: MIT */
/* Values of the JSON: numbers are numbers, whole ones are integers, and what was not measured is null. */

#include "report/json_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* jansson refuses what is not UTF-8 (a kernel's or a CPU's name could hold anything): such bytes become '?'. */
json_t *part_string(const char *value)
{
	if (value == NULL)
		return json_null();
	json_t *made = json_string(value);
	if (made != NULL)
		return made;
	char *ascii = strdup(value);
	if (ascii == NULL)
		return NULL;
	for (char *c = ascii; *c != '\0'; c++)
		if ((unsigned char)*c >= 0x80)
			*c = '?';
	made = json_string(ascii);
	free(ascii);
	return made;
}

json_t *part_words(const char *value)
{
	return value != NULL && *value != '\0' ? part_string(value) : json_null();
}

json_t *part_integer(int64_t value)
{
	return value == RESULT_NONE ? json_null() : json_integer(value);
}

json_t *part_real(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

json_t *part_strings(char *const *values, size_t count)
{
	json_t *array = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, part_string(values[i]));
	return array;
}

void part_set(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value);
}

void part_set_why(json_t *object, const char *why)
{
	if (why[0] != '\0')
		part_set(object, "why", part_string(why));
}

static json_t *metric(const struct metric *metric, const void *holder)
{
	const char *member = (const char *)holder + metric->offset;
	if (metric->unit == METRIC_BOOL) {
		int value;
		memcpy(&value, member, sizeof value);
		return value == RESULT_NONE ? json_null() : json_boolean(value);
	}
	if (metric->is_real)
		return part_real(metric_read(metric, holder));
	int64_t value;
	memcpy(&value, member, sizeof value);
	return part_integer(value);
}

json_t *part_group(const char *group, const struct metric *table, size_t count, const void *holder, const char *why)
{
	json_t *object = json_object();
	for (size_t i = 0; i < count; i++)
		if (strcmp(table[i].group, group) == 0)
			part_set(object, table[i].name, metric(&table[i], holder));
	part_set_why(object, why);
	return object;
}
