/* SPDX-License-Identifier: MIT */
#ifndef MEMHINT_H
#define MEMHINT_H

/*
 * Regions: parts of a program that `memhint exec` gives a row of their own.
 *
 *	memhint_begin("windows");
 *	...
 *	memhint_end();
 *
 * Link with -lmemhint (pkg-config memhint). Without `memhint exec` both do nothing, at the price of a call; under it they are answered by its meter.
 *
 * Regions may be nested, at most 64 deep; a name that is used again adds to its row. A region belongs to the thread that began it: what other threads do
 * meanwhile is not in it. One that is never ended, and an end without a beginning, are reported.
 */

#ifdef __cplusplus
extern "C" {
#endif

/* name: UTF-8, shown up to 119 bytes; control characters are shown as '?'. It is copied. NULL is "". */
void memhint_begin(const char *name);
/* Ends the region that this thread began last. */
void memhint_end(void);

#ifdef __cplusplus
}
#endif

#endif
