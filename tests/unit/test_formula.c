/* SPDX-License-Identifier: MIT */
/* Formulas and templates over made-up names: no lesson, nothing measured. */
#include "base/formula.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- the names that all tests share ---- */

static const double rows[] = { 64, 0, 128 }; /* each row's asked_bytes */

static int lookup(const void *context, const char *name, int row, struct formula_value *out_value)
{
	static const struct {
		const char *name;
		double number;
		bool known;
	} names[] = {
		{ "n", 125000, true },           { "window", 64, true },        { "header", 96, true },
		{ "page", 4096, true },          { "x", 7, true },              { "B", 3, true },
		{ "zero", 0, true },             { "half", 0.5, true },         { "unknown", 0, false },
		{ "not_a_number", NAN, true },   { "huge", 1e300, true },       { "most", 9007199254740992.0, true },
		{ "strided.asked_bytes", 0, true }, { "strided.shares_memory", 1, true }, { "stack.heap.peak_bytes", 64e6, true },
		{ "min", 11, true },             { "iffy", 1, true },           { "order", 2, true },
		{ "android", 4, true },          { "nothing", 5, true },
	};
	int *calls = (int *)context;
	if (calls != NULL)
		++*calls;
	if (row >= 0 && strcmp(name, "asked_bytes") == 0) {
		*out_value = (struct formula_value){ rows[row], true };
		return 0;
	}
	if (row >= 0 && strcmp(name, "faults") == 0) {
		*out_value = (struct formula_value){ 1, row != 1 };
		return 0;
	}
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (strcmp(name, names[i].name) == 0) {
			*out_value = (struct formula_value){ names[i].number, names[i].known };
			return 0;
		}
	}
	return -1;
}

static const struct formula_names names = { .lookup = lookup, .rows = 3 };

static void gives(const char *formula, double expected)
{
	struct formula_value v = { 0 };
	struct err err = { 0 };
	if (formula_eval(formula, &names, &v, &err) != ERR_OK)
		fail_msg("%s: %s", formula, err.text);
	if (!v.known || v.number != expected)
		fail_msg("%s gives %.17g, %s", formula, v.number, v.known ? "known" : "unknown");
	assert_int_equal(formula_check(formula, &names, &err), ERR_OK);
}

static void gives_unknown(const char *formula)
{
	struct formula_value v = { 1, true };
	struct err err = { 0 };
	if (formula_eval(formula, &names, &v, &err) != ERR_OK)
		fail_msg("%s: %s", formula, err.text);
	if (v.known)
		fail_msg("%s gives %.17g", formula, v.number);
}

static void says(const char *formula, const char *message)
{
	struct formula_value v = { 1, true };
	struct err err = { 0 };
	assert_int_equal(formula_eval(formula, &names, &v, &err), ERR_IO);
	assert_int_equal(err.code, ERR_IO);
	assert_false(v.known);
	char text[sizeof err.text];
	snprintf(text, sizeof text, "formula '%s' at %s", formula, message);
	assert_string_equal(err.text, text);
}

/* ---- formulas ---- */

static void test_arithmetic(void **state)
{
	(void)state;
	gives("0 B", 0);
	gives("8", 8);
	gives("0.25", 0.25);
	gives(".5", 0.5);
	gives("1 + 2 * 3", 7);
	gives("(1 + 2) * 3", 9);
	gives("10 - 4 - 3", 3);
	gives("24 / 4 / 2", 3);
	gives("24 / 4 x 2", 12);
	gives("-3 + 5", 2);
	gives("2 * -3", -6);
	gives("--3", 3);
	gives("5 - -3", 8);
	gives("1/2", 0.5);
	gives("-0", 0);
	gives("min(3, 2)", 2);
	gives("max(3, 2)", 3);
	gives("max(min(1, 2), -1 + 3)", 2);
	gives("ceil(0.5)", 1);
	gives("floor(-0.5)", -1);
	gives("ceil(7 / 2) x 2", 8);
	gives("\t( 1\n)", 1);
}

static void test_names(void **state)
{
	(void)state;
	gives("n - window + 1", 124937);
	gives("(n - window + 1) x window x 8 B", 63967744);
	gives("2 x (n x 8 B + header) + 2 x header", 2000384);
	gives("stack.heap.peak_bytes / 2", 32e6);
	gives("strided.asked_bytes == 0 and strided.shares_memory", 1);
	gives("order + android + nothing + iffy", 12); /* words within words are no operators */
	gives("min", 11);                              /* a name where no parenthesis follows */
	gives("min + max(min, 12)", 23);
}

static void test_x_and_b(void **state)
{
	(void)state;
	gives("x", 7);
	gives("x x x", 49);
	gives("x x 2 x x", 98);
	gives("2 x(3)", 6);
	gives("(2)x(3)", 6);
	gives("8B x 2", 16);
	gives("n B", 125000);
	gives("(1 + 2) B x 3 B", 9);
	gives("min(1 B, 2 B) B", 1);
	gives("B", 3);
	gives("B B x B", 9);
	says("2x3", "2: an operator is missing after a number");
	says("2 x3", "3: an operator is missing before 'x3'");
	says("2 B B", "5: an operator is missing before 'B'");
}

static void test_comparisons_and_logic(void **state)
{
	(void)state;
	gives("1 < 2", 1);
	gives("2 < 1", 0);
	gives("2 <= 2", 1);
	gives("2 >= 3", 0);
	gives("3 > 2", 1);
	gives("2 == 2", 1);
	gives("2 != 2", 0);
	gives("1 + 1 == 2", 1);
	gives("(1 < 2) + (2 < 3)", 2);
	gives("not 0", 1);
	gives("not 5", 0);
	gives("not not 5", 1);
	gives("not 1 == 2", 1); /* binds looser than the comparison */
	gives("1 or 0 and 0", 1);
	gives("(1 or 0) and 0", 0);
	gives("not 0 and not 0", 1);
	gives("5 and 7", 1);
	gives("0 or 7", 1);
	says("1 < 2 < 3", "7: comparisons do not chain: write a < b and b < c");
	says("1 == 1 == 1", "8: comparisons do not chain: write a < b and b < c");
}

/* All pairs of false, unknown, true, against Kleene's tables: least, greatest, complement. */
static void test_three_valued_logic(void **state)
{
	(void)state;
	static const char *const words[] = { "0", "unknown", "1" };
	for (int a = 0; a < 3; a++) {
		for (int b = 0; b < 3; b++) {
			for (int or = 0; or < 2; or ++) {
				char formula[60];
				snprintf(formula, sizeof formula, "%s %s %s", words[a], or ? "or" : "and", words[b]);
				int result = or ? (a > b ? a : b) : (a < b ? a : b);
				if (result == 1)
					gives_unknown(formula);
				else
					gives(formula, result / 2);
			}
		}
	}
	gives_unknown("not unknown");
	gives_unknown("unknown + 1");
	gives_unknown("0 x unknown");
	gives_unknown("-unknown");
	gives_unknown("unknown == unknown");
	gives_unknown("unknown < 1");
	gives_unknown("min(1, unknown)");
	gives_unknown("ceil(unknown)");
	gives_unknown("not_a_number");
	gives_unknown("1 / zero");
	gives_unknown("zero / zero");
	gives("unknown == 1 and 0 == 1", 0);
	gives("1 / zero > 2 or 1", 1);
}

static void test_exactness(void **state)
{
	(void)state;
	const char *const beyond = "1: beyond 2^53, where whole numbers are no longer exact";
	gives("9007199254740992", 9007199254740992.0);
	gives("most - 1 + 1", 9007199254740992.0);
	says("9007199254740993", beyond);
	says("99999999999999999999999", beyond);
	says("huge", beyond);
	says("most + 1", "6: beyond 2^53, where whole numbers are no longer exact"); /* rounds to 2^53 itself */
	says("1 + most", "3: beyond 2^53, where whole numbers are no longer exact");
	says("-most - 1", "7: beyond 2^53, where whole numbers are no longer exact");
	says("most x 2", "6: beyond 2^53, where whole numbers are no longer exact");
	says("most / half", "6: beyond 2^53, where whole numbers are no longer exact");
	gives("most / 2 x 2", 9007199254740992.0);
	gives("most + 0", 9007199254740992.0);
	struct err err = { 0 };
	assert_int_equal(formula_check("most + 1", &names, &err), ERR_OK);
	assert_int_equal(formula_check("huge", &names, &err), ERR_OK);
}

static void test_count(void **state)
{
	(void)state;
	gives("count(asked_bytes == 0)", 1);
	gives("count(asked_bytes > 0)", 2);
	gives("count(asked_bytes > window)", 1);
	gives("count(1)", 3);
	gives("count(1) + count(0) x 5", 3);
	gives("1 + count((asked_bytes > 0) and (1 or 0)) x 2", 5);
	gives_unknown("count(faults > 0)"); /* of one row it is not known */
	gives("count(faults > 0 and asked_bytes > 0)", 2);
	says("asked_bytes", "1: there is no 'asked_bytes'");
	says("count(1) + asked_bytes", "12: there is no 'asked_bytes'");
	says("count(count(1))", "7: count() inside count()");
	says("count(absent)", "7: there is no 'absent'");
	says("count(1", "8: ')' is missing");
	says("count()", "7: a number or a name is missing");

	int calls = 0;
	struct formula_names no_rows = { .lookup = lookup, .context = &calls, .rows = 0 };
	struct formula_value v;
	assert_int_equal(formula_eval("count(asked_bytes > 1) + n", &no_rows, &v, NULL), ERR_OK);
	assert_true(v.known && v.number == 125000);
	assert_int_equal(calls, 1);
	assert_int_equal(formula_eval("count(asked_bytes >)", &no_rows, &v, NULL), ERR_IO);
}

static void test_mistakes(void **state)
{
	(void)state;
	says("", "1: a number or a name is missing");
	says("  ", "3: a number or a name is missing");
	says("1 +", "4: a number or a name is missing");
	says("n + )", "5: a number or a name is missing");
	says("(1", "3: ')' is missing");
	says("(1 2)", "4: ')' is missing");
	says("1)", "2: an operator is missing before ')'");
	says("1 2", "3: an operator is missing before '2'");
	says("absent", "1: there is no 'absent'");
	says("n + strided.absent", "5: there is no 'strided.absent'");
	says("0 and absent", "7: there is no 'absent'"); /* decided, and still looked at */
	says("round(1)", "1: there is no function 'round'");
	says("n (1)", "1: there is no function 'n'");
	says("min(1)", "6: ',' is missing");
	says("min(1, 2, 3)", "9: ')' is missing");
	says("ceil(1, 2)", "7: ')' is missing");
	says("1 = 2", "3: an operator is missing before '= 2'");
	says("1e9", "2: an operator is missing after a number");
	says("1K", "2: an operator is missing before 'K'");
	says("1.", "2: an operator is missing before '.'");
	says("strided.", "1: there is no 'strided'");
	says("1 && 2", "3: an operator is missing before '&& 2'");
	says("\xC3\x97", "1: a number or a name is missing");
	struct formula_names none = { 0 };
	struct formula_value v;
	assert_int_equal(formula_eval("n", &none, &v, NULL), ERR_IO);
	assert_int_equal(formula_eval("n", NULL, &v, NULL), ERR_IO);
	assert_int_equal(formula_eval("1 + 1", NULL, &v, NULL), ERR_OK);
	assert_int_equal(formula_check("0 and absent", &names, NULL), ERR_IO);
}

static void test_nesting(void **state)
{
	(void)state;
	static const struct {
		const char *open, *close;
	} shapes[] = { { "(", ")" }, { "-", "" }, { "not ", "" }, { "ceil(", ")" } };
	for (size_t s = 0; s < sizeof shapes / sizeof shapes[0]; s++) {
		for (int depth = 10; depth <= 100000; depth *= 100) {
			struct text text = { 0 };
			for (int i = 0; i < depth; i++)
				text_add(&text, shapes[s].open);
			text_add(&text, "1");
			for (int i = 0; i < depth; i++)
				text_add(&text, shapes[s].close);
			struct formula_value v;
			struct err err = { 0 };
			int status = formula_eval(text_string(&text), &names, &v, &err);
			assert_int_equal(status, depth == 10 ? ERR_OK : ERR_IO);
			if (depth > 10)
				assert_non_null(strstr(err.text, "nested too deeply"));
			text_release(&text);
		}
	}
	char name[400];
	memset(name, 'a', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	struct err err = { 0 };
	assert_int_equal(formula_eval(name, &names, &(struct formula_value){ 0 }, &err), ERR_IO);
	assert_non_null(strstr(err.text, "a name is too long"));
}

/* Random trees, printed with all their parentheses, against the value of the tree. Small whole numbers, so that no order matters. */
static double tree(struct text *text, int depth)
{
	if (depth == 0 || rand() % 5 == 0) {
		int number = rand() % 10;
		text_addf(text, "%d%s", number, rand() % 3 == 0 ? " B" : "");
		return number;
	}
	int which = rand() % 10;
	const char *const marks[] = { "+", "-", "x", "*", "<", ">=", "==", "and", "or" };
	if (which == 9) {
		text_add(text, "(not (");
		double a = tree(text, depth - 1);
		text_add(text, "))");
		return a == 0;
	}
	text_add(text, "(");
	double a = tree(text, depth - 1);
	text_addf(text, " %s ", marks[which]);
	double b = tree(text, depth - 1);
	text_add(text, ")");
	switch (which) {
	case 0: return a + b;
	case 1: return a - b;
	case 2:
	case 3: return a * b;
	case 4: return a < b;
	case 5: return a >= b;
	case 6: return a == b;
	case 7: return a != 0 && b != 0;
	default: return a != 0 || b != 0;
	}
}

static void test_random_trees(void **state)
{
	(void)state;
	srand(8);
	for (int round = 0; round < 3000; round++) {
		struct text text = { 0 };
		double expected = tree(&text, 4);
		gives(text_string(&text), expected);
		text_release(&text);
	}
}

/* Any bytes give a value or an error, and nothing worse. */
static void test_random_bytes(void **state)
{
	(void)state;
	static const char *const pieces[] = { "n", "x", "B", "(", ")", "+", "-", "/", "*", "1", "2.5", " ", "and", "or", "not", "<", "==", "count(", "min(", ",",
		                              ".", "strided.asked_bytes", "{", "}", "|", "if ", "else", "end", "bytes", "\xFF", "\n", "unknown" };
	srand(9);
	for (int round = 0; round < 20000; round++) {
		struct text text = { 0 }, out = { 0 };
		for (int i = rand() % 12; i >= 0; i--)
			text_add(&text, pieces[(size_t)rand() % (sizeof pieces / sizeof pieces[0])]);
		struct formula_value v;
		struct err err = { 0 };
		int status = formula_eval(text_string(&text), &names, &v, &err);
		assert_true(status == ERR_OK || (status == ERR_IO && err.text[0] != '\0' && !v.known));
		if (status == ERR_OK)
			assert_int_equal(formula_check(text_string(&text), &names, NULL), ERR_OK);
		status = formula_expand(text_string(&text), &names, &out, &err);
		assert_true(status == ERR_OK || (status == ERR_IO && out.length == 0));
		text_release(&text);
		text_release(&out);
	}
}

/* ---- templates ---- */

static void expands(const char *template, const char *expected)
{
	struct text out = { 0 };
	struct err err = { 0 };
	text_add(&out, "> ");
	if (formula_expand(template, &names, &out, &err) != ERR_OK)
		fail_msg("%s: %s", template, err.text);
	assert_string_equal(text_string(&out) + 2, expected);
	text_release(&out);
}

static void fails(const char *template, const char *message)
{
	struct text out = { 0 };
	struct err err = { 0 };
	text_add(&out, "as it was");
	assert_int_equal(formula_expand(template, &names, &out, &err), ERR_IO);
	assert_string_equal(err.text, message);
	assert_string_equal(text_string(&out), "as it was");
	text_release(&out);
}

static void test_template_values(void **state)
{
	(void)state;
	expands("", "");
	expands("plain", "plain");
	expands("{n}", "125,000");
	expands("the sum of every window of {window} samples", "the sum of every window of 64 samples");
	expands("{(n - window + 1) x window x 8 B|bytes}", "64.0 MB");
	expands("{ n | bytes }", "125.0 kB");
	expands("{n|count}|{n|short}|{n|number}", "125,000|125K|125,000");
	expands("{2315000|time}", "2.32 ms");
	expands("{half|percent}", "50 %");
	expands("{64|x} and {half|x}", "64x and 0.50x");
	expands("{half|ratio}", "2.0x faster");
	expands("{half} {half|short} {-1|short}", "0.5 0.5 -1");
	expands("{1 < 2}", "1");
	expands("{unknown} {unknown|bytes} {1 / zero|x}", "not measured not measured not measured");
	expands("{count(asked_bytes == 0)} of 3", "1 of 3");
}

static void test_template_branches(void **state)
{
	(void)state;
	expands("a{if 1}b{end}c", "abc");
	expands("a{if 0}b{end}c", "ac");
	expands("a{if 1}b{else}c{end}d", "abd");
	expands("a{if 0}b{else}c{end}d", "acd");
	expands("{if unknown}b{else}c{end}", "c");
	expands("{if unknown}b{end}", "");
	expands("{if not unknown}b{else}c{end}", "c");
	expands("{if 1}a{if 0}b{else}c{end}d{else}e{if 1}f{end}{end}", "acd");
	expands("{if 0}a{if 0}b{else}c{end}d{else}e{if 1}f{end}{end}", "ef");
	expands("{if(1)}a{end}", "a");
	expands("{ if  n > 5 }a{ else }b{ end }", "a");
	expands("{iffy}", "1"); /* a name that begins like the word */
	expands("{if 0}{most + 1}{huge|x}{end}ok", "ok"); /* what is not printed may be beyond all bounds */
	expands("{if page x 31250 >= n x 8 / 2}, on new pages{end}", ", on new pages");
}

static void test_template_mistakes(void **state)
{
	(void)state;
	fails("a {n", "template at 3, '{n': '{' without '}'");
	fails("a {n {n}", "template at 3, '{n {n}': '{' without '}'");
	fails("a } b", "template at 3, '} b': '}' without '{'");
	fails("{}", "formula '' at 1: a number or a name is missing");
	fails("{n|}", "template at 1, '{n|}': no such style");
	fails("{n|kilos}", "template at 1, '{n|kilos}': no such style");
	fails("{n|bytes|x}", "template at 1, '{n|bytes|x}': no such style");
	fails("x {absent}", "formula 'absent' at 1: there is no 'absent'");
	fails("{if}a{end}", "formula '' at 1: a number or a name is missing");
	fails("{if 1}a", "template at 1, '{if 1}a': {end} is missing");
	fails("{if 1}a{else}b", "template at 1, '{if 1}a{else}b': {end} is missing");
	fails("{if 1}a{else}b{else}c{end}", "template at 1, '{if 1}a{else}b{else}c{end}': a second {else}");
	fails("a{end}", "template at 2, '{end}': there is no {if} before");
	fails("a{else}", "template at 2, '{else}': there is no {if} before");
	/* The branch that is not taken is checked too. */
	fails("{if 0}{absent}{end}", "formula 'absent' at 1: there is no 'absent'");
	fails("{if 1}{else}{1 +}{end}", "formula '1 +' at 4: a number or a name is missing");
	fails("{if 0}{if absent}{end}{end}", "formula ' absent' at 2: there is no 'absent'");
	fails("{if 0}{n|kilos}{end}", "template at 7, '{n|kilos}{end}': no such style");
	fails("{most + 1}", "formula 'most + 1' at 6: beyond 2^53, where whole numbers are no longer exact");

	struct text deep = { 0 }, out = { 0 };
	for (int i = 0; i < 1000; i++)
		text_add(&deep, "{if 1}");
	struct err err = { 0 };
	assert_int_equal(formula_expand(text_string(&deep), &names, &out, &err), ERR_IO);
	assert_non_null(strstr(err.text, "nested too deeply"));
	text_release(&deep);
	text_addc(&deep, '{', 1);
	text_addc(&deep, '1', 1000);
	text_addc(&deep, '}', 1);
	assert_int_equal(formula_expand(text_string(&deep), &names, &out, &err), ERR_IO);
	assert_non_null(strstr(err.text, "a formula is too long"));
	text_release(&deep);
	out.failed = true;
	assert_int_equal(formula_expand("a", &names, &out, &err), ERR_IO);
	text_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arithmetic),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_x_and_b),
		cmocka_unit_test(test_comparisons_and_logic),
		cmocka_unit_test(test_three_valued_logic),
		cmocka_unit_test(test_exactness),
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_nesting),
		cmocka_unit_test(test_random_trees),
		cmocka_unit_test(test_random_bytes),
		cmocka_unit_test(test_template_values),
		cmocka_unit_test(test_template_branches),
		cmocka_unit_test(test_template_mistakes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
