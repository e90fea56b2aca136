/* SPDX-License-Identifier: MIT */
#ifndef BENCH_TWIN_H
#define BENCH_TWIN_H

/*
 * A lesson's way in NumPy: a worker that is a Python, run by src/bench/twin.py, and asked the same things as a worker in C (bench/child.h).
 *
 * Its heap is counted by the preloaded meter, between the beginning and the end of two regions, which are read from the ledger (base/ledger.h). Time,
 * faults and resident set come from workers into which nothing is preloaded.
 */

#include "base/err.h"
#include "base/wire.h"
#include "bench/library.h"

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

struct twin_python {
	char program[PATH_MAX]; /* the interpreter itself, not a script that starts it */
	char python[64];        /* "CPython 3.11.2" */
	char numpy[64];         /* "1.24.2" */
	char both[160];         /* "NumPy 1.24.2, CPython 3.11.2" */
	struct library meter;
};

/*
 * Find a Python that has NumPy: $PYTHON if that is set, else python3 on PATH, else /usr/bin/python3; and the library that counts.
 * Returns 0 (then twin_lose() it), or ERR_UNMEASURED with one line that names who has none; ERR_INTERRUPTED.
 */
int twin_find(struct twin_python *out_python, struct err *err);
void twin_lose(struct twin_python *python);

/* The text of src/bench/twin.py; made by build-aux/registry.sh. */
extern const char twin_driver[];

struct twin_spec {
	const struct twin_python *python;
	const char *lesson, *variant;
	const char *text;          /* the lesson's numpy.py */
	const char *const *values; /* of the parameters, NULL-ended */
	const char *malloc_conf;
	bool counted; /* with the meter; only WIRE_HEAP may then be asked */
	bool drained; /* without Python's own small objects and NumPy's store of small blocks: data alone, to the byte */
};

enum { TWIN_VALUES = 16, TWIN_WORDS = TWIN_VALUES + 12, TWIN_SETTINGS = 16 };

/* What execve() is given, and what the parent keeps of one such worker. */
struct twin;
struct twin_command {
	const char *argv[TWIN_WORDS], *envp[TWIN_SETTINGS];
	char fd[16], settings[TWIN_SETTINGS][PATH_MAX + 32];
};
/* Returns 0 or -1 with out_why. The command borrows from spec. twin_close(*out_twin) when the worker is gone. */
int twin_open(const struct twin_spec *spec, int worker_fd, struct twin_command *out_command, struct twin **out_twin, char out_why[RESULT_WHY]);
void twin_close(struct twin *twin);

/* Over the parent's end of the socket. twin_greet sends numpy.py, the first message. false: errno. */
bool twin_greet(int fd, const struct twin_spec *spec);
bool twin_send(struct twin *twin, int fd, const struct wire_request *request);
/* One message, which poll() has announced, as a worker in C would reply. false: it is gone, or (errno EPROTO) speaks nonsense. */
bool twin_receive(struct twin *twin, int fd, struct wire_reply *out_reply);

#endif
