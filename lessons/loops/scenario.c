/* SPDX-License-Identifier: MIT */
/*
 * loops: the sum of n numbers.
 *
 * The page warns of Python's loops. A loop in C is not slow, so what is built here is what Python's loop works on: a box for each element, as a list
 * holds them, and a call for each element. The page's sentence itself cannot be judged in C; the bytes of the boxes can.
 */

#include "lesson/lesson.h"

#include <stdlib.h>

/* CPython's float: a reference count, a type, the number. */
struct box {
	size_t references;
	const char *type;
	double value;
};

struct loops {
	struct nd x; /* small integers, so that sums are exact in any order */
	ptrdiff_t n;
	struct box **boxes; /* n pointers, of which the first `boxed` point to a box */
	ptrdiff_t boxed;
};

enum { N };

/* ---- the input ---- */

static int setup(void *state, const uint64_t *p)
{
	struct loops *s = state;
	s->n = (ptrdiff_t)p[N];
	int status = nd_empty(ND_FLOAT64, 1, &s->n, &s->x);
	if (status != ND_OK)
		return status;
	double *x = nd_data(&s->x);
	for (ptrdiff_t i = 0; i < s->n; i++)
		x[i] = (double)(i * 7 % 16);
	return ND_OK;
}

static uint64_t setup_bytes(const uint64_t *p)
{
	return lesson_array(p[N], 8);
}

/* ---- a box per element ---- */

static void release(void *state)
{
	struct loops *s = state;
	for (ptrdiff_t i = 0; i < s->boxed; i++) /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): the first `boxed` are filled */
		free(s->boxes[i]);
	free(s->boxes);
	s->boxes = NULL;
	s->boxed = 0;
}

static int make_boxed(void *state)
{
	struct loops *s = state;
	const double *x = nd_data(&s->x);
	s->boxes = malloc((size_t)s->n * sizeof *s->boxes);
	if (!s->boxes)
		return ND_ENOMEM;
	for (ptrdiff_t i = 0; i < s->n; i++) {
		struct box *box = malloc(sizeof *box);
		if (!box) {
			release(s);
			return ND_ENOMEM;
		}
		*box = (struct box){ .references = 1, .type = "float", .value = x[i] };
		s->boxes[i] = box;
		s->boxed = i + 1;
	}
	return ND_OK;
}

static double use_boxed(void *state)
{
	struct loops *s = state;
	double sum = 0;
	for (ptrdiff_t i = 0; i < s->n; i++)
		sum += s->boxes[i]->value;
	return sum;
}

static uint64_t asked_boxed(const uint64_t *p)
{
	return lesson_mul(p[N], sizeof(struct box *) + sizeof(struct box));
}

static void facts_boxed(void *state, struct lesson_facts *facts)
{
	(void)state;
	lesson_fact_integer(facts, "pointer_bytes", sizeof(struct box *));
	lesson_fact_integer(facts, "box_bytes", sizeof(struct box));
}

/* ---- no boxes ---- */

static int make_nothing(void *state)
{
	(void)state;
	return ND_OK;
}

/* x[i] as an interpreter must do it: a call that knows nothing of the last one, and checks its index. */
__attribute__((noinline)) static int get(const struct nd *a, ptrdiff_t i, double *out_value)
{
	if (i < 0 || i >= nd_shape(a, 0))
		return ND_EBOUNDS;
	const char *first = nd_data(a);
	*out_value = *(const double *)(const void *)(first + i * nd_stride(a, 0));
	return ND_OK;
}

static double use_calls(void *state)
{
	struct loops *s = state;
	double sum = 0;
	for (ptrdiff_t i = 0; i < s->n; i++) {
		double value = 0;
		get(&s->x, i, &value);
		sum += value;
	}
	return sum;
}

static double use_whole(void *state)
{
	struct loops *s = state;
	double sum = 0;
	nd_sum(&s->x, ND_FLOAT64, &sum);
	return sum;
}

static void teardown(void *state)
{
	struct loops *s = state;
	nd_release(&s->x);
}

/* ---- bytes that must move ---- */

static uint64_t reads_x(const uint64_t *p)
{
	return lesson_mul(p[N], 8);
}

/* ---- the lesson ---- */

static const struct lesson_param params[] = {
	{ .name = "n", .value = 1000000, .least = 1, .most = UINT64_C(1) << 40, .unit = "elements", .help = "float64 numbers in x" },
	{ 0 },
};

static const struct lesson_job jobs[] = {
	{ "sum", "the sum of {n} numbers" },
	{ 0 },
};

static const struct lesson_variant variants[] = {
	{
		.name = "boxed",
		.role = LESSON_NAIVE,
		.numpy = "sum(x.tolist())",
		.what = "a box per element, as a Python list has",
		.formula = "n x 8 B + n x 24 B",
		.headline = true,
		.make = make_boxed,
		.use = use_boxed,
		.facts = facts_boxed,
		.asked = asked_boxed,
		.peak_asked = asked_boxed,
		.reads = reads_x,
		.writes = asked_boxed,
	},
	{
		.name = "boxed_kept",
		.role = LESSON_OTHER,
		.numpy = "sum(x.tolist())",
		.what = "the same, on kept pages",
		.formula = "n x 8 B + n x 24 B",
		.pages_kept = true,
		.make = make_boxed,
		.use = use_boxed,
		.facts = facts_boxed,
		.asked = asked_boxed,
		.peak_asked = asked_boxed,
		.reads = reads_x,
		.writes = asked_boxed,
	},
	{
		.name = "calls",
		.role = LESSON_NAIVE,
		.numpy = "for i in range(n): s += x[i]",
		.what = "an indexed call per element",
		.formula = "0 B",
		.make = make_nothing,
		.use = use_calls,
		.asked = lesson_nothing,
		.peak_asked = lesson_nothing,
		.reads = reads_x,
		.writes = lesson_nothing,
	},
	{
		.name = "whole",
		.role = LESSON_BETTER,
		.numpy = "x.sum()",
		.what = "one loop over memory",
		.formula = "0 B",
		.headline = true,
		.make = make_nothing,
		.use = use_whole,
		.asked = lesson_nothing,
		.peak_asked = lesson_nothing,
		.reads = reads_x,
		.writes = lesson_nothing,
	},
	{ 0 },
};

/* Ways that only NumPy has, or has in other words: numpy.py. */
static const struct lesson_variant numpy_variants[] = {
	{
		.name = "vectorize",
		.role = LESSON_OTHER,
		.numpy = "np.vectorize(float)(x).sum()",
		.what = "hides the loop, and makes the boxes",
		.asked = asked_boxed,
		.peak_asked = asked_boxed,
		.reads = reads_x,
		.writes = asked_boxed,
	},
	{ 0 },
};

static const struct lesson_claim claims[] = {
	{
		.source = "uses too much memory",
		.test = "boxed.asked_bytes == 32 x n and boxed.allocated_bytes >= 40 x n",
		.about = "boxed",
		.expect = LESSON_HOLDS,
		.condition = "if a list holds the numbers; an array of them is 8 B an element",
		.measured = "{boxed.asked_bytes|bytes} asked, {boxed.allocated_bytes|bytes} taken",
	},
	{
		.source = "copies are expensive",
		.test = "boxed.allocations == n + 1 and whole.allocations == 0",
		.expect = LESSON_HOLDS,
		.condition = "a list is a copy of every number, each in a box of its own",
		.measured = "{boxed.allocations|count} allocations; whole {whole.allocations}",
	},
	{
		.source = "Each loop iteration has overhead",
		.about = "whole",
		.expect = LESSON_CANNOT_JUDGE,
		.condition = "a loop in C is not slow: boxes and calls are; Python's own loop is judged in Python",
		.note = "in C it is not slow; see --with numpy",
		.measured = "in C, calls: {calls.ratio|ratio}",
	},
	{
		.language = "numpy",
		.source = "Each loop iteration has overhead",
		.test = "numpy.whole.high < numpy.calls.low",
		.about = "whole",
		.kind = LESSON_TIMED,
		.expect = LESSON_HOLDS,
		.condition = "an index, a call and a box for each element",
		.measured = "calls {numpy.calls.median_ns / n|time} each, whole {numpy.whole.median_ns / n|time}",
	},
	{
		.language = "numpy",
		.source = "Avoid Python loops",
		.test = "numpy.vectorize.high < numpy.calls.low",
		.kind = LESSON_TIMED,
		.expect = LESSON_EITHER,
		.condition = "np.vectorize is a loop too, and makes a box for each element",
		.measured = "vectorize {numpy.vectorize.median_ns / n|time} each, peak {numpy.vectorize.peak_asked_bytes|bytes}",
	},
	{
		.language = "numpy",
		.source = "uses too much memory",
		.test = "numpy.boxed.asked_bytes >= 32 x n - 3200",
		.about = "boxed",
		.expect = LESSON_HOLDS,
		.condition = "24 B for each float and 8 B for its place in the list; some 100 boxes are kept for re-use",
		.measured = "list {numpy.boxed.asked_bytes|bytes}, {numpy.boxed.allocations|count} allocations",
	},
	{ 0 },
};

const struct lesson lesson_loops = {
	.id = "tip2",
	.name = "loops",
	.title = "Avoid Python loops",
	.order = 6,
	.summary = "what a loop in Python works on: boxes",
	.input = "Input {n x 8|bytes}, not counted below.",
	.jobs = jobs,
	.params = params,
	.setup_bytes = setup_bytes,
	.state_bytes = sizeof(struct loops),
	.setup = setup,
	.use = use_whole,
	.release = release,
	.teardown = teardown,
	.variants = variants,
	.numpy_variants = numpy_variants,
	.claims = claims,
	.why = "A box is 24 B and its pointer 8 B: {boxed.asked_bytes|bytes} asked. The allocator has no size of 24 B and gives 32 B: "
	       "{boxed.allocated_bytes|bytes} taken{if boxed.steady_faults x page >= boxed.asked_bytes / 2}, on new pages that the kernel zeroed first{end}. "
	       "whole reads {n x 8|bytes} and makes nothing.",
	.mind = "np.vectorize keeps the loop, and makes the boxes. Small objects come from pools of Python's own, which a count of malloc calls misses: --with numpy counts them.",
	.next = "memhint run loops --with numpy  |  memhint show loops",
};
