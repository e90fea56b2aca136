# SPDX-License-Identifier: MIT
"""views: the six rows of the page's first table, and what a view keeps alive."""

import numpy as np


def setup(n=4_000_000):
    return {"a": np.resize(np.arange(16) * 7 % 16.0, n)}


# ---- whole: all elements


def copy(a):
    return a.copy()


def concatenate(a):
    half = len(a) // 2
    return np.concatenate([a[:half], a[half:]])


def reshape(a):
    return a.reshape(4, -1)


def transpose(a):
    return a.reshape(4, -1).T


# In .T's order no single stride walks the elements, so reshape copies and does not say so.
def reshape_copy(a):
    return a.reshape(4, -1).T.reshape(-1)


# ---- half: every second element


def take(a):
    return a[np.arange(0, len(a), 2)]


# The list holds a box of 32 B for each index; NumPy then makes an array of it.
def take_list(a):
    return a[list(range(0, len(a), 2))]


def slice(a):
    return a[::2]


# ---- ten: a few numbers of an array that nobody needs any more


def keepview(a):
    big = np.arange(len(a), dtype=float)
    return big[:10]


def keepcopy(a):
    big = np.arange(len(a), dtype=float)
    return big[:10].copy()


# ---- what is done with the result


def use(result):
    return result.sum()


def facts(result):
    owner = result if result.base is None else result.base
    return {"buffer_bytes": owner.nbytes}  # that the result keeps alive


# The page's own line: what it copies, whatever the size of a.
def facts_take(result, a):
    return {"literal_bytes": a[[0, 2, 4]].nbytes}
