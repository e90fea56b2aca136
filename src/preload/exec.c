/* SPDX-License-Identifier: MIT */
/*
 * The calls by which a process becomes another program or starts one. Each leaves a note in the ledger of what is to run and whether it will find the ledger, and ends this
 * process's entry; both are taken back when the call returns. All of it is safe in a child of vfork, whose parent's entry it leaves alone.
 */
#include "preload/exec.h"

#include "preload/attach.h"
#include "preload/text.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef int spawn_call(pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *, char *const *, char *const *);

static struct {
	int (*execve)(const char *, char *const *, char *const *);
	int (*execvpe)(const char *, char *const *, char *const *);
	int (*fexecve)(int, char *const *, char *const *);
	int (*execveat)(int, const char *, char *const *, char *const *, int);
	spawn_call *posix_spawn, *posix_spawnp;
} next;

#define NEXT(name) (next.name ? (void)0 : (void)(*(void **)&next.name = dlsym(RTLD_NEXT, #name)))

void exec_start(void)
{
	NEXT(execve);
	NEXT(execvpe);
	NEXT(fexecve);
	NEXT(execveat);
	NEXT(posix_spawn);
	NEXT(posix_spawnp);
}

/* ---- notes ---- */

static bool finds_ledger(char *const *envp)
{
	static const char ledger[] = LEDGER_ENV "=", preload[] = "LD_PRELOAD=";
	bool has_ledger = false, has_library = false;
	for (; envp && *envp; envp++) {
		if (strncmp(*envp, ledger, sizeof ledger - 1) == 0)
			has_ledger = true;
		else if (strncmp(*envp, preload, sizeof preload - 1) == 0)
			has_library = strstr(*envp, "libmemhint-") != NULL;
	}
	return has_ledger && has_library;
}

static struct ledger_exec *note(const char *path, char *const *envp)
{
	if (!attached() || GET(own.ledger->execs) >= LEDGER_EXECS)
		return NULL;
	uint32_t index = ADD(own.ledger->execs, 1);
	if (index >= LEDGER_EXECS)
		return NULL;
	struct ledger_exec *exec = &own.ledger->exec[index];
	PUT(exec->state, LEDGER_FILLING);
	exec->pid = (int32_t)syscall(SYS_getpid);
	exec->without = !finds_ledger(envp);
	exec->at_ns = now_ns();
	text_keep_end(exec->path, sizeof exec->path, path ? path : "");
	__atomic_store_n(&exec->state, LEDGER_RUNNING, __ATOMIC_RELEASE);
	return exec;
}

static void withdraw(struct ledger_exec *exec)
{
	if (exec)
		__atomic_store_n(&exec->state, LEDGER_EXITED, __ATOMIC_RELEASE);
}

/* ---- exec ---- */

struct leaving {
	struct ledger_exec *exec;
	bool is_self;
};

static struct leaving leave(const char *path, char *const *envp)
{
	int saved = errno;
	struct leaving leaving = { .exec = note(path, envp), .is_self = attached_self() };
	if (leaving.is_self)
		process_end(LEDGER_EXECED);
	errno = saved;
	return leaving;
}

/* It failed. */
static int stay(const struct leaving *leaving, int result)
{
	int saved = errno;
	withdraw(leaving->exec);
	if (leaving->is_self)
		process_end(LEDGER_RUNNING);
	errno = saved;
	return result;
}

int execve(const char *path, char *const argv[], char *const envp[])
{
	NEXT(execve);
	struct leaving leaving = leave(path, envp);
	return stay(&leaving, next.execve(path, argv, envp));
}

int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

int execvpe(const char *file, char *const argv[], char *const envp[])
{
	NEXT(execvpe);
	struct leaving leaving = leave(file, envp);
	return stay(&leaving, next.execvpe(file, argv, envp));
}

int execvp(const char *file, char *const argv[])
{
	return execvpe(file, argv, environ);
}

/* What an open file is called. */
static const char *path_of(int fd, char *buffer, size_t size)
{
	char link[32];
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t length = (ssize_t)syscall(SYS_readlinkat, AT_FDCWD, link, buffer, size - 1);
	buffer[length > 0 ? length : 0] = '\0';
	return buffer;
}

int fexecve(int fd, char *const argv[], char *const envp[])
{
	char path[LEDGER_PATH];
	NEXT(fexecve);
	struct leaving leaving = leave(path_of(fd, path, sizeof path), envp);
	return stay(&leaving, next.fexecve(fd, argv, envp));
}

int execveat(int dirfd, const char *path, char *const argv[], char *const envp[], int flags)
{
	char name[LEDGER_PATH];
	NEXT(execveat);
	if (!next.execveat) {
		errno = ENOSYS;
		return -1;
	}
	struct leaving leaving = leave(*path ? path : path_of(dirfd, name, sizeof name), envp);
	return stay(&leaving, next.execveat(dirfd, path, argv, envp, flags));
}

/* Lists of arguments. The pointers to them are on the stack, as in the C library: a child of vfork must not allocate. */
#define LIST(argv, first)                                                        \
	va_list list;                                                            \
	size_t n = 0;                                                            \
	va_start(list, first);                                                   \
	for (const char *each = (first); each; each = va_arg(list, const char *)) \
		n++;                                                             \
	va_end(list);                                                            \
	char **argv = __builtin_alloca((n + 1) * sizeof *(argv));                \
	argv[0] = (char *)(uintptr_t)(first);                                    \
	va_start(list, first);                                                   \
	for (size_t i = 0; (argv)[i];)                                           \
		(argv)[++i] = va_arg(list, char *)

int execl(const char *path, const char *first, ...)
{
	LIST(argv, first);
	va_end(list);
	return execve(path, argv, environ);
}

int execlp(const char *file, const char *first, ...)
{
	LIST(argv, first);
	va_end(list);
	return execvpe(file, argv, environ);
}

int execle(const char *path, const char *first, ...)
{
	LIST(argv, first);
	char *const *envp = va_arg(list, char *const *);
	va_end(list);
	return execve(path, argv, envp);
}

/* ---- posix_spawn ---- */

static int spawn(spawn_call *call, pid_t *out_pid, const char *path, const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes,
		 char *const *argv, char *const *envp)
{
	struct ledger_exec *exec = note(path, envp);
	pid_t pid = 0;
	int error = call(&pid, path, actions, attributes, argv, envp);
	if (error)
		withdraw(exec);
	else if (exec)
		exec->pid = (int32_t)pid;
	if (!error && out_pid)
		*out_pid = pid;
	return error;
}

int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes, char *const argv[], char *const envp[])
{
	NEXT(posix_spawn);
	return spawn(next.posix_spawn, pid, path, actions, attributes, argv, envp);
}

int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes, char *const argv[], char *const envp[])
{
	NEXT(posix_spawnp);
	return spawn(next.posix_spawnp, pid, file, actions, attributes, argv, envp);
}
