"""The lows taken away."""

from __future__ import annotations

import dataclasses

import numpy as np

from sori.arrays import Array
from sori.arrays.framing import check_counts
from sori.effects.drawing import geometric
from sori.effects.effect import Effect, Parameters
from sori.effects.filtering_each import drawable_hz, filter_each
from sori.effects.items import Columns
from sori.signal.butterworth import butterworth_sections

__all__ = ["HighPass"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class HighPass(Effect):
    """Nothing below a drawn cutoff: small loudspeakers, a low cut.

    Parameters
    ----------
    min_cutoff_hz, max_cutoff_hz : float
        Where the power is halved, Hz; at most 45 % of the sample rate is drawn.
    order : int
        6 dB per octave each.
    p : float
        How likely it is to take part.
    """

    min_cutoff_hz: float = 40.0
    max_cutoff_hz: float = 500.0
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
        return filter_each(
            x,
            [
                butterworth_sections(sample_rate=sample_rate, order=self.order, low_hz=float(hz))
                for hz in drawn["cutoff_hz"]
            ],
        )
