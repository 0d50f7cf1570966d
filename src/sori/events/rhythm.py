"""When things begin, how fast they go, where the beats and bars are."""

from __future__ import annotations

import dataclasses

__all__ = [
    "BeatHistogram",
    "Beats",
    "Cycle",
    "Metre",
    "MetreCandidate",
    "Onsets",
    "Tempo",
    "TempoCandidate",
    "TempoCurve",
]


@dataclasses.dataclass(frozen=True)
class TempoCandidate:
    """Another tempo the music can be tapped at, and how it relates to the first choice."""

    bpm: float
    confidence: float
    relation: str


@dataclasses.dataclass(frozen=True)
class Tempo:
    """The tempo most people would tap; ``bpm`` is ``None`` when nothing pulses."""

    bpm: float | None
    confidence: float
    alternatives: tuple[TempoCandidate, ...]


@dataclasses.dataclass(frozen=True)
class Beats:
    """Beat times, seconds."""

    times_s: tuple[float, ...]


@dataclasses.dataclass(frozen=True)
class Onsets:
    """When notes and hits begin, seconds, and how strongly, 0 to 1 (1 is the strongest of the recording)."""

    times_s: tuple[float, ...]
    strengths: tuple[float, ...]


@dataclasses.dataclass(frozen=True)
class TempoCurve:
    """The tempo from beat to beat, smoothed: ``bpm`` at ``times_s``.

    ``steady`` says that one number describes it; ``spread`` is the deviation from the median as a share
    of it.
    """

    times_s: tuple[float, ...]
    bpm: tuple[float, ...]
    steady: bool
    spread: float


@dataclasses.dataclass(frozen=True)
class BeatHistogram:
    """How strongly the music repeats at each tempo: ``weights`` (sum 1, or all 0) at ``bpm``."""

    bpm: tuple[float, ...]
    weights: tuple[float, ...]


@dataclasses.dataclass(frozen=True)
class MetreCandidate:
    """Another number of beats to the bar, with its share of the belief."""

    beats_per_bar: int
    confidence: float


@dataclasses.dataclass(frozen=True)
class Metre:
    """How beats make bars.

    ``beats_per_bar`` is that of most bars (2 to 7), ``None`` where there are no beats; ``downbeats_s``
    are the beats that start bars; ``positions`` has one number per beat, 1 for a downbeat.
    """

    beats_per_bar: int | None
    confidence: float
    downbeats_s: tuple[float, ...]
    positions: tuple[int, ...]
    alternatives: tuple[MetreCandidate, ...]


@dataclasses.dataclass(frozen=True)
class Cycle:
    """A pattern of accents that returns, longer than a bar or of no bar at all (a *jangdan*, a tala).

    Attributes
    ----------
    period_s, period_pulses
        Length in seconds, and in the fastest regular pulses.
    pulse_s
        Length of such a pulse, seconds.
    starts_s
        When the cycles begin.
    accents
        Mean strength of each pulse of the cycle, the strongest 1; ``period_pulses`` numbers.
    confidence
        How much of the accents' variation the cycle explains, 0 to 1.
    """

    period_s: float | None
    period_pulses: int | None
    pulse_s: float | None
    starts_s: tuple[float, ...]
    accents: tuple[float, ...]
    confidence: float
