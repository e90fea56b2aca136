/* SPDX-License-Identifier: MIT */
/*
 * Write beside, sync, rename: whoever reads the file sees the old one or the new one, never a part.
 *
 * The temporary file is made at once, in the target's own folder: a rename cannot cross file systems, and a folder that is missing or may not be
 * written is found before any work is done. Its name is random and O_EXCL refuses one that exists, so nobody can have laid a link there.
 */

#include "base/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static int cannot(const char *path, int why, struct err *err)
{
	if (strcmp(path, "-") == 0)
		return err_set(err, ERR_IO, "cannot write standard output: %s", strerror(why));
	return err_set(err, ERR_IO, "cannot write '%s': %s", path, strerror(why));
}

/* `name` seen from the folder of `path`. NULL: no memory. */
static char *beside(const char *path, const char *name)
{
	const char *slash = name[0] == '/' ? NULL : strrchr(path, '/');
	int folder = slash != NULL ? (int)(slash + 1 - path) : 0;
	char *joined = NULL;
	return asprintf(&joined, "%.*s%s", folder, path, name) < 0 ? NULL : joined;
}

/* The file that a path means, although it may not exist yet: links at its end are followed by hand, since realpath() gives up on those. */
static char *follow(const char *path)
{
	char *target = strdup(path);
	for (int links = 0; target != NULL; links++) {
		char name[PATH_MAX];
		ssize_t length = readlink(target, name, sizeof name - 1);
		if (length < 0)
			return target;
		name[length] = '\0';
		char *next = links < 40 ? beside(target, name) : NULL;
		if (links >= 40)
			errno = ELOOP;
		free(target);
		target = next;
	}
	return NULL;
}

static bool is_standard_output(const struct stat *file)
{
	struct stat out;
	return fstat(STDOUT_FILENO, &out) == 0 && out.st_dev == file->st_dev && out.st_ino == file->st_ino;
}

/* In a folder such as /tmp only the owner may rename over a file, whoever may write it. */
static bool is_sticky_for(const char *target, const struct stat *old)
{
	struct stat folder;
	char *path = beside(target, ".");
	bool known = path != NULL && stat(path, &folder) == 0;
	free(path);
	uid_t me = geteuid();
	return known && (folder.st_mode & S_ISVTX) != 0 && me != 0 && me != old->st_uid && me != folder.st_uid;
}

/* A file without a name in the target's folder, where the file system has such; commit gives it one. -1: not here. */
static int open_unnamed(const char *target, mode_t mode)
{
	char *folder = beside(target, ".");
	int fd = folder != NULL && access("/proc/self/fd", X_OK) == 0 ? open(folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, mode) : -1;
	free(folder);
	return fd;
}

static int give_name(const struct outfile *file)
{
	char path[48];
	snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(file->stream));
	return linkat(AT_FDCWD, path, AT_FDCWD, file->temporary, AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
}

/* A new file beside target. A new target gets the bits that the umask leaves; an old one's are kept, and its owner where that is allowed. */
static int open_temporary(struct outfile *file, const struct stat *old)
{
	for (int tries = 0; tries < 100; tries++) {
		uint64_t random;
		if (getrandom(&random, sizeof random, 0) != sizeof random)
			return -1;
		char name[48];
		snprintf(name, sizeof name, ".memhint-%016llx", (unsigned long long)random);
		char *temporary = beside(file->target, name);
		if (temporary == NULL)
			return -1;
		int fd = open_unnamed(file->target, old != NULL ? 0600 : 0666);
		file->unnamed = fd >= 0;
		if (fd < 0)
			fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, old != NULL ? 0600 : 0666);
		if (fd < 0) {
			int why = errno;
			free(temporary);
			errno = why;
			if (why == EEXIST)
				continue;
			return -1;
		}
		file->temporary = temporary;
		if (old != NULL) {
			struct stat new;
			bool foreign = fstat(fd, &new) == 0 && (new.st_uid != old->st_uid || new.st_gid != old->st_gid);
			if (foreign && fchown(fd, old->st_uid, old->st_gid) != 0)
				errno = 0; /* not ours to give away: the file becomes the writer's */
			if (fchmod(fd, old->st_mode & 0777) != 0) {
				int why = errno;
				close(fd);
				errno = why;
				return -1;
			}
		}
		return fd;
	}
	errno = EEXIST;
	return -1;
}

/* The descriptor to write to, or -1 with errno. */
static int open_target(struct outfile *file)
{
	struct stat old;
	size_t length = strlen(file->path);
	if (stat(file->path, &old) == 0) {
		if (S_ISDIR(old.st_mode)) {
			errno = EISDIR;
			return -1;
		}
		if (is_standard_output(&old)) /* "/dev/stdout": what is there already must stay, and come first */
			return fflush(stdout) != 0 ? -1 : fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
		if (!S_ISREG(old.st_mode))
			return open(file->path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
		file->target = realpath(file->path, NULL);
		/* A rename needs no right to the file itself, but whoever took it away meant it. */
		if (file->target == NULL || faccessat(AT_FDCWD, file->target, W_OK, AT_EACCESS) != 0)
			return -1;
		if (is_sticky_for(file->target, &old)) {
			errno = EPERM;
			return -1;
		}
		return open_temporary(file, &old);
	}
	if (errno != ENOENT || length == 0)
		return -1;
	file->target = follow(file->path);
	if (file->target == NULL)
		return -1;
	length = strlen(file->target);
	if (length == 0 || file->target[length - 1] == '/') {
		errno = length == 0 ? ENOENT : EISDIR;
		return -1;
	}
	return open_temporary(file, NULL);
}

int outfile_open(const char *path, struct outfile *out_file, struct err *err)
{
	*out_file = (struct outfile){ 0 };
	out_file->path = strdup(path);
	if (out_file->path == NULL)
		return cannot(path, ENOMEM, err);
	if (strcmp(path, "-") == 0) {
		out_file->stream = stdout;
		return ERR_OK;
	}
	int fd = open_target(out_file);
	int why = errno;
	if (fd >= 0) {
		out_file->stream = fdopen(fd, "w");
		if (out_file->stream != NULL) {
			setvbuf(out_file->stream, NULL, _IOFBF, OUTFILE_BUFFER);
			return ERR_OK;
		}
		why = errno;
		close(fd);
	}
	outfile_release(out_file);
	return cannot(path, why, err);
}

/* So that the new name survives a power cut; a file system that cannot do it has done what it can. */
static void sync_folder(const char *path)
{
	char *folder = beside(path, ".");
	int fd = folder != NULL ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(folder);
}

int outfile_flush(struct outfile *file, struct err *err)
{
	if (file->why == 0 && fflush(file->stream) != 0)
		file->why = errno;
	else if (file->why == 0 && ferror(file->stream) != 0)
		file->why = EIO; /* it failed between two calls, and left no reason */
	return file->why == 0 ? ERR_OK : cannot(file->path, file->why, err);
}

int outfile_commit(struct outfile *file, struct err *err)
{
	if (file->stream == NULL)
		return err_set(err, ERR_IO, "cannot write '%s': it is not open", file->path != NULL ? file->path : "");
	outfile_flush(file, NULL);
	int why = file->why;
	if (why == 0 && file->temporary != NULL && fsync(fileno(file->stream)) != 0 && errno != EINVAL && errno != ENOSYS)
		why = errno;
	if (why == 0 && file->temporary != NULL && file->unnamed)
		why = give_name(file);
	if (file->stream != stdout && fclose(file->stream) != 0 && why == 0)
		why = errno;
	file->stream = NULL;
	if (why == 0 && file->temporary != NULL) {
		if (rename(file->temporary, file->target) == 0) {
			sync_folder(file->target);
			free(file->temporary);
			file->temporary = NULL;
		} else {
			why = errno;
		}
	}
	int status = why == 0 ? ERR_OK : cannot(file->path, why, err);
	outfile_release(file);
	return status;
}

void outfile_release(struct outfile *file)
{
	if (file->stream != NULL && file->stream != stdout)
		fclose(file->stream);
	if (file->temporary != NULL)
		unlink(file->temporary);
	free(file->temporary);
	free(file->target);
	free(file->path);
	*file = (struct outfile){ 0 };
}
