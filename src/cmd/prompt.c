/* SPDX-License-Identifier: MIT */
/*
 * libedit's readline interface, found at run time: five functions whose types have not changed in twenty years (editline/readline.h).
 *
 * The history is $XDG_STATE_HOME/memhint/inspect_history, ~/.local/state where that is not set, for its owner's eyes only. A signal makes read(2) fail
 * and with it readline(), which says that as it says the end of input: which it was tells interrupt_signal().
 */

#include "cmd/prompt.h"

#include "base/text.h"
#include "cmd/interrupt.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { HISTORY_MOST = 1000 };

static struct {
	char *(*readline)(const char *prompt);
	int (*add_history)(const char *line);
	int (*read_history)(const char *path);
	int (*write_history)(const char *path);
	void (*stifle_history)(int most);
} edit;

static void *library;

/* dlsym gives a pointer to an object; POSIX lets it be stored as one to a function. */
static bool find(const char *name, void *out_function)
{
	void *found = dlsym(library, name);
	memcpy(out_function, &found, sizeof found);
	return found != NULL;
}

static void load(void)
{
	static const char *const names[] = { "libedit.so.2", "libedit.so.0", "libedit.so" };
	for (size_t i = 0; !library && i < sizeof names / sizeof names[0]; i++)
		library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
	if (library && find("readline", &edit.readline) && find("add_history", &edit.add_history) && find("read_history", &edit.read_history) &&
	    find("write_history", &edit.write_history) && find("stifle_history", &edit.stifle_history))
		return;
	edit.readline = NULL;
	fputs("memhint inspect: libedit is not installed, so lines cannot be edited and there is no history\n", stderr);
}

/* Folders are made for writing only. */
static bool history_path(struct text *out, bool make)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	if (state && *state == '/')
		text_add(out, state);
	else if (home && *home == '/')
		text_addf(out, "%s/.local/state", home);
	else
		return false;
	text_add(out, "/memhint");
	/* Each folder of the path in turn: those that are there stay as they are. */
	for (char *slash = make && !out->failed ? strchr(out->data + 1, '/') : NULL; slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(out->data, 0700);
		*slash = '/';
	}
	if (make && !out->failed)
		mkdir(out->data, 0700);
	text_add(out, "/inspect_history");
	return !out->failed;
}

void prompt_open(void)
{
	struct text path = { 0 };
	load();
	if (edit.readline && history_path(&path, false)) {
		edit.stifle_history(HISTORY_MOST);
		edit.read_history(text_string(&path));
	}
	text_release(&path);
}

/* As the terminal gives it. */
static enum prompt_answer read_plain(const char *prompt, char **out_line)
{
	size_t room = 0;
	fputs(prompt, stdout);
	fflush(stdout);
	errno = 0;
	ssize_t length = getline(out_line, &room, stdin);
	if (length < 0) {
		free(*out_line);
		*out_line = NULL;
		clearerr(stdin);
		return interrupt_signal() ? PROMPT_INTERRUPTED : PROMPT_END;
	}
	if (length > 0 && (*out_line)[length - 1] == '\n')
		(*out_line)[length - 1] = '\0';
	return PROMPT_LINE;
}

enum prompt_answer prompt_read(const char *prompt, char **out_line)
{
	*out_line = NULL;
	if (!edit.readline)
		return read_plain(prompt, out_line);
	fflush(stdout);
	*out_line = edit.readline(prompt);
	if (interrupt_signal()) {
		free(*out_line);
		*out_line = NULL;
		return PROMPT_INTERRUPTED;
	}
	return *out_line ? PROMPT_LINE : PROMPT_END;
}

void prompt_remember(const char *line)
{
	static char *before; /* the same again is not remembered again */
	if (!edit.readline || line[strspn(line, " \t")] == '\0' || (before && strcmp(before, line) == 0))
		return;
	free(before);
	before = strdup(line);
	edit.add_history(line);
}

void prompt_close(void)
{
	struct text path = { 0 };
	if (edit.readline && history_path(&path, true)) {
		mode_t mask = umask(077);
		if (edit.write_history(text_string(&path)) == 0)
			chmod(text_string(&path), 0600);
		umask(mask);
	}
	text_release(&path);
}
