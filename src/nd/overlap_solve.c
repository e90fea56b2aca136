/* SPDX-License-Identifier: MIT */
/*
 * A bounded linear Diophantine equation:
 *
 *     a[0] x[0] + a[1] x[1] + ... + a[n-1] x[n-1] == b,    0 <= x[k] <= most[k],    a[k] > 0
 *
 * The last unknown is tried first. Two things are known of the others together, whatever values they take:
 *
 *     their sum is a multiple of gcd(a[0], ..., a[n-2])
 *     their sum lies between 0 and their reach, a[0] most[0] + ... + a[n-2] most[n-2]
 *
 * The first leaves one residue for x[n-1], the second an interval. For each candidate that is in both, the rest of b is the same
 * problem with one unknown fewer. With one unknown left, both rules together are the answer.
 *
 * With the largest coefficients at the front, ordinary slices of one array leave one candidate or none at every step. In general
 * the problem is NP-hard, and the number of candidates is a product over the unknowns: hence the work limit.
 *
 * References:
 *   P. Ramachandran, "Use of Extended Euclidean Algorithm in Solving a System of Linear Diophantine Equations with Bounded
 *     Variables", Algorithmic Number Theory, LNCS 4076, 182-192 (2006), doi:10.1007/11792086_14
 *   NumPy, numpy/core/src/common/mem_overlap.c (Pauli Virtanen, 2015), which solves the same equation for np.shares_memory
 */
#include "overlap_solve.h"

#include <string.h>

typedef __int128 wide; /* sums of up to 66 products below 2^63, and products of two numbers below 2^63 */

struct search {
	int n;
	struct nd_term *terms; /* a falls or stays */
	/* Of terms 0..k: the greatest common divisor of their a, the most that they can add up to. */
	int64_t gcd[ND_SOLVE_MAXTERMS];
	wide reach[ND_SOLVE_MAXTERMS];
	/* Of term k: a / gcd[k] times this leaves 1 modulo gcd[k-1] / gcd[k]. */
	int64_t inverse[ND_SOLVE_MAXTERMS];
	const int64_t *known; /* a solution that does not count, or NULL */
	int64_t work, max_work;
};

static int64_t gcd(int64_t a, int64_t b)
{
	while (b) {
		int64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* Euclid's algorithm, extended: the x in 0..m-1 with a x == 1 modulo m. a and m have no common divisor. */
static int64_t inverse(int64_t a, int64_t m)
{
	int64_t r0 = m, r1 = a % m, x0 = 0, x1 = 1;

	if (m == 1)
		return 0;
	while (r1 > 1) {
		int64_t q = r0 / r1, r = r0 % r1, x = x0 - q * x1; /* all |x| < m */

		r0 = r1;
		r1 = r;
		x0 = x1;
		x1 = x;
	}
	return x1 < 0 ? x1 + m : x1;
}

static bool is_known(const struct search *s)
{
	if (!s->known)
		return false;
	for (int k = 0; k < s->n; k++)
		if (s->terms[k].x != s->known[k])
			return false;
	return true;
}

/* Terms 0..v have to add up to `rest`, which is a multiple of gcd[v] in 0..reach[v]. */
static enum nd_shares descend(struct search *s, int v, int64_t rest)
{
	struct nd_term *t = &s->terms[v];
	int64_t step, lowest, highest, residue;

	if (s->max_work >= 0 && s->work >= s->max_work)
		return ND_SHARES_TOO_HARD;
	s->work++;
	if (v == 0) {
		t->x = rest / t->a;
		return is_known(s) ? ND_SHARES_NO : ND_SHARES_YES;
	}
	lowest = 0;
	if (rest > s->reach[v - 1])
		lowest = (rest - (int64_t)s->reach[v - 1] - 1) / t->a + 1;
	highest = rest / t->a < t->most ? rest / t->a : t->most;
	step = s->gcd[v - 1] / s->gcd[v];
	residue = (int64_t)((wide)(rest / s->gcd[v] % step) * s->inverse[v] % step);
	/* How far above `lowest` the residue first comes; every sum below stays within 0..highest. */
	residue -= lowest % step;
	if (residue < 0)
		residue += step;
	if (lowest > highest || residue > highest - lowest)
		return ND_SHARES_NO;
	for (int64_t x = lowest + residue;; x += step) {
		enum nd_shares found;

		t->x = x;
		found = descend(s, v - 1, rest - t->a * x);
		if (found != ND_SHARES_NO)
			return found;
		if (x > highest - step)
			return ND_SHARES_NO;
	}
}

static enum nd_shares solve(struct search *s, int64_t b)
{
	struct nd_term *terms = s->terms;

	if (s->n == 0)
		return b == 0 && !s->known ? ND_SHARES_YES : ND_SHARES_NO;
	for (int k = 0; k < s->n; k++) {
		wide reach = (wide)terms[k].a * terms[k].most;

		s->gcd[k] = k ? gcd(s->gcd[k - 1], terms[k].a) : terms[k].a;
		s->reach[k] = k ? s->reach[k - 1] + reach : reach;
		s->inverse[k] = k ? inverse(terms[k].a / s->gcd[k], s->gcd[k - 1] / s->gcd[k]) : 0;
	}
	if (b > s->reach[s->n - 1] || b % s->gcd[s->n - 1] != 0)
		return ND_SHARES_NO;
	return descend(s, s->n - 1, b);
}

/* By insertion, as they are a few and half sorted. */
static void sort_by_falling_a(struct nd_term *terms, int n)
{
	for (int k = 1; k < n; k++) {
		struct nd_term term = terms[k];
		int at = k;

		for (; at > 0 && terms[at - 1].a < term.a; at--)
			terms[at] = terms[at - 1];
		terms[at] = term;
	}
}

enum nd_shares nd_solve_other(struct nd_term *terms, int n, int64_t b, int64_t max_work)
{
	int64_t known[ND_SOLVE_MAXTERMS];
	struct search s = {.n = n, .terms = terms, .known = known, .max_work = max_work};

	sort_by_falling_a(terms, n);
	for (int k = 0; k < n; k++)
		known[k] = terms[k].x;
	return solve(&s, b);
}

/* Sorted terms: those of one coefficient become one, what is above b is cut off, and those that can only be 0 go. Returns how many are left. */
static int simplify(struct nd_term *terms, int n, int64_t b)
{
	int kept = 0;

	for (int k = 0, next; k < n; k = next) {
		int64_t a = terms[k].a;
		wide most = 0;

		for (next = k; next < n && terms[next].a == a; next++)
			most += terms[next].most;
		if (most > b / a)
			most = b / a;
		if (most > 0)
			terms[kept++] = (struct nd_term){.a = a, .most = (int64_t)most};
	}
	return kept;
}

enum nd_shares nd_solve(struct nd_term *terms, int n, int64_t b, int64_t max_work)
{
	struct nd_term simple[ND_SOLVE_MAXTERMS];
	struct search s; /* large: what nobody reads is not set */

	memcpy(simple, terms, (size_t)n * sizeof simple[0]);
	sort_by_falling_a(simple, n);
	s.n = simplify(simple, n, b);
	s.terms = simple;
	s.known = NULL;
	s.work = 0;
	s.max_work = max_work;
	enum nd_shares found = solve(&s, b);

	if (found != ND_SHARES_YES)
		return found;
	for (int k = 0; k < n; k++) {
		terms[k].x = 0;
		for (int i = 0; i < s.n; i++) {
			if (simple[i].a != terms[k].a)
				continue;
			/* Of what the coefficient has to give, this term takes what it can. */
			terms[k].x = simple[i].x < terms[k].most ? simple[i].x : terms[k].most;
			simple[i].x -= terms[k].x;
		}
	}
	return ND_SHARES_YES;
}
