"""How loud a voice is, and where notes may set in: `level`, `onset_flux`; `own_level` among other voices."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.spectral.flux import spectral_flux
from sori.spectral.mel import mel_spectrogram
from sori.spectral.stft import stft

__all__ = ["level", "onset_flux", "own_level"]

Floats = NDArray[np.float64]

_WINDOW_S = 0.0232
_OWN_WINDOW_S = 0.0464  # neighbouring harmonics of a tune must part
_HARMONICS = 8
_HIGHEST_HZ = 6000.0
_SILENT_DB = -200.0
_FLOOR_DB = -50.0  # under the voice's strongest moment
_PART = 2000  # moments at once


def level(mono: NDArray[np.float32], *, sample_rate: float, step_s: float, count: int) -> Floats:
    """Return the level in dB of all that sounds, at ``count`` moments ``step_s`` apart."""
    size = _window(sample_rate)
    at = np.minimum(np.round(np.arange(count) * step_s * sample_rate).astype(np.int64), max(0, len(mono) - 1))
    low, high = np.maximum(at - size // 2, 0), np.minimum(at + size // 2, len(mono))
    energy = np.empty(count)
    for begin in range(0, count, _PART):  # hours of music in constant memory
        part = slice(begin, begin + _PART)
        first = low[begin]
        squares = np.cumsum(np.square(mono[first : high[part][-1]], dtype=np.float64))
        squares = np.concatenate([np.zeros(1), squares])
        energy[part] = squares[high[part] - first] - squares[low[part] - first]
    return np.asarray(10 * np.log10(np.maximum(energy / size, 1e-10)))


def onset_flux(mono: NDArray[np.float32], *, sample_rate: float, step_s: float, count: int) -> Floats:
    """Return the spectral flux at the same moments."""
    if not len(mono):
        return np.zeros(count)
    hop = max(1, round(step_s * sample_rate))
    n_fft = 2 * _window(sample_rate)
    frames = 1 + len(mono) // hop
    parts = []
    for begin in range(0, frames, _PART):  # hours of music in constant memory
        end = min(frames, begin + _PART)
        first, last = begin * hop - n_fft // 2, (end - 1) * hop + n_fft - n_fft // 2
        around = np.pad(mono[max(0, first) : last], (max(0, -first), max(0, last - len(mono))))
        parts.append(
            mel_spectrogram(
                around,
                sample_rate=sample_rate,
                n_fft=n_fft,
                hop_length=hop,
                n_mels=40,
                fmin=60.0,
                fmax=min(8000.0, sample_rate / 2),
                center=False,
            )
        )
    mel = np.concatenate(parts, axis=-1)
    decibels = 10 * np.log10(mel + 1e-5 * max(float(mel.max()), 1e-9))
    flux = spectral_flux(decibels, lag=2, max_size=3, mean=True)
    return np.asarray(np.interp(np.arange(count) * step_s, np.arange(len(flux)) * hop / sample_rate, flux))


def _window(sample_rate: float) -> int:
    return max(64, 2 * round(_WINDOW_S / 2 * sample_rate))


def own_level(mono: NDArray[np.float32], hz: Floats, *, sample_rate: float, step_s: float) -> Floats:
    """Return the level in dB of the harmonics of a pitch at every moment of it, other voices left out."""
    n_fft = 1 << round(np.log2(_OWN_WINDOW_S * sample_rate))
    hop = max(1, round(step_s * sample_rate))
    numbers = np.arange(1, _HARMONICS + 1)
    found = np.full(len(hz), _SILENT_DB)
    at = np.round(np.arange(len(hz)) * step_s * sample_rate / hop).astype(np.int64)
    for begin in range(0, len(hz), _PART):
        end = min(len(hz), begin + _PART)
        first = int(at[begin])
        start = first * hop - n_fft // 2
        samples = mono[max(0, start) : (int(at[end - 1]) + 1) * hop + n_fft // 2]
        samples = np.pad(samples, (max(0, -start), n_fft))
        power = np.abs(stft(samples, n_fft=n_fft, hop_length=hop, center=False)).T ** 2
        rows = np.minimum(at[begin:end] - first, len(power) - 1)[:, None]
        harmonics = hz[begin:end, None] * numbers
        inside = (harmonics > 0) & (harmonics < min(_HIGHEST_HZ, 0.45 * sample_rate))
        bins = np.clip(np.rint(harmonics * n_fft / sample_rate).astype(np.int64), 1, power.shape[1] - 2)
        heights = sum(power[rows, bins + side].astype(np.float64) for side in (-1, 0, 1))
        total = np.asarray(heights * inside).sum(axis=1)
        found[begin:end] = 10 * np.log10(np.maximum(total, 10 ** (_SILENT_DB / 10)))
    return np.asarray(np.maximum(found, found.max(initial=_SILENT_DB) + _FLOOR_DB))
