"""Constant matrices in NumPy, by what builds them: built once, kept in both precisions."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["KEPT", "Key", "answered", "built", "of_numpy"]

Key = tuple[Callable[..., NDArray[Any]], tuple[tuple[str, Hashable], ...]]
"""What names a constant: the function that builds it and its keyword arguments, sorted."""

KEPT = 512  # constants of different parameters, precisions and devices; the largest are some megabytes


@lru_cache(maxsize=KEPT)
def built(key: Key) -> NDArray[Any]:
    """Return the constant of a key as it was built, in double precision."""
    build, parameters = key
    values = np.asarray(build(**dict(parameters)))
    values.setflags(write=False)
    return values


@lru_cache(maxsize=KEPT)
def of_numpy(key: Key, double: bool) -> NDArray[Any]:
    """Return the constant of a key in double or single precision."""
    values = built(key)
    if values.dtype.kind == "c":
        values = values.astype(np.complex128 if double else np.complex64)
    elif values.dtype.kind == "f":
        values = values.astype(np.float64 if double else np.float32)
    values.setflags(write=False)
    return values


@lru_cache(maxsize=KEPT)
def answered(key: Key) -> Any:
    """Return what the function of a key says."""
    work_out, parameters = key
    return work_out(**dict(parameters))
