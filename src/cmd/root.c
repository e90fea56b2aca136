/* SPDX-License-Identifier: MIT */
/* `memhint` without a command: the welcome, --help, --version, and the nearest name for a word that is none. */

#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "lesson/lesson.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

const struct command *command_find(const char *name)
{
	for (size_t i = 0; command_table[i]; i++)
		if (strcmp(command_table[i]->name, name) == 0)
			return command_table[i];
	return NULL;
}

void command_welcome(void)
{
	fputs("memhint shows what arrays cost: bytes allocated, peak heap, peak RSS and time,\n"
	      "each way of doing a job side by side, and whether the usual advice holds here.\n"
	      "\n"
	      "  memhint list            the lessons\n"
	      "  memhint run pattern3    one of them, measured on this machine\n"
	      "  memhint --help          everything else\n",
	      stdout);
}

void command_overview(void)
{
	fputs("Usage: memhint COMMAND [OPTION...]\n"
	      "What arrays cost: each way of doing a job measured side by side.\n",
	      stdout);
	static const char *const groups[] = { "Start here", "Look closer", "Practise", "Teach", "This machine" };
	for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++) {
		bool headed = false;
		for (size_t i = 0; command_table[i]; i++) {
			const struct command *command = command_table[i];
			if (strcmp(command->group, groups[g]) != 0)
				continue;
			if (!headed)
				printf("\n%s\n", groups[g]);
			headed = true;
			char call[48];
			snprintf(call, sizeof call, "%s %s", command->name, command->usage);
			printf("  %-24s %s\n", call, command->summary);
		}
	}
	fputs("\n"
	      "  -?, --help               give this help\n"
	      "  -V, --version            print the version\n"
	      "\n"
	      "'memhint COMMAND --help' tells a command's options, 'man memhint-COMMAND' all\n"
	      "about it. Exit status: 0 done, 1 something measured is not as it should be,\n"
	      "2 usage, 3 cannot be measured here, 4 input or output failed, 130 interrupted.\n",
	      stdout);
}

int command_finish(const char *name, int status)
{
	bool failed = fflush(stdout) != 0 || ferror(stdout);
	int reason = errno;
	if (fclose(stdout) != 0 && !failed && errno != EBADF) {
		failed = true;
		reason = errno;
	}
	if (failed && status != 4) {
		fprintf(stderr, "%s: cannot write standard output: %s\n", name, strerror(reason));
		return 4;
	}
	return status;
}

int command_root(int argc, char **argv, struct err *err)
{
	const char *word = argv[1];
	if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
		puts("memhint " MEMHINT_VERSION);
		return 0;
	}
	if (strcmp(word, "--help") == 0 || strcmp(word, "-?") == 0 || strcmp(word, "-h") == 0) {
		command_overview();
		return 0;
	}
	(void)argc;
	if (word[0] == '-')
		return err_set(err, ERR_USAGE, "unknown option '%s' (see 'memhint --help')", word);
	if (lesson_find(word))
		return err_set(err, ERR_USAGE, "no command '%s', but a lesson: memhint run %s", word, word);
	const char *names[32];
	size_t count = 0;
	for (; count < 32 && command_table[count]; count++)
		names[count] = command_table[count]->name;
	const char *near = text_nearest(word, names, count);
	if (near)
		return err_set(err, ERR_USAGE, "no command '%s': did you mean '%s'?", word, near);
	return err_set(err, ERR_USAGE, "no command '%s' (see 'memhint --help')", word);
}
