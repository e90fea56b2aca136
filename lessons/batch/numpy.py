# SPDX-License-Identifier: MIT
"""batch: the total of relu(X @ W) over all examples, where an example is a row of X."""

import numpy as np


def setup(n=131_072, features=512, batch=32):
    X = ((np.arange(n) * 7 + 3) % 8.0).reshape(-1, features)
    W = ((np.arange(features * features) * 5 + 3) % 7 - 2.0).reshape(features, features)
    return {"X": X, "W": W, "chunk": batch}


def relu_total(Y):
    return np.maximum(Y, 0, out=Y).sum()


# One example at a time
def single(X, W):
    y = np.empty(W.shape[1])
    total = 0.0
    for x in X:
        np.matmul(x, W, out=y)
        total += relu_total(y)
    return total


# Some at a time, into the same rows
def chunks(X, W, chunk):
    Y = np.empty((min(chunk, len(X)), W.shape[1]))
    total = 0.0
    for i in range(0, len(X), chunk):
        rows = X[i:i + chunk]
        total += relu_total(np.matmul(rows, W, out=Y[:len(rows)]))
    return total


# Process many examples at once
def batch(X, W):
    Y = X @ W
    return relu_total(Y)


# The same as it is mostly written: each step makes an array
def expression(X, W):
    return np.maximum(X @ W + 0.0, 0).sum()


def use(total):
    return total
