/* SPDX-License-Identifier: MIT */
#include "cmd/interrupt.h"

#include "bench/child.h"

#include <signal.h>
#include <stddef.h>

static void note(int signal_number)
{
	child_interrupted = signal_number;
}

void interrupt_catch(void)
{
	struct sigaction action = { .sa_handler = note };
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN); /* writing where nobody reads, or beyond a limit, is an error of write and not the end */
	signal(SIGXFSZ, SIG_IGN);
}

int interrupt_signal(void)
{
	return child_interrupted;
}

void interrupt_forget(void)
{
	child_interrupted = 0;
}
