/* SPDX-License-Identifier: MIT */
#ifndef BASE_DRAWING_H
#define BASE_DRAWING_H

/*
 * The picture of an array in its buffer, before anyone draws it: which cells, what stands in them, what is left out, and sentences. inspect/layout.c fills
 * it from a geometry, report/draw_text.c and report/draw_svg.c render it, and neither knows the other.
 *
 * Units: shapes count elements; strides, offsets and sizes bytes. Offsets are from the buffer's first byte, which is taken to begin a cache line.
 * Ownership: what is allocated belongs to the drawing; drawing_release() frees it. The texts of `said` are borrowed.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DRAWING_LINE = 64 /* bytes of a cache line */, DRAWING_AXES = 32, DRAWING_WALK = 48, DRAWING_SENTENCES = 16 };

struct drawing_cell {
	int64_t at;    /* its first byte */
	int64_t first; /* the visit of the view's walk in C order that first comes here, from 1; 0: none does */
	int64_t count; /* how many visits do */
	bool outside;  /* no byte of the buffer */
	bool hard;     /* the work limit was reached: first and count are not known */
};

/* One cache line that is drawn. */
struct drawing_line {
	int64_t line;      /* its number; below 0 before the buffer */
	int64_t skipped;   /* lines left out between the one before and this one */
	size_t cell, ncells; /* in drawing.cells */
};

/* The last two axes of the array, one block for each index of the axes before them. */
struct drawing_block {
	int64_t skipped; /* blocks left out before this one */
	int64_t lead[DRAWING_AXES];
	size_t cell; /* in drawing.grid: nrows x ncols, row by row; those of elided rows and columns say nothing */
};

/* A number that may be too dear to know. */
struct drawing_number {
	int64_t value;
	bool at_most; /* the truth may be less */
};

/* What the analyser said of the array; each may be NULL. */
struct drawing_said {
	const char *source; /* the statement */
	const char *what;   /* "view of a" */
	const char *why;
	const char *dtype;
	bool is_copy;    /* a buffer of its own, with another array's elements */
	bool is_new;     /* a buffer of its own */
	uint64_t at_most; /* bit k: the extent of axis k depends on data, and is drawn at its most */
};

struct drawing {
	struct drawing_said said;
	int ndim;
	int64_t shape[DRAWING_AXES], strides[DRAWING_AXES];
	int64_t offset, itemsize, size, nbytes, buffer_bytes;
	int64_t low, high;  /* the bytes that the view can touch: [low, high) */
	int64_t cell_bytes; /* an element, or a part of one where elements do not lie on a raster of their own size */
	bool c_contiguous, f_contiguous, leaves_buffer;
	struct drawing_number touched_bytes, touched_lines;
	int64_t buffer_lines;

	size_t ncells;
	struct drawing_cell *cells;
	size_t nlines;
	struct drawing_line *lines;
	int64_t skipped; /* lines left out, all together */
	int64_t most_count; /* of the cells drawn */

	size_t nblocks, nrows, ncols;
	int64_t *row_index, *col_index; /* of the grid; -1: some are left out here */
	struct drawing_block *blocks;
	struct drawing_cell *grid;

	size_t nwalk;
	int64_t walk[DRAWING_WALK]; /* where the first elements of the walk lie */
	char *steps;                /* "+32 +32 -56 ..."; NULL: fewer than two elements */
	size_t nsentences;
	char *sentences[DRAWING_SENTENCES];
};

/* Safe on a zeroed struct. */
void drawing_release(struct drawing *drawing);
/* The drawn cell that holds a byte; NULL: it is left out. */
const struct drawing_cell *drawing_find(const struct drawing *drawing, int64_t at);

#endif
