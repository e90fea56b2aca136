/* SPDX-License-Identifier: MIT */
/* One run: a ledger, a process, a wait. */

#include "bench/program_wait.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- the ledger ---- */

/* `ulimit -f` is meant for the program's files: as far as it may be, it is out of the way for a moment. */
static int grow(int fd, off_t size)
{
	const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
	struct rlimit limit;
	if (getrlimit(RLIMIT_FSIZE, &limit) != 0)
		return ftruncate(fd, size);
	const struct rlimit hard = { limit.rlim_max, limit.rlim_max };
	if (setrlimit(RLIMIT_FSIZE, &none) != 0)
		setrlimit(RLIMIT_FSIZE, &hard);
	int status = ftruncate(fd, size), why = errno;
	setrlimit(RLIMIT_FSIZE, &limit);
	errno = why;
	return status;
}

/* The descriptor, or -1 with errno. */
static int make_ledger(uint32_t wants, struct ledger **out_ledger)
{
	int fd = memfd_create("memhint", MFD_CLOEXEC);
	if (fd < 0)
		return -1;
	struct ledger *ledger = grow(fd, sizeof *ledger) == 0 ? mmap(NULL, sizeof *ledger, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
	if (ledger == MAP_FAILED) {
		int why = errno;
		close(fd);
		errno = why;
		return -1;
	}
	ledger->version = LEDGER_VERSION;
	ledger->wants = wants;
	ledger->magic = LEDGER_MAGIC;
	*out_ledger = ledger;
	return fd;
}

/* ---- a run ---- */

static void take_result(const struct program_watch *watch, struct program_run *run)
{
	const struct rusage *usage = &watch->usage;
	run->pid = watch->spawned->pid;
	run->error = watch->spawned->error;
	run->wall_ns = (double)(watch->end_ns - watch->spawned->start_ns);
	run->user_ns = (double)usage->ru_utime.tv_sec * 1e9 + (double)usage->ru_utime.tv_usec * 1e3;
	run->system_ns = (double)usage->ru_stime.tv_sec * 1e9 + (double)usage->ru_stime.tv_usec * 1e3;
	run->faults = usage->ru_minflt;
	run->rss_bytes = (int64_t)usage->ru_maxrss * 1024;
	run->signal = WIFSIGNALED(watch->status) ? WTERMSIG(watch->status) : 0;
	run->exit_status = run->signal ? -1 : WEXITSTATUS(watch->status);
	run->status = run->error ? RESULT_FAILED : watch->hung ? RESULT_HUNG : run->signal ? RESULT_KILLED : RESULT_OK;
}

int program_run(struct program_session *session, const struct program_run_spec *spec, struct program_run *out_run, struct err *err)
{
	const struct program_plan *plan = session->plan;
	bool counted = spec->kind == PROGRAM_RUN_COUNTED;
	int stdio[3] = { -1, -1, -1 }, ledger_fd = -1, status;
	char **environment = NULL;
	struct program_watch watch = { .session = session, .untouched = spec->untouched, .words_fd = -1 };
	*out_run = (struct program_run){ 0 };
	status = program_stdio_open(plan, spec, stdio, err);
	if (status != 0)
		goto out;
	uint32_t wants = LEDGER_WANT_RSS | (counted ? LEDGER_WANT_HEAP : 0) | (counted && plan->nlimits > 0 ? LEDGER_WANT_LARGEST : 0);
	ledger_fd = make_ledger(wants, &out_run->ledger);
	environment = ledger_fd >= 0 ? program_environment(session, spec->kind, ledger_fd, counted && plan->python_objects) : NULL;
	if (!environment) {
		status = err_set(err, ERR_IO, "cannot make the ledger: %s%s", strerror(errno), errno == EFBIG ? " (ulimit -f forbids it)" : "");
		goto out;
	}
	struct program_spawn spawn = { .argv = spec->command->argv, .envp = environment, .mask = &session->mask, .ignored = plan->ignored };
	memcpy(spawn.stdio, stdio, sizeof stdio);
	for (int i = 0; i < 3; i++)
		spawn.closed[i] = plan->closed[i] && spec->untouched;
	watch.words_fd = spec->keep_words ? stdio[2] : -1;
	status = program_watch_run(&watch, &spawn, plan->timeout_s, err);
	if (status != 0)
		goto out;
	take_result(&watch, out_run);
	out_run->left = !spec->no_patience && !session->interrupted && program_watch_rest(&watch);
	if (spec->keep_words)
		program_stdio_words(stdio[2], out_run->words);
	if (session->interrupted)
		status = err_set(err, ERR_INTERRUPTED, "%s", "interrupted");
out:
	program_spawn_release(watch.spawned);
	free(environment);
	if (ledger_fd >= 0)
		close(ledger_fd);
	program_stdio_close(stdio);
	return status;
}

void program_run_release(struct program_run *run)
{
	if (run->ledger)
		munmap(run->ledger, sizeof *run->ledger);
	*run = (struct program_run){ 0 };
}
