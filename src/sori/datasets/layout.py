"""Looking at a data set as it lies on disk: names in folders, rows of tables, lines of lists."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sori.errors import DataError

__all__ = ["files", "has_file", "json_of", "lines", "rows"]


def has_file(folder: Path, pattern: str) -> bool:
    """Say whether something right in a folder is called as a pattern wants; it looks no further than that."""
    if not folder.is_dir():
        return False
    with os.scandir(folder) as entries:
        return any(re.fullmatch(pattern, entry.name) for entry in entries)


def files(folder: Path, pattern: str) -> Iterator[re.Match[str]]:
    """Give the names right in a folder that match a pattern whole, sorted; none where there is no folder."""
    if folder.is_dir():
        yield from filter(None, (re.fullmatch(pattern, name) for name in sorted(os.listdir(folder))))


def rows(
    path: Path, *, columns: Sequence[str], delimiter: str = ",", header: Sequence[str] | None = None
) -> Iterator[dict[str, str]]:
    """Give the rows of a table by the names of its columns.

    Parameters
    ----------
    columns
        Those that must be there.
    header
        The names of all columns, where the table itself does not say.

    Raises
    ------
    DataError
        The table is not there, has not those columns, or a row of another length.
    """
    with _opened(path) as file:
        table = csv.reader(file, delimiter=delimiter, skipinitialspace=True)
        names = list(header) if header is not None else next(table, [])
        missing = [name for name in columns if name not in names]
        if missing:
            raise DataError(
                f"{path} has no column {missing[0]!r}; get the file again, as its authors publish it"
            )
        for cells in table:
            if len(cells) == len(names):
                yield dict(zip(names, cells, strict=True))
            elif any(cells):
                raise DataError(f"{path}, line {table.line_num}: {len(cells)} cells, want {len(names)}")


def lines(path: Path) -> Iterator[str]:
    """Give the lines of a list that say something, without what surrounds them.

    Raises
    ------
    DataError
        The list is not there.
    """
    with _opened(path) as file:
        yield from filter(None, (line.strip() for line in file))


def json_of(path: Path) -> Any:
    """Return what a JSON file holds.

    Raises
    ------
    DataError
        It is not there, or is not JSON.
    """
    with _opened(path) as file:
        try:
            return json.load(file)
        except json.JSONDecodeError as error:
            raise DataError(f"{path}, line {error.lineno}: not JSON ({error.msg})") from None


def _opened(path: Path) -> Any:
    try:
        return path.open(encoding="utf-8-sig", newline="")
    except FileNotFoundError:
        raise DataError(f"{path} is missing; get it as the data set's authors publish it") from None
