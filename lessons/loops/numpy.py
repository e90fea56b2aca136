# SPDX-License-Identifier: MIT
"""loops: the sum of n numbers, with Python's loop and without."""

import numpy as np


def setup(n=1_000_000):
    return {"x": np.resize(np.arange(16) * 7 % 16.0, n)}


# A list: a box for each number
def boxed(x):
    return x.tolist()


def use_boxed(numbers):
    return sum(numbers)


# Each loop iteration has overhead: an index, a call, a box that is dropped
def calls(x):
    return x


def use_calls(x):
    total = 0.0
    for i in range(len(x)):
        total += x[i]
    return total


# np.vectorize hides the loop, and makes the boxes
def vectorize(x):
    return np.vectorize(float)(x)


def use_vectorize(x):
    return x.sum()


# No loop in Python
def whole(x):
    return x


def use_whole(x):
    return x.sum()
