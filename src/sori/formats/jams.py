"""JAMS, the annotations of music research as JSON: one annotation for each part of the results.

Humphrey, Salamon, Nieto, Forsyth, Bittner, Bello: JAMS: a JSON annotated music specification for
reproducible MIR research, ISMIR 2014. Written for version 0.3.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sori.errors import DataError
from sori.events import Tempo, TempoCandidate
from sori.formats.json_form import parsed_json
from sori.formats.part import Row
from sori.formats.results import Results
from sori.formats.rows import parts_in, reader_of, rows_of
from sori.formats.text import one_line

__all__ = ["JAMS_PARTS", "from_jams", "to_jams"]

_VERSION = "0.3.5"
_NOTES = ("notes", "melody_notes")
_MODES = {"major", "minor", "ionian", "dorian", "phrygian", "lydian", "mixolydian", "aeolian", "locrian"}

Observation = tuple[float, float, Any, Any]  # time, duration, value, confidence


def to_jams(results: Results, *, parts: Sequence[str] | None = None) -> str:
    """Return results as JAMS: every part that is there and has a namespace, or those of ``parts``.

    Beats carry their position in the bar; what JAMS has no place for (velocities) lies in the annotation's
    sandbox.

    Raises
    ------
    ParameterError
        When the results do not hold a part.
    """
    made = []
    told = [part for part in parts_in(results) if part in _SPACES] if parts is None else parts
    for part in told:
        namespace, observe, _ = _SPACES[part]
        rows = rows_of(results, part)
        sandbox: dict[str, Any] = {"part": part}
        if part in _NOTES:
            sandbox["velocities"] = [row[3] for row in rows]
        made.append(_annotation(results, namespace, observe(rows), sandbox))
    if results.tempo is not None and parts is None:
        made.append(_annotation(results, "tempo", _tempi(results), {"part": "tempo"}))
    whole = {
        "annotations": made,
        "file_metadata": {
            "title": one_line(results.title),
            "artist": one_line(results.artist),
            "release": "",
            "duration": results.duration_s,
            "identifiers": {},
            "jams_version": _VERSION,
        },
        "sandbox": {},
    }
    return json.dumps(whole, ensure_ascii=False, allow_nan=False) + "\n"


def _annotation(
    results: Results, namespace: str, observed: Sequence[Observation], sandbox: dict[str, Any]
) -> dict[str, Any]:
    keys = ("time", "duration", "value", "confidence")
    data: Any = [dict(zip(keys, one, strict=True)) for one in observed]
    if namespace == "pitch_contour":  # the one that is stored as columns
        data = {key: [one[at] for one in observed] for at, key in enumerate(keys)}
    return {
        "annotation_metadata": {
            "curator": {"name": "", "email": ""},
            "annotator": {},
            "version": "",
            "corpus": "",
            "annotation_tools": "Sori",
            "annotation_rules": "",
            "validation": "",
            "data_source": "program",
        },
        "namespace": namespace,
        "data": data,
        "sandbox": sandbox,
        "time": 0.0,
        "duration": results.duration_s,
    }


def _tempi(results: Results) -> list[Observation]:
    tempo = results.tempo
    if tempo is None or tempo.bpm is None:
        return []
    ranked = [(tempo.bpm, tempo.confidence), *((other.bpm, other.confidence) for other in tempo.alternatives)]
    return [(0.0, results.duration_s, bpm, min(max(sure, 0.0), 1.0)) for bpm, sure in ranked]


def _points(rows: Sequence[Row]) -> list[Observation]:
    return [(row[0], 0.0, row[1], None) for row in rows]


def _spans(rows: Sequence[Row]) -> list[Observation]:
    said = (one_line(row[2]) if isinstance(row[2], str) else row[2] for row in rows)
    return [(row[0], row[1] - row[0], value, row[-1]) for row, value in zip(rows, said, strict=True)]


def _key_spans(rows: Sequence[Row]) -> list[Observation]:
    named = ((row, f"{row[2]}:{row[3]}" if row[3] in _MODES else row[2]) for row in rows)
    return [(row[0], row[1] - row[0], name, row[4]) for row, name in named]


def _contour(rows: Sequence[Row]) -> list[Observation]:
    return [(at, 0.0, {"index": 0, "frequency": hz, "voiced": voiced}, sure) for at, hz, sure, voiced in rows]


def _changes(rows: Sequence[Row]) -> list[Observation]:
    ends = [row[0] for row in rows[1:]] + [row[0] for row in rows[-1:]]
    return [(row[0], end - row[0], row[1], 1.0) for row, end in zip(rows, ends, strict=True)]


def from_jams(text: str, part: str | None = None) -> Results:
    """Return what a JAMS file says: of each part the first annotation, or of the one part asked.

    Raises
    ------
    DataError
        For anything that is not JAMS, or holds other values than its namespaces ask.
    """
    plain = parsed_json(text)
    annotations = plain.get("annotations")
    if not isinstance(annotations, list):
        raise DataError("line 1: no list of annotations; want a JAMS file")
    found: dict[str, Any] = {}
    for number, annotation in enumerate(annotations, 1):
        where = f"annotation {number}"
        name = _part_of(annotation, where)
        if name is None or name in found or part not in (None, name):
            continue
        try:
            observed = _observations(annotation.get("data"), where)
            found[name] = _read(name, observed, annotation.get("sandbox"))
        except DataError:
            raise
        except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
            raise DataError(f"{where}: {error}; want the values of its namespace") from None
    about = plain.get("file_metadata")
    about = about if isinstance(about, dict) else {}
    fields: dict[str, Any] = {
        "title": about.get("title"),
        "artist": about.get("artist"),
        "duration_s": about.get("duration"),
    }
    merged = Results.from_plain({key: value for key, value in fields.items() if value is not None})
    plain_parts = {key: value for one in found.values() for key, value in one.as_plain().items()}
    return Results.from_plain({**plain_parts, **merged.as_plain()})


def _part_of(annotation: Any, where: str) -> str | None:
    if not isinstance(annotation, dict):
        raise DataError(f"{where} is not an object")
    namespace, sandbox = annotation.get("namespace"), annotation.get("sandbox")
    told = sandbox.get("part") if isinstance(sandbox, dict) else None
    fitting = [name for name, (space, _, _) in _SPACES.items() if space == namespace]
    if namespace == "tempo" and told != "tempo_curve":
        return "tempo"
    return told if told in fitting else fitting[0] if fitting else None


def _observations(data: Any, where: str) -> list[Observation]:
    keys = ("time", "duration", "value", "confidence")
    if isinstance(data, dict):
        columns = list(zip(*(data[key] for key in keys), strict=False))
    elif isinstance(data, list):
        columns = [tuple(one[key] for key in keys) for one in data]
    else:
        raise DataError(f"{where} has no data")
    for at, (time, duration, _, sure) in enumerate(columns, 1):
        for value in (time, duration, 0.0 if sure is None else sure):
            if not isinstance(value, int | float) or not math.isfinite(value):
                raise DataError(f"{where}, observation {at}: {value!r} where a finite number must be")
        if time < 0 or duration < 0:
            raise DataError(f"{where}, observation {at}: a time before 0")
    return columns


def _read(part: str, observed: Sequence[Observation], sandbox: Any) -> Results:
    if part == "tempo":
        ranked = [(float(value), 0.0 if sure is None else float(sure)) for _, _, value, sure in observed]
        rest = tuple(TempoCandidate(*other, "") for other in ranked[1:])
        bpm, sure = ranked[0] if ranked else (None, 0.0)
        return Results(tempo=Tempo(bpm, sure, rest))
    rows = [_SPACES[part][2](one) for one in observed]
    if part in _NOTES and isinstance(sandbox, Mapping):
        velocities = sandbox.get("velocities")
        if isinstance(velocities, list) and len(velocities) == len(rows):
            rows = [(*row[:3], int(v), row[4]) for row, v in zip(rows, velocities, strict=True)]
    results = reader_of(part)(rows)
    return Results.from_plain(results.as_plain())  # values of another type are refused here


def _key_row(one: Observation) -> Row:
    tonic, _, mode = one[2].partition(":")
    return (one[0], one[0] + one[1], tonic, mode or "major", one[3])


def _pitch_row(one: Observation) -> Row:
    return (one[0], abs(one[2]["frequency"]), one[3], one[2]["voiced"])


_Space = tuple[str, Callable[[Sequence[Row]], list[Observation]], Callable[[Observation], Row]]
_span_row: Callable[[Observation], Row] = lambda one: (one[0], one[0] + one[1], one[2], one[3])  # noqa: E731
_SPACES: dict[str, _Space] = {
    "beats": ("beat", _points, lambda one: (one[0], one[2] if one[2] is None else round(one[2]), None)),
    "chords": ("chord", _spans, _span_row),
    "keys": ("key_mode", _key_spans, _key_row),
    "sections": ("segment_open", _spans, _span_row),
    **{
        name: ("note_midi", _spans, lambda one: (one[0], one[0] + one[1], one[2], 64, one[3]))
        for name in _NOTES
    },
    "pitch": ("pitch_contour", _contour, _pitch_row),
    "melody": ("pitch_contour", _contour, _pitch_row),
    "onsets": (
        "onset",
        lambda rows: [(row[0], 0.0, None, row[1]) for row in rows],
        lambda one: (one[0], one[3]),
    ),
    "tempo_curve": ("tempo", _changes, lambda one: (one[0], one[2])),
}

JAMS_PARTS = tuple(_SPACES)
"""The parts that JAMS has a namespace for."""
