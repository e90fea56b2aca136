/* SPDX-License-Identifier: MIT */
/*
 * Inner loops that move elements: plain copies by size, and casts from each type to each other.
 *
 * A cast truncates floats towards zero, wraps integers, and makes true of everything but zero, as NumPy's. What does
 * not fit (NaN, 1e300 to int64) gives the most negative integer, as x86 does, where C leaves it undefined.
 */

#include "inner.h"

#include <string.h>

/* The bytes of any type may be read as these: blocks on the stack are plain bytes. */
typedef double f8 __attribute__((may_alias));
typedef float f4 __attribute__((may_alias));
typedef int64_t i8 __attribute__((may_alias));
typedef int32_t i4 __attribute__((may_alias));
typedef uint8_t u1 __attribute__((may_alias));

/* ---- one element ---- */

static inline i8 to_i8(double x)
{
	return x >= -0x1p63 && x < 0x1p63 ? (i8)x : INT64_MIN;
}

static inline i4 to_i4(double x)
{
	return x > -0x1p31 - 1 && x < 0x1p31 ? (i4)x : INT32_MIN;
}

/* ---- one run ---- */

/* A loop for adjacent elements, which the compiler vectorises, one for a single value repeated, and one for the rest. */
#define MOVE(name, TO, FROM, EXPRESSION)                                                               \
	ND_CLONES static void name(ptrdiff_t n, char *out, ptrdiff_t out_stride, const char *a, ptrdiff_t a_stride) \
	{                                                                                              \
		if (out_stride == sizeof(TO) && a_stride == sizeof(FROM)) {                            \
			TO *to = (TO *)(void *)out;                                                    \
			const FROM *from = (const FROM *)(const void *)a;                              \
			ND_IVDEP for (ptrdiff_t i = 0; i < n; i++)                                     \
			{                                                                              \
				FROM x = from[i];                                                      \
				to[i] = EXPRESSION;                                                    \
			}                                                                              \
		} else if (out_stride == sizeof(TO) && a_stride == 0) {                                \
			TO *to = (TO *)(void *)out;                                                    \
			FROM x = *(const FROM *)(const void *)a;                                       \
			TO value = EXPRESSION;                                                         \
			ND_IVDEP for (ptrdiff_t i = 0; i < n; i++)                                     \
				to[i] = value;                                                         \
		} else {                                                                               \
			ND_IVDEP for (ptrdiff_t i = 0; i < n; i++)                                     \
			{                                                                              \
				FROM x = *(const FROM *)(const void *)(a + i * a_stride);              \
				*(TO *)(void *)(out + i * out_stride) = EXPRESSION;                    \
			}                                                                              \
		}                                                                                      \
	}

MOVE(move_8, i8, i8, x)
MOVE(move_4, i4, i4, x)
MOVE(move_1, u1, u1, x)

MOVE(f8_from_f4, f8, f4, (f8)x)
MOVE(f8_from_i8, f8, i8, (f8)x)
MOVE(f8_from_i4, f8, i4, (f8)x)
MOVE(f8_from_u1, f8, u1, (f8)x)
MOVE(f4_from_f8, f4, f8, (f4)x)
MOVE(f4_from_i8, f4, i8, (f4)x)
MOVE(f4_from_i4, f4, i4, (f4)x)
MOVE(f4_from_u1, f4, u1, (f4)x)
MOVE(i8_from_f8, i8, f8, to_i8(x))
MOVE(i8_from_f4, i8, f4, to_i8((double)x))
MOVE(i8_from_i4, i8, i4, (i8)x)
MOVE(i8_from_u1, i8, u1, (i8)x)
MOVE(i4_from_f8, i4, f8, to_i4(x))
MOVE(i4_from_f4, i4, f4, to_i4((double)x))
MOVE(i4_from_i8, i4, i8, (i4)x)
MOVE(i4_from_u1, i4, u1, (i4)x)
MOVE(u1_from_f8, u1, f8, (u1)to_i4(x))
MOVE(u1_from_f4, u1, f4, (u1)to_i4((double)x))
MOVE(u1_from_i8, u1, i8, (u1)x)
MOVE(u1_from_i4, u1, i4, (u1)x)
MOVE(bool_from_f8, u1, f8, x != 0)
MOVE(bool_from_f4, u1, f4, x != 0)
MOVE(bool_from_i8, u1, i8, x != 0)
MOVE(bool_from_i4, u1, i4, x != 0)
MOVE(bool_from_u1, u1, u1, x != 0)

/* memcpy knows this machine's way of copying long runs; it is not told about a run that is its own source. */
static void copy_run(ptrdiff_t n, char *out, ptrdiff_t out_stride, const char *a, ptrdiff_t a_stride, ptrdiff_t itemsize,
                     nd_loop1 *strided)
{
	if (out_stride == itemsize && a_stride == itemsize && n * itemsize >= 64) {
		if (out != a)
			memcpy(out, a, (size_t)(n * itemsize));
	} else {
		strided(n, out, out_stride, a, a_stride);
	}
}

static void copy_8(ptrdiff_t n, char *out, ptrdiff_t out_stride, const char *a, ptrdiff_t a_stride)
{
	copy_run(n, out, out_stride, a, a_stride, 8, move_8);
}

static void copy_4(ptrdiff_t n, char *out, ptrdiff_t out_stride, const char *a, ptrdiff_t a_stride)
{
	copy_run(n, out, out_stride, a, a_stride, 4, move_4);
}

static void copy_1(ptrdiff_t n, char *out, ptrdiff_t out_stride, const char *a, ptrdiff_t a_stride)
{
	copy_run(n, out, out_stride, a, a_stride, 1, move_1);
}

/* A bool is a byte of 0 or 1: reading it as a number is reading a uint8. */
static nd_loop1 *const casts[ND_DTYPES][ND_DTYPES] = {
	[ND_FLOAT64] = { copy_8, f8_from_f4, f8_from_i8, f8_from_i4, f8_from_u1, f8_from_u1 },
	[ND_FLOAT32] = { f4_from_f8, copy_4, f4_from_i8, f4_from_i4, f4_from_u1, f4_from_u1 },
	[ND_INT64] = { i8_from_f8, i8_from_f4, copy_8, i8_from_i4, i8_from_u1, i8_from_u1 },
	[ND_INT32] = { i4_from_f8, i4_from_f4, i4_from_i8, copy_4, i4_from_u1, i4_from_u1 },
	[ND_UINT8] = { u1_from_f8, u1_from_f4, u1_from_i8, u1_from_i4, copy_1, copy_1 },
	[ND_BOOL] = { bool_from_f8, bool_from_f4, bool_from_i8, bool_from_i4, bool_from_u1, copy_1 },
};

nd_loop1 *nd_cast_loop(enum nd_dtype to, enum nd_dtype from)
{
	return casts[to][from];
}
