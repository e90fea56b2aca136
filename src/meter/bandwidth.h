/* SPDX-License-Identifier: MIT */
#ifndef METER_BANDWIDTH_H
#define METER_BANDWIDTH_H

/*
 * The floor: how long the plainest code takes to read and write so many bytes on this machine. Both buffers are touched before, so no page
 * faults are in it.
 */

#include <stdint.h>

/*
 * The least of `tries` runs, in ns, of a loop that reads `reads` bytes and writes `writes` bytes in turns, each buffer walked once from its start.
 * Returns 0, or -1 when the buffers cannot be had.
 */
int meter_floor(uint64_t reads, uint64_t writes, int tries, double *out_ns);

#endif
