"""Runs calls on request, in the environment it is started in: ``python stand.py CALLS.py SIGNAL.npy RATE``.

``CALLS.py`` defines ``calls(signal, sample_rate)``, a dictionary of functions without arguments. A line read
is a request, ``time NAME`` or ``save NAME PATH`` with tabs between; a line written is its answer in JSON. It
imports nothing of ours.
"""

from __future__ import annotations

import json
import runpy
import sys
import time
import warnings
from typing import Any

import numpy as np


def as_numpy(result: Any) -> np.ndarray:
    """Return a result, the first of several, as an array."""
    if isinstance(result, tuple | list):
        result = result[0]
    return np.asarray(result.detach().cpu() if hasattr(result, "detach") else result)


def answer(request: list[str], calls: dict[str, Any]) -> Any:
    """Do what a line asks."""
    call = calls[request[1]]
    if request[0] == "save":
        np.save(request[2], as_numpy(call()))
        return "saved"
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main() -> None:
    """Answer requests until there are no more."""
    warnings.simplefilter("ignore")
    path, signal, sample_rate = sys.argv[1:4]
    calls = runpy.run_path(path)["calls"](np.load(signal), int(sample_rate))
    for line in sys.stdin:
        print(json.dumps(answer(line.rstrip("\n").split("\t"), calls)), flush=True)


if __name__ == "__main__":
    main()
