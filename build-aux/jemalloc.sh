#!/bin/sh
# SPDX-License-Identifier: MIT
# Decides how jemalloc is linked and prints what the linker is to be told.
#
# With a static archive: a copy in which malloc and its family are renamed (je_malloc, ...), so that the meter's own are the only
# ones that anything sees, and in which secure_getenv is ours, so that a user's MALLOC_CONF does not reach it. No second
# shared library has to be loaded at start-up, which would cost 1.5 ms.
# Without one: the shared library; the meter's malloc comes first in the program and wins.
set -eu
dir=$1
archive=$($CC -print-file-name=libjemalloc.a)
if [ ! -f "$archive" ]; then
	archive=$($CC -print-file-name=libjemalloc_pic.a)
fi
if [ -f "$archive" ] && command -v "$OBJCOPY" >/dev/null; then
	set --
	for name in malloc calloc realloc free aligned_alloc posix_memalign memalign valloc pvalloc malloc_usable_size; do
		set -- "$@" --redefine-sym "$name=memhint_je_$name"
	done
	"$OBJCOPY" "$@" --redefine-sym secure_getenv=memhint_jemalloc_getenv --wildcard \
		--weaken-symbol='_Zn*' --weaken-symbol='_Zd*' "$archive" "$dir/libjemalloc_hidden.a"
	echo "$dir/libjemalloc_hidden.a"
else
	echo -ljemalloc
fi
