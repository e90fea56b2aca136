/* SPDX-License-Identifier: MIT */
#ifndef BENCH_PROGRAM_SPAWN_H
#define BENCH_PROGRAM_SPAWN_H

/*
 * A program started so that it finds what it would find without us, and so that little of us is in its numbers.
 *
 * The kernel folds the high-water mark of the memory that a process leaves behind at an exec into its ru_maxrss. So not this process starts the program but a
 * launcher: a fork of it, which holds only the few pages that a fork copies. The launcher makes the program as its sister, not as its child, and is gone: the
 * program's parent is this process.
 */

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct program_spawn {
	char *const *argv;       /* argv[0] is looked for as execvp() does */
	char *const *envp;
	int stdio[3];            /* descriptors (not below 3) that become 0, 1 and 2; -1: as they are */
	const sigset_t *mask;    /* of the caller of memhint */
	const sigset_t *ignored; /* signals that are ignored in the program; all others have their default */
	bool closed[3];          /* which of 0, 1 and 2 were closed when memhint began, and are closed in the program too */
};

/* In memory that is shared with the program until its exec; true once it has been waited for. */
struct program_spawned {
	pid_t pid;         /* 0 until the launcher has made it */
	uint64_t start_ns; /* CLOCK_MONOTONIC, when the program began */
	int error;         /* errno of an exec that failed; 0 */
};

/*
 * Start a program. It is a child of the caller's, as is the launcher, and both are to be waited for; when the launcher has ended and pid is still 0, no process
 * could be made.
 *
 * out_spawned   to be given back with program_spawn_release() once all that is read.
 * Returns 0, or -1 with errno.
 */
int program_spawn(const struct program_spawn *spec, pid_t *out_launcher, struct program_spawned **out_spawned);
void program_spawn_release(struct program_spawned *spawned);

#endif
