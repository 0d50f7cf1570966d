"""A manifest read from a file: what each record must say, and what it may be called.

The columns are the fields of `sori.datasets.manifest.Clip`. Only ``path`` must be there; without an ``id`` it
is the path without its ending. CSV writes several labels as ``dog;bark``; a column ``label`` holds just one,
as it stands. Columns that are no field of a clip become its ``extra``.

Each distinct value of a column is looked at once, however many clips have it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sori.datasets.columns import Coded, coded
from sori.datasets.manifest import SPLITS, Columns, Manifest
from sori.datasets.records import Table, read_table
from sori.errors import DataError

__all__ = ["columns_of", "read"]

# What tables in use call these.
_ALIASES = {
    "file": "path",
    "filename": "path",
    "file_name": "path",
    "class": "label",
    "category": "label",
    "license": "licence",
}
_SPLIT_NAMES = {"train": "train", "validation": "validation", "test": "test"} | dict.fromkeys(
    ("valid", "val", "dev", "development"), "validation"
)


def read(path: Path) -> Manifest:
    """Return the manifest that a file holds."""
    table = read_table(path)
    return Manifest(columns_of(table), root=path.parent, name=table.name)


def columns_of(table: Table) -> Columns:
    """Return the clips of a table, field by field.

    Raises
    ------
    DataError
        A value is not what it must be; the message says where.
    """
    reading = _Reading(table)
    paths = reading.each("path", _path)
    starts = np.array(reading.each("start_s", _start), np.float64)
    ends = np.array(reading.each("end_s", _end), np.float64)
    backwards = np.flatnonzero(ends <= starts)
    if len(backwards):
        row = int(backwards[0])
        where = table.where(row)
        raise DataError(f"{where}: end_s is {ends[row]:g}, not after start_s, {starts[row]:g}")
    ids = [name or _stem(path) for name, path in zip(reading.each("id", _text), paths, strict=True)]
    return Columns(
        id=tuple(ids),
        path=tuple(paths),
        start_s=starts,
        end_s=ends,
        labels=reading.labels(),
        group=coded(reading.each("group", _text)),
        split=coded(reading.each("split", _split)),
        fold=np.array(reading.each("fold", _fold), np.int32),
        licence=coded(reading.each("licence", _text)),
        extra=reading.extra(),
    )


class _WrongError(Exception):
    """What is wrong with a value."""


class _Reading:
    """The columns of a table under the names of a clip's fields; each is taken once."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._left = dict(table.columns)
        for alias, name in _ALIASES.items():
            if alias in self._left and name not in self._left:
                self._left[name] = self._left.pop(alias)

    def each(self, name: str, convert: Callable[[Any], Any]) -> list[Any]:
        """Return a column converted; a value that is not there, or empty, comes as None."""
        values = self._left.pop(name, None)
        return self._converted([None] * self._table.n_rows if values is None else values, convert)

    def _converted(self, values: Sequence[Any], convert: Callable[[Any], Any]) -> list[Any]:
        values = [tuple(value) if type(value) is list else value for value in values]
        made: dict[Any, Any] = {}
        try:
            for value in dict.fromkeys(values):
                made[value] = convert(None if value == "" else value)
        except _WrongError as error:
            raise DataError(f"{self._table.where(values.index(value))}: {error}") from None
        except TypeError:  # a mapping where a plain value belongs
            row = next(row for row, value in enumerate(values) if isinstance(value, dict))
            raise DataError(f"{self._table.where(row)}: want plain values, not {values[row]!r}") from None
        return [made[value] for value in values]

    def labels(self) -> Coded:
        """Return the labels: the one of ``label`` where that says something, else those of ``labels``."""
        single, several = self.each("label", _text), self.each("labels", _labels)
        return coded((one,) if one is not None else more for one, more in zip(single, several, strict=True))

    def extra(self) -> dict[str, Coded]:
        """Return what is left over, and what ``extra`` itself holds."""
        inner: dict[str, list[str | None]] = {}
        for row, value in enumerate(self._left.pop("extra", ())):
            if value is None or value == "":
                continue
            if not isinstance(value, Mapping):
                raise DataError(f"{self._table.where(row)}: extra is {value!r}; want names and texts")
            for name, text in value.items():
                inner.setdefault(name, [None] * self._table.n_rows)[row] = _text(text)
        names = sorted({*self._left, *inner})
        return {name: coded(inner[name] if name in inner else self.each(name, _text)) for name in names}


def _path(value: Any) -> str:
    if not isinstance(value, str):
        raise _WrongError("no path; each clip names its audio file in a column `path`")
    return value


def _stem(path: str) -> str:
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}{name.rpartition('.')[0] or name}"


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _start(value: Any) -> float:
    return 0.0 if value is None else _seconds("start_s", value)


def _end(value: Any) -> float:
    return math.nan if value is None else _seconds("end_s", value)


def _seconds(name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = -1.0
    if not 0 <= number < math.inf:
        raise _WrongError(f"{name} is {value!r}; want seconds from 0 on")
    return number


def _split(value: Any) -> str | None:
    if value is None:
        return None
    if value not in _SPLIT_NAMES:
        raise _WrongError(f"the split is {value!r}; write {', '.join(SPLITS)}, or nothing")
    return _SPLIT_NAMES[value]


def _fold(value: Any) -> int:
    if value is None:
        return -1
    try:
        return int(value)
    except (TypeError, ValueError):
        raise _WrongError(f"the fold is {value!r}; want a whole number") from None


def _labels(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(";") if part.strip())
    if not isinstance(value, tuple):
        raise _WrongError(f"labels is {value!r}; want a list of texts")
    return tuple(map(str, value))
