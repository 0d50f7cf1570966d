"""How it is played."""

from __future__ import annotations

import dataclasses

__all__ = [
    "Accent",
    "Articulation",
    "Dynamics",
    "Expression",
    "NoteExpression",
    "Swing",
    "Timing",
    "Tone",
    "ToneWord",
    "Vibrato",
]


@dataclasses.dataclass(frozen=True)
class Accent:
    """A beat or note louder than its neighbours by ``above_db``."""

    time_s: float
    above_db: float


@dataclasses.dataclass(frozen=True)
class Dynamics:
    """Loudness over time, LUFS (``None`` in silence), the range between soft and loud parts, and accents."""

    times_s: tuple[float, ...]
    level_lufs: tuple[float | None, ...]
    range_db: float | None
    accents: tuple[Accent, ...]


@dataclasses.dataclass(frozen=True)
class Vibrato:
    """A regular waver of pitch: cycles a second, and extent in cents from the middle to either side."""

    rate_hz: float
    extent_cents: float


@dataclasses.dataclass(frozen=True)
class NoteExpression:
    """How one note is played.

    ``overlap`` is sounding time over the time to the next note's onset (1 is legato, 0.5 staccato),
    ``None`` for a last note;
    ``timing_s`` how late it is against the nearest place of the grid, ``None`` without a grid.
    """

    onset_s: float
    overlap: float | None
    articulation: str | None
    vibrato: Vibrato | None
    timing_s: float | None
    level_db: float


@dataclasses.dataclass(frozen=True)
class Articulation:
    """How notes are joined: median overlap, and the share of notes that are staccato, detached and legato."""

    overlap: float | None
    staccato: float
    detached: float
    legato: float


@dataclasses.dataclass(frozen=True)
class Swing:
    """How unevenly a beat is halved: long over short part (1 straight, 2 triplets); ``None`` where there
    are no halves.
    """

    ratio: float | None
    confidence: float


@dataclasses.dataclass(frozen=True)
class Timing:
    """Deviation of onsets from the even grid of the beats, seconds: mean (positive is late), standard
    deviation, count.
    """

    mean_s: float | None
    deviation_s: float | None
    onsets: int


@dataclasses.dataclass(frozen=True)
class ToneWord:
    """A measured quality: 0 is the first word of ``scale`` ("dark-bright"), 1 the second; ``definition``
    says what is measured.
    """

    scale: str
    position: float
    word: str
    value: float
    unit: str
    definition: str


@dataclasses.dataclass(frozen=True)
class Tone:
    """Tone in words."""

    words: tuple[ToneWord, ...]


@dataclasses.dataclass(frozen=True)
class Expression:
    """Everything about how it is played."""

    dynamics: Dynamics
    articulation: Articulation
    vibrato: Vibrato | None
    swing: Swing
    timing: Timing
    tone: Tone
    notes: tuple[NoteExpression, ...]
