#!/bin/sh
# SPDX-License-Identifier: MIT
# Does memhint exec see differences where there are none? Compares a program with itself (a NumPy script, a storm of malloc and free, a sleeping one) many times and
# counts how often a difference was "resolved". At most 5 in 100 may be, and every interval must be wider than 0.
# Usage: exec_identical.sh [COMPARISONS]     by hand; takes some seconds a comparison, on an otherwise idle machine
set -eu
comparisons=${1:-100}
memhint=${MEMHINT:-${B:-build}/memhint}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/storm.c" <<'C'
#include <stdlib.h>
int main(void)
{
	static void *slots[4096];
	unsigned seed = 1;
	for (int i = 0; i < 400000; i++) {
		seed = seed * 1664525u + 1013904223u;
		free(slots[seed >> 20]);
		slots[seed >> 20] = malloc(16 + (seed & 1023));
	}
	return 0;
}
C
cat >"$work/loop.py" <<'PY'
import numpy
a = numpy.arange(200000.0)
for _ in range(20):
    a = (a * 2 + 1) / 3
PY
${CC:-cc} -O1 -fno-builtin-malloc -fno-builtin-free -o "$work/storm" "$work/storm.c"
set -- "$work/storm" 'sleep 0.01'
if /usr/bin/python3 -c 'import numpy' 2>/dev/null; then
	set -- "$@" "/usr/bin/python3 $work/loop.py"
else
	echo 'skipped: NumPy is not installed'
fi
i=0
while [ "$i" -lt "$comparisons" ]; do
	n=0
	for command in "$@"; do
		"$memhint" exec --sets 6 --quiet --format json -o "$work/$n-$i.json" "$command" "$command"
		n=$((n + 1))
	done
	i=$((i + 1))
done
/usr/bin/python3 - "$work" "$@" <<'PY'
import glob, json, os, sys
bad = False
for n, command in enumerate(sys.argv[2:]):
    ratios = [json.load(open(path))["programs"][1]["ratio"] for path in glob.glob(f"{sys.argv[1]}/{n}-*.json")]
    assert all(r["low"] < r["high"] for r in ratios), "an interval of width 0"
    resolved = sum(r["resolved"] for r in ratios)
    widths = sorted(r["high"] / r["low"] - 1 for r in ratios)
    times = [r["time"] for r in ratios]
    print(f"{os.path.basename(command):12} {len(ratios) - resolved:4} of {len(ratios)}: no difference resolved   "
          f"ratios {min(times):.3f} to {max(times):.3f}, median width of the interval {100 * widths[len(widths) // 2]:.1f} %")
    bad = bad or resolved > 0.05 * len(ratios)
sys.exit(bad)
PY
