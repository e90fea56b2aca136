/* SPDX-License-Identifier: MIT */
/* The screen of inspect: which of its two forms a program gets, what comes before it, and errors. */

#include "report/inspect_parts.h"

#include <string.h>

/* Of more statements than these, or more of them with something to explain, a line each is better than a page each. */
enum { FEW = 6, FEW_INTERESTING = 2, FEW_STEPS = 14 };

static bool is_short(const struct inspection *found, size_t first)
{
	size_t interesting = 0, steps = 0;
	if (found->nstatements - first > FEW)
		return false;
	for (size_t i = first; i < found->nstatements; i++) {
		interesting += inspect_is_interesting(found->statements[i]);
		steps += found->statements[i]->nsteps;
	}
	return interesting <= FEW_INTERESTING && steps <= FEW_STEPS;
}

static void assumed(const struct report_options *options, const struct inspection *found, size_t from)
{
	struct text text = { 0 };
	for (size_t i = from; i < found->nassumed; i++) {
		inspect_clear(&text);
		text_addf(&text, "'%s' is not defined; assumed: %s = %s", found->assumed[i].name, found->assumed[i].name, found->assumed_source);
		/* Once is enough. */
		if (i == from)
			text_add(&text, text_width(text_string(&text)) + strlen("      (see --let)") <= style_width(options) ? "      (see --let)" : " (see --let)");
		style_paragraph(options, STYLE_PLAIN, "", text_string(&text), 2);
	}
	if (from < found->nassumed && found->nstatements > 0)
		fputc('\n', options->stream);
	text_release(&text);
}

/* Nothing but values and prints: at a prompt these are answered as Python answers them. */
static bool is_talk(const struct inspection *found, struct inspect_mark from)
{
	for (size_t i = from.statements; i < found->nstatements; i++) {
		const struct inspect_statement *statement = found->statements[i];
		const struct inspect_step *last = inspect_last_step(statement);
		for (size_t k = 0; k < statement->nsteps; k++)
			if (inspect_is_costly(&statement->steps[k]))
				return false;
		/* Of a value that is not known the steps are all that there is to say. */
		bool is_said = statement->target != NULL || from.printed < found->nprinted || (last != NULL && last->array == NULL && last->value != NULL);
		if (statement->allocated_bytes > 0 || (statement->kind == STEP_SCALAR && !is_said))
			return false;
		if (statement->kind != STEP_NONE && statement->kind != STEP_SCALAR && statement->kind != STEP_UNKNOWN)
			return false;
	}
	return true;
}

static void talk(const struct report_options *options, const struct inspection *found, struct inspect_mark from)
{
	for (size_t i = from.printed; i < found->nprinted; i++)
		style_paragraph(options, STYLE_PLAIN, "", found->printed[i], 2);
	for (size_t i = from.statements; i < found->nstatements; i++) {
		const struct inspect_statement *statement = found->statements[i];
		const struct inspect_step *last = inspect_last_step(statement);
		/* What print() was given is said already. */
		if (last != NULL && last->value != NULL && statement->target == NULL && from.printed == found->nprinted) {
			if (strchr(last->value, '\n') != NULL)
				fputs(last->value, options->stream);
			else
				style_paragraph(options, STYLE_PLAIN, "", last->value, 2);
		}
		if (statement->witness != NULL)
			inspect_told(options, "Why", STYLE_PLAIN, statement->witness);
	}
}

struct inspect_mark inspect_mark_end(const struct inspection *found)
{
	return (struct inspect_mark){
		.statements = found->nstatements, .printed = found->nprinted, .gaps = found->ngaps, .notes = found->nnotes, .assumed = found->nassumed,
	};
}

void inspect_table(const struct report_options *options, const struct inspection *found, struct inspect_mark from, bool is_prompt)
{
	bool at_length = !options->brief && is_short(found, from.statements);
	assumed(options, found, from.assumed);
	if (is_prompt && is_talk(found, from)) {
		talk(options, found, from);
		from.printed = found->nprinted;
	} else if (from.statements < found->nstatements && at_length)
		inspect_length(options, found, from.statements);
	else if (from.statements < found->nstatements)
		inspect_lines(options, found, from.statements);
	inspect_below(options, found, from, is_prompt, at_length);
}

void inspect_table_error(const struct report_options *options, const struct inspect_error *error, const char *lead, const char *name)
{
	FILE *stream = options->stream;
	if (lead != NULL && name != NULL)
		fprintf(stream, "%s%s:%d:%d: ", lead, name, error->line, error->column);
	else if (lead != NULL)
		fprintf(stream, "%sline %d, column %d: ", lead, error->line, error->column);
	style_put(options, STYLE_BAD, error->type);
	fprintf(stream, ": %s\n", error->message);
	if (error->excerpt == NULL)
		return;
	fprintf(stream, "    %s\n    ", error->excerpt);
	struct text carets = { 0 };
	text_addc(&carets, '^', error->caret_width > 0 ? (size_t)error->caret_width : 1);
	style_spaces(options, error->caret > 0 ? (size_t)error->caret : 0);
	style_put(options, STYLE_BAD, text_string(&carets));
	fputc('\n', stream);
	text_release(&carets);
}
