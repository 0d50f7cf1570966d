"""A manifest read from a file: what each record must say, and what it may be called.

The columns are the fields of `sori.datasets.manifest.Clip`. Only ``path`` must be there; without an ``id`` it
is the path without its ending. CSV writes several labels as ``dog;bark``; a column ``label`` holds just one,
as it stands. Columns that are no field of a clip become its ``extra``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from sori.datasets.columns import coded
from sori.datasets.manifest import FIELDS, SPLITS, Columns, Manifest
from sori.datasets.records import Record, WrongRecordError, read_records
from sori.errors import DataError

__all__ = ["read"]

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
    try:
        name, records = read_records(path)
        columns = _columns(records)
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 text ({error.reason}); save the file as UTF-8") from None
    except WrongRecordError as error:
        raise DataError(f"{path}, {error}") from None
    return Manifest(columns, root=path.parent, name=name)


def _columns(records: Iterable[tuple[str, Record]]) -> Columns:
    fields: dict[str, list[Any]] = {name: [] for name in FIELDS}
    extra: dict[str, dict[int, str]] = {}
    kept: dict[Any, Any] = {}  # equal texts are one object
    count = 0
    for where, record in records:
        row = _row(where, record)
        for name, value in row.items():
            if name in fields:
                fields[name].append(value if name in ("id", "path") else kept.setdefault(value, value))
            else:
                extra.setdefault(name, {})[count] = kept.setdefault(value, value)
        count += 1
    return Columns(
        id=tuple(fields["id"]),
        path=tuple(fields["path"]),
        start_s=np.array(fields["start_s"], np.float64),
        end_s=np.array(fields["end_s"], np.float64),
        labels=coded(fields["labels"]),
        group=coded(fields["group"]),
        split=coded(fields["split"]),
        fold=np.array(fields["fold"], np.int32),
        licence=coded(fields["licence"]),
        extra={name: coded(map(values.get, range(count))) for name, values in sorted(extra.items())},
    )


def _row(where: str, record: Record) -> dict[str, Any]:
    """Return a record as the columns hold it."""
    said = {_ALIASES.get(name, name): value for name, value in record.items() if value not in (None, "")}
    path = said.pop("path", None)
    if not isinstance(path, str):
        raise WrongRecordError(f"{where}: no path; each clip names its audio file in a column `path`")
    start = _seconds(where, "start_s", said.pop("start_s", 0.0))
    end = _seconds(where, "end_s", said.pop("end_s", math.nan))
    if end <= start:
        raise WrongRecordError(f"{where}: end_s is {end:g}, not after start_s, {start:g}")
    split = said.pop("split", None)
    if split is not None and split not in _SPLIT_NAMES:
        raise WrongRecordError(f"{where}: the split is {split!r}; write {', '.join(SPLITS)}, or nothing")
    row = {
        "id": str(said.pop("id", PurePosixPath(path).with_suffix(""))),
        "path": path,
        "start_s": start,
        "end_s": end,
        "labels": _labels(where, said.pop("labels", ()), said.pop("label", None)),
        "group": _text(said.pop("group", None)),
        "split": None if split is None else _SPLIT_NAMES[split],
        "fold": _fold(where, said.pop("fold", -1)),
        "licence": _text(said.pop("licence", None)),
    }
    extra = said.pop("extra", {})
    if not isinstance(extra, Mapping):
        raise WrongRecordError(f"{where}: extra is {extra!r}; want names and texts")
    return row | {str(name): str(value) for name, value in {**said, **extra}.items()}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _seconds(where: str, name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = -1.0
    if number < 0 or math.isinf(number):
        raise WrongRecordError(f"{where}: {name} is {value!r}; want seconds from 0 on")
    return number


def _fold(where: str, value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise WrongRecordError(f"{where}: the fold is {value!r}; want a whole number") from None


def _labels(where: str, labels: Any, label: Any) -> tuple[str, ...]:
    if label is not None:
        return (str(label),)
    if isinstance(labels, str):
        return tuple(part.strip() for part in labels.split(";") if part.strip())
    if not isinstance(labels, list | tuple):
        raise WrongRecordError(f"{where}: labels is {labels!r}; want a list of texts")
    return tuple(map(str, labels))
