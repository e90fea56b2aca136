#!/bin/sh
# SPDX-License-Identifier: MIT
# What `make bench` runs: start-up, false alarms, and the time that the screens take. Figures, not tests.
set -eu
memhint=${B:-build}/memhint
echo "== start-up: the median of 101 runs"
/usr/bin/python3 - "$memhint" <<'PY'
import os, subprocess, sys, time
def median_ms(words):
    times = []
    for _ in range(101):
        start = time.perf_counter()
        pid = os.posix_spawn(words[0], words, os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, '/dev/null', os.O_WRONLY, 0)])
        os.waitpid(pid, 0)
        times.append(time.perf_counter() - start)
    return 1e3 * sorted(times)[50]
for words in (['/bin/true'], [sys.argv[1], '--help'], [sys.argv[1], 'list']):
    print(f"{' '.join(os.path.basename(w) for w in words):16} {median_ms(words):.2f} ms")
PY
echo "== the screens"
for lesson in $("$memhint" list --names); do
	start=$(date +%s%N)
	"$memhint" run "$lesson" --quiet >/dev/null
	printf 'run %-12s %5d ms\n' "$lesson" $((($(date +%s%N) - start) / 1000000))
done
start=$(date +%s%N)
"$memhint" compare --all --quiet >/dev/null
printf 'compare --all    %5d ms\n' $((($(date +%s%N) - start) / 1000000))
echo "== no time below its floor"
B=${B:-build} sh tests/bench/floor.sh || true
echo "== pairs of identical code"
B=${B:-build} sh tests/bench/identical.sh "${COMPARISONS:-20}"
