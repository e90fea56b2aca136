/* SPDX-License-Identifier: MIT */
/* memhint doctor: what this machine can measure and how exactly, and what memhint reads where the answer is known. */

#include "base/metric.h"
#include "base/text.h"
#include "base/units.h"
#include "bench/bench.h"
#include "cmd/cmd.h"
#include "cmd/measure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

static void row(const char *what, const char *value, size_t width)
{
	struct text line = { 0 };
	if (width < 60) {
		text_addf(&line, "%s%s  ", what, *what ? "\n" : "");
		text_wrap(&line, value, 2, 2, width);
	} else {
		text_addf(&line, "%-15s ", what);
		text_wrap(&line, value, 16, 16, width);
	}
	fputs(text_string(&line), stdout);
	fflush(stdout); /* some rows take a while */
	text_release(&line);
}

static void print_host(const struct host_result *host, const struct bench_machine *machine, const char *program, size_t width)
{
	char line[512], a[UNITS_TEXT], b[UNITS_TEXT], c[UNITS_TEXT];
	snprintf(line, sizeof line, "%s, %d CPU%s", host->cpu, host->cpus, host->cpus == 1 ? "" : "s");
	row("cpu", line, width);
	snprintf(line, sizeof line, "%s, %s available", units_bytes((double)host->memory_bytes, a), units_bytes((double)bench_memory_available(), b));
	row("memory", line, width);
	if (host->cache_bytes > 0)
		row("last cache", units_bytes((double)host->cache_bytes, a), width);
	snprintf(line, sizeof line, "Linux %s", host->kernel);
	row("kernel", line, width);
	snprintf(line, sizeof line, "%s B", units_count((double)host->page_bytes, a));
	row("page", line, width);
	snprintf(line, sizeof line, "%s; nd asks for them from 4 MiB on, as NumPy does (--hugepages=never: not)", host->hugepages);
	row("huge pages", line, width);
	if (access("/proc/self/clear_refs", W_OK) != 0)
		snprintf(line, sizeof line, "not measured: the kernel offers no /proc/self/clear_refs here");
	else
		snprintf(line, sizeof line, "+-%s: the kernel counts pages in batches%s", units_bytes((double)host->rss_error_bytes, a),
	         host->rss_error_bytes >= 2097152 ? ", and a huge page comes whole" : "");
	row("peak RSS", line, width);
	row("jemalloc", host->jemalloc, width);
	for (char *at = (char *)memcpy(line, host->malloc_conf, sizeof host->malloc_conf); (at = strchr(at, ',')) != NULL; at++)
		*at = ' ';
	row("  told", line, width);
	snprintf(line, sizeof line, "steps of %s; reading it takes %s, which is taken off", units_time(machine->clock_step_ns, a), units_time(machine->clock_overhead_ns, b));
	row("clock", line, width);
	double read = bench_bandwidth(program, 64 << 20, 0), write = bench_bandwidth(program, 0, 64 << 20), both = bench_bandwidth(program, 32 << 20, 32 << 20);
	if (isnan(read) || isnan(write) || isnan(both))
		snprintf(line, sizeof line, "not measured");
	else
		snprintf(line, sizeof line, "over 64 MiB: read %s, write %s, both %s", units_rate(read, a), units_rate(write, b), units_rate(both, c));
	row("bandwidth", line, width);
	if (machine->counters_why[0])
		snprintf(line, sizeof line, "none: %s", machine->counters_why);
	else
		snprintf(line, sizeof line, "available");
	row("perf counters", line, width);
}

/* The two ways whose answers are known: nothing, and 64 MiB. */
static int check_self(const struct host_result *host, size_t width, bool *out_sound, struct err *err)
{
	const struct lesson *self = lesson_find("selftest");
	struct bench_variant ways[2];
	static const char *const values[] = { "8388608", NULL };
	const uint64_t params[LESSON_PARAMS_MAX] = { 8388608 };
	const char *names[] = { "empty", "hold" };
	for (size_t i = 0; i < 2; i++) {
		const struct lesson_variant *variant = lesson_variant_find(self, names[i]);
		ways[i] = (struct bench_variant){
			.name = variant->name,
			.job = variant->job,
			.naive = true,
			.has_floor = true,
			.predicted_asked_bytes = (int64_t)variant->asked(params),
			.predicted_peak_asked_bytes = (int64_t)variant->peak_asked(params),
		};
	}
	struct bench_plan plan = {
		.program = (const char *)getauxval(AT_EXECFN),
		.lesson = self->name,
		.values = values,
		.variants = ways,
		.nvariants = 2,
		.hugepages = true,
		.sets = 2,
		.seconds = 0.1,
		.timeout_s = 60,
	};
	struct variant_result results[2];
	memset(results, 0, sizeof results);
	results[0].name = names[0];
	results[1].name = names[1];
	if (bench_run(&plan, results, err) != 0)
		return err->code;
	char line[512], a[UNITS_TEXT], b[UNITS_TEXT], c[UNITS_TEXT];
	const struct variant_result *empty = &results[0], *hold = &results[1];
	bool rss_known = empty->resident.peak_bytes != RESULT_NONE;
	struct text columns = { 0 };
	bool zero = true;
	for (size_t i = 0; i < metric_count; i++) {
		const struct metric *metric = &metric_table[i];
		double value = metric_value(metric, empty);
		if (strcmp(metric->group, "heap") == 0 && value != 0)
			zero = false;
		if (!metric->column)
			continue;
		const char *text = isnan(value) ? "not measured" : metric->unit == METRIC_BYTES ? units_bytes(value, a) : metric->unit == METRIC_NS ? units_time(value, a)
		                                                                                                         : units_count(value, a);
		text_addf(&columns, "%s%s %s", columns.length ? ", " : "", metric->column, text);
	}
	if (empty->status == RESULT_OK)
		snprintf(line, sizeof line, "%s", text_string(&columns));
	else
		snprintf(line, sizeof line, "%s: %s", result_status_name(empty->status), empty->why);
	row("an empty way", line, width);
	text_release(&columns);
	if (hold->status == RESULT_OK)
		snprintf(line, sizeof line, "makes %s, kept %s, peak RSS %s", units_bytes((double)hold->heap.asked_bytes, a), units_bytes((double)hold->heap.kept_bytes, b),
		         rss_known ? units_bytes((double)hold->resident.peak_bytes, c) : "not measured");
	else
		snprintf(line, sizeof line, "%s: %s", result_status_name(hold->status), hold->why);
	row("64 MiB held", line, width);
	if (empty->resident.why[0] && !rss_known)
		row("", empty->resident.why, width);
	int64_t off = llabs((long long)(hold->resident.peak_bytes - 8388608 * 8));
	bool rss_sound = !rss_known || (off <= host->rss_error_bytes && empty->resident.peak_bytes <= host->rss_error_bytes);
	*out_sound = empty->status == RESULT_OK && hold->status == RESULT_OK && zero &&
	             empty->resident.steady_faults == 0 && !hold->prediction_missed && rss_sound;
	return 0;
}

static int doctor(int argc, char **argv, struct err *err)
{
	static const struct options_command command = {
		.doc = "Tell what this machine can measure, and how exactly.\v"
		       "The last rows are memhint's own zero: a way that does nothing, and one that holds 64 MiB. Status 1 if they do not read so.",
	};
	struct options options;
	if (options_parse(&command, argc, argv, &options, err) != 0)
		return err->code;
	const char *program = (const char *)getauxval(AT_EXECFN);
	size_t width = options_width();
	struct host_result host;
	struct bench_machine machine;
	bench_host(true, &host);
	if (bench_machine(program, &machine, err) != 0)
		return err->code;
	snprintf(host.jemalloc, sizeof host.jemalloc, "%s", machine.jemalloc);
	print_host(&host, &machine, program, width);
	bool sound = false;
	if (check_self(&host, width, &sound, err) != 0)
		return err->code;
	row("verdict", sound ? "sound: bytes are exact here" : "NOT SOUND: a row above does not read what it must", width);
	return sound ? 0 : err_set(err, ERR_FAILED, "%s", "");
}

const struct command command_doctor = {
	.name = "doctor",
	.group = "This machine",
	.usage = "",
	.summary = "what can be measured here, and how exactly",
	.run = doctor,
};
