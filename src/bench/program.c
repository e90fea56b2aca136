/* SPDX-License-Identifier: MIT */
/*
 * A plan from its first run to its last. Each command is run once counted. After that, alone (plan->once) it may be run once plain; several are run plain in sets
 * (program_compare.c).
 */

#include "bench/child.h"
#include "bench/program_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- a result before anything is measured ---- */

static int describe(const struct program_command *command, struct program_result *result, struct err *err)
{
	enum { MOST = 1 << 20 }; /* a word, a command: as the kernel's own limit for arguments */
	size_t count = 0;
	while (command->argv[count])
		count++;
	program_row_init(&result->total, PROGRAM_TOTAL);
	program_row_init(&result->startup, PROGRAM_STARTUP);
	result->ratio = (struct ratio_result){ NAN, NAN, NAN, (int)RESULT_NONE, "" };
	result->shell = command->shell;
	result->exit_status = -1;
	result->total.name = program_clean(command->text, MOST);
	result->argv = calloc(count + 1, sizeof *result->argv);
	bool failed = !result->argv || !result->total.name;
	for (size_t i = 0; !failed && i < count; i++) {
		result->argv[i] = program_clean(command->argv[i], MOST);
		result->argc = i + 1;
		failed = !result->argv[i];
	}
	return failed ? err_set(err, ERR_IO, "out of memory") : 0;
}

/* ---- runs ---- */

/* The cleanup is owed even to who interrupts; a second signal ends that too. */
static int clean_up(struct program_session *session, int status, struct err *err)
{
	const char *command = session->plan->cleanup;
	int interrupted = session->interrupted;
	struct err later = { 0 };
	if (!command)
		return status;
	session->interrupted = 0;
	int cleaned = program_hook(session, "--cleanup", command, status == 0 ? err : &later);
	session->interrupted = interrupted ? interrupted : session->interrupted;
	return status != 0 ? status : cleaned;
}

int program_run_hooked(struct program_session *session, const struct program_run_spec *spec, struct program_run *out_run, struct err *err)
{
	*out_run = (struct program_run){ 0 };
	int status = session->plan->prepare ? program_hook(session, "--prepare", session->plan->prepare, err) : 0;
	if (status == 0)
		status = program_run(session, spec, out_run, err);
	if (!spec->untouched || out_run->status == RESULT_HUNG)
		program_end_rest(session);
	return clean_up(session, status, err);
}

/* A failing command has nothing to say of its heap; what it did until then is told all the same. */
static int run_counted(struct program_session *session, size_t at, struct program_result *result, struct err *err)
{
	const struct program_plan *plan = session->plan;
	const struct program_command *command = &plan->commands[at];
	const struct program_run_spec spec = { .command = command, .kind = PROGRAM_RUN_COUNTED, .untouched = plan->once, .keep_words = !plan->once };
	struct program_run run;
	if (plan->progress)
		plan->progress(plan->progress_context, "counted run", (double)at / (double)plan->ncommands);
	int status = program_run_hooked(session, &spec, &run, err);
	if (status == 0) {
		program_read_end(command, &run, result);
		if (run.status != RESULT_FAILED) {
			program_read_time(&run, PROGRAM_COUNTED, &result->total.time);
			program_read_resident(&run, PROGRAM_COUNTED, &result->total.resident);
			status = program_read_counted(plan, command, &run, result, err);
			program_read_startup(&run, PROGRAM_COUNTED, result);
		}
		if (status == 0 && run.status != RESULT_FAILED)
			status = program_check_limits(plan, result, err);
		bool broken = false;
		for (size_t i = 0; i < result->nbudgets; i++)
			broken = broken || result->budgets[i].broken;
		if (status == 0 && broken)
			status = program_read_largest(run.ledger, result, err);
	}
	program_run_release(&run);
	return status;
}

/* ---- once ---- */

/* The second run reads the same input, if that can be read twice: a file from where it was, a terminal or /dev/null as it is. */
static bool rewind_input(off_t start)
{
	struct stat file;
	if (fstat(STDIN_FILENO, &file) == 0 && S_ISCHR(file.st_mode))
		return true;
	return start >= 0 && lseek(STDIN_FILENO, start, SEEK_SET) == start;
}

static void join_regions(const struct program_row *plain, size_t count, struct program_result *result)
{
	for (size_t i = 0; i < result->nregions; i++)
		for (size_t k = 0; k < count; k++)
			if (strcmp(plain[k].name, result->regions[i].name) == 0) {
				result->regions[i].resident = plain[k].resident;
				result->regions[i].time = plain[k].time;
			}
}

/* One plain run after the counted one, its output dropped: that was given once already. */
static int add_plain(struct program_session *session, off_t start, struct program_result *result, struct err *err)
{
	const struct program_command *command = &session->plan->commands[0];
	struct program_run run;
	struct program_row *rows = NULL;
	size_t count = 0;
	bool same_input = session->plan->input || rewind_input(start);
	if (!same_input)
		program_note(result, "Its standard input cannot be read twice: the plain run had none");
	const struct program_run_spec spec = { .command = command, .kind = PROGRAM_RUN_PLAIN, .own_input = same_input, .drop_output = true };
	int status = program_run_hooked(session, &spec, &run, err);
	if (status == 0 && program_read_regions(&run, false, &rows, &count) != 0)
		status = err_set(err, ERR_IO, "out of memory");
	if (status == 0) {
		if (run.exit_status != result->exit_status || run.signal != result->signal)
			program_note(result, "The plain run ended otherwise than the counted one: %s %d", run.signal ? "by signal" : "with status", run.signal ? run.signal : run.exit_status);
		program_read_time(&run, PROGRAM_PLAIN, &result->total.time);
		program_read_resident(&run, PROGRAM_PLAIN, &result->total.resident);
		program_read_startup(&run, PROGRAM_PLAIN, result);
		join_regions(rows, count, result);
	}
	program_rows_release(rows, count);
	program_run_release(&run);
	return status;
}

static off_t where_input_is(void)
{
	struct stat file;
	return fstat(STDIN_FILENO, &file) == 0 && S_ISREG(file.st_mode) ? lseek(STDIN_FILENO, 0, SEEK_CUR) : -1;
}

int program_measure(const struct program_plan *plan, struct program_result *results, struct err *err)
{
	struct program_session session;
	off_t start = where_input_is();
	int status = program_session_open(&session, plan, err);
	for (size_t i = 0; status == 0 && i < plan->ncommands; i++)
		status = describe(&plan->commands[i], &results[i], err);
	for (size_t i = 0; status == 0 && i < plan->ncommands; i++)
		status = run_counted(&session, i, &results[i], err);
	if (status == 0 && plan->once && plan->plain && results[0].status != RESULT_FAILED)
		status = add_plain(&session, start, &results[0], err);
	if (status == 0 && !plan->once)
		status = program_compare(&session, results, err);
	if (status == ERR_INTERRUPTED)
		program_end_rest(&session);
	if (session.interrupted)
		child_interrupted = session.interrupted;
	program_session_close(&session);
	return status;
}
