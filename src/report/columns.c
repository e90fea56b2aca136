/* SPDX-License-Identifier: MIT */
/* Columns: measure first, print afterwards. Cells are made twice rather than stored: they are cheap, and nothing has to be freed. */

#include "report/columns.h"

#include "base/text.h"
#include "base/units.h"

#include <math.h>
#include <string.h>

struct column *columns_add(struct columns *columns, const char *over, const char *heading,
                           void (*fill)(const struct column *, const void *, struct cell *), const void *context)
{
	if (columns->count == COLUMNS_MAX)
		return &columns->column[COLUMNS_MAX - 1];
	struct column *column = &columns->column[columns->count++];
	*column = (struct column){ .fill = fill, .context = context };
	snprintf(column->over, sizeof column->over, "%s", over);
	snprintf(column->heading, sizeof column->heading, "%s", heading);
	return column;
}

static struct cell fill(const struct column *column, const void *row)
{
	struct cell cell = { .style = STYLE_PLAIN };
	column->fill(column, row, &cell);
	return cell;
}

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

bool columns_way_is_whole(const void *way)
{
	return ((const struct variant_result *)way)->status == RESULT_OK;
}

void columns_measure(struct columns *columns, const void *rows, size_t count, size_t size, bool (*is_whole)(const void *row))
{
	for (size_t c = 0; c < columns->count; c++) {
		struct column *column = &columns->column[c];
		column->width = larger(text_width(column->foot), larger(text_width(column->over), text_width(column->heading)));
		for (size_t i = 0; i < count; i++) {
			const void *row = (const char *)rows + i * size;
			if (c > 0 && is_whole != NULL && !is_whole(row))
				continue;
			struct cell cell = fill(column, row);
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

size_t columns_row(const struct report_options *options, const struct columns *columns, size_t first, size_t end, const void *row)
{
	size_t pending = columns->indent;
	for (size_t c = 0; c < end; c = c == 0 ? first : c + 1) {
		const struct column *column = &columns->column[c];
		struct cell cell = fill(column, row);
		pending += c > 0 ? columns->gap : 0;
		place(options, column, &pending, cell.text, cell.style);
	}
	return pending;
}

void columns_words(const struct report_options *options, const struct columns *columns, const void *row, enum style style, const char *words)
{
	struct cell name = fill(&columns->column[0], row);
	struct text line = { 0 };
	size_t margin = columns->indent + columns->column[0].width + columns->gap, width = columns->indent + text_width(name.text);
	style_wrap(&line, words, margin, margin, style_width(options));
	style_spaces(options, columns->indent);
	style_put(options, name.style, name.text);
	style_spaces(options, margin > width ? margin - width : 1);
	style_lines(options, style, text_string(&line));
	text_release(&line);
}

/* ---- cells ---- */

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

void cell_value(struct cell *cell, const struct metric *metric, double value)
{
	char text[UNITS_TEXT];
	if (!isfinite(value)) {
		snprintf(cell->text, sizeof cell->text, "-");
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

void cell_against(struct cell *cell, const struct ratio_result *ratio, bool is_baseline)
{
	char text[UNITS_TEXT];
	if (is_baseline)
		snprintf(cell->text, sizeof cell->text, "baseline");
	else if (ratio->resolved == 0)
		snprintf(cell->text, sizeof cell->text, "no difference resolved");
	else if (!isfinite(ratio->time) || ratio->resolved == RESULT_NONE)
		snprintf(cell->text, sizeof cell->text, "-");
	else
		snprintf(cell->text, sizeof cell->text, "%s", units_ratio(ratio->time, text));
}

void cell_half(struct cell *cell, const struct ratio_result *ratio, bool is_baseline)
{
	style_percent(style_interval(ratio), cell->text, sizeof cell->text);
	if (is_baseline)
		cell->text[0] = '\0';
}

/* ---- cells of a way ---- */

void cell_metric(const struct column *column, const void *way, struct cell *cell)
{
	cell_value(cell, column->context, metric_value(column->context, way));
}

void cell_way(const struct column *column, const void *way, struct cell *cell)
{
	(void)column;
	char name[STYLE_WAY];
	snprintf(cell->text, sizeof cell->text, "%s%s", style_way(way, name), style_is_baseline(way) ? " *" : "");
}

void cell_ratio(const struct column *column, const void *way, struct cell *cell)
{
	(void)column;
	cell_against(cell, &((const struct variant_result *)way)->ratio, style_is_baseline(way));
}

void cell_interval(const struct column *column, const void *way, struct cell *cell)
{
	(void)column;
	cell_half(cell, &((const struct variant_result *)way)->ratio, style_is_baseline(way));
}
