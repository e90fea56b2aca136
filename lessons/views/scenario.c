/* SPDX-License-Identifier: MIT */
/*
 * views: the six rows of the page's first table, and what a view keeps alive.
 *
 * Three jobs: all elements of a, every second of them, and ten numbers of an array that is dropped afterwards. A view is another shape and other
 * strides for bytes that exist; a copy is new bytes. In the third job the copy is the advice.
 */

#include "lesson/lesson.h"

#include <stdio.h>
#include <string.h>

enum { ROWS = 4, TEN = 10, PERIOD = 16 };

struct views {
	struct nd a;    /* 1-D, small integers so that sums are exact in any order */
	struct nd m;    /* a as a matrix of ROWS rows: a view, made before */
	struct nd made;
	ptrdiff_t n;
};

enum { N };

/* ---- the input ---- */

static int setup(void *state, const uint64_t *p)
{
	struct views *s = state;
	s->n = (ptrdiff_t)p[N];
	int status = nd_empty(ND_FLOAT64, 1, &s->n, &s->a);
	if (status != ND_OK)
		return status;
	double *a = nd_data(&s->a);
	for (ptrdiff_t i = 0; i < s->n && i < PERIOD; i++)
		a[i] = (double)(i * 7 % PERIOD);
	for (ptrdiff_t done = PERIOD; done < s->n; done *= 2) /* the numbers so far, once more */
		memcpy(a + done, a, (size_t)(s->n - done < done ? s->n - done : done) * sizeof *a);
	return nd_reshape_view(&s->a, 2, (ptrdiff_t[]){ ROWS, s->n / ROWS }, &s->m);
}

static uint64_t setup_bytes(const uint64_t *p)
{
	return lesson_array(p[N], 8);
}

/* ---- whole: all elements ---- */

static int make_copy(void *state)
{
	struct views *s = state;
	return nd_copy(&s->a, &s->made);
}

static int make_reshape(void *state)
{
	struct views *s = state;
	return nd_reshape(&s->a, 2, (ptrdiff_t[]){ ROWS, s->n / ROWS }, &s->made);
}

static int make_transpose(void *state)
{
	struct views *s = state;
	return nd_transpose(&s->m, NULL, &s->made);
}

/* In M.T's order no single stride walks the elements, so reshape copies and does not say so. */
static int make_reshape_copy(void *state)
{
	struct views *s = state;
	struct nd transposed = { 0 };
	int status = nd_transpose(&s->m, NULL, &transposed);
	if (status == ND_OK)
		status = nd_reshape(&transposed, 1, (ptrdiff_t[]){ -1 }, &s->made);
	nd_release(&transposed);
	return status;
}

/* The two halves of a, so that the result is as large as a copy of a. */
static int make_concatenate(void *state)
{
	struct views *s = state;
	struct nd halves[2] = { 0 };
	int status = nd_slice(&s->a, 0, 0, s->n / 2, 1, &halves[0]);
	if (status == ND_OK)
		status = nd_slice(&s->a, 0, s->n / 2, s->n, 1, &halves[1]);
	if (status == ND_OK)
		status = nd_concatenate(halves, 2, 0, &s->made);
	nd_release(&halves[0]);
	nd_release(&halves[1]);
	return status;
}

static uint64_t asked_copy(const uint64_t *p)
{
	return lesson_array(p[N], 8);
}

/* ---- half: every second element ---- */

static int make_slice(void *state)
{
	struct views *s = state;
	return nd_slice(&s->a, 0, 0, s->n, 2, &s->made);
}

/* An index for each element, then the elements. */
static int make_take(void *state)
{
	struct views *s = state;
	struct nd indices = { 0 };
	ptrdiff_t half = s->n / 2;
	int status = nd_empty(ND_INT64, 1, &half, &indices);
	if (status == ND_OK) {
		int64_t *index = nd_data(&indices);
		for (ptrdiff_t i = 0; i < half; i++)
			index[i] = 2 * i;
		status = nd_take(&s->a, &indices, 0, &s->made);
	}
	nd_release(&indices);
	return status;
}

/* The indices are as large as what they pick, and live as long as the picking. */
static uint64_t asked_take(const uint64_t *p)
{
	return lesson_mul(2, lesson_array(p[N] / 2, 8));
}

/* Of a Python list of indices: a pointer and a box for each, then the array of them, then the elements. */
static uint64_t asked_list(const uint64_t *p)
{
	return lesson_mul(p[N] / 2, 8 + 32 + 8 + 8);
}

/* ---- ten: a few numbers of an array that nobody needs any more ---- */

static int make_keepview(void *state)
{
	struct views *s = state;
	struct nd big = { 0 };
	int status = nd_arange(ND_FLOAT64, s->n, 0, &big);
	if (status == ND_OK)
		status = nd_slice(&big, 0, 0, TEN, 1, &s->made);
	nd_release(&big);
	return status;
}

static int make_keepcopy(void *state)
{
	struct views *s = state;
	struct nd big = { 0 }, few = { 0 };
	int status = nd_arange(ND_FLOAT64, s->n, 0, &big);
	if (status == ND_OK)
		status = nd_slice(&big, 0, 0, TEN, 1, &few);
	if (status == ND_OK)
		status = nd_copy(&few, &s->made);
	nd_release(&few);
	nd_release(&big);
	return status;
}

static uint64_t asked_keepcopy(const uint64_t *p)
{
	return lesson_add(asked_copy(p), lesson_array(TEN, 8));
}

/* ---- what is done with the result ---- */

static double use(void *state)
{
	struct views *s = state;
	double sum = 0;
	nd_sum(&s->made, ND_FLOAT64, &sum);
	return sum;
}

static void facts(void *state, struct lesson_facts *facts)
{
	struct views *s = state;
	lesson_facts_of(facts, &s->made, &s->a);
	lesson_fact_integer(facts, "buffer_bytes", nd_buffer_nbytes(&s->made)); /* that the result keeps alive */
}

/* The page's own line, a[[0, 2, 4]]: what it copies, whatever the size of a. */
static void facts_take(void *state, struct lesson_facts *out_facts)
{
	struct views *s = state;
	struct nd indices = { 0 }, three = { 0 };
	facts(state, out_facts);
	if (nd_arange(ND_INT64, 3, 0, &indices) == ND_OK && nd_binary_scalar_into(ND_MULTIPLY, &indices, 2, &indices) == ND_OK) {
		uint64_t before = nd_copied_bytes();
		if (nd_take(&s->a, &indices, 0, &three) == ND_OK)
			lesson_fact_integer(out_facts, "literal_bytes", (int64_t)(nd_copied_bytes() - before));
	}
	nd_release(&three);
	nd_release(&indices);
}

static void release(void *state)
{
	struct views *s = state;
	nd_release(&s->made);
}

static void teardown(void *state)
{
	struct views *s = state;
	nd_release(&s->m);
	nd_release(&s->a);
}

/* ---- bytes that must move: memory comes in lines of 64 bytes, so every second element is all of a ---- */

static uint64_t all(const uint64_t *p)
{
	return lesson_mul(p[N], 8);
}

static uint64_t writes_keepcopy(const uint64_t *p)
{
	return lesson_add(all(p), TEN * 8);
}

static int fit(uint64_t *p, char *note, size_t note_size)
{
	uint64_t given = p[N];
	p[N] -= p[N] % ROWS;
	if (p[N] == given)
		return 0;
	snprintf(note, note_size, "n %llu rounded down to %llu: the matrix has %d rows of equal length", (unsigned long long)given,
	         (unsigned long long)p[N], ROWS);
	return 1;
}

/* ---- the lesson ---- */

static const struct lesson_param params[] = {
	{ .name = "n", .value = 4000000, .least = 16, .most = UINT64_C(1) << 40, .unit = "elements", .help = "numbers in a, a multiple of 4" },
	{ 0 },
};

static const struct lesson_job jobs[] = {
	{ "whole", "the sum of {n|short} numbers" },
	{ "half", "of every second one" },
	{ "ten", "ten numbers of a temporary" },
	{ 0 },
};

static const struct lesson_variant variants[] = {
	{
		.name = "copy",
		.role = LESSON_NAIVE,
		.job = "whole",
		.numpy = "a.copy()",
		.what = "copies all of a",
		.formula = "n x 8 B + header",
		.headline = true,
		.make = make_copy,
		.facts = facts,
		.asked = asked_copy,
		.peak_asked = asked_copy,
		.reads = all,
		.writes = all,
	},
	{
		.name = "copy_kept",
		.role = LESSON_OTHER,
		.job = "whole",
		.numpy = "a.copy()",
		.what = "the same, on kept pages",
		.formula = "n x 8 B + header",
		.pages_kept = true,
		.make = make_copy,
		.facts = facts,
		.asked = asked_copy,
		.peak_asked = asked_copy,
		.reads = all,
		.writes = all,
	},
	{
		.name = "concatenate",
		.role = LESSON_NAIVE,
		.job = "whole",
		.numpy = "np.concatenate([a[:h], a[h:]])",
		.what = "copies both halves once",
		.formula = "n x 8 B + header",
		.headline = true,
		.make = make_concatenate,
		.facts = facts,
		.asked = asked_copy,
		.peak_asked = asked_copy,
		.reads = all,
		.writes = all,
	},
	{
		.name = "reshape",
		.role = LESSON_BETTER,
		.job = "whole",
		.numpy = "a.reshape(4, -1)",
		.what = "a view: a is contiguous",
		.formula = "0 B",
		.headline = true,
		.make = make_reshape,
		.facts = facts,
		.asked = lesson_nothing,
		.peak_asked = lesson_nothing,
		.reads = all,
		.writes = lesson_nothing,
	},
	{
		.name = "transpose",
		.role = LESSON_BETTER,
		.job = "whole",
		.numpy = "a.reshape(4, -1).T",
		.what = "a view: the strides change places",
		.formula = "0 B",
		.make = make_transpose,
		.facts = facts,
		.asked = lesson_nothing,
		.peak_asked = lesson_nothing,
		.reads = all,
		.writes = lesson_nothing,
	},
	{
		.name = "reshape_copy",
		.role = LESSON_OTHER,
		.job = "whole",
		.numpy = "a.reshape(4, -1).T.reshape(-1)",
		.what = "copies: no one stride walks .T",
		.formula = "n x 8 B + header",
		.make = make_reshape_copy,
		.facts = facts,
		.asked = asked_copy,
		.peak_asked = asked_copy,
		.reads = all,
		.writes = all,
	},
	{
		.name = "take",
		.role = LESSON_NAIVE,
		.job = "half",
		.numpy = "a[np.arange(0, n, 2)]",
		.what = "copies; half the price is the index",
		.formula = "2 x (n / 2 x 8 B + header)",
		.headline = true,
		.make = make_take,
		.facts = facts_take,
		.asked = asked_take,
		.peak_asked = asked_take,
		.reads = all,
		.writes = all,
	},
	{
		.name = "slice",
		.role = LESSON_BETTER,
		.job = "half",
		.numpy = "a[::2]",
		.what = "a view: twice the stride",
		.formula = "0 B",
		.headline = true,
		.make = make_slice,
		.facts = facts,
		.asked = lesson_nothing,
		.peak_asked = lesson_nothing,
		.reads = all,
		.writes = lesson_nothing,
	},
	{
		.name = "keepview",
		.role = LESSON_NAIVE,
		.job = "ten",
		.numpy = "np.arange(n)[:10]",
		.what = "a view: it keeps all n numbers",
		.formula = "n x 8 B + header",
		.make = make_keepview,
		.facts = facts,
		.asked = asked_copy,
		.peak_asked = asked_copy,
		.reads = lesson_nothing,
		.writes = all,
	},
	{
		.name = "keepcopy",
		.role = LESSON_BETTER,
		.job = "ten",
		.numpy = "np.arange(n)[:10].copy()",
		.what = "copies 80 B and lets the rest go",
		.formula = "n x 8 B + 10 x 8 B + 2 x header",
		.make = make_keepcopy,
		.facts = facts,
		.asked = asked_keepcopy,
		.peak_asked = asked_keepcopy,
		.reads = lesson_nothing,
		.writes = writes_keepcopy,
	},
	{ 0 },
};

/* Ways that only NumPy has, or has in other words: numpy.py. */
static const struct lesson_variant numpy_variants[] = {
	{
		.name = "take_list",
		.role = LESSON_OTHER,
		.job = "half",
		.numpy = "a[list(range(0, n, 2))]",
		.what = "a box for each index, then an index",
		.asked = asked_list,
		.peak_asked = asked_list,
	},
	{ 0 },
};

static const struct lesson_claim claims[] = {
	{
		.source = "Views are free",
		.test = "slice.asked_bytes + reshape.asked_bytes == 0 and slice.allocations + reshape.allocations == 0",
		.expect = LESSON_HOLDS,
		.condition = "to make; reading a[::8] still fetches nearly all of a, and a view keeps all of it alive",
		.measured = "slice, reshape: {slice.asked_bytes + reshape.asked_bytes|bytes} made",
	},
	{
		.source = "copies are expensive",
		.test = "copy.asked_bytes >= n x 8 and reshape.ratio < 1",
		.kind = LESSON_TIMED,
		.expect = LESSON_HOLDS,
		.condition = "not below some kB: the header of a 3-element copy is larger than its 24 B of data",
		.measured = "reshape: {reshape.ratio|ratio}",
	},
	{
		.source = "a[::2]: View, Free",
		.test = "slice.asked_bytes == 0 and slice.shares_memory",
		.about = "slice",
		.expect = LESSON_HOLDS,
		.measured = "slice: {slice.asked_bytes|bytes} made, stride {slice.stride_0} B",
	},
	{
		.source = "a.reshape(...): View, Free",
		.test = "reshape.asked_bytes == 0 and reshape.shares_memory",
		.about = "reshape",
		.expect = LESSON_HOLDS,
		.condition = "for a C-contiguous array",
		.measured = "reshape: {reshape.asked_bytes|bytes} made",
	},
	{
		.source = "a.reshape(...): View, Free",
		.test = "reshape_copy.asked_bytes == 0",
		.about = "reshape_copy",
		.expect = LESSON_FAILS,
		.condition = "of a .T it copies: axes merge only if stride[k] == shape[k+1] x stride[k+1]",
		.note = "of a .T it copies, and does not say so",
		.measured = "of a .T: {reshape_copy.asked_bytes|bytes} made",
	},
	{
		.source = "a.T: View, Free",
		.test = "transpose.asked_bytes == 0 and transpose.shares_memory",
		.about = "transpose",
		.expect = LESSON_HOLDS,
		.condition = "of a 1-D array it is the array itself: nothing is turned",
		.measured = "transpose: {transpose.asked_bytes|bytes} made",
	},
	{
		.source = "a.copy(): Copy, Expensive",
		.test = "copy.asked_bytes == n x 8 + header and copy.copied_bytes == n x 8",
		.expect = LESSON_HOLDS,
		.measured = "copy: {copy.asked_bytes|bytes} made",
	},
	{
		.source = "a[[0, 2, 4]]: Copy, Expensive",
		.test = "take.literal_bytes >= n x 8",
		.about = "take",
		.expect = LESSON_FAILS,
		.condition = "the price follows the indices, not a: n/2 of them cost n x 8 B, half of it the index",
		.note = "3 indices copy 24 B; half is the index",
		.measured = "{take.literal_bytes|bytes}; n/2 of them {take.asked_bytes|bytes}",
	},
	{
		.source = "np.concatenate: Very expensive",
		.test = "concatenate.asked_bytes > copy.asked_bytes",
		.about = "concatenate",
		.expect = LESSON_FAILS,
		.condition = "byte for byte a copy of the same size; in a loop it is quadratic: see preallocate",
		.note = "\"Very expensive\": byte for byte a copy",
		.measured = "{concatenate.asked_bytes|bytes}, copy {copy.asked_bytes|bytes}",
	},
	{
		.source = "Views are free",
		.test = "keepview.buffer_bytes <= keepcopy.buffer_bytes",
		.about = "keepview",
		.expect = LESSON_FAILS,
		.condition = "not to keep: a view keeps the whole buffer, so copy the few numbers that you want to keep",
		.note = "ten numbers of a view keep all",
		.measured = "kept {keepview.kept_bytes|bytes}, not {keepcopy.kept_bytes|bytes}",
	},
	{
		.language = "numpy",
		.source = "Views are free",
		.test = "numpy.slice.asked_bytes < page and numpy.reshape.asked_bytes < page",
		.expect = LESSON_HOLDS,
		.condition = "a view is an array object of about 100 B, whatever the size of a",
		.measured = "slice {numpy.slice.asked_bytes|bytes}, reshape {numpy.reshape.asked_bytes|bytes} made",
	},
	{
		.language = "numpy",
		.source = "copies are expensive",
		.test = "numpy.reshape.high < numpy.copy.low",
		.kind = LESSON_TIMED,
		.expect = LESSON_HOLDS,
		.condition = "not below some thousand elements, where a call costs more than its bytes",
		.measured = "copy {numpy.copy.median_ns|time}, reshape {numpy.reshape.median_ns|time}",
	},
	{
		.language = "numpy",
		.source = "a.reshape(...): View, Free",
		.test = "numpy.reshape_copy.shares_memory",
		.about = "reshape_copy",
		.expect = LESSON_FAILS,
		.condition = "of a .T it copies: no one stride walks it",
		.note = "of a .T it copies, and does not say so",
		.measured = "of a .T: {numpy.reshape_copy.asked_bytes|bytes} made",
	},
	{
		.language = "numpy",
		.source = "a[[0, 2, 4]]: Copy, Expensive",
		.test = "numpy.take.literal_bytes >= n x 8",
		.about = "take",
		.expect = LESSON_FAILS,
		.condition = "the price follows the indices; as a Python list they cost most of all",
		.note = "the price follows the indices, not a",
		.measured = "{numpy.take.literal_bytes|bytes}; by a list {numpy.take_list.asked_bytes|bytes}",
	},
	{
		.language = "numpy",
		.source = "np.concatenate: Very expensive",
		.test = "numpy.concatenate.asked_bytes > numpy.copy.asked_bytes + page",
		.about = "concatenate",
		.expect = LESSON_FAILS,
		.condition = "a copy of the same size, but for some 100 B of objects",
		.note = "\"Very expensive\": as a copy, in NumPy too",
		.measured = "{numpy.concatenate.asked_bytes|bytes}, copy {numpy.copy.asked_bytes|bytes}",
	},
	{
		.language = "numpy",
		.source = "Views are free",
		.test = "numpy.keepview.buffer_bytes <= numpy.keepcopy.buffer_bytes",
		.expect = LESSON_FAILS,
		.condition = "not to keep: np.arange(n)[:10] keeps all n numbers",
		.measured = "kept {numpy.keepview.kept_bytes|bytes}, not {numpy.keepcopy.kept_bytes|bytes}",
	},
	{ 0 },
};

const struct lesson lesson_views = {
	.id = "pattern0",
	.name = "views",
	.title = "Views vs Copies",
	.order = 0,
	.summary = "which operations copy, and what a view keeps",
	.input = "Input {n x 8|bytes}, not counted below. A copy of all is {n} x 8 B = {n x 8|bytes}.",
	.jobs = jobs,
	.params = params,
	.fit = fit,
	.setup_bytes = setup_bytes,
	.state_bytes = sizeof(struct views),
	.setup = setup,
	.use = use,
	.release = release,
	.teardown = teardown,
	.variants = variants,
	.numpy_variants = numpy_variants,
	.claims = claims,
	.why = "copy wrote {copy.copied_bytes|bytes} and read it again{if copy.steady_faults x page >= copy.asked_bytes / 2}, on new pages that the kernel "
	       "zeroed first{end}; reshape only describes a's bytes anew. take writes an index of 8 B for each number that it picks.",
	.mind = "A view keeps its whole buffer: ten numbers keep {keepview.kept_bytes|bytes}, their copy {keepcopy.kept_bytes|bytes}. reshape of a .T "
	        "copies and does not say so.",
	.next = "memhint run views --with numpy  |  memhint inspect 'a.T.reshape(-1)'",
};
