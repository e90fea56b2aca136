/* SPDX-License-Identifier: MIT */
/*
 * memhint: what arrays cost. This file finds the command and turns what it returns into an exit status; everything else is in cmd/.
 *
 * Exit status: 0 done; 1 a wrong answer, a dead worker, a missed prediction or an unexpected verdict; 2 usage; 3 cannot be measured here;
 * 4 input, output or internal error; 128 + signal when interrupted (130 for Ctrl-C). exec's are its program's, see cmd/exec.c.
 */

#include "base/err.h"
#include "base/wire.h"
#include "cmd/cmd.h"
#include "cmd/inherited.h"
#include "cmd/interrupt.h"
#include "worker.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const struct command *const command_table[] = {
	&command_run, &command_inspect, &command_list, &command_compare, &command_show, &command_draw, &command_exec, &command_help, &command_doctor, NULL,
};

static int exit_status(enum err_code code)
{
	switch (code) {
	case ERR_OK:
		return 0;
	case ERR_FAILED:
		return 1;
	case ERR_USAGE:
		return 2;
	case ERR_UNMEASURED:
		return 3;
	case ERR_IO:
		return 4;
	case ERR_INTERRUPTED:
		return 128 + interrupt_signal();
	case ERR_STATUS:
		break; /* its caller knows */
	}
	return 4;
}

static int run_command(const struct command *command, int argc, char **argv)
{
	char name[64];
	struct err err = { ERR_OK, "", 0 };
	snprintf(name, sizeof name, "memhint %s", command->name);
	argv[0] = name;
	int code = command->run(argc, argv, &err);
	if (code != ERR_OK && err.text[0] && code != ERR_INTERRUPTED)
		fprintf(stderr, "%s: %s\n", name, err.text);
	return command_finish(name, code == ERR_STATUS ? err.status : exit_status((enum err_code)code));
}

/* Who starts us with these closed would else get messages into the file that -o opens in their place. Standard output stays closed: that is told. */
static void open_closed(int fd)
{
	if (fcntl(fd, F_GETFD) >= 0)
		return;
	int null = open("/dev/null", O_RDWR);
	if (null >= 0 && null != fd) {
		dup2(null, fd);
		close(null);
	}
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], WIRE_WORKER) == 0)
		return worker_main(argc, argv);
	inherited_note();
	open_closed(STDIN_FILENO);
	open_closed(STDERR_FILENO);
	interrupt_catch();
	/* Whole screens leave at once, and an error's reason is still known when they have. */
	setvbuf(stdout, NULL, _IOFBF, 1 << 17);
	if (argc < 2) {
		command_welcome();
		return command_finish("memhint", 0);
	}
	const struct command *command = command_find(argv[1]);
	if (command)
		return run_command(command, argc - 1, argv + 1);
	struct err err = { ERR_OK, "", 0 };
	int code = command_root(argc, argv, &err);
	if (code != ERR_OK)
		fprintf(stderr, "memhint: %s\n", err.text);
	return command_finish("memhint", exit_status((enum err_code)code));
}
