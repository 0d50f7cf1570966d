"""Histogram of pitch: how long each place in the octave sounds, on a circle of 1200 cents from C."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.analysis.scale.sounding import Sounding
from sori.events import PitchHistogram

__all__ = ["cents_of", "circle", "pitch_histogram", "smooth"]

_STEP = 5  # cents
_OCTAVE = 1200


def cents_of(heard: Sounding) -> NDArray[np.float64]:
    """Return the place of every pitch in the octave: cents above C, A4 = 440 Hz, 0 to 1200."""
    return np.mod(heard.midi * 100.0, _OCTAVE)


def circle(cents: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weight on every cent of the octave, ``(1200,)``, shared between the two nearest."""
    cents = np.mod(cents, _OCTAVE)
    below = np.floor(cents)
    share = cents - below
    first = below.astype(np.int64) % _OCTAVE
    found = np.bincount(first, weight * (1 - share), minlength=_OCTAVE)
    found += np.bincount((first + 1) % _OCTAVE, weight * share, minlength=_OCTAVE)
    return np.asarray(found)


def smooth(weights: NDArray[np.float64], sigma_cents: float) -> NDArray[np.float64]:
    """Smooth weights ``(..., 1200)`` round the circle with a Gaussian."""
    turns = np.arange(_OCTAVE // 2 + 1) / _OCTAVE
    gain = np.exp(-0.5 * (2 * np.pi * turns * sigma_cents) ** 2)
    return np.asarray(np.fft.irfft(np.fft.rfft(weights) * gain, _OCTAVE))


def pitch_histogram(heard: Sounding) -> PitchHistogram:
    """Return how long each 5 cents of the octave sound, all octaves together.

    Bin ``i`` is centred ``5 i`` cents above C at A4 = 440 Hz.
    """
    bins = np.rint(cents_of(heard) / _STEP).astype(np.int64) % (_OCTAVE // _STEP)
    found = np.bincount(bins, heard.weight, minlength=_OCTAVE // _STEP)
    total = found.sum()
    shares = np.round(found / total, 6) if total > 0 else np.zeros(len(found))
    return PitchHistogram(tuple(shares.tolist()))
