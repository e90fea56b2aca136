/* SPDX-License-Identifier: MIT */
#ifndef BENCH_PROGRAM_PARTS_H
#define BENCH_PROGRAM_PARTS_H

/*
 * What program_measure() is made of: a session (what holds for all runs), runs in it, and the result that is made of a run's ledger.
 *
 * While a session lasts all signals that may end this process are blocked and waited for, and orphans of the programs become children of this process, so that
 * they can be waited for, or ended.
 */

#include "base/ledger.h"
#include "bench/library.h"
#include "bench/program.h"

#include <limits.h>
#include <sys/types.h>

enum program_kind { PROGRAM_RUN_COUNTED, PROGRAM_RUN_PLAIN };

enum { PROGRAM_WORDS = 100 /* bytes of what a program said at its end */, PROGRAM_NAME = 200 /* and of a name */ };

struct program_session {
	const struct program_plan *plan;
	bool open;
	struct library library[2]; /* by enum program_kind */
	sigset_t mask, waited;
	struct sigaction child_action;
	pid_t *before; /* children that this process had before */
	size_t nbefore;
	int interrupted; /* the signal */
};

/* ERR_UNMEASURED when a library is missing. */
int program_session_open(struct program_session *session, const struct program_plan *plan, struct err *err);
void program_session_close(struct program_session *session);
/* The environment of a run, NULL-ended; one allocation. NULL: no memory. */
char **program_environment(const struct program_session *session, enum program_kind kind, int ledger_fd, bool python_objects);

struct program_run_spec {
	const struct program_command *command;
	enum program_kind kind;
	bool untouched;  /* stdio is the caller's, signals sent to us are passed on */
	bool own_input;  /* unless the plan has one, standard input is the caller's all the same */
	bool drop_output; /* even if the plan has a place for it */
	bool keep_words; /* what it writes to standard error is kept for run->words */
	bool no_patience; /* what it leaves behind is not waited for */
};

/* How one run went. Zeroed is empty. */
struct program_run {
	enum result_status status;  /* RESULT_OK: it ran; RESULT_KILLED; RESULT_HUNG; RESULT_FAILED: it could not be started, error says why */
	int exit_status, signal;    /* -1 and the signal, or 0 to 255 and 0 */
	int error;                  /* errno of the exec */
	pid_t pid;
	double wall_ns, user_ns, system_ns;
	int64_t faults, rss_bytes;  /* ru_minflt, ru_maxrss */
	struct ledger *ledger;      /* mapped here; owned */
	bool left;                  /* something that it started still ran when the wait for it was over */
	char words[PROGRAM_WORDS];  /* the last line on standard error, cleaned */
};

/* Returns 0 also when the program failed; ERR_INTERRUPTED (and it has been ended); ERR_IO. */
int program_run(struct program_session *session, const struct program_run_spec *spec, struct program_run *out_run, struct err *err);
void program_run_release(struct program_run *run);
/* The same between --prepare and --cleanup, and without leaving anything behind unless spec->untouched. An interrupted run is cleaned up too. */
int program_run_hooked(struct program_session *session, const struct program_run_spec *spec, struct program_run *out_run, struct err *err);
/* A command for sh, unmeasured. option names it in the message: "--prepare". */
int program_hook(struct program_session *session, const char *option, const char *command, struct err *err);

/* This process's children; *out_pids is the caller's to free, NULL for none. Returns 0 or ERR_IO. */
int program_list_children(pid_t **out_pids, size_t *out_count, struct err *err);
/* Is there a child that there was not before the session? What has ended is reaped, so only between runs. */
bool program_has_children(const struct program_session *session);
/* End every descendant that there was not before the session. */
void program_end_rest(const struct program_session *session);
/* Is it there, and not a zombie? */
bool program_is_alive(pid_t pid);

/* Everything but times of the whole: heap, regions, processes, what was not reached, notes. Returns 0 or ERR_IO. */
int program_read_counted(const struct program_plan *plan, const struct program_command *command, const struct program_run *run, struct program_result *result,
                         struct err *err);
/* Peak RSS and faults of a run: RSS from the libraries where every process told it, else from outside. */
void program_read_resident(const struct program_run *run, const char *source, struct program_resident *out_resident);
void program_read_time(const struct program_run *run, const char *source, struct program_time *out_time);
/* How it ended, in result->status, exit_status, signal, why. */
void program_read_end(const struct program_command *command, const struct program_run *run, struct program_result *result);
/* The regions of a run by name, without heap columns where it was not counted. Rows are the caller's. Returns 0, or -1 when there is no memory. */
int program_read_regions(const struct program_run *run, bool counted, struct program_row **out_rows, size_t *out_count);
void program_rows_release(struct program_row *rows, size_t count);
/* Nanoseconds from the program's beginning to where a Python's script begins; NAN if it is none. */
double program_startup_ns(const struct program_run *run);
/* The same in result->startup, if it has one. */
void program_read_startup(const struct program_run *run, const char *source, struct program_result *result);

struct ledger_images;
/*
 * Why the heap of the program itself cannot be judged ("" if it can), and result->missing: whoever else was not reached. Returns 0, or -1 when there is no memory.
 */
int program_read_reach(const struct program_command *command, const struct program_run *run, const struct ledger_images *images, struct program_result *result,
                       char out_why[RESULT_WHY]);

/* Hold the limits against the result. Returns 0 or ERR_IO. */
int program_check_limits(const struct program_plan *plan, struct program_result *result, struct err *err);
/* The largest allocations, with where they came from. Returns 0 or ERR_IO. */
int program_read_largest(const struct ledger *ledger, struct program_result *result, struct err *err);

/* One of the result's notes. */
void program_note(struct program_result *result, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* `bytes` as valid UTF-8 without control characters ('?' in place of what is not); at most `most` bytes, "..." at a cut. NULL: no memory. */
char *program_clean(const char *bytes, size_t most);

/* Sets of plain runs of the commands that are still ok. */
int program_compare(struct program_session *session, struct program_result *results, struct err *err);

#endif
