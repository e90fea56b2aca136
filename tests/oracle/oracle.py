# SPDX-License-Identifier: MIT
"""What the tests of `memhint inspect` share: ask memhint about a program, ask NumPy about it, and say where the two differ.

A program is a list of statements. What NumPy says of it ("facts") has the form of a line of views.jsonl:
  {"program": [...], "arrays": {name: {"shape", "strides", ...}}, "shares": [[a, b], ...]}  or  {"program": [...], "error": {"statement", "type"}}
and, when it was asked just now, "printed", "base", "offset" and "kinds" as well.
A difference is a tuple (field, name, expected, got).
"""
import json
import os
import re
import subprocess
import warnings

MEMHINT = os.environ.get("MEMHINT", "build/memhint")
FIELDS = ("shape", "strides", "dtype", "nbytes", "owndata", "writeable", "c_contiguous", "f_contiguous")
ERRORS = ("AxisError", "IndexError", "NameError", "SyntaxError", "AttributeError", "OverflowError", "TypeError", "ValueError")
PRELUDE = ("import numpy", "import numpy as np", "from numpy.lib.stride_tricks import as_strided, sliding_window_view")
SECONDS = 20
OLD = (DeprecationWarning, FutureWarning, PendingDeprecationWarning) # errors, or something else, in NumPy 2
DATA = re.compile("negative integer powers") # errors that depend on the elements


class Broken(Exception):
    """memhint died, or did not answer in its own form."""


def inspect(program):
    """memhint's answer, as its JSON."""
    text = program if isinstance(program, bytes) else "\n".join(program).encode()
    try:
        done = subprocess.run([MEMHINT, "inspect", "--format", "json", "-"], input=text, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as late:
        raise Broken(f"no answer within {SECONDS} s") from late
    if done.returncode not in (0, 1):
        raise Broken(f"status {done.returncode}: {done.stderr.decode(errors='replace').strip()}")
    try:
        answer = json.loads(done.stdout)
    except ValueError as wrong:
        raise Broken(f"no JSON: {wrong}: {done.stderr.decode(errors='replace').strip()}") from wrong
    if (done.returncode == 1) != bool(answer.get("error") or answer.get("unfollowed")):
        raise Broken(f"status {done.returncode}, error {answer.get('error')}")
    return answer


def differences(facts, answer):
    """Where memhint's answer is not what NumPy said."""
    want, got = facts.get("error"), answer.get("error")
    if want or got:
        pair = [(error["statement"], error["type"]) if error else None for error in (want, got)]
        if pair[0] is None or pair[1] is None:
            yield "error", "", pair[0], pair[1] and pair[1] + (got["message"],)
        else:
            if pair[0][0] != pair[1][0]:
                yield "error.statement", "", pair[0], pair[1] + (got["message"],)
            elif pair[1][1] not in (pair[0][1], want.get("listed")):
                yield "error.type", "", pair[0], pair[1] + (got["message"],)
        if "arrays" not in facts:
            return
    if answer.get("unfollowed"):
        yield "gap", "", None, answer["unfollowed"][0].get("message")
        return
    names = {name for pair in (facts["arrays"], answer["arrays"]) for name in pair}
    loose = set()
    for name in sorted(names):
        want, got = facts["arrays"].get(name), answer["arrays"].get(name)
        if want is None or got is None:
            yield "arrays", name, "an array" if want else "no array", "an array" if got else "no array"
            continue
        if got.get("at_most"): # axes whose extent depends on data
            loose.add(name)
            if len(want["shape"]) != len(got["shape"]) or any(w > g for w, g in zip(want["shape"], got["shape"])):
                yield "shape", name, want["shape"], got["shape"]
            fields = ("dtype", "owndata", "writeable")
        else:
            fields = FIELDS
        for field in fields:
            if field == "strides" and len(want["strides"]) == len(got["strides"]):
                # NumPy's own are arbitrary where no step is ever taken.
                seen = [k for k, extent in enumerate(want["shape"]) if extent > 1 and 0 not in want["shape"]]
                if [want["strides"][k] for k in seen] == [got["strides"][k] for k in seen]:
                    continue
            elif want[field] == got[field]:
                continue
            yield field, name, want[field], got[field]
        if "base" in facts and name not in loose:
            bases, offset = facts["base"][name], facts["offset"][name]
            base = got["base"]
            if bases is None and base is not None or bases is not None and base is None:
                yield "base", name, bases, base
            elif bases is not None and (base not in bases if bases else base in facts["arrays"]):
                yield "base", name, bases or "an array without a name", base
            if offset is not None and offset != got["offset_bytes"]:
                yield "offset_bytes", name, offset, got["offset_bytes"]
    pairs = [{tuple(sorted(pair)) for pair in side["shares"] if not loose.intersection(pair)} for side in (facts, answer)]
    if pairs[0] != pairs[1] and not answer.get("shares_cut"):
        yield "shares", "", sorted(pairs[0] - pairs[1]), sorted(pairs[1] - pairs[0])
    if "printed" in facts and facts["printed"] != answer["printed"]:
        yield "printed", "", facts["printed"], answer["printed"]
    for number, kind in facts.get("kinds", {}).items():
        if number < len(answer["statements"]) and answer["statements"][number]["kind"] not in kind:
            yield "kind", str(number), kind, answer["statements"][number]["kind"]


# ---- NumPy ----


def owner(array):
    """The array that has the bytes; None when something else has them."""
    while array is not None and getattr(array, "base", None) is not None:
        array = array.base
    return array if hasattr(array, "__array_interface__") else None


def of_array(array):
    flags = array.flags
    with warnings.catch_warnings():
        warnings.simplefilter("ignore") # broadcast_arrays' writeable flag may change one day; it has not in NumPy 2
        writeable = flags.writeable
    return {"shape": list(array.shape), "strides": list(array.strides), "dtype": str(array.dtype), "nbytes": array.nbytes, "owndata": flags.owndata,
            "writeable": writeable, "c_contiguous": flags.c_contiguous, "f_contiguous": flags.f_contiguous}


def listed(error):
    """The name under which an exception of NumPy's own family is in the list of types."""
    names = [kind.__name__ for kind in type(error).__mro__]
    return next((name for name in names if name in ERRORS), names[0])


class Session:
    """Runs a program in NumPy, statement by statement."""

    def __init__(self, np):
        self.np, self.printed, self.kinds, self.done, self.error = np, [], {}, [], None
        self.doubtful = None # the first statement of which another NumPy may think differently
        self.names = {"print": lambda *words: self.printed.append(" ".join(str(word) for word in words))}
        for line in PRELUDE:
            exec(line, self.names)
        self.own = set(self.names)

    def arrays(self):
        return {name: value for name, value in self.names.items() if name not in self.own and isinstance(value, self.np.ndarray)}

    def run(self, source):
        """False after an error: the program ends here."""
        before = self.arrays()
        objects, owners = {id(array) for array in before.values()}, {id(owner(array)) for array in before.values()}
        del before
        self.done.append(source)
        try:
            with warnings.catch_warnings(record=True) as said:
                warnings.simplefilter("always")
                exec(compile(source, "program", "exec"), self.names)
        except Exception as error:
            if DATA.search(str(error)):
                self.doubtful = len(self.done) - 1
            self.error = {"statement": len(self.done) - 1, "type": type(error).__name__, "listed": listed(error)}
            return False
        if self.doubtful is None and any(issubclass(warning.category, OLD) for warning in said):
            self.doubtful = len(self.done) - 1
        target = re.match(r"(\w+) = ", source)
        value = self.names.get(target[1]) if target else None
        if isinstance(value, self.np.ndarray):
            # What is shown is the last step's kind, so that only this much is known from outside.
            old = id(value) in objects, id(owner(value)) in owners
            self.kinds[len(self.done) - 1] = ("same", "inplace") if old[0] else ("view", "same") if old[1] and "split(" in source else ("view",) if old[1] else ("copy", "new", "view", "same")
        return True

    def facts(self):
        np, arrays = self.np, self.arrays()
        facts = {"program": list(self.done), "arrays": {}, "shares": [], "base": {}, "offset": {}, "printed": self.printed, "kinds": self.kinds}
        for name, array in arrays.items():
            facts["arrays"][name] = of_array(array)
            facts["base"][name] = None if array.base is None else [other for other, value in arrays.items() if value is array.base]
            whole = owner(array)
            known = array.size and whole is not None
            facts["offset"][name] = array.__array_interface__["data"][0] - whole.__array_interface__["data"][0] if known else None
        names = list(arrays)
        for k, one in enumerate(names):
            facts["shares"] += [[one, other] for other in names[k + 1:] if np.shares_memory(arrays[one], arrays[other])]
        if self.error:
            facts["error"] = self.error
            del facts["arrays"] # what was there before an error is not compared
        return facts


def numpy_facts(np, program):
    session = Session(np)
    for source in program:
        if not session.run(source):
            break
    return session.facts()


def shown(differences_):
    return "\n".join(f"  {field}{' of ' + name if name else ''}: NumPy says {expected}, memhint {got}" for field, name, expected, got in differences_)
