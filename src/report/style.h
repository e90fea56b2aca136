/* SPDX-License-Identifier: MIT */
#ifndef REPORT_STYLE_H
#define REPORT_STYLE_H

/*
 * How the tables look: a few styles, wrapped text, and the words that all screens share.
 *
 * Only ASCII is printed, so that a table reads the same in every locale. A style never says anything that a word or a mark beside it
 * does not say too: without colour nothing is lost.
 */

#include "report/report.h"

#include "base/text.h"

enum style {
	STYLE_PLAIN,
	STYLE_HEAD, /* headings: bold */
	STYLE_DIM,  /* what may be skipped at first reading */
	STYLE_GOOD, /* holds */
	STYLE_MARK, /* fails as written, and what a reader must not overlook */
	STYLE_BAD,  /* an error waiting to happen */
};

/* Columns of the page: options->width, 80 where it is 0. */
size_t style_width(const struct report_options *options);
/* All columns are wanted: --wide, or a page of 120 columns. */
bool style_wide(const struct report_options *options);

/* What turns a style on for this string, and what turns it off again: "" where it has none. */
const char *style_start(const struct report_options *options, enum style style, const char *string);
const char *style_end(const char *start);
void style_put(const struct report_options *options, enum style style, const char *string);
void style_spaces(const struct report_options *options, size_t count);
/* text_wrap, but a number and its unit stay on one line. */
void style_wrap(struct text *out, const char *string, size_t first, size_t indent, size_t width);
/* Lines that are wrapped already, each styled on its own and ended with a newline. */
void style_lines(const struct report_options *options, enum style style, const char *lines);
/*
 * `lead`, then `string`, wrapped at the page's width; later lines are indented by `indent`. Ends with a newline. A lead that is a word is bold; one
 * that begins with a blank has the paragraph's own style.
 */
void style_paragraph(const struct report_options *options, enum style style, const char *lead, const char *string, size_t indent);

/* "holds", "fails as written", "cannot judge". */
const char *style_verdict(enum claim_verdict verdict);
enum style style_of_verdict(enum claim_verdict verdict);
/* It was judged, and the lesson expected something else. */
bool style_unexpected(const struct claim_result *claim);

/* Half of the ratio's 95 % interval, as a part of the ratio; NAN where there is none. */
double style_interval(const struct ratio_result *ratio);
/* A share as "3 %", "0.4 %" below one per cent; "-" for NAN. */
char *style_percent(double share, char *out, size_t size);
bool style_is_baseline(const struct variant_result *way);
/* A way in NumPy, and what marks its name: "stack np". */
bool style_is_numpy(const struct variant_result *way);
enum { STYLE_WAY = 80 };
const char *style_way(const struct variant_result *way, char out[STYLE_WAY]);
/* Has the lesson ways in NumPy? */
bool style_has_numpy(const struct lesson_result *lesson);
/* Is the sentence one about the way, in the way's language? */
bool style_is_about(const struct claim_result *claim, const struct variant_result *way);
/* Is the sentence judged by ways in NumPy? */
bool style_claim_is_numpy(const struct claim_result *claim);

#endif
