# SPDX-License-Identifier: MIT
"""float32: n readings made and added up, in 8 bytes each or in 4."""

import numpy as np

TABLE = 1_000
ONES = 17_000_000


def setup(n=8_000_000):
    table64 = 20 + np.arange(TABLE) * 7 % TABLE / TABLE
    return {"table64": table64, "table32": table64.astype(np.float32), "times": n // TABLE}


def float64(table64, times):
    return np.tile(table64, times)


# Half the memory of float64: born so
def float32(table32, times):
    return np.tile(table32, times)


# Born float64: while astype works, both are there
def convert(table64, times):
    return np.tile(table64, times).astype(np.float32)


# float32 and a float64 array make float64 again
def mixed(table32, table64, times):
    return np.tile(table32, times) + np.zeros(TABLE * times)


def use(result):
    return result.sum()


def facts(result, table64):
    error = np.abs(result[:TABLE] - table64) / table64  # one period holds every value that there is
    exact = table64.sum() * (len(result) // TABLE)
    return {"largest_relative_error": error.max(), "sum_relative_error": abs(result.sum() / exact - 1)}


# ONES ones: in pairs, as sum() adds one axis, and one after another, as it adds down the columns of a table.
def facts_float32(result):
    ones = np.broadcast_to(np.float32(1), (ONES, 2))
    return {"ones": ONES, "ones_in_pairs": ones[:, 0].sum(), "ones_by_axis": ones.sum(axis=0)[0]}
