"""The signal turned over."""

from __future__ import annotations

import dataclasses

import numpy as np

from sori.arrays import Array
from sori.effects.effect import Effect, Parameters
from sori.effects.items import Columns

__all__ = ["Polarity"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Polarity(Effect):
    """Every sample becomes its negative: nobody hears it, and a network need not notice either.

    Parameters
    ----------
    p : float
        How likely it is to take part.
    """

    p: float = 0.5

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        return {}

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        return -x
