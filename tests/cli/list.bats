#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2012,SC2030,SC2031,SC2034,SC2143
# memhint list: the lessons, their ways and parameters, for people and for scripts.

load common

good() {
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
}

@test "every folder of lessons/ is listed, with its id and the number of its ways" {
	memhint list
	good
	for folder in lessons/*/scenario.c; do
		name=$(basename "$(dirname "$folder")")
		id=$(sed -n 's/^\t\.id = "\(.*\)",/\1/p' "$folder" | head -n 1)
		ways=$("$MEMHINT" list --ways "$name" | wc -l)
		echo "$id $name $ways"
		printf '%s\n' "$output" | grep -qE "^$id +$name +$ways  [a-z]"
	done
	[ "$("$MEMHINT" list --names | wc -l)" -eq "$(ls lessons/*/scenario.c | wc -l)" ]
}

@test "in the order of the page: patterns, tips, debugging" {
	memhint list
	ids=$(printf '%s\n' "$output" | awk '/^[a-z]+[0-9]+ / { print $1 }')
	[ "$ids" = "$(printf '%s\n' "$ids" | sed 's/^pattern/1 &/; s/^tip/2 &/; s/^debug/3 &/' | sort | sed 's/^. //')" ]
	[ "$("$MEMHINT" list --names | head -n 1)" = views ]
}

@test "a lesson's parameters and ways: every one, with its default, limits, role and NumPy line" {
	for lesson in $("$MEMHINT" list --names); do
		memhint list "$lesson"
		good
		for param in $("$MEMHINT" list --params "$lesson"); do
			printf '%s\n' "$output" | grep -qE "^  $param +[0-9.]+[KMGT]?  [^ ]"
		done
		for way in $("$MEMHINT" list --ways "$lesson"); do
			printf '%s\n' "$output" | grep -qE "^  $way +(naive|better|other) +[^ ]"
		done
	done
	memhint list windows
	[[ $output == 'windows (pattern3): Stride Tricks for Sliding Windows'* ]]
	[[ $output == *'np.stack([x[i:i+w]'* ]]
}

@test "a name, an id and a pattern's number are the same lesson" {
	memhint list windows
	whole=$output
	for word in pattern3 3; do
		memhint list $word
		good
		[ "$output" = "$whole" ]
	done
}

@test "several lessons: each whole, an empty line between" {
	memhint list float32 windows
	good
	[ "$output" = "$("$MEMHINT" list float32 && echo && "$MEMHINT" list windows)" ]
}

@test "--names, --ways and --params: bare words, one a line, for all or for some" {
	memhint list --names
	good
	[ -z "$(printf '%s\n' "$output" | grep -vx '[a-z0-9]*')" ]
	memhint list --names 3 tip4
	[ "$output" = $'windows\nfloat32' ]
	memhint list --ways windows
	good
	[ "$output" = "$("$MEMHINT" list -w pattern3)" ]
	[ -z "$(printf '%s\n' "$output" | grep -vx '[a-z0-9_]*')" ]
	[ "$(printf '%s\n' "$output" | grep -cx strided)" -eq 1 ]
	memhint list --params windows
	good
	[ "$output" = $'n\nwindow' ]
	for option in --ways --params; do
		memhint list $option
		good
		[ "$output" = "$(for lesson in $("$MEMHINT" list --names); do "$MEMHINT" list $option "$lesson"; done)" ]
	done
}

@test "every lesson's first parameter is n, and no way is named twice" {
	for lesson in $("$MEMHINT" list --names); do
		[ "$("$MEMHINT" list --params "$lesson" | head -n 1)" = n ]
		[ -z "$("$MEMHINT" list --ways "$lesson" | sort | uniq -d)" ]
		[ -z "$("$MEMHINT" list --params "$lesson" | sort | uniq -d)" ]
	done
}

@test "what it lists, run takes: ways, parameters and their defaults" {
	for lesson in $("$MEMHINT" list --names); do
		settings=()
		while read -r name value; do
			settings+=(--set "$name=$value")
		done < <("$MEMHINT" list "$lesson" | sed -nE '/^Parameters/,/^$/s/^  ([a-z]+) +([0-9.]+[KMGT]?)  .*/\1 \2/p')
		[ "${#settings[@]}" -eq $((2 * $("$MEMHINT" list --params "$lesson" | wc -l))) ]
		# The output is opened once all words and sizes have been taken, and before anything is measured.
		memhint run "$lesson" "${settings[@]}" --variants "$("$MEMHINT" list --ways "$lesson" | paste -sd ,)" --force --output /nowhere/x
		show
		[ "$status" -eq 4 ]
		[[ $stderr == *"'/nowhere/x'"* ]]
	done
}

@test "40, 80 and 200 columns: no line is longer, or ends in a blank" {
	for width in 40 80 200; do
		export COLUMNS=$width
		for words in '' $("$MEMHINT" list --names); do
			# shellcheck disable=SC2086
			memhint list $words
			good
			printf '%s\n' "$output"
			[ -z "$(printf '%s\n' "$output" | awk -v most="$width" 'length > most || / $/')" ]
		done
	done
	# The same words at any width.
	[ "$(COLUMNS=40 "$MEMHINT" list windows | xargs -d ' ' echo | tr -s ' \n' '\n')" = "$(COLUMNS=200 "$MEMHINT" list windows | xargs -d ' ' echo | tr -s ' \n' '\n')" ]
}

@test "a width that is no number is 80, and below 40 is 40" {
	at80=$(COLUMNS=80 "$MEMHINT" list windows)
	[ "$(COLUMNS=wide "$MEMHINT" list windows)" = "$at80" ]
	[ "$(COLUMNS=-5 "$MEMHINT" list windows)" = "$at80" ]
	[ "$(env -u COLUMNS "$MEMHINT" list windows)" = "$at80" ]
	[ "$(COLUMNS=1 "$MEMHINT" list windows)" = "$(COLUMNS=40 "$MEMHINT" list windows)" ]
}

@test "an unknown lesson: status 2, one line with the nearest name, and nothing is listed" {
	memhint list windos
	refused 2 "'windos'" "'windows'" 'memhint list'
	memhint list windows patern4
	refused 2 "'patern4'" "'pattern4'"
	memhint list --ways nothing_like_it
	refused 2 "'nothing_like_it'"
}
