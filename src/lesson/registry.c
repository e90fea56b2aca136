/* SPDX-License-Identifier: MIT */
/* Finding a lesson: by its name, its id, or a pattern's number. The list itself is made from the folders of lessons/. */

#include "lesson/lesson.h"
#include "lesson/selftest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_order(const void *a, const void *b)
{
	const struct lesson *x = *(const struct lesson *const *)a, *y = *(const struct lesson *const *)b;
	int order = (x->order > y->order) - (x->order < y->order);
	return order ? order : strcmp(x->name, y->name);
}

const struct lesson *const *lesson_all(void)
{
	static const struct lesson **sorted;
	if (sorted)
		return sorted;
	size_t count = 0;
	while (lesson_registry[count])
		count++;
	sorted = calloc(count + 1, sizeof *sorted);
	if (!sorted)
		return lesson_registry; /* unsorted is better than nothing */
	memcpy(sorted, lesson_registry, count * sizeof *sorted);
	qsort(sorted, count, sizeof *sorted, by_order);
	return sorted;
}

const struct lesson *lesson_find(const char *word)
{
	char pattern[16];
	if (word[0] >= '0' && word[0] <= '9' && word[1] == '\0') {
		snprintf(pattern, sizeof pattern, "pattern%s", word);
		word = pattern;
	}
	for (const struct lesson *const *lesson = lesson_all(); *lesson; lesson++)
		if (strcmp((*lesson)->name, word) == 0 || strcmp((*lesson)->id, word) == 0)
			return *lesson;
	return strcmp(word, lesson_selftest.name) == 0 ? &lesson_selftest : NULL;
}

const char *lesson_source(const struct lesson *lesson)
{
	for (size_t i = 0; lesson_registry[i]; i++)
		if (lesson_registry[i] == lesson)
			return lesson_sources[i];
	return NULL;
}

const char *lesson_twin(const struct lesson *lesson)
{
	for (size_t i = 0; lesson_registry[i]; i++)
		if (lesson_registry[i] == lesson)
			return lesson_twins[i];
	return NULL;
}

const char *lesson_twin_function(const struct lesson *lesson, const char *name)
{
	const char *text = lesson_twin(lesson);
	for (int i = 0; text && i < 2; i++) {
		char head[96];
		snprintf(head, sizeof head, i == 0 ? "\ndef %s(" : "\n%s = ", name);
		const char *at = strstr(text, head);
		if (at)
			return at + 1;
	}
	return NULL;
}

static const struct lesson_variant *find(const struct lesson_variant *variants, const char *name)
{
	for (const struct lesson_variant *variant = variants; variant && variant->name; variant++)
		if (strcmp(variant->name, name) == 0)
			return variant;
	return NULL;
}

const struct lesson_variant *lesson_variant_find(const struct lesson *lesson, const char *name)
{
	return find(lesson->variants, name);
}

const struct lesson_variant *lesson_numpy_find(const struct lesson *lesson, const char *name)
{
	if (!lesson_twin_function(lesson, name))
		return NULL;
	const struct lesson_variant *only = find(lesson->numpy_variants, name);
	return only ? only : find(lesson->variants, name);
}
