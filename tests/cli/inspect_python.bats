#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2016,SC2030,SC2031,SC2143
# memhint inspect: Python around NumPy, as students write it. What is not followed leaves names unknown, and never becomes an error of the program.

load common

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	export HOME=$BATS_TEST_TMPDIR/home
	unset XDG_STATE_HOME
}

# Follow the lines on standard input; $1 is the status. facts.py holds "d", the JSON document.
follow() {
	cat >program.py
	memhint inspect --format json program.py
	show
	[ "$status" -eq "$1" ]
	printf '%s' "$output" >answer.json
}

# Is a Python expression true of the JSON document d?
holds() {
	"$PYTHON" -c 'import json, sys
d = json.load(open("answer.json", encoding="utf-8"))
assert eval(sys.argv[1]), (sys.argv[1], d)' "$1"
}

@test "an unknown number in an index, a slice, a shape or a list: unknown, and the rest is answered" {
	follow 1 <<'EOF'
import numpy as np
a = np.ones((3, 4))
for i in range(3):
    s = a[i].sum()
a[i, 0] = 5
b = a.T
c = a[:, i]
d = a[i:]
e = a[i * 2:(i + 1) * 2]
a[0, i] += 1
f = a[[0, i]]
g = np.array([[i, 1], [2, 3]])
n = int(np.sqrt(16))
h = np.arange(16).reshape(n, n)
k = np.zeros(n)
l = k[1:]
m = a[1:]
EOF
	holds '"error" not in d'
	holds 'sorted(d["arrays"]) == ["a", "b", "m"]'
	holds 'd["shares"] == [["a", "b"], ["a", "m"], ["b", "m"]]'
}

@test "dicts and sets of any size are not followed" {
	follow 1 <<'EOF'
a = {'a': 1, 'b': 2}
b = {'a': 1,}
c = {1, 2}
d = {k: v for k, v in z}
e = {}
f = {'x': {'y': [1, 2]}, 'z': (3,)}
g = arange(3)
EOF
	holds '"error" not in d'
	holds '[g["message"] for g in d["unfollowed"]] == ["a dict or a set is not followed"] * 6'
	holds 'd["arrays"]["g"]["shape"] == [3]'
	memhint inspect -e 'x = {1: 2'
	[ "$status" -eq 1 ]
	[[ $stderr == *"SyntaxError: '{' was never closed"* ]]
}

@test "an assumed array was there before: a slice of it is a view from the first statement on" {
	memhint inspect --brief 'b = a[::2].T'
	show
	[[ $output == *'b = a[::2].T  (4, 2)  view '* ]]
	memhint inspect 'b = a[::2]'
	[[ $output == *'So    b[0, 0] = 99 changes a too'* ]]
}

@test "what changes a list or an array and is not followed makes it unknown" {
	follow 1 <<'EOF'
import numpy as np
results = []
x = np.arange(4)
for i in range(3):
    results.append(np.ones(4) * x.sum())
r = np.vstack(results)
l = [np.ones(3)] * 2
m = l
l.append(x)
print(len(l), len(m))
s = np.stack(l)
a = np.arange(6)
b = a
a.resize(3, 4)
print(a.shape, b.shape)
c = np.arange(6)
c.dtype = 'i4'
print(c.dtype)
u = (v := x[1:])
w = v
y = x[1:]
EOF
	holds '"error" not in d'
	holds 'sorted(d["arrays"]) == ["x", "y"]'
	holds 'd["printed"] == ["<unknown> <unknown>"] * 2 + ["<unknown>"]'
}

@test "Python's own max, min, sum, round and math take numbers; NumPy's take arrays" {
	follow 0 <<'EOF'
import math
import numpy as np
from math import floor, pi
a = np.zeros((max(3, 2), min([7, 4]), sum([1, 2]), round(2.6), floor(7 / 2), math.ceil(2.1), int(math.sqrt(16))))
b = np.linspace(0, 2 * math.pi, 100)
c = b[:math.floor(0.8 * 100)]
d = max(b), round(b, 1)
e = sum(b) / len(b)
print(a.shape, c.shape, round(2.567, 1), max(2.5, 1), complex(1, 2) is None)
EOF
	holds 'd["arrays"]["a"]["shape"] == [3, 4, 3, 3, 3, 3, 4]'
	holds 'd["printed"] == ["(3, 4, 3, 3, 3, 3, 4) (80,) 2.6 2.5 False"]'
	memhint inspect -e 'float(np.ones((2, 2)))'
	[ "$status" -eq 1 ]
	[[ $stderr == *'TypeError: only an array of one element is a number, and this one has shape (2, 2)'* ]]
}

@test "what comes from other modules is said to be unknown where it is used, not where it is imported" {
	follow 0 <<'EOF'
import os, matplotlib.pyplot as plt
from random import random
a = arange(3)
EOF
	follow 1 <<'EOF'
import os, matplotlib.pyplot as plt
from random import random
from numpy import *
from config import N
a = random.rand(3)
plt.plot(a)
b = zeros(N)
c = a[1:]
EOF
	holds '[(g["line"], g["message"]) for g in d["unfollowed"]] == [(6, "\x27plt\x27 comes from a module that is not followed"), (7, "\x27N\x27 comes from a module that is not followed")]'
	holds 'sorted(d["arrays"]) == ["a", "c"]'
}

@test "f-strings, str() and type() print what is known, and words for what depends on data" {
	follow 0 <<'EOF'
import numpy as np
a = np.arange(12.).reshape(3, 4)
n = 3
print(f"shape {a.shape}, {a.dtype}, {a.nbytes} B, {{x}}, mean {a.mean():.2f} {n:d} {1/3:.3f}")
print(f'{a.T.strides} {a[1:].shape!r}', F"{a[:, ::2].T.flags.owndata}", "plain {a}")
print(str(a.dtype), str(a.shape), type(a), type(a.sum()), type(n), repr(n))
EOF
	holds 'd["printed"][0] == "shape (3, 4), float64, 96 B, {x}, mean <float64> 3 0.333"'
	holds 'd["printed"][1] == "(8, 32) (2, 4) False plain {a}"'
	holds "d['printed'][2] == \"float64 (3, 4) <class 'numpy.ndarray'> <class 'numpy.float64'> <class 'int'> 3\""
	follow 1 <<'EOF'
print(f"{missing}")
EOF
	holds '(d["error"]["type"], d["error"]["column"]) == ("NameError", 10)'
}

@test "a line that is not followed fits the page, and shows no shape that is its operand's" {
	cat >program.py <<'EOF'
import numpy as np
x = np.arange(12).reshape(3, 4)
means = []
for i in range(len(x) - 1): means.append(x[i:i + 1].copy().mean() + x[i + 1:].copy().mean())
c = x[:, i]
d = x.shpae
e = x.T
f = x[1:]
EOF
	for width in 80 100 120; do
		COLUMNS=$width memhint inspect program.py
		show
		[ -z "$(printf '%s\n' "$output" | awk -v most="$width" 'length > most')" ]
		[[ $output == *'...  not followed'* || $width -gt 100 ]]
		[ -z "$(grep 'not followed' <<<"$output" | grep -F '(3, 4)')" ]
	done
}
