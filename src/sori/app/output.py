"""How results are written: JSON for programs, lines for people."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from sori.errors import ParameterError

__all__ = [
    "SCHEMA",
    "check_place",
    "clock",
    "json_rows",
    "json_text",
    "lines",
    "printable",
    "table",
    "write",
    "write_bytes",
    "writing",
]

SCHEMA = 1
"""Version of every JSON answer; it grows when a key changes its meaning or goes away."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def json_text(value: Any) -> str:
    """Return JSON with a last newline, in plain UTF-8.

    Bytes of a file name that are no text stand as ``\\udcXX``, the way Python itself names them.
    """
    return _escaped(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1)) + "\n"


def json_rows(head: dict[str, Any], name: str, rows: Iterable[Any]) -> str:
    """Return a JSON object of ``head`` and a list ``name``, each row of it on one line."""
    start = json.dumps({**head, name: []})[:-2]
    listed = ",\n".join(json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows)
    return f"{start}\n{_escaped(listed)}\n]}}\n"


def _escaped(text: str) -> str:
    return _LONE_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def write(text: str, path: str | None = None) -> None:
    """Write UTF-8 text to a file, or to standard output whatever its own encoding is."""
    write_bytes(text.encode("utf-8", "surrogateescape"), path)


def check_place(path: str) -> None:
    """Refuse a place where no file can be written, before any work is done for it.

    Raises
    ------
    ParameterError
        Its folder is not there, or it is a folder itself.
    """
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        raise ParameterError(f"there is no folder {folder!r} to write to; make it first")
    if os.path.isdir(path):
        raise ParameterError(f"{path!r} is a folder; name a file in it")


@contextlib.contextmanager
def writing(path: str) -> Iterator[BinaryIO]:
    """Give a file to write that appears under its name only when it is whole.

    A link is followed; what is no plain file, such as a pipe, is written as it comes.
    """
    check_place(path)
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        with open(target, "wb") as stream:
            yield stream
        return
    from sori.system.replacing import replacing

    try:
        with replacing(target) as file:
            yield file
    except OSError as error:  # the name of the part means nothing to anybody
        raise OSError(error.errno, error.strerror, path) from error


def write_bytes(data: bytes, path: str | None = None) -> None:
    """Write bytes to a file, whole or not at all, or to standard output."""
    if path is not None and path != "-":
        with writing(path) as file:
            file.write(data)
    elif hasattr(sys.stdout, "buffer"):
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        sys.stdout.write(data.decode("utf-8", "surrogateescape"))


def lines(rows: Iterable[str], *, to: TextIO | None = None) -> None:
    """Write lines for people, to standard output by default; what its encoding lacks is escaped."""
    stream = to or sys.stdout
    encoding = stream.encoding or "utf-8"
    text = "".join(f"{row}\n" for row in rows)
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()


def printable(text: str) -> str:
    """Escape what would move the cursor, colour the terminal or turn the writing around."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def clock(seconds: float | None) -> str:
    """Return a duration as people write it: ``4:08`` or ``1:02:45``."""
    if seconds is None:
        return "-:--"
    whole = round(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def table(rows: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset()) -> list[str]:
    """Return rows as lines with aligned columns; columns numbered in ``right`` are set to the right."""
    if not rows:
        return []
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    out = []
    for row in rows:
        cells = []
        for number, (cell, width) in enumerate(zip(row, widths, strict=True)):
            space = " " * (width - _width(cell))
            cells.append(space + cell if number in right else cell + space)
        out.append("  ".join(cells).rstrip())
    return out


def _width(text: str) -> int:
    """Return how many cells of a terminal a text takes: Korean letters take two, accents none."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.category(char) in ("Mn", "Me", "Cf") or "\u1160" <= char <= "\u11ff"
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )
