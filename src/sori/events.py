"""What analysis says about a recording: small frozen records with their units in their names.

Times are seconds from the first decoded sample. A value that cannot be known (the tempo of
silence, the loudness of nothing) is ``None``, never NaN, so every record is plain JSON.
"""

from __future__ import annotations

import dataclasses
from typing import Any

__all__ = [
    "Beats",
    "Excerpt",
    "Key",
    "KeyCandidate",
    "Levels",
    "Loudness",
    "Tempo",
    "TempoCandidate",
    "Tuning",
    "as_dict",
]


@dataclasses.dataclass(frozen=True)
class Loudness:
    """Loudness after ITU-R BS.1770-5 and EBU Tech 3341 and 3342; ``None`` where nothing passes the gate."""

    integrated_lufs: float | None
    range_lu: float | None
    max_momentary_lufs: float | None
    max_short_term_lufs: float | None
    true_peak_dbtp: float | None


@dataclasses.dataclass(frozen=True)
class Levels:
    """Silence and clipping. Silent means below -60 dBFS in every channel over a 10 ms cell."""

    sample_peak_dbfs: float | None
    leading_silence_s: float
    trailing_silence_s: float
    silent_fraction: float
    clipped_samples: int
    clipped_runs: int


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
class Excerpt:
    """A part of the recording worth hearing first."""

    start_s: float
    end_s: float


def as_dict(event: Any) -> dict[str, Any]:
    """Return an event as plain JSON data (dicts, lists, numbers, strings, ``None``)."""
    return {f.name: _plain(getattr(event, f.name)) for f in dataclasses.fields(event)}


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return as_dict(value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value
