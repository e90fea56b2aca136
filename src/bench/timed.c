/* SPDX-License-Identifier: MIT */
/*
 * The timed pass over one job: sets of fresh processes, rounds inside a set.
 *
 * The noise that matters lies between processes (where their pages and code happened to land), so long-lived children that are compared a hundred
 * times agree with themselves and not with the truth. Hence a set starts all workers anew, and an interval is made from the sets' numbers alone.
 *
 * Who starts first gets other pages than who starts last. Set 2k starts the workers in an order rotated by k, set 2k + 1 in the reverse of that order, so
 * that over each pair of sets every variant starts before every other as often as after it.
 */

#include "bench/passes.h"
#include "bench/statistics.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double sample_ns = 1e6; /* shorter runs are repeated within a sample until it is this long */

struct sample {
	double make_ns, use_ns;
	double faults;
};

/* One variant over all sets. */
struct track {
	size_t variant; /* its index in the plan */
	bool active;    /* false once a worker of it failed */
	struct child child;
	uint64_t repeats;
	struct sample *samples; /* recorded, job.rounds a set */
	double *first_ns;       /* one a set */
	double *set_ratios;
};

struct job {
	const struct bench_plan *plan;
	struct variant_result *results;
	struct track *tracks; /* [0] is the baseline */
	size_t count;
	size_t sets;   /* done */
	size_t warm;   /* rounds of a set that are not recorded */
	size_t rounds; /* and those that are */
	double round_ns; /* what one round takes, once the repeats are known */
	int cpu;
};

static double now_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double total_ns(const struct sample *sample)
{
	return sample->make_ns + sample->use_ns;
}

/* Returns false when the run must end (interrupted); a failed worker only takes its variant out. */
static bool settle(struct job *job, struct track *track, enum child_answer answer, const char *why)
{
	if (answer == CHILD_INTERRUPTED)
		return false;
	if (passes_failed(answer, "timed pass", why, &job->results[track->variant])) {
		track->active = false;
		child_stop(&track->child);
	}
	return true;
}

static bool same_answer(double a, double b, double tolerance)
{
	return a == b || fabs(a - b) <= tolerance * fmax(fabs(a), fabs(b));
}

static bool ask(struct job *job, struct track *track, const struct wire_request *request, struct wire_reply *reply)
{
	char why[RESULT_WHY] = "";
	enum child_answer answer = child_ask(&track->child, request, job->plan->timeout_s, reply, why);
	if (!settle(job, track, answer, why))
		return false;
	struct variant_result *result = &job->results[track->variant];
	if (answer == CHILD_OK && !same_answer(reply->checksum, result->checksum, job->plan->tolerance)) {
		result->status = RESULT_WRONG;
		snprintf(result->why, sizeof result->why, "a timed run gave %.17g, the counted run %.17g", reply->checksum, result->checksum);
		track->active = false;
		child_stop(&track->child);
	}
	return true;
}

/* The k-th to start in a set. */
static struct track *starter(struct job *job, size_t set, size_t k)
{
	size_t place = set % 2 ? job->count - 1 - k : k;
	return &job->tracks[(place + set / 2) % job->count];
}

/*
 * A Python needs a tenth of a second to start, which is in no time: they start side by side on two CPUs, and only then move to the one where samples
 * are taken. A worker in C is set up where it stays, before the next one starts.
 */
static bool start_workers(struct job *job, size_t set)
{
	static struct wire_reply reply;
	int cpu = job->cpu;
	for (size_t k = 0; k < job->count; k++) {
		struct track *track = starter(job, set, k);
		if (!track->active)
			continue;
		char why[RESULT_WHY] = "";
		bool is_twin = job->plan->variants[track->variant].numpy;
		struct child_spec spec = passes_spec(job->plan, track->variant, is_twin ? cpu : job->cpu);
		enum child_answer answer = is_twin ? child_launch(&spec, &track->child, why) : child_start(&spec, job->plan->timeout_s, &track->child, &reply, why);
		if (is_twin)
			cpu = child_choose_cpu(cpu);
		if (!settle(job, track, answer, why))
			return false;
	}
	for (size_t k = 0; k < job->count; k++) {
		struct track *track = starter(job, set, k);
		if (!track->active || !job->plan->variants[track->variant].numpy)
			continue;
		char why[RESULT_WHY] = "";
		enum child_answer answer = child_receive(&track->child, job->plan->timeout_s, &reply, why);
		if (answer == CHILD_OK)
			child_pin(&track->child, job->cpu);
		if (!settle(job, track, answer, why))
			return false;
	}
	return true;
}

static void stop_workers(struct job *job)
{
	for (size_t i = 0; i < job->count; i++)
		child_stop(&job->tracks[i].child);
}

/* One round: every variant once, forwards in even rounds and backwards in odd ones. */
static bool run_round(struct job *job, size_t set, size_t round)
{
	static struct wire_reply reply;
	for (size_t k = 0; k < job->count; k++) {
		struct track *track = starter(job, set, round % 2 ? job->count - 1 - k : k);
		if (!track->active)
			continue;
		struct wire_request request = { .op = WIRE_SAMPLE, .repeats = round == 0 ? 1 : track->repeats };
		if (round == 1 && set == 0)
			request = (struct wire_request){ .op = WIRE_CALIBRATE, .target_ns = sample_ns };
		if (!ask(job, track, &request, &reply))
			return false;
		if (!track->active)
			continue;
		struct sample sample = { reply.make_ns, reply.use_ns, (double)reply.faults };
		if (round == 0)
			track->first_ns[set] = total_ns(&sample);
		else if (round >= job->warm)
			track->samples[set * job->rounds + round - job->warm] = sample;
		if (request.op == WIRE_CALIBRATE) {
			track->repeats = reply.repeats;
			job->round_ns += (double)reply.repeats * total_ns(&sample);
		}
	}
	return true;
}

/* A set's number for a variant: the median over its rounds of its time against the baseline's in the same round. */
static void close_set(struct job *job, size_t set)
{
	const struct sample *base = &job->tracks[0].samples[set * job->rounds];
	for (size_t i = 1; i < job->count; i++) {
		struct track *track = &job->tracks[i];
		const struct sample *own = &track->samples[set * job->rounds];
		double ratios[BENCH_ROUNDS];
		/* A clock that read zero has nothing to divide; half a tenth of a nanosecond stands for it. */
		for (size_t r = 0; r < job->rounds; r++)
			ratios[r] = fmax(total_ns(&own[r]), 0.05) / fmax(total_ns(&base[r]), 0.05);
		track->set_ratios[set] = statistics_median(ratios, job->rounds);
	}
}

/*
 * A budget that does not pay for the least number of sets with all their rounds buys them with fewer rounds: noise between processes is what makes the
 * interval wide, and only more sets help against that. The first set still has its two warm rounds, as the second finds the repeats.
 */
static void choose_rounds(struct job *job, double seconds)
{
	double all = job->round_ns * 1e-9 * BENCH_LEAST_SETS * (BENCH_WARM_ROUNDS + BENCH_ROUNDS);
	if (job->plan->sets == 0 && all > seconds)
		job->rounds = BENCH_FEW_ROUNDS;
}

static bool run_set(struct job *job, size_t set, double seconds)
{
	bool going = start_workers(job, set);
	for (size_t round = 0; going && round < job->warm + job->rounds; round++) {
		going = run_round(job, set, round);
		if (set == 0 && round + 1 == BENCH_WARM_ROUNDS)
			choose_rounds(job, seconds);
	}
	stop_workers(job);
	if (going) {
		close_set(job, set);
		job->sets = set + 1;
	}
	if (job->rounds == BENCH_FEW_ROUNDS)
		job->warm = 1;
	return going;
}

/* As many sets as the budget pays for, judged by the first; an even number, and never below the least. */
static size_t sets_within(double seconds, double set_seconds)
{
	double paid = set_seconds > 0 ? seconds / set_seconds : BENCH_MOST_SETS;
	size_t sets = paid > BENCH_MOST_SETS ? BENCH_MOST_SETS : (size_t)paid / 2 * 2;
	return sets < BENCH_LEAST_SETS ? BENCH_LEAST_SETS : sets;
}

static int by_total(const void *a, const void *b)
{
	double x = total_ns(a), y = total_ns(b);
	return (x > y) - (x < y);
}

static int by_faults(const void *a, const void *b)
{
	double x = ((const struct sample *)a)->faults, y = ((const struct sample *)b)->faults;
	return (x > y) - (x < y);
}

static void conclude(struct job *job, struct track *track)
{
	struct variant_result *result = &job->results[track->variant];
	size_t count = job->sets * job->rounds;
	qsort(track->samples, count, sizeof *track->samples, by_faults);
	result->resident.steady_faults = (int64_t)track->samples[count / 2].faults;
	qsort(track->samples, count, sizeof *track->samples, by_total);
	const struct sample *middle = &track->samples[(count - 1) / 2]; /* one real sample, so that its parts add up */
	result->time.sets = (int64_t)job->sets;
	result->time.rounds = (int64_t)count;
	result->time.median_ns = total_ns(middle);
	result->time.make_ns = middle->make_ns;
	result->time.use_ns = middle->use_ns;
	result->time.min_ns = total_ns(&track->samples[0]);
	result->time.first_ns = statistics_median(track->first_ns, job->sets);

	if (track == &job->tracks[0]) {
		snprintf(result->ratio.why, sizeof result->ratio.why, "it is the baseline");
	} else if (!job->tracks[0].active) {
		snprintf(result->ratio.why, sizeof result->ratio.why, "its baseline failed");
	} else {
		struct statistics_ratio ratio = statistics_compare(track->set_ratios, job->sets);
		result->ratio.time = ratio.ratio;
		if (job->sets > 1) {
			result->ratio.low = ratio.low;
			result->ratio.high = ratio.high;
		}
		result->ratio.resolved = ratio.resolved;
	}
}

static bool job_init(struct job *job, const size_t *members, size_t count)
{
	bool ready = true;
	job->tracks = calloc(count, sizeof *job->tracks);
	if (!job->tracks)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct track *track = &job->tracks[job->count++];
		*track = (struct track){
			.variant = members[i],
			.active = job->results[members[i]].status == RESULT_OK,
			.repeats = 1,
			.child = { .fd = -1 },
			.samples = calloc((size_t)BENCH_MOST_SETS * BENCH_ROUNDS, sizeof *track->samples),
			.first_ns = calloc(BENCH_MOST_SETS, sizeof *track->first_ns),
			.set_ratios = calloc(BENCH_MOST_SETS, sizeof *track->set_ratios),
		};
		ready = ready && track->samples && track->first_ns && track->set_ratios;
	}
	return ready;
}

static void job_release(struct job *job)
{
	for (size_t i = 0; i < job->count; i++) {
		child_stop(&job->tracks[i].child);
		free(job->tracks[i].samples);
		free(job->tracks[i].first_ns);
		free(job->tracks[i].set_ratios);
	}
	free(job->tracks);
}

int passes_timed(const struct bench_plan *plan, const size_t *members, size_t count, double seconds, int cpu, struct variant_result *results)
{
	struct job job = { .plan = plan, .results = results, .cpu = cpu, .warm = BENCH_WARM_ROUNDS, .rounds = BENCH_ROUNDS };
	int status = job_init(&job, members, count) ? 0 : ERR_IO;
	size_t sets = plan->sets ? plan->sets : BENCH_LEAST_SETS;
	if (sets > BENCH_MOST_SETS)
		sets = BENCH_MOST_SETS;
	for (size_t set = 0; status == 0 && set < sets; set++) {
		double start = now_s();
		if (!run_set(&job, set, seconds))
			status = ERR_INTERRUPTED;
		if (set == 0 && plan->sets == 0)
			sets = sets_within(seconds, now_s() - start);
		if (plan->progress)
			plan->progress(plan->progress_context, plan->variants[members[0]].job, (double)(set + 1) / (double)sets);
	}
	for (size_t i = 0; status == 0 && i < job.count; i++)
		if (job.tracks[i].active)
			conclude(&job, &job.tracks[i]);
	job_release(&job);
	return status;
}
