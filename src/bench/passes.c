/* SPDX-License-Identifier: MIT */
/* The two passes that look at one variant alone, and the floor. */

#include "bench/passes.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { FLOOR_TRIES = 4 };

struct child_spec passes_spec(const struct bench_plan *plan, size_t variant, int cpu)
{
	return (struct child_spec){
		.program = plan->program,
		.lesson = plan->lesson,
		.variant = plan->variants[variant].name,
		.values = plan->values,
		.malloc_conf = plan->variants[variant].pages_kept ? bench_malloc_conf_kept : bench_malloc_conf,
		.hugepages = plan->hugepages,
		.cpu = cpu,
	};
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

/* Start a worker for one variant, ask one thing, stop it. */
static enum child_answer ask_once(const struct bench_plan *plan, size_t variant, int cpu, const struct wire_request *request, struct wire_reply *reply,
                                  char why[RESULT_WHY])
{
	struct child child;
	struct child_spec spec = passes_spec(plan, variant, cpu);
	enum child_answer answer = child_start(&spec, plan->timeout_s, &child, reply, why);
	if (answer == CHILD_OK)
		answer = child_ask(&child, request, plan->timeout_s, reply, why);
	child_stop(&child);
	return answer;
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
	result->prediction_missed = result->heap.asked_bytes != variant->predicted_asked_bytes ||
	                            result->heap.peak_asked_bytes != variant->predicted_peak_asked_bytes;
	if ((uint64_t)result->heap.allocated_bytes != reply->jemalloc_allocated_bytes) {
		result->status = RESULT_FAILED;
		snprintf(result->why, sizeof result->why, "the meter counted %lld bytes allocated, jemalloc %llu", (long long)result->heap.allocated_bytes,
		         (unsigned long long)reply->jemalloc_allocated_bytes);
	}
}

int passes_heap(const struct bench_plan *plan, size_t variant, int cpu, struct variant_result *result)
{
	static struct wire_reply reply;
	char why[RESULT_WHY] = "";
	struct wire_request request = { .op = WIRE_HEAP };
	enum child_answer answer = ask_once(plan, variant, cpu, &request, &reply, why);
	if (answer == CHILD_INTERRUPTED)
		return ERR_INTERRUPTED;
	if (passes_failed(answer, "heap pass", why, result))
		snprintf(result->heap.why, sizeof result->heap.why, "%s", result->why);
	else
		take_heap(&reply, &plan->variants[variant], result);
	return 0;
}

int passes_resident(const struct bench_plan *plan, size_t variant, int cpu, struct variant_result *result)
{
	static struct wire_reply reply;
	char why[RESULT_WHY] = "";
	struct wire_request request = { .op = WIRE_RESIDENT };
	enum child_answer answer = ask_once(plan, variant, cpu, &request, &reply, why);
	if (answer == CHILD_INTERRUPTED)
		return ERR_INTERRUPTED;
	if (passes_failed(answer, "resident pass", why, result)) {
		snprintf(result->resident.why, sizeof result->resident.why, "%s", result->why);
		return 0;
	}
	result->resident.peak_bytes = reply.resident_peak_bytes;
	result->resident.first_faults = reply.faults;
	snprintf(result->resident.why, sizeof result->resident.why, "%s", reply.why);
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
			answer = CHILD_OK; /* this one has no floor */
	}
	child_stop(&child);
	return answer == CHILD_INTERRUPTED ? ERR_INTERRUPTED : 0;
}
