/* SPDX-License-Identifier: MIT */
#ifndef CMD_JUDGE_H
#define CMD_JUDGE_H

/*
 * A lesson's texts and claims against what was measured.
 *
 * Names in its formulas: the parameters, the terms, `header` (ND_HEADER_BYTES), `page`, `ways` (how many were measured), `variant.metric` and `variant.fact`
 * (`variant.ratio` is its time against its baseline's), and of ways in NumPy `numpy.variant.metric`. A way that was not measured has no values. A ratio
 * that was not resolved has none in a claim, and is exactly 1 in a text. `variant.low` and `variant.high` are the ends of the ratio's interval, 1 for the
 * baseline itself: numpy.slice.high < numpy.take.low says that one is faster than the other, both measured against a third.
 */

#include "base/err.h"
#include "base/result.h"
#include "lesson/lesson.h"

/* A formula over the parameters alone. */
int judge_number(const struct lesson *lesson, const uint64_t *params, const char *formula, double *out_number, struct err *err);
/* A template over the parameters and what `result` holds so far; *out_text is the caller's to free; NULL for a NULL template. */
int judge_text(const struct lesson *lesson, const uint64_t *params, int64_t page_bytes, const struct lesson_result *result, const char *template,
               char **out_text, struct err *err);
/* Does an expanded text name a number that was not measured? */
bool judge_has_gaps(const char *text);
/* Fill result->claims: all that C decides, and those that NumPy decides where ways in NumPy were measured. */
int judge_claims(const struct lesson *lesson, const uint64_t *params, int64_t page_bytes, struct lesson_result *result, struct err *err);

#endif
