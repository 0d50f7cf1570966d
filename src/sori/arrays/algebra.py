"""Products that keep their precision, running extremes, and decays along time."""

from __future__ import annotations

import sys

from sori.arrays.framing import check_counts, pad
from sori.arrays.kinds import Array, filled, is_jax, is_torch, namespace

__all__ = ["at_least", "cumulative_decay", "move_axis", "product", "running_max"]


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
        device = a.device.type
        if torch.amp.is_autocast_available(device) and torch.is_autocast_enabled(device):
            with torch.autocast(device, enabled=False):
                return a @ b
        return a @ b
    if is_jax(a):
        jnp = sys.modules["jax"].numpy
        return jnp.matmul(a, b, precision="highest")
    return a @ b


def move_axis(x: Array, source: int, destination: int) -> Array:
    """Return ``x`` with one axis at another place, the order of the others kept; see ``moveaxis``.

    Said as a permutation because PyTorch's ``vmap`` knows no ``moveaxis``.
    """
    source, destination = source % x.ndim, destination % x.ndim
    if source == destination:
        return x
    order = [axis for axis in range(x.ndim) if axis != source]
    order.insert(destination, source)
    return namespace(x).permute_dims(x, tuple(order))


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
