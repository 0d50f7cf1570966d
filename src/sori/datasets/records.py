"""Records as files: CSV with a header, JSON Lines, JSON. Read column by column, so that many are quick."""

from __future__ import annotations

import csv
import dataclasses
import io
import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sori.errors import DataError, ParameterError
from sori.system.replacing import replacing

__all__ = ["ENDINGS", "Record", "Table", "read_table", "write_records"]

ENDINGS = (".csv", ".jsonl", ".json")

Record = Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Table:
    """The records of a file by column: None or ``""`` where one says nothing.

    ``where`` says in words where a record is in the file, such as ``line 3``.
    """

    name: str
    n_rows: int
    columns: Mapping[str, Sequence[Any]]
    where: Callable[[int], str]


def read_table(path: Path) -> Table:
    """Return the records that a file holds.

    Raises
    ------
    FileNotFoundError
        Nothing is there.
    ParameterError
        The file's name ends in something else.
    DataError
        It is not what its name says; the message names the line.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise ParameterError(f"{path} does not end in {', '.join(ENDINGS)}; name a manifest, or a folder")
    try:
        return reader(path)
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 text ({error.reason}); save the file as UTF-8") from None


def write_records(path: Path, *, name: str, columns: Sequence[str], records: Iterator[Record]) -> None:
    """Write records to a file, whole or not at all; ``columns`` are those of a CSV file.

    Raises
    ------
    ParameterError
        The file's name ends in something else.
    DataError
        CSV cannot hold a record, or a name holds bytes that are no text.
    """
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise ParameterError(f"{path} does not end in {', '.join(ENDINGS)}; choose one of them")
    text = writer(name, columns, records)
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise DataError(f"a name holds bytes that are no text ({error.reason}); rename the file") from None
    with replacing(path) as file:
        file.write(data)


# --- reading ------------------------------------------------------------------------------


def _read_csv(path: Path) -> Table:
    def lines() -> Iterator[tuple[int, list[str]]]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            try:
                for cells in reader:
                    if cells:
                        yield reader.line_num, cells
            except csv.Error as error:
                raise DataError(f"{path}, line {reader.line_num}: {error}") from None

    rows = (cells for _, cells in lines())
    header = next(rows, None)
    if header is None:
        raise DataError(f"{path}, line 1: the file is empty; want a header that names a column `path`")
    columns: list[list[str]] = [[] for _ in header]
    n_rows = 0
    while some := list(itertools.islice(rows, 4096)):
        if {len(cells) for cells in some} != {len(header)}:
            at, cells = next((at, cells) for at, cells in lines() if len(cells) != len(header))
            raise DataError(f"{path}, line {at}: {len(cells)} cells where the header names {len(header)}")
        for column, values in zip(columns, zip(*some, strict=True), strict=True):
            column.extend(values)
        n_rows += len(some)

    def where(row: int) -> str:
        at, _ = next(itertools.islice(lines(), row + 1, None))
        return f"{path}, line {at}"

    return Table(path.stem, n_rows, dict(zip(header, columns, strict=True)), where)


def _read_lines(path: Path) -> Table:
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    numbers = [number for number, line in enumerate(lines, 1) if line.strip()]
    try:
        records = json.loads("[" + ",".join(lines[number - 1] for number in numbers) + "]")
    except json.JSONDecodeError:
        records = []
    if len(records) != len(numbers):  # two on a line, or none
        records = [_object(path, number, lines[number - 1]) for number in numbers]
    odd = next((row for row, record in enumerate(records) if not isinstance(record, dict)), None)
    if odd is not None:
        raise DataError(f"{path}, line {numbers[odd]}: want a JSON object, with the fields of a clip")
    return Table(path.stem, len(records), _by_column(records), lambda row: f"{path}, line {numbers[row]}")


def _object(path: Path, number: int, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise DataError(f"{path}, line {number}: not JSON ({error.msg})") from None


def _read_json(path: Path) -> Table:
    try:
        value = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise DataError(f"{path}, line {error.lineno}: not JSON ({error.msg})") from None
    clips = value.get("clips") if isinstance(value, dict) else value
    if not isinstance(clips, list) or not all(isinstance(clip, dict) for clip in clips):
        raise DataError(f'{path}: want a list of clips, or an object with a list "clips"')
    name = value.get("name", path.stem) if isinstance(value, dict) else path.stem
    return Table(str(name), len(clips), _by_column(clips), lambda row: f"{path}, clip {row + 1}")


def _by_column(records: Sequence[Record]) -> dict[str, list[Any]]:
    names = dict.fromkeys(itertools.chain.from_iterable(records))
    return {name: [record.get(name) for record in records] for name in names}


_READERS: dict[str, Callable[[Path], Table]] = {
    ".csv": _read_csv,
    ".jsonl": _read_lines,
    ".json": _read_json,
}

# --- writing ------------------------------------------------------------------------------


def _as_csv(_: str, columns: Sequence[str], records: Iterator[Record]) -> str:
    out = io.StringIO()
    if len(set(columns)) < len(columns):
        taken = next(name for at, name in enumerate(columns) if name in columns[:at])
        raise DataError(f"{taken!r} would be two columns of CSV; save as .jsonl")
    writer = csv.DictWriter(out, columns, lineterminator="\n", restval="")
    writer.writeheader()
    for record in records:
        plain = {name: value for name, value in record.items() if name not in ("labels", "extra")}
        labels = record.get("labels", [])
        odd = next((label for label in labels if ";" in label or label != label.strip() or not label), None)
        if odd is not None:
            raise DataError(f"the label {odd!r} cannot stand in CSV; save as .jsonl")
        writer.writerow({**plain, **record.get("extra", {}), "labels": ";".join(labels)})
    return out.getvalue()


def _as_lines(_: str, columns: Sequence[str], records: Iterator[Record]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def _as_json(name: str, columns: Sequence[str], records: Iterator[Record]) -> str:
    listed = ",\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    return f'{{"name": {json.dumps(name, ensure_ascii=False)}, "clips": [\n{listed}\n]}}\n'


_WRITERS: dict[str, Callable[[str, Sequence[str], Iterator[Record]], str]] = {
    ".csv": _as_csv,
    ".jsonl": _as_lines,
    ".json": _as_json,
}
