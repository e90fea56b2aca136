#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2016
# Every lesson keeps the contract: this walks `memhint list --names`, so a new folder is tested before anyone writes a test for it.

load common

# Each lesson is run once at each of three sizes, and all tests look at what came out: $R/LESSON.1.json, .2, .3, and the statuses beside.
setup_file() {
	bats_require_minimum_version 1.5.0
	export R=$BATS_FILE_TMPDIR
	[ -x "$PYTHON" ] || return 0
	local lesson scale k
	for lesson in $("$MEMHINT" list --names); do
		scale=1 # a lesson whose least n is larger gets larger ones
		until timeout 60 "$MEMHINT" run "$lesson" "${QUICK[@]}" --set n=$((2000 * scale)) --format csv -o "$R/probe" 2>/dev/null || [ $? -ne 2 ] || [ $scale -gt 1000 ]; do
			scale=$((scale * 8))
		done
		k=0
		for n in 2000 6000 30000; do
			k=$((k + 1))
			timeout 60 "$MEMHINT" run "$lesson" "${QUICK[@]}" --set n=$((n * scale)) --format json >"$R/$lesson.$k.json" 2>"$R/$lesson.$k.err"
			echo $? >"$R/$lesson.$k.status"
		done
	done
}

setup() {
	need_python
}

# judge CODE: python for one lesson: `way`s and `claim`s of each result; `results` is a list of three. Fails with all that is wrong.
judge() {
	local lesson wrong=0
	for lesson in $("$MEMHINT" list --names); do
		"$PYTHON" - "$lesson" "$R" "$1" <<'PY' || wrong=1
import json, sys
lesson, folder, code = sys.argv[1:]
bad = []
def check(good, *what):
    if not good:
        bad.append(what)
results = [json.load(open(f"{folder}/{lesson}.{k}.json"))["lessons"][0] for k in (1, 2, 3)]
host = json.load(open(f"{folder}/{lesson}.1.json"))["host"]
exec(code)
for what in bad:
    print(lesson + ":", *what)
sys.exit(bool(bad))
PY
	done
	[ "$wrong" -eq 0 ]
}

HEAP='("asked_bytes", "allocated_bytes", "allocations", "reallocations_in_place", "reallocations_moved", "peak_bytes", "peak_asked_bytes", "kept_bytes", "copied_bytes")'

@test "there are lessons, at least the page's ten" {
	[ "$("$MEMHINT" list --names | wc -l)" -ge 10 ]
	for lesson in views inplace broadcast windows preallocate contiguous loops batch float32 debugging; do
		"$MEMHINT" list --names | grep -qx "$lesson"
	done
}

@test "each folder of lessons/ is a lesson, and each lesson a folder" {
	diff <("$MEMHINT" list --names | sort) <(for file in lessons/*/scenario.c; do basename "$(dirname "$file")"; done | sort)
	for lesson in $("$MEMHINT" list --names); do
		[[ $lesson =~ ^[a-z][a-z0-9_]*$ ]]
		[ -f "lessons/$lesson/lesson.md" ]
	done
}

@test "each runs at three sizes: status 0, nothing on standard error" {
	for lesson in $("$MEMHINT" list --names); do
		for k in 1 2 3; do
			printf '%s %s: status %s, %s\n' "$lesson" "$k" "$(cat "$R/$lesson.$k.status")" "$(cat "$R/$lesson.$k.err")"
			[ "$(cat "$R/$lesson.$k.status")" -eq 0 ]
			[ ! -s "$R/$lesson.$k.err" ]
		done
	done
}

@test "the three sizes are three" {
	judge 'check(len({json.dumps(r["params"], sort_keys=True) for r in results}) == 3, [r["params"] for r in results])
for r in results:
    check("n" in r["params"], "no parameter n", r["params"])'
}

@test "every variant is ok" {
	judge '
for r in results:
    check(r["variants"], "no variants")
    for way in r["variants"]:
        check(way["status"] == "ok", way["name"], way["status"], way.get("why"))'
}

@test "the same answer inside a job, to the lesson's tolerance" {
	judge '
for r in results:
    for way in r["variants"]:
        base = next(w for w in r["variants"] if w["name"] == way["baseline"])
        a, b = way["checksum"], base["checksum"]
        check(way["job"] == base["job"], way["name"], "has a baseline of another job")
        check(a is not None and abs(a - b) <= 1e-5 * abs(b), way["name"], a, "but", base["name"], b)
        if r["name"] != "float32":
            check(a == b, way["name"], a, "but", base["name"], b)'
}

@test "answers depend on the size: the result is read, not a constant" {
	judge '
for i in range(len(results[0]["variants"])):
    name = results[0]["variants"][i]["name"]
    if name not in ("keepview", "keepcopy") and lesson != "debugging": # ten numbers at any size
        check(len({r["variants"][i]["checksum"] for r in results}) == 3, name, [r["variants"][i]["checksum"] for r in results])'
}

@test "asked and peak_asked are as predicted" {
	judge '
for r in results:
    for way in r["variants"]:
        heap = way["heap"]
        check(heap["asked_bytes"] == heap["predicted_asked_bytes"], r["params"], way["name"], "asked", heap["asked_bytes"], "predicted", heap["predicted_asked_bytes"])
        check(heap["peak_asked_bytes"] == heap["predicted_peak_asked_bytes"], r["params"], way["name"], "peak", heap["peak_asked_bytes"], "predicted", heap["predicted_peak_asked_bytes"])
        check(way["prediction_missed"] is False, way["name"])'
}

@test "the columns of the heap agree with each other" {
	judge '
for r in results:
    for way in r["variants"]:
        heap = way["heap"]
        name = way["name"]
        check(heap["allocated_bytes"] >= heap["asked_bytes"], name, "less allocated than asked")
        check(heap["peak_bytes"] >= heap["kept_bytes"], name, "peak below kept")
        check(heap["peak_asked_bytes"] <= heap["asked_bytes"], name, "peak above all")
        check(heap["peak_bytes"] <= heap["allocated_bytes"], name, "peak above all")
        check((heap["allocations"] == 0) == (heap["asked_bytes"] == 0), name, "allocations without bytes")
        check(heap["reallocations_in_place"] + heap["reallocations_moved"] <= heap["allocations"], name, "subsets")
        check(all(isinstance(v, int) and v >= 0 for k, v in heap.items() if k != "timeline"), name, heap)'
}

@test "the baseline of a job is its first naive variant, else its first" {
	judge '
for r in results:
    for way in r["variants"]:
        check(way["role"] in ("naive", "better", "other"), way["name"], way["role"])
        mates = [w for w in r["variants"] if w["job"] == way["job"]]
        want = next((w for w in mates if w["role"] == "naive"), mates[0])["name"]
        check(way["baseline"] == want, way["name"], "against", way["baseline"], "not", want)
        check((way["ratio"] is None) == (way["name"] == want) or way["time"] is None or way["time"]["median_ns"] is None, way["name"], "ratio", way["ratio"])'
}

@test "a ratio lies in its interval, and is resolved only outside 0.99 to 1.01" {
	judge '
for r in results:
    for way in r["variants"]:
        q = way["ratio"]
        if q and q["time"] is not None:
            check(0 < q["low"] <= q["time"] <= q["high"], way["name"], q)
            check(q["resolved"] == (q["high"] < 0.99 or q["low"] > 1.01), way["name"], q)'
}

@test "a view reads exactly 0 in every heap column" {
	judge "
for r in results:
    for way in r['variants']:
        if way['formula'] == '0 B':
            for column in $HEAP:
                check(way['heap'][column] == 0, way['name'], column, way['heap'][column])"
}

@test "the page's ten have views and copies: both are found" {
	for pair in views/slice views/reshape views/transpose broadcast/broadcast_to broadcast/implicit broadcast/fused windows/strided windows/running contiguous/strided loops/whole; do
		"$PYTHON" -c "
import json
way = next(w for w in json.load(open('$R/${pair%/*}.1.json'))['lessons'][0]['variants'] if w['name'] == '${pair#*/}')
assert way['formula'] == '0 B' and way['heap']['allocated_bytes'] == 0, way"
	done
	for pair in views/copy views/take views/concatenate broadcast/tile windows/stack windows/take preallocate/append contiguous/contiguous loops/boxed float32/float64; do
		"$PYTHON" -c "
import json
way = next(w for w in json.load(open('$R/${pair%/*}.1.json'))['lessons'][0]['variants'] if w['name'] == '${pair#*/}')
assert way['formula'] != '0 B' and way['heap']['asked_bytes'] > 0, way"
	done
}

@test "the formula in words gives the predicted bytes" {
	judge '
import re
terms = {"header": 64}
for r in results:
    for way in r["variants"]:
        words = re.sub(r"\bB\b", "", way["formula"]).replace(" x ", " * ")
        names = dict(r["params"])
        unknown = set(re.findall(r"[a-z_]+", words)) - set(names) - {"header"}
        if unknown:
            continue # terms of the lesson: a unit test knows them
        zeros = [w["heap"] for w in r["variants"]]
        for header in range(0, 513, 8):
            try:
                if eval(words.replace("/", "//"), {"__builtins__": {}}, {**names, "header": header}) == way["heap"]["predicted_asked_bytes"]:
                    break
            except SyntaxError:
                break
        else:
            check(False, way["name"], way["formula"], "is not", way["heap"]["predicted_asked_bytes"], r["params"])'
}

@test "names, ids and numbers resolve to the same lesson" {
	while read -r id name _; do
		words=("$id" "$name")
		[[ $id == pattern* ]] && words+=("${id#pattern}")
		for word in "${words[@]}"; do
			run --separate-stderr "$MEMHINT" show "$word"
			[ "$status" -eq 0 ]
			[ "$output" = "$("$MEMHINT" show "$name")" ]
			[ "$("$MEMHINT" list "$word")" = "$("$MEMHINT" list "$name")" ]
		done
	done < <("$MEMHINT" list | grep -E '^[a-z]+[0-9]+ ')
	for word in windows pattern3 3; do
		memhint run "$word" --variants strided "${SMALL[@]}" --format json
		[ "$status" -eq 0 ]
		[[ $output == *'"id": "pattern3"'*'"name": "windows"'* ]]
	done
}

@test "ids are the page's" {
	for pair in pattern0=views pattern1=inplace pattern2=broadcast pattern3=windows pattern4=preallocate tip1=contiguous tip2=loops tip3=batch tip4=float32 debug1=debugging; do
		"$MEMHINT" list | grep -qE "^${pair%=*} +${pair#*=} "
	done
	judge '
listed = __import__("subprocess").run([__import__("os").environ["MEMHINT"], "list"], capture_output=True, text=True).stdout
check(any(line.split()[:2] == [results[0]["id"], results[0]["name"]] for line in listed.splitlines()), results[0]["id"])
check(results[0]["name"] == lesson, results[0]["name"])'
}

@test "exact claims have the verdict that the lesson expects" {
	judge '
for r in results:
    for claim in r["claims"]:
        check(claim["kind"] in ("exact", "timed"), claim)
        check(claim["verdict"] in ("holds", "fails", "cannot judge"), claim)
        if claim["kind"] == "exact" and claim["expected"] != "either":
            check(claim["verdict"] == claim["expected"], r["params"], claim["source"], "is", claim["verdict"], "not", claim["expected"])'
}

@test "every claim has its words, its test and what was measured; one that cannot be judged or fails says why" {
	judge '
for r in results:
    check(r["claims"], "no claims")
    for claim in r["claims"]:
        check(claim["source"] and claim["source"].strip(), claim)
        check(claim["measured"] and claim["measured"].strip(), claim["source"], "measured is empty")
        check("not measured" not in claim["measured"], claim["source"], claim["measured"])
        check("{" not in claim["measured"] and "}" not in claim["measured"], claim["source"], claim["measured"])
        check(claim["test"] or claim["expected"] == "cannot judge", claim["source"], "has no test")
        check(claim["expected"] == "holds" or claim["condition"], claim["source"], "has no condition")'
}

@test "claims quote the page" {
	page=
	for candidate in "${SEED:-}" seed/hint3-memory-optimization.txt ../shared/seed/hint3-memory-optimization.txt; do
		[ -n "$candidate" ] && [ -f "$candidate" ] && page=$candidate && break
	done
	[ -n "$page" ] || skip "the page is not here"
	export page
	judge '
import os, re
def plain(text):
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()
page = plain(open(os.environ["page"], encoding="utf-8").read())
for claim in results[0]["claims"]:
    for part in re.split(r"\.\.\.|:", claim["source"]): # a row of a table is quoted with a colon
        check(plain(part) in page, "not on the page:", claim["source"])'
}

@test "each text that is shown is filled in: no braces, no 'not measured', no nan" {
	for lesson in $("$MEMHINT" list --names); do
		memhint run "$lesson" "${SMALL[@]}" --set n=30000
		printf '%s\n' "$output"
		[ "$status" -eq 0 ]
		run grep -nE '\{[a-z]|\|bytes\}|not measured|(^|[^a-z])(nan|inf)([^a-z]|$)|\(null\)' <<<"$output"
		printf 'found: %s\n' "$output"
		[ "$status" -eq 1 ]
	done
}

@test "--variants and --set choose; bytes do not depend on which ways are run" {
	memhint run windows "${SMALL[@]}" --variants running,stack --format json
	[ "$status" -eq 0 ]
	printf '%s' "$output" >"$BATS_TEST_TMPDIR/some.json"
	"$PYTHON" - "$BATS_TEST_TMPDIR/some.json" "$R/windows.1.json" <<'PY'
import json, sys
some, all_ = ({way["name"]: way for way in json.load(open(name))["lessons"][0]["variants"]} for name in sys.argv[1:])
assert sorted(some) == ["running", "stack"], list(some)
for name in some:
    assert some[name]["heap"] == all_[name]["heap"], name
PY
}

# ---- the page's ten ----

# ways LESSON PATTERN...: each pattern is the name of one of its variants.
ways() {
	local lesson=$1 names pattern
	shift
	names=$("$PYTHON" -c "import json; print(*[way['name'] for way in json.load(open('$R/$lesson.1.json'))['lessons'][0]['variants']], sep='\n')")
	for pattern in "$@"; do
		printf '%s: %s among %s\n' "$lesson" "$pattern" "${names//$'\n'/ }"
		grep -qxE "$pattern" <<<"$names"
	done
}

@test "each way of doing it that the design lists is there" {
	ways views slice take copy reshape transpose reshape_copy concatenate keepview keepcopy
	ways inplace named temporaries inplace out fused
	ways broadcast tile broadcast_to implicit fused
	ways windows stack take strided running
	ways preallocate append concatenate 'realloc|doubling' assign into
	ways contiguous strided contiguous
	ways loops boxed calls whole
	ways batch single 'chunks?' batch
	ways float32 float64 float32 convert
	[ "$("$PYTHON" -c "import json; print(len(json.load(open('$R/debugging.1.json'))['lessons'][0]['variants']))")" -eq 16 ]
}

@test "a lesson that blames page faults has a row on pages that were kept" {
	local blamed=0
	for lesson in $("$MEMHINT" list --names); do
		"$MEMHINT" show "$lesson" --source | grep -q 'steady_faults x page' || continue
		ways "$lesson" '.*_kept'
		blamed=$((blamed + 1))
	done
	[ "$blamed" -ge 3 ]
}

@test "debugging: three tests of 16 arrays, the meter as judge: 13, 13 and 15 are right" {
	"$PYTHON" - "$R/debugging.1.json" <<'PY'
import json, sys
ways = json.load(open(sys.argv[1]))["lessons"][0]["variants"]
view = [way["heap"]["asked_bytes"] == 0 for way in ways]
assert sum(view) == 9, sum(view)
for fact, right, says in (("base_is_source", 13, True), ("owndata", 13, False), ("shares_memory", 15, True)):
    got = sum((way["facts"][fact] == says) == truth for way, truth in zip(ways, view))
    assert got == right, (fact, got)
PY
	memhint run debugging --sets 2
	show
	[ "$status" -eq 0 ]
	for right in 13 15; do
		[[ $output == *"$right"* ]]
	done
}

@test "preallocate: assign copies as much as it keeps, into copies nothing and asks for the result once" {
	"$PYTHON" - "$R/preallocate.2.json" <<'PY'
import json, sys
lesson = json.load(open(sys.argv[1]))["lessons"][0]
heap = {way["name"]: way["heap"] for way in lesson["variants"]}
bytes_ = lesson["params"]["n"] * lesson["params"]["batches"] * 8
assert heap["assign"]["copied_bytes"] == bytes_, heap["assign"]
assert heap["append"]["copied_bytes"] == bytes_, heap["append"]
assert heap["into"]["copied_bytes"] == 0 and bytes_ <= heap["into"]["asked_bytes"] < bytes_ + 4096, heap["into"]
assert heap["assign"]["asked_bytes"] >= 2 * bytes_ > heap["assign"]["peak_asked_bytes"], heap["assign"]
assert heap["append"]["peak_asked_bytes"] >= 2 * bytes_, heap["append"]
batches = lesson["params"]["batches"]
assert heap["concatenate"]["copied_bytes"] >= bytes_ * batches / 2, heap["concatenate"]
PY
}

@test "float32 is half of float64; convert makes more than either" {
	"$PYTHON" - "$R/float32.3.json" <<'PY'
import json, sys
lesson = json.load(open(sys.argv[1]))["lessons"][0]
n = lesson["params"]["n"]
heap = {way["name"]: way["heap"] for way in lesson["variants"]}
header = heap["float64"]["asked_bytes"] - 8 * n
assert 0 <= header < 1024, header
assert heap["float32"]["asked_bytes"] == 4 * n + header, heap["float32"]
assert heap["convert"]["asked_bytes"] == 12 * n + 2 * header, heap["convert"]
assert heap["convert"]["peak_asked_bytes"] >= 12 * n > heap["convert"]["kept_bytes"], heap["convert"]
PY
}

@test "loops: a box per element is 32 B asked and 40 B allocated, and n + 1 allocations" {
	"$PYTHON" - "$R/loops.3.json" <<'PY'
import json, sys
lesson = json.load(open(sys.argv[1]))["lessons"][0]
n = lesson["params"]["n"]
heap = next(way["heap"] for way in lesson["variants"] if way["name"] == "boxed")
assert heap["asked_bytes"] == 32 * n and heap["allocations"] == n + 1 and heap["allocated_bytes"] >= 40 * n, heap
PY
}

@test "views: keepview keeps all for ten numbers, keepcopy only them" {
	"$PYTHON" - "$R/views.3.json" <<'PY'
import json, sys
lesson = json.load(open(sys.argv[1]))["lessons"][0]
n = lesson["params"]["n"]
heap = {way["name"]: way["heap"] for way in lesson["variants"]}
assert heap["keepview"]["kept_bytes"] >= 8 * n, heap["keepview"]
assert 80 <= heap["keepcopy"]["kept_bytes"] < 1024, heap["keepcopy"]
assert heap["concatenate"]["asked_bytes"] == heap["copy"]["asked_bytes"], heap["concatenate"]
PY
}

@test "inplace: named asks 3 and holds 3, temporaries 3 and 2, in place 1 and 1" {
	"$PYTHON" - "$R/inplace.3.json" <<'PY'
import json, sys
lesson = json.load(open(sys.argv[1]))["lessons"][0]
one = 8 * lesson["params"]["n"]
heap = {way["name"]: way["heap"] for way in lesson["variants"]}
def times(way, column):
    return round(heap[way][column] / one, 1)
assert (times("named", "asked_bytes"), times("named", "peak_asked_bytes")) == (3, 3), heap["named"]
assert (times("temporaries", "asked_bytes"), times("temporaries", "peak_asked_bytes")) == (3, 2), heap["temporaries"]
assert (times("inplace", "asked_bytes"), times("inplace", "peak_asked_bytes")) == (1, 1), heap["inplace"]
assert times("out", "asked_bytes") == 0, heap["out"]
PY
}

# ---- the text ----

@test "each lesson.md has 30 to 100 lines" {
	for text in lessons/*/lesson.md; do
		count=$(wc -l <"$text")
		printf '%s: %s lines\n' "$text" "$count"
		[ "$count" -ge 30 ]
		[ "$count" -le 100 ]
	done
}

@test "each lesson.md has the sections that the others have" {
	first=
	for text in lessons/*/lesson.md; do
		sections=$(grep '^## ' "$text")
		[ -n "$sections" ]
		first=${first:-$sections}
		printf '%s: %s\n' "$text" "$sections"
		[ "$sections" = "$first" ]
	done
}

@test "each lesson.md names its lesson, quotes the page, and is plain text without long lines" {
	for text in lessons/*/lesson.md; do
		name=$(basename "$(dirname "$text")")
		printf '%s\n' "$text"
		head -n 3 "$text" | grep -q "$name"
		grep -q "memhint run $name\|memhint run" "$text"
		run env LC_ALL=C grep -nP '\t|[^\x00-\x7F]| $' "$text"
		printf '%s\n' "$output"
		[ "$status" -eq 1 ]
	done
}

@test "the python blocks of each lesson.md run" {
	need_python numpy
	local count=0
	for text in lessons/*/lesson.md; do
		blocks=$(awk '/^```python/ { on = 1; print "# block"; next } /^```/ { on = 0 } on' "$text")
		if [ -z "$blocks" ]; then continue; fi
		count=$((count + 1))
		printf '%s\n' "$text"
		(
			cd "$BATS_TEST_TMPDIR"
			printf 'import numpy as np\n%s\n' "$blocks" | timeout 60 "$PYTHON" -W error::DeprecationWarning -
		)
	done
	[ "$count" -ge 5 ]
}

@test "the memhint commands that a lesson.md gives are understood" {
	for text in lessons/*/lesson.md; do
		while read -r line; do
			read -ra words <<<"$line"
			case ${words[1]} in
			run | compare)
				printf '%s: %s\n' "$text" "$line"
				memhint "${words[@]:1}" -o /dev/null/file # refused when all else is understood, and before anything is measured
				show
				[ "$status" -eq 4 ]
				;;
			esac
		done < <(grep -hoE '^ *(\$ )?memhint [^`|#(]*' "$text" | sed -E 's/^ *(\$ )?//')
	done
}

@test "each lesson.md draws an array, as memhint draw does" {
	for text in lessons/*/lesson.md; do
		printf '%s\n' "$text"
		command=$(sed -n "s/^\\$ memhint draw -b '\(.*\)'$/\1/p" "$text")
		[ "$(printf '%s\n' "$command" | wc -l)" -eq 1 ]
		[ -n "$command" ]
		diff <(COLUMNS=78 "$MEMHINT" draw -b "$command") <(awk '/^```/ { on = 0 } on; /^\$ memhint draw / { on = 1 }' "$text")
	done
}

# ---- the twins in NumPy ----

@test "each lesson has a numpy.py with a function for each of its ways, and setup() has its parameters" {
	for lesson in $("$MEMHINT" list --names); do
		file=lessons/$lesson/numpy.py
		[ -f "$file" ]
		head -n 1 "$file" | grep -q 'SPDX-License-Identifier: MIT'
		run grep -nP '\t|[^\x00-\x7F]| $|.{121}' "$file"
		[ "$status" -eq 1 ] || { echo "$output"; false; }
		"$MEMHINT" list "$lesson" >"$BATS_TEST_TMPDIR/list"
		"$PYTHON" - "$file" "$BATS_TEST_TMPDIR/list" <<'PY'
import ast, re, sys
tree = ast.parse(open(sys.argv[1]).read())
names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
names |= {node.targets[0].id for node in tree.body if isinstance(node, ast.Assign)}
text = open(sys.argv[2]).read()
params = re.findall(r"^  ([a-z]+) +[0-9.]+[kKMG]? ", text.split("\nWays")[0], re.M)
in_c, _, only = text.split("\nWays")[1].partition("\nOnly in NumPy")
ways = re.findall(r"^  ([a-z0-9_]+) +(?:naive|better|other) ", in_c, re.M)
# A kept row is an allocator's setting, and fused is what no array operation can do.
missing = [way for way in ways if way not in names and not way.endswith("_kept") and way != "fused"]
missing += [way for way in re.findall(r"^  ([a-z0-9_]+) +(?:naive|better|other) ", only, re.M) if way not in names]
assert ways and not missing, missing
setup = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "setup")
assert [argument.arg for argument in setup.args.args] == params, params
assert "use" in names or all("use_" + way in names for way in ways if not way.endswith("_kept"))
PY
	done
}

@test "setup() has the lesson's sizes by default" {
	for lesson in $("$MEMHINT" list --names); do
		timeout 60 "$MEMHINT" run "$lesson" --variants "$("$MEMHINT" list --ways "$lesson" | head -n 1)" "${QUICK[@]}" --format json >"$BATS_TEST_TMPDIR/one.json"
		"$PYTHON" - "lessons/$lesson/numpy.py" "$BATS_TEST_TMPDIR/one.json" <<'PY'
import ast, json, sys
tree = ast.parse(open(sys.argv[1]).read())
setup = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "setup")
defaults = dict(zip([argument.arg for argument in setup.args.args], map(ast.literal_eval, setup.args.defaults)))
params = json.load(open(sys.argv[2]))["lessons"][0]["params"]
assert defaults == params, (defaults, params)
PY
	done
}

# What made a run's status 1, and not all that it printed: a log that is cut short still holds it.
tell_failure() { # LESSON JSON
	printf '%s: status %s; %s\n' "$1" "$status" "$stderr"
	"$PYTHON" - "$2" <<'PY'
import json, sys
lesson = json.load(open(sys.argv[1]))["lessons"][0]
for way in lesson["variants"]:
    heap = way["heap"]
    if way["status"] != "ok" or way["prediction_missed"]:
        print(way["language"], way["name"], way["status"], way.get("why"), heap)
unexpected = [claim for claim in lesson["claims"] if claim["kind"] == "exact" and claim["verdict"] != claim["expected"] != "either"]
for claim in unexpected:
    print(claim["language"], claim["source"], claim["verdict"], "for", claim["test"], "|", claim["measured"])
for way in lesson["variants"] if unexpected else []:
    print(way["language"], way["name"], {key: value for key, value in way["heap"].items() if value is not None})
PY
}

@test "in NumPy: the same answers, verdicts as expected, valid JSON, and the same bytes once more" {
	need_python numpy
	for lesson in $("$MEMHINT" list --names); do
		for k in 1 2; do
			# Twice the same: a few lessons tell.
			[[ $k == 1 || " inplace windows loops debugging " == *" $lesson "* ]] || break
			memhint run "$lesson" --with numpy "${SMALL[@]}" --format json
			printf '%s' "$output" >"$BATS_TEST_TMPDIR/$lesson.$k.json"
			[ "$status" -eq 0 ] || { tell_failure "$lesson" "$BATS_TEST_TMPDIR/$lesson.$k.json"; false; }
			[ -z "$stderr" ]
		done
		"$PYTHON" - "$lesson" "$BATS_TEST_TMPDIR/$lesson".[12].json <<'PY'
import json, sys
lesson = sys.argv[1]
first, second = (json.load(open(name)) for name in (sys.argv[2:] * 2)[:2])
assert first["host"]["numpy"] and first["host"]["python"].startswith("CPython "), first["host"]
first, second = first["lessons"][0], second["lessons"][0]
ways = {(way["language"], way["name"]): way for way in first["variants"]}
assert any(language == "numpy" for language, _ in ways)
for (language, name), way in ways.items():
    assert way["status"] == "ok", (language, name, way)
    base = ways[way["baseline_language"], way["baseline"]]
    assert base["job"] == way["job"] and (way["ratio"] is None) == (base is way), name
    a, b = way["checksum"], base["checksum"]
    assert a == b or lesson == "float32" and abs(a - b) <= 1e-5 * abs(b), (language, name, a, b)
    if language == "c":
        continue
    heap = way["heap"]
    assert heap["predicted_asked_bytes"] is None and heap["why"] and not way["prediction_missed"], (name, heap)
    assert way["formula"] is None and way["numpy"] and way["what"], way
    if lesson != "debugging": # there the peak is not told
        assert 0 <= heap["peak_asked_bytes"] <= heap["asked_bytes"], (name, heap)
        assert heap["peak_asked_bytes"] <= 1.25 * heap["peak_bytes"] + 8192, (name, heap)
for claim in first["claims"]:
    if claim["kind"] == "exact" and claim["expected"] != "either":
        assert claim["verdict"] == claim["expected"], claim
    assert claim["language"] == "c" or len(claim["measured"] or "") <= 50, claim
languages = [claim["language"] for claim in first["claims"]]
assert "numpy" in languages and languages == sorted(languages), languages
bytes_of = [{(way["language"], way["name"]): way["heap"]["asked_bytes"] for way in run["variants"]} for run in (first, second)]
assert bytes_of[0] == bytes_of[1], [(way, n, bytes_of[1][way]) for way, n in bytes_of[0].items() if n != bytes_of[1][way]]
PY
		[ ! -f tests/schema.py ] || "$PYTHON" -c 'import jsonschema' 2>/dev/null || continue
		"$PYTHON" -W ignore tests/schema.py "$BATS_TEST_TMPDIR/$lesson.1.json"
	done
}

@test "in NumPy: what the page says of bytes" {
	need_python numpy
	heap() { # LESSON SETTING...
		timeout 60 "$MEMHINT" run "$@" --with numpy "${QUICK[@]}" --format json >"$BATS_TEST_TMPDIR/heap.json"
		"$PYTHON" - "$BATS_TEST_TMPDIR/heap.json" "$code" <<'PY'
import json, sys
lesson = json.load(open(sys.argv[1]))["lessons"][0]
p = lesson["params"]
h = {way["name"]: way["heap"] for way in lesson["variants"] if way["language"] == "numpy"}
f = {way["name"]: way["facts"] for way in lesson["variants"] if way["language"] == "numpy"}
def near(bytes, data): # but for some of Python's objects
    return data <= bytes < data + 4096
exec(sys.argv[2])
PY
	}
	code='
n = 8 * p["n"]
assert near(h["copy"]["asked_bytes"], n) and near(h["concatenate"]["asked_bytes"], n) and near(h["reshape_copy"]["asked_bytes"], n)
assert all(h[view]["asked_bytes"] < 1024 for view in ("slice", "reshape", "transpose"))
assert near(h["take"]["asked_bytes"], n) and h["take_list"]["asked_bytes"] > 2 * n
assert near(h["keepview"]["asked_bytes"], n) and h["keepview"]["kept_bytes"] >= n and h["keepcopy"]["kept_bytes"] < 1024
' heap views --set n=100K
	code='
n = 8 * p["n"]
assert near(h["named"]["asked_bytes"], 3 * n) and near(h["named"]["peak_asked_bytes"], 3 * n)
assert near(h["rebound"]["asked_bytes"], 3 * n) and near(h["rebound"]["peak_asked_bytes"], 2 * n)
assert near(h["inplace"]["asked_bytes"], n) and near(h["inplace_std"]["peak_asked_bytes"], 2 * n) and h["out"]["asked_bytes"] < 1024
assert near(h["temporaries"]["peak_asked_bytes"], n) or near(h["temporaries"]["peak_asked_bytes"], 2 * n) # as this NumPy does it
assert 1 <= f["temporaries"]["arrays_at_320_kB"] <= f["temporaries"]["arrays_at_240_kB"] <= 3
' heap inplace --set n=40K
	code='
assert near(h["temporaries"]["asked_bytes"], 3 * 8 * p["n"]) and near(h["temporaries"]["peak_asked_bytes"], 2 * 8 * p["n"]) # too small to be reused
' heap inplace --set n=30K --variants temporaries
	code='
assert near(h["tile"]["asked_bytes"], 8 * p["n"] * p["repeat"]) and h["broadcast_to"]["peak_asked_bytes"] < 4096
assert h["at_once"]["asked_bytes"] >= 8 * p["n"] * p["repeat"] and f["broadcast_to"]["writeable"] is False
' heap broadcast --set n=1000
	code='
windows = p["n"] - p["window"] + 1
assert h["stack"]["asked_bytes"] > 8 * windows * p["window"] + 100 * windows # an object for each window
assert h["strided"]["peak_asked_bytes"] < 4096 and h["checked"]["peak_asked_bytes"] < 4096 and near(h["running"]["asked_bytes"], 8 * p["n"])
' heap windows --set n=10K
	code='
n = p["n"]
assert 32 * n - 3200 <= h["boxed"]["asked_bytes"] < 32 * n + 4096 and h["vectorize"]["peak_asked_bytes"] > 32 * n
assert h["calls"]["asked_bytes"] == h["whole"]["asked_bytes"] == 0
' heap loops --set n=50K
	code='
assert near(h["float64"]["asked_bytes"], 8 * p["n"]) and near(h["float32"]["asked_bytes"], 4 * p["n"]) and near(h["convert"]["peak_asked_bytes"], 12 * p["n"])
assert f["mixed"]["stride_0"] == 8 and f["float32"]["ones_by_axis"] == 2 ** 24 and f["float32"]["ones_in_pairs"] == f["float32"]["ones"]
' heap float32 --set n=100K
	code='
views = [name for name in h if h[name]["kept_bytes"] == 0]
assert len(h) == 16 and len(views) == 9, views
assert sum(f[name]["base_is_source"] == (name in views) for name in h) == 13
assert sum(f[name]["not_owndata"] == (name in views) for name in h) == 13
assert sum(f[name]["shares_memory"] == (name in views) for name in h) == 15
assert h["fancy"]["kept_bytes"] < 64 < h["copy"]["kept_bytes"]
' heap debugging
}

# ---- the engine's own zero ----

@test "an empty way reads 0 in every heap column, 0 steady faults, RSS within the error bar" {
	memhint run selftest --variants empty "${QUICK[@]}" --format json
	show
	[ "$status" -eq 0 ]
	printf '%s' "$output" >"$BATS_TEST_TMPDIR/empty.json"
	"$PYTHON" - "$BATS_TEST_TMPDIR/empty.json" <<'PY'
import json, sys
result = json.load(open(sys.argv[1]))
(way,) = result["lessons"][0]["variants"]
assert way["name"] == "empty" and way["status"] == "ok", way
for column, value in way["heap"].items():
    assert value == 0 or column == "timeline" and not value, (column, value)
assert way["resident"]["steady_faults"] == 0, way["resident"]
assert 0 <= way["resident"]["peak_bytes"] <= result["host"]["rss_error_bytes"], way["resident"]
PY
}

@test "64 MiB held read 64 MiB of peak RSS within the error bar, while what started memhint holds 1 GB" {
	[ "$(awk '/MemAvailable/ { print $2 }' /proc/meminfo)" -gt 2500000 ] || skip "less than 2.5 GB are available"
	run --separate-stderr timeout 100 "$PYTHON" - <<'PY'
import json, os, subprocess
held = bytearray(b"\x01" * (1 << 30))
with open("/proc/self/status") as status:
    assert any(line.startswith("VmRSS") and int(line.split()[1]) > 1 << 20 for line in status)
out = subprocess.run([os.environ["MEMHINT"], "run", "selftest", "--variants", "empty,hold", "--sets", "2", "--time", "0.1", "--format", "json"], capture_output=True, text=True)
assert out.returncode == 0 and not out.stderr, out
result = json.loads(out.stdout)
ways = {way["name"]: way for way in result["lessons"][0]["variants"]}
error = result["host"]["rss_error_bytes"]
size = 64 << 20
for way in ways.values():
    assert way["status"] == "ok", way
assert abs(ways["hold"]["resident"]["peak_bytes"] - size) <= error, (ways["hold"]["resident"], error)
assert 0 <= ways["empty"]["resident"]["peak_bytes"] <= error, (ways["empty"]["resident"], error)
assert size <= ways["hold"]["heap"]["kept_bytes"] < size + 4096, ways["hold"]["heap"]
assert size <= ways["hold"]["heap"]["peak_bytes"] < size + 4096, ways["hold"]["heap"]
print(error, held[-1])
PY
	show
	[ "$status" -eq 0 ]
}

@test "--hugepages=never: the same bytes, and RSS within the same error" {
	memhint run selftest --variants empty,hold "${QUICK[@]}" --hugepages=never --format json
	show
	[ "$status" -eq 0 ]
	printf '%s' "$output" >"$BATS_TEST_TMPDIR/hold.json"
	"$PYTHON" - "$BATS_TEST_TMPDIR/hold.json" <<'PY'
import json, sys
result = json.load(open(sys.argv[1]))
ways = {way["name"]: way for way in result["lessons"][0]["variants"]}
assert abs(ways["hold"]["resident"]["peak_bytes"] - (64 << 20)) <= result["host"]["rss_error_bytes"], ways["hold"]["resident"]
assert ways["hold"]["resident"]["first_faults"] >= (64 << 20) // result["host"]["page_bytes"], ways["hold"]["resident"]
assert ways["empty"]["resident"]["steady_faults"] == 0, ways["empty"]["resident"]
PY
}
