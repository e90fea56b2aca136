#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154
# memhint inspect against NumPy: all recorded programs, and a few hundred fresh ones. By hand, more of them:
#   MEMHINT=build/memhint /usr/bin/python3 tests/oracle/differential.py --seed x --count 20000 --keep-going 100

load common

ask() {
	run timeout 240 "$PYTHON" -B "tests/oracle/$1" "${@:2}"
	printf '%s\n' "$output"
}

@test "2,500 recorded programs and 300 recorded costs agree" {
	need_python json
	ask check.py
	[ "$status" -eq 0 ]
	[[ $output == *'views: 2500 of 2500 programs agree'*'costs: 300 of 300 programs agree'* ]]
}

@test "300 fresh programs agree with the NumPy that is installed, in every field" {
	need_python numpy
	ask differential.py --seed check --count 300 --keep-going 5
	[ "$status" -eq 0 ]
	[[ $output == *'300 programs of seed check, no difference'* ]]
}

@test "what 50 fresh programs of the recorded kinds allocate and keep, as tracemalloc counts it" {
	need_python numpy
	ask costs.py --seed check --count 50 --keep-going 5 --recorded
	[ "$status" -eq 0 ]
}

@test "what 50 fresh programs of all kinds allocate and keep" {
	need_python numpy
	ask costs.py --seed check --count 50 --keep-going 5
	[ "$status" -eq 0 ]
}

# A check that cannot fail proves nothing: answers from another program are not taken for right.
@test "a wrong answer is found, shown with a seed and reduced" {
	need_python numpy
	cat >"$BATS_TEST_TMPDIR/memhint" <<-'SH'
		#!/bin/sh
		sed 's/\.T/[...]/g' | "$REAL" "$@"
	SH
	chmod +x "$BATS_TEST_TMPDIR/memhint"
	REAL=$MEMHINT MEMHINT=$BATS_TEST_TMPDIR/memhint ask differential.py --seed check --count 100
	[ "$status" -eq 1 ]
	[[ $output == *'differential.py --seed check --only '* ]]
	[[ $output == *'.T'* ]]
	[[ $output == *': NumPy says '*', memhint '* ]]
}
