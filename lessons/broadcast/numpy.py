# SPDX-License-Identifier: MIT
"""broadcast: y[r] + x for each of `repeat` numbers y, and the sum of each such row."""

import numpy as np


def setup(n=40_000, repeat=100):
    return {
        "x": np.resize(np.arange(16) * 7 % 16.0, n), "y": np.arange(repeat) * 5 % 11.0, "repeat": repeat,
        "row": np.full(n, 0.0), "sums": np.full(repeat, 0.0),
    }


# Bad: Actually copies data
def tile(x, repeat):
    repeated = np.tile(x, (repeat, 1))  # Allocates 100x memory!
    return repeated


# Good: View with zero extra memory
def broadcast_to(x, repeat):
    repeated = np.broadcast_to(x, (repeat,) + x.shape)  # Read-only view
    return repeated


# x is added where it is: no repetition, neither as a copy nor as a view.
def implicit(x):
    return x


# One line without a loop, and all rows at once.
def at_once(x, y):
    return y[:, None] + x


# ---- what is done with the result: one row at a time, in a buffer of one row


def use(repeated, y, row, sums):
    for r in range(len(y)):
        np.add(repeated[r], y[r], out=row)
        sums[r] = row.sum()


def use_implicit(x, y, row, sums):
    for r in range(len(y)):
        np.add(x, y[r], out=row)
        sums[r] = row.sum()


def use_at_once(rows, sums):
    rows.sum(axis=1, out=sums)


# Weighted, so that right sums in wrong places show.
def checksum(used, sums):
    return (sums * (np.arange(len(sums)) % 13 + 1)).sum()


def facts_broadcast_to(repeated):
    return {"nbytes": repeated.nbytes, "doubled_bytes": (repeated * 2).nbytes}
