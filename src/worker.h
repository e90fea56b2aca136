/* SPDX-License-Identifier: MIT */
#ifndef WORKER_H
#define WORKER_H

#include "base/wire.h"
#include "lesson/facts.h"
#include "lesson/lesson.h"

/* The hidden child: argv as base/wire.h says. Returns its exit status. */
int worker_main(int argc, char **argv);

/* One counted run of a variant in this process, with a set-up and tear-down of its own. For the worker's heap pass, and for the test of predictions. */
void worker_heap_pass(const struct lesson *lesson, const struct lesson_variant *variant, const uint64_t *params, struct wire_reply *out_reply);

#endif
