/* SPDX-License-Identifier: MIT */
/*
 * What must be said beside a program's numbers: what they do not hold, how exact they are, who is missing. Each sentence is made once, here, so that no
 * format says less than another.
 */

#include "report/programs.h"

#include "report/names.h"

#include "base/program_metric.h"
#include "base/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MISSING_MOST = 5, NAMES_MOST = 3, KIB = 1024, MIB = 1024 * 1024 };

void remarks_take(struct remarks *remarks, bool under_heap, enum style style, const char *lead, struct text *text)
{
	struct remark *grown = realloc(remarks->remark, (remarks->count + 1) * sizeof *grown);
	if (grown == NULL) {
		text_release(text);
		return;
	}
	remarks->remark = grown;
	struct remark *remark = &grown[remarks->count];
	*remark = (struct remark){ .under_heap = under_heap, .style = style };
	snprintf(remark->lead, sizeof remark->lead, "%s", lead);
	remark->text = text_take(text);
	if (remark->text != NULL)
		remarks->count++;
}

static void say(struct remarks *remarks, bool under_heap, enum style style, const char *words)
{
	struct text text = { 0 };
	names_add(&text, words);
	remarks_take(remarks, under_heap, style, "", &text);
}

/* ---- about the heap columns ---- */

static void about_startup(const struct program_result *program, enum remarks_beside beside, struct remarks *out)
{
	struct text text = { 0 };
	char asked[UNITS_TEXT], count[UNITS_TEXT];
	if (!program->has_startup)
		return;
	names_add_short(&text, program->startup.name != NULL ? program->startup.name : "python and imports", PROGRAMS_NAME, SIZE_MAX);
	if (beside == REMARKS_BESIDE_TOTALS && programs_has_heap(&program->startup))
		text_addf(&text, " (asked %s, %s allocations)", units_bytes((double)program->startup.heap.asked_bytes, asked),
		          units_count((double)program->startup.heap.allocations, count));
	text_addf(&text, ": before the script's first line (or first region); subtracted from the program's %s",
	          programs_has_machine(&program->startup) ? "row" : "heap");
	remarks_take(out, true, STYLE_PLAIN, "", &text);
}

static void about_python(const struct program_result *program, struct remarks *out)
{
	if (program->python)
		say(out, true, STYLE_MARK, "Python's small objects not counted (a list of 1,000,000 floats shows 8 of its 32 MB): --python-objects");
}

static void about_peak(const struct program_result *program, struct remarks *out)
{
	const struct program_row *process = programs_largest(program, "heap.peak_bytes");
	int64_t error = program->total.heap.peak_error_bytes;
	char bytes[UNITS_TEXT];
	struct text text = { 0 };
	if (error <= 0)
		return;
	if (error % MIB == 0)
		text_addf(&text, "peak exact to %lld MiB", (long long)(error / MIB));
	else if (error % KIB == 0)
		text_addf(&text, "peak exact to %lld KiB", (long long)(error / KIB));
	else
		text_addf(&text, "peak exact to %s", units_bytes((double)error, bytes));
	if (process != NULL && process->threads > 1)
		text_addf(&text, ": %s threads", units_count((double)process->threads, bytes));
	remarks_take(out, true, STYLE_PLAIN, "", &text);
}

static void about_regions(const struct program_result *program, struct remarks *out)
{
	struct text text = { 0 };
	char count[UNITS_TEXT];
	bool below = program->total.heap.kept_bytes < RESULT_NONE;
	for (size_t i = 0; i < program->nregions; i++)
		below = below || program->regions[i].heap.kept_bytes < RESULT_NONE;
	if (below)
		say(out, true, STYLE_PLAIN, "kept below 0: more was freed than allocated there, of what was alive before");
	for (size_t i = 0; i < program->nregions; i++) {
		const struct program_row *region = &program->regions[i];
		if (region->unended <= 0)
			continue;
		text_add(&text, text.length > 0 ? ", " : "");
		names_add_short(&text, region->name != NULL ? region->name : "?", PROGRAMS_NAME, SIZE_MAX);
		if (region->times > 1)
			text_addf(&text, " (%lld of its %s times)", (long long)region->unended, units_count((double)region->times, count));
	}
	if (text.length > 0)
		remarks_take(out, true, STYLE_MARK, "! never ended: ", &text);
	text_release(&text);
	if (program->unmatched_ends > 0) {
		text_addf(&text, "%s call%s of memhint_end() without a memhint_begin() before", units_count((double)program->unmatched_ends, count),
		          program->unmatched_ends == 1 ? "" : "s");
		remarks_take(out, true, STYLE_MARK, "! ", &text);
	}
}

/* ---- what is missing ---- */

static const char *name_of(const struct program_row *row)
{
	return row->kind == PROGRAM_TOTAL ? "program" : row->name != NULL ? row->name : "?";
}

/* The reason, where the table shows that something is missing and not why: a row without resident set and times is not among them at all. */
static const char *why_of(const struct program_result *program, const struct program_row *row, const char *group, enum remarks_beside beside)
{
	bool is_heap = strcmp(group, "heap") == 0, is_absent = row->kind != PROGRAM_TOTAL && !programs_has_machine(row);
	const char *shown = is_heap ? "heap.asked_bytes" : strcmp(group, "resident") == 0 ? "resident.peak_bytes" : "time.wall_ns";
	if (row->kind == PROGRAM_PROCESS && isfinite(program_metric_value(program_metric_find(shown), program, row)))
		return "";
	if (!is_heap && is_absent)
		return "";
	if (beside == REMARKS_BESIDE_REASONS && is_heap && row->kind != PROGRAM_PROCESS && !programs_has_heap(row))
		return "";
	if (beside == REMARKS_BESIDE_TOTALS && row->kind != PROGRAM_TOTAL && !(is_heap && row->kind == PROGRAM_PROCESS))
		return "";
	return program_metric_why(group, program, row);
}

static const struct program_row *row_at(const struct program_result *program, size_t index)
{
	if (index == 0)
		return &program->total;
	if (index-- <= program->nregions)
		return &program->regions[index];
	index -= program->nregions;
	if (index < program->nprocesses)
		return &program->processes[index];
	return program->has_startup && index == program->nprocesses ? &program->startup : NULL;
}

/* "- heap of 3 true, 5 ls: cannot judge: it is statically linked": each reason once, with the rows that it holds for. */
static void about_group(const struct program_result *program, const char *group, const char *word, enum remarks_beside beside, struct remarks *out)
{
	const struct program_row *row, *other;
	for (size_t i = 0; (row = row_at(program, i)) != NULL; i++) {
		const char *why = why_of(program, row, group, beside);
		bool told = *why == '\0' || (row->kind == PROGRAM_PROCESS && program->nprocesses == 1);
		for (size_t k = 0; k < i && !told; k++)
			told = strcmp(why, why_of(program, row_at(program, k), group, beside)) == 0;
		if (told)
			continue;
		struct text text = { 0 };
		size_t names = 0;
		for (size_t k = i; (other = row_at(program, k)) != NULL; k++) {
			if (strcmp(why, why_of(program, other, group, beside)) != 0)
				continue;
			if (++names > NAMES_MOST)
				continue;
			text_add(&text, names > 1 ? ", " : "");
			if (other->kind == PROGRAM_PROCESS)
				programs_add_process(&text, other);
			else
				names_add_short(&text, name_of(other), PROGRAMS_NAME, SIZE_MAX);
		}
		if (names > NAMES_MOST)
			text_addf(&text, " and %zu more", names - NAMES_MOST);
		bool is_program = names == 1 && row->kind == PROGRAM_TOTAL;
		char lead[COLUMN_TEXT];
		snprintf(lead, sizeof lead, is_program ? "- %s: " : "- %s of ", word);
		if (is_program)
			text_release(&text);
		else
			text_add(&text, ": ");
		names_add(&text, why);
		remarks_take(out, false, STYLE_PLAIN, lead, &text);
	}
}

/* The source of a group in the first row of that kind which has one; NULL where it is the program's own. */
static const char *other_source(const struct program_result *program, enum program_row_kind kind, const char *group)
{
	const char *whole = program_metric_source(group, &program->total);
	const struct program_row *row;
	for (size_t i = 0; (row = row_at(program, i)) != NULL; i++) {
		const char *source = program_metric_source(group, row);
		if (row->kind == kind && source != NULL)
			return whole != NULL && strcmp(source, whole) == 0 ? NULL : source;
	}
	return NULL;
}

/* Where startup, regions or processes come from another run than the program's row. */
static void about_sources(const struct program_result *program, struct remarks *out)
{
	static const char *const kinds[] = { [PROGRAM_STARTUP] = "of the start-up", [PROGRAM_REGION] = "of regions", [PROGRAM_PROCESS] = "of processes" };
	for (enum program_row_kind kind = PROGRAM_STARTUP; kind <= PROGRAM_PROCESS; kind++) {
		const char *heap = other_source(program, kind, "heap"), *resident = other_source(program, kind, "resident"), *time = other_source(program, kind, "time");
		bool alike = resident != NULL && time != NULL && strcmp(resident, time) == 0;
		struct text text = { 0 };
		if (kind == PROGRAM_PROCESS && program->nprocesses < 2)
			continue;
		if (heap != NULL)
			text_addf(&text, "heap %s: %s", kinds[kind], heap);
		if (resident != NULL)
			text_addf(&text, "%sRSS, faults%s %s: %s", text.length > 0 ? "; " : "", alike ? ", times" : "", kinds[kind], resident);
		if (time != NULL && !alike)
			text_addf(&text, "%stimes %s: %s", text.length > 0 ? "; " : "", kinds[kind], time);
		if (text.length > 0)
			remarks_take(out, false, STYLE_DIM, "", &text);
	}
}

static void about_missing(const struct program_result *program, struct remarks *out)
{
	struct text text = { 0 };
	for (size_t i = 0; i < program->nmissing && i < MISSING_MOST; i++) {
		text_add(&text, i > 0 ? "; " : "");
		names_add(&text, program->missing[i]);
	}
	if (program->nmissing > MISSING_MOST)
		text_addf(&text, "; and %zu more", program->nmissing - MISSING_MOST);
	if (program->nmissing > 0)
		remarks_take(out, false, STYLE_MARK, "! not counted: ", &text);
}

/* ---- all of it ---- */

void remarks_of(const struct program_result *program, enum remarks_beside beside, struct remarks *out)
{
	about_startup(program, beside, out);
	about_python(program, out);
	about_peak(program, out);
	about_regions(program, out);
	about_group(program, "heap", "heap", beside, out);
	if (strcmp(program->total.resident.why, program->total.time.why) == 0 && program->total.time.why[0] != '\0') {
		remarks_add(out, STYLE_PLAIN, "- RSS, faults, times: ", program->total.time.why);
	} else {
		about_group(program, "resident", "peak RSS", beside, out);
		about_group(program, "time", "time", beside, out);
	}
	if (beside != REMARKS_BESIDE_TOTALS)
		about_sources(program, out);
	about_missing(program, out);
	for (size_t i = 0; i < program->nnotes; i++)
		say(out, false, STYLE_PLAIN, program->notes[i]);
	remarks_of_budgets(program, out);
}

void remarks_add(struct remarks *remarks, enum style style, const char *lead, const char *words)
{
	struct text text = { 0 };
	names_add(&text, words);
	remarks_take(remarks, false, style, lead, &text);
}

void remarks_release(struct remarks *remarks)
{
	for (size_t i = 0; i < remarks->count; i++)
		free(remarks->remark[i].text);
	free(remarks->remark);
	*remarks = (struct remarks){ 0 };
}
