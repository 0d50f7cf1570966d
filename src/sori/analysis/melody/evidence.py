"""How likely each candidate period is the pitch, and how likely nothing is voiced.

One logistic model for the candidates of a frame and for none of them, fitted by
``python -m bench.accuracy.pitch_fit`` to synthesised voices and instruments, clean, in noise and in rooms.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.analysis.melody.yin import Candidates

__all__ = ["candidate_evidence", "candidate_features", "frame_features", "voicing_evidence"]

Floats = NDArray[np.float32]

_LOUD = 0.95  # quantile of frame levels that stands for how loud the voice is
# In the order of `candidate_features` and `frame_features`; the last is the constant.
_CANDIDATE = np.array(
    [-2.8141, -0.5687, 7.1763, 0.7973, -10.5724, -9.3533, 1.8464, -0.6880, -0.9139, 1.2072, 13.0814, 0.5321],
    np.float32,
)
_NONE = np.array([-0.2416, -0.1501, -5.4363, 1.2147, 1.6829, -3.3051], np.float32)


def candidate_features(found: Candidates) -> Floats:
    """Return what tells a right candidate from a wrong one, ``(frames, n, features)``.

    How far from periodic it is, alone and beside all shorter periods, half of it, twice of it and the
    best of the frame; and its octave about 220 Hz.
    """
    d, half, shorter = found.difference, found.half - found.difference, found.shorter - found.difference
    octave = np.log2(np.maximum(found.hz, 30.0) / 220.0)
    parts = (
        d,
        np.log(d + 0.01),
        np.clip(shorter, -0.5, 0.5),
        np.clip(half, -0.2, 1.0),
        np.clip(found.double - d, -0.3, 0.3),
        d - d.min(axis=1, keepdims=True),
        octave,
        octave * octave,
        octave * d,
        np.clip(shorter, -0.5, 0.0),
        np.minimum(half, 0.1),
    )
    return np.stack(parts, axis=-1, dtype=np.float32)


def frame_features(found: Candidates) -> Floats:
    """Return what tells voiced frames from others, ``(frames, features)``: periodicity and level."""
    best = found.difference.min(axis=1)
    level = 10 * np.log10(found.power + 1e-10)
    level = np.clip(level - np.quantile(level, _LOUD), -60, 0) / 20
    among = np.sort(found.difference, axis=1)[:, :4].mean(axis=1)
    return np.stack((best, np.log(best + 0.01), level, level * level, among), axis=-1, dtype=np.float32)


def candidate_evidence(found: Candidates) -> Floats:
    """Return the log probability ``(frames, n)`` that each candidate is the pitch, at least -20."""
    odds = candidate_features(found) @ _CANDIDATE[:-1] + _CANDIDATE[-1]
    odds = np.where(found.hz > 0, odds, np.float32(-20.0))
    none = frame_features(found) @ _NONE[:-1] + _NONE[-1]
    total = np.logaddexp(none, np.logaddexp.reduce(odds, axis=1))
    return np.asarray(np.maximum(odds - total[:, None], np.float32(-20.0)))


def voicing_evidence(chance: Floats, path: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return log probabilities ``(frames, 2)`` of unvoiced and voiced, and that the pitch is right.

    ``chance`` is of `candidate_evidence`, ``path`` the candidate that was chosen in each frame.
    """
    chosen = chance[np.arange(len(path)), path]
    any_of_them = np.minimum(np.logaddexp.reduce(chance, axis=1), np.float32(-1e-6))
    none = np.log(-np.expm1(any_of_them))
    return np.stack([none, any_of_them], axis=1), np.exp(chosen)
