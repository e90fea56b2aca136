/* SPDX-License-Identifier: MIT */
/*
 * The parent's side of a worker in Python. src/bench/twin.py speaks in lines of words, one message for each request; here they become the structs
 * that a worker in C would send, and the meter's numbers are put in from the ledger.
 */

#include "bench/twin.h"

#include "base/ledger.h"
#include "base/text.h"
#include "bench/child.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE = 1 << 14, PROBE_SECONDS = 30, PROBE_NO_NUMPY = 3 };

extern char **environ;

/* ---- finding an interpreter ---- */

enum found { FOUND, FOUND_NOTHING, FOUND_NO_NUMPY, FOUND_NO_PYTHON, FOUND_SILENCE, FOUND_INTERRUPTED };

static const char *describe(enum found found)
{
	switch (found) {
	case FOUND_NOTHING:
		return "is not installed";
	case FOUND_NO_NUMPY:
		return "has no NumPy";
	case FOUND_SILENCE:
		return "does not answer";
	case FOUND:
	case FOUND_NO_PYTHON:
	case FOUND_INTERRUPTED:
		break;
	}
	return "is no Python";
}

/* With the options that the workers are started with; a script that stands for an interpreter (as version managers have) names the real one. */
static const char probe[] = "import sys\n"
                            "sys.path[:] = [path for path in sys.path if path]\n"
                            "try:\n"
                            "    import numpy\n"
                            "except ImportError:\n"
                            "    sys.exit(3)\n"
                            "name = sys.implementation.name\n"
                            "print(sys.executable, 'CPython' if name == 'cpython' else name, sys.version.split()[0], numpy.__version__, sep='\\n')\n";

static bool begins(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* In the new process. Its environment is the caller's, for a version manager needs that, without what would change the interpreter. */
static _Noreturn void become_probe(const char *word, int out)
{
	char **keep = environ;
	for (char **at = environ; *at; at++)
		if (!begins(*at, "PYTHON") && !begins(*at, "LD_PRELOAD=") && !begins(*at, "MALLOC_CONF="))
			*keep++ = *at;
	*keep = NULL;
	int null = open("/dev/null", O_RDWR);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDERR_FILENO);
	}
	dup2(out, STDOUT_FILENO);
	signal(SIGINT, SIG_IGN);
	execlp(word, word, "-s", "-B", "-c", probe, (char *)NULL);
	_exit(127);
}

static double now_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* What it prints until it ends. Returns its length, -1 when there was an interruption, -2 when the time was up. */
static ssize_t read_all(int fd, char *out, size_t size)
{
	size_t length = 0;
	double deadline = now_s() + PROBE_SECONDS;
	for (;;) {
		if (child_interrupted)
			return -1;
		if (now_s() > deadline)
			return -2;
		struct pollfd pollfd = { .fd = fd, .events = POLLIN };
		if (poll(&pollfd, 1, 200) <= 0)
			continue;
		ssize_t got = read(fd, out + length, size - 1 - length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		length += (size_t)got;
	}
	out[length] = '\0';
	return (ssize_t)length;
}

static enum found ask_python(const char *word, struct twin_python *out_python)
{
	int ends[2], status = 0;
	static char text[PATH_MAX + 256];
	if (pipe2(ends, O_CLOEXEC) != 0)
		return FOUND_SILENCE;
	pid_t pid = fork();
	if (pid == 0)
		become_probe(word, ends[1]);
	close(ends[1]);
	ssize_t length = pid > 0 ? read_all(ends[0], text, sizeof text) : -2;
	close(ends[0]);
	if (pid > 0 && length < 0)
		kill(pid, SIGKILL);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (length < 0)
		return length == -1 ? FOUND_INTERRUPTED : FOUND_SILENCE;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return FOUND_NOTHING;
	if (WIFEXITED(status) && WEXITSTATUS(status) == PROBE_NO_NUMPY)
		return FOUND_NO_NUMPY;
	char *save = NULL;
	const char *program = strtok_r(text, "\n", &save), *name = strtok_r(NULL, "\n", &save), *version = strtok_r(NULL, "\n", &save),
	           *numpy = strtok_r(NULL, "\n", &save);
	if (status != 0 || !numpy || program[0] != '/')
		return FOUND_NO_PYTHON;
	snprintf(out_python->program, sizeof out_python->program, "%s", program);
	snprintf(out_python->python, sizeof out_python->python, "%.20s %.40s", name, version);
	snprintf(out_python->numpy, sizeof out_python->numpy, "%s", numpy);
	snprintf(out_python->both, sizeof out_python->both, "NumPy %s, %s", out_python->numpy, out_python->python);
	return FOUND;
}

static int find_python(struct twin_python *out_python, struct err *err)
{
	const char *chosen = getenv("PYTHON");
	if (chosen && *chosen) {
		enum found found = ask_python(chosen, out_python);
		if (found == FOUND)
			return 0;
		if (found == FOUND_INTERRUPTED)
			return err_set(err, ERR_INTERRUPTED, "interrupted");
		return err_set(err, ERR_UNMEASURED, "--with numpy: '%s', which PYTHON names, %s: set PYTHON to a python3 that has NumPy, or unset it", chosen,
		               describe(found));
	}
	static const char *const words[] = { "python3", "/usr/bin/python3" };
	enum found found[2];
	for (size_t i = 0; i < 2; i++) {
		found[i] = ask_python(words[i], out_python);
		if (found[i] == FOUND)
			return 0;
		if (found[i] == FOUND_INTERRUPTED)
			return err_set(err, ERR_INTERRUPTED, "interrupted");
	}
	return err_set(err, ERR_UNMEASURED, "--with numpy: '%s' %s, '%s' %s: install NumPy (python3-numpy), or set PYTHON to a python3 that has it", words[0],
	               describe(found[0]), words[1], describe(found[1]));
}

int twin_find(struct twin_python *out_python, struct err *err)
{
	if (library_find("libmemhint-preload.so", &out_python->meter, err) != 0)
		return err->code;
	int status = find_python(out_python, err);
	if (status != 0)
		twin_lose(out_python);
	return status;
}

void twin_lose(struct twin_python *python)
{
	library_release(&python->meter);
}

/* ---- one worker ---- */

struct twin {
	struct ledger *ledger; /* NULL: not counted */
	int ledger_fd;
	bool drained;
	enum wire_op asked;
};

static bool open_ledger(struct twin *twin, char out_why[RESULT_WHY])
{
	twin->ledger_fd = memfd_create("memhint-ledger", MFD_CLOEXEC);
	if (twin->ledger_fd < 0 || ftruncate(twin->ledger_fd, sizeof *twin->ledger) != 0) {
		snprintf(out_why, RESULT_WHY, "cannot make the meter's ledger: %s", strerror(errno));
		return false;
	}
	void *map = mmap(NULL, sizeof *twin->ledger, PROT_READ | PROT_WRITE, MAP_SHARED, twin->ledger_fd, 0);
	if (map == MAP_FAILED) {
		snprintf(out_why, RESULT_WHY, "cannot map the meter's ledger: %s", strerror(errno));
		return false;
	}
	twin->ledger = map;
	twin->ledger->magic = LEDGER_MAGIC;
	twin->ledger->version = LEDGER_VERSION;
	twin->ledger->wants = LEDGER_WANT_HEAP;
	return true;
}

void twin_close(struct twin *twin)
{
	if (!twin)
		return;
	if (twin->ledger)
		munmap(twin->ledger, sizeof *twin->ledger);
	if (twin->ledger_fd >= 0)
		close(twin->ledger_fd);
	free(twin);
}

__attribute__((format(printf, 2, 3))) static void add_setting(struct twin_command *command, const char *format, ...)
{
	size_t at = 0;
	va_list values;
	while (command->envp[at])
		at++;
	if (at + 1 >= TWIN_SETTINGS)
		return;
	va_start(values, format);
	vsnprintf(command->settings[at], sizeof command->settings[at], format, values);
	va_end(values);
	command->envp[at] = command->settings[at];
}

static void add_settings(struct twin_command *command, const struct twin_spec *spec, const struct twin *twin)
{
	const char *provoked = getenv("MEMHINT_PROVOKE"), *libraries = getenv("LD_LIBRARY_PATH");
	add_setting(command, "PATH=/usr/bin:/bin");
	add_setting(command, "LC_ALL=C.UTF-8");
	add_setting(command, "PYTHONHASHSEED=0");
	add_setting(command, "PYTHONSAFEPATH=1"); /* the current folder may be a lesson's, and its numpy.py is not NumPy */
	add_setting(command, "OMP_NUM_THREADS=1");
	add_setting(command, "OPENBLAS_NUM_THREADS=1");
	add_setting(command, "MKL_NUM_THREADS=1");
	if (libraries && strlen(libraries) < PATH_MAX) /* some interpreters do not start without */
		add_setting(command, "LD_LIBRARY_PATH=%s", libraries);
	if (provoked && strlen(provoked) < PATH_MAX)
		add_setting(command, "MEMHINT_PROVOKE=%s", provoked);
	if (!spec->counted)
		return;
	add_setting(command, "LD_PRELOAD=%s", spec->python->meter.path);
	add_setting(command, LEDGER_ENV "=/proc/%ld/fd/%d", (long)getpid(), twin->ledger_fd);
	add_setting(command, "MALLOC_CONF=%s", spec->malloc_conf);
	add_setting(command, "MEMHINT_MALLOC_CONF=%s", spec->malloc_conf);
	if (!spec->drained) /* else Python's own store answers for its small objects, and the meter would miss the boxes of a list */
		add_setting(command, "PYTHONMALLOC=malloc");
}

int twin_open(const struct twin_spec *spec, int worker_fd, struct twin_command *out_command, struct twin **out_twin, char out_why[RESULT_WHY])
{
	*out_command = (struct twin_command){ 0 };
	*out_twin = NULL;
	struct twin *twin = calloc(1, sizeof *twin);
	if (!twin) {
		snprintf(out_why, RESULT_WHY, "out of memory");
		return -1;
	}
	*twin = (struct twin){ .ledger_fd = -1, .drained = spec->drained };
	if (spec->counted && !open_ledger(twin, out_why)) {
		twin_close(twin);
		return -1;
	}
	size_t argc = 0;
	const char **argv = out_command->argv;
	snprintf(out_command->fd, sizeof out_command->fd, "%d", worker_fd);
	argv[argc++] = spec->python->program;
	argv[argc++] = "-s";
	argv[argc++] = "-B";
	argv[argc++] = "-c";
	argv[argc++] = twin_driver;
	argv[argc++] = out_command->fd;
	argv[argc++] = spec->lesson;
	argv[argc++] = spec->variant;
	for (size_t i = 0; i < TWIN_VALUES && spec->values[i]; i++)
		argv[argc++] = spec->values[i];
	add_settings(out_command, spec, twin);
	*out_twin = twin;
	return 0;
}

/* ---- talking ---- */

bool twin_greet(int fd, const struct twin_spec *spec)
{
	return send(fd, spec->text, strlen(spec->text), MSG_NOSIGNAL) == (ssize_t)strlen(spec->text);
}

bool twin_send(struct twin *twin, int fd, const struct wire_request *request)
{
	char text[64] = "";
	twin->asked = request->op;
	switch (request->op) {
	case WIRE_HEAP:
		snprintf(text, sizeof text, "heap %s", twin->drained ? "drained" : "whole");
		break;
	case WIRE_RESIDENT:
		snprintf(text, sizeof text, "resident");
		break;
	case WIRE_CALIBRATE:
		snprintf(text, sizeof text, "calibrate %.17g", request->target_ns);
		break;
	case WIRE_SAMPLE:
		snprintf(text, sizeof text, "sample %llu", (unsigned long long)request->repeats);
		break;
	case WIRE_FLOOR:
	case WIRE_MACHINE:
		errno = EINVAL;
		return false;
	}
	return send(fd, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text);
}

/* "fact integer stride_0 8" without its first word */
static void take_fact(char *words, struct wire_reply *reply)
{
	char *save = NULL;
	const char *kind = strtok_r(words, " ", &save), *name = strtok_r(NULL, " ", &save), *value = strtok_r(NULL, "", &save);
	if (!kind || !name || reply->nfacts == RESULT_FACTS)
		return;
	struct fact_result *fact = &reply->facts[reply->nfacts++];
	*fact = (struct fact_result){ .kind = FACT_TEXT };
	snprintf(fact->name, sizeof fact->name, "%s", name);
	if (strcmp(kind, "text") == 0) {
		snprintf(fact->text, sizeof fact->text, "%s", value ? value : "");
		return;
	}
	fact->kind = strcmp(kind, "bool") == 0 ? FACT_BOOL : strcmp(kind, "integer") == 0 ? FACT_INTEGER : FACT_REAL;
	fact->number = value ? strtod(value, NULL) : NAN;
}

static bool take_line(char *line, struct wire_reply *reply)
{
	char *value = strchr(line, ' ');
	if (value)
		*value++ = '\0';
	else
		return strcmp(line, "ok") == 0 || (strcmp(line, "refused") == 0 && (reply->status = -1));
	if (strcmp(line, "why") == 0)
		snprintf(reply->why, sizeof reply->why, "%s", value);
	else if (strcmp(line, "fact") == 0)
		take_fact(value, reply);
	else if (strcmp(line, "checksum") == 0)
		reply->checksum = strtod(value, NULL);
	else if (strcmp(line, "make_ns") == 0)
		reply->make_ns = strtod(value, NULL);
	else if (strcmp(line, "use_ns") == 0)
		reply->use_ns = strtod(value, NULL);
	else if (strcmp(line, "repeats") == 0)
		reply->repeats = strtoull(value, NULL, 10);
	else if (strcmp(line, "faults") == 0)
		reply->faults = strtoll(value, NULL, 10);
	else if (strcmp(line, "resident") == 0)
		reply->resident_peak_bytes = strtoll(value, NULL, 10);
	else if (strcmp(line, "peak_asked") == 0)
		reply->heap.peak_asked_bytes = strtoll(value, NULL, 10);
	else
		return false;
	return true;
}

static const struct ledger_region *find_region(const struct ledger *ledger, const char *name)
{
	uint32_t count = __atomic_load_n(&ledger->regions, __ATOMIC_ACQUIRE);
	for (uint32_t i = 0; i < count && i < LEDGER_REGIONS; i++)
		if (__atomic_load_n(&ledger->region[i].state, __ATOMIC_ACQUIRE) == LEDGER_RUNNING && strcmp(ledger->region[i].name, name) == 0)
			return &ledger->region[i];
	return NULL;
}

/* The meter's part of a heap pass. */
static void take_counts(const struct ledger *ledger, struct wire_reply *reply)
{
	const struct ledger_region *make = find_region(ledger, "make"), *use = find_region(ledger, "use"), *nothing = find_region(ledger, "nothing");
	if (!make || !use || !nothing || make->ended == 0 || use->ended == 0) {
		reply->status = -1;
		snprintf(reply->why, sizeof reply->why, "the meter did not count: this Python's malloc is not what was preloaded");
		return;
	}
	/* After memhint_begin() ctypes frees what carried its argument; that is no part of the way. */
	int64_t freed = -nothing->kept, asked = (int64_t)make->counts.asked, peak_asked = reply->heap.peak_asked_bytes;
	/* Nor is what it freed and NumPy did not give back: the blocks that were there when all were asked for once more. */
	const struct ledger_region *full = find_region(ledger, "full"), *refill = find_region(ledger, "refill");
	int64_t stored = full && refill ? (int64_t)(full->counts.allocated - refill->counts.allocated) : 0;
	reply->heap = (struct heap_result){
		.asked_bytes = asked,
		.allocated_bytes = (int64_t)make->counts.allocated,
		.allocations = (int64_t)make->counts.allocations,
		.reallocations_in_place = (int64_t)make->counts.reallocations_in_place,
		.reallocations_moved = (int64_t)make->counts.reallocations_moved,
		.peak_bytes = make->peak > 0 ? make->peak + freed : 0,
		.peak_asked_bytes = peak_asked > asked ? asked : peak_asked, /* the traced run may find a store of Python's empty that was full */
		.kept_bytes = make->kept + freed - stored,
		.copied_bytes = RESULT_NONE,
		.use_peak_bytes = use->peak > 0 ? use->peak + freed : 0,
		.predicted_asked_bytes = RESULT_NONE,
		.predicted_peak_asked_bytes = RESULT_NONE,
	};
	reply->jemalloc_allocated_bytes = make->counts.allocated; /* the meter's sizes are jemalloc's own */
}

bool twin_receive(struct twin *twin, int fd, struct wire_reply *out_reply)
{
	static char text[MESSAGE];
	*out_reply = (struct wire_reply){ .checksum = NAN, .resident_peak_bytes = RESULT_NONE, .heap.peak_asked_bytes = RESULT_NONE };
	ssize_t got = recv(fd, text, sizeof text - 1, 0);
	if (got <= 0)
		return false;
	text[got] = '\0';
	char *save = NULL;
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (!take_line(line, out_reply)) {
			errno = EPROTO;
			return false;
		}
	if (out_reply->status == 0 && twin->ledger && twin->asked == WIRE_HEAP && !isnan(out_reply->checksum))
		take_counts(twin->ledger, out_reply);
	return true;
}
