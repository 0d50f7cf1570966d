"""The beat histogram (Tzanetakis & Cook 2002): how strongly the music repeats at each tempo."""

from __future__ import annotations

import numpy as np

from sori.analysis.rhythm.tempo import Pulse
from sori.events import BeatHistogram

__all__ = ["beat_histogram"]

_SHARE = 8  # points of the pulse's grid to a bar of the histogram: fifteen bars to a factor of two


def beat_histogram(found: Pulse) -> BeatHistogram:
    """Return how the repetition of a recording spreads over tempos from 30 to 480 BPM.

    Bars are equally wide in octaves; what repeats equally at every tempo is taken off.
    """
    count = len(found.bpm) // _SHARE * _SHARE
    bpm = np.exp(np.log(found.bpm[:count]).reshape(-1, _SHARE).mean(axis=1))
    weights = found.strength[:count].reshape(-1, _SHARE).max(axis=1)
    weights = weights - weights.min()
    total = float(weights.sum())
    weights = weights / total if total > 0 else weights
    return BeatHistogram(
        tuple(float(b) for b in np.round(bpm, 2)), tuple(float(w) for w in np.round(weights, 5))
    )
