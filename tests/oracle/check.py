#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hold `memhint inspect` against what NumPy was recorded to answer: views.jsonl.gz (layouts, sharing, errors), costs.jsonl (bytes), and cases.jsonl
(of either form: what differential.py and costs.py found wrong once; their --case writes the lines).

Needs no NumPy. Usage: check.py [--views FILE] [--costs FILE] [--cases FILE] [--show N]. MEMHINT names the program. Status 1 when anything differs.
"""
import argparse
import gzip
import json
import multiprocessing
import os
import sys

import oracle

HERE = os.path.dirname(os.path.abspath(__file__))
SLACK = 8 << 10 # bytes, or 1 %: Python's own small objects were counted too


def lines(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def cost_differences(record, answer):
    error = answer.get("error")
    if error or answer.get("unfollowed"):
        yield "error", "", None, error or answer["unfollowed"][0]
        return
    if len(answer["statements"]) != len(record["kib"]):
        yield "statements", "", len(record["kib"]), len(answer["statements"])
        return
    for number, (want, got) in enumerate(zip(record["kib"], answer["statements"])):
        for key in want or ():
            bytes_ = want[key] * 1024
            if abs(got[key + "_bytes"] - bytes_) > max(SLACK, abs(bytes_) / 100):
                yield f"{key}_bytes", record["program"][number], bytes_, got[key + "_bytes"]


def check(record):
    try:
        answer = oracle.inspect(record["program"])
    except oracle.Broken as broken:
        return record, [("broken", "", "an answer", str(broken))]
    return record, list(cost_differences(record, answer) if "kib" in record else oracle.differences(record, answer))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--views", default=os.path.join(HERE, "views.jsonl.gz"))
    options.add_argument("--costs", default=os.path.join(HERE, "costs.jsonl"))
    options.add_argument("--cases", default=os.path.join(HERE, "cases.jsonl"))
    options.add_argument("--show", type=int, default=10, metavar="N", help="programs to show of each file")
    options = options.parse_args()
    bad = 0
    for what, path in (("views", options.views), ("costs", options.costs), ("cases", options.cases)):
        records = lines(path)
        with multiprocessing.Pool(2) as pool:
            wrong = [(record, found) for record, found in pool.imap(check, records, 32) if found]
        for record, found in wrong[:options.show]:
            print("\n".join(record["program"]) + "\n" + oracle.shown(found) + "\n")
        print(f"{what}: {len(records) - len(wrong)} of {len(records)} programs agree")
        bad += len(wrong) + (not records)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
