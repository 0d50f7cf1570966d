"""How music is played and tuned, as tables: written only, since rows leave out what is said of the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sori.events import Expression, Scale
from sori.formats.part import Part, Row
from sori.formats.results import Results

__all__ = ["PLAYING", "TUNED"]

_CENTS = 5  # a step of the pitch histogram


def _played(rows: Callable[[Expression], Iterable[Row]]) -> Callable[[Results], Sequence[Row] | None]:
    return lambda results: None if results.expression is None else list(rows(results.expression))


def _tuned(rows: Callable[[Scale], Iterable[Row]]) -> Callable[[Results], Sequence[Row] | None]:
    return lambda results: None if results.scale is None else list(rows(results.scale))


def _articulation(played: Expression) -> Iterable[Row]:
    for note in played.notes:
        waver = note.vibrato
        rate, extent = (None, None) if waver is None else (waver.rate_hz, waver.extent_cents)
        yield (
            note.onset_s,
            note.overlap,
            note.articulation,
            rate,
            extent,
            note.timing_s,
            note.level_lufs,
        )


def _contour(results: Results) -> Sequence[Row] | None:
    if results.contour is None:
        return None
    return list(zip(results.contour.times_s, results.contour.pitch_midi, strict=True))


def _histogram(results: Results) -> Sequence[Row] | None:
    if results.beat_histogram is None:
        return None
    return list(zip(results.beat_histogram.bpm, results.beat_histogram.weights, strict=True))


PLAYING: dict[str, Part] = {
    "beat_histogram": Part({"bpm": float, "weight": float}, _histogram),
    "contour": Part({"time_s": float, "pitch_midi": float}, _contour),
    "dynamics": Part(
        {"time_s": float, "level_lufs": float},
        _played(lambda played: zip(played.dynamics.times_s, played.dynamics.level_lufs, strict=True)),
    ),
    "accents": Part(
        {"time_s": float, "above_db": float},
        _played(lambda played: ((one.time_s, one.above_db) for one in played.dynamics.accents)),
    ),
    "swells": Part(
        {"start_s": float, "end_s": float, "change_db": float},
        _played(lambda played: ((s.start_s, s.end_s, s.change_db) for s in played.dynamics.swells)),
    ),
    "articulation": Part(
        {
            "onset_s": float,
            "overlap": float,
            "articulation": str,
            "vibrato_rate_hz": float,
            "vibrato_extent_cents": float,
            "timing_s": float,
            "level_lufs": float,
        },
        _played(_articulation),
    ),
    "tone": Part(
        {"scale": str, "position": float, "word": str, "value": float, "unit": str, "definition": str},
        _played(
            lambda played: (
                (one.scale, one.position, one.word, one.value, one.unit, one.definition)
                for one in played.tone.words
            )
        ),
    ),
}
"""How it is played, by name."""

TUNED: dict[str, Part] = {
    "scale": Part(
        {"cents": float, "weight": float, "spread_cents": float},
        _tuned(lambda scale: ((one.cents, one.weight, one.spread_cents) for one in scale.degrees)),
    ),
    "nearest_scales": Part(
        {
            "name": str,
            "family": str,
            "error_cents": float,
            "coverage": float,
            "unused": int,
            "confidence": float,
        },
        _tuned(
            lambda scale: (
                (one.name, one.family, one.error_cents, one.coverage, one.unused, one.confidence)
                for one in scale.nearest
            )
        ),
    ),
    "pitch_histogram": Part(
        {"cents": float, "weight": float},
        _tuned(lambda scale: ((_CENTS * k, share) for k, share in enumerate(scale.histogram.weights))),
    ),
    "drift": Part(
        {"time_s": float, "cents": float},
        _tuned(lambda scale: zip(scale.drift.times_s, scale.drift.cents, strict=True)),
    ),
}
"""How it is tuned, by name."""
