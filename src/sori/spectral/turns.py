"""Phases counted in turns, whole turns left out: `turns`, `wrapped`, `cumulative_turns`.

An angle is a place on a circle. Kept between -1/2 and 1/2 turn it has all of its dtype's precision, however
long the sound; in radians that grow frame by frame a float32 has lost the angle after some minutes.
"""

from __future__ import annotations

import math

from sori.arrays import Array, namespace
from sori.spectral.magnitude import phase

__all__ = ["cumulative_turns", "turns", "wrapped"]

_BLOCK = 16  # values added up before whole turns are taken off: few, so that little is rounded away


def turns(S: Array) -> Array:
    """Return the phase of complex ``S`` in turns, -1/2 to 1/2."""
    return phase(S) * (0.5 / math.pi)


def wrapped(x: Array) -> Array:
    """Return ``x``, in turns, without its whole turns: -1/2 to 1/2."""
    return x - namespace(x).round(x)


def cumulative_turns(x: Array) -> Array:
    """Return the running sums of ``x`` ``(..., time, anything)``, in turns and without whole turns.

    A plain sum over thousands of frames grows until a float32 no longer holds the angle. Here sums are short,
    and whole turns are taken off between them.
    """
    xp = namespace(x)
    *leading, count, width = x.shape
    if count <= _BLOCK:
        return wrapped(xp.cumulative_sum(x, axis=-2))
    blocks = -(-count // _BLOCK)
    filling = xp.zeros_like(x[..., : blocks * _BLOCK - count, :])
    sums = xp.cumulative_sum(
        xp.reshape(xp.concat([x, filling], axis=-2), (*leading, blocks, _BLOCK, width)), axis=-2
    )
    before = cumulative_turns(wrapped(sums[..., :-1, -1, :]))
    before = xp.concat([xp.zeros_like(sums[..., :1, -1, :]), before], axis=-2)
    found = xp.reshape(sums + xp.expand_dims(before, axis=-2), (*leading, blocks * _BLOCK, width))
    return wrapped(found[..., :count, :])
