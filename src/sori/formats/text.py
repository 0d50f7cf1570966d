"""Text that cannot break the file it is written into."""

from __future__ import annotations

import re

from sori.errors import DataError, ParameterError
from sori.theory.lead_sheet import chord_name

__all__ = ["decoded", "lines", "one_line", "sheet_name"]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def one_line(text: str) -> str:
    r"""Return text without line breaks, tabs, other control characters and what is no character.

    >>> one_line("사랑\n노래\t ")
    '사랑 노래'
    """
    return " ".join(_CONTROL.sub(" ", text).split())


def decoded(data: bytes) -> str:
    """Return UTF-8 bytes as text, without a byte order mark.

    Raises
    ------
    DataError
        When they are something else; the message names the line.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataError(f"line {line}: not UTF-8 text; save the file as UTF-8") from None


def lines(text: str) -> list[tuple[str, str]]:
    """Return the lines that say something, each as ("line 3", its text); ``#`` starts a comment line."""
    numbered = ((f"line {number}", line.strip("\r")) for number, line in enumerate(text.split("\n"), 1))
    return [(where, line) for where, line in numbered if line.strip() and not line.lstrip().startswith("#")]


def sheet_name(label: str) -> str:
    """Return a chord as lead sheets write it; a label that is not in Harte's syntax stays as it came.

    >>> sheet_name("F#:min7"), sheet_name("G:maj/3"), sheet_name("N"), sheet_name("riff")
    ('F#m7', 'G/B', 'N.C.', 'riff')
    """
    try:
        return chord_name(label)
    except ParameterError:
        return one_line(label)
