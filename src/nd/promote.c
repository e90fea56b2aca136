/* SPDX-License-Identifier: MIT */
/*
 * Which type two types make together, and which casts are harmless enough.
 *
 * NumPy's promotion: the smallest type that holds every value of both. For whole numbers that is the wider one; a
 * float32 holds 24 bits, so int32 and int64 with it make float64.
 *
 * Source: NumPy's promotion table (numpy.promote_types) and numpy.can_cast(..., casting="same_kind").
 */

#include "inner.h"

enum nd_dtype nd_promote(enum nd_dtype a, enum nd_dtype b)
{
	static const enum nd_dtype wider[ND_DTYPES][ND_DTYPES] = {
		[ND_FLOAT64] = { ND_FLOAT64, ND_FLOAT64, ND_FLOAT64, ND_FLOAT64, ND_FLOAT64, ND_FLOAT64 },
		[ND_FLOAT32] = { ND_FLOAT64, ND_FLOAT32, ND_FLOAT64, ND_FLOAT64, ND_FLOAT32, ND_FLOAT32 },
		[ND_INT64] = { ND_FLOAT64, ND_FLOAT64, ND_INT64, ND_INT64, ND_INT64, ND_INT64 },
		[ND_INT32] = { ND_FLOAT64, ND_FLOAT64, ND_INT64, ND_INT32, ND_INT32, ND_INT32 },
		[ND_UINT8] = { ND_FLOAT64, ND_FLOAT32, ND_INT64, ND_INT32, ND_UINT8, ND_UINT8 },
		[ND_BOOL] = { ND_FLOAT64, ND_FLOAT32, ND_INT64, ND_INT32, ND_UINT8, ND_BOOL },
	};

	return wider[a][b];
}

bool nd_same_kind(enum nd_dtype to, enum nd_dtype from)
{
	static const int kind[ND_DTYPES] = {
		[ND_FLOAT64] = 3, [ND_FLOAT32] = 3, [ND_INT64] = 2, [ND_INT32] = 2, [ND_UINT8] = 1, [ND_BOOL] = 0,
	};

	return kind[from] <= kind[to];
}
