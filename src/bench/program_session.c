/* SPDX-License-Identifier: MIT */
/*
 * What holds for all runs of a measurement: the environment that names the libraries, the signals that are waited for, and whose orphans we take.
 */

#include "bench/program_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- the environment ---- */

static bool is_set_by_us(const char *entry, bool python_objects)
{
	static const char *const ours[] = { "LD_PRELOAD=", LEDGER_ENV "=", "PYTHONMALLOC=" };
	for (size_t i = 0; i < (python_objects ? 3 : 2); i++)
		if (strncmp(entry, ours[i], strlen(ours[i])) == 0)
			return true;
	return false;
}

char **program_environment(const struct program_session *session, enum program_kind kind, int ledger_fd, bool python_objects)
{
	size_t count = 0;
	while (environ[count])
		count++;
	const char *preload = getenv("LD_PRELOAD");
	size_t preload_room = strlen(session->library[kind].path) + (preload ? strlen(preload) : 0) + 16, ledger_room = 64;
	char **entries = malloc((count + 4) * sizeof *entries + preload_room + ledger_room);
	if (!entries)
		return NULL;
	char *preload_entry = (char *)(entries + count + 4), *ledger_entry = preload_entry + preload_room;
	static char malloc_entry[] = "PYTHONMALLOC=malloc";
	size_t at = 0;
	for (size_t i = 0; i < count; i++)
		if (!is_set_by_us(environ[i], python_objects))
			entries[at++] = environ[i];
	bool more = preload && *preload;
	snprintf(preload_entry, preload_room, "LD_PRELOAD=%s%s%s", session->library[kind].path, more ? ":" : "", more ? preload : "");
	snprintf(ledger_entry, ledger_room, LEDGER_ENV "=/proc/%d/fd/%d", (int)getpid(), ledger_fd);
	entries[at++] = preload_entry;
	entries[at++] = ledger_entry;
	if (python_objects)
		entries[at++] = malloc_entry;
	entries[at] = NULL;
	return entries;
}

/* ---- signals ---- */

/* All that another process may send to end us or to tell the program something; not what stops and continues a job, nor what a fault of our own raises. */
static void choose_signals(sigset_t *out_set)
{
	static const int left_alone[] = { SIGKILL, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS, SIGPIPE, SIGXFSZ, SIGXCPU };
	sigfillset(out_set);
	for (size_t i = 0; i < sizeof left_alone / sizeof left_alone[0]; i++)
		sigdelset(out_set, left_alone[i]);
}

/* ---- open and close ---- */

int program_session_open(struct program_session *session, const struct program_plan *plan, struct err *err)
{
	*session = (struct program_session){ .plan = plan, .library = { { .fd = -1 }, { .fd = -1 } } };
	bool plain = !plan->once || plan->plain;
	if (library_find("libmemhint-preload.so", &session->library[PROGRAM_RUN_COUNTED], err) != 0 ||
	    (plain && library_find("libmemhint-plain.so", &session->library[PROGRAM_RUN_PLAIN], err) != 0)) {
		program_session_close(session);
		return err->code;
	}
	struct sigaction usual = { .sa_handler = SIG_DFL };
	sigaction(SIGCHLD, &usual, &session->child_action); /* who ignores it has no children to wait for */
	choose_signals(&session->waited);
	sigprocmask(SIG_BLOCK, &session->waited, &session->mask);
	session->open = true;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	return program_list_children(&session->before, &session->nbefore, err);
}

void program_session_close(struct program_session *session)
{
	for (int kind = 0; kind < 2; kind++)
		library_release(&session->library[kind]);
	if (session->open) {
		prctl(PR_SET_CHILD_SUBREAPER, 0);
		sigaction(SIGCHLD, &session->child_action, NULL);
		sigprocmask(SIG_SETMASK, &session->mask, NULL);
	}
	free(session->before);
	*session = (struct program_session){ .library = { { .fd = -1 }, { .fd = -1 } } };
}
