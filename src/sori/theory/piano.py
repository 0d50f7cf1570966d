"""Chords for two hands: keys to press, fingers, and rows of chords in which the hand moves little.

The left hand has the bass, the right hand the chord in close position. In a row of chords the inversions are
chosen together so that the voices move as little as they can, which is what a pianist does.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Sequence

from sori.errors import ParameterError
from sori.theory.chords import ChordLike, ChordSymbol, as_chord
from sori.theory.spelling import degree_semitones

__all__ = ["PianoFingering", "piano_fingering", "piano_fingerings", "voice_chords"]

_LOWEST_BASS, _HIGHEST_BASS = 36, 52  # C2 to E3
_LOWEST, _HIGHEST = 54, 79  # the right hand: F#3 to G5
_CENTRE = 64.0  # E4
_VOICES = 4  # in the right hand, at the most
_RIGHT = {1: (3,), 2: (1, 5), 3: (1, 3, 5), 4: (1, 2, 3, 5), 5: (1, 2, 3, 4, 5)}


@dataclasses.dataclass(frozen=True)
class PianoFingering:
    """Keys of the two hands as MIDI notes, rising, with a finger for each: 1 is the thumb."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    left_fingers: tuple[int, ...]
    right_fingers: tuple[int, ...]

    @property
    def midi(self) -> tuple[int, ...]:
        """The keys of both hands."""
        return self.left + self.right


def piano_fingering(chord: ChordLike) -> PianoFingering:
    """Return a chord as it is first learned: the bass in the left hand, root position in the right.

    Chords of more than four notes leave the root to the left hand. Nothing is pressed for ``N`` and ``X``.

    >>> piano_fingering("C:maj/3")
    PianoFingering(left=(40,), right=(60, 64, 67), left_fingers=(5,), right_fingers=(1, 3, 5))
    """
    symbol = as_chord(chord)
    if symbol.root_pitch_class is None or symbol.bass_pitch_class is None:
        return PianoFingering((), (), (), ())
    tones = _upper_tones(symbol, keep_bass=True)
    lowest = 60 + (symbol.root_pitch_class + tones[0]) % 12
    right = tuple(lowest + tone - tones[0] for tone in tones)
    return _hands((_LOWEST_BASS + symbol.bass_pitch_class, *right))


def piano_fingerings(chords: Sequence[ChordLike]) -> tuple[PianoFingering, ...]:
    """Return a row of chords with the hands of `voice_chords`."""
    return tuple(_hands(notes) for notes in voice_chords(chords))


def _hands(notes: tuple[int, ...]) -> PianoFingering:
    """The lowest note to the left hand, the others to the right."""
    left, right = notes[:1], notes[1:]
    fingers = _RIGHT.get(len(right), ())
    if len(right) == 3 and right[2] - right[1] > right[1] - right[0] + 1:
        fingers = (1, 2, 5)  # the gap of a first inversion is on top
    return PianoFingering(left, right, (5,) * len(left), fingers)


def _upper_tones(symbol: ChordSymbol, *, keep_bass: bool) -> tuple[int, ...]:
    """Semitones above the root, rising within an octave, that the right hand plays.

    What has no room goes in the order of how little it is missed: the root or bass that the left hand has, a
    perfect fifth, then the notes between a seventh and the top of an eleventh or thirteenth.
    """
    degrees = {degree: degree_semitones(degree) % 12 for degree in symbol.degrees}
    tones = set(degrees.values()) or {0}
    if len(tones) > 3 and not keep_bass:
        tones.discard(symbol.bass_interval)
    for spare in (degrees.get("1"), degrees.get("5"), degrees.get("11"), degrees.get("9")):
        if len(tones) > _VOICES and spare is not None:
            tones.discard(spare)
    return tuple(sorted(tones))


@functools.lru_cache(maxsize=1024)
def _positions(symbol: ChordSymbol) -> tuple[tuple[int, ...], ...]:
    """Every close position of a chord in the hands' ranges, the bass first."""
    if symbol.root_pitch_class is None or symbol.bass_pitch_class is None:
        return ()
    tones = _upper_tones(symbol, keep_bass=False)
    classes = [(symbol.root_pitch_class + tone) % 12 for tone in tones]
    basses = [note for note in range(_LOWEST_BASS, _HIGHEST_BASS + 1) if note % 12 == symbol.bass_pitch_class]
    found = []
    for lowest in range(_LOWEST, _HIGHEST + 1):
        if lowest % 12 in classes:
            right = tuple(sorted(lowest + (pitch - lowest) % 12 for pitch in classes))
            if right[-1] <= _HIGHEST:
                found += [(bass, *right) for bass in basses if bass < lowest]
    return tuple(found)


def _movement(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    """Semitones that the voices move from one position to the next; the bass counts half."""
    upper_a, upper_b = a[1:], b[1:]
    bass = 0.5 * abs(a[0] - b[0])
    if len(upper_a) == len(upper_b):
        return bass + sum(abs(x - y) for x, y in zip(upper_a, upper_b, strict=True))
    there = sum(min(abs(x - y) for y in upper_b) for x in upper_a)
    back = sum(min(abs(x - y) for y in upper_a) for x in upper_b)
    return bass + max(there, back)


def _unease(position: tuple[int, ...]) -> float:
    """How far the right hand is from the middle of the keyboard."""
    right = position[1:]
    return 0.15 * abs(sum(right) / len(right) - _CENTRE) + 0.02 * (position[0] - _LOWEST_BASS)


def voice_chords(chords: Sequence[ChordLike]) -> tuple[tuple[int, ...], ...]:
    """Return chords as MIDI notes, bass first and rising, with as little movement as there can be.

    The least sum of the voices' steps over the whole row is found exactly, by dynamic programming. ``N`` and
    ``X`` are empty, and the hand waits where it was.

    >>> voice_chords(["C:maj", "F:maj", "N", "G:7"])
    ((36, 60, 64, 67), (41, 60, 65, 69), (), (43, 62, 65, 71))
    """
    if isinstance(chords, str):
        raise ParameterError(f"chords={chords!r} is one chord: want a row of chords, such as [{chords!r}]")
    rows = [_positions(as_chord(chord)) for chord in chords]
    sounding = [place for place, row in enumerate(rows) if row]
    voiced: list[tuple[int, ...]] = [()] * len(rows)
    if not sounding:
        return tuple(voiced)
    costs = [_unease(position) for position in rows[sounding[0]]]
    trail: list[list[int]] = []
    for before, now in itertools.pairwise(sounding):
        moves = [
            [cost + _movement(a, b) for cost, a in zip(costs, rows[before], strict=True)] for b in rows[now]
        ]
        trail.append([min(range(len(row)), key=row.__getitem__) for row in moves])
        costs = [min(row) + _unease(position) for row, position in zip(moves, rows[now], strict=True)]
    choice = min(range(len(costs)), key=costs.__getitem__)
    for step in range(len(sounding) - 1, -1, -1):
        voiced[sounding[step]] = rows[sounding[step]][choice]
        choice = trail[step - 1][choice] if step else choice
    return tuple(voiced)
