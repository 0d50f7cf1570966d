"""More or less bass."""

from __future__ import annotations

import dataclasses

from sori.effects.shelf import Shelf
from sori.signal.biquad import low_shelf_biquad
from sori.signal.filtering import Sections

__all__ = ["LowShelf"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class LowShelf(Shelf):
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

    def _sections(self, cutoff_hz: float, gain_db: float, sample_rate: float) -> Sections:
        return low_shelf_biquad(sample_rate=sample_rate, cutoff_hz=cutoff_hz, gain_db=gain_db)
