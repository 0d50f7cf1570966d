"""What band-pass and band-stop share: a drawn centre and width, an order."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

import numpy as np

from sori.arrays import Array
from sori.arrays.framing import check_counts
from sori.effects.drawing import geometric, uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.filtering_each import drawable_hz, filter_each
from sori.effects.items import Columns
from sori.signal.butterworth import butterworth_sections
from sori.signal.filtering import Sections

__all__ = ["Band"]

_HIGHEST = 0.49  # of the sample rate


@dataclasses.dataclass(frozen=True, kw_only=True)
class Band(Effect):
    """A filter of a drawn band; `BandPass` and `BandStop` say which and explain the fields."""

    min_centre_hz: float
    max_centre_hz: float
    min_octaves: float
    max_octaves: float
    order: int = 2
    p: float = 1.0

    _LIMITS = (("centre_hz", 1.0, 1e6), ("octaves", 0.01, 10.0))
    _STOP: ClassVar[bool]
    """Whether the band is what is taken away."""

    def __post_init__(self) -> None:
        """Refuse orders that are none."""
        super().__post_init__()
        check_counts(order=self.order)

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        low, high = drawable_hz(self.min_centre_hz, self.max_centre_hz, sample_rate)
        return {
            "centre_hz": geometric(rng, low, high),
            "octaves": uniform(rng, self.min_octaves, self.max_octaves),
        }

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        return filter_each(
            x,
            [
                self._sections(float(hz), float(octaves), sample_rate)
                for hz, octaves in zip(drawn["centre_hz"], drawn["octaves"], strict=True)
            ],
        )

    def _sections(self, hz: float, octaves: float, sample_rate: float) -> Sections:
        half = 2.0 ** (octaves / 2)
        low, high = hz / half, min(hz * half, _HIGHEST * sample_rate)
        return butterworth_sections(
            sample_rate=sample_rate, order=self.order, low_hz=low, high_hz=high, stop=self._STOP
        )
