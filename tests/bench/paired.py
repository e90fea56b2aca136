# SPDX-License-Identifier: MIT
"""Commands side by side, by memhint's own rule: every run is a fresh process, a set runs each command once forwards and once backwards, sets are rotated, and
the interval is made of the sets alone. Apart from memhint on purpose: a second source for what `memhint exec` says of times."""

import math
import os
import statistics
import time

T95 = [math.nan, 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131]


def run(argv, env=None):
    """Seconds from start to end; the output is dropped."""
    null = [(os.POSIX_SPAWN_OPEN, fd, "/dev/null", os.O_RDWR, 0) for fd in (0, 1, 2)]
    start = time.perf_counter()
    pid = os.posix_spawnp(argv[0], argv, {**os.environ, **(env or {})}, file_actions=null)
    status = os.waitpid(pid, 0)[1]
    seconds = time.perf_counter() - start
    if status != 0:
        raise SystemExit(f"bench: {' '.join(argv)}: wait status {status}")
    return seconds


def compare(commands, sets=6):
    """commands: [(argv, env)], the first is the baseline. Returns [(median seconds, ratio, low, high)]."""
    count = len(commands)
    seconds = [[] for _ in commands]
    logs = [[] for _ in commands]
    for k in range(sets):
        order = [(i + k // 2) % count for i in range(count)]
        if k % 2:
            order.reverse()
        sums = [0.0] * count
        for i in order + order[::-1]:
            taken = run(*commands[i])
            seconds[i].append(taken)
            sums[i] += math.log(taken) / 2
        for i in range(count):
            logs[i].append(sums[i] - sums[0])
    rows = []
    for i in range(count):
        middle = statistics.mean(logs[i])
        half = T95[min(sets - 1, 15)] * statistics.stdev(logs[i]) / math.sqrt(sets) if sets > 1 else math.inf
        rows.append((statistics.median(seconds[i]), math.exp(middle), math.exp(middle - half), math.exp(min(middle + half, 50))))
    return rows
