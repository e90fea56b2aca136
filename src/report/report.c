/* SPDX-License-Identifier: MIT */
/* The formats. A new one is a file with a struct report_format at its foot, and a row here. */

#include "report/report.h"

#include "report/formats.h"

#include <string.h>

const struct report_format *const report_formats[] = {
	&report_table,
	&report_json,
	&report_csv,
	&report_markdown,
	NULL,
};

const struct report_format *report_find(const char *name)
{
	for (size_t i = 0; report_formats[i] != NULL; i++)
		if (strcmp(report_formats[i]->name, name) == 0)
			return report_formats[i];
	return NULL;
}
