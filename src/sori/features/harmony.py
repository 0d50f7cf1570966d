"""Harmony: the pitch classes a piece uses and how they follow each other, in any key."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["ENTRIES", "beat_chroma", "harmony", "progression"]

_WINDOW = 64  # beats: about sixteen bars
_PITCH, _TIME = 6, 6  # how many periods round the circle of pitch classes, and over the window

ENTRIES = (
    *(f"pitch_class_{i}_above_tonic" for i in range(12)),
    *(f"progression_{p}_pitch_{t:+d}_time" for p in range(1, _PITCH + 1) for t in range(-_TIME, _TIME + 1)),
    "changes_per_beat",  # how much of the chroma is new at each beat
    "pitch_class_entropy_bits",
    "major_minus_minor",  # how much better the best major key fits than the best minor one
)


def beat_chroma(
    chroma: NDArray[np.float64], rate: float, beats_s: NDArray[np.float64], duration_s: float
) -> NDArray[np.float64]:
    """Average chroma ``(frames, 12)`` between beats; else over half seconds. Rows have unit norm."""
    if len(beats_s) < 8:
        beats_s = np.arange(0, duration_s, 0.5)
    edges = np.clip(np.round(beats_s * rate).astype(np.int64), 0, len(chroma))
    total = np.vstack([np.zeros(12), np.cumsum(chroma, axis=0)])
    spans = np.maximum(np.diff(edges), 1)[:, None]
    rows = np.sqrt(
        np.maximum(total[np.minimum(edges[:-1] + spans[:, 0], len(chroma))] - total[edges[:-1]], 0) / spans
    )
    norm = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(norm, 1e-9))


def progression(rows: NDArray[np.float64], time: int) -> NDArray[np.float64]:
    """Return the two-dimensional Fourier magnitude of beat chroma, averaged over the recording.

    Moving a piece to another key or starting it later only turns phases, so the magnitudes say
    which progressions there are, wherever they are (Bertin-Mahieux & Ellis 2012).

    Returns
    -------
    (6 * (2 * time + 1),) float64 of unit norm
    """
    if len(rows) < _WINDOW:
        rows = np.pad(rows, ((0, _WINDOW - len(rows)), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(rows, _WINDOW, axis=0)[:: _WINDOW // 4]
    magnitude = np.abs(np.fft.fft2(windows - windows.mean(axis=(1, 2), keepdims=True), axes=(1, 2)))
    mean = np.median(magnitude, axis=0)
    patch = mean[1 : _PITCH + 1][:, np.arange(-time, time + 1)].ravel()
    patch = np.sqrt(patch)  # a few strong periods must not be all there is
    return np.asarray(patch / max(float(np.linalg.norm(patch)), 1e-9))


def harmony(rows: NDArray[np.float64], *, tonic: int | None, major_minus_minor: float) -> NDArray[np.float32]:
    """Summarise beat chroma ``(beats, 12)``; ``tonic`` counts from C; NaN throughout without one."""
    if tonic is None or not rows.any():
        return np.full(len(ENTRIES), np.nan, np.float32)
    mean = rows.mean(axis=0)
    share = mean / mean.sum()
    entropy = -float(np.sum(share * np.log2(np.maximum(share, 1e-9))))
    changes = 1 - float(np.mean(np.sum(rows[1:] * rows[:-1], axis=1))) if len(rows) > 1 else 0.0
    values = [*np.roll(share, -tonic), *progression(rows, _TIME), changes, entropy, major_minus_minor]
    return np.array(values, np.float32)
