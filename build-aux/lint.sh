#!/bin/sh
# SPDX-License-Identifier: MIT
# Static checks, each as far as its tool is installed. Nothing is printed about what is well.
set -u
bad=0
if command -v shellcheck >/dev/null 2>&1; then
	shellcheck build-aux/*.sh .ci/run || bad=1
else
	echo 'skipped: shellcheck is not installed'
fi
if command -v cppcheck >/dev/null 2>&1; then
	# returnDanglingLifetime: a struct that a function is handed is taken for what it returns. varFuncNullUB: NULL is a pointer here.
	# incorrectLogicOperator: cppcheck 2.10 misreads hexadecimal floats. duplicateAssignExpression: two ends may start alike.
	cppcheck --quiet --std=c11 --language=c --error-exitcode=1 --inline-suppr --enable=warning,performance,portability \
		--suppress=missingIncludeSystem --suppress=incorrectLogicOperator --suppress=duplicateAssignExpression \
		--suppress=returnDanglingLifetime --suppress=varFuncNullUB -D__x86_64__ -DMEMHINT_VERSION='""' -Isrc \
		src lessons || bad=1
else
	echo 'skipped: cppcheck is not installed'
fi
# .clang-tidy says which checks, and why not others.
if command -v clang-tidy >/dev/null 2>&1; then
	# shellcheck disable=SC2016 # the inner shell expands it
	find src lessons -name '*.c' -print0 | sort -z | xargs -0 -n 8 -P "$(nproc)" sh -c \
		'clang-tidy --quiet "$@" -- -std=gnu11 -D_GNU_SOURCE -DMEMHINT_VERSION="\"\"" -Isrc 2>/dev/null' clang-tidy || bad=1
else
	echo 'skipped: clang-tidy is not installed'
fi
# The other compiler's warnings, which the build with this one does not show.
if command -v clang >/dev/null 2>&1; then
	# shellcheck disable=SC2046,SC2016 # words are wanted; the inner shell expands it
	find src lessons -name '*.c' -print0 | sort -z | WARNINGS=$(sed -n 's/^WARNINGS := //p' Makefile) xargs -0 -n 16 -P "$(nproc)" sh -c \
		'clang -fsyntax-only -Werror $WARNINGS -std=gnu11 -D_GNU_SOURCE -DMEMHINT_VERSION="\"\"" -Isrc "$@"' clang || bad=1
else
	echo 'skipped: clang is not installed'
fi
exit $bad
