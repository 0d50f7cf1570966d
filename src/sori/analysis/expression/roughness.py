"""Roughness: how strongly neighbouring partials beat."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.analysis.expression.signals import checked, magnitudes

__all__ = ["pair_roughness", "roughness"]

_WINDOW_S = 0.186  # partials 20 Hz apart are two
_LOWEST_HZ, _HIGHEST_HZ = 50.0, 5000.0
_BELOW = 10 ** (-40 / 20)  # of the strongest partial
_MOST = 30  # partials of a frame
_CHUNK = 512  # frames looked at together


def pair_roughness(hz: NDArray[np.float64], amplitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the roughness of sets of partials, each pair's added up.

    ``X^0.1 * 0.5 Y^3.11 * Z`` of Vassilakis (2001, 2005): ``X`` the product of two amplitudes, ``Y`` how
    deeply they beat, ``Z`` Plomp and Levelt's curve of distance as Sethares (1993) fitted it. Partials equal
    in frequency are not rough, nor are those an octave apart.

    Parameters
    ----------
    hz, amplitude : (..., partials) float
        Amplitude 0 is no partial.

    Returns
    -------
    (...) float64
    """
    low, high = np.triu_indices(hz.shape[-1], 1)
    product = amplitude[..., low] * amplitude[..., high]
    total = amplitude[..., low] + amplitude[..., high]
    depth = 2 * np.minimum(amplitude[..., low], amplitude[..., high]) / np.maximum(total, 1e-30)
    apart = np.abs(hz[..., low] - hz[..., high])
    scaled = apart * 0.24 / (0.0207 * np.minimum(hz[..., low], hz[..., high]) + 18.96)
    curve = np.exp(-3.5 * scaled) - np.exp(-5.75 * scaled)
    return np.asarray((product**0.1 * 0.5 * depth**3.11 * curve).sum(axis=-1))


def roughness(samples: NDArray[np.float32], *, sample_rate: int) -> float | None:
    """Return the mean roughness of the frames that sound, with the strongest partial of each at 1.

    Frames of 0.19 s, half overlapping; partials from 50 Hz to 5 kHz, at most 30 a frame and down to 40 dB
    below the strongest. A pure tone is 0, a fifth of two rich tones about 1, dense and distorted sound more.
    ``None`` for silence and for less than a frame.
    """
    x = checked(samples)
    n_fft = 1 << round(np.log2(_WINDOW_S * sample_rate))
    if len(x) < n_fft:
        return None
    spectrum, _ = magnitudes(x, sample_rate=sample_rate, n_fft=n_fft)
    energy = np.einsum("ij,ij->i", spectrum, spectrum, dtype=np.float64)
    loud = np.flatnonzero(energy > 1e-3 * max(float(np.quantile(energy, 0.95)), 1e-12))
    if not len(loud):
        return None
    found = [
        pair_roughness(*_partials(spectrum[loud[begin : begin + _CHUNK]], sample_rate / n_fft))
        for begin in range(0, len(loud), _CHUNK)
    ]
    return float(np.average(np.concatenate(found), weights=np.sqrt(energy[loud])))


def _partials(
    spectrum: NDArray[np.float32], bin_hz: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return frequencies and amplitudes of the strongest peaks of each frame, 0 where there are fewer."""
    low, high = int(_LOWEST_HZ / bin_hz), min(int(_HIGHEST_HZ / bin_hz), spectrum.shape[1] - 2)
    part = spectrum[:, low - 1 : high + 2].astype(np.float64)
    middle = part[:, 1:-1]
    peak = (middle > part[:, :-2]) & (middle >= part[:, 2:])
    heights = np.where(peak, middle, 0.0)
    most = min(_MOST, heights.shape[1])
    at = np.argpartition(heights, -most, axis=1)[:, -most:]
    rows = np.arange(len(part))[:, None]
    a, b, c = (np.log(np.maximum(part[rows, at + side], 1e-20)) for side in (0, 1, 2))
    offset = np.clip(0.5 * (a - c) / np.minimum(a - 2 * b + c, -1e-9), -0.5, 0.5)
    amplitude = heights[rows, at]
    top = np.maximum(amplitude.max(axis=1, keepdims=True), 1e-20)
    amplitude = np.where(amplitude > _BELOW * top, amplitude / top, 0.0)
    return (at + low + offset) * bin_hz, amplitude
