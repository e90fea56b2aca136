# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154
# What the tests of the libraries share: they are tried on a ledger of our own, without `memhint exec`.
#
# build NAME...            programs of tests/preload/, into $BATS_FILE_TMPDIR
# on_ledger ARG... -- CMD  run it with the meter (or with LIBRARY=plain): $status, $output, $stderr, and the ledger as text in $LEDGER
# field NAME PATTERN       a number of the first line of the ledger that has the pattern
# sum NAME PATTERN         the same, of all lines added up
# said NAME                a number that the program told ("asked=5 allocations=3")
# dhat CMD                 "BYTES BLOCKS", valgrind's totals

LIBRARY=preload
LEDGER=$BATS_TEST_TMPDIR/ledger

build() {
	local name flags=(-O1 -g -Wall -Wextra -fno-builtin -D_GNU_SOURCE -Isrc -pthread)
	for name; do
		case $name in
		operators) "${CXX:-c++}" -O1 -g -std=c++17 -o "$BATS_FILE_TMPDIR/$name" "tests/preload/$name.cpp" -ldl ;;
		plugin) "${CXX:-c++}" -O1 -shared -fPIC -o "$BATS_FILE_TMPDIR/plugin.so" tests/preload/plugin.cpp ;;
		*) "${CC:-cc}" "${flags[@]}" -o "$BATS_FILE_TMPDIR/$name" "tests/preload/$name.c" -L"$B" -Wl,--as-needed -lmemhint -Wl,-rpath,"$PWD/$B" -ldl ;;
		esac
	done
}

on_ledger() {
	local options=()
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	run --separate-stderr timeout 120 "$BATS_FILE_TMPDIR/ledger" "${options[@]}" -o "$LEDGER" "$PWD/$B/libmemhint-$LIBRARY.so" "$@"
	printf 'status %s\nstdout: %s\nstderr: %s\n' "$status" "$output" "$stderr"
	cat "$LEDGER"
}

sum() {
	awk -v name="$1" -v pattern="$2" '$0 ~ pattern { for (i = 1; i <= NF; i++) if (index($i, name "=") == 1) s += substr($i, length(name) + 2) } END { printf "%d\n", s }' "$LEDGER"
}

field() {
	awk -v name="$1" -v pattern="$2" '$0 ~ pattern { for (i = 1; i <= NF; i++) if (index($i, name "=") == 1) { print substr($i, length(name) + 2); exit } }' "$LEDGER"
}

said() {
	printf '%s\n' "$output" "$stderr" | grep -o "\b$1=[0-9]*" | head -n 1 | cut -d= -f2
}

dhat() {
	command -v valgrind >/dev/null || skip 'valgrind is not installed'
	valgrind --tool=dhat --dhat-out-file=/dev/null --log-file="$BATS_TEST_TMPDIR/dhat" "$@" >/dev/null 2>&1 </dev/null || true
	awk '/Total:/ { gsub(",", ""); print $3, $6; exit }' "$BATS_TEST_TMPDIR/dhat"
}
