"""Products that keep their precision, running medians and extremes, and decays along time."""

from __future__ import annotations

import sys

import numpy as np

from sori.arrays.framing import check_counts, frame, pad
from sori.arrays.kinds import Array, filled, is_jax, is_numpy, is_torch, like, namespace

__all__ = ["at_least", "cumulative_decay", "product", "running_max", "running_median"]


def at_least(x: Array, floor: float) -> Array:
    """Return the larger of ``x`` and ``floor``; the gradient is 0 where the floor is."""
    return x.clamp(min=floor) if is_torch(x) else namespace(x).maximum(x, floor)


def product(a: Array, b: Array) -> Array:
    """Return the matrix product ``a @ b`` at the full precision of its operands.

    Accelerators round the factors of a float32 product to 10 bits unless told otherwise, and automatic
    mixed precision to 8: fine for a network's weights, audible in a transform.
    """
    if is_torch(a):
        torch = sys.modules["torch"]
        if torch.is_autocast_enabled(a.device.type):
            with torch.autocast(a.device.type, enabled=False):
                return a @ b
        return a @ b
    if is_jax(a):
        jnp = sys.modules["jax"].numpy
        return jnp.matmul(a, b, precision="highest")
    return a @ b


def running_median(x: Array, size: int) -> Array:
    """Return the median of the ``size`` (odd) values around each one on the last axis, edges mirrored.

    At an edge the first value is repeated in the mirror: ``b a | a b c``.
    """
    check_counts(size=size)
    half = size // 2
    if is_numpy(x):
        from scipy import ndimage

        # The one-dimensional filter walks along a line and keeps its window sorted; given the whole array it
        # looks at each window anew, at nine times the cost.
        flat = np.ascontiguousarray(x).reshape(-1, x.shape[-1])
        out = np.empty_like(flat)
        for row, into in zip(flat, out, strict=True):
            ndimage.median_filter(row, size=size, output=into, mode="reflect")
        return out.reshape(x.shape)
    xp = namespace(x)
    n = x.shape[-1]
    at = np.arange(-half, n + half) % (2 * n)
    at = np.minimum(at, 2 * n - 1 - at)
    around = frame(xp.take(x, like(at, x), axis=-1), frame_length=size, hop_length=1)
    return xp.sort(around, axis=-1)[..., half]


def running_max(x: Array, size: int) -> Array:
    """Return the largest of each value and the ``size - 1`` after it on the last axis, by doubling."""
    check_counts(size=size)
    xp = namespace(x)
    n = x.shape[-1]
    x = xp.concat([x, filled((*x.shape[:-1], size - 1), -float("inf"), x)], axis=-1)
    have = 1
    while have < size:
        shift = min(have, size - have)
        x = xp.maximum(x[..., : x.shape[-1] - shift], x[..., shift:])
        have += shift
    return x[..., :n]


def cumulative_decay(x: Array, factor: float) -> Array:
    """Return ``y[n] = max(x[n], factor * y[n - 1])`` of ``x >= 0``: peaks that fade, ``factor < 1``.

    The recursion is associative, so it is solved by doubling: after ``j`` steps each value has seen ``2^j``
    before it; it stops when what lies further back has faded below the precision of the dtype.
    """
    xp = namespace(x)
    smallest = float(xp.finfo(x.dtype).eps) ** 2
    shift, weight = 1, factor
    while shift < x.shape[-1] and weight > smallest:
        before = pad(x[..., :-shift], shift, 0)
        x = xp.maximum(x, weight * before)
        shift, weight = 2 * shift, weight * weight
    return x
