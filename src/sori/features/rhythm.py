"""Rhythm: which periodicities the music has, against the clock and against its own beat."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["ENTRIES", "rhythm"]

_BANDS = 32  # an eighth of an octave each, from 30 to 480 BPM
_RATIOS = (("quarter", 0.25), ("third", 1 / 3), ("half", 0.5), ("two_thirds", 2 / 3), ("three_halves", 1.5),
           ("double", 2.0), ("triple", 3.0), ("quadruple", 4.0))  # fmt: skip

_FRACTIONS = (
    ("quarter", 0.25),
    ("third", 1 / 3),
    ("half", 0.5),
    ("two_thirds", 2 / 3),
    ("three_quarters", 0.75),
    ("one", 1.0),
    ("three_halves", 1.5),
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
)
_REGIONS = ("bass", "middle", "treble")

ENTRIES = (
    *(f"pulse_at_{round(30 * 2 ** ((i + 0.5) / 8))}_bpm" for i in range(_BANDS)),
    *(f"pulse_at_{name}_of_tempo" for name, _ in _RATIOS),
    *(f"{region}_returns_after_{name}_beat" for region in _REGIONS for name, _ in _FRACTIONS),
    "pulse_clarity",
    "onsets_per_s",
    "onset_strength_skew",  # few strong attacks, or many alike
)


def rhythm(
    onset_curves: NDArray[np.float64],
    *,
    rate: float,
    bpm_grid: NDArray[np.float64],
    strength: NDArray[np.float64],
    clarity: float,
    bpm: float | None,
) -> NDArray[np.float32]:
    """Summarise an onset curve and its periodicity.

    Parameters
    ----------
    onset_curves : (4, frames)
        Onsets of everything, bass, middle and treble, of unit deviation, ``rate`` frames a second.
    bpm_grid, strength : (n,)
        Periodicity at each tempo of a logarithmic grid from 30 to 480 BPM.
    clarity : float
        Height of the strongest periodicity, 0 to 1.
    bpm : float or None
        The tempo, if there is one.

    Returns
    -------
    (len(ENTRIES),) float32
        NaN throughout for a recording without onsets.
    """
    if bpm is None or not strength.any():
        return np.full(len(ENTRIES), np.nan, np.float32)
    octave = np.log2(bpm_grid / 30.0) * 8
    # Overlapping bands, so that 118 and 122 BPM are nearly the same and 90 is not.
    weight = np.exp(-0.5 * ((octave[:, None] - (np.arange(_BANDS) + 0.5)) / 0.8) ** 2)
    bands = strength @ weight / weight.sum(axis=0)
    bands -= bands.min()  # what repeats at every tempo alike says nothing
    bands /= max(float(np.linalg.norm(bands)), 1e-9)
    onsets = onset_curves[0]
    at = np.interp(
        np.log2(bpm * np.array([r for _, r in _RATIOS])), np.log2(bpm_grid), strength, left=0.0, right=0.0
    )
    at /= max(float(np.interp(bpm, bpm_grid, strength)), 1e-9)
    peaks = (onsets[1:-1] > onsets[:-2]) & (onsets[1:-1] >= onsets[2:]) & (onsets[1:-1] > 1.0)
    heights = onsets[1:-1][peaks]
    skew = (
        float(np.mean(((heights - heights.mean()) / max(float(heights.std()), 1e-9)) ** 3))
        if len(heights) > 2
        else 0.0
    )
    returns = [_returns(curve, rate * 60 / bpm) for curve in onset_curves[1:]]
    values = [
        *bands,
        *np.minimum(at, 2.0),
        *np.ravel(returns),
        clarity,
        peaks.sum() * rate / len(onsets),
        skew,
    ]
    return np.array(values, np.float32)


def _returns(curve: NDArray[np.float64], period: float) -> NDArray[np.float64]:
    """Correlation of an onset curve with itself after each fraction of a beat of ``period`` frames."""
    from scipy import fft

    size = fft.next_fast_len(len(curve) + math.ceil(4 * period) + 2, real=True)
    spectrum = fft.rfft(curve - curve.mean(), size)
    acf = fft.irfft(np.abs(spectrum) ** 2, size)
    if acf[0] <= 0:
        return np.zeros(len(_FRACTIONS))
    # Beats are not even to the frame: the best of the neighbouring lags is what returned.
    lags = np.round(period * np.array([f for _, f in _FRACTIONS])).astype(np.int64)
    return np.asarray(np.maximum.reduce([acf[lags - 1], acf[lags], acf[lags + 1]]) / acf[0])
