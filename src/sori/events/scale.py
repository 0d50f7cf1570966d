"""Tuning and scale of any music, in cents above its tonic."""

from __future__ import annotations

import dataclasses

__all__ = ["PitchHistogram", "Scale", "ScaleDegree", "ScaleMatch", "TuningDrift"]


@dataclasses.dataclass(frozen=True)
class PitchHistogram:
    """How long each pitch class sounds: 240 ``weights`` (sum 1, or all 0) in steps of 5 cents from C at A4
    = 440 Hz.
    """

    weights: tuple[float, ...]


@dataclasses.dataclass(frozen=True)
class ScaleDegree:
    """A step of the scale that is used: cents above the tonic, 0 to 1200, its share of the sounding time,
    its spread in cents.
    """

    cents: float
    weight: float
    spread_cents: float


@dataclasses.dataclass(frozen=True)
class ScaleMatch:
    """A known scale: how far the used degrees are from it (weighted mean, cents), the share of time that
    lies within 25 cents of its notes, how many of its notes are ``unused``, and the ``confidence`` (0 to 1)
    that it is this one and none of the others that are known.
    """

    name: str
    family: str
    error_cents: float
    coverage: float
    unused: int = 0
    confidence: float = 0.0


@dataclasses.dataclass(frozen=True)
class TuningDrift:
    """How far the tuning has moved since the start: ``cents`` at ``times_s``; ``total_cents`` from start
    to end.
    """

    times_s: tuple[float, ...]
    cents: tuple[float, ...]
    total_cents: float


@dataclasses.dataclass(frozen=True)
class Scale:
    """The scale actually used.

    ``tonic_hz`` lies in the octave from middle C (261.6 Hz), ``None`` where nothing is pitched; ``drone``
    says that it sounds throughout; ``degrees`` are freed from ``drift``, ``histogram`` is as heard;
    ``nearest`` are the closest known scales, best first.
    """

    tonic_hz: float | None
    tonic_confidence: float
    drone: bool
    degrees: tuple[ScaleDegree, ...]
    nearest: tuple[ScaleMatch, ...]
    histogram: PitchHistogram
    drift: TuningDrift
