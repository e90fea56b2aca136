# SPDX-License-Identifier: MIT
"""debugging: sixteen arrays, each a view or a copy; the first argument is what it was made from."""

import numpy as np
from numpy.lib import stride_tricks


def setup(n=12):
    return {"x": np.zeros(n), "o": np.zeros((3, n // 3)), "r": np.arange(float(n)).reshape(3, -1)}


# ---- nine views


def slice(x):
    return x[::2]


def reshape(x):
    return x.reshape(3, -1)


def transpose(o):
    return o.T


def broadcast_to(x):
    return np.broadcast_to(x, (100, len(x)))


def column_reshape(o):
    return o[:, ::2].reshape(-1)


def as_strided(x):
    return stride_tricks.as_strided(x, (len(x) - 3, 4), (8, 8))


def sliding_window_view(x):
    return stride_tricks.sliding_window_view(x, 4)


# r is itself a view
def view_of_view(r):
    return r.T


def empty_slice(x):
    return x[len(x):]


# ---- seven copies; the last three own no data all the same


def copy(x):
    return x.copy()


def fancy(x):
    return x[[0, 2, 4]]


def concatenate(x):
    return np.concatenate([x, x])


def vstack(o):
    return np.vstack([o, o])


def tile(x):
    return np.tile(x, (100, 1))


def fancy_columns(o):
    return o[:, [0, 2]]


def transpose_reshape(o):
    return o.T.reshape(-1)


def use(result):
    return 0.0


# ---- what the tests say: base_is_source and shares_memory are told of every result


def facts(result):
    return {"not_owndata": not result.flags["OWNDATA"]}
