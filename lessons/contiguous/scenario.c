/* SPDX-License-Identifier: MIT */
/*
 * contiguous: the sum of every `stride`-th element of x, over and over.
 *
 * With 8 elements a step each lies on a cache line of its own, so a pass over the view moves eight times the bytes that it wants. A contiguous copy
 * makes the later passes cheap, and it costs such a pass itself: so its time counts, and the job is done with one pass and with `passes` of them.
 */

#include "lesson/lesson.h"

#include <stdio.h>

struct contiguous {
	struct nd x;    /* small integers, so that sums are exact in any order */
	struct nd made; /* every stride-th element of x: a view or a copy */
	ptrdiff_t n, stride, passes;
};

enum { N, STRIDE, PASSES };
enum { LINE_BYTES = 64 }; /* what a cache moves at once on almost every machine */

static uint64_t useful(const uint64_t *p)
{
	return (p[N] - 1) / p[STRIDE] + 1;
}

/* ---- the input ---- */

static int setup(void *state, const uint64_t *p)
{
	struct contiguous *s = state;
	s->n = (ptrdiff_t)p[N];
	s->stride = (ptrdiff_t)p[STRIDE];
	s->passes = (ptrdiff_t)p[PASSES];
	int status = nd_empty(ND_FLOAT64, 1, &s->n, &s->x);
	if (status != ND_OK)
		return status;
	double *x = nd_data(&s->x);
	for (ptrdiff_t i = 0; i < s->n; i++)
		x[i] = (double)(i % 17 + 1);
	return ND_OK;
}

static uint64_t setup_bytes(const uint64_t *p)
{
	return lesson_array(p[N], 8);
}

/* ---- the ways ---- */

static int make_strided(void *state)
{
	struct contiguous *s = state;
	return nd_slice(&s->x, 0, 0, s->n, s->stride, &s->made);
}

static int make_contiguous(void *state)
{
	struct contiguous *s = state;
	struct nd view = { 0 };
	int status = nd_slice(&s->x, 0, 0, s->n, s->stride, &view);
	if (status == ND_OK)
		status = nd_ascontiguousarray(&view, &s->made);
	nd_release(&view);
	return status;
}

/* With a stride of 1 the view is contiguous already: ascontiguousarray returns it and copies nothing. */
static uint64_t asked_contiguous(const uint64_t *p)
{
	return p[STRIDE] > 1 ? lesson_array(useful(p), 8) : 0;
}

/* nd_sum is compiled apart from this file, so each call is a pass: no compiler can merge two of them into one. */
static double sum_passes(const struct nd *a, ptrdiff_t passes)
{
	double total = 0;
	for (ptrdiff_t i = 0; i < passes; i++) {
		double sum = 0;
		nd_sum(a, ND_FLOAT64, &sum);
		total += sum;
	}
	return total;
}

static double use(void *state)
{
	struct contiguous *s = state;
	return sum_passes(&s->made, s->passes);
}

static double use_once(void *state)
{
	struct contiguous *s = state;
	return sum_passes(&s->made, 1);
}

static void facts(void *state, struct lesson_facts *facts)
{
	struct contiguous *s = state;
	lesson_facts_of(facts, &s->made, &s->x);
	lesson_fact_bool(facts, "c_contiguous", nd_c_contiguous(&s->made));
}

static void release(void *state)
{
	struct contiguous *s = state;
	nd_release(&s->made);
}

static void teardown(void *state)
{
	struct contiguous *s = state;
	nd_release(&s->x);
}

/* ---- bytes that must move: whole cache lines of x once (later passes may find them in a cache), and the copy ---- */

static uint64_t reads_strided(const uint64_t *p)
{
	uint64_t line = p[STRIDE] < LINE_BYTES / 8 ? p[STRIDE] * 8 : LINE_BYTES;
	return lesson_mul(useful(p), line);
}

static uint64_t writes_contiguous(const uint64_t *p)
{
	return p[STRIDE] > 1 ? lesson_mul(useful(p), 8) : 0;
}

static int fit(uint64_t *p, char *note, size_t note_size)
{
	if (p[STRIDE] < p[N])
		return 0;
	snprintf(note, note_size, "'stride' is %llu and leaves one element of 'n', which is %llu: give a smaller --set stride or a larger --set n", (unsigned long long)p[STRIDE],
	         (unsigned long long)p[N]);
	return -1;
}

/* ---- the lesson ---- */

static const struct lesson_param params[] = {
	{ .name = "n", .value = 4000000, .least = 2, .most = UINT64_C(1) << 40, .unit = "elements", .help = "float64 numbers in x" },
	{ .name = "stride", .value = 8, .least = 1, .most = UINT64_C(1) << 40, .unit = "elements", .help = "from one number that is summed to the next" },
	{ .name = "passes", .value = 10, .least = 1, .most = 1000000, .unit = "passes", .help = "how often all of them are summed" },
	{ 0 },
};

static const struct lesson_term terms[] = {
	{ "useful", "ceil(n / stride)" },
	{ 0 },
};

static const struct lesson_job jobs[] = {
	{ "passes", "{passes} times the sum of every {stride}th of {n} numbers" },
	{ "once", "the same in one pass" },
	{ 0 },
};

static const struct lesson_variant variants[] = {
	{
		.name = "strided",
		.role = LESSON_NAIVE,
		.job = "passes",
		.numpy = "x[::stride]",
		.what = "summed, pass by pass",
		.formula = "0 B",
		.headline = true,
		.make = make_strided,
		.facts = facts,
		.asked = lesson_nothing,
		.peak_asked = lesson_nothing,
		.reads = reads_strided,
		.writes = lesson_nothing,
	},
	{
		.name = "contiguous",
		.role = LESSON_BETTER,
		.job = "passes",
		.numpy = "np.ascontiguousarray(x[::stride])",
		.what = "a copy, summed as often",
		.formula = "(useful x 8 B + header) x (stride > 1)",
		.headline = true,
		.make = make_contiguous,
		.facts = facts,
		.asked = asked_contiguous,
		.peak_asked = asked_contiguous,
		.reads = reads_strided,
		.writes = writes_contiguous,
	},
	{
		.name = "strided_once",
		.role = LESSON_NAIVE,
		.job = "once",
		.numpy = "x[::stride]",
		.what = "summed once",
		.formula = "0 B",
		.make = make_strided,
		.use = use_once,
		.facts = facts,
		.asked = lesson_nothing,
		.peak_asked = lesson_nothing,
		.reads = reads_strided,
		.writes = lesson_nothing,
	},
	{
		.name = "contiguous_once",
		.role = LESSON_BETTER,
		.job = "once",
		.numpy = "np.ascontiguousarray(x[::stride])",
		.what = "a copy, summed once",
		.formula = "(useful x 8 B + header) x (stride > 1)",
		.make = make_contiguous,
		.use = use_once,
		.facts = facts,
		.asked = asked_contiguous,
		.peak_asked = asked_contiguous,
		.reads = reads_strided,
		.writes = writes_contiguous,
	},
	{ 0 },
};

static const struct lesson_claim claims[] = {
	{
		.source = "Contiguous is faster",
		.test = "contiguous_once.ratio < 1",
		.about = "contiguous_once",
		.kind = LESSON_TIMED,
		.expect = LESSON_FAILS,
		.condition = "at 1 pass: the copy reads all of the view too, and writes",
		.note = "at 1 pass: copying is a pass, and writes",
		.measured = "passes=1: contiguous {contiguous_once.ratio|ratio}",
	},
	{
		.source = "... before heavy computation",
		.test = "contiguous.ratio < 1",
		.about = "contiguous",
		.kind = LESSON_TIMED,
		.expect = LESSON_HOLDS,
		.condition = "only after enough passes to earn the copy back",
		.note = "after some passes; at 1 it is slower",
		.measured = "passes={passes}: contiguous {contiguous.ratio|ratio}",
	},
	{
		.language = "numpy",
		.source = "Contiguous is faster",
		.test = "numpy.contiguous_once.high < numpy.strided_once.low",
		.about = "contiguous_once",
		.kind = LESSON_TIMED,
		.expect = LESSON_FAILS,
		.condition = "at 1 pass: the copy reads all of the view too, and writes",
		.note = "at 1 pass: copying is a pass, and writes",
		.measured = "passes=1: {numpy.contiguous_once.median_ns|time}, strided {numpy.strided_once.median_ns|time}",
	},
	{
		.language = "numpy",
		.source = "... before heavy computation",
		.test = "numpy.contiguous.high < numpy.strided.low",
		.about = "contiguous",
		.kind = LESSON_TIMED,
		.expect = LESSON_HOLDS,
		.condition = "only after enough passes to earn the copy back",
		.note = "after some passes; at 1 it is slower",
		.measured = "{numpy.contiguous.median_ns|time}, strided {numpy.strided.median_ns|time}",
	},
	{ 0 },
};

const struct lesson lesson_contiguous = {
	.id = "tip1",
	.name = "contiguous",
	.title = "Contiguous is faster",
	.order = 5,
	.summary = "a copy whose price is earned back, or is not",
	.input = "Input {n x 8|bytes}, not counted below; {useful x 8|bytes} of it are summed.",
	.jobs = jobs,
	.params = params,
	.terms = terms,
	.fit = fit,
	.setup_bytes = setup_bytes,
	.state_bytes = sizeof(struct contiguous),
	.setup = setup,
	.use = use,
	.release = release,
	.teardown = teardown,
	.variants = variants,
	.claims = claims,
	.why = "A pass over the view moves {useful x min(stride x 8, 64)|bytes} of cache lines for {useful x 8|bytes}: {strided.use_ns / passes|time}"
	       "{if stride > 1}, over the copy {contiguous.use_ns / passes|time}. Copying took {contiguous.make_ns|time}: "
	       "{if strided.use_ns > contiguous.use_ns}earned back by pass {ceil(contiguous.make_ns / (strided.use_ns - contiguous.use_ns) x passes)}"
	       "{else}{if strided.use_ns <= contiguous.use_ns}not earned back here{else}not timed{end}{end}.{else}. It is contiguous already: nothing is copied.{end}",
	.mind = "a.T is not slow: NumPy walks it in memory order. What is contiguous already, ascontiguousarray returns as it is (--set stride=1: 0 B).",
	.next = "memhint run contiguous --with numpy  |  man memhint-contiguous",
};
