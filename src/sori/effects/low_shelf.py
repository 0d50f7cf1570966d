"""More or less bass."""

from __future__ import annotations

import dataclasses

import numpy as np

from sori.arrays import Array
from sori.effects.drawing import geometric, uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.filtering_each import drawable_hz, filter_each
from sori.effects.items import Columns
from sori.signal.biquad import low_shelf_biquad

__all__ = ["LowShelf"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class LowShelf(Effect):
    """The bass control: all below a drawn frequency louder or softer.

    Parameters
    ----------
    min_cutoff_hz, max_cutoff_hz : float
        Where half of the gain is reached, Hz; at most 45 % of the sample rate is drawn.
    min_gain_db, max_gain_db : float
        How much is added, dB; taken away below 0.
    p : float
        How likely it is to take part.
    """

    min_cutoff_hz: float = 60.0
    max_cutoff_hz: float = 400.0
    min_gain_db: float = -12.0
    max_gain_db: float = 12.0
    p: float = 1.0

    _LIMITS = (("cutoff_hz", 1.0, 1e6), ("gain_db", -60.0, 60.0))

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        low, high = drawable_hz(self.min_cutoff_hz, self.max_cutoff_hz, sample_rate)
        return {
            "cutoff_hz": geometric(rng, low, high),
            "gain_db": uniform(rng, self.min_gain_db, self.max_gain_db),
        }

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        return filter_each(
            x,
            [
                low_shelf_biquad(sample_rate=sample_rate, cutoff_hz=float(hz), gain_db=float(db))
                for hz, db in zip(drawn["cutoff_hz"], drawn["gain_db"], strict=True)
            ],
        )
