/* SPDX-License-Identifier: MIT */
/*
 * preallocate: process `batches` batches, one after another, into one result.
 *
 * Where do the rows of the next batch go? Into a list that is stacked at the end, behind what there is (by copying it all, or by growing it), or into a
 * result that was allocated first. The last has two ways: assign what process() made, or let process() write there.
 */

#include "lesson/lesson.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FEATURES = 100 };

/* A buffer that doubles: a C program's list. Room and size in elements. */
struct growing {
	double *data;
	size_t room, size;
};

struct preallocate {
	struct nd batches; /* (batches, rows, FEATURES), small integers so that sums are exact in any order */
	struct nd sums;    /* one for each batch; made before */
	struct nd *list;   /* what append keeps: room for `batches` arrays, made before */
	struct nd made;    /* (batches, rows, FEATURES) or (batches x rows, FEATURES) */
	struct growing grown;
	ptrdiff_t n, rows, count;
};

enum { N, BATCHES };

/* ---- the input ---- */

static int setup(void *state, const uint64_t *p)
{
	struct preallocate *s = state;
	s->n = (ptrdiff_t)p[N];
	s->rows = s->n / FEATURES;
	s->count = (ptrdiff_t)p[BATCHES];
	int status = nd_empty(ND_FLOAT64, 3, (ptrdiff_t[]){ s->count, s->rows, FEATURES }, &s->batches);
	if (status == ND_OK)
		status = nd_zeros(ND_FLOAT64, 1, &s->count, &s->sums);
	if (status != ND_OK)
		return status;
	s->list = calloc((size_t)s->count, sizeof *s->list);
	if (!s->list)
		return ND_ENOMEM;
	double *x = nd_data(&s->batches);
	for (ptrdiff_t i = 0; i < s->count * s->n; i++)
		x[i] = (double)((i * 7 + i / s->n) % 16);
	return ND_OK;
}

static uint64_t all(const uint64_t *p)
{
	return lesson_mul(lesson_mul(p[N], p[BATCHES]), 8);
}

static uint64_t setup_bytes(const uint64_t *p)
{
	uint64_t arrays = lesson_add(lesson_array(lesson_mul(p[N], p[BATCHES]), 8), lesson_array(p[BATCHES], 8));
	return lesson_add(arrays, lesson_mul(p[BATCHES], sizeof(struct nd)));
}

/* ---- process(batch): 2 * batch + 1 ---- */

/* One fresh array for each batch, as almost every function that returns an array makes one. */
static int process(const struct preallocate *s, ptrdiff_t i, struct nd *out_rows)
{
	struct nd batch = { 0 };
	int status = nd_index(&s->batches, 0, i, &batch);
	if (status == ND_OK)
		status = nd_binary_scalar(ND_MULTIPLY, &batch, 2, out_rows);
	if (status == ND_OK)
		status = nd_binary_scalar_into(ND_ADD, out_rows, 1, out_rows);
	nd_release(&batch);
	return status;
}

/* process(batch, out=...) */
static int process_into(const struct preallocate *s, ptrdiff_t i, struct nd *out)
{
	struct nd batch = { 0 };
	int status = nd_index(&s->batches, 0, i, &batch);
	if (status == ND_OK)
		status = nd_binary_scalar_into(ND_MULTIPLY, &batch, 2, out);
	if (status == ND_OK)
		status = nd_binary_scalar_into(ND_ADD, out, 1, out);
	nd_release(&batch);
	return status;
}

/* ---- the ways ---- */

/* The list goes when the loop's function returns; until then it is there beside the result. */
static int make_append(void *state)
{
	struct preallocate *s = state;
	int status = ND_OK;
	for (ptrdiff_t i = 0; i < s->count && status == ND_OK; i++)
		status = process(s, i, &s->list[i]);
	if (status == ND_OK)
		status = nd_concatenate(s->list, (size_t)s->count, 0, &s->made); /* of 2-D arrays: vstack */
	for (ptrdiff_t i = 0; i < s->count; i++)
		nd_release(&s->list[i]);
	return status;
}

static uint64_t asked_append(const uint64_t *p)
{
	uint64_t list = lesson_mul(p[BATCHES], lesson_array(p[N], 8));
	return lesson_add(list, lesson_array(lesson_mul(p[N], p[BATCHES]), 8));
}

static int make_concatenate(void *state)
{
	struct preallocate *s = state;
	int status = nd_empty(ND_FLOAT64, 2, (ptrdiff_t[]){ 0, FEATURES }, &s->made);
	for (ptrdiff_t i = 0; i < s->count && status == ND_OK; i++) {
		struct nd rows = { 0 }, longer = { 0 };
		status = process(s, i, &rows);
		if (status == ND_OK)
			status = nd_concatenate((struct nd[]){ s->made, rows }, 2, 0, &longer);
		nd_release(&rows);
		if (status == ND_OK) {
			nd_release(&s->made);
			s->made = longer;
		}
	}
	return status;
}

/* 1 + 2 + ... + batches, of which one factor of two is taken out before the product. */
static uint64_t triangle(const uint64_t *p)
{
	uint64_t b = p[BATCHES];
	return b % 2 ? lesson_mul(b, (b + 1) / 2) : lesson_mul(b / 2, b + 1);
}

static uint64_t asked_concatenate(const uint64_t *p)
{
	uint64_t processed = lesson_mul(p[BATCHES], lesson_array(p[N], 8));
	uint64_t results = lesson_add(lesson_mul(lesson_mul(triangle(p), p[N]), 8), lesson_mul(p[BATCHES], ND_HEADER_BYTES));
	return lesson_add(lesson_array(0, 8), lesson_add(processed, results));
}

/* At the last batch: the result so far, that batch, and the whole result. */
static uint64_t peak_concatenate(const uint64_t *p)
{
	return lesson_add(lesson_mul(2, all(p)), 3 * ND_HEADER_BYTES);
}

static int make_doubling(void *state)
{
	struct preallocate *s = state;
	struct growing *grown = &s->grown;
	int status = ND_OK;
	for (ptrdiff_t i = 0; i < s->count && status == ND_OK; i++) {
		struct nd rows = { 0 };
		size_t size = (size_t)s->n;
		status = process(s, i, &rows);
		if (status == ND_OK && grown->size + size > grown->room) {
			size_t room = grown->room ? 2 * grown->room : size;
			double *data = realloc(grown->data, room * sizeof *data);
			if (data)
				*grown = (struct growing){ data, room, grown->size };
			else
				status = ND_ENOMEM;
		}
		if (status == ND_OK) {
			memcpy(grown->data + grown->size, nd_data(&rows), size * sizeof *grown->data);
			grown->size += size;
		}
		nd_release(&rows);
	}
	return status;
}

/* Room for 1, 2, 4, ... batches, until all of them fit. */
static uint64_t room(const uint64_t *p)
{
	uint64_t batches = 1;
	while (batches < p[BATCHES])
		batches *= 2;
	return batches;
}

static uint64_t asked_doubling(const uint64_t *p)
{
	uint64_t processed = lesson_mul(p[BATCHES], lesson_array(p[N], 8));
	return lesson_add(processed, lesson_mul(lesson_mul(2 * room(p) - 1, p[N]), 8));
}

/* The last growth, with the batch that wants in. */
static uint64_t peak_doubling(const uint64_t *p)
{
	return lesson_add(lesson_mul(lesson_mul(room(p), p[N]), 8), lesson_array(p[N], 8));
}

/* For each batch a place in a result that was allocated first. */
static int make_by_slot(struct preallocate *s, int (*fill)(const struct preallocate *s, ptrdiff_t i, struct nd *slot))
{
	int status = nd_empty(ND_FLOAT64, 3, (ptrdiff_t[]){ s->count, s->rows, FEATURES }, &s->made);
	for (ptrdiff_t i = 0; i < s->count && status == ND_OK; i++) {
		struct nd slot = { 0 };
		status = nd_index(&s->made, 0, i, &slot);
		if (status == ND_OK)
			status = fill(s, i, &slot);
		nd_release(&slot);
	}
	return status;
}

/* The page's "write directly": process makes its array, and the array is copied. */
static int process_and_copy(const struct preallocate *s, ptrdiff_t i, struct nd *slot)
{
	struct nd rows = { 0 };
	int status = process(s, i, &rows);
	if (status == ND_OK)
		status = nd_assign(slot, &rows);
	nd_release(&rows);
	return status;
}

static int make_assign(void *state)
{
	return make_by_slot(state, process_and_copy);
}

static uint64_t peak_assign(const uint64_t *p)
{
	return lesson_add(lesson_array(lesson_mul(p[N], p[BATCHES]), 8), lesson_array(p[N], 8));
}

static int make_into(void *state)
{
	return make_by_slot(state, process_into);
}

static uint64_t asked_into(const uint64_t *p)
{
	return lesson_array(lesson_mul(p[N], p[BATCHES]), 8);
}

/* ---- what is done with the result: the sum of each batch, whatever the shape ---- */

static double use(void *state)
{
	struct preallocate *s = state;
	struct nd by_batch = { 0 };
	int status = nd_reshape_view(&s->made, 2, (ptrdiff_t[]){ s->count, s->n }, &by_batch);
	if (status == ND_OK)
		status = nd_sum_axis_into(&by_batch, 1, &s->sums);
	nd_release(&by_batch);
	return status;
}

/* Four sums side by side, so that one addition need not wait for the last. n is a multiple of 4. */
static double use_doubling(void *state)
{
	struct preallocate *s = state;
	double *sums = nd_data(&s->sums);
	for (ptrdiff_t batch = 0; batch < s->count; batch++) {
		const double *rows = s->grown.data + batch * s->n;
		double a = 0, b = 0, c = 0, d = 0;
		for (ptrdiff_t i = 0; i < s->n; i += 4) {
			a += rows[i];
			b += rows[i + 1];
			c += rows[i + 2];
			d += rows[i + 3];
		}
		sums[batch] = a + b + c + d;
	}
	return ND_OK;
}

/* Weighted, so that a batch in another's place shows. */
static double checksum(void *state, double used)
{
	struct preallocate *s = state;
	const double *sums = nd_data(&s->sums);
	for (ptrdiff_t i = 0; i < s->count; i++)
		used += sums[i] * (double)(i % 13 + 1);
	return used;
}

static void facts(void *state, struct lesson_facts *facts)
{
	struct preallocate *s = state;
	lesson_facts_of(facts, &s->made, &s->batches);
}

static void facts_doubling(void *state, struct lesson_facts *facts)
{
	struct preallocate *s = state;
	lesson_fact_integer(facts, "room_bytes", (int64_t)(s->grown.room * sizeof *s->grown.data));
	lesson_fact_integer(facts, "appended_bytes", (int64_t)(s->grown.size * sizeof *s->grown.data)); /* by memcpy, which nd does not count */
}

static void release(void *state)
{
	struct preallocate *s = state;
	nd_release(&s->made);
	free(s->grown.data);
	s->grown = (struct growing){ 0 };
}

static void teardown(void *state)
{
	struct preallocate *s = state;
	free(s->list);
	nd_release(&s->sums);
	nd_release(&s->batches);
}

/* ---- bytes that must move between memory and the processor: one batch stays in the cache, all of them may not ---- */

static uint64_t sums(const uint64_t *p)
{
	return lesson_mul(p[BATCHES], 8);
}

/* The input; what was just made may still be in a cache. */
static uint64_t reads_batches(const uint64_t *p)
{
	return all(p);
}

static uint64_t writes_result(const uint64_t *p)
{
	return lesson_add(all(p), sums(p));
}

/* And the list, or the result before the last. */
static uint64_t writes_twice(const uint64_t *p)
{
	return lesson_add(lesson_mul(2, all(p)), sums(p));
}

static int fit(uint64_t *p, char *note, size_t note_size)
{
	uint64_t given = p[N];
	p[N] -= p[N] % FEATURES;
	if (p[N] == given)
		return 0;
	snprintf(note, note_size, "n %llu rounded down to %llu: a batch is whole rows of %d features", (unsigned long long)given,
	         (unsigned long long)p[N], FEATURES);
	return 1;
}

/* ---- the lesson ---- */

static const struct lesson_param params[] = {
	{ .name = "n", .value = 25000, .least = FEATURES, .most = UINT64_C(1) << 40, .unit = "elements", .help = "numbers in a batch, a multiple of 100 features" },
	{ .name = "batches", .value = 50, .least = 1, .most = UINT64_C(1) << 20, .unit = "batches", .help = "batches to process" },
	{ 0 },
};

static const struct lesson_term terms[] = {
	{ "rows", "n / 100" },
	{ "all", "batches x n x 8" },
	/* The least power of two that is no less than batches, for a language without a loop. */
	{ "room", "1 + (batches > 1) + 2 x (batches > 2) + 4 x (batches > 4) + 8 x (batches > 8) + 16 x (batches > 16)"
	          " + 32 x (batches > 32) + 64 x (batches > 64) + 128 x (batches > 128) + 256 x (batches > 256) + 512 x (batches > 512)"
	          " + 1024 x (batches > 1024) + 2048 x (batches > 2048) + 4096 x (batches > 4096) + 8192 x (batches > 8192)"
	          " + 16384 x (batches > 16384) + 32768 x (batches > 32768) + 65536 x (batches > 65536) + 131072 x (batches > 131072)"
	          " + 262144 x (batches > 262144) + 524288 x (batches > 524288)" },
	{ 0 },
};

static const struct lesson_job jobs[] = {
	{ "batches", "process {batches} batches of {rows} x 100 numbers, and sum each" },
	{ 0 },
};

static const struct lesson_variant variants[] = {
	{
		.name = "append",
		.role = LESSON_NAIVE,
		.numpy = "r.append(process(b)); np.vstack(r)",
		.what = "keeps all, then copies all",
		.formula = "batches x (n x 8 B + header) + batches x n x 8 B + header",
		.headline = true,
		.make = make_append,
		.facts = facts,
		.asked = asked_append,
		.peak_asked = asked_append,
		.reads = reads_batches,
		.writes = writes_twice,
	},
	{
		.name = "concatenate",
		.role = LESSON_NAIVE,
		.numpy = "r = np.concatenate([r, process(b)])",
		.what = "copies all of r each time",
		.formula = "header + batches x (n x 8 B + 2 x header) + batches x (batches + 1) / 2 x n x 8 B",
		.make = make_concatenate,
		.facts = facts,
		.asked = asked_concatenate,
		.peak_asked = peak_concatenate,
		.reads = reads_batches,
		.writes = writes_twice,
	},
	{
		.name = "doubling",
		.role = LESSON_OTHER,
		.numpy = "r.resize((2 * len(r), 100))",
		.what = "realloc to twice the room when full",
		.formula = "batches x (n x 8 B + header) + (2 x room - 1) x n x 8 B",
		.make = make_doubling,
		.use = use_doubling,
		.facts = facts_doubling,
		.asked = asked_doubling,
		.peak_asked = peak_doubling,
		.reads = reads_batches,
		.writes = writes_result,
	},
	{
		.name = "assign",
		.role = LESSON_BETTER,
		.numpy = "r[i] = process(b)",
		.what = "allocates first, copies each in",
		.formula = "batches x n x 8 B + header + batches x (n x 8 B + header)",
		.headline = true,
		.make = make_assign,
		.facts = facts,
		.asked = asked_append,
		.peak_asked = peak_assign,
		.reads = reads_batches,
		.writes = writes_result,
	},
	{
		.name = "into",
		.role = LESSON_BETTER,
		.numpy = "process(b, out=r[i])",
		.what = "allocates first, writes there",
		.formula = "batches x n x 8 B + header",
		.headline = true,
		.make = make_into,
		.facts = facts,
		.asked = asked_into,
		.peak_asked = asked_into,
		.reads = reads_batches,
		.writes = writes_result,
	},
	{ 0 },
};

/* Ways that only NumPy has, or has in other words: numpy.py. */
static const struct lesson_variant numpy_variants[] = {
	{
		.name = "at_once",
		.role = LESSON_BETTER,
		.numpy = "process(batches)",
		.what = "all batches in one call",
		.asked = asked_into,
		.peak_asked = asked_into,
		.reads = reads_batches,
		.writes = writes_result,
	},
	{ 0 },
};

static const struct lesson_claim claims[] = {
	{
		.source = "Repeated allocation in loop",
		.test = "append.allocations == 2 x (batches + 1)",
		.expect = LESSON_HOLDS,
		.condition = "an array is two allocations, data and header; the good code allocates each batch too",
		.measured = "append {append.allocations}, assign {assign.allocations} calls",
	},
	{
		.source = "Copies everything again!",
		.test = "append.copied_bytes == batches x n x 8",
		.expect = LESSON_HOLDS,
		.condition = "and so does the good code",
		.measured = "{append.copied_bytes|bytes}, assign {assign.copied_bytes|bytes} too",
	},
	{
		.source = "Good: Pre-allocate",
		.test = "assign.asked_bytes == append.asked_bytes and assign.peak_asked_bytes <= append.peak_asked_bytes",
		.expect = LESSON_HOLDS,
		.condition = "what falls is the peak: one batch at a time instead of all of them",
		.measured = "peak {assign.peak_asked_bytes|bytes}, append {append.peak_asked_bytes|bytes}",
	},
	{
		.source = "Write directly",
		.test = "assign.copied_bytes == 0",
		.about = "assign",
		.expect = LESSON_FAILS,
		.condition = "process makes its array first, and the assignment copies it; only out= writes directly",
		.note = "\"Write directly\": it copies too",
		.measured = "assign: {assign.copied_bytes|bytes} copied",
	},
	{
		.source = "Write directly",
		.test = "into.copied_bytes == 0 and into.asked_bytes == batches x n x 8 + header",
		.about = "into",
		.expect = LESSON_HOLDS,
		.condition = "process must take out=",
		.measured = "into: {into.copied_bytes|bytes} copied",
	},
	{
		.source = "np.concatenate: Very expensive",
		.test = "concatenate.copied_bytes == batches x (batches + 1) / 2 x n x 8",
		.about = "concatenate",
		.expect = LESSON_HOLDS,
		.condition = "in a loop: the k-th batch copies all k; one concatenate at the end copies each once",
		.measured = "{concatenate.copied_bytes|bytes} copied, not {append.copied_bytes|bytes}",
	},
	{
		.language = "numpy",
		.source = "Copies everything again!",
		.test = "numpy.append.peak_asked_bytes >= 2 x batches x n x 8",
		.expect = LESSON_HOLDS,
		.condition = "the list is alive until all of it is copied",
		.measured = "append: {numpy.append.asked_bytes|bytes} made, peak {numpy.append.peak_asked_bytes|bytes}",
	},
	{
		.language = "numpy",
		.source = "Good: Pre-allocate",
		.test = "numpy.assign.peak_asked_bytes <= numpy.append.peak_asked_bytes + page",
		.expect = LESSON_HOLDS,
		.condition = "what falls is the peak; each batch is still made",
		.measured = "assign: {numpy.assign.asked_bytes|bytes} made, peak {numpy.assign.peak_asked_bytes|bytes}",
	},
	{
		.language = "numpy",
		.source = "Write directly",
		.test = "numpy.assign.asked_bytes < 2 x batches x n x 8",
		.about = "assign",
		.expect = LESSON_FAILS,
		.condition = "process makes its array first, and the assignment copies it; only out= writes directly",
		.note = "\"Write directly\": it copies too",
		.measured = "assign: {numpy.assign.asked_bytes|bytes} made for {all|bytes}",
	},
	{
		.language = "numpy",
		.source = "Write directly",
		.test = "numpy.into.asked_bytes < batches x n x 8 + (batches + 1) x page",
		.about = "into",
		.expect = LESSON_HOLDS,
		.condition = "process must take out=",
		.measured = "into: {numpy.into.asked_bytes|bytes} made",
	},
	{
		.language = "numpy",
		.source = "np.concatenate: Very expensive",
		.test = "numpy.concatenate.asked_bytes >= batches x (batches + 1) / 2 x n x 8",
		.about = "concatenate",
		.expect = LESSON_HOLDS,
		.condition = "in a loop: the k-th batch copies all k",
		.measured = "{numpy.concatenate.asked_bytes|bytes} made",
	},
	{ 0 },
};

const struct lesson lesson_preallocate = {
	.id = "pattern4",
	.name = "preallocate",
	.title = "Pre-allocate Output",
	.order = 4,
	.summary = "many batches into one result",
	.input = "Input {all|bytes}, not counted below. The result is {batches} batches x {rows} x 100 numbers x 8 B = {all|bytes}.",
	.jobs = jobs,
	.params = params,
	.terms = terms,
	.fit = fit,
	.setup_bytes = setup_bytes,
	.state_bytes = sizeof(struct preallocate),
	.setup = setup,
	.use = use,
	.checksum = checksum,
	.release = release,
	.teardown = teardown,
	.variants = variants,
	.numpy_variants = numpy_variants,
	.claims = claims,
	.why = "append and assign both make {append.asked_bytes|bytes} and copy {assign.copied_bytes|bytes}; append holds all batches at once, assign one. into gives "
	       "process the place to write to. concatenate copied {concatenate.copied_bytes|bytes}: 1 + 2 + ... + {batches} batches.",
	.mind = "np.empty is not free, it is not paid yet: its pages come with the first write. result[i] = process(batch) repeats a last batch of one row over the "
	        "whole slot, in silence.",
	.next = "memhint run preallocate --with numpy  |  memhint show preallocate",
};
