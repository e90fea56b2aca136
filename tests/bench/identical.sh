#!/bin/sh
# SPDX-License-Identifier: MIT
# Does memhint see differences where there are none? Compares pairs of ways with identical code (a pass over 64 MiB, a loop inside the cache, a
# pass that faults its pages in) many times and counts how often a difference was "resolved". At most 5 in 100 may be, and every interval must be wider than 0.
# Usage: identical.sh [COMPARISONS]      by hand; takes some seconds a comparison, on an otherwise idle machine
set -eu
comparisons=${1:-100}
memhint=${MEMHINT:-${B:-build}/memhint}
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
i=0
while [ "$i" -lt "$comparisons" ]; do
	# Half of them with all rounds, half as a short budget has it, which is what the screens of the larger lessons do.
	if [ $((i % 2)) -eq 0 ]; then regime='--sets 6'; else regime='--time 0.1'; fi
	# shellcheck disable=SC2086 # two words
	"$memhint" run selftest --variants pass_a,pass_b,loop_a,loop_b,fault_a,fault_b $regime --quiet --format json -o "$results/$i.json"
	i=$((i + 1))
done
/usr/bin/python3 - "$results" <<'PY'
import glob, json, sys
count, alarms, points, widths = {}, {}, {}, {}
for path in glob.glob(sys.argv[1] + '/*.json'):
    for variant in json.load(open(path))['lessons'][0]['variants']:
        ratio = variant['ratio']
        if not ratio or ratio['time'] is None:
            continue
        job = variant['job'] + f" ({variant['time']['rounds'] // variant['time']['sets']} rounds a set)"
        assert ratio['low'] < ratio['high'], 'an interval of width 0'
        count[job] = count.get(job, 0) + 1
        alarms[job] = alarms.get(job, 0) + ratio['resolved']
        points.setdefault(job, []).append(ratio['time'])
        widths.setdefault(job, []).append(ratio['high'] / ratio['low'] - 1)
bad = False
for job in count:
    median = sorted(widths[job])[len(widths[job]) // 2]
    print(f"{job:24} {count[job] - alarms[job]:4} of {count[job]}: no difference resolved   "
          f"ratios {min(points[job]):.3f} to {max(points[job]):.3f}, median width of the interval {100 * median:.1f} %")
    bad = bad or alarms[job] > 0.05 * count[job]
sys.exit(bad)
PY
