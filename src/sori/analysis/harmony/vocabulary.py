"""The chords that can be heard, and how they are written (Harte et al., ISMIR 2005)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.events import Key
from sori.theory.keys import conventional_key
from sori.theory.spelling import spell
from sori.units import PITCH_CLASSES

__all__ = ["INTERVALS", "NO_CHORD", "N_CHORDS", "QUALITIES", "chord_label", "spelling", "templates"]

QUALITIES: dict[str, tuple[int, ...]] = {
    "maj": (0, 4, 7),
    "min": (0, 3, 7),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "min7": (0, 3, 7, 10),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "sus4(b7)": (0, 5, 7, 10),
    "dim": (0, 3, 6),
    "hdim7": (0, 3, 6, 10),
    "dim7": (0, 3, 6, 9),
    "aug": (0, 4, 8),
    "maj6": (0, 4, 7, 9),
    "min6": (0, 3, 7, 9),
    "minmaj7": (0, 3, 7, 11),
}
"""Semitones above the root of every quality, by its name."""

N_CHORDS = 12 * len(QUALITIES) + 1
"""Every quality on every root, root by root from C, and at the end no chord."""

NO_CHORD = N_CHORDS - 1

INTERVALS = ("1", "b2", "2", "b3", "3", "4", "b5", "5", "b6", "6", "b7", "7")
"""Names of a bass note by its semitones above the root."""

_NAMES = tuple(QUALITIES)


def chord_label(chord: int, *, bass: int | None = None, spelling: tuple[str, ...] = PITCH_CLASSES) -> str:
    """Write a chord, by its number, with the pitch class of its bass where that is not the root.

    >>> chord_label(0), chord_label(7 * 15 + 2, bass=11), chord_label(180)
    ('C:maj', 'G:7/3', 'N')
    """
    if chord == NO_CHORD:
        return "N"
    root, quality = divmod(chord, len(QUALITIES))
    label = f"{spelling[root]}:{_NAMES[quality]}"
    return label if bass is None or bass == root else f"{label}/{INTERVALS[(bass - root) % 12]}"


def spelling(key: Key | None) -> tuple[str, ...]:
    """Name the twelve pitch classes, from C, as a key asks.

    >>> spelling(Key("Eb", "major", 1.0, ()))[6], spelling(Key("E", "major", 1.0, ()))[6]
    ('Gb', 'F#')
    """
    if key is None or key.tonic is None:
        return PITCH_CLASSES
    tonic = conventional_key(PITCH_CLASSES.index(key.tonic), key.mode or "major").tonic
    return tuple(spell(pitch_class, tonic=tonic) for pitch_class in range(12))


def templates() -> NDArray[np.float32]:
    """Return which pitch classes belong to each chord, ``(N_CHORDS, 12)`` of 0 and 1; no chord has none."""
    out = np.zeros((N_CHORDS, 12), np.float32)
    for root in range(12):
        for number, steps in enumerate(QUALITIES.values()):
            out[root * len(QUALITIES) + number, [(root + step) % 12 for step in steps]] = 1
    return out
