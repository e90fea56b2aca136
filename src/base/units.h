/* SPDX-License-Identifier: MIT */
#ifndef BASE_UNITS_H
#define BASE_UNITS_H

/*
 * Numbers as people write and read them. One unit inside (bytes, nanoseconds, plain counts); everything else is here, at the edge.
 * The decimal point is a dot in every locale.
 */

#include "err.h"

#include <stddef.h>
#include <stdint.h>

enum { UNITS_TEXT = 40 };

/*
 * "4096", "4K", "64Ki", "2.5M", "230MB", "1GiB": K, M, G, T are powers of 1000, Ki, Mi, Gi, Ti of 1024, a final B may follow; lower case k too.
 * A fraction must come out whole. Negative, empty, other words, trailing text and what exceeds 64 bits are errors that say which.
 *
 * what   the subject for the message, as in "n" or "--max-peak".
 */
int units_parse(const char *what, const char *text, uint64_t *out_value, struct err *err);
/*
 * The decimal number that text begins with ("8", "0.25", ".5"; no sign, no exponent), nearest double. Returns where it ends, NULL where
 * none begins.
 */
const char *units_scan(const char *text, double *out_number);
/* A positive decimal number of seconds ("2", "0.5"). */
int units_parse_seconds(const char *what, const char *text, double *out_seconds, struct err *err);

/* What is not a number prints as "-" in all of these. Halves of whole numbers are rounded up, and rounding never reaches the next unit: 999,950 B is "1.0 MB". */

/* "0 B", "96 B", "4.1 kB", "64.0 MB", "127.9 MB", "1.02 GB": powers of 1000, three to four significant digits; exact below 1000 B. */
char *units_bytes(double bytes, char out[UNITS_TEXT]);
/* The same, but below 10,000 B every byte is shown: "9600 B". */
char *units_bytes_exact(int64_t bytes, char out[UNITS_TEXT]);
/* "312 ns", "2.31 ms", "24.1 ms", "1.20 s": three significant digits. */
char *units_time(double ns, char out[UNITS_TEXT]);
/* "124,937". */
char *units_count(double count, char out[UNITS_TEXT]);
/* "125K", "4M", "64", "1.5M": as it may be typed again with --set; falls back to plain digits when that is not exact. */
char *units_short(uint64_t count, char out[UNITS_TEXT]);
/* A number that may be small or broken: "124,937", "0.0012", "3.142", "1.2e-08"; whole ones grouped, others to four significant digits. */
char *units_number(double number, char out[UNITS_TEXT]);
/* "64x", "2.5x", "0.25x": digits as in units_ratio, no word and no inversion. */
char *units_factor(double factor, char out[UNITS_TEXT]);
/* Of a fraction: "4 %", "2.5 %", "64 %". */
char *units_percent(double fraction, char out[UNITS_TEXT]);
/* A time ratio (this / baseline) in words: "10.4x faster", "2.2x slower", "78x faster" (from 20 on without a decimal), "1.05x slower" (two decimals below 1.1). */
char *units_ratio(double ratio, char out[UNITS_TEXT]);
/* "8.1 GB/s". */
char *units_rate(double bytes_per_second, char out[UNITS_TEXT]);

#endif
