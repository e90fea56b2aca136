#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154
# The meter's counting: every door of the heap, threads, the three largest, and what the libraries bring along. Held against sums that the programs keep themselves and
# against valgrind's DHAT.
#
# DHAT differs where this is known, and nowhere else: it counts a request for 0 bytes as 1, a request that fails like one that does not, and 3.19 does not see pvalloc.

load common
load preload

setup_file() {
	build ledger family threads
	! command -v "${CXX:-c++}" >/dev/null || build operators plugin
}

setup() {
	P=$BATS_FILE_TMPDIR
}

@test "the C family: the program's own sum, to the byte" {
	for with in none pvalloc; do
		on_ledger -- "$P/family" $with
		[ "$status" -eq 0 ]
		[ "$(said asked)" -gt 100000000 ]
		[ "$(field asked ^process)" -eq "$(said asked)" ]
		[ "$(field allocations ^process)" -eq "$(said allocations)" ]
		[ "$(field live ^process)" -eq 0 ]
	done
}

@test "the C family: DHAT's totals, but for the one request of 0 bytes" {
	on_ledger -- "$P/family" dhat
	[ "$(($(field asked ^process) + 1)) $(field allocations ^process)" = "$(dhat "$P/family" dhat)" ]
}

@test "C++'s operators, aligned ones too, and a library that is opened later: DHAT's totals, to the byte" {
	[ -x "$P/operators" ] || skip 'no C++ compiler'
	for library in '' "$P/plugin.so"; do
		on_ledger -- "$P/operators" $library
		[ "$status" -eq 0 ]
		[ "$(field asked ^process) $(field allocations ^process)" = "$(dhat "$P/operators" $library)" ]
		# All beyond what the program asked for itself is the C++ library's reserve for exceptions, and the loader's.
		[ "$(field asked ^process)" -gt "$(said asked)" ]
	done
	on_ledger -- "$P/operators" "$P/plugin.so" throws
	[ "$status" -eq 0 ]
}

@test "temporary allocations, size classes and the peak of one thread, exactly" {
	cat >"$BATS_TEST_TMPDIR/exact.c" <<-'END'
		#include <stdlib.h>
		int main(void)
		{
			char *volatile a, *volatile b;
			a = malloc(100); b = malloc(200); free(b); free(a);   /* 112 + 224; b is temporary, a is not */
			a = malloc(8000000); a = realloc(a, 9000000); free(a); /* 8388608, moved or grown: 10485760 */
			a = malloc(10); b = malloc(20); free(a); free(b);      /* only b; 16 + 32 */
			a = malloc(64); a = realloc(a, 60); free(a);           /* the last one */
			return 0;
		}
	END
	cc -O0 -fno-builtin -o "$BATS_TEST_TMPDIR/exact" "$BATS_TEST_TMPDIR/exact.c"
	on_ledger -- "$BATS_TEST_TMPDIR/exact"
	[ "$(field allocations ^process)" -eq 8 ]
	[ "$(field asked ^process)" -eq $((100 + 200 + 8000000 + 9000000 + 10 + 20 + 64 + 60)) ]
	[ "$(field allocated ^process)" -eq $((112 + 224 + 8388608 + 10485760 + 16 + 32 + 64 + 64)) ]
	[ "$(field temporary ^process)" -eq 4 ]
	[ "$(field live ^process)" -eq 0 ]
	if [ "$(field moved ^process)" -eq 1 ]; then
		[ "$(field peak ^process)" -eq $((8388608 + 10485760)) ]
	else
		[ "$(field peak ^process)" -eq 10485760 ]
	fi
}

# Each new thread also gets the loader's table of thread-local storage, which is 16 bytes larger with our library: a calloc that the programs do not know of.
@test "8 threads that free what others made: totals exact, all of it freed" {
	on_ledger -- "$P/threads" across
	[ "$status" -eq 0 ]
	local more=$(($(field allocations ^process) - $(said allocations)))
	[ "$more" -ge 1 ] && [ "$more" -le 8 ]
	[ $((($(field asked ^process) - $(said asked)) % more)) -eq 0 ]
	[ "$(field ended '^region.*name=across')" -eq 8 ]
	[ "$(field allocations '^region.*name=across')" -eq 850000 ]
	[ "$(field peak ^process)" -ge $((8 * 4 * 1024 * 1024)) ]
	[ "$(field live ^process)" -lt 4096 ]
}

@test "8 threads: the peak is within 64 KiB for each" {
	on_ledger -- "$P/threads" peak
	[ "$status" -eq 0 ]
	local off=$(($(field peak ^process) - 8 * 30000 * 112))
	[ "${off#-}" -le $((9 * 65536)) ]
}

@test "20,000 threads use a few slots again and again" {
	on_ledger -- "$P/threads" many
	[ "$status" -eq 0 ]
	[ "$(field temporary ^process)" -ge 20000 ]
	[ "$(field slots ^ledger)" -le 16 ]
	[ "$(field threads ^process)" -eq 1 ]
	[ "$(field flags ^process)" -eq 0 ]
}

@test "what a thread does after its end counts" {
	on_ledger -- "$P/threads" late
	[ "$status" -eq 0 ]
	[ "$(field others ^process)" -gt 0 ]
	# 8 threads: 4 x (200, 1000, 3000), and their tables; 1 at the beginning
	[ "$(($(field asked ^process) - 8 * 4 * 4200))" -lt 4096 ]
	[ "$(field live ^process)" -lt 4096 ]
}

@test "ThreadSanitizer sees no race in the counting" {
	printf 'int main(void) { return 0; }\n' | cc -x c -fsanitize=thread -o "$BATS_TEST_TMPDIR/tsan" - 2>/dev/null && "$BATS_TEST_TMPDIR/tsan" || skip 'no ThreadSanitizer here'
	cc -O1 -g -fsanitize=thread -D_GNU_SOURCE -DSTRESS -DUNDER_LIBC -Isrc -pthread -o "$P/stress" tests/preload/threads.c \
		src/preload/{attach,caller,doors,large,region,resident,slot,symbol,text,under}.c
	for what in across peak late; do
		run --separate-stderr "$P/ledger" -w 7 -o "$LEDGER" '' "$P/stress" $what
		echo "$stderr"
		[ "$status" -eq 0 ]
		[[ $stderr != *WARNING* ]]
		[ "$(field live ^process)" -eq 0 ]
		[ "$what" != across ] || [ "$(field asked ^process)" -eq "$(said asked)" ]
		[ "$what" != across ] || [ "$(field allocations ^process)" -eq "$(said allocations)" ]
	done
}

@test "the three largest, with where they came from" {
	cat >"$BATS_TEST_TMPDIR/large.c" <<-'END'
		#include <stdlib.h>
		#include <string.h>
		void *make_table(size_t n) { char *volatile table = malloc(n); return table; }
		int main(void) { make_table(1000000); strdup("abc"); char *volatile p = calloc(1000, 700); p = realloc(p, 500000); make_table(100); return 0; }
	END
	cc -g -O0 -rdynamic -o "$BATS_TEST_TMPDIR/large" "$BATS_TEST_TMPDIR/large.c"
	on_ledger -w 3 -- "$BATS_TEST_TMPDIR/large"
	[ "$(grep -c '^large' "$LEDGER")" -eq 3 ]
	grep -q '^large asked=1000000 .*object=.*/large where=make_table$' "$LEDGER"
	grep -q '^large asked=700000 .*where=main$' "$LEDGER"
	grep -q '^large asked=500000 .*where=main$' "$LEDGER"
	command -v addr2line >/dev/null || return 0
	[[ $(addr2line -e "$BATS_TEST_TMPDIR/large" "$(field offset '^large asked=1000000')") == *large.c:3 ]]
}

@test "a program with a malloc of its own is known, and left alone" {
	printf 'static char pool[1 << 16];\nvoid *malloc(unsigned long n) { return n < sizeof pool ? pool : 0; }\nvoid free(void *p) { (void)p; }\nint main(void) { return malloc(3) != pool; }\n' |
		cc -fno-builtin -x c -o "$BATS_TEST_TMPDIR/own" -
	on_ledger -- "$BATS_TEST_TMPDIR/own"
	[ "$status" -eq 0 ]
	[ "$(field flags ^process)" -eq 1 ]
	[ "$(field allocations ^process)" -eq 0 ]
}

@test "nothing is counted that the program does not do" {
	for LIBRARY in preload plain; do
		on_ledger -- true
		[ "$status" -eq 0 ]
		[ "$(field processes ^ledger)" -eq 1 ]
		[ "$(field state ^process)" = exited ]
		[ "$(field rss ^process)" -gt 500000 ]
		[ "$(field allocations ^process)" -eq 0 ]
	done
}

@test "without a ledger, or with one that is none, the libraries do nothing" {
	for library in preload plain; do
		for ledger in '' /nonexistent /dev/null /proc/self/fd/99 /etc/passwd; do
			run env MEMHINT_LEDGER="$ledger" LD_PRELOAD="$PWD/$B/libmemhint-$library.so" "$P/family"
			[ "$status" -eq 0 ]
		done
		run env LD_PRELOAD="$PWD/$B/libmemhint-$library.so" sh -c 'echo a | cat'
		[ "$output" = a ]
	done
}

@test "the libraries need libc alone, and show nothing but their doors" {
	command -v readelf >/dev/null && command -v nm >/dev/null || skip 'no binutils'
	grep -q jemalloc_preload "$B/preload.libs" || skip 'no libjemalloc_pic.a: the shared library is needed'
	for library in preload plain; do
		run bash -c "readelf -d $B/libmemhint-$library.so | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | grep -vE '^(libc\.so|ld-linux)'"
		[ -z "$output" ]
	done
	run bash -c "nm -D --defined-only $B/libmemhint-preload.so | awk '{ print \$3 }' | grep -E 'je_|mallocx|memhint_je|Unwind'"
	[ -z "$output" ]
	run bash -c "nm -D --defined-only $B/libmemhint-plain.so | awk '{ print \$3 }' | grep -E 'alloc|free'"
	[ -z "$output" ]
	[ "$(nm -D --defined-only "$B/libmemhint.so" | awk '{ print $3 }' | tr '\n' ' ')" = 'memhint_begin memhint_end ' ]
	run readelf -d "$B/libmemhint.so"
	[[ $output == *'[libmemhint.so.0]'* ]]
	[[ $output != *NEEDED* ]]
}

@test "where there is no archive, the meter is built over jemalloc's shared library" {
	# objcopy is what the archive needs
	make -s B="$BATS_TEST_TMPDIR/shared" OBJCOPY=none-such "$BATS_TEST_TMPDIR/shared/libmemhint-preload.so"
	readelf -d "$BATS_TEST_TMPDIR/shared/libmemhint-preload.so" | grep -q libjemalloc
	run --separate-stderr "$P/ledger" -o "$LEDGER" "$BATS_TEST_TMPDIR/shared/libmemhint-preload.so" "$P/family" pvalloc
	[ "$status" -eq 0 ]
	# libjemalloc brings C++'s library, whose reserve is a block more.
	[ "$(($(field allocations ^process) - $(said allocations)))" -le 1 ]
	[ "$(($(field asked ^process) - $(said asked)))" -le 80000 ]
}
