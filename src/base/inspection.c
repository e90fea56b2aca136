/* SPDX-License-Identifier: MIT */
#include "inspection.h"

const char *step_kind_name(enum step_kind kind)
{
	static const char *const names[] = {
		[STEP_SAME] = "same", [STEP_VIEW] = "view", [STEP_COPY] = "copy", [STEP_NEW] = "new", [STEP_SCALAR] = "scalar", [STEP_INPLACE] = "inplace",
		[STEP_UNKNOWN] = 0,
	};
	return names[kind];
}
