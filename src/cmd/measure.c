/* SPDX-License-Identifier: MIT */
/*
 * Lessons in, report out. The order matters: all words and sizes are checked, then the output file is opened, and only then does anything run.
 */

#include "cmd/measure.h"

#include "base/outfile.h"
#include "base/text.h"
#include "base/units.h"
#include "bench/bench.h"
#include "bench/twin.h"
#include "cmd/judge.h"
#include "cmd/progress.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <time.h>

enum { VALUE_TEXT = 24, WORKER_BYTES = 8 << 20 /* a process with nothing in it, and tables */, PYTHON_BYTES = 40 << 20 /* with NumPy in it */ };

/* One way in one of its languages. */
struct way {
	const struct lesson_variant *variant;
	bool numpy;
};

/* One lesson, ready to be measured. */
struct item {
	const struct lesson *lesson;
	uint64_t params[LESSON_PARAMS_MAX];
	size_t nparams;
	char note[256]; /* what fit() had to say */
	struct way *ways; /* the selected; owned */
	size_t nways, nall;
};

/* ---- checking ---- */

int measure_find(const char *word, const struct lesson **out_lesson, struct err *err)
{
	*out_lesson = lesson_find(word);
	if (*out_lesson)
		return 0;
	const char *names[256];
	size_t count = 0;
	for (const struct lesson *const *lesson = lesson_all(); *lesson && count + 2 <= 256; lesson++) {
		names[count++] = (*lesson)->name;
		names[count++] = (*lesson)->id;
	}
	const char *near = text_nearest(word, names, count);
	if (near)
		return err_set(err, ERR_USAGE, "no lesson '%s': did you mean '%s'? (memhint list shows all)", word, near);
	return err_set(err, ERR_USAGE, "no lesson '%s' (memhint list shows all)", word);
}

bool measure_selects(const char *list, const char *name)
{
	if (!list || strcmp(list, "all") == 0)
		return true;
	size_t length = strlen(name);
	for (const char *at = list; *at; at += strcspn(at, ","), at += *at == ',') {
		size_t word = strcspn(at, ",");
		if (word == length && strncmp(at, name, length) == 0)
			return true;
	}
	return false;
}

static bool wanted(const struct lesson_variant *variant, const struct measure_task *task, const struct options *options)
{
	if (!options->variants)
		return !task->headlines_only || variant->headline;
	return measure_selects(options->variants, variant->name);
}

/* Every name in --variants must be a way of one of the lessons. */
int measure_check_variants(const struct lesson *const *lessons, const char *list, bool with_numpy, struct err *err)
{
	if (!list || strcmp(list, "all") == 0 || !lessons[0])
		return 0;
	const char *at = list;
	for (;;) {
		char name[64];
		size_t length = strcspn(at, ",");
		if (length == 0)
			return err_set(err, ERR_USAGE, "--variants '%s' has an empty name: give names with commas between them, or all", list);
		snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), at);
		const char *names[256];
		size_t count = 0;
		bool found = false, in_numpy = false;
		for (const struct lesson *const *lesson = lessons; *lesson; lesson++) {
			found = found || lesson_variant_find(*lesson, name);
			in_numpy = in_numpy || lesson_numpy_find(*lesson, name);
			for (const struct lesson_variant *variant = (*lesson)->variants; variant->name && count < 256; variant++)
				names[count++] = variant->name;
			for (const struct lesson_variant *variant = (*lesson)->numpy_variants; with_numpy && variant && variant->name && count < 256; variant++)
				names[count++] = variant->name;
		}
		if (!found && in_numpy && !with_numpy)
			return err_set(err, ERR_USAGE, "'%s' is a way that only NumPy has: add --with numpy", name);
		found = found || in_numpy;
		if (!found) {
			const char *near = text_nearest(name, names, count);
			const char *where = lessons[0]->name, *others = lessons[1] ? " and the others" : "";
			if (near)
				return err_set(err, ERR_USAGE, "no way '%s' in '%s'%s: did you mean '%s'?", name, where, others, near);
			return err_set(err, ERR_USAGE, "no way '%s' in '%s'%s (memhint list %s tells them)", name, where, others, where);
		}
		if (!at[length])
			return 0;
		at += length + 1;
	}
}

static int check_range(const struct lesson *lesson, const struct lesson_param *param, const char *text, uint64_t value, struct err *err)
{
	char least[UNITS_TEXT], most[UNITS_TEXT];
	if (value >= param->least && value <= param->most)
		return 0;
	return err_set(err, ERR_USAGE, "'%s' is out of range for %s of '%s': %s to %s", text, param->name, lesson->name, units_short(param->least, least),
	               units_short(param->most, most));
}

/* One --set for the lessons that have such a parameter. */
static int apply_setting(const char *setting, struct item *items, size_t count, struct err *err)
{
	const char *equals = strchr(setting, '=');
	if (count == 0)
		return 0; /* no lesson is left to set anything in */
	if (!equals || equals == setting)
		return err_set(err, ERR_USAGE, "--set wants NAME=VALUE, as in n=4M, not '%s'", setting);
	char name[64];
	snprintf(name, sizeof name, "%.*s", (int)((size_t)(equals - setting) < sizeof name ? (size_t)(equals - setting) : sizeof name - 1), setting);
	const char *names[LESSON_PARAMS_MAX * 16];
	size_t nnames = 0;
	bool found = false;
	for (size_t i = 0; i < count; i++) {
		const struct lesson *lesson = items[i].lesson;
		for (size_t k = 0; lesson->params[k].name; k++) {
			if (nnames < sizeof names / sizeof names[0])
				names[nnames++] = lesson->params[k].name;
			if (strcmp(lesson->params[k].name, name) != 0)
				continue;
			found = true;
			uint64_t value;
			if (units_parse(name, equals + 1, &value, err) != 0 || check_range(lesson, &lesson->params[k], equals + 1, value, err) != 0)
				return err->code;
			items[i].params[k] = value;
		}
	}
	if (found)
		return 0;
	const char *near = text_nearest(name, names, nnames);
	if (near)
		return err_set(err, ERR_USAGE, "no parameter '%s' in '%s': did you mean '%s'?", name, items[0].lesson->name, near);
	struct text all = { 0 };
	for (size_t i = 0; i < nnames && count == 1; i++)
		text_addf(&all, "%s%s", i ? ", " : "", names[i]);
	err_set(err, ERR_USAGE, "no parameter '%s' in '%s'%s%s%s", name, items[0].lesson->name, all.length ? " (it has " : "", text_string(&all), all.length ? ")" : "");
	text_release(&all);
	return err->code;
}

static const char *job_name(const struct lesson_variant *variant, const struct lesson *lesson)
{
	return variant->job ? variant->job : lesson->jobs[0].name;
}

/* What one worker of a way holds. */
static uint64_t worker_bytes(const struct item *item, const struct way *way)
{
	uint64_t setup = item->lesson->setup_bytes ? item->lesson->setup_bytes(item->params) : 0;
	uint64_t asked = lesson_add(setup, way->variant->peak_asked(item->params));
	/* Size classes lie up to a quarter above what is asked; Python's objects and what NumPy's setup() computes with come on top of the data. */
	if (way->numpy)
		return lesson_add(lesson_add(asked, asked), PYTHON_BYTES);
	return lesson_add(lesson_add(asked, asked / 4), WORKER_BYTES);
}

/* The memory that the largest job needs; UINT64_MAX when it does not fit 64 bits. Timed, its workers are alive together; before, counted and watched, two of one way. */
static uint64_t memory_needed(const struct item *item, size_t *out_workers)
{
	uint64_t most = 0;
	*out_workers = 0;
	for (size_t i = 0; i < item->nways; i++) {
		const char *job = job_name(item->ways[i].variant, item->lesson);
		uint64_t sum = 0, largest = 0;
		size_t workers = 0;
		for (size_t k = 0; k < item->nways; k++) {
			if (strcmp(job_name(item->ways[k].variant, item->lesson), job) != 0)
				continue;
			uint64_t one = worker_bytes(item, &item->ways[k]);
			largest = one > largest ? one : largest;
			sum = lesson_add(sum, one);
			workers++;
		}
		uint64_t two = lesson_add(largest, largest);
		if (two > sum) {
			sum = two;
			workers = 2;
		}
		if (sum >= most) {
			most = sum;
			*out_workers = workers;
		}
	}
	return most;
}

static int check_memory(const struct item *item, const struct options *options, struct err *err)
{
	size_t workers;
	uint64_t need = memory_needed(item, &workers);
	for (size_t i = 0; i < item->nways; i++)
		if (item->ways[i].variant->asked(item->params) >= INT64_MAX)
			need = UINT64_MAX;
	if (need >= INT64_MAX)
		return err_set(err, ERR_USAGE, "'%s' with these sizes needs more bytes than 63 bits can count: give smaller values to --set", item->lesson->name);
	uint64_t have = bench_memory_available();
	if (have == 0 || need <= have || options->force)
		return 0;
	char need_text[UNITS_TEXT], have_text[UNITS_TEXT];
	return err_set(err, ERR_UNMEASURED, "'%s' needs %s (%zu workers at once), and %s are available: give smaller values to --set, or fewer --variants, or --force",
	               item->lesson->name, units_bytes((double)need, need_text), workers, units_bytes((double)have, have_text));
}

/* Of the kept-pages rows there is no twin: they are an allocator's setting, not a way. */
static bool has_twin(const struct lesson *lesson, const struct lesson_variant *variant)
{
	return !variant->pages_kept && lesson_twin_function(lesson, variant->name);
}

static bool is_last_of_job(const struct lesson *lesson, const struct lesson_variant *variant)
{
	for (const struct lesson_variant *later = variant + 1; later->name; later++)
		if (strcmp(job_name(later, lesson), job_name(variant, lesson)) == 0)
			return false;
	return true;
}

static size_t count_variants(const struct lesson_variant *variants)
{
	size_t count = 0;
	while (variants && variants[count].name)
		count++;
	return count;
}

/* All ways of a lesson, each in C and then in NumPy; those that only NumPy has come last in their job. Returns how many. */
static size_t list_ways(const struct lesson *lesson, bool with_numpy, struct way *out_ways)
{
	size_t count = 0;
	for (const struct lesson_variant *variant = lesson->variants; variant->name; variant++) {
		out_ways[count++] = (struct way){ variant, false };
		if (!with_numpy)
			continue;
		if (has_twin(lesson, variant))
			out_ways[count++] = (struct way){ lesson_numpy_find(lesson, variant->name), true };
		if (!is_last_of_job(lesson, variant))
			continue;
		for (const struct lesson_variant *only = lesson->numpy_variants; only && only->name; only++)
			if (strcmp(job_name(only, lesson), job_name(variant, lesson)) == 0 && !lesson_variant_find(lesson, only->name))
				out_ways[count++] = (struct way){ only, true };
	}
	return count;
}

static int item_init(struct item *item, const struct lesson *lesson, const struct measure_task *task, const struct options *options, struct err *err)
{
	item->lesson = lesson;
	item->ways = calloc(2 * count_variants(lesson->variants) + count_variants(lesson->numpy_variants) + 1, sizeof *item->ways);
	if (!item->ways)
		return err_set(err, ERR_IO, "out of memory");
	item->nall = list_ways(lesson, options->with_numpy, item->ways);
	for (size_t i = 0; i < item->nall; i++)
		if (wanted(item->ways[i].variant, task, options))
			item->ways[item->nways++] = item->ways[i];
	for (; lesson->params[item->nparams].name; item->nparams++)
		item->params[item->nparams] = lesson->params[item->nparams].value;
	return 0;
}

static int item_fit(struct item *item, const struct options *options, struct err *err)
{
	if (item->lesson->fit && item->lesson->fit(item->params, item->note, sizeof item->note) < 0)
		return err_set(err, ERR_USAGE, "%s", item->note);
	return check_memory(item, options, err);
}

/* ---- measuring ---- */

static const char *role_name(enum lesson_role role)
{
	return role == LESSON_NAIVE ? "naive" : role == LESSON_BETTER ? "better" : "other";
}

static void describe_variant(const struct lesson *lesson, const struct way *way, struct variant_result *result)
{
	const struct lesson_variant *variant = way->variant;
	*result = (struct variant_result){
		.name = variant->name,
		.language = way->numpy ? "numpy" : "c",
		.role = role_name(variant->role),
		.job = job_name(variant, lesson),
		.numpy = variant->numpy,
		.what = variant->what,
		.formula = way->numpy ? NULL : variant->formula,
		.headline = variant->headline,
	};
}

static void add_note(struct lesson_result *result, char *note)
{
	if (note && result->nnotes < sizeof result->notes / sizeof result->notes[0])
		result->notes[result->nnotes++] = note;
	else
		free(note);
}

/* The job's sentence; several jobs are joined by their names. */
static int describe_jobs(const struct item *item, struct lesson_result *result, struct err *err)
{
	const struct lesson *lesson = item->lesson;
	struct text all = { 0 };
	bool one = !lesson->jobs[1].name;
	for (const struct lesson_job *job = lesson->jobs; job->name; job++) {
		bool selected = false;
		for (size_t i = 0; i < item->nways; i++)
			selected = selected || strcmp(job_name(item->ways[i].variant, lesson), job->name) == 0;
		if (!selected)
			continue;
		char *text;
		if (judge_text(lesson, item->params, 0, NULL, job->text, &text, err) != 0) {
			text_release(&all);
			return err->code;
		}
		if (one)
			text_add(&all, text);
		else
			text_addf(&all, "%s%s: %s", all.length ? "; " : "", job->name, text);
		free(text);
	}
	result->job = text_take(&all);
	return result->job ? 0 : err_set(err, ERR_IO, "out of memory");
}

/* What the reader must know about this machine and this run, beside the numbers. */
static void add_remarks(const struct item *item, const struct host_result *host, struct lesson_result *result)
{
	struct text note = { 0 };
	if (item->note[0]) {
		text_add(&note, item->note);
		add_note(result, text_take(&note));
	}
	if (result->numpy && !lesson_twin(item->lesson)) {
		text_addf(&note, "'%s' has no numpy.py: its ways are in C alone", item->lesson->name);
		add_note(result, text_take(&note));
	}
	uint64_t naive_bytes = 0;
	for (size_t i = 0; i < item->nways; i++) {
		uint64_t asked = item->ways[i].variant->peak_asked(item->params);
		if (item->ways[i].variant->role == LESSON_NAIVE && asked > naive_bytes)
			naive_bytes = asked;
	}
	if (!item->lesson->untimed && naive_bytes > (1 << 20) && host->cache_bytes > 0 && naive_bytes < (uint64_t)host->cache_bytes) {
		char bytes[UNITS_TEXT], cache[UNITS_TEXT];
		text_addf(&note, "%s fit this machine's cache of %s: expect smaller differences", units_bytes((double)naive_bytes, bytes),
		          units_bytes((double)host->cache_bytes, cache));
		add_note(result, text_take(&note));
	}
	double widest = 0;
	for (size_t i = 0; i < result->nvariants; i++) {
		const struct ratio_result *ratio = &result->variants[i].ratio;
		if (!isnan(ratio->low) && ratio->low > 0)
			widest = fmax(widest, ratio->high / ratio->low);
	}
	if (widest > 1.5) {
		text_add(&note, "the times vary: a busy machine? The bytes do not; --time 5 helps");
		add_note(result, text_take(&note));
	}
	text_release(&note);
}

static int run_bench(const struct item *item, const struct measure_task *task, const struct options *options, const struct twin_python *python,
                     struct progress *progress, struct lesson_result *result, struct err *err)
{
	const struct lesson *lesson = item->lesson;
	struct bench_variant *variants = calloc(item->nways + 1, sizeof *variants);
	char values_text[LESSON_PARAMS_MAX][VALUE_TEXT];
	const char *values[LESSON_PARAMS_MAX + 1] = { 0 };
	if (!variants)
		return err_set(err, ERR_IO, "out of memory");
	for (size_t i = 0; i < item->nparams; i++) {
		snprintf(values_text[i], VALUE_TEXT, "%llu", (unsigned long long)item->params[i]);
		values[i] = values_text[i];
	}
	uint64_t traffic = 0;
	for (size_t i = 0; i < item->nways; i++) {
		const struct lesson_variant *from = item->ways[i].variant;
		bool numpy = item->ways[i].numpy;
		variants[i] = (struct bench_variant){
			.name = from->name,
			.job = job_name(from, lesson),
			.naive = from->role == LESSON_NAIVE,
			.numpy = numpy,
			.pages_kept = from->pages_kept || options->keep_pages,
			.predicted_asked_bytes = numpy ? RESULT_NONE : (int64_t)from->asked(item->params),
			.predicted_peak_asked_bytes = numpy ? RESULT_NONE : (int64_t)from->peak_asked(item->params),
			.has_floor = from->reads && from->writes,
			.reads = from->reads ? from->reads(item->params) : 0,
			.writes = from->writes ? from->writes(item->params) : 0,
		};
		result->variants[i].malloc_conf = variants[i].pages_kept ? bench_malloc_conf_kept : bench_malloc_conf;
		uint64_t moved = lesson_add(lesson_add(variants[i].reads, variants[i].writes), from->asked(item->params));
		moved = numpy ? lesson_mul(moved, 8) : moved; /* a loop in Python */
		traffic = moved > traffic ? moved : traffic;
	}
	struct bench_plan plan = {
		.program = (const char *)getauxval(AT_EXECFN),
		.lesson = lesson->name,
		.values = values,
		.variants = variants,
		.nvariants = item->nways,
		.tolerance = lesson->tolerance,
		.untimed = lesson->untimed,
		.python = python,
		.twin = lesson_twin(lesson),
		.hugepages = !options->hugepages_never,
		.seconds = options->seconds > 0 ? options->seconds : task->seconds,
		.sets = (size_t)options->sets,
		/* A minute, and a second more for each 50 MB that is made or must move: nobody needs that long who is alive. */
		.timeout_s = options->timeout_s > 0 ? options->timeout_s : 60 + (double)traffic / 50e6,
		.progress = progress_show,
		.progress_context = progress,
	};
	int status = bench_run(&plan, result->variants, err);
	free(variants);
	return status;
}

static int measure_item(const struct item *item, const struct measure_task *task, const struct options *options, const struct twin_python *python,
                        const struct host_result *host, struct progress *progress, struct lesson_result *result, struct err *err)
{
	const struct lesson *lesson = item->lesson;
	struct timespec start, end;
	clock_gettime(CLOCK_MONOTONIC, &start);
	*result = (struct lesson_result){
		.id = lesson->id,
		.name = lesson->name,
		.title = lesson->title,
		.next = lesson->next,
		.judged_facts = lesson->judged_facts,
		.numpy = python ? python->both : NULL,
		.nparams = item->nparams,
		.variants = calloc(item->nways + 1, sizeof *result->variants),
	};
	if (!result->variants)
		return err_set(err, ERR_IO, "out of memory");
	result->nvariants = item->nways;
	for (size_t i = 0; i < item->nparams; i++)
		result->params[i] = (struct param_result){ lesson->params[i].name, item->params[i] };
	for (size_t i = 0; i < item->nways; i++)
		describe_variant(lesson, &item->ways[i], &result->variants[i]);
	progress->lesson = lesson->name;
	if (describe_jobs(item, result, err) != 0 || judge_text(lesson, item->params, host->page_bytes, result, lesson->input, &result->input, err) != 0 ||
	    run_bench(item, task, options, python, progress, result, err) != 0 || judge_claims(lesson, item->params, host->page_bytes, result, err) != 0 ||
	    judge_text(lesson, item->params, host->page_bytes, result, lesson->why, &result->why, err) != 0 ||
	    judge_text(lesson, item->params, host->page_bytes, result, lesson->mind, &result->mind, err) != 0)
		return err->code;
	/* A reason that names ways which were left out, or died, is none. */
	if (judge_has_gaps(result->why))
		free(result->why), result->why = NULL;
	if (judge_has_gaps(result->mind))
		free(result->mind), result->mind = NULL;
	add_remarks(item, host, result);
	clock_gettime(CLOCK_MONOTONIC, &end);
	result->elapsed_s = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) * 1e-9;
	return 0;
}

/* Does a result call for status 1? */
static bool lesson_failed(const struct lesson_result *result, bool strict)
{
	for (size_t i = 0; i < result->nvariants; i++)
		if (result->variants[i].status != RESULT_OK || result->variants[i].prediction_missed)
			return true;
	for (size_t i = 0; i < result->nclaims; i++) {
		const struct claim_result *claim = &result->claims[i];
		if (claim->kind != CLAIM_EXACT)
			continue;
		if (strict && claim->verdict == CLAIM_FAILS)
			return true;
		bool judged = claim->verdict != CLAIM_CANNOT_JUDGE && claim->expected != CLAIM_EITHER;
		if (judged && claim->verdict != claim->expected)
			return true;
	}
	return false;
}

static void remark_environment(const struct measure_task *task, const struct options *options)
{
	const char *conf = getenv("MALLOC_CONF"), *preload = getenv("LD_PRELOAD");
	bool has_conf = conf && *conf, has_preload = preload && *preload;
	if (options->quiet || !(has_conf || has_preload))
		return;
	fprintf(stderr, "memhint %s: not passed on to the measured processes: your %s%s%s ('memhint doctor' shows what they get)\n",
	        task->screen == REPORT_RUN ? "run" : "compare", has_conf ? "MALLOC_CONF" : "",
	        has_conf && has_preload ? " and " : "", has_preload ? "LD_PRELOAD" : "");
}

static size_t count_lessons(const struct lesson *const *lessons)
{
	size_t count = 0;
	while (lessons[count])
		count++;
	return count;
}

static int measure_items(const struct item *items, size_t count, const struct measure_task *task, const struct options *options,
                         const struct twin_python *python, struct err *err)
{
	struct outfile file = { 0 };
	if (outfile_open(options->output ? options->output : "-", &file, err) != 0)
		return err->code;
	struct results results = { .lessons = calloc(count + 1, sizeof *results.lessons) };
	struct progress progress = { .on = !options->quiet && progress_possible(), .total = count };
	struct report_options report = {
		.stream = file.stream,
		.screen = task->screen,
		.width = options->output ? 80 : options_width(),
		.color = options_use_color(options, options->output != NULL),
		.wide = options->wide,
		.brief = options->brief,
	};
	bool failed = false;
	int status = results.lessons ? 0 : err_set(err, ERR_IO, "out of memory");
	for (size_t i = 0; i < count; i++) {
		report.ways_total += items[i].nall;
		report.ways_selected += items[i].nways;
	}
	report.lessons_total = count;
	remark_environment(task, options);
	bench_host(!options->hugepages_never, &results.host);
	if (python) {
		snprintf(results.host.python, sizeof results.host.python, "%s", python->python);
		snprintf(results.host.numpy, sizeof results.host.numpy, "%s", python->numpy);
	}
	if (status == 0) {
		struct bench_machine machine;
		status = bench_machine((const char *)getauxval(AT_EXECFN), &machine, err);
		snprintf(results.host.jemalloc, sizeof results.host.jemalloc, "%s", machine.jemalloc);
		if (status == 0 && options->format != report_formats[0]) /* the table does not show it */
			results.host.bandwidth_bytes_per_s = bench_bandwidth((const char *)getauxval(AT_EXECFN), 64 << 20, 0);
	}
	if (status == 0 && options->format->begin) {
		options->format->begin(&report, &results);
		status = outfile_flush(&file, err);
	}
	for (size_t i = 0; status == 0 && i < count; i++) {
		progress.at = i;
		results.nlessons = i + 1;
		status = measure_item(&items[i], task, options, python, &results.host, &progress, &results.lessons[i], err);
		progress_clear(&progress);
		if (status != 0)
			break;
		failed = failed || lesson_failed(&results.lessons[i], options->strict);
		if (options->format->lesson)
			options->format->lesson(&report, &results, i);
		status = outfile_flush(&file, err); /* who can read no more need not wait for the rest */
	}
	if (status == 0 && options->format->end)
		options->format->end(&report, &results);
	if (status == 0)
		status = outfile_commit(&file, err);
	outfile_release(&file);
	results_release(&results);
	return status != 0 ? status : failed ? err_set(err, ERR_FAILED, "%s", "") : 0;
}

int measure(const struct measure_task *task, const struct options *options, struct err *err)
{
	size_t count = count_lessons(task->lessons), kept = 0;
	struct item *items = calloc(count + 1, sizeof *items);
	if (!items)
		return err_set(err, ERR_IO, "out of memory");
	int status = measure_check_variants(task->lessons, options->variants, options->with_numpy, err);
	for (size_t i = 0; status == 0 && i < count; i++) {
		status = item_init(&items[kept], task->lessons[i], task, options, err);
		bool empty = status == 0 && items[kept].nways == 0;
		if (empty && options->nwords > 0) /* who names a lesson wants to see it */
			status = err_set(err, ERR_USAGE, options->variants ? "none of --variants '%s' is a way of '%s' (memhint list %s shows them)"
			                                                   : "no way of%.0s '%s' is for this table: add --variants all (memhint list %s shows them)",
			                 options->variants ? options->variants : "", task->lessons[i]->name, task->lessons[i]->name);
		if (status == 0 && !empty)
			kept++;
		else
			free(items[kept].ways), items[kept] = (struct item){ 0 };
	}
	for (size_t i = 0; status == 0 && i < options->nsettings; i++)
		status = apply_setting(options->settings[i], items, kept, err);
	for (size_t i = 0; status == 0 && i < kept; i++)
		status = item_fit(&items[i], options, err);
	static struct twin_python python = { .meter.fd = -1 }; /* large; off the stack */
	if (status == 0 && options->with_numpy)
		status = twin_find(&python, err);
	if (status == 0)
		status = measure_items(items, kept, task, options, options->with_numpy ? &python : NULL, err);
	twin_lose(&python);
	for (size_t i = 0; i < kept; i++)
		free(items[i].ways);
	free(items);
	return status;
}
