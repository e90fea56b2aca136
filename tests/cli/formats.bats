#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2016
# Table, JSON, CSV and Markdown: each is well formed, and all carry the same values. Two runs differ in their times, so what is compared between runs is
# what a run repeats to the bit.

load common

setup_file() {
	bats_require_minimum_version 1.5.0
	export R=$BATS_FILE_TMPDIR
	local format
	for format in json csv markdown table; do
		timeout 60 "$MEMHINT" run windows views debugging "${SMALL[@]}" --format $format >"$R/run.$format" 2>"$R/run.$format.err"
		echo $? >"$R/run.$format.status"
	done
	timeout 60 "$MEMHINT" compare --all --variants all "${SMALL[@]}" --format json >"$R/all.json"
	timeout 60 "$MEMHINT" compare --all --variants all "${SMALL[@]}" --format csv >"$R/all.csv"
	timeout 60 "$MEMHINT" compare --all --variants all "${SMALL[@]}" --format markdown >"$R/all.markdown"
	MEMHINT_PROVOKE=strided=segv timeout 60 "$MEMHINT" run windows "${SMALL[@]}" --format json >"$R/dead.json" || true
	MEMHINT_PROVOKE=strided=segv timeout 60 "$MEMHINT" run windows "${SMALL[@]}" --format csv >"$R/dead.csv" || true
	timeout 60 "$MEMHINT" run windows --set n=10 --set window=10 "${QUICK[@]}" --variants running --format json >"$R/one.json"
	return 0
}

setup() {
	mkdir "$BATS_TEST_TMPDIR/work"
}

@test "each format: status 0, nothing on standard error, a last line break" {
	for format in json csv markdown table; do
		[ "$(cat "$R/run.$format.status")" -eq 0 ]
		[ ! -s "$R/run.$format.err" ]
		[ -z "$(tail -c 1 "$R/run.$format")" ]
	done
}

@test "JSON is valid: strict JSON, no number too large for it, no NaN, no key twice" {
	need_python
	"$PYTHON" - "$R"/{run,all,dead,one}.json <<'PY'
import json, sys
def refuse(word):
    raise ValueError(word)
def once(pairs):
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), keys
    return dict(pairs)
for name in sys.argv[1:]:
    result = json.load(open(name, encoding="utf-8"), parse_constant=refuse, object_pairs_hook=once)
    assert result["schema"] == 1 and result["programs"] == [], name
PY
}

@test "JSON validates against the schema in the tree" {
	need_python jsonschema
	[ -f tests/schema.py ] || skip "no tests/schema.py"
	"$PYTHON" -W ignore tests/schema.py "$R"/{run,all,dead,one}.json
	timeout 60 "$MEMHINT" run selftest --variants empty "${QUICK[@]}" --format json | "$PYTHON" -W ignore tests/schema.py -
}

@test "what exec writes validates too: the pages that the unit tests hold" {
	need_python jsonschema
	for page in tests/unit/expected/exec-*.json; do
		sed 's/"memhint": "VERSION"/"memhint": "0.0.0"/' "$page" >"$BATS_TEST_TMPDIR/work/page.json"
		"$PYTHON" -W ignore tests/schema.py "$BATS_TEST_TMPDIR/work/page.json"
	done
	for change in 'p["heap"]["asked_bytes"] = None' 'p["new"] = 1' 'p["heap"]["copied"] = 1' 'del p["regions"][0]["times"]' 'p["processes"] = [{}]' 'p["budgets"][0]["used"] = None' 'p["startup"]["pid"] = 1' 'p["status"] = "fine"'; do
		"$PYTHON" -c "
import json
d = json.load(open('tests/unit/expected/exec-budgets.json'))
d['memhint'] = '0.0.0'
p = d['programs'][0]
$change
json.dump(d, open('$BATS_TEST_TMPDIR/work/bad.json', 'w'))"
		printf '%s\n' "$change"
		run "$PYTHON" -W ignore tests/schema.py "$BATS_TEST_TMPDIR/work/bad.json"
		[ "$status" -eq 1 ]
	done
}

@test "the schema refuses what is no result" {
	need_python jsonschema
	[ -f tests/schema.py ] || skip "no tests/schema.py"
	for change in 'd["schema"] = 2' 'd["lessons"][0]["variants"][0]["heap"]["asked_bytes"] = "3 kB"' 'del d["host"]["page_bytes"]' 'd["lessons"][0]["variants"][0]["status"] = "fine"' 'd["new"] = 1' 'd["lessons"][0]["claims"][0]["verdict"] = "perhaps"'; do
		"$PYTHON" -c "
import json
d = json.load(open('$R/run.json'))
$change
json.dump(d, open('$BATS_TEST_TMPDIR/work/bad.json', 'w'))"
		printf '%s\n' "$change"
		run "$PYTHON" -W ignore tests/schema.py "$BATS_TEST_TMPDIR/work/bad.json"
		[ "$status" -eq 1 ]
	done
}

@test "JSON holds what the design shows, and no host name, user name or path" {
	need_python
	"$PYTHON" - "$R/run.json" <<'PY'
import getpass, json, os, socket, sys
text = open(sys.argv[1], encoding="utf-8").read()
result = json.loads(text)
host = result["host"]
assert set(host) >= {"cpu", "cpus", "memory_bytes", "kernel", "page_bytes", "hugepages", "jemalloc", "malloc_conf", "bandwidth_bytes_per_s", "rss_error_bytes"}
assert host["page_bytes"] == os.sysconf("SC_PAGE_SIZE") and host["kernel"] == os.uname().release
assert host["cpus"] >= 1 and host["memory_bytes"] > 0 and host["bandwidth_bytes_per_s"] > 0 and host["rss_error_bytes"] > 0
assert host["jemalloc"] and "dirty_decay_ms" in host["malloc_conf"] and "oversize_threshold" in host["malloc_conf"]
for lesson in result["lessons"]:
    assert set(lesson) >= {"id", "name", "title", "job", "params", "variants", "claims"}
    for way in lesson["variants"]:
        assert set(way) >= {"name", "language", "role", "job", "baseline", "numpy", "formula", "status", "checksum", "heap", "resident", "time", "ratio", "facts"}, way
        assert set(way["heap"]) >= {"asked_bytes", "allocated_bytes", "allocations", "reallocations_in_place", "reallocations_moved", "peak_bytes",
                                    "peak_asked_bytes", "kept_bytes", "copied_bytes", "use_peak_bytes", "predicted_asked_bytes", "predicted_peak_asked_bytes"}
        assert set(way["resident"]) >= {"peak_bytes", "first_faults", "steady_faults"}
        if way["time"] is not None:
            assert set(way["time"]) >= {"sets", "rounds", "first_ns", "median_ns", "min_ns", "make_ns", "use_ns", "floor_ns"}
        assert way["language"] == "c" and way["status"] == "ok"
    for claim in lesson["claims"]:
        assert set(claim) >= {"source", "test", "kind", "expected", "verdict", "condition", "measured"}
assert os.getcwd() not in text and os.environ["MEMHINT"] not in text
for word in (socket.gethostname(), getpass.getuser()):
    if len(word) > 5:
        assert word not in text, word
PY
}

@test "what was not measured is null with a why beside it, empty in CSV" {
	need_python
	"$PYTHON" - "$R"/{run,all,dead,one}.json <<'PY'
import json, sys
for name in sys.argv[1:]:
    for lesson in json.load(open(name))["lessons"]:
        for way in lesson["variants"]:
            for group in ("heap", "resident", "time"):
                part = way[group]
                if part is None or any(value is None for value in part.values()):
                    assert way.get("why") or (part or {}).get("why"), (name, lesson["name"], way["name"], group, part)
            if way["checksum"] is None:
                assert way.get("why"), (name, way["name"])
PY
	"$PYTHON" - "$R/dead.csv" <<'PY'
import csv, sys
rows = {row["variant"]: row for row in csv.DictReader(open(sys.argv[1], newline=""))}
dead = rows["strided"]
assert dead["status"] == "killed" and "SIGSEGV" in dead["why"], dead
for column, value in dead.items():
    if column.startswith(("heap_", "resident_", "time_", "ratio_")) and "predicted" not in column:
        assert value == "", (column, value)
assert rows["stack"]["heap_asked_bytes"] == "991808", rows["stack"]
PY
}

@test "CSV parses: one header, as many fields in each row, the schema's order" {
	need_python
	"$PYTHON" - "$R"/{run,all,dead}.csv <<'PY'
import csv, sys
for name in sys.argv[1:]:
    rows = list(csv.reader(open(name, newline="", encoding="utf-8"), strict=True))
    assert len(set(rows[0])) == len(rows[0]), rows[0]
    assert all(len(row) == len(rows[0]) for row in rows), name
    assert len(rows) > 4
PY
}

# Reads what a run wrote in both forms: `columns` of the JSON's groups are GROUP_KEY in CSV.
COMPARE='
import csv, json, re, sys
def from_csv(name):
    return list(csv.DictReader(open(name, newline="", encoding="utf-8")))
def from_markdown(name):
    tables, rows = [], []
    for line in open(name, encoding="utf-8"):
        if line.startswith("|"):
            rows.append([cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]])
        elif rows:
            tables.append(rows)
            rows = []
    if rows:
        tables.append(rows)
    ledgers = [t for t in tables if "heap_asked_bytes" in t[0]]
    return [dict(zip(t[0], row)) for t in ledgers for row in t[2:]]
def same(ways, rows, exact_only):
    assert len(ways) == len(rows), (len(ways), len(rows))
    for (lesson, way), row in zip(ways, rows):
        assert (row["lesson"], row["name"], row["variant"]) == (lesson["id"], lesson["name"], way["name"]), row
        want = {"language": way["language"], "role": way["role"], "job": way["job"], "baseline": way["baseline"], "status": way["status"]}
        for key, value in want.items():
            assert row[key] == value, (key, row[key], value)
        for group in ("heap", "resident", "time", "ratio"):
            for key, value in (way[group] or {}).items():
                if key in ("why", "timeline") or exact_only and (group in ("time", "ratio") or group == "resident"):
                    continue
                text = row[f"{group}_{key}"]
                if value is None:
                    assert text == "", (way["name"], key, text)
                elif isinstance(value, bool):
                    assert text == str(value).lower(), (way["name"], key, text, value)
                else:
                    assert float(text) == value, (way["name"], key, text, value)
        assert (row["checksum"] == "") == (way["checksum"] is None) and (way["checksum"] is None or float(row["checksum"]) == way["checksum"]), row["checksum"]
        for key, value in way["facts"].items():
            if isinstance(value, float):
                continue
            text = str(value).lower() if isinstance(value, bool) else str(value)
            assert f"{key}={text}" in row["facts"], (way["name"], key, text, row["facts"])
        for key, value in lesson["params"].items():
            assert f"{key}={value}" in row["params"], row["params"]
def ways_of(name):
    return [(lesson, way) for lesson in json.load(open(name))["lessons"] for way in lesson["variants"]]
'

@test "CSV carries the values of JSON" {
	need_python
	for name in run all dead; do
		"$PYTHON" -c "$COMPARE
same(ways_of('$R/$name.json'), from_csv('$R/$name.csv'), True)"
	done
}

@test "CSV and JSON have the same columns" {
	need_python
	"$PYTHON" -c "$COMPARE
want = {f'{group}_{key}' for _, way in ways_of('$R/all.json') for group in ('heap', 'resident', 'time', 'ratio') for key in way[group] or {} if key not in ('why', 'timeline')}
got = {column for column in from_csv('$R/all.csv')[0] if column.startswith(('heap_', 'resident_', 'time_', 'ratio_'))}
assert want == got, want ^ got"
}

@test "Markdown carries the same columns and values as CSV" {
	need_python
	for name in run all; do
		"$PYTHON" -c "$COMPARE
rows = from_markdown('$R/$name.markdown')
assert list(rows[0]) == list(from_csv('$R/$name.csv')[0]), list(rows[0])
same(ways_of('$R/$name.json'), [{k: v.replace('\\\\\\\\', '') for k, v in row.items()} for row in rows], True)"
	done
}

@test "Markdown tables are tables: as many cells in each row as in the head" {
	need_python
	"$PYTHON" - "$R"/{run,all}.markdown <<'PY'
import re, sys
for name in sys.argv[1:]:
    width = None
    for number, line in enumerate(open(name, encoding="utf-8"), 1):
        if not line.startswith("|"):
            width = None
            continue
        cells = len(re.split(r"(?<!\\)\|", line.strip())) - 2
        width = width or cells
        assert cells == width, (name, number, cells, width)
PY
}

@test "numbers are numbers in every format: no unit, no thousands separator" {
	need_python
	"$PYTHON" - "$R"/{run,all}.csv <<'PY'
import csv, re, sys
for name in sys.argv[1:]:
    for row in csv.DictReader(open(name, newline="")):
        for column, value in row.items():
            if column.startswith(("heap_", "resident_", "time_", "ratio_")) and column != "ratio_resolved":
                assert re.fullmatch(r"|-?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?", value), (column, value)
                if column.endswith(("_bytes", "_faults", "allocations")):
                    assert re.fullmatch(r"[0-9]*", value), (column, value)
PY
}

@test "the table has a row for each way, with the same bytes as JSON" {
	need_python
	"$PYTHON" - "$R/run.json" "$R/run.table" <<'PY'
import json, re, sys
table = open(sys.argv[2], encoding="utf-8").read()
def human(value):
    if value < 1000:
        return f"{value} B"
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.95:
            return f"{value:.1f} {unit}"
for lesson in json.load(open(sys.argv[1]))["lessons"]:
    if lesson["name"] == "debugging":
        continue
    for way in lesson["variants"]:
        makes, peak = human(way["heap"]["asked_bytes"]), human(way["heap"]["peak_asked_bytes"])
        assert re.search(rf"^ *{way['name']}( \*)? +{re.escape(makes)} +{re.escape(peak)} ", table, re.M), (way["name"], makes, peak)
PY
}

@test "numbers of the table are right-aligned" {
	need_python
	"$PYTHON" - "$R/run.table" <<'PY'
import re, sys
text = open(sys.argv[1], encoding="utf-8").read()
rows = [line for line in text.split("\nviews (")[0].splitlines() if re.match(r"^  (stack|stack_kept|take|strided|running)( \*)? +[0-9]", line) and re.search(r"[mun]?s ", line)]
assert len(rows) == 5, rows
for k in range(2):
    ends = {[m.end() for m in re.finditer(r"[0-9.]+ k?M?B", row)][k] for row in rows}
    assert len(ends) == 1, (k, ends, rows)
PY
}

@test "-o FILE holds what standard output would, in each format, and standard output nothing" {
	need_python
	cd "$BATS_TEST_TMPDIR/work"
	for format in json csv markdown table; do
		memhint run windows views debugging "${SMALL[@]}" --format $format -o "out.$format"
		show
		[ "$status" -eq 0 ]
		[ -z "$output" ]
		[ -z "$stderr" ]
	done
	[ "$(exact out.json)" = "$(exact "$R/run.json")" ]
	"$PYTHON" -c "$COMPARE
same(ways_of('$R/run.json'), from_csv('out.csv'), True)
assert open('out.csv').readline() == open('$R/run.csv').readline()
same(ways_of('$R/run.json'), [{k: v.replace('\\\\\\\\', '') for k, v in row.items()} for row in from_markdown('out.markdown')], True)"
	head -n 3 out.table | diff - <(head -n 3 "$R/run.table")
	run grep -c $'\e' out.table
	[ "$output" = 0 ]
}

@test "-o replaces a file, keeps its rights and follows a link; new files are as umask says" {
	cd "$BATS_TEST_TMPDIR/work"
	echo old >file
	chmod 640 file
	ln -s file link
	umask 022
	memhint run windows "${SMALL[@]}" --format csv -o link
	[ "$status" -eq 0 ]
	[ -L link ]
	[ "$(head -c 7 file)" = lesson, ]
	[ "$(stat -c %a file)" = 640 ]
	memhint compare windows "${SMALL[@]}" --format csv -o new
	[ "$(stat -c %a new)" = 644 ]
	[ "$(ls -A | tr '\n' ' ')" = "file link new " ]
}

@test "-o into a pipe, and /dev/stdout" {
	need_python
	cd "$BATS_TEST_TMPDIR/work"
	mkfifo pipe
	timeout 60 "$MEMHINT" run windows "${SMALL[@]}" --format json -o pipe 3>&- &
	"$PYTHON" -c 'import json; json.load(open("pipe"))'
	wait $!
	[ -p pipe ]
	timeout 60 "$MEMHINT" run windows "${SMALL[@]}" --format json -o /dev/stdout | "$PYTHON" -c 'import json, sys; json.load(sys.stdin)'
	[ "$(ls -A)" = pipe ]
}

@test "--quiet says nothing on standard error, and changes nothing on standard output" {
	need_python
	cd "$BATS_TEST_TMPDIR/work"
	MALLOC_CONF=narenas:3 memhint run windows views debugging "${SMALL[@]}" --quiet --format json
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	printf '%s' "$output" >quiet.json
	[ "$(exact quiet.json)" = "$(exact "$R/run.json")" ]
	memhint run windows "${SMALL[@]}" --quiet
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ $output == windows* ]]
	memhint run nosuch --quiet # but an error is told
	refused 2 "'nosuch'"
}

@test "COLUMNS, --wide, --brief and --color change the table only" {
	need_python
	cd "$BATS_TEST_TMPDIR/work"
	for option in --wide --brief --color=always; do
		COLUMNS=40 memhint run windows views debugging "${SMALL[@]}" "$option" --format json
		[ "$status" -eq 0 ]
		printf '%s' "$output" >out.json
		[ "$(exact out.json)" = "$(exact "$R/run.json")" ]
		[[ $output != *$'\e'* ]]
	done
}

@test "JSON and CSV are the same in bytes when run again" {
	need_python
	cd "$BATS_TEST_TMPDIR/work"
	memhint run windows views debugging "${SMALL[@]}" --format json
	printf '%s' "$output" >again.json
	[ "$(exact again.json)" = "$(exact "$R/run.json")" ]
}

@test "the schema that is installed is the one in the tree" {
	command -v make >/dev/null || skip "make is not installed"
	run make -n install DESTDIR=/nowhere
	[ "$status" -eq 0 ]
	[[ $output == *memhint.schema.json* ]]
}
