/* SPDX-License-Identifier: MIT */
/*
 * Pictures against brute force: every small geometry is walked element by element, and first visits, counts, touched bytes and touched lines must be what
 * the walk meets. Then geometries that nobody can walk.
 */
#include "inspect/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { SPAN = 4096, MIDDLE = SPAN / 2, LINE = DRAWING_LINE };

/* What the walk meets, by byte from -MIDDLE. */
struct walked {
	int first[SPAN], count[SPAN];
	int64_t bytes, lines;
};

static void walk(const struct nd_geom *geom, struct walked *out)
{
	ptrdiff_t index[ND_GEOM_MAXDIMS] = { 0 };
	int visit = 0, k = 0;
	memset(out, 0, sizeof *out);
	for (bool more = nd_geom_size(geom) > 0; more; more = k >= 0) {
		ptrdiff_t at = nd_geom_at(geom, index) + MIDDLE;
		visit++;
		for (ptrdiff_t b = at; b < at + geom->itemsize; b++) {
			assert_true(b >= 0 && b < SPAN);
			out->first[b] = out->first[b] ? out->first[b] : visit;
			out->count[b]++;
		}
		for (k = geom->ndim - 1; k >= 0 && ++index[k] == geom->shape[k]; k--)
			index[k] = 0;
	}
	for (int line = 0; line < SPAN / LINE; line++) {
		int here = 0;
		for (int b = 0; b < LINE; b++)
			here += out->count[line * LINE + b] > 0;
		out->bytes += here;
		out->lines += here > 0;
	}
}

static void hold(const struct nd_geom *geom, int64_t buffer_bytes)
{
	static const struct layout_limits all = { 200, 64, 64, 64 };
	static struct walked walked;
	struct drawing drawing = { 0 };
	walk(geom, &walked);
	assert_int_equal(layout_draw(geom, buffer_bytes, &all, &drawing), ND_OK);
	assert_false(drawing.touched_bytes.at_most);
	if (drawing.touched_bytes.value != walked.bytes || drawing.touched_lines.value != walked.lines) {
		print_error("offset %td itemsize %td:", geom->offset, geom->itemsize);
		for (int k = 0; k < geom->ndim; k++)
			print_error(" (%td, %td)", geom->shape[k], geom->strides[k]);
		print_error("\n");
	}
	assert_int_equal(drawing.touched_bytes.value, walked.bytes);
	assert_int_equal(drawing.touched_lines.value, walked.lines);
	int64_t drawn = 0;
	for (size_t i = 0; i < drawing.ncells; i++) {
		const struct drawing_cell *cell = &drawing.cells[i];
		assert_int_equal(cell->first, walked.first[cell->at + MIDDLE]);
		assert_int_equal(cell->count, walked.count[cell->at + MIDDLE]);
		assert_int_equal(cell->outside, cell->at < 0 || cell->at >= buffer_bytes);
		assert_false(cell->hard);
		drawn += cell->count > 0 ? drawing.cell_bytes : 0;
	}
	/* Nothing was left out, so that all of the view is among the cells, and all of the buffer. */
	assert_int_equal(drawn, walked.bytes);
	assert_int_equal(drawing.skipped, 0);
	drawing_release(&drawing);
}

/* ---- against the walk ---- */

static void two_axes(void **state)
{
	static const ptrdiff_t extents[] = { 0, 1, 2, 3, 5 }, strides[] = { -72, -24, -8, 0, 4, 8, 12, 16, 24, 40, 64, 72, 100 }, itemsizes[] = { 1, 4, 8 };
	(void)state;
	for (size_t e = 0; e < 25; e++)
		for (size_t s = 0; s < 13 * 13; s++)
			for (size_t i = 0; i < 3; i++) {
				struct nd_geom geom = { .ndim = 2, .itemsize = itemsizes[i], .offset = 16, .shape = { extents[e / 5], extents[e % 5] },
				                        .strides = { strides[s / 13], strides[s % 13] } };
				hold(&geom, 128);
			}
}

static void random_axes(void **state)
{
	(void)state;
	srand(1);
	for (int i = 0; i < 4000; i++) {
		static const ptrdiff_t itemsizes[] = { 1, 2, 4, 8, 16 };
		struct nd_geom geom = { .ndim = rand() % 5, .itemsize = itemsizes[rand() % 5], .offset = rand() % 64 };
		int most = 1500;
		for (int k = 0; k < geom.ndim; k++) {
			geom.shape[k] = 1 + rand() % 4;
			geom.strides[k] = (rand() % 2 ? geom.itemsize : 1) * (rand() % 41 - 20);
			int reach = (int)(geom.strides[k] * (geom.shape[k] - 1));
			if (abs(reach) > most)
				geom.strides[k] = 0;
			else
				most -= abs(reach);
		}
		hold(&geom, rand() % 200);
	}
}

static void zero_axes(void **state)
{
	struct nd_geom geom = { .ndim = 0, .itemsize = 8, .offset = 8 };
	(void)state;
	hold(&geom, 24);
}

/* ---- what cannot be walked ---- */

static void draw_large(const struct nd_geom *geom, int64_t buffer_bytes, struct drawing *out)
{
	static const struct layout_limits limits = { 12, 10, 8, 4 };
	*out = (struct drawing){ 0 };
	assert_int_equal(layout_draw(geom, buffer_bytes, &limits, out), ND_OK);
	assert_true(out->nlines <= 12);
	int64_t lines = out->skipped + (int64_t)out->nlines;
	assert_true(lines >= out->buffer_lines);
}

static void transposed_8_tb(void **state)
{
	struct nd_geom geom = { .ndim = 2, .itemsize = 8, .shape = { 1000000, 1000000 }, .strides = { 8, 8000000 } };
	struct drawing drawing;
	(void)state;
	draw_large(&geom, 8000000000000, &drawing);
	assert_int_equal(drawing.touched_bytes.value, 8000000000000);
	assert_int_equal(drawing.touched_lines.value, 125000000000);
	assert_int_equal(drawing_find(&drawing, 8)->first, 1000001);
	assert_int_equal(drawing_find(&drawing, 8000000000000 - 8)->first, 1000000000000);
	drawing_release(&drawing);
}

static void windows_of_a_billion(void **state)
{
	struct nd_geom geom = { .ndim = 2, .itemsize = 8, .shape = { 1000000000, 1000000 }, .strides = { 8, 8 } };
	struct drawing drawing;
	(void)state;
	draw_large(&geom, 8 * 1000999999L, &drawing);
	assert_int_equal(drawing.touched_bytes.value, 8 * 1000999999L);
	assert_int_equal(drawing_find(&drawing, 0)->count, 1);
	assert_int_equal(drawing_find(&drawing, 56)->count, 8);
	assert_int_equal(drawing_find(&drawing, 56)->first, 8);
	drawing_release(&drawing);
}

static void odd_strides_are_bounded(void **state)
{
	/* Neither nested nor small: at most, and in no time. */
	struct nd_geom geom = { .ndim = 4, .itemsize = 1, .shape = { 100000, 100000, 1000, 1000 }, .strides = { 999983, 1000003, 29, 31 } };
	struct drawing drawing;
	clock_t start = clock();
	(void)state;
	draw_large(&geom, 1000000000000, &drawing);
	assert_true(drawing.touched_bytes.at_most);
	assert_true(clock() - start < 2 * CLOCKS_PER_SEC);
	drawing_release(&drawing);
}

static void strides_beyond_memory_are_refused(void **state)
{
	static const struct layout_limits limits = { 12, 10, 8, 4 };
	struct nd_geom geom = { .ndim = 1, .itemsize = 8, .shape = { 3 }, .strides = { PTRDIFF_MAX / 2 } };
	struct drawing drawing = { 0 };
	(void)state;
	assert_int_equal(layout_draw(&geom, 96, &limits, &drawing), ND_EOVERFLOW);
	drawing_release(&drawing);
}

/* ---- the grid and the words ---- */

static void the_grid_keeps_head_and_tail(void **state)
{
	struct nd_geom geom;
	struct drawing drawing;
	(void)state;
	assert_int_equal(nd_geom_init(&geom, 3, (const ptrdiff_t[]){ 9, 3, 100 }, 8), ND_OK);
	draw_large(&geom, nd_geom_nbytes(&geom), &drawing);
	assert_int_equal(drawing.nblocks, 3);
	assert_int_equal(drawing.blocks[2].lead[0], 8);
	assert_int_equal(drawing.blocks[2].skipped, 6);
	static const int64_t cols[] = { 0, 1, 2, 3, 4, -1, 98, 99 };
	assert_int_equal(drawing.ncols, 8);
	assert_memory_equal(drawing.col_index, cols, sizeof cols);
	assert_int_equal(drawing.grid[drawing.blocks[2].cell + 2 * 8 + 7].at, 8 * 2699);
	drawing_release(&drawing);
}

static void steps_and_sentences(void **state)
{
	struct nd_geom geom = { .ndim = 2, .itemsize = 8, .offset = 24, .shape = { 3, 4 }, .strides = { 0, -8 } };
	struct drawing drawing;
	(void)state;
	draw_large(&geom, 32, &drawing);
	assert_string_equal(drawing.steps, "-8 -8 -8 +24 -8 -8 -8 +24 -8 -8 -8");
	assert_int_equal(drawing.nsentences, 2);
	assert_string_equal(drawing.sentences[0], "Axis 0 has stride 0: the same 32 B 3 times.");
	assert_string_equal(drawing.sentences[1], "Axis 1 runs backwards: each step goes 8 B down.");
	drawing_release(&drawing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_axes),
		cmocka_unit_test(random_axes),
		cmocka_unit_test(zero_axes),
		cmocka_unit_test(transposed_8_tb),
		cmocka_unit_test(windows_of_a_billion),
		cmocka_unit_test(odd_strides_are_bounded),
		cmocka_unit_test(strides_beyond_memory_are_refused),
		cmocka_unit_test(the_grid_keeps_head_and_tail),
		cmocka_unit_test(steps_and_sentences),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
