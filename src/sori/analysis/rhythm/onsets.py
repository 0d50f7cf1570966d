"""Onsets: how suddenly the spectrum grows, everywhere and in three regions of pitch, and when notes begin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.analysis.material import FMAX_HZ, FMIN_HZ, MEL_RATE, N_MELS
from sori.events import Onsets
from sori.spectral.mel import mel_centres_hz

__all__ = ["REGIONS", "onset_curves", "onsets", "vertex"]

_CHUNK = 1 << 14  # frames looked at together
_NEAR = 3  # frames on either side that a peak is the highest of
_ABOVE, _ABOVE_MEAN = 0.1, 0.3  # what it stands above: deviations, and times the mean of its second
_DELAY_S = -0.008  # from where the curve is highest to where the note begins
_CENTRES_HZ = mel_centres_hz(n_mels=N_MELS, fmin=FMIN_HZ, fmax=FMAX_HZ)
REGIONS = tuple(
    slice(*np.searchsorted(_CENTRES_HZ, edges)) for edges in ((0, 200), (200, 4000), (4000, np.inf))
)
"""Mel bands of the bass (below 200 Hz), the middle and the treble (from 4 kHz)."""


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
    curves = np.zeros((1 + len(REGIONS), n))
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
    return np.stack([rise.mean(axis=1), *(rise[:, bands].mean(axis=1) for bands in REGIONS)])


def _moving_mean(x: NDArray[np.float64], half: int) -> NDArray[np.float64]:
    """Mean over ``2 half + 1`` values around each; fewer at the ends."""
    total = np.concatenate([[0.0], np.cumsum(x)])
    index = np.arange(len(x))
    low, high = np.maximum(index - half, 0), np.minimum(index + half + 1, len(x))
    return np.asarray((total[high] - total[low]) / (high - low))


def onsets(curves: NDArray[np.float64]) -> Onsets:
    """Pick when notes and hits begin.

    A peak of the onset curve that stands out of its own 120 ms and of the average second around it
    (Boeck, Krebs & Schedl 2012), placed between frames by a parabola.

    Parameters
    ----------
    curves : (4, frames)
        `onset_curves`; the first is looked at.
    """
    curve = curves[0]
    if len(curve) < 3 or not curve.any():
        return Onsets((), ())
    padded = np.pad(curve, _NEAR)
    highest = np.lib.stride_tricks.sliding_window_view(padded, 2 * _NEAR + 1).max(axis=1)
    threshold = _ABOVE + _ABOVE_MEAN * _moving_mean(curve, 25)
    at = np.flatnonzero((curve == highest) & (curve > threshold))
    if not len(at):
        return Onsets((), ())
    at = at[np.concatenate([[True], np.diff(at) > 1])]  # of equal neighbours the first
    times = np.maximum((at + vertex(curve, at)) / MEL_RATE + _DELAY_S, 0.0)
    strengths = np.minimum(curve[at] / curve[at].max(), 1.0)
    return Onsets(
        tuple(float(t) for t in np.round(times, 4)), tuple(float(s) for s in np.round(strengths, 4))
    )


def vertex(curve: NDArray[np.float64], at: NDArray[np.intp]) -> NDArray[np.float64]:
    """Offset of the true maximum from each index ``(n,)``, in frames, within half a frame."""
    inside = np.clip(at, 1, len(curve) - 2)
    a, b, c = curve[inside - 1], curve[inside], curve[inside + 1]
    bend = a - 2 * b + c
    with np.errstate(divide="ignore", invalid="ignore"):
        offset = np.where(bend < 0, 0.5 * (a - c) / bend, 0.0)
    return np.asarray(np.where(inside == at, np.clip(np.nan_to_num(offset), -0.5, 0.5), 0.0))
