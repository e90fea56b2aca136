/* SPDX-License-Identifier: MIT */
/*
 * debugging: sixteen arrays, each a view or a copy, and three tests that are said to tell which.
 *
 * The judge is the meter: what asked for no byte is a view. The tests are NumPy's (base is source, OWNDATA, shares_memory), answered here by nd, which
 * answers as NumPy 1.24 does. No test is right sixteen times.
 */

#include "lesson/lesson.h"

#include <stdio.h>

struct debugging {
	struct nd x;       /* (n,), owns its data */
	struct nd o;       /* (3, n / 3), owns its data */
	struct nd numbers; /* what r looks into */
	struct nd r;       /* (3, n / 3), a view */
	struct nd three;   /* indices 0 2 4 */
	struct nd two;     /* indices 0 2 */
	ptrdiff_t n, columns;
	struct nd made;
	const struct nd *source; /* what made was made from */
};

enum { N };

/* ---- the input ---- */

static int setup(void *state, const uint64_t *p)
{
	struct debugging *s = state;
	s->n = (ptrdiff_t)p[N];
	s->columns = s->n / 3;
	s->source = &s->x;
	int status = nd_zeros(ND_FLOAT64, 1, &s->n, &s->x);
	if (status == ND_OK)
		status = nd_zeros(ND_FLOAT64, 2, (ptrdiff_t[]){ 3, s->columns }, &s->o);
	if (status == ND_OK)
		status = nd_arange(ND_FLOAT64, s->n, 0, &s->numbers);
	if (status == ND_OK)
		status = nd_reshape(&s->numbers, 2, (ptrdiff_t[]){ 3, s->columns }, &s->r);
	if (status == ND_OK)
		status = nd_arange(ND_INT64, 3, 0, &s->three);
	if (status == ND_OK)
		status = nd_binary_scalar_into(ND_MULTIPLY, &s->three, 2, &s->three);
	if (status == ND_OK)
		status = nd_slice(&s->three, 0, 0, 2, 1, &s->two);
	return status;
}

static uint64_t setup_bytes(const uint64_t *p)
{
	return lesson_add(lesson_mul(3, lesson_array(p[N], 8)), lesson_array(3, 8));
}

/* ---- nine views ---- */

static int make_slice(void *state)
{
	struct debugging *s = state;
	s->source = &s->x;
	return nd_slice(&s->x, 0, 0, s->n, 2, &s->made);
}

static int make_reshape(void *state)
{
	struct debugging *s = state;
	s->source = &s->x;
	return nd_reshape(&s->x, 2, (ptrdiff_t[]){ 3, -1 }, &s->made);
}

static int make_transpose(void *state)
{
	struct debugging *s = state;
	s->source = &s->o;
	return nd_transpose(&s->o, NULL, &s->made);
}

static int make_broadcast_to(void *state)
{
	struct debugging *s = state;
	s->source = &s->x;
	return nd_broadcast_to(&s->x, 2, (ptrdiff_t[]){ 100, s->n }, &s->made);
}

/* A view, because two columns on is also where the next row goes on: the strides merge. */
static int make_column_reshape(void *state)
{
	struct debugging *s = state;
	struct nd columns = { 0 };
	s->source = &s->o;
	int status = nd_slice(&s->o, 1, 0, s->columns, 2, &columns);
	if (status == ND_OK)
		status = nd_reshape(&columns, 1, (ptrdiff_t[]){ -1 }, &s->made);
	nd_release(&columns);
	return status;
}

static int make_as_strided(void *state)
{
	struct debugging *s = state;
	s->source = &s->x;
	return nd_as_strided(&s->x, 2, (ptrdiff_t[]){ s->n - 3, 4 }, (ptrdiff_t[]){ 8, 8 }, &s->made);
}

static int make_sliding_window_view(void *state)
{
	struct debugging *s = state;
	s->source = &s->x;
	return nd_sliding_window_view(&s->x, 0, 4, &s->made);
}

static int make_view_of_view(void *state)
{
	struct debugging *s = state;
	s->source = &s->r;
	return nd_transpose(&s->r, NULL, &s->made);
}

static int make_empty_slice(void *state)
{
	struct debugging *s = state;
	s->source = &s->x;
	return nd_slice(&s->x, 0, s->n, s->n, 1, &s->made);
}

/* ---- seven copies; the indices are made before ---- */

static int make_copy(void *state)
{
	struct debugging *s = state;
	s->source = &s->x;
	return nd_copy(&s->x, &s->made);
}

static int make_fancy(void *state)
{
	struct debugging *s = state;
	s->source = &s->x;
	return nd_fancy(&s->x, &s->three, 0, &s->made);
}

static int make_concatenate(void *state)
{
	struct debugging *s = state;
	s->source = &s->x;
	return nd_concatenate((struct nd[]){ s->x, s->x }, 2, 0, &s->made);
}

static int make_vstack(void *state)
{
	struct debugging *s = state;
	s->source = &s->o;
	return nd_concatenate((struct nd[]){ s->o, s->o }, 2, 0, &s->made);
}

/* The last three hand out a view of the copy that they made: they own no data, and are copies. */
static int make_tile(void *state)
{
	struct debugging *s = state;
	s->source = &s->x;
	return nd_tile(&s->x, 2, (ptrdiff_t[]){ 100, 1 }, &s->made);
}

static int make_fancy_columns(void *state)
{
	struct debugging *s = state;
	s->source = &s->o;
	return nd_fancy(&s->o, &s->two, 1, &s->made);
}

static int make_transpose_reshape(void *state)
{
	struct debugging *s = state;
	struct nd transposed = { 0 };
	s->source = &s->o;
	int status = nd_transpose(&s->o, NULL, &transposed);
	if (status == ND_OK)
		status = nd_reshape(&transposed, 1, (ptrdiff_t[]){ -1 }, &s->made);
	nd_release(&transposed);
	return status;
}

static uint64_t asked_whole(const uint64_t *p)
{
	return lesson_array(p[N], 8);
}

static uint64_t asked_twice(const uint64_t *p)
{
	return lesson_array(lesson_mul(2, p[N]), 8);
}

static uint64_t asked_tile(const uint64_t *p)
{
	return lesson_array(lesson_mul(100, p[N]), 8);
}

static uint64_t asked_fancy(const uint64_t *p)
{
	(void)p;
	return lesson_array(3, 8);
}

static uint64_t asked_columns(const uint64_t *p)
{
	(void)p;
	return lesson_array((uint64_t)3 * 2, 8);
}

/* Sixteen different arrays: nothing is timed and no two answers are compared, so there is nothing to consume. */
static double use(void *state)
{
	(void)state;
	return 0;
}

/* ---- what the tests say ---- */

static void facts(void *state, struct lesson_facts *facts)
{
	struct debugging *s = state;
	lesson_facts_of(facts, &s->made, s->source); /* base_is_source and shares_memory are among them */
	lesson_fact_bool(facts, "not_owndata", !s->made.owndata);
}

static const char *const judged_facts[] = { "base_is_source", "not_owndata", "shares_memory", NULL };

static void release(void *state)
{
	struct debugging *s = state;
	nd_release(&s->made);
}

static void teardown(void *state)
{
	struct debugging *s = state;
	nd_release(&s->two);
	nd_release(&s->three);
	nd_release(&s->r);
	nd_release(&s->numbers);
	nd_release(&s->o);
	nd_release(&s->x);
}

static int fit(uint64_t *p, char *note, size_t note_size)
{
	if (p[N] % 12 == 0)
		return 0;
	p[N] -= p[N] % 12;
	snprintf(note, note_size, "n rounded down to %llu: 3 rows, and columns in fours", (unsigned long long)p[N]);
	return 1;
}

/* ---- the lesson ---- */

static const struct lesson_param params[] = {
	{ .name = "n", .value = 12, .least = 12, .most = UINT64_C(1) << 40, .unit = "elements", .help = "float64 numbers in x, in o and in r" },
	{ 0 },
};

static const struct lesson_job jobs[] = {
	{ "truth", "is it a view? Three tests, judged by the meter" },
	{ 0 },
};

static const struct lesson_variant variants[] = {
	{
		.name = "slice",
		.role = LESSON_OTHER,
		.numpy = "x[::2]",
		.what = "every second element",
		.formula = "0 B",
		.headline = true,
		.make = make_slice,
		.facts = facts,
		.asked = lesson_nothing,
		.peak_asked = lesson_nothing,
		.reads = lesson_nothing,
		.writes = lesson_nothing,
	},
	{
		.name = "reshape",
		.role = LESSON_OTHER,
		.numpy = "x.reshape(3, -1)",
		.what = "another shape",
		.formula = "0 B",
		.headline = true,
		.make = make_reshape,
		.facts = facts,
		.asked = lesson_nothing,
		.peak_asked = lesson_nothing,
		.reads = lesson_nothing,
		.writes = lesson_nothing,
	},
	{
		.name = "transpose",
		.role = LESSON_OTHER,
		.numpy = "o.T",
		.what = "the axes reversed",
		.formula = "0 B",
		.headline = true,
		.make = make_transpose,
		.facts = facts,
		.asked = lesson_nothing,
		.peak_asked = lesson_nothing,
		.reads = lesson_nothing,
		.writes = lesson_nothing,
	},
	{
		.name = "broadcast_to",
		.role = LESSON_OTHER,
		.numpy = "np.broadcast_to(x, (100, n))",
		.what = "100 rows with a stride of 0",
		.formula = "0 B",
		.headline = true,
		.make = make_broadcast_to,
		.facts = facts,
		.asked = lesson_nothing,
		.peak_asked = lesson_nothing,
		.reads = lesson_nothing,
		.writes = lesson_nothing,
	},
	{
		.name = "column_reshape",
		.role = LESSON_OTHER,
		.numpy = "o[:, ::2].reshape(-1)",
		.what = "every second column, as one axis",
		.formula = "0 B",
		.headline = true,
		.make = make_column_reshape,
		.facts = facts,
		.asked = lesson_nothing,
		.peak_asked = lesson_nothing,
		.reads = lesson_nothing,
		.writes = lesson_nothing,
	},
	{
		.name = "as_strided",
		.role = LESSON_OTHER,
		.numpy = "as_strided(x, (n-3, 4), (8, 8))",
		.what = "windows of 4, by hand",
		.formula = "0 B",
		.headline = true,
		.make = make_as_strided,
		.facts = facts,
		.asked = lesson_nothing,
		.peak_asked = lesson_nothing,
		.reads = lesson_nothing,
		.writes = lesson_nothing,
	},
	{
		.name = "sliding_window_view",
		.role = LESSON_OTHER,
		.numpy = "sliding_window_view(x, 4)",
		.what = "windows of 4",
		.formula = "0 B",
		.headline = true,
		.make = make_sliding_window_view,
		.facts = facts,
		.asked = lesson_nothing,
		.peak_asked = lesson_nothing,
		.reads = lesson_nothing,
		.writes = lesson_nothing,
	},
	{
		.name = "view_of_view",
		.role = LESSON_OTHER,
		.numpy = "r.T",
		.what = "r is itself a view",
		.formula = "0 B",
		.headline = true,
		.make = make_view_of_view,
		.facts = facts,
		.asked = lesson_nothing,
		.peak_asked = lesson_nothing,
		.reads = lesson_nothing,
		.writes = lesson_nothing,
	},
	{
		.name = "empty_slice",
		.role = LESSON_OTHER,
		.numpy = "x[n:]",
		.what = "no elements at all",
		.formula = "0 B",
		.headline = true,
		.make = make_empty_slice,
		.facts = facts,
		.asked = lesson_nothing,
		.peak_asked = lesson_nothing,
		.reads = lesson_nothing,
		.writes = lesson_nothing,
	},
	{
		.name = "copy",
		.role = LESSON_OTHER,
		.numpy = "x.copy()",
		.what = "all elements",
		.formula = "n x 8 B + header",
		.headline = true,
		.make = make_copy,
		.facts = facts,
		.asked = asked_whole,
		.peak_asked = asked_whole,
		.reads = lesson_nothing,
		.writes = lesson_nothing,
	},
	{
		.name = "fancy",
		.role = LESSON_OTHER,
		.numpy = "x[[0, 2, 4]]",
		.what = "three elements by their indices",
		.formula = "3 x 8 B + header",
		.headline = true,
		.make = make_fancy,
		.facts = facts,
		.asked = asked_fancy,
		.peak_asked = asked_fancy,
		.reads = lesson_nothing,
		.writes = lesson_nothing,
	},
	{
		.name = "concatenate",
		.role = LESSON_OTHER,
		.numpy = "np.concatenate([x, x])",
		.what = "x twice, end to end",
		.formula = "2 x n x 8 B + header",
		.headline = true,
		.make = make_concatenate,
		.facts = facts,
		.asked = asked_twice,
		.peak_asked = asked_twice,
		.reads = lesson_nothing,
		.writes = lesson_nothing,
	},
	{
		.name = "vstack",
		.role = LESSON_OTHER,
		.numpy = "np.vstack([o, o])",
		.what = "o twice, one above the other",
		.formula = "2 x n x 8 B + header",
		.headline = true,
		.make = make_vstack,
		.facts = facts,
		.asked = asked_twice,
		.peak_asked = asked_twice,
		.reads = lesson_nothing,
		.writes = lesson_nothing,
	},
	{
		.name = "tile",
		.role = LESSON_OTHER,
		.numpy = "np.tile(x, (100, 1))",
		.what = "100 rows, each written",
		.formula = "100 x n x 8 B + header",
		.headline = true,
		.make = make_tile,
		.facts = facts,
		.asked = asked_tile,
		.peak_asked = asked_tile,
		.reads = lesson_nothing,
		.writes = lesson_nothing,
	},
	{
		.name = "fancy_columns",
		.role = LESSON_OTHER,
		.numpy = "o[:, [0, 2]]",
		.what = "two columns by their indices",
		.formula = "3 x 2 x 8 B + header",
		.headline = true,
		.make = make_fancy_columns,
		.facts = facts,
		.asked = asked_columns,
		.peak_asked = asked_columns,
		.reads = lesson_nothing,
		.writes = lesson_nothing,
	},
	{
		.name = "transpose_reshape",
		.role = LESSON_OTHER,
		.numpy = "o.T.reshape(-1)",
		.what = "o.T in its own order, as one axis",
		.formula = "n x 8 B + header",
		.headline = true,
		.make = make_transpose_reshape,
		.facts = facts,
		.asked = asked_whole,
		.peak_asked = asked_whole,
		.reads = lesson_nothing,
		.writes = lesson_nothing,
	},
	{ 0 },
};

static const struct lesson_claim claims[] = {
	{
		.source = "result.base is source: True if view",
		.test = "count(base_is_source == (asked_bytes == 0)) == ways and view_of_view.base_is_source",
		.expect = LESSON_FAILS,
		.condition = "the source must own its data, and be kept as the base",
		.note = "False for a view of a view",
		.measured = "{count(base_is_source == (asked_bytes == 0))} of {ways} right",
	},
	{
		.source = "result.flags['OWNDATA']: False if view",
		.test = "count(asked_bytes == 0 and not not_owndata) == 0",
		.expect = LESSON_HOLDS,
		.condition = "not the other way round: tile, o[:, [0, 2]] and o.T.reshape(-1) own nothing and are copies",
		.note = "False for some copies too",
		.measured = "{count(asked_bytes == 0 and not_owndata)} of {count(asked_bytes == 0)}; {count(asked_bytes > 0 and not_owndata)} copies too",
	},
	{
		.source = "np.shares_memory(a, b)",
		.test = "count(asked_bytes == 0 and not shares_memory) <= 1 and count(asked_bytes > 0 and shares_memory) == 0",
		.expect = LESSON_HOLDS,
		.condition = "but for a view without elements; the worst case takes exponential time (max_work limits it)",
		.note = "an empty view shares nothing",
		.measured = "{count(shares_memory == (asked_bytes == 0))} of {ways} right",
	},
	{
		.source = "Bytes to step in each dimension",
		.test = "slice.stride_0 == 2 x 8 and transpose.stride_0 == 8 and transpose.stride_1 == n / 3 x 8",
		.expect = LESSON_HOLDS,
		.measured = "o.T: {transpose.stride_0}, {transpose.stride_1}",
	},
	{
		.language = "numpy",
		.source = "result.base is source: True if view",
		.test = "count(base_is_source == (kept_bytes == 0)) == ways and numpy.view_of_view.base_is_source",
		.expect = LESSON_FAILS,
		.condition = "the source must own its data, and be kept as the base",
		.measured = "{count(base_is_source == (kept_bytes == 0))} of {ways} right",
	},
	{
		.language = "numpy",
		.source = "result.flags['OWNDATA']: False if view",
		.test = "count(kept_bytes == 0 and not not_owndata) == 0",
		.expect = LESSON_HOLDS,
		.condition = "not the other way round: some copies own nothing",
		.measured = "{count(kept_bytes == 0 and not_owndata)} of {count(kept_bytes == 0)}; {count(kept_bytes > 0 and not_owndata)} copies too",
	},
	{
		.language = "numpy",
		.source = "np.shares_memory(a, b)",
		.test = "count(kept_bytes == 0 and not shares_memory) <= 1 and count(kept_bytes > 0 and shares_memory) == 0",
		.expect = LESSON_HOLDS,
		.condition = "but for a view without elements",
		.measured = "{count(shares_memory == (kept_bytes == 0))} of {ways} right",
	},
	{ 0 },
};

const struct lesson lesson_debugging = {
	.id = "debug1",
	.name = "debugging",
	.title = "Memory Debugging",
	.order = 9,
	.summary = "which test tells a view from a copy",
	.input = "x = zeros({n}) and o = zeros((3, {n / 3})) own their data, r = arange({n}.).reshape(3, {n / 3}) does not.",
	.jobs = jobs,
	.params = params,
	.fit = fit,
	.setup_bytes = setup_bytes,
	.state_bytes = sizeof(struct debugging),
	.setup = setup,
	.use = use,
	.release = release,
	.teardown = teardown,
	.untimed = true,
	.judged_facts = judged_facts,
	.variants = variants,
	.claims = claims,
	.why = "base names the owner: for r.T it is not r; for as_strided it is a stand-in. OWNDATA is False for a view of a hidden copy too. An empty view "
	       "shares no byte.",
	.mind = "b.base is None does not mean copy: x itself has no base. Two views of one buffer need not share a byte: x[::2] and x[1::2].",
	.next = "memhint run debugging --with numpy  |  memhint inspect 'b = a.T'",
};
