# SPDX-License-Identifier: MIT
"""preallocate: process `batches` batches, one after another, into one result."""

import numpy as np


def setup(n=25_000, batches=50):
    first = np.arange(batches) * (7 * n + 1)  # of each batch
    numbers = (first[:, None] + np.arange(n) * 7) % 16
    return {"batches": numbers.astype(float).reshape(batches, n // 100, 100), "sums": np.full(batches, 0.0)}


# Makes an array for each batch, unless it is given one.
def process(batch, out=None):
    out = np.multiply(batch, 2, out=out)
    out += 1
    return out


# Bad: Repeated allocation in loop
def append(batches):
    results = []
    for batch in batches:
        results.append(process(batch))
    result = np.vstack(results)  # Copies everything again!
    return result


def concatenate(batches):
    result = np.empty((0, 100))
    for batch in batches:
        result = np.concatenate([result, process(batch)])
    return result


# Room for twice as many rows whenever it is full.
def doubling(batches):
    result = np.empty_like(batches[0])
    rows = 0
    for batch in batches:
        made = process(batch)
        if rows + len(made) > len(result):
            result.resize((2 * len(result), 100))
        result[rows:rows + len(made)] = made
        rows += len(made)
    return result[:rows]


# Good: Pre-allocate
def assign(batches):
    result = np.empty(batches.shape)
    for i, batch in enumerate(batches):
        result[i] = process(batch)  # Write directly
    return result


def into(batches):
    result = np.empty(batches.shape)
    for i, batch in enumerate(batches):
        process(batch, out=result[i])
    return result


# All batches in one call: no loop and no list.
def at_once(batches):
    return process(batches)


def use(result, sums):
    result.reshape(len(sums), -1).sum(axis=1, out=sums)


# Weighted, so that a batch in another's place shows.
def checksum(used, sums):
    return (sums * (np.arange(len(sums)) % 13 + 1)).sum()
