/* SPDX-License-Identifier: MIT */
/* Columns: measure first, print afterwards. Cells are made twice rather than stored: they are cheap, and nothing has to be freed. */

#include "report/columns.h"

#include "base/metric.h"
#include "base/text.h"
#include "base/units.h"

#include <math.h>
#include <string.h>

struct column *columns_add(struct columns *columns, const char *over, const char *heading,
                           void (*fill)(const struct column *, const struct variant_result *, struct cell *), const void *context)
{
	if (columns->count == COLUMNS_MAX)
		return &columns->column[COLUMNS_MAX - 1];
	struct column *column = &columns->column[columns->count++];
	*column = (struct column){ .fill = fill, .context = context };
	snprintf(column->over, sizeof column->over, "%s", over);
	snprintf(column->heading, sizeof column->heading, "%s", heading);
	return column;
}

static struct cell fill(const struct column *column, const struct variant_result *way)
{
	struct cell cell = { .style = STYLE_PLAIN };
	column->fill(column, way, &cell);
	return cell;
}

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

void columns_measure(struct columns *columns, const struct lesson_result *lesson)
{
	for (size_t c = 0; c < columns->count; c++) {
		struct column *column = &columns->column[c];
		column->width = larger(text_width(column->foot), larger(text_width(column->over), text_width(column->heading)));
		for (size_t i = 0; i < lesson->nvariants; i++) {
			if (c > 0 && lesson->variants[i].status != RESULT_OK)
				continue;
			struct cell cell = fill(column, &lesson->variants[i]);
			column->width = larger(column->width, text_width(cell.text));
		}
	}
}

size_t columns_width(const struct columns *columns, size_t first, size_t end)
{
	size_t width = columns->indent + columns->column[0].width;
	for (size_t c = first; c < end; c++)
		width += columns->gap + columns->column[c].width;
	return width;
}

size_t columns_block(const struct columns *columns, size_t first, size_t page)
{
	size_t end = first;
	while (end < columns->count && (end == first || columns_width(columns, first, end + 1) <= page))
		end++;
	return end;
}

/* Blanks before a cell are counted and printed with the next word, so that no line ends in blanks. */
static void place(const struct report_options *options, const struct column *column, size_t *pending, const char *text, enum style style)
{
	size_t width = text_width(text);
	size_t space = column->width > width ? column->width - width : 0;
	if (width == 0) {
		*pending += space;
		return;
	}
	style_spaces(options, *pending + (column->left ? 0 : space));
	style_put(options, style, text);
	*pending = column->left ? space : 0;
}

/* One line of a block: the same part of each column. */
static size_t heading(const struct report_options *options, const struct columns *columns, size_t first, size_t end, size_t offset, enum style style)
{
	size_t pending = columns->indent;
	for (size_t c = 0; c < end; c = c == 0 ? first : c + 1) {
		const struct column *column = &columns->column[c];
		pending += c > 0 ? columns->gap : 0;
		place(options, column, &pending, (const char *)column + offset, style);
	}
	return pending;
}

size_t columns_head(const struct report_options *options, const struct columns *columns, size_t first, size_t end)
{
	bool over = columns->column[0].over[0] != '\0';
	for (size_t c = first; c < end; c++)
		over = over || columns->column[c].over[0] != '\0';
	if (over) {
		heading(options, columns, first, end, offsetof(struct column, over), STYLE_HEAD);
		fputc('\n', options->stream);
	}
	return heading(options, columns, first, end, offsetof(struct column, heading), STYLE_HEAD);
}

size_t columns_foot(const struct report_options *options, const struct columns *columns, size_t first, size_t end)
{
	return heading(options, columns, first, end, offsetof(struct column, foot), STYLE_HEAD);
}

size_t columns_row(const struct report_options *options, const struct columns *columns, size_t first, size_t end, const struct variant_result *way)
{
	size_t pending = columns->indent;
	for (size_t c = 0; c < end; c = c == 0 ? first : c + 1) {
		const struct column *column = &columns->column[c];
		struct cell cell = fill(column, way);
		pending += c > 0 ? columns->gap : 0;
		place(options, column, &pending, cell.text, cell.style);
	}
	return pending;
}

/* ---- cells ---- */

static void cell_none(struct cell *cell)
{
	snprintf(cell->text, sizeof cell->text, "-");
}

void cell_bytes(struct cell *cell, double bytes)
{
	char text[UNITS_TEXT];
	snprintf(cell->text, sizeof cell->text, "%s", isfinite(bytes) ? units_bytes(bytes, text) : "-");
}

void cell_time(struct cell *cell, double ns)
{
	char text[UNITS_TEXT];
	snprintf(cell->text, sizeof cell->text, "%s", isfinite(ns) ? units_time(ns, text) : "-");
}

void cell_metric(const struct column *column, const struct variant_result *way, struct cell *cell)
{
	const struct metric *metric = column->context;
	double value = metric_value(metric, way);
	char text[UNITS_TEXT];
	if (!isfinite(value)) {
		cell_none(cell);
		return;
	}
	switch (metric->unit) {
	case METRIC_BYTES:
		cell_bytes(cell, value);
		break;
	case METRIC_NS:
		cell_time(cell, value);
		break;
	case METRIC_COUNT:
		snprintf(cell->text, sizeof cell->text, "%s", units_count(value, text));
		break;
	case METRIC_RATIO:
		snprintf(cell->text, sizeof cell->text, "%s", units_ratio(value, text));
		break;
	case METRIC_BOOL:
		snprintf(cell->text, sizeof cell->text, "%s", value != 0 ? "yes" : "no");
		break;
	}
}

void cell_way(const struct column *column, const struct variant_result *way, struct cell *cell)
{
	(void)column;
	snprintf(cell->text, sizeof cell->text, "%s%s", way->name, style_is_baseline(way) ? " *" : "");
}

void cell_ratio(const struct column *column, const struct variant_result *way, struct cell *cell)
{
	(void)column;
	char text[UNITS_TEXT];
	if (style_is_baseline(way)) {
		snprintf(cell->text, sizeof cell->text, "baseline");
	} else if (way->ratio.resolved == 0) {
		snprintf(cell->text, sizeof cell->text, "no difference resolved");
	} else if (!isfinite(way->ratio.time) || way->ratio.resolved == RESULT_NONE) {
		cell_none(cell);
	} else {
		snprintf(cell->text, sizeof cell->text, "%s", units_ratio(way->ratio.time, text));
	}
}

void cell_interval(const struct column *column, const struct variant_result *way, struct cell *cell)
{
	(void)column;
	style_percent(style_interval(&way->ratio), cell->text, sizeof cell->text);
	if (style_is_baseline(way))
		cell->text[0] = '\0';
}
