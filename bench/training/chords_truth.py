"""Chord labels as numbers, frame by frame."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sori.analysis.harmony.salience import SALIENCE_RATE
from sori.analysis.harmony.vocabulary import NO_CHORD, QUALITIES, templates
from sori.units import PITCH_CLASSES

__all__ = ["UNKNOWN", "chord_number", "frame_keys", "frame_truth", "transposed"]

UNKNOWN = -100
"""What losses leave out."""

_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_DEGREES = {"1": 0, "2": 2, "3": 4, "4": 5, "5": 7, "6": 9, "7": 11, "9": 2, "11": 5, "13": 9}
_SIMPLER = {
    "": "maj", "9": "7", "11": "7", "13": "7", "maj9": "maj7", "maj13": "maj7",
    "min9": "min7", "min11": "min7",
    "min13": "min7", "6": "maj6", "maj(9)": "maj", "min(9)": "min", "7(b9)": "7", "7(#9)": "7",
    "sus4(7)": "sus4(b7)",
    "7sus4": "sus4(b7)", "add9": "maj", "madd9": "min", "maj6(9)": "maj6",
}  # fmt: skip
_LABEL = re.compile(r"([A-G])([#b]*)(?::([^/]*))?(?:/([#b]*)(\d+))?$")
_NAMES = tuple(QUALITIES)


def chord_number(label: str) -> tuple[int, int]:
    """Return a Harte label's number in the vocabulary and the pitch class of its bass, or UNKNOWN."""
    if label in ("N", ""):
        return NO_CHORD, UNKNOWN
    match = _LABEL.match(label)
    if match is None:
        return UNKNOWN, UNKNOWN
    letter, signs, quality, bass_signs, degree = match.groups()
    root = (_LETTERS[letter] + signs.count("#") - signs.count("b")) % 12
    name = quality or ""
    name = _SIMPLER.get(name, name)
    bass = root
    if degree is not None:
        bass = (root + _DEGREES[degree] + bass_signs.count("#") - bass_signs.count("b")) % 12
    if name not in QUALITIES:
        return UNKNOWN, bass
    return root * len(QUALITIES) + _NAMES.index(name), bass


def transposed(label: str, semitones: int) -> str:
    """Move the root of a label."""
    match = _LABEL.match(label)
    if match is None or label == "N":
        return label
    root = (_LETTERS[match[1]] + match[2].count("#") - match[2].count("b") + semitones) % 12
    return PITCH_CLASSES[root] + label[len(match[1]) + len(match[2]) :]


def frame_truth(
    chords: Sequence[tuple[float, float, str]], n_frames: int, *, start_s: float, speed: float = 1.0
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Return chord numbers, bass and notes ``(frames, 12)`` at the middle of each frame.

    The first frame begins at ``start_s``; ``speed`` is how much faster than the truth the frames go.
    """
    middle = start_s + (np.arange(n_frames) + 0.5) * speed / SALIENCE_RATE
    chord = np.full(n_frames, UNKNOWN, np.int64)
    bass = np.full(n_frames, UNKNOWN, np.int64)
    for start, end, label in chords:
        span = slice(*np.searchsorted(middle, [start, end]))
        chord[span], bass[span] = chord_number(label)
    rows = templates()
    notes = np.where(chord[:, None] >= 0, rows[np.maximum(chord, 0)], np.float32(UNKNOWN))
    return chord, bass, notes.astype(np.float32)


def frame_keys(
    keys: Sequence[tuple[float, float, int, str]], n_frames: int, *, start_s: float, speed: float = 1.0
) -> NDArray[np.int64]:
    """Return the key at the middle of each frame: tonic from C, minor ones from 12 on, or UNKNOWN."""
    middle = start_s + (np.arange(n_frames) + 0.5) * speed / SALIENCE_RATE
    out = np.full(n_frames, UNKNOWN, np.int64)
    for start, end, tonic, mode in keys:
        out[slice(*np.searchsorted(middle, [start, end]))] = tonic + 12 * (mode == "minor")
    return out
