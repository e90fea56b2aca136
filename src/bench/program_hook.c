/* SPDX-License-Identifier: MIT */
/* Commands of the user's between the runs: --prepare and --cleanup. Nothing of them is measured, and what they print is dropped but for a failing one's last words. */

#include "bench/program_wait.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int program_hook(struct program_session *session, const char *option, const char *command, struct err *err)
{
	static char sh[] = "sh", flag[] = "-c";
	char *copy = strdup(command);
	char *argv[] = { sh, flag, copy, NULL };
	const struct program_plan nothing = { 0 };
	const struct program_run_spec spec = { .keep_words = true };
	int stdio[3] = { -1, -1, -1 };
	char words[PROGRAM_WORDS] = "";
	struct program_watch watch = { .session = session, .words_fd = -1 };
	int status = copy ? program_stdio_open(&nothing, &spec, stdio, err) : err_set(err, ERR_IO, "out of memory");
	if (status != 0)
		goto out;
	struct program_spawn spawn = { .argv = argv, .envp = environ, .mask = &session->mask, .ignored = session->plan->ignored };
	memcpy(spawn.stdio, stdio, sizeof stdio);
	watch.words_fd = stdio[2];
	status = program_watch_run(&watch, &spawn, 0, err);
	if (status != 0)
		goto out;
	program_stdio_words(stdio[2], words);
	const char *colon = words[0] ? ": " : "";
	if (session->interrupted)
		status = err_set(err, ERR_INTERRUPTED, "%s", "interrupted");
	else if (WIFSIGNALED(watch.status))
		status = err_set(err, ERR_IO, "%s '%.80s' was killed by SIG%s%s%s", option, command, sigabbrev_np(WTERMSIG(watch.status)), colon, words);
	else if (WEXITSTATUS(watch.status) != 0)
		status = err_set(err, ERR_IO, "%s '%.80s' ended with status %d%s%s", option, command, WEXITSTATUS(watch.status), colon, words);
out:
	program_spawn_release(watch.spawned);
	program_stdio_close(stdio);
	free(copy);
	return status;
}
