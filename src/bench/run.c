/* SPDX-License-Identifier: MIT */
/* A plan from its first pass to its last. */

#include "bench/bench.h"
#include "bench/passes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* oversize_threshold: requests from there on come from an arena that gives its pages back at once. */
#define COMMON                                                                                                                      \
	"narenas:1,tcache:true,lg_tcache_max:15,retain:true,oversize_threshold:8388608,thp:default,metadata_thp:disabled,background_thread:false," \
	"percpu_arena:disabled,confirm_conf:false"
const char bench_malloc_conf[] = COMMON ",dirty_decay_ms:10000,muzzy_decay_ms:0";
const char bench_malloc_conf_kept[] = COMMON ",dirty_decay_ms:-1,muzzy_decay_ms:-1";

static void clear(struct variant_result *result)
{
	result->status = RESULT_OK;
	result->why[0] = '\0';
	result->checksum = NAN;
	result->prediction_missed = false;
	result->nfacts = result->ntimeline = 0;
	result->heap = (struct heap_result){
		RESULT_NONE, RESULT_NONE, RESULT_NONE, RESULT_NONE, RESULT_NONE, RESULT_NONE,
		RESULT_NONE, RESULT_NONE, RESULT_NONE, RESULT_NONE, RESULT_NONE, RESULT_NONE, "",
	};
	result->resident = (struct resident_result){ RESULT_NONE, RESULT_NONE, RESULT_NONE, "" };
	result->time = (struct time_result){ RESULT_NONE, RESULT_NONE, NAN, NAN, NAN, NAN, NAN, NAN, "" };
	result->ratio = (struct ratio_result){ NAN, NAN, NAN, (int)RESULT_NONE, "" };
}

/* The job's variants, its baseline first: the first naive one that works, else the first that works. Returns how many there are. */
static size_t job_members(const struct bench_plan *plan, const struct variant_result *results, size_t first, size_t *members)
{
	size_t count = 0;
	size_t baseline = SIZE_MAX;
	for (int naive = 1; naive >= 0 && baseline == SIZE_MAX; naive--)
		for (size_t i = first; i < plan->nvariants && baseline == SIZE_MAX; i++)
			if (strcmp(plan->variants[i].job, plan->variants[first].job) == 0 && plan->variants[i].naive >= naive && results[i].status == RESULT_OK)
				baseline = i;
	if (baseline == SIZE_MAX)
		return 0;
	members[count++] = baseline;
	for (size_t i = first; i < plan->nvariants; i++)
		if (i != baseline && strcmp(plan->variants[i].job, plan->variants[first].job) == 0)
			members[count++] = i;
	return count;
}

/* Same answer, or no comparison. */
static void compare_checksums(const struct bench_plan *plan, const size_t *members, size_t count, struct variant_result *results)
{
	double reference = results[members[0]].checksum;
	for (size_t i = 1; i < count; i++) {
		struct variant_result *result = &results[members[i]];
		if (result->status != RESULT_OK || result->checksum == reference)
			continue;
		double off = fabs(result->checksum - reference);
		if (off <= plan->tolerance * fmax(fabs(result->checksum), fabs(reference)))
			continue;
		result->status = RESULT_WRONG;
		char name[64];
		snprintf(result->why, sizeof result->why, "its answer is %.17g, %s's is %.17g", result->checksum, passes_name(&results[members[0]], name), reference);
	}
}

static bool first_of_job(const struct bench_plan *plan, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(plan->variants[k].job, plan->variants[i].job) == 0)
			return false;
	return true;
}

static void say(const struct bench_plan *plan, const char *doing, double done)
{
	if (plan->progress)
		plan->progress(plan->progress_context, doing, done);
}

static int passes_alone(const struct bench_plan *plan, int cpu, struct variant_result *results)
{
	int status = 0;
	for (size_t i = 0; status == 0 && i < plan->nvariants; i++) {
		clear(&results[i]);
		results[i].baseline = results[i].baseline_language = NULL;
		char name[64];
		say(plan, passes_name(&results[i], name), (double)i / (double)plan->nvariants);
		status = passes_single(plan, i, cpu, &results[i]);
		if (plan->untimed) {
			static const char why[] = "a truth table: not timed";
			snprintf(results[i].resident.why, RESULT_WHY, "%s", why);
			snprintf(results[i].time.why, RESULT_WHY, "%s", why);
			snprintf(results[i].ratio.why, RESULT_WHY, "%s", why);
		}
	}
	return status;
}

/* A group that has no numbers because the variant failed says so. */
static void explain_missing(struct variant_result *result)
{
	if (result->status == RESULT_OK)
		return;
	char *whys[] = { result->heap.asked_bytes == RESULT_NONE ? result->heap.why : NULL,
		         result->resident.first_faults == RESULT_NONE ? result->resident.why : NULL,
		         isnan(result->time.median_ns) ? result->time.why : NULL,
		         isnan(result->ratio.time) ? result->ratio.why : NULL };
	for (size_t i = 0; i < sizeof whys / sizeof whys[0]; i++)
		if (whys[i] && !whys[i][0])
			snprintf(whys[i], RESULT_WHY, "%s", result->why);
}

int bench_run(const struct bench_plan *plan, struct variant_result *results, struct err *err)
{
	int cpu = child_choose_cpu(-1);
	size_t *members = calloc(plan->nvariants + 1, sizeof *members);
	int status = members ? passes_alone(plan, cpu, results) : ERR_IO;
	for (size_t i = 0; status == 0 && i < plan->nvariants; i++) {
		if (!first_of_job(plan, i))
			continue;
		size_t count = job_members(plan, results, i, members);
		if (count == 0)
			continue;
		compare_checksums(plan, members, count, results);
		for (size_t k = 0; k < count; k++)
			results[members[k]].baseline = results[members[0]].name, results[members[k]].baseline_language = results[members[0]].language;
		if (!plan->untimed)
			status = passes_timed(plan, members, count, plan->seconds * (double)count / (double)plan->nvariants, cpu, results);
	}
	if (status == 0 && !plan->untimed)
		status = passes_floor(plan, cpu, results);
	for (size_t i = 0; status == 0 && i < plan->nvariants; i++)
		explain_missing(&results[i]);
	free(members);
	if (status == ERR_INTERRUPTED)
		return err_set(err, ERR_INTERRUPTED, "interrupted");
	if (status != 0)
		return err_set(err, ERR_IO, "out of memory");
	return 0;
}
