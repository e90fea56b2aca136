#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2016
# memhint compare: one table over lessons, each printed as it is done.

load common

setup() {
	mkdir "$BATS_TEST_TMPDIR/work"
	work=$BATS_TEST_TMPDIR/work
}

@test "--help: status 0, usage first, nothing on standard error" {
	memhint compare --help
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ $output == "Usage: memhint compare "* ]]
	[[ $output == *--all* ]]
}

@test "--all: every lesson in the page's order, and no lesson but them" {
	memhint compare --all "${SMALL[@]}"
	show
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	grep -oE '^[a-z][a-z0-9_]* +[a-z0-9_]+ ' <<<"$(awk 'seen; /^lesson /{seen = 1}' <<<"$output")" | cut -d' ' -f1 >"$work/shown"
	grep -xFf <("$MEMHINT" list --names) "$work/shown" | diff - <("$MEMHINT" list --names | grep -xFf "$work/shown")
	for lesson in $("$MEMHINT" list --names); do
		grep -q "^$lesson " <<<"$output"
	done
	[[ $output == *"10 lessons"* ]]
}

@test "no lesson named is all of them" {
	memhint compare "${SMALL[@]}"
	[ "$status" -eq 0 ]
	[[ $output == *"10 lessons"* ]]
}

@test "the lessons that are named, in the order that was asked for" {
	memhint compare loops pattern3 "${SMALL[@]}"
	show
	[ "$status" -eq 0 ]
	[[ $output == *$'\n'"loops "*$'\n'"windows "* ]]
	[[ $output == *"2 lessons"* ]]
	[[ $output != *inplace* ]]
}

@test "bytes are those of run" {
	need_python
	"$MEMHINT" compare windows views --variants all "${SMALL[@]}" --format json >"$work/compare.json"
	"$MEMHINT" run windows views "${SMALL[@]}" --format json >"$work/run.json"
	[ "$(exact "$work/compare.json")" = "$(exact "$work/run.json")" ]
}

@test "each row: way, makes, peak, time; a ratio against the baseline, which is starred" {
	memhint compare windows "${SMALL[@]}"
	show
	[ "$status" -eq 0 ]
	grep -qE '^lesson +way +makes +peak +time +against \* +\+- +the page' <<<"$output"
	grep -qE '^windows +stack \* +991\.8 kB +991\.8 kB +[0-9.]+ [mun]s' <<<"$output"
	grep -qE '^ +strided +0 B +0 B +[0-9.]+ [mun]s +[0-9.]+x faster' <<<"$output"
	[[ $output == *"4 sentences: "* ]]
}

@test "--variants all measures every way, and chosen ones only these" {
	memhint compare windows "${SMALL[@]}" --variants all
	[ "$status" -eq 0 ]
	for way in stack take strided running; do
		grep -qE "(^| )$way " <<<"$output"
	done
	memhint compare windows --variants running,take "${SMALL[@]}"
	show
	[ "$status" -eq 0 ]
	run grep -cE '(^| )(stack|strided) ' <<<"$output"
	[ "$output" = 0 ]
}

@test "--set reaches the lessons that have the parameter" {
	need_python
	"$MEMHINT" compare windows loops "${SMALL[@]}" --set window=8 --format json >"$work/out.json"
	"$PYTHON" -c "
import json
params = {l['name']: l['params'] for l in json.load(open('$work/out.json'))['lessons']}
assert params == {'windows': {'n': 2000, 'window': 8}, 'loops': {'n': 2000}}, params"
}

@test "lessons stream: the first is printed before the last is measured" {
	cp "$MEMHINT" "$work/program"
	mkfifo "$work/pipe"
	"$work/program" compare windows loops --sets 2 --time 2 --set n=2000 >"$work/pipe" 3>&- &
	parent=$!
	exec 4<"$work/pipe"
	while read -r line <&4; do
		case $line in
		windows\ *) break ;;
		esac
	done
	state=$(ps -o stat= -p "$parent")
	rest=$(cat <&4)
	exec 4<&-
	wait "$parent"
	printf 'state: %s\nthen: %s\n' "$state" "$rest"
	[[ $state == [RSD]* ]]
	[[ $rest == *loops* ]]
}

@test "footnotes are numbered from 1 in the order of the rows, each used" {
	memhint compare --all "${SMALL[@]}"
	show
	notes=$(grep -E '^[0-9]+ ' <<<"$output" | grep -vE '^[0-9]+ (lessons|sentences)' | cut -d' ' -f1 | tr '\n' ' ')
	[ -n "$notes" ]
	expected=$(seq -s ' ' 1 "$(wc -w <<<"$notes")")
	printf 'notes: %s\n' "$notes"
	[ "${notes% }" = "$expected" ]
	for number in $notes; do
		grep -qE " ([0-9]+ )*$number( [0-9]+)*\$" <<<"$(sed '/^1 /,$d' <<<"$output")"
	done
}

@test "sentences are counted: hold, fail and cannot be judged make all" {
	memhint compare --all "${SMALL[@]}"
	line=$(tr '\n' ' ' <<<"$output" | grep -oE '[0-9]+ sentences: [0-9]+ hold, [0-9]+ fail, [0-9]+ cannot')
	printf '%s\n' "$line"
	read -r all hold fail cannot <<<"$(tr -dc '0-9 ' <<<"$line" | tr -s ' ' | sed 's/^ //')"
	[ "$all" -eq $((hold + fail + cannot)) ]
	need_python
	"$MEMHINT" compare --all "${SMALL[@]}" --format json >"$work/out.json"
	[ "$("$PYTHON" -c "import json; print(sum(len(l['claims']) for l in json.load(open('$work/out.json'))['lessons']))")" -eq "$all" ]
}

@test "no text says that what was not asked for was measured: no 'not measured' in a claim that can be judged" {
	need_python
	"$MEMHINT" compare --all "${SMALL[@]}" --format json >"$work/out.json"
	"$PYTHON" - "$work/out.json" <<'PY'
import json, sys
for lesson in json.load(open(sys.argv[1]))["lessons"]:
    for claim in lesson["claims"]:
        assert claim["verdict"] == "cannot judge" or "not measured" not in claim["measured"], (lesson["name"], claim)
        assert "not not" not in claim["measured"], (lesson["name"], claim)
PY
}

@test "--strict: 1, since some exact sentences of the page fail as written; without it 0" {
	memhint compare --all "${SMALL[@]}"
	[ "$status" -eq 0 ]
	memhint compare --all "${SMALL[@]}" --strict
	[ "$status" -eq 1 ]
	memhint compare windows "${SMALL[@]}" --strict
	[ "$status" -eq 0 ]
}

@test "--brief is shorter, --wide wider" {
	memhint compare windows loops "${SMALL[@]}"
	local normal=${#lines[@]}
	memhint compare windows loops "${SMALL[@]}" --brief
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -le "$normal" ]
	memhint compare windows loops "${SMALL[@]}" --wide
	[ "$status" -eq 0 ]
	for word in kept copied RSS floor; do
		[[ $output == *"$word"* ]]
	done
}

# One run at the default sizes, of every way: status 0, all ways ok, all as predicted, exact claims as the lessons say.
@test "at the default sizes every way is right, and no size lies near a cliff" {
	need_python
	run --separate-stderr timeout 120 "$MEMHINT" compare --all "${QUICK[@]}" --variants all --format json
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	printf '%s' "$output" >"$work/out.json"
	"$PYTHON" - "$work/out.json" <<'PY'
import json, sys
lessons = json.load(open(sys.argv[1]))["lessons"]
assert len(lessons) >= 10
for lesson in lessons:
    for way in lesson["variants"]:
        heap = way["heap"]
        assert way["status"] == "ok" and not way["prediction_missed"], (lesson["name"], way["name"], way["status"])
        assert heap["asked_bytes"] == heap["predicted_asked_bytes"] and heap["peak_asked_bytes"] == heap["predicted_peak_asked_bytes"], (lesson["name"], way)
        if 0 < heap["allocations"] <= 2: # one array: its bytes are the default size
            for cliff in (256 << 10, 4 << 20, 8 << 20): # NumPy's reuse of temporaries, huge pages, jemalloc's own arena
                near = abs(heap["asked_bytes"] - cliff) < 0.1 * cliff
                assert not near or lesson["name"] == "contiguous", (lesson["name"], way["name"], heap["asked_bytes"], cliff) # one number of each cache line of 32 MB
    for claim in lesson["claims"]:
        if claim["kind"] == "exact" and claim["expected"] != "either":
            assert claim["verdict"] == claim["expected"], (lesson["name"], claim)
PY
}
