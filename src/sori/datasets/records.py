"""Records as files: CSV with a header, JSON Lines, JSON. A clip's fields each way."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sori.errors import DataError, ParameterError
from sori.system.replacing import replacing

__all__ = ["ENDINGS", "Record", "WrongRecordError", "read_records", "write_records"]

ENDINGS = (".csv", ".jsonl", ".json")

Record = Mapping[str, Any]


class WrongRecordError(Exception):
    """What is wrong and where, without the name of the file."""


def read_records(path: Path) -> tuple[str, Iterator[tuple[str, Record]]]:
    """Return the name that a file gives its records, and them, each with its place such as ``line 3``.

    Raises
    ------
    FileNotFoundError
        Nothing is there.
    ParameterError
        The file's name ends in something else.
    WrongRecordError
        A record cannot be read; also on the way.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise ParameterError(f"{path} does not end in {', '.join(ENDINGS)}; name a manifest, or a folder")
    return reader(path)


def write_records(path: Path, *, name: str, columns: Sequence[str], records: Iterator[Record]) -> None:
    """Write records to a file, whole or not at all; ``columns`` are those of a CSV file.

    Raises
    ------
    ParameterError
        The file's name ends in something else.
    DataError
        CSV cannot hold a record.
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


def _read_csv(path: Path) -> tuple[str, Iterator[tuple[str, Record]]]:
    def records() -> Iterator[tuple[str, Record]]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            try:
                header = next(rows, None)
                if header is None:
                    raise WrongRecordError(
                        "line 1: the file is empty; want a header that names a column `path`"
                    )
                for cells in rows:
                    if not cells:
                        continue
                    if len(cells) != len(header):
                        raise WrongRecordError(
                            f"line {rows.line_num}: {len(cells)} cells where the header names {len(header)}"
                        )
                    yield f"line {rows.line_num}", dict(zip(header, cells, strict=True))
            except csv.Error as error:
                raise WrongRecordError(f"line {rows.line_num}: {error}") from None

    return path.stem, records()


def _read_lines(path: Path) -> tuple[str, Iterator[tuple[str, Record]]]:
    def records() -> Iterator[tuple[str, Record]]:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield f"line {number}", _object(f"line {number}", line)

    return path.stem, records()


def _object(where: str, text: str) -> Record:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise WrongRecordError(f"{where}: not JSON ({error.msg})") from None
    if not isinstance(value, dict):
        raise WrongRecordError(f"{where}: want a JSON object, with the fields of a clip")
    return value


def _read_json(path: Path) -> tuple[str, Iterator[tuple[str, Record]]]:
    try:
        value = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise WrongRecordError(f"line {error.lineno}: not JSON ({error.msg})") from None
    clips = value.get("clips") if isinstance(value, dict) else value
    if not isinstance(clips, list) or not all(isinstance(clip, dict) for clip in clips):
        raise WrongRecordError('line 1: want a list of clips, or an object with a list "clips"')
    name = value.get("name", path.stem) if isinstance(value, dict) else path.stem
    return str(name), ((f"clip {number}", clip) for number, clip in enumerate(clips, 1))


_READERS: dict[str, Callable[[Path], tuple[str, Iterator[tuple[str, Record]]]]] = {
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
    return json.dumps({"name": name, "clips": list(records)}, ensure_ascii=False, indent=1) + "\n"


_WRITERS: dict[str, Callable[[str, Sequence[str], Iterator[Record]], str]] = {
    ".csv": _as_csv,
    ".jsonl": _as_lines,
    ".json": _as_json,
}
