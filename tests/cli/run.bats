#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2016
# memhint run: one lesson on one screen, true in every number.

load common

setup() {
	mkdir "$BATS_TEST_TMPDIR/work"
	work=$BATS_TEST_TMPDIR/work
}

# json ARG...: run and keep the result in $work/out.json
json() {
	memhint run "$@" --format json
	show
	[ -z "$stderr" ]
	printf '%s' "$output" >"$work/out.json"
}

# holds CODE: python about `ways` (by name), `lesson` and `result` of the last json
holds() {
	"$PYTHON" - "$work/out.json" "$1" <<'PY'
import json, sys
result = json.load(open(sys.argv[1]))
lesson = result["lessons"][0]
ways = {way["name"]: way for way in lesson["variants"]}
exec(sys.argv[2])
PY
}

@test "--help: status 0, usage first, nothing on standard error" {
	memhint run --help
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ $output == "Usage: memhint run "* ]]
	for option in --set --variants --time --sets --timeout --hugepages --format --output --wide --brief --strict --force --color --quiet; do
		[[ $output == *"$option"* ]]
	done
}

@test "the screen: the job, the ways with their NumPy lines, the ledger, the page judged, why, mind, next" {
	memhint run windows "${SMALL[@]}"
	show
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ ${lines[0]} == "windows (pattern3): Stride Tricks for Sliding Windows"*"n=2K window=64" ]]
	[[ ${lines[1]} == "Job: "* ]]
	for text in "as_strided(x" "Input 16.0 kB" "makes" "peak" "time" "against stack" "The page says" "measured here" verdict '"Views are free"' '"copies are expensive"' "memhint show windows"; do
		[[ $output == *"$text"* ]]
	done
	for heading in Why Mind Next; do
		grep -q "^$heading  " <<<"$output"
	done
	grep -qE '^ *stack \* +991\.8 kB +991\.8 kB ' <<<"$output"
	grep -qE '^ *strided +0 B +0 B ' <<<"$output"
	[[ $output == *"exact and as predicted"* ]]
}

@test "its numbers are the design's: 1,937 windows of 64 x 8 B and one header" {
	need_python
	json windows "${SMALL[@]}"
	holds '
payload = (2000 - 64 + 1) * 64 * 8
header = ways["stack"]["heap"]["asked_bytes"] - payload
assert 0 <= header < 1024, header
assert ways["stack"]["heap"]["copied_bytes"] == payload
assert ways["stack"]["heap"]["allocations"] in (1, 2), ways["stack"]["heap"]
assert ways["take"]["heap"]["asked_bytes"] > 2 * payload
assert ways["strided"]["facts"]["shares_memory"] is True and ways["strided"]["facts"]["strides"] == "8, 8"
assert ways["stack"]["facts"]["shares_memory"] is False'
}

@test "asked falls and rises with the parameters, exactly" {
	need_python
	for pair in 1000,10 1000,1 500,500 12345,7; do
		json windows --variants stack --set "n=${pair%,*}" --set "window=${pair#*,}" "${QUICK[@]}"
		holds "
n, w = $pair
payload = (n - w + 1) * w * 8
heap = ways['stack']['heap']
assert 0 <= heap['asked_bytes'] - payload < 1024, (heap, payload)
assert heap['asked_bytes'] == heap['predicted_asked_bytes'] and lesson['params'] == {'n': n, 'window': w}"
	done
}

@test "several lessons, in the order that was asked for" {
	memhint run loops windows "${SMALL[@]}"
	show
	[ "$status" -eq 0 ]
	[[ $output == "loops (tip2)"*"windows (pattern3)"* ]]
	need_python
	json 3 tip2 "${SMALL[@]}"
	holds 'assert [l["name"] for l in result["lessons"]] == ["windows", "loops"]'
}

@test "options may stand before the lesson, and after it" {
	memhint run "${SMALL[@]}" --variants strided windows
	[ "$status" -eq 0 ]
	memhint run windows --variants=strided --set=n=2000 --sets=2 --time=0.1
	[ "$status" -eq 0 ]
	memhint run "${SMALL[@]}" --variants strided -- windows
	[ "$status" -eq 0 ]
}

@test "--variants: only these; the baseline is the first naive one among them, else the first" {
	need_python
	json windows --variants strided,take "${SMALL[@]}"
	[ "$status" -eq 0 ]
	holds 'assert set(ways) == {"strided", "take"} and all(w["baseline"] == "take" for w in ways.values()), ways'
	json windows --variants running,strided "${SMALL[@]}"
	holds 'assert len({w["baseline"] for w in ways.values()}) == 1 and all(w["baseline"] in ("running", "strided") for w in ways.values()), ways'
	json windows --variants strided,strided "${SMALL[@]}"
	holds 'assert len(lesson["variants"]) == 1'
	json windows --variants all "${SMALL[@]}"
	holds 'assert {"stack", "take", "strided", "running"} <= set(ways)'
	json views --variants keepcopy "${SMALL[@]}"
	holds 'assert ways["keepcopy"]["baseline"] == "keepcopy" and ways["keepcopy"]["ratio"] is None'
}

@test "a later --set wins; a rounded n is told" {
	need_python
	json windows --set n=100 "${SMALL[@]}" --set n=3000
	holds 'assert lesson["params"]["n"] == 3000'
	json inplace "${QUICK[@]}" --set n=2003 --variants inplace
	[ "$status" -eq 0 ]
	holds 'assert lesson["params"]["n"] == 2000 and any("n" in note and "2000" in note.replace(",", "").replace("2K", "2000") for note in lesson["notes"]), lesson["notes"]'
}

@test "--sets and rounds: each set gives 4 recorded rounds" {
	need_python
	json windows --set n=2000 --sets 3 --time 0.1 --variants stack,strided
	holds 'assert all(w["time"]["sets"] == 3 and w["time"]["rounds"] == 12 for w in ways.values()), ways'
	json windows --set n=2000 --time 0.2 --variants stack,strided
	holds 'assert all(w["time"]["sets"] >= 6 for w in ways.values()), ways'
}

@test "times agree with each other: least at most median, make and use within both" {
	need_python
	json windows "${SMALL[@]}"
	holds '
for w in ways.values():
    t = w["time"]
    assert 0 < t["min_ns"] <= t["median_ns"] and t["first_ns"] > 0 and t["make_ns"] >= 0 and t["use_ns"] >= 0 and t["floor_ns"] > 0, t
    assert t["make_ns"] + t["use_ns"] <= 3 * t["median_ns"], t'
}

@test "directions: many times the bytes take longer, and a sum of all windows longer than a running sum" {
	need_python
	json windows --set n=60000 --sets 4 --time 0.4 --variants stack,running
	holds '
r = ways["running"]["ratio"]
assert r["time"] < 0.5 and r["resolved"], r'
}

@test "--strict: 1 if any exact claim fails, 0 if none does; without it 0" {
	memhint run preallocate "${SMALL[@]}"
	[ "$status" -eq 0 ]
	[[ $output == *"fails"* ]]
	memhint run preallocate "${SMALL[@]}" --strict
	[ "$status" -eq 1 ]
	memhint run windows "${SMALL[@]}" --strict
	[ "$status" -eq 0 ]
}

@test "a failing sentence is said to fail as written, with no alarm" {
	memhint run preallocate "${SMALL[@]}"
	show
	[[ $output == *"fails"* ]]
	run grep -iE 'error|warning' <<<"$output"
	[ "$status" -eq 1 ]
}

# high MOST ARG...: as many lines at most, notes of this machine and this minute left out. Below the ledger two lines count: what is beyond them tells which ways
# were slow at first, and on a busy machine that may be all.
high() {
	local most=$1
	shift
	memhint run "$@"
	[ "$status" -eq 0 ]
	local lines_shown
	lines_shown=$(awk '
		/^Note: / { note = 1; next }
		note && /^  / { next }
		/^Bytes are / { below = 3 }
		/^$/ { below = 0 }
		below && --below == 0 { below = 1; next }
		{ note = 0; print }' <<<"$output" | wc -l)
	printf 'memhint run %s: %s lines, at most %s\n' "$*" "$lines_shown" "$most"
	[ "$lines_shown" -le "$most" ]
}

@test "the projector's example fits 80 x 23 with --brief" {
	high 23 windows "${QUICK[@]}" --brief
}

@test "the projector's example fits 80 x 28" {
	high 28 windows "${QUICK[@]}"
}

# A lesson of 4 ways and 4 sentences has the whole page; each way more takes a line above the ledger and one in it, each sentence one and one for where it turns.
@test "every lesson fits 80 x 28, and two lines more for each way and sentence beyond four" {
	local over=0 ways claims
	for lesson in $("$MEMHINT" list --names); do
		ways=$("$MEMHINT" list --ways "$lesson" | wc -l)
		claims=$("$MEMHINT" run "$lesson" "${SMALL[@]}" --format json | grep -c '"source":')
		(high $((28 + (ways > 4 ? 2 * (ways - 4) : 0) + (claims > 4 ? 2 * (claims - 4) : 0))) "$lesson" "${QUICK[@]}") || over=1
	done
	[ "$over" -eq 0 ]
}

@test "every lesson fits 80 x 23 with --brief, and a line more for each way, sentence and job beyond ten" {
	local over=0 ways claims jobs rows
	for lesson in $("$MEMHINT" list --names); do
		ways=$("$MEMHINT" list --ways "$lesson" | wc -l)
		claims=$("$MEMHINT" run "$lesson" "${SMALL[@]}" --format json | grep -c '"source":')
		jobs=$("$MEMHINT" run "$lesson" "${SMALL[@]}" --format json | sed -n 's/^          "job": //p' | sort -u | wc -l)
		rows=$((ways + claims + (jobs > 1 ? jobs : 0)))
		(high $((23 + (rows > 10 ? rows - 10 : 0))) "$lesson" "${QUICK[@]}" --set n=20K --brief) || over=1
	done
	[ "$over" -eq 0 ]
}

@test "--brief keeps the ledger and the verdicts; --wide adds columns, as 120 columns do" {
	memhint run windows "${SMALL[@]}" --brief
	[ "$status" -eq 0 ]
	brief=${#lines[@]}
	[[ $output == *"strided"*"0 B"*"verdict"*"holds"* ]]
	[[ $output != *$'\n'"Why  "* ]]
	memhint run windows "${SMALL[@]}"
	[ "$brief" -lt "${#lines[@]}" ]
	[[ $output != *"kept    "* ]]
	for word in allocated kept copied RSS faults floor; do
		run grep -c "$word" <<<"$(COLUMNS=80 "$MEMHINT" run windows "${SMALL[@]}" --wide)"
		[ "$output" -ge 1 ]
		run grep -c "$word" <<<"$(COLUMNS=120 "$MEMHINT" run windows "${SMALL[@]}")"
		[ "$output" -ge 1 ]
	done
}

@test "ratios are words: faster, slower, or no difference resolved, as JSON has them" {
	memhint run windows "${SMALL[@]}" --set n=20000
	show
	local row
	for way in stack_kept take strided running; do
		row=$(grep -E "^ *$way +[0-9.]+ [kM]?B .*s " <<<"$output")
		[[ $row == *"x faster"* || $row == *"x slower"* || $row == *"no difference resolved"* ]]
	done
	grep -qE '^ *stack \* .*baseline' <<<"$output"
	[[ $(grep -E '^ *strided +0 B' <<<"$output") == *"x faster"* ]]
	run grep -E '1\.0x (faster|slower)' <<<"$output"
	[ "$status" -eq 1 ]
}

@test "bars: # for make, . for use, the longest of the slowest" {
	memhint run windows "${SMALL[@]}" --set n=20000
	show
	[[ $output == *"# make"*". use"* ]]
	bar() { grep -E "^ *$1( \*)? +[0-9.]+ [kM]?B .*s " <<<"$output" | grep -oE '[#.]+$' | tr -d '\n' | wc -c; }
	[ "$(bar take)" -gt "$(bar strided)" ]
	[ "$(bar strided)" -ge 1 ]
}

@test "a prediction is never missed at sizes at which allocators turn" {
	need_python
	for n in 512 513 1023 1024 1025 32768 131072 524287 1048576 1048577; do
		json views --set "n=$n" --variants copy,slice,keepcopy "${QUICK[@]}"
		[ "$status" -eq 0 ]
		holds 'assert all(w["status"] == "ok" and not w["prediction_missed"] for w in ways.values())'
	done
}

@test "the number of windows and the least sizes: n of window, window of 1" {
	memhint run windows --set n=64 "${QUICK[@]}"
	[ "$status" -eq 0 ]
	memhint run windows --set n=1 --set window=1 "${QUICK[@]}"
	show
	[ "$status" -eq 0 ]
	[[ $output == *"0 B"* ]]
}

@test "the least n that each lesson admits runs, all as predicted" {
	for lesson in $("$MEMHINT" list --names); do
		memhint run "$lesson" --set n=0 "${QUICK[@]}"
		[ "$status" -eq 2 ]
		least=$(sed -nE "s/.*: ([0-9]+[KM]?) to .*/\1/p" <<<"$stderr")
		memhint run "$lesson" --set "n=$least" "${QUICK[@]}"
		printf '%s at n=%s\n' "$lesson" "$least"
		show
		if [ "$status" -eq 2 ]; then # its other parameters want more: then the line tells
			[ "${#stderr_lines[@]}" -eq 1 ]
			[ -z "$output" ]
		else
			[ "$status" -eq 0 ] # or an exact claim was not as the lesson says
		fi
	done
}

@test "--timeout gives up what takes longer, and says so" {
	MEMHINT_PROVOKE=running=hang memhint run windows "${SMALL[@]}" --timeout 1
	show
	[ "$status" -eq 1 ]
	grep -qE '^ *running +hung' <<<"$output"
}

@test "the selftest runs by name, and is not among the lessons" {
	memhint run selftest --variants empty "${QUICK[@]}"
	[ "$status" -eq 0 ]
	run "$MEMHINT" list --names
	[[ $output != *selftest* ]]
}
