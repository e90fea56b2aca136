/* SPDX-License-Identifier: MIT */
/*
 * The picture on a terminal: the buffer's cache lines as rows of cells, the grid beside it where there is room and below it where not, then the numbers.
 *
 * Both are built as lines of text with their widths, as colours take bytes and no columns. A frame's corner is chosen by which of the four cells
 * around it are there, so that rows of different lengths meet.
 */

#include "report/draw.h"

#include "report/style.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { CELLS = DRAWING_LINE /* of a line, at most */, GAP = 3, NUMBER = 24 };

struct strip {
	struct text text;
	size_t width;
};

/* One of the two pictures. */
struct panel {
	const struct draw_options *options;
	struct strip *strips;
	size_t count, room, width;
	bool failed;
};

/* ---- panels ---- */

static struct strip *add_strip(struct panel *panel)
{
	if (panel->count == panel->room) {
		size_t room = panel->room ? 2 * panel->room : 32;
		struct strip *strips = realloc(panel->strips, room * sizeof *strips);
		if (!strips) {
			panel->failed = true;
			return NULL;
		}
		panel->strips = strips;
		panel->room = room;
	}
	panel->strips[panel->count] = (struct strip){ 0 };
	return &panel->strips[panel->count++];
}

static void put(struct strip *strip, const char *string)
{
	text_add(&strip->text, string);
	strip->width += text_width(string);
}

static void put_times(struct strip *strip, const char *string, size_t times)
{
	for (size_t i = 0; i < times; i++)
		put(strip, string);
}

static void put_right(struct strip *strip, const char *string, size_t width)
{
	size_t own = text_width(string);
	put_times(strip, " ", own < width ? width - own : 0);
	put(strip, string);
}

static void start_colour(const struct panel *panel, struct strip *strip, enum draw_heat heat)
{
	static const char *const start[] = {
		[DRAW_NONE] = "\033[2m", [DRAW_ONCE] = "\033[30;46m", [DRAW_MANY] = "\033[30;43m", [DRAW_OUTSIDE] = "\033[1;37;41m", [DRAW_HARD] = "\033[35m",
	};
	if (panel->options->page.color)
		text_add(&strip->text, start[heat]);
}

static void end_colour(const struct panel *panel, struct strip *strip)
{
	if (panel->options->page.color)
		text_add(&strip->text, "\033[0m");
}

static void panel_release(struct panel *panel)
{
	for (size_t i = 0; i < panel->count; i++)
		text_release(&panel->strips[i].text);
	free(panel->strips);
}

/* A line of words, cut at blanks to `width` columns if need be. */
static void add_words(struct panel *panel, const char *words, size_t width)
{
	struct text wrapped = { 0 };
	style_wrap(&wrapped, words, 0, 0, width);
	for (const char *line = text_string(&wrapped); *line;) {
		size_t length = strcspn(line, "\n");
		struct strip *strip = add_strip(panel);
		if (!strip)
			break;
		text_addn(&strip->text, line, length);
		strip->width = length;
		line += length + (line[length] == '\n');
	}
	text_release(&wrapped);
}

/* ---- the buffer ---- */

/* A row of the picture: a cache line, or a part of one where a whole line is too wide. */
struct row {
	const struct drawing_cell *cells;
	size_t first, end; /* columns that have a cell */
};

struct raster {
	const struct drawing *drawing;
	size_t columns; /* of a row; a line has as many or twice, four times ... as many cells */
	size_t used;    /* of them, those that some row has */
	size_t cell, label; /* widths */
};

static size_t widest_label(const struct drawing *drawing)
{
	char label[DRAW_LABEL];
	size_t widest = 1;
	for (size_t i = 0; i < drawing->ncells; i++) {
		size_t width = strlen(draw_label(&drawing->cells[i], label));
		widest = width > widest ? width : widest;
	}
	return widest;
}

/* The column of a line's first cell: 0 but where the view begins before the buffer. */
static size_t begin_of(const struct drawing *drawing, const struct drawing_line *line)
{
	return (size_t)((drawing->cells[line->cell].at - line->line * DRAWING_LINE) / drawing->cell_bytes);
}

static struct raster fit(const struct drawing *drawing, size_t width)
{
	struct raster raster = { .drawing = drawing, .columns = (size_t)(DRAWING_LINE / drawing->cell_bytes), .label = 4 };
	char number[NUMBER];
	for (size_t i = 0; i < drawing->nlines; i++) {
		size_t length = (size_t)snprintf(number, sizeof number, "%" PRId64, drawing->lines[i].line * DRAWING_LINE + DRAWING_LINE);
		raster.label = length > raster.label ? length : raster.label;
	}
	size_t widest = widest_label(drawing), used = 0;
	for (size_t i = 0; i < drawing->nlines; i++) {
		size_t end = begin_of(drawing, &drawing->lines[i]) + drawing->lines[i].ncells;
		used = end > used ? end : used;
	}
	raster.cell = widest + 2;
	for (;;) {
		raster.used = used < raster.columns ? used : raster.columns;
		if (raster.columns <= 1 || raster.label + 2 + raster.used * (raster.cell + 1) <= width)
			return raster;
		if (raster.cell > widest + 1 && raster.columns <= 8)
			raster.cell = widest + 1;
		else
			raster.columns /= 2;
	}
}

static bool has(const struct row *row, size_t column)
{
	return column >= row->first && column < row->end;
}

/* The frame between two rows, either of which may be empty. */
static void add_frame(struct panel *panel, const struct raster *raster, const struct row *above, const struct row *below)
{
	/* bit 0: up, 1: down, 2: left, 3: right */
	static const char *const corner[16] = { " ", "╵", "╷", "│", "╴", "┘", "┐", "┤", "╶", "└", "┌", "├", "─", "┴", "┬", "┼" };
	bool unicode = panel->options->unicode;
	struct strip *strip = add_strip(panel);
	if (!strip)
		return;
	put_times(strip, " ", raster->label + 1);
	for (size_t c = 0; c <= raster->used; c++) {
		bool upper_left = c > 0 && has(above, c - 1), upper_right = has(above, c), lower_left = c > 0 && has(below, c - 1), lower_right = has(below, c);
		unsigned mask = (upper_left || upper_right) | (unsigned)(lower_left || lower_right) << 1 | (unsigned)(upper_left || lower_left) << 2 |
		                (unsigned)(upper_right || lower_right) << 3;
		put(strip, mask == 0 ? " " : unicode ? corner[mask] : "+");
		if (c < raster->used)
			put_times(strip, upper_right || lower_right ? (unicode ? "─" : "-") : " ", raster->cell);
	}
}

static void put_cell(struct panel *panel, struct strip *strip, const struct drawing_cell *cell, size_t width)
{
	static const char *const plain[] = { [DRAW_NONE] = " ", [DRAW_ONCE] = " ", [DRAW_MANY] = "#", [DRAW_OUTSIDE] = " ", [DRAW_HARD] = " " };
	char label[DRAW_LABEL];
	enum draw_heat heat = draw_heat_of(cell);
	const char *pad = panel->options->unicode && heat == DRAW_MANY ? "░" : plain[heat];
	size_t length = strlen(draw_label(cell, label)), after = length + 2 <= width;
	start_colour(panel, strip, heat);
	put_times(strip, pad, width - length - after);
	put(strip, label);
	put_times(strip, pad, after);
	end_colour(panel, strip);
}

static void add_row(struct panel *panel, const struct raster *raster, const struct row *row, int64_t at)
{
	const char *bar = panel->options->unicode ? "│" : "|";
	char number[NUMBER];
	struct strip *strip = add_strip(panel);
	if (!strip)
		return;
	snprintf(number, sizeof number, "%" PRId64, at);
	put_right(strip, number, raster->label);
	put(strip, " ");
	for (size_t c = 0; c < row->end; c++) {
		put(strip, has(row, c) || (c > 0 && has(row, c - 1)) ? bar : " ");
		if (has(row, c))
			put_cell(panel, strip, &row->cells[c - row->first], raster->cell);
		else
			put_times(strip, " ", raster->cell);
	}
	put(strip, bar);
}

/* "+0 +8 ..." above the columns, where a row is a whole line. */
static void add_columns(struct panel *panel, const struct raster *raster)
{
	char number[NUMBER];
	int64_t bytes = raster->drawing->cell_bytes;
	if (raster->columns != (size_t)(DRAWING_LINE / bytes) || raster->cell < 3)
		return;
	struct strip *strip = add_strip(panel);
	if (!strip)
		return;
	put_right(strip, "byte", raster->label);
	put(strip, " ");
	for (size_t c = 0; c < raster->used; c++) {
		snprintf(number, sizeof number, "+%" PRId64, (int64_t)c * bytes);
		put(strip, " ");
		put_right(strip, number, raster->cell - (raster->cell > 3));
		put_times(strip, " ", raster->cell > 3 && c + 1 < raster->used);
	}
}

static void add_elision(struct panel *panel, const struct raster *raster, int64_t lines)
{
	struct text words = { 0 };
	struct strip *strip = add_strip(panel);
	if (strip) {
		draw_skipped(&words, lines);
		put_right(strip, panel->options->unicode ? "⋮" : "...", raster->label);
		put(strip, "  ");
		put(strip, text_string(&words));
	}
	text_release(&words);
}

/* The rows of a cache line. Returns the last one, for the frame below. */
static struct row add_line(struct panel *panel, const struct raster *raster, const struct drawing_line *line, const struct row *above)
{
	const struct drawing *drawing = raster->drawing;
	size_t all = (size_t)(DRAWING_LINE / drawing->cell_bytes);
	size_t begin = begin_of(drawing, line), end = begin + line->ncells;
	struct row row = { 0 };
	bool framed = false;
	for (size_t c = 0; c < all; c += raster->columns) {
		if (end <= c || begin >= c + raster->columns)
			continue;
		row.first = begin > c ? begin - c : 0;
		row.end = end - c < raster->columns ? end - c : raster->columns;
		row.cells = &drawing->cells[line->cell + c + row.first - begin];
		if (!framed)
			add_frame(panel, raster, above, &row);
		framed = true;
		add_row(panel, raster, &row, line->line * DRAWING_LINE + (int64_t)c * drawing->cell_bytes);
	}
	return row;
}

static void draw_buffer(struct panel *panel, const struct drawing *drawing, size_t width)
{
	static const struct row none = { 0 };
	struct raster raster = fit(drawing, width);
	struct text head = { 0 };
	struct row last = none;
	draw_buffer_head(&head, drawing);
	add_words(panel, text_string(&head), width);
	text_release(&head);
	if (drawing->nlines == 0)
		return;
	add_columns(panel, &raster);
	for (size_t i = 0; i < drawing->nlines; i++) {
		const struct drawing_line *line = &drawing->lines[i];
		if (line->skipped > 0) {
			add_frame(panel, &raster, &last, &none);
			add_elision(panel, &raster, line->skipped);
			last = none;
		}
		last = add_line(panel, &raster, line, &last);
	}
	add_frame(panel, &raster, &last, &none);
}

/* ---- the grid ---- */

static size_t widest_number(const int64_t *index, size_t count)
{
	char number[NUMBER];
	size_t widest = 1;
	for (size_t i = 0; i < count; i++) {
		size_t width = index[i] < 0 ? 2 : (size_t)snprintf(number, sizeof number, "%" PRId64, index[i]);
		widest = width > widest ? width : widest;
	}
	return widest;
}

static size_t widest_offset(const struct drawing *drawing)
{
	char number[NUMBER];
	size_t widest = widest_number(drawing->col_index, drawing->ncols);
	for (size_t i = 0; i < drawing->nblocks * drawing->nrows * drawing->ncols; i++) {
		size_t width = (size_t)snprintf(number, sizeof number, "%" PRId64, drawing->grid[i].at);
		widest = width > widest ? width : widest;
	}
	return widest;
}

static const char *put_index(char number[NUMBER], int64_t index)
{
	snprintf(number, NUMBER, index < 0 ? ".." : "%" PRId64, index);
	return number;
}

static void put_element(struct panel *panel, struct strip *strip, const struct drawing_cell *cell, size_t width)
{
	char number[NUMBER];
	enum draw_heat heat = draw_heat_of(cell);
	const char *pad = heat == DRAW_MANY ? (panel->options->unicode ? "░" : "#") : heat == DRAW_OUTSIDE ? "!" : heat == DRAW_HARD ? "?" : " ";
	size_t length = (size_t)snprintf(number, sizeof number, "%" PRId64, cell->at);
	start_colour(panel, strip, heat);
	put_times(strip, " ", width - length - 1);
	put(strip, pad);
	put(strip, number);
	put(strip, " ");
	end_colour(panel, strip);
}

static void add_grid_frame(struct panel *panel, size_t margin, size_t width, bool top)
{
	bool unicode = panel->options->unicode;
	struct strip *strip = add_strip(panel);
	if (!strip)
		return;
	put_times(strip, " ", margin);
	put(strip, !unicode ? "+" : top ? "┌" : "└");
	put_times(strip, unicode ? "─" : "-", width);
	put(strip, !unicode ? "+" : top ? "┐" : "┘");
}

static void add_block(struct panel *panel, const struct drawing *drawing, const struct drawing_block *block, size_t margin, size_t width)
{
	const char *bar = panel->options->unicode ? "│" : "|";
	char number[NUMBER];
	add_grid_frame(panel, margin, drawing->ncols * (width + 1), true);
	for (size_t r = 0; r < drawing->nrows; r++) {
		struct strip *strip = add_strip(panel);
		if (!strip)
			return;
		if (margin > 0) {
			put_right(strip, put_index(number, drawing->row_index[r]), margin - 1);
			put(strip, " ");
		}
		put(strip, bar);
		for (size_t c = 0; c < drawing->ncols; c++) {
			if (drawing->row_index[r] >= 0 && drawing->col_index[c] >= 0) {
				put_element(panel, strip, &drawing->grid[block->cell + r * drawing->ncols + c], width);
			} else {
				put_right(strip, "..", width);
				put(strip, " ");
			}
		}
		put(strip, bar);
	}
	add_grid_frame(panel, margin, drawing->ncols * (width + 1), false);
}

static void draw_grid(struct panel *panel, const struct drawing *drawing, size_t width)
{
	struct text words = { 0 };
	draw_grid_head(&words, drawing);
	add_words(panel, text_string(&words), width);
	text_release(&words);
	if (drawing->nblocks == 0)
		return;
	size_t margin = drawing->ndim > 1 ? widest_number(drawing->row_index, drawing->nrows) + 1 : 0;
	size_t cell = widest_offset(drawing) + 1;
	char number[NUMBER];
	struct strip *strip = drawing->ndim > 0 ? add_strip(panel) : NULL;
	if (strip) {
		put_times(strip, " ", margin + 1);
		for (size_t c = 0; c < drawing->ncols; c++) {
			put_right(strip, put_index(number, drawing->col_index[c]), cell);
			put_times(strip, " ", c + 1 < drawing->ncols);
		}
	}
	for (size_t b = 0; b < drawing->nblocks; b++) {
		const struct drawing_block *block = &drawing->blocks[b];
		if (block->skipped > 0) {
			text_addf(&words, "... %" PRId64 " more ...", block->skipped);
			add_words(panel, text_string(&words), width);
			text_release(&words);
		}
		draw_block_name(&words, drawing, block);
		if (words.length > 0)
			add_words(panel, text_string(&words), width);
		text_release(&words);
		add_block(panel, drawing, block, margin, cell);
	}
}

/* ---- the page ---- */

static size_t panel_width(const struct panel *panel)
{
	size_t width = 0;
	for (size_t i = 0; i < panel->count; i++)
		width = panel->strips[i].width > width ? panel->strips[i].width : width;
	return width;
}

static void print_strip(const struct report_options *page, const struct text *text, bool at_end)
{
	/* Blanks at the end of a line are of no use; with colour they may be a cell's. */
	size_t length = text->length;
	while (at_end && !page->color && length > 0 && text->data[length - 1] == ' ')
		length--;
	fwrite(text_string(text), 1, length, page->stream);
}

static void print_panels(const struct report_options *page, const struct panel *left, const struct panel *right)
{
	static const struct text empty = { 0 };
	size_t column = panel_width(left) + GAP;
	bool beside = column + panel_width(right) <= style_width(page);
	for (size_t i = 0; i < left->count || (beside && i < right->count); i++) {
		bool both = beside && i < right->count;
		print_strip(page, i < left->count ? &left->strips[i].text : &empty, !both);
		if (both) {
			style_spaces(page, column - (i < left->count ? left->strips[i].width : 0));
			print_strip(page, &right->strips[i].text, true);
		}
		fputc('\n', page->stream);
	}
	for (size_t i = 0; !beside && i < right->count; i++) {
		if (i == 0)
			fputc('\n', page->stream);
		print_strip(page, &right->strips[i].text, true);
		fputc('\n', page->stream);
	}
}

/* Only what is there is explained. */
static void print_legend(const struct report_options *page, const struct drawing *drawing)
{
	const struct drawing_cell *shown[DRAW_HARD + 1] = { 0 };
	char label[DRAW_LABEL];
	struct text words = { 0 };
	for (size_t i = 0; i < drawing->ncells; i++) {
		enum draw_heat heat = draw_heat_of(&drawing->cells[i]);
		shown[heat] = shown[heat] ? shown[heat] : &drawing->cells[i];
	}
	if (shown[DRAW_ONCE])
		text_addf(&words, "%s: visit %s of the walk, in C order", draw_label(shown[DRAW_ONCE], label), label);
	if (shown[DRAW_MANY])
		text_addf(&words, "%s#%s: first visit %" PRId64 ", %" PRId64 " visits", words.length ? "; " : "", draw_label(shown[DRAW_MANY], label),
		          shown[DRAW_MANY]->first, shown[DRAW_MANY]->count);
	if (shown[DRAW_NONE])
		text_addf(&words, "%s. not touched", words.length ? "; " : "");
	if (shown[DRAW_OUTSIDE])
		text_addf(&words, "%s! outside", words.length ? "; " : "");
	if (words.length)
		style_paragraph(page, STYLE_DIM, " ", text_string(&words), 1);
	text_release(&words);
}

static void print_facts(const struct report_options *page, const struct drawing *drawing)
{
	enum { INDENT = 7 };
	for (int i = 0; i < DRAW_FACTS; i++) {
		struct text words = { 0 };
		char lead[INDENT + 1];
		const char *name = draw_fact(&words, drawing, i);
		snprintf(lead, sizeof lead, "%-*s", INDENT, name);
		style_paragraph(page, STYLE_PLAIN, lead, text_string(&words), INDENT);
		text_release(&words);
	}
	for (size_t i = 0; i < drawing->nsentences; i++)
		style_paragraph(page, drawing->leaves_buffer && strstr(drawing->sentences[i], "LEAVES") ? STYLE_MARK : STYLE_PLAIN, i ? "       " : "Mind   ",
		                drawing->sentences[i], INDENT);
}

void draw_text(const struct draw_options *options, const struct drawing *drawing)
{
	const struct report_options *page = &options->page;
	struct panel buffer = { .options = options }, grid = { .options = options };
	struct text title = { 0 };
	if (!page->brief) {
		draw_title(&title, drawing);
		style_paragraph(page, STYLE_HEAD, "", text_string(&title), 2);
		text_release(&title);
		fputc('\n', page->stream);
	}
	draw_buffer(&buffer, drawing, style_width(page));
	draw_grid(&grid, drawing, style_width(page));
	print_panels(page, &buffer, &grid);
	if (!page->brief) {
		print_legend(page, drawing);
		fputc('\n', page->stream);
		print_facts(page, drawing);
	}
	panel_release(&buffer);
	panel_release(&grid);
}
