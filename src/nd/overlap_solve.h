/* SPDX-License-Identifier: MIT */
#ifndef ND_OVERLAP_SOLVE_H
#define ND_OVERLAP_SOLVE_H

/* a[0] x[0] + ... + a[n-1] x[n-1] == b in whole numbers with 0 <= x[k] <= most[k]: private to overlap.c. */

#include "overlap.h"

struct nd_term {
	int64_t a;    /* at least 1 */
	int64_t most; /* at least 0 */
	int64_t x;    /* a solution, after ND_SHARES_YES */
};

/* Two arrays' axes, and the bytes within an element of each. */
enum { ND_SOLVE_MAXTERMS = 2 * ND_GEOM_MAXDIMS + 2 };

/*
 * Both look for one solution; b is at least 0.
 *
 * max_work   candidates tried at most, or below 0 for no limit.
 * Returns    ND_SHARES_YES with every x filled, ND_SHARES_NO, or ND_SHARES_TOO_HARD at the limit.
 */
enum nd_shares nd_solve(struct nd_term *terms, int n, int64_t b, int64_t max_work);
/* Every x holds a solution already: is there another? The terms come back in another order. */
enum nd_shares nd_solve_other(struct nd_term *terms, int n, int64_t b, int64_t max_work);

#endif
