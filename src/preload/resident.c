/* SPDX-License-Identifier: MIT */
#include "preload/resident.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/* "VmHWM:     1234 kB" */
static int64_t field(const char *text, const char *name)
{
	const char *line = strstr(text, name);
	if (!line)
		return -1;
	line += strlen(name);
	while (*line == ' ' || *line == '\t')
		line++;
	int64_t kib = 0;
	for (; *line >= '0' && *line <= '9'; line++)
		kib = kib * 10 + (*line - '0');
	return kib * 1024;
}

/* The list of groups stands before what is looked for and may be long: the text is read in pieces that overlap. */
bool resident_read(struct resident *out_resident)
{
	enum { PIECE = 2048, OVERLAP = 64 };
	int saved = errno;
	out_resident->now = out_resident->high = -1;
	int fd = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/status", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		char text[PIECE + 1];
		size_t kept = 0;
		ssize_t length;
		while ((out_resident->now < 0 || out_resident->high < 0) && (length = (ssize_t)syscall(SYS_read, fd, text + kept, PIECE - kept)) > 0) {
			size_t all = kept + (size_t)length;
			text[all] = '\0';
			if (out_resident->high < 0)
				out_resident->high = field(text, "\nVmHWM:");
			if (out_resident->now < 0)
				out_resident->now = field(text, "\nVmRSS:");
			kept = all < OVERLAP ? all : OVERLAP;
			memmove(text, text + all - kept, kept);
		}
		syscall(SYS_close, fd);
	}
	errno = saved;
	return out_resident->now >= 0 && out_resident->high >= 0;
}

bool resident_reset(void)
{
	int saved = errno;
	int fd = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && syscall(SYS_write, fd, "5", (size_t)1) == 1;
	if (fd >= 0)
		syscall(SYS_close, fd);
	errno = saved;
	return done;
}

uint64_t resident_faults(void)
{
	struct rusage usage;
	return getrusage(RUSAGE_THREAD, &usage) == 0 ? (uint64_t)usage.ru_minflt : 0;
}
