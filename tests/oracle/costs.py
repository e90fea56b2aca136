#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Write random array programs, measure with tracemalloc what each statement allocates at its peak and keeps, and hold `memhint inspect` against it.

Usage: costs.py [--seed TEXT] [--count N] [--keep-going N] [--only I]. Status 0, 1 (differences) or 77 (no NumPy). The first statement is the input: it is made before
counting starts, so that its end is not counted, as in costs.jsonl. Within 8 KiB or 1 %.
"""
import argparse
import gc
import json
import multiprocessing
import random
import re
import sys
import tracemalloc
import warnings

import check
import oracle

try:
    import numpy as np
except ImportError:
    np = None

# Sizes in elements: around 256 KiB, where NumPy starts to reuse temporaries, and well on both sides; all divisible by many numbers.
SIZES = (4608, 12288, 24576, 30720, 32736, 32760, 32768, 36864, 46080, 65520, 65536, 73728, 115200, 184320, 307200)
DTYPES = ("", "", "", ", dtype=np.float32", ", dtype=np.float32", ", dtype=np.int64", ", dtype=np.int32", ", dtype=np.uint8", ", dtype=np.complex128", ", dtype=np.int16", ", dtype=np.float16")

# The kinds that costs.jsonl holds.
RECORDED = """
y = x.flatten()
y = x.ravel()
y = x.copy()
y = -x
y = np.sqrt(x)
y = np.sqrt(x * x + 1.0)
y = x + x * x
y = x * 2.0 + x * 3.0 + x * 4.0
y = (x + {f}) * (x - {f})
y = x[[0, 5, 9]]
y = np.repeat(x, {k})
y = x.copy(); y *= 2.0
y = x.copy(); y = y * 2.0
y = x.copy(); y += x; y *= x
y = x.copy(); np.add(x, y, out=y)
y = np.zeros_like(x); y[:] = x
y = x.reshape(4, -1)[:, ::2] + 1.0
s = x.sum()
s = x.mean()
s = (x * x).sum()
x = x * 2.0; x = x + 1.0; x = x / 3.0
r = ((x - 0.5) / 2.0) ** 2
r = x - 0.5; r /= 2.0; r **= 2
t = x - 0.5; u = t / 2.0; r = u ** 2
p = x * 2.0; q = x + 1.0; r = np.vstack([p, q])
r = np.empty(({k},) + x.shape); r[0] = x * 2.0; r[1] = x + 1.0
r = np.stack([x, x, x])
r = np.concatenate([x, x])
r = np.concatenate([x, x]); r = np.concatenate([r, x]); r = np.concatenate([r, x])
r = np.tile(x, ({k}, 1))
r = x[::{k}]
r = x[::{k}].copy()
r = x.astype({t})
r = x.astype({t}); x = r
r = x.reshape(-1, {k}).T
r = x.reshape(-1, {k}).T.reshape(-1)
r = sliding_window_view(x, {k})
r = sliding_window_view(x, {k}).copy()
r = np.ascontiguousarray(sliding_window_view(x, {k}))
r = np.broadcast_to(x, (8,) + x.shape)
r = np.broadcast_to(x, (8,) + x.shape); s = r + 1.0
""".strip().splitlines()

# What is done with x, of n elements and one axis. {k}: a small number; {f}: a float; {t}: a dtype.
FLAT = """
y = x * {f}; y = y + {f}; y = y / 3.0
y = (x - {f}) / 2.0
r = ((x - {f}) / 2.0) ** 2
r = ((x - {f}) / 2.0) ** 3
t = x - {f}; u = t / 2.0; r = u ** 2
r = x - {f}; r = r / 2.0; r = r ** 2
r = x - x.mean()
r = (x - x.mean()) / x.std()
r = np.abs(x - {f})
r = np.abs(x - {f}) + 1.0
r = np.sqrt(x * x + 1.0)
r = np.exp(x) + np.exp(x)
r = np.maximum(x, {f})
y = x + x * 2
y = x - x * 2
y = x * 2 - x
y = x * 2 + x * 3
y = 2 * x + 3 * x - x
y = x * 2.0 + x * 3.0 + x * 4.0
y = -(x + 1.0)
y = -x
y = abs(x)
y = +x
y = (x + 1.0) * (x - 1.0)
y = (x + 1.0) * (x - 1.0) / (x + 2.0)
y = x ** 2
y = x ** 3
y = x ** 0.5
y = x ** 2 + x ** 2
y = x > {f}
y = (x > 1.0) & (x < {f})
y = ~(x > {f})
y = x.copy(); y += x
y = x.copy(); y *= 2; y += x * 2
y = x.copy(); y[1:] += y[:-1]
y = x.copy(); y[:-1] += y[1:]
y = x.copy(); y += y[::-1]
y = x.copy(); y[::2] += y[1::2]
y = x.copy(); y[1:] = y[:-1]
y = x.copy(); np.add(x, y, out=y)
y = x.copy(); np.add(x, 1, out=y); np.multiply(y, y, out=y)
y = np.empty_like(x); np.sqrt(x, out=y)
s = x.sum()
s = x.mean()
s = x.std()
s = x.var()
s = x.max() - x.min()
s = x.argmax()
s = (x * x).sum()
s = (x - x.mean()).sum()
s = np.sum(x * 2 + 1)
s = np.median(x)
s = (x > 1).sum()
s = np.dot(x, x)
s = x @ x
s = x[::2] @ x[::2]
s = np.dot(x[::2], x[1::2])
y = x.astype(np.float32)
y = x.astype(np.float64)
y = x.astype(np.float64, copy=False)
y = x.astype({t}); y = y.astype({t})
y = x.astype({t}) * 2
y = x.astype({t}) + x
y = x + np.ones(x.shape)
y = x + np.ones(x.shape, dtype=np.float32)
y = x.copy(); y += np.ones(x.shape, dtype=np.uint8)
y = np.where(x > {f}, x, 0)
y = np.where(x > {f}, x, x * 2)
y = np.where(x > {f}, 1.0, 2.0)
y = x[x >= 0]
y = np.sort(x)
y = x.copy(); y.sort()
y = x.argsort()
y = np.cumsum(x)
y = x.cumsum()
y = np.diff(x)
y = x[::-1]; z = y.copy()
y = x[::{k}].copy()
y = x[::{k}] * 2
y = x[::{k}] + x[::{k}] * 2
y = x[[0, 2, 4]]
i = np.arange(0, x.size, {k}); y = x[i]
i = np.arange(0, x.size, {k}); y = x.take(i)
i = np.arange(0, x.size, {k}); y = np.empty(i.shape, dtype=x.dtype); np.take(x, i, out=y)
i = np.arange(0, x.size, {k}); y = np.empty(i.shape, dtype=x.dtype); np.take(x, i, out=y, mode='clip')
i = np.arange(0, x.size, {k}, dtype=np.int32); y = x[i]
i = np.arange(0, x.size, {k}, dtype=np.int32); y = x.take(i)
y = x[np.arange(0, x.size, {k})]
m = np.ones(x.shape, dtype=bool); y = x[m]
m = x > {f}; m &= x < 100
y = np.repeat(x, {k})
y = x.repeat(2)
y = np.tile(x, {k})
y = np.tile(x, ({k}, 1))
y = np.tile(x, ({k}, 2))
y = np.concatenate([x, x])
r = np.concatenate([x, x]); r = np.concatenate([r, x])
y = np.concatenate([x * 2, x + 1])
y = np.stack([x, x, x])
y = np.stack([x, x], axis=1)
y = np.vstack([x, x])
y = np.hstack([x, x * 2])
y = np.column_stack([x, x])
y = np.flip(x) + 1
y = np.broadcast_to(x, ({k}, x.size)); z = y + 1
y = np.broadcast_to(x, ({k}, x.size)); z = y.copy()
y = np.broadcast_to(x, ({k}, x.size)); s = y.sum()
y = np.broadcast_to(x, ({k}, x.size)); z = y.reshape(-1)
y = sliding_window_view(x, 8); z = y.sum(1)
y = sliding_window_view(x, 8); z = y.mean(1)
y = sliding_window_view(x, 8); z = y.std(1)
y = sliding_window_view(x, 8); z = y.max(axis=-1)
y = sliding_window_view(x, 8); z = y - y.mean(1, keepdims=True)
y = sliding_window_view(x, 8); z = y * np.ones(8)
y = sliding_window_view(x, 8); z = y @ np.ones(8)
y = sliding_window_view(x, 8); z = y.reshape(-1)
y = sliding_window_view(x, 8); z = np.median(y, 1)
y = sliding_window_view(x, 8).copy(); del y
y = np.ascontiguousarray(sliding_window_view(x, 8))
y = as_strided(x, (x.size // 4, 4), (x.itemsize, x.itemsize)); z = y * 2
y = np.zeros_like(x); y[:] = x
y = np.zeros_like(x); y[:] = x * 2
r = np.empty((2,) + x.shape); r[0] = x * 2; r[1] = x + 1
r = np.empty((2,) + x.shape); np.multiply(x, 2, out=r[0])
y = x.reshape(-1, 4); z = y.T.reshape(-1)
y = x.flatten(); y = y.ravel()
y = x; y = y * 2; y = y * 2
a = x * 2; b = a; a = a + 1; del b
a = x * 2; b = a[:10]; a = 0
a = x * 2; b = a[:10].copy(); a = 0
a = x * 2; b = a.reshape(-1, 2).T; del a
a, b = x * 2, x + 1
y = x + 1; x = y
x = x * 2; x = x + 1
y = np.ones(x.size) * x
y = np.linspace(0, 1, x.size) + x
y = np.arange(x.size) + x
y = np.clip(x, 0, 1)
y = np.zeros(x.shape, dtype={t}); y[:] = x
y = np.array([x, x])
y = np.array(x)
y = x.real * 2
y = (x + 1).astype({t})
y = (x + 1)[::2] * 2
y = (x + 1).reshape(-1, 4) * 2
y = (x + 1).sum() * x
""".strip().splitlines()

# x has shape (n, m).
GRID = """
y = (x - x.mean(axis=0)) / x.std(axis=0)
y = x - x.mean(0)
y = ((x - x.mean(0)) / x.std(0)) ** 2
y = x - x.mean(axis=1, keepdims=True)
y = x / x.sum(axis=1, keepdims=True)
y = x - x.max(axis=0)
s = x.sum(axis=0)
s = x.sum(axis=1)
s = x.mean(axis=0)
s = x.mean(axis=1)
s = x.std(axis=0)
s = x.var(axis=1)
s = x.std(1, keepdims=True)
s = x.max(axis=0) - x.min(axis=0)
s = x.T.sum(axis=0)
s = x.sum(axis=(0, 1))
y = x.T + 1
y = x.T + x.T * 2
y = x.T.copy()
y = x.T.reshape(-1)
y = x.T.ravel()
y = x.ravel('F')
y = x.ravel('K')
y = x.flatten()
y = x.reshape(-1)
y = x.reshape(-1, order='F')
y = x[::2].reshape(-1)
y = x[:, ::2].reshape(-1)
y = x[:, ::2] * 2
y = x[:, ::2] + x[:, 1::2] * 2
y = x[:, [0, 2]]
y = x[[0, 2, 4]]
y = x[[0, 1]][:, [0, 1]]
y = x[:, None] + x[0]
y = x[:, 0] * 2
y = x + x[0]
y = x * x[:, :1]
y = x[0] + x * 2
y = x[:, :1] - x[:1]
y = np.ascontiguousarray(x.T)
y = np.asfortranarray(x)
y = np.asfortranarray(x) + x
y = x.copy('F')
y = x.T.astype(np.float32)
y = x[x >= 0]
y = x[x[:, 0] >= 0]
y = x[np.arange(0, x.shape[0], 2)]
i = np.arange(0, x.shape[0], 2); y = np.take(x, i, axis=0)
y = np.sort(x, axis=0)
y = np.sort(x, axis=1)
y = np.argsort(x, axis=-1)
y = np.cumsum(x, axis=0)
y = np.cumsum(x, axis=1)
y = np.median(x, axis=1)
y = np.median(x, axis=0)
y = np.vstack([x, x])
y = np.hstack([x, x])
y = np.dstack([x, x])
y = np.concatenate([x, x], axis=1)
y = np.stack([x, x], axis=-1)
y = np.tile(x, (2, 3))
y = np.tile(x, (1, 3))
y = np.repeat(x, 2, axis=0)
y = np.repeat(x, 3, axis=1)
y = np.flip(x, 1) * 2
y = np.rot90(x).copy()
y = np.triu(x)
y = np.where(x > 1, x, x[0])
y = np.broadcast_to(x[0], x.shape) + x
y = x @ np.ones(x.shape[1])
y = x @ np.ones((x.shape[1], 4))
y = x.T @ x
y = np.dot(x.T, x)
y = np.dot(x[:, ::2], np.ones((x.shape[1] // 2, 4)))
y = x[:, ::2] @ np.ones((x.shape[1] // 2, 4))
y = np.dot(x[::2], np.ones((x.shape[1], 4)))
y = np.maximum(x @ np.ones((x.shape[1], 4)) + 1, 0)
y = x.copy(); y += x[0]
y = x.copy(); y[:, 1:] += y[:, :-1]
y = x.copy(); y[1:] -= y[:-1]
y = x.copy(); y -= y.mean(0)
y = x.copy(); y[0] = 1; y[:, 0] = 2
y = x.copy(); y[[0, 1]] = 0
y = x.copy(); y[[0, 1]] += 1
y = x.copy(); y[y >= 0] = 0
y = x.swapaxes(0, 1) * 2.0
y = sliding_window_view(x, 4, axis=1); z = y.mean(-1)
y = sliding_window_view(x, (2, 2)); z = y.sum(axis=(2, 3))
y = sliding_window_view(x, 4, axis=1); z = y * 2
y = x.reshape(x.shape[1], -1) + 1
y = np.expand_dims(x, 0) + x
y = np.split(x, 2)[0] * 2
a, b = np.split(x, 2, axis=1); c = a + b
y = np.column_stack([x[:, 0], x[:, 1]])
y = (x.T + 1).reshape(-1)
y = (x + 1).T.reshape(-1)
y = (x * 2).T + 1
y = np.exp(x - x.max(axis=1, keepdims=True)); y /= y.sum(axis=1, keepdims=True)
y = np.zeros(x.shape, order='F'); y[:] = x
y = np.zeros(x.shape, order='F'); y += x
y = np.zeros(x.shape, order='F') + x
""".strip().splitlines()

SQUARE = """
a = x.copy(); a += a.T
a = x.copy(); a -= a.T
a = x.copy(); a *= 2; a += a
a = x.copy(); a += a[::-1]
a = x.copy(); a[:] = a.T
a = x + x.T
a = (x + x.T) / 2
a = x @ x
a = x.T @ x
a = np.dot(x, x)
a = np.dot(x[:, ::2], x[::2])
a = x[:, ::2] @ x[::2]
a = np.dot(x.T, x)
a = x @ x + x
a = (x @ x) * 2 + 1
a = x @ x @ x
a = np.diag(x) + 1
a = x.diagonal() * 2
a = np.triu(x) + np.triu(x).T
a = x - np.eye(x.shape[0])
a = np.matmul(x, x[0])
a = np.diag(np.diag(x))
""".strip().splitlines()


def write(r, recorded=False):
    """A program: its first statement makes x."""
    n, dtype, maker = r.choice(SIZES), r.choice(DTYPES), r.choice(("zeros", "ones", "ones"))
    kind = r.random()
    if kind < 0.25 or recorded:
        shape, bodies, dtype = str(n), RECORDED, r.choice(DTYPES[:5])
    elif kind < 0.55:
        shape, bodies = str(n), FLAT
    elif kind < 0.9:
        columns = r.choice((4, 8, 12, 48, 96))
        shape, bodies = f"({n // columns}, {columns})", GRID
    else:
        side = r.choice((64, 150, 180, 182, 200, 256, 300, 400))
        shape, bodies = f"({side}, {side})", SQUARE
    if not recorded and r.random() < 0.12:
        dtype += ", order='F'"
    body = r.choice(bodies)
    program = [f"x = np.{maker}({shape}{dtype})"] + body.split("; ")
    if r.random() < 0.2:
        program += r.choice(bodies).split("; ")
    fill = {"k": r.choice((2, 3, 4)), "f": r.choice(("0.5", "1.0", "2", "3.0")), "t": r.choice(("np.float32", "np.float64", "np.int32", "np.int64", "np.uint8", "np.float16"))}
    return [re.sub(r"\{(\w)\}", lambda found: str(fill[found[1]]), line) for line in program]


def run(codes):
    names = {}
    for line in oracle.PRELUDE:
        exec(line, names)
    exec(codes[0], names)
    gc.collect()
    tracemalloc.start()
    out = [None]
    try:
        for code in codes[1:]:
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            exec(code, names)
            now, peak = tracemalloc.get_traced_memory()
            out.append({"peak": (peak - before) / 1024, "kept": (now - before) / 1024})
    finally:
        tracemalloc.stop()
    return out


def measure(program):
    """None: NumPy itself refuses it, or the two rules of promotion differ."""
    codes = [compile(line, "program", "exec") for line in program]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if hasattr(np, "_set_promotion_state"):
                np._set_promotion_state("weak")
                other = run(codes)
                np._set_promotion_state("legacy")
            run(codes) # what is made once, by the first use, is not counted
            result = run(codes)
        except (TypeError, ValueError, IndexError, OverflowError):
            return None
        finally:
            if hasattr(np, "_set_promotion_state"):
                np._set_promotion_state("legacy")
    if hasattr(np, "_set_promotion_state") and any(abs(one[key] - two[key]) > 16 for one, two in zip(result[1:], other[1:]) for key in one):
        return None
    return result


def differing(program, kib, slack):
    found = check.check({"program": program, "kib": kib})[1]
    return [one for one in found if one[0] != "peak_bytes" or abs(one[3] - one[2]) > slack]


def one(job):
    seed, number, recorded, slack = job
    r = random.Random(f"{seed}/{number}")
    while True:
        program = write(r, recorded)
        kib = measure(program)
        if kib:
            return number, program, differing(program, kib, slack)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", default="1")
    options.add_argument("--count", type=int, default=100)
    options.add_argument("--keep-going", type=int, default=1, metavar="N", help="stop after N programs that differ")
    options.add_argument("--only", type=int, metavar="I", help="program I alone")
    options.add_argument("--case", metavar="PROGRAM", help="print what NumPy allocates for these statements as a line of cases.jsonl: 'x = np.ones(99); y = x + 1'")
    options.add_argument("--recorded", action="store_true", help="only the kinds that costs.jsonl holds")
    options.add_argument("--buffers", type=int, default=0, metavar="KIB", help="overlook so much more or less peak: the buffers of 8192 elements in which NumPy 1 casts and reduces")
    options = options.parse_args()
    if np is None:
        print("skipped: numpy is not installed for this Python")
        return 77
    np.seterr(all="ignore")
    if options.case:
        program = options.case.split("; ")
        print(json.dumps({"program": program, "kib": measure(program)}))
        return 0
    numbers = range(options.count) if options.only is None else [options.only]
    bad, classes = 0, {}
    with multiprocessing.Pool(2) as pool:
        for number, program, found in pool.imap(one, [(options.seed, number, options.recorded, options.buffers << 10) for number in numbers], 4):
            if not found:
                continue
            bad += 1
            classes.setdefault(f"{found[0][0]}: {found[0][1] or program[-1]}", []).append(number)
            print(f"costs.py --seed {options.seed} --only {number}\n" + "\n".join(program) + "\n" + oracle.shown(found) + "\n", flush=True)
            if bad >= options.keep_going:
                pool.terminate()
                break
    if bad:
        print(f"NumPy {np.__version__}: {bad} programs differ, seed {options.seed}:")
        for kind, cases in sorted(classes.items(), key=lambda item: -len(item[1])):
            print(f"{len(cases):5} {kind}")
        return 1
    print(f"NumPy {np.__version__}: the costs of {len(numbers)} programs of seed {options.seed}, no difference")
    return 0


if __name__ == "__main__":
    sys.exit(main())
