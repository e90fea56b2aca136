#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Write random NumPy programs, ask the installed NumPy and `memhint inspect` about them, and show where they differ.

Usage: differential.py [--seed TEXT] [--count N] [--keep-going N] [--only I] | --case PROGRAM. MEMHINT names the program. Program I of a seed is the same in every run.
Status 0: no difference; 1: differences, each with a reduced program, NumPy's answer and memhint's, and at the end how many there are of each class;
77: no NumPy here. Statements are left out of which NumPy 1.x and 2 think differently: NumPy 1.24 and later 1.x can follow the rules of both.
"""
import argparse
import json
import multiprocessing
import random
import re
import sys

import oracle
from programs import Writer

try:
    import numpy as np
except ImportError:
    np = None


def both_rules(program):
    """NumPy's facts, and the first statement in doubt."""
    session = oracle.Session(np)
    for source in program:
        if not session.run(source):
            break
    facts, doubtful = session.facts(), session.doubtful
    if doubtful is None and hasattr(np, "_set_promotion_state"):
        marks = []
        for state in ("weak", "legacy"):
            np._set_promotion_state(state)
            marks.append(list(trace(program)))
        doubtful = next((k for k, (weak, legacy) in enumerate(zip(*marks)) if weak != legacy), None)
    return facts, doubtful


def trace(program):
    session = oracle.Session(np)
    for source in program:
        more = session.run(source)
        yield session.error, list(session.printed), {name: (str(array.dtype), array.shape, array.strides) for name, array in session.arrays().items()}
        if not more:
            return


def settled(program):
    """The program without the statements in doubt, and NumPy's facts of it."""
    program = list(program)
    while True:
        facts, doubtful = both_rules(program)
        if doubtful is None:
            return facts
        del program[doubtful]


def compare(facts):
    try:
        return list(oracle.differences(facts, oracle.inspect(facts["program"])))
    except oracle.Broken as broken:
        return [("broken", "", "an answer", str(broken))]


def reduced(facts, found):
    """Drop statements while a difference of the same field stays."""
    field, again = found[0][0], True
    while again:
        again = False
        for k in reversed(range(len(facts["program"]))):
            program = facts["program"][:k] + facts["program"][k + 1:]
            if not program:
                continue
            fewer = settled(program)
            left = [difference for difference in compare(fewer) if difference[0] == field]
            if left:
                facts, found, again = fewer, left, True
                break
    return facts, found


def class_of(facts, found):
    """The field and the operations of the statement that matters: failures of one cause mostly fall together."""
    field, name = found[0][:2]
    lines = facts["program"]
    line = next((line for line in reversed(lines) if name and re.match(rf"(.*, )?{name}\b.*=", line)), lines[-1])
    words = re.findall(r"(?<![\w'])([a-z_]+\w*)(?=\()|(\.T|\.real|\.imag|\.view)|([-+*/%@]=?|\[)", line.partition("=")[2] or line)
    return f"{field}: {' '.join(sorted({''.join(word) for word in words})) or line}"


def one(job):
    seed, number = job
    writer = Writer(random.Random(f"{seed}/{number}"), oracle.Session(np))
    program = writer.write(writer.r.choice((2, 3, 4, 4, 5, 6, 8)))
    del writer
    facts = settled(program)
    if not facts["program"]:
        return number, None, None, None
    found = compare(facts)
    if not found:
        return number, None, None, None
    less, left = reduced(facts, found)
    return number, less["program"], left, class_of(less, left)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", default="1")
    options.add_argument("--count", type=int, default=300)
    options.add_argument("--keep-going", type=int, default=1, metavar="N", help="stop after N programs that differ")
    options.add_argument("--only", type=int, metavar="I", help="program I alone")
    options.add_argument("--case", metavar="PROGRAM", help="print what NumPy says of these statements as a line of cases.jsonl: 'a = np.eye(3); b = a.T'")
    options.add_argument("--print", action="store_true", help="print the programs and ask nobody")
    options = options.parse_args()
    if np is None:
        print("skipped: numpy is not installed for this Python")
        return 77
    np.seterr(all="ignore")
    if options.case:
        facts = settled(options.case.split("; "))
        print(json.dumps({key: facts[key] for key in ("program", "error", "arrays", "shares", "printed") if key in facts}))
        return 0
    numbers = range(options.count) if options.only is None else [options.only]
    if options.print:
        for number in numbers:
            print("\n".join(Writer(random.Random(f"{options.seed}/{number}"), oracle.Session(np)).write(6)) + "\n")
        return 0
    classes, bad = {}, 0
    with multiprocessing.Pool(2) as pool:
        for number, program, found, kind in pool.imap(one, [(options.seed, number) for number in numbers], 8):
            if not program:
                continue
            bad += 1
            classes.setdefault(kind, []).append((program, found, number))
            print(f"differential.py --seed {options.seed} --only {number}\n" + "\n".join(program) + "\n" + oracle.shown(found) + "\n", flush=True)
            if bad >= options.keep_going:
                pool.terminate()
                break
    if bad:
        print(f"NumPy {np.__version__}: {bad} programs differ, seed {options.seed}:")
        for kind, cases in sorted(classes.items(), key=lambda item: -len(item[1])):
            print(f"{len(cases):5} {kind}")
        return 1
    print(f"NumPy {np.__version__}: {len(numbers)} programs of seed {options.seed}, no difference")
    return 0


if __name__ == "__main__":
    sys.exit(main())
