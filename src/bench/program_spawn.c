/* SPDX-License-Identifier: MIT */
#include "bench/program_spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { STACK = 256 << 10 }; /* execvp keeps a path on it, and the argv of a script without #! */

struct birth {
	const struct program_spawn *spec;
	struct program_spawned *spawned;
	pid_t parent;
};

static void put_stdio(const struct program_spawn *spec)
{
	for (int fd = 0; fd < 3; fd++) {
		if (spec->stdio[fd] >= 0)
			dup2(spec->stdio[fd], fd);
		else if (spec->closed[fd])
			close(fd);
	}
}

/* The program before it is one: it shares the launcher's memory but has its own signals and descriptors, and calls only what is safe there. */
static int become(void *data)
{
	const struct birth *birth = data;
	const struct program_spawn *spec = birth->spec;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != birth->parent) /* it died before the line above */
		_exit(127);
	for (int number = 1; number < NSIG; number++) {
		struct sigaction action = { .sa_handler = sigismember(spec->ignored, number) == 1 ? SIG_IGN : SIG_DFL };
		sigaction(number, &action, NULL); /* SIGKILL and a few more refuse, and need nothing */
	}
	put_stdio(spec);
	sigprocmask(SIG_SETMASK, spec->mask, NULL);
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	birth->spawned->start_ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
	execvpe(spec->argv[0], spec->argv, spec->envp);
	birth->spawned->error = errno;
	_exit(127);
}

static void drop_pages(uintptr_t from, uintptr_t to)
{
	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	from = (from + page - 1) / page * page;
	to = to / page * page;
	if (to > from)
		madvise((void *)from, to - from, MADV_DONTNEED);
}

/*
 * What can be had again: files' pages that are only read, which come back when they are touched; and the zeroed thread-local memory of memhint itself (its kernels'
 * blocks among them), which nothing that a launcher does looks at. Libraries need theirs.
 */
static int drop_object(struct dl_phdr_info *info, size_t size, void *data)
{
	bool *first = data;
	(void)size;
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
		uintptr_t from = info->dlpi_addr + segment->p_vaddr, block = (uintptr_t)info->dlpi_tls_data;
		if (segment->p_type == PT_LOAD && !(segment->p_flags & PF_W))
			drop_pages(from, from + segment->p_memsz);
		else if (segment->p_type == PT_TLS && *first && block)
			drop_pages(block + segment->p_filesz, block + segment->p_memsz);
	}
	*first = false;
	return 0;
}

/* Make little of ourselves: first what a fork copied and nobody needs, then the high-water mark that it left. */
static void shrink(void)
{
	bool first = true;
	dl_iterate_phdr(drop_object, &first);
	int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	ssize_t written = write(fd, "5", 1);
	(void)written; /* then it stays as it is, and the label says "at most" */
	close(fd);
}

/*
 * CLONE_PARENT makes our parent the program's. Without CLONE_VFORK the launcher is gone while the program starts, and does not die in its way later; the memory of
 * the two lasts until the exec.
 */
static _Noreturn void launch(struct birth *birth, char *stack, size_t size)
{
	shrink();
	if (clone(become, stack + size, CLONE_VM | CLONE_PARENT | CLONE_PARENT_SETTID | SIGCHLD, birth, &birth->spawned->pid) < 0)
		birth->spawned->error = errno;
	_exit(0);
}

int program_spawn(const struct program_spawn *spec, pid_t *out_launcher, struct program_spawned **out_spawned)
{
	size_t size = STACK;
	for (size_t i = 0; spec->argv[i]; i++)
		size += sizeof *spec->argv;
	size = size / 16 * 16;
	struct program_spawned *spawned = mmap(NULL, sizeof *spawned, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	int error = spawned == MAP_FAILED || stack == MAP_FAILED ? errno : 0;
	if (error == 0) {
		struct birth birth = { spec, spawned, getpid() };
		*out_launcher = fork();
		if (*out_launcher == 0)
			launch(&birth, stack, size);
		error = *out_launcher < 0 ? errno : 0;
	}
	if (stack != MAP_FAILED)
		munmap(stack, size);
	if (error != 0 && spawned != MAP_FAILED)
		munmap(spawned, sizeof *spawned);
	else
		*out_spawned = spawned;
	errno = error;
	return error ? -1 : 0;
}

void program_spawn_release(struct program_spawned *spawned)
{
	if (spawned)
		munmap(spawned, sizeof *spawned);
}
