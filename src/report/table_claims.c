/* SPDX-License-Identifier: MIT */
/*
 * The page's sentences: its words, what was measured here, the verdict. The two columns of words share the page so that the rows take the
 * fewest lines; on a narrow page the three stand below each other. And their sum, in a sentence.
 */

#include "report/style.h"
#include "report/table.h"

#include "base/text.h"

#include <string.h>

enum { GAP = 2, LEAST_WORDS = 40, LEAST_COLUMN = 14 };

static const char words_head[] = "The page says", measured_head[] = "measured here";

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

static void quote(const struct claim_result *claim, struct text *out)
{
	text_addf(out, "\"%s\"", claim->source);
}

static const char *measured(const struct claim_result *claim)
{
	return claim->measured != NULL ? claim->measured : "";
}

static void wrap(const char *string, size_t width, struct text *out)
{
	style_wrap(out, string, 0, 0, width);
}

static size_t count_lines(const char *string, size_t width)
{
	struct text text = { 0 };
	size_t lines = 0;
	wrap(string, width, &text);
	for (const char *c = text_string(&text); *c != '\0'; c++)
		lines += *c == '\n';
	text_release(&text);
	return lines;
}

/* The width of the first column, at most `most`, with which all rows together are shortest; among those the widest. */
static size_t split(const struct lesson_result *lesson, size_t words, size_t most)
{
	size_t best = words / 2, fewest = (size_t)-1;
	for (size_t width = LEAST_COLUMN; width <= most && width + LEAST_COLUMN <= words; width++) {
		size_t lines = 0;
		for (size_t i = 0; i < lesson->nclaims; i++) {
			struct text source = { 0 };
			quote(&lesson->claims[i], &source);
			lines += larger(count_lines(text_string(&source), width), count_lines(measured(&lesson->claims[i]), words - width));
			text_release(&source);
		}
		if (lines <= fewest) {
			fewest = lines;
			best = width;
		}
	}
	return best;
}

/* Print one line of a wrapped text, without its newline, and go on to the next. Returns its columns. */
static size_t put_line(const struct report_options *options, const char **text)
{
	size_t length = strcspn(*text, "\n");
	fwrite(*text, 1, length, options->stream);
	*text += length + ((*text)[length] == '\n');
	return length; /* the screens are ASCII */
}

static void beside(const struct report_options *options, const struct claim_result *claim, size_t words, size_t measures)
{
	struct text source = { 0 }, left = { 0 }, right = { 0 };
	quote(claim, &source);
	wrap(text_string(&source), words, &left);
	wrap(measured(claim), measures, &right);
	const char *a = text_string(&left), *b = text_string(&right);
	for (bool first = true; first || *a != '\0' || *b != '\0'; first = false) {
		size_t at = put_line(options, &a);
		if (first || *b != '\0') {
			style_spaces(options, words + GAP - (at < words ? at : words));
			at = put_line(options, &b);
		}
		if (first) {
			style_spaces(options, measures + GAP - (at < measures ? at : measures));
			style_put(options, style_of_verdict(claim->verdict), style_verdict(claim->verdict));
		}
		fputc('\n', options->stream);
	}
	text_release(&source);
	text_release(&left);
	text_release(&right);
}

static void below(const struct report_options *options, const struct claim_result *claim)
{
	struct text source = { 0 };
	quote(claim, &source);
	style_paragraph(options, STYLE_PLAIN, "", text_string(&source), 1);
	if (*measured(claim) != '\0')
		style_paragraph(options, STYLE_PLAIN, "  ", measured(claim), 2);
	style_paragraph(options, style_of_verdict(claim->verdict), "  ", style_verdict(claim->verdict), 2);
	text_release(&source);
}

/* Where the sentence turns; and, loudly, a verdict that the lesson did not expect. */
static void beneath(const struct report_options *options, const struct claim_result *claim)
{
	if (style_unexpected(claim)) {
		struct text text = { 0 };
		text_addf(&text, "! expected: %s", claim->expected == CLAIM_FAILS ? "fails" : style_verdict(claim->expected));
		style_paragraph(options, STYLE_MARK, "  ", text_string(&text), 4);
		text_release(&text);
	}
	if (claim->condition == NULL || options->brief || !(claim->verdict == CLAIM_FAILS || style_wide(options)))
		return;
	static const char arrow[] = "  -> ";
	bool fits = strlen(arrow) + text_width(claim->condition) <= style_width(options);
	const char *words = fits || style_wide(options) || claim->note == NULL ? claim->condition : claim->note;
	style_paragraph(options, STYLE_DIM, arrow, words, strlen(arrow));
}

/* Above the first sentence that NumPy is judged by: which NumPy. A lesson has them after those that C is judged by. */
static void language(const struct report_options *options, const struct lesson_result *lesson, size_t claim)
{
	bool before = claim > 0 && style_claim_is_numpy(&lesson->claims[claim - 1]);
	if (style_claim_is_numpy(&lesson->claims[claim]) && !before)
		style_paragraph(options, STYLE_HEAD, "", lesson->numpy != NULL ? lesson->numpy : "NumPy", 0);
}

void table_claims(const struct report_options *options, const struct lesson_result *lesson)
{
	size_t verdicts = strlen("verdict"), sources = strlen(words_head), measures = strlen(measured_head), page = style_width(options);
	for (size_t i = 0; i < lesson->nclaims; i++) {
		const struct claim_result *claim = &lesson->claims[i];
		verdicts = larger(verdicts, text_width(style_verdict(claim->verdict)));
		sources = larger(sources, text_width(claim->source) + 2);
		measures = larger(measures, text_width(measured(claim)));
	}
	size_t words = page > verdicts + 2 * GAP ? page - verdicts - 2 * GAP : 0;
	if (words < LEAST_WORDS) {
		style_paragraph(options, STYLE_HEAD, "", "The page says / measured here / verdict", 0);
		for (size_t i = 0; i < lesson->nclaims; i++) {
			language(options, lesson, i);
			below(options, &lesson->claims[i]);
			beneath(options, &lesson->claims[i]);
		}
		return;
	}
	if (sources + measures > words) {
		sources = split(lesson, words, sources);
		measures = words - sources < measures ? words - sources : measures;
	}
	struct text head = { 0 };
	text_addf(&head, "%-*s%-*sverdict", (int)(sources + GAP), words_head, (int)(measures + GAP), measured_head);
	style_put(options, STYLE_HEAD, text_string(&head));
	fputc('\n', options->stream);
	text_release(&head);
	for (size_t i = 0; i < lesson->nclaims; i++) {
		language(options, lesson, i);
		beside(options, &lesson->claims[i], sources, measures);
		beneath(options, &lesson->claims[i]);
	}
}

/* ---- the sum ---- */

static bool any_failed(const struct lesson_result *lesson)
{
	for (size_t i = 0; i < lesson->nvariants; i++)
		if (lesson->variants[i].status != RESULT_OK)
			return true;
	return false;
}

/* An exact sentence that its lesson can judge, but not today, wants a way that was not selected. */
void table_verdicts(const struct report_options *options, const struct lesson_result *lessons, size_t count, const char *more)
{
	size_t claims = 0, hold = 0, fail = 0, cannot = 0, wanting = 0, ways = 0;
	struct text text = { 0 }, unexpected = { 0 };
	for (size_t l = 0; l < count; l++) {
		ways += lessons[l].nvariants;
		for (size_t i = 0; i < lessons[l].nclaims; i++) {
			const struct claim_result *claim = &lessons[l].claims[i];
			claims++;
			*(claim->verdict == CLAIM_HOLDS ? &hold : claim->verdict == CLAIM_FAILS ? &fail : &cannot) += 1;
			wanting += claim->verdict == CLAIM_CANNOT_JUDGE && claim->expected != CLAIM_CANNOT_JUDGE && claim->kind == CLAIM_EXACT && !any_failed(&lessons[l]);
			if (style_unexpected(claim))
				text_addf(&unexpected, "%s%s%s, \"%s\": %s (expected: %s)", unexpected.length > 0 ? "; " : "", lessons[l].name,
				          style_claim_is_numpy(claim) ? " np" : "", claim->source, claim_verdict_name(claim->verdict), claim_verdict_name(claim->expected));
		}
	}
	if (claims > 0) {
		text_addf(&text, "%zu sentence%s: %zu hold%s, %zu fail%s, %zu cannot be judged here", claims, claims == 1 ? "" : "s", hold, hold == 1 ? "s" : "",
		          fail, fail == 1 ? "s" : "", cannot);
		if (wanting > 0 && ways < options->ways_total)
			text_addf(&text, " (%zu for want of ways: --variants all)", wanting);
		text_add(&text, ".");
		bool dead = false;
		for (size_t l = 0; l < count; l++)
			dead = dead || any_failed(&lessons[l]);
		if (unexpected.length == 0 && !dead)
			text_addf(&text, " All as the lesson%s.", count == 1 ? " says" : "s say");
	}
	if (*more != '\0')
		text_addf(&text, "%s%s", text.length > 0 ? " " : "", more);
	if (text.length > 0)
		style_paragraph(options, STYLE_HEAD, "", text_string(&text), 0);
	if (unexpected.length > 0)
		style_paragraph(options, STYLE_MARK, count == 1 ? "Not as the lesson says: " : "Not as the lessons say: ", text_string(&unexpected), 2);
	text_release(&unexpected);
	text_release(&text);
}
