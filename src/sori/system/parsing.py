"""One thread at a time in Python's own parser.

NumPy reads the head of an ``.npy`` array with ``ast.literal_eval``, and the parser of CPython 3.11
keeps its depth of recursion once for all threads: two threads that read arrays at the same moment can
each find the other's depth and fail with ``SystemError`` (CPython issue 106905). Whatever reads arrays
in a program of several threads takes this lock.
"""

from __future__ import annotations

import threading

__all__ = ["PARSING"]

PARSING = threading.Lock()
