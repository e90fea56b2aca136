/* SPDX-License-Identifier: MIT */
#ifndef BASE_OUTFILE_H
#define BASE_OUTFILE_H

/*
 * Output that arrives whole or not at all.
 *
 * A regular file (or one that does not exist yet) is written beside itself without a name (or, where that cannot be, a temporary one), synced and renamed over; an
 * existing file stays as it was until then and keeps its permission bits; a symbolic link is followed. A device, pipe or terminal is
 * written straight. "-" is standard output, and so is any other name of the same file ("/dev/stdout").
 * An existing file that its user may not write is refused, although a rename would replace it.
 */

#include "err.h"

#include <stdbool.h>
#include <stdio.h>

enum { OUTFILE_BUFFER = 1 << 17 };

struct outfile {
	FILE *stream; /* where to write */
	char *path;      /* the name that was asked for */
	char *target;    /* the file that it means, links followed */
	char *temporary; /* NULL when written straight */
	bool unnamed;    /* the temporary file has no name yet: should this process be killed, nothing of it stays */
	int why;         /* errno of the first error that outfile_flush() met */
};

/* ERR_IO: "cannot write '%s': %s". Checks before any work that the place can be written, so that nothing is measured in vain. */
int outfile_open(const char *path, struct outfile *out_file, struct err *err);
/*
 * Send what is written so far on its way. Returns 0 or ERR_IO as outfile_commit() would; the reason is kept for that. A caller that writes less than
 * OUTFILE_BUFFER bytes between two calls never loses the reason of an error.
 */
int outfile_flush(struct outfile *file, struct err *err);
/* Flush, check every error (a full disk shows only here), rename. On an error the temporary file is gone and the old file is as it was. Either way the struct is empty afterwards. */
int outfile_commit(struct outfile *file, struct err *err);
/* Give up: remove the temporary file. Safe after commit, and on a zeroed struct. */
void outfile_release(struct outfile *file);

#endif
