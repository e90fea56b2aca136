/* SPDX-License-Identifier: MIT */
/*
 * Ways to make processes, to become others, and to end; each word of the command line is one of them, done in turn. Every process asks for a size of its own,
 * so that the ledger shows who was counted and who was not.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/memhint.h"

extern char **environ;
static char *self;

static void ask(size_t size)
{
	char *volatile block = malloc(size);
	memset(block, 1, size);
}

static void wait_all(void)
{
	while (wait(NULL) > 0 || errno == EINTR)
		;
}

/* 50 children that live at once: each has its entry, and the 1000 bytes that it inherits are no part of its counts. */
static void fork50(void)
{
	int gate[2];
	char byte;
	ask(1000);
	if (pipe(gate) != 0)
		abort();
	for (int i = 0; i < 50; i++)
		if (fork() == 0) {
			close(gate[1]);
			if (read(gate[0], &byte, 1) != 0)
				abort();
			ask(2000);
			exit(0);
		}
	close(gate[1]);
	close(gate[0]);
	wait_all();
}

/* Without the C library's knowledge: no pthread_atfork. */
static void rawfork(void)
{
	ask(1000);
	long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
	if (pid == 0) {
		ask(3000);
		_exit(0);
	}
	wait_all();
	ask(100);
}

static void child_of_vfork(const char *path)
{
	char *argv[] = { (char *)(uintptr_t) "true", NULL };
	pid_t pid = vfork();
	if (pid == 0) {
		execve(path, argv, environ);
		_exit(7);
	}
	wait_all();
}

static void spawned(const char *path)
{
	char *argv[] = { (char *)(uintptr_t) "true", NULL };
	pid_t pid = -5;
	int error = posix_spawnp(&pid, path, NULL, NULL, argv, environ);
	if (error ? pid != -5 : pid <= 0)
		abort();
	wait_all();
}

static void without_environment(void)
{
	if (fork() == 0) {
		char *none[] = { NULL }, *argv[] = { (char *)(uintptr_t) "true", NULL };
		execve("/bin/true", argv, none);
		_exit(127);
	}
	wait_all();
}

/* An exec that fails leaves everything as it was. */
static void failing(void)
{
	char *argv[] = { (char *)(uintptr_t) "x", NULL };
	memhint_begin("failing");
	ask(500);
	errno = 0;
	if (execv("/nonexistent/x", argv) != -1 || errno != ENOENT)
		abort();
	if (execl("/nonexistent/x", "x", "y", (char *)NULL) != -1 || execlp("nonexistent-x", "x", (char *)NULL) != -1 || execvp("nonexistent-x", argv) != -1)
		abort();
	if (execle("/nonexistent/x", "x", (char *)NULL, environ) != -1 || fexecve(-1, argv, environ) != -1)
		abort();
	ask(600);
	memhint_end();
}

static void step(const char *what)
{
	char *argv[] = { self, (char *)(uintptr_t) "ask", NULL };
	if (strcmp(what, "ask") == 0)
		ask(4000);
	else if (strcmp(what, "fork50") == 0)
		fork50();
	else if (strcmp(what, "rawfork") == 0)
		rawfork();
	else if (strcmp(what, "vfork") == 0)
		child_of_vfork("/bin/true");
	else if (strcmp(what, "vfork-fails") == 0)
		child_of_vfork("/nonexistent/true");
	else if (strcmp(what, "spawn") == 0)
		spawned("true");
	else if (strcmp(what, "spawn-fails") == 0)
		spawned("nonexistent-x");
	else if (strcmp(what, "env-i") == 0)
		without_environment();
	else if (strcmp(what, "failing") == 0)
		failing();
	else if (strcmp(what, "exec") == 0)
		execv(self, argv);
	else if (strcmp(what, "execl") == 0)
		execl(self, self, "ask", "ask", (char *)NULL);
	else if (strcmp(what, "execle") == 0)
		execle(self, self, "ask", (char *)NULL, environ);
	else if (strcmp(what, "fexecve") == 0)
		fexecve(open(self, O_RDONLY | O_CLOEXEC), argv, environ);
	else if (strcmp(what, "closeall") == 0)
		for (int fd = 0; fd < 1024; fd++)
			close(fd);
	else if (strcmp(what, "chdir") == 0)
		(void)!chdir("/");
	else if (strcmp(what, "chroot") == 0)
		(void)(!chroot("/var/empty") || !chroot("/mnt"));
	else if (strcmp(what, "setuid") == 0)
		(void)!setuid(65534);
	else if (strcmp(what, "daemon") == 0)
		(void)!daemon(0, 0);
	else if (strcmp(what, "fork") == 0) {
		if (fork() > 0) {
			wait_all();
			exit(0);
		}
	} else if (strcmp(what, "region") == 0)
		memhint_begin("open");
	else if (strcmp(what, "end") == 0)
		memhint_end();
	else if (strcmp(what, "_exit") == 0)
		_exit(3);
	else if (strcmp(what, "_Exit") == 0)
		_Exit(4);
	else if (strcmp(what, "quick_exit") == 0)
		quick_exit(5);
	else if (strcmp(what, "abort") == 0)
		abort();
	else if (strcmp(what, "sigkill") == 0)
		raise(SIGKILL);
	else if (strcmp(what, "sigsegv") == 0)
		raise(SIGSEGV);
	else if (strcmp(what, "fds") == 0) { /* the numbers that are free are those that were free */
		int fd = open("/", O_RDONLY | O_CLOEXEC);
		char text[16];
		snprintf(text, sizeof text, "%d\n", fd);
		(void)!write(STDOUT_FILENO, text, strlen(text));
	} else
		exit(99);
}

int main(int argc, char **argv)
{
	self = argv[0];
	for (int i = 1; i < argc; i++)
		step(argv[i]);
	return 0;
}
