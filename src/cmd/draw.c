/* SPDX-License-Identifier: MIT */
/*
 * memhint draw: the memory layout of an array as a picture, on the terminal or as SVG.
 *
 * The program is followed as `memhint inspect` does, on geometry alone; the last array that it leaves is drawn. What is wrong with the program is told on
 * standard error with the place, and the status is 1.
 */

#include "base/drawing.h"
#include "base/outfile.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "inspect/inspect.h"
#include "inspect/layout.h"
#include "report/draw.h"
#include "report/inspect_words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { KEY_LET = 'l', KEY_ASCII = 'a', KEY_BRIEF = 'b', TEXT_LINES = 12, SVG_LINES = 16, SVG_COLS = 12, GRID_ROWS = 10, GRID_BLOCKS = 4, WHAT = 400 };

/* What argp hands over one by one. */
static struct {
	const char *let[OPTIONS_WORDS];
	size_t nlets;
	bool ascii;
} given;

static int own_key(int key, const char *value, struct options *options)
{
	if (key == KEY_ASCII)
		given.ascii = true;
	else if (key == KEY_BRIEF)
		options->brief = true;
	else if (key == 'o')
		options->output = value;
	else if (key == KEY_LET && given.nlets < OPTIONS_WORDS)
		given.let[given.nlets++] = value;
	else if (key == KEY_LET)
		return err_set(options->err, ERR_USAGE, "too many --let: '%.100s'", value), EINVAL;
	else
		return ARGP_ERR_UNKNOWN;
	return key == 'o' && !*value ? (err_set(options->err, ERR_USAGE, "-o needs the name of a file"), EINVAL) : 0;
}

/* The locale's characters, by the names of POSIX: nothing else of the locale is wanted. */
static bool locale_is_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *value = getenv(names[i]);
		if (value && *value)
			return strcasestr(value, "utf-8") != NULL || strcasestr(value, "utf8") != NULL;
	}
	return false;
}

/* ---- the program ---- */

static int tell_error(const struct inspect_error *error, const char *where, struct err *err)
{
	int width = error->caret_width > 0 ? error->caret_width : 1;
	fprintf(stderr, "memhint draw: %s%s: %s\n", where, error->type, error->message);
	if (error->excerpt && error->caret >= 0) {
		fprintf(stderr, "  %s\n  %*s", error->excerpt, error->caret, "");
		for (int i = 0; i < width; i++)
			fputc('^', stderr);
		fputc('\n', stderr);
	}
	err->code = ERR_FAILED;
	err->text[0] = '\0';
	return err->code;
}

static int follow(struct inspect_session *session, const struct options *options, struct err *err)
{
	const struct inspection *result = inspect_result(session);
	struct text program = { 0 };
	for (size_t i = 0; i < given.nlets; i++)
		if (inspect_let(session, given.let[i], strlen(given.let[i])) != 0)
			return result->error ? tell_error(result->error, "--let: ", err) : err_set(err, ERR_IO, "out of memory");
	for (size_t i = 0; i < options->nwords; i++)
		text_addf(&program, "%s%s", i ? "\n" : "", options->words[i]);
	int status = program.failed ? -1 : inspect_feed(session, text_string(&program), program.length);
	text_release(&program);
	if (status != 0 && !result->error)
		return err_set(err, ERR_IO, "out of memory");
	if (status != 0)
		return tell_error(result->error, "", err);
	if (result->ngaps > 0)
		return err_set(err, ERR_FAILED, "line %d: %s", result->gaps[0].line, result->gaps[0].message);
	return 0;
}

/* What the last statement said of the array that it left. */
static bool find_said(const struct inspect_session *session, const struct inspect_array *array, char out_what[WHAT], struct drawing_said *out_said)
{
	const struct inspection *result = inspect_result(session);
	struct nd_geom source;
	const char *name;
	if (result->nstatements == 0)
		return false;
	const struct inspect_statement *statement = result->statements[result->nstatements - 1];
	const struct inspect_step *step = NULL;
	for (size_t i = 0; i < statement->nsteps; i++)
		if (statement->steps[i].array)
			step = &statement->steps[i];
	if (!step || statement->kind == STEP_SCALAR || statement->kind == STEP_NONE)
		return false;
	/* Of a view of a view the owner of the cells is of interest. */
	bool is_view = step->kind == STEP_VIEW && inspect_last_source(session, &source, &name) && name;
	struct text what = { 0 };
	if (is_view)
		text_addf(&what, "view of %s", name);
	else
		inspect_what(&what, step);
	snprintf(out_what, WHAT, "%s", text_string(&what));
	text_release(&what);
	*out_said = (struct drawing_said){
		.source = statement->source,
		.what = *out_what ? out_what : NULL,
		.why = step->why,
		.dtype = array->dtype,
		.is_copy = step->kind == STEP_COPY,
		.is_new = step->kind == STEP_NEW,
		.at_most = array->at_most,
	};
	return true;
}

/* ---- drawing ---- */

static size_t digits(int64_t number)
{
	size_t count = number < 0 ? 2 : 1;
	for (; number / 10 != 0; number /= 10)
		count++;
	return count;
}

static struct layout_limits limits_of(const struct nd_geom *geom, bool svg, size_t width)
{
	ptrdiff_t low, high;
	nd_geom_extent(geom, &low, &high);
	size_t number = digits(low) > digits(high) ? digits(low) : digits(high);
	size_t columns = (width - 12) / (number + 2);
	columns = columns > 16 ? 16 : columns < 4 ? 4 : columns;
	return (struct layout_limits){ svg ? SVG_LINES : TEXT_LINES, GRID_ROWS, svg ? SVG_COLS : columns, GRID_BLOCKS };
}

static bool wants_svg(const char *path)
{
	size_t length = path ? strlen(path) : 0;
	return length > 4 && strcasecmp(path + length - 4, ".svg") == 0;
}

/* A name that was never assigned is an array of our own making: that must be said. */
static void tell_assumed(const struct inspection *result, const struct report_options *page)
{
	for (size_t i = 0; i < result->nassumed; i++) {
		struct text words = { 0 }, line = { 0 };
		text_addf(&words, "'%s' is not defined; assumed: %s = %s (see --let)", result->assumed[i].name, result->assumed[i].name, result->assumed_source);
		text_wrap(&line, text_string(&words), 0, 2, page->width);
		fputs(text_string(&line), page->stream);
		text_release(&words);
		text_release(&line);
	}
}

static int draw_last(const struct options *options, struct inspect_session *session, FILE *stream, struct err *err)
{
	struct nd_geom geom;
	struct drawing drawing = { 0 };
	bool svg = wants_svg(options->output);
	struct draw_options how = {
		.page = { .stream = stream, .width = options->output ? 80 : options_width(), .color = options_use_color(options, options->output != NULL),
		          .brief = options->brief },
		.unicode = !given.ascii && !options->output && isatty(STDOUT_FILENO) && locale_is_utf8(),
	};
	char what[WHAT];
	const struct inspect_array *array = inspect_last(session, &geom);
	if (!array || !find_said(session, array, what, &drawing.said))
		return err_set(err, ERR_FAILED, "the last statement leaves no array to draw: end with one, as in 'a.T[1:]'");
	struct layout_limits limits = limits_of(&geom, svg, how.page.width);
	int status = layout_draw(&geom, array->buffer_bytes, &limits, &drawing);
	if (status == ND_EOVERFLOW)
		return err_set(err, ERR_FAILED, "the strides leave the address space: there is nothing to draw");
	if (status != ND_OK)
		return err_set(err, ERR_IO, "%s", nd_strstatus(status));
	if (svg) {
		draw_svg(stream, &drawing);
	} else {
		if (!options->brief)
			tell_assumed(inspect_result(session), &how.page);
		draw_text(&how, &drawing);
	}
	drawing_release(&drawing);
	return 0;
}

static int draw(int argc, char **argv, struct err *err)
{
	static const struct argp_option own[] = {
		{ "let", KEY_LET, "NAME=ARRAY", 0, "Make an array beforehand: --let 'a = np.ones((1000, 8))'; may be repeated", 1 },
		{ "output", 'o', "FILE", 0, "Write to FILE, whole or not at all: SVG if it ends in .svg, else the text", 1 },
		{ "ascii", KEY_ASCII, NULL, 0, "No box-drawing characters, whatever the terminal can show", 1 },
		{ "brief", KEY_BRIEF, NULL, 0, "The picture alone, without the words below it", 1 },
		{ 0 },
	};
	static const struct argp_child children[] = { { &options_screen, 0, NULL, 0 }, { 0 } };
	static const struct options_command command = {
		.args_doc = "EXPRESSION...",
		.doc = "Draw where an array's elements lie in memory, and in which order they are visited.\v"
		       "EXPRESSION is NumPy: 'a.T[1:]', or statements of which the last leaves the array: 'x = np.zeros((1000, 1000)); x[::100]'. "
		       "Nothing is run and no array is made, whatever its size.",
		.own = own,
		.own_key = own_key,
		.children = children,
		.least_words = 1,
		.most_words = OPTIONS_WORDS,
		.what = "an expression",
	};
	struct options options;
	struct outfile file = { 0 };
	memset(&given, 0, sizeof given);
	if (options_parse(&command, argc, argv, &options, err) != 0)
		return err->code;
	if (outfile_open(options.output ? options.output : "-", &file, err) != 0)
		return err->code;
	struct inspect_session *session = inspect_open(true);
	int status = session ? follow(session, &options, err) : err_set(err, ERR_IO, "out of memory");
	if (status == 0)
		status = draw_last(&options, session, file.stream, err);
	if (status == 0)
		status = outfile_commit(&file, err);
	inspect_close(session);
	outfile_release(&file);
	return status;
}

const struct command command_draw = {
	.name = "draw",
	.group = "Look closer",
	.usage = "EXPRESSION...",
	.summary = "an array's layout in memory as a picture",
	.run = draw,
};
