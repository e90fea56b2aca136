/* SPDX-License-Identifier: MIT */
/* Regions by name: what all processes and threads of a program did in those that are called alike, in the order of their first beginning. */

#include "bench/ledger_read.h"
#include "bench/program_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *region_name(const struct ledger_region *region)
{
	char name[LEDGER_NAME + 4];
	snprintf(name, sizeof name, "%.*s%s", LEDGER_NAME, region->name, region->cut ? "..." : "");
	return program_clean(name, PROGRAM_NAME);
}

static struct program_row *find_row(struct program_row *rows, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

static void open_region(struct program_row *row, char *name, const char *source)
{
	program_row_init(row, PROGRAM_REGION);
	row->name = name;
	row->times = row->unended = 0;
	row->heap = (struct program_heap){ .source = PROGRAM_COUNTED };
	row->resident = (struct program_resident){ .source = source };
	row->time.runs = 1;
	row->time.wall_ns = row->time.wall_min_ns = row->time.wall_max_ns = 0;
	row->time.source = source;
}

/* One process's share of a region. */
static void add_region(const struct ledger_region *region, bool own_malloc, struct program_row *row)
{
	struct program_heap *heap = &row->heap;
	heap->asked_bytes += (int64_t)region->counts.asked;
	heap->allocated_bytes += (int64_t)region->counts.allocated;
	heap->allocations += (int64_t)region->counts.allocations;
	heap->temporary_allocations += (int64_t)region->counts.temporary;
	heap->reallocations_in_place += (int64_t)region->counts.reallocations_in_place;
	heap->reallocations_moved += (int64_t)region->counts.reallocations_moved;
	heap->peak_bytes = region->peak > heap->peak_bytes ? region->peak : heap->peak_bytes;
	heap->kept_bytes += region->kept;
	if (own_malloc)
		snprintf(heap->why, RESULT_WHY, "cannot judge: its program brings its own malloc");
	row->resident.peak_bytes = region->rss_peak > row->resident.peak_bytes ? region->rss_peak : row->resident.peak_bytes;
	row->resident.faults += (int64_t)region->faults;
	row->time.wall_ns += (double)region->wall_ns;
	row->time.wall_min_ns = row->time.wall_max_ns = row->time.wall_ns;
	row->times += (int64_t)region->begun;
	row->unended += (int64_t)(region->begun > region->ended ? region->begun - region->ended : 0);
}

/* What cannot be judged has no numbers; what was freed beyond what was made is not kept. */
static void close_region(struct program_row *row, bool counted)
{
	if (counted && !row->heap.why[0]) {
		row->heap.kept_bytes = row->heap.kept_bytes > 0 ? row->heap.kept_bytes : 0;
		return;
	}
	struct program_row empty;
	program_row_init(&empty, PROGRAM_REGION);
	memcpy(empty.heap.why, row->heap.why, RESULT_WHY);
	row->heap = empty.heap;
}

int program_read_regions(const struct program_run *run, bool counted, struct program_row **out_rows, size_t *out_count)
{
	const struct ledger *ledger = run->ledger;
	size_t claimed = ledger_claimed(ledger->regions, LEDGER_REGIONS);
	struct program_row *rows = calloc(claimed + 1, sizeof *rows);
	size_t count = 0;
	for (size_t i = 0; rows && i < claimed; i++) {
		const struct ledger_region *region = &ledger->region[i];
		if (region->state != LEDGER_RUNNING || region->process >= LEDGER_PROCESSES)
			continue;
		char *name = region_name(region);
		if (!name) {
			program_rows_release(rows, count);
			return -1;
		}
		struct program_row *row = find_row(rows, count, name);
		if (row)
			free(name);
		else
			open_region(row = &rows[count++], name, counted ? PROGRAM_COUNTED : PROGRAM_PLAIN);
		add_region(region, ledger->process[region->process].flags & LEDGER_OWN_MALLOC, row);
	}
	for (size_t i = 0; i < count; i++)
		close_region(&rows[i], counted);
	*out_rows = rows;
	*out_count = count;
	return rows ? 0 : -1;
}

void program_rows_release(struct program_row *rows, size_t count)
{
	for (size_t i = 0; rows && i < count; i++)
		free(rows[i].name);
	free(rows);
}
