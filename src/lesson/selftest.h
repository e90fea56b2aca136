/* SPDX-License-Identifier: MIT */
#ifndef LESSON_SELFTEST_H
#define LESSON_SELFTEST_H

#include "lesson/lesson.h"

/*
 * memhint's own zero, in the form of a lesson that `list` does not show: a way that does nothing, one that holds a known number of bytes, and pairs of
 * ways with identical code, between which no difference may be found.
 */
extern const struct lesson lesson_selftest;

#endif
