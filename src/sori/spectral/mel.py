"""Mel filter banks: triangles that are evenly spaced on a scale of pitch as the ear ranks it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sori.units import hz_to_mel, mel_to_hz

__all__ = ["mel_centres_hz", "mel_filterbank"]


@lru_cache(maxsize=8)
def mel_filterbank(
    *, sample_rate: int, n_fft: int, n_mels: int, fmin: float, fmax: float
) -> NDArray[np.float64]:
    """Return triangles of unit area on Slaney's mel scale.

    Returns
    -------
    (n_mels, n_fft // 2 + 1) float64
        Row ``m`` rises from the centre of band ``m - 1`` to its own and falls to the next.
        Multiply with a power spectrum ``(..., n_fft // 2 + 1)``. Do not write to it: it is cached.
    """
    edges = mel_to_hz(np.linspace(hz_to_mel(fmin), hz_to_mel(fmax), n_mels + 2))
    bins = np.arange(n_fft // 2 + 1) * (sample_rate / n_fft)
    low, centre, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    bank = np.maximum(0.0, np.minimum((bins - low) / (centre - low), (high - bins) / (high - centre)))
    bank *= 2.0 / (high - low)
    bank.setflags(write=False)
    return bank


def mel_centres_hz(*, n_mels: int, fmin: float, fmax: float) -> NDArray[np.float64]:
    """Return the centre frequency of each band, Hz."""
    return np.asarray(mel_to_hz(np.linspace(hz_to_mel(fmin), hz_to_mel(fmax), n_mels + 2))[1:-1])
