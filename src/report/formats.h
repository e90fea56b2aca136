/* SPDX-License-Identifier: MIT */
#ifndef REPORT_FORMATS_H
#define REPORT_FORMATS_H

/* The rows of report_formats, one from each file. */

#include "report/report.h"

extern const struct report_format report_table;
extern const struct report_format report_json;
extern const struct report_format report_csv;
extern const struct report_format report_markdown;

#endif
