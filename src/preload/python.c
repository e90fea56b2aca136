/* SPDX-License-Identifier: MIT */
/*
 * CPython reports what it is about to do to audit hooks, which may be added before it is initialised; the events "cpython.run_file" and its like come
 * after the start-up and before the script is read. What the hook itself allocates is not counted.
 */
#include "preload/python.h"

#include "preload/attach.h"
#include "preload/symbol.h"

#include <string.h>

typedef int audit_hook(const char *event, void *arguments, void *data);

static int hook(const char *event, void *arguments, void *data)
{
	(void)arguments, (void)data;
	static const char *const begins[] = { "file", "command", "module", "stdin" };
	static const char prefix[] = "cpython.run_";
	if (GET(own.process->marked) || strncmp(event, prefix, sizeof prefix - 1) != 0)
		return 0;
	for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++)
		if (strcmp(event + sizeof prefix - 1, begins[i]) == 0 && !own.forked && attached_self())
			process_mark(1);
	return 0;
}

void python_start(void)
{
	int (*add)(audit_hook *, void *);
	*(void **)&add = symbol_find("PySys_AddAuditHook");
	if (!add)
		return;
	__atomic_fetch_or(&own.process->flags, LEDGER_PYTHON, __ATOMIC_RELAXED);
	uint64_t epoch = me.epoch;
	me.epoch = EPOCH_MUTED;
	add(hook, NULL);
	me.epoch = epoch;
}
