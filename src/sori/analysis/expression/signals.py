"""What every listener of expression asks of its waveform."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sori.arrays import to_numpy
from sori.errors import ParameterError
from sori.spectral.stft import stft

__all__ = ["checked", "magnitudes"]

_ENOUGH_S, _PIECE_S = 1200.0, 10.0


def checked(samples: ArrayLike) -> NDArray[np.float32]:
    """Return samples as float32.

    Raises
    ------
    ParameterError
        For more than one channel, and for NaN or infinity.
    """
    x = to_numpy(samples)
    if x.ndim != 1:
        raise ParameterError(f"got shape {x.shape}, want one channel (time,): mix down first")
    x = np.asarray(x, np.float32)
    if not np.isfinite(x).all():
        raise ParameterError("got samples that are NaN or infinite, want numbers: repair them first")
    return x


def magnitudes(
    x: NDArray[np.float32], *, sample_rate: int, n_fft: int
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Return spectra of half overlapping frames, ``(frames, bins)``, and the middle of each in seconds.

    Of more than twenty minutes, ten seconds in so many: twenty minutes in all, so that memory is bounded.
    """
    hop = n_fft // 2
    piece = max(n_fft, round(_PIECE_S * sample_rate))
    every = max(1, -(-len(x) // round(_ENOUGH_S * sample_rate)))
    starts = range(0, len(x), piece * every) if every > 1 else (0,)
    parts, middles = [], []
    for start in starts:
        part = x[start : start + piece] if every > 1 else x
        if len(part) < n_fft:
            continue
        parts.append(np.abs(stft(part, n_fft=n_fft, hop_length=hop, center=False)).T)
        middles.append((start + np.arange(len(parts[-1])) * hop + n_fft / 2) / sample_rate)
    return np.concatenate(parts), np.concatenate(middles)
