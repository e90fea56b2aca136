/* SPDX-License-Identifier: MIT */
#ifndef FIXTURE_RESULTS_H
#define FIXTURE_RESULTS_H

/*
 * One fixed result that every format is held against; nothing here was measured. It holds what may go wrong: a way that was killed, one that
 * missed its prediction, a ratio that is not resolved, a resident set that was not measured, three jobs in one lesson, a truth table, and quotes, pipes
 * and commas in the words.
 */

#include "base/result.h"

#include <math.h>
#include <string.h>

#define ROUNDS .sets = 6, .rounds = 24

static inline struct ratio_result fixture_ratio(double time, double half)
{
	return (struct ratio_result){ .time = time, .low = time / (1 + half), .high = time * (1 + half), .resolved = fabs(time - 1) > half + 0.01 };
}

static inline struct ratio_result fixture_no_ratio(void)
{
	return (struct ratio_result){ .time = NAN, .low = NAN, .high = NAN, .resolved = (int)RESULT_NONE };
}

/* A way that makes `count` arrays, all alive at its end. */
static inline struct variant_result fixture_way(const char *name, const char *role, const char *baseline, int64_t bytes, int64_t count, double make_ms, double use_ms)
{
	struct variant_result way = {
		.name = name,
		.language = "c",
		.role = role,
		.baseline = baseline,
		.headline = true,
		.checksum = 420.5,
		.heap = { .asked_bytes = bytes, .allocated_bytes = bytes + bytes / 10, .allocations = 2 * count, .reallocations_in_place = 0,
			  .reallocations_moved = 0, .peak_bytes = bytes + bytes / 10, .peak_asked_bytes = bytes, .kept_bytes = bytes + bytes / 10,
			  .copied_bytes = bytes, .use_peak_bytes = 0, .predicted_asked_bytes = bytes, .predicted_peak_asked_bytes = bytes },
		.resident = { .peak_bytes = bytes + 8192, .first_faults = bytes / 4096 + 2, .steady_faults = bytes / 4096 },
		.time = { ROUNDS, .first_ns = (make_ms * 1.1 + use_ms) * 1e6, .median_ns = (make_ms + use_ms) * 1e6, .min_ns = (make_ms + use_ms) * 0.95e6,
			  .make_ns = make_ms * 1e6, .use_ns = use_ms * 1e6, .floor_ns = (make_ms + use_ms) * 0.5e6 },
		.ratio = fixture_no_ratio(),
	};
	if (baseline != NULL && strcmp(baseline, name) == 0)
		strcpy(way.ratio.why, "it is the baseline");
	return way;
}

static inline void fixture_fact(struct variant_result *way, const char *name, enum fact_kind kind, double number, const char *text)
{
	struct fact_result *fact = &way->facts[way->nfacts++];
	strncpy(fact->name, name, sizeof fact->name - 1);
	strncpy(fact->text, text, sizeof fact->text - 1);
	fact->kind = kind;
	fact->number = number;
}

static inline void fixture_unmeasured(struct variant_result *way)
{
	way->heap = (struct heap_result){ .asked_bytes = RESULT_NONE, .allocated_bytes = RESULT_NONE, .allocations = RESULT_NONE,
		.reallocations_in_place = RESULT_NONE, .reallocations_moved = RESULT_NONE, .peak_bytes = RESULT_NONE, .peak_asked_bytes = RESULT_NONE,
		.kept_bytes = RESULT_NONE, .copied_bytes = RESULT_NONE, .use_peak_bytes = RESULT_NONE, .predicted_asked_bytes = RESULT_NONE,
		.predicted_peak_asked_bytes = RESULT_NONE };
	way->resident = (struct resident_result){ RESULT_NONE, RESULT_NONE, RESULT_NONE, "" };
	way->time = (struct time_result){ RESULT_NONE, RESULT_NONE, NAN, NAN, NAN, NAN, NAN, NAN, "" };
	way->ratio = fixture_no_ratio();
	way->checksum = NAN;
}

/* ---- windows: the plain case ---- */

static inline struct lesson_result fixture_windows(void)
{
	static struct variant_result ways[4];
	static struct claim_result claims[] = {
		{ .source = "Views are free", .test = "strided.asked_bytes == 0", .about = "strided", .kind = CLAIM_EXACT, .expected = CLAIM_HOLDS, .verdict = CLAIM_HOLDS,
		  .condition = "to make; std(axis=1) or a product of the view makes all windows after all", .measured = (char *)"strided: 0 B made, 0 allocations" },
		{ .source = "copies are expensive", .test = "strided.ratio < 1", .about = "strided", .kind = CLAIM_TIMED, .expected = CLAIM_HOLDS, .verdict = CLAIM_HOLDS,
		  .condition = "not below a few thousand elements, where both fit the cache", .measured = (char *)"stack: 64.0 MB made; strided 10.4x faster" },
		{ .source = "Use stride tricks to avoid allocation", .test = "strided.peak_bytes == 0", .kind = CLAIM_EXACT, .expected = CLAIM_HOLDS,
		  .verdict = CLAIM_HOLDS, .measured = (char *)"peak: strided 0 B, stack 64.0 MB" },
		{ .source = "Same stride twice!", .test = "strided.same_stride_twice", .about = "strided", .kind = CLAIM_EXACT, .expected = CLAIM_HOLDS,
		  .verdict = CLAIM_HOLDS, .condition = "for a 1-D input and window <= n", .note = "1-D input only", .measured = (char *)"strided: strides (8, 8)" },
	};
	ways[0] = fixture_way("stack", "naive", "stack", 63967808, 1, 20.1, 4.0);
	ways[0].numpy = "np.stack([x[i:i+w] for i in range(m)])";
	ways[0].what = "copies each window once";
	ways[0].formula = "windows x window x 8 B + header";
	ways[0].time.first_ns = 39.2e6;
	ways[0].timeline[0] = 63967744;
	ways[0].timeline[1] = 63967808;
	ways[0].ntimeline = 2;
	ways[1] = fixture_way("take", "naive", "stack", 128936064, 4, 45.8, 7.0);
	ways[1].numpy = "x[np.arange(m)[:, None] + np.arange(w)]";
	ways[1].what = "copies, and needs an index";
	ways[1].formula = "2 x (windows x window x 8 B + header) + windows x 8 B + window x 8 B + 2 x header";
	ways[1].heap.peak_asked_bytes = ways[1].heap.predicted_peak_asked_bytes = 127935616;
	ways[1].ratio = fixture_ratio(2.19, 0.021);
	for (size_t i = 0; i < 8; i++)
		ways[1].timeline[ways[1].ntimeline++] = i < 2 ? 999496 : i < 5 ? 64967304 : 127935616;
	ways[2] = fixture_way("strided", "better", "stack", 0, 0, 0.000231, 2.309);
	ways[2].numpy = "as_strided(x, (m, w), (8, 8))";
	ways[2].what = "a view: same stride twice";
	ways[2].formula = "0 B";
	ways[2].ratio = fixture_ratio(1 / 10.4, 0.04);
	fixture_fact(&ways[2], "strides", FACT_TEXT, NAN, "(8, 8)");
	fixture_fact(&ways[2], "shares_memory", FACT_BOOL, 1, "");
	fixture_fact(&ways[2], "ndim", FACT_INTEGER, 2, "");
	fixture_fact(&ways[2], "error", FACT_REAL, 0.1, "");
	fixture_fact(&ways[2], "spread", FACT_REAL, NAN, "");
	ways[3] = fixture_way("running", "other", "stack", 0, 0, 0, 0.309);
	ways[3].numpy = "s = s - x[i] + x[i+w]";
	ways[3].what = "no windows at all";
	ways[3].formula = "0 B";
	ways[3].ratio = fixture_ratio(1 / 78.0, 0.031);
	struct lesson_result lesson = {
		.id = "pattern3",
		.name = "windows",
		.title = "Stride Tricks for Sliding Windows",
		.job = (char *)"the sum of every window of 64 samples",
		.input = (char *)"Input 1.0 MB, not counted below. If each window is a copy: 124,937 windows x 64 samples x 8 B = 64.0 MB.",
		.nparams = 2,
		.params = { { "n", 125000 }, { "window", 64 } },
		.nvariants = 4,
		.variants = ways,
		.nclaims = sizeof claims / sizeof claims[0],
		.claims = claims,
		.why = (char *)"stack wrote 64.0 MB and read it again, on new pages that the kernel zeroed first; the view re-reads 1.0 MB. Both add 8M numbers.",
		.mind = (char *)"as_strided checks nothing; NumPy's sliding_window_view does. v.std(axis=1) of the view makes the 64.0 MB after all.",
		.next = "memhint show windows  |  man memhint-windows",
		.elapsed_s = 1.25,
	};
	return lesson;
}

/* ---- views: several jobs, and all that can go wrong ---- */

static inline struct lesson_result fixture_views(void)
{
	static struct variant_result ways[7];
	static struct claim_result claims[] = {
		{ .source = "a.T: View, Free", .test = "transpose.asked_bytes == 0", .about = "transpose", .kind = CLAIM_EXACT, .expected = CLAIM_HOLDS,
		  .verdict = CLAIM_CANNOT_JUDGE, .note = "of a way that was not selected", .measured = (char *)"transpose: not measured" },
		{ .source = "a[::2] | View, \"Free\"", .test = "slice.asked_bytes == 0", .about = "slice", .kind = CLAIM_EXACT, .expected = CLAIM_HOLDS,
		  .verdict = CLAIM_HOLDS, .measured = (char *)"slice: 0 B made" },
		{ .source = "np.concatenate([a, b]): Very expensive", .test = "concatenate.asked_bytes > copy.asked_bytes", .about = "concatenate", .kind = CLAIM_EXACT,
		  .expected = CLAIM_FAILS, .verdict = CLAIM_FAILS, .condition = "it asks for exactly its result, like copy; in a loop the price is quadratic (see preallocate)",
		  .note = "\"Very expensive\": byte for byte a copy", .measured = (char *)"concatenate 32.0 MB, copy 32.0 MB" },
		{ .source = "a.reshape(...): View, Free", .test = "reshape.asked_bytes == 0", .about = "reshape", .kind = CLAIM_EXACT, .expected = CLAIM_HOLDS,
		  .verdict = CLAIM_FAILS, .condition = "strides must merge", .note = "not after a transpose", .measured = (char *)"reshape: 40 B made" },
		{ .source = "often sufficient", .test = NULL, .about = NULL, .kind = CLAIM_TIMED, .expected = CLAIM_CANNOT_JUDGE, .verdict = CLAIM_CANNOT_JUDGE, .measured = NULL },
	};
	ways[0] = fixture_way("take", "naive", "take", 32000064, 1, 16.2, 3.3);
	ways[0].numpy = "a[np.arange(0, n, 2)]";
	ways[0].what = "copies, and needs an index";
	ways[1] = fixture_way("slice", "better", "take", 0, 0, 0.0001, 2.0);
	ways[1].numpy = "a[::2]";
	ways[1].what = "a view with twice the stride";
	ways[1].ratio = fixture_ratio(1 / 9.8, 0.02);
	ways[0].job = ways[1].job = "half";
	ways[2] = fixture_way("copy", "naive", "copy", 32000064, 1, 9.8, 2.0);
	ways[2].numpy = "a.copy()";
	ways[2].what = "copies";
	ways[3] = fixture_way("concatenate", "naive", "copy", 32000064, 1, 9.9, 2.0);
	ways[3].numpy = "np.concatenate([a[:n//2], a[n//2:]])";
	ways[3].what = "copies both halves";
	ways[3].ratio = fixture_ratio(1.004, 0.012);
	ways[4] = fixture_way("reshape", "better", "copy", 40, 1, 0.0001, 2.1);
	ways[4].numpy = "a.reshape(-1, 2)";
	ways[4].what = "a view";
	ways[4].ratio = fixture_ratio(1 / 5.6, 0.03);
	ways[4].prediction_missed = true;
	ways[4].heap.predicted_asked_bytes = ways[4].heap.predicted_peak_asked_bytes = 0;
	ways[2].job = ways[3].job = ways[4].job = "whole";
	ways[5] = fixture_way("keepview", "naive", "keepview", 32000064, 1, 8.0, 0.1);
	ways[5].numpy = "big[:10]";
	ways[5].what = "keeps all of big";
	ways[6] = fixture_way("keepcopy", "better", "keepview", 0, 0, 0, 0);
	ways[6].numpy = "big[:10].copy()";
	ways[6].what = "keeps \"ten\", only | 80 B";
	ways[6].formula = "n x 8 B + header + 80 B + header";
	fixture_unmeasured(&ways[6]);
	ways[6].status = RESULT_KILLED;
	strcpy(ways[6].why, "killed by SIGSEGV while making");
	ways[5].job = ways[6].job = "ten";
	for (size_t i = 0; i < 6; i++) {
		ways[i].formula = i == 1 || i == 4 ? "0 B" : "n x 8 B + header";
		ways[i].resident = (struct resident_result){ RESULT_NONE, RESULT_NONE, RESULT_NONE, "/proc/self/clear_refs cannot be written here" };
	}
	struct lesson_result lesson = {
		.id = "pattern0",
		.name = "views",
		.title = "Views vs Copies",
		.job = (char *)"half: every second element; whole: all of them; ten: the first ten, kept",
		.input = (char *)"Input 32.0 MB, not counted below.",
		.nparams = 1,
		.params = { { "n", 4000000 } },
		.nnotes = 1,
		.notes = { (char *)"n was rounded from 4000001 to 4000000, a multiple of 2" },
		.nvariants = 7,
		.variants = ways,
		.nclaims = sizeof claims / sizeof claims[0],
		.claims = claims,
		.why = (char *)"a view is a few numbers about bytes that are there already.",
		.mind = (char *)"a view keeps the whole buffer alive.",
		.next = "memhint quiz views",
		.elapsed_s = 2.5,
	};
	return lesson;
}

/* ---- debugging: a truth table ---- */

static inline struct lesson_result fixture_debugging(void)
{
	static const struct {
		const char *name, *numpy;
		int64_t bytes;
		int base, not_owndata, shares;
	} arrays[] = {
		{ "slice", "x[::2]", 0, 1, 1, 1 },
		{ "reshape", "x.reshape(3, 4)", 0, 1, 1, 1 },
		{ "transpose", "o.T", 0, 1, 1, 1 },
		{ "broadcast", "broadcast_to(x, (100, 12))", 0, 1, 1, 1 },
		{ "merged", "o[:, ::2].reshape(-1)", 0, 1, 1, 1 },
		{ "strided", "as_strided(x, (9, 4), (8, 8))", 0, 0, 1, 1 },
		{ "windows", "sliding_window_view(x, 4)", 0, 0, 1, 1 },
		{ "view_of_view", "r.T, r = arange(12.).reshape(3, 4)", 0, 0, 1, 1 },
		{ "empty", "x[12:]", 0, 1, 1, 0 },
		{ "copy", "x.copy()", 160, 0, 0, 0 },
		{ "fancy", "x[[0, 2, 4]]", 88, 0, 0, 0 },
		{ "concatenate", "concatenate([x, x])", 256, 0, 0, 0 },
		{ "vstack", "vstack([o, o])", 256, 0, 0, 0 },
		{ "tile", "tile(x, (100, 1))", 9664, 0, 1, 0 },
		{ "columns", "o[:, [0, 2]]", 112, 0, 1, 0 },
		{ "flat", "o.T.reshape(-1)", 160, 0, 1, 0 },
	};
	enum { ARRAYS = sizeof arrays / sizeof arrays[0] };
	static struct variant_result ways[ARRAYS];
	static const char *const judged[] = { "base_is_source", "not_owndata", "shares_memory", NULL };
	static struct claim_result claims[] = {
		{ .source = "result.base is source: True if view", .test = "count(base_is_source == (asked_bytes == 0)) == 16", .kind = CLAIM_EXACT,
		  .expected = CLAIM_FAILS, .verdict = CLAIM_FAILS, .condition = "the source must own its data, and the tool must keep base", .note = "see memhint run debugging",
		  .measured = (char *)"right for 13 of 16 arrays" },
		{ .source = "OWNDATA: False if view", .test = "count(not_owndata and asked_bytes == 0) == 9", .kind = CLAIM_EXACT, .expected = CLAIM_HOLDS,
		  .verdict = CLAIM_HOLDS, .condition = "the converse fails 3 times of 16", .measured = (char *)"all 9 views, and 3 copies" },
	};
	for (size_t i = 0; i < ARRAYS; i++) {
		ways[i] = fixture_way(arrays[i].name, "other", NULL, arrays[i].bytes, arrays[i].bytes > 0, 0, 0);
		ways[i].numpy = arrays[i].numpy;
		ways[i].formula = arrays[i].bytes > 0 ? "12 x 8 B + header" : "0 B";
		ways[i].time = (struct time_result){ RESULT_NONE, RESULT_NONE, NAN, NAN, NAN, NAN, NAN, NAN, "a truth table has no times" };
		fixture_fact(&ways[i], "base_is_source", FACT_BOOL, arrays[i].base, "");
		fixture_fact(&ways[i], "not_owndata", FACT_BOOL, arrays[i].not_owndata, "");
		fixture_fact(&ways[i], "shares_memory", FACT_BOOL, arrays[i].shares, "");
	}
	struct lesson_result lesson = {
		.id = "debug1",
		.name = "debugging",
		.title = "Memory Debugging",
		.job = (char *)"16 arrays: which of NumPy's tests tells a view from a copy?",
		.nparams = 1,
		.params = { { "n", 12 } },
		.nvariants = ARRAYS,
		.variants = ways,
		.nclaims = sizeof claims / sizeof claims[0],
		.claims = claims,
		.judged_facts = judged,
		.why = (char *)"base names the array that owns the bytes, not the one that you sliced.",
		.next = "memhint inspect 'b = a.T.reshape(-1)'",
		.elapsed_s = 0.25,
	};
	return lesson;
}

/* All of it; valid until the next call, nothing to release. */
static inline struct results fixture_results(void)
{
	static struct lesson_result lessons[3];
	lessons[0] = fixture_views();
	lessons[1] = fixture_windows();
	lessons[2] = fixture_debugging();
	return (struct results){
		.host = { .cpu = "Example CPU, \"fast\" | 3 GHz", .cpus = 2, .memory_bytes = INT64_C(8000000000), .cache_bytes = 33554432, .kernel = "6.1.0",
			  .page_bytes = 4096, .hugepages = "madvise", .jemalloc = "5.3.0", .malloc_conf = "narenas:1,tcache:false", .bandwidth_bytes_per_s = 8.1e9,
			  .rss_error_bytes = 262144 },
		.nlessons = 3,
		.lessons = lessons,
	};
}

#endif
