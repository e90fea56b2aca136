/* SPDX-License-Identifier: MIT */
/*
 * The worker: a fresh process that sets up one variant of one lesson and then does what the bench asks, one request at a time. It
 * is the only code that runs a lesson's functions. It prints nothing, and ends when the socket closes.
 */

#include "worker.h"

#include "base/err.h"
#include "meter/bandwidth.h"
#include "meter/clock.h"
#include "meter/counters.h"
#include "meter/heap.h"
#include "meter/resident.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_REPEATS = 1000000 };

struct run {
	const struct lesson *lesson;
	const struct lesson_variant *variant;
	void *state;
	bool set_up;
	double clock_overhead_ns;
};

/* ---- setting up ---- */

static int run_init(struct run *run, const struct lesson *lesson, const struct lesson_variant *variant, const uint64_t *params)
{
	*run = (struct run){ .lesson = lesson, .variant = variant };
	run->state = calloc(1, lesson->state_bytes ? lesson->state_bytes : 1);
	if (!run->state)
		return ND_ENOMEM;
	run->set_up = true; /* a set-up that failed half way is torn down too */
	int status = lesson->setup ? lesson->setup(run->state, params) : ND_OK;
	return status == ND_OK && variant->prepare ? variant->prepare(run->state) : status;
}

static void run_release(struct run *run)
{
	if (run->set_up && run->lesson->teardown)
		run->lesson->teardown(run->state);
	free(run->state);
	*run = (struct run){ 0 };
}

static double run_use(const struct run *run)
{
	if (run->variant->use)
		return run->variant->use(run->state);
	return run->lesson->use ? run->lesson->use(run->state) : 0;
}

static double run_checksum(const struct run *run, double used)
{
	return run->lesson->checksum ? run->lesson->checksum(run->state, used) : used;
}

static void run_drop(const struct run *run)
{
	if (run->lesson->release)
		run->lesson->release(run->state);
}

/* ---- passes ---- */

static int fail(struct wire_reply *reply, const char *doing, int status)
{
	reply->status = status;
	snprintf(reply->why, sizeof reply->why, "%s: %s", doing, nd_strstatus(status));
	return status;
}

static void heap_pass(const struct run *run, struct wire_reply *reply)
{
	struct meter_heap made, used;
	struct lesson_facts facts = { 0 };
	meter_jemalloc_allocated(); /* its first call may set jemalloc's own things up */
	uint64_t copied_before = nd_copied_bytes();
	uint64_t jemalloc_before = meter_jemalloc_allocated();
	meter_heap_start();
	int status = run->variant->make(run->state);
	meter_heap_read(&made);
	uint64_t jemalloc_after = meter_jemalloc_allocated();
	uint64_t copied = nd_copied_bytes() - copied_before;
	double value = 0;
	if (status == ND_OK) {
		meter_heap_restart_peak();
		value = run_use(run);
	}
	meter_heap_read(&used);
	meter_heap_stop();
	if (status == ND_OK) {
		reply->checksum = run_checksum(run, value);
		if (run->variant->facts)
			run->variant->facts(run->state, &facts);
	}
	run_drop(run);
	if (status != ND_OK) {
		fail(reply, "make", status);
		return;
	}
	reply->heap = (struct heap_result){
		.asked_bytes = (int64_t)made.asked,
		.allocated_bytes = (int64_t)made.allocated,
		.allocations = (int64_t)made.allocations,
		.reallocations_in_place = (int64_t)made.reallocations_in_place,
		.reallocations_moved = (int64_t)made.reallocations_moved,
		.peak_bytes = made.peak,
		.peak_asked_bytes = made.table_full ? RESULT_NONE : made.peak_asked,
		.kept_bytes = made.live,
		.copied_bytes = (int64_t)copied,
		.use_peak_bytes = used.peak - made.live,
		.predicted_asked_bytes = RESULT_NONE,
		.predicted_peak_asked_bytes = RESULT_NONE,
	};
	reply->jemalloc_allocated_bytes = jemalloc_after - jemalloc_before;
	reply->ntimeline = made.ntimeline;
	memcpy(reply->timeline, made.timeline, sizeof reply->timeline);
	_Static_assert(sizeof reply->timeline == sizeof made.timeline, "one length of timeline");
	reply->nfacts = facts.count;
	for (size_t i = 0; i < facts.count; i++) {
		struct fact_result *to = &reply->facts[i];
		const struct lesson_fact *from = &facts.facts[i];
		to->kind = (enum fact_kind)from->kind;
		to->number = from->number;
		snprintf(to->name, sizeof to->name, "%s", from->name);
		snprintf(to->text, sizeof to->text, "%s", from->text);
	}
}

static void resident_pass(const struct run *run, struct wire_reply *reply)
{
	const char *why = "";
	int64_t start = 0, peak = 0;
	bool measured = meter_resident_reset(&why) == 0 && meter_resident_peak(&start, &why) == 0;
	int64_t faults = meter_minor_faults();
	int status = run->variant->make(run->state);
	if (status == ND_OK)
		reply->checksum = run_use(run);
	reply->faults = meter_minor_faults() - faults;
	measured = measured && meter_resident_peak(&peak, &why) == 0;
	run_drop(run);
	if (status != ND_OK) {
		fail(reply, "make", status);
		return;
	}
	reply->resident_peak_bytes = measured ? peak - start : RESULT_NONE;
	if (!measured)
		snprintf(reply->why, sizeof reply->why, "%s", why);
}

static double less_overhead(int64_t ns, uint64_t intervals, double overhead_ns)
{
	double rest = (double)ns - overhead_ns * (double)intervals;
	return rest > 0 ? rest : 0;
}

/* Freeing the result lies between the intervals, so it is in no time. */
static void sample(const struct run *run, uint64_t repeats, struct wire_reply *reply)
{
	int64_t make_ns = 0, use_ns = 0;
	double value = 0;
	int64_t faults = meter_minor_faults();
	for (uint64_t i = 0; i < repeats; i++) {
		int64_t start = meter_now();
		int status = run->variant->make(run->state);
		int64_t made = meter_now();
		if (status != ND_OK) {
			run_drop(run);
			fail(reply, "make", status);
			return;
		}
		value = run_use(run);
		int64_t used = meter_now();
		make_ns += made - start;
		use_ns += used - made;
		if (i + 1 == repeats)
			reply->faults = (meter_minor_faults() - faults) / (int64_t)repeats;
		run_drop(run);
	}
	reply->checksum = run_checksum(run, value);
	reply->make_ns = less_overhead(make_ns, repeats, run->clock_overhead_ns) / (double)repeats;
	reply->use_ns = less_overhead(use_ns, repeats, run->clock_overhead_ns) / (double)repeats;
}

static void calibrate(const struct run *run, double target_ns, struct wire_reply *reply)
{
	uint64_t repeats = 1;
	for (;;) {
		sample(run, repeats, reply);
		double ns = (reply->make_ns + reply->use_ns) * (double)repeats;
		if (reply->status < 0 || ns >= target_ns || repeats >= MOST_REPEATS)
			break;
		double factor = ns > 0 ? 1.2 * target_ns / ns : 10;
		double next = (double)repeats * (factor > 10 ? 10 : factor) + 1;
		repeats = next > MOST_REPEATS ? MOST_REPEATS : (uint64_t)next;
	}
	reply->repeats = repeats;
}

static void machine(struct wire_reply *reply)
{
	const char *why = "";
	reply->clock_step_ns = meter_clock_step();
	reply->clock_overhead_ns = meter_clock_overhead();
	const char *version = meter_jemalloc_version(); /* "5.3.0-0-g54eae...": the release and its commit */
	snprintf(reply->jemalloc, sizeof reply->jemalloc, "%.*s", (int)strcspn(version, "-"), version);
	if (!meter_counters_available(&why))
		snprintf(reply->counters_why, sizeof reply->counters_why, "%s", why);
}

static void answer(const struct run *run, const struct wire_request *request, struct wire_reply *reply)
{
	switch (request->op) {
	case WIRE_HEAP:
		heap_pass(run, reply);
		break;
	case WIRE_RESIDENT:
		resident_pass(run, reply);
		break;
	case WIRE_CALIBRATE:
		calibrate(run, request->target_ns, reply);
		break;
	case WIRE_SAMPLE:
		sample(run, request->repeats, reply);
		break;
	case WIRE_FLOOR:
		if (meter_floor(request->reads, request->writes, (int)request->repeats, &reply->floor_ns) != 0)
			fail(reply, "floor", ND_ENOMEM);
		break;
	case WIRE_MACHINE:
		machine(reply);
		break;
	}
}

void worker_heap_pass(const struct lesson *lesson, const struct lesson_variant *variant, const uint64_t *params, struct wire_reply *out_reply)
{
	struct run run;
	*out_reply = (struct wire_reply){ 0 };
	int status = run_init(&run, lesson, variant, params);
	if (status == ND_OK)
		heap_pass(&run, out_reply);
	else
		fail(out_reply, "setup", status);
	run_release(&run);
}

/* ---- faults that the tests provoke ---- */

static const char *provoked;

static int provoked_make(void *state)
{
	(void)state;
	if (strcmp(provoked, "segv") == 0)
		raise(SIGSEGV);
	else if (strcmp(provoked, "abort") == 0)
		abort();
	else if (strcmp(provoked, "kill") == 0)
		raise(SIGKILL);
	else if (strcmp(provoked, "exit") == 0)
		_exit(7);
	else if (strcmp(provoked, "hang") == 0)
		for (;;)
			pause();
	return strcmp(provoked, "enomem") == 0 ? ND_ENOMEM : ND_EINVAL; /* no such fault */
}

static double provoked_use(void *state)
{
	(void)state;
	return -12345;
}

static double provoked_checksum(void *state, double used)
{
	(void)state;
	return used;
}

/* MEMHINT_PROVOKE=VARIANT=segv|abort|kill|exit|hang|enomem|wrong makes that variant fail so, in every lesson that has it. */
static void provoke(struct lesson *lesson, struct lesson_variant *variant)
{
	const char *text = getenv("MEMHINT_PROVOKE");
	size_t length = strlen(variant->name);
	if (!text || strncmp(text, variant->name, length) != 0 || text[length] != '=')
		return;
	provoked = text + length + 1;
	if (strcmp(provoked, "wrong") == 0) {
		variant->use = provoked_use;
		lesson->checksum = provoked_checksum;
	} else {
		variant->make = provoked_make;
	}
}

/* ---- the loop ---- */

static int serve(int fd, struct run *run, struct wire_reply *reply)
{
	for (;;) {
		if (send(fd, reply, sizeof *reply, MSG_NOSIGNAL) != (ssize_t)sizeof *reply)
			return 1;
		struct wire_request request;
		ssize_t got;
		do
			got = recv(fd, &request, sizeof request, 0);
		while (got < 0 && errno == EINTR);
		if (got != (ssize_t)sizeof request)
			return got == 0 ? 0 : 1;
		*reply = (struct wire_reply){ 0 };
		answer(run, &request, reply);
	}
}

int worker_main(int argc, char **argv)
{
	if (argc < 6)
		return 2;
	int fd = atoi(argv[2]);
	const struct lesson *found = lesson_find(argv[3]);
	const struct lesson_variant *way = found ? lesson_variant_find(found, argv[4]) : NULL;
	if (!way)
		return 2;
	/* Should memory run out after --force, it is a worker that goes. */
	int oom = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (oom >= 0) {
		if (write(oom, "1000", 4) < 0)
			errno = 0; /* then the kernel chooses by size, which comes to the same */
		close(oom);
	}
	bool hugepages = argv[5][0] == '1';
	if (!hugepages)
		prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	nd_set_hugepages(hugepages);

	uint64_t params[LESSON_PARAMS_MAX] = { 0 };
	for (int i = 6; i < argc && i - 6 < LESSON_PARAMS_MAX; i++)
		params[i - 6] = strtoull(argv[i], NULL, 10);

	struct lesson lesson = *found;
	struct lesson_variant variant = *way;
	provoke(&lesson, &variant);

	static struct wire_reply reply; /* large; off the stack, and no heap */
	struct run run;
	int status = run_init(&run, &lesson, &variant, params);
	if (status != ND_OK)
		fail(&reply, "setup", status);
	run.clock_overhead_ns = meter_clock_overhead();
	int ended = serve(fd, &run, &reply);
	run_release(&run);
	return ended;
}
