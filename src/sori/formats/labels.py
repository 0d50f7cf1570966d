"""Plain text labels: ``.beats`` and ``.lab`` as research uses them, and label tracks of Audacity."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sori.errors import DataError
from sori.formats.part import Row
from sori.formats.results import Results
from sori.formats.rows import reader_of, rows_of, seconds
from sori.formats.text import lines, one_line

__all__ = ["from_audacity", "from_beats", "from_lab", "to_audacity", "to_beats", "to_lab"]


def to_beats(results: Results, part: str = "beats") -> str:
    """Return beats as lines of ``time<TAB>position in the bar``; of the time alone where bars are not known.

    Raises
    ------
    ParameterError
        When the results hold no beats.
    """
    return _joined(
        (f"{at:.6f}",) if position is None else (f"{at:.6f}", str(position))
        for at, position, _ in rows_of(results, part)
    )


def from_beats(text: str, part: str = "beats") -> Results:
    """Return the beats of a ``.beats`` file: one or two columns, blanks or tabs between them.

    Raises
    ------
    DataError
        For anything else, and for times that do not rise; the message names the line.
    """
    rows: list[Row] = []
    for where, line in lines(text):
        cells = line.split()
        at = seconds(cells[0], where)
        if rows and at <= rows[-1][0]:
            raise DataError(f"{where}: {at:g} s does not follow {rows[-1][0]:g} s; want rising times")
        if len(cells) > 2 or (rows and (rows[0][1] is None) != (len(cells) == 1)):
            raise DataError(f"{where}: {len(cells)} columns; want a time and a position on each line")
        rows.append((at, _position(cells[1], where) if len(cells) == 2 else None, None))
    return reader_of(part)(rows)


def _position(text: str, where: str) -> int:
    try:
        position = float(text)
    except ValueError:
        position = math.nan
    if not (1 <= position <= 1000 and position == round(position)):
        raise DataError(f"{where}: position {text[:40]!r}; want a whole number, 1 for a downbeat")
    return round(position)


def to_lab(results: Results, part: str) -> str:
    """Return chords, sections or keys as lines of ``start<TAB>end<TAB>label``.

    What is shorter than a microsecond is left out: readers refuse intervals of no length.

    Raises
    ------
    ParameterError
        When the results do not hold that part.
    """
    spans = ((f"{row[0]:.6f}", f"{row[1]:.6f}", _label(part, row)) for row in rows_of(results, part))
    return _joined(span for span in spans if span[0] != span[1])


def from_lab(text: str, part: str) -> Results:
    """Return the chords, sections or keys of a ``.lab`` file, with blanks or tabs between the columns.

    Raises
    ------
    DataError
        For a line that is not an interval with a label; the message names the line.
    """
    return _of_spans(lines(text), part, None)


def to_audacity(results: Results, part: str) -> str:
    """Return a part as a label track for Audacity: beats, onsets and accents are points, the rest regions.

    Raises
    ------
    ParameterError
        When the results do not hold that part.
    """
    rows = rows_of(results, part)
    ends = (row[1] if _is_span(part) else row[0] for row in rows)
    return _joined(
        (f"{row[0]:.6f}", f"{end:.6f}", _label(part, row)) for row, end in zip(rows, ends, strict=True)
    )


def from_audacity(text: str, part: str) -> Results:
    r"""Return the beats, onsets, chords, sections or keys of a label track; ranges of frequency are skipped.

    Raises
    ------
    DataError
        For a line that is not a label; the message names the line.
    ParameterError
        For a part that is written only.
    """
    back = reader_of(part)
    found = [(where, line) for where, line in lines(text) if not line.startswith("\\")]
    if _is_span(part):
        return _of_spans(found, part, "\t")
    rows: list[Row] = []
    for where, line in found:
        start, _, label = _cells(line, where, "\t")
        rows.append((start, 1.0) if part == "onsets" else (start, _beat_of(label, where), None))
    return back(rows)


def _beat_of(label: str, where: str) -> int | None:
    """Return the beat that a label like ``12.3`` (bar and beat) or ``3`` says."""
    return _position(label.rpartition(".")[2], where) if label else None


def _is_span(part: str) -> bool:
    return part not in ("beats", "onsets", "accents")


def _label(part: str, row: Row) -> str:
    """Return what stands beside a time."""
    if part == "keys":
        return one_line(f"{row[2]}:{row[3]}")
    makers: dict[str, Callable[[Row], str]] = {
        "beats": lambda row: "" if row[1] is None else f"{row[2]}.{row[1]}",
        "onsets": lambda row: f"{row[1]:.2f}",
        "notes": lambda row: f"{row[2]:.2f}",
        "melody_notes": lambda row: f"{row[2]:.2f}",
        "accents": lambda row: f"{row[1]:+.1f} dB",
        "swells": lambda row: f"{row[2]:+.1f} dB",
    }
    return makers[part](row) if part in makers else one_line(row[2]) or "-"


def _of_spans(numbered: Iterable[tuple[str, str]], part: str, separator: str | None) -> Results:
    rows: list[Row] = []
    for where, line in numbered:
        start, end, label = _cells(line, where, separator)
        if part == "keys":
            tonic, _, mode = label.partition(":")
            if not (tonic and mode):
                raise DataError(f"{where}: key {label[:40]!r}; want a tonic and a mode, like A:minor")
            rows.append((start, end, tonic, mode, None))
        elif part in ("notes", "melody_notes"):
            rows.append((start, end, _number(label, where), 64, None))
        else:
            rows.append((start, end, label, None))
    return reader_of(part)(rows)


def _number(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 127:
        raise DataError(f"{where}: {text[:40]!r} is no MIDI note number; want 0 to 127")
    return value


def _cells(line: str, where: str, separator: str | None) -> tuple[float, float, str]:
    cells = line.strip(" \r\n").split(separator, 2)
    if len(cells) < 2 or (len(cells) < 3 and separator is None):
        raise DataError(f"{where}: {line[:40]!r}; want a start, an end and a label")
    start, end = (seconds(cell, where) for cell in cells[:2])
    if end < start:
        raise DataError(f"{where}: ends at {end:g} s, before its start at {start:g} s")
    return start, end, cells[2].strip() if len(cells) == 3 else ""


def _joined(rows: Iterable[Sequence[Any]]) -> str:
    return "".join("\t".join(row) + "\n" for row in rows)
