"""How likely each candidate period is the pitch, and how likely nothing is voiced.

Two very small networks, one for a candidate and one for none of them, give the odds; they were fitted
by ``python -m bench.accuracy.pitch_fit`` to synthesised voices and instruments, clean, in noise and in
rooms. Their 440 weights are in ``evidence.json``.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sori.analysis.melody.yin import Candidates

__all__ = ["candidate_evidence", "candidate_features", "frame_features", "voicing_evidence"]

Floats = NDArray[np.float32]

_LOUD = 0.95  # quantile of levels that stands for how loud the voice is
_FLOOR = 0.005  # difference: periods better than that are perfect
_RESTS = 0.8  # log odds: what was fitted to rests 18 % of the time, people about a third
_NOTHING = -20.0  # log probability of what is not there


def candidate_features(found: Candidates) -> Floats:
    """Return what tells a right candidate from a wrong one, ``(frames, n, features)``.

    How far from periodic it is, alone and beside all shorter periods, half of it, twice of it and the
    best of the frame; and its octave about 220 Hz.
    """
    d, half, shorter = found.difference, found.half - found.difference, found.shorter - found.difference
    octave = np.log2(np.maximum(found.hz, 30.0) / 220.0)
    log = np.log(d + _FLOOR)
    parts = (
        d,
        log,
        np.clip(shorter, -0.5, 0.5),
        np.clip(half, -0.2, 1.0),
        np.clip(found.double - d, -0.3, 0.3),
        d - d.min(axis=1, keepdims=True),
        octave,
        octave * octave,
        octave * d,
        np.clip(shorter, -0.5, 0.0),
        np.minimum(half, 0.1),
        log - np.log(found.half + _FLOOR),
        log - np.log(found.shorter + _FLOOR),
        log - log.min(axis=1, keepdims=True),
    )
    return np.stack(parts, axis=-1, dtype=np.float32)


def frame_features(found: Candidates, near: Floats) -> Floats:
    """Return what tells voiced frames from others, ``(frames, features)``: periodicity and level.

    ``near`` is the mean square close to each moment, ``(frames,)``.
    """
    best = found.difference.min(axis=1)
    level = _beside_loud(found.power, 0.0)
    close = _beside_loud(near, 5.0)
    among = np.sort(found.difference, axis=1)[:, :4].mean(axis=1)
    parts = (
        best,
        np.log(best + _FLOOR),
        level,
        level * level,
        among,
        close,
        close * close,
        close - level,
        best * close,
    )
    return np.stack(parts, axis=-1, dtype=np.float32)


def candidate_evidence(found: Candidates, near: Floats) -> Floats:
    """Return the log probability ``(frames, n)`` that each candidate is the pitch, at least -20."""
    odds = _odds("candidate", candidate_features(found))
    odds = np.where(found.hz > 0, odds, np.float32(_NOTHING))
    none = _odds("none", frame_features(found, near)) + np.float32(_RESTS)
    total = np.logaddexp(none, np.logaddexp.reduce(odds, axis=1))
    return np.asarray(np.maximum(odds - total[:, None], np.float32(_NOTHING)))


def _beside_loud(power: Floats, most: float) -> Floats:
    """Return levels in units of 20 dB beside the loud frames'."""
    level = 10 * np.log10(power + 1e-10)
    return np.asarray(np.clip(level - np.quantile(level, _LOUD), -60, most) / 20)


def _odds(name: str, features: Floats) -> Floats:
    """Return what the network of a name, one layer of hyperbolic tangents, makes of features."""
    inner, inner_bias, outer, outer_bias = _weights()[name]
    hidden = features @ inner
    hidden += inner_bias
    return np.asarray(np.tanh(hidden, out=hidden) @ outer + outer_bias)


@lru_cache(maxsize=1)
def _weights() -> dict[str, tuple[Floats, Floats, Floats, Floats]]:
    stored = json.loads((Path(__file__).parent / "evidence.json").read_text(encoding="utf-8"))
    return {
        name: (
            np.array(part["inner"], np.float32).T.copy(),
            np.array(part["inner_bias"], np.float32),
            np.array(part["outer"], np.float32),
            np.array(part["outer_bias"], np.float32),
        )
        for name, part in stored.items()
    }


def voicing_evidence(chance: Floats, path: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return log probabilities ``(frames, 2)`` of unvoiced and voiced, and that the pitch is right.

    ``chance`` is of `candidate_evidence`, ``path`` the candidate that was chosen in each frame.
    """
    chosen = chance[np.arange(len(path)), path]
    any_of_them = np.minimum(np.logaddexp.reduce(chance, axis=1), np.float32(-1e-6))
    none = np.log(-np.expm1(any_of_them))
    return np.stack([none, any_of_them], axis=1), np.exp(chosen)
