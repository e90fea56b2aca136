#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes build/bench.md: the lessons' C against NumPy and the floor, the meters against each other, inspect, and start-up. Usage: bench.py MEMHINT STORM OUT.md
[lessons] [metering] [inspect] [startup]. A benchmark for an otherwise idle machine, not a test: it always ends with 0 when everything could be run."""

import datetime
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile

import paired

memhint, storm, out_path = sys.argv[1:4]
WITH = ["--with", "numpy"]
parts = sys.argv[4:] or ["lessons", "metering", "inspect", "startup"]
lines = []


def say(text=""):
    print(text, flush=True)
    lines.append(text)


def table(heads, rows):
    say("| " + " | ".join(heads) + " |")
    say("|" + "|".join("---" if i == 0 else "---:" for i in range(len(heads))) + "|")
    for row in rows:
        say("| " + " | ".join(row) + " |")
    say()


def ns(value):
    for size, unit in ((1e9, "s"), (1e6, "ms"), (1e3, "us")):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value:.3g} ns"


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def measure(words):
    done = subprocess.run([memhint, *words, "--format", "json", "--quiet"], capture_output=True, text=True)
    if done.returncode not in (0, 1) or not done.stdout:
        raise SystemExit(f"bench: memhint {' '.join(words)}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def way_time(way):
    return way["time"]["median_ns"] if way["status"] == "ok" else None


def against(way, other):
    """How many times as long `way` takes as `other`: from their ratios to one baseline where they have it, which are paired, else from their medians."""
    if way["ratio"] and other["ratio"] and way["ratio"]["time"] and other["ratio"]["time"] and way["baseline"] == other["baseline"]:
        return way["ratio"]["time"] / other["ratio"]["time"]
    return way_time(way) / way_time(other)


def over_floor(name, way):
    """Time over floor of a way that runs alone: beside others its data would come from where their data left room, which the floor knows nothing of."""
    if way["heap"]["asked_bytes"] != 0 or not way["time"]["floor_ns"]:
        return None
    alone = measure(["run", name, "--variants", way["name"], "--keep-pages", "--time", "1"])["lessons"][0]["variants"][0]["time"]
    return alone["median_ns"] / alone["floor_ns"]


def lessons():
    say("## C against NumPy and against the floor")
    say()
    say("Time to make and use the result, all ways of a lesson in turns, with `--keep-pages`: both allocators keep freed pages. `numpy / C` above 1: C is faster. `C / floor`: of ways that allocate nothing, each measured "
        "alone. It is near 1 where a way is one pass over memory; where it passes more often, works from a cache or computes, the floor is only a bound.")
    say()
    rows, best, missed, bounds = [], [], [], []
    for name in subprocess.run([memhint, "list", "--names"], capture_output=True, text=True, check=True).stdout.split():
        lesson = measure(["run", name, *WITH, "--keep-pages", "--time", "4"])["lessons"][0]
        ways = [way for way in lesson["variants"] if way_time(way)]
        ratios = []
        for job in dict.fromkeys(way["job"] for way in ways):
            c = [way for way in ways if way["job"] == job and way["language"] == "c"]
            numpy = {way["name"]: way for way in ways if way["job"] == job and way["language"] == "numpy"}
            for way in c:
                twin = numpy.pop(way["name"], None)
                ratio = against(twin, way) if twin else None
                floor = over_floor(name, way)
                rows.append([f"{name} {way['name']}", ns(way_time(way)), ns(way_time(twin)) if twin else "", f"{ratio:.2f}" if ratio else "",
                             f"{floor:.2f}" if floor else ""])
                if ratio and way["role"] == "naive" and ratio < 1 / 1.2:
                    missed.append(f"{name} {way['name']}: the naive way is {1 / ratio:.2f} times slower than NumPy's")
                if floor and floor > 1.15:
                    bounds.append(f"{name} {way['name']} {floor:.2f}")
            for way in numpy.values():
                rows.append([f"{name} {way['name']}", "", ns(way_time(way)), "", ""])
            twins = [way for way in ways if way["job"] == job and way["language"] == "numpy"]
            if c and twins:
                ratios.append(against(min(twins, key=way_time), min(c, key=way_time)))
        if ratios:
            best.append((name, geometric_mean(ratios)))
    table(["lesson and way", "C", "NumPy", "numpy / C", "C / floor"], rows)
    say("The best C way against NumPy's best, over the jobs of a lesson:")
    say()
    table(["lesson", "numpy / C"], [[name, f"{ratio:.2f}"] for name, ratio in best] + [["geometric mean", f"{geometric_mean([r for _, r in best]):.2f}"]])
    for name, ratio in best:
        if ratio < 1:
            missed.append(f"{name}: NumPy's best is {1 / ratio:.2f} times faster than C's")
    if bounds:
        say("Above 1.15 times the floor: " + ", ".join(bounds) + ".")
        say()
    for text in missed:
        say(f"- not reached: {text}")
    if missed:
        say()


def metering():
    say("## What metering costs")
    say()
    say("Pairs of malloc and free, 16 to 1039 bytes, over 4096 slots; wall time over that of the unmodified run of as many pairs.")
    say()
    scratch = tempfile.mkdtemp()
    jemalloc = next((path for path in ("libjemalloc.so.2",) if subprocess.run(["true"], env={**os.environ, "LD_PRELOAD": path}, capture_output=True).stderr == b""), None)
    tools = [("unmodified", [], None, 20_000_000, 6)]
    if jemalloc:
        tools.append(("plain jemalloc", [], {"LD_PRELOAD": jemalloc}, 20_000_000, 6))
    tools.append(("memhint exec, counted", [memhint, "exec", "--quiet", "-o", scratch + "/report", "--"], None, 20_000_000, 6))
    if shutil.which("heaptrack"):
        tools.append(("heaptrack", ["heaptrack", "-o", scratch + "/heaptrack"], None, 2_000_000, 3))
    if shutil.which("valgrind"):
        tools.append(("valgrind --tool=massif", ["valgrind", "--tool=massif", "--massif-out-file=/dev/null"], None, 2_000_000, 3))
        tools.append(("valgrind --tool=dhat", ["valgrind", "--tool=dhat", "--dhat-out-file=/dev/null"], None, 1_000_000, 2))
    rows = []
    for threads in ("1", "4"):
        for pairs in (20_000_000, 2_000_000, 1_000_000):
            group = [tool for tool in tools if tool[3] == pairs]
            if not group:
                continue
            run = [storm, str(pairs), threads]
            commands = [(prefix + run, env) for _, prefix, env, _, _ in group]
            if pairs != 20_000_000:
                commands.insert(0, (run, None))
            measured = paired.compare(commands, group[0][4])
            if pairs != 20_000_000:
                measured = measured[1:]
            for (name, *_), (seconds, ratio, low, high) in zip(group, measured):
                rows.append([name, threads, f"{pairs // 1_000_000} M", ns(seconds * 1e9), f"{ratio:.2f}", f"{low:.2f} to {high:.2f}"])
    table(["meter", "threads", "pairs", "time", "ratio", "95 %"], rows)
    shutil.rmtree(scratch, ignore_errors=True)


def inspect():
    say("## A program before it runs")
    say()
    say("`memhint inspect` as a whole process, beside the import that running the program would begin with. The 10,000 lines are 2,500 times four: a slice, "
        "a reshape of its transpose, an expression with two operators, a sum.")
    say()
    scratch = tempfile.mkdtemp()
    ten, many = scratch + "/ten.py", scratch + "/many.py"
    with open(ten, "w", encoding="utf-8") as file:
        file.write("a = np.arange(12).reshape(3, 4)\nb = a.T\nc = b.reshape(-1)\nd = c * 2.0 + 1.0\ne = d.sum()\nf = a[::2]\ng = f.T[1:]\n"
                   "h = np.concatenate([a, a])\ni = h.mean(axis=0)\nj = i[::-1]\n")
    with open(many, "w", encoding="utf-8") as file:
        file.write("a = np.arange(10000.).reshape(100, 100)\n")
        file.writelines(f"b{k} = a[{k % 100}:, ::2]\nc{k} = b{k}.T.reshape(-1)\nd{k} = c{k} * 2.0 + 1.0\ne{k} = d{k}.sum()\n" for k in range(2500))
    commands = [("`true`", ["true"]), ("`python3 -c 'import numpy'`", [sys.executable, "-c", "import numpy"]), ("ten lines", [memhint, "inspect", ten]),
                ("10,000 lines", [memhint, "inspect", many]), ("10,000 lines, JSON", [memhint, "inspect", "--format", "json", many])]
    measured = paired.compare([(argv, None) for _, argv in commands], 16)
    table(["program", "median"], [[name, ns(seconds * 1e9)] for (name, _), (seconds, *_) in zip(commands, measured)])
    shutil.rmtree(scratch, ignore_errors=True)


def startup():
    say("## Start-up")
    say()
    commands = [(["true"], None), ([memhint, "--help"], None), ([memhint, "list"], None), ([memhint, "exec", "--quiet", "-o", "/dev/null", "--", "true"], None)]
    measured = paired.compare(commands, 16)
    true_s = measured[0][0]
    rows = [["true", ns(true_s * 1e9), ""]]
    for (argv, _), (seconds, *_) in zip(commands[1:], measured[1:]):
        words = ["memhint", *argv[1:]]
        rows.append(["`" + " ".join(words) + "`", ns(seconds * 1e9), ns((seconds - true_s) * 1e9)])
    table(["command", "median", "less `true`"], rows)


host = measure(["run", "debugging"])["host"]
say("# memhint's speed")
say()
say(f"{host['cpu']}, {host['cpus']} CPUs, Linux {host['kernel']}, jemalloc {host['jemalloc']}, {datetime.date.today().isoformat()}. Made by `make bench`.")
say()
for part in parts:
    {"lessons": lessons, "metering": metering, "inspect": inspect, "startup": startup}[part]()
with open(out_path + ".new", "w", encoding="utf-8") as file:
    file.write("\n".join(lines).rstrip() + "\n")
os.replace(out_path + ".new", out_path)
