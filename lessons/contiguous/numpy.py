# SPDX-License-Identifier: MIT
"""contiguous: the sum of every `stride`-th element of x, over and over, or once."""

import numpy as np


def setup(n=4_000_000, stride=8, passes=10):
    return {"x": np.resize(np.arange(17) + 1.0, n), "stride": stride, "passes": passes}


def strided(x, stride):
    return x[::stride]


def contiguous(x, stride):
    return np.ascontiguousarray(x[::stride])


strided_once = strided
contiguous_once = contiguous


# Heavy computation
def use(result, passes):
    total = 0.0
    for _ in range(passes):
        total += result.sum()
    return total


def use_once(result):
    return result.sum()


use_strided_once = use_once
use_contiguous_once = use_once
