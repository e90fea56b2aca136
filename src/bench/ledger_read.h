/* SPDX-License-Identifier: MIT */
#ifndef BENCH_LEDGER_READ_H
#define BENCH_LEDGER_READ_H

/*
 * A ledger as it was left (base/ledger.h), added up. The measured program could write anywhere in it, so nothing in it is believed that could lead out of its tables.
 */

#include "base/ledger.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* One image of one process: what was its own and all of its threads'. */
struct ledger_image {
	const struct ledger_process *entry;
	size_t index;                /* of entry */
	struct ledger_counts counts; /* of all threads */
	int64_t live;                /* at its end */
	int64_t peak;                /* since its mark, if it has one */
	int64_t peak_error;          /* either way */
	ptrdiff_t parent;            /* its place among the images; -1: not reached */
	ptrdiff_t next;              /* the image that it became by an exec; -1 */
	bool has_startup;            /* a Python that was started (not forked), and whose script has begun: entry->mark is its start-up */
	int64_t startup_live;        /* bytes of a start-up, its own or one that it inherited, that are in peak and live */
};

struct ledger_images {
	struct ledger_image *images; /* in the order of their beginning; owned */
	size_t count;
};

/* Returns 0, or -1 when there is no memory. */
int ledger_read(const struct ledger *ledger, struct ledger_images *out_images);
void ledger_images_release(struct ledger_images *images);

/* to += from, and to -= from. */
void ledger_counts_add(struct ledger_counts *to, const struct ledger_counts *from);
void ledger_counts_subtract(struct ledger_counts *to, const struct ledger_counts *from);

/* The image that an exec (or spawn) brought forth; NULL: it was never reached. */
const struct ledger_image *ledger_image_of(const struct ledger *ledger, const struct ledger_images *images, size_t exec);

/* How many entries of a table there are, for claimed > room too. */
size_t ledger_claimed(uint32_t claimed, size_t room);

#endif
