/* SPDX-License-Identifier: MIT */
#include "base/drawing.h"

#include <stdlib.h>

void drawing_release(struct drawing *drawing)
{
	for (size_t i = 0; i < drawing->nsentences; i++)
		free(drawing->sentences[i]);
	free(drawing->cells);
	free(drawing->lines);
	free(drawing->row_index);
	free(drawing->col_index);
	free(drawing->blocks);
	free(drawing->grid);
	free(drawing->steps);
	*drawing = (struct drawing){ 0 };
}

const struct drawing_cell *drawing_find(const struct drawing *drawing, int64_t at)
{
	for (size_t i = 0; i < drawing->ncells; i++)
		if (at >= drawing->cells[i].at && at - drawing->cells[i].at < drawing->cell_bytes)
			return &drawing->cells[i];
	return NULL;
}
