/* SPDX-License-Identifier: MIT */
/*
 * The exec screen of several programs: one row each, and how its wall time compares with the first one's. What must be said about one of them is said
 * with its name, what holds for all of them once. --wide adds each program's own screen, with its regions and processes.
 */

#include "report/names.h"
#include "report/programs.h"
#include "report/table.h"

#include "base/program_metric.h"

#include <stdlib.h>
#include <string.h>

enum { LABEL_MOST = 60, LABEL_LEAST = 12, COMMAND_LINES = 3 };

/* ---- labels: "2 python3 good.py"; where that is too long, the commands stand above the table ---- */

static const char *command(const struct program_result *program)
{
	return program->total.name != NULL ? program->total.name : "?";
}

/* Make the label of program `index`; whether it is the whole command. */
static bool label(struct program_line *line, size_t index, size_t width)
{
	const char *mark = line->is_baseline ? " *" : "";
	struct text text = { 0 }, whole = { 0 };
	text_addf(&text, "%zu ", index + 1);
	size_t taken = text.length + strlen(mark);
	text_addf(&whole, "%s", text_string(&text));
	names_add(&whole, command(line->program));
	size_t room = width > taken ? width - taken : 1;
	struct text parts = { 0 };
	if (text_width(text_string(&whole)) + strlen(mark) > width)
		names_add_last_parts(&parts, command(line->program));
	else
		text_add(&parts, command(line->program));
	names_add_short(&text, text_string(&parts), room, sizeof line->label - 1 - taken);
	text_release(&parts);
	bool is_all = strcmp(text_string(&text), text_string(&whole)) == 0;
	snprintf(line->label, sizeof line->label, "%s%s", text_string(&text), mark);
	text_release(&text);
	text_release(&whole);
	return is_all;
}

static bool is_whole(const void *row)
{
	return ((const struct program_line *)row)->program->status == RESULT_OK;
}

static void measure(struct columns *columns, const struct program_line *lines, size_t count)
{
	columns_measure(columns, lines, count, sizeof lines[0], is_whole);
}

static size_t width_of(const struct columns *columns, size_t first, size_t end)
{
	return columns_width(columns, first, end) - columns->column[0].width;
}

/* Labels as wide as the page allows beside [1, middle) and [middle, count). Whether all hold their whole command. */
static bool fit(struct columns *columns, struct program_line *lines, size_t count, size_t middle, size_t page)
{
	bool is_all = false, fits = false;
	for (columns->gap = 2; !fits && columns->gap > 0; columns->gap--) {
		measure(columns, lines, count);
		size_t a = width_of(columns, 1, middle), b = width_of(columns, middle, columns->count), wider = a > b ? a : b;
		size_t room = page > wider + LABEL_LEAST ? page - wider : LABEL_LEAST;
		is_all = true;
		for (size_t i = 0; i < count; i++)
			is_all &= label(&lines[i], i, room < LABEL_MOST ? room : LABEL_MOST);
		measure(columns, lines, count);
		fits = is_all && columns_width(columns, 1, middle) <= page && columns_width(columns, middle, columns->count) <= page;
	}
	columns->gap++;
	return is_all;
}

/* ---- columns ---- */

static void add_metric(struct columns *columns, const char *name)
{
	const struct metric *metric = program_metric_find(name);
	columns_add(columns, "", metric->column, cell_program_metric, metric);
}

static void add_ratio(struct columns *columns)
{
	columns_add(columns, "", "against *     +-", cell_program_ratio, NULL);
}

static void add_exit(struct columns *columns, const struct results *results)
{
	for (size_t i = 0; i < results->nprograms; i++) {
		if (results->programs[i].status == RESULT_OK && results->programs[i].exit_status != 0) {
			columns_add(columns, "", "exit", cell_program_exit, NULL);
			return;
		}
	}
}

/* Where the second block starts; count: there is none. */
static size_t choose(struct columns *columns, const struct results *results, bool is_one)
{
	static const char *const first[] = { "heap.asked_bytes", "heap.peak_bytes", "resident.peak_bytes", "time.wall_ns" };
	static const char *const second[] = { "heap.allocated_bytes", "heap.allocations", "heap.temporary_allocations", "heap.kept_bytes",
		                              "resident.faults", "time.user_ns", "time.system_ns" };
	*columns = (struct columns){ .gap = 2 };
	columns_add(columns, "", "command", cell_program, NULL)->left = true;
	add_exit(columns, results);
	if (is_one) {
		programs_add_group(columns, "heap");
		programs_add_group(columns, "resident");
		programs_add_group(columns, "time");
		add_ratio(columns);
		return columns->count;
	}
	for (size_t i = 0; i < sizeof first / sizeof first[0]; i++)
		add_metric(columns, first[i]);
	add_ratio(columns);
	size_t middle = columns->count;
	for (size_t i = 0; i < sizeof second / sizeof second[0]; i++)
		add_metric(columns, second[i]);
	return middle;
}

/* ---- rows ---- */

static void print_rows(const struct report_options *options, const struct columns *columns, const struct program_line *lines, size_t count, size_t first, size_t end)
{
	columns_head(options, columns, first, end);
	fputc('\n', options->stream);
	for (size_t i = 0; i < count; i++) {
		if (is_whole(&lines[i])) {
			columns_row(options, columns, first, end, &lines[i]);
			fputc('\n', options->stream);
		} else if (first == 1) {
			struct text words = { 0 };
			programs_exit(lines[i].program, &words);
			if (lines[i].program->why[0] != '\0' && strcmp(lines[i].program->why, text_string(&words)) != 0) {
				text_add(&words, ": ");
				names_add(&words, lines[i].program->why);
			}
			columns_words(options, columns, &lines[i], STYLE_MARK, text_string(&words));
			text_release(&words);
		}
	}
}

static void print_blocks(const struct report_options *options, const struct columns *columns, const struct program_line *lines, size_t count, size_t middle, bool is_one)
{
	size_t end = middle, page = style_width(options);
	for (size_t first = 1, next; first < columns->count; first = next) {
		end = first < middle ? middle : columns->count;
		next = is_one ? end : columns_block(columns, first, page);
		next = next < end ? next : end;
		print_rows(options, columns, lines, count, first, next);
	}
}

/* ---- remarks ---- */

static bool same(const struct remark *a, const struct remark *b)
{
	return strcmp(a->lead, b->lead) == 0 && strcmp(a->text, b->text) == 0;
}

static bool has(const struct remarks *remarks, const struct remark *remark)
{
	for (size_t i = 0; i < remarks->count; i++)
		if (same(&remarks->remark[i], remark))
			return true;
	return false;
}

/* Whether all programs that ran say so. */
static bool is_of_all(const struct program_line *lines, const struct remarks *remarks, size_t count, const struct remark *remark)
{
	size_t ran = 0;
	for (size_t i = 0; i < count; i++) {
		if (!is_whole(&lines[i]))
			continue;
		ran++;
		if (!has(&remarks[i], remark))
			return false;
	}
	return ran > 1;
}

/* Once each: what holds for all as it is, the rest after the numbers of its programs. Lines that go with the one above (a list) have none. */
static void print_remarks(const struct report_options *options, const struct program_line *lines, const struct remarks *remarks, size_t count)
{
	struct remarks told = { 0 };
	for (size_t of_all = 0; of_all < 2; of_all++) {
		for (size_t p = 0; p < count; p++) {
			for (size_t i = 0; i < remarks[p].count; i++) {
				const struct remark *remark = &remarks[p].remark[i];
				if (has(&told, remark) || is_of_all(lines, remarks, count, remark) != (of_all == 0))
					continue;
				struct text lead = { 0 };
				for (size_t k = p; k < count && of_all == 1 && remark->lead[0] != ' '; k++)
					if (has(&remarks[k], remark))
						text_addf(&lead, "%s%zu", lead.length > 0 ? ", " : "", k + 1);
				const char *words = remark->lead;
				if (lead.length > 0) {
					text_add(&lead, ": ");
					words += strncmp(words, "- ", 2) == 0 ? 2 : 0;
				}
				text_add(&lead, words);
				table_remark(options, remark, text_string(&lead));
				text_release(&lead);
				if (remark->lead[0] != ' ')
					remarks_add(&told, remark->style, remark->lead, remark->text);
			}
		}
	}
	remarks_release(&told);
}

/* ---- the screen ---- */

static void title(const struct report_options *options, const struct results *results)
{
	struct text text = { 0 };
	text_addf(&text, "memhint exec: %zu program%s. * baseline; +-: 95 %% interval of the ratio", results->nprograms, results->nprograms == 1 ? "" : "s");
	style_paragraph(options, STYLE_PLAIN, "", text_string(&text), 2);
	text_release(&text);
}

/* The commands, where the table has no room for them. */
static void commands(const struct report_options *options, const struct program_line *lines, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct text lead = { 0 }, name = { 0 }, all = { 0 };
		text_addf(&lead, "  %zu ", i + 1);
		size_t page = style_width(options), start = text_width(text_string(&lead)), room = page > start + LABEL_LEAST ? page - start : LABEL_LEAST;
		names_add_short(&all, command(lines[i].program), COMMAND_LINES * room, SIZE_MAX);
		names_add_words(&name, text_string(&all), room);
		style_paragraph(options, STYLE_PLAIN, text_string(&lead), text_string(&name), 4);
		text_release(&all);
		text_release(&lead);
		text_release(&name);
	}
}

static void collect(const struct program_line *line, struct remarks *out)
{
	const struct program_result *program = line->program;
	struct text sources = { 0 };
	if (!is_whole(line)) /* its row says all that there is to say */
		return;
	programs_sources(program, &sources);
	if (sources.length > 0)
		remarks_add(out, STYLE_DIM, "", text_string(&sources));
	text_release(&sources);
	if (program->nprocesses > 1) {
		struct text processes = { 0 };
		programs_processes(program, &processes);
		remarks_add(out, STYLE_PLAIN, "", text_string(&processes));
		text_release(&processes);
	}
	remarks_of(program, REMARKS_BESIDE_TOTALS, out);
	bool is_told = strcmp(program->ratio.why, program->total.time.why) == 0;
	if (!line->is_baseline && program->ratio.resolved == RESULT_NONE && program->ratio.why[0] != '\0' && !is_told)
		remarks_add(out, STYLE_PLAIN, "- no ratio: ", program->ratio.why);
}

/* What the least telling answer means. */
static void about_unresolved(const struct report_options *options, const struct results *results)
{
	bool any = false;
	for (size_t i = 0; i < results->nprograms; i++)
		any = any || results->programs[i].ratio.resolved == 0;
	if (any)
		style_paragraph(options, STYLE_DIM, "", "no difference resolved: less than 1 %, or lost in the noise between runs", 2);
}

void table_programs(const struct report_options *options, const struct results *results)
{
	struct columns columns;
	size_t count = results->nprograms, page = style_width(options), middle;
	struct program_line *lines = calloc(count, sizeof *lines);
	struct remarks *remarks = calloc(count, sizeof *remarks);
	bool is_one = options->wide, is_all = false;
	for (size_t i = 0; i < count && lines != NULL; i++)
		lines[i] = (struct program_line){ .program = &results->programs[i], .row = &results->programs[i].total, .is_baseline = programs_is_baseline(results, i) };
	if (lines != NULL && remarks != NULL) {
		middle = choose(&columns, results, style_wide(options));
		if (style_wide(options)) {
			is_all = fit(&columns, lines, count, middle, options->wide ? SIZE_MAX : page);
			is_one = options->wide || columns_width(&columns, 1, columns.count) <= page;
		}
		if (!is_one) {
			middle = choose(&columns, results, false);
			if (options->brief)
				columns.count = middle;
			is_all = fit(&columns, lines, count, middle, page);
		}
		title(options, results);
		if (!is_all)
			commands(options, lines, count);
		struct report_options page_of_table = *options;
		if (is_one && page < columns_width(&columns, 1, columns.count)) /* --wide: words in a row may be as long as its numbers */
			page_of_table.width = columns_width(&columns, 1, columns.count);
		print_blocks(&page_of_table, &columns, lines, count, middle, is_one);
		for (size_t i = 0; i < count; i++)
			collect(&lines[i], &remarks[i]);
		print_remarks(options, lines, remarks, count);
		for (size_t i = 0; i < count; i++)
			remarks_release(&remarks[i]);
	}
	free(lines);
	free(remarks);
	about_unresolved(options, results);
	for (size_t i = 0; i < count && options->wide; i++) {
		fputc('\n', options->stream);
		table_program(options, &results->programs[i]);
	}
}
