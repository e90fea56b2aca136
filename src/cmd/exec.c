/* SPDX-License-Identifier: MIT */
/*
 * memhint exec: any program on the same ledger.
 *
 * Its exit status is the program's: its own, 128 + signal, 127 (not found), 126 (cannot be run); 1 if a budget was broken by a program that ended with 0; and 125 for every
 * failure of memhint itself, words on the command line among them. Of a comparison it is that of the first command that failed.
 */

#include "base/ledger.h"
#include "base/outfile.h"
#include "base/text.h"
#include "base/units.h"
#include "bench/bench.h"
#include "cmd/cmd.h"
#include "cmd/exec_options.h"
#include "cmd/inherited.h"
#include "cmd/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

enum { OWN_FAILURE = 125 };

static const double budget_s = 3;

/* ---- exit status ---- */

static int status_of(const struct program_result *result, bool ignore_failure)
{
	if (result->status == RESULT_FAILED)
		return result->exit_status;
	if (result->signal != 0)
		return 128 + result->signal;
	return ignore_failure ? 0 : result->exit_status;
}

/* A limit that could not be judged must not pass for one that was kept. */
static bool is_missed(const struct program_budget *budget)
{
	return budget->broken || budget->used == RESULT_NONE;
}

static bool any_missed(const struct results *results)
{
	for (size_t i = 0; i < results->nprograms; i++)
		for (size_t k = 0; k < results->programs[i].nbudgets; k++)
			if (is_missed(&results->programs[i].budgets[k]))
				return true;
	return false;
}

static int end_with(int status, struct err *err)
{
	err->code = status == 0 ? ERR_OK : ERR_STATUS;
	err->status = status;
	return err->code;
}

static int conclude(const struct results *results, bool ignore_failure, struct err *err)
{
	int status = 0;
	for (size_t i = 0; status == 0 && i < results->nprograms; i++)
		status = status_of(&results->programs[i], ignore_failure);
	return end_with(status == 0 && any_missed(results) ? 1 : status, err);
}

/* ---- what is said beside the report ---- */

/* Where the report is a file, or for a program to read, broken budgets are told to people all the same. */
static void tell_broken(const struct results *results)
{
	for (size_t i = 0; i < results->nprograms; i++)
		for (size_t k = 0; k < results->programs[i].nbudgets; k++) {
			const struct program_budget *budget = &results->programs[i].budgets[k];
			char limit[UNITS_TEXT], used[UNITS_TEXT];
			const char *of = budget->region ? "=" : "", *region = budget->region ? budget->region : "";
			if (!is_missed(budget))
				continue;
			if (budget->used == RESULT_NONE)
				fprintf(stderr, "memhint exec: %s%s%s: %s\n", budget->option, of, region, budget->why);
			else
				fprintf(stderr, "memhint exec: %s%s%s: limited to %s, used %s\n", budget->option, of, region,
				        budget->is_bytes ? units_bytes((double)budget->limit, limit) : units_count((double)budget->limit, limit),
				        budget->is_bytes ? units_bytes((double)budget->used, used) : units_count((double)budget->used, used));
		}
}

/* The first program that failed: of a single run, which tells for itself how it ended, only why it could not begin. */
static void tell_failed(const struct program_result *result, const struct exec_options *options, struct err *err)
{
	const char *why = result->why;
	if (err->text[0] || status_of(result, options->ignore_failure) == 0)
		return;
	if (result->status == RESULT_FAILED)
		snprintf(err->text, sizeof err->text, "%s", why);
	else if (!options->once && *why)
		snprintf(err->text, sizeof err->text, "'%.80s': %s", result->total.name, why);
	else if (!options->once)
		snprintf(err->text, sizeof err->text, "'%.80s': exit status %d", result->total.name, result->exit_status);
}

static void describe_host(bool is_table, struct host_result *host)
{
	struct bench_machine machine;
	struct err err;
	bench_host(true, host);
	snprintf(host->malloc_conf, sizeof host->malloc_conf, "%s", LEDGER_MALLOC_CONF);
	if (!is_table && bench_machine((const char *)getauxval(AT_EXECFN), &machine, &err) == 0)
		snprintf(host->jemalloc, sizeof host->jemalloc, "%s", machine.jemalloc);
}

static void write_report(const struct exec_options *options, const struct results *results, FILE *stream, int fd)
{
	const struct report_format *format = options->common.format;
	const struct report_options report = {
		.stream = stream,
		.screen = REPORT_EXEC,
		.width = fd >= 0 ? options_width_of(fd) : 80,
		.color = options_use_color_on(&options->common, fd),
		.wide = options->common.wide,
	};
	if (format->begin)
		format->begin(&report, results);
	if (format->end)
		format->end(&report, results);
}

/* At once, so that nothing that still runs writes in between. What cannot be written there can be told nowhere. */
static int report_to_stderr(const struct exec_options *options, const struct results *results, struct err *err)
{
	char *text = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&text, &length);
	if (!stream)
		return err_set(err, ERR_IO, "out of memory");
	write_report(options, results, stream, STDERR_FILENO);
	if (fclose(stream) == 0)
		fwrite(text, 1, length, stderr);
	free(text);
	return 0;
}

/* ---- measuring ---- */

static struct program_plan make_plan(const struct exec_options *options, struct progress *progress)
{
	const struct options *common = &options->common;
	struct program_plan plan = {
		.commands = options->commands,
		.ncommands = options->ncommands,
		.once = options->once,
		.plain = options->plain,
		.sets = (size_t)common->sets,
		.seconds = common->seconds > 0 ? common->seconds : budget_s,
		.warmup = (size_t)options->warmup,
		.prepare = options->prepare,
		.cleanup = options->cleanup,
		.input = options->input,
		.output = options->output,
		.python_objects = options->python_objects,
		.limits = options->limits,
		.nlimits = options->nlimits,
		.timeout_s = common->timeout_s,
		.ignore_failure = options->ignore_failure,
		.ignored = &inherited.ignored,
		.progress = options->once ? NULL : progress_show,
		.progress_context = progress,
	};
	memcpy(plan.closed, inherited.closed, sizeof plan.closed);
	return plan;
}

/* Who asks for the report of a program that could not be run gets one that says so; a table would only repeat the line. */
static bool wants_report(const struct exec_options *options, const struct results *results)
{
	const struct options *common = &options->common;
	bool failed = results->nprograms == 1 && results->programs[0].status == RESULT_FAILED;
	if (failed)
		return common->output || common->format != report_formats[0];
	return !options->once || common->output || !common->quiet || any_missed(results);
}

static int measure_programs(const struct exec_options *options, struct outfile *file, struct results *results, struct err *err)
{
	const struct options *common = &options->common;
	bool to_stderr = options->once && !common->output, is_table = common->format == report_formats[0];
	struct progress progress = { .on = !common->quiet && progress_possible(), .lesson = "programs", .total = 1 };
	struct program_plan plan = make_plan(options, &progress);
	int status = program_measure(&plan, results->programs, err);
	progress_clear(&progress);
	if (status != 0)
		return status;
	results->nprograms = options->ncommands;
	bool report = wants_report(options, results);
	if (report)
		describe_host(is_table, &results->host);
	if (report && to_stderr)
		status = report_to_stderr(options, results, err);
	else if (report)
		write_report(options, results, file->stream, common->output ? -1 : STDOUT_FILENO);
	if (!to_stderr && status == 0)
		status = outfile_commit(file, err);
	if (status == 0 && (common->output || (!options->once && !is_table)))
		tell_broken(results);
	if (status != 0)
		return status;
	conclude(results, options->ignore_failure, err);
	for (size_t i = 0; i < results->nprograms && !(report && to_stderr); i++)
		tell_failed(&results->programs[i], options, err);
	return err->code;
}

static int exec(int argc, char **argv, struct err *err)
{
	struct exec_options options;
	struct outfile file = { 0 };
	struct results results = { 0 };
	int status = exec_options_parse(argc, argv, &options, err);
	bool to_stderr = options.once && !options.common.output;
	if (status == 0 && !to_stderr)
		status = outfile_open(options.common.output ? options.common.output : "-", &file, err);
	results.programs = calloc(options.ncommands + 1, sizeof *results.programs);
	if (status == 0 && !results.programs)
		status = err_set(err, ERR_IO, "out of memory");
	else if (status == 0)
		status = measure_programs(&options, &file, &results, err);
	results.nprograms = options.ncommands; /* what an interrupted measurement had made goes too */
	if (results.programs)
		results_release(&results);
	outfile_release(&file);
	exec_options_release(&options);
	return status == 0 || status == ERR_STATUS || status == ERR_INTERRUPTED ? status : end_with(OWN_FAILURE, err);
}

const struct command command_exec = {
	.name = "exec",
	.group = "Look closer",
	.usage = "[--] PROGRAM...",
	.summary = "any program, or several compared, on the same ledger",
	.run = exec,
};
