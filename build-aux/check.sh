#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs all tests and adds them up. Usage: check.sh UNIT_TEST...   (B names the build folder)
#
# Unit tests (cmocka) are judged by their exit status, as cmocka 1.1.5 prints a skip as "not ok"; their numbers are counted from its TAP. Then tests/cli/*.bats,
# then the linters. Ends with one line: N passed, N failed, N skipped.
set -u
passed=0 failed=0 skipped=0
log=$B/check
mkdir -p "$log"

# TAP on a file: how many ok, not ok, and skipped there are. cmocka says "not ok N - name # SKIP".
count() { # file status
	skips=$(grep -cE '^(not )?ok .*# (SKIP|skip)' "$1")
	bad=$(grep -E '^not ok ' "$1" | grep -cvE '# (SKIP|skip)')
	good=$(grep -E '^ok ' "$1" | grep -cvE '# (SKIP|skip)')
	# A program that dies has not told all: that is a failure too.
	[ "$2" -ne 0 ] && [ "$bad" -eq 0 ] && bad=1
	[ "$((skips + bad + good))" -eq 0 ] && bad=1
	passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + skips))
	[ "$bad" -eq 0 ]
}

run() { # name, command...
	name=$1
	shift
	out=$log/$(printf '%s' "$name" | tr '/' '_').tap
	start=$(date +%s)
	"$@" >"$out" 2>&1 </dev/null
	status=$?
	if count "$out" "$status"; then
		printf 'ok   %-34s %4d passed %3d skipped %4d s\n' "$name" "$good" "$skips" $(($(date +%s) - start))
	else
		printf 'FAIL %-34s %4d passed %3d failed\n' "$name" "$good" "$bad"
		grep -vE '^ok ' "$out" | head -n 40
	fi
	grep -E '# (SKIP|skip)' "$out" | sed -e 's/^[a-z ]*ok [0-9]* -* */     skipped: /'
}

for program; do
	run "${program#"$B"/tests/}" env CMOCKA_MESSAGE_OUTPUT=TAP "$program"
done

# The same under address, undefined-behaviour and leak sanitizers; without the meter, which is an allocator itself.
asan=$B/asan
sanitized=''
for program; do
	case $program in
	*/test_meter*) ;;
	*) sanitized="$sanitized $asan/${program#"$B"/}" ;;
	esac
done
# shellcheck disable=SC2086 # words are wanted
if printf 'int main(void) { return 0; }\n' | $CC -x c -fsanitize=address,undefined -o "$log/sanitizers" - 2>/dev/null && "$log/sanitizers"; then
	make -s B="$asan" CC="$CC" CFLAGS='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all' $sanitized || failed=$((failed + 1))
	# Every program that a fuzzer was begun from, or that once broke something.
	if make -s B="$asan" CC="$CC" CFLAGS='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all' "$asan/tests/fuzz/replay" &&
		"$asan/tests/fuzz/replay" tests/fuzz/corpus/inspect/* >"$log/fuzz.txt" 2>&1; then
		printf 'ok   sanitized/fuzz corpus: %s\n' "$(tail -n 1 "$log/fuzz.txt")"
		passed=$((passed + 1))
	else
		printf 'FAIL sanitized/fuzz corpus\n'
		tail -n 30 "$log/fuzz.txt"
		failed=$((failed + 1))
	fi
	for program in $sanitized; do
		run "sanitized/${program#"$asan"/tests/}" env CMOCKA_MESSAGE_OUTPUT=TAP "$program"
	done
else
	printf 'skipped: the compiler has no sanitizers here\n'
	skipped=$((skipped + 1))
fi

if command -v bats >/dev/null 2>&1; then
	for file in tests/cli/*.bats; do
		run "${file#tests/}" env MEMHINT="$PWD/$B/memhint" B="$B" bats --tap "$file"
	done
else
	printf 'skipped: tests/cli, as bats is not installed\n'
	skipped=$((skipped + 1))
fi

if sh build-aux/lint.sh >"$log/lint.txt" 2>&1; then
	printf 'ok   lint\n'
	passed=$((passed + 1))
	grep '^skipped' "$log/lint.txt" && skipped=$((skipped + 1))
else
	printf 'FAIL lint\n'
	cat "$log/lint.txt"
	failed=$((failed + 1))
fi

printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
