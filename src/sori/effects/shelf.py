"""What the two shelves share: a drawn cutoff, a drawn gain."""

from __future__ import annotations

import dataclasses

import numpy as np

from sori.arrays import Array
from sori.effects.drawing import geometric, uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.filtering_each import drawable_hz, filter_each
from sori.effects.items import Columns
from sori.signal.filtering import Sections

__all__ = ["Shelf"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Shelf(Effect):
    """A gain on one side of a drawn cutoff; `HighShelf` and `LowShelf` say which and explain the fields."""

    min_cutoff_hz: float
    max_cutoff_hz: float
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
        each = zip(drawn["cutoff_hz"], drawn["gain_db"], strict=True)
        return filter_each(x, [self._sections(float(hz), float(db), sample_rate) for hz, db in each])

    def _sections(self, cutoff_hz: float, gain_db: float, sample_rate: float) -> Sections:
        raise NotImplementedError
