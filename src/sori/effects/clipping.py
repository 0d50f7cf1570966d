"""Peaks cut off."""

from __future__ import annotations

import dataclasses

import numpy as np

from sori.arrays import Array, waveform
from sori.effects.drawing import uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.items import Columns, Numbers, column

__all__ = ["Clipping", "clip_peaks"]


def clip_peaks(x: Array, *, below_peak_db: Numbers) -> Array:
    """Return items with everything cut off that is less than ``below_peak_db`` below their highest peak.

    Parameters
    ----------
    x : (items, ..., time) real
    below_peak_db : float or (items,)
        dB; 0 cuts nothing.

    Returns
    -------
    As ``x``

    Examples
    --------
    >>> clip_peaks(np.array([[0.1, -1.0, 0.8]]), below_peak_db=20.0).round(3).tolist()
    [[0.1, -0.1, 0.1]]
    """
    xp, x = waveform(x)
    if 0 in x.shape:
        return x
    highest = xp.max(xp.abs(x), axis=tuple(range(1, x.ndim)), keepdims=True)
    limit = column(10.0 ** (below_peak_db / -20), x) * highest
    return xp.minimum(xp.maximum(x, -limit), limit)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Clipping(Effect):
    """Peaks cut off at a drawn level below the highest: an input that was turned up too far.

    Parameters
    ----------
    min_below_peak_db, max_below_peak_db : float
        How far below the highest peak, dB.
    p : float
        How likely it is to take part.
    """

    min_below_peak_db: float = 0.0
    max_below_peak_db: float = 20.0
    p: float = 1.0

    _LIMITS = (("below_peak_db", 0.0, 120.0),)

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        return {"below_peak_db": uniform(rng, self.min_below_peak_db, self.max_below_peak_db)}

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        return clip_peaks(x, below_peak_db=drawn["below_peak_db"])
