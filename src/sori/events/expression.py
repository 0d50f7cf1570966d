"""How it is played."""

from __future__ import annotations

import dataclasses

__all__ = [
    "Accent",
    "Articulation",
    "Dynamics",
    "Expression",
    "NoteExpression",
    "Swell",
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
class Swell:
    """A stretch that grows louder or, with ``change_db`` below 0, softer all the way."""

    start_s: float
    end_s: float
    change_db: float


@dataclasses.dataclass(frozen=True)
class Dynamics:
    """Loudness over time, LUFS (``None`` in silence), how far soft and loud are apart, what stands out."""

    times_s: tuple[float, ...]
    level_lufs: tuple[float | None, ...]
    range_db: float | None
    accents: tuple[Accent, ...]
    swells: tuple[Swell, ...]


@dataclasses.dataclass(frozen=True)
class Vibrato:
    """A regular waver of pitch: cycles a second, and extent in cents from the middle to either side."""

    rate_hz: float
    extent_cents: float


@dataclasses.dataclass(frozen=True)
class NoteExpression:
    """How one note is played.

    ``overlap`` is sounding time over the time to the next note's onset (1 is legato, 0.5 staccato), ``None``
    for a last note and before a rest; ``articulation`` the word for it; ``timing_s`` how late it is against
    the nearest place of the grid, ``None`` without a grid; ``level_lufs`` its loudest 0.1 s, ``None`` below
    -70.
    """

    onset_s: float
    overlap: float | None
    articulation: str | None
    vibrato: Vibrato | None
    timing_s: float | None
    level_lufs: float | None


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
    """A measured quality: ``value`` in ``unit``, as ``definition`` says.

    ``position`` is where it stands on ``scale`` ("dark-bright"), 0 the first word and 1 the second, among
    the recordings the scale was made from; ``word`` is the nearer of the two, or "between".
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
