"""Constants as tensors. Apart, because it can be imported only where PyTorch is."""

from __future__ import annotations

from functools import cache
from typing import Any

import torch
from torch.utils._python_dispatch import _disable_current_modes

from sori.arrays.matrices import Key, answered, of_numpy

__all__ = ["answer", "closed", "kept"]


class _Shelf:
    """Holds each tensor under a name of its own: what torch.compile can refer to from a graph."""


_SHELF = _Shelf()


@cache
def _shelved(key: Key, double: bool, device: str) -> str:
    name = f"constant_{_shelved.cache_info().currsize}"
    # What is kept must serve training, too, and what comes after an export that met it first.
    with torch.inference_mode(False), _disable_current_modes():
        setattr(_SHELF, name, torch.tensor(of_numpy(key, double), device=device))
    return name


# A compiler looks through the wrapper of lru_cache and would trace the building itself: it is told that the
# result of this plain function, a name, is what it is.
@torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
def _name(key: Key, double: bool, device: str) -> str:
    return _shelved(key, double, device)


def kept(key: Key, double: bool, device: str) -> torch.Tensor:
    """Return the tensor of a constant on a device, made once."""
    found: torch.Tensor = getattr(_SHELF, _name(key, double, device))
    return found


def closed(value: float) -> float:
    """Return a number that a compiler keeps open as the one that it is; another one compiles again."""
    return torch.fx.experimental.symbolic_shapes.guard_scalar(value)


@torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
def answer(key: Key) -> Any:
    """Return what the function of a key says, a constant to a compiler."""
    return answered(key)
