/* SPDX-License-Identifier: MIT */
/*
 * broadcast: y[r] + x for each of `repeat` numbers y, and the sum of each such row.
 *
 * The page repeats x first, as a copy or as a view whose rows all lie at the same address. The third way asks why x should be repeated at all. In all
 * three the sums are made row by row in a buffer of one row, so that what is compared is only the repetition. The last needs no buffer either.
 */

#include "lesson/lesson.h"
#include "nd/clones.h"

struct broadcast {
	struct nd x;    /* (n,), small integers so that sums are exact in any order */
	struct nd y;    /* (repeat,) */
	struct nd row;  /* (n,): y[r] + x, made before */
	struct nd sums; /* (repeat,), made before */
	struct nd made; /* (repeat, n) */
	ptrdiff_t n, repeat;
};

enum { N, REPEAT };

/* ---- the input ---- */

static int setup(void *state, const uint64_t *p)
{
	struct broadcast *s = state;
	s->n = (ptrdiff_t)p[N];
	s->repeat = (ptrdiff_t)p[REPEAT];
	int status = nd_empty(ND_FLOAT64, 1, &s->n, &s->x);
	if (status == ND_OK)
		status = nd_empty(ND_FLOAT64, 1, &s->repeat, &s->y);
	if (status == ND_OK)
		status = nd_zeros(ND_FLOAT64, 1, &s->n, &s->row);
	if (status == ND_OK)
		status = nd_zeros(ND_FLOAT64, 1, &s->repeat, &s->sums);
	if (status != ND_OK)
		return status;
	double *x = nd_data(&s->x), *y = nd_data(&s->y);
	for (ptrdiff_t i = 0; i < s->n; i++)
		x[i] = (double)(i * 7 % 16);
	for (ptrdiff_t i = 0; i < s->repeat; i++)
		y[i] = (double)(i * 5 % 11);
	return ND_OK;
}

static uint64_t setup_bytes(const uint64_t *p)
{
	return lesson_mul(2, lesson_add(lesson_array(p[N], 8), lesson_array(p[REPEAT], 8)));
}

/* ---- the ways ---- */

static int make_tile(void *state)
{
	struct broadcast *s = state;
	return nd_tile(&s->x, 2, (ptrdiff_t[]){ s->repeat, 1 }, &s->made);
}

static uint64_t repeated(const uint64_t *p)
{
	return lesson_mul(lesson_mul(p[N], p[REPEAT]), 8);
}

static uint64_t asked_tile(const uint64_t *p)
{
	return lesson_array(lesson_mul(p[N], p[REPEAT]), 8);
}

/* The rows' stride is 0: all of them are the same bytes. */
static int make_broadcast_to(void *state)
{
	struct broadcast *s = state;
	return nd_broadcast_to(&s->x, 2, (ptrdiff_t[]){ s->repeat, s->n }, &s->made);
}

static int make_nothing(void *state)
{
	(void)state;
	return ND_OK;
}

/* ---- what is done with the result ---- */

static int add_and_sum(struct broadcast *s, const struct nd *row, ptrdiff_t r)
{
	const double *y = nd_data(&s->y);
	double *sums = nd_data(&s->sums);
	int status = nd_binary_scalar_into(ND_ADD, row, y[r], &s->row);
	return status == ND_OK ? nd_sum(&s->row, ND_FLOAT64, &sums[r]) : status;
}

static double use(void *state)
{
	struct broadcast *s = state;
	int status = ND_OK;
	for (ptrdiff_t r = 0; r < s->repeat && status == ND_OK; r++) {
		struct nd row = { 0 };
		status = nd_index(&s->made, 0, r, &row);
		if (status == ND_OK)
			status = add_and_sum(s, &row, r);
		nd_release(&row);
	}
	return status;
}

/* x is added where it is: broadcasting needs no repetition, neither as a copy nor as a view. */
static double use_implicit(void *state)
{
	struct broadcast *s = state;
	int status = ND_OK;
	for (ptrdiff_t r = 0; r < s->repeat && status == ND_OK; r++)
		status = add_and_sum(s, &s->x, r);
	return status;
}

/*
 * What no array operation can do: each y[r] + x[i] goes into its sum at once, and no row is written; and a part of x serves all rows while it is in the
 * nearest cache. As good a loop as nd's own: eight vectors of four.
 */
typedef double vector __attribute__((vector_size(32), aligned(sizeof(double)), may_alias));
enum { LANES = 4, PART = 2048 };

ND_CLONES static double fuse(ptrdiff_t n, const double *x, double y)
{
	vector s0 = { 0 }, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
	double sum = 0;
	ptrdiff_t i = 0;
	for (; i + 8 * LANES <= n; i += 8 * LANES) {
		const vector *v = (const void *)(x + i);
		s0 += v[0] + y;
		s1 += v[1] + y;
		s2 += v[2] + y;
		s3 += v[3] + y;
		s4 += v[4] + y;
		s5 += v[5] + y;
		s6 += v[6] + y;
		s7 += v[7] + y;
	}
	s0 = ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
	for (int k = 0; k < LANES; k++)
		sum += s0[k];
	for (; i < n; i++)
		sum += x[i] + y;
	return sum;
}

static double use_fused(void *state)
{
	struct broadcast *s = state;
	const double *x = nd_data(&s->x), *y = nd_data(&s->y);
	double *sums = nd_data(&s->sums);
	for (ptrdiff_t r = 0; r < s->repeat; r++)
		sums[r] = 0;
	for (ptrdiff_t from = 0; from < s->n; from += PART) {
		ptrdiff_t count = s->n - from < PART ? s->n - from : PART;
		for (ptrdiff_t r = 0; r < s->repeat; r++)
			sums[r] += fuse(count, x + from, y[r]);
	}
	return 0;
}

/* Weighted, so that right sums in wrong places show. */
static double checksum(void *state, double used)
{
	struct broadcast *s = state;
	const double *sums = nd_data(&s->sums);
	for (ptrdiff_t r = 0; r < s->repeat; r++)
		used += sums[r] * (double)(r % 13 + 1);
	return used;
}

static void facts(void *state, struct lesson_facts *facts)
{
	struct broadcast *s = state;
	lesson_facts_of(facts, &s->made, &s->x);
	lesson_fact_integer(facts, "nbytes", nd_nbytes(&s->made));              /* what NumPy's nbytes says */
	lesson_fact_integer(facts, "buffer_bytes", nd_buffer_nbytes(&s->made)); /* and what there is */
}

static void release(void *state)
{
	struct broadcast *s = state;
	nd_release(&s->made);
}

static void teardown(void *state)
{
	struct broadcast *s = state;
	nd_release(&s->sums);
	nd_release(&s->row);
	nd_release(&s->y);
	nd_release(&s->x);
}

/* ---- bytes that must move between memory and the processor: the row stays in the cache ---- */

static uint64_t reads_input(const uint64_t *p)
{
	return lesson_mul(lesson_add(p[N], p[REPEAT]), 8);
}

static uint64_t writes_sums(const uint64_t *p)
{
	return lesson_mul(p[REPEAT], 8);
}

static uint64_t writes_tile(const uint64_t *p)
{
	return lesson_add(writes_sums(p), repeated(p));
}

/* ---- the lesson ---- */

static const struct lesson_param params[] = {
	{ .name = "n", .value = 40000, .least = 1, .most = UINT64_C(1) << 40, .unit = "elements", .help = "numbers in x" },
	{ .name = "repeat", .value = 100, .least = 1, .most = UINT64_C(1) << 40, .unit = "rows", .help = "how often x is repeated" },
	{ 0 },
};

static const struct lesson_job jobs[] = {
	{ "rows", "the sum of y[r] + x for each of {repeat} numbers y" },
	{ 0 },
};

static const struct lesson_variant variants[] = {
	{
		.name = "tile",
		.role = LESSON_NAIVE,
		.numpy = "np.tile(x, (k, 1))",
		.what = "copies x into every row",
		.formula = "repeat x n x 8 B + header",
		.headline = true,
		.make = make_tile,
		.facts = facts,
		.asked = asked_tile,
		.peak_asked = asked_tile,
		.reads = reads_input,
		.writes = writes_tile,
	},
	{
		.name = "tile_kept",
		.role = LESSON_OTHER,
		.numpy = "np.tile(x, (k, 1))",
		.what = "the same, on kept pages",
		.formula = "repeat x n x 8 B + header",
		.pages_kept = true,
		.make = make_tile,
		.facts = facts,
		.asked = asked_tile,
		.peak_asked = asked_tile,
		.reads = reads_input,
		.writes = writes_tile,
	},
	{
		.name = "broadcast_to",
		.role = LESSON_BETTER,
		.numpy = "np.broadcast_to(x, (k,) + x.shape)",
		.what = "a view: row stride 0",
		.formula = "0 B",
		.headline = true,
		.make = make_broadcast_to,
		.facts = facts,
		.asked = lesson_nothing,
		.peak_asked = lesson_nothing,
		.reads = reads_input,
		.writes = writes_sums,
	},
	{
		.name = "implicit",
		.role = LESSON_OTHER,
		.numpy = "np.add(x, y[r], out=row)",
		.what = "does not repeat x at all",
		.formula = "0 B",
		.make = make_nothing,
		.use = use_implicit,
		.asked = lesson_nothing,
		.peak_asked = lesson_nothing,
		.reads = reads_input,
		.writes = writes_sums,
	},
	{
		.name = "fused",
		.role = LESSON_OTHER,
		.numpy = "s += y[r] + x[i], compiled",
		.what = "no repetition, no row: one loop",
		.formula = "0 B",
		.make = make_nothing,
		.use = use_fused,
		.asked = lesson_nothing,
		.peak_asked = lesson_nothing,
		.reads = reads_input,
		.writes = writes_sums,
	},
	{ 0 },
};

/* Ways that only NumPy has, or has in other words: numpy.py. */
static const struct lesson_variant numpy_variants[] = {
	{
		.name = "at_once",
		.role = LESSON_OTHER,
		.numpy = "(y[:, None] + x).sum(axis=1)",
		.what = "broadcasts, and makes all rows",
		.asked = asked_tile,
		.peak_asked = asked_tile,
		.reads = reads_input,
		.writes = writes_tile,
	},
	{ 0 },
};

static const struct lesson_claim claims[] = {
	{
		.source = "Actually copies data",
		.test = "tile.copied_bytes == repeat x n x 8",
		.expect = LESSON_HOLDS,
		.measured = "tile: {tile.copied_bytes|bytes} copied",
	},
	{
		.source = "Allocates 100x memory!",
		.test = "tile.asked_bytes == repeat x n x 8 + header",
		.expect = LESSON_HOLDS,
		.condition = "exactly the result; where two axes repeat, np.tile peaks above it",
		.measured = "{repeat} x {n x 8|bytes} = {tile.asked_bytes|bytes}",
	},
	{
		.source = "View with zero extra memory",
		.test = "broadcast_to.asked_bytes == 0 and broadcast_to.allocations == 0 and broadcast_to.use_peak_bytes == 0",
		.about = "broadcast_to",
		.expect = LESSON_HOLDS,
		.condition = "until it is used as an array: B * 2, B.copy() and B.reshape(-1) make all of it",
		.measured = "{broadcast_to.asked_bytes|bytes} made; nbytes {broadcast_to.nbytes|bytes}",
	},
	{
		.source = "Read-only view",
		.test = "not broadcast_to.writeable and broadcast_to.shares_memory",
		.expect = LESSON_HOLDS,
		.condition = "for safety: a write to one row would change every row",
		.measured = "{if broadcast_to.writeable}writeable{else}read-only{end}, strides ({broadcast_to.stride_0}, {broadcast_to.stride_1})",
	},
	{
		.source = "copies are expensive",
		.test = "broadcast_to.ratio < 1",
		.kind = LESSON_TIMED,
		.expect = LESSON_HOLDS,
		.condition = "not for few rows, which fit the cache either way",
		.measured = "broadcast_to: {broadcast_to.ratio|ratio}",
	},
	{
		.source = "Use broadcast_to for Repetition",
		.test = "broadcast_to.asked_bytes < implicit.asked_bytes",
		.about = "implicit",
		.expect = LESSON_FAILS,
		.condition = "y + x broadcasts by itself: the better advice is not to repeat at all",
		.note = "y + x needs no repetition at all",
		.measured = "implicit: {implicit.asked_bytes|bytes} too",
	},
	{
		.language = "numpy",
		.source = "Allocates 100x memory!",
		.test = "numpy.tile.asked_bytes >= repeat x n x 8",
		.expect = LESSON_HOLDS,
		.measured = "tile: {numpy.tile.asked_bytes|bytes} made",
	},
	{
		.language = "numpy",
		.source = "View with zero extra memory",
		.test = "numpy.broadcast_to.peak_asked_bytes < page",
		.about = "broadcast_to",
		.expect = LESSON_HOLDS,
		.condition = "but for Python objects; used as an array, as in B * 2, it makes all of it",
		.measured = "peak {numpy.broadcast_to.peak_asked_bytes|bytes}; B * 2 makes {numpy.broadcast_to.doubled_bytes|bytes}",
	},
	{
		.language = "numpy",
		.source = "Read-only view",
		.test = "not numpy.broadcast_to.writeable and numpy.broadcast_to.shares_memory",
		.expect = LESSON_HOLDS,
		.measured = "{if numpy.broadcast_to.writeable}writeable{else}read-only{end}, strides ({numpy.broadcast_to.stride_0}, {numpy.broadcast_to.stride_1})",
	},
	{
		.language = "numpy",
		.source = "copies are expensive",
		.test = "numpy.broadcast_to.high < numpy.tile.low",
		.kind = LESSON_TIMED,
		.expect = LESSON_HOLDS,
		.condition = "not for few rows, which fit the cache either way",
		.measured = "broadcast_to {numpy.broadcast_to.median_ns|time}, tile {numpy.tile.median_ns|time}",
	},
	{
		.language = "numpy",
		.source = "Use broadcast_to for Repetition",
		.test = "numpy.broadcast_to.asked_bytes < numpy.implicit.asked_bytes",
		.about = "implicit",
		.expect = LESSON_FAILS,
		.condition = "y + x broadcasts by itself; all rows in one line makes them all",
		.note = "y + x needs no repetition at all",
		.measured = "implicit {numpy.implicit.asked_bytes|bytes}; at_once {numpy.at_once.asked_bytes|bytes}",
	},
	{ 0 },
};

const struct lesson lesson_broadcast = {
	.id = "pattern2",
	.name = "broadcast",
	.title = "Use broadcast_to for Repetition",
	.order = 2,
	.summary = "one row many times, without copying it",
	.input = "Input {n x 8|bytes}, not counted below. If each row is a copy: {repeat} rows x {n} numbers x 8 B = {repeat x n x 8|bytes}.",
	.jobs = jobs,
	.params = params,
	.setup_bytes = setup_bytes,
	.state_bytes = sizeof(struct broadcast),
	.setup = setup,
	.use = use,
	.checksum = checksum,
	.release = release,
	.teardown = teardown,
	.variants = variants,
	.numpy_variants = numpy_variants,
	.claims = claims,
	.why = "tile wrote {tile.copied_bytes|bytes} and read it again{if tile.steady_faults x page >= tile.asked_bytes / 2}, on new pages that the kernel zeroed "
	       "first{end}; the view reads the same {n x 8|bytes} for every row. Each way adds {repeat x n|short} numbers.",
	.mind = "The view's nbytes says {broadcast_to.nbytes|bytes}, its buffer has {broadcast_to.buffer_bytes|bytes}; but B * 2, B.copy() or B.reshape(-1) make the "
	        "{repeat x n x 8|bytes} after all. y[:, None] + x needs no B.",
	.next = "memhint run broadcast --with numpy  |  memhint show broadcast",
};
