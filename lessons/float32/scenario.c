/* SPDX-License-Identifier: MIT */
/*
 * float32: n readings made and added up, in 8 bytes each or in 4.
 *
 * The readings repeat a table of 1,000, which setup holds in both types, so that each way is born in its own: float32 that was float64 first has
 * been both. The values (20.000 to 20.999) have no exact float32, as most measured values have none.
 */

#include "lesson/lesson.h"

#include <math.h>
#include <stdio.h>

enum { TABLE = 1000, ONES = 17000000 };

struct float32 {
	struct nd table64, table32; /* (TABLE,): the same readings */
	struct nd made;             /* (n,) */
	double sum;                 /* of made, as use found it */
	ptrdiff_t n;
};

enum { N };

/* ---- the input ---- */

static double reading(ptrdiff_t i)
{
	return 20 + (double)(i * 7 % TABLE) / TABLE;
}

static int setup(void *state, const uint64_t *p)
{
	struct float32 *s = state;
	s->n = (ptrdiff_t)p[N];
	int status = nd_empty(ND_FLOAT64, 1, (ptrdiff_t[]){ TABLE }, &s->table64);
	if (status == ND_OK)
		status = nd_empty(ND_FLOAT32, 1, (ptrdiff_t[]){ TABLE }, &s->table32);
	if (status != ND_OK)
		return status;
	double *wide = nd_data(&s->table64);
	float *narrow = nd_data(&s->table32);
	for (ptrdiff_t i = 0; i < TABLE; i++) {
		wide[i] = reading(i);
		narrow[i] = (float)wide[i];
	}
	return ND_OK;
}

static uint64_t setup_bytes(const uint64_t *p)
{
	(void)p;
	return lesson_add(lesson_array(TABLE, 8), lesson_array(TABLE, 4));
}

/* ---- the ways ---- */

static int make_float64(void *state)
{
	struct float32 *s = state;
	return nd_tile(&s->table64, 1, (ptrdiff_t[]){ s->n / TABLE }, &s->made);
}

static int make_float32(void *state)
{
	struct float32 *s = state;
	return nd_tile(&s->table32, 1, (ptrdiff_t[]){ s->n / TABLE }, &s->made);
}

/* Born float64: while astype works, both are there. */
static int make_convert(void *state)
{
	struct float32 *s = state;
	struct nd wide = { 0 };
	int status = nd_tile(&s->table64, 1, (ptrdiff_t[]){ s->n / TABLE }, &wide);
	if (status == ND_OK)
		status = nd_astype(&wide, ND_FLOAT32, &s->made);
	nd_release(&wide);
	return status;
}

static uint64_t asked_float64(const uint64_t *p)
{
	return lesson_array(p[N], 8);
}

static uint64_t asked_float32(const uint64_t *p)
{
	return lesson_array(p[N], 4);
}

static uint64_t asked_convert(const uint64_t *p)
{
	return lesson_add(asked_float64(p), asked_float32(p));
}

/* float32, the float64 that it meets, and their sum. */
static uint64_t asked_mixed(const uint64_t *p)
{
	return lesson_add(asked_convert(p), asked_float64(p));
}

/* ---- what is done with the result: its sum in its own type, as NumPy's sum() does ---- */

static double use(void *state)
{
	struct float32 *s = state;
	nd_sum(&s->made, s->made.dtype, &s->sum);
	return s->sum;
}

static double relative(double value, double truth)
{
	return fabs(value - truth) / fabs(truth);
}

static void facts(void *state, struct lesson_facts *facts)
{
	struct float32 *s = state;
	lesson_facts_of(facts, &s->made, &s->table64);

	/* One period holds every value that there is. */
	double largest = 0, sum = 0;
	for (ptrdiff_t i = 0; i < TABLE; i++) {
		double value = s->made.dtype == ND_FLOAT64 ? ((double *)nd_data(&s->made))[i] : (double)((float *)nd_data(&s->made))[i];
		double error = relative(value, reading(i));
		largest = error > largest ? error : largest;
		sum += (double)(i * 7 % TABLE); /* in thousandths, so that the true sum is exact */
	}
	lesson_fact_real(facts, "largest_relative_error", largest);
	ptrdiff_t tables = s->n / TABLE;
	lesson_fact_real(facts, "sum_relative_error", relative(s->sum, (20.0 * TABLE + sum / TABLE) * (double)tables));
}

/* Added one after another, 1.0f stops counting at 2^24: the next float32 is 2 away. */
static void facts_float32(void *state, struct lesson_facts *out_facts)
{
	float ones = 0;
	facts(state, out_facts);
	for (int i = 0; i < ONES; i++)
		ones += 1;
	lesson_fact_integer(out_facts, "ones", ONES);
	lesson_fact_integer(out_facts, "ones_one_by_one", (int64_t)ones);
}

static void release(void *state)
{
	struct float32 *s = state;
	nd_release(&s->made);
}

static void teardown(void *state)
{
	struct float32 *s = state;
	nd_release(&s->table64);
	nd_release(&s->table32);
}

/* ---- bytes that must move: the table stays in the cache ---- */

static uint64_t bytes64(const uint64_t *p)
{
	return lesson_mul(p[N], 8);
}

static uint64_t bytes32(const uint64_t *p)
{
	return lesson_mul(p[N], 4);
}

static uint64_t bytes_both(const uint64_t *p)
{
	return lesson_mul(p[N], 12);
}

static int fit(uint64_t *p, char *note, size_t note_size)
{
	uint64_t given = p[N];
	p[N] -= p[N] % TABLE;
	if (p[N] == given)
		return 0;
	snprintf(note, note_size, "n %llu rounded down to %llu: a table of %d readings is repeated", (unsigned long long)given,
	         (unsigned long long)p[N], TABLE);
	return 1;
}

/* ---- the lesson ---- */

static const struct lesson_param params[] = {
	{ .name = "n", .value = 8000000, .least = TABLE, .most = UINT64_C(1) << 40, .unit = "elements", .help = "readings, a multiple of 1000" },
	{ 0 },
};

static const struct lesson_job jobs[] = {
	{ "readings", "make {n|short} readings, and their sum" },
	{ 0 },
};

static const struct lesson_variant variants[] = {
	{
		.name = "float64",
		.role = LESSON_NAIVE,
		.numpy = "np.tile(t64, k)",
		.what = "8 B a number",
		.formula = "n x 8 B + header",
		.headline = true,
		.make = make_float64,
		.facts = facts,
		.asked = asked_float64,
		.peak_asked = asked_float64,
		.reads = lesson_nothing,
		.writes = bytes64,
	},
	{
		.name = "float64_kept",
		.role = LESSON_OTHER,
		.numpy = "np.tile(t64, k)",
		.what = "the same, on kept pages",
		.formula = "n x 8 B + header",
		.pages_kept = true,
		.make = make_float64,
		.facts = facts,
		.asked = asked_float64,
		.peak_asked = asked_float64,
		.reads = lesson_nothing,
		.writes = bytes64,
	},
	{
		.name = "float32",
		.role = LESSON_BETTER,
		.numpy = "np.tile(t32, k)",
		.what = "4 B a number, from its birth",
		.formula = "n x 4 B + header",
		.headline = true,
		.make = make_float32,
		.facts = facts_float32,
		.asked = asked_float32,
		.peak_asked = asked_float32,
		.reads = lesson_nothing,
		.writes = bytes32,
	},
	{
		.name = "convert",
		.role = LESSON_OTHER,
		.numpy = "np.tile(t64, k).astype(np.float32)",
		.what = "born float64: both at once",
		.formula = "n x 8 B + n x 4 B + 2 x header",
		.headline = true,
		.make = make_convert,
		.facts = facts,
		.asked = asked_convert,
		.peak_asked = asked_convert,
		.reads = lesson_nothing,
		.writes = bytes_both,
	},
	{ 0 },
};

/* Ways that only NumPy has, or has in other words: numpy.py. */
static const struct lesson_variant numpy_variants[] = {
	{
		.name = "mixed",
		.role = LESSON_OTHER,
		.numpy = "np.tile(t32, k) + np.zeros(n)",
		.what = "with a float64 array: float64 again",
		.asked = asked_mixed,
		.peak_asked = asked_mixed,
		.reads = lesson_nothing,
		.writes = bytes_both,
	},
	{ 0 },
};

static const struct lesson_claim claims[] = {
	{
		.source = "Use float32: Half the memory",
		.test = "2 x (float32.asked_bytes - header) == float64.asked_bytes - header",
		.about = "float32",
		.expect = LESSON_HOLDS,
		.condition = "if born float32",
		.measured = "{float32.asked_bytes|bytes}, float64 {float64.asked_bytes|bytes}",
	},
	{
		.source = "Use float32: Half the memory",
		.test = "2 x convert.peak_asked_bytes <= float64.peak_asked_bytes",
		.about = "convert",
		.expect = LESSON_FAILS,
		.condition = "born float64 and then converted, both live at once: one and a half times float64",
		.note = "half only if born float32",
		.measured = "convert: peak {convert.peak_asked_bytes|bytes}",
	},
	{
		.source = "Use float32",
		.test = "float32.ratio < 1",
		.kind = LESSON_TIMED,
		.expect = LESSON_HOLDS,
		.condition = "where memory is what is waited for; not for a few numbers in the first cache",
		.measured = "float32: {float32.ratio|ratio}",
	},
	{
		.source = "often sufficient",
		.expect = LESSON_CANNOT_JUDGE,
		.condition = "only you know what error your numbers bear; 17,000,000 ones added one by one give 16,777,216",
		.note = "the error is printed; you judge",
		.measured = "largest error {float32.largest_relative_error}",
	},
	{
		.language = "numpy",
		.source = "Use float32: Half the memory",
		.test = "numpy.float32.peak_asked_bytes < numpy.float64.peak_asked_bytes / 2 + page",
		.about = "float32",
		.expect = LESSON_HOLDS,
		.condition = "if born float32",
		.measured = "{numpy.float32.asked_bytes|bytes}, float64 {numpy.float64.asked_bytes|bytes}",
	},
	{
		.language = "numpy",
		.source = "Use float32: Half the memory",
		.test = "2 x numpy.convert.peak_asked_bytes <= numpy.float64.peak_asked_bytes",
		.about = "convert",
		.expect = LESSON_FAILS,
		.condition = "born float64 and then converted, both live at once",
		.note = "half only if born float32",
		.measured = "convert: peak {numpy.convert.peak_asked_bytes|bytes}",
	},
	{
		.language = "numpy",
		.source = "Use float32: Half the memory",
		.test = "numpy.mixed.stride_0 == 4",
		.expect = LESSON_FAILS,
		.condition = "an operation with a float64 array makes float64 again",
		.measured = "float32 + float64: {numpy.mixed.stride_0} B an element",
	},
	{
		.language = "numpy",
		.source = "Use float32",
		.test = "numpy.float32.high < numpy.float64.low",
		.kind = LESSON_TIMED,
		.expect = LESSON_HOLDS,
		.condition = "where memory is what is waited for",
		.measured = "{numpy.float32.median_ns|time}, float64 {numpy.float64.median_ns|time}",
	},
	{
		.language = "numpy",
		.source = "often sufficient",
		.expect = LESSON_CANNOT_JUDGE,
		.condition = "sum() adds in pairs; sum(axis=0) of a table of two columns of ones adds one by one",
		.measured = "{numpy.float32.ones|count} ones: by axis {numpy.float32.ones_by_axis|count}",
	},
	{ 0 },
};

const struct lesson lesson_float32 = {
	.id = "tip4",
	.name = "float32",
	.title = "Use float32",
	.order = 8,
	.summary = "half the bytes, and what they cannot hold",
	.input = "Input a table of 1,000 readings in both types, not counted below. In float64: {n} x 8 B = {n x 8|bytes}.",
	.jobs = jobs,
	.params = params,
	.fit = fit,
	.setup_bytes = setup_bytes,
	.state_bytes = sizeof(struct float32),
	.setup = setup,
	.use = use,
	.release = release,
	.teardown = teardown,
	.tolerance = 1e-5,
	.variants = variants,
	.numpy_variants = numpy_variants,
	.claims = claims,
	.why = "The work is to write {n x 8|bytes} and read them again, or half of that{if float64.steady_faults x page >= float64.asked_bytes / 2}, on new pages "
	       "that the kernel zeroed first{end}; convert writes and reads both. The adding is the same: {n|short} numbers.",
	.mind = "{float32.ones|count} ones added one by one in float32 give {float32.ones_one_by_one|count}: 2^24 + 1 has no float32. nd_sum and NumPy's sum() add in pairs, "
	        "NumPy's sum(axis=0) does not.",
	.next = "memhint run float32 --with numpy  |  memhint show float32",
};
