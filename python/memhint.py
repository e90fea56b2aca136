# SPDX-License-Identifier: MIT
"""Regions: parts of a Python program that `memhint exec` gives a row of their own.

    import memhint

    with memhint.region("windows"):
        y = x[idx].mean(axis=1)

or begin("windows") and end(), which must be paired. Regions may be nested, at most 64 deep; a name that is used again adds to its row; a region belongs
to the thread that began it. Without `memhint exec` all of this does nothing. One file: it may be copied beside a script.
"""

__all__ = ["begin", "end", "region"]

try:
    import ctypes

    # The meter is in the process already, or it is not there. PyDLL keeps the interpreter's lock: other threads do not run because a region begins.
    _process = ctypes.PyDLL(None)
    _begin = _process.memhint_begin
    _begin.argtypes = (ctypes.c_char_p,)
    _begin.restype = None
    _end = _process.memhint_end
    _end.argtypes = ()
    _end.restype = None
except (ImportError, OSError, AttributeError, TypeError):

    def _begin(name):
        pass

    def _end():
        pass


def _bytes(name):
    return name if isinstance(name, bytes) else str(name).encode("utf-8", "replace")


def begin(name):
    """Begin a region; it ends with end()."""
    _begin(_bytes(name))


def end():
    """End the region that this thread began last."""
    _end()


class region:
    """with region("name"): ...   May be kept, and entered again."""

    __slots__ = ("_name",)

    def __init__(self, name):
        self._name = _bytes(name)

    def __enter__(self):
        _begin(self._name)
        return self

    def __exit__(self, *exception):
        _end()
        return False
