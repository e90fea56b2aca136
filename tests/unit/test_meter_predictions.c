/* SPDX-License-Identifier: MIT */
/*
 * Predicted beside measured: for every lesson and every way, over random valid parameters, the bytes that the formulas foretell are the bytes that
 * are asked for, the words of the formula come to the same number, and the meter agrees with jemalloc.
 */

#include "cmd/judge.h"
#include "lesson/selftest.h"
#include "worker.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SETS = 220 };
static const uint64_t most_bytes = 4 << 20; /* most sets are small; a few reach this */

static uint64_t seed;

static uint64_t next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* Between least and most, all magnitudes alike. */
static uint64_t draw(uint64_t least, uint64_t most)
{
	double low = log((double)least + 1), high = log((double)most + 1);
	double value = exp(low + (high - low) * ((double)(next_random() >> 11) * 0x1p-53)) - 1;
	uint64_t whole = (uint64_t)llround(value);
	return whole < least ? least : whole > most ? most : whole;
}

static uint64_t total_bytes(const struct lesson *lesson, const struct lesson_variant *variant, const uint64_t *params)
{
	return lesson_add(lesson->setup_bytes ? lesson->setup_bytes(params) : 0, variant->asked(params));
}

/* Valid parameters that are not too large to run hundreds of. */
static void draw_params(const struct lesson *lesson, const struct lesson_variant *variant, uint64_t *params)
{
	char note[256];
	for (int tries = 0; tries < 100000; tries++) {
		for (size_t i = 0; lesson->params[i].name; i++) {
			const struct lesson_param *param = &lesson->params[i];
			uint64_t most = param->most < 200000 ? param->most : 200000;
			params[i] = draw(param->least, most > param->least ? most : param->least);
		}
		if (lesson->fit && lesson->fit(params, note, sizeof note) < 0)
			continue;
		if (total_bytes(lesson, variant, params) <= most_bytes)
			return;
	}
	/* A lesson whose least is already large. */
	for (size_t i = 0; lesson->params[i].name; i++)
		params[i] = lesson->params[i].value;
	if (lesson->fit)
		lesson->fit(params, note, sizeof note);
}

static void say_params(const struct lesson *lesson, const struct lesson_variant *variant, const uint64_t *params, char *out, size_t size)
{
	size_t length = (size_t)snprintf(out, size, "%s/%s", lesson->name, variant->name);
	for (size_t i = 0; lesson->params[i].name && length < size; i++)
		length += (size_t)snprintf(out + length, size - length, " %s=%llu", lesson->params[i].name, (unsigned long long)params[i]);
}

static void check_one(const struct lesson *lesson, const struct lesson_variant *variant, const uint64_t *params)
{
	static struct wire_reply reply;
	char what[256];
	struct err err = { 0 };
	say_params(lesson, variant, params, what, sizeof what);
	worker_heap_pass(lesson, variant, params, &reply);
	if (reply.status != 0)
		fail_msg("%s: %s", what, reply.why);
	uint64_t asked = variant->asked(params), peak = variant->peak_asked(params);
	if ((uint64_t)reply.heap.asked_bytes != asked)
		fail_msg("%s: asked %lld, predicted %llu", what, (long long)reply.heap.asked_bytes, (unsigned long long)asked);
	if ((uint64_t)reply.heap.peak_asked_bytes != peak)
		fail_msg("%s: peak asked %lld, predicted %llu", what, (long long)reply.heap.peak_asked_bytes, (unsigned long long)peak);
	if ((uint64_t)reply.heap.allocated_bytes != reply.jemalloc_allocated_bytes)
		fail_msg("%s: the meter says %lld allocated, jemalloc %llu", what, (long long)reply.heap.allocated_bytes,
		         (unsigned long long)reply.jemalloc_allocated_bytes);
	if (asked == 0 && (reply.heap.allocations != 0 || reply.heap.peak_bytes != 0 || reply.heap.kept_bytes != 0 || reply.heap.allocated_bytes != 0 ||
	                   reply.heap.copied_bytes != 0))
		fail_msg("%s: asks for nothing, yet a heap column is not 0", what);
	double words;
	if (judge_number(lesson, params, variant->formula, &words, &err) != 0)
		fail_msg("%s: formula '%s': %s", what, variant->formula, err.text);
	if (words != (double)asked)
		fail_msg("%s: '%s' is %.0f, predicted %llu", what, variant->formula, words, (unsigned long long)asked);
	assert_true(reply.nfacts < RESULT_FACTS); /* none was dropped */
}

static void check_lesson(const struct lesson *lesson)
{
	for (const struct lesson_variant *variant = lesson->variants; variant->name; variant++) {
		uint64_t params[LESSON_PARAMS_MAX] = { 0 };
		seed = 88172645463325252u;
		for (int set = 0; set < SETS; set++) {
			draw_params(lesson, variant, params);
			check_one(lesson, variant, params);
		}
	}
}

static void test_lesson(void **state)
{
	check_lesson(*state);
}

int main(void)
{
	static struct CMUnitTest tests[64];
	size_t count = 0;
	for (const struct lesson *const *lesson = lesson_all(); *lesson && count < 63; lesson++) {
		void *chosen = NULL;
		memcpy(&chosen, lesson, sizeof chosen);
		tests[count++] = (struct CMUnitTest){ (*lesson)->name, test_lesson, NULL, NULL, chosen };
	}
	static const struct lesson *self = &lesson_selftest;
	void *chosen = NULL;
	memcpy(&chosen, &self, sizeof chosen);
	tests[count++] = (struct CMUnitTest){ "selftest", test_lesson, NULL, NULL, chosen };
	return _cmocka_run_group_tests("predictions", tests, count, NULL, NULL);
}
