/* SPDX-License-Identifier: MIT */
#ifndef INSPECT_INSPECT_H
#define INSPECT_INSPECT_H

/*
 * Read a NumPy program and say of each step whether it makes a view or a copy, why, and what it costs: without Python, and without making an array.
 *
 * A session is fed with source text, as often as one likes (a prompt feeds it line by line). It keeps names and their arrays between feeds, each a
 * geometry (shape, strides, offset, itemsize) over a numbered buffer; arrays go away when nothing refers to them any more, as in CPython.
 */

#include "base/inspection.h"
#include "nd/geom.h"

#include <stdbool.h>
#include <stddef.h>

struct inspect_session;

enum {
	INSPECT_MOST_SOURCE = 4 << 20, /* bytes of all feeds together */
	INSPECT_MOST_LINE = 1 << 16,   /* bytes of one line */
	INSPECT_MOST_STEPS = 100000,   /* of all statements together */
	INSPECT_MOST_PAIRS = 20000,    /* of arrays that share bytes: enough for any program that a person reads */
	INSPECT_MOST_NESTING = 100     /* brackets and operators inside each other */
};

/*
 * assume   a name that is read and was never assigned is taken to be np.arange(12.).reshape(3, 4), and said so in the result; else NameError.
 * NULL when there is no memory.
 */
struct inspect_session *inspect_open(bool assume);
void inspect_close(struct inspect_session *session); /* NULL is fine */

/*
 * Follow the statements of the text. Returns 0; or -1 after an error in the program, or without memory (result->error says which, and is NULL without memory; nothing after it is followed, and a further
 * feed starts afresh behind it with the names as they are).
 *
 * text     need not end with a newline; may hold any bytes.
 */
int inspect_feed(struct inspect_session *session, const char *text, size_t length);

/* --let 'a = ...': as inspect_feed, but its statements are not among the result's; its arrays are inputs. */
int inspect_let(struct inspect_session *session, const char *text, size_t length);

/* Is the text a whole statement, or does Python's prompt ask for more (an open bracket, a block, a line that ends in a backslash)? */
bool inspect_is_whole(const char *text, size_t length);

/*
 * Fill result->arrays and result->shares from the names as they are now. May be called again after another feed.
 *
 * most_pairs  of shares, INSPECT_MOST_PAIRS at most: where there are more, result->shares_cut says so.
 */
void inspect_finish(struct inspect_session *session, size_t most_pairs);

/* Borrowed; valid, and growing, until the session is closed. */
const struct inspection *inspect_result(const struct inspect_session *session);

/*
 * The array that the last statement that had one left: of `b = a.T`, b; of `a.T`, that. NULL: there was none. Borrowed until the next feed.
 * out_geom  in its buffer; out_source: what it views, or the buffer's first owner.
 */
const struct inspect_array *inspect_last(const struct inspect_session *session, struct nd_geom *out_geom);
/*
 * The array that owns the buffer of inspect_last(), as its maker shaped it (np.arange(12.).reshape(3, 4) counts as (3, 4), the first named array
 * over the buffer): the grid that `draw` puts beside the view. NULL: there is none. out_name: "a".
 */
const struct inspect_array *inspect_last_source(const struct inspect_session *session, struct nd_geom *out_geom, const char **out_name);

#endif
