/* SPDX-License-Identifier: MIT */
#include "bench/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WORKER_FD = 3, MOST_VALUES = 16 };

volatile sig_atomic_t child_interrupted;

static double now_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* In the new process, between fork and exec: only calls that are safe there. */
static _Noreturn void become_worker(const struct child_spec *spec, char *const *argv, char *const *envp, int socket_fd, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent) /* it died before the line above */
		_exit(127);
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGINT, SIG_IGN); /* Ctrl-C is the parent's to act on; it kills us */
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	struct rlimit no_core = { 0, 0 };
	setrlimit(RLIMIT_CORE, &no_core);
	if (spec->cpu >= 0) {
		cpu_set_t one;
		CPU_ZERO(&one);
		CPU_SET((size_t)spec->cpu, &one);
		sched_setaffinity(0, sizeof one, &one);
	}
	int null = open("/dev/null", O_RDWR);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
	}
	if (null >= 0 && spec->twin.python) /* Python's and NumPy's warnings; what a way cannot do it says in its reply */
		dup2(null, STDERR_FILENO);
	if (socket_fd == WORKER_FD)
		fcntl(socket_fd, F_SETFD, 0);
	else
		dup2(socket_fd, WORKER_FD);
	if (spec->twin.python) {
		/* What src/worker.c does for itself. */
		if (!spec->hugepages)
			prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
		int oom = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
		if (oom < 0 || write(oom, "1000", 4) < 0)
			errno = 0;
		execve(spec->twin.python->program, argv, envp);
		_exit(127);
	}
	execve("/proc/self/exe", argv, envp);
	execve(spec->program, argv, envp); /* where /proc is not mounted */
	_exit(127);
}

static void describe_end(int status, char out_why[RESULT_WHY])
{
	if (WIFSIGNALED(status)) {
		const char *name = sigabbrev_np(WTERMSIG(status));
		snprintf(out_why, RESULT_WHY, "killed by SIG%s", name ? name : "?");
	} else if (WEXITSTATUS(status) == 127) {
		snprintf(out_why, RESULT_WHY, "the worker could not be started");
	} else {
		snprintf(out_why, RESULT_WHY, "the worker ended with status %d", WEXITSTATUS(status));
	}
}

/* Reap, and say how it ended. */
static void bury(struct child *child, char out_why[RESULT_WHY])
{
	int status = 0;
	if (child->fd >= 0)
		close(child->fd);
	while (child->pid > 0 && waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		;
	twin_close(child->twin);
	*child = (struct child){ .fd = -1 };
	if (out_why)
		describe_end(status, out_why);
}

/* The worker's end of the socket closes when it dies, which ends the wait. */
enum child_answer child_receive(struct child *child, double timeout_s, struct wire_reply *reply, char out_why[RESULT_WHY])
{
	double deadline = now_s() + timeout_s;
	for (;;) {
		double left_s = deadline - now_s();
		if (child_interrupted) {
			child_stop(child);
			return CHILD_INTERRUPTED;
		}
		if (left_s <= 0) {
			child_stop(child);
			snprintf(out_why, RESULT_WHY, "no answer in %.3g s; --timeout gives it longer", timeout_s);
			return CHILD_HUNG;
		}
		struct pollfd pollfd = { .fd = child->fd, .events = POLLIN };
		/* Short waits, so that a signal that arrives just before poll is seen soon. */
		int ready = poll(&pollfd, 1, left_s > 0.2 ? 200 : (int)(left_s * 1000) + 1);
		if (ready <= 0)
			continue;
		errno = 0;
		if (child->twin ? twin_receive(child->twin, child->fd, reply) : recv(child->fd, reply, sizeof *reply, 0) == (ssize_t)sizeof *reply)
			break;
		if (errno == EINTR)
			continue;
		if (errno == EPROTO) /* it lives, and speaks nonsense */
			kill(child->pid, SIGKILL);
		bury(child, out_why);
		return CHILD_DIED;
	}
	if (reply->status < 0) {
		snprintf(out_why, RESULT_WHY, "%s", reply->why);
		return CHILD_REFUSED;
	}
	return CHILD_OK;
}

/* Fork and exec; `twin` becomes the child's, or is closed. */
static enum child_answer start(const struct child_spec *spec, struct twin *twin, const char *const *argv, const char *const *envp, struct child *out_child,
                               char out_why[RESULT_WHY])
{
	*out_child = (struct child){ .fd = -1 };
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
		snprintf(out_why, RESULT_WHY, "cannot make a socket: %s", strerror(errno));
		twin_close(twin);
		return CHILD_REFUSED;
	}
	pid_t parent = getpid();
	pid_t pid = fork();
	if (pid == 0)
		become_worker(spec, (char *const *)argv, (char *const *)envp, pair[1], parent);
	close(pair[1]);
	if (pid < 0) {
		snprintf(out_why, RESULT_WHY, "cannot start a process: %s", strerror(errno));
		close(pair[0]);
		twin_close(twin);
		return CHILD_REFUSED;
	}
	*out_child = (struct child){ .pid = pid, .fd = pair[0], .twin = twin };
	return CHILD_OK;
}

/* This program once more. */
static enum child_answer launch_worker(const struct child_spec *spec, struct child *out_child, char out_why[RESULT_WHY])
{
	char fd_text[16], conf[512], provoke[128];
	const char *argv[MOST_VALUES + 8];
	size_t argc = 0;
	snprintf(fd_text, sizeof fd_text, "%d", WORKER_FD);
	argv[argc++] = "memhint";
	argv[argc++] = WIRE_WORKER;
	argv[argc++] = fd_text;
	argv[argc++] = spec->lesson;
	argv[argc++] = spec->variant;
	argv[argc++] = spec->hugepages ? "1" : "0";
	for (size_t i = 0; i < MOST_VALUES && spec->values[i]; i++)
		argv[argc++] = spec->values[i];
	argv[argc] = NULL;

	/* MALLOC_CONF is for a jemalloc that is a shared library; the one that is linked in reads the other name. */
	const char *envp[4];
	size_t envc = 0;
	char conf_shared[sizeof conf];
	snprintf(conf, sizeof conf, "MEMHINT_MALLOC_CONF=%s", spec->malloc_conf);
	snprintf(conf_shared, sizeof conf_shared, "MALLOC_CONF=%s", spec->malloc_conf);
	envp[envc++] = conf;
	envp[envc++] = conf_shared;
	const char *provoked = getenv("MEMHINT_PROVOKE");
	if (provoked) {
		snprintf(provoke, sizeof provoke, "MEMHINT_PROVOKE=%s", provoked);
		envp[envc++] = provoke;
	}
	envp[envc] = NULL;
	return start(spec, NULL, argv, envp, out_child, out_why);
}

/* A Python. */
static enum child_answer launch_twin(const struct child_spec *spec, struct child *out_child, char out_why[RESULT_WHY])
{
	static struct twin_command command; /* large; off the stack */
	struct twin *twin;
	*out_child = (struct child){ .fd = -1 };
	if (twin_open(&spec->twin, WORKER_FD, &command, &twin, out_why) != 0)
		return CHILD_REFUSED;
	enum child_answer answer = start(spec, twin, command.argv, command.envp, out_child, out_why);
	if (answer == CHILD_OK && !twin_greet(out_child->fd, &spec->twin)) {
		bury(out_child, out_why);
		return CHILD_DIED;
	}
	return answer;
}

enum child_answer child_launch(const struct child_spec *spec, struct child *out_child, char out_why[RESULT_WHY])
{
	return spec->twin.python ? launch_twin(spec, out_child, out_why) : launch_worker(spec, out_child, out_why);
}

enum child_answer child_start(const struct child_spec *spec, double timeout_s, struct child *out_child, struct wire_reply *reply, char out_why[RESULT_WHY])
{
	enum child_answer answer = child_launch(spec, out_child, out_why);
	if (answer == CHILD_OK)
		answer = child_receive(out_child, timeout_s, reply, out_why);
	if (answer != CHILD_OK)
		child_stop(out_child);
	return answer;
}

enum child_answer child_send(struct child *child, const struct wire_request *request, char out_why[RESULT_WHY])
{
	if (child->pid <= 0) {
		snprintf(out_why, RESULT_WHY, "the worker is gone");
		return CHILD_DIED;
	}
	bool sent = child->twin ? twin_send(child->twin, child->fd, request) : send(child->fd, request, sizeof *request, MSG_NOSIGNAL) == (ssize_t)sizeof *request;
	if (!sent) {
		bury(child, out_why);
		return CHILD_DIED;
	}
	return CHILD_OK;
}

enum child_answer child_ask(struct child *child, const struct wire_request *request, double timeout_s, struct wire_reply *reply, char out_why[RESULT_WHY])
{
	enum child_answer answer = child_send(child, request, out_why);
	return answer == CHILD_OK ? child_receive(child, timeout_s, reply, out_why) : answer;
}

void child_stop(struct child *child)
{
	if (child->pid <= 0)
		return;
	kill(child->pid, SIGKILL); /* it has nothing to save */
	bury(child, NULL);
}

void child_pin(const struct child *child, int cpu)
{
	cpu_set_t one;
	if (child->pid <= 0 || cpu < 0)
		return;
	CPU_ZERO(&one);
	CPU_SET((size_t)cpu, &one);
	sched_setaffinity(child->pid, sizeof one, &one);
}

int child_choose_cpu(int besides)
{
	cpu_set_t allowed;
	if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
		return -1;
	for (int cpu = CPU_SETSIZE - 1; cpu >= 0; cpu--)
		if (cpu != besides && CPU_ISSET((size_t)cpu, &allowed))
			return cpu;
	return besides;
}
