/* SPDX-License-Identifier: MIT */
/* memhint help: the overview, one command's help, or twelve words with a number each. */

#include "base/text.h"
#include "base/units.h"
#include "bench/bench.h"
#include "cmd/cmd.h"
#include "cmd/options.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Words that the screens use. A number that is the machine's own is read from it. */
static void print_words(size_t width)
{
	struct host_result host;
	bench_host(true, &host);
	char page[UNITS_TEXT], cache[UNITS_TEXT], pages[UNITS_TEXT];
	long line = sysconf(_SC_LEVEL1_DCACHE_LINESIZE);
	units_count((double)host.page_bytes, page);
	units_bytes((double)host.cache_bytes, cache);
	units_count(64e6 / (double)host.page_bytes, pages);
	char page_text[128], fault_text[160], line_text[160], cache_text[160], rss_text[200], error[UNITS_TEXT];
	snprintf(page_text, sizeof page_text, "the kernel's unit of memory: %s B here.", page);
	snprintf(fault_text, sizeof fault_text, "the kernel brings in a page when it is first touched, zeroed: up to %s times for 64 MB.", pages);
	snprintf(line_text, sizeof line_text, "what a processor fetches at once: %ld B here, so reading every 8th float64 reads all of them.", line > 0 ? line : 64);
	if (host.cache_bytes > 0)
		snprintf(cache_text, sizeof cache_text, "fast memory beside the processor; the last one holds %s here.", cache);
	else
		snprintf(cache_text, sizeof cache_text, "fast memory beside the processor, 4 to 64 MB of it in most.");
	snprintf(rss_text, sizeof rss_text, "the pages that are really in memory. The kernel counts it to within %s here.",
	         units_bytes((double)host.rss_error_bytes, error));
	const struct {
		const char *word, *meaning;
	} words[] = {
		{ "itemsize", "bytes of one element: 8 for float64, 4 for float32." },
		{ "stride", "bytes from one element to the next: 8 in a, 16 in a[::2]." },
		{ "view", "a new shape and strides over the same bytes: 0 B, whatever the size." },
		{ "copy", "new bytes: a.copy() of 4,000,000 float64 makes 32.0 MB." },
		{ "makes", "bytes asked of the allocator, all calls added up: three temporaries of 32.0 MB make 96.0 MB." },
		{ "peak", "the most bytes alive at once: of those three, two, so 64.0 MB." },
		{ "size class", "allocators hand out fixed sizes: 24 B asked are 32 B allocated." },
		{ "page", page_text },
		{ "page fault", fault_text },
		{ "peak RSS", rss_text },
		{ "cache line", line_text },
		{ "cache", cache_text },
	};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		struct text row = { 0 };
		text_addf(&row, "%-11s ", words[i].word);
		text_wrap(&row, words[i].meaning, 12, 12, width);
		fputs(text_string(&row), stdout);
		text_release(&row);
	}
}

static int help(int argc, char **argv, struct err *err)
{
	static const struct options_command command = {
		.args_doc = "[COMMAND|words]",
		.doc = "Help about a command, or the words that memhint uses.\v'memhint help words' explains twelve words with a number each.",
		.most_words = 1,
		.what = "a command",
	};
	struct options options;
	if (options_parse(&command, argc, argv, &options, err) != 0)
		return err->code;
	if (options.nwords == 0) {
		command_overview();
		return 0;
	}
	if (strcmp(options.words[0], "words") == 0) {
		print_words(options_width());
		return 0;
	}
	const struct command *about = command_find(options.words[0]);
	if (!about) {
		const char *names[32] = { "words" };
		size_t count = 1;
		for (size_t i = 0; count < 32 && command_table[i]; i++)
			names[count++] = command_table[i]->name;
		const char *near = text_nearest(options.words[0], names, count);
		if (near)
			return err_set(err, ERR_USAGE, "no help about '%s': did you mean '%s'?", options.words[0], near);
		return err_set(err, ERR_USAGE, "no help about '%s' (see 'memhint --help')", options.words[0]);
	}
	char name[64], flag[] = "--help";
	snprintf(name, sizeof name, "memhint %s", about->name);
	char *words[] = { name, flag, NULL };
	return about->run(2, words, err);
}

const struct command command_help = {
	.name = "help",
	.group = "Start here",
	.usage = "[COMMAND|words]",
	.summary = "help about a command; twelve words explained",
	.run = help,
};
