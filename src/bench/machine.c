/* SPDX-License-Identifier: MIT */
/* What the machine is, how much of its memory may be used, and how fast that memory is. No host name, user name or path is read. */

#include "bench/bench.h"
#include "bench/child.h"

#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { LINE = 512 };

/* The first line of a small file, without its newline. */
static bool first_line(const char *path, char *out, size_t size)
{
	FILE *file = fopen(path, "re");
	if (!file)
		return false;
	bool got = fgets(out, (int)size, file) != NULL;
	fclose(file);
	if (got)
		out[strcspn(out, "\n")] = '\0';
	return got;
}

/* The text after "name" and a colon in a file of such lines. */
static bool field(const char *path, const char *name, char *out, size_t size)
{
	FILE *file = fopen(path, "re");
	if (!file)
		return false;
	char line[LINE];
	bool found = false;
	while (!found && fgets(line, sizeof line, file)) {
		size_t length = strlen(name);
		if (strncmp(line, name, length) != 0 || !strchr(" \t:", line[length]))
			continue;
		char *value = strchr(line, ':');
		if (!value)
			continue;
		value += 1 + strspn(value + 1, " \t");
		value[strcspn(value, "\n")] = '\0';
		snprintf(out, size, "%s", value);
		found = true;
	}
	fclose(file);
	return found;
}

static uint64_t meminfo(const char *name)
{
	char text[LINE];
	return field("/proc/meminfo", name, text, sizeof text) ? strtoull(text, NULL, 10) * 1024 : 0;
}

/* ---- memory that may be used ---- */

/* A number from a group's memory.stat: "name value" lines; 0 if it has none. */
static uint64_t group_stat(const char *folder, const char *name)
{
	char path[LINE * 2], line[LINE];
	uint64_t value = 0;
	snprintf(path, sizeof path, "%s/memory.stat", folder);
	FILE *file = fopen(path, "re");
	if (!file)
		return 0;
	size_t length = strlen(name);
	while (value == 0 && fgets(line, sizeof line, file))
		if (strncmp(line, name, length) == 0 && line[length] == ' ')
			value = strtoull(line + length, NULL, 10);
	fclose(file);
	return value;
}

/* The two versions of control groups say the same in other words. */
struct group_words {
	const char *root, *limit, *used, *files[2]; /* files: cached file pages, which the kernel gives back */
};

/* A control group's limit less its use; UINT64_MAX where there is no limit. */
static uint64_t group_leaves(const char *folder, const struct group_words *words)
{
	char path[LINE * 2], limit_text[64], used_text[64];
	snprintf(path, sizeof path, "%s/%s", folder, words->limit);
	if (!first_line(path, limit_text, sizeof limit_text) || strcmp(limit_text, "max") == 0)
		return UINT64_MAX;
	uint64_t limit = strtoull(limit_text, NULL, 10);
	if (limit >= UINT64_C(1) << 62) /* version 1 writes "none" so */
		return UINT64_MAX;
	snprintf(path, sizeof path, "%s/%s", folder, words->used);
	uint64_t used = first_line(path, used_text, sizeof used_text) ? strtoull(used_text, NULL, 10) : 0;
	uint64_t files = group_stat(folder, words->files[0]) + group_stat(folder, words->files[1]);
	used = used > files ? used - files : 0;
	return limit > used ? limit - used : 0;
}

/* A group and all the groups above it. */
static uint64_t groups_leave(const char *group, const struct group_words *words)
{
	char folder[LINE];
	uint64_t least = UINT64_MAX;
	snprintf(folder, sizeof folder, "%s%.*s", words->root, (int)(LINE - strlen(words->root) - 1), group);
	for (;;) {
		uint64_t leaves = group_leaves(folder, words);
		least = leaves < least ? leaves : least;
		char *slash = strrchr(folder, '/');
		if (!slash || strlen(folder) <= strlen(words->root))
			return least;
		*slash = '\0';
	}
}

uint64_t bench_memory_available(void)
{
	static const struct group_words first = {
		"/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", { "total_inactive_file", "total_active_file" },
	};
	static const struct group_words second = { "/sys/fs/cgroup", "memory.max", "memory.current", { "inactive_file", "active_file" } };
	uint64_t available = meminfo("MemAvailable");
	struct sysinfo info;
	if (available == 0 && sysinfo(&info) == 0) /* where /proc is not mounted; cached files are not in it */
		available = ((uint64_t)info.freeram + info.bufferram) * info.mem_unit;
	FILE *groups = fopen("/proc/self/cgroup", "re");
	char line[LINE];
	while (groups && fgets(line, sizeof line, groups)) {
		line[strcspn(line, "\n")] = '\0';
		char *controllers = strchr(line, ':');
		char *group = controllers ? strchr(controllers + 1, ':') : NULL;
		if (!group)
			continue;
		*group++ = '\0';
		uint64_t leaves = UINT64_MAX;
		if (strcmp(controllers + 1, "") == 0) /* version 2 */
			leaves = groups_leave(group, &second);
		else if (strcmp(controllers + 1, "memory") == 0)
			leaves = groups_leave(group, &first);
		available = leaves < available ? leaves : available;
	}
	if (groups)
		fclose(groups);
	return available;
}

/* ---- what only a worker can tell ---- */

static enum child_answer ask_worker(const char *program, bool hugepages, const struct wire_request *request, struct wire_reply *reply, char why[RESULT_WHY])
{
	static const char *const values[] = { "2000", NULL };
	struct child child = { .fd = -1 };
	struct child_spec spec = {
		.program = program,
		.lesson = "selftest",
		.variant = "empty",
		.values = values,
		.malloc_conf = bench_malloc_conf,
		.hugepages = hugepages,
		.cpu = child_choose_cpu(-1),
	};
	enum child_answer answer = child_start(&spec, 60, &child, reply, why);
	if (answer == CHILD_OK)
		answer = child_ask(&child, request, 60, reply, why);
	child_stop(&child);
	return answer;
}

double bench_bandwidth(const char *program, uint64_t reads, uint64_t writes)
{
	static struct wire_reply reply;
	char why[RESULT_WHY];
	struct wire_request request = { .op = WIRE_FLOOR, .repeats = 7, .reads = reads, .writes = writes };
	if (ask_worker(program, true, &request, &reply, why) != CHILD_OK || !(reply.floor_ns > 0))
		return NAN;
	return (double)(reads + writes) / reply.floor_ns * 1e9;
}

int bench_machine(const char *program, struct bench_machine *out_machine, struct err *err)
{
	static struct wire_reply reply;
	char why[RESULT_WHY];
	struct wire_request request = { .op = WIRE_MACHINE };
	enum child_answer answer = ask_worker(program, true, &request, &reply, why);
	if (answer == CHILD_INTERRUPTED)
		return err_set(err, ERR_INTERRUPTED, "interrupted");
	if (answer != CHILD_OK)
		return err_set(err, ERR_UNMEASURED, "cannot start a worker process: %s", why);
	out_machine->clock_step_ns = reply.clock_step_ns;
	out_machine->clock_overhead_ns = reply.clock_overhead_ns;
	snprintf(out_machine->counters_why, sizeof out_machine->counters_why, "%s", reply.counters_why);
	snprintf(out_machine->jemalloc, sizeof out_machine->jemalloc, "%s", reply.jemalloc);
	return 0;
}

/* ---- the host ---- */

/* The largest cache of the first CPU, in bytes. */
static int64_t last_level_cache(void)
{
	int64_t largest = RESULT_NONE;
	for (int i = 0; i < 8; i++) {
		char path[LINE], text[64];
		snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/size", i);
		if (!first_line(path, text, sizeof text))
			continue;
		char *unit;
		int64_t bytes = strtoll(text, &unit, 10) * (*unit == 'M' ? 1048576 : *unit == 'K' ? 1024 : 1);
		largest = bytes > largest ? bytes : largest;
	}
	return largest;
}

/* "always [madvise] never": the word in brackets. */
static void chosen_word(const char *text, char *out, size_t size)
{
	const char *open = strchr(text, '[');
	const char *close = open ? strchr(open, ']') : NULL;
	if (close)
		snprintf(out, size, "%.*s", (int)(close - open - 1), open + 1);
	else
		snprintf(out, size, "unknown");
}

void bench_host(bool hugepages, struct host_result *out_host)
{
	char text[LINE];
	struct utsname system;
	cpu_set_t allowed;
	*out_host = (struct host_result){ .bandwidth_bytes_per_s = NAN, .hugepages_asked = hugepages };
	/* x86 has "model name"; arm64 often has only codes, which say nothing. */
	if (field("/proc/cpuinfo", "model name", text, sizeof text))
		snprintf(out_host->cpu, sizeof out_host->cpu, "%.*s", (int)sizeof out_host->cpu - 1, text);
	else if (uname(&system) == 0)
		snprintf(out_host->cpu, sizeof out_host->cpu, "%.*s", (int)sizeof out_host->cpu - 1, system.machine);
	out_host->cpus = sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 1;
	struct sysinfo info;
	out_host->memory_bytes = sysinfo(&info) == 0 ? (int64_t)((uint64_t)info.totalram * info.mem_unit) : RESULT_NONE;
	out_host->cache_bytes = last_level_cache();
	if (uname(&system) == 0)
		snprintf(out_host->kernel, sizeof out_host->kernel, "%.*s", (int)sizeof out_host->kernel - 1, system.release);
	out_host->page_bytes = sysconf(_SC_PAGESIZE);
	if (first_line("/sys/kernel/mm/transparent_hugepage/enabled", text, sizeof text))
		chosen_word(text, out_host->hugepages, sizeof out_host->hugepages);
	else
		snprintf(out_host->hugepages, sizeof out_host->hugepages, "none");
	snprintf(out_host->malloc_conf, sizeof out_host->malloc_conf, "%s", bench_malloc_conf);

	int64_t online = sysconf(_SC_NPROCESSORS_ONLN);
	int64_t batch = 2 * online > 32 ? 2 * online : 32;
	bool huge = hugepages && strcmp(out_host->hugepages, "never") != 0 && strcmp(out_host->hugepages, "none") != 0;
	int64_t huge_bytes = 0;
	if (huge)
		huge_bytes = first_line("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", text, sizeof text) ? strtoll(text, NULL, 10) : 2097152;
	out_host->rss_error_bytes = online * batch * out_host->page_bytes + huge_bytes;
}
