"""Chords as a keyboard player would put them: a bass, and close voices that move little."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from sori.theory.chords import parse_chord

__all__ = ["voicings"]

_LOW, _HIGH = 52, 76  # E3 to E5: where close chords are clear
_CENTRE = 62.0
_BASS_LOW, _BASS_HIGH = 36, 50  # C2 to D3


def voicings(labels: Sequence[str]) -> list[tuple[int, ...]]:
    """Return MIDI notes for each chord, lowest first; none for no chord.

    The bass lies from C2 to D3; the others, each pitch class once, from E3 to E5 within a tenth of each
    other. Of all such positions the one is taken that moves least from the chord before, and the bass
    takes the nearer octave.

    Raises
    ------
    ParameterError
        For a label that is not in Harte's syntax.
    """
    found: list[tuple[int, ...]] = []
    upper: tuple[int, ...] = ()
    bass = 43
    for label in labels:
        chord = parse_chord(label)
        if chord.root is None:
            found.append(())
            continue
        basses = [n for n in range(_BASS_LOW, _BASS_HIGH + 1) if n % 12 == chord.bass_pitch_class]
        bass = min(basses, key=lambda note: (abs(note - bass), note))
        upper = min(
            _positions(sorted(chord.pitch_classes)), key=lambda notes: (_movement(upper, notes), notes)
        )
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
