"""A tune, free of style, key and tempo: chords and a melody for each kind of section.

A section is built from a phrase of four chord slots. Each slot holds one chord and ``grid`` melody
steps; how long a slot lasts is the arrangement's business, which is why one tune can return as a
ballad and as a house track.
"""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np

from sori.app.demo.score import CHORDS, SCALES

__all__ = ["MelodyNote", "Phrase", "Tune", "compose"]

Chord = tuple[int, str]  # semitones of the root above the tonic, quality

_PROGRESSIONS: dict[str, tuple[tuple[Chord, ...], ...]] = {
    "major": (
        ((0, "maj"), (7, "maj"), (9, "min"), (5, "maj")),
        ((0, "maj"), (9, "min"), (5, "maj"), (7, "maj")),
        ((0, "maj"), (5, "maj"), (0, "maj"), (7, "maj")),
        ((0, "maj"), (2, "min"), (7, "maj"), (0, "maj")),
        ((0, "maj"), (4, "min"), (5, "maj"), (7, "maj")),
        ((5, "maj"), (7, "maj"), (9, "min"), (0, "maj")),
    ),
    "minor": (
        ((0, "min"), (8, "maj"), (3, "maj"), (10, "maj")),
        ((0, "min"), (5, "min"), (10, "maj"), (0, "min")),
        ((0, "min"), (10, "maj"), (8, "maj"), (7, "maj")),
        ((0, "min"), (3, "maj"), (10, "maj"), (5, "min")),
        ((0, "min"), (8, "maj"), (5, "min"), (7, "maj")),
    ),
}
_OPEN_FIFTHS: tuple[tuple[Chord, ...], ...] = (
    ((0, "5"), (0, "5"), (7, "5"), (0, "5")),
    ((0, "5"), (5, "5"), (7, "5"), (0, "5")),
)
# From one melody note to the next, in steps of the scale: mostly neighbours.
_LEAPS = (-2, -1, 0, 1, 2, 3)
_LEAP_CHANCES = (0.1, 0.35, 0.1, 0.3, 0.1, 0.05)
_PENTATONIC = {"major": (0, 2, 4, 7, 9), "minor": (0, 3, 5, 7, 10)}


class MelodyNote(NamedTuple):
    """A melody note on the grid of its phrase: first step, length in steps, semitones above the tonic."""

    step: int
    steps: int
    semitones: int


@dataclasses.dataclass(frozen=True)
class Phrase:
    """Four chords and the melody over them."""

    chords: tuple[Chord, ...]
    melody: tuple[MelodyNote, ...]


@dataclasses.dataclass(frozen=True)
class Tune:
    """What arrangements share: a phrase for each kind of section, on a grid of steps per chord."""

    mode: str
    grid: int
    phrases: dict[str, Phrase]


def compose(seed: int, *, mode: str, grid: int, pentatonic: bool = False) -> Tune:
    """Compose a tune.

    Verse and chorus differ in chords, density and range, so that they can be told apart; intro and
    outro use the verse's chords, the bridge starts away from home.

    Parameters
    ----------
    seed : int
        The same seed composes the same tune.
    mode : {"major", "minor"}
        The mode of its key.
    grid : int
        Melody steps per chord slot: 8 (eighths of 4/4), 6 (of 3/4) or 12 (of 12/8).
    pentatonic : bool
        Use five notes and open fifths instead of seven notes and triads.

    Returns
    -------
    Tune
    """
    rng = np.random.default_rng([seed, grid])
    known = _OPEN_FIFTHS if pentatonic else _PROGRESSIONS[mode]
    verse, chorus = (known[i] for i in rng.choice(len(known), 2, replace=False))
    home = "5" if pentatonic else mode[:3]
    bridge = (*verse[2:], *chorus[:2])
    scale = (_PENTATONIC if pentatonic else SCALES)[mode]
    return Tune(
        mode,
        grid,
        {
            "intro": Phrase(verse, ()),
            "verse": Phrase(verse, _melody(rng, verse, scale, grid, centre=2, density=0.45)),
            "chorus": Phrase(chorus, _melody(rng, chorus, scale, grid, centre=7, density=0.62)),
            "bridge": Phrase(bridge, _melody(rng, bridge, scale, grid, centre=4, density=0.3)),
            "outro": Phrase((*verse[:2], chorus[-1], (0, home)), ()),
            "end": Phrase(((0, home),), ()),
        },
    )


def _melody(
    rng: np.random.Generator,
    chords: tuple[Chord, ...],
    scale: tuple[int, ...],
    grid: int,
    *,
    centre: int,
    density: float,
) -> tuple[MelodyNote, ...]:
    """Write a motif, answer it, repeat it and close: the shape A B A C over four chords."""
    rhythms = [_rhythm(rng, grid, density) for _ in range(3)]
    notes: list[MelodyNote] = []
    degree = centre
    for slot, rhythm in enumerate((rhythms[0], rhythms[1], rhythms[0], rhythms[2])):
        for number, (step, steps) in enumerate(rhythm):
            degree += int(rng.choice(_LEAPS, p=_LEAP_CHANCES))
            degree = int(np.clip(degree + round(0.3 * (centre - degree)), centre - 5, centre + 6))
            if number == 0 or step % (grid // 2) == 0:
                degree = _nearest_chord_tone(degree, scale, chords[slot])
            notes.append(MelodyNote(slot * grid + step, steps, _semitones(degree, scale)))
    return tuple(notes)


def _rhythm(rng: np.random.Generator, grid: int, density: float) -> list[tuple[int, int]]:
    """Draw onsets, likelier on strong steps, and let each note last until near the next one."""
    strength = np.full(grid, density * 0.7)
    strength[:: 3 if grid in (6, 12) else 2] = density * 1.3
    strength[0] = 1.0 if rng.random() < 0.8 else 0.2
    onsets = np.flatnonzero(rng.random(grid) < strength)
    if onsets.size == 0:
        onsets = np.array([0])
    ends = np.append(onsets[1:], grid)
    return [(int(a), int(min(b - a, grid // 2))) for a, b in zip(onsets, ends, strict=True)]


def _nearest_chord_tone(degree: int, scale: tuple[int, ...], chord: Chord) -> int:
    root, quality = chord
    tones = {(root + interval) % 12 for interval in CHORDS[quality]}
    for distance in range(len(scale)):
        for candidate in (degree - distance, degree + distance):
            if _semitones(candidate, scale) % 12 in tones:
                return candidate
    return degree


def _semitones(degree: int, scale: tuple[int, ...]) -> int:
    octave, index = divmod(degree, len(scale))
    return 12 * octave + scale[index]
