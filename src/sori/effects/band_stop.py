"""One band taken away."""

from __future__ import annotations

import dataclasses

from sori.effects.band import Band

__all__ = ["BandStop"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class BandStop(Band):
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

    _STOP = True
