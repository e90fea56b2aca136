/* SPDX-License-Identifier: MIT */
/*
 * The matrix product in blocks that fit the caches, its operands packed in the order in which they are read.
 *
 * A block of b (DEPTH rows, WIDTH columns) is packed once and stays in the second cache while all of a passes by, one
 * block (HEIGHT rows) after another; of that, a panel as high as a tile stays in the first. Packing is also what makes
 * strides not matter: a transposed operand is only read in another order.
 *
 * The two blocks are static, 1.2 MB in all, touched as far as a product needs; no memory is asked for. Products in two threads take turns: blocks of each
 * thread's own would be zeroed at the start of every program and of every thread, 290 page faults that are dearer than most products.
 *
 * Source: Goto and van de Geijn (2008), as in matmul_tile.c.
 */

#include "matmul.h"

#include <pthread.h>
#include <string.h>

enum { DEPTH = 256, HEIGHT = 96, WIDTH_BYTES = 480 * 8 };

static _Alignas(ND_ALIGN_BYTES) char a_block[DEPTH * HEIGHT * 8];
static _Alignas(ND_ALIGN_BYTES) char b_block[DEPTH * WIDTH_BYTES];
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static ptrdiff_t least(ptrdiff_t a, ptrdiff_t b)
{
	return a < b ? a : b;
}

typedef uint64_t u8 __attribute__((may_alias));
typedef uint32_t u4 __attribute__((may_alias));

/* lane_stride and step: bytes from one lane to the next, and from one of the k to the next. Missing lanes are zero. */
#define PACK(name, T)                                                                                           \
	ND_CLONES static void name(char *to_bytes, ptrdiff_t width, const char *from, ptrdiff_t lanes,                 \
	                           ptrdiff_t lane_stride, ptrdiff_t k, ptrdiff_t step)                                 \
	{                                                                                                      \
		T *to = (T *)(void *)to_bytes;                                                                 \
                                                                                                               \
		for (ptrdiff_t p = 0; p < k; p++, to += width, from += step) {                                 \
			for (ptrdiff_t i = 0; i < lanes; i++)                                                  \
				to[i] = *(const T *)(const void *)(from + i * lane_stride);                    \
			for (ptrdiff_t i = lanes; i < width; i++)                                              \
				to[i] = 0;                                                                     \
		}                                                                                              \
	}

PACK(pack_8, u8)
PACK(pack_4, u4)

/* All panels of `width` lanes of one block, one after another. */
static void pack(char *to, ptrdiff_t itemsize, ptrdiff_t width, const char *from, ptrdiff_t lanes, ptrdiff_t lane_stride,
                 ptrdiff_t k, ptrdiff_t step)
{
	for (ptrdiff_t lane = 0; lane < lanes; lane += width, to += width * k * itemsize) {
		ptrdiff_t here = least(width, lanes - lane);
		const char *panel = from + lane * lane_stride;

		if (lane_stride == itemsize && here == width) {
			for (ptrdiff_t p = 0; p < k; p++)
				memcpy(to + p * width * itemsize, panel + p * step, (size_t)(width * itemsize));
		} else if (itemsize == 8) {
			pack_8(to, width, panel, here, lane_stride, k, step);
		} else {
			pack_4(to, width, panel, here, lane_stride, k, step);
		}
	}
}

/* The part of a tile that lies inside c, or a tile of a c whose columns are not neighbours. */
static void put_part(const struct nd_tile *tile, ptrdiff_t itemsize, const char *part, ptrdiff_t rows, ptrdiff_t columns,
                     char *c, const struct nd_matrix *whole, bool add)
{
	const enum nd_dtype dtype = itemsize == 8 ? ND_FLOAT64 : ND_FLOAT32;

	for (ptrdiff_t i = 0; i < rows; i++) {
		char *to = c + i * whole->row_stride;
		const char *from = part + i * tile->columns * itemsize;

		if (add)
			nd_binary_loop(ND_ADD, dtype)(columns, to, whole->column_stride, to, whole->column_stride, from, itemsize);
		else
			nd_cast_loop(dtype, dtype)(columns, to, whole->column_stride, from, itemsize);
	}
}

/* One packed block of a times one of b: all tiles, those of one row of tiles after another. */
static void multiply_blocks(const struct nd_tile *tile, ptrdiff_t itemsize, ptrdiff_t k, ptrdiff_t rows, ptrdiff_t columns,
                            char *c, const struct nd_matrix *whole, bool add)
{
	_Alignas(ND_ALIGN_BYTES) char part[ND_TILE_MAX * sizeof(double)];

	for (ptrdiff_t i = 0; i < rows; i += tile->rows) {
		for (ptrdiff_t j = 0; j < columns; j += tile->columns) {
			const char *a = a_block + i * k * itemsize, *b = b_block + j * k * itemsize;
			char *to = c + i * whole->row_stride + j * whole->column_stride;

			if (i + tile->rows <= rows && j + tile->columns <= columns && whole->column_stride == itemsize) {
				tile->tile(k, a, b, to, whole->row_stride, add);
				continue;
			}
			tile->tile(k, a, b, part, tile->columns * itemsize, false);
			put_part(tile, itemsize, part, least(tile->rows, rows - i), least(tile->columns, columns - j), to, whole, add);
		}
	}
}

void nd_matmul_blocks(const struct nd_tile *tile, ptrdiff_t itemsize, const struct nd_matrix *a, const struct nd_matrix *b,
                      const struct nd_matrix *c)
{
	const ptrdiff_t width = WIDTH_BYTES / itemsize / tile->columns * tile->columns;

	pthread_mutex_lock(&turn);
	for (ptrdiff_t j = 0; j < c->columns; j += width) {
		ptrdiff_t columns = least(width, c->columns - j);

		for (ptrdiff_t p = 0; p < a->columns; p += DEPTH) {
			ptrdiff_t k = least(DEPTH, a->columns - p);

			pack(b_block, itemsize, tile->columns, b->data + p * b->row_stride + j * b->column_stride, columns,
			     b->column_stride, k, b->row_stride);
			for (ptrdiff_t i = 0; i < c->rows; i += HEIGHT) {
				ptrdiff_t rows = least(HEIGHT, c->rows - i);

				pack(a_block, itemsize, tile->rows, a->data + i * a->row_stride + p * a->column_stride, rows,
				     a->row_stride, k, a->column_stride);
				multiply_blocks(tile, itemsize, k, rows, columns,
				                c->data + i * c->row_stride + j * c->column_stride, c, p > 0);
			}
		}
	}
	pthread_mutex_unlock(&turn);
}
