"""Constants as tensors. Apart, because it can be imported only where PyTorch is."""

from __future__ import annotations

from functools import cache

import torch

from sori.arrays.matrices import Key, of_numpy

__all__ = ["kept"]


class _Shelf:
    """Holds each tensor under a name of its own: what torch.compile can refer to from a graph."""


_SHELF = _Shelf()


@cache
def _shelved(key: Key, double: bool, device: str) -> str:
    name = f"constant_{_shelved.cache_info().currsize}"
    with torch.inference_mode(False):  # what is kept must serve training, too
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
