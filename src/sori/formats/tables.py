"""Tables with a header: one part of results as CSV, units in the columns' names."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from typing import Any

from sori.errors import DataError
from sori.formats.part import Row
from sori.formats.results import Results
from sori.formats.rows import PARTS, reader_of, rows_of, seconds
from sori.formats.text import one_line

__all__ = ["from_csv", "to_csv"]

_DECIMALS = dict.fromkeys(("hz", "bpm", "pitch_midi", "confidence", "strength", "cents"), 4)
_OF_TIMES = 6  # and of all else


def to_csv(results: Results, part: str) -> str:
    """Return a part as CSV with a header; what is not known is left empty.

    Raises
    ------
    ParameterError
        When the results do not hold that part.
    """
    columns = list(PARTS[part].columns)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows_of(results, part):
        writer.writerow([_cell(name, value) for name, value in zip(columns, row, strict=True)])
    return out.getvalue()


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return f"{value:.{_DECIMALS.get(name, _OF_TIMES)}f}"
    return one_line(str(value))


def from_csv(text: str, part: str) -> Results:
    """Return the results that a table says; columns may stand in any order, and others beside them.

    Raises
    ------
    DataError
        For a missing column or a value that is not of its column; the message names the line.
    ParameterError
        For a part that is written only.
    """
    wanted, back = PARTS[part].columns, reader_of(part)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    places: list[int] | None = None
    try:
        for cells in reader:
            if not cells:
                continue
            if places is None:
                places = _places(cells, list(wanted))
                continue
            where = f"line {reader.line_num}"
            found = [cells[at] if at < len(cells) else "" for at in places]
            rows.append(_row(dict(zip(wanted, found, strict=True)), wanted, where))
    except csv.Error as error:
        raise DataError(f"line {reader.line_num}: {error}; want comma-separated values") from None
    if places is None:
        raise DataError(f"line 1: the file is empty; want the header {','.join(wanted)}")
    return back(rows)


def _places(header: Sequence[str], wanted: Sequence[str]) -> list[int]:
    names = [name.strip() for name in header]
    optional = {"confidence", "beat", "bar", "strength"}
    if missing := [name for name in wanted if name not in names and name not in optional]:
        raise DataError(f"line 1: no column {', '.join(missing)}; want the header {','.join(wanted)}")
    return [names.index(name) if name in names else len(names) + 1000 for name in wanted]


def _row(cells: dict[str, str], kinds: dict[str, type], where: str) -> Row:
    values = tuple(_parsed(name, text.strip(), kinds[name], where) for name, text in cells.items())
    if {"start_s", "end_s"} <= kinds.keys() and values[1] < values[0]:
        raise DataError(f"{where}: ends at {values[1]:g} s, before its start at {values[0]:g} s")
    return values


def _parsed(name: str, text: str, kind: type, where: str) -> Any:
    if name.endswith("_s"):
        return seconds(text, where)
    if text == "" and name in ("confidence", "beat", "bar", "strength"):
        return None
    if kind is str:
        return text
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    whole = kind is not float
    if (
        not math.isfinite(number)
        or (whole and number != round(number))
        or (kind is bool and number not in (0, 1))
    ):
        want = {float: "a number", int: "a whole number", bool: "0 or 1"}[kind]
        raise DataError(f"{where}: {name} is {text[:40]!r}; want {want}")
    return kind(number)
