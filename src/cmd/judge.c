/* SPDX-License-Identifier: MIT */
#include "cmd/judge.h"

#include "base/formula.h"
#include "base/metric.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST_TERM = 8 };

struct court {
	const struct lesson *lesson;
	const uint64_t *params;
	int64_t page_bytes;
	const struct lesson_result *result; /* NULL: parameters only */
	const char *language;               /* whose ways count() and `ways` go over */
	bool unresolved_unknown;
	enum formula_beyond beyond;
	int depth; /* of terms within terms */
};

static int lookup(const void *context, const char *name, int row, struct formula_value *out_value);

/* The ways in the court's language, and the row-th of them. */
static int count_rows(const struct court *court)
{
	int rows = 0;
	for (size_t i = 0; court->result && i < court->result->nvariants; i++)
		rows += strcmp(variant_result_language(&court->result->variants[i]), court->language) == 0;
	return rows;
}

static const struct variant_result *row_of(const struct court *court, int row)
{
	for (size_t i = 0; court->result && i < court->result->nvariants; i++)
		if (strcmp(variant_result_language(&court->result->variants[i]), court->language) == 0 && row-- == 0)
			return &court->result->variants[i];
	return NULL;
}

static struct formula_names names_of(const struct court *court)
{
	return (struct formula_names){ lookup, court, count_rows(court), court->beyond };
}

static void known(struct formula_value *out_value, double number)
{
	*out_value = (struct formula_value){ number, !isnan(number) };
}

/* A metric or a fact of one way. */
static int lookup_variant(const struct court *court, const struct variant_result *variant, const char *name, struct formula_value *out_value)
{
	const struct metric *metric = strcmp(name, "ratio") == 0 ? metric_find("ratio.time") : metric_find(name);
	if (metric) {
		double value = metric_value(metric, variant);
		bool is_ratio = metric == metric_find("ratio.time");
		if (is_ratio && variant->ratio.resolved == 0)
			value = court->unresolved_unknown ? NAN : 1;
		if (strcmp(metric->group, "ratio") == 0 && metric->unit == METRIC_RATIO && !is_ratio && variant_result_is_baseline(variant))
			value = 1;
		known(out_value, value);
		return 0;
	}
	for (size_t i = 0; i < variant->nfacts; i++) {
		if (strcmp(variant->facts[i].name, name) != 0)
			continue;
		known(out_value, variant->facts[i].kind == FACT_TEXT ? NAN : variant->facts[i].number);
		return 0;
	}
	*out_value = (struct formula_value){ 0, false };
	return variant->status == RESULT_OK ? -1 : 0; /* who failed has no facts */
}

static int lookup_plain(const struct court *court, const char *name, struct formula_value *out_value)
{
	for (size_t i = 0; court->lesson->params[i].name; i++) {
		if (strcmp(court->lesson->params[i].name, name) == 0) {
			known(out_value, (double)court->params[i]);
			return 0;
		}
	}
	if (strcmp(name, "header") == 0)
		known(out_value, ND_HEADER_BYTES);
	else if (strcmp(name, "page") == 0)
		known(out_value, (double)court->page_bytes);
	else if (strcmp(name, "ways") == 0)
		known(out_value, court->result ? (double)count_rows(court) : NAN);
	else
		return -1;
	return 0;
}

static int lookup_term(const struct court *court, const char *name, struct formula_value *out_value)
{
	for (const struct lesson_term *term = court->lesson->terms; term && term->name; term++) {
		if (strcmp(term->name, name) != 0 || court->depth >= DEEPEST_TERM)
			continue;
		struct court inner = *court;
		inner.depth++;
		struct formula_names names = names_of(&inner);
		return formula_eval(term->formula, &names, out_value, NULL);
	}
	return -1;
}

static int lookup(const void *context, const char *name, int row, struct formula_value *out_value)
{
	static const char numpy[] = "numpy.";
	const struct court *court = context;
	bool is_numpy = strncmp(name, numpy, sizeof numpy - 1) == 0;
	const char *rest = is_numpy ? name + sizeof numpy - 1 : name;
	const char *dot = strchr(rest, '.');
	if (dot) {
		char variant_name[64];
		snprintf(variant_name, sizeof variant_name, "%.*s", (int)(dot - rest), rest);
		const struct variant_result *variant = court->result ? lesson_result_variant(court->result, is_numpy ? "numpy" : "c", variant_name) : NULL;
		if (variant)
			return lookup_variant(court, variant, dot + 1, out_value);
		*out_value = (struct formula_value){ 0, false };
		return (is_numpy ? lesson_numpy_find : lesson_variant_find)(court->lesson, variant_name) ? 0 : -1;
	}
	if (lookup_plain(court, name, out_value) == 0 || lookup_term(court, name, out_value) == 0)
		return 0;
	const struct variant_result *variant = row >= 0 ? row_of(court, row) : NULL;
	return variant ? lookup_variant(court, variant, name, out_value) : -1;
}

int judge_number(const struct lesson *lesson, const uint64_t *params, const char *formula, double *out_number, struct err *err)
{
	struct court court = { .lesson = lesson, .params = params, .language = "c" };
	struct formula_names names = names_of(&court);
	struct formula_value value;
	int status = formula_eval(formula, &names, &value, err);
	*out_number = value.known ? value.number : NAN;
	return status;
}

static int expand(const struct lesson *lesson, const uint64_t *params, int64_t page_bytes, const struct lesson_result *result, const char *language,
                  const char *template, char **out_text, struct err *err)
{
	*out_text = NULL;
	if (!template)
		return 0;
	struct court court = {
		.lesson = lesson, .params = params, .page_bytes = page_bytes, .result = result, .language = language, .beyond = FORMULA_BEYOND_ROUNDS,
	};
	struct formula_names names = names_of(&court);
	struct text text = { 0 };
	int status = formula_expand(template, &names, &text, err);
	if (status == 0) {
		*out_text = text_take(&text);
		if (!*out_text)
			status = err_set(err, ERR_IO, "out of memory");
	}
	text_release(&text);
	return status;
}

int judge_text(const struct lesson *lesson, const uint64_t *params, int64_t page_bytes, const struct lesson_result *result, const char *template,
               char **out_text, struct err *err)
{
	return expand(lesson, params, page_bytes, result, "c", template, out_text, err);
}

bool judge_has_gaps(const char *text)
{
	return text && strstr(text, FORMULA_UNKNOWN) != NULL;
}

static enum claim_verdict verdict_of(struct formula_value value)
{
	if (!value.known)
		return CLAIM_CANNOT_JUDGE;
	return value.number != 0 ? CLAIM_HOLDS : CLAIM_FAILS;
}

static enum claim_verdict expected_verdict(enum lesson_expect expect)
{
	switch (expect) {
	case LESSON_HOLDS:
		return CLAIM_HOLDS;
	case LESSON_FAILS:
		return CLAIM_FAILS;
	case LESSON_EITHER:
		return CLAIM_EITHER;
	case LESSON_CANNOT_JUDGE:
		break;
	}
	return CLAIM_CANNOT_JUDGE;
}

int judge_claims(const struct lesson *lesson, const uint64_t *params, int64_t page_bytes, struct lesson_result *result, struct err *err)
{
	size_t count = 0;
	while (lesson->claims && lesson->claims[count].source)
		count++;
	result->claims = calloc(count + 1, sizeof *result->claims);
	if (!result->claims)
		return err_set(err, ERR_IO, "out of memory");
	for (size_t i = 0; i < count; i++) {
		const struct lesson_claim *from = &lesson->claims[i];
		const char *language = from->language ? from->language : "c";
		struct court court = { .lesson = lesson, .params = params, .page_bytes = page_bytes, .result = result, .language = language,
			               .unresolved_unknown = true, .beyond = FORMULA_BEYOND_UNKNOWN };
		if (from->language && count_rows(&court) == 0)
			continue;
		struct claim_result *to = &result->claims[result->nclaims++];
		*to = (struct claim_result){
			.language = language,
			.source = from->source,
			.test = from->test ? from->test : "",
			.about = from->about,
			.kind = from->kind == LESSON_TIMED ? CLAIM_TIMED : CLAIM_EXACT,
			.expected = expected_verdict(from->expect),
			.verdict = CLAIM_CANNOT_JUDGE,
			.condition = from->condition,
			.note = from->note,
		};
		struct formula_names names = names_of(&court);
		struct formula_value value;
		if (from->test && formula_eval(from->test, &names, &value, err) != 0)
			return err->code;
		if (from->test)
			to->verdict = verdict_of(value);
		if (expand(lesson, params, page_bytes, result, language, from->measured ? from->measured : "", &to->measured, err) != 0)
			return err->code;
		if (judge_has_gaps(to->measured))
			memcpy(to->measured, FORMULA_UNKNOWN, sizeof FORMULA_UNKNOWN); /* a sentence with holes tells nothing more */
	}
	return 0;
}
