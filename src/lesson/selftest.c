/* SPDX-License-Identifier: MIT */
#include "lesson/selftest.h"


struct selftest {
	struct nd input; /* float64, n elements */
	struct nd made;
	ptrdiff_t n;
};

static int setup(void *state, const uint64_t *p)
{
	struct selftest *s = state;
	s->n = (ptrdiff_t)p[0];
	return nd_full(ND_FLOAT64, 1, &s->n, 1, &s->input);
}

static uint64_t setup_bytes(const uint64_t *p)
{
	return lesson_array(p[0], 8);
}

static int make_nothing(void *state)
{
	(void)state;
	return ND_OK;
}

static double use_nothing(void *state)
{
	(void)state;
	return 0;
}

static int make_held(void *state)
{
	struct selftest *s = state;
	return nd_full(ND_FLOAT64, 1, &s->n, 1, &s->made);
}

static double use_held(void *state)
{
	struct selftest *s = state;
	double sum = 0;
	nd_sum(&s->made, ND_FLOAT64, &sum);
	return sum;
}

static double use_pass(void *state)
{
	struct selftest *s = state;
	double sum = 0;
	nd_sum(&s->input, ND_FLOAT64, &sum);
	return sum;
}

/* 2,000 elements, 16 kB: they stay in the first cache. */
static double use_loop(void *state)
{
	struct selftest *s = state;
	struct nd part = { 0 };
	double sum = 0, one;
	if (nd_slice(&s->input, 0, 0, 2000, 1, &part) != ND_OK)
		return -1;
	for (int i = 0; i < 4000; i++) {
		nd_sum(&part, ND_FLOAT64, &one);
		sum += one;
	}
	nd_release(&part);
	return sum;
}

static void release(void *state)
{
	struct selftest *s = state;
	nd_release(&s->made);
}

static void teardown(void *state)
{
	struct selftest *s = state;
	nd_release(&s->input);
}

static uint64_t asked_held(const uint64_t *p)
{
	return lesson_array(p[0], 8);
}

static uint64_t elements(const uint64_t *p)
{
	return lesson_mul(p[0], 8);
}


static const struct lesson_param params[] = {
	{ .name = "n", .value = 8388608, .least = 2000, .most = UINT64_C(1) << 40, .unit = "elements", .help = "elements of the 64 MiB that are held and passed over" },
	{ 0 },
};

static const struct lesson_job jobs[] = {
	{ "empty", "nothing" },
	{ "hold", "hold {n x 8|bytes}" },
	{ "pass", "one pass over {n x 8|bytes}" },
	{ "loop", "a loop inside the cache" },
	{ "fault", "new pages, touched" },
	{ 0 },
};

#define EMPTY                                                                                                                        \
	.job = "empty", .what = "does nothing", .formula = "0 B", .role = LESSON_NAIVE, .make = make_nothing, .use = use_nothing,    \
	.asked = lesson_nothing, .peak_asked = lesson_nothing, .reads = lesson_nothing, .writes = lesson_nothing
#define PASS                                                                                                                         \
	.job = "pass", .what = "reads the input once", .formula = "0 B", .role = LESSON_NAIVE, .make = make_nothing, .use = use_pass, \
	.asked = lesson_nothing, .peak_asked = lesson_nothing, .reads = elements, .writes = lesson_nothing
#define LOOP                                                                                                                         \
	.job = "loop", .what = "reads 16 kB 4,000 times", .formula = "0 B", .role = LESSON_NAIVE, .make = make_nothing,              \
	.use = use_loop, .asked = lesson_nothing, .peak_asked = lesson_nothing, .reads = lesson_nothing, .writes = lesson_nothing
#define HELD                                                                                                                         \
	.what = "allocates, touches and holds", .formula = "n x 8 B + header", .role = LESSON_NAIVE, .make = make_held,              \
	.use = use_held, .asked = asked_held, .peak_asked = asked_held, .reads = elements, .writes = elements

/* Pairs of one code under two names. */
static const struct lesson_variant variants[] = {
	{ .name = "empty", EMPTY },
	{ .name = "hold", .job = "hold", HELD },
	{ .name = "pass_a", PASS },
	{ .name = "pass_b", PASS },
	{ .name = "loop_a", LOOP },
	{ .name = "loop_b", LOOP },
	{ .name = "fault_a", .job = "fault", HELD },
	{ .name = "fault_b", .job = "fault", HELD },
	{ 0 },
};

static const struct lesson_claim claims[] = {
	{
		.source = "an empty way reads 0",
		.test = "empty.asked_bytes == 0 and empty.allocations == 0 and empty.peak_bytes == 0 and empty.kept_bytes == 0",
		.about = "empty",
		.expect = LESSON_HOLDS,
		.measured = "{empty.asked_bytes|bytes} made, {empty.allocations} allocations",
	},
	{
		.source = "what is held is seen",
		.test = "hold.kept_bytes >= n x 8",
		.about = "hold",
		.expect = LESSON_HOLDS,
		.measured = "{n x 8|bytes} held, kept {hold.kept_bytes|bytes}",
	},
	{ 0 },
};

const struct lesson lesson_selftest = {
	.id = "self",
	.name = "selftest",
	.title = "What memhint reads where the answer is known",
	.order = -1,
	.summary = "memhint measured by itself",
	.jobs = jobs,
	.params = params,
	.setup_bytes = setup_bytes,
	.state_bytes = sizeof(struct selftest),
	.setup = setup,
	.release = release,
	.teardown = teardown,
	.variants = variants,
	.claims = claims,
	.next = "memhint doctor",
};
