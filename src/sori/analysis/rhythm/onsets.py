"""Onset curves: how suddenly the spectrum grows, everywhere and in three regions of pitch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.analysis.material import FMAX_HZ, FMIN_HZ, N_MELS
from sori.spectral.mel import mel_centres_hz

__all__ = ["onset_curves"]

_CHUNK = 1 << 14  # frames looked at together
_CENTRES_HZ = mel_centres_hz(n_mels=N_MELS, fmin=FMIN_HZ, fmax=FMAX_HZ)
_REGIONS = tuple(
    slice(*np.searchsorted(_CENTRES_HZ, edges)) for edges in ((0, 200), (200, 4000), (4000, np.inf))
)


def onset_curves(mel: NDArray[np.float32], reference: float) -> NDArray[np.float64]:
    """Return how much the spectrum grows at each frame: all of it, the bass, the middle and the treble.

    Spectral flux of the logarithm, against the loudest of the neighbouring bands 40 ms earlier
    so that vibrato is no onset (SuperFlux, Boeck & Widmer 2013). Independent of playback level.

    Parameters
    ----------
    mel : (frames, bands) float32
    reference : float
        Power of the loudest band in the loud frames.

    Returns
    -------
    (4, frames) float64
        Local mean taken off, unit deviation; zeros where nothing begins. Bass is below 200 Hz,
        treble above 4 kHz.
    """
    n = len(mel)
    curves = np.zeros((1 + len(_REGIONS), n))
    if reference <= 0 or n < 4:
        return curves
    scale = np.float32(1e3 / reference)
    for begin in range(0, n, _CHUNK):  # hours of music in constant memory
        part = _flux(np.log1p(mel[max(0, begin - 1) : begin + _CHUNK + 1] * scale))
        first = 1 if begin == 0 else begin
        curves[:, first : first + part.shape[1]] = part
    for curve in curves:
        curve -= _moving_mean(curve, 25)
        np.maximum(curve, 0, out=curve)
        deviation = curve.std()
        curve *= 1 / deviation if deviation > 1e-6 else 0.0
    return curves


def _flux(level: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean rise of all bands and of each region over two frames; two frames fewer, each on its middle."""
    before = level[:-2]
    widest = before.copy()
    np.maximum(widest[:, 1:], before[:, :-1], out=widest[:, 1:])
    np.maximum(widest[:, :-1], before[:, 1:], out=widest[:, :-1])
    rise = level[2:] - widest
    np.maximum(rise, 0, out=rise)
    return np.stack([rise.mean(axis=1), *(rise[:, bands].mean(axis=1) for bands in _REGIONS)])


def _moving_mean(x: NDArray[np.float64], half: int) -> NDArray[np.float64]:
    """Mean over ``2 half + 1`` values around each; fewer at the ends."""
    total = np.concatenate([[0.0], np.cumsum(x)])
    index = np.arange(len(x))
    low, high = np.maximum(index - half, 0), np.minimum(index + half + 1, len(x))
    return np.asarray((total[high] - total[low]) / (high - low))
