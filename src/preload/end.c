/* SPDX-License-Identifier: MIT */
/*
 * The beginning and the ends of a process that it chooses itself: exit (our destructor comes after what atexit was told), _exit, _Exit, quick_exit, and the parent in
 * daemon(). Who is killed leaves no end.
 */
#include "preload/attach.h"
#include "preload/exec.h"
#include "preload/heap.h"
#include "preload/python.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static void (*next_quick_exit)(int);
static int (*next_daemon)(int, int);

void end_start(void)
{
	if (!next_quick_exit)
		*(void **)&next_quick_exit = dlsym(RTLD_NEXT, "quick_exit");
	if (!next_daemon)
		*(void **)&next_daemon = dlsym(RTLD_NEXT, "daemon");
}

__attribute__((constructor)) static void start(void)
{
	if (!attached())
		return;
	uint64_t epoch = me.epoch;
	me.epoch = EPOCH_MUTED;
	exec_start();
	end_start();
	me.epoch = epoch;
	if (!heap_is_ours())
		__atomic_fetch_or(&own.process->flags, LEDGER_OWN_MALLOC, __ATOMIC_RELAXED);
	python_start();
}

__attribute__((destructor)) static void end(void)
{
	if (attached_self())
		process_end(LEDGER_EXITED);
}

static _Noreturn void leave(int status)
{
	end();
	for (;;)
		syscall(SYS_exit_group, status);
}

void _exit(int status) // NOLINT: libc's name
{
	leave(status);
}

void _Exit(int status) // NOLINT: libc's name
{
	leave(status);
}

void quick_exit(int status)
{
	end_start();
	end();
	if (next_quick_exit)
		next_quick_exit(status);
	leave(status);
}

int daemon(int keeps_directory, int keeps_files)
{
	end_start();
	own.is_daemon = true;
	int result = next_daemon(keeps_directory, keeps_files);
	own.is_daemon = false;
	if (result != 0 && attached_self())
		process_end(LEDGER_RUNNING); /* if it had forked, this is the child, which runs too */
	return result;
}
