/* SPDX-License-Identifier: MIT */
/*
 * In a Python, the line that is running: CPython can write its own stack to a file without allocating, which is what faulthandler does in a crash. The innermost
 * line outside the libraries is named, as that is the one that its reader wrote. Elsewhere, the innermost frame that is neither ours nor
 * the C or C++ library's.
 */
#include "preload/caller.h"

#include "preload/attach.h"
#include "preload/symbol.h"
#include "preload/text.h"

#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <unwind.h>

enum { DUMP = 4096, MOST_FRAMES = 64 };

/* ---- Python ---- */

/* This thread's interpreter state, while it holds the interpreter; else its frames are not to be looked at. */
static void *python_state(void)
{
	static void *(*current)(void);
	static void *(*mine)(void);
	if (!current || !mine) {
		*(void **)&current = symbol_find("PyThreadState_GetUnchecked");
		if (!current)
			*(void **)&current = symbol_find("_PyThreadState_UncheckedGet");
		*(void **)&mine = symbol_find("PyGILState_GetThisThreadState");
		if (!current || !mine)
			return NULL;
	}
	void *state = current();
	return state && mine() == state ? state : NULL;
}

static bool is_library(const char *file)
{
	return strstr(file, "/site-packages/") || strstr(file, "/dist-packages/") || strstr(file, "/lib/python3");
}

/* `  File "dir/x.py", line 12 in f` to "x.py:12 in f". Cuts the line up. */
static bool python_line(char *line, bool want_library, char *out_where)
{
	static const char before[] = "  File \"", middle[] = "\", line ";
	if (strncmp(line, before, sizeof before - 1) != 0)
		return false;
	char *file = line + sizeof before - 1, *end = strstr(file, middle);
	if (!end)
		return false;
	if (*file == '<' || (!want_library && is_library(file))) /* "<frozen importlib._bootstrap>" */
		return false;
	char *slash = file;
	for (char *c = file; c < end; c++)
		if (*c == '/')
			slash = c + 1;
	snprintf(out_where, LEDGER_WHERE, "%.*s:%s", (int)(end - slash), slash, end + sizeof middle - 1);
	return true;
}

static bool python_caller(char *out_where)
{
	if (!(GET(own.process->flags) & LEDGER_PYTHON))
		return false;
	static void (*dump)(int fd, void *state);
	if (!dump)
		*(void **)&dump = symbol_find("_Py_DumpTraceback");
	void *state = dump ? python_state() : NULL;
	if (!state)
		return false;
	int fd = (int)syscall(SYS_memfd_create, "traceback", MFD_CLOEXEC);
	if (fd < 0)
		return false;
	char text[DUMP + 1];
	dump(fd, state);
	ssize_t length = (ssize_t)syscall(SYS_pread64, fd, text, (size_t)DUMP, (off_t)0);
	syscall(SYS_close, fd);
	if (length <= 0)
		return false;
	text[length] = '\0';
	for (int want_library = 0; want_library <= 1; want_library++) {
		for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
			*end = '\0';
			bool is_found = python_line(line, want_library, out_where);
			*end = '\n';
			if (is_found) {
				char *newline = strchr(out_where, '\n');
				if (newline)
					*newline = '\0';
				return true;
			}
		}
	}
	return false;
}

/* ---- the stack of C ---- */

struct walk {
	struct caller *caller;
	const void *ours;
	int frames;
};

static bool is_allocating_library(const char *path)
{
	static const char *const names[] = { "libc.so", "libstdc++.so", "libc++.so", "libc++abi.so", "ld-linux", "ld.so" };
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strncmp(name, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static _Unwind_Reason_Code visit(struct _Unwind_Context *context, void *arg)
{
	struct walk *walk = arg;
	int is_before = 0;
	uintptr_t pc = _Unwind_GetIPInfo(context, &is_before);
	if (pc == 0 || ++walk->frames > MOST_FRAMES)
		return _URC_END_OF_STACK;
	pc -= !is_before; /* the call, not what follows it */
	Dl_info info;
	struct link_map *map = NULL;
	if (!dladdr1((void *)pc, &info, (void **)&map, RTLD_DL_LINKMAP) || !info.dli_fname) // NOLINT
		return _URC_NO_REASON;
	if (info.dli_fbase == walk->ours || is_allocating_library(info.dli_fname))
		return _URC_NO_REASON;
	snprintf(walk->caller->where, sizeof walk->caller->where, "%s", info.dli_sname ? info.dli_sname : "");
	text_keep_end(walk->caller->object, sizeof walk->caller->object, info.dli_fname);
	walk->caller->offset = pc - (map ? map->l_addr : (uintptr_t)info.dli_fbase);
	return _URC_END_OF_STACK;
}

void caller_find(struct caller *out_caller)
{
	memset(out_caller, 0, sizeof *out_caller);
	if (python_caller(out_caller->where))
		return;
	Dl_info self;
	struct walk walk = { .caller = out_caller, .ours = dladdr((void *)&own, &self) ? self.dli_fbase : NULL };
	_Unwind_Backtrace(visit, &walk);
}
