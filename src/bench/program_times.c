/* SPDX-License-Identifier: MIT */
/* Of a run as a whole: how it ended, how long it took, and how much of it was in memory. */

#include "bench/ledger_read.h"
#include "bench/program_parts.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

double program_startup_ns(const struct program_run *run)
{
	struct ledger_images images;
	double ns = NAN;
	if (ledger_read(run->ledger, &images) != 0)
		return NAN;
	for (size_t i = 0; i < images.count; i++) {
		const struct ledger_process *entry = images.images[i].entry;
		if (images.images[i].has_startup && entry->mark_ns > entry->began_ns)
			ns = (isnan(ns) ? 0 : ns) + (double)(entry->mark_ns - entry->began_ns);
	}
	ledger_images_release(&images);
	return ns;
}

void program_read_startup(const struct program_run *run, const char *source, struct program_result *result)
{
	double ns = result->has_startup ? program_startup_ns(run) : NAN;
	if (isnan(ns))
		return;
	result->startup.time = (struct program_time){ .runs = 1, .wall_ns = ns, .wall_min_ns = ns, .wall_max_ns = ns, .user_ns = NAN, .system_ns = NAN, .source = source };
}

/* The high-water mark of a process that still runs: the libraries tell it only at the end. */
static int64_t read_high_water(pid_t pid)
{
	char path[48], line[256];
	long long kib = 0;
	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	FILE *status = fopen(path, "re");
	while (status && fgets(line, sizeof line, status) && sscanf(line, "VmHWM: %lld", &kib) != 1)
		;
	if (status)
		fclose(status);
	return kib * 1024;
}

void program_read_resident(const struct program_run *run, const char *source, struct program_resident *out_resident)
{
	struct ledger_images images;
	int64_t peak = 0;
	bool whole = ledger_read(run->ledger, &images) == 0, reached = false;
	for (size_t i = 0; whole && i < images.count; i++) {
		const struct ledger_image *image = &images.images[i];
		int64_t own = image->entry->rss_peak;
		if (own <= 0 && image->entry->state == LEDGER_RUNNING && image->next < 0)
			own = read_high_water(image->entry->pid);
		reached = reached || (image->entry->pid == run->pid && image->next < 0 && image->entry->state != LEDGER_EXECED);
		whole = own > 0;
		peak = own > peak ? own : peak;
	}
	bool inside = whole && reached;
	out_resident->peak_bytes = inside ? peak : run->rss_bytes;
	out_resident->faults = run->faults;
	out_resident->source = inside ? source : PROGRAM_OUTSIDE;
	ledger_images_release(&images);
}

void program_read_time(const struct program_run *run, const char *source, struct program_time *out_time)
{
	*out_time = (struct program_time){
		.runs = 1, .wall_ns = run->wall_ns, .wall_min_ns = run->wall_ns, .wall_max_ns = run->wall_ns, .user_ns = run->user_ns, .system_ns = run->system_ns, .source = source,
	};
}

void program_read_end(const struct program_command *command, const struct program_run *run, struct program_result *result)
{
	result->status = run->status;
	result->exit_status = run->exit_status;
	result->signal = run->signal;
	const char *signal = run->signal ? sigabbrev_np(run->signal) : NULL;
	if (run->status == RESULT_FAILED)
		snprintf(result->why, RESULT_WHY, "cannot run '%.80s': %s", command->argv[0], strerror(run->error)), result->exit_status = run->error == ENOENT ? 127 : 126;
	else if (run->status == RESULT_HUNG)
		snprintf(result->why, RESULT_WHY, "it was ended after --timeout");
	else if (run->status == RESULT_KILLED)
		snprintf(result->why, RESULT_WHY, "killed by SIG%s", signal ? signal : "?");
	else if (run->exit_status != 0 && run->words[0])
		snprintf(result->why, RESULT_WHY, "exit status %d: %s", run->exit_status, run->words);
}
