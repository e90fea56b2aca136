/* SPDX-License-Identifier: MIT */
#include "cmd/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool progress_possible(void)
{
	const char *term = getenv("TERM");
	return isatty(STDERR_FILENO) && term && *term && strcmp(term, "dumb") != 0;
}

void progress_show(void *context, const char *doing, double done)
{
	struct progress *progress = context;
	if (!progress->on)
		return;
	char line[80];
	if (progress->total > 1)
		snprintf(line, sizeof line, "measuring %s (%zu of %zu): %.24s %.0f %%", progress->lesson, progress->at + 1, progress->total, doing, 100 * done);
	else
		snprintf(line, sizeof line, "measuring %s: %.24s %.0f %%", progress->lesson, doing, 100 * done);
	fprintf(stderr, "\r\033[K%.39s", line); /* short enough for the narrowest terminal */
	fflush(stderr);
	progress->shown = true;
}

void progress_clear(struct progress *progress)
{
	if (!progress->shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	progress->shown = false;
}
