#!/bin/sh
# SPDX-License-Identifier: MIT
# Decides which allocator lies under the meter that goes into measured programs. Writes two files into the given folder: preload.cflags
# (what the compiler is to be told) and preload.libs (what the linker is).
#
# With libjemalloc_pic.a: a copy whose malloc family is called memhint_je_*, whose questions to the outside (settings, the profiler's unwinder and
# logarithms) are answered by src/preload/under.c, and without the C++ operators, so that the library needs libc alone and no second
# allocator is seen in the program. Without: jemalloc's shared library.
set -eu
dir=$1
archive=$($CC -print-file-name=libjemalloc_pic.a)
if [ -f "$archive" ] && command -v "$OBJCOPY" >/dev/null; then
	set --
	for name in malloc calloc realloc free aligned_alloc posix_memalign memalign valloc pvalloc malloc_usable_size \
		__libc_malloc __libc_calloc __libc_realloc __libc_free __libc_memalign __libc_valloc __libc_pvalloc __posix_memalign; do
		set -- "$@" --redefine-sym "$name=memhint_je_$name"
	done
	for name in exp log round; do
		set -- "$@" --redefine-sym "$name=memhint_under_$name"
	done
	"$OBJCOPY" "$@" --redefine-sym secure_getenv=memhint_under_getenv --redefine-sym readlink=memhint_under_readlink \
		--redefine-sym _Unwind_Backtrace=memhint_under_unwind --redefine-sym malloc_conf=memhint_je_conf "$archive" "$dir/libjemalloc_preload.a"
	member=$(${AR:-ar} t "$dir/libjemalloc_preload.a" | grep jemalloc_cpp || true)
	[ -z "$member" ] || ${AR:-ar} d "$dir/libjemalloc_preload.a" "$member"
	echo -DUNDER_HIDDEN >"$dir/preload.cflags"
	echo "$dir/libjemalloc_preload.a" >"$dir/preload.libs"
else
	: >"$dir/preload.cflags"
	echo -ljemalloc >"$dir/preload.libs"
fi
