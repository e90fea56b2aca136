/* SPDX-License-Identifier: MIT */
#ifndef CMD_PROMPT_H
#define CMD_PROMPT_H

/*
 * Lines typed at a terminal, with editing and a history where libedit is installed. It is loaded only here, so that no other call of memhint pays for it;
 * without it the terminal's own line editing has to do.
 */

#include <stdbool.h>

enum prompt_answer { PROMPT_LINE, PROMPT_END, PROMPT_INTERRUPTED };

/* Loads the library and the history. One line on standard error if there is no library. */
void prompt_open(void);
/* out_line: without its newline; the caller frees it. PROMPT_INTERRUPTED: a signal came, see interrupt_signal(). */
enum prompt_answer prompt_read(const char *prompt, char **out_line);
/* Into the history: what was typed as one entry, line by line. */
void prompt_remember(const char *line);
/* Writes the history. That it cannot be written is no error. */
void prompt_close(void);

#endif
