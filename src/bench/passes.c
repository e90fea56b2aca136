/* SPDX-License-Identifier: MIT */
/* The two passes that look at one variant alone, and the floor. */

#include "bench/passes.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { FLOOR_TRIES = 4 };

struct child_spec passes_spec(const struct bench_plan *plan, size_t variant, int cpu)
{
	const struct bench_variant *way = &plan->variants[variant];
	struct child_spec spec = {
		.program = plan->program,
		.lesson = plan->lesson,
		.variant = way->name,
		.values = plan->values,
		.malloc_conf = way->pages_kept ? bench_malloc_conf_kept : bench_malloc_conf,
		.hugepages = plan->hugepages,
		.cpu = cpu,
	};
	if (way->numpy)
		spec.twin = (struct twin_spec){
			.python = plan->python,
			.lesson = plan->lesson,
			.variant = way->name,
			.text = plan->twin,
			.values = plan->values,
			.malloc_conf = spec.malloc_conf,
			.drained = plan->untimed, /* a truth table tells 0 B from 24 B */
		};
	return spec;
}

const char *passes_name(const struct variant_result *result, char out[64])
{
	const char *language = variant_result_language(result);
	bool is_c = strcmp(language, "c") == 0;
	snprintf(out, 64, "%.16s%s%.40s", is_c ? "" : language, is_c ? "" : ".", result->name);
	return out;
}

bool passes_failed(enum child_answer answer, const char *doing, const char *why, struct variant_result *result)
{
	switch (answer) {
	case CHILD_OK:
		return false;
	case CHILD_DIED:
		result->status = RESULT_KILLED;
		break;
	case CHILD_HUNG:
		result->status = RESULT_HUNG;
		break;
	case CHILD_REFUSED:
	case CHILD_INTERRUPTED:
		result->status = RESULT_FAILED;
		break;
	}
	snprintf(result->why, sizeof result->why, "%.100s (%s)", why, doing);
	return true;
}

static void take_heap(const struct wire_reply *reply, const struct bench_variant *variant, struct variant_result *result)
{
	result->heap = reply->heap;
	result->heap.predicted_asked_bytes = variant->predicted_asked_bytes;
	result->heap.predicted_peak_asked_bytes = variant->predicted_peak_asked_bytes;
	result->checksum = reply->checksum;
	result->nfacts = reply->nfacts;
	memcpy(result->facts, reply->facts, sizeof result->facts);
	result->ntimeline = reply->ntimeline;
	memcpy(result->timeline, reply->timeline, sizeof result->timeline);
	if (variant->predicted_asked_bytes == RESULT_NONE)
		snprintf(result->heap.why, sizeof result->heap.why, "not predicted: Python's own objects follow no formula here");
	else
		result->prediction_missed = result->heap.asked_bytes != variant->predicted_asked_bytes ||
		                            result->heap.peak_asked_bytes != variant->predicted_peak_asked_bytes;
	if ((uint64_t)result->heap.allocated_bytes != reply->jemalloc_allocated_bytes) {
		result->status = RESULT_FAILED;
		snprintf(result->why, sizeof result->why, "the meter counted %lld bytes allocated, jemalloc %llu", (long long)result->heap.allocated_bytes,
		         (unsigned long long)reply->jemalloc_allocated_bytes);
	}
}

static void take_resident(const struct wire_reply *reply, struct variant_result *result)
{
	result->resident.peak_bytes = reply->resident_peak_bytes;
	result->resident.first_faults = reply->faults;
	snprintf(result->resident.why, sizeof result->resident.why, "%s", reply->why);
}

/* One worker that is to answer one request. */
struct errand {
	enum wire_op op;
	const char *name;
	struct child child;
	enum child_answer answer;
	struct wire_reply reply;
	char why[RESULT_WHY];
};

static void send_off(const struct bench_plan *plan, struct errand *errand)
{
	struct wire_request request = { .op = errand->op };
	if (errand->answer == CHILD_OK)
		errand->answer = child_receive(&errand->child, plan->timeout_s, &errand->reply, errand->why); /* its hello */
	if (errand->answer == CHILD_OK)
		errand->answer = child_send(&errand->child, &request, errand->why);
}

int passes_single(const struct bench_plan *plan, size_t variant, int cpu, struct variant_result *result)
{
	static struct errand errands[2]; /* large; off the stack */
	size_t count = plan->untimed ? 1 : 2;
	bool interrupted = false;
	for (size_t i = 0; i < count; i++) {
		struct child_spec spec = passes_spec(plan, variant, i == 0 ? cpu : child_choose_cpu(cpu));
		spec.twin.counted = i == 0;
		errands[i] = (struct errand){ .op = i == 0 ? WIRE_HEAP : WIRE_RESIDENT, .name = i == 0 ? "heap pass" : "resident pass" };
		errands[i].answer = child_launch(&spec, &errands[i].child, errands[i].why);
	}
	for (size_t i = 0; i < count; i++)
		send_off(plan, &errands[i]);
	for (size_t i = 0; i < count; i++) {
		if (errands[i].answer == CHILD_OK)
			errands[i].answer = child_receive(&errands[i].child, plan->timeout_s, &errands[i].reply, errands[i].why);
		child_stop(&errands[i].child);
		interrupted = interrupted || errands[i].answer == CHILD_INTERRUPTED;
	}
	if (interrupted)
		return ERR_INTERRUPTED;
	/* The first failure is the one that is told. */
	if (passes_failed(errands[0].answer, errands[0].name, errands[0].why, result)) {
		snprintf(result->heap.why, sizeof result->heap.why, "%s", result->why);
		return 0;
	}
	take_heap(&errands[0].reply, &plan->variants[variant], result);
	if (count == 1)
		return 0;
	if (passes_failed(errands[1].answer, errands[1].name, errands[1].why, result))
		snprintf(result->resident.why, sizeof result->resident.why, "%s", result->why);
	else
		take_resident(&errands[1].reply, result);
	return 0;
}

int passes_floor(const struct bench_plan *plan, int cpu, struct variant_result *results)
{
	static const char *const values[] = { "2000", NULL };
	static struct wire_reply reply;
	char why[RESULT_WHY] = "";
	struct child child = { .fd = -1 };
	struct child_spec spec = {
		.program = plan->program,
		.lesson = "selftest",
		.variant = "empty",
		.values = values,
		.malloc_conf = bench_malloc_conf,
		.hugepages = plan->hugepages,
		.cpu = cpu,
	};
	enum child_answer answer = child_start(&spec, plan->timeout_s, &child, &reply, why);
	for (size_t i = 0; i < plan->nvariants && answer == CHILD_OK; i++) {
		const struct bench_variant *variant = &plan->variants[i];
		if (!variant->has_floor && results[i].status == RESULT_OK)
			snprintf(results[i].time.why, RESULT_WHY, "no floor: its lesson does not say what must move");
		if (!variant->has_floor || results[i].status != RESULT_OK || isnan(results[i].time.median_ns))
			continue;
		/* The same bytes as an earlier variant's: the same floor. */
		size_t same = 0;
		while (same < i && (plan->variants[same].reads != variant->reads || plan->variants[same].writes != variant->writes ||
		                    isnan(results[same].time.floor_ns)))
			same++;
		if (same < i) {
			results[i].time.floor_ns = results[same].time.floor_ns;
			continue;
		}
		struct wire_request request = { .op = WIRE_FLOOR, .repeats = FLOOR_TRIES, .reads = variant->reads, .writes = variant->writes };
		answer = child_ask(&child, &request, plan->timeout_s, &reply, why);
		if (answer == CHILD_OK)
			results[i].time.floor_ns = reply.floor_ns;
		else if (answer == CHILD_REFUSED)
			answer = CHILD_OK;
		if (isnan(results[i].time.floor_ns))
			snprintf(results[i].time.why, RESULT_WHY, "no floor: %.100s", why);
	}
	child_stop(&child);
	return answer == CHILD_INTERRUPTED ? ERR_INTERRUPTED : 0;
}
