#!/bin/sh
# SPDX-License-Identifier: MIT
# Writes registry.c: every lesson named on the command line, each a folder of lessons/ whose scenario.c defines lesson_<name>, and the text of
# that file, which `memhint show` prints.
set -eu
printf '/* Made by build-aux/registry.sh from the folders of lessons/. */\n#include "lesson/lesson.h"\n\n'
for name; do printf 'extern const struct lesson lesson_%s;\n' "$name"; done
printf '\nconst struct lesson *const lesson_registry[] = {\n'
for name; do printf '\t&lesson_%s,\n' "$name"; done
printf '\tNULL,\n};\n\nconst char *const lesson_sources[] = {\n'
for name; do
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/??/?\\?/g' -e 's/^/\t"/' -e 's/$/\\n"/' "lessons/$name/scenario.c"
	printf '\t,\n'
done
printf '\tNULL,\n};\n'
