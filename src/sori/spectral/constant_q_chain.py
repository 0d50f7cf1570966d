"""A constant-Q transform as a chain of strided matrix products, and its adjoint.

::

    samples --kernels--> high bands
       |
    decimator: each hop, and what lies around it, becomes a hop of fewer samples
       |
    fewer samples --kernels--> lower bands
       |
      ...

A *strided product* takes frames of a signal, a fixed step apart, times a matrix. The adjoint of one is
another: rows of ``step`` samples out of frames of coefficients, which lie end to end as a signal does.
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import numpy as np

from sori.arrays import Array, constant, frame, is_numpy, namespace, pad, product
from sori.arrays.kinds import is_jax, is_torch
from sori.spectral.constant_q_kernels import (
    Plan,
    adjoint_decimator,
    adjoint_kernels,
    decimator,
    kernels,
    plan,
)

__all__ = ["analysed", "largest_gain", "strided", "synthesised"]

_BLOCK = 1 << 17  # samples of frames that NumPy copies and multiplies together: what stays in the cache


def analysed(x: Array, made: Plan, count: int, of: dict[str, Any]) -> tuple[Array, Array]:
    """Return the parts of ``count`` frames of ``x``, which begins ``made.reach[0]`` hops before the first."""
    xp = namespace(x)
    where = {k: v for k, v in of.items() if k not in ("scale", "norm")}
    real, imaginary = [], []
    for level, hop in enumerate(made.hops):
        if level:
            step, out, half = made.decimations[level - 1]
            rows = count + 2 * made.reach[level]
            begin = (made.reach[level - 1] - made.reach[level]) * made.hops[level - 1] - half
            matrix = constant(decimator, like=x, level=level - 1, **where)
            x = strided(x, matrix, begin=begin, step=step, count=rows * hop // out)
            x = xp.reshape(x, (*x.shape[:-2], rows * hop))
        for number, g in enumerate(made.groups):
            if g.level == level:
                matrix = constant(kernels, like=x, group=number, **of)
                both = strided(x, matrix, begin=made.reach[level] * hop - g.half, step=hop, count=count)
                real.append((g.first, both[..., : g.last - g.first]))
                imaginary.append((g.first, both[..., g.last - g.first :]))
    return tuple(
        xp.concat([part for _, part in sorted(some, key=itemgetter(0))], axis=-1)
        for some in (real, imaginary)
    )


def strided(x: Array, matrix: Array, *, begin: int, step: int, count: int) -> Array:
    """Return ``(..., count, columns)``: frames of ``x`` from ``begin`` on, times ``matrix``."""
    length, columns = matrix.shape
    if is_numpy(x):
        flat = x.reshape(-1, x.shape[-1])
        out = np.empty((len(flat), count, columns), x.dtype)
        rows = max(8, _BLOCK // length)
        for row, into in zip(flat, out, strict=True):
            frames = frame(row[begin:], frame_length=length, hop_length=step)[:count]
            for at in range(0, count, rows):
                np.matmul(frames[at : at + rows], matrix, out=into[at : at + rows])
        return out.reshape(*x.shape[:-1], count, columns)
    return product(_frames(x, begin=begin, length=length, step=step, count=count), matrix)


def _frames(x: Array, *, begin: int, length: int, step: int, count: int) -> Array:
    if is_torch(x):
        return frame(
            x[..., begin : begin + (count - 1) * step + length], frame_length=length, hop_length=step
        )
    xp = namespace(x)
    if is_jax(x):
        from jax import lax, vmap

        # Slices whose beginnings are mapped over: one operation to compile, and to take the gradient of.
        cut: Any = vmap(lambda at: lax.dynamic_slice_in_dim(x, at, length, axis=-1), out_axes=-2)
        return cut(begin + step * xp.arange(count))
    at = xp.reshape(begin + step * xp.arange(count), (-1, 1)) + xp.arange(length)
    return xp.reshape(xp.take(x, xp.reshape(at, (-1,)), axis=-1), (*x.shape[:-1], count, length))


def synthesised(real: Array, imaginary: Array, made: Plan, of: dict[str, Any]) -> Array:
    """Return the adjoint of `analysed`: a signal ``(..., time)`` of parts ``(..., count, n_bins)``."""
    xp = namespace(real)
    count = real.shape[-2]
    where = {k: v for k, v in of.items() if k not in ("scale", "norm")}
    whole = None
    for level in reversed(range(len(made.hops))):
        hop, reach = made.hops[level], made.reach[level]
        length = (count + 2 * reach) * hop
        parts = []
        if whole is not None:
            step, out, half = made.decimations[level]
            begin = (reach - made.reach[level + 1]) * hop - half
            matrix = constant(adjoint_decimator, like=real, level=level, **where)
            blocks = xp.reshape(whole, (*whole.shape[:-1], whole.shape[-1] // out, out))
            parts.append(_spread(blocks, matrix, begin=begin, step=step, length=length))
        for number, g in enumerate(made.groups):
            if g.level == level:
                both = xp.concat([some[..., g.first : g.last] for some in (real, imaginary)], axis=-1)
                matrix = constant(adjoint_kernels, like=real, group=number, **of)
                parts.append(_spread(both, matrix, begin=reach * hop - g.half, step=hop, length=length))
        whole = parts[0]
        for part in parts[1:]:
            whole = whole + part
    return whole


def _spread(frames: Array, matrix: Array, *, begin: int, step: int, length: int) -> Array:
    """Return the signal of which a strided product's adjoint makes ``frames`` ``(..., count, columns)``."""
    xp = namespace(frames)
    *lead, count, columns = frames.shape
    over = matrix.shape[0] // columns - 1  # steps that a frame reaches into after its first
    flat = pad(xp.reshape(frames, (*lead, count * columns)), over * columns, over * columns)
    rows = strided(flat, matrix, begin=0, step=columns, count=count + over)
    before = begin // step * step
    after = length - before - (count + over) * step
    return pad(xp.reshape(rows, (*lead, (count + over) * step)), before, after)


def largest_gain(**of: Any) -> float:
    """Return by how much `analysed` and then `synthesised` make the signal stronger that they favour most.

    A little more than that: found by applying them again and again to noise, from below.
    """
    where = {k: v for k, v in of.items() if k not in ("scale", "norm")}
    made = plan(**where)
    count = 4 + 2 * made.reach[0]
    signal = np.random.default_rng(0).standard_normal((count + 2 * made.reach[0]) * made.hops[0])
    gain = 0.0
    for _ in range(12):
        heard = synthesised(*analysed(signal, made, count, of), made, of)
        gain = float(np.linalg.norm(heard) / np.linalg.norm(signal))
        signal = heard / np.linalg.norm(heard)
    return 1.1 * gain
