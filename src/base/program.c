/* SPDX-License-Identifier: MIT */
/* The beginning and the end of a program's result. */

#include "base/program.h"

#include <math.h>
#include <stdlib.h>

void program_row_init(struct program_row *row, enum program_row_kind kind)
{
	*row = (struct program_row){
		.kind = kind,
		.heap = { RESULT_NONE, RESULT_NONE, RESULT_NONE, RESULT_NONE, RESULT_NONE, RESULT_NONE, RESULT_NONE, RESULT_NONE, RESULT_NONE, NULL, "" },
		.resident = { RESULT_NONE, RESULT_NONE, NULL, "" },
		.time = { 0, NAN, NAN, NAN, NAN, NAN, NULL, "" },
		.times = RESULT_NONE,
		.unended = RESULT_NONE,
		.pid = RESULT_NONE,
		.parent = RESULT_NONE,
		.threads = RESULT_NONE,
	};
}

static void release_rows(struct program_row *rows, size_t count)
{
	for (size_t i = 0; rows && i < count; i++)
		free(rows[i].name);
	free(rows);
}

void program_result_release(struct program_result *program)
{
	if (!program)
		return;
	free(program->total.name);
	free(program->startup.name);
	for (size_t i = 0; program->argv && i < program->argc; i++)
		free(program->argv[i]);
	free(program->argv);
	release_rows(program->regions, program->nregions);
	release_rows(program->processes, program->nprocesses);
	for (size_t i = 0; program->missing && i < program->nmissing; i++)
		free(program->missing[i]);
	free(program->missing);
	for (size_t i = 0; program->budgets && i < program->nbudgets; i++)
		free(program->budgets[i].region);
	free(program->budgets);
	for (size_t i = 0; i < program->nlargest; i++) {
		free(program->largest[i].process);
		free(program->largest[i].where);
	}
	for (size_t i = 0; i < program->nnotes; i++)
		free(program->notes[i]);
	*program = (struct program_result){ 0 };
}
