/* SPDX-License-Identifier: MIT */
/* Limits held against what was measured. What cannot be judged is neither kept nor broken; it is for who asked to say what follows. */

#include "base/text.h"
#include "bench/program_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *option;
	size_t offset; /* in struct program_heap */
	bool is_bytes;
} kinds[] = {
	{ "--max-peak", offsetof(struct program_heap, peak_bytes), true },
	{ "--max-asked", offsetof(struct program_heap, asked_bytes), true },
	{ "--max-allocations", offsetof(struct program_heap, allocations), false },
};

static const struct program_row *find_region(const struct program_result *result, const char *name)
{
	for (size_t i = 0; i < result->nregions; i++)
		if (strcmp(result->regions[i].name, name) == 0)
			return &result->regions[i];
	return NULL;
}

static void miss_region(const struct program_result *result, struct program_budget *budget)
{
	const char *names[64];
	size_t count = 0;
	for (; count < result->nregions && count < 64; count++)
		names[count] = result->regions[count].name;
	const char *near = text_nearest(budget->region, names, count);
	if (near)
		snprintf(budget->why, RESULT_WHY, "no region '%.50s' was entered: did you mean '%.50s'?", budget->region, near);
	else
		snprintf(budget->why, RESULT_WHY, "no region '%.80s' was entered", budget->region);
}

static int check(const struct program_limit *limit, struct program_result *result, struct program_budget *budget)
{
	size_t kind = 0;
	while (strcmp(kinds[kind].option, limit->option) != 0)
		kind++;
	*budget = (struct program_budget){ .option = limit->option, .is_bytes = kinds[kind].is_bytes, .limit = limit->limit, .used = RESULT_NONE };
	if (limit->region && !(budget->region = program_clean(limit->region, PROGRAM_NAME)))
		return -1;
	const struct program_row *row = budget->region ? find_region(result, budget->region) : &result->total;
	if (!row) {
		miss_region(result, budget);
		return 0;
	}
	memcpy(&budget->used, (const char *)&row->heap + kinds[kind].offset, sizeof budget->used);
	budget->broken = budget->used != RESULT_NONE && budget->used > budget->limit;
	if (budget->used == RESULT_NONE)
		snprintf(budget->why, RESULT_WHY, "%s", row->heap.why);
	return 0;
}

int program_check_limits(const struct program_plan *plan, struct program_result *result, struct err *err)
{
	if (plan->nlimits == 0)
		return 0;
	result->budgets = calloc(plan->nlimits, sizeof *result->budgets);
	for (size_t i = 0; result->budgets && i < plan->nlimits; i++)
		if (check(&plan->limits[i], result, &result->budgets[result->nbudgets++]) != 0)
			return err_set(err, ERR_IO, "out of memory");
	return result->budgets ? 0 : err_set(err, ERR_IO, "out of memory");
}
