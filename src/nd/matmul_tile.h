/* SPDX-License-Identifier: MIT */
/*
 * The innermost loops of the matrix product for one type and one kind of processor: included once for each, no guard.
 *
 * T              the element's type
 * NAME(x)        x with the type's and the processor's name behind it
 * TARGET         the attribute that lets the compiler use this processor's instructions
 * VECTOR_BYTES   of its registers
 * TILE_ROWS, TILE_VECTORS   the tile of the result that is kept in registers: so many rows of so many vectors
 *
 * A product and a sum may be one instruction here (fused, rounded once), unlike everywhere else in nd.
 */

typedef T NAME(tile_item) __attribute__((may_alias));
typedef T NAME(tile_vector) __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(T)), may_alias));

/*
 * A whole tile of the result from a packed panel of each operand.
 *
 * a        k columns of TILE_ROWS elements
 * b        k rows of TILE_VECTORS vectors
 * c        the tile; its rows are c_stride bytes apart
 * add      to what is there, or write over it
 */
TARGET ND_FUSED static void NAME(tile)(ptrdiff_t k, const char *a_bytes, const char *b_bytes, char *c, ptrdiff_t c_stride,
                                       bool add)
{
	ND_FUSED_HERE
	const ptrdiff_t lanes = VECTOR_BYTES / sizeof(T);
	const NAME(tile_item) *a = (const void *)a_bytes, *b = (const void *)b_bytes;
	NAME(tile_vector) sums[TILE_ROWS][TILE_VECTORS] = { 0 };

	for (ptrdiff_t p = 0; p < k; p++) {
		NAME(tile_vector) row[TILE_VECTORS];

#pragma GCC unroll 4
		for (int j = 0; j < TILE_VECTORS; j++)
			row[j] = *(const NAME(tile_vector) *)(b + j * lanes);
#pragma GCC unroll 8
		for (int i = 0; i < TILE_ROWS; i++) {
#pragma GCC unroll 4
			for (int j = 0; j < TILE_VECTORS; j++)
				sums[i][j] += a[i] * row[j];
		}
		a += TILE_ROWS;
		b += TILE_VECTORS * lanes;
	}
#pragma GCC unroll 8
	for (int i = 0; i < TILE_ROWS; i++) {
#pragma GCC unroll 4
		for (int j = 0; j < TILE_VECTORS; j++) {
			NAME(tile_vector) *to = (NAME(tile_vector) *)(void *)(c + i * c_stride + j * VECTOR_BYTES);

			if (add)
				sums[i][j] += *to;
			*to = sums[i][j];
		}
	}
}

/* out[j] += the sum of weights[k] * rows[k][j] over eight rows: a vector times a matrix, eight rows at a time. */
TARGET ND_FUSED static void NAME(add_rows)(ptrdiff_t n, char *out, const char *const rows[], const double weights[])
{
	ND_FUSED_HERE
	const ptrdiff_t lanes = VECTOR_BYTES / sizeof(T);
	NAME(tile_item) *o = (void *)out;
	NAME(tile_vector) w[8];
	ptrdiff_t j = 0;

#pragma GCC unroll 8
	for (int k = 0; k < 8; k++)
		w[k] = (T)weights[k] - (NAME(tile_vector)){ 0 };
	for (; j + lanes <= n; j += lanes) {
		NAME(tile_vector) sum = *(NAME(tile_vector) *)(o + j), other = { 0 };

#pragma GCC unroll 4
		for (int k = 0; k < 8; k += 2) {
			sum += w[k] * *(const NAME(tile_vector) *)(const void *)(rows[k] + j * (ptrdiff_t)sizeof(T));
			other += w[k + 1] *
			         *(const NAME(tile_vector) *)(const void *)(rows[k + 1] + j * (ptrdiff_t)sizeof(T));
		}
		*(NAME(tile_vector) *)(o + j) = sum + other;
	}
	for (; j < n; j++) {
		T sum = o[j];

		for (int k = 0; k < 8; k++)
			sum += (T)weights[k] * ((const NAME(tile_item) *)(const void *)rows[k])[j];
		o[j] = sum;
	}
}

/* out[j] += weight * row[j]: what is left of the rows. */
TARGET ND_FUSED static void NAME(add_row)(ptrdiff_t n, char *out, const char *row, double weight)
{
	ND_FUSED_HERE
	const ptrdiff_t lanes = VECTOR_BYTES / sizeof(T);
	const NAME(tile_item) *r = (const void *)row;
	NAME(tile_item) *o = (void *)out;
	ptrdiff_t j = 0;

	for (; j + lanes <= n; j += lanes)
		*(NAME(tile_vector) *)(o + j) += (T)weight * *(const NAME(tile_vector) *)(r + j);
	for (; j < n; j++)
		o[j] += (T)weight * r[j];
}

/* out[0] = the sum of a[i] * b[i]: a row times a column that both lie straight on. */
TARGET ND_FUSED static void NAME(dot)(ptrdiff_t n, char *out, const char *a_bytes, const char *b_bytes)
{
	ND_FUSED_HERE
	const ptrdiff_t lanes = VECTOR_BYTES / sizeof(T);
	const NAME(tile_item) *a = (const void *)a_bytes, *b = (const void *)b_bytes;
	NAME(tile_vector) sums[4] = { 0 };
	ptrdiff_t i = 0;
	T sum;

	for (; i + 4 * lanes <= n; i += 4 * lanes) {
#pragma GCC unroll 4
		for (int k = 0; k < 4; k++)
			sums[k] += *(const NAME(tile_vector) *)(a + i + k * lanes) * *(const NAME(tile_vector) *)(b + i + k * lanes);
	}
	for (; i + lanes <= n; i += lanes)
		sums[0] += *(const NAME(tile_vector) *)(a + i) * *(const NAME(tile_vector) *)(b + i);
	sums[0] = (sums[0] + sums[1]) + (sums[2] + sums[3]);
	for (ptrdiff_t half = lanes / 2; half > 0; half /= 2) {
		for (ptrdiff_t k = 0; k < half; k++)
			sums[0][k] += sums[0][k + half];
	}
	sum = sums[0][0];
	for (; i < n; i++)
		sum += a[i] * b[i];
	*(NAME(tile_item) *)(void *)out = sum;
}

static const struct nd_tile NAME(tiles) = {
	.rows = TILE_ROWS,
	.columns = TILE_VECTORS * (VECTOR_BYTES / sizeof(T)),
	.tile = NAME(tile),
	.add_rows = NAME(add_rows),
	.add_row = NAME(add_row),
	.dot = NAME(dot),
};

#undef T
#undef NAME
