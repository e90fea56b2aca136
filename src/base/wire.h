/* SPDX-License-Identifier: MIT */
#ifndef BASE_WIRE_H
#define BASE_WIRE_H

/*
 * What the bench and its workers say to each other: fixed structs over a SOCK_SEQPACKET pair, between two processes of the same
 * program. The worker says hello once it is set up, then answers each request with one reply.
 *
 * A worker is started as:  memhint --worker FD LESSON VARIANT HUGEPAGES VALUE...
 * with one VALUE for each of the lesson's parameters, HUGEPAGES 1 or 0, and the socket at FD.
 */

#include "result.h"

#include <stdint.h>

#define WIRE_WORKER "--worker"

enum wire_op {
	WIRE_HEAP,      /* one run, counted */
	WIRE_RESIDENT,  /* one run between two readings of the resident set */
	WIRE_CALIBRATE, /* how many runs make a sample of target_ns */
	WIRE_SAMPLE,    /* `repeats` runs, timed, not counted */
	WIRE_FLOOR,     /* reads and writes at this machine's speed */
	WIRE_MACHINE    /* what only the meter knows of the machine */
};

struct wire_request {
	enum wire_op op;
	uint64_t repeats;
	double target_ns;
	uint64_t reads, writes; /* WIRE_FLOOR, in bytes */
};

struct wire_reply {
	int status;              /* 0, or negative: the run could not be made, and why says so */
	char why[RESULT_WHY];
	double checksum;         /* HEAP, SAMPLE */
	struct heap_result heap; /* HEAP; predictions are the parent's */
	uint64_t jemalloc_allocated_bytes; /* HEAP: jemalloc's own count over the same calls */
	size_t nfacts;
	struct fact_result facts[RESULT_FACTS];
	size_t ntimeline;
	int64_t timeline[RESULT_TIMELINE];
	int64_t resident_peak_bytes; /* RESIDENT; RESULT_NONE with why */
	int64_t faults;              /* RESIDENT: of the one run; SAMPLE: of one run, the mean */
	uint64_t repeats;            /* CALIBRATE */
	double make_ns, use_ns;      /* SAMPLE: of one run, the mean */
	double floor_ns;             /* FLOOR */
	double clock_step_ns, clock_overhead_ns; /* MACHINE */
	char jemalloc[64];
	char counters_why[RESULT_WHY]; /* MACHINE: "" when hardware counters are available */
};

#endif
