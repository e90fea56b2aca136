/* SPDX-License-Identifier: MIT */
#include "inspection.h"

#include "result.h"

const char *step_kind_name(enum step_kind kind)
{
	static const char *const names[] = {
		[STEP_SAME] = "same", [STEP_VIEW] = "view", [STEP_COPY] = "copy", [STEP_NEW] = "new", [STEP_SCALAR] = "scalar", [STEP_INPLACE] = "inplace",
		[STEP_UNKNOWN] = 0,
	};
	return names[kind];
}

static bool is_view(const struct inspect_step *step)
{
	return step->array && (step->kind == STEP_VIEW || step->kind == STEP_SAME);
}

int inspect_writes_through(const struct inspect_step *step)
{
	if (!step->array || !step->array->writeable)
		return RESULT_NONE;
	return is_view(step) ? 1 : step->kind == STEP_COPY ? 0 : (int)RESULT_NONE;
}

int64_t inspect_keeps_bytes(const struct inspect_step *step)
{
	return is_view(step) ? step->array->buffer_bytes : RESULT_NONE;
}
