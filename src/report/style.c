/* SPDX-License-Identifier: MIT */
/* Styles as SGR sequences around words, never around padding, so that columns line up with and without them. */

#include "report/style.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

enum { DEFAULT_WIDTH = 80, WIDE_WIDTH = 120 };

size_t style_width(const struct report_options *options)
{
	return options->width > 0 ? options->width : DEFAULT_WIDTH;
}

bool style_wide(const struct report_options *options)
{
	return options->wide || (style_width(options) >= WIDE_WIDTH && !options->brief);
}

const char *style_start(const struct report_options *options, enum style style, const char *string)
{
	static const char *const start[] = {
		[STYLE_PLAIN] = "", [STYLE_HEAD] = "\033[1m", [STYLE_DIM] = "\033[2m", [STYLE_GOOD] = "\033[32m", [STYLE_MARK] = "\033[33m",
		[STYLE_BAD] = "\033[31m",
	};
	return !options->color || style == STYLE_PLAIN || string[strspn(string, " ")] == '\0' ? "" : start[style];
}

const char *style_end(const char *start)
{
	return *start != '\0' ? "\033[0m" : "";
}

void style_put(const struct report_options *options, enum style style, const char *string)
{
	const char *start = style_start(options, style, string);
	fputs(start, options->stream);
	fputs(string, options->stream);
	fputs(style_end(start), options->stream);
}

void style_spaces(const struct report_options *options, size_t count)
{
	static const char blanks[] = "                                                                ";
	for (size_t some; count > 0; count -= some) {
		some = count < sizeof blanks - 1 ? count : sizeof blanks - 1;
		fwrite(blanks, 1, some, options->stream);
	}
}

/* A blank that must not become a line's end, while a text is wrapped. */
enum { GLUE = '\001' };

static bool is_unit(const char *word, size_t length)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB", "ns", "us", "ms", "s", "%" };
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (strlen(units[i]) == length && strncmp(word, units[i], length) == 0)
			return true;
	return false;
}

void style_wrap(struct text *out, const char *string, size_t first, size_t indent, size_t width)
{
	struct text glued = { 0 }, wrapped = { 0 };
	text_add(&glued, string);
	for (size_t i = 1; i + 1 < glued.length; i++)
		if (glued.data[i] == ' ' && isdigit((unsigned char)glued.data[i - 1]) && is_unit(glued.data + i + 1, strcspn(glued.data + i + 1, " .,;:)\n")))
			glued.data[i] = GLUE;
	text_wrap(&wrapped, text_string(&glued), first, indent, width);
	for (size_t i = 0; i < wrapped.length; i++)
		if (wrapped.data[i] == GLUE)
			wrapped.data[i] = ' ';
	text_add(out, text_string(&wrapped));
	text_release(&wrapped);
	text_release(&glued);
}

void style_lines(const struct report_options *options, enum style style, const char *lines)
{
	while (*lines != '\0') {
		size_t blanks = strspn(lines, " ");
		size_t length = strcspn(lines, "\n");
		struct text words = { 0 };
		blanks = blanks < length ? blanks : length;
		style_spaces(options, blanks);
		text_addn(&words, lines + blanks, length - blanks);
		style_put(options, style, text_string(&words));
		text_release(&words);
		fputc('\n', options->stream);
		lines += length + (lines[length] == '\n');
	}
}

void style_paragraph(const struct report_options *options, enum style style, const char *lead, const char *string, size_t indent)
{
	struct text wrapped = { 0 };
	style_wrap(&wrapped, string, text_width(lead), indent, style_width(options));
	style_put(options, *lead == ' ' ? style : STYLE_HEAD, lead);
	style_lines(options, style, text_string(&wrapped));
	text_release(&wrapped);
}

const char *style_verdict(enum claim_verdict verdict)
{
	return verdict == CLAIM_FAILS ? "fails as written" : claim_verdict_name(verdict);
}

enum style style_of_verdict(enum claim_verdict verdict)
{
	return verdict == CLAIM_HOLDS ? STYLE_GOOD : verdict == CLAIM_FAILS ? STYLE_MARK : STYLE_DIM;
}

bool style_unexpected(const struct claim_result *claim)
{
	return claim->verdict != CLAIM_CANNOT_JUDGE && claim->expected != CLAIM_EITHER && claim->expected != claim->verdict;
}

double style_interval(const struct ratio_result *ratio)
{
	if (!(ratio->time > 0) || !(ratio->low > 0) || !isfinite(ratio->high))
		return NAN;
	return fmax(ratio->high / ratio->time, ratio->time / ratio->low) - 1;
}

char *style_percent(double share, char *out, size_t size)
{
	if (!isfinite(share))
		snprintf(out, size, "-");
	else if (share * 100 < 0.95)
		snprintf(out, size, "0.%d %%", (int)lround(share * 1000)); /* the dot in every locale */
	else
		snprintf(out, size, "%.0f %%", share * 100);
	return out;
}

bool style_is_baseline(const struct variant_result *way)
{
	return variant_result_is_baseline(way);
}

bool style_is_numpy(const struct variant_result *way)
{
	return way->language != NULL && strcmp(way->language, "numpy") == 0;
}

const char *style_way(const struct variant_result *way, char out[STYLE_WAY])
{
	snprintf(out, STYLE_WAY, "%s%s", way->name, style_is_numpy(way) ? " np" : "");
	return out;
}

bool style_has_numpy(const struct lesson_result *lesson)
{
	for (size_t i = 0; i < lesson->nvariants; i++)
		if (style_is_numpy(&lesson->variants[i]))
			return true;
	return false;
}

bool style_claim_is_numpy(const struct claim_result *claim)
{
	return claim->language != NULL && strcmp(claim->language, "numpy") == 0;
}

bool style_is_about(const struct claim_result *claim, const struct variant_result *way)
{
	return claim->about != NULL && strcmp(claim->about, way->name) == 0 && style_claim_is_numpy(claim) == style_is_numpy(way);
}
