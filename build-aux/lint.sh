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
	cppcheck --quiet --std=c11 --language=c --error-exitcode=1 --inline-suppr --enable=warning,performance,portability \
		--suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches -D__x86_64__ -DMEMHINT_VERSION='""' -Isrc \
		src lessons || bad=1
else
	echo 'skipped: cppcheck is not installed'
fi
# bugprone and the analyser find mistakes; of style nothing is asked here. Left out, with reasons:
#   bugprone-easily-swappable-parameters   an array's shape and strides are two of a kind everywhere
#   bugprone-narrowing-conversions         -Wconversion says the same, and the casts answer it
#   bugprone-reserved-identifier           the feature macro _GNU_SOURCE
#   DeprecatedOrUnsafeBufferHandling       it asks for Annex K, which no C library here has
if command -v clang-tidy >/dev/null 2>&1; then
	find src lessons -name '*.c' -print0 | sort -z | xargs -0 -n 8 -P "$(nproc)" clang-tidy --quiet --warnings-as-errors='*' \
		--checks='-*,bugprone-*,clang-analyzer-*,-bugprone-easily-swappable-parameters,-bugprone-narrowing-conversions,-bugprone-reserved-identifier,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling' \
		-- -std=gnu11 -D_GNU_SOURCE -DMEMHINT_VERSION='""' -Isrc 2>/dev/null || bad=1
else
	echo 'skipped: clang-tidy is not installed'
fi
exit $bad
