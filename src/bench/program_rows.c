/* SPDX-License-Identifier: MIT */
/*
 * From a run's ledger to the rows of its result.
 *
 * Sums of processes are sums; peaks are those of the largest one. Where a Python's script begins its ledger has a mark: what stands before it makes the row "python and
 * imports" and is taken off the total, and the peak of the rest is what lies above the bytes that were live at the mark. A child that Python forks inherits those
 * bytes, so they are taken off its peak too.
 */

#include "bench/ledger_read.h"
#include "bench/program_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- one process ---- */

/* From its beginning, whatever marks there are. */
static int64_t whole_peak(const struct ledger_image *image)
{
	return image->entry->marked && image->entry->mark_peak > image->peak ? image->entry->mark_peak : image->peak;
}

static int64_t not_negative(int64_t bytes)
{
	return bytes > 0 ? bytes : 0;
}

static void fill_counts(const struct ledger_counts *counts, struct program_heap *heap)
{
	heap->asked_bytes = (int64_t)counts->asked;
	heap->allocated_bytes = (int64_t)counts->allocated;
	heap->allocations = (int64_t)counts->allocations;
	heap->temporary_allocations = (int64_t)counts->temporary;
	heap->reallocations_in_place = (int64_t)counts->reallocations_in_place;
	heap->reallocations_moved = (int64_t)counts->reallocations_moved;
	heap->source = PROGRAM_COUNTED;
}

/* ---- the whole ---- */

static void fill_total(const struct ledger_images *images, struct program_result *result)
{
	struct ledger_counts all = { 0 }, before = { 0 };
	int64_t peak = -1, kept = 0, error = 0, startup_peak = 0, startup_kept = 0;
	for (size_t i = 0; i < images->count; i++) {
		const struct ledger_image *image = &images->images[i];
		const struct ledger_process *entry = image->entry;
		if (entry->flags & LEDGER_OWN_MALLOC)
			continue;
		int64_t live = image->startup_live, own_peak = not_negative((image->has_startup ? image->peak : whole_peak(image)) - live);
		ledger_counts_add(&all, &image->counts);
		if (image->has_startup) {
			ledger_counts_add(&before, &entry->mark);
			result->has_startup = true;
			startup_peak = entry->mark_peak > startup_peak ? entry->mark_peak : startup_peak;
			startup_kept = entry->mark_live > startup_kept ? entry->mark_live : startup_kept;
		}
		if (own_peak > peak) {
			peak = own_peak;
			kept = not_negative(image->live - live);
			error = image->peak_error;
		}
	}
	struct program_heap *heap = &result->total.heap;
	ledger_counts_subtract(&all, &before);
	fill_counts(&all, heap);
	heap->peak_bytes = not_negative(peak);
	heap->peak_error_bytes = error;
	heap->kept_bytes = kept;
	if (!result->has_startup)
		return;
	fill_counts(&before, &result->startup.heap);
	result->startup.heap.peak_bytes = startup_peak;
	result->startup.heap.peak_error_bytes = 0;
	result->startup.heap.kept_bytes = startup_kept;
}

/* ---- processes ---- */

static const char *ended_name(const struct ledger_image *image, const struct program_run *run)
{
	const struct ledger_process *entry = image->entry;
	if (entry->state == LEDGER_EXECED || image->next >= 0)
		return "exec";
	if (entry->pid == run->pid)
		return run->signal ? "killed" : "exit";
	if (entry->state == LEDGER_EXITED)
		return "exit";
	return program_is_alive(entry->pid) ? "running" : "killed";
}

/* Images are numbered in the order of their beginning; those that follow each other by an exec are one process, and keep its number. */
static void number_images(const struct ledger_images *images, int64_t *out_numbers)
{
	int64_t next = 1;
	for (size_t i = 0; i < images->count; i++)
		if (out_numbers[i] == 0) {
			for (ptrdiff_t k = (ptrdiff_t)i; k >= 0; k = images->images[k].next)
				out_numbers[k] = next;
			next++;
		}
}

static void fill_process(const struct ledger_images *images, const struct ledger_image *image, const struct program_run *run, const int64_t *numbers,
                         struct program_row *row)
{
	static const char *const began[] = { "start", "start", "fork", "exec" };
	const struct ledger_process *entry = image->entry;
	program_row_init(row, PROGRAM_PROCESS);
	row->pid = numbers[image - images->images];
	row->parent = image->parent >= 0 ? numbers[image->parent] : RESULT_NONE;
	row->began = began[entry->began <= LEDGER_BEGAN_EXEC ? entry->began : 0];
	row->ended = ended_name(image, run);
	row->threads = entry->threads_most;
	if (entry->flags & LEDGER_OWN_MALLOC) {
		snprintf(row->heap.why, RESULT_WHY, "cannot judge: it brings its own malloc");
	} else {
		fill_counts(&image->counts, &row->heap);
		row->heap.peak_bytes = not_negative(whole_peak(image));
		row->heap.peak_error_bytes = image->peak_error;
		row->heap.kept_bytes = not_negative(image->live);
	}
	if (entry->rss_peak > 0) {
		row->resident.peak_bytes = entry->rss_peak;
		row->resident.source = PROGRAM_COUNTED;
	} else {
		snprintf(row->resident.why, RESULT_WHY, "%s", strcmp(row->ended, "running") == 0 ? "it still ran" : "it ended before it could be read");
	}
	snprintf(row->time.why, RESULT_WHY, "not measured of one process");
	if (entry->ended_ns > entry->began_ns) {
		row->time.runs = 1;
		row->time.wall_ns = row->time.wall_min_ns = row->time.wall_max_ns = (double)(entry->ended_ns - entry->began_ns);
		row->time.source = PROGRAM_COUNTED;
	}
}

static int fill_processes(const struct ledger_images *images, const struct program_run *run, struct program_result *result)
{
	int64_t *numbers = calloc(images->count + 1, sizeof *numbers);
	result->processes = calloc(images->count + 1, sizeof *result->processes);
	bool failed = !numbers || !result->processes;
	if (!failed)
		number_images(images, numbers);
	for (size_t i = 0; !failed && i < images->count; i++) {
		struct program_row *row = &result->processes[result->nprocesses++];
		char name[LEDGER_PROCESS_NAME + 1];
		snprintf(name, sizeof name, "%.*s", LEDGER_PROCESS_NAME, images->images[i].entry->name);
		fill_process(images, &images->images[i], run, numbers, row);
		row->name = program_clean(name, PROGRAM_NAME);
		failed = !row->name;
	}
	free(numbers);
	return failed ? -1 : 0;
}

/* ---- notes ---- */

static void add_notes(const struct ledger *ledger, const struct ledger_images *images, const struct program_run *run, struct program_result *result)
{
	size_t lost = 0, running = 0, inherited = 0;
	uint64_t deep = 0;
	for (size_t i = 0; i < images->count; i++) {
		const struct ledger_process *entry = images->images[i].entry;
		lost += (entry->flags & LEDGER_LOST_SLOT) != 0;
		running += strcmp(result->processes[i].ended, "running") == 0;
		inherited += entry->began == LEDGER_BEGAN_FORK && entry->inherited > 0;
		deep += entry->deep_begins;
		result->unmatched_ends += (int64_t)entry->unmatched_ends;
	}
	if (running > 0 || run->left)
		program_note(result, "When the report was made %s still running: what it did later is not in the numbers", running > 1 ? "several of its processes were" : "something that it started was");
	if (inherited > 0)
		program_note(result, "A forked process has the bytes that it inherits in its peak, not in what it asks");
	if (lost > 0)
		program_note(result, "More threads were alive at once than there is room for: totals are exact, peaks are not");
	if (deep > 0)
		program_note(result, "Regions more than 64 deep were not entered");
	if (ledger->lost_processes > 0)
		program_note(result, "More than %d processes: %u are not in the numbers", LEDGER_PROCESSES, ledger->lost_processes);
	if (ledger->lost_regions > 0)
		program_note(result, "More than %d regions: %u were not entered", LEDGER_REGIONS, ledger->lost_regions);
	if (ledger->execs > LEDGER_EXECS)
		program_note(result, "More than %d programs were started: of the later ones it is not known whether they were reached", LEDGER_EXECS);
}

/* ---- the doors ---- */

static void cannot_judge(struct program_result *result, const char *why)
{
	struct program_row empty;
	program_row_init(&empty, PROGRAM_TOTAL);
	result->total.heap = empty.heap;
	snprintf(result->total.heap.why, RESULT_WHY, "cannot judge: %.140s", why);
	result->has_startup = false;
}

int program_read_counted(const struct program_plan *plan, const struct program_command *command, const struct program_run *run, struct program_result *result,
                         struct err *err)
{
	struct ledger_images images;
	char why[RESULT_WHY] = "";
	if (ledger_read(run->ledger, &images) != 0)
		return err_set(err, ERR_IO, "out of memory");
	program_row_init(&result->startup, PROGRAM_STARTUP);
	snprintf(result->startup.resident.why, RESULT_WHY, "not measured of a part of a program");
	snprintf(result->startup.time.why, RESULT_WHY, "not measured of a part of a program");
	result->startup.name = strdup("python and imports");
	fill_total(&images, result);
	bool failed = !result->startup.name || fill_processes(&images, run, result) != 0 || program_read_regions(run, true, &result->regions, &result->nregions) != 0 ||
	              program_read_reach(command, run, &images, result, why) != 0;
	if (!failed && why[0])
		cannot_judge(result, why);
	for (size_t i = 0; i < images.count; i++)
		if ((images.images[i].entry->flags & LEDGER_PYTHON) && !plan->python_objects)
			result->python = true;
	if (!failed)
		add_notes(run->ledger, &images, run, result);
	ledger_images_release(&images);
	return failed ? err_set(err, ERR_IO, "out of memory") : 0;
}
