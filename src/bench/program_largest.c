/* SPDX-License-Identifier: MIT */
/*
 * Where the largest allocations came from: a Python line as the ledger has it; else a file and an address in it, which addr2line turns into a function and a line where it is
 * installed and the file has such, and the file's own symbols into a function.
 */

#include "bench/elf.h"
#include "bench/program_parts.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 3000, ANSWER = 4096 };

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* All that fd gives until its end, in time; "" otherwise. */
static void read_answer(int fd, char out_answer[ANSWER])
{
	int64_t end = now_ms() + PATIENCE_MS;
	size_t length = 0;
	for (;;) {
		int64_t left = end - now_ms();
		struct pollfd pollfd = { .fd = fd, .events = POLLIN };
		ssize_t got = left > 0 && poll(&pollfd, 1, (int)left) > 0 ? read(fd, out_answer + length, ANSWER - 1 - length) : -1;
		if (got > 0)
			length += (size_t)got;
		if (got == 0 || length == ANSWER - 1)
			break;
		if (got < 0) {
			length = 0;
			break;
		}
	}
	out_answer[length] = '\0';
}

/* What `addr2line -f -C -e OBJECT ADDRESS` says; "" where there is none. */
static void ask_addr2line(const char *object, uint64_t address, char out_answer[ANSWER])
{
	char number[32], copy[PATH_MAX];
	char program[] = "addr2line", functions[] = "-f", demangle[] = "-C", file[] = "-e";
	char *argv[] = { program, functions, demangle, file, copy, number, NULL };
	int pipes[2];
	pid_t pid;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	out_answer[0] = '\0';
	snprintf(number, sizeof number, "0x%llx", (unsigned long long)address);
	snprintf(copy, sizeof copy, "%s", object);
	if (pipe2(pipes, O_CLOEXEC) != 0)
		return;
	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, pipes[1], STDOUT_FILENO);
	bool started = posix_spawnp(&pid, program, &actions, &attributes, argv, environ) == 0;
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	close(pipes[1]);
	if (started) {
		read_answer(pipes[0], out_answer);
		kill(pid, SIGKILL); /* it has answered, or takes too long */
		waitpid(pid, NULL, 0);
	}
	close(pipes[0]);
}

/* "function at file.c:40"; NULL where the line is not known. The answer has two lines: the function, and file:line (perhaps with a remark). */
static char *name_line(char *answer)
{
	char *line = strchr(answer, '\n'), *name = NULL;
	if (!line || strncmp(answer, "??", 2) == 0)
		return NULL;
	*line++ = '\0';
	line[strcspn(line, " \n")] = '\0';
	const char *slash = strrchr(line, '/'), *place = slash ? slash + 1 : line, *colon = strrchr(place, ':');
	bool known = colon && colon[1] >= '1' && colon[1] <= '9' && place[0] != '?';
	return known && asprintf(&name, "%s at %s", answer, place) >= 0 ? name : NULL;
}

/*
 * The function's name alone. Without lines addr2line tells the nearest symbol before the address, however far that is, so it is believed (for it reads
 * C++'s names) only where a symbol spans the address.
 */
static char *name_function(const char *file, uint64_t address, const char *answer)
{
	char *symbol = elf_symbol(file, address);
	size_t length = strcspn(answer, "\n");
	if (!symbol || length == 0 || strncmp(answer, "??", 2) == 0)
		return symbol;
	free(symbol);
	return strndup(answer, length);
}

static char *name_place(const struct ledger_large *large)
{
	char where[LEDGER_WHERE + 1], object[LEDGER_PATH + 1], file[PATH_MAX], answer[ANSWER];
	char *name = NULL;
	snprintf(where, sizeof where, "%.*s", LEDGER_WHERE, large->where);
	snprintf(object, sizeof object, "%.*s", LEDGER_PATH, large->object);
	if (!object[0])
		return where[0] ? strdup(where) : NULL;
	/* The main program's is what it was called as; where it was cut nothing is found. */
	bool found = elf_find(object, file);
	if (found) {
		ask_addr2line(file, large->offset, answer);
		name = name_line(answer);
		if (!name)
			name = name_function(file, large->offset, answer);
	}
	if (!name && where[0])
		name = strdup(where);
	const char *slash = strrchr(object, '/');
	if (!name && asprintf(&name, "%s+0x%llx", slash ? slash + 1 : object, (unsigned long long)large->offset) < 0)
		name = NULL;
	return name;
}

static int by_size(const void *a, const void *b)
{
	const struct ledger_large *x = a, *y = b;
	return (x->asked < y->asked) - (x->asked > y->asked);
}

int program_read_largest(const struct ledger *ledger, struct program_result *result, struct err *err)
{
	struct ledger_large sorted[LEDGER_LARGEST];
	memcpy(sorted, ledger->largest, sizeof sorted);
	qsort(sorted, LEDGER_LARGEST, sizeof sorted[0], by_size);
	for (size_t i = 0; i < LEDGER_LARGEST && result->nlargest < PROGRAM_LARGEST && sorted[i].asked > 0; i++) {
		struct program_large *large = &result->largest[result->nlargest++];
		char process[LEDGER_PROCESS_NAME + 1] = "";
		if (sorted[i].process < LEDGER_PROCESSES)
			snprintf(process, sizeof process, "%.*s", LEDGER_PROCESS_NAME, ledger->process[sorted[i].process].name);
		char *place = name_place(&sorted[i]);
		*large = (struct program_large){
			.asked_bytes = (int64_t)sorted[i].asked,
			.process = program_clean(process, PROGRAM_NAME),
			.where = place ? program_clean(place, PROGRAM_NAME) : NULL,
		};
		free(place);
		if (!large->process)
			return err_set(err, ERR_IO, "out of memory");
	}
	return 0;
}
