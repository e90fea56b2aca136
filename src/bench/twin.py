# SPDX-License-Identifier: MIT
"""One way of a lesson in NumPy. Answers what src/bench/twin.c asks, one request at a time.

Started as  python3 -s -B -c THIS SOCKET LESSON WAY VALUE...  with one VALUE for each parameter. The first message is the lesson's numpy.py. A reply is
lines of words: "ok" and what was asked for, or "refused" and why. What a way takes besides is found by the names of its arguments among what setup()
returned; so are the arguments of use(), checksum() and facts() after their first.
"""

import os
import sys

sys.path[:] = [path for path in sys.path if path]  # a lesson's folder has a numpy.py: not that one

import gc
import resource
import signal
import time

import numpy as np

clock = time.perf_counter_ns
MOST_REPEATS = 1_000_000
MOST_FACTS = 16
FEWEST_WARM_RUNS, MOST_WARM_RUNS, WARM_ELEMENTS = 3, 30, 60_000
SPARE_BYTES, SPARE_BLOCK = 16 << 20, 400


def minor_faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


# What two readings of the clock take, with nothing between them.
def clock_overhead():
    least = 1_000_000
    for _ in range(1000):
        start = clock()
        least = min(least, clock() - start)
    return least


class Way:
    def __init__(self, text, lesson, name, values):
        self.module = {"__name__": lesson}
        exec(compile(text, lesson + "/numpy.py", "exec"), self.module)
        self.name = name
        self.make = self.module[name]
        self.use = self.module.get("use_" + name) or self.module["use"]
        setup = self.module["setup"]
        self.inputs = setup(*values)
        self.elements = values[setup.__code__.co_varnames.index("n")]
        prepare = self.module.get("prepare_" + name)
        if prepare:
            self.inputs.update(prepare(*self.arguments(prepare)))
        self.make_arguments = self.arguments(self.make)
        self.use_arguments = self.arguments(self.use, 1)
        self.overhead = clock_overhead()
        provoked = os.environ.get("MEMHINT_PROVOKE", "").partition("=")
        if provoked[0] == "numpy." + name:
            self.provoke(provoked[2])

    def arguments(self, function, known=0):
        code = function.__code__
        return [self.inputs[name] for name in code.co_varnames[known:code.co_argcount]]

    # For the tests: the faults that src/worker.c provokes in C.
    def provoke(self, fault):
        signals = {"segv": signal.SIGSEGV, "abort": signal.SIGABRT, "kill": signal.SIGKILL}

        def make(*_):
            if fault in signals:
                os.kill(os.getpid(), signals[fault])
            elif fault == "exit":
                os._exit(7)
            elif fault == "hang":
                signal.pause()
            raise MemoryError(fault)

        if fault == "wrong":
            self.use, self.module["checksum"] = (lambda *_: -12345.0), lambda used: used
        else:
            self.make = make

    def run(self):
        result = self.make(*self.make_arguments)
        return result, self.use(result, *self.use_arguments)

    def checksum(self, used):
        function = self.module.get("checksum")
        return float(function(used, *self.arguments(function, 1)) if function else used)

    def facts(self, result):
        facts = usual_facts(result, self.make_arguments[0]) if isinstance(result, np.ndarray) else {}
        for name in ("facts", "facts_" + self.name):
            function = self.module.get(name)
            if function and (name != "facts" or isinstance(result, np.ndarray)):
                facts.update(function(result, *self.arguments(function, 1)))
        return [fact_line(name, value) for name, value in list(facts.items())[:MOST_FACTS]]


# As lesson_facts_of() in src/lesson/facts.c tells them of C's arrays.
def usual_facts(result, source):
    facts = {"shape": ", ".join(map(str, result.shape)), "strides": ", ".join(map(str, result.strides))}
    facts.update((f"stride_{axis}", stride) for axis, stride in enumerate(result.strides[:4]))
    facts["owndata"] = result.flags["OWNDATA"]
    facts["writeable"] = result.flags["WRITEABLE"]
    if isinstance(source, np.ndarray):
        facts["base_is_source"] = result.base is source
        facts["shares_memory"] = np.shares_memory(result, source)
    return facts


def fact_line(name, value):
    if isinstance(value, (bool, np.bool_)):
        return f"fact bool {name} {int(value)}"
    if isinstance(value, (int, np.integer)):
        return f"fact integer {name} {int(value)}"
    if isinstance(value, (float, np.floating)):
        return f"fact real {name} {float(value)!r}"
    return f"fact text {name} {value}"


# NumPy keeps up to seven freed blocks of each size below 1024 B for itself. While eight of each are held, the next one must be asked for.
def hold_small_blocks():
    return [np.empty((), f"V{size}") for size in range(1, 1024) for _ in range(8)]  # without dimensions, whose blocks are not meant


# Until Python's and NumPy's caches are filled, and Python has rewritten the code that it has seen often: what a later call asks is counted. How often follows
# from the size alone and never from a clock, since CPython 3.11 makes each of the first 30 objects of a class 8 B smaller than the one before.
def warm_up(way):
    for _ in range(max(FEWEST_WARM_RUNS, min(MOST_WARM_RUNS, WARM_ELEMENTS // max(way.elements, 1)))):
        way.run()


# Python's store of small objects asks malloc for its own tables now and then, when it maps more memory: which call of all that is, their addresses decide.
# So it gets more than will be needed beforehand. What is returned keeps it mapped: one block in so many.
def spare_memory():
    blocks = [bytes(SPARE_BLOCK) for _ in range(SPARE_BYTES // SPARE_BLOCK)]
    return blocks[::500]


# Counted by the preloaded meter between begin and end.
def heap(way, drained):
    import ctypes

    meter = ctypes.CDLL(None)
    begin, end = meter.memhint_begin, meter.memhint_end
    begin.argtypes, begin.restype = [ctypes.c_char_p], None
    end.argtypes, end.restype = [], None
    warm_up(way)
    held = []
    if drained:
        held.append(spare_memory())
        held.append(hold_small_blocks())
        begin(b"full")
        held.append(hold_small_blocks())
        end()
    for name in (b"before", b"nothing"):  # the second tells what the call itself frees
        begin(name)
        end()
    begin(b"make")
    result = way.make(*way.make_arguments)
    end()
    if drained:  # what the way freed NumPy now has in store: so much less is asked for than before
        begin(b"refill")
        held.append(hold_small_blocks())
        end()
    begin(b"use")
    used = way.use(result, *way.use_arguments)
    end()
    del held
    lines = [f"checksum {way.checksum(used)!r}"] + way.facts(result)
    del result, used
    return lines if drained else lines + [f"peak_asked {traced_peak(way)}"]


# The most bytes asked for at once: the meter counts the peak in the allocator's sizes, tracemalloc in those that Python and NumPy ask for.
def traced_peak(way):
    import tracemalloc

    tracemalloc.start()
    start = tracemalloc.get_traced_memory()[0]
    result = way.make(*way.make_arguments)
    peak = tracemalloc.get_traced_memory()[1] - start
    tracemalloc.stop()
    del result
    return peak


def high_water():
    with open("/proc/self/status", encoding="ascii", errors="replace") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


def resident(way):
    why = ""
    start = 0
    try:
        with open("/proc/self/clear_refs", "w", encoding="ascii") as refs:
            refs.write("5")
        start = high_water()
    except (OSError, StopIteration) as error:
        why = f"the peak of the resident set cannot be read: {error}"
    faults = minor_faults()
    result, used = way.run()
    faults = minor_faults() - faults
    lines = [f"faults {faults}", f"why {why}" if why else f"resident {high_water() - start}"]
    return lines + [f"checksum {way.checksum(used)!r}"]


# Dropping the result lies between the intervals, so it is in no time.
def sample(way, repeats):
    make, make_arguments, use, use_arguments = way.make, way.make_arguments, way.use, way.use_arguments
    make_ns = use_ns = 0
    result = used = None
    faults = minor_faults()
    for _ in range(repeats):
        del result, used
        start = clock()
        result = make(*make_arguments)
        made = clock()
        used = use(result, *use_arguments)
        done = clock()
        make_ns += made - start
        use_ns += done - made
    faults = (minor_faults() - faults) // repeats
    make_ns, use_ns = (max(ns / repeats - way.overhead, 0.0) for ns in (make_ns, use_ns))
    lines = [f"repeats {repeats}", f"make_ns {make_ns!r}", f"use_ns {use_ns!r}", f"faults {faults}", f"checksum {way.checksum(used)!r}"]
    return (make_ns + use_ns) * repeats, lines


def calibrate(way, target_ns):
    repeats = 1
    while True:
        taken, lines = sample(way, repeats)
        if taken >= target_ns or repeats >= MOST_REPEATS:
            return lines
        factor = min(10, 1.2 * target_ns / taken) if taken > 0 else 10
        repeats = min(MOST_REPEATS, int(repeats * factor) + 1)


def answer(way, words):
    if words[0] == "heap":
        return heap(way, words[1] == "drained")
    if words[0] == "resident":
        return resident(way)
    if words[0] == "calibrate":
        return calibrate(way, float(words[1]))
    return sample(way, int(words[1]))[1]


def refused(doing, error):
    return ["refused", f"why {doing}: " + " ".join(f"{type(error).__name__}: {error}".split())]


def main():
    fd, lesson, name = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    gc.disable()  # a collection is no part of any way
    try:
        text = os.read(fd, 1 << 20)
        way = Way(text, lesson, name, list(map(int, sys.argv[4:])))
        reply = ["ok"]
    except Exception as error:
        reply = refused("setup", error)
    while True:
        os.write(fd, "\n".join(reply).encode("utf-8", "replace"))
        request = os.read(fd, 4096).decode().split()
        if not request:
            return
        try:
            reply = ["ok"] + answer(way, request)
        except Exception as error:
            reply = refused("make", error)


main()
