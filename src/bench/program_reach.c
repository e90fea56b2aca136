/* SPDX-License-Identifier: MIT */
/*
 * Who was not reached, and why. The library notes each exec and spawn before it happens, so a note that no image followed names a program that is not in the numbers.
 * If that is what the measured program itself became, or if it never began, its heap cannot be judged; its file mostly tells why.
 */

#include "bench/elf.h"
#include "bench/ledger_read.h"
#include "bench/program_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MISSING_MOST = 20 };

static const char not_reached[] = "it was not reached", own_malloc[] = "it brings its own malloc";

/* A path that the program gave is as it saw it: where it cannot be found from here nothing is said about it. */
static void judge_exec(const struct ledger_exec *exec, const char *path, char out_why[RESULT_WHY])
{
	char file[PATH_MAX], why[ELF_WHY] = "";
	if (exec->without)
		snprintf(why, sizeof why, "its environment was cleared");
	else if (strncmp(path, "...", 3) != 0 && elf_find(path, file))
		elf_judge(file, why);
	snprintf(out_why, RESULT_WHY, "%s", why[0] ? why : not_reached);
}

/* "NAME: why", counted where it comes again. Returns false when there is no memory. */
static bool add_missing(struct program_result *result, size_t *times, const char *path, const char *why)
{
	const char *slash = strrchr(path, '/');
	char *name = program_clean(slash ? slash + 1 : path, PROGRAM_NAME), *line = NULL;
	bool known = false, failed = !name || asprintf(&line, "%s: %s", name, why) < 0;
	free(name);
	for (size_t i = 0; !failed && !known && i < result->nmissing; i++) {
		known = result->missing[i] && strcmp(result->missing[i], line) == 0;
		times[i] += known;
	}
	if (!failed && !known && result->nmissing < MISSING_MOST) {
		times[result->nmissing] = 1;
		result->missing[result->nmissing++] = line;
		line = NULL;
	}
	free(line);
	return !failed;
}

/* "true (50 times): why" */
static bool show_times(struct program_result *result, const size_t *times)
{
	for (size_t i = 0; i < result->nmissing; i++) {
		char *line, *colon = strstr(result->missing[i], ": ");
		if (times[i] == 1 || !colon)
			continue;
		if (asprintf(&line, "%.*s (%zu times)%s", (int)(colon - result->missing[i]), result->missing[i], times[i], colon) < 0)
			return false;
		free(result->missing[i]);
		result->missing[i] = line;
	}
	return true;
}

static void judge_unbegun(const struct program_command *command, const struct program_run *run, char out_why[RESULT_WHY])
{
	char file[PATH_MAX], why[ELF_WHY] = "";
	if (elf_find(command->argv[0], file))
		elf_judge(file, why);
	snprintf(out_why, RESULT_WHY, "%s", why[0] ? why : run->signal ? "it was killed before it used the heap" : not_reached);
}

/* The program itself, from its last image: NULL if there was none. */
static const struct ledger_image *last_image(const struct program_run *run, const struct ledger_images *images)
{
	const struct ledger_image *last = NULL;
	for (size_t i = 0; i < images->count; i++)
		if (images->images[i].entry->pid == run->pid)
			last = &images->images[i];
	return last;
}

int program_read_reach(const struct program_command *command, const struct program_run *run, const struct ledger_images *images, struct program_result *result,
                       char out_why[RESULT_WHY])
{
	const struct ledger *ledger = run->ledger;
	const struct ledger_image *last = last_image(run, images);
	size_t times[MISSING_MOST] = { 0 };
	bool others = false;
	result->missing = calloc(MISSING_MOST, sizeof *result->missing);
	bool well = result->missing != NULL;
	if (!last)
		judge_unbegun(command, run, out_why);
	else if (last->entry->state == LEDGER_EXECED)
		snprintf(out_why, RESULT_WHY, "%s", not_reached);
	for (size_t i = 0; well && i < ledger_claimed(ledger->execs, LEDGER_EXECS); i++) {
		const struct ledger_exec *exec = &ledger->exec[i];
		if (exec->state != LEDGER_RUNNING || ledger_image_of(ledger, images, i))
			continue;
		char path[LEDGER_PATH + 1], why[RESULT_WHY];
		snprintf(path, sizeof path, "%.*s", LEDGER_PATH, exec->path);
		judge_exec(exec, path, why);
		if (exec->pid == run->pid)
			memcpy(out_why, why, RESULT_WHY);
		else
			others = true;
		well = add_missing(result, times, path, why);
	}
	for (size_t i = 0; well && i < images->count; i++) {
		const struct ledger_process *entry = images->images[i].entry;
		if (!(entry->flags & LEDGER_OWN_MALLOC))
			continue;
		char name[LEDGER_PROCESS_NAME + 1];
		snprintf(name, sizeof name, "%.*s", LEDGER_PROCESS_NAME, entry->name);
		if (entry->pid == run->pid && !out_why[0])
			snprintf(out_why, RESULT_WHY, "%s", own_malloc);
		others = others || entry->pid != run->pid;
		well = add_missing(result, times, name, own_malloc);
	}
	if (well && others)
		program_note(result, "Processes that were not reached, and what they started, are not in the numbers");
	return well && show_times(result, times) ? 0 : -1;
}
