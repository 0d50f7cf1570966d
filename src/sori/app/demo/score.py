"""The written music: notes, chords and sections on a time line, and the truth they add up to."""

from __future__ import annotations

import dataclasses
from typing import Any, NamedTuple

from sori.units import PITCH_CLASSES

__all__ = ["CHORDS", "SCALES", "ChordSpan", "Note", "Span", "Truth"]

SCALES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
}

# Semitones above the root, by the chord's quality as chord labels spell it.
CHORDS: dict[str, tuple[int, ...]] = {
    "maj": (0, 4, 7),
    "min": (0, 3, 7),
    "maj7": (0, 4, 7, 11),
    "min7": (0, 3, 7, 10),
    "7": (0, 4, 7, 10),
    "hdim7": (0, 3, 6, 10),
    "dim": (0, 3, 6),
    "5": (0, 7, 12),
}


class Note(NamedTuple):
    """One sounding note."""

    start_s: float
    end_s: float
    midi: int
    velocity: float


class Span(NamedTuple):
    """A labelled stretch of time: a section."""

    start_s: float
    end_s: float
    label: str


class ChordSpan(NamedTuple):
    """A chord in force from one time to another."""

    start_s: float
    end_s: float
    root: int
    quality: str

    @property
    def label(self) -> str:
        """The chord as annotations write it, such as ``A:min7``."""
        return f"{PITCH_CLASSES[self.root]}:{self.quality}"


@dataclasses.dataclass(frozen=True)
class Truth:
    """Everything that is exactly known about a rendered song.

    Times are seconds from the first sample. ``has_pulse`` is false where no listener could tap the beat
    (pads without drums). ``loudest_section`` and ``most_repeated_section`` are
    labels that occur in ``sections``; ``tune`` is shared by songs that are arrangements of one
    another, and ``arrangement_of`` is the title of the first of them.
    """

    title: str
    style: str
    tempo_bpm: float
    beats_per_bar: int
    beats_s: tuple[float, ...]
    downbeats_s: tuple[float, ...]
    tonic: str
    mode: str
    tuning_hz: float
    has_pulse: bool
    chords: tuple[tuple[float, float, str], ...]
    sections: tuple[tuple[float, float, str], ...]
    melody: tuple[tuple[float, float, int], ...]
    loudest_section: str
    most_repeated_section: str
    tune: int
    arrangement_of: str | None
    duration_s: float

    def as_dict(self) -> dict[str, Any]:
        """Return the truth as plain JSON data, times rounded to a tenth of a millisecond."""
        plain = dataclasses.asdict(self)
        plain["key"] = {"tonic": plain.pop("tonic"), "mode": plain.pop("mode")}
        return {name: _rounded(value) for name, value in plain.items()}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, tuple):
        return [_rounded(item) for item in value]
    return value
