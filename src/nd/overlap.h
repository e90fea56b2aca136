/* SPDX-License-Identifier: MIT */
#ifndef ND_OVERLAP_H
#define ND_OVERLAP_H

/*
 * Do two strided arrays of one buffer have a byte in common?
 *
 * The bytes of an array are offset + sum(stride[k] * x[k]) + y with 0 <= x[k] < shape[k] and 0 <= y < itemsize, so
 * the question is a bounded linear Diophantine equation, NP-hard in general: hence the work limit.
 */

#include "geom.h"

#include <stdint.h>

/* One byte that both arrays touch, and the element of each that lies on it; the first ndim entries of each index count. */
struct nd_witness {
	ptrdiff_t byte; /* from the buffer's first byte */
	ptrdiff_t a_index[ND_GEOM_MAXDIMS];
	ptrdiff_t b_index[ND_GEOM_MAXDIMS];
};

enum nd_shares { ND_SHARES_NO = 0, ND_SHARES_YES = 1, ND_SHARES_TOO_HARD = 2 };

/*
 * Exact: NO and YES are proofs. Both geometries' offsets are in the same buffer. An array without elements shares nothing.
 *
 * max_work      candidates tried at most; 0 means the default (a few milliseconds), -1 no limit. ND_SHARES_TOO_HARD where it is
 *               reached, and for arrays whose bounds do not fit 63 bits.
 * out_witness   filled on ND_SHARES_YES; may be NULL. Which of the shared bytes it names is not specified.
 * Source        NumPy's mem_overlap.c, and Ramachandran's paper that it cites; see overlap_solve.c.
 */
enum nd_shares nd_geom_shares_memory(const struct nd_geom *a, const struct nd_geom *b, int64_t max_work,
                                     struct nd_witness *out_witness);
/* Only the bounds are compared, as np.may_share_memory does: true may be wrong, false never is. */
bool nd_geom_may_share_memory(const struct nd_geom *a, const struct nd_geom *b);
/* Does the array meet itself: do two different indices touch the same byte? max_work as above. */
enum nd_shares nd_geom_overlaps_itself(const struct nd_geom *geom, int64_t max_work);

#endif
