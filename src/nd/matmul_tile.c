/* SPDX-License-Identifier: MIT */
/*
 * The matrix product's innermost loops for each kind of processor, and which of them this one can run.
 *
 * The tile is as large as the registers allow: with 32 registers of 64 bytes 8 x 3 hold the sums, 3 a row of b. So each
 * number that is read from the cache is used many times over.
 *
 * Source: K. Goto, R. van de Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS 34 (2008).
 */

#include "matmul.h"

/* a * b + c rounded once: how a compiler is told, here only. */
#if defined(__clang__)
#define ND_FUSED
#define ND_FUSED_HERE _Pragma("clang fp contract(fast)")
#elif defined(__GNUC__)
#define ND_FUSED __attribute__((optimize("fp-contract=fast")))
#define ND_FUSED_HERE
#endif

#define TARGET
#define VECTOR_BYTES 16
#define TILE_ROWS 4
#define TILE_VECTORS 2
#define T double
#define NAME(x) x##_f8
#include "matmul_tile.h"
#define T float
#define NAME(x) x##_f4
#include "matmul_tile.h"
#undef TARGET
#undef VECTOR_BYTES
#undef TILE_ROWS
#undef TILE_VECTORS

#ifdef ND_X86_CLONES
#define TARGET __attribute__((target("avx2,fma")))
#define VECTOR_BYTES 32
#define TILE_ROWS 4
#define TILE_VECTORS 3
#define T double
#define NAME(x) x##_f8_avx2
#include "matmul_tile.h"
#define T float
#define NAME(x) x##_f4_avx2
#include "matmul_tile.h"
#undef TARGET
#undef VECTOR_BYTES
#undef TILE_ROWS
#undef TILE_VECTORS

#define TARGET __attribute__((target("avx512f")))
#define VECTOR_BYTES 64
#define TILE_ROWS 8
#define TILE_VECTORS 3
#define T double
#define NAME(x) x##_f8_avx512
#include "matmul_tile.h"
#define T float
#define NAME(x) x##_f4_avx512
#include "matmul_tile.h"
#endif

const struct nd_tile *nd_tile_choose(enum nd_dtype dtype)
{
#ifdef ND_X86_CLONES
	if (__builtin_cpu_supports("avx512f"))
		return dtype == ND_FLOAT64 ? &tiles_f8_avx512 : &tiles_f4_avx512;
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		return dtype == ND_FLOAT64 ? &tiles_f8_avx2 : &tiles_f4_avx2;
#endif
	return dtype == ND_FLOAT64 ? &tiles_f8 : &tiles_f4;
}
