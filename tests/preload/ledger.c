/* SPDX-License-Identifier: MIT */
/*
 * Runs a program on a ledger and prints what it finds there, one line an entry, so that the libraries are tested without `memhint exec`.
 *
 *	ledger [-w WANTS] [-o FILE] LIBRARY COMMAND...
 *
 * WANTS is a sum of LEDGER_WANT_*, 1 if not given. Ends with the program's own status, 128 + its signal.
 */
#include "base/ledger.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const states[] = { "free", "filling", "running", "exited", "execed" };
static const char *const ways[] = { "?", "start", "fork", "exec" };

static void counts_add(struct ledger_counts *sum, const struct ledger_counts *part)
{
	sum->asked += part->asked;
	sum->allocated += part->allocated;
	sum->allocations += part->allocations;
	sum->temporary += part->temporary;
	sum->reallocations_in_place += part->reallocations_in_place;
	sum->reallocations_moved += part->reallocations_moved;
}

static void print_counts(FILE *out, const char *prefix, const struct ledger_counts *counts)
{
	fprintf(out, " %sasked=%" PRIu64 " %sallocated=%" PRIu64 " %sallocations=%" PRIu64 " %stemporary=%" PRIu64 " %sinplace=%" PRIu64 " %smoved=%" PRIu64, prefix,
		counts->asked, prefix, counts->allocated, prefix, counts->allocations, prefix, counts->temporary, prefix, counts->reallocations_in_place,
		prefix, counts->reallocations_moved);
}

static void print_process(FILE *out, const struct ledger *ledger, uint32_t index)
{
	const struct ledger_process *process = &ledger->process[index];
	struct ledger_counts counts = process->others;
	int64_t live = process->live, peak = process->peak;
	unsigned slots = 0;
	for (uint32_t i = 0; i < ledger->slots && i < LEDGER_SLOTS; i++) {
		const struct ledger_slot *slot = &ledger->slot[i];
		if (slot->process != index + 1)
			continue;
		slots++;
		counts_add(&counts, &slot->counts);
		live += slot->live - slot->published;
		if (process->live + slot->high - slot->published > peak)
			peak = process->live + slot->high - slot->published;
	}
	fprintf(out, "process %u pid=%d parent=%d name=%s began=%s state=%s flags=%u", index, process->pid, process->parent_pid, process->name,
		ways[process->began], states[process->state], process->flags);
	print_counts(out, "", &counts);
	fprintf(out, " live=%" PRId64 " peak=%" PRId64 " inherited=%" PRId64 " threads=%u most=%u slots=%u others=%" PRIu64 " rss=%" PRId64 " ns=%" PRIu64
		" unmatched=%" PRIu64 " deep=%" PRIu64 " marked=%u", live, peak, process->inherited, process->threads, process->threads_most, slots,
		process->others.allocations, process->rss_peak, process->ended_ns ? process->ended_ns - process->began_ns : 0, process->unmatched_ends,
		process->deep_begins, process->marked);
	if (process->marked) {
		print_counts(out, "mark.", &process->mark);
		fprintf(out, " mark.live=%" PRId64 " mark.peak=%" PRId64 " mark.ns=%" PRIu64, process->mark_live, process->mark_peak, process->mark_ns - process->began_ns);
	}
	fputc('\n', out);
}

static void print(FILE *out, const struct ledger *ledger)
{
	fprintf(out, "ledger processes=%u slots=%u regions=%u execs=%u lost_processes=%u lost_regions=%u lock=%u\n", ledger->processes, ledger->slots,
		ledger->regions, ledger->execs, ledger->lost_processes, ledger->lost_regions, ledger->largest_lock);
	for (uint32_t i = 0; i < ledger->processes && i < LEDGER_PROCESSES; i++)
		print_process(out, ledger, i);
	for (uint32_t i = 0; i < ledger->regions && i < LEDGER_REGIONS; i++) {
		const struct ledger_region *region = &ledger->region[i];
		fprintf(out, "region %u process=%u begun=%" PRIu64 " ended=%" PRIu64, i, region->process, region->begun, region->ended);
		print_counts(out, "", &region->counts);
		fprintf(out, " peak=%" PRId64 " kept=%" PRId64 " ns=%" PRIu64 " faults=%" PRIu64 " rss=%" PRId64 " cut=%u name=%s\n", region->peak, region->kept,
			region->wall_ns, region->faults, region->rss_peak, region->cut, region->name);
	}
	for (uint32_t i = 0; i < ledger->execs && i < LEDGER_EXECS; i++) {
		const struct ledger_exec *exec = &ledger->exec[i];
		fprintf(out, "exec %u pid=%d state=%s without=%u path=%s\n", i, exec->pid, states[exec->state], exec->without, exec->path);
	}
	for (int i = 0; i < LEDGER_LARGEST; i++) {
		const struct ledger_large *large = &ledger->largest[i];
		if (large->asked)
			fprintf(out, "large asked=%" PRIu64 " process=%u offset=0x%" PRIx64 " object=%s where=%s\n", large->asked, large->process, large->offset,
				large->object, large->where);
	}
}

int main(int argc, char **argv)
{
	FILE *out = stderr;
	uint32_t wants = LEDGER_WANT_HEAP;
	int option;
	while ((option = getopt(argc, argv, "+w:o:")) != -1) {
		if (option == 'w')
			wants = (uint32_t)strtoul(optarg, NULL, 0);
		else if (option != 'o' || !(out = fopen(optarg, "we")))
			return 125;
	}
	if (argc - optind < 2)
		return 125;
	int fd = memfd_create("ledger", MFD_CLOEXEC);
	struct ledger *ledger = MAP_FAILED;
	if (fd >= 0 && ftruncate(fd, sizeof *ledger) == 0)
		ledger = mmap(NULL, sizeof *ledger, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (ledger == MAP_FAILED)
		return 125;
	ledger->magic = LEDGER_MAGIC;
	ledger->version = LEDGER_VERSION;
	ledger->wants = wants;
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/fd/%d", getpid(), fd);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid_t pid = fork();
	if (pid == 0) {
		setenv(LEDGER_ENV, path, 1);
		setenv("LD_PRELOAD", argv[optind], 1);
		execvp(argv[optind + 1], argv + optind + 1);
		_exit(127);
	}
	int status = 0, other;
	waitpid(pid, &status, 0);
	while (waitpid(-1, &other, 0) > 0) /* daemons */
		;
	print(out, ledger);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
