#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154
# memhint inspect and input that nobody means well with: a clear error with its line and column, status 1, at once and in little memory.

load common

setup() {
	need_python
	cd "$BATS_TEST_TMPDIR" || return
	# Runs a command and says its status, the seconds it took and the most memory it had resident, in KiB (Linux counts a forked child's pages in, so a small parent).
	cat >watch.py <<-'PY'
		import os, sys, time
		start = time.monotonic()
		child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
		_, status, usage = os.wait4(child, 0)
		took = time.monotonic() - start
		code = os.waitstatus_to_exitcode(status)
		print(f"{code if code >= 0 else 128 - code} {took:.3f} {usage.ru_maxrss}", file=open("watched", "w"))
	PY
}

# python EXPRESSION >FILE: the bytes that the expression makes
bytes() {
	"$PYTHON" -c "import sys; sys.stdout.buffer.write($1)"
}

# inspect WANTED-STATUS TYPE|'' FILE: in JSON and as a table; both within 1 s and 64 MB. $json is the answer.
inspect() {
	local want=$1 type=$2 file=$3 format got took resident
	for format in json table; do
		"$PYTHON" watch.py timeout 20 "$MEMHINT" inspect --format $format - <"$file" >out.$format 2>err.$format
		read -r got took resident <watched
		printf '%s: status %s, %s s, %s KiB; stderr: %s\n' $format "$got" "$took" "$resident" "$(head -c 300 err.$format)"
		[ "$got" -eq "$want" ]
		[ "$resident" -le 65536 ]
		"$PYTHON" -c "import sys; sys.exit(not $took <= 1)"
		"$PYTHON" -c 'import sys; open(sys.argv[1], encoding="utf-8").read()' out.$format
		if [ "$format" = table ] && [ "$want" -ne 0 ]; then
			# It says so in words, with line and column, in lines that a screen can take.
			cat out.table err.table | "$PYTHON" -c '
import re, sys
text = sys.stdin.read()
assert re.search(r"line \d+|\d+:\d+", text), text[-500:]
assert max(map(len, text.splitlines())) < 400, max(map(len, text.splitlines()))
assert not re.search(r"[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f]", text), "control characters"'
		fi
	done
	"$PYTHON" - "$type" <<-'PY'
		import json, sys
		answer = json.load(open("out.json", encoding="utf-8"))
		error = answer.get("error")
		print(error)
		if sys.argv[1]:
		    # Braces and lambda are Python, though not followed.
		    if not error and "unfollowed" in sys.argv[1]:
		        error = dict(answer["unfollowed"][0], type="unfollowed")
		    assert error["type"] in sys.argv[1].split("|"), error
		    assert error["line"] >= 1 and error["column"] >= 1 and error["message"] and "\n" not in error["message"]
		    assert len(error["message"]) < 400
		else:
		    assert not error, error
	PY
}

error_at() {
	"$PYTHON" -c '
import json, sys
error = json.load(open("out.json"))["error"]
assert (error["line"], error["column"]) == (int(sys.argv[1]), int(sys.argv[2])), error' "$1" "$2"
}

@test "a line of 1 MB" {
	bytes 'b"a = np.zeros(3)\nb = " + b"a + " * 250000 + b"a\n"' >sum
	inspect 1 SyntaxError sum
	bytes 'b"x" * 1000000' >name
	inspect 1 'SyntaxError|NameError' name
	bytes 'b"a = [" + b"1, " * 350000 + b"1]"' >list
	inspect 1 SyntaxError list
	bytes 'b"a = \"" + b"s" * 1000000 + b"\""' >string
	inspect 1 SyntaxError string
	bytes 'b"a = " + b"9" * 1000000' >digits
	inspect 1 'SyntaxError|OverflowError|ValueError' digits
	bytes 'b"a = 1" + b" " * 1000000' >blanks
	"$PYTHON" watch.py "$MEMHINT" inspect --format json - <blanks >/dev/null 2>&1
	read -r got took resident <watched
	[ "$got" -le 1 ]
	[ "$resident" -le 65536 ]
}

@test "100,000 brackets of each kind, opened or closed or both" {
	for pair in '()' '[]' '{}'; do
		bytes "b'a = ' + b'${pair:0:1}' * 100000 + b'1' + b'${pair:1:1}' * 100000" >both
		inspect 1 'SyntaxError|unfollowed' both
		bytes "b'a = ' + b'${pair:0:1}' * 100000" >opened
		inspect 1 'SyntaxError|unfollowed' opened
		bytes "b'a = 1\na = ' + b'${pair:1:1}' * 100000" >closed
		inspect 1 SyntaxError closed
		bytes "b'a = 1\na = ' + b'${pair:1:1}' * 60000" >closed
		inspect 1 SyntaxError closed
		error_at 2 5
		# A line each
		bytes "b'a = ' + b'${pair:0:1}\n' * 100000 + b'1' + b'${pair:1:1}\n' * 100000" >lines
		inspect 1 'SyntaxError|unfollowed' lines
	done
	bytes "b'a = ' + b'([' * 50000 + b'1' + b'])' * 50000" >mixed
	inspect 1 SyntaxError mixed
	bytes "b'a = ([1)]'" >crossed
	inspect 1 SyntaxError crossed
	error_at 1 8
}

@test "100,000 operators, calls, attributes and indices inside each other" {
	first='b"a = np.arange(6.)\nb = " + '
	for inside in \
		'b"-" * 100000 + b"a"' \
		'b"~" * 100000 + b"a"' \
		'b"- " * 10000 + b"a"' \
		'b"not " * 100000 + b"a"' \
		'b"a" + b" ** a" * 100000' \
		'b"a" + b"**-a" * 100000' \
		'b"a" + b" + a" * 10000' \
		'b"a" + b" if a else a" * 10000' \
		'b"a" + b" and a" * 10000' \
		'b"a" + b" == a" * 10000' \
		'b"np.abs(" * 100000 + b"a" + b")" * 100000' \
		'b"np.abs(" * 8000 + b"a" + b")" * 8000' \
		'b"a[" * 100000 + b"0" + b"]" * 100000' \
		'b"a[" + b"(0," * 100000 + b")" * 100000 + b"]"' \
		'b"a[" + b"(0," * 10000 + b")" * 10000 + b"]"' \
		'b"np.array(" + b"[" * 10000 + b"1" + b"]" * 10000 + b")"' \
		'b"lambda: " * 8000 + b"a"' \
		'b"a" + b"," * 60000'; do
		bytes "$first$inside" >program
		"$PYTHON" watch.py timeout 20 "$MEMHINT" inspect --format json - <program >out.json 2>err
		read -r got took resident <watched
		printf '%s: status %s, %s s, %s KiB: %s\n' "$inside" "$got" "$took" "$resident" "$("$PYTHON" -c 'import json; print(json.load(open("out.json")).get("error"))')"
		[ "$got" -eq 1 ]
		[ "$resident" -le 65536 ]
		"$PYTHON" -c "import sys; sys.exit(not $took <= 1)"
	done
	# These are not nested: they may be followed or refused, but not fall.
	for inside in 'b"a" + b".T" * 100000' 'b"a" + b".T" * 10000' 'b"a" + b"[:]" * 10000' 'b"a" + b".copy()" * 5000' 'b"a = " * 10000 + b"a"' 'b"1;" * 100000' 'b"a; b = a.T\n" * 20000' \
		'b"a[" + b"None, " * 10000 + b"]"' 'b"a.reshape(" + b"1, " * 10000 + b"6)"' 'b"np.zeros((" + b"1, " * 70 + b"))"' 'b"np.concatenate([" + b"a, " * 10000 + b"])"' 'b"print(" + b"a, " * 15000 + b")"' \
		'b"1" + b"0" * 60000' 'b"1e" + b"9" * 60000' 'b"0x" + b"f" * 60000' 'b"1." + b"1" * 60000'; do
		bytes "$first$inside" >program
		"$PYTHON" watch.py timeout 20 "$MEMHINT" inspect --format json - <program >out.json 2>err
		read -r got took resident <watched
		printf '%s: status %s, %s s, %s KiB\n' "$inside" "$got" "$took" "$resident"
		[ "$got" -le 1 ]
		[ "$resident" -le 65536 ]
		"$PYTHON" -c "import sys; sys.exit(not $took <= 1)"
		"$PYTHON" -c 'import json; json.load(open("out.json"))'
	done
}

@test "numbers, shapes and sizes beyond 64 bits" {
	while IFS='|' read -r types line; do
		printf '%s\n' 'a = np.arange(6.)' "$line" >program
		printf '%s\n' "$line"
		inspect 1 "${types//,/|}" program
		"$PYTHON" -c 'import json; error = json.load(open("out.json"))["error"]; assert error["line"] == 2 and error["statement"] == 1, error'
	done <<-'LINES'
		ValueError,OverflowError|b = np.zeros(9223372036854775808)
		ValueError,OverflowError|b = np.zeros(99999999999999999999999999999)
		ValueError,OverflowError|b = np.zeros((9223372036854775807, 9223372036854775807))
		ValueError,OverflowError|b = np.zeros((4294967296, 4294967296))
		ValueError,OverflowError,MemoryError|b = np.zeros(9223372036854775807)
		ValueError|b = np.zeros(-1)
		ValueError|b = np.zeros((3, -1))
		ValueError|b = np.zeros(-9223372036854775808)
		ValueError,OverflowError|b = np.broadcast_to(a, (9223372036854775807, 9223372036854775807, 6))
		ValueError,OverflowError|b = a.reshape(9223372036854775807, 9223372036854775807)
		ValueError,OverflowError|b = a.reshape(4294967296, 4294967296, -1)
		IndexError,OverflowError|b = a[9223372036854775807]
		IndexError,ValueError,OverflowError|b = a[99999999999999999999]
		IndexError,ValueError,OverflowError|b = a[-9223372036854775808]
		ValueError,OverflowError,MemoryError|b = np.tile(a, 9223372036854775807)
		ValueError,OverflowError,MemoryError|b = np.repeat(a, 4611686018427387904)
		ValueError,OverflowError,MemoryError|b = np.arange(9223372036854775807)
		ValueError,OverflowError,MemoryError|b = np.arange(1e300)
		ValueError,OverflowError,ZeroDivisionError|b = np.arange(0, 1, 0.0)
		ValueError,OverflowError,ZeroDivisionError|b = np.arange(0, 1, 0)
		ValueError,OverflowError,MemoryError|b = np.eye(4294967296, 4294967296)
		ValueError,OverflowError,MemoryError|b = np.linspace(0, 1, 9223372036854775807)
		ValueError,OverflowError|b = sliding_window_view(a, 9223372036854775807)
		ValueError,OverflowError|b = np.split(a, -1)
		AxisError,TypeError,OverflowError,ValueError|b = a.sum(axis=9223372036854775807)
		AxisError,TypeError,OverflowError,ValueError|b = np.expand_dims(a, 99999999999999999999)
	LINES
	# Wide strides and slices are no error.
	printf '%s\n' 'a = np.arange(6.)' 'b = a[::9223372036854775807]' 'c = a[-9223372036854775808:9223372036854775807:-9223372036854775807]' 'd = a[99999999999999999999:]' \
		'e = as_strided(a, (2, 2), (9223372036854775800, 8))' 'f = as_strided(a, (4611686018427387904, 2), (4611686018427387904, 8))' 'print(2 ** 100000)' 'g = 2 ** 63' 'h = -9223372036854775808 // -1' 'i = 7 % 0' >edge
	"$PYTHON" watch.py timeout 20 "$MEMHINT" inspect --format json - <edge >out.json
	read -r got took resident <watched
	[ "$got" -le 1 ]
	"$PYTHON" -c '
import json
answer = json.load(open("out.json"))
assert answer["arrays"]["b"]["shape"] == [1] and answer["arrays"].get("c", {"shape": [0]})["shape"] == [0], answer["arrays"]'
}

@test "bytes that are no text: not UTF-8, NUL, controls" {
	bytes 'b"a = np.zeros(3)\nb = \xff\n"' >latin
	inspect 1 SyntaxError latin
	error_at 2 5
	bytes 'b"a = np.zeros(3)\n# \xc3\x28 caf\xe9\nb = a.T\n"' >comment
	inspect 1 SyntaxError comment
	for tail in '\xc3' '\xe2\x82' '\xf0\x9f\x98' '\xed\xa0\x80' '\xc0\x80' '\xf8\x88\x80\x80\x80' '\x80'; do
		bytes "b'a = 1\n$tail'" >cut
		inspect 1 SyntaxError cut
	done
	bytes 'b"a = np.zeros(3)\nb = \0a\n"' >nul
	inspect 1 SyntaxError nul
	error_at 2 5
	bytes 'b"\0" * 1000000' >nuls
	inspect 1 SyntaxError nuls
	bytes 'b"a = 1 # \0\n"' >commented
	inspect 1 SyntaxError commented
	bytes 'b"a = \x1b[31m\n"' >escape
	inspect 1 SyntaxError escape
	run ! grep -q $'\x1b\[31m' out.table err.table
	bytes 'b"a = np.zeros(\x07)\n"' >bell
	inspect 1 SyntaxError bell
	# Columns count characters, not bytes.
	bytes '"ä = np.zeros(3)\nb = ä.T + ß$\n".encode()' >umlaut
	inspect 1 SyntaxError umlaut
	error_at 2 12
	bytes '__import__("random").Random(1).randbytes(1000000)' >noise
	inspect 1 SyntaxError noise
}

@test "strings that do not end" {
	while IFS='|' read -r where text; do
		bytes "b'''a = 1\n$text'''" >program
		printf '%s\n' "$text"
		inspect 1 SyntaxError program
		# shellcheck disable=SC2086 # two words
		error_at $where
	done <<-'LINES'
		2 23|b = np.zeros(3, dtype="f8)
		2 23|b = np.zeros(3, dtype="f8)\nc = 1\n
		2 5|b = "\\
		2 5|b = "abc\\"
		2 5|b = """abc\nd = 2\n
		2 5|b = """abc""
		2 5|b = f"{a
		2 5|b = b"abc
	LINES
	bytes 'b"a = " + b"\x27" * 3 + b"x\n" * 100000' >triple
	inspect 1 SyntaxError triple
	error_at 1 5
}

@test "Python 2, and what is no Python" {
	while IFS='|' read -r line; do
		printf '%s\n' 'a = np.arange(6.)' "$line" >program
		printf '%s\n' "$line"
		inspect 1 SyntaxError program
		"$PYTHON" -c 'import json; error = json.load(open("out.json"))["error"]; assert error["line"] == 2, error'
	done <<-'LINES'
		print a
		print "a"
		print a.shape, a.T
		exec "a"
		a <> a
		b = 10L
		b = 0777
		b = `a`
		b = a ? 1 : 2
		b = a++
		b = a..T
		b = a.
		b = a[
		b = a[]
		b = a[0
		b = (a
		b = a)
		b == = a
		= a
		b =
		1 = a
		a + 1 = 2
		np.zeros(3) = a
		b := a
		b = a b
		b = np.zeros(3, dtype=)
		b = np.zeros(dtype=int, 3)
		b = np.zeros(shape=3, shape=4)
		b = 1__0
		b = 1e
		b = 0x
		b = 3abc
		b = $a
		b = a!
		b = a?
		del
		del 1
		b = a if
		b = a; ; c = a
		b += 
		b, += a
		b = * a
		b = a @
		b = not
		b = a.reshape(2, 3
	LINES
	printf '%s\n' 'a = np.arange(6.)' 'print a.shape' >two
	inspect 1 SyntaxError two
	grep -q 'Python 2\|print(' out.table err.table
}

@test "tabs, CRLF, CR, a byte order mark, no newline at the end: as if they were not there" {
	bytes 'b"a = np.arange(6.)\nb = a[::2]\n"' >plain
	inspect 0 '' plain
	"$PYTHON" -c 'import json; print(json.dumps(json.load(open("out.json"))["arrays"], sort_keys=True))' >want
	for text in 'b"a = np.arange(6.)\r\nb = a[::2]\r\n"' 'b"\xef\xbb\xbfa = np.arange(6.)\nb = a[::2]"' 'b"a\t=\tnp.arange(\t6.)\t\nb = a[::2]\t# x\n"' 'b"a = np.arange(6.)\r\n\r\n\r\nb = a[::2]"' \
		'b"\n\n  \n\t\na = np.arange(6.); b = a[::2]"' 'b"a = np.arange(6.);\nb = a[::2];\n\n\n"' 'b"a = \\\nnp.arange(6.)\nb = a[\n::2\n# c\n]"' 'b">>> a = np.arange(6.)\r\n>>> b = a[::2]\r\n"' \
		'b"# -*- coding: utf-8 -*-\nimport numpy as np\n\x22\x22\x22doc\n\x22\x22\x22\na = np.arange(6.)\nb = a[::2]"'; do
		bytes "$text" >program
		printf '%s\n' "$text"
		inspect 0 '' program
		"$PYTHON" -c 'import json; print(json.dumps(json.load(open("out.json"))["arrays"], sort_keys=True))' | cmp - want
	done
	bytes 'b"a = 1\n  b = 2\n"' >indented
	inspect 1 SyntaxError indented
	"$PYTHON" -c 'import json; error = json.load(open("out.json"))["error"]; assert error["line"] == 2, error'
}

@test "an empty file, blanks, comments only: nothing to say, and no error" {
	for text in 'b""' 'b"\n"' 'b"   "' 'b"# a comment"' 'b"# a\n# b\n\n"' 'b"\xef\xbb\xbf"' 'b"# x\n" * 200000' 'b"\n" * 1000000' 'b";"[:0]' 'b"import numpy as np\n"'; do
		bytes "$text" >program
		printf '%s\n' "$text"
		inspect 0 '' program
		"$PYTHON" -c 'import json; answer = json.load(open("out.json")); assert answer["arrays"] == {}, answer'
	done
}

@test "what is not there or cannot be read is said in one line" {
	memhint inspect ./nosuch.py
	show
	[ "$status" -ge 1 ] && [ "$status" -le 4 ]
	mkdir folder
	memhint inspect ./folder
	show
	[ "$status" -ge 1 ] && [ "$status" -le 4 ]
	[[ $stderr == *folder* ]]
	[ "${#stderr_lines[@]}" -eq 1 ]
	# An endless file ends here.
	"$PYTHON" watch.py timeout 20 "$MEMHINT" inspect --format json /dev/zero >out 2>err
	read -r got took resident <watched
	printf '%s %s %s\n' "$got" "$took" "$resident"
	[ "$got" -ge 1 ] && [ "$got" -le 4 ]
	[ "$resident" -le 65536 ]
	"$PYTHON" -c "import sys; sys.exit(not $took <= 2)"
}

@test "a program that needs 8 TB is answered at once" {
	printf '%s\n' 'a = np.zeros((1000000, 1000000))' 'b = a.T.reshape(-1)' 'c = a[::2] * 2 + a[1::2]' 'print(a.nbytes)' >large
	inspect 0 '' large
	"$PYTHON" -c '
import json
answer = json.load(open("out.json"))
assert answer["printed"] == ["8000000000000"]
assert [s["allocated_bytes"] for s in answer["statements"]][:2] == [8 * 10 ** 12] * 2
# The buffers of iterators are small.
assert 0 <= answer["peak_bytes"] - 20 * 10 ** 12 < 2 ** 20, answer["peak_bytes"]'
}

@test "10,000 lines" {
	bytes 'b"a = np.arange(12.).reshape(3, 4)\n" + b"b = a.T\nc = b.reshape(-1)\nd = c[::2]\ne = d + 1\ndel e\n" * 2000' >long
	inspect 0 '' long
	bytes 'b"a = np.arange(12.)\n" + b"".join(b"v%d = a[::2]\n" % k for k in range(3000))' >names
	inspect 0 '' names
	bytes 'b"a = np.arange(12.)\n" + b"".join(b"v%d = a + %d\n" % (k, k) for k in range(10000))' >arrays
	inspect 0 '' arrays
}

@test "lists in lists, 20,000 deep, doubled 60 times, long, in themselves: no crash, and no more than a screen" {
	bytes "b'x = [1]\n' + b'x = [x]\n' * 20000 + b'print(x)\n'" >deep
	inspect 1 '' deep
	bytes "b'x = (1,)\n' + b'x = (x, 1)\n' * 20000 + b'print(x)\n'" >tuples
	inspect 1 '' tuples
	bytes "b'x = [1]\n' + b'x = [x, x]\n' * 60 + b'print(x)\n'" >doubled
	inspect 1 '' doubled
	bytes "b'x = [1]\n' + b'x = x + x\n' * 60 + b'print(x)\n'" >joined
	inspect 1 '' joined
	bytes "b's = \"' + b'a' * 60000 + b'\"\nx = [s] * 100000\nprint([0] * 100000)\n' + b'y = [0] * 900000\n' * 50" >long
	inspect 1 '' long
	bytes "b'r = [1]\nr[0] = r\nr = r[0] = [1]\nprint(r)\n'" >itself
	inspect 1 '' itself
}
