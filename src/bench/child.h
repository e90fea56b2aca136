/* SPDX-License-Identifier: MIT */
#ifndef BENCH_CHILD_H
#define BENCH_CHILD_H

/*
 * One worker process: started by exec with an environment of its own making (a user's MALLOC_CONF and LD_PRELOAD do not reach it),
 * pinned to one CPU, killed by the kernel when this process dies, and asked one thing at a time. It is this program again, or a Python (bench/twin.h):
 * who asks need not know which.
 */

#include "base/err.h"
#include "base/wire.h"
#include "bench/twin.h"

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

struct child_spec {
	const char *program;     /* the path of this program's own file */
	const char *lesson;
	const char *variant;
	const char *const *values; /* the parameters in decimal, NULL-ended */
	const char *malloc_conf;
	bool hugepages;
	int cpu; /* -1: not pinned */
	struct twin_spec twin; /* of a way in NumPy; its python is NULL where the worker is this program itself */
};

struct child {
	pid_t pid; /* 0: none */
	int fd;
	struct twin *twin; /* NULL: a worker in C */
};

enum child_answer {
	CHILD_OK,
	CHILD_REFUSED,     /* it answered that it cannot; reply->why */
	CHILD_DIED,        /* out_why says how: "killed by SIGSEGV" */
	CHILD_HUNG,        /* no answer in time; it has been killed */
	CHILD_INTERRUPTED  /* child_interrupted is set */
};

/* Set by main.c's signal handlers; every wait ends at once when it is. */
extern volatile sig_atomic_t child_interrupted;

/* Start a worker and wait until it is set up. The child is stopped again unless CHILD_OK. */
enum child_answer child_start(const struct child_spec *spec, double timeout_s, struct child *out_child, struct wire_reply *reply, char out_why[RESULT_WHY]);
enum child_answer child_ask(struct child *child, const struct wire_request *request, double timeout_s, struct wire_reply *reply, char out_why[RESULT_WHY]);
/* The two halves of each of these, for who has two workers busy at once: a launched worker's first reply is its hello. */
enum child_answer child_launch(const struct child_spec *spec, struct child *out_child, char out_why[RESULT_WHY]);
enum child_answer child_send(struct child *child, const struct wire_request *request, char out_why[RESULT_WHY]);
enum child_answer child_receive(struct child *child, double timeout_s, struct wire_reply *reply, char out_why[RESULT_WHY]);
/* Close the socket and reap; kill what does not go. Safe on a zeroed struct and after the child has died. */
void child_stop(struct child *child);

/* Pin it to another CPU than it was started on. */
void child_pin(const struct child *child, int cpu);

/* The CPU to pin to: the last one that this process may use but for `besides` (-1: none is left out), which it falls back to. */
int child_choose_cpu(int besides);

#endif
