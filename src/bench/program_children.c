/* SPDX-License-Identifier: MIT */
/*
 * Who is still there of what a program started. As orphans become our children, there are descendants as long as there are children; and who has children from before (a shell
 * that made itself into memhint by exec) keeps them.
 */

#include "bench/program_parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The state ('R', 'Z', ...) and the parent of a process; '\0' when there is none. Its name stands in parentheses and may hold any. */
static char look_up(pid_t pid, pid_t *out_parent)
{
	char path[48], stat[512], state = '\0';
	int parent = 0;
	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd >= 0 ? read(fd, stat, sizeof stat - 1) : -1;
	if (fd >= 0)
		close(fd);
	if (length <= 0)
		return '\0';
	stat[length] = '\0';
	const char *behind = strrchr(stat, ')');
	if (!behind || sscanf(behind, ") %c %d", &state, &parent) != 2)
		return '\0';
	*out_parent = parent;
	return state;
}

bool program_is_alive(pid_t pid)
{
	pid_t parent;
	char state = look_up(pid, &parent);
	return state != '\0' && state != 'Z' && state != 'X';
}

/* Any at all? Cheap, and mostly the answer is no. */
static bool any_child(void)
{
	siginfo_t info;
	return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

int program_list_children(pid_t **out_pids, size_t *out_count, struct err *err)
{
	*out_pids = NULL;
	*out_count = 0;
	if (!any_child())
		return 0;
	DIR *proc = opendir("/proc");
	if (!proc)
		return err_set(err, ERR_IO, "cannot open '/proc': %s", strerror(errno));
	size_t room = 0;
	int status = 0;
	for (const struct dirent *entry; status == 0 && (entry = readdir(proc));) {
		pid_t pid = (pid_t)atoi(entry->d_name), parent;
		if (pid <= 0 || look_up(pid, &parent) == '\0' || parent != getpid())
			continue;
		if (*out_count == room) {
			room = room ? 2 * room : 16;
			pid_t *more = realloc(*out_pids, room * sizeof *more);
			if (!more) {
				status = err_set(err, ERR_IO, "out of memory");
				break;
			}
			*out_pids = more;
		}
		(*out_pids)[(*out_count)++] = pid;
	}
	closedir(proc);
	return status;
}

static bool was_before(const struct program_session *session, pid_t pid)
{
	for (size_t i = 0; i < session->nbefore; i++)
		if (session->before[i] == pid)
			return true;
	return false;
}

/* Children that there were not before, with `end` ended. */
static size_t count_children(const struct program_session *session, bool end)
{
	pid_t *pids;
	size_t count, found = 0;
	struct err err;
	if (program_list_children(&pids, &count, &err) != 0) {
		free(pids);
		return 0;
	}
	for (size_t i = 0; i < count; i++) {
		if (was_before(session, pids[i]))
			continue;
		found++;
		if (end)
			kill(pids[i], SIGKILL);
	}
	free(pids);
	return found;
}

bool program_has_children(const struct program_session *session)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return any_child() && (session->nbefore == 0 || count_children(session, false) > 0);
}

/* Each one that ends leaves its children to us, so this goes on until there are none; what cannot die (it waits for a disk) is given up. */
void program_end_rest(const struct program_session *session)
{
	for (int tries = 0; tries < 1000 && program_has_children(session); tries++) {
		count_children(session, true);
		const struct timespec millisecond = { 0, 1000000 };
		nanosleep(&millisecond, NULL);
	}
}
