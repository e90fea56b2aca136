/* SPDX-License-Identifier: MIT */
#ifndef FIXTURE_PROGRAMS_H
#define FIXTURE_PROGRAMS_H

/*
 * Fixed results of `exec` that every format is held against; nothing here was measured. Among them is what may go wrong: a heap that cannot be judged,
 * processes that were killed or not reached, regions without an end, a broken budget, names with quotes, pipes and control characters.
 */

#include "base/program.h"

#include <math.h>
#include <string.h>

static inline struct program_heap fixture_heap(int64_t asked, int64_t allocations, int64_t temporary, int64_t peak, int64_t kept)
{
	return (struct program_heap){ .asked_bytes = asked, .allocated_bytes = asked + asked / 20, .allocations = allocations, .temporary_allocations = temporary,
		.reallocations_in_place = allocations / 100, .reallocations_moved = allocations / 50, .peak_bytes = peak, .peak_error_bytes = 0,
		.kept_bytes = kept, .source = PROGRAM_COUNTED };
}

static inline struct program_time fixture_time(int64_t runs, double wall_ms, double user_ms, double system_ms, const char *source)
{
	return (struct program_time){ .runs = runs, .wall_ns = wall_ms * 1e6, .user_ns = user_ms * 1e6, .system_ns = system_ms * 1e6, .wall_min_ns = wall_ms * 0.98e6,
		.wall_max_ns = wall_ms * 1.03e6, .source = source };
}

static inline struct program_row fixture_row(enum program_row_kind kind, const char *name)
{
	struct program_row row;
	program_row_init(&row, kind);
	row.name = (char *)name;
	return row;
}

static inline struct program_row fixture_region(const char *name, int64_t times, int64_t unended, struct program_heap heap, double wall_ms)
{
	struct program_row row = fixture_row(PROGRAM_REGION, name);
	row.heap = heap;
	row.resident = (struct program_resident){ .peak_bytes = heap.peak_bytes + 4096, .faults = heap.peak_bytes / 4096, .source = PROGRAM_COUNTED };
	row.time = fixture_time(1, wall_ms, NAN, NAN, PROGRAM_COUNTED);
	strcpy(row.time.why, "user and system time belong to the whole program");
	row.times = times;
	row.unended = unended;
	return row;
}

static inline struct program_row fixture_process(int64_t number, int64_t parent, const char *name, const char *began, const char *ended, struct program_heap heap,
                                                 int64_t rss, double wall_ms, int64_t threads)
{
	struct program_row row = fixture_row(PROGRAM_PROCESS, name);
	row.heap = heap;
	row.resident = (struct program_resident){ .peak_bytes = rss, .faults = RESULT_NONE, .source = PROGRAM_COUNTED };
	strcpy(row.resident.why, "faults are counted for the whole program");
	row.time = fixture_time(1, wall_ms, NAN, NAN, PROGRAM_COUNTED);
	strcpy(row.time.why, "user and system time belong to the whole program");
	row.pid = number;
	row.parent = parent;
	row.began = began;
	row.ended = ended;
	row.threads = threads;
	return row;
}

static inline struct program_result fixture_program(char *name, size_t argc, char **argv, struct program_heap heap)
{
	struct program_result program = {
		.total = fixture_row(PROGRAM_TOTAL, name),
		.argc = argc,
		.argv = argv,
		.status = RESULT_OK,
		.ratio = { .time = NAN, .low = NAN, .high = NAN, .resolved = (int)RESULT_NONE },
	};
	program_row_init(&program.startup, PROGRAM_STARTUP);
	program.total.heap = heap;
	program.total.resident = (struct program_resident){ .peak_bytes = 12300288, .faults = 2101, .source = PROGRAM_COUNTED };
	program.total.time = fixture_time(1, 24.1, 20.0, 4.0, PROGRAM_COUNTED);
	return program;
}

/* ---- one program each ---- */

/* A C program, one process, its exit status 3. */
static inline struct program_result fixture_c(void)
{
	static char *argv[] = { (char *)"./count", (char *)"words.txt", NULL };
	static struct program_row process;
	struct program_result program = fixture_program((char *)"./count words.txt", 2, argv, fixture_heap(8012345, 1203, 201, 4194304, 10240));
	process = fixture_process(1, RESULT_NONE, "count", "start", "exit", program.total.heap, 12300288, 24.1, 1);
	program.exit_status = 3;
	program.nprocesses = 1;
	program.processes = &process;
	return program;
}

/* A Python with start-up and regions, and a plain run after the counted one. */
static inline struct program_result fixture_python(void)
{
	static char *argv[] = { (char *)"python3", (char *)"x.py", NULL };
	static struct program_row regions[3];
	struct program_result program = fixture_program((char *)"python3 x.py", 2, argv, fixture_heap(INT64_C(596012345), 412, 96, 241312345, 96));
	program.total.resident = (struct program_resident){ .peak_bytes = 270008320, .faults = 131201, .source = PROGRAM_PLAIN };
	program.total.time = fixture_time(1, 812, 700, 112, PROGRAM_PLAIN);
	program.has_startup = true;
	program.startup.name = (char *)"python and imports";
	program.startup.heap = fixture_heap(22123456, 41234, 12001, 18212345, 17912345);
	program.startup.resident = (struct program_resident){ .peak_bytes = 31002624, .faults = 4102, .source = PROGRAM_PLAIN };
	program.startup.time = fixture_time(1, 120, 100, 20, PROGRAM_PLAIN);
	regions[0] = fixture_region("load", 1, 0, fixture_heap(64000000, 2, 0, 67108864, 96), 31.2);
	regions[1] = fixture_region("windows", 3, 0, fixture_heap(512000000, 406, 96, 134217728, 0), 512);
	regions[2] = fixture_region("a region | with a \"long\" name, and\na new line", 12, 1, fixture_heap(4012345, 4, 0, 4194304, -4096), 2);
	program.nregions = 3;
	program.regions = regions;
	program.python = true;
	program.unmatched_ends = 2;
	return program;
}

/* A shell that starts others: one killed, one static, one that was not reached. */
static inline struct program_result fixture_shell(void)
{
	static char *argv[] = { (char *)"sh", (char *)"-c", (char *)"sort words.txt | busybox uniq; true", NULL };
	static struct program_row processes[5];
	static char *missing[] = { (char *)"true: its environment was cleared" };
	struct program_heap none;
	struct program_result program =
		fixture_program((char *)"sort words.txt | busybox uniq; true", 3, argv, fixture_heap(23456789, 12345, 2345, 16777216, 123456));
	program.shell = true;
	program.total.heap.peak_error_bytes = 524288;
	program.total.resident.peak_bytes = 21004288;
	program.total.time = fixture_time(1, 1240, 2010, 130, PROGRAM_COUNTED);
	processes[0] = fixture_process(1, RESULT_NONE, "sh", "start", "exit", fixture_heap(1234567, 1234, 234, 1048576, 12345), 3932160, 1240, 1);
	processes[1] = fixture_process(2, 1, "sh", "fork", "exec", fixture_heap(0, 0, 0, 1048576, 1048576), 4014080, 1.2, 1);
	processes[2] = fixture_process(2, 1, "sort", "exec", "exit", fixture_heap(22222222, 11111, 2111, 16777216, 123456), 21004288, 1200, 8);
	processes[2].heap.peak_error_bytes = 524288;
	processes[3] = fixture_process(3, 1, "busybox", "fork", "killed", fixture_heap(0, 0, 0, 0, 0), 1000448, 1100, RESULT_NONE);
	program_row_init(&processes[4], PROGRAM_TOTAL);
	none = processes[4].heap;
	strcpy(none.why, "cannot judge: it is statically linked");
	processes[3].heap = none;
	program.nprocesses = 4;
	program.processes = processes;
	program.nmissing = 1;
	program.missing = missing;
	program.notes[0] = (char *)"A process was still running when the program ended: its numbers are those of that moment.";
	program.nnotes = 1;
	return program;
}

/* Nothing of its heap can be seen. */
static inline struct program_result fixture_static(void)
{
	static char *argv[] = { (char *)"./hello", NULL };
	struct program_row none = fixture_row(PROGRAM_TOTAL, "./hello");
	struct program_result program = fixture_program((char *)"./hello", 1, argv, none.heap);
	strcpy(program.total.heap.why, "cannot judge: it is statically linked, so no library can be put before its malloc");
	program.total.resident = (struct program_resident){ .peak_bytes = 1000448, .faults = 41, .source = PROGRAM_OUTSIDE };
	program.total.time = fixture_time(1, 0.61, 0.2, 0.3, PROGRAM_PLAIN);
	return program;
}

/* Budgets: one broken by a hair, one of a region broken, one kept, one that cannot be judged. */
static inline struct program_result fixture_budgets(void)
{
	static struct program_budget budgets[5];
	struct program_result program = fixture_python();
	budgets[0] = (struct program_budget){ .option = "--max-peak", .is_bytes = true, .limit = 230000000, .used = 241312345, .broken = true };
	budgets[1] = (struct program_budget){ .option = "--max-peak", .region = (char *)"windows", .is_bytes = true, .limit = 134217727, .used = 134217728, .broken = true };
	budgets[2] = (struct program_budget){ .option = "--max-allocations", .limit = 500, .used = 412 };
	budgets[3] = (struct program_budget){ .option = "--max-asked", .is_bytes = true, .limit = 1000000000, .used = 596012345 };
	budgets[4] = (struct program_budget){ .option = "--max-asked", .region = (char *)"save", .is_bytes = true, .limit = 1000, .used = RESULT_NONE,
		.why = "no region of that name was entered" };
	struct program_row startup = fixture_row(PROGRAM_STARTUP, "python and imports");
	startup.heap = program.startup.heap;
	strcpy(startup.resident.why, "not measured of a part of a program");
	strcpy(startup.time.why, "not measured of a part of a program");
	program.startup = startup;
	program.nregions = 2;
	program.unmatched_ends = 0;
	program.python = false;
	program.budgets = budgets;
	program.nbudgets = 5;
	program.largest[0] = (struct program_large){ .asked_bytes = 64000000, .process = (char *)"python3", .where = (char *)"x.py:12 in load" };
	program.largest[1] = (struct program_large){ .asked_bytes = 63967744, .process = (char *)"python3", .where = (char *)"x.py:20 in windows" };
	program.largest[2] = (struct program_large){ .asked_bytes = 999496, .process = (char *)"python3" };
	program.nlargest = 3;
	return program;
}

static inline struct program_result fixture_killed(void)
{
	struct program_result program = fixture_c();
	program.status = RESULT_KILLED;
	program.exit_status = -1;
	program.signal = 11;
	return program;
}

static inline struct program_result fixture_not_found(void)
{
	static char *argv[] = { (char *)"nosuch", NULL };
	struct program_row none = fixture_row(PROGRAM_TOTAL, "nosuch");
	struct program_result program = fixture_program((char *)"nosuch", 1, argv, none.heap);
	program.total = none;
	program.status = RESULT_FAILED;
	program.exit_status = 127;
	strcpy(program.why, "cannot run 'nosuch': No such file or directory");
	strcpy(program.total.resident.why, "it did not run");
	strcpy(program.total.time.why, "it did not run");
	return program;
}

/* ---- compared ---- */

static inline struct program_result fixture_compared(char *name, double wall_ms, double ratio, double half, const char *baseline)
{
	struct program_result program = fixture_python();
	program.total.name = name;
	program.total.time = fixture_time(20, wall_ms, wall_ms * 0.9, wall_ms * 0.1, PROGRAM_PLAIN);
	program.baseline = baseline;
	program.has_startup = false;
	program.nregions = 0;
	program.unmatched_ends = 0;
	if (isfinite(ratio))
		program.ratio = (struct ratio_result){ .time = ratio, .low = ratio / (1 + half), .high = ratio * (1 + half), .resolved = fabs(ratio - 1) > half + 0.01 };
	return program;
}

enum { FIXTURE_COMPARED = 3 };

static inline void fixture_three(struct program_result programs[FIXTURE_COMPARED])
{
	programs[0] = fixture_compared((char *)"python3 bad.py", 812, NAN, 0, "python3 bad.py");
	programs[1] = fixture_compared((char *)"python3 good.py", 386.7, 1 / 2.1, 0.031, "python3 bad.py");
	programs[1].total.heap = fixture_heap(64012345, 208, 2, 33554432, 96);
	programs[2] = fixture_compared((char *)"python3 bad.py", 815, 1.004, 0.012, "python3 bad.py");
}

/* Long commands, one that failed, one killed, one whose heap cannot be judged, one that runs but could not be compared. */
static inline void fixture_mixed(struct program_result programs[5])
{
	programs[0] = fixture_compared((char *)"python3 /home/student/course/week3/windows_by_copies.py --n 1000000 --window 64", 812, NAN, 0,
	                               "python3 /home/student/course/week3/windows_by_copies.py --n 1000000 --window 64");
	programs[1] = fixture_compared((char *)"python3 /home/student/course/week3/windows_by_stride.py --n 1000000 --window 64", 40.6, 1 / 20.0, 0.4,
	                               programs[0].baseline);
	programs[1].exit_status = 1;
	programs[1].notes[0] = (char *)"It ended with status 1 in 3 of 20 runs.";
	programs[1].nnotes = 1;
	programs[2] = fixture_killed();
	programs[2].baseline = programs[0].baseline;
	strcpy(programs[2].ratio.why, "it was killed");
	programs[3] = fixture_static();
	programs[3].baseline = programs[0].baseline;
	strcpy(programs[3].ratio.why, "it ended with another status in each run");
	programs[4] = fixture_not_found();
	programs[4].baseline = programs[0].baseline;
	strcpy(programs[4].ratio.why, "it did not run");
}

/* Nothing to release. */
static inline struct results fixture_programs(struct program_result *programs, size_t count)
{
	return (struct results){
		.host = { .cpu = "Example CPU, \"fast\" | 3 GHz", .cpus = 2, .memory_bytes = INT64_C(8000000000), .cache_bytes = 33554432, .kernel = "6.1.0",
			  .page_bytes = 4096, .hugepages = "madvise", .jemalloc = "5.3.0", .malloc_conf = "narenas:1", .bandwidth_bytes_per_s = NAN,
			  .rss_error_bytes = 262144 },
		.nprograms = count,
		.programs = programs,
	};
}

#endif
