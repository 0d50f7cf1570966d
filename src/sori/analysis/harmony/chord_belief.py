"""How well every chord fits every moment."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from sori.analysis.harmony.salience import N_REGISTERS, SALIENCE_RATE, note_salience, registers
from sori.analysis.harmony.vocabulary import N_CHORDS, NO_CHORD, QUALITIES, templates
from sori.spectral.partials import Partials
from sori.weights import network

__all__ = ["ChordBelief", "belief_by_templates", "chord_belief"]

# What templates know of music: plain triads are commoner than anything else.
_PRIOR = {"maj": 0.0, "min": 0.0, "7": -1.0, "maj7": -1.0, "min7": -0.7, "sus2": -1.2, "sus4": -1.2}
_RARE = -2.5
_SHARPNESS = 10.0
_BASS_SHARE = 0.12
_SILENT = 0.35

_PART, _REACH = 4096, 112  # frames at once, and how far about itself the network looks


@dataclasses.dataclass(frozen=True)
class ChordBelief:
    """Logarithms of the belief in each chord, each bass note and each key, frame by frame.

    Attributes
    ----------
    rate : float
        Frames a second; frame ``k`` lasts from ``k / rate + start_s`` for ``1 / rate`` seconds.
    start_s : float
    chord : (frames, N_CHORDS) float32
        Numbered as in `sori.analysis.harmony.vocabulary`.
    bass : (frames, 12) float32
        Pitch class of the lowest voice, from C.
    key : (frames, 24) float32 or None
        The major keys from C, then the minor ones; None where the method does not hear any.
    """

    rate: float
    start_s: float
    chord: NDArray[np.float32]
    bass: NDArray[np.float32]
    key: NDArray[np.float32] | None = None


def chord_belief(found: Partials, cents: float) -> ChordBelief:
    """Ask the network (``weights/chords.md``), which hears every root alike.

    Parameters
    ----------
    found : Partials
    cents : float
        Tuning above A4 = 440 Hz.
    """
    seen = registers(note_salience(found, cents), found.rate)
    seen = seen.reshape(1, len(seen), -1)
    session = network("chords")
    n = seen.shape[1]
    chord, bass, key = (np.zeros((n, entries), np.float32) for entries in (N_CHORDS, 12, 24))
    for start in range(0, n, _PART):
        low, end = max(0, start - _REACH), min(n, start + _PART)
        part = seen[:, low : min(n, end + _REACH)]
        heard = session.run(None, {"registers": part})
        for out, answer in zip((chord, bass, key), heard, strict=True):
            out[start:end] = answer[0, start - low : end - low]
    return ChordBelief(SALIENCE_RATE, _start_s(found.rate), chord, bass, key)


def _start_s(rate: float) -> float:
    """Return when the first frame of the chord listeners begins, from the rate of the peaks."""
    return -0.5 / rate


def belief_by_templates(found: Partials, cents: float) -> ChordBelief:
    """Compare the pitch classes with each chord's own notes (Fujishima, ICMC 1999); learned from nothing.

    Parameters
    ----------
    found : Partials
    cents : float
        Tuning above A4 = 440 Hz.
    """
    seen = registers(note_salience(found, cents), found.rate)
    heard = np.asarray(seen[:, : N_REGISTERS - 1].sum(axis=1))
    low = np.asarray(seen[:, 0] + 0.5 * seen[:, 1])
    smooth = _smooth(heard)
    chords = templates()
    unit = chords / np.maximum(np.linalg.norm(chords, axis=1, keepdims=True), 1)
    score = _unit(smooth) @ unit.T
    bass = _unit(_smooth(low))
    roots = np.append(np.arange(N_CHORDS - 1) // len(QUALITIES), 0)
    score += _BASS_SHARE * bass[:, roots]
    score *= _SHARPNESS
    score += np.append(np.tile([_PRIOR.get(name, _RARE) for name in QUALITIES], 12), 0)
    loud = seen[:, N_REGISTERS - 1, 0]
    score[:, NO_CHORD] = _SHARPNESS * np.where(loud < _SILENT, 2.0, 0.62)
    return ChordBelief(
        SALIENCE_RATE, _start_s(found.rate), _log_softmax(score), _log_softmax(np.float32(6) * bass)
    )


def _smooth(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Average over three frames."""
    if len(x) < 3:
        return x
    padded = np.concatenate([x[:1], x, x[-1:]])
    return np.asarray((padded[:-2] + padded[1:-1] + padded[2:]) / 3, np.float32)


def _unit(x: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-6), np.float32)


def _log_softmax(x: NDArray[np.float32]) -> NDArray[np.float32]:
    x = x - x.max(axis=1, keepdims=True)
    return np.asarray(x - np.log(np.exp(x).sum(axis=1, keepdims=True)), np.float32)
