#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2016,SC2030,SC2031
# memhint draw: the picture of an array in its buffer.

load common

# draw ARG...: status 0, nothing on standard error, no line too long.
draw() {
	memhint draw "$@"
	show
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ -z "$(printf '%s\n' "$output" | grep ' $')" ]
	[ "$(printf '%s\n' "$output" | wc -L)" -le "$COLUMNS" ]
}

has() {
	local line
	for line; do
		printf 'missing: %s\n' "$line"
		printf '%s\n' "$output" | grep -qF -- "$line"
	done
}

@test "a transposed slice: the whole picture" {
	draw 'a.T[1:]'
	diff - <(printf '%s\n' "$output") <<'TEXT'
'a' is not defined; assumed: a = np.arange(12.).reshape(3, 4) (see --let)
a.T[1:]: view of a

Buffer: 96 B in cache lines of 64 B      Array (3, 3): byte of each
byte   +0  +8 +16 +24 +32 +40 +48 +56         0   1   2
     +---+---+---+---+---+---+---+---+     +------------+
   0 | . | 1 | 4 | 7 | . | 2 | 5 | 8 |   0 |  8  40  72 |
     +---+---+---+---+---+---+---+---+   1 | 16  48  80 |
  64 | . | 3 | 6 | 9 |                   2 | 24  56  88 |
     +---+---+---+---+                     +------------+
 1: visit 1 of the walk, in C order; . not touched

Array  shape (3, 3), strides (8, 32), offset 8, itemsize 8 (float64)
Bytes  nbytes 72 B; touched 72 B; buffer kept alive 96 B
Lines  2 touched, the buffer has 2; of each 64 B fetched, 36 B are of use
Walk   neither C- nor F-contiguous; steps +32 +32 -56 +32 +32 -56 +32 +32
TEXT
}

@test "stride 0 and strides below 0 are explained in words" {
	draw 'np.broadcast_to(np.arange(4), (3, 4))'
	has '|#1x3#|#2x3#|#3x3#|#4x3#|' 'Axis 0 has stride 0: the same 32 B 3 times.' '#1x3: first visit 1, 3 visits' 'nbytes 96 B; touched 32 B'
	draw 'a[::2, ::-1]'
	has '| 4 | 3 | 2 | 1 | . |' 'Axis 1 runs backwards: each step goes 8 B down.' 'steps -8 -8 -8 +88 -8 -8 -8'
}

@test "windows overlap, and each cell says how often" {
	draw 'sliding_window_view(np.arange(8), 3)'
	has '|    1 |##2x2#|##3x3#|##6x3#|##9x3#|#12x3#|#15x2#|   18 |' '18 of them (144 B if apart) lie on 64 B'
}

@test "as_strided that leaves its buffer: marked, in words, and in red" {
	draw 'as_strided(np.arange(8.), (3, 4), (32, 8))'
	has '!12' '!88' 'It LEAVES its buffer, which is bytes 0 to 63'
	memhint draw --color always 'as_strided(np.arange(8.), (3, 4), (32, 8))'
	[[ $output == *$'\033[1;37;41m'* ]]
}

@test "a copy is drawn as the buffer that it is, and this is said" {
	draw 'a.T.reshape(-1)'
	has 'A copy: the cells are a new buffer of 96 B' 'steps +8 B each'
}

@test "0-d, 1-d, empty, and more than two axes" {
	draw 'np.array(3.)'
	has 'shape ()' '| 1 |'
	draw 'a.diagonal()'
	has '|  0  40  80 |' 'shape (3,)'
	draw 'a[0:0]'
	has 'No elements: nothing is walked.' 'touched 0 B'
	draw 'np.zeros(0)'
	has 'No elements'
	draw 'x = np.arange(24.).reshape(2, 3, 4); x[:, ::-1]'
	has '[0]' '[1]' 'shape (2, 3, 4)'
}

@test "other itemsizes, and elements off their raster" {
	for dtype in bool int8 int16 float32 complex128; do
		draw "np.zeros((3, 5), dtype='$dtype')[:, ::2]"
	done
	draw 'as_strided(np.zeros(4), (7,), (4,))'
	has 'a cell is 4 B'
}

@test "8 TB are drawn at once, exactly" {
	SECONDS=0
	draw 'np.zeros((1000000, 1000000)).T'
	[ "$SECONDS" -le 2 ]
	has 'Buffer: 8.00 TB' '999992000001' 'F-contiguous, not C' '125,000,000,000 touched'
	draw 'x = np.zeros((1000, 1000)); x[::100]'
	has '1,250 touched, the buffer has 125,000' 'nbytes 80.0 kB; touched 80.0 kB; buffer kept alive 8.0 MB'
}

@test "every width holds the picture" {
	for COLUMNS in 40 60 80 120 200; do
		export COLUMNS
		for code in 'a.T[1:]' 'x = np.zeros((1000, 1000)); x[::100]' "np.zeros((40, 70), dtype='int8')[:, ::3]" 'sliding_window_view(np.arange(1000), 100)'; do
			draw "$code"
		done
	done
}

@test "ASCII in a pipe, with LC_ALL=C and with --ascii; box drawing on a UTF-8 terminal" {
	LC_ALL=C.UTF-8 memhint draw 'a.T[1:]'
	[ -z "$(printf '%s' "$output" | LC_ALL=C grep -P '[^\x00-\x7F]')" ]
	command -v script >/dev/null || skip 'script is not installed'
	screen() { # LOCALE OPTION
		LC_ALL=$1 TERM=xterm script -qec "$MEMHINT draw $2 'a.T[1:]'" /dev/null
	}
	[[ $(screen C.UTF-8 '') == *'┌───┬'* ]]
	[[ $(screen C '') != *'┌'* ]]
	[[ $(screen C.UTF-8 --ascii) == *'+---+'* ]]
	[[ $(screen C.UTF-8 '') == *$'\033['* ]]
	[[ $(NO_COLOR=1 screen C.UTF-8 '') != *$'\033['* ]]
}

@test "--let makes an array beforehand" {
	draw --let 'a = np.ones((2, 2), dtype=np.float32)' 'a.T'
	has 'strides (4, 8)' 'float32'
	[[ $output != *assumed* ]]
}

@test "errors of the program: the type, the place, status 1, and no picture" {
	memhint draw 'a[7]'
	show
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ $stderr == 'memhint draw: IndexError: '*'^'* ]]
	memhint draw 'a[1:'
	[ "$status" -eq 1 ]
	[[ $stderr == 'memhint draw: SyntaxError: '*'^'* ]]
	memhint draw --let 'b = np.zeros(-1)' 'b'
	[ "$status" -eq 1 ]
	[[ $stderr == 'memhint draw: --let: ValueError: '* ]]
	for code in 'a.shape' 'a[0]' 'del a' '3' '' '# nothing'; do
		memhint draw "b = np.zeros(3); a = b" "$code" </dev/null
		show
		case $code in
		'' | '#'*) [ "$status" -eq 0 ] ;;
		*) refused 1 ;;
		esac
	done
	memhint draw ''
	refused 1 'no array'
	memhint draw
	refused 2 'an expression is missing'
}

@test "-o writes a file whole, or leaves the old one" {
	draw 'a.T[1:]' -o "$BATS_TEST_TMPDIR/x.txt"
	[ -z "$output" ]
	diff "$BATS_TEST_TMPDIR/x.txt" <("$MEMHINT" draw 'a.T[1:]')
	memhint draw 'a[9]' -o "$BATS_TEST_TMPDIR/x.txt"
	[ "$status" -eq 1 ]
	grep -q 'Buffer' "$BATS_TEST_TMPDIR/x.txt"
	memhint draw 'a' -o /dev/null/x.svg
	refused 4 'cannot write'
}

@test "SVG: well-formed, titled, each cell there, nothing from elsewhere" {
	need_python xml.dom.minidom
	for code in 'a.T[1:]' 'np.zeros(0)' 'np.array(3.)' 'sliding_window_view(np.arange(8), 3)' 'as_strided(np.arange(8.), (3, 4), (32, 8))' \
		'np.zeros((1000000, 1000000)).T' "np.zeros((4, 5, 6, 7), dtype='int8')" 'a[a > 3]' 'x = a if 0 else a' 'np.zeros((3, 4))[:, None] # "<&>"'; do
		memhint draw "$code" -o "$BATS_TEST_TMPDIR/x.svg"
		show
		[ "$status" -eq 0 ] || { [[ $code == *if* ]] && [ "$status" -eq 1 ] && continue; }
		"$PYTHON" - "$BATS_TEST_TMPDIR/x.svg" <<'PY'
import sys, xml.dom.minidom
svg = xml.dom.minidom.parse(sys.argv[1]).documentElement
assert svg.tagName == "svg" and svg.getElementsByTagName("title") and svg.getElementsByTagName("desc")
width, height = (int(svg.getAttribute(name)) for name in ("width", "height"))
for box in svg.getElementsByTagName("rect"):
    if box.hasAttribute("x"):
        x, y, w, h = (int(box.getAttribute(name)) for name in ("x", "y", "width", "height"))
        assert 0 <= x and x + w <= width and 0 <= y and y + h <= height, box.toxml()
text = open(sys.argv[1]).read()
assert "href" not in text and "@import" not in text and "<script" not in text
PY
	done
	memhint draw 'a.T[1:]' -o "$BATS_TEST_TMPDIR/x.svg"
	[ "$(grep -c 'class="once"' "$BATS_TEST_TMPDIR/x.svg")" -eq 19 ] # 9 of the buffer, 9 of the grid, 1 of the legend
	[ "$(grep -c '^<path d="M.*[HC].*"/>$' "$BATS_TEST_TMPDIR/x.svg")" -ge 8 ]
}
