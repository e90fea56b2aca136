# SPDX-License-Identifier: MIT
"""inplace: ((x - mean) / std) ** 2, and how many arrays that takes."""

import tracemalloc

import numpy as np

BLOCK = 10_000  # 80 kB: a second-level cache holds x's block and the result's


def setup(n=4_000_000):
    x = np.resize([15.0, 1, 13, 3, 10, 6, 9, 7, 9, 7], n)  # mean 8, std 4, all steps exact
    table = x.reshape(-1, 10)
    return {
        "x": x, "mean": 8.0, "std": 4.0,
        "table": table, "means": np.full(10, 8.0), "stds": np.full(10, 4.0),
    }


# Made before, its pages touched, for out alone.
def prepare_out(x):
    return {"buffer": np.full(len(x), 0.0)}


# Bad: Creates temporary arrays
def temporaries(x, mean, std):
    result = ((x - mean) / std) ** 2
    return result


# A name keeps its array until the name goes.
def named(x, mean, std):
    difference = x - mean
    scaled = difference / std
    result = scaled ** 2
    return result


# One name: the old array goes only when the new one is there.
def rebound(x, mean, std):
    result = x - mean
    result = result / std
    result = result ** 2
    return result


# A mean and a std for each column, the usual case: operands of two shapes.
def columns(table, means, stds):
    result = ((table - means) / stds) ** 2
    return result


# Better: In-place operations
def inplace(x, mean, std):
    result = x - mean
    result /= std
    result **= 2
    return result


# The same with the mean and the std of x itself: x.std() makes an array too.
def inplace_std(x):
    result = x - x.mean()
    result /= x.std()
    result **= 2
    return result


def out(x, mean, std, buffer):
    np.subtract(x, mean, out=buffer)
    np.divide(buffer, std, out=buffer)
    np.square(buffer, out=buffer)
    return buffer


# All three steps to one block before the next: the array goes through the cache once.
def blocks(x, mean, std):
    result = np.empty_like(x)
    for i in range(0, len(x), BLOCK):
        part = result[i:i + BLOCK]
        np.subtract(x[i:i + BLOCK], mean, out=part)
        part /= std
        part **= 2
    return result


def use(result):
    return result.sum()


# How many arrays of n numbers live at once in the one-line formula.
def arrays_alive(n):
    x = np.ones(n)
    tracemalloc.start()
    ((x - 8.0) / 4.0) ** 2
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return round(peak / x.nbytes)


def facts_temporaries(result):
    return {"arrays_at_240_kB": arrays_alive(30_000), "arrays_at_320_kB": arrays_alive(40_000)}
