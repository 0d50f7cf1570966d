"""How much speaks for a beat, and for the start of a bar, at each frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["beat_strength"]

_BASS = 0.5  # the bass counts extra: where it and the rest take turns, it has the beat
_SPREAD = 1.0  # frames
_LEVEL = 1.0  # standard deviations: less than that speaks against a beat


def beat_strength(curves: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much speaks for a beat at each frame ``(frames,)``, below 0 where little does.

    Parameters
    ----------
    curves : (4, frames)
        Onset curves of everything, bass, middle and treble.
    """
    onsets = curves[0] + _BASS * curves[1]
    reach = np.exp(-0.5 * (np.arange(-4, 5) / _SPREAD) ** 2)
    local = np.convolve(onsets, reach / reach.sum(), mode="same")[: len(onsets)]
    deviation = float(local.std()) if len(local) else 0.0
    return np.asarray(3.0 * np.minimum(local / max(deviation, 1e-9), 4.0) - _LEVEL)
