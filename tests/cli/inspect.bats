#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2016,SC2030,SC2031,SC2143
# memhint inspect: its screens, formats, statuses, and where a program comes from. What it finds out is held against NumPy elsewhere.

load common

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	export HOME=$BATS_TEST_TMPDIR/home
	unset XDG_STATE_HOME
	printf 'import numpy as np\na = np.arange(12.).reshape(3, 4)\nb = a.T.reshape(-1)\n' >three.py
	printf 'a = np.zeros(4)\nb = a[::2]\nc = a.reshape(3, 5)\nd = b.T\n' >wrong.py
	printf 'a = np.zeros(4)\nfor i in range(3):\n    a[i] = i\nb = a.copy()\n' >loop.py
	SCHEMA=$BATS_TEST_DIRNAME/../schema.py
}

good() {
	show
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
}

# The value that a Python expression has for the JSON document d.
json() { # FILE EXPRESSION
	"$PYTHON" -c 'import json, sys; d = json.load(open(sys.argv[1], encoding="utf-8")); print(eval(sys.argv[2]))' "$1" "$2"
}

# ---- where a program comes from ----

@test "lines on the command line: an unknown name is assumed, and the first line says so" {
	memhint inspect 'b = a.T.reshape(-1)'
	good
	[ "${lines[0]}" = "'a' is not defined; assumed: a = np.arange(12.).reshape(3, 4)      (see --let)" ]
	[[ $output == *'.reshape(-1)  (12,)   (8,)            96   COPY, and reshape does not say so'* ]]
	[[ $output == *'8 != 3 * 32 = 96'* ]]
	[[ $output == *'0 32 64 | 8 40 72 | 16 48 80 | 24 56 88'* ]]
	[[ $output == *'b.flags.owndata      False   says view: WRONG'* ]]
	[[ $output == *'b[0] = 99 does not change a'* ]]
}

@test "--let makes it beforehand, and it is no statement" {
	memhint inspect --let 'a = np.ones((100, 100))' --let 'n = 7' --format json 'b = a[n:]'
	good
	printf '%s' "$output" >out.json
	[ "$(json out.json '[len(d["statements"]), d["arrays"]["b"]["shape"], d["live_bytes"]]')" = '[1, [93, 100], 80000]' ]
	memhint inspect --let 'a = np.ones((3' 'b = a'
	show
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[[ $stderr == 'memhint inspect: --let: line 1, column '*SyntaxError* ]]
}

@test "a file, standard input and -e are the same program" {
	memhint inspect three.py
	good
	whole=$output
	for words in '-' ''; do
		# shellcheck disable=SC2086
		run --separate-stderr timeout 60 "$MEMHINT" inspect $words <three.py
		good
		[ "$output" = "$whole" ]
	done
	memhint inspect -e 'import numpy as np' -e 'a = np.arange(12.).reshape(3, 4)' -e 'b = a.T.reshape(-1)'
	good
	[ "$output" = "$whole" ]
	memhint inspect 'import numpy as np; a = np.arange(12.).reshape(3, 4)' --expression='b = a.T.reshape(-1)'
	good
}

@test "an existing file is one, and -e says that it is none" {
	cp three.py a
	memhint inspect a
	good
	[[ $output == *reshape* ]]
	memhint inspect -e a
	good
	[[ $output == "'a' is not defined"* ]]
	memhint inspect -e '-a'
	good
}

@test "files, standard input, the prompt's kin and JSON do not assume" {
	echo 'b = a.T' >unknown.py
	memhint inspect unknown.py
	show
	[ "$status" -eq 1 ]
	[[ $stderr == "memhint inspect: unknown.py:1:5: NameError: "*"'a'"* ]]
	run --separate-stderr timeout 60 "$MEMHINT" inspect - <unknown.py
	[ "$status" -eq 1 ]
	[[ $stderr == 'memhint inspect: <stdin>:1:5: NameError: '* ]]
	memhint inspect --format json 'b = a.T'
	[ "$status" -eq 1 ]
	[ -z "$stderr" ]
	printf '%s' "$output" >out.json
	[ "$(json out.json 'd["error"]["type"]')" = NameError ]
}

@test "what cannot be read: one line and its status" {
	memhint inspect missing.py
	refused 4 "'missing.py'" 'No such file'
	memhint inspect ./missing
	refused 4 "'./missing'"
	mkdir folder
	memhint inspect folder
	refused 4 "'folder'" directory
	head -c 5000000 /dev/zero >large.py
	memhint inspect large.py
	refused 2 "'large.py'" '4 MiB'
	memhint inspect /dev/zero
	refused 2 "'/dev/zero'" '4 MiB'
	memhint inspect --format nonsense a
	refused 2 nonsense
	memhint inspect --let
	refused 2 -- --let=NAME=ARRAY
	if [ "$(id -u)" -ne 0 ]; then
		chmod 0 three.py
		memhint inspect three.py
		refused 4 "'three.py'" denied
	fi
}

# ---- errors and gaps ----

@test "an error: what comes before it is answered, its place has a caret, the status is 1" {
	memhint inspect wrong.py
	show
	[ "$status" -eq 1 ]
	[[ $output == *'view of a'* ]]
	[[ $output != *'b.T'* ]]
	[[ ${stderr_lines[0]} == 'memhint inspect: wrong.py:3:5: ValueError: '* ]]
	[ "${stderr_lines[1]}" = '    c = a.reshape(3, 5)' ]
	[[ ${stderr_lines[2]} =~ ^' '{8}'^'+$ ]]
}

@test "of several files the error names its own" {
	memhint inspect three.py wrong.py
	[ "$status" -eq 1 ]
	[[ $stderr == 'memhint inspect: wrong.py:3:5: ValueError: '* ]]
}

@test "what is not followed: said with its line, the rest is answered, the status is 1" {
	memhint inspect loop.py
	show
	[ "$status" -eq 1 ]
	[ -z "$stderr" ]
	[[ $output == *'Not followed'*'line 2: a for loop is not followed'* ]]
	[[ $output == *'b = a.copy()'* ]]
	for format in csv markdown; do
		memhint inspect --format $format loop.py
		[ "$status" -eq 1 ]
		[[ $stderr == 'memhint inspect: loop.py, line 2: '* ]]
	done
}

# What memhint does not know is no error of the program: the statement behind it is answered still.
gap() { # STATEMENT MESSAGE
	printf 'a = np.arange(6)\n%s\nz = a[1:]\n' "$1" >gap.py
	memhint inspect gap.py
	show
	[ "$status" -eq 1 ]
	[ -z "$stderr" ]
	[[ $output == *"  line 2"*": $2"* ]]
	[[ $output == *'z = a[1:]'* ]]
}

@test "arguments that NumPy takes and that are not known here are not followed" {
	gap "b = np.add(a, 1.5, out=a, casting='no')" "another casting= than 'same_kind' is not followed in ufuncs"
	gap "b = np.add(a, 1.5, out=a, casting='unsafe')" "another casting= than 'same_kind' is not followed in ufuncs"
	gap 'b = np.diff(a, prepend=0)' 'diff() with prepend= or append= is not followed'
	gap 'b = np.matmul(np.eye(3), np.eye(3), axes=[(0, 1), (0, 1), (0, 1)])' 'matmul() with axes= or axis= is not followed'
}

@test "types, texts and shapes that are not known here are not followed" {
	for dtype in object "'S3'" "'U5'" "'>f8'" "[('x', 'f4'), ('y', 'i4')]" "'f4,i4'" "'M8[D]'" str; do
		gap "b = np.zeros(3, dtype=$dtype)" 'data types other than bool, int8 to int64'
	done
	gap 'b = a.astype(object)' 'data types other than bool'
	gap "b = np.array(['a', 'b'])" 'a list with strings in it is not followed'
	gap "b = np.vstack([['a'], ['b']])" 'a list with strings in it is not followed'
	gap 'b = np.array([1, None])' 'an array of what has None in it is not followed'
	gap "b = np.full(3, 'x')" 'an array full of a string is not followed'
	gap 'b = np.zeros(a)' 'a shape in an array is not followed'
	gap 'b = np.eye(6).reshape(a)' 'a shape in an array is not followed'
	memhint inspect 'b = np.zeros(3, dtype=object)'
	show
	[ "$status" -eq 1 ]
	[[ $output != *assumed* ]]
}

@test "two arrays instead of a list of them: the message shows the list" {
	for name in concatenate stack vstack hstack dstack column_stack; do
		memhint inspect --let 'a = np.ones(3)' "b = np.$name(a, a)"
		[ "$status" -eq 1 ]
		[[ $stderr == *"TypeError: $name() takes its arrays in one list: np.$name([a, b])"* ]]
	done
}

@test "bad input is an error with a place, and JSON stays JSON" {
	printf 'a = 1\0\n' >nul.py
	printf 'a = "\xff\xfe"\n' >bytes.py
	head -c 1000000 /dev/zero | tr '\0' '(' >brackets.py
	printf 'a = "x\n' >string.py
	printf 'print "x"\n' >python2.py
	: >empty.py
	for file in nul bytes brackets string python2; do
		memhint inspect "$file.py"
		show
		[ "$status" -eq 1 ]
		[[ $stderr =~ ^'memhint inspect: '$file.py:1:[0-9]+:\ [A-Z][A-Za-z]+: ]]
		"$MEMHINT" inspect --format json "$file.py" >out.json || true
		[ "$(json out.json 'd["error"]["line"]')" = 1 ]
	done
	memhint inspect empty.py
	good
	[ -z "$output" ]
}

# ---- the screens ----

@test "every screen fits its width, and is ASCII without colour where it is piped" {
	for file in three wrong loop; do
		for width in 80 120 200; do
			for option in --wide --brief --color=auto; do
				[ "$option" != --wide ] || [ "$width" -ge 120 ] || continue
				out=$(COLUMNS=$width "$MEMHINT" inspect $option $file.py 2>/dev/null || true)
				printf '%s\n' "$file $width $option" "$out"
				[ -z "$(printf '%s\n' "$out" | awk -v most="$width" 'length > most')" ]
				[ -z "$(printf '%s\n' "$out" | LC_ALL=C grep '[^ -~]')" ]
				[ -z "$(printf '%s\n' "$out" | grep ' $')" ]
			done
		done
	done
}

@test "--color=always says nothing that the plain page does not" {
	plain=$("$MEMHINT" inspect 'b = as_strided(a, (100,), (8,))')
	color=$("$MEMHINT" inspect --color=always 'b = as_strided(a, (100,), (8,))')
	[[ $plain == *LEAVES* ]]
	[[ $color == *$'\e[31m'* ]]
	[ "$(printf '%s' "$color" | sed 's/\x1b\[[0-9;]*m//g')" = "$plain" ]
}

@test "--brief: a line for each statement and the totals; --wide: offsets and types" {
	memhint inspect --brief three.py
	good
	[ "${#lines[@]}" -eq 6 ] # one of them has two
	[[ ${lines[5]} == 'Arrays       192 B allocated in all; peak 192 B; 192 B live at the end' ]]
	memhint inspect --wide three.py
	good
	[[ $output == *offset*dtype*float64* ]]
}

@test "a program of ten thousand lines: linear, and small" {
	{ echo 'a = np.zeros((1000, 1000))'; for ((i = 1; i < 10000; i++)); do echo "b$((i % 50)) = a[$((i % 9)):].T.reshape(-1)"; done; } >large.py
	memhint inspect large.py
	[ "$status" -eq 0 ]
	[ "$(printf '%s\n' "$output" | grep -c 'COPY')" -eq 9999 ]
	"$MEMHINT" inspect --format json large.py >out.json
	[ "$(json out.json 'len(d["statements"])')" = 10000 ]
}

@test "8 TB are answered at once, and nothing is allocated" {
	run --separate-stderr bash -c "ulimit -v 1000000; timeout 5 '$MEMHINT' inspect --brief 'a = zeros((1000000, 1000000)); b = a.T.reshape(-1)'"
	show
	[ "$status" -eq 0 ]
	[[ $output == *'16.00 TB allocated in all'* ]]
}

# ---- formats ----

@test "JSON validates against its schema, after errors too" {
	need_python jsonschema
	for file in three wrong loop; do
		"$MEMHINT" inspect --format json $file.py >$file.json || true
		"$PYTHON" -W ignore "$SCHEMA" $file.json
	done
	"$MEMHINT" inspect --format json -e '' | "$PYTHON" -W ignore "$SCHEMA" -
	[ "$(json wrong.json '[d["error"]["statement"], d["error"]["line"], len(d["statements"]), list(d["arrays"])]')" = "[2, 3, 2, ['a', 'b']]" ]
	[ "$(json three.json 'sorted(d["arrays"]["b"])')" = "['base', 'c_contiguous', 'dtype', 'f_contiguous', 'nbytes', 'offset_bytes', 'owndata', 'shape', 'strides', 'writeable']" ]
	[ "$(json three.json '[s["kind"] for s in d["statements"]]')" = "[None, 'new', 'copy']" ]
	[ "$(json loop.json 'd["unfollowed"][0]["line"]')" = 2 ]
	[ "$(json wrong.json 'd["shares"]')" = "[['a', 'b']]" ]
}

@test "the schema refuses what is no answer" {
	need_python jsonschema
	"$MEMHINT" inspect --format json three.py >good.json
	for change in 'd["schema"] = 2' 'd["statements"][1]["kind"] = "fine"' 'del d["arrays"]["b"]["base"]' 'd["new"] = 1'; do
		"$PYTHON" -c "import json; d = json.load(open('good.json')); $change; json.dump(d, open('bad.json', 'w'))"
		run "$PYTHON" -W ignore "$SCHEMA" bad.json
		echo "$change: $output"
		[ "$status" -eq 1 ]
	done
}

@test "CSV and Markdown: one row a statement" {
	memhint inspect --format csv three.py
	good
	[ "${#lines[@]}" -eq 4 ]
	[[ ${lines[0]} == statement,line,source,target,kind,of,shape,strides,dtype,* ]]
	[[ ${lines[3]} == '2,3,b = a.T.reshape(-1),b,copy,'* ]]
	memhint inspect --format markdown three.py
	good
	[ "$(printf '%s\n' "$output" | grep -c '^| [0-9]')" -eq 3 ]
}

@test "-o FILE: whole or not at all, and an error is told all the same" {
	memhint inspect --format json -o out.json three.py
	good
	[ -z "$output" ]
	[ "$(json out.json 'len(d["statements"])')" = 3 ]
	memhint inspect --format json -o out.json wrong.py
	[ "$status" -eq 1 ]
	[[ $stderr == *ValueError* ]]
	[ "$(json out.json 'd["error"]["type"]')" = ValueError ]
	memhint inspect -o nowhere/out.txt three.py
	refused 4 "'nowhere/out.txt'"
	run bash -c "'$MEMHINT' inspect three.py >/dev/full"
	[ "$status" -eq 4 ]
}

# ---- the prompt ----

session() { # keys go to a terminal of 80 columns
	command -v tmux >/dev/null || skip "tmux is not installed"
	tmux=(tmux -L "memhint-inspect-$$" -f /dev/null)
	"${tmux[@]}" new-session -d -x 80 -y 50 "trap : INT; \"$MEMHINT\" inspect; echo \$? >code; exec cat" 3>&-
	within 10 seen '>>>'
}

seen() {
	"${tmux[@]}" capture-pane -p | grep -qF -- "$1"
}

typed() { # LINE WORD: that the screen then shows
	"${tmux[@]}" send-keys -l -- "$1"
	"${tmux[@]}" send-keys Enter
	within 10 seen "$2" || { "${tmux[@]}" capture-pane -p; "${tmux[@]}" kill-server; false; }
}

@test "the prompt: answers each entry, goes on after errors, Ctrl-C drops a line, Ctrl-D ends" {
	session
	typed 'a = np.arange(12.).reshape(3, 4)' 'view of np.arange'
	typed 'b = a.T.reshape(-1)' 'COPY, and reshape does not say so'
	typed 'foo' "NameError: name 'foo'"
	typed 'c = (a' '...'
	typed '+ 1)' '+ computes'
	typed 'print(b.shape)' '(12,)'
	"${tmux[@]}" clear-history
	"${tmux[@]}" send-keys -l 'half of a li'
	"${tmux[@]}" send-keys C-c
	sleep 0.3
	typed 'np.shares_memory(a, b)' 'False'
	"${tmux[@]}" send-keys C-d
	within 10 test -s code || { "${tmux[@]}" kill-server; false; }
	run "${tmux[@]}" capture-pane -p
	"${tmux[@]}" kill-server
	echo "$output"
	[[ $output != *Traceback* ]]
	[[ $output != *SyntaxError* ]]
	[ "$(cat code)" -eq 0 ]
	# What was typed is kept, for its owner alone.
	if ldconfig -p | grep -q libedit.so; then
		[ "$(stat -c %a home/.local/state/memhint/inspect_history)" = 600 ]
		grep -q 'reshape(-1)' home/.local/state/memhint/inspect_history
	fi
}

@test "a bare call that is no prompt reads standard input" {
	run --separate-stderr bash -c "echo 'a = zeros(3)' | timeout 10 '$MEMHINT' inspect"
	good
	[[ $output == *'zeros(3)'* ]]
	run --separate-stderr bash -c "timeout 10 '$MEMHINT' inspect </dev/null"
	good
	[ -z "$output" ]
}

@test "a value that is no array is shown: attributes, len, numbers; flags by print" {
	memhint inspect 'a.strides'
	[[ $output == *$'\na.strides  = (32, 8)  a tuple'* ]]
	memhint inspect --let 'a = np.zeros((5, 2))' 'len(a); a.flags.owndata; a.shape[0] * 2; a.flags'
	[[ $(tr -s ' ' <<<"$output") == *$'\n len(a) = 5 a number'* ]]
	[[ $(tr -s ' ' <<<"$output") == *$' a.flags.owndata = True a bool'* ]]
	[[ $(tr -s ' ' <<<"$output") == *$' a.shape[0] * 2 = 10 a number'* ]]
	[[ $output == *'flags: print() shows them'* ]]
	printf 'a = np.arange(12.).reshape(3, 4)\nn, m = a.shape\nk = a.size\nf = a.flags\nb = a.T\nc = b\nd = c\n' >"$BATS_TEST_TMPDIR/values.py"
	memhint inspect "$BATS_TEST_TMPDIR/values.py"
	[[ $(tr -s ' ' <<<"$output") == *$'\n 2 n, m = a.shape = (3, 4)\n 3 k = a.size = 12\n 4 f = a.flags\n 5 b = a.T (4, 3) view'* ]]
	memhint inspect --format json -o strides.json 'a = np.zeros((2, 3)); a.strides'
	[ "$(json strides.json '[s["value"] for s in d["statements"][1]["steps"]]')" = "[None, '(24, 8)']" ]
}

@test "a write into a copy that nobody keeps: what does not change is said" {
	for code in 'a[[0, 2]][0] = -1' 'a.T.reshape(-1)[0] = 1' 'a[a > 3][0] = 1' 'a.flatten()[0] += 1' 'a.astype(np.float32)[0] += 1'; do
		memhint inspect "$code"
		[[ $output == *$'\nSo    a does not change: '* ]] || { show; false; }
	done
	for code in 'a[[0, 2]] = -1' 'a.T[0] = 1' 'a[0] = a.copy()[1]' 'b = a * 2; b[0] = 1' 'a[a.astype(int)[0] % 3] = 1' 'a[0] += a.copy()[1]'; do
		memhint inspect "$code"
		[[ $output != *'does not change'* ]] || { show; false; }
	done
	printf 'a = np.arange(12.).reshape(3, 4)\nb = a.T\nc = a[1]\nd = a[2]\ne = c + d\na[[0, 2]][0] = -1\n' >"$BATS_TEST_TMPDIR/lost.py"
	memhint inspect "$BATS_TEST_TMPDIR/lost.py"
	[[ $(tr -s ' \n' ' ' <<<"$output") == *' 2 a[[0, 2]][0] = -1: a does not change: '* ]]
}

@test "what it says to draw can be drawn" {
	local code drawn=0
	for code in 'a.T' 'x = a[1]' 'b = a.T.reshape(-1)' 'a += 1' 'a[0] += 1' 'a[0] = 1' 'a[0, 0] += 1' 'a[[0, 2]][0] = -1' 'a[a > 3] *= 2' 'b = a[::2]; c = b.T' 'a.flatten()[0] += 1' 'a.strides'; do
		memhint inspect "$code"
		command=$(sed -n "s/^More  *memhint draw '\([^']*\)'.*/\1/p" <<<"$output" | tail -n 1)
		[ -n "$command" ] || continue
		memhint draw -b "$command"
		good
		drawn=$((drawn + 1))
	done
	[ "$drawn" -ge 6 ]
}

# ---- words are true ----

# Of a program, with an a and an x: whether an expression of its JSON document d is as it should be.
says() { # PROGRAM EXPRESSION WANTED
	memhint inspect --let 'a = np.arange(12.).reshape(3, 4)' --let 'x = np.arange(10.)' --format json -o said.json "$1"
	[ "$(json said.json "$2")" = "$3" ] || { echo "$1: $(json said.json "$2")"; show; false; }
}

AVOIDS='[s["avoid"] for t in d["statements"] for s in t["steps"] if s.get("avoid")]'

@test "an operand in brackets is told with them where something follows, and no bracket is lost" {
	says '((x - x.mean()) / x.std()) ** 2' '[s["source"] for s in d["statements"][0]["steps"]][-2:]' "['(x - x.mean()) / x.std()', '((x - x.mean()) / x.std()) ** 2']"
	says 'd = (a + 1)[::2].T' '[s.get("of") for s in d["statements"][0]["steps"]][-2:]' "['a + 1', '(a + 1)[::2]']"
	says '(a + 1).flatten()' "$AVOIDS" "['(a + 1).ravel() or (a + 1).reshape(-1) is a view here']"
	says '(a + 1).T.reshape(-1)' "$AVOIDS" "[\"(a + 1).reshape(-1) is a view, but in the order of (a + 1)'s bytes; the order of (a + 1).T needs a copy: no one stride walks it\"]"
	says '(a) += 1; (a.T)[0] += 1; ((a)[0] < (a)[1]) & ((a[0] + 1) < 2)' 'all(s["source"].count("(") == s["source"].count(")") for t in d["statements"] for s in t["steps"])' True
	# The caret of an error stays where the expression's first operand is.
	memhint inspect '(a + 1)[9]'
	[ "$status" -eq 1 ]
	[[ ${stderr_lines[2]} =~ ^' '{5}'^'+$ ]]
}

@test "a.flatten('F') is no a.ravel(): no advice that gives other elements" {
	says 'a.flatten("F")' "$AVOIDS" '[]'
	says 'a.flatten("C"); a[0].flatten("F")' "$AVOIDS" "['a.ravel() or a.reshape(-1) is a view here', 'a[0].ravel() or a[0].reshape(-1) is a view here']"
}

@test "x op= y is advised only where it is Python and copies nothing" {
	local code
	for code in 'a = a + a.T' 'a = a @ a' 'a = a + a[::-1]' 'a = a - (a.T)' 'a = a * a.T.T[:, ::-1]' 'y = a.T; y = y + a'; do
		says "a = np.ones((3, 3)); $code" "$AVOIDS" '[]'
	done
	# Read-only; of another type or shape; written over for others too.
	for code in 'b = np.broadcast_to(x, (3, 10)); b = b + 1' 'b = np.arange(3); b = b + 0.5' 'b = np.ones((1, 10)); b = b + np.ones((3, 1))' 'b = x[::2]; b = b * 2' 'b = np.ones(3); c = b[1:]; b = b * 2'; do
		says "$code" "$AVOIDS" '[]'
	done
	for code in '+ 1' '* b' '- b[::1]' '** 2' '/ x' '* x[::-1]' '- b.mean()' '// (x - 1)' '+ x * 2'; do
		says "b = np.ones(10); b = b $code" "$AVOIDS" "['b ${code%% *}= $(sed 's/^[^ ]* //; s/[()]//g; s/mean/mean()/' <<<"$code") writes over b, without an array for the result']"
	done
}

@test "a.sort() is advised with the axis of np.sort, of what stays: a name or a view of it" {
	local code
	for code in 'x[x > 3]' 'a + 1' '[3, 1, 2]' 'x.copy()' 'a[[0, 2]].T' 'a, axis=None' 'a, None' 'np.broadcast_to(x, (2, 10))'; do
		says "np.sort($code)" "$AVOIDS" '[]'
	done
	says 'y = [3, 1, 2]; np.sort(y); z = np.broadcast_to(x, (2, 10)); np.sort(z)' "$AVOIDS" '[]'
	for code in 'x=>x.sort()' 'a, axis=0=>a.sort(axis=0)' 'a, 0=>a.sort(axis=0)' 'a.T[1]=>a.T[1].sort()' 'a[::2], -1, "stable"=>a[::2].sort(axis=-1, kind="stable")'; do
		says "np.sort(${code%=>*})" "$AVOIDS" "['${code#*=>} sorts where it lies']"
	done
}

@test "a slice is advised for a list of indices only where it has the same elements in the same order" {
	local code
	for code in '[4, 2, 0]' '[-1, -3]' '[0, 2, 4, 6]' '[3, 2]' '[1, 0]' '[0, 1, 2]' '[9, 6]' '[-10, -1]' '(8, 9)'; do
		code="x[[${code:1:-1}]]"
		memhint inspect --format json -o said.json --let 'x = np.arange(10.)' "$code"
		slice=$(json said.json "$AVOIDS" | sed -n "s/.* is a view: \(.*\)'\]/\1/p")
		"$PYTHON" -c "import numpy as np; x = np.arange(10.); v = $slice; assert v.tolist() == $code.tolist() and v.base is x, '$code $slice'"
	done
	for code in 'x[[0, 2, 2, 6]]' 'x[[1, 1]]' 'x[[0, 1, 3]]' 'i = np.array([0, 2, 4]); x[i]' 'i = np.array([4, 2]); x[i]' 'x[x > 3]' 'x[x > 3][[0, 1]]'; do
		says "$code" "$AVOIDS" '[]'
	done
	says '(x + 1)[[1, 3, 5]]' "$AVOIDS" "['the indices step evenly, and a slice of the same elements is a view: (x + 1)[1:6:2]']"
}

@test "the program table calls a statement what JSON calls it: new is not in place, nor a copy's view a view" {
	printf 'a = np.ones((256, 256))\nb = (a + 1) * 2\nc = a @ a / 2\nd = a.copy()[::2]\ne = a.T.reshape(-1)[::2]\na += 1\nf = a\ng = a[::2].T\n' >kinds.py
	memhint inspect kinds.py
	good
	table=$output
	"$MEMHINT" inspect --format json kinds.py >kinds.json
	[ "$(json kinds.json '[s["kind"] for s in d["statements"]]')" = "['new', 'new', 'new', 'copy', 'copy', 'inplace', 'same', 'view']" ]
	[ "$(sed -n 's/^ [1-8] .*)  \(in place\|[a-zA-Z]*\) .*/\1/p' <<<"$table" | paste -sd, -)" = 'new,new,new,copy,COPY,in place,same,view' ]
}

WHYS='[t["why"] for t in d["statements"] for s in [t["steps"][-1]] if s["allocated_bytes"] > 0 and "nothing new" in t["why"]]'

@test "nothing new is made: never beside bytes that are" {
	local code
	for code in 'img = np.ones((64, 64, 3)); img[:, :, 1] *= 0.5' 'w = np.lib.stride_tricks.as_strided(x, (5, 3), (8, 8)); w += 1' 'a += [1, 2, 3, 4]' 'x[[0, 2]] = a[0][:2]' 'x[:4] += a[0]'; do
		says "$code" "$WHYS" '[]'
	done
	says 'img = np.ones((64, 64, 3)); img[:, :, 1] *= 0.5' 'd["statements"][1]["why"]' 'written into an array that is there; 32.8 kB of buffers are made for it, and gone with it'
	says 'x += 1; a[0] += x[:4]' '[t["why"].endswith("nothing new is made") for t in d["statements"]]' '[True, True]'
}

@test "@ is advised instead of dot() in the operands' own words, and only where it copies nothing" {
	says 'p = np.ones((4, 8)); np.dot(p[:, ::2], a.T)' "$AVOIDS" "['p[:, ::2] @ a.T copies nothing (but leaves BLAS, and is slower)']"
	says 'p = np.ones((4, 8)); p[:, ::-2].dot(a.T + 1)' "$AVOIDS" "['p[:, ::-2] @ (a.T + 1) copies nothing (but leaves BLAS, and is slower)']"
	for code in 'np.dot(np.ones((4, 8), np.float32)[:, ::2], a.T)' 'np.inner(np.ones((4, 8))[:, ::2], a)' 'np.dot(np.ones((2, 4, 8))[:, :, ::2], a.T)' 'np.dot(a[:, ::-1], [1., 2., 3., 4.], out=np.ones(3))'; do
		says "$code" '[x for x in ['"$AVOIDS"'] if "@" in str(x)]' '[]'
	done
}

@test "a copy and then a view of it: each reason once, what is kept is what it costs, and .copy() is not hidden" {
	memhint inspect 'b = a.copy()[::2]'
	good
	[ "$(grep -c 'copy copies always' <<<"$output")" -eq 1 ]
	[[ $output == *$'\n      [::2]: offset 0 -> 0, strides (32, 8) -> (64, 8)'* ]]
	[[ $(tr -s ' \n' ' ' <<<"$output") == *'Cost as large as a: 96 B here, 80 MB if a were (2500, 4000); all of it is kept, though the result shows 64 B'* ]]
	[[ $output == *'b looks into the copy that'* ]]
	[[ $output != *hidden* ]]
	memhint inspect 'a.T.reshape(-1)[::2]'
	good
	[ "$(grep -c 'merging needs' <<<"$output")" -eq 1 ]
	[[ $output == *$'\n      [::2]: offset 0 -> 0, strides (8,) -> (16,)'* ]]
	[[ $output == *'Cost  as large as a: 96 B here'* ]]
	[[ $output == *'a hidden'* ]]
}

SO='[t["so"] for t in d["statements"] if t.get("so")]'

@test "what a name was is not what it is: deleted, bound anew, or by the very statement" {
	says 's = x[::2]; t = x.copy(); del x' "$SO" "['s[0] = 99 changes what x was too', 't[0] = 99 does not change what x was']"
	says 's = x[::2]; x = np.ones(3)' "$SO" "['s[0] = 99 changes what x was too']"
	says 's = x[::2]; x += 1' "$SO" "['s[0] = 99 changes x too']"
	says 'l = [x[::2], 3]; x = np.ones(3); t = l[0][1:]; u = l[0]' '[[t.get("of"), t.get("so")] for t in d["statements"][2:]]' '[[None, None], [None, None]]'
	says 'y = x; x = np.ones(2); y += 1; y[:2] += 1' '[t["of"] for t in d["statements"][2:]]' "['y', 'y']"
	memhint inspect -e 'x = np.arange(10)' -e 'x = x[::-1]'
	good
	[[ $output == *'taken as a test for "x is a view of what x was"'* ]]
}

@test "no line is longer than the page: numbers of notes each once and as many as fit, long statements, large shapes" {
	{
		cat three.py
		printf 'c = a[[0, 2]]\nd = a[a > 3]\ne = a.std()\nf = a.copy()\ng = a.astype(np.float32)\nh = np.sort(a)\ni = a.T.ravel()\nj = a.flatten()\nk = np.tile(a, (2, 1))\n'
		printf 'l = a[[0, 2]].T.reshape(-1)[[0, 2]] + a[[0, 2]].T.reshape(-1)[[0, 2]]\n'
		printf 'm = np.concatenate([a.T.ravel(), a.flatten(), np.tile(a, (2, 1)).ravel(), a.copy().ravel(), np.array([a.std()]), a.T.ravel()])\n'
		printf 'n = np.concatenate([np.tile(a, (2, 1)).ravel(), a.flatten()])\n'
		printf 'image = np.zeros((3000, 7000), np.float32)\no = image[None][None].transpose(2, 0, 1, 3).copy()[:, None]\n'
	} >notes.py
	head -n 4 notes.py >few.py
	echo 'image_of_something = a.T.reshape(-1).astype(np.float32).astype(np.float64).ravel().flatten()[::-1][[0, 1]][None].copy().T' >>few.py
	for file in notes few; do
		for width in 80 100 120; do
			out=$(COLUMNS=$width "$MEMHINT" inspect $file.py)
			printf '%s\n' "$file $width" "$out"
			[ -z "$(printf '%s\n' "$out" | awk -v most="$width" 'length > most')" ]
		done
	done
	out=$("$MEMHINT" inspect notes.py)
	grep -q ' B 2,+$' <<<"$out"
	grep -q ' kB 8,+$' <<<"$out"
	grep -q ' kB 10+$' <<<"$out"
	[ -z "$(grep -E ' ([0-9]+),(.*,)?\1(,|$)' <<<"$out")" ]
}

@test "np.size and np.shape of what a mask picked are as uncertain as its attributes" {
	run "$MEMHINT" inspect - <<-'PY'
		a = np.random.rand(100)
		b = a[a > 0.5]
		print(b.size, np.size(b), np.size(b, 0), b.shape, np.shape(b))
	PY
	[ "$status" -eq 0 ]
	[[ $output == *'0..100 0..100 0..100 (0..100,) (0..100,)'* ]]
}
