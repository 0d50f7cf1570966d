"""What high-pass and low-pass share: a drawn cutoff, an order."""

from __future__ import annotations

import dataclasses

import numpy as np

from sori.arrays import Array
from sori.arrays.framing import check_counts
from sori.effects.drawing import geometric
from sori.effects.effect import Effect, Parameters
from sori.effects.filtering_each import drawable_hz, filter_each
from sori.effects.items import Columns
from sori.signal.filtering import Sections

__all__ = ["Cutoff"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cutoff(Effect):
    """A filter at a drawn cutoff; `HighPass` and `LowPass` say which and explain the fields."""

    min_cutoff_hz: float
    max_cutoff_hz: float
    order: int = 2
    p: float = 1.0

    _LIMITS = (("cutoff_hz", 1.0, 1e6),)

    def __post_init__(self) -> None:
        """Refuse orders that are none."""
        super().__post_init__()
        check_counts(order=self.order)

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        low, high = drawable_hz(self.min_cutoff_hz, self.max_cutoff_hz, sample_rate)
        return {"cutoff_hz": geometric(rng, low, high)}

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        return filter_each(x, [self._sections(float(hz), sample_rate) for hz in drawn["cutoff_hz"]])

    def _sections(self, cutoff_hz: float, sample_rate: float) -> Sections:
        raise NotImplementedError
