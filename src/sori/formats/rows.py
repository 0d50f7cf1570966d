"""The parts of results as rows, and rows as parts: what tables, labels and annotations share."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence

from sori.errors import DataError, ParameterError
from sori.events import (
    Beats,
    Chord,
    Chords,
    Excerpt,
    KeySpan,
    LocalKeys,
    Note,
    Notes,
    Onsets,
    Pitch,
    Section,
    Sections,
    TempoCurve,
)
from sori.formats.part import Part, Row
from sori.formats.playing import PLAYING, TUNED
from sori.formats.results import Results, bars, key_spans, metre_of

__all__ = ["PARTS", "parts_in", "reader_of", "rows_of", "seconds"]


def parts_in(results: Results) -> tuple[str, ...]:
    """Return the names of the parts that are there, in the order of `PARTS`."""
    return tuple(name for name, part in PARTS.items() if part.rows(results) is not None)


def rows_of(results: Results, part: str) -> Sequence[Row]:
    """Return a part's rows.

    Raises
    ------
    ParameterError
        When the results do not hold that part.
    """
    rows = PARTS[part].rows(results)
    if rows is None:
        there = ", ".join(parts_in(results)) or "nothing that makes rows"
        raise ParameterError(f"part={part!r}: the results hold {there}; run the analysis of {part} first")
    return rows


def reader_of(part: str) -> Callable[[Sequence[Row]], Results]:
    """Return what makes results that hold one part from its rows: the inverse of `rows_of`.

    Raises
    ------
    ParameterError
        For a part that is written only.
    """
    back = PARTS[part].results
    if back is None:
        readable = ", ".join(name for name, one in PARTS.items() if one.results is not None)
        raise ParameterError(f"part={part!r} is written only; want one of {readable}")
    return back


def seconds(text: str, where: str) -> float:
    """Return a time of 0 or more from text.

    Raises
    ------
    DataError
        When it is not one; the message begins with ``where``.
    """
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= 0):
        raise DataError(f"{where}: {text[:40]!r} is not a time; want seconds, 0 or more")
    return value


def _beats(results: Results) -> Sequence[Row] | None:
    if results.beats is None:
        return None
    times = results.beats.times_s
    positions = results.metre.positions if results.metre is not None else ()
    if len(positions) != len(times):
        return [(at, None, None) for at in times]
    return list(zip(times, positions, bars(positions), strict=True))


def _from_beats(rows: Sequence[Row]) -> Results:
    times = tuple(row[0] for row in rows)
    positions = tuple(row[1] for row in rows)
    known = bool(positions) and None not in positions
    return Results(beats=Beats(times), metre=metre_of(times, positions) if known else None)


def _keys(results: Results) -> Sequence[Row] | None:
    spans = key_spans(results)
    return None if spans is None else [(s.start_s, s.end_s, s.tonic, s.mode, s.confidence) for s in spans]


def _from_keys(rows: Sequence[Row]) -> Results:
    spans = tuple(KeySpan(start, end, tonic, mode, _sure(sure)) for start, end, tonic, mode, sure in rows)
    return Results(local_keys=LocalKeys(spans, tuple(span.start_s for span in spans[1:])))


def _chords(results: Results) -> Sequence[Row] | None:
    if results.chords is None:
        return None
    return [(c.start_s, c.end_s, c.label, c.confidence) for c in results.chords.chords]


def _from_chords(rows: Sequence[Row]) -> Results:
    return Results(
        chords=Chords(tuple(Chord(row[0], row[1], row[2], _sure(row[3]), ()) for row in rows), False)
    )


def _sections(results: Results) -> Sequence[Row] | None:
    if results.sections is None:
        return None
    return [(s.start_s, s.end_s, s.label, s.confidence) for s in results.sections.sections]


def _from_sections(rows: Sequence[Row]) -> Results:
    found = tuple(Section(row[0], row[1], row[2], _sure(row[3])) for row in rows)
    return Results(sections=Sections(found, None, Excerpt(*rows[0][:2]) if rows else Excerpt(0.0, 0.0)))


def _voice(name: str, *, single_voice: bool) -> Part:
    """Return the part of the notes of a voice: of the only one, or of the leading one."""

    def rows(results: Results) -> Sequence[Row] | None:
        found: Notes | None = getattr(results, name)
        return None if found is None else [dataclasses.astuple(note) for note in found.notes]

    def back(found: Sequence[Row]) -> Results:
        made = tuple(Note(row[0], row[1], row[2], row[3], _sure(row[4])) for row in found)
        return Results(**{name: Notes(made, single_voice)})  # type: ignore[arg-type]

    columns = {
        "onset_s": float,
        "offset_s": float,
        "pitch_midi": float,
        "velocity": int,
        "confidence": float,
    }
    return Part(columns, rows, back)


def _line(name: str) -> Part:
    """Return the part of a pitch track: of a single voice, or of the predominant melody."""

    def rows(results: Results) -> Sequence[Row] | None:
        track: Pitch | None = getattr(results, name)
        if track is None:
            return None
        return list(zip(track.times_s, track.hz, track.confidence, track.voiced, strict=True))

    def back(found: Sequence[Row]) -> Results:
        columns = zip(*found, strict=True) if found else iter([()] * 4)
        times, hz, sure, voiced = (tuple(column) for column in columns)
        return Results(**{name: Pitch(times, hz, tuple(map(_sure, sure)), voiced)})  # type: ignore[arg-type]

    return Part({"time_s": float, "hz": float, "confidence": float, "voiced": bool}, rows, back)


def _onsets(results: Results) -> Sequence[Row] | None:
    if results.onsets is None:
        return None
    return list(zip(results.onsets.times_s, results.onsets.strengths, strict=True))


def _from_onsets(rows: Sequence[Row]) -> Results:
    return Results(onsets=Onsets(tuple(row[0] for row in rows), tuple(_sure(row[1]) for row in rows)))


def _curve(results: Results) -> Sequence[Row] | None:
    if results.tempo_curve is None:
        return None
    return list(zip(results.tempo_curve.times_s, results.tempo_curve.bpm, strict=True))


def _from_curve(rows: Sequence[Row]) -> Results:
    bpm = tuple(row[1] for row in rows)
    middle = sorted(bpm)[len(bpm) // 2] if bpm else 0.0
    spread = math.sqrt(sum((b / middle - 1) ** 2 for b in bpm) / len(bpm)) if middle else 0.0
    return Results(tempo_curve=TempoCurve(tuple(row[0] for row in rows), bpm, spread < 0.02, spread))


def _sure(confidence: float | None) -> float:
    """Return a confidence; what somebody wrote without one is taken as said."""
    return 1.0 if confidence is None else confidence


_SPANS: dict[str, type] = {"start_s": float, "end_s": float}
_LABELS = {**_SPANS, "label": str, "confidence": float}

PARTS: dict[str, Part] = {
    "beats": Part({"time_s": float, "beat": int, "bar": int}, _beats, _from_beats),
    "chords": Part(_LABELS, _chords, _from_chords),
    "keys": Part({**_SPANS, "tonic": str, "mode": str, "confidence": float}, _keys, _from_keys),
    "sections": Part(_LABELS, _sections, _from_sections),
    "notes": _voice("notes", single_voice=True),
    "melody_notes": _voice("melody_notes", single_voice=False),
    "melody": _line("melody"),
    "pitch": _line("pitch"),
    "onsets": Part({"time_s": float, "strength": float}, _onsets, _from_onsets),
    "tempo_curve": Part({"time_s": float, "bpm": float}, _curve, _from_curve),
    **PLAYING,
    **TUNED,
}
"""Everything that makes rows, by name."""
