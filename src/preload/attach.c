/* SPDX-License-Identifier: MIT */
#include "preload/attach.h"

#include "preload/heap.h"
#include "preload/region.h"
#include "preload/resident.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct here here __attribute__((aligned(HERE_PAGE)));
struct own own;
__thread struct thread me = { .epoch = EPOCH_FRESH };

static pthread_key_t thread_key;
static bool has_key;

void lock_take(uint32_t *lock)
{
	for (unsigned tries = 0; __atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE) != 0; tries++)
		if (tries > 100)
			sched_yield();
}

/* ---- the ledger ---- */

/*
 * The program's arguments and environment as the kernel laid them out: the first door may be opened before libc has set `environ`. The loader keeps where
 * its stack began: argc, argv, NULL, envp.
 */
extern void *__libc_stack_end; // NOLINT: the loader's name

static char **first_arguments(void)
{
	return (char **)__libc_stack_end + 1;
}

static const char *environment(const char *name)
{
	char **variable = environ;
	if (!variable) {
		variable = first_arguments();
		while (*variable++)
			;
	}
	size_t length = strlen(name);
	for (; *variable; variable++)
		if (strncmp(*variable, name, length) == 0 && (*variable)[length] == '=')
			return *variable + length + 1;
	return NULL;
}

/* Map it and close its file at once: the program's own files get the numbers that they always had. */
static struct ledger *ledger_open(void)
{
	const char *path = environment(LEDGER_ENV);
	if (!path || !*path)
		return NULL;
	int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return NULL;
	struct stat info;
	void *map = MAP_FAILED;
	if (fstat(fd, &info) == 0 && info.st_size >= (off_t)sizeof(struct ledger))
		map = mmap(NULL, sizeof(struct ledger), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	syscall(SYS_close, fd);
	if (map == MAP_FAILED)
		return NULL;
	struct ledger *ledger = map;
	if (ledger->magic == LEDGER_MAGIC && ledger->version == LEDGER_VERSION)
		return ledger;
	munmap(map, sizeof(struct ledger));
	return NULL;
}

/* ---- this process ---- */

static void name_copy(char *to, const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;
	const char *name = slash && slash[1] ? slash + 1 : path ? path : "";
	size_t length = strnlen(name, LEDGER_PROCESS_NAME - 1);
	memcpy(to, name, length);
	to[length] = '\0';
}

/* An entry of our pid that has not ended was this process before it called exec. */
static bool is_known(pid_t pid, uint32_t below)
{
	for (uint32_t i = below; i-- > 0;) {
		const struct ledger_process *process = &own.ledger->process[i];
		uint32_t state = __atomic_load_n(&process->state, __ATOMIC_ACQUIRE);
		if (process->pid == pid && state >= LEDGER_RUNNING)
			return state != LEDGER_EXITED;
	}
	return false;
}

/* Who was cloned without pthread_atfork has no snapshot: as its parent's entry is now. */
static int64_t inherited(void)
{
	return own.has_snapshot ? own.snapshot : heap_live();
}

static bool process_begin(void)
{
	struct ledger_process *parent = own.process;
	uint32_t index = ADD(own.ledger->processes, 1);
	if (index >= LEDGER_PROCESSES) {
		ADD(own.ledger->lost_processes, 1);
		own.ledger = NULL;
		return false;
	}
	struct ledger_process *process = &own.ledger->process[index];
	PUT(process->state, LEDGER_FILLING);
	process->pid = (int32_t)own.pid;
	process->parent_pid = (int32_t)getppid();
	process->began_ns = now_ns();
	if (own.forked) {
		process->began = LEDGER_BEGAN_FORK;
		process->flags = GET(parent->flags) & ~(uint32_t)LEDGER_LOST_SLOT;
		memcpy(process->name, parent->name, sizeof process->name);
		process->inherited = process->live = process->peak = inherited();
	} else {
		process->began = is_known(own.pid, index) ? LEDGER_BEGAN_EXEC : LEDGER_BEGAN_START;
		name_copy(process->name, *first_arguments());
	}
	own.process = process;
	own.index = index;
	own.has_snapshot = false;
	own.rss_high = 0;
	__atomic_store_n(&process->state, LEDGER_RUNNING, __ATOMIC_RELEASE);
	return true;
}

static void thread_end(void *unused)
{
	(void)unused;
	region_thread_end();
	heap_thread_end();
}

void attach_thread_end(void)
{
	if (has_key)
		pthread_setspecific(thread_key, &own);
}

/* ---- forks ---- */

static void before_fork(void)
{
	if (here.epoch == EPOCH_COUNTING) {
		own.snapshot = heap_live();
		own.has_snapshot = true;
	}
}

static void after_fork(void)
{
	own.has_snapshot = false;
	if (own.is_daemon && here.epoch == EPOCH_COUNTING)
		process_end(LEDGER_EXITED);
}

static void after_fork_child(void)
{
	here.epoch = EPOCH_NONE; /* where the kernel knows no MADV_WIPEONFORK */
	if (own.ledger)
		attach();
}

bool attach(void)
{
	if (own.looked && !own.ledger)
		return false;
	if (me.epoch == EPOCH_MUTED) /* on the way in */
		return false;
	int saved = errno;
	me.epoch = EPOCH_MUTED;
	bool is_first = !own.looked;
	if (is_first) {
		own.looked = true;
		own.ledger = ledger_open();
	}
	own.pid = (pid_t)syscall(SYS_getpid);
	own.forked = !is_first;
	bool done = own.ledger && process_begin();
	if (done) {
		if (is_first) {
			has_key = pthread_key_create(&thread_key, thread_end) == 0;
			pthread_atfork(before_fork, after_fork, after_fork_child);
			madvise(&here, sizeof here, MADV_WIPEONFORK);
			heap_attached();
		} else {
			heap_forked();
			region_forked();
		}
		here.epoch = EPOCH_COUNTING;
	}
	me.epoch = EPOCH_FRESH;
	errno = saved;
	return done;
}

bool attached_self(void)
{
	return attached() && (pid_t)syscall(SYS_getpid) == own.pid;
}

void process_end(uint32_t state)
{
	struct ledger_process *process = own.process;
	if (state == LEDGER_RUNNING) {
		process->ended_ns = 0;
	} else {
		region_settle_all();
		struct resident resident;
		if (resident_read(&resident))
			process->rss_peak = resident.high > own.rss_high ? resident.high : own.rss_high;
		process->ended_ns = now_ns();
	}
	__atomic_store_n(&process->state, state, __ATOMIC_RELEASE);
}

void process_mark(uint32_t by)
{
	static uint32_t marking;
	struct ledger_process *process = own.process;
	lock_take(&marking);
	if (process->marked < by) {
		struct heap_totals totals;
		heap_totals_read(&totals);
		process->mark = totals.counts;
		process->mark_live = totals.live;
		if (totals.peak > process->mark_peak)
			process->mark_peak = totals.peak;
		heap_restart_peak();
		process->mark_ns = now_ns();
		process->marked = by;
	}
	lock_drop(&marking);
}
