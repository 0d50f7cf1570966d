"""Scala files (``.scl``): any scale, as thousands of them are exchanged.

Format: M. Op de Coul, "Scala scale file format", Huygens-Fokker Foundation. A line that begins with ``!``
is a comment; then come a description, the number of notes, and a note a line: a ratio (``3/2``, ``2``) or,
with a period in it, cents. The first note, 1/1, is not written; the last is the period, most often the
octave.
"""

from __future__ import annotations

import math
import os
import re
from pathlib import Path

from sori.errors import DataError, ParameterError
from sori.theory.scales import TuningScale

__all__ = ["format_scl", "parse_scl", "read_scl", "write_scl"]

_MAX_BYTES = 1 << 20
_MAX_NOTES = 4096
_MAX_CENTS = 12000.0  # ten octaves
_NUMBER = re.compile(r"[+-]?(?:\d{1,40}\.\d{0,40}|\.\d{1,40})\Z", re.ASCII)
_RATIO = re.compile(r"(-?\d{1,18})(?:/(-?\d{1,18}))?\Z", re.ASCII)


def read_scl(path: str | os.PathLike[str]) -> TuningScale:
    """Read a Scala file.

    Raises
    ------
    DataError
        When it is not one, with the number of the line; when it is larger than 1 MB.
    """
    name = os.fspath(path)
    try:
        with open(path, "rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise DataError(f"{name!r}: {error.strerror or error}; want a Scala file that can be read") from error
    if len(raw) > _MAX_BYTES:
        raise DataError(f"{name!r} is larger than {_MAX_BYTES} bytes, want a Scala file")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")  # the format's own encoding; newer files are UTF-8
    try:
        return parse_scl(text, name=Path(name).stem)
    except DataError as error:
        raise DataError(f"{name!r}: {error}") from error


def parse_scl(text: str, *, name: str = "") -> TuningScale:
    """Parse the text of a Scala file.

    Parameters
    ----------
    text : str
    name : str
        Of the scale where the file has no description.

    Returns
    -------
    TuningScale
        Notes sorted and within one period, the first 0.0; ``period_cents`` is the file's last note.

    Raises
    ------
    DataError
        With the number of the line that is wrong.
    """
    lines = [
        (number, line.strip())
        for number, line in enumerate(text.splitlines(), 1)
        if not line.lstrip().startswith("!")
    ]
    if len(lines) < 2:
        raise DataError(
            f"got {len(lines)} lines that are not comments, want a description and a number of notes"
        )
    description, (number, count_text) = lines[0][1], lines[1]
    first = count_text.split()[0] if count_text else ""
    if not re.fullmatch(r"[0-9]{1,6}", first) or int(first) > _MAX_NOTES:
        raise DataError(
            f"line {number}: got {count_text[:40]!r}, want the number of notes, 0 to {_MAX_NOTES}"
        )
    count = int(first)
    notes = lines[2 : 2 + count]
    if len(notes) < count:
        raise DataError(f"line {lines[-1][0]}: the file ends after {len(notes)} of {count} notes")
    pitches = [_pitch(line, number) for number, line in notes]
    period = pitches[-1] if pitches else 1200.0
    if period < 1:
        raise DataError(
            f"line {notes[-1][0]}: the last note is {period:g} cents, want a period of 1 at the least"
        )
    inside = sorted({0.0, *(round(pitch % period, 9) for pitch in pitches[:-1])})
    cents = tuple(pitch for pitch in inside if pitch < period)
    return TuningScale(description or name or "scale", "Scala file", cents, "a Scala file", period)


def _pitch(line: str, number: int) -> float:
    """One note in cents; whatever follows the first word is a remark."""
    word = line.split()[0] if line else ""
    wanted = f"line {number}: got {line[:40]!r}, want a ratio like 3/2 or cents like 701.955"
    if _NUMBER.match(word):
        cents = float(word)
    elif found := _RATIO.match(word):
        over, under = int(found[1]), int(found[2] or 1)
        if over <= 0 or under <= 0:
            raise DataError(f"{wanted}, both parts above 0")
        cents = 1200 * (math.log2(over) - math.log2(under))
    else:
        raise DataError(wanted)
    if not abs(cents) <= _MAX_CENTS:
        raise DataError(f"{wanted}, within {_MAX_CENTS:g} cents")
    return cents


def format_scl(scale: TuningScale) -> str:
    """Return a scale as the text of a Scala file, in cents."""
    description = " ".join(scale.name.split())
    if description.startswith("!"):
        raise ParameterError(f"name={scale.name!r}: a Scala file's description cannot begin with '!'")
    notes = [*scale.cents[1:], scale.period_cents]
    lines = [f"! {' '.join(scale.source.split())}", description, f" {len(notes)}", "!"]
    return "\n".join(lines + [f" {cents:.6f}" for cents in notes]) + "\n"


def write_scl(scale: TuningScale, path: str | os.PathLike[str]) -> None:
    """Write a scale as a Scala file."""
    Path(path).write_text(format_scl(scale), encoding="utf-8", newline="\n")
