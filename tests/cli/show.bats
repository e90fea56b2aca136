#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2012,SC2030,SC2031,SC2034,SC2143
# memhint show: each way in NumPy beside its C, taken from the very texts that run.

load common

good() {
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
}

@test "each way of each lesson: what it does, its NumPy line, its bytes, NumPy that is in numpy.py, and C that is in scenario.c" {
	for lesson in $("$MEMHINT" list --names); do
		expand -t 4 "lessons/$lesson/scenario.c" | cat - "lessons/$lesson/numpy.py" >"$BATS_TEST_TMPDIR/scenario.c"
		for way in $("$MEMHINT" list --ways "$lesson"); do
			memhint show "$lesson" --variants "$way"
			good
			printf '%s\n' "$output" | head -n 5
			[[ ${lines[0]} == "# $way: "?* ]]
			[[ $output == *$'\n# makes '*' B, peak '* || $output == *$'\n# makes '*'B, peak '* ]]
			# What is neither a remark, the NumPy line nor empty is a line of the files; and there is a whole function in each.
			code=$(printf '%s\n' "$output" | sed -n '/^$/,$p')
			if grep -qE "^(def $way\(|$way = )" "lessons/$lesson/numpy.py"; then
				printf '%s\n' "$code" | grep -qE "^(def $way\(|$way = )"
				[[ $code == *$'\ndef use'*'('*'):'* ]]
			fi
			[[ $code == *'(void *state)'*$'\n{\n'*$'\n}'* ]]
			[ -z "$(printf '%s\n' "$code" | grep -v '^$' | grep -vxFf "$BATS_TEST_TMPDIR/scenario.c")" ]
		done
	done
}

@test "the whole lesson is its ways one after another" {
	for lesson in $("$MEMHINT" list --names); do
		memhint show "$lesson"
		good
		[ "$(printf '%s\n' "$output" | sed -nE 's/^# ([a-z0-9_]+): .*/\1/p')" = "$("$MEMHINT" list --ways "$lesson")" ]
	done
}

@test "the NumPy line stands below its way's name, and run prints the same" {
	"$MEMHINT" show windows --variants strided | sed -n 2p | grep -qxF 'as_strided(x, (m, w), (8, 8))'
	for lesson in $("$MEMHINT" list --names); do
		memhint show "$lesson"
		printf '%s\n' "$output" | grep -A 1 -E '^# [a-z0-9_]+: ' | grep -vE '^(#|--)' >"$BATS_TEST_TMPDIR/numpy"
		[ "$(wc -l <"$BATS_TEST_TMPDIR/numpy")" -gt 0 ]
		while IFS= read -r line; do
			echo "$lesson: $line"
			grep -qF -- "$(printf '%s' "$line" | sed 's/"/\\"/g')" "lessons/$lesson/scenario.c"
		done <"$BATS_TEST_TMPDIR/numpy"
	done
}

@test "the bytes are what run measures" {
	for lesson in windows preallocate; do
		memhint show "$lesson"
		foretold=$(printf '%s\n' "$output" | sed -nE 's/^# makes (.*), peak (.*)$/\1|\2/p')
		"$MEMHINT" run "$lesson" "${QUICK[@]}" --brief >"$BATS_TEST_TMPDIR/run"
		measured=$(for way in $("$MEMHINT" list --ways "$lesson"); do
			sed -nE "s/^  $way( \*)? +([0-9.]+ [kMGT]?B) +([0-9.]+ [kMGT]?B) .*/\2|\3/p" "$BATS_TEST_TMPDIR/run"
		done)
		printf '%s\n' "$foretold" '' "$measured"
		[ "$foretold" = "$measured" ]
	done
}

@test "ways that only NumPy has come last, each with its function" {
	memhint show inplace
	good
	[[ $output == *$'\n# blocks np: '?*$'\n\n'*$'\ndef blocks(x, mean, std):\n'* ]]
	memhint show inplace --variants blocks
	good
	[[ ${lines[0]} == '# blocks np: '* ]]
	[[ $output != *'static int'* ]]
}

@test "--numpy is numpy.py, byte for byte" {
	for lesson in $("$MEMHINT" list --names); do
		for option in --numpy -n; do
			"$MEMHINT" show "$lesson" $option | cmp - "lessons/$lesson/numpy.py"
		done
	done
	memhint show selftest --numpy
	refused 2 "'selftest'"
}

@test "--source is the file, byte for byte" {
	for lesson in $("$MEMHINT" list --names); do
		for option in --source -s; do
			"$MEMHINT" show "$lesson" $option | cmp - "lessons/$lesson/scenario.c"
		done
	done
}

@test "--variants picks ways, all is all" {
	memhint show windows --variants running,stack
	good
	[ "$(printf '%s\n' "$output" | grep -c '^# makes')" -eq 2 ]
	[[ $output == '# stack: '*'# running: '* ]] # in the lesson's order
	[ "$output" = "$("$MEMHINT" show windows -v stack,running)" ]
	memhint show windows --variants all
	[ "$output" = "$("$MEMHINT" show windows)" ]
}

@test "a name, an id and a pattern's number are the same lesson" {
	memhint show windows
	whole=$output
	for word in pattern3 3; do
		memhint show $word
		[ "$output" = "$whole" ]
	done
}

@test "40 and 80 columns: one below the other, no remark longer than the page, no line ends in a blank" {
	for width in 40 80; do
		export COLUMNS=$width
		for lesson in $("$MEMHINT" list --names); do
			memhint show "$lesson"
			good
			[ -z "$(printf '%s\n' "$output" | grep -vxFf "lessons/$lesson/numpy.py" | awk -v most="$width" '/^#/ && length > most')" ]
			[ -z "$(printf '%s\n' "$output" | grep ' $')" ]
			[ -z "$(printf '%s\n' "$output" | grep -P '\t')" ]
		done
	done
}

@test "140 and 200 columns: side by side where both fit, and then nothing is wider than the page or lost" {
	for width in 140 200; do
		export COLUMNS=$width
		for lesson in $("$MEMHINT" list --names); do
			memhint show "$lesson" --variants "$("$MEMHINT" list --ways "$lesson" | paste -sd,)"
			good
			[[ ${lines[0]} == *'|'* ]] || continue
			echo "$lesson at $width"
			[ -z "$(printf '%s\n' "$output" | awk -v most="$width" 'length > most || / $/')" ]
			left=${lines[0]%%|*} # none of the ways' names and remarks has one
			[ "${#left}" -ge 56 ]
			[ -z "$(printf '%s\n' "$output" | grep -vE "^\$|^.{${#left}}\|")" ]
			# All lines of both halves are lines of the narrower page, and all C of that page is here.
			COLUMNS=80 "$MEMHINT" show "$lesson" >"$BATS_TEST_TMPDIR/narrow"
			[ -z "$(printf '%s\n' "$output" | cut -c $((${#left} + 3))- | grep -v '^$' | grep -vxFf "$BATS_TEST_TMPDIR/narrow")" ]
			[ -z "$(printf '%s\n' "$output" | cut -c "1-${#left}" | sed 's/ *$//' | grep -vE '^$|^#' | grep -vxFf "$BATS_TEST_TMPDIR/narrow")" ]
			[ "$(grep -c '^static ' "$BATS_TEST_TMPDIR/narrow")" -eq "$(printf '%s\n' "$output" | cut -c $((${#left} + 3))- | grep -c '^static ')" ]
			for way in $("$MEMHINT" list --ways "$lesson"); do
				# A formula is wrapped, not cut.
				formula=$(COLUMNS=1000 "$MEMHINT" show "$lesson" --variants "$way" | cut -d '|' -f 1 | awk '/^# = /, !/^#/ { sub(/^# /, ""); if (/[^ |]/) printf "%s ", $0 }' | tr -s ' ')
				narrow=$(COLUMNS=40 "$MEMHINT" show "$lesson" --variants "$way" | awk '/^# = /, !/^#/ { sub(/^# /, ""); if (NF) printf "%s ", $0 }' | tr -s ' ')
				[ -n "$formula" ]
				[ "$formula" = "$narrow" ]
			done
		done
	done
	[[ $(COLUMNS=200 "$MEMHINT" show windows | head -n 1) == *'|'* ]]
	[[ $(COLUMNS=139 "$MEMHINT" show loops | head -n 1) != *'|'* ]]
}

@test "an unknown lesson or way: status 2, one line with the nearest name" {
	memhint show windos
	refused 2 "'windos'" "'windows'"
	memhint show windows --variants strided,stak
	refused 2 "'stak'" "'stack'"
	memhint show windows --variants ''
	refused 2 "''"
	memhint show
	refused 2 'a lesson is missing'
	memhint show windows views
	refused 2 "'views'"
}
