/* SPDX-License-Identifier: MIT */
/*
 * batch: the total of relu(X @ W) over all examples, where an example is a row of X.
 *
 * The examples go through the weights one at a time, `batch` at a time, or all at once: the same arithmetic, only the number of rows differs. One row
 * needs each weight once, so the time is that of fetching them all; many rows use each weight that was fetched many times, and hold more outputs.
 *
 * Outputs are consumed as they come, so that nobody must hold them all: the reduction belongs to make, and use only returns the total.
 */

#include "lesson/lesson.h"

#include <stdio.h>

struct batch {
	struct nd x;       /* (examples, features), small integers so that sums are exact in any order */
	struct nd weights; /* (features, features), the same, some negative */
	ptrdiff_t examples, features, batch;
	double total;
};

enum { N, FEATURES, BATCH };

static uint64_t examples(const uint64_t *p)
{
	return p[N] / p[FEATURES];
}

/* ---- the input ---- */

static int setup(void *state, const uint64_t *p)
{
	struct batch *s = state;
	s->features = (ptrdiff_t)p[FEATURES];
	s->examples = (ptrdiff_t)examples(p);
	s->batch = p[BATCH] < examples(p) ? (ptrdiff_t)p[BATCH] : s->examples;
	int status = nd_empty(ND_FLOAT64, 2, (ptrdiff_t[]){ s->examples, s->features }, &s->x);
	if (status == ND_OK)
		status = nd_empty(ND_FLOAT64, 2, (ptrdiff_t[]){ s->features, s->features }, &s->weights);
	if (status != ND_OK)
		return status;
	double *x = nd_data(&s->x), *weights = nd_data(&s->weights);
	for (ptrdiff_t i = 0; i < nd_size(&s->x); i++)
		x[i] = (double)((i * 7 + 3) % 8);
	for (ptrdiff_t i = 0; i < nd_size(&s->weights); i++)
		weights[i] = (double)((i * 5 + 3) % 7 - 2);
	return ND_OK;
}

static uint64_t setup_bytes(const uint64_t *p)
{
	return lesson_add(lesson_array(p[N], 8), lesson_array(lesson_mul(p[FEATURES], p[FEATURES]), 8));
}

/* ---- the ways ---- */

static double relu_sum(const struct nd *a)
{
	const double *y = nd_data(a);
	double sum = 0;
	for (ptrdiff_t i = 0; i < nd_size(a); i++)
		sum += y[i] > 0 ? y[i] : 0;
	return sum;
}

/* One buffer for the outputs of `rows` examples, filled again and again. */
static int make_rows(struct batch *s, ptrdiff_t rows)
{
	struct nd outputs = { 0 };
	int status = nd_empty(ND_FLOAT64, 2, (ptrdiff_t[]){ rows, s->features }, &outputs);
	s->total = 0;
	for (ptrdiff_t first = 0; first < s->examples && status == ND_OK; first += rows) {
		ptrdiff_t count = s->examples - first < rows ? s->examples - first : rows;
		struct nd in = { 0 }, out = { 0 };
		status = nd_slice(&s->x, 0, first, first + count, 1, &in);
		if (status == ND_OK)
			status = nd_slice(&outputs, 0, 0, count, 1, &out);
		if (status == ND_OK)
			status = nd_matmul_into(&in, &s->weights, &out);
		if (status == ND_OK)
			s->total += relu_sum(&out);
		nd_release(&in);
		nd_release(&out);
	}
	nd_release(&outputs);
	return status;
}

static int make_single(void *state)
{
	return make_rows(state, 1);
}

static int make_chunks(void *state)
{
	struct batch *s = state;
	return make_rows(s, s->batch);
}

static int make_batch(void *state)
{
	struct batch *s = state;
	return make_rows(s, s->examples);
}

static uint64_t asked_single(const uint64_t *p)
{
	return lesson_array(p[FEATURES], 8);
}

static uint64_t asked_chunks(const uint64_t *p)
{
	uint64_t rows = p[BATCH] < examples(p) ? p[BATCH] : examples(p);
	return lesson_array(lesson_mul(rows, p[FEATURES]), 8);
}

static uint64_t asked_batch(const uint64_t *p)
{
	return lesson_array(p[N], 8);
}

/* X @ W, and that + 0, and the maximum, as far as NumPy reuses none of them. */
static uint64_t asked_steps(const uint64_t *p)
{
	return lesson_mul(3, asked_batch(p));
}

static double use(void *state)
{
	struct batch *s = state;
	return s->total;
}

static void release(void *state)
{
	(void)state; /* make keeps nothing */
}

static void teardown(void *state)
{
	struct batch *s = state;
	nd_release(&s->x);
	nd_release(&s->weights);
}

/* ---- bytes that must move: X and the weights once (a large cache keeps the weights), and outputs that no first-level cache holds ---- */

static uint64_t reads_input(const uint64_t *p)
{
	return lesson_mul(lesson_add(p[N], lesson_mul(p[FEATURES], p[FEATURES])), 8);
}

static uint64_t writes_batch(const uint64_t *p)
{
	return lesson_mul(p[N], 8);
}

static int fit(uint64_t *p, char *note, size_t note_size)
{
	unsigned long long n = p[N], features = p[FEATURES], rounded = n - n % features;
	if (n < 2 * features) {
		snprintf(note, note_size, "'n' is %llu, less than two examples of %llu 'features': give a larger --set n or smaller --set features", n, features);
		return -1;
	}
	if (rounded == n)
		return 0;
	p[N] = rounded;
	snprintf(note, note_size, "n rounded down to %llu: whole examples of %llu features", rounded, features);
	return 1;
}

/* ---- the lesson ---- */

static const struct lesson_param params[] = {
	{ .name = "n", .value = 131072, .least = 2, .most = UINT64_C(1) << 40, .unit = "elements", .help = "numbers in X: examples times features" },
	{ .name = "features", .value = 512, .least = 1, .most = UINT64_C(1) << 20, .unit = "elements", .help = "numbers in an example, and in its output" },
	{ .name = "batch", .value = 32, .least = 1, .most = UINT64_C(1) << 40, .unit = "examples", .help = "examples in a chunk" },
	{ 0 },
};

static const struct lesson_term terms[] = {
	{ "examples", "n / features" },
	{ 0 },
};

static const struct lesson_job jobs[] = {
	{ "total", "the total of relu(X @ W) over {examples} examples of {features} features" },
	{ 0 },
};

static const struct lesson_variant variants[] = {
	{
		.name = "single",
		.role = LESSON_NAIVE,
		.numpy = "for x in X: np.matmul(x, W, out=y)",
		.what = "one at a time, into one row",
		.formula = "features x 8 B + header",
		.headline = true,
		.make = make_single,
		.asked = asked_single,
		.peak_asked = asked_single,
		.reads = reads_input,
		.writes = lesson_nothing,
	},
	{
		.name = "chunks",
		.role = LESSON_BETTER,
		.numpy = "np.matmul(X[i:i+batch], W, out=Y)",
		.what = "some at a time, into the same rows",
		.formula = "min(batch, examples) x features x 8 B + header",
		.make = make_chunks,
		.asked = asked_chunks,
		.peak_asked = asked_chunks,
		.reads = reads_input,
		.writes = lesson_nothing,
	},
	{
		.name = "batch",
		.role = LESSON_BETTER,
		.numpy = "Y = X @ W",
		.what = "all at once",
		.formula = "n x 8 B + header",
		.headline = true,
		.make = make_batch,
		.asked = asked_batch,
		.peak_asked = asked_batch,
		.reads = reads_input,
		.writes = writes_batch,
	},
	{ 0 },
};

/* Ways that only NumPy has, or has in other words: numpy.py. */
static const struct lesson_variant numpy_variants[] = {
	{
		.name = "expression",
		.role = LESSON_OTHER,
		.numpy = "np.maximum(X @ W + 0, 0).sum()",
		.what = "as mostly written: an array a step",
		.asked = asked_steps,
		.peak_asked = asked_steps,
		.reads = reads_input,
		.writes = writes_batch,
	},
	{ 0 },
};

static const struct lesson_claim claims[] = {
	{
		.source = "Process many examples at once",
		.test = "batch.ratio < 1",
		.about = "batch",
		.kind = LESSON_TIMED,
		.expect = LESSON_HOLDS,
		.condition = "while the weights do not fit the cache; NumPy saves its price of a call besides",
		.note = "faster, but the peak is the whole batch",
		.measured = "batch: {batch.ratio|ratio}",
	},
	{
		.source = "Process many examples at once",
		.test = "batch.peak_asked_bytes <= single.peak_asked_bytes",
		.expect = LESSON_FAILS,
		.condition = "in memory it is the other way round: all outputs are held at once",
		.measured = "peak {single.peak_asked_bytes|bytes}, batch {batch.peak_asked_bytes|bytes}",
	},
	{
		.language = "numpy",
		.source = "Process many examples at once",
		.test = "numpy.batch.high < numpy.single.low",
		.about = "batch",
		.kind = LESSON_TIMED,
		.expect = LESSON_EITHER,
		.condition = "as this machine's BLAS does it; for small examples the price of a call decides",
		.note = "it depends on the BLAS; the peak rises",
		.measured = "batch {numpy.batch.median_ns|time}, single {numpy.single.median_ns|time}",
	},
	{
		.language = "numpy",
		.source = "Process many examples at once",
		.test = "numpy.batch.peak_asked_bytes <= numpy.single.peak_asked_bytes + page",
		.expect = LESSON_EITHER,
		.condition = "in memory it is the other way round: all outputs are held at once",
		.measured = "peak {numpy.batch.peak_asked_bytes|bytes}, expression {numpy.expression.peak_asked_bytes|bytes}",
	},
	{ 0 },
};

const struct lesson lesson_batch = {
	.id = "tip3",
	.name = "batch",
	.title = "Batch operations",
	.order = 7,
	.summary = "many examples at once: faster, and larger",
	.input = "Input {n x 8|bytes} and weights {features x features x 8|bytes}, not counted below.",
	.jobs = jobs,
	.params = params,
	.terms = terms,
	.fit = fit,
	.setup_bytes = setup_bytes,
	.state_bytes = sizeof(struct batch),
	.setup = setup,
	.use = use,
	.release = release,
	.teardown = teardown,
	.variants = variants,
	.numpy_variants = numpy_variants,
	.claims = claims,
	.why = "Equal arithmetic. single goes through {features x features x 8|bytes} of weights {examples} times and holds one row of outputs; "
	       "batch goes through them in blocks of rows and holds {batch.peak_asked_bytes|bytes}; chunks of {min(batch, examples)} hold "
	       "{chunks.peak_asked_bytes|bytes}.",
	.mind = "Each further step of a batch holds it once more: relu(X @ W + 1) peaks at two of them. A chunk that fits the cache can have both.",
	.next = "memhint run batch --with numpy  |  memhint run batch --set batch=8",
};
