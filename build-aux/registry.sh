#!/bin/sh
# SPDX-License-Identifier: MIT
# Writes registry.c: every lesson named on the command line, each a folder of lessons/ whose scenario.c defines lesson_<name>; the texts of that file
# and of numpy.py beside it, which `memhint show` prints; and the Python that runs numpy.py. So an installed memhint needs no source tree.
set -eu

# A file as a C string.
quote() {
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/??/?\\?/g' -e 's/^/\t"/' -e 's/$/\\n"/' "$1"
}

printf '/* Made by build-aux/registry.sh from the folders of lessons/. */\n#include "bench/twin.h"\n#include "lesson/lesson.h"\n\n'
for name; do printf 'extern const struct lesson lesson_%s;\n' "$name"; done
printf '\nconst struct lesson *const lesson_registry[] = {\n'
for name; do printf '\t&lesson_%s,\n' "$name"; done
printf '\tNULL,\n};\n\nconst char *const lesson_sources[] = {\n'
for name; do
	quote "lessons/$name/scenario.c"
	printf '\t,\n'
done
printf '\tNULL,\n};\n\nconst char *const lesson_twins[] = {\n'
for name; do
	if [ -f "lessons/$name/numpy.py" ]; then quote "lessons/$name/numpy.py"; else printf '\tNULL'; fi
	printf '\t,\n'
done
printf '\tNULL,\n};\n\nconst char twin_driver[] =\n'
quote src/bench/twin.py
printf '\t;\n'
