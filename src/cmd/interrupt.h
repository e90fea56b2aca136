/* SPDX-License-Identifier: MIT */
#ifndef CMD_INTERRUPT_H
#define CMD_INTERRUPT_H

/* From now on SIGINT, SIGTERM and SIGHUP end a measurement in good order: its workers are killed and the command returns ERR_INTERRUPTED. A broken pipe is an error of write. */
void interrupt_catch(void);
/* The signal that came, or 0. */
int interrupt_signal(void);
/* It is dealt with: at a prompt Ctrl-C drops a line and ends nothing. */
void interrupt_forget(void);

#endif
