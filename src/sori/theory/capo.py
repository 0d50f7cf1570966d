"""Where to put a capo so that a song is played with easy open shapes."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from sori.errors import ParameterError
from sori.theory.chords import ChordLike, as_chord
from sori.theory.fingerings import Fingering, fingerings
from sori.theory.keys import KeyLike, KeyName, parse_key
from sori.theory.transposition import transpose_chords, transpose_key

__all__ = ["CapoPosition", "CapoShape", "capo_positions"]

_HIGHEST = 11
# A capo up the neck sounds thin, and from the sixth fret on it leaves little room.
_PER_FRET, _HIGH, _PER_HIGH_FRET = 0.08, 5, 0.5
_UNPLAYABLE = 12.0  # the effort counted for a chord that cannot be held


@dataclasses.dataclass(frozen=True)
class CapoShape:
    """What to play behind the capo for a chord that sounds; both as Harte labels."""

    sounds: str
    plays: str
    fingering: Fingering | None


@dataclasses.dataclass(frozen=True)
class CapoPosition:
    """A capo at a fret (0 is none), the shapes of the song's chords there, and how easy they are.

    ``key`` is the key that the shapes are in, ``None`` when the song's is not given; ``difficulty`` the mean
    effort of the shapes over the time they last; ``open_share`` the part of the time on shapes at the nut
    without a barre, 0 to 1.
    """

    fret: int
    key: KeyName | None
    shapes: tuple[CapoShape, ...]
    difficulty: float
    open_share: float


def capo_positions(
    chords: Sequence[ChordLike],
    *,
    durations: Sequence[float] | None = None,
    key: KeyLike | None = None,
    tuning: str | Sequence[int] = "guitar",
    highest: int = _HIGHEST,
) -> tuple[CapoPosition, ...]:
    """Return the places for a capo, the easiest for the song first.

    Parameters
    ----------
    chords
        The song's chords in order; those that come again count again.
    durations
        How long each lasts, in any unit; without it all last as long.
    key
        The song's key, to spell the shapes by.
    tuning
        As of `fingerings`.
    highest
        The highest fret for the capo, 0 to 11.

    >>> best = capo_positions(["Ab:maj", "F:min", "Db:maj", "Eb:maj"])[0]
    >>> best.fret, [shape.plays for shape in best.shapes]
    (1, ['G:maj', 'E:min', 'C:maj', 'D:maj'])
    """
    if not 0 <= highest <= _HIGHEST:
        raise ParameterError(f"highest={highest}: want a fret from 0 to {_HIGHEST}")
    symbols = [as_chord(chord) for chord in chords]
    lasts = [1.0] * len(symbols) if durations is None else [float(each) for each in durations]
    if len(lasts) != len(symbols) or not all(0 <= each < float("inf") for each in lasts):
        raise ParameterError(
            f"durations: {len(lasts)} came for {len(symbols)} chords; want one, not negative, for each"
        )
    weights: dict[str, float] = {}
    for symbol, each in zip(symbols, lasts, strict=True):
        if symbol.root is not None:
            weights[symbol.label] = weights.get(symbol.label, 0.0) + each
    asked = None if key is None else parse_key(key)
    found = [_position(weights, fret, asked, tuning) for fret in range(highest + 1)]
    return tuple(sorted(found, key=lambda each: (each.difficulty + _awkward(each.fret), each.fret)))


def _awkward(fret: int) -> float:
    """What a capo at a fret costs, in the unit of difficulty."""
    return _PER_FRET * fret + _PER_HIGH_FRET * max(0, fret - _HIGH)


def _position(
    weights: dict[str, float], fret: int, key: KeyName | None, tuning: str | Sequence[int]
) -> CapoPosition:
    """The song behind a capo at one fret."""
    labels = list(weights)
    played = transpose_chords(labels, -fret, key=key)
    shapes = []
    effort = opened = 0.0
    for label, symbol in zip(labels, played, strict=True):
        grip = next(iter(fingerings(symbol, tuning=tuning, limit=1)), None)
        shapes.append(CapoShape(label, symbol.label, grip))
        effort += weights[label] * (_UNPLAYABLE if grip is None else grip.difficulty)
        opened += weights[label] * (grip is not None and not grip.barres and grip.base_fret == 1)
    whole = sum(weights.values())
    return CapoPosition(
        fret=fret,
        key=None if key is None else transpose_key(key, -fret),
        shapes=tuple(shapes),
        difficulty=round(effort / whole, 2) if whole else 0.0,
        open_share=round(opened / whole, 3) if whole else 0.0,
    )
