/* SPDX-License-Identifier: MIT */
/*
 * Commands side by side: sets of plain runs. A set runs every command twice, once in an order that is rotated from set to set and once in the opposite order, so that
 * over a set each command comes as late as any other, and over the sets each is first as often. Its number for a command is the geometric mean of the two ratios;
 * the interval is made from the sets' numbers alone, as for the ways of a lesson.
 */

#include "bench/bench.h"
#include "bench/program_parts.h"
#include "bench/statistics.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_RUNS = 2 * BENCH_MOST_SETS };

/* The plain runs of one row: of a command, or of a region or the start-up of it. */
struct samples {
	size_t count;
	double wall[MOST_RUNS], user[MOST_RUNS], system[MOST_RUNS], rss[MOST_RUNS], faults[MOST_RUNS];
	bool outside; /* the resident set of some run was seen from outside only */
};

/* One command over all sets. */
struct track {
	const struct program_command *command;
	struct program_result *result;
	bool active; /* false once it failed */
	bool no_patience;
	struct samples own, startup;
	struct samples *regions; /* by result->regions */
	double pair[2];          /* wall time of the set's two runs */
	double ratios[BENCH_MOST_SETS];
};

struct race {
	struct program_session *session;
	struct track *tracks; /* [0] is the baseline */
	size_t count, sets;   /* done */
};

static double now_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* ---- one run ---- */

static void add_sample(struct samples *samples, const struct program_time *time, const struct program_resident *resident)
{
	size_t at = samples->count;
	if (at == MOST_RUNS)
		return;
	samples->wall[at] = time->wall_ns;
	samples->user[at] = time->user_ns;
	samples->system[at] = time->system_ns;
	samples->rss[at] = (double)resident->peak_bytes;
	samples->faults[at] = (double)resident->faults;
	samples->outside = samples->outside || (resident->source && strcmp(resident->source, PROGRAM_OUTSIDE) == 0);
	samples->count++;
}

static int add_regions(struct track *track, const struct program_run *run, struct err *err)
{
	struct program_row *rows;
	size_t count;
	if (program_read_regions(run, false, &rows, &count) != 0)
		return err_set(err, ERR_IO, "out of memory");
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < track->result->nregions; k++)
			if (strcmp(rows[i].name, track->result->regions[k].name) == 0)
				add_sample(&track->regions[k], &rows[i].time, &rows[i].resident);
	program_rows_release(rows, count);
	return 0;
}

static int add_run(struct track *track, const struct program_run *run, struct err *err)
{
	struct program_row row;
	program_row_init(&row, PROGRAM_TOTAL);
	program_read_time(run, PROGRAM_PLAIN, &row.time);
	program_read_resident(run, PROGRAM_PLAIN, &row.resident);
	add_sample(&track->own, &row.time, &row.resident);
	if (track->result->has_startup) {
		program_row_init(&row, PROGRAM_STARTUP);
		row.time.wall_ns = program_startup_ns(run);
		if (!isnan(row.time.wall_ns))
			add_sample(&track->startup, &row.time, &row.resident);
	}
	return add_regions(track, run, err);
}

/* A plain run; a command that fails in it is out. half: 0 or 1, of the set; -1: not recorded. */
static int run_once(struct race *race, struct track *track, int half, struct err *err)
{
	const struct program_plan *plan = race->session->plan;
	const struct program_run_spec spec = { .command = track->command, .kind = PROGRAM_RUN_PLAIN, .no_patience = track->no_patience };
	struct program_run run;
	int status = program_run_hooked(race->session, &spec, &run, err);
	if (status == 0) {
		track->no_patience = track->no_patience || run.left;
		bool failed = run.status != RESULT_OK || (run.exit_status != 0 && !plan->ignore_failure);
		if (failed) {
			program_read_end(track->command, &run, track->result);
			track->active = false;
		} else if (half >= 0) {
			track->pair[half] = run.wall_ns;
			status = add_run(track, &run, err);
		}
	}
	program_run_release(&run);
	return status;
}

/* ---- a set ---- */

/* The k-th of a set's first half. */
static struct track *runner(struct race *race, size_t set, size_t k)
{
	return &race->tracks[(k + set) % race->count];
}

static int run_set(struct race *race, struct err *err)
{
	size_t set = race->sets;
	int status = 0;
	for (int half = 0; half < 2; half++)
		for (size_t k = 0; status == 0 && k < race->count; k++) {
			struct track *track = runner(race, set, half == 0 ? k : race->count - 1 - k);
			if (track->active)
				status = run_once(race, track, half, err);
		}
	if (status != 0)
		return status;
	const struct track *base = &race->tracks[0];
	for (size_t i = 0; i < race->count; i++) {
		struct track *track = &race->tracks[i];
		if (track->active && base->active)
			track->ratios[set] = sqrt(track->pair[0] / base->pair[0] * (track->pair[1] / base->pair[1]));
	}
	race->sets++;
	return 0;
}

/* As many sets as the budget pays for, judged by the first: an even number, and never below the least. */
static size_t sets_within(double seconds, double set_seconds)
{
	double paid = set_seconds > 0 ? seconds / set_seconds : BENCH_MOST_SETS;
	size_t sets = paid > BENCH_MOST_SETS ? BENCH_MOST_SETS : (size_t)paid / 2 * 2;
	return sets < BENCH_LEAST_SETS ? BENCH_LEAST_SETS : sets;
}

static bool any_active(const struct race *race)
{
	for (size_t i = 0; i < race->count; i++)
		if (race->tracks[i].active)
			return true;
	return false;
}

static int run_sets(struct race *race, struct err *err)
{
	const struct program_plan *plan = race->session->plan;
	size_t sets = plan->sets ? plan->sets : BENCH_LEAST_SETS;
	if (sets > BENCH_MOST_SETS)
		sets = BENCH_MOST_SETS;
	for (size_t i = 0; i < race->count; i++)
		for (size_t k = 0; k < plan->warmup && race->tracks[i].active; k++)
			if (run_once(race, &race->tracks[i], -1, err) != 0)
				return err->code;
	for (size_t set = 0; set < sets && any_active(race); set++) {
		double start = now_s();
		if (run_set(race, err) != 0)
			return err->code;
		if (set == 0 && plan->sets == 0)
			sets = sets_within(plan->seconds, now_s() - start);
		if (plan->progress)
			plan->progress(plan->progress_context, "plain runs", (double)(set + 1) / (double)sets);
	}
	return 0;
}

/* ---- the end ---- */

static void conclude_row(struct samples *samples, bool whole, struct program_row *row)
{
	size_t count = samples->count;
	if (count == 0)
		return;
	row->time = (struct program_time){ .runs = (int64_t)count, .user_ns = NAN, .system_ns = NAN, .source = PROGRAM_PLAIN };
	row->time.wall_ns = statistics_median(samples->wall, count); /* and they are sorted now */
	row->time.wall_min_ns = samples->wall[0];
	row->time.wall_max_ns = samples->wall[count - 1];
	if (whole) {
		row->time.user_ns = statistics_median(samples->user, count);
		row->time.system_ns = statistics_median(samples->system, count);
	}
	if (row->kind == PROGRAM_STARTUP)
		return;
	row->resident = (struct program_resident){
		.peak_bytes = (int64_t)(statistics_median(samples->rss, count) + 0.5),
		.faults = (int64_t)(statistics_median(samples->faults, count) + 0.5),
		.source = samples->outside ? PROGRAM_OUTSIDE : PROGRAM_PLAIN,
	};
}

static void forget(struct program_row *row, const char *why)
{
	struct program_row empty;
	program_row_init(&empty, row->kind);
	row->time = empty.time;
	row->resident = empty.resident;
	snprintf(row->time.why, RESULT_WHY, "%s", why);
	snprintf(row->resident.why, RESULT_WHY, "%s", why);
}

static void conclude_ratio(const struct race *race, const struct track *track)
{
	struct ratio_result *ratio = &track->result->ratio;
	if (track == &race->tracks[0])
		return;
	if (!track->active || !race->tracks[0].active) {
		snprintf(ratio->why, RESULT_WHY, "%s", track->active ? "the command that it is compared with failed" : "it failed");
		return;
	}
	double ratios[BENCH_MOST_SETS];
	memcpy(ratios, track->ratios, sizeof ratios);
	struct statistics_ratio compared = statistics_compare(ratios, race->sets);
	ratio->time = compared.ratio;
	if (race->sets > 1) {
		ratio->low = compared.low;
		ratio->high = compared.high;
	}
	ratio->resolved = compared.resolved;
}

static void conclude(const struct race *race, struct track *track)
{
	struct program_result *result = track->result;
	const char *why = "it failed";
	result->baseline = race->tracks[0].result->total.name;
	if (track->active) {
		conclude_row(&track->own, true, &result->total);
		conclude_row(&track->startup, false, &result->startup);
	} else {
		forget(&result->total, why);
	}
	for (size_t i = 0; i < result->nregions; i++) {
		forget(&result->regions[i], track->active ? "it was not entered in a plain run" : why);
		if (track->active)
			conclude_row(&track->regions[i], false, &result->regions[i]);
	}
	conclude_ratio(race, track);
}

int program_compare(struct program_session *session, struct program_result *results, struct err *err)
{
	const struct program_plan *plan = session->plan;
	struct race race = { .session = session, .tracks = calloc(plan->ncommands, sizeof *race.tracks), .count = plan->ncommands };
	int status = 0;
	if (!race.tracks)
		return err_set(err, ERR_IO, "out of memory");
	for (size_t i = 0; status == 0 && i < race.count; i++) {
		struct track *track = &race.tracks[i];
		struct program_result *result = &results[i];
		track->command = &plan->commands[i];
		track->result = result;
		track->active = result->status == RESULT_OK && (result->exit_status == 0 || plan->ignore_failure);
		track->regions = calloc(result->nregions + 1, sizeof *track->regions);
		if (!track->regions)
			status = err_set(err, ERR_IO, "out of memory");
	}
	if (status == 0)
		status = run_sets(&race, err);
	for (size_t i = 0; status == 0 && i < race.count; i++)
		conclude(&race, &race.tracks[i]);
	for (size_t i = 0; i < race.count; i++)
		free(race.tracks[i].regions);
	free(race.tracks);
	return status;
}
