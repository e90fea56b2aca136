/* SPDX-License-Identifier: MIT */
/*
 * memhint inspect: view or copy, and why, of every step of a NumPy program, without running it.
 *
 * The answers go to standard output, what is wrong with the program (and the place where) to standard error; in JSON both are in the document. The status is 1
 * after an error in the program, and where a part of it was not followed.
 */

#include "base/outfile.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/interrupt.h"
#include "cmd/options.h"
#include "cmd/prompt.h"
#include "cmd/source.h"
#include "inspect/inspect.h"
#include "report/inspect.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY_EXPRESSION = 'e', KEY_LET = 'l' };
enum { TABLE_PAIRS = 1000 }; /* a screen shows a few, and how many more there are */

static const char message_lead[] = "memhint inspect: ";

/* What argp hands over one by one. */
static struct {
	const char *expression[OPTIONS_WORDS], *let[OPTIONS_WORDS];
	size_t nexpressions, nlets;
} given;

static int own_key(int key, const char *value, struct options *options)
{
	if (key != KEY_EXPRESSION && key != KEY_LET)
		return ARGP_ERR_UNKNOWN;
	size_t *count = key == KEY_LET ? &given.nlets : &given.nexpressions;
	if (*count == OPTIONS_WORDS) {
		if (options->err->code == ERR_OK)
			err_set(options->err, ERR_USAGE, "too many %s: '%.100s'", key == KEY_LET ? "--let" : "-e", value);
		return EINVAL;
	}
	(key == KEY_LET ? given.let : given.expression)[(*count)++] = value;
	return 0;
}

static bool is_table(const struct options *options)
{
	return options->format == report_formats[0];
}

static struct report_options page(const struct options *options, FILE *stream, int fd)
{
	return (struct report_options){
		.stream = stream,
		.width = fd >= 0 ? options_width_of(fd) : 80,
		.color = options_use_color_on(options, fd),
		.wide = options->wide,
		.brief = options->brief,
	};
}

/* An error in the program, where it stands in the file that it was read from. */
static void tell_error(const struct options *options, const struct inspect_error *error, const struct source *source)
{
	struct report_options screen = page(options, stderr, STDERR_FILENO);
	struct inspect_error placed = *error;
	const char *name = source_place(source, error->line, &placed.line);
	inspect_table_error(&screen, &placed, message_lead, name);
}

/* ---- --let ---- */

static int let_all(const struct options *options, struct inspect_session *session, struct err *err)
{
	for (size_t i = 0; i < given.nlets; i++) {
		if (inspect_let(session, given.let[i], strlen(given.let[i])) == 0)
			continue;
		const struct inspect_error *error = inspect_result(session)->error;
		struct report_options screen = page(options, stderr, STDERR_FILENO);
		if (!error)
			return err_set(err, ERR_IO, "out of memory");
		inspect_table_error(&screen, error, "memhint inspect: --let: ", NULL);
		err->code = ERR_USAGE;
		return err->code;
	}
	return 0;
}

/* ---- a program ---- */

static int gather(const struct options *options, struct source *source, struct err *err)
{
	int status = 0;
	for (size_t i = 0; status == 0 && i < options->nwords; i++)
		status = source_add_word(source, options->words[i], err);
	for (size_t i = 0; status == 0 && i < given.nexpressions; i++)
		status = source_add_text(source, given.expression[i], err);
	if (status == 0 && source->count == 0)
		status = source_add_word(source, "-", err);
	return status;
}

static void write_answers(const struct options *options, const struct inspection *found, FILE *stream)
{
	struct report_options report = page(options, stream, options->output ? -1 : STDOUT_FILENO);
	static const struct {
		const char *name;
		void (*print)(const struct report_options *, const struct inspection *);
	} formats[] = { { "json", inspect_json }, { "csv", inspect_csv }, { "markdown", inspect_markdown } };
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
		if (strcmp(options->format->name, formats[i].name) == 0) {
			formats[i].print(&report, found);
			return;
		}
	inspect_table(&report, found, (struct inspect_mark){ 0 }, false);
}

/* Where the answers go to a file or to another program, what was not followed is told to people all the same. */
static void tell_gaps(const struct inspection *found, const struct source *source)
{
	enum { MOST = 5 };
	for (size_t i = 0; i < found->ngaps && i < MOST; i++) {
		int line;
		const char *name = source_place(source, found->gaps[i].line, &line);
		fprintf(stderr, "%s%s%sline %d: %s\n", message_lead, name ? name : "", name ? ", " : "", line, found->gaps[i].message);
	}
	if (found->ngaps > MOST)
		fprintf(stderr, "%sand %zu more lines that are not followed\n", message_lead, found->ngaps - MOST);
}

static int follow(const struct options *options, const struct source *source, struct inspect_session *session, struct outfile *file, struct err *err)
{
	int status = let_all(options, session, err);
	if (status != 0)
		return status;
	int failed = inspect_feed(session, text_string(&source->text), source->text.length);
	const struct inspection *found = inspect_result(session);
	if (failed && !found->error)
		return err_set(err, ERR_IO, "out of memory");
	inspect_finish(session, is_table(options) ? TABLE_PAIRS : INSPECT_MOST_PAIRS);
	write_answers(options, found, file->stream);
	status = outfile_commit(file, err);
	bool is_json = strcmp(options->format->name, "json") == 0;
	if (found->error && (!is_json || options->output))
		tell_error(options, found->error, source);
	if (!is_table(options) && (!is_json || options->output))
		tell_gaps(found, source);
	if (status != 0)
		return status;
	if (found->error || found->ngaps > 0)
		err->code = ERR_FAILED;
	return err->code;
}

static int inspect_program(const struct options *options, struct err *err)
{
	struct source source = { 0 };
	struct outfile file = { 0 };
	struct inspect_session *session = NULL;
	int status = outfile_open(options->output ? options->output : "-", &file, err);
	if (status == 0)
		status = gather(options, &source, err);
	/* What stands in a file is meant to run: a name that it never assigns is a mistake there. */
	if (status == 0 && !(session = inspect_open(source.typed && is_table(options))))
		status = err_set(err, ERR_IO, "out of memory");
	if (status == 0)
		status = follow(options, &source, session, &file, err);
	inspect_close(session);
	outfile_release(&file);
	source_release(&source);
	return status;
}

/* ---- the prompt ---- */

/* Typed lines until they are a whole statement. */
static enum prompt_answer read_entry(struct text *entry)
{
	char *line;
	do {
		enum prompt_answer answer = prompt_read(entry->length > 0 ? "... " : ">>> ", &line);
		if (answer != PROMPT_LINE) {
			/* Ctrl-D in the middle ends the statement, as in Python. */
			return answer == PROMPT_END && entry->length > 0 ? PROMPT_LINE : answer;
		}
		prompt_remember(line);
		text_addf(entry, "%s\n", line);
		free(line);
	} while (!entry->failed && !inspect_is_whole(entry->data, entry->length));
	return PROMPT_LINE;
}

static int answer(const struct options *options, struct inspect_session *session, const struct text *entry, struct err *err)
{
	struct inspect_mark before = inspect_mark_end(inspect_result(session));
	struct report_options report = page(options, stdout, STDOUT_FILENO);
	int failed = inspect_feed(session, entry->data, entry->length);
	const struct inspection *found = inspect_result(session);
	if (failed && !found->error)
		return err_set(err, ERR_IO, "out of memory");
	inspect_table(&report, found, before, true);
	if (failed)
		inspect_table_error(&report, found->error, NULL, NULL);
	fflush(stdout);
	return 0;
}

static int inspect_typed(const struct options *options, struct err *err)
{
	struct inspect_session *session = inspect_open(false);
	if (!session)
		return err_set(err, ERR_IO, "out of memory");
	int status = let_all(options, session, err);
	bool at_end = status != 0;
	if (!at_end) {
		puts("NumPy lines, one at a time: a = np.arange(12.).reshape(3, 4). Ctrl-D ends.");
		prompt_open();
	}
	while (!at_end) {
		struct text entry = { 0 };
		enum prompt_answer got = read_entry(&entry);
		if (got == PROMPT_INTERRUPTED && interrupt_signal() == SIGINT) {
			interrupt_forget();
			putchar('\n');
		} else if (got == PROMPT_INTERRUPTED) {
			status = err_set(err, ERR_INTERRUPTED, "interrupted");
			at_end = true;
		} else if (got == PROMPT_END) {
			putchar('\n');
			at_end = true;
		} else if (!entry.failed) {
			status = answer(options, session, &entry, err);
			at_end = status != 0;
		}
		text_release(&entry);
	}
	if (status == 0)
		prompt_close();
	inspect_close(session);
	return status;
}

static int inspect(int argc, char **argv, struct err *err)
{
	static const struct argp_option own[] = {
		{ "expression", KEY_EXPRESSION, "CODE", 0, "Lines themselves, even if a file is called so; may be repeated", 1 },
		{ "let", KEY_LET, "NAME=ARRAY", 0, "Make an array beforehand: --let 'a = np.ones((1000, 8))'; may be repeated", 1 },
		{ 0 },
	};
	static const struct argp_child children[] = {
		{ &options_inspection, 0, NULL, 0 }, { &options_screen, 0, NULL, 0 }, { 0 },
	};
	static const struct options_command command = {
		.args_doc = "[FILE|CODE...]",
		.doc = "Say of each step of a NumPy program whether it makes a view or a copy, and why.\v"
		       "FILE is a program, '-' standard input; CODE is NumPy lines themselves: 'b = a[::2].T'. Without either, lines are typed at a prompt. "
		       "Nothing is run and no array is made, whatever its size.",
		.own = own,
		.own_key = own_key,
		.children = children,
		.most_words = OPTIONS_WORDS,
		.what = "a program",
	};
	struct options options;
	memset(&given, 0, sizeof given);
	if (options_parse(&command, argc, argv, &options, err) != 0)
		return err->code;
	bool is_bare = options.nwords == 0 && given.nexpressions == 0;
	if (is_bare && is_table(&options) && !options.output && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		return inspect_typed(&options, err);
	return inspect_program(&options, err);
}

const struct command command_inspect = {
	.name = "inspect",
	.group = "Start here",
	.usage = "[FILE|CODE...]",
	.summary = "view or copy, and why, of NumPy lines or a file",
	.run = inspect,
};
