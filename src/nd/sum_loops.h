/* SPDX-License-Identifier: MIT */
/*
 * The inner loops of sums, for one type: included once for each, so it has no guard.
 *
 * T        the element's and the sum's type
 * NAME(x)  x with the type's name behind it
 *
 * A sum of n numbers in a row, one after another, has an error that grows with n; split in halves again and again, with
 * log2(n). So nothing here adds up more than 16 rows or 16 vectors in a row; the halving is the caller's.
 *
 * Source: N. J. Higham, "The accuracy of floating point summation", SIAM J. Sci. Comput. 14 (1993);
 * NumPy's pairwise sum (loops_utils.h.src), whose 128 elements with 8 partial sums are 512 with 32 here: the same bound.
 */

/*
 * A T, and 32 bytes of them from any T's address on; blocks on the stack are plain bytes, hence may_alias. Vectors wider than the machine's registers are
 * no gain: GCC 12 keeps those in memory instead.
 */
typedef T NAME(item) __attribute__((may_alias));
typedef T NAME(vector) __attribute__((vector_size(32), aligned(sizeof(T)), may_alias));

enum { NAME(LANES) = 32 / sizeof(T) };

/* Up to ND_BLOCK neighbours. Eight vectors at a time hide the time that an addition takes. */
static inline __attribute__((always_inline)) T NAME(sum_block)(const NAME(item) *p, ptrdiff_t n)
{
	const ptrdiff_t lanes = NAME(LANES);
	ptrdiff_t i = 0;
	T sum = 0;

	if (n >= lanes) {
		NAME(vector) s0 = { 0 }, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;

		for (; i + 8 * lanes <= n; i += 8 * lanes) {
			const NAME(vector) *v = (const NAME(vector) *)(p + i);

			s0 += v[0];
			s1 += v[1];
			s2 += v[2];
			s3 += v[3];
			s4 += v[4];
			s5 += v[5];
			s6 += v[6];
			s7 += v[7];
		}
		for (; i + lanes <= n; i += lanes)
			s0 += *(const NAME(vector) *)(p + i);
		s0 = ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
		for (ptrdiff_t half = lanes / 2; half > 0; half /= 2) {
			for (ptrdiff_t k = 0; k < half; k++)
				s0[k] += s0[k + half];
		}
		sum = s0[0];
	}
	for (; i < n; i++)
		sum += p[i];
	return sum;
}

/* Up to ND_BLOCK elements that are not neighbours: eight partial sums for each 128, which are then added as a tree. */
static inline __attribute__((always_inline)) T NAME(sum_strided)(const char *from, ptrdiff_t n, ptrdiff_t stride)
{
	T parts[ND_BLOCK / 128] = { 0 };

	for (ptrdiff_t part = 0; part * 128 < n; part++) {
		const char *p = from + part * 128 * stride;
		ptrdiff_t count = n - part * 128 < 128 ? n - part * 128 : 128, i = 0;
		T s[8] = { 0 };

		for (; i + 8 <= count; i += 8) {
#pragma GCC unroll 8
			for (int k = 0; k < 8; k++)
				s[k] += *(const NAME(item) *)(const void *)(p + (i + k) * stride);
		}
		parts[part] = ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
		for (; i < count; i++)
			parts[part] += *(const NAME(item) *)(const void *)(p + i * stride);
	}
	return (parts[0] + parts[1]) + (parts[2] + parts[3]);
}

/* The sums of `rows` runs of n <= ND_BLOCK elements, the runs `row_stride` and the elements `stride` bytes apart. */
ND_CLONES static void NAME(sum_rows)(ptrdiff_t rows, const char *from, ptrdiff_t row_stride, ptrdiff_t n, ptrdiff_t stride,
                                     void *out_sums)
{
	NAME(item) *sums = out_sums;

	for (ptrdiff_t i = 0; i < rows; i++, from += row_stride) {
		if (stride == sizeof(T))
			sums[i] = NAME(sum_block)((const NAME(item) *)(const void *)from, n);
		else
			sums[i] = NAME(sum_strided)(from, n, stride);
	}
}

/* sums += eight rows, added up as a tree. */
ND_CLONES static void NAME(add_eight)(ptrdiff_t n, void *sums, const char *const rows[])
{
	NAME(item) *s = sums;
	const NAME(item) *r0 = (const void *)rows[0], *r1 = (const void *)rows[1], *r2 = (const void *)rows[2];
	const NAME(item) *r3 = (const void *)rows[3], *r4 = (const void *)rows[4], *r5 = (const void *)rows[5];
	const NAME(item) *r6 = (const void *)rows[6], *r7 = (const void *)rows[7];

	ND_IVDEP for (ptrdiff_t i = 0; i < n; i++)
		s[i] += ((r0[i] + r1[i]) + (r2[i] + r3[i])) + ((r4[i] + r5[i]) + (r6[i] + r7[i]));
}

/* sums += one row. */
ND_CLONES static void NAME(add_one)(ptrdiff_t n, void *sums, const char *row)
{
	NAME(item) *s = sums;
	const NAME(item) *r = (const void *)row;

	ND_IVDEP for (ptrdiff_t i = 0; i < n; i++)
		s[i] += r[i];
}

#undef T
#undef NAME
