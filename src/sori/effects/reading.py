"""Reading a signal from another place: each item from a sample of its own, or between samples."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, is_numpy, namespace, pad
from sori.effects.items import numbered, placed

__all__ = ["read_from"]


def read_from(x: Array, starts: NDArray[Any], *, wrap: bool = False) -> Array:
    """Return items ``(items, ..., time)``, each read from its own sample on, silence lying around it.

    Parameters
    ----------
    x : (items, ..., time) real
    starts : (items,) int
        Which sample of an item comes first: below 0 silence does, and the item later.
    wrap : bool
        An item follows itself, and there is no silence.
    """
    n = x.shape[-1]
    starts = starts % n if wrap else np.clip(starts, -n, n)
    xp = namespace(x)
    if is_numpy(x):
        out = np.empty_like(x)
        for item, into, start in zip(x, out, starts.tolist(), strict=True):
            _copy(item, into, start, wrap)
        return out
    if len(starts) == 1:
        start = int(starts[0])
        if wrap:
            return xp.concat([x[..., start:], x[..., :start]], axis=-1)
        return pad(x[..., start:], 0, start) if start >= 0 else pad(x[..., : n + start], -start, 0)
    shape = (-1, *(1,) * (x.ndim - 1))
    at = xp.reshape(placed(starts, x), shape) + numbered(n, x)
    if wrap:
        return xp.take_along_axis(x, xp.broadcast_to(at % n, x.shape), axis=-1)
    inside = (at >= 0) & (at < n)
    found = xp.take_along_axis(x, xp.broadcast_to(xp.clip(at, 0, n - 1), x.shape), axis=-1)
    return xp.where(inside, found, xp.zeros_like(found))


def _copy(item: NDArray[Any], into: NDArray[Any], start: int, wrap: bool) -> None:
    n = item.shape[-1]
    if start >= 0:
        into[..., : n - start] = item[..., start:]
        into[..., n - start :] = item[..., :start] if wrap else 0.0
    else:
        into[..., -start:] = item[..., : n + start]
        into[..., :-start] = 0.0
