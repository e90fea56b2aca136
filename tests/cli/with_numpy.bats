#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2030,SC2031
# memhint run and compare --with numpy: two languages in one table, which Python it is, and what happens when it fails.

load common

setup() {
	need_python numpy
}

@test "run: each way's row in NumPy below its row in C, the versions, and the page judged in both" {
	memhint run inplace --with numpy "${SMALL[@]}"
	show
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	versions=$("$PYTHON" -c 'import platform, numpy; print(f"NumPy {numpy.__version__}, {platform.python_implementation()} {platform.python_version()}")')
	[[ $output == *$'\n  temporaries * '*$'\n  temporaries np '*$'\n  named '*$'\n  named np '* ]]
	[[ $output == *$'\nnp: '"$versions, counted with Python's own objects"* ]]
	[[ $output == *$'\nThe page says '*$'\n'"$versions"$'\n'*'"Creates temporary arrays"'* ]]
	[[ $(tr -s ' \n' ' ' <<<"$output") == *'All ratios are against *, in C.'* ]]
	[[ $output == *$'\n  rebound np '*'r = x - m; r = r / s; r = r ** 2'* ]]
	memhint run inplace "${SMALL[@]}"
	[[ $output != *' np '* ]]
	[[ $output == *$'\nNext  memhint run inplace --with numpy'* ]]
}

@test "run and compare: no line is wider than 40, 80 or 120 columns, or ends in a blank" {
	for width in 40 80 120; do
		for lesson in inplace windows debugging; do
			COLUMNS=$width memhint run "$lesson" --with numpy "${SMALL[@]}"
			[ "$status" -eq 0 ]
			printf '%s\n' "$output" | awk -v most="$width" 'length > most || / $/ { print; bad = 1 } END { exit bad }'
		done
	done
	COLUMNS=80 memhint compare inplace broadcast windows loops --with numpy "${SMALL[@]}"
	show
	[ "$status" -eq 0 ]
	printf '%s\n' "$output" | awk 'length > 80 || / $/ { print; bad = 1 } END { exit bad }'
	[[ ${lines[0]} == '4 lessons, '* ]]
	[[ $(head -n 2 <<<"$output" | tr '\n' ' ') == *'. np: NumPy '* ]]
	[[ $output == *' temporaries np '*' columns np '*' whole np '* ]]
}

@test "csv and markdown: the language is a column, and the sentences say which" {
	memhint run loops --with numpy "${SMALL[@]}" --format csv
	"$PYTHON" -c '
import csv, io, sys
rows = list(csv.DictReader(io.StringIO(sys.argv[1])))
assert {(row["variant"], row["language"]) for row in rows} >= {("whole", "c"), ("whole", "numpy"), ("vectorize", "numpy")}
assert all(row["status"] == "ok" and row["ratio_time"] for row in rows if row["language"] == "numpy")' "$output"
	memhint run loops --with numpy "${SMALL[@]}" --format markdown
	[[ $output == *'| whole np |'* ]]
	[[ $output == *'| NumPy: Each loop iteration has overhead |'* ]]
}

@test "--variants picks in both languages; a way that only NumPy has needs --with numpy" {
	memhint run loops --with numpy --variants whole,vectorize "${SMALL[@]}" --format csv
	[ "$(printf '%s\n' "$output" | cut -d, -f 4,5)" = $'variant,language\nwhole,c\nwhole,numpy\nvectorize,numpy' ]
	memhint run loops --variants vectorize "${SMALL[@]}"
	refused 2 "'vectorize'" '--with numpy'
	memhint run loops --with numpy --variants vectorise
	refused 2 "'vectorise'" "'vectorize'"
	memhint run loops --with numpy --variants boxed_kept "${SMALL[@]}" --format csv
	[ "$status" -eq 0 ]
	[ "$(printf '%s\n' "$output" | cut -d, -f 5 | sort -u | paste -sd ' ')" = 'c language' ]
}

@test "--with c is what happens without; other words are refused" {
	memhint run loops --with c "${SMALL[@]}" --format csv
	[ "$status" -eq 0 ]
	[ "$(printf '%s\n' "$output" | cut -d, -f 5 | sort -u | paste -sd ' ')" = 'c language' ]
	memhint run loops --with rust
	refused 2 "'rust'" numpy
	memhint compare --with
	refused 2 '--with'
}

@test "no Python, or none that has NumPy: status 3 and one line that says which and what to do" {
	PYTHON=/bin/false memhint run loops --with numpy
	refused 3 "'/bin/false'" PYTHON
	PYTHON=$BATS_TEST_TMPDIR/none memhint compare --all --with numpy
	refused 3 "'$BATS_TEST_TMPDIR/none'" 'not installed'
	printf '#!/bin/sh\nexec %s -S "$@"\n' "$PYTHON" >"$BATS_TEST_TMPDIR/bare" # without its site folders
	chmod +x "$BATS_TEST_TMPDIR/bare"
	if ! "$BATS_TEST_TMPDIR/bare" -c 'import numpy' 2>/dev/null; then
		PYTHON=$BATS_TEST_TMPDIR/bare memhint run loops --with numpy
		refused 3 "'$BATS_TEST_TMPDIR/bare'" 'has no NumPy'
	fi
	# All else is checked first.
	PYTHON=/bin/false memhint run loops --with numpy --set n=0
	refused 2 "'0'"
	PYTHON=/bin/false memhint run loops "${SMALL[@]}" --quiet -o /dev/null
	[ "$status" -eq 0 ]
}

@test "without PYTHON: python3 on PATH, then /usr/bin/python3" {
	mkdir -p "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\nexit 1\n' >"$BATS_TEST_TMPDIR/bin/python3"
	chmod +x "$BATS_TEST_TMPDIR/bin/python3"
	/usr/bin/python3 -s -c 'import numpy' 2>/dev/null || skip "/usr/bin/python3 has no NumPy"
	run --separate-stderr env -u PYTHON PATH="$BATS_TEST_TMPDIR/bin:$PATH" "$MEMHINT" run loops --with numpy --variants whole "${SMALL[@]}" --format json
	show
	[ "$status" -eq 0 ]
	[[ $output == *'"numpy": "'[0-9]* ]]
}

@test "in a lesson's own folder, whose numpy.py is not NumPy" {
	cp lessons/loops/numpy.py "$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR"
	PYTHONPATH=$BATS_TEST_TMPDIR memhint run loops --with numpy --variants whole "${SMALL[@]}"
	show
	[ "$status" -eq 0 ]
	[[ $output == *' whole np '* ]]
	[ "$(ls -A "$BATS_TEST_TMPDIR" | grep -c '^__pycache__$')" -eq 0 ]
}

@test "in a folder whose path LD_PRELOAD cannot name; without the meter: status 3 and one line" {
	mkdir "$BATS_TEST_TMPDIR/a b:c"
	cp "$MEMHINT" "$(dirname "$MEMHINT")/libmemhint-preload.so" "$BATS_TEST_TMPDIR/a b:c"
	run --separate-stderr "$BATS_TEST_TMPDIR/a b:c/memhint" run loops --with numpy --variants boxed "${SMALL[@]}" --format csv
	show
	[ "$status" -eq 0 ]
	[ "$(printf '%s\n' "$output" | grep -c '^tip2,.*,numpy,.*,ok,')" -eq 1 ]
	[ -e /usr/local/lib/memhint/libmemhint-preload.so ] || {
		rm "$BATS_TEST_TMPDIR/a b:c/libmemhint-preload.so"
		run --separate-stderr "$BATS_TEST_TMPDIR/a b:c/memhint" run loops --with numpy
		refused 3 "'libmemhint-preload.so'"
	}
}

@test "what a user's environment holds changes nothing" {
	counted() {
		"$MEMHINT" run inplace --with numpy --variants temporaries,inplace "${SMALL[@]}" --quiet --format json |
			"$PYTHON" -c 'import json, sys; print([w["heap"]["asked_bytes"] for w in json.load(sys.stdin)["lessons"][0]["variants"]])'
	}
	plain=$(counted)
	[ "$plain" = "$(PYTHONMALLOC=debug PYTHONHASHSEED=7 PYTHONOPTIMIZE=2 OMP_NUM_THREADS=2 MALLOC_ARENA_MAX=1 MALLOC_CONF=tcache:false counted)" ]
}

@test "debugging: wherever its memory lies, Python's own tables are in no way's bytes" {
	[ "$(uname -m)" = x86_64 ] || skip "addresses as x86-64 has them"
	(ulimit -s $((16384 * 1024)) && setarch -R true) 2>/dev/null || skip "the stack's limit and the addresses are not ours to choose"
	# Python keeps one table for each 16 GiB. The limit moves what is mapped, so that the second begins anywhere among Python's objects.
	for above in $(seq 40 4 120); do
		(ulimit -s $(((16384 - above) * 1024)) && setarch -R "$MEMHINT" run debugging --with numpy --variants slice --quiet --format csv) |
			grep ',numpy,' >"$BATS_TEST_TMPDIR/$above.csv"
		cmp "$BATS_TEST_TMPDIR/40.csv" "$BATS_TEST_TMPDIR/$above.csv"
	done
}

@test "a way in NumPy that dies, fails, hangs or is wrong is told by name; the others still run; status 1" {
	for fault in segv=SIGSEGV kill=SIGKILL exit='status 7' enomem=MemoryError wrong='wrong: its answer is -12345'; do
		MEMHINT_PROVOKE=numpy.strided=${fault%%=*} memhint run windows --with numpy --variants stack,strided "${SMALL[@]}"
		show
		[ "$status" -eq 1 ]
		[ -z "$stderr" ]
		row=$(printf '%s\n' "$output" | sed -n '/^  strided np /,/^[^ ]/p' | tr -s ' \n' ' ')
		[[ $row == *"${fault#*=}"* ]]
		[[ $output == *$'\n  stack np '*' MB '* || $output == *$'\n  stack np '*' kB '* ]]
		[[ $output == *$'\n  strided '*' 0 B '* ]] # its time may be anything
	done
	MEMHINT_PROVOKE=numpy.strided=hang memhint run windows --with numpy --variants strided --timeout 2 "${SMALL[@]}"
	show
	[ "$status" -eq 1 ]
	[[ $output == *'strided np  hung: no answer in 2 s'* ]]
}

@test "interrupted or killed: no Python is left behind" {
	pythons() {
		find /proc -maxdepth 2 -name environ -exec grep -lz "^MEMHINT_PROVOKE=numpy.whole=hang$TAG\$" {} + 2>/dev/null | cut -d/ -f3
	}
	for signal in INT KILL; do
		TAG=$BASHPID.$signal
		MEMHINT_PROVOKE=numpy.whole=hang$TAG "$MEMHINT" run loops --with numpy --variants calls --set n=20M --sets 2 --quiet -o /dev/null 3>&- &
		pid=$!
		some() { [ -n "$(pythons | grep -vx $pid)" ]; }
		none() { [ -z "$(pythons)" ]; }
		within 20 some
		kill -$signal $pid
		within 10 none
		wait $pid || true
	done
}
