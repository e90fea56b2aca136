/* SPDX-License-Identifier: MIT */
#ifndef METER_SIZES_H
#define METER_SIZES_H

/*
 * A table from an address to the bytes that were asked for there. Its memory comes from mmap, never from malloc, as malloc is
 * what calls it. Open addressing with linear probing; a removal closes the gap, so there are no tombstones.
 */

#include <stdbool.h>
#include <stddef.h>

/* False: the table is full and could not grow; the entry is lost. */
bool meter_sizes_put(const void *address, size_t size);
/* Takes the entry out. False: there is none. */
bool meter_sizes_take(const void *address, size_t *out_size);
/* Empty the table and give its memory back. */
void meter_sizes_clear(void);

#endif
