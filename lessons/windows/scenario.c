/* SPDX-License-Identifier: MIT */
/*
 * windows: the sum of every window of `window` samples of x.
 *
 * The page builds the windows as a view whose two axes step by the same stride. Here they are built in three ways, and then not at all.
 */

#include "lesson/lesson.h"

#include <stdio.h>

struct windows {
	struct nd x;    /* the samples, small integers so that sums are exact in any order */
	struct nd sums; /* one for each window; made before, so that all ways write into the same place */
	struct nd made; /* (windows, window) */
	ptrdiff_t n, window, windows;
};

enum { N, WINDOW };

static uint64_t windows(const uint64_t *p)
{
	return p[N] - p[WINDOW] + 1;
}

/* ---- the input ---- */

static int setup(void *state, const uint64_t *p)
{
	struct windows *s = state;
	s->n = (ptrdiff_t)p[N];
	s->window = (ptrdiff_t)p[WINDOW];
	s->windows = (ptrdiff_t)windows(p);
	int status = nd_empty(ND_FLOAT64, 1, &s->n, &s->x);
	if (status == ND_OK)
		status = nd_zeros(ND_FLOAT64, 1, &s->windows, &s->sums);
	if (status != ND_OK)
		return status;
	double *x = nd_data(&s->x);
	for (ptrdiff_t i = 0; i < s->n; i++)
		x[i] = (double)(i * 7 % 16);
	return ND_OK;
}

static uint64_t setup_bytes(const uint64_t *p)
{
	return lesson_add(lesson_array(p[N], 8), lesson_array(windows(p), 8));
}

/* ---- the ways ---- */

static int view(const struct windows *s, struct nd *out_view)
{
	ptrdiff_t shape[] = { s->windows, s->window };
	ptrdiff_t strides[] = { nd_stride(&s->x, 0), nd_stride(&s->x, 0) }; /* the same stride twice */
	return nd_as_strided(&s->x, 2, shape, strides, out_view);
}

/* One buffer, each window copied into it once: np.stack without its list. */
static int make_stack(void *state)
{
	struct windows *s = state;
	struct nd windows_view = { 0 };
	int status = view(s, &windows_view);
	if (status == ND_OK)
		status = nd_copy(&windows_view, &s->made);
	nd_release(&windows_view);
	return status;
}

/* An index for each element of each window, then the elements. */
static int make_take(void *state)
{
	struct windows *s = state;
	struct nd first = { 0 }, step = { 0 }, column = { 0 }, indices = { 0 };
	int status = nd_arange(ND_INT64, s->windows, 0, &first);
	if (status == ND_OK)
		status = nd_arange(ND_INT64, s->window, 0, &step);
	if (status == ND_OK)
		status = nd_expand_dims(&first, 1, &column);
	if (status == ND_OK)
		status = nd_binary(ND_ADD, &column, &step, &indices);
	nd_release(&column);
	nd_release(&step);
	nd_release(&first);
	if (status == ND_OK)
		status = nd_take(&s->x, &indices, 0, &s->made);
	nd_release(&indices);
	return status;
}

static uint64_t asked_stack(const uint64_t *p)
{
	return lesson_array(lesson_mul(windows(p), p[WINDOW]), 8);
}

static uint64_t asked_take(const uint64_t *p)
{
	uint64_t ranges = lesson_add(lesson_array(windows(p), 8), lesson_array(p[WINDOW], 8));
	return lesson_add(ranges, lesson_mul(2, asked_stack(p)));
}

/* The two ranges are gone before the elements are taken. */
static uint64_t peak_take(const uint64_t *p)
{
	uint64_t ranges = lesson_add(lesson_array(windows(p), 8), lesson_array(p[WINDOW], 8));
	uint64_t matrix = asked_stack(p);
	return lesson_add(matrix, ranges > matrix ? ranges : matrix);
}

/* The running totals of NumPy's way without windows. */
static uint64_t asked_totals(const uint64_t *p)
{
	return lesson_array(p[N], 8);
}

static int make_strided(void *state)
{
	struct windows *s = state;
	return view(s, &s->made);
}

static int make_nothing(void *state)
{
	(void)state;
	return ND_OK;
}

static double use(void *state)
{
	struct windows *s = state;
	nd_sum_axis_into(&s->made, 1, &s->sums);
	return 0;
}

/*
 * No windows at all: the next sum is this one, and what enters less what leaves. Each sum waits for the one before, so the samples are taken in
 * stretches, side by side, each of which starts with a sum of its own.
 */
enum { STRETCHES = 8 };

static double window_sum(const double *x, ptrdiff_t window)
{
	double sum = 0;
	for (ptrdiff_t i = 0; i < window; i++)
		sum += x[i];
	return sum;
}

static double use_running(void *state)
{
	struct windows *s = state;
	const double *x = nd_data(&s->x);
	double *sums = nd_data(&s->sums), sum[STRETCHES];
	ptrdiff_t stretch = s->windows / STRETCHES;
	for (ptrdiff_t k = 0; k < STRETCHES && stretch > 0; k++)
		sums[k * stretch] = sum[k] = window_sum(x + k * stretch, s->window);
	for (ptrdiff_t i = 1; i < stretch; i++) {
		for (ptrdiff_t k = 0; k < STRETCHES; k++) {
			ptrdiff_t at = k * stretch + i;
			sums[at] = sum[k] += x[at - 1 + s->window] - x[at - 1];
		}
	}
	/* What is left, at most seven windows, and all of them if there are no more. */
	for (ptrdiff_t i = stretch * STRETCHES; i < s->windows; i++)
		sums[i] = i == 0 ? window_sum(x, s->window) : sums[i - 1] + (x[i - 1 + s->window] - x[i - 1]);
	return 0;
}

/* Weighted, so that right sums in wrong places show. */
static double checksum(void *state, double used)
{
	struct windows *s = state;
	const double *sums = nd_data(&s->sums);
	for (ptrdiff_t i = 0; i < s->windows; i++)
		used += sums[i] * (double)(i % 13 + 1);
	return used;
}

static void facts(void *state, struct lesson_facts *facts)
{
	struct windows *s = state;
	lesson_facts_of(facts, &s->made, &s->x);
	lesson_fact_bool(facts, "same_stride_twice", nd_stride(&s->made, 0) == nd_stride(&s->made, 1));
}

static void release(void *state)
{
	struct windows *s = state;
	nd_release(&s->made);
}

static void teardown(void *state)
{
	struct windows *s = state;
	nd_release(&s->x);
	nd_release(&s->sums);
}

/* ---- bytes that must move: the samples, once, and what is made ---- */

static uint64_t reads_samples(const uint64_t *p)
{
	return lesson_mul(p[N], 8);
}

static uint64_t writes_sums(const uint64_t *p)
{
	return lesson_mul(windows(p), 8);
}

static uint64_t writes_stack(const uint64_t *p)
{
	return lesson_add(writes_sums(p), lesson_mul(lesson_mul(windows(p), p[WINDOW]), 8));
}

static uint64_t writes_take(const uint64_t *p)
{
	return lesson_add(writes_sums(p), lesson_mul(lesson_mul(windows(p), p[WINDOW]), 16));
}

static int fit(uint64_t *p, char *note, size_t note_size)
{
	if (p[WINDOW] <= p[N])
		return 0;
	snprintf(note, note_size, "'window' is %llu, larger than 'n', which is %llu: give a smaller --set window or a larger --set n", (unsigned long long)p[WINDOW],
	         (unsigned long long)p[N]);
	return -1;
}

/* ---- the lesson ---- */

static const struct lesson_param params[] = {
	{ .name = "n", .value = 125000, .least = 1, .most = UINT64_C(1) << 40, .unit = "elements", .help = "samples in x" },
	{ .name = "window", .value = 64, .least = 1, .most = UINT64_C(1) << 40, .unit = "elements", .help = "samples in a window" },
	{ 0 },
};

static const struct lesson_term terms[] = {
	{ "windows", "n - window + 1" },
	{ 0 },
};

static const struct lesson_job jobs[] = {
	{ "sums", "the sum of every window of {window} samples" },
	{ 0 },
};

static const struct lesson_variant variants[] = {
	{
		.name = "stack",
		.role = LESSON_NAIVE,
		.numpy = "np.stack([x[i:i+w] for i in range(m)])",
		.what = "copies each window once",
		.formula = "windows x window x 8 B + header",
		.headline = true,
		.make = make_stack,
		.facts = facts,
		.asked = asked_stack,
		.peak_asked = asked_stack,
		.reads = reads_samples,
		.writes = writes_stack,
	},
	{
		.name = "stack_kept",
		.role = LESSON_OTHER,
		.numpy = "np.stack([x[i:i+w] for i in range(m)])",
		.what = "the same, on kept pages",
		.formula = "windows x window x 8 B + header",
		.pages_kept = true,
		.make = make_stack,
		.facts = facts,
		.asked = asked_stack,
		.peak_asked = asked_stack,
		.reads = reads_samples,
		.writes = writes_stack,
	},
	{
		.name = "take",
		.role = LESSON_NAIVE,
		.numpy = "x[np.arange(m)[:, None] + np.arange(w)]",
		.what = "copies, by an index",
		.formula = "2 x (windows x window x 8 B + header) + windows x 8 B + window x 8 B + 2 x header",
		.make = make_take,
		.facts = facts,
		.asked = asked_take,
		.peak_asked = peak_take,
		.reads = reads_samples,
		.writes = writes_take,
	},
	{
		.name = "strided",
		.role = LESSON_BETTER,
		.numpy = "as_strided(x, (m, w), (8, 8))",
		.what = "a view: same stride twice",
		.formula = "0 B",
		.headline = true,
		.make = make_strided,
		.facts = facts,
		.asked = lesson_nothing,
		.peak_asked = lesson_nothing,
		.reads = reads_samples,
		.writes = writes_sums,
	},
	{
		.name = "running",
		.role = LESSON_OTHER,
		.numpy = "s = s + (x[i+w] - x[i])",
		.what = "no windows at all",
		.formula = "0 B",
		.headline = true,
		.make = make_nothing,
		.use = use_running,
		.asked = lesson_nothing,
		.peak_asked = lesson_nothing,
		.reads = reads_samples,
		.writes = writes_sums,
	},
	{ 0 },
};

/* Ways that only NumPy has, or has in other words: numpy.py. */
static const struct lesson_variant numpy_variants[] = {
	{
		.name = "running",
		.role = LESSON_OTHER,
		.numpy = "t = np.cumsum(x); t[w:] - t[:-w]",
		.what = "two running totals, no windows",
		.headline = true,
		.asked = asked_totals,
		.peak_asked = asked_totals,
		.reads = reads_samples,
		.writes = writes_sums,
	},
	{
		.name = "checked",
		.role = LESSON_BETTER,
		.numpy = "sliding_window_view(x, w)",
		.what = "the same view, its bounds checked",
		.asked = lesson_nothing,
		.peak_asked = lesson_nothing,
		.reads = reads_samples,
		.writes = writes_sums,
	},
	{ 0 },
};

static const struct lesson_claim claims[] = {
	{
		.source = "Views are free",
		.test = "strided.asked_bytes == 0 and strided.allocations == 0",
		.about = "strided",
		.expect = LESSON_HOLDS,
		.condition = "to make; std(axis=1) or a product of the view makes all windows after all",
		.measured = "strided: {strided.asked_bytes|bytes} made, {strided.allocations} allocations",
	},
	{
		.source = "copies are expensive",
		.test = "stack.asked_bytes >= windows x window x 8 and strided.ratio < 1",
		.kind = LESSON_TIMED,
		.expect = LESSON_HOLDS,
		.condition = "not below a few thousand elements, where both fit the cache",
		.measured = "stack: {stack.asked_bytes|bytes} made; strided {strided.ratio|ratio}",
	},
	{
		.source = "... avoid allocation",
		.test = "strided.peak_bytes == 0 and stack.peak_asked_bytes >= windows x window x 8",
		.expect = LESSON_HOLDS,
		.measured = "peak: strided {strided.peak_asked_bytes|bytes}, stack {stack.peak_asked_bytes|bytes}",
	},
	{
		.source = "Same stride twice!",
		.test = "strided.same_stride_twice",
		.expect = LESSON_HOLDS,
		.condition = "for a 1-D input and window <= n; 2-D input gives wrong windows silently",
		.measured = "strided: strides ({strided.stride_0}, {strided.stride_1})",
	},
	{
		.language = "numpy",
		.source = "Views are free",
		.test = "numpy.strided.peak_asked_bytes < page",
		.about = "strided",
		.expect = LESSON_HOLDS,
		.condition = "as_strided is Python code: it makes some objects, whatever the sizes",
		.measured = "strided: {numpy.strided.asked_bytes|bytes} made, peak {numpy.strided.peak_asked_bytes|bytes}",
	},
	{
		.language = "numpy",
		.source = "Views are free",
		.test = "numpy.stack.asked_bytes <= 1.01 x windows x window x 8",
		.about = "stack",
		.expect = LESSON_EITHER,
		.condition = "not many of them: each window is an array object first, of about 100 B, twice",
		.note = "each window is an array object first",
		.measured = "stack: {numpy.stack.asked_bytes|bytes} for {windows x window x 8|bytes}",
	},
	{
		.language = "numpy",
		.source = "copies are expensive",
		.test = "numpy.strided.high < numpy.stack.low",
		.kind = LESSON_TIMED,
		.expect = LESSON_HOLDS,
		.condition = "not below a few thousand elements, where both fit the cache",
		.measured = "stack {numpy.stack.median_ns|time}, strided {numpy.strided.median_ns|time}",
	},
	{
		.language = "numpy",
		.source = "Same stride twice!",
		.test = "numpy.strided.same_stride_twice",
		.expect = LESSON_HOLDS,
		.condition = "for a 1-D input and window <= n",
		.measured = "strided: strides ({numpy.strided.stride_0}, {numpy.strided.stride_1})",
	},
	{ 0 },
};

const struct lesson lesson_windows = {
	.id = "pattern3",
	.name = "windows",
	.title = "Stride Tricks for Sliding Windows",
	.order = 3,
	.summary = "every window of a signal, without copying it",
	.input = "Input {n x 8|bytes}, not counted below. If each window is a copy: {windows} windows x {window} samples x 8 B = {windows x window x 8|bytes}.",
	.jobs = jobs,
	.params = params,
	.terms = terms,
	.fit = fit,
	.setup_bytes = setup_bytes,
	.state_bytes = sizeof(struct windows),
	.setup = setup,
	.use = use,
	.checksum = checksum,
	.release = release,
	.teardown = teardown,
	.variants = variants,
	.numpy_variants = numpy_variants,
	.claims = claims,
	.why = "stack wrote {stack.copied_bytes|bytes} and read it again{if stack.steady_faults x page >= stack.asked_bytes / 2}, on new pages that the kernel "
	       "zeroed first{end}; the view re-reads {n x 8|bytes}. Both add {windows x window|count} numbers.",
	.mind = "as_strided checks nothing; NumPy's sliding_window_view does. v.std(axis=1) of the view makes the {windows x window x 8|bytes} after all.",
	.next = "memhint run windows --with numpy  |  memhint show windows",
};
