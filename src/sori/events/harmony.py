"""Keys, chords, concert pitch."""

from __future__ import annotations

import dataclasses

__all__ = ["Chord", "ChordCandidate", "Chords", "Key", "KeyCandidate", "KeySpan", "LocalKeys", "Tuning"]


@dataclasses.dataclass(frozen=True)
class KeyCandidate:
    """One possible key with its share of the belief."""

    tonic: str
    mode: str
    confidence: float


@dataclasses.dataclass(frozen=True)
class Key:
    """The key of the whole recording; ``tonic`` and ``mode`` are ``None`` when nothing is pitched."""

    tonic: str | None
    mode: str | None
    confidence: float
    alternatives: tuple[KeyCandidate, ...]


@dataclasses.dataclass(frozen=True)
class Tuning:
    """Concert pitch the music is tuned to; ``None`` when nothing is pitched."""

    a4_hz: float | None
    cents: float | None


@dataclasses.dataclass(frozen=True)
class KeySpan:
    """A stretch in one key."""

    start_s: float
    end_s: float
    tonic: str
    mode: str
    confidence: float


@dataclasses.dataclass(frozen=True)
class LocalKeys:
    """The key from place to place; a modulation is where one span follows another."""

    spans: tuple[KeySpan, ...]
    modulations_s: tuple[float, ...]


@dataclasses.dataclass(frozen=True)
class ChordCandidate:
    """One possible chord with its share of the belief; ``label`` as in `Chord`."""

    label: str
    confidence: float


@dataclasses.dataclass(frozen=True)
class Chord:
    """A chord from start to end.

    ``label`` is Harte's syntax (Harte et al., ISMIR 2005): ``"C:maj"``, ``"F#:min7"``,
    ``"G:maj/3"`` for a first inversion, ``"N"`` where there is no chord. Roots are spelt as the key asks.
    """

    start_s: float
    end_s: float
    label: str
    confidence: float
    alternatives: tuple[ChordCandidate, ...]


@dataclasses.dataclass(frozen=True)
class Chords:
    """Chords in order of time, without gaps.

    ``beat_synchronous`` says that they change only at beats and half-way between.
    """

    chords: tuple[Chord, ...]
    beat_synchronous: bool
