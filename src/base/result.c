/* SPDX-License-Identifier: MIT */
/* The words for a result's enums, and the end of its life. */

#include "base/result.h"

#include "base/program.h"

#include <stdlib.h>
#include <string.h>

const char *result_status_name(enum result_status status)
{
	switch (status) {
	case RESULT_OK: return "ok";
	case RESULT_WRONG: return "wrong";
	case RESULT_KILLED: return "killed";
	case RESULT_HUNG: return "hung";
	case RESULT_FAILED: return "failed";
	case RESULT_REFUSED: return "refused";
	}
	return "unknown";
}

const char *claim_kind_name(enum claim_kind kind)
{
	switch (kind) {
	case CLAIM_EXACT: return "exact";
	case CLAIM_TIMED: return "timed";
	}
	return "unknown";
}

const char *claim_verdict_name(enum claim_verdict verdict)
{
	switch (verdict) {
	case CLAIM_HOLDS: return "holds";
	case CLAIM_FAILS: return "fails";
	case CLAIM_EITHER: return "either";
	case CLAIM_CANNOT_JUDGE: return "cannot judge";
	}
	return "unknown";
}

void lesson_result_release(struct lesson_result *lesson)
{
	if (lesson == NULL)
		return;
	free(lesson->job);
	free(lesson->input);
	for (size_t i = 0; i < sizeof lesson->notes / sizeof lesson->notes[0]; i++)
		free(lesson->notes[i]);
	free(lesson->variants);
	if (lesson->claims != NULL)
		for (size_t i = 0; i < lesson->nclaims; i++)
			free(lesson->claims[i].measured);
	free(lesson->claims);
	free(lesson->why);
	free(lesson->mind);
	*lesson = (struct lesson_result){ 0 };
}

void results_release(struct results *results)
{
	if (results == NULL)
		return;
	if (results->lessons != NULL)
		for (size_t i = 0; i < results->nlessons; i++)
			lesson_result_release(&results->lessons[i]);
	free(results->lessons);
	if (results->programs != NULL)
		for (size_t i = 0; i < results->nprograms; i++)
			program_result_release(&results->programs[i]);
	free(results->programs);
	*results = (struct results){ 0 };
}

const char *variant_result_language(const struct variant_result *variant)
{
	return variant->language != NULL ? variant->language : "c";
}

const struct variant_result *lesson_result_variant(const struct lesson_result *lesson, const char *language, const char *name)
{
	if (lesson->variants == NULL)
		return NULL;
	for (size_t i = 0; i < lesson->nvariants; i++)
		if (strcmp(lesson->variants[i].name, name) == 0 && strcmp(variant_result_language(&lesson->variants[i]), language) == 0)
			return &lesson->variants[i];
	return NULL;
}

bool variant_result_is_baseline(const struct variant_result *variant)
{
	if (variant->baseline == NULL || strcmp(variant->baseline, variant->name) != 0)
		return false;
	return variant->baseline_language == NULL || strcmp(variant->baseline_language, variant_result_language(variant)) == 0;
}
