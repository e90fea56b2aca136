/* SPDX-License-Identifier: MIT */
#ifndef BASE_ERR_H
#define BASE_ERR_H

/*
 * How a function below cmd/ says that something went wrong: it returns a negative enum err_code and fills a struct err.
 * Only main.c turns a code into an exit status, and only main.c prints the text.
 */

enum err_code {
	ERR_OK = 0,
	ERR_USAGE = -1,       /* status 2: the words on the command line */
	ERR_UNMEASURED = -2,  /* status 3: cannot be measured here */
	ERR_IO = -3,          /* status 4: input, output or an internal error */
	ERR_INTERRUPTED = -4, /* status 130 */
	ERR_FAILED = -5,      /* status 1: what was measured, or checked, failed; nothing is left to say */
	ERR_STATUS = -6       /* err.status: a program's own, or what stands for it */
};

struct err {
	enum err_code code;
	char text[400]; /* one line, lower case, no full stop */
	int status;     /* with ERR_STATUS */
};

/* Fill err (which may be NULL) and return code. */
int err_set(struct err *err, enum err_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
