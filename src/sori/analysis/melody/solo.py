"""Is a single voice all there is?"""

from __future__ import annotations

import numpy as np

from sori.events import Pitch
from sori.spectral.partials import Partials

__all__ = ["is_solo", "share_of_voice"]

_NEAR = 0.4  # semitones from a harmonic
# Of the power of all partials. Recorded solo instruments and singers reach 0.83 to 1, bands and pianos 0.75.
_SOLO = 0.8


def share_of_voice(pitch: Pitch, found: Partials) -> float:
    """Return the share of the partials' power that lies on harmonics of the pitch, where it is voiced.

    0 where nothing is voiced.
    """
    if not len(found.frame) or not len(pitch.times_s):
        return 0.0
    at = np.searchsorted(pitch.times_s, found.frame / found.rate).clip(0, len(pitch.times_s) - 1)
    hz = np.asarray(pitch.hz)[at]
    use = np.asarray(pitch.voiced, bool)[at] & (hz > 0)
    power = found.weight[use] ** 2
    ratio = 440.0 * 2.0 ** ((found.midi[use] - 69) / 12) / hz[use]
    harmonic = np.maximum(np.rint(ratio), 1)
    on = np.abs(12 * np.log2(ratio / harmonic)) < _NEAR
    total = float(power.sum())
    return float(power[on].sum()) / total if total > 0 else 0.0


def is_solo(pitch: Pitch, found: Partials) -> bool:
    """Say whether nearly all that is pitched belongs to one voice."""
    return share_of_voice(pitch, found) >= _SOLO
