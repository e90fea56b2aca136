/* SPDX-License-Identifier: MIT */
#ifndef INSPECT_LAYOUT_H
#define INSPECT_LAYOUT_H

/*
 * From a geometry to a picture: which cells of the buffer are drawn, when the view's walk comes to each, and how much memory it touches.
 *
 * Nothing here walks the array. The visits of a cell are the solutions of offset + sum(stride[k] * x[k]) == at with 0 <= x[k] < shape[k]
 * (layout_visits.c), and touched bytes and lines follow from the axes (layout_touched.c), so that a picture of 8 TB takes as long as one of 96 B.
 */

#include "base/drawing.h"
#include "nd/geom.h"

#include <stdbool.h>
#include <stdint.h>

/* How much is drawn at most; each at least 4. */
struct layout_limits {
	size_t lines;             /* cache lines */
	size_t rows, cols, blocks; /* of the grid */
};

/*
 * Fill the drawing, all but `said`, which is read for the sentences.
 *
 * Returns 0; ND_EOVERFLOW: the strides leave the address space, and there is nothing to draw; ND_ENOMEM.
 */
int layout_draw(const struct nd_geom *geom, int64_t buffer_bytes, const struct layout_limits *limits, struct drawing *out_drawing);

/* ---- the parts, for layout.c and its tests ---- */

enum { LAYOUT_WORK = 20000 /* candidates tried for one cell */ };

struct layout_axes {
	int count;
	__int128 low[ND_GEOM_MAXDIMS + 2], high[ND_GEOM_MAXDIMS + 2]; /* what axes k and later add: at least, at most */
	int64_t stride[ND_GEOM_MAXDIMS + 1], extent[ND_GEOM_MAXDIMS + 1];
	int64_t weight[ND_GEOM_MAXDIMS + 1];  /* visits from one index to the next */
	int64_t divisor[ND_GEOM_MAXDIMS + 2]; /* the greatest that divides the strides of axes k and later; 0 without axes */
	int64_t inverse[ND_GEOM_MAXDIMS + 1]; /* of stride / gcd, modulo divisor[k + 1] / gcd */
};

struct layout_visits {
	int64_t offset;
	int64_t repeats; /* by axes of stride 0 */
	struct layout_axes walk;   /* in the view's order: for the first visit */
	struct layout_axes sorted; /* longest strides first: for the count */
};
/* cell_bytes divides itemsize, offset and all strides. */
void layout_visits_init(const struct nd_geom *geom, int64_t cell_bytes, struct layout_visits *out_visits);
/* Fill first, count and hard of the cell at cell->at. `work` is taken from, and 0 makes all that follow hard. */
void layout_visit(const struct layout_visits *visits, long *work, struct drawing_cell *cell);

/* Different bytes, and cache lines with at least one of them. ND_ENOMEM. */
int layout_touched(const struct nd_geom *geom, int64_t cell_bytes, struct drawing_number *out_bytes, struct drawing_number *out_lines);

/* The sentences and the steps of the walk, once all else is filled. False: no memory. */
bool layout_words(const struct nd_geom *geom, struct drawing *drawing);

#endif
