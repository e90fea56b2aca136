/* SPDX-License-Identifier: MIT */
/* Where a program reads and writes: as its caller does, or files, or nowhere; and what it said last on standard error, kept in memory. */

#include "bench/program_wait.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { WORDS_MOST = 4 << 20 }; /* bytes that are kept of its standard error */

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

int program_stdio_open(const struct program_plan *plan, const struct program_run_spec *spec, int stdio[3], struct err *err)
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

void program_stdio_close(const int stdio[3])
{
	for (int i = 0; i < 3; i++)
		if (stdio[i] >= 0)
			close(stdio[i]);
}

void program_stdio_words(int fd, char out_words[PROGRAM_WORDS])
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

void program_stdio_forget(int fd)
{
	if (lseek(fd, 0, SEEK_END) > WORDS_MOST && ftruncate(fd, 0) != 0)
		return;
}
