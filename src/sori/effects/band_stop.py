"""One band taken away."""

from __future__ import annotations

import dataclasses

import numpy as np

from sori.arrays import Array
from sori.arrays.framing import check_counts
from sori.effects.drawing import geometric, uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.filtering_each import drawable_hz, filter_each
from sori.effects.items import Columns
from sori.signal.butterworth import butterworth_sections
from sori.signal.filtering import Sections

__all__ = ["BandStop"]

_HIGHEST = 0.49  # of the sample rate


@dataclasses.dataclass(frozen=True, kw_only=True)
class BandStop(Effect):
    """All but a band about a drawn frequency: a hole that a room or a microphone leaves.

    Parameters
    ----------
    min_centre_hz, max_centre_hz : float
        The middle of the band, Hz; at most 45 % of the sample rate is drawn.
    min_octaves, max_octaves : float
        How wide the band is between the points of half the power.
    order : int
        6 dB per octave each, on either side.
    p : float
        How likely it is to take part.
    """

    min_centre_hz: float = 200.0
    max_centre_hz: float = 4000.0
    min_octaves: float = 0.3
    max_octaves: float = 1.5
    order: int = 2
    p: float = 1.0

    _LIMITS = (("centre_hz", 1.0, 1e6), ("octaves", 0.01, 10.0))

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
            sample_rate=sample_rate, order=self.order, low_hz=low, high_hz=high, stop=True
        )
