/* SPDX-License-Identifier: MIT */
/*
 * CPython reports what it is about to do to audit hooks, which may be added before it is initialised; the events "cpython.run_file" and its like come
 * after the start-up and before the script is read.
 *
 * A hook is not free: as long as there is one, every event's arguments are built, and "marshal.loads" copies each compiled module that is imported, for us. So the copies that
 * go through malloc are taken out of the counts again, and the hook goes away when it has seen the script: it is the only pointer in the interpreter's state to the
 * entry that was allocated for it. Where that pointer is not found the hook stays, and does nothing.
 */
#include "preload/python.h"

#include "preload/attach.h"
#include "preload/heap.h"
#include "preload/symbol.h"

#include <string.h>

typedef int audit_hook(const char *event, void *arguments, void *data);

/* As CPython allocates them; the raw domain is the one that hooks are allocated from. */
struct allocator {
	void *context;
	void *(*malloc)(void *context, size_t size);
	void *(*calloc)(void *context, size_t count, size_t size);
	void *(*realloc)(void *context, void *old, size_t size);
	void (*free)(void *context, void *block);
};
enum { DOMAIN_RAW = 0 };

struct entry {
	struct entry *next;
	audit_hook *call;
	void *data;
};

static struct entry *entry; /* ours */
static struct allocator raw;
static void *(*tuple_item)(void *tuple, ptrdiff_t index);
static ptrdiff_t (*bytes_size)(void *bytes);

/* ---- the hook ---- */

static audit_hook hook;

/* The interpreter walks the list with us on it: our entry stays readable, and is never freed. */
static void unhook(void)
{
	size_t size = 0, found = 0;
	struct entry **words = symbol_find_data("_PyRuntime", &size), **head = NULL;
	if (!words || !entry || entry->call != hook)
		return;
	for (size_t i = 0; i < size / sizeof *words; i++)
		if (words[i] == entry) {
			head = &words[i];
			found++;
		}
	if (found == 1)
		*head = entry->next;
}

/* A bytes object is its head, what it holds, and a NUL. */
static void forget_copy(void *arguments)
{
	enum { HEAD = 4 * sizeof(void *) };
	void *bytes = tuple_item && bytes_size ? tuple_item(arguments, 0) : NULL;
	if (bytes && bytes == me.last)
		heap_forget(bytes, HEAD + (size_t)bytes_size(bytes) + 1);
}

static int hook(const char *event, void *arguments, void *data)
{
	(void)data;
	static const char *const begins[] = { "file", "command", "module", "stdin" };
	static const char prefix[] = "cpython.run_";
	if (GET(own.process->marked) || own.forked)
		return 0;
	if (strcmp(event, "marshal.loads") == 0)
		forget_copy(arguments);
	if (strncmp(event, prefix, sizeof prefix - 1) != 0)
		return 0;
	for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++)
		if (strcmp(event + sizeof prefix - 1, begins[i]) == 0 && attached_self()) {
			unhook();
			process_mark(1);
		}
	return 0;
}

/* ---- adding it ---- */

static void *watched_malloc(void *context, size_t size)
{
	void *block = raw.malloc(context, size);
	if (size == sizeof *entry)
		entry = block;
	return block;
}

void python_start(void)
{
	int (*add)(audit_hook *, void *);
	void (*get)(int, struct allocator *), (*set)(int, struct allocator *);
	*(void **)&add = symbol_find("PySys_AddAuditHook");
	*(void **)&get = symbol_find("PyMem_GetAllocator");
	*(void **)&set = symbol_find("PyMem_SetAllocator");
	if (!add || !get || !set)
		return;
	*(void **)&tuple_item = symbol_find("PyTuple_GetItem");
	*(void **)&bytes_size = symbol_find("PyBytes_Size");
	__atomic_fetch_or(&own.process->flags, LEDGER_PYTHON, __ATOMIC_RELAXED);
	uint64_t epoch = me.epoch;
	me.epoch = EPOCH_MUTED;
	get(DOMAIN_RAW, &raw);
	struct allocator watched = raw;
	watched.malloc = watched_malloc;
	set(DOMAIN_RAW, &watched);
	add(hook, NULL);
	set(DOMAIN_RAW, &raw);
	me.epoch = epoch;
}
