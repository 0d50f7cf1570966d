"""Louder and softer."""

from __future__ import annotations

import dataclasses

import numpy as np

from sori.arrays import Array, waveform
from sori.effects.drawing import uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.items import Columns, Numbers, column

__all__ = ["Gain", "gain"]


def gain(x: Array, *, gain_db: Numbers) -> Array:
    """Return a signal made louder by ``gain_db``, softer below 0.

    Parameters
    ----------
    x : (..., time) real
    gain_db : float or (items,)
        dB, for all or for each item of the first axis.

    Returns
    -------
    As ``x``; it may go beyond full scale: nothing is clipped.

    Examples
    --------
    >>> gain(np.array([0.5, -0.25]), gain_db=-20.0).tolist()
    [0.05, -0.025]
    """
    _, x = waveform(x)
    return column(10.0 ** (gain_db / 20), x) * x


@dataclasses.dataclass(frozen=True, kw_only=True)
class Gain(Effect):
    """Louder or softer by a drawn number of decibels: for what must not depend on how loud a recording is.

    Parameters
    ----------
    min_db, max_db : float
        Gain, dB.
    p : float
        How likely it is to take part.
    """

    min_db: float = -12.0
    max_db: float = 12.0
    p: float = 1.0

    _LIMITS = (("db", -120.0, 120.0),)

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        return {"gain_db": uniform(rng, self.min_db, self.max_db)}

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        return gain(x, gain_db=drawn["gain_db"])
