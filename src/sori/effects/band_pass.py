"""One band left."""

from __future__ import annotations

import dataclasses

from sori.effects.band import Band

__all__ = ["BandPass"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class BandPass(Band):
    """Nothing but a band about a drawn frequency: a radio, a megaphone, a telephone.

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

    min_centre_hz: float = 300.0
    max_centre_hz: float = 3000.0
    min_octaves: float = 1.0
    max_octaves: float = 4.0
    order: int = 2
    p: float = 1.0

    _STOP = False
