/* SPDX-License-Identifier: MIT */
#ifndef FIXTURE_INSPECT_H
#define FIXTURE_INSPECT_H

/* Fixed answers of inspect, as its analyser gives them, for the tests of the formats: nothing is read or worked out here. */

#include "base/inspection.h"
#include "base/result.h"

#define I64(...) (const int64_t[]){ __VA_ARGS__ }
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- one statement over an assumed array, as in the manual ---- */

static const struct inspect_array fixture_a = {
	.ndim = 2, .shape = I64(3, 4), .strides = I64(32, 8), .dtype = "float64", .itemsize = 8, .nbytes = 96, .buffer_bytes = 96, .buffer = 1, .writeable = true,
	.c_contiguous = true, .base = "unnamed array",
};
static const struct inspect_array fixture_at = {
	.ndim = 2, .shape = I64(4, 3), .strides = I64(8, 32), .dtype = "float64", .itemsize = 8, .nbytes = 96, .buffer_bytes = 96, .buffer = 1, .writeable = true,
	.f_contiguous = true, .base = "a",
};
static const struct inspect_array fixture_b = {
	.ndim = 1, .shape = I64(12), .strides = I64(8), .dtype = "float64", .itemsize = 8, .nbytes = 96, .buffer_bytes = 96, .buffer = 2, .writeable = true,
	.c_contiguous = true, .f_contiguous = true, .base = "unnamed array",
};

static const struct inspect_step fixture_short_steps[] = {
	{ .source = "a", .line = 1, .column = 5, .kind = STEP_SAME, .what = "assumed", .array = &fixture_a },
	{ .source = ".T", .line = 1, .column = 6, .kind = STEP_VIEW, .of = "a", .why = "axes are swapped: only strides change", .lesson = "views",
	  .array = &fixture_at },
	{ .source = ".reshape(-1)", .line = 1, .column = 8, .kind = STEP_COPY, .what = "COPY, and reshape does not say so", .of = "a.T",
	  .why = "merging needs stride[0] == shape[1] * stride[1], here 8 != 3 * 32 = 96, so a copy of 96 B",
	  .avoid = "a.reshape(-1) is a view, but in the order of a's bytes; the order of a.T needs a copy: no one stride walks it", .lesson = "views",
	  .allocated_bytes = 96, .surprising = true, .array = &fixture_b, .hidden_bytes = 96 },
};

static const struct inspect_statement fixture_short_statements[] = { {
	.line = 1, .column = 1, .source = "b = a.T.reshape(-1)", .target = "b", .kind = STEP_COPY, .of = "a",
	.why = "merging needs stride[0] == shape[1] * stride[1], here 8 != 3 * 32 = 96, so a copy of 96 B", .allocated_bytes = 96, .peak_bytes = 96, .kept_bytes = 96,
	.live_bytes = 192, .nsteps = COUNT(fixture_short_steps), .steps = fixture_short_steps, .array = &fixture_b, .source_array = &fixture_a,
	.walked = &fixture_at,
} };

static const struct inspect_statement *const fixture_short_list[] = { &fixture_short_statements[0] };
static const struct inspect_name fixture_assumed[] = { { "a", &fixture_a } };
static const struct inspect_name fixture_short_arrays[] = { { "a", &fixture_a }, { "b", &fixture_b } };

static const struct inspection fixture_short = {
	.nstatements = COUNT(fixture_short_list), .statements = fixture_short_list, .nassumed = 1, .assumed = fixture_assumed,
	.assumed_source = "np.arange(12.).reshape(3, 4)", .tests_lesson = "debugging", .narrays = 2, .arrays = fixture_short_arrays, .peak_bytes = 192, .live_bytes = 192, .allocated_bytes = 192,
};

/* ---- a program with one of everything ---- */

static const struct inspect_array fixture_x = {
	.ndim = 1, .shape = I64(125000), .strides = I64(8), .dtype = "float64", .itemsize = 8, .nbytes = 1000000, .buffer_bytes = 1000000, .buffer = 1, .owndata = true,
	.writeable = true, .c_contiguous = true, .f_contiguous = true,
};
static const struct inspect_array fixture_w = {
	.ndim = 2, .shape = I64(124937, 64), .strides = I64(8, 8), .dtype = "float64", .itemsize = 8, .nbytes = 63967744, .buffer_bytes = 1000000, .buffer = 1,
	.stand_in = true, .base = "DummyArray",
};
static const struct inspect_array fixture_s = {
	.ndim = 1, .shape = I64(124937), .strides = I64(8), .dtype = "float64", .itemsize = 8, .nbytes = 999496, .buffer_bytes = 999496, .buffer = 2, .owndata = true,
	.writeable = true, .c_contiguous = true, .f_contiguous = true,
};
static const struct inspect_array fixture_m = {
	.ndim = 1, .shape = I64(125000), .strides = I64(8), .at_most = 1, .dtype = "float64", .itemsize = 8, .nbytes = 1000000, .buffer_bytes = 1000000, .buffer = 3,
	.owndata = true, .writeable = true, .c_contiguous = true, .f_contiguous = true,
};
static const struct inspect_array fixture_bad = {
	.ndim = 2, .shape = I64(125000, 2), .strides = I64(8, 8), .dtype = "float64", .itemsize = 8, .nbytes = 2000000, .buffer_bytes = 1000000, .buffer = 1,
	.writeable = true, .leaves_buffer = true, .stand_in = true, .base = "DummyArray",
};

static const struct inspect_step fixture_x_steps[] = { {
	.source = "np.random.rand(125000)", .line = 3, .column = 5, .kind = STEP_NEW, .allocated_bytes = 1000000, .array = &fixture_x } };
static const struct inspect_step fixture_w_steps[] = { {
	.source = "sliding_window_view(x, 64)", .line = 4, .column = 11, .kind = STEP_VIEW, .what = "view of x, read-only", .of = "x", .why = "the same stride twice: 8, 8",
	.lesson = "windows", .array = &fixture_w } };
static const struct inspect_step fixture_s_steps[] = { {
	.source = "windows.std(1)", .line = 5, .column = 5, .kind = STEP_NEW, .what = "new, by way of a hidden array", .of = NULL,
	.why = "std subtracts the mean from every window first: a hidden array of the windows' shape, 64.0 MB", .avoid = "two running sums, of x and of x * x",
	.lesson = "windows", .allocated_bytes = 65966736, .hidden_bytes = 64967240, .surprising = true, .array = &fixture_s } };
static const struct inspect_step fixture_m_steps[] = {
	{ .source = "x > 0.5", .line = 6, .column = 7, .kind = STEP_NEW, .allocated_bytes = 125000, .array = &fixture_x },
	{ .source = "x[x > 0.5]", .line = 6, .column = 5, .kind = STEP_COPY, .what = "copy of x's elements", .of = "x",
	  .why = "a mask picks elements at no even distance: they are copied", .lesson = "views", .allocated_bytes = 1000000, .array = &fixture_m } };
static const struct inspect_step fixture_bad_steps[] = { {
	.source = "as_strided(x, (125000, 2), (8, 8))", .line = 7, .column = 7, .kind = STEP_VIEW, .what = "view that LEAVES its buffer", .of = "x",
	.why = "LEAVES THE BUFFER: it reaches bytes 0 to 1000007 of a buffer of 1000000 B", .avoid = "sliding_window_view checks its bounds", .lesson = "windows",
	.surprising = true, .array = &fixture_bad } };
static const struct inspect_step fixture_shares_steps[] = { {
	.source = "np.shares_memory(x, windows)", .line = 12, .column = 7, .kind = STEP_SCALAR, .value = "True" } };

static const struct inspect_statement fixture_statements[] = {
	{ .line = 1, .column = 1, .source = "import numpy as np", .kind = STEP_NONE },
	{ .line = 3, .column = 1, .source = "x = np.random.rand(125000)", .target = "x", .kind = STEP_NEW, .allocated_bytes = 1000000, .peak_bytes = 1000000,
	  .kept_bytes = 1000000, .live_bytes = 1000000, .nsteps = 1, .steps = fixture_x_steps },
	{ .line = 4, .column = 1, .source = "windows = sliding_window_view(x, 64)", .target = "windows", .kind = STEP_VIEW, .of = "x", .why = "the same stride twice: 8, 8",
	  .live_bytes = 1000000, .nsteps = 1, .steps = fixture_w_steps, .array = &fixture_w, .source_array = &fixture_x,
	  .walked = &fixture_w },
	{ .line = 5, .column = 1, .source = "s = windows.std(1)", .target = "s", .kind = STEP_NEW, .allocated_bytes = 65966736, .peak_bytes = 65966736, .kept_bytes = 999496,
	  .live_bytes = 1999496, .nsteps = 1, .steps = fixture_s_steps },
	{ .line = 6, .column = 1, .source = "m = x[x > 0.5]", .target = "m", .kind = STEP_COPY, .of = "x", .why = "a mask picks elements at no even distance: they are copied",
	  .allocated_bytes = 1125000, .peak_bytes = 1125000, .kept_bytes = 1000000, .live_bytes = 2999496, .nsteps = 2, .steps = fixture_m_steps },
	{ .line = 7, .column = 1, .source = "bad = as_strided(x, (125000, 2), (8, 8))", .target = "bad", .kind = STEP_VIEW, .of = "x",
	  .why = "LEAVES THE BUFFER: it reaches bytes 0 to 1000007 of a buffer of 1000000 B", .live_bytes = 2999496, .nsteps = 1, .steps = fixture_bad_steps },
	{ .line = 9, .column = 1, .source = "for w in windows:", .kind = STEP_UNKNOWN, .live_bytes = 2999496 },
	{ .line = 12, .column = 1, .source = "print(np.shares_memory(x, windows))", .kind = STEP_SCALAR, .live_bytes = 2999496, .nsteps = 1, .steps = fixture_shares_steps,
	  .witness = "x[1] and windows[0, 1] are the same byte, 8 from the buffer's start" },
};

static const struct inspect_statement *const fixture_list[] = {
	&fixture_statements[0], &fixture_statements[1], &fixture_statements[2], &fixture_statements[3], &fixture_statements[4], &fixture_statements[5],
	&fixture_statements[6], &fixture_statements[7],
};
static const struct inspect_name fixture_arrays[] = {
	{ "x", &fixture_x }, { "windows", &fixture_w }, { "s", &fixture_s }, { "m", &fixture_m }, { "bad", &fixture_bad },
};
static const int fixture_shares[][2] = { { 0, 1 }, { 0, 4 }, { 1, 4 } };
static const char *const fixture_printed[] = { "True" };
static const struct inspect_gap fixture_gaps[] = { { 9, 1, "a for loop is not followed: 'total' is unknown from here on" } };
static const struct inspect_error fixture_error = {
	.statement = 8, .line = 13, .column = 5, .type = "ValueError", .message = "cannot reshape array of 125000 elements into shape (7, -1): 125000 is no multiple of 7",
	.excerpt = "r = x.reshape(7, -1)", .caret = 4, .caret_width = 16,
};
static const char *const fixture_notes[] = { "NumPy 2's promotion: float32 + 1.0 is float32" };

static const struct inspection fixture_program = {
	.nstatements = COUNT(fixture_list), .statements = fixture_list, .narrays = COUNT(fixture_arrays), .arrays = fixture_arrays,
	.nshares = COUNT(fixture_shares), .shares = fixture_shares, .nprinted = 1, .printed = fixture_printed, .ngaps = 1, .gaps = fixture_gaps, .error = &fixture_error,
	.peak_bytes = 66966736, .live_bytes = 2999496, .allocated_bytes = 69091736, .nnotes = 1, .notes = fixture_notes,
};

static const struct inspection fixture_nothing = { 0 };

#endif
