/* SPDX-License-Identifier: MIT */
/*
 * The exec screen of one program. It is printed below the program's own output, so it is short: how it ended, what its heap did, what the machine says,
 * and what must be said about these numbers. Rows are the start-up that is not the program's, the program, and its regions; processes have a table of their
 * own, where there are several.
 *
 * On a wide page, and with --wide, all columns stand side by side; else the heap's columns come first, the others below.
 */

#include "report/names.h"
#include "report/programs.h"
#include "report/table.h"

#include "base/program_metric.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MOST = 10 /* regions and processes, each, without --wide */, LABEL_MOST = 40, LABEL_LEAST = 12 };

static const char heap_legend[] = "asked: all requests added up; temporary: freed at once; kept: alive at the end";
static const char machine_legend[] = "peak RSS: most memory held; faults: pages first touched; wall: by the clock";

/* One table: its lines, its columns, and the page. */
struct sheet {
	const struct report_options *options;
	struct columns columns;
	size_t count;
	struct program_line *lines; /* owned */
	size_t left_out;            /* rows that the page has no room for */
	bool is_one;                /* all columns side by side, whatever the page's width */
};

/* ---- lines ---- */

static int by_peak(const void *a, const void *b)
{
	const struct program_row *x = *(const struct program_row *const *)a, *y = *(const struct program_row *const *)b;
	if (x->heap.peak_bytes != y->heap.peak_bytes)
		return x->heap.peak_bytes < y->heap.peak_bytes ? 1 : -1;
	if (x->resident.peak_bytes != y->resident.peak_bytes)
		return x->resident.peak_bytes < y->resident.peak_bytes ? 1 : -1;
	return x < y ? -1 : x > y;
}

static int by_place(const void *a, const void *b)
{
	const struct program_row *x = *(const struct program_row *const *)a, *y = *(const struct program_row *const *)b;
	return x < y ? -1 : x > y;
}

static void add_line(struct sheet *sheet, const struct program_result *program, const struct program_row *row)
{
	sheet->lines[sheet->count++] = (struct program_line){ .program = program, .row = row };
}

/* Rows of one kind in their order; of many, those with the largest peaks. */
static void add_rows(struct sheet *sheet, const struct program_result *program, const struct program_row *rows, size_t count)
{
	const struct program_row **chosen = calloc(count + 1, sizeof *chosen);
	size_t most = sheet->options->wide || count <= ROWS_MOST ? count : ROWS_MOST;
	if (chosen == NULL)
		return;
	for (size_t i = 0; i < count; i++)
		chosen[i] = &rows[i];
	if (most < count) {
		qsort(chosen, count, sizeof *chosen, by_peak);
		qsort(chosen, most, sizeof *chosen, by_place);
	}
	for (size_t i = 0; i < most; i++)
		add_line(sheet, program, chosen[i]);
	sheet->left_out += count - most;
	free(chosen);
}

/* ---- columns ---- */

static size_t numbers(const struct columns *columns, size_t first, size_t end, size_t gap)
{
	size_t width = 0;
	for (size_t c = first; c < end; c++)
		width += gap + columns->column[c].width;
	return width;
}

/* Make the labels in what the columns of the wider block, [1, middle) or [middle, count), leave of the page. */
static void fit(struct sheet *sheet, size_t middle)
{
	struct columns *columns = &sheet->columns;
	size_t page = style_width(sheet->options), longest = 0;
	for (size_t i = 0; i < sheet->count; i++) {
		size_t width = programs_label(&sheet->lines[i], LABEL_MOST);
		longest = width > longest ? width : longest;
	}
	columns_measure(columns, sheet->lines, sheet->count, sizeof sheet->lines[0], NULL);
	size_t heading = text_width(columns->column[0].heading);
	longest = longest > heading ? longest : heading;
	for (columns->gap = 2;; columns->gap--) {
		size_t a = numbers(columns, 1, middle, columns->gap), b = numbers(columns, middle, columns->count, columns->gap), wider = a > b ? a : b;
		if (longest + wider <= page)
			return;
		if (columns->gap > 1)
			continue;
		size_t room = page > wider + LABEL_LEAST ? page - wider : LABEL_LEAST;
		for (size_t i = 0; i < sheet->count && !sheet->is_one; i++)
			programs_label(&sheet->lines[i], room);
		columns_measure(columns, sheet->lines, sheet->count, sizeof sheet->lines[0], NULL);
		return;
	}
}

/* ---- printing ---- */

/* Which columns a block has; rows without a number in them have words there, or are left out. */
enum part { ALL, HEAP, MACHINE };

static void print_block(const struct sheet *sheet, size_t first, size_t end, enum part part)
{
	const struct report_options *options = sheet->options;
	columns_head(options, &sheet->columns, first, end);
	fputc('\n', options->stream);
	for (size_t i = 0; i < sheet->count; i++) {
		const struct program_line *line = &sheet->lines[i];
		if (part == MACHINE && line->row->kind != PROGRAM_TOTAL && !programs_has_machine(line->row))
			continue;
		if (part == HEAP && !programs_has_heap(line->row)) {
			columns_words(options, &sheet->columns, line, STYLE_MARK, line->row->heap.why[0] != '\0' ? line->row->heap.why : "not measured");
			continue;
		}
		columns_row(options, &sheet->columns, first, end, line);
		fputc('\n', options->stream);
	}
}

/* The columns [first, end), in as many blocks as the page needs. */
static void print_blocks(const struct sheet *sheet, size_t first, size_t end, enum part part)
{
	size_t page = style_width(sheet->options);
	for (size_t next; first < end; first = next) {
		next = sheet->is_one ? end : columns_block(&sheet->columns, first, page);
		next = next < end ? next : end;
		print_block(sheet, first, next, part);
	}
}

static void print_left_out(const struct sheet *sheet, const char *what)
{
	struct text text = { 0 };
	if (sheet->left_out == 0)
		return;
	text_addf(&text, "and %zu more %s with smaller peaks: --wide", sheet->left_out, what);
	style_paragraph(sheet->options, STYLE_DIM, "  ", text_string(&text), 2);
	text_release(&text);
}

static void print_words(const struct report_options *options, void (*words)(const struct program_result *, struct text *), const struct program_result *program)
{
	struct text text = { 0 };
	words(program, &text);
	style_paragraph(options, STYLE_DIM, "", text_string(&text), 2);
	text_release(&text);
}

void table_remark(const struct report_options *options, const struct remark *remark, const char *lead)
{
	struct text words = { 0 };
	size_t page = style_width(options), start = text_width(lead), indent = remark->lead[0] == ' ' ? start : 2;
	names_add_words(&words, remark->text, page > start + LABEL_LEAST ? page - start : LABEL_LEAST);
	style_paragraph(options, remark->style, lead, text_string(&words), indent);
	text_release(&words);
}

static void print_remarks(const struct report_options *options, const struct remarks *remarks, bool under_heap)
{
	for (size_t i = 0; i < remarks->count; i++) {
		if (remarks->remark[i].under_heap == under_heap)
			table_remark(options, &remarks->remark[i], remarks->remark[i].lead);
	}
}

/* ---- the program, its startup and its regions ---- */

/* Collects the remarks, and prints those that belong under the heap columns; the others are for the screen's foot. */
static void ledger(const struct report_options *options, const struct program_result *program, struct remarks *remarks)
{
	struct sheet sheet = { .options = options };
	sheet.lines = calloc(program->nregions + 2, sizeof *sheet.lines);
	if (sheet.lines == NULL)
		return;
	if (program->has_startup)
		add_line(&sheet, program, &program->startup);
	add_line(&sheet, program, &program->total);
	add_rows(&sheet, program, program->regions, program->nregions);

	columns_add(&sheet.columns, "", "", cell_program, NULL)->left = true;
	programs_add_group(&sheet.columns, "heap");
	size_t middle = sheet.columns.count;
	programs_add_group(&sheet.columns, "resident");
	programs_add_group(&sheet.columns, "time");
	if (style_wide(options)) {
		fit(&sheet, sheet.columns.count);
		sheet.is_one = options->wide || columns_width(&sheet.columns, 1, sheet.columns.count) <= style_width(options);
	}
	if (!sheet.is_one)
		fit(&sheet, middle);

	remarks_of(program, sheet.is_one ? REMARKS_BESIDE_ROWS : REMARKS_BESIDE_REASONS, remarks);
	if (sheet.is_one) {
		print_words(options, programs_sources, program);
		print_blocks(&sheet, 1, sheet.columns.count, ALL);
		print_left_out(&sheet, "regions");
		print_remarks(options, remarks, true);
	} else {
		print_words(options, programs_heap_source, program);
		print_blocks(&sheet, 1, middle, HEAP);
		print_left_out(&sheet, "regions");
		print_remarks(options, remarks, true);
		if (sheet.count > 1)
			fputc('\n', options->stream);
		print_words(options, programs_machine_source, program);
		print_blocks(&sheet, middle, sheet.columns.count, MACHINE);
	}
	free(sheet.lines);
}

/* ---- its processes ---- */

static void drop_empty(struct sheet *sheet)
{
	size_t kept = 0;
	for (size_t c = 0; c < sheet->columns.count; c++) {
		const struct column *column = &sheet->columns.column[c];
		bool any = column->context == NULL;
		for (size_t i = 0; i < sheet->count && !any; i++)
			any = isfinite(program_metric_value(column->context, sheet->lines[i].program, sheet->lines[i].row));
		if (any)
			sheet->columns.column[kept++] = *column;
	}
	sheet->columns.count = kept;
}

static void processes(const struct report_options *options, const struct program_result *program)
{
	static const char *const few[] = { "heap.asked_bytes", "heap.allocations", "heap.peak_bytes", "resident.peak_bytes", "time.wall_ns" };
	struct sheet sheet = { .options = options, .is_one = options->wide };
	sheet.lines = calloc(program->nprocesses, sizeof *sheet.lines);
	if (sheet.lines == NULL)
		return;
	add_rows(&sheet, program, program->processes, program->nprocesses);

	columns_add(&sheet.columns, "", "process", cell_program, NULL)->left = true;
	columns_add(&sheet.columns, "", "began", cell_program_began, NULL)->left = true;
	columns_add(&sheet.columns, "", "ended", cell_program_ended, NULL)->left = true;
	if (style_wide(options)) {
		columns_add(&sheet.columns, "", "threads", cell_program_threads, NULL);
		programs_add_group(&sheet.columns, "heap");
		programs_add_group(&sheet.columns, "resident");
		programs_add_group(&sheet.columns, "time");
	} else {
		for (size_t i = 0; i < sizeof few / sizeof few[0]; i++) {
			const struct metric *metric = program_metric_find(few[i]);
			columns_add(&sheet.columns, "", metric->column, cell_program_metric, metric);
		}
	}
	drop_empty(&sheet);
	fit(&sheet, sheet.columns.count);
	fputc('\n', options->stream);
	print_words(options, programs_processes, program);
	print_blocks(&sheet, 1, sheet.columns.count, ALL);
	print_left_out(&sheet, "rows");
	free(sheet.lines);
}

/* ---- the screen ---- */

/* "memhint exec: python3 x.py                     exit 0" */
static void title(const struct report_options *options, const struct program_result *program)
{
	static const char lead[] = "memhint exec: ";
	struct text name = { 0 }, end = { 0 };
	size_t page = style_width(options);
	programs_exit(program, &end);
	size_t taken = strlen(lead) + text_width(text_string(&end)) + 2;
	names_add_short(&name, program->total.name != NULL ? program->total.name : "?", page > taken + LABEL_LEAST ? page - taken : LABEL_LEAST, SIZE_MAX);
	taken += text_width(text_string(&name));
	style_put(options, STYLE_HEAD, lead);
	style_put(options, STYLE_HEAD, text_string(&name));
	style_spaces(options, 2 + (page > taken ? page - taken : 0));
	style_put(options, program->status == RESULT_OK && program->exit_status == 0 ? STYLE_PLAIN : STYLE_MARK, text_string(&end));
	fputc('\n', options->stream);
	text_release(&name);
	text_release(&end);
}

void table_program(const struct report_options *options, const struct program_result *program)
{
	title(options, program);
	struct text why = { 0 };
	programs_exit(program, &why);
	bool is_told = strcmp(program->why, text_string(&why)) == 0; /* in the title */
	text_release(&why);
	if (program->why[0] != '\0' && !is_told) {
		names_add_words(&why, program->why, style_width(options) - 2);
		style_paragraph(options, STYLE_MARK, "! ", text_string(&why), 2);
		text_release(&why);
	}
	if (program->status == RESULT_FAILED)
		return;
	struct remarks remarks = { 0 };
	ledger(options, program, &remarks);
	if (program->nprocesses > 1)
		processes(options, program);
	print_remarks(options, &remarks, false);
	remarks_release(&remarks);
}

void table_legend(const struct report_options *options)
{
	if (options->brief)
		return;
	style_paragraph(options, STYLE_DIM, "", heap_legend, 2);
	style_paragraph(options, STYLE_DIM, "", machine_legend, 2);
}
