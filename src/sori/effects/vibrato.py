"""Pitch that swings."""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from sori.arrays import Array, waveform
from sori.effects.drawing import geometric, uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.items import Columns, Numbers, column, largest
from sori.effects.reading import read_back
from sori.effects.swing import swing

__all__ = ["Vibrato", "vibrato"]


def vibrato(
    x: Array, *, sample_rate: float, rate_hz: Numbers, extent_cents: Numbers, phase: Numbers = 0.0
) -> Array:
    """Return items whose pitch swings, about ``extent_cents`` to either side.

    Parameters
    ----------
    x : (items, ..., time) real
    sample_rate : float
        Hz.
    rate_hz, phase : float or (items,)
        How often a second, and from where (0 to 1).
    extent_cents : float or (items,)
        How far up and down.

    Returns
    -------
    As ``x``
    """
    _, x = waveform(x)
    if x.shape[-1] == 0:
        return x
    # A delay of D (1 + sin) / 2 reads pi f D faster and slower at most.
    depth = (2.0 ** (extent_cents / 1200) - 1) / (math.pi * rate_hz) * sample_rate
    up = swing(x, rate_hz=rate_hz, phase=phase, sample_rate=sample_rate)
    return read_back(x, column(depth, up) * up, longest=largest(depth))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Vibrato(Effect):
    """Pitch that swings at a drawn rate: a singer, a record with its hole off the centre.

    Parameters
    ----------
    min_rate_hz, max_rate_hz : float
        How often a second.
    min_extent_cents, max_extent_cents : float
        How far up and down.
    p : float
        How likely it is to take part.
    """

    min_rate_hz: float = 4.0
    max_rate_hz: float = 7.0
    min_extent_cents: float = 10.0
    max_extent_cents: float = 60.0
    p: float = 1.0

    _LIMITS = (("rate_hz", 0.05, 50.0), ("extent_cents", 0.0, 600.0))

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        return {
            "rate_hz": geometric(rng, self.min_rate_hz, self.max_rate_hz),
            "extent_cents": uniform(rng, self.min_extent_cents, self.max_extent_cents),
            "phase": uniform(rng, 0.0, 1.0),
        }

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        names = ("rate_hz", "extent_cents", "phase")
        return vibrato(x, sample_rate=sample_rate, **{name: drawn[name] for name in names})
