/* SPDX-License-Identifier: MIT */
/* Budgets in words: a broken one with its numbers, then the largest allocations, where to look first; the kept ones in one line. */

#include "report/programs.h"

#include "report/names.h"

#include "base/units.h"

#include <string.h>

/* "230 MB", "1,000": a limit reads as it was typed. */
static void add_quantity(struct text *out, const struct program_budget *budget, int64_t value, bool exact)
{
	char number[UNITS_TEXT];
	if (!budget->is_bytes || exact) {
		text_addf(out, "%s%s", units_count((double)value, number), budget->is_bytes ? " B" : "");
		return;
	}
	units_bytes((double)value, number);
	char *zero = strstr(number, ".0 ");
	if (zero != NULL)
		memmove(zero, zero + 2, strlen(zero + 2) + 1);
	text_add(out, number);
}

static void add_option(struct text *out, const struct program_budget *budget)
{
	text_add(out, budget->option);
	if (budget->region != NULL) {
		text_add(out, " ");
		names_add_short(out, budget->region, PROGRAMS_NAME, SIZE_MAX);
	}
}

/* "limited to 230 MB, used 241.3 MB"; to the byte where the rounded ones read alike. */
static void broken(const struct program_budget *budget, struct remarks *out)
{
	struct text text = { 0 }, limit = { 0 }, used = { 0 };
	add_quantity(&limit, budget, budget->limit, false);
	add_quantity(&used, budget, budget->used, false);
	bool alike = strcmp(text_string(&limit), text_string(&used)) == 0;
	add_option(&text, budget);
	text_add(&text, ": limited to ");
	add_quantity(&text, budget, budget->limit, alike);
	text_add(&text, ", used ");
	add_quantity(&text, budget, budget->used, alike);
	remarks_take(out, false, STYLE_MARK, "! ", &text);
	text_release(&limit);
	text_release(&used);
}

static void about_largest(const struct program_result *program, struct remarks *out)
{
	char bytes[UNITS_TEXT], lead[COLUMN_TEXT];
	for (size_t i = 0; i < program->nlargest; i++) {
		const struct program_large *large = &program->largest[i];
		struct text text = { 0 };
		if (i == 0)
			remarks_add(out, STYLE_PLAIN, "", program->nlargest == 1 ? "The largest allocation of the run:" : "The largest allocations of the run:");
		names_add(&text, large->where != NULL ? large->where : "(place unknown)");
		if (program->nprocesses > 1 && large->process != NULL) {
			text_add(&text, ", in ");
			names_add_short(&text, large->process, PROGRAMS_NAME, SIZE_MAX);
		}
		snprintf(lead, sizeof lead, "  %8s  ", units_bytes((double)large->asked_bytes, bytes));
		remarks_take(out, false, STYLE_PLAIN, lead, &text);
	}
}

void remarks_of_budgets(const struct program_result *program, struct remarks *out)
{
	struct text kept = { 0 };
	bool any_broken = false;
	for (size_t i = 0; i < program->nbudgets; i++) {
		const struct program_budget *budget = &program->budgets[i];
		struct text text = { 0 };
		if (budget->broken) {
			broken(budget, out);
			any_broken = true;
		} else if (budget->used == RESULT_NONE) {
			add_option(&text, budget);
			text_add(&text, ": limited to ");
			add_quantity(&text, budget, budget->limit, false);
			text_add(&text, strncmp(budget->why, "cannot judge", strlen("cannot judge")) == 0 ? ", " : ", cannot judge: ");
			names_add(&text, budget->why[0] != '\0' ? budget->why : "not measured");
			remarks_take(out, false, STYLE_MARK, "! ", &text);
		} else {
			text_add(&kept, kept.length > 0 ? "; " : "");
			add_option(&kept, budget);
			text_add(&kept, " ");
			add_quantity(&kept, budget, budget->limit, false);
			text_add(&kept, ", used ");
			add_quantity(&kept, budget, budget->used, false);
		}
	}
	if (any_broken)
		about_largest(program, out);
	if (kept.length > 0)
		remarks_take(out, false, STYLE_GOOD, "budget kept: ", &kept);
}
