/* SPDX-License-Identifier: MIT */
#ifndef ND_MATMUL_H
#define ND_MATMUL_H

/* What the files of the matrix product share. Addresses are bytes, strides too; k, rows and columns count elements. */

#include "inner.h"

/* The innermost loops for one type on this processor: see matmul_tile.h. */
struct nd_tile {
	ptrdiff_t rows, columns;
	void (*tile)(ptrdiff_t k, const char *a, const char *b, char *c, ptrdiff_t c_stride, bool add);
	void (*add_rows)(ptrdiff_t n, char *out, const char *const rows[], const double weights[]);
	void (*add_row)(ptrdiff_t n, char *out, const char *row, double weight);
	void (*dot)(ptrdiff_t n, char *out, const char *a, const char *b);
};

enum { ND_TILE_MAX = 8 * 48 }; /* elements of the largest tile */

const struct nd_tile *nd_tile_choose(enum nd_dtype dtype);

/* A matrix where it lies. */
struct nd_matrix {
	char *data;
	ptrdiff_t rows, columns;
	ptrdiff_t row_stride, column_stride;
};

/* c = a @ b, in blocks through packed panels. All have elements. */
void nd_matmul_blocks(const struct nd_tile *tile, ptrdiff_t itemsize, const struct nd_matrix *a, const struct nd_matrix *b,
                      const struct nd_matrix *c);

#endif
