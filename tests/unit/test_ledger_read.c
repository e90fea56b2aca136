/* SPDX-License-Identifier: MIT */
/* Ledgers filled by hand: what is added up, who follows whom, what was not reached, and that nothing in it is believed too far. */

#include "bench/ledger_read.h"
#include "bench/program_parts.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

enum { MAIN = 400000001 }; /* no pid: none is that large */

static struct ledger *book;

static int open_ledger(void **state)
{
	(void)state;
	book = mmap(NULL, sizeof *book, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return book == MAP_FAILED ? -1 : 0;
}

static int close_ledger(void **state)
{
	(void)state;
	return munmap(book, sizeof *book);
}

static struct ledger_process *add_process(int32_t pid, int32_t parent, enum ledger_began began, uint64_t at_ns, const char *name)
{
	struct ledger_process *process = &book->process[book->processes++];
	process->pid = pid;
	process->parent_pid = parent;
	process->began = began;
	process->began_ns = at_ns;
	process->ended_ns = at_ns + 1000;
	process->rss_peak = 1000000;
	process->threads_most = 1;
	snprintf(process->name, sizeof process->name, "%s", name);
	process->state = LEDGER_EXITED;
	return process;
}

static struct ledger_slot *add_slot(const struct ledger_process *process, uint64_t asked, int64_t live)
{
	struct ledger_slot *slot = &book->slot[book->slots++];
	slot->process = (uint32_t)(process - book->process) + 1;
	slot->counts = (struct ledger_counts){ asked, asked + 8, 3, 2, 1, 1 };
	slot->live = slot->high = live;
	return slot;
}

static void add_exec(int32_t pid, uint64_t at_ns, const char *path, bool without)
{
	struct ledger_exec *exec = &book->exec[book->execs++];
	*exec = (struct ledger_exec){ .state = LEDGER_RUNNING, .pid = pid, .without = without, .at_ns = at_ns };
	snprintf(exec->path, sizeof exec->path, "%s", path);
}

static struct ledger_images read_images(void)
{
	struct ledger_images images;
	assert_int_equal(ledger_read(book, &images), 0);
	return images;
}

static void read_result(struct program_result *result)
{
	static char name[] = "/bin/true";
	static char *argv[] = { name, NULL };
	const struct program_command command = { .argv = argv, .text = name };
	const struct program_plan plan = { .commands = &command, .ncommands = 1 };
	const struct program_run run = { .pid = MAIN, .ledger = book };
	struct err err = { 0 };
	*result = (struct program_result){ 0 };
	program_row_init(&result->total, PROGRAM_TOTAL);
	assert_int_equal(program_read_counted(&plan, &command, &run, result, &err), 0);
}

static void test_threads_add_up(void **state)
{
	(void)state;
	struct ledger_process *process = add_process(MAIN, 1, LEDGER_BEGAN_START, 100, "a");
	process->live = 500;
	process->peak = 700;
	process->threads_most = 2;
	process->others = (struct ledger_counts){ 10, 16, 1, 0, 0, 0 };
	add_slot(process, 100, 300);
	struct ledger_slot *second = add_slot(process, 50, -20);
	second->published = -30;
	second->high = 400;
	struct ledger_images images = read_images();
	assert_int_equal(images.count, 1);
	const struct ledger_image *image = &images.images[0];
	assert_int_equal(image->counts.asked, 160);
	assert_int_equal(image->counts.allocations, 7);
	assert_int_equal(image->counts.temporary, 4);
	assert_int_equal(image->live, 500 + 300 + 10);
	assert_int_equal(image->peak, 500 + 400 + 30);
	assert_int_equal(image->peak_error, 2 * LEDGER_STEP);
	ledger_images_release(&images);
}

static void test_one_thread_is_exact(void **state)
{
	(void)state;
	add_slot(add_process(MAIN, 1, LEDGER_BEGAN_START, 100, "a"), 100, 300);
	struct ledger_images images = read_images();
	assert_int_equal(images.images[0].peak, 300);
	assert_int_equal(images.images[0].peak_error, 0);
	ledger_images_release(&images);
}

/* A shell forks, the child becomes another program; the same pid later stands for a third process. */
static void test_processes_are_linked(void **state)
{
	(void)state;
	add_slot(add_process(7, MAIN, LEDGER_BEGAN_EXEC, 300, "ls"), 30, 30); /* not in the order of their beginning */
	add_slot(add_process(MAIN, 1, LEDGER_BEGAN_START, 100, "sh"), 100, 50);
	struct ledger_process *child = add_process(7, MAIN, LEDGER_BEGAN_FORK, 200, "sh");
	child->state = LEDGER_EXECED;
	child->inherited = child->live = child->peak = 50;
	add_slot(add_process(7, MAIN, LEDGER_BEGAN_FORK, 900, "sh"), 5, 5);
	struct program_result result;
	read_result(&result);
	assert_int_equal(result.nprocesses, 4);
	const struct program_row *rows = result.processes;
	assert_string_equal(rows[0].name, "sh");
	assert_string_equal(rows[2].name, "ls");
	assert_int_equal(rows[0].pid, 1);
	assert_int_equal(rows[0].parent, RESULT_NONE);
	assert_int_equal(rows[1].pid, 2);
	assert_int_equal(rows[1].parent, 1);
	assert_int_equal(rows[2].pid, 2); /* one process, two images */
	assert_int_equal(rows[3].pid, 3);
	assert_string_equal(rows[1].began, "fork");
	assert_string_equal(rows[1].ended, "exec");
	assert_string_equal(rows[2].began, "exec");
	assert_int_equal(result.total.heap.asked_bytes, 135);
	assert_int_equal(result.total.heap.allocations, 9);
	assert_int_equal(result.total.heap.peak_bytes, 50);
	assert_int_equal(rows[1].heap.peak_bytes, 50); /* inherited, and not asked */
	assert_int_equal(rows[1].heap.asked_bytes, 0);
	program_result_release(&result);
}

static void test_python_startup_is_subtracted(void **state)
{
	(void)state;
	struct ledger_process *python = add_process(MAIN, 1, LEDGER_BEGAN_START, 100, "python3");
	python->flags = LEDGER_PYTHON;
	python->marked = 1;
	python->mark = (struct ledger_counts){ 1000, 1100, 20, 10, 0, 0 };
	python->mark_live = 800;
	python->mark_peak = 2000;
	python->mark_ns = 150;
	python->peak = 1500;
	struct ledger_slot *slot = add_slot(python, 1600, 900);
	slot->counts.allocations = 25;
	struct ledger_process *child = add_process(8, MAIN, LEDGER_BEGAN_FORK, 200, "python3");
	child->flags = LEDGER_PYTHON;
	child->inherited = child->live = 850;
	child->peak = 1000;
	struct program_result result;
	read_result(&result);
	assert_true(result.has_startup && result.python);
	assert_int_equal(result.startup.heap.asked_bytes, 1000);
	assert_int_equal(result.startup.heap.peak_bytes, 2000);
	assert_int_equal(result.startup.heap.kept_bytes, 800);
	assert_int_equal(result.total.heap.asked_bytes, 600);
	assert_int_equal(result.total.heap.allocations, 5);
	assert_int_equal(result.total.heap.peak_bytes, 700); /* above what was live at the mark */
	assert_int_equal(result.total.heap.kept_bytes, 100);
	assert_int_equal(result.processes[0].heap.peak_bytes, 2000);
	program_result_release(&result);
}

/* A mark that the first region of a C program made subtracts nothing. */
static void test_marks_of_others_change_nothing(void **state)
{
	(void)state;
	struct ledger_process *process = add_process(MAIN, 1, LEDGER_BEGAN_START, 100, "a");
	process->marked = 2;
	process->mark = (struct ledger_counts){ 90, 90, 1, 0, 0, 0 };
	process->mark_live = 10;
	process->mark_peak = 5000;
	add_slot(process, 100, 60);
	struct program_result result;
	read_result(&result);
	assert_false(result.has_startup);
	assert_int_equal(result.total.heap.asked_bytes, 100);
	assert_int_equal(result.total.heap.peak_bytes, 5000);
	assert_int_equal(result.total.heap.kept_bytes, 60);
	program_result_release(&result);
}

static void test_missing_children_are_named(void **state)
{
	(void)state;
	add_slot(add_process(MAIN, 1, LEDGER_BEGAN_START, 100, "make"), 100, 50);
	add_exec(9, 200, "/usr/bin/true", true);
	add_exec(10, 210, "/usr/bin/true", true);
	add_exec(11, 220, ".../nowhere/x\ty", false);
	add_exec(12, 230, "/bin/ls", false);
	add_process(12, MAIN, LEDGER_BEGAN_EXEC, 240, "ls");
	book->exec[book->execs] = (struct ledger_exec){ .state = LEDGER_EXITED, .pid = 13, .at_ns = 300, .path = "/no" };
	book->execs++;
	struct program_result result;
	read_result(&result);
	assert_int_equal(result.nmissing, 2);
	assert_string_equal(result.missing[0], "true (2 times): its environment was cleared");
	assert_string_equal(result.missing[1], "x?y: it was not reached");
	assert_int_equal(result.nnotes, 1);
	assert_int_equal(result.total.heap.asked_bytes, 100);
	program_result_release(&result);
}

static void test_the_program_itself_was_not_reached(void **state)
{
	(void)state;
	struct ledger_process *env = add_process(MAIN, 1, LEDGER_BEGAN_START, 100, "env");
	env->state = LEDGER_EXECED;
	add_slot(env, 100, 50);
	add_exec(MAIN, 200, "/usr/bin/true", true);
	struct program_result result;
	read_result(&result);
	assert_int_equal(result.total.heap.asked_bytes, RESULT_NONE);
	assert_string_equal(result.total.heap.why, "cannot judge: its environment was cleared");
	assert_int_equal(result.processes[0].heap.asked_bytes, 100);
	program_result_release(&result);
}

static void test_nothing_registered(void **state)
{
	(void)state;
	struct program_result result;
	read_result(&result);
	assert_int_equal(result.total.heap.peak_bytes, RESULT_NONE);
	assert_string_equal(result.total.heap.why, "cannot judge: it was not reached");
	assert_int_equal(result.nprocesses, 0);
	program_result_release(&result);
}

static void test_own_malloc(void **state)
{
	(void)state;
	add_process(MAIN, 1, LEDGER_BEGAN_START, 100, "a")->flags = LEDGER_OWN_MALLOC;
	struct program_result result;
	read_result(&result);
	assert_string_equal(result.total.heap.why, "cannot judge: it brings its own malloc");
	program_result_release(&result);
}

static struct ledger_region *add_region(uint32_t process, const char *name, uint64_t asked, int64_t peak)
{
	struct ledger_region *region = &book->region[book->regions++];
	region->state = LEDGER_RUNNING;
	region->process = process;
	memcpy(region->name, name, strlen(name));
	region->begun = 2;
	region->ended = 2;
	region->counts.asked = asked;
	region->peak = peak;
	region->kept = -5;
	region->wall_ns = 100;
	return region;
}

static void test_regions_by_name(void **state)
{
	(void)state;
	add_process(MAIN, 1, LEDGER_BEGAN_START, 100, "a");
	add_process(9, MAIN, LEDGER_BEGAN_FORK, 200, "a");
	add_region(0, "in\nner \xff\x1b[31m", 10, 500);
	add_region(0, "b", 1, 1)->ended = 1;
	add_region(1, "in\nner \xff\x1b[31m", 20, 300);
	char whole[LEDGER_NAME];
	memset(whole, 'x', sizeof whole); /* no NUL at its end */
	add_region(1, "", 0, 0)->cut = 1;
	memcpy(book->region[3].name, whole, sizeof whole);
	book->region[book->regions++].state = LEDGER_FILLING;
	add_region(LEDGER_PROCESSES, "of nobody", 1, 1);
	struct program_result result;
	read_result(&result);
	assert_int_equal(result.nregions, 3);
	assert_string_equal(result.regions[0].name, "in?ner ??[31m");
	assert_int_equal(result.regions[0].heap.asked_bytes, 30);
	assert_int_equal(result.regions[0].heap.peak_bytes, 500);
	assert_int_equal(result.regions[0].heap.kept_bytes, 0);
	assert_int_equal(result.regions[0].times, 4);
	assert_true(result.regions[0].time.wall_ns == 200);
	assert_int_equal(result.regions[1].unended, 1);
	assert_int_equal(strlen(result.regions[2].name), LEDGER_NAME + 3);
	program_result_release(&result);
}

/* A program that writes all over it. */
static void test_garbage(void **state)
{
	(void)state;
	memset(book, 0xA5, sizeof *book);
	struct program_result result;
	read_result(&result);
	assert_int_equal(result.nprocesses, 0);
	assert_int_equal(result.nregions, 0);
	program_result_release(&result);
	uint64_t seed = 3;
	for (size_t i = 0; i < sizeof *book / 8; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		((uint64_t *)book)[i] = (seed >> 61) == 0 ? seed : seed >> 62;
	}
	read_result(&result);
	program_result_release(&result);
}

static void test_clean(void **state)
{
	(void)state;
	static const struct {
		const char *from, *to;
		size_t most;
	} cases[] = {
		{ "plain", "plain", 5 },           { "plainer", "pl...", 5 },          { "a\tb\n", "a?b?", 9 },         { "\x7f\x1b[0m", "??[0m", 9 },
		{ "\xc3\xa9", "\xc3\xa9", 9 },     { "\xc3", "?", 9 },                 { "\xc2\x9b", "?", 9 },          { "\xe2\x80\xa8x", "?x", 9 },
		{ "\xed\xa0\x80", "???", 9 },      { "12345\xc3\xa9\xc3\xa9", "12345...", 8 }, { "", "", 9 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *clean = program_clean(cases[i].from, cases[i].most);
		assert_string_equal(clean, cases[i].to);
		free(clean);
	}
}

#define with_ledger(test) cmocka_unit_test_setup_teardown(test, open_ledger, close_ledger)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_ledger(test_threads_add_up),
		with_ledger(test_one_thread_is_exact),
		with_ledger(test_processes_are_linked),
		with_ledger(test_python_startup_is_subtracted),
		with_ledger(test_marks_of_others_change_nothing),
		with_ledger(test_missing_children_are_named),
		with_ledger(test_the_program_itself_was_not_reached),
		with_ledger(test_nothing_registered),
		with_ledger(test_own_malloc),
		with_ledger(test_regions_by_name),
		with_ledger(test_garbage),
		cmocka_unit_test(test_clean),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
