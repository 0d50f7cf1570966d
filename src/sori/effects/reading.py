"""Reading a signal from another place: each item from a sample of its own, or between samples."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, is_numpy, namespace, pad
from sori.arrays.kinds import is_torch
from sori.effects.items import numbered, placed

__all__ = ["read_back", "read_from"]

_CHUNK = 1 << 13  # places that NumPy reads together, in the cache
_STEPS = (1, 0, -1, -2)  # the neighbours of a place, from the newest back


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
        return _moved(x, int(starts[0]), wrap)
    if is_torch(x) and x.device.type == "cpu":  # where copying is quick to begin, and an index is long
        return xp.stack([_moved(item, start, wrap) for item, start in zip(x, starts.tolist(), strict=True)])
    shape = (-1, *(1,) * (x.ndim - 1))
    at = xp.reshape(placed(starts, x), shape) + numbered(n, x)
    if wrap:
        return xp.take_along_axis(x, xp.broadcast_to(at % n, x.shape), axis=-1)
    inside = (at >= 0) & (at < n)
    found = xp.take_along_axis(x, xp.broadcast_to(xp.clip(at, 0, n - 1), x.shape), axis=-1)
    return xp.where(inside, found, xp.zeros_like(found))


def _moved(x: Array, start: int, wrap: bool) -> Array:
    """Return all items of ``x`` from the same sample on."""
    xp = namespace(x)
    if wrap:
        return xp.concat([x[..., start:], x[..., :start]], axis=-1)
    return pad(x[..., start:], 0, start) if start >= 0 else pad(x[..., :start], -start, 0)


def _copy(item: NDArray[Any], into: NDArray[Any], start: int, wrap: bool) -> None:
    n = item.shape[-1]
    if start >= 0:
        into[..., : n - start] = item[..., start:]
        into[..., n - start :] = item[..., :start] if wrap else 0.0
    else:
        into[..., -start:] = item[..., : n + start]
        into[..., :-start] = 0.0


def read_back(x: Array, late: Array, *, longest: float) -> Array:
    """Return items as they were ``late`` samples ago, at every moment anew: a tape with a moving head.

    Between samples a cubic goes through the four nearest.

    Parameters
    ----------
    x : (items, ..., time) real
    late : (items, time) real
        Samples, not below 0.
    longest : float
        A bound of ``late``, known without looking at it.

    Returns
    -------
    As ``x``
    """
    xp = namespace(x)
    n = x.shape[-1]
    head = math.ceil(longest) + 2
    padded = pad(x, head, 2)
    if is_numpy(x):
        out = np.empty_like(x)
        for item, into, own in zip(padded, out, late, strict=True):
            for begin in range(0, n, _CHUNK):
                part = slice(begin, begin + _CHUNK)
                at, weights = _between(own[part], np.arange(begin, min(begin + _CHUNK, n)) + head)
                into[..., part] = _weighted(item, at, weights)
        return out
    at, weights = _between(late, numbered(n, x) + head)
    shape = (at.shape[0], *(1,) * (x.ndim - 2), n)
    whole = (*x.shape[:-1], n)
    found = None
    for step, weight in zip(_STEPS, weights, strict=True):
        places = xp.broadcast_to(xp.reshape(at + step, shape), whole)
        part = xp.reshape(weight, shape) * xp.take_along_axis(padded, places, axis=-1)
        found = part if found is None else found + part
    return found


def _between(late: Array, at: Array) -> tuple[Array, tuple[Array, ...]]:
    """Return the sample at or after each place that is read, and the weights of its neighbours."""
    xp = namespace(late)
    whole = xp.floor(late)
    u = late - whole
    back, ahead, past = u - 1.0, u + 1.0, u - 2.0
    weights = (
        u * back * past * (-1 / 6),
        ahead * back * past * 0.5,
        ahead * u * past * -0.5,
        ahead * u * back * (1 / 6),
    )
    return at - xp.astype(whole, at.dtype), weights


def _weighted(item: NDArray[Any], at: NDArray[Any], weights: tuple[Array, ...]) -> NDArray[Any]:
    """Return the same for one item and some places, while they are in the cache."""
    found = None
    for step, weight in zip(_STEPS, weights, strict=True):
        part = item.take(at + step, axis=-1)
        part *= weight
        found = part if found is None else np.add(found, part, out=found)
    return np.asarray(found)
