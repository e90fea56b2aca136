/* SPDX-License-Identifier: MIT */
#ifndef REPORT_INSPECT_WORDS_H
#define REPORT_INSPECT_WORDS_H

/*
 * Sentences about a statement, made of what was found out about it where they are shown: a table of 10,000 lines shows none of them.
 *
 * Each is added to `out`. False: there is nothing to say, and nothing was added.
 */

#include "base/inspection.h"
#include "base/text.h"

/* What a step made, in a few words: "view of a", "COPY, and reshape does not say so". */
bool inspect_what(struct text *out, const struct inspect_step *step);

/* Is there a walk to tell of, by the next two? */
bool inspect_has_walk(const struct inspect_statement *statement);
/* The first bytes in the order in which a view's elements lie, or those that a copy without a word collects: "0 32 64 | 8 40 72 | 16 48 80 | 24 56 88". */
bool inspect_walk(struct text *out, const struct inspect_statement *statement);
/* From each of them to the next: "+32 +32 -56 +32 ..." */
bool inspect_steps_between(struct text *out, const struct inspect_statement *statement);
/* "as large as a: 96 B here, 80 MB if a were (2500, 4000)" */
bool inspect_cost(struct text *out, const struct inspect_statement *statement);
/* What writing to the result changes: "b[0] = 99 does not change a". */
bool inspect_so(struct text *out, const struct inspect_statement *statement);

/* NumPy's own tests, each taken as a test for "the result is a view of what it was made of". */
enum inspect_question { ASK_OWNDATA, ASK_BASE_IS_NONE, ASK_BASE_IS_SOURCE, ASK_SHARES_MEMORY };
enum { INSPECT_TESTS = 4 };
struct inspect_test {
	enum inspect_question question;
	bool answer;    /* True, False */
	bool says_view; /* else that it is a copy */
	bool wrong;
};
/* Returns how many there are. */
size_t inspect_tests(const struct inspect_statement *statement, struct inspect_test out_tests[INSPECT_TESTS]);
const char *inspect_test_answer(const struct inspect_test *test);
const char *inspect_test_says(const struct inspect_test *test);
/* "b.flags.owndata" */
void inspect_test_question(struct text *out, const struct inspect_statement *statement, const struct inspect_test *test);
/* Why it answers as it does: "b looks into a hidden copy". */
bool inspect_test_remark(struct text *out, const struct inspect_statement *statement, const struct inspect_test *test);

#endif
