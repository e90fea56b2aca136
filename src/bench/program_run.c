/* SPDX-License-Identifier: MIT */
/*
 * One run: a ledger, a process, a wait. All that may come while it runs comes as a signal that is blocked and waited for, so nothing is missed and nothing is
 * asked twice: its end, our own end, what is to be passed on to it, and (as the wait's limit) the time it may take.
 */

#include "bench/program_parts.h"
#include "bench/program_spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const double patience_s = 1; /* for what a program leaves behind */
enum { WORDS_MOST = 4 << 20 };      /* bytes that are kept of its standard error */

static uint64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* ---- the ledger ---- */

/* `ulimit -f` is meant for the program's files: as far as it may be, it is out of the way for a moment. */
static int grow(int fd, off_t size)
{
	const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
	struct rlimit limit;
	if (getrlimit(RLIMIT_FSIZE, &limit) != 0)
		return ftruncate(fd, size);
	const struct rlimit hard = { limit.rlim_max, limit.rlim_max };
	if (setrlimit(RLIMIT_FSIZE, &none) != 0)
		setrlimit(RLIMIT_FSIZE, &hard);
	int status = ftruncate(fd, size), why = errno;
	setrlimit(RLIMIT_FSIZE, &limit);
	errno = why;
	return status;
}

/* The descriptor, or -1 with errno. */
static int make_ledger(uint32_t wants, struct ledger **out_ledger)
{
	int fd = memfd_create("memhint", MFD_CLOEXEC);
	if (fd < 0)
		return -1;
	struct ledger *ledger = grow(fd, sizeof *ledger) == 0 ? mmap(NULL, sizeof *ledger, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
	if (ledger == MAP_FAILED) {
		int why = errno;
		close(fd);
		errno = why;
		return -1;
	}
	ledger->version = LEDGER_VERSION;
	ledger->wants = wants;
	ledger->magic = LEDGER_MAGIC;
	*out_ledger = ledger;
	return fd;
}

/* ---- standard input, output and error ---- */

/* Not below 3, where the program's own will be. */
static int raise_fd(int fd)
{
	if (fd < 0 || fd > STDERR_FILENO)
		return fd;
	int high = fcntl(fd, F_DUPFD_CLOEXEC, 3), why = errno;
	close(fd);
	errno = why;
	return high;
}

static int open_for(const char *path, int flags, int *out_fd, struct err *err)
{
	*out_fd = raise_fd(open(path, flags | O_CLOEXEC | O_NOCTTY, 0666));
	return *out_fd >= 0 ? 0 : err_set(err, ERR_IO, "cannot open '%s': %s", path, strerror(errno));
}

static int open_stdio(const struct program_plan *plan, const struct program_run_spec *spec, int stdio[3], struct err *err)
{
	const char *input = plan->input ? plan->input : spec->untouched || spec->own_input ? NULL : "/dev/null";
	const char *output = plan->output && !spec->drop_output ? plan->output : spec->untouched ? NULL : "/dev/null";
	if (input && open_for(input, O_RDONLY, &stdio[0], err) != 0)
		return err->code;
	if (output && open_for(output, O_WRONLY | O_CREAT | O_TRUNC, &stdio[1], err) != 0)
		return err->code;
	if (spec->untouched)
		return 0;
	if (!spec->keep_words)
		return open_for("/dev/null", O_WRONLY, &stdio[2], err);
	stdio[2] = raise_fd(memfd_create("memhint-words", MFD_CLOEXEC));
	if (stdio[2] < 0 || fcntl(stdio[2], F_SETFL, O_APPEND | O_RDWR) < 0)
		return err_set(err, ERR_IO, "cannot make a file in memory: %s", strerror(errno));
	return 0;
}

static void close_stdio(const int stdio[3])
{
	for (int i = 0; i < 3; i++)
		if (stdio[i] >= 0)
			close(stdio[i]);
}

/* The last line that is not blank. */
static void read_words(int fd, char out_words[PROGRAM_WORDS])
{
	char tail[1024];
	off_t size = lseek(fd, 0, SEEK_END);
	off_t from = size > (off_t)sizeof tail - 1 ? size - (off_t)sizeof tail + 1 : 0;
	ssize_t length = pread(fd, tail, sizeof tail - 1, from);
	while (length > 0 && (tail[length - 1] == '\n' || tail[length - 1] == ' '))
		length--;
	if (length <= 0)
		return;
	tail[length] = '\0';
	const char *line = strrchr(tail, '\n');
	char *clean = program_clean(line ? line + 1 : tail, PROGRAM_WORDS - 1);
	snprintf(out_words, PROGRAM_WORDS, "%s", clean ? clean : "");
	free(clean);
}

/* Who writes without end to standard error fills no memory: what came first is forgotten. */
static void forget_words(int fd)
{
	if (lseek(fd, 0, SEEK_END) > WORDS_MOST && ftruncate(fd, 0) != 0)
		return;
}

/* ---- waiting ---- */

struct watch {
	struct program_session *session;
	const struct program_run_spec *spec; /* NULL: a hook */
	pid_t launcher;
	struct program_spawned *spawned;
	bool launched, ended, hung;
	int status;
	uint64_t end_ns;
	struct rusage usage;
	int words_fd;
};

/* Whoever has ended; the program's end is noted at once. */
static void reap(struct watch *watch)
{
	struct rusage usage;
	int status;
	for (pid_t pid; !watch->ended && (pid = wait4(-1, &status, WNOHANG, &usage)) > 0;) {
		if (pid == watch->launcher)
			watch->launched = true;
		if (pid != watch->spawned->pid)
			continue;
		watch->end_ns = now_ns();
		watch->ended = true;
		watch->status = status;
		watch->usage = usage;
	}
}

static bool ends_us(int number)
{
	return number == SIGINT || number == SIGTERM || number == SIGHUP || number == SIGQUIT;
}

/* What the terminal sends, it sends to the program too; what a process sends to us is meant for the program. */
static void act_on(struct watch *watch, const siginfo_t *info)
{
	int number = info->si_signo;
	if (number == SIGCHLD)
		return;
	if (watch->spec && watch->spec->untouched) {
		if (info->si_code <= 0 && watch->spawned->pid > 0 && !watch->ended)
			kill(watch->spawned->pid, number);
	} else if (ends_us(number)) {
		watch->session->interrupted = number;
	}
}

/* Until a signal comes, at most so long. */
static void wait_signal(struct watch *watch, double seconds)
{
	siginfo_t info;
	struct timespec limit = { (time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9) };
	if (sigtimedwait(&watch->session->waited, &info, &limit) > 0)
		act_on(watch, &info);
}

/* Until the program ends, or is ended. Returns false when no process could be made. */
static bool wait_program(struct watch *watch, double timeout_s)
{
	uint64_t begin = now_ns();
	for (;;) {
		reap(watch);
		if (watch->ended)
			return true;
		pid_t pid = watch->spawned->pid;
		if (watch->launched && pid == 0)
			return false;
		double passed_s = (double)(now_ns() - begin) * 1e-9, left_s = 0.2;
		watch->hung = watch->hung || (timeout_s > 0 && passed_s >= timeout_s);
		if (pid > 0 && (watch->hung || watch->session->interrupted))
			kill(pid, SIGKILL);
		else if (timeout_s > 0 && timeout_s - passed_s < left_s)
			left_s = timeout_s - passed_s > 1e-6 ? timeout_s - passed_s : 1e-6;
		if (watch->words_fd >= 0)
			forget_words(watch->words_fd);
		wait_signal(watch, left_s);
	}
}

/* What it started may have work to end; not for long. Returns whether something is left. */
static bool wait_rest(struct watch *watch)
{
	uint64_t begin = now_ns();
	while (program_has_children(watch->session)) {
		double left_s = patience_s - (double)(now_ns() - begin) * 1e-9;
		if (left_s <= 0 || watch->session->interrupted || watch->hung)
			return true;
		siginfo_t info;
		struct timespec limit = { 0, (long)((left_s < 0.05 ? left_s : 0.05) * 1e9) };
		int number = sigtimedwait(&watch->session->waited, &info, &limit);
		if (number > 0 && ends_us(number)) {
			if (!watch->spec->untouched)
				watch->session->interrupted = number;
			return true;
		}
	}
	return false;
}

/* ---- a run ---- */

static void take_result(const struct watch *watch, struct program_run *run)
{
	const struct rusage *usage = &watch->usage;
	run->pid = watch->spawned->pid;
	run->error = watch->spawned->error;
	run->wall_ns = (double)(watch->end_ns - watch->spawned->start_ns);
	run->user_ns = (double)usage->ru_utime.tv_sec * 1e9 + (double)usage->ru_utime.tv_usec * 1e3;
	run->system_ns = (double)usage->ru_stime.tv_sec * 1e9 + (double)usage->ru_stime.tv_usec * 1e3;
	run->faults = usage->ru_minflt;
	run->rss_bytes = (int64_t)usage->ru_maxrss * 1024;
	run->signal = WIFSIGNALED(watch->status) ? WTERMSIG(watch->status) : 0;
	run->exit_status = run->signal ? -1 : WEXITSTATUS(watch->status);
	run->status = run->error ? RESULT_FAILED : watch->hung ? RESULT_HUNG : run->signal ? RESULT_KILLED : RESULT_OK;
}

static int start(struct watch *watch, const struct program_spawn *spawn, double timeout_s, struct err *err)
{
	if (program_spawn(spawn, &watch->launcher, &watch->spawned) != 0)
		return err_set(err, ERR_IO, "cannot start a process: %s", strerror(errno));
	if (!wait_program(watch, timeout_s))
		return err_set(err, ERR_IO, "cannot start a process: %s", strerror(watch->spawned->error));
	return 0;
}

int program_run(struct program_session *session, const struct program_run_spec *spec, struct program_run *out_run, struct err *err)
{
	const struct program_plan *plan = session->plan;
	bool counted = spec->kind == PROGRAM_RUN_COUNTED;
	int stdio[3] = { -1, -1, -1 }, ledger_fd = -1, status;
	char **environment = NULL;
	struct watch watch = { .session = session, .spec = spec, .words_fd = -1 };
	*out_run = (struct program_run){ 0 };
	status = open_stdio(plan, spec, stdio, err);
	if (status != 0)
		goto out;
	uint32_t wants = LEDGER_WANT_RSS | (counted ? LEDGER_WANT_HEAP : 0) | (counted && plan->nlimits > 0 ? LEDGER_WANT_LARGEST : 0);
	ledger_fd = make_ledger(wants, &out_run->ledger);
	environment = ledger_fd >= 0 ? program_environment(session, spec->kind, ledger_fd, counted && plan->python_objects) : NULL;
	if (!environment) {
		status = err_set(err, ERR_IO, "cannot make the ledger: %s%s", strerror(errno), errno == EFBIG ? " (ulimit -f forbids it)" : "");
		goto out;
	}
	struct program_spawn spawn = { .argv = spec->command->argv, .envp = environment, .mask = &session->mask, .ignored = plan->ignored };
	memcpy(spawn.stdio, stdio, sizeof stdio);
	for (int i = 0; i < 3; i++)
		spawn.closed[i] = plan->closed[i] && spec->untouched;
	watch.words_fd = spec->keep_words ? stdio[2] : -1;
	status = start(&watch, &spawn, plan->timeout_s, err);
	if (status != 0)
		goto out;
	take_result(&watch, out_run);
	out_run->left = !spec->no_patience && !session->interrupted && wait_rest(&watch);
	if (spec->keep_words)
		read_words(stdio[2], out_run->words);
	if (session->interrupted)
		status = err_set(err, ERR_INTERRUPTED, "%s", "interrupted");
out:
	program_spawn_release(watch.spawned);
	free(environment);
	if (ledger_fd >= 0)
		close(ledger_fd);
	close_stdio(stdio);
	return status;
}

void program_run_release(struct program_run *run)
{
	if (run->ledger)
		munmap(run->ledger, sizeof *run->ledger);
	*run = (struct program_run){ 0 };
}

int program_hook(struct program_session *session, const char *option, const char *command, struct err *err)
{
	static char sh[] = "sh", flag[] = "-c";
	char *copy = strdup(command);
	char *argv[] = { sh, flag, copy, NULL };
	const struct program_plan nothing = { 0 };
	const struct program_run_spec spec = { .keep_words = true };
	int stdio[3] = { -1, -1, -1 };
	char words[PROGRAM_WORDS] = "";
	struct watch watch = { .session = session, .words_fd = -1 };
	int status = copy ? open_stdio(&nothing, &spec, stdio, err) : err_set(err, ERR_IO, "out of memory");
	if (status != 0)
		goto out;
	struct program_spawn spawn = { .argv = argv, .envp = environ, .mask = &session->mask, .ignored = session->plan->ignored };
	memcpy(spawn.stdio, stdio, sizeof stdio);
	watch.words_fd = stdio[2];
	status = start(&watch, &spawn, 0, err);
	if (status != 0)
		goto out;
	read_words(stdio[2], words);
	const char *colon = words[0] ? ": " : "";
	if (session->interrupted)
		status = err_set(err, ERR_INTERRUPTED, "%s", "interrupted");
	else if (WIFSIGNALED(watch.status))
		status = err_set(err, ERR_IO, "%s '%.80s' was killed by SIG%s%s%s", option, command, sigabbrev_np(WTERMSIG(watch.status)), colon, words);
	else if (WEXITSTATUS(watch.status) != 0)
		status = err_set(err, ERR_IO, "%s '%.80s' ended with status %d%s%s", option, command, WEXITSTATUS(watch.status), colon, words);
out:
	program_spawn_release(watch.spawned);
	close_stdio(stdio);
	free(copy);
	return status;
}
