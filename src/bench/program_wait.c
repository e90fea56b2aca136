/* SPDX-License-Identifier: MIT */
/*
 * All that may come while a program runs comes as a signal that is blocked and waited for, so nothing is missed and nothing is asked twice: its end, our own end, what is
 * to be passed on to it, and (as the wait's limit) the time that it may take.
 */

#include "bench/program_wait.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

static const double patience_s = 1; /* for what a program leaves behind */

static uint64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Whoever has ended; the program's end is noted at once. */
static void reap(struct program_watch *watch)
{
	struct rusage usage;
	int status;
	for (pid_t pid; !watch->ended && (pid = wait4(-1, &status, WNOHANG, &usage)) > 0;) {
		if (pid == watch->launcher)
			watch->launched = true;
		if (pid != watch->spawned->pid)
			continue;
		watch->end_ns = now_ns();
		watch->ended = true;
		watch->status = status;
		watch->usage = usage;
	}
}

/* Not what memhint was started with as ignored: nohup, or a job in the background of a script. */
static bool ends_us(const struct program_session *session, int number)
{
	bool ends = number == SIGINT || number == SIGTERM || number == SIGHUP || number == SIGQUIT;
	return ends && sigismember(session->plan->ignored, number) != 1;
}

/* What the terminal sends, it sends to the program too; what a process sends to us is meant for the program. */
static void act_on(struct program_watch *watch, const siginfo_t *info)
{
	int number = info->si_signo;
	if (number == SIGCHLD)
		return;
	if (watch->untouched) {
		if (info->si_code <= 0 && watch->spawned->pid > 0 && !watch->ended)
			kill(watch->spawned->pid, number);
	} else if (ends_us(watch->session, number)) {
		watch->session->interrupted = number;
	}
}

/* Until a signal comes, at most so long. */
static void wait_signal(struct program_watch *watch, double seconds)
{
	siginfo_t info;
	struct timespec limit = { (time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9) };
	if (sigtimedwait(&watch->session->waited, &info, &limit) > 0)
		act_on(watch, &info);
}

/* Until the program ends, or is ended. Returns false when no process could be made. */
static bool wait_program(struct program_watch *watch, double timeout_s)
{
	uint64_t begin = now_ns();
	for (;;) {
		reap(watch);
		if (watch->ended)
			return true;
		pid_t pid = watch->spawned->pid;
		if (watch->launched && pid == 0)
			return false;
		double passed_s = (double)(now_ns() - begin) * 1e-9, left_s = 0.2;
		watch->hung = watch->hung || (timeout_s > 0 && passed_s >= timeout_s);
		if (pid > 0 && (watch->hung || watch->session->interrupted))
			kill(pid, SIGKILL);
		else if (timeout_s > 0 && timeout_s - passed_s < left_s)
			left_s = timeout_s - passed_s > 1e-6 ? timeout_s - passed_s : 1e-6;
		if (watch->words_fd >= 0)
			program_stdio_forget(watch->words_fd);
		wait_signal(watch, left_s);
	}
}

bool program_watch_rest(struct program_watch *watch)
{
	uint64_t begin = now_ns();
	while (program_has_children(watch->session)) {
		double left_s = patience_s - (double)(now_ns() - begin) * 1e-9;
		if (left_s <= 0 || watch->session->interrupted || watch->hung)
			return true;
		siginfo_t info;
		struct timespec limit = { 0, (long)((left_s < 0.05 ? left_s : 0.05) * 1e9) };
		int number = sigtimedwait(&watch->session->waited, &info, &limit);
		if (number > 0 && ends_us(watch->session, number)) {
			if (!watch->untouched)
				watch->session->interrupted = number;
			return true;
		}
	}
	return false;
}

int program_watch_run(struct program_watch *watch, const struct program_spawn *spawn, double timeout_s, struct err *err)
{
	if (program_spawn(spawn, &watch->launcher, &watch->spawned) != 0)
		return err_set(err, ERR_IO, "cannot start a process: %s", strerror(errno));
	if (!wait_program(watch, timeout_s))
		return err_set(err, ERR_IO, "cannot start a process: %s", strerror(watch->spawned->error));
	return 0;
}
