"""Pitch from moment to moment, and the notes it makes."""

from __future__ import annotations

import dataclasses

__all__ = ["Contour", "Note", "Notes", "Pitch"]


@dataclasses.dataclass(frozen=True)
class Pitch:
    """Fundamental frequency at even times.

    ``hz`` always holds the best guess, 0 where there is none; ``voiced`` says where to believe it,
    ``confidence`` (0 to 1)
    how much.
    """

    times_s: tuple[float, ...]
    hz: tuple[float, ...]
    confidence: tuple[float, ...]
    voiced: tuple[bool, ...]


@dataclasses.dataclass(frozen=True)
class Note:
    """A note: seconds, MIDI note number not rounded (A4 = 440 Hz is 69), MIDI velocity 1 to 127,
    confidence 0 to 1.
    """

    onset_s: float
    offset_s: float
    pitch_midi: float
    velocity: int
    confidence: float


@dataclasses.dataclass(frozen=True)
class Notes:
    """Notes of one voice in order of time; ``single_voice`` says that no other seems to sound beside it."""

    notes: tuple[Note, ...]
    single_voice: bool = True


@dataclasses.dataclass(frozen=True)
class Contour:
    """The shape of a tune in few points: straight lines between ``(times_s, pitch_midi)``; ``description``
    in words.
    """

    times_s: tuple[float, ...]
    pitch_midi: tuple[float, ...]
    description: str
