/* SPDX-License-Identifier: MIT */
#include "cmd/inherited.h"

#include <fcntl.h>
#include <stddef.h>

struct inherited inherited;

void inherited_note(void)
{
	sigemptyset(&inherited.ignored);
	for (int number = 1; number < NSIG; number++) {
		struct sigaction action;
		if (sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
			sigaddset(&inherited.ignored, number);
	}
	for (int fd = 0; fd < 3; fd++)
		inherited.closed[fd] = fcntl(fd, F_GETFD) < 0;
}
