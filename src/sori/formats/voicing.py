"""Chords as a keyboard player would put them: a bass, and close voices that move little."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

__all__ = ["chord_tones", "lead_sheet", "voicings"]

_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_DEGREES = (0, 2, 4, 5, 7, 9, 11)
_LABEL = re.compile(r"([A-G])([b#]*)(?::([a-z0-9]*)(?:\(([^)]*)\))?)?(?:/([b#]*\d+))?")
_DEGREE = re.compile(r"([b#]*)(\d+)")
# Shorthand of Harte's syntax: its degrees, and how a lead sheet writes it.
_QUALITIES = {
    "": ("1 3 5", ""),
    "maj": ("1 3 5", ""),
    "min": ("1 b3 5", "m"),
    "dim": ("1 b3 b5", "dim"),
    "aug": ("1 3 #5", "aug"),
    "5": ("1 5", "5"),
    "1": ("1", "1"),
    "sus2": ("1 2 5", "sus2"),
    "sus4": ("1 4 5", "sus4"),
    "maj6": ("1 3 5 6", "6"),
    "min6": ("1 b3 5 6", "m6"),
    "7": ("1 3 5 b7", "7"),
    "maj7": ("1 3 5 7", "maj7"),
    "min7": ("1 b3 5 b7", "m7"),
    "dim7": ("1 b3 b5 bb7", "dim7"),
    "hdim7": ("1 b3 b5 b7", "m7b5"),
    "minmaj7": ("1 b3 5 7", "m(maj7)"),
    "aug7": ("1 3 #5 b7", "aug7"),
    "9": ("1 3 5 b7 9", "9"),
    "maj9": ("1 3 5 7 9", "maj9"),
    "min9": ("1 b3 5 b7 9", "m9"),
    "11": ("1 3 5 b7 9 11", "11"),
    "maj11": ("1 3 5 7 9 11", "maj11"),
    "min11": ("1 b3 5 b7 9 11", "m11"),
    "13": ("1 3 5 b7 9 13", "13"),
    "maj13": ("1 3 5 7 9 13", "maj13"),
    "min13": ("1 b3 5 b7 9 13", "m13"),
}
_NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_LOW, _HIGH = 52, 76  # E3 to E5: where close chords are clear
_CENTRE = 62.0
_BASS_LOW, _BASS_HIGH = 36, 50  # C2 to D3


def chord_tones(label: str) -> tuple[int, tuple[int, ...], int] | None:
    """Return the root, all pitch classes (0 is C) and the bass of a chord in Harte's syntax.

    ``None`` where there is no chord or no such label.

    >>> chord_tones("G:maj/3"), chord_tones("N")
    ((7, (2, 7, 11), 11), None)
    """
    found = _LABEL.fullmatch(label)
    if found is None:
        return None
    letter, accidentals, quality, listed, bass = found.groups()
    if quality is not None and quality not in _QUALITIES:
        return None
    root = _LETTERS[letter] + accidentals.count("#") - accidentals.count("b")
    degrees = [] if quality == "" and listed else _QUALITIES[quality or "maj"][0].split()
    for degree in (listed or "").split(","):
        if degree.startswith("*"):
            degrees = [kept for kept in degrees if kept != degree[1:]]
        elif degree:
            degrees.append(degree)
    low = root + (_semitones(bass) if bass else 0)
    tones = {(root + _semitones(degree)) % 12 for degree in degrees if _DEGREE.fullmatch(degree)}
    return root % 12, tuple(sorted(tones | {low % 12})), low % 12


def _semitones(degree: str) -> int:
    found = _DEGREE.fullmatch(degree)
    accidentals, number = found.groups() if found else ("", "1")
    octaves, step = divmod(int(number) - 1, 7)
    return 12 * octaves + _DEGREES[step] + accidentals.count("#") - accidentals.count("b")


def lead_sheet(label: str) -> str:
    """Return a chord as lead sheets write it; "N.C." for no chord, and what is not known as it came.

    >>> lead_sheet("F#:min7"), lead_sheet("G:maj/3"), lead_sheet("N")
    ('F#m7', 'G/B', 'N.C.')
    """
    tones = chord_tones(label)
    if tones is None:
        return "N.C." if label in ("N", "X", "") else label
    root, _, bass = tones
    name, _, rest = label.partition(":")
    quality = re.split(r"[/(]", rest)[0]
    name = name.partition("/")[0] + _QUALITIES[quality][1]
    return name if bass == root else f"{name}/{_NAMES[bass]}"


def voicings(labels: Sequence[str]) -> list[tuple[int, ...]]:
    """Return MIDI notes for each chord, lowest first; none for no chord.

    The bass lies from C2 to D3; the others, each pitch class once, from E3 to E5 within a tenth of each
    other. Of all such positions the one is taken that moves least from the chord before, and the bass
    takes the nearer octave.
    """
    found: list[tuple[int, ...]] = []
    upper: tuple[int, ...] = ()
    bass = 43
    for label in labels:
        tones = chord_tones(label)
        if tones is None:
            found.append(())
            continue
        _, classes, low = tones
        basses = [note for note in range(_BASS_LOW, _BASS_HIGH + 1) if note % 12 == low]
        bass = min(basses, key=lambda note: (abs(note - bass), note))
        upper = min(_positions(classes), key=lambda notes: (_movement(upper, notes), notes))
        found.append((bass, *upper))
    return found


def _positions(classes: Sequence[int]) -> list[tuple[int, ...]]:
    """Return every close position of pitch classes in the middle of the keyboard."""
    found = []
    for turn in range(len(classes)):
        turned = [*classes[turn:], *classes[:turn]]
        steps = list(itertools.accumulate(((b - a) % 12 for a, b in itertools.pairwise(turned)), initial=0))
        lows = range(_LOW + (turned[0] - _LOW) % 12, _HIGH + 1 - steps[-1], 12)
        found += [tuple(low + step for step in steps) for low in lows]
    return found


def _movement(before: tuple[int, ...], after: tuple[int, ...]) -> float:
    """Return how far the voices go, in semitones; drifting from the middle counts a little, too."""
    drift = 0.2 * abs(sum(after) / len(after) - _CENTRE) * len(after)
    if not before:
        return drift
    there = sum(min(abs(note - old) for old in before) for note in after)
    back = sum(min(abs(note - old) for note in after) for old in before)
    return max(there, back) + drift
