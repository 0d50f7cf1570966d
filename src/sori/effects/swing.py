"""What swings slowly: the oscillator behind tremolo, vibrato, chorus, flanger and phaser."""

from __future__ import annotations

import math

import numpy as np

from sori.arrays import Array, namespace
from sori.effects.items import Numbers, numbered, placed
from sori.errors import ParameterError

__all__ = ["WAVES", "swing"]

WAVES = ("sine", "triangle", "square")

_BLOCK = 1024  # samples over which a phase is counted on in the precision of the samples


def swing(
    x: Array, *, rate_hz: Numbers, phase: Numbers, sample_rate: float, wave: str = "sine", hop: int = 1
) -> Array:
    """Return an oscillation between 0 and 1 for each item, ``(items, time)``, or of every ``hop``-th sample.

    The phase is settled in double precision every thousand samples, so that an hour swings as evenly as a
    second, and as in every other library.

    Parameters
    ----------
    x : (items, ..., time) real
        Whose items and length, kind and place it is made for.
    rate_hz : float or (items,)
        How often a second.
    phase : float or (items,)
        Where it begins, 0 to 1: 0 in the middle on the way up.
    wave : str
        One of `WAVES`.
    """
    if wave not in WAVES:
        raise ParameterError(f"wave={wave!r}: want one of {', '.join(WAVES)}")
    xp = namespace(x)
    n = -(-x.shape[-1] // hop)
    step = np.atleast_1d(np.asarray(rate_hz, np.float64)) * (hop / sample_rate)
    begin = np.atleast_1d(np.asarray(phase, np.float64))
    blocks = -(-n // _BLOCK)
    starts = (begin[:, None] + step[:, None] * (_BLOCK * np.arange(blocks))) % 1.0
    starts, steps = np.broadcast_arrays(starts[..., None], step[:, None, None])
    dtype = str(x.dtype).rpartition(".")[2]
    within = xp.astype(numbered(_BLOCK, x), x.dtype) * placed(np.array(steps[:, :1], dtype), x)
    cycles = xp.reshape(placed(np.array(starts, dtype), x) + within, (-1, blocks * _BLOCK))[:, :n]
    if wave == "sine":
        return 0.5 + 0.5 * xp.sin(2 * math.pi * cycles)
    cycles = cycles - xp.floor(cycles)
    if wave == "square":
        return xp.where(cycles < 0.5, xp.ones_like(cycles), xp.zeros_like(cycles))
    away = xp.abs(cycles + 0.25 - xp.floor(cycles + 0.25) - 0.5)
    return 1.0 - 2.0 * away
