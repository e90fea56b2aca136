/* SPDX-License-Identifier: MIT */
/*
 * The picture as SVG: the same cells, with thin arrows along the first steps of the walk.
 *
 * A colour never stands alone: cells that are touched several times are hatched, those outside the buffer are cross-hatched in red and marked "!". The
 * file needs nothing beside it: no font, no script, no style sheet.
 */

#include "report/draw.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MARGIN = 28, CELL_HEIGHT = 50, GRID_HEIGHT = 30, LABEL = 76, COLUMNS = 16, HEAD = 48, SKIP = 26, GUTTER = 26, ARROWS = 24, LETTER = 9, LINE_HEIGHT = 22, WIDEST = 1500, NARROWEST = 760 };

/* Where things lie, in the units of the picture. */
struct page {
	const struct drawing *drawing;
	FILE *stream;
	int columns, cell_width, grid_width;
	int left, top; /* of the buffer's cells */
	int buffer_width, buffer_height;
	int grid_left, grid_top;
	int width, height;
	int *line_top; /* of each drawn line */
};

static void put_escaped(FILE *stream, const char *string)
{
	for (; *string; string++)
		switch (*string) {
		case '&': fputs("&amp;", stream); break;
		case '<': fputs("&lt;", stream); break;
		case '>': fputs("&gt;", stream); break;
		case '"': fputs("&quot;", stream); break;
		default: fputc((unsigned char)*string < ' ' ? ' ' : *string, stream);
		}
}

static void put_text(const struct page *page, int x, int y, const char *attributes, const char *string)
{
	fprintf(page->stream, "<text x=\"%d\" y=\"%d\"%s%s>", x, y, *attributes ? " " : "", attributes);
	put_escaped(page->stream, string);
	fputs("</text>\n", page->stream);
}

/* ---- layout ---- */

static int rows_of(const struct page *page)
{
	int all = (int)(DRAWING_LINE / page->drawing->cell_bytes);
	return (all + page->columns - 1) / page->columns;
}

/* Where a cell is. */
static bool place_of(const struct page *page, const struct drawing_cell *cell, int *out_x, int *out_y)
{
	const struct drawing *drawing = page->drawing;
	size_t at = (size_t)(cell - drawing->cells);
	for (size_t i = 0; i < drawing->nlines; i++) {
		const struct drawing_line *line = &drawing->lines[i];
		if (at < line->cell || at >= line->cell + line->ncells)
			continue;
		int column = (int)((cell->at - line->line * DRAWING_LINE) / drawing->cell_bytes);
		*out_x = page->left + column % page->columns * page->cell_width;
		*out_y = page->line_top[i] + column / page->columns * CELL_HEIGHT;
		return true;
	}
	return false;
}

static void plan_buffer(struct page *page)
{
	const struct drawing *drawing = page->drawing;
	char label[DRAW_LABEL];
	size_t widest = 3;
	int used = 0, y = page->top;
	for (size_t i = 0; i < drawing->ncells; i++) {
		const struct drawing_cell one = { .at = drawing->cells[i].at, .first = drawing->cells[i].first, .count = drawing->cells[i].count > 0, .outside = drawing->cells[i].outside };
		size_t length = strlen(draw_label(&one, label));
		widest = length > widest ? length : widest;
	}
	page->columns = (int)(DRAWING_LINE / drawing->cell_bytes);
	page->columns = page->columns > COLUMNS ? COLUMNS : page->columns;
	page->cell_width = (int)widest * (LETTER + 1) + 22;
	for (size_t i = 0; i < drawing->nlines; i++) {
		const struct drawing_line *line = &drawing->lines[i];
		int end = (int)((drawing->cells[line->cell].at - line->line * DRAWING_LINE) / drawing->cell_bytes) + (int)line->ncells;
		int rows = (end + page->columns - 1) / page->columns;
		used = end > used ? end : used;
		y += (i > 0 ? GUTTER : 0) + (line->skipped > 0 ? SKIP : 0);
		page->line_top[i] = y;
		y += (rows < rows_of(page) ? rows : rows_of(page)) * CELL_HEIGHT;
	}
	page->buffer_width = (used < page->columns ? used : page->columns) * page->cell_width;
	page->buffer_height = y - page->top;
}

/* Only what is there is explained. */
static const struct {
	struct drawing_cell cell;
	const char *words;
} legend[] = {
	{ { .count = 0 }, "not touched" },
	{ { .count = 1, .first = 7 }, "touched once; the number is its visit" },
	{ { .count = 3, .first = 7 }, "touched several times: first visit, and xN the count" },
	{ { .outside = true }, "! outside the buffer" },
	{ { .hard = true }, "? not known" },
};

static bool is_shown(const struct drawing *drawing, enum draw_heat heat)
{
	for (size_t i = 0; i < drawing->ncells; i++)
		if (draw_heat_of(&drawing->cells[i]) == heat)
			return true;
	return false;
}

static int legend_entry(size_t i)
{
	return 34 + (int)strlen(legend[i].words) * 7 + 24;
}

static int legend_width(const struct page *page)
{
	int width = 2 * MARGIN;
	for (size_t i = 0; i < sizeof legend / sizeof legend[0]; i++)
		width += is_shown(page->drawing, draw_heat_of(&legend[i].cell)) ? legend_entry(i) : 0;
	return width;
}

static void widen(struct page *page, int width)
{
	page->width = width > page->width ? width : page->width;
}

static int block_height(const struct page *page)
{
	return (int)page->drawing->nrows * GRID_HEIGHT + (page->drawing->ndim > 2 ? 26 : 0) + 14;
}

static void plan_grid(struct page *page)
{
	const struct drawing *drawing = page->drawing;
	char number[32];
	size_t widest = 2;
	for (size_t i = 0; i < drawing->nblocks * drawing->nrows * drawing->ncols; i++) {
		size_t length = (size_t)snprintf(number, sizeof number, "%" PRId64, drawing->grid[i].at);
		widest = length > widest ? length : widest;
	}
	page->grid_width = (int)widest * LETTER + 20;
	int width = (int)drawing->ncols * page->grid_width, height = 24 + (int)drawing->nblocks * block_height(page), bottom = page->top + page->buffer_height;
	bool beside = page->left + page->buffer_width + LABEL + width + MARGIN <= WIDEST;
	page->grid_left = beside ? page->left + page->buffer_width + LABEL + 20 : page->left;
	page->grid_top = beside ? page->top : bottom + 2 * HEAD;
	bottom = page->grid_top + height > bottom ? page->grid_top + height : bottom;
	page->width = page->grid_left + width + MARGIN;
	widen(page, page->left + page->buffer_width + MARGIN);
	struct text title = { 0 }, head = { 0 };
	draw_title(&title, drawing);
	draw_grid_head(&head, drawing);
	widen(page, MARGIN + (int)text_width(text_string(&title)) * 14 + MARGIN);
	widen(page, page->grid_left + (int)text_width(text_string(&head)) * (LETTER + 1) + MARGIN);
	widen(page, legend_width(page));
	widen(page, NARROWEST);
	text_release(&title);
	text_release(&head);
	page->height = bottom + 16;
}

/* ---- drawing ---- */

static const char *class_of(const struct drawing_cell *cell)
{
	static const char *const classes[] = { [DRAW_NONE] = "none", [DRAW_ONCE] = "once", [DRAW_MANY] = "many", [DRAW_OUTSIDE] = "outside", [DRAW_HARD] = "hard" };
	return classes[draw_heat_of(cell)];
}

static void put_box(const struct page *page, int x, int y, int width, int height, const struct drawing_cell *cell)
{
	enum draw_heat heat = draw_heat_of(cell);
	fprintf(page->stream, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" class=\"%s\"/>\n", x, y, width, height, class_of(cell));
	if (heat == DRAW_MANY || heat == DRAW_OUTSIDE)
		fprintf(page->stream, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"url(#%s)\"/>\n", x, y, width, height, heat == DRAW_MANY ? "hatch" : "cross");
}

static void put_boxes(const struct page *page)
{
	const struct drawing *drawing = page->drawing;
	int x, y;
	for (size_t i = 0; i < drawing->ncells; i++)
		if (place_of(page, &drawing->cells[i], &x, &y))
			put_box(page, x, y, page->cell_width, CELL_HEIGHT, &drawing->cells[i]);
}

/* A thick line above and below each cache line, its first byte beside it. */
static void put_lines(const struct page *page)
{
	const struct drawing *drawing = page->drawing;
	struct text words = { 0 };
	for (size_t i = 0; i < drawing->nlines; i++) {
		const struct drawing_line *line = &drawing->lines[i];
		int x, y, last_x, last_y;
		if (!place_of(page, &drawing->cells[line->cell], &x, &y) || !place_of(page, &drawing->cells[line->cell + line->ncells - 1], &last_x, &last_y))
			continue;
		int right = last_y > y ? page->left + page->columns * page->cell_width : last_x + page->cell_width, bottom = last_y + CELL_HEIGHT;
		fprintf(page->stream, "<path class=\"line\" d=\"M%d %dH%dM%d %dH%d\"/>\n", x, y, right, last_y > y ? page->left : x, bottom, last_x + page->cell_width);
		text_addf(&words, "%" PRId64, line->line * DRAWING_LINE);
		put_text(page, page->left - 12, page->line_top[i] + CELL_HEIGHT / 2 + 5, "class=\"small\" text-anchor=\"end\"", text_string(&words));
		text_release(&words);
		if (line->skipped > 0) {
			text_add(&words, "... ");
			draw_skipped(&words, line->skipped);
			text_add(&words, " ...");
			put_text(page, page->left + page->buffer_width / 2, page->line_top[i] - (SKIP + GUTTER) / 2 + 5, "class=\"small\" text-anchor=\"middle\"", text_string(&words));
			text_release(&words);
		}
	}
	int rows = rows_of(page);
	for (int c = 0; rows == 1 && c * page->cell_width < page->buffer_width; c++) {
		text_addf(&words, "+%" PRId64, c * drawing->cell_bytes);
		put_text(page, page->left + c * page->cell_width + page->cell_width / 2, page->top - 24, "class=\"small\" text-anchor=\"middle\"", text_string(&words));
		text_release(&words);
	}
}

/* From a visit to the next one: beside each other through the upper part of the cells, else through the gutters, where no number stands. */
static void put_arrows(const struct page *page)
{
	const struct drawing *drawing = page->drawing;
	fputs("<g class=\"walk\">\n", page->stream);
	for (size_t i = 0; i + 1 < drawing->nwalk && i < ARROWS; i++) {
		const struct drawing_cell *from = drawing_find(drawing, drawing->walk[i]), *to = drawing_find(drawing, drawing->walk[i + 1]);
		int x, y, to_x, to_y;
		if (!from || !to || from == to || !place_of(page, from, &x, &y) || !place_of(page, to, &to_x, &to_y))
			continue;
		int half = page->cell_width / 2, side = to_x > x ? 7 : -7, away = abs(to_x - x);
		x += half;
		to_x += half;
		if (y == to_y && away <= page->cell_width)
			fprintf(page->stream, "<path d=\"M%d %dH%d\"/>\n", x + side, y + 11, to_x - side);
		else if (y == to_y)
			fprintf(page->stream, "<path d=\"M%d %dC%d %d %d %d %d %d\"/>\n", x + side, y + 5, x + 3 * side, y - 20, to_x - 3 * side, y - 20, to_x - side, y + 5);
		else {
			bool down = to_y > y;
			int begin = down ? y + CELL_HEIGHT - 3 : y + 5, end = down ? to_y + 5 : to_y + CELL_HEIGHT - 3, bend = down ? 26 : -26;
			fprintf(page->stream, "<path d=\"M%d %dC%d %d %d %d %d %d\"/>\n", x, begin, x, begin + bend, to_x, end - bend, to_x, end);
		}
	}
	fputs("</g>\n", page->stream);
}

static void put_labels(const struct page *page)
{
	const struct drawing *drawing = page->drawing;
	char label[DRAW_LABEL], times[DRAW_LABEL];
	int x, y;
	for (size_t i = 0; i < drawing->ncells; i++) {
		struct drawing_cell cell = drawing->cells[i];
		if (!place_of(page, &drawing->cells[i], &x, &y))
			continue;
		int64_t count = cell.count;
		cell.count = count > 1 ? 1 : count;
		put_text(page, x + page->cell_width / 2, y + 36, count ? "class=\"number\"" : "class=\"number quiet\"", draw_label(&cell, label));
		if (count > 1) {
			snprintf(times, sizeof times, "x%" PRId64, count);
			put_text(page, x + page->cell_width - 5, y + CELL_HEIGHT - 4, "class=\"times\"", times);
		}
	}
}

static void put_grid(const struct page *page)
{
	const struct drawing *drawing = page->drawing;
	struct text words = { 0 };
	int y = page->grid_top;
	draw_grid_head(&words, drawing);
	put_text(page, page->grid_left, y - HEAD, "class=\"head\"", text_string(&words));
	text_release(&words);
	for (size_t c = 0; c < drawing->ncols && drawing->ndim > 0 && drawing->nblocks > 0; c++) {
		text_addf(&words, drawing->col_index[c] < 0 ? "..." : "%" PRId64, drawing->col_index[c]);
		put_text(page, page->grid_left + (int)c * page->grid_width + page->grid_width / 2, y - 8, "class=\"small\" text-anchor=\"middle\"", text_string(&words));
		text_release(&words);
	}
	for (size_t b = 0; b < drawing->nblocks; b++) {
		const struct drawing_block *block = &drawing->blocks[b];
		if (drawing->ndim > 2) {
			draw_block_name(&words, drawing, block);
			if (block->skipped > 0)
				text_addf(&words, "  (%" PRId64 " left out before it)", block->skipped);
			put_text(page, page->grid_left, y + 18, "class=\"small\"", text_string(&words));
			text_release(&words);
			y += 26;
		}
		for (size_t r = 0; r < drawing->nrows; r++, y += GRID_HEIGHT) {
			text_addf(&words, drawing->row_index[r] < 0 ? "..." : "%" PRId64, drawing->row_index[r]);
			if (drawing->ndim > 1)
				put_text(page, page->grid_left - 8, y + 20, "class=\"small\" text-anchor=\"end\"", text_string(&words));
			text_release(&words);
			for (size_t c = 0; c < drawing->ncols; c++) {
				const struct drawing_cell *cell = &drawing->grid[block->cell + r * drawing->ncols + c];
				int x = page->grid_left + (int)c * page->grid_width;
				bool elided = drawing->row_index[r] < 0 || drawing->col_index[c] < 0;
				if (!elided)
					put_box(page, x, y, page->grid_width, GRID_HEIGHT, cell);
				text_addf(&words, elided ? "..." : cell->outside ? "!%" PRId64 : "%" PRId64, cell->at);
				put_text(page, x + page->grid_width / 2, y + 20, "class=\"element\"", text_string(&words));
				text_release(&words);
			}
		}
		y += 14;
	}
}

/* ---- below the pictures ---- */

static void put_legend(const struct page *page, int y)
{
	int x = MARGIN;
	for (size_t i = 0; i < sizeof legend / sizeof legend[0]; i++) {
		if (!is_shown(page->drawing, draw_heat_of(&legend[i].cell)))
			continue;
		put_box(page, x, y, 26, 20, &legend[i].cell);
		put_text(page, x + 34, y + 15, "class=\"small\"", legend[i].words);
		x += legend_entry(i);
	}
}

static struct text words_below(const struct page *page)
{
	struct text words = { 0 };
	size_t letters = (size_t)(page->width - 2 * MARGIN) / 8 - 9;
	for (int i = 0; i < DRAW_FACTS; i++) {
		struct text fact = { 0 };
		const char *name = draw_fact(&fact, page->drawing, i);
		text_addf(&words, "%s: ", name);
		text_wrap(&words, text_string(&fact), strlen(name) + 2, 0, letters);
		text_release(&fact);
	}
	for (size_t i = 0; i < page->drawing->nsentences; i++)
		text_wrap(&words, page->drawing->sentences[i], 0, 0, letters);
	return words;
}

static int count_lines(const char *string)
{
	int count = 0;
	for (; *string; string++)
		count += *string == '\n';
	return count;
}

static void put_words(const struct page *page, const struct text *words, int y)
{
	for (const char *at = text_string(words); *at; y += LINE_HEIGHT) {
		struct text line = { 0 };
		size_t length = strcspn(at, "\n");
		text_addn(&line, at, length);
		put_text(page, MARGIN, y, "", text_string(&line));
		text_release(&line);
		at += length + (at[length] == '\n');
	}
}

static void put_start(const struct page *page, int height)
{
	static const char style[] =
		"<style>text{font-family:'DejaVu Sans',Verdana,Arial,sans-serif;font-size:15px;fill:#1b1b1b}.title{font-size:22px;font-weight:bold}"
		".head{font-size:16px;font-weight:bold}.small{font-size:13px;fill:#444}.number{font-size:18px;font-weight:bold;text-anchor:middle;stroke:#fff;stroke-opacity:.6;stroke-width:3px;paint-order:stroke}"
		".quiet{fill:#777}.times{font-size:12px;text-anchor:end}.element{font-size:14px;text-anchor:middle}"
		"rect{stroke:#666;stroke-width:1}.none{fill:#fafafa}.once{fill:#a9d8ea}.many{fill:#f7c766}.outside{fill:#f08a76}.hard{fill:#ddd}"
		".line{fill:none;stroke:#111;stroke-width:3}.walk path{fill:none;stroke:#243b6b;stroke-width:1.3;stroke-opacity:.75;marker-end:url(#tip)}</style>\n"
		"<defs><pattern id=\"hatch\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\"><path d=\"M-2 2L2 -2M0 8L8 0M6 10L10 6\" stroke=\"#9a6a00\" stroke-opacity=\".45\"/></pattern>"
		"<pattern id=\"cross\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\"><path d=\"M0 8L8 0M0 0L8 8\" stroke=\"#8a1c0a\" stroke-opacity=\".5\"/></pattern>"
		"<marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"6\" markerHeight=\"6\" orient=\"auto\"><path d=\"M0 0L8 4L0 8Z\" style=\"fill:#243b6b;stroke:none;marker-end:none\"/></marker></defs>\n";
	struct text words = { 0 };
	fprintf(page->stream, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"title desc\">\n",
	        page->width, height, page->width, height);
	draw_title(&words, page->drawing);
	fputs("<title id=\"title\">", page->stream);
	put_escaped(page->stream, text_string(&words));
	fputs("</title>\n<desc id=\"desc\">The memory layout of an array: ", page->stream);
	struct text facts = words_below(page);
	put_escaped(page->stream, text_string(&facts));
	fputs("</desc>\n", page->stream);
	fputs(style, page->stream);
	fprintf(page->stream, "<path d=\"M0 0H%dV%dH0Z\" fill=\"#fff\"/>\n", page->width, height);
	put_text(page, MARGIN, MARGIN + 16, "class=\"title\"", text_string(&words));
	text_release(&facts);
	text_release(&words);
}

void draw_svg(FILE *stream, const struct drawing *drawing)
{
	struct page page = { .drawing = drawing, .stream = stream, .left = MARGIN + LABEL, .top = MARGIN + 40 + HEAD + 24 };
	struct text head = { 0 };
	page.line_top = calloc(drawing->nlines + 1, sizeof *page.line_top);
	if (!page.line_top)
		return;
	plan_buffer(&page);
	plan_grid(&page);
	struct text words = words_below(&page);
	int key = page.height, below = key + 52;
	put_start(&page, below + count_lines(text_string(&words)) * LINE_HEIGHT);
	draw_buffer_head(&head, drawing);
	put_text(&page, MARGIN, page.top - HEAD, "class=\"head\"", text_string(&head));
	text_release(&head);
	put_boxes(&page);
	put_lines(&page);
	put_arrows(&page);
	put_labels(&page);
	put_grid(&page);
	put_legend(&page, key);
	put_words(&page, &words, below);
	fputs("</svg>\n", stream);
	text_release(&words);
	free(page.line_top);
}
