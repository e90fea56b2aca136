#!/bin/sh
# SPDX-License-Identifier: MIT
# What `make bench` runs: speed, written to build/bench.md, which the README quotes. Figures, not tests; for an otherwise idle machine.
# Beside it, by hand: floor.sh (no time below its floor), identical.sh and exec_identical.sh (no differences where there are none).
# Usage: run.sh [lessons] [metering] [inspect] [startup]
set -eu
B=${B:-build}
${CC:-cc} -O2 -pthread -o "$B/storm" tests/bench/storm.c
python=/usr/bin/python3
[ -x "$python" ] || python=python3
PYTHONDONTWRITEBYTECODE=1 "$python" tests/bench/bench.py "$B/memhint" "$B/storm" "$B/bench.md" "$@"
echo "written: $B/bench.md"
