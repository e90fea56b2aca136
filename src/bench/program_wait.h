/* SPDX-License-Identifier: MIT */
#ifndef BENCH_PROGRAM_WAIT_H
#define BENCH_PROGRAM_WAIT_H

/* A program that runs: its standard input, output and error, and the wait for its end. What a run and a hook have in common. */

#include "bench/program_parts.h"
#include "bench/program_spawn.h"

#include <sys/resource.h>

struct program_watch {
	struct program_session *session;
	bool untouched;   /* signals that are sent to us are passed on */
	int words_fd;     /* of its standard error, where that is kept; -1 */
	pid_t launcher;
	struct program_spawned *spawned;
	bool launched, ended, hung;
	int status;       /* as of wait() */
	uint64_t end_ns;
	struct rusage usage;
};

/* Start it and wait until it has ended, or been ended: after timeout_s (0: never), or because session->interrupted was set. Returns 0 or ERR_IO. */
int program_watch_run(struct program_watch *watch, const struct program_spawn *spawn, double timeout_s, struct err *err);
/* What it started may have work to end; not for long. Returns whether something is left. */
bool program_watch_rest(struct program_watch *watch);

/* The descriptors that become its 0, 1 and 2; -1: the caller's. Fill with -1 before; close in any case. */
int program_stdio_open(const struct program_plan *plan, const struct program_run_spec *spec, int stdio[3], struct err *err);
void program_stdio_close(const int stdio[3]);
/* The last line that is not blank of what it wrote to a kept standard error. */
void program_stdio_words(int fd, char out_words[PROGRAM_WORDS]);
/* Who writes without end fills no memory: what came first is forgotten. */
void program_stdio_forget(int fd);

#endif
