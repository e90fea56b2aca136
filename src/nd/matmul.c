/* SPDX-License-Identifier: MIT */
/*
 * The matrix product: shapes, and which of three ways.
 *
 * Few rows (one example at a time): nothing is used twice, so the time is that of reading b once, row after row as it
 * lies there; eight rows at a time, each scaled and added to the result. A column or few: one straight dot
 * product for each number of the result. All else: in blocks (matmul_blocks.c), where each number read is used many times.
 *
 * c = a @ b is also c.T = b.T @ a.T, which costs nothing but names: so each way is written for one side only.
 */

#include "matmul.h"

#include <string.h>

enum { ROWS_TOGETHER = 8, FEW_ROWS = 8, FEW_COLUMNS = 4 };

/* ---- the ways ---- */

static double number(const char *at, ptrdiff_t itemsize)
{
	double x;
	float y;

	if (itemsize == 8) {
		memcpy(&x, at, sizeof x);
		return x;
	}
	memcpy(&y, at, sizeof y);
	return (double)y;
}

/* b's rows and c's rows are runs of neighbours. Eight rows of b are used for all rows of c before the next eight. */
static void few_rows(const struct nd_tile *tile, ptrdiff_t itemsize, const struct nd_matrix *a, const struct nd_matrix *b,
                     const struct nd_matrix *c)
{
	for (ptrdiff_t i = 0; i < c->rows; i++)
		memset(c->data + i * c->row_stride, 0, (size_t)(c->columns * itemsize));
	for (ptrdiff_t p = 0; p < b->rows; p += ROWS_TOGETHER) {
		ptrdiff_t together = b->rows - p < ROWS_TOGETHER ? b->rows - p : ROWS_TOGETHER;
		const char *rows[ROWS_TOGETHER];
		double weights[ROWS_TOGETHER];

		for (ptrdiff_t k = 0; k < together; k++)
			rows[k] = b->data + (p + k) * b->row_stride;
		for (ptrdiff_t i = 0; i < c->rows; i++) {
			char *to = c->data + i * c->row_stride;

			for (ptrdiff_t k = 0; k < together; k++)
				weights[k] = number(a->data + i * a->row_stride + (p + k) * a->column_stride, itemsize);
			if (together == ROWS_TOGETHER) {
				tile->add_rows(c->columns, to, rows, weights);
				continue;
			}
			for (ptrdiff_t k = 0; k < together; k++)
				tile->add_row(c->columns, to, rows[k], weights[k]);
		}
	}
}

/* a's rows and b's columns are runs of neighbours. */
static void few_columns(const struct nd_tile *tile, const struct nd_matrix *a, const struct nd_matrix *b,
                        const struct nd_matrix *c)
{
	for (ptrdiff_t i = 0; i < c->rows; i++) {
		for (ptrdiff_t j = 0; j < c->columns; j++)
			tile->dot(a->columns, c->data + i * c->row_stride + j * c->column_stride, a->data + i * a->row_stride,
			          b->data + j * b->column_stride);
	}
}

static struct nd_matrix transposed(const struct nd_matrix *m)
{
	return (struct nd_matrix){ m->data, m->columns, m->rows, m->column_stride, m->row_stride };
}

/* False if this way is not for such operands. */
static bool multiply_vector(const struct nd_tile *tile, ptrdiff_t itemsize, const struct nd_matrix *a,
                            const struct nd_matrix *b, const struct nd_matrix *c)
{
	if (c->rows <= FEW_ROWS && b->column_stride == itemsize && c->column_stride == itemsize) {
		few_rows(tile, itemsize, a, b, c);
		return true;
	}
	if (c->columns <= FEW_COLUMNS && a->column_stride == itemsize && b->row_stride == itemsize) {
		few_columns(tile, a, b, c);
		return true;
	}
	return false;
}

static void multiply(const struct nd_tile *tile, ptrdiff_t itemsize, const struct nd_matrix *a, const struct nd_matrix *b,
                     const struct nd_matrix *c)
{
	struct nd_matrix at = transposed(a), bt = transposed(b), ct = transposed(c);

	if (multiply_vector(tile, itemsize, a, b, c) || multiply_vector(tile, itemsize, &bt, &at, &ct))
		return;
	if (c->row_stride == itemsize && c->column_stride != itemsize)
		nd_matmul_blocks(tile, itemsize, &bt, &at, &ct);
	else
		nd_matmul_blocks(tile, itemsize, a, b, c);
}

/* ---- shapes ---- */

struct product {
	struct nd_matrix a, b;
	int ndim;
	ptrdiff_t shape[2];
};

static int plan(const struct nd *a, const struct nd *b, struct product *product)
{
	struct nd_matrix *m = &product->a, *n = &product->b;

	if (!a->buffer || !b->buffer || a->dtype != b->dtype || (a->dtype != ND_FLOAT64 && a->dtype != ND_FLOAT32))
		return ND_EINVAL;
	if (a->geom.ndim < 1 || b->geom.ndim < 1 || a->geom.ndim > 2 || b->geom.ndim > 2)
		return ND_EDIMS;
	if (nd_shape(a, a->geom.ndim - 1) != nd_shape(b, 0))
		return ND_ESHAPE;
	/* one row, or one column, has no neighbour: its stride is as good as any */
	*m = (struct nd_matrix){ nd_data(a), 1, nd_shape(a, a->geom.ndim - 1), 0, nd_stride(a, a->geom.ndim - 1) };
	*n = (struct nd_matrix){ nd_data(b), nd_shape(b, 0), 1, nd_stride(b, 0), b->geom.itemsize };
	product->ndim = 0;
	if (a->geom.ndim == 2) {
		m->rows = product->shape[product->ndim++] = nd_shape(a, 0);
		m->row_stride = nd_stride(a, 0);
	}
	if (b->geom.ndim == 2) {
		n->columns = product->shape[product->ndim++] = nd_shape(b, 1);
		n->column_stride = nd_stride(b, 1);
	}
	return ND_OK;
}

static void execute(const struct product *product, const struct nd *out)
{
	struct nd_matrix c = { nd_data(out), product->a.rows, product->b.columns, 0, out->geom.itemsize };
	struct nd zeros = *out;

	if (c.rows == 0 || c.columns == 0)
		return;
	if (product->a.columns == 0) {
		nd_fill(&zeros, 0);
		return;
	}
	/* with one axis, it is that of the operand with two */
	if (product->ndim == 2) {
		c.row_stride = nd_stride(out, 0);
		c.column_stride = nd_stride(out, 1);
	} else if (product->ndim == 1 && c.columns == 1) {
		c.row_stride = nd_stride(out, 0);
	} else if (product->ndim == 1) {
		c.column_stride = nd_stride(out, 0);
	}
	multiply(nd_tile_choose(out->dtype), out->geom.itemsize, &product->a, &product->b, &c);
}

int nd_matmul(const struct nd *a, const struct nd *b, struct nd *out_array)
{
	struct product product;
	int status = plan(a, b, &product);

	if (status == ND_OK)
		status = nd_empty(a->dtype, product.ndim, product.shape, out_array);
	if (status == ND_OK)
		execute(&product, out_array);
	return status;
}

static bool shares(const struct nd *a, const struct nd *b)
{
	return nd_may_share_memory(a, b) && nd_geom_shares_memory(&a->geom, &b->geom, 1, NULL) != ND_SHARES_NO;
}

int nd_matmul_into(const struct nd *a, const struct nd *b, struct nd *out)
{
	struct product product;
	struct nd apart;
	int status = plan(a, b, &product);

	if (status != ND_OK)
		return status;
	if (!out->buffer || out->dtype != a->dtype)
		return ND_EINVAL;
	if (!out->writeable)
		return ND_EREADONLY;
	if (!nd_same_shape(out, product.ndim, product.shape))
		return ND_ESHAPE;
	if (!shares(out, a) && !shares(out, b) && !nd_meets_itself(out)) {
		execute(&product, out);
		return ND_OK;
	}
	status = nd_empty(out->dtype, product.ndim, product.shape, &apart);
	if (status != ND_OK)
		return status;
	execute(&product, &apart);
	nd_copy_into(out, &apart);
	nd_count_copied(out);
	nd_release(&apart);
	return ND_OK;
}
