/* SPDX-License-Identifier: MIT */
#include "bench/library.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* LD_PRELOAD knows no quotes: a path with what it takes for a separator or a variable is named by a descriptor of ours instead. */
static int name_library(struct library *library, struct err *err)
{
	if (!strpbrk(library->path, " :$"))
		return 0;
	int fd = open(library->path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(err, ERR_IO, "cannot open '%s': %s", library->path, strerror(errno));
	library->fd = fd;
	snprintf(library->path, sizeof library->path, "/proc/%d/fd/%d", (int)getpid(), fd);
	return 0;
}

int library_find(const char *name, struct library *out_library, struct err *err)
{
	char self[PATH_MAX];
	out_library->fd = -1;
	ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
	if (length < 0)
		return err_set(err, ERR_UNMEASURED, "cannot tell where memhint itself is: /proc is not mounted");
	self[length] = '\0';
	char *slash = strrchr(self, '/');
	if (slash)
		*slash = '\0';
	const char *places[] = { "%s/%s", "%s/../lib/memhint/%s" };
	for (size_t i = 0; i < 2; i++) {
		int most = snprintf(out_library->path, PATH_MAX, places[i], self, name);
		if (most < PATH_MAX && access(out_library->path, R_OK) == 0)
			return name_library(out_library, err);
	}
#ifdef MEMHINT_LIBDIR
	snprintf(out_library->path, PATH_MAX, "%s/%s", MEMHINT_LIBDIR, name);
	if (access(out_library->path, R_OK) == 0)
		return name_library(out_library, err);
#endif
	return err_set(err, ERR_UNMEASURED, "'%s' is neither beside memhint nor in ../lib/memhint: build or install memhint again", name);
}

void library_release(struct library *library)
{
	if (library->fd >= 0)
		close(library->fd);
	library->fd = -1;
}
