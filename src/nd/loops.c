/* SPDX-License-Identifier: MIT */
/*
 * Inner loops of arithmetic: one function for each operation and type, n elements at a time.
 *
 * Each is written once, as an expression in x and y, and compiled for four layouts: all three runs adjacent in memory,
 * one operand a single value, and anything else. The first three are what a compiler can vectorise; they run as fast
 * as memory delivers. Whole numbers are added as unsigned ones, which wrap around by definition, as NumPy's do.
 */

#include "inner.h"

#include <math.h>

/* sqrt() may set errno one element at a time; under -fno-math-errno, as the Makefile has it for this file, it is a vector instruction. */
#ifdef __NO_MATH_ERRNO__
#define ROOT_IVDEP ND_IVDEP
#else
#define ROOT_IVDEP
#endif

/* The bytes of any type may be read as these: blocks on the stack are plain bytes. */
typedef double f8 __attribute__((may_alias));
typedef float f4 __attribute__((may_alias));
typedef int64_t i8 __attribute__((may_alias));
typedef int32_t i4 __attribute__((may_alias));
typedef uint8_t u1 __attribute__((may_alias));

#define AT(T, base, i, stride) (*(T *)(void *)((base) + (i) * (stride)))
#define AT_CONST(T, base, i, stride) (*(const T *)(const void *)((base) + (i) * (stride)))

#define LOOP2(name, T, EXPRESSION)                                                                              \
	ND_CLONES static void name(ptrdiff_t n, char *out, ptrdiff_t out_stride, const char *a, ptrdiff_t a_stride, \
	                           const char *b, ptrdiff_t b_stride)                                          \
	{                                                                                                      \
		const ptrdiff_t step = sizeof(T);                                                              \
                                                                                                               \
		if (out_stride == step && a_stride == step && b_stride == step) {                              \
			T *o = (T *)(void *)out;                                                               \
			const T *p = (const T *)(const void *)a, *q = (const T *)(const void *)b;              \
			ND_IVDEP for (ptrdiff_t i = 0; i < n; i++)                                             \
			{                                                                                      \
				const T x = p[i], y = q[i];                                                    \
				o[i] = (T)(EXPRESSION);                                                        \
			}                                                                                      \
		} else if (out_stride == step && a_stride == step && b_stride == 0) {                          \
			T *o = (T *)(void *)out;                                                               \
			const T *p = (const T *)(const void *)a, y = AT_CONST(T, b, 0, 0);                     \
			ND_IVDEP for (ptrdiff_t i = 0; i < n; i++)                                             \
			{                                                                                      \
				const T x = p[i];                                                              \
				o[i] = (T)(EXPRESSION);                                                        \
			}                                                                                      \
		} else if (out_stride == step && a_stride == 0 && b_stride == step) {                          \
			T *o = (T *)(void *)out;                                                               \
			const T *q = (const T *)(const void *)b, x = AT_CONST(T, a, 0, 0);                     \
			ND_IVDEP for (ptrdiff_t i = 0; i < n; i++)                                             \
			{                                                                                      \
				const T y = q[i];                                                              \
				o[i] = (T)(EXPRESSION);                                                        \
			}                                                                                      \
		} else {                                                                                       \
			ND_IVDEP for (ptrdiff_t i = 0; i < n; i++)                                             \
			{                                                                                      \
				const T x = AT_CONST(T, a, i, a_stride), y = AT_CONST(T, b, i, b_stride);      \
				AT(T, out, i, out_stride) = (T)(EXPRESSION);                                   \
			}                                                                                      \
		}                                                                                              \
	}

#define LOOP1_HINT(name, T, EXPRESSION, HINT)                                                                              \
	ND_CLONES static void name(ptrdiff_t n, char *out, ptrdiff_t out_stride, const char *a, ptrdiff_t a_stride) \
	{                                                                                                      \
		const ptrdiff_t step = sizeof(T);                                                              \
                                                                                                               \
		if (out_stride == step && a_stride == step) {                                                  \
			T *o = (T *)(void *)out;                                                               \
			const T *p = (const T *)(const void *)a;                                               \
			HINT for (ptrdiff_t i = 0; i < n; i++)                                             \
			{                                                                                      \
				const T x = p[i];                                                              \
				o[i] = (T)(EXPRESSION);                                                        \
			}                                                                                      \
		} else {                                                                                       \
			HINT for (ptrdiff_t i = 0; i < n; i++)                                             \
			{                                                                                      \
				const T x = AT_CONST(T, a, i, a_stride);                                       \
				AT(T, out, i, out_stride) = (T)(EXPRESSION);                                   \
			}                                                                                      \
		}                                                                                              \
	}

#define LOOP1(name, T, EXPRESSION) LOOP1_HINT(name, T, EXPRESSION, ND_IVDEP)

/* For what the compiler cannot vectorise anyhow. */
#define LOOP2_PLAIN(name, T, EXPRESSION)                                                                         \
	static void name(ptrdiff_t n, char *out, ptrdiff_t out_stride, const char *a, ptrdiff_t a_stride,        \
	                 const char *b, ptrdiff_t b_stride)                                                      \
	{                                                                                                      \
		for (ptrdiff_t i = 0; i < n; i++) {                                                            \
			const T x = AT_CONST(T, a, i, a_stride), y = AT_CONST(T, b, i, b_stride);              \
			AT(T, out, i, out_stride) = (T)(EXPRESSION);                                           \
		}                                                                                              \
	}

/* y is not negative: the caller has looked. By squaring, wrapping around. */
static inline uint64_t power_u8(uint64_t x, uint64_t y)
{
	uint64_t result = 1;

	for (; y > 0; y >>= 1) {
		if (y & 1)
			result *= x;
		x *= x;
	}
	return result;
}

/* NumPy's maximum and minimum pass a NaN on, whichever side it is on. */
#define GREATER(x, y) ((x) >= (y) || (x) != (x) ? (x) : (y))
#define LESS(x, y) ((x) <= (y) || (x) != (x) ? (x) : (y))

LOOP2(add_f8, f8, x + y)
LOOP2(add_f4, f4, x + y)
LOOP2(add_i8, i8, (uint64_t)x + (uint64_t)y)
LOOP2(add_i4, i4, (uint32_t)x + (uint32_t)y)
LOOP2(add_u1, u1, x + y)
LOOP2(add_b1, u1, x | y)
LOOP2(subtract_f8, f8, x - y)
LOOP2(subtract_f4, f4, x - y)
LOOP2(subtract_i8, i8, (uint64_t)x - (uint64_t)y)
LOOP2(subtract_i4, i4, (uint32_t)x - (uint32_t)y)
LOOP2(subtract_u1, u1, x - y)
LOOP2(multiply_f8, f8, x * y)
LOOP2(multiply_f4, f4, x * y)
LOOP2(multiply_i8, i8, (uint64_t)x * (uint64_t)y)
LOOP2(multiply_i4, i4, (uint32_t)x * (uint32_t)y)
LOOP2(multiply_u1, u1, x * y)
LOOP2(multiply_b1, u1, x & y)
LOOP2(divide_f8, f8, x / y)
LOOP2(divide_f4, f4, x / y)
LOOP2_PLAIN(power_f8, f8, pow(x, y))
LOOP2_PLAIN(power_f4, f4, powf(x, y))
LOOP2_PLAIN(power_i8, i8, power_u8((uint64_t)x, (uint64_t)y))
LOOP2_PLAIN(power_i4, i4, power_u8((uint64_t)x, (uint64_t)y))
LOOP2_PLAIN(power_u1, u1, power_u8(x, y))
LOOP2(maximum_f8, f8, GREATER(x, y))
LOOP2(maximum_f4, f4, GREATER(x, y))
LOOP2(maximum_i8, i8, x > y ? x : y)
LOOP2(maximum_i4, i4, x > y ? x : y)
LOOP2(maximum_u1, u1, x > y ? x : y)
LOOP2(minimum_f8, f8, LESS(x, y))
LOOP2(minimum_f4, f4, LESS(x, y))
LOOP2(minimum_i8, i8, x < y ? x : y)
LOOP2(minimum_i4, i4, x < y ? x : y)
LOOP2(minimum_u1, u1, x < y ? x : y)

LOOP1(negative_f8, f8, -x)
LOOP1(negative_f4, f4, -x)
LOOP1(negative_i8, i8, 0 - (uint64_t)x)
LOOP1(negative_i4, i4, 0 - (uint32_t)x)
LOOP1(negative_u1, u1, 0 - x)
LOOP1(absolute_f8, f8, fabs(x))
LOOP1(absolute_f4, f4, fabsf(x))
LOOP1(absolute_i8, i8, x < 0 ? 0 - (uint64_t)x : (uint64_t)x)
LOOP1(absolute_i4, i4, x < 0 ? 0 - (uint32_t)x : (uint32_t)x)
LOOP1(absolute_u1, u1, x)
LOOP1_HINT(sqrt_f8, f8, sqrt(x), ROOT_IVDEP)
LOOP1_HINT(sqrt_f4, f4, sqrtf(x), ROOT_IVDEP)
LOOP1(square_f8, f8, x *x)
LOOP1(square_f4, f4, x *x)
LOOP1(square_i8, i8, (uint64_t)x *(uint64_t)x)
LOOP1(square_i4, i4, (uint32_t)x *(uint32_t)x)
LOOP1(square_u1, u1, x *x)

/* By type: float64, float32, int64, int32, uint8, bool. */
static nd_loop2 *const binaries[][ND_DTYPES] = {
	[ND_ADD] = { add_f8, add_f4, add_i8, add_i4, add_u1, add_b1 },
	[ND_SUBTRACT] = { subtract_f8, subtract_f4, subtract_i8, subtract_i4, subtract_u1, NULL },
	[ND_MULTIPLY] = { multiply_f8, multiply_f4, multiply_i8, multiply_i4, multiply_u1, multiply_b1 },
	[ND_DIVIDE] = { divide_f8, divide_f4, NULL, NULL, NULL, NULL },
	[ND_POWER] = { power_f8, power_f4, power_i8, power_i4, power_u1, NULL },
	[ND_MAXIMUM] = { maximum_f8, maximum_f4, maximum_i8, maximum_i4, maximum_u1, maximum_u1 },
	[ND_MINIMUM] = { minimum_f8, minimum_f4, minimum_i8, minimum_i4, minimum_u1, minimum_u1 },
};

static nd_loop1 *const unaries[][ND_DTYPES] = {
	[ND_NEGATIVE] = { negative_f8, negative_f4, negative_i8, negative_i4, negative_u1, NULL },
	[ND_ABSOLUTE] = { absolute_f8, absolute_f4, absolute_i8, absolute_i4, absolute_u1, absolute_u1 },
	[ND_SQRT] = { sqrt_f8, sqrt_f4, NULL, NULL, NULL, NULL },
	[ND_SQUARE] = { square_f8, square_f4, square_i8, square_i4, square_u1, NULL },
};

nd_loop2 *nd_binary_loop(enum nd_binary op, enum nd_dtype dtype)
{
	return (unsigned)op < sizeof binaries / sizeof *binaries ? binaries[op][dtype] : NULL;
}

nd_loop1 *nd_unary_loop(enum nd_unary op, enum nd_dtype dtype)
{
	return (unsigned)op < sizeof unaries / sizeof *unaries ? unaries[op][dtype] : NULL;
}
