"""Timbre: the shape of the spectrum and how it moves, whatever is played and however loud."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["ENTRIES", "levels_db", "reference_power", "representative", "timbre"]

_COEFFICIENTS = 13
_FLOOR_DB = -60.0
_SECOND = 50  # frames kept together, so that movement is between neighbours
_MAX_FRAMES = 60_000

ENTRIES = (
    *(f"mfcc_{i}_mean_db" for i in range(1, _COEFFICIENTS + 1)),
    *(f"mfcc_{i}_std_db" for i in range(1, _COEFFICIENTS + 1)),
    "brightness_mean_octaves",  # spectral centroid against 1 kHz, on a logarithmic axis
    "brightness_std_octaves",
    "spread_mean_octaves",  # deviation of the spectrum about its centroid
    "flatness_mean_db",  # geometric over arithmetic mean of the bands: 0 noise, below -20 tones
    "flatness_std_db",
    "bass_share",  # power below 200 Hz
    "treble_share",  # power above 4 kHz
    "movement_mean_db",  # mean change of a band from frame to frame (20 ms)
    "movement_std_db",
)


def representative(mel: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a recording's frames, or, past twenty minutes, one second in so many: at most 60,000 frames."""
    seconds = len(mel) // _SECOND
    every = -(-seconds // (_MAX_FRAMES // _SECOND))
    if every <= 1:
        return mel
    return mel[: seconds * _SECOND].reshape(seconds, _SECOND, -1)[::every].reshape(-1, mel.shape[1])


def reference_power(mel: NDArray[np.float32]) -> float:
    """Return the power of the loudest band in the loud frames: what levels are told against."""
    return float(np.quantile(mel.max(axis=1), 0.95)) if len(mel) else 0.0


def levels_db(mel: NDArray[np.float32], reference: float) -> NDArray[np.float32]:
    """Return band levels against a power, floored 60 dB below it, ``(frames, bands)``."""
    if reference <= 0:
        return np.full(mel.shape, _FLOOR_DB, np.float32)
    floor = np.float32(10 ** (_FLOOR_DB / 10))
    return np.asarray(10 * np.log10(np.maximum(mel / np.float32(reference), floor)), np.float32)


def timbre(
    mel: NDArray[np.float32],
    levels: NDArray[np.float32],
    *,
    reference: float,
    centres_hz: NDArray[np.float64],
) -> NDArray[np.float32]:
    """Summarise the frames that sound.

    Parameters
    ----------
    mel, levels : (frames, bands) float32
        Mel power and `levels_db` of it.
    reference : float
        What the levels are told against.
    centres_hz : (bands,)

    Returns
    -------
    (len(ENTRIES),) float32
        NaN throughout when nothing sounds.
    """
    sounding = levels.max(axis=1) > -45.0 if len(levels) else np.zeros(0, bool)
    if sounding.sum() < 2:
        return np.full(len(ENTRIES), np.nan, np.float32)
    level, power = levels[sounding], mel[sounding]
    coefficients = level @ _cosines(level.shape[1])
    octaves = np.log2(centres_hz / 1000.0).astype(np.float32)
    total = power.sum(axis=1)
    # Brightness is heard on levels: the root of power keeps a loud bass from hiding the rest.
    root = np.sqrt(power)
    share = root / root.sum(axis=1, keepdims=True)
    brightness = share @ octaves
    spread = np.sqrt(np.maximum(share @ octaves**2 - brightness**2, 0))
    flatness = level.mean(axis=1) - 10 * np.log10(total / power.shape[1] / np.float32(reference))
    movement = np.abs(np.diff(level, axis=0)).mean(axis=1)
    values = [
        *coefficients.mean(axis=0),
        *coefficients.std(axis=0),
        brightness.mean(),
        brightness.std(),
        spread.mean(),
        flatness.mean(),
        flatness.std(),
        (power[:, centres_hz < 200].sum(axis=1) / total).mean(),
        (power[:, centres_hz > 4000].sum(axis=1) / total).mean(),
        movement.mean(),
        movement.std(),
    ]
    return np.array(values, np.float32)


@lru_cache(maxsize=4)
def _cosines(n: int) -> NDArray[np.float32]:
    """Orthonormal DCT-II of ``n`` bands, coefficients 1 to 13; the level itself, number 0, is left out."""
    order = np.arange(1, _COEFFICIENTS + 1)
    basis = np.cos(np.pi / n * (np.arange(n)[:, None] + 0.5) * order)
    return np.asarray(basis * np.sqrt(2 / n), np.float32)
