/* SPDX-License-Identifier: MIT */
/*
 * inplace: ((x - mean) / std) ** 2, and how many arrays that takes.
 *
 * Three operations, each of which wants somewhere to put its n numbers: in a new array, in the array that the operation before made, in one that was
 * there all along, or, when all three are done to one number before the next, in the result alone.
 */

#include "lesson/lesson.h"
#include "nd/clones.h"

#include <math.h>
#include <stdio.h>

struct inplace {
	struct nd x;      /* (n,) with mean 8 and standard deviation 4, so that every step is exact */
	struct nd buffer; /* (n,) made before, for the way that writes there */
	struct nd difference, scaled; /* of the way that names its temporaries */
	struct nd made;
	double mean, std;
	ptrdiff_t n;
};

enum { N };

/* ---- the input ---- */

enum { PERIOD = 10 };

static const double samples[PERIOD] = { 15, 1, 13, 3, 10, 6, 9, 7, 9, 7 };

static int setup(void *state, const uint64_t *p)
{
	struct inplace *s = state;
	s->n = (ptrdiff_t)p[N];
	int status = nd_empty(ND_FLOAT64, 1, &s->n, &s->x);
	if (status != ND_OK)
		return status;
	double *x = nd_data(&s->x);
	for (ptrdiff_t i = 0; i < s->n; i += PERIOD)
		for (ptrdiff_t k = 0; k < PERIOD; k++)
			x[i + k] = samples[k];
	nd_mean(&s->x, &s->mean);
	double squares = 0; /* of one period, which is what all of them come to; x.std() would make an array */
	for (ptrdiff_t k = 0; k < PERIOD; k++)
		squares += (x[k] - s->mean) * (x[k] - s->mean);
	s->std = sqrt(squares / PERIOD);
	return ND_OK;
}

/* The buffer that out writes into, its pages touched. */
static int prepare_out(void *state)
{
	struct inplace *s = state;
	return nd_zeros(ND_FLOAT64, 1, &s->n, &s->buffer);
}

static uint64_t setup_bytes(const uint64_t *p)
{
	return lesson_mul(2, lesson_array(p[N], 8));
}

/* ---- the ways ---- */

/* Python drops an unnamed temporary as soon as the next operation has read it. */
static int make_temporaries(void *state)
{
	struct inplace *s = state;
	struct nd difference = { 0 }, scaled = { 0 };
	int status = nd_binary_scalar(ND_SUBTRACT, &s->x, s->mean, &difference);
	if (status == ND_OK)
		status = nd_binary_scalar(ND_DIVIDE, &difference, s->std, &scaled);
	nd_release(&difference);
	if (status == ND_OK)
		status = nd_binary_scalar(ND_POWER, &scaled, 2, &s->made);
	nd_release(&scaled);
	return status;
}

/* A name keeps its array until the name goes: here, until the result does. */
static int make_named(void *state)
{
	struct inplace *s = state;
	int status = nd_binary_scalar(ND_SUBTRACT, &s->x, s->mean, &s->difference);
	if (status == ND_OK)
		status = nd_binary_scalar(ND_DIVIDE, &s->difference, s->std, &s->scaled);
	if (status == ND_OK)
		status = nd_binary_scalar(ND_POWER, &s->scaled, 2, &s->made);
	return status;
}

static int make_inplace(void *state)
{
	struct inplace *s = state;
	int status = nd_binary_scalar(ND_SUBTRACT, &s->x, s->mean, &s->made);
	if (status == ND_OK)
		status = nd_binary_scalar_into(ND_DIVIDE, &s->made, s->std, &s->made);
	if (status == ND_OK)
		status = nd_binary_scalar_into(ND_POWER, &s->made, 2, &s->made);
	return status;
}

static int make_out(void *state)
{
	struct inplace *s = state;
	int status = nd_view(&s->buffer, &s->made);
	if (status == ND_OK)
		status = nd_binary_scalar_into(ND_SUBTRACT, &s->x, s->mean, &s->made);
	if (status == ND_OK)
		status = nd_binary_scalar_into(ND_DIVIDE, &s->made, s->std, &s->made);
	if (status == ND_OK)
		status = nd_binary_scalar_into(ND_POWER, &s->made, 2, &s->made);
	return status;
}

/* As good a loop as nd's own, so that it is the passes that are compared. */
ND_CLONES static void fuse(ptrdiff_t n, const double *restrict x, double mean, double std, double *restrict made)
{
	for (ptrdiff_t i = 0; i < n; i++) {
		double scaled = (x[i] - mean) / std;
		made[i] = scaled * scaled;
	}
}

/* What no array operation can do: all three steps to one number before the next. */
static int make_fused(void *state)
{
	struct inplace *s = state;
	int status = nd_empty(ND_FLOAT64, 1, &s->n, &s->made);
	if (status == ND_OK)
		fuse(s->n, nd_data(&s->x), s->mean, s->std, nd_data(&s->made));
	return status;
}

static uint64_t one_array(const uint64_t *p)
{
	return lesson_array(p[N], 8);
}

static uint64_t two_arrays(const uint64_t *p)
{
	return lesson_mul(2, one_array(p));
}

static uint64_t three_arrays(const uint64_t *p)
{
	return lesson_mul(3, one_array(p));
}

/* ---- what is done with the result ---- */

static double use(void *state)
{
	struct inplace *s = state;
	double sum = 0;
	nd_sum(&s->made, ND_FLOAT64, &sum);
	return sum;
}

static void facts(void *state, struct lesson_facts *facts)
{
	struct inplace *s = state;
	lesson_facts_of(facts, &s->made, &s->x);
}

/* b[1:] += b[:-1] would read what it has just written: the sum is made apart and then copied. */
static void facts_inplace(void *state, struct lesson_facts *out_facts)
{
	struct inplace *s = state;
	struct nd b = { 0 }, later = { 0 }, earlier = { 0 };
	facts(state, out_facts);
	if (nd_zeros(ND_FLOAT64, 1, &s->n, &b) == ND_OK && nd_slice(&b, 0, 1, s->n, 1, &later) == ND_OK && nd_slice(&b, 0, 0, s->n - 1, 1, &earlier) == ND_OK) {
		uint64_t before = nd_copied_bytes();
		if (nd_binary_into(ND_ADD, &later, &earlier, &later) == ND_OK)
			lesson_fact_integer(out_facts, "overlap_copied_bytes", (int64_t)(nd_copied_bytes() - before));
	}
	nd_release(&earlier);
	nd_release(&later);
	nd_release(&b);
}

static void release(void *state)
{
	struct inplace *s = state;
	nd_release(&s->made);
	nd_release(&s->scaled);
	nd_release(&s->difference);
}

static void teardown(void *state)
{
	struct inplace *s = state;
	nd_release(&s->buffer);
	nd_release(&s->x);
}

/* ---- bytes that must move: each operation reads n numbers and writes n, use reads n ---- */

static uint64_t once(const uint64_t *p)
{
	return lesson_mul(p[N], 8);
}

static uint64_t twice(const uint64_t *p)
{
	return lesson_mul(p[N], 16);
}

static uint64_t three_times(const uint64_t *p)
{
	return lesson_mul(p[N], 24);
}

static int fit(uint64_t *p, char *note, size_t note_size)
{
	uint64_t given = p[N];
	p[N] -= p[N] % PERIOD;
	if (p[N] == given)
		return 0;
	snprintf(note, note_size, "n %llu rounded down to %llu: x repeats %d numbers whose mean is 8 and whose std is 4", (unsigned long long)given,
	         (unsigned long long)p[N], PERIOD);
	return 1;
}

/* ---- the lesson ---- */

static const struct lesson_param params[] = {
	{ .name = "n", .value = 4000000, .least = PERIOD, .most = UINT64_C(1) << 40, .unit = "elements", .help = "numbers in x, a multiple of 10" },
	{ 0 },
};

static const struct lesson_job jobs[] = {
	{ "squares", "((x - m) / s) ** 2 of {n|short} numbers, m their mean, s their std" },
	{ 0 },
};

static const struct lesson_variant variants[] = {
	{
		.name = "temporaries",
		.role = LESSON_NAIVE,
		.numpy = "((x - m) / s) ** 2",
		.what = "a new array for each operation",
		.formula = "3 x (n x 8 B + header)",
		.headline = true,
		.make = make_temporaries,
		.facts = facts,
		.asked = three_arrays,
		.peak_asked = two_arrays,
		.reads = once,
		.writes = twice,
	},
	{
		.name = "named",
		.role = LESSON_NAIVE,
		.numpy = "d = x - m; z = d / s; r = z ** 2",
		.what = "the names keep all three",
		.formula = "3 x (n x 8 B + header)",
		.make = make_named,
		.facts = facts,
		.asked = three_arrays,
		.peak_asked = three_arrays,
		.reads = once,
		.writes = three_times,
	},
	{
		.name = "inplace",
		.role = LESSON_BETTER,
		.numpy = "r = x - m; r /= s; r **= 2",
		.what = "one array, written three times",
		.formula = "n x 8 B + header",
		.headline = true,
		.make = make_inplace,
		.facts = facts_inplace,
		.asked = one_array,
		.peak_asked = one_array,
		.reads = once,
		.writes = once,
	},
	{
		.name = "out",
		.role = LESSON_BETTER,
		.numpy = "np.subtract(x, m, out=b); ...",
		.what = "into a buffer made before",
		.formula = "0 B",
		.prepare = prepare_out,
		.make = make_out,
		.facts = facts,
		.asked = lesson_nothing,
		.peak_asked = lesson_nothing,
		.reads = once,
		.writes = once,
	},
	{
		.name = "fused",
		.role = LESSON_OTHER,
		.numpy = "numexpr.evaluate(\"((x-m)/s)**2\")",
		.what = "one pass over x",
		.formula = "n x 8 B + header",
		.headline = true,
		.make = make_fused,
		.facts = facts,
		.asked = one_array,
		.peak_asked = one_array,
		.reads = once,
		.writes = once,
	},
	{ 0 },
};

/* Ways that only NumPy has, or has in other words: numpy.py. */
static const struct lesson_variant numpy_variants[] = {
	{
		.name = "rebound",
		.role = LESSON_NAIVE,
		.numpy = "r = x - m; r = r / s; r = r ** 2",
		.what = "one name: the old array goes late",
		.asked = three_arrays,
		.peak_asked = two_arrays,
		.reads = once,
		.writes = twice,
	},
	{
		.name = "columns",
		.role = LESSON_NAIVE,
		.numpy = "((X - means) / stds) ** 2",
		.what = "a mean and a std for each column",
		.headline = true,
		.asked = three_arrays,
		.peak_asked = two_arrays,
		.reads = once,
		.writes = twice,
	},
	{
		.name = "inplace_std",
		.role = LESSON_OTHER,
		.numpy = "r = x - x.mean(); r /= x.std(); r **= 2",
		.what = "x.std() makes an array too",
		.asked = two_arrays,
		.peak_asked = two_arrays,
		.reads = once,
		.writes = twice,
	},
	{
		.name = "blocks",
		.role = LESSON_OTHER,
		.numpy = "np.subtract(x[i:j], m, out=r[i:j]); ...",
		.what = "in place, a cached block at a time",
		.asked = one_array,
		.peak_asked = one_array,
		.reads = once,
		.writes = once,
	},
	{ 0 },
};

static const struct lesson_claim claims[] = {
	{
		.source = "Creates temporary arrays",
		.test = "temporaries.asked_bytes == 3 x (n x 8 + header)",
		.expect = LESSON_HOLDS,
		.condition = "in C; NumPy may reuse an unnamed temporary of 256 KiB and more",
		.measured = "{temporaries.asked_bytes|bytes}, result {n x 8|bytes}",
	},
	{
		.source = "Better: In-place operations",
		.test = "inplace.asked_bytes == n x 8 + header and inplace.peak_asked_bytes == n x 8 + header",
		.about = "inplace",
		.expect = LESSON_HOLDS,
		.condition = "the first step still makes an array; NumPy may do as well unasked",
		.note = "in C. What NumPy does: --with numpy",
		.measured = "{inplace.asked_bytes|bytes} made, peak {inplace.peak_asked_bytes|bytes}",
	},
	{
		.source = "Better: In-place operations",
		.test = "inplace.ratio < 1",
		.kind = LESSON_TIMED,
		.expect = LESSON_HOLDS,
		.condition = "not below some thousand elements, where all arrays fit the cache",
		.measured = "inplace: {inplace.ratio|ratio}",
	},
	{
		.source = "Better: In-place operations",
		.test = "inplace.overlap_copied_bytes == 0",
		.expect = LESSON_FAILS,
		.condition = "where the operands overlap, as in b[1:] += b[:-1], the sum is made apart and copied",
		.note = "b[1:] += b[:-1] makes a hidden copy",
		.measured = "b[1:] += b[:-1] copies {inplace.overlap_copied_bytes|bytes}",
	},
	{
		.source = "Avoid Intermediate Arrays",
		.test = "fused.asked_bytes == inplace.asked_bytes and fused.ratio < 1",
		.kind = LESSON_TIMED,
		.expect = LESSON_HOLDS,
		.condition = "in place avoids the arrays, not the passes: it still writes its array three times",
		.measured = "fused, one pass: {fused.ratio|ratio}",
	},
	{
		.language = "numpy",
		.source = "Creates temporary arrays",
		.test = "numpy.temporaries.asked_bytes >= 3 x n x 8",
		.about = "temporaries",
		.expect = LESSON_EITHER,
		.condition = "an unnamed temporary of 256 KiB and more may be reused: some NumPys do, on some platforms",
		.note = "this NumPy may reuse an unnamed temporary",
		.measured = "{numpy.temporaries.asked_bytes|bytes} made, peak {numpy.temporaries.peak_asked_bytes|bytes}",
	},
	{
		.language = "numpy",
		.source = "Creates temporary arrays",
		.test = "numpy.named.asked_bytes >= 3 x n x 8",
		.expect = LESSON_HOLDS,
		.condition = "what has a name is not reused",
		.measured = "named: {numpy.named.asked_bytes|bytes} made, peak {numpy.named.peak_asked_bytes|bytes}",
	},
	{
		.language = "numpy",
		.source = "Creates temporary arrays",
		.test = "numpy.columns.peak_asked_bytes >= 2 x n x 8",
		.about = "columns",
		.expect = LESSON_EITHER,
		.condition = "operands of two shapes, the usual case: a mean and a std for each column",
		.note = "a mean for each column: another case",
		.measured = "columns: {numpy.columns.asked_bytes|bytes} made, peak {numpy.columns.peak_asked_bytes|bytes}",
	},
	{
		.language = "numpy",
		.source = "Creates temporary arrays",
		.test = "numpy.temporaries.arrays_at_240_kB >= 2",
		.expect = LESSON_EITHER,
		.condition = "reuse begins at 262,144 B where there is any: below, two arrays are alive",
		.measured = "alive: {numpy.temporaries.arrays_at_240_kB} of 240 kB, {numpy.temporaries.arrays_at_320_kB} of 320 kB",
	},
	{
		.language = "numpy",
		.source = "Better: In-place operations",
		.test = "numpy.inplace.peak_asked_bytes < n x 8 + page",
		.about = "inplace",
		.expect = LESSON_HOLDS,
		.condition = "one array, whatever NumPy does about temporaries",
		.measured = "{numpy.inplace.asked_bytes|bytes} made, peak {numpy.inplace.peak_asked_bytes|bytes}",
	},
	{
		.language = "numpy",
		.source = "Better: In-place operations",
		.test = "numpy.inplace.high < numpy.temporaries.low",
		.kind = LESSON_TIMED,
		.expect = LESSON_EITHER,
		.condition = "where NumPy reuses the temporaries, both do the same",
		.measured = "{numpy.inplace.median_ns|time}, temporaries {numpy.temporaries.median_ns|time}",
	},
	{
		.language = "numpy",
		.source = "Better: In-place operations",
		.test = "numpy.inplace_std.peak_asked_bytes < 2 x n x 8",
		.expect = LESSON_FAILS,
		.condition = "with x.std() itself in the formula: it makes a full array before the result is done",
		.measured = "with x.std(): peak {numpy.inplace_std.peak_asked_bytes|bytes}",
	},
	{
		.language = "numpy",
		.source = "Avoid Intermediate Arrays",
		.test = "numpy.blocks.high < numpy.inplace.low",
		.kind = LESSON_TIMED,
		.expect = LESSON_EITHER,
		.condition = "block by block the steps stay in the cache; each block costs three calls",
		.measured = "blocks {numpy.blocks.median_ns|time}, inplace {numpy.inplace.median_ns|time}",
	},
	{ 0 },
};

const struct lesson lesson_inplace = {
	.id = "pattern1",
	.name = "inplace",
	.title = "Avoid Intermediate Arrays",
	.order = 1,
	.summary = "a formula of three steps, in one array",
	.input = "Input {n x 8|bytes}, not counted; nor is the buffer that out has, made before.",
	.jobs = jobs,
	.params = params,
	.fit = fit,
	.setup_bytes = setup_bytes,
	.state_bytes = sizeof(struct inplace),
	.setup = setup,
	.use = use,
	.release = release,
	.teardown = teardown,
	.variants = variants,
	.numpy_variants = numpy_variants,
	.claims = claims,
	.why = "All but fused make three passes. temporaries writes each into new memory, {temporaries.asked_bytes|bytes} of it; "
	       "inplace writes {inplace.asked_bytes|bytes} three times. fused reads x once and writes once.",
	.mind = "C reuses no temporary; NumPy may, and there x.std() itself makes {n x 8|bytes}. In place on the caller's array changes what the caller has.",
	.next = "memhint run inplace --with numpy  |  memhint run inplace --set n=8K",
};
