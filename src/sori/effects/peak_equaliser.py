"""One band louder or softer."""

from __future__ import annotations

import dataclasses

import numpy as np

from sori.arrays import Array
from sori.effects.drawing import geometric, uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.filtering_each import drawable_hz, filter_each
from sori.effects.items import Columns
from sori.signal.biquad import peaking_biquad

__all__ = ["PeakEqualiser"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class PeakEqualiser(Effect):
    """One band of an equaliser: what lies about a drawn frequency louder or softer.

    Parameters
    ----------
    min_centre_hz, max_centre_hz : float
        The middle of the band, Hz; at most 45 % of the sample rate is drawn.
    min_gain_db, max_gain_db : float
        How much is added there, dB; taken away below 0.
    min_q, max_q : float
        The band is ``centre / q`` wide.
    p : float
        How likely it is to take part.
    """

    min_centre_hz: float = 50.0
    max_centre_hz: float = 7000.0
    min_gain_db: float = -12.0
    max_gain_db: float = 12.0
    min_q: float = 0.5
    max_q: float = 5.0
    p: float = 1.0

    _LIMITS = (("centre_hz", 1.0, 1e6), ("gain_db", -60.0, 60.0), ("q", 0.05, 100.0))

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        low, high = drawable_hz(self.min_centre_hz, self.max_centre_hz, sample_rate)
        return {
            "centre_hz": geometric(rng, low, high),
            "gain_db": uniform(rng, self.min_gain_db, self.max_gain_db),
            "q": geometric(rng, self.min_q, self.max_q),
        }

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        values = zip(drawn["centre_hz"], drawn["gain_db"], drawn["q"], strict=True)
        return filter_each(
            x,
            [
                peaking_biquad(sample_rate=sample_rate, centre_hz=float(hz), gain_db=float(db), q=float(q))
                for hz, db, q in values
            ],
        )
