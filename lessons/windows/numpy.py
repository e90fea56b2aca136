# SPDX-License-Identifier: MIT
"""windows: the sum of every window of `window` samples of x."""

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view


def setup(n=125_000, window=64):
    return {"x": np.resize(np.arange(16) * 7 % 16.0, n), "window_size": window, "sums": np.full(n - window + 1, 0.0)}


def stack(x, window_size):
    return np.stack([x[i:i + window_size] for i in range(len(x) - window_size + 1)])


def take(x, window_size):
    return x[np.arange(len(x) - window_size + 1)[:, None] + np.arange(window_size)]


# The page's sliding_window
def strided(x, window_size):
    shape = (len(x) - window_size + 1, window_size)
    strides = (x.strides[0], x.strides[0])  # Same stride twice!
    return as_strided(x, shape=shape, strides=strides)


# The same view, its bounds checked, and read-only.
def checked(x, window_size):
    return sliding_window_view(x, window_size)


# No windows at all: totals from the beginning to each sample
def running(x):
    return np.cumsum(x)


def use(windows, sums):
    windows.sum(axis=1, out=sums)


# The difference of two of them, a window apart
def use_running(total, window_size, sums):
    sums[0] = total[window_size - 1]
    np.subtract(total[window_size:], total[:-window_size], out=sums[1:])


# Weighted, so that right sums in wrong places show.
def checksum(used, sums):
    return (sums * (np.arange(len(sums)) % 13 + 1)).sum()


def facts_strided(windows):
    return {"same_stride_twice": windows.strides[0] == windows.strides[1]}
