"""What a store knows of its clips: parameters that never change, and a list that only grows.

``store.json`` holds the parameters, ``index.jsonl`` a line for each clip that is wholly in a shard. A line is
written after the clip, so whenever a process dies, what the list names is there. A later line of the same id
stands for an earlier one; ``{"dropped": id}`` takes it away.
"""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.datasets.manifest import FIELDS, Clip, Columns
from sori.datasets.reading import columns_of
from sori.datasets.records import Table
from sori.datasets.store.shards import ENCODINGS
from sori.errors import DataError, ParameterError
from sori.system.replacing import replacing

__all__ = [
    "FORMAT",
    "Entry",
    "IndexWriter",
    "Parameters",
    "is_store",
    "read_index",
    "read_parameters",
    "shard_path",
]

FORMAT = 1

_PARAMETERS, _INDEX = "store.json", "index.jsonl"
_AT_ONCE = 4096  # lines


@dataclasses.dataclass(frozen=True)
class Parameters:
    """How every clip of a store was made.

    Parameters
    ----------
    sample_rate
        Hz; None where each clip keeps the rate of its file.
    mono
        Whether channels were mixed to one; else each clip keeps those of its file.
    encoding
        ``"pcm"`` or ``"flac"``: how samples lie in the shards. They are the same either way.
    """

    sample_rate: int | None = None
    mono: bool = False
    encoding: str = "pcm"

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        if self.encoding not in ENCODINGS:
            raise ParameterError(f"the encoding is {self.encoding!r}; choose {' or '.join(ENCODINGS)}")
        if self.sample_rate is not None and self.sample_rate < 1:
            raise ParameterError(f"sample_rate is {self.sample_rate}; give Hz, from 1 on")

    def __str__(self) -> str:
        """Say it in words."""
        rate = "the files' own rates" if self.sample_rate is None else f"{self.sample_rate} Hz"
        return f"{rate}, {'mono' if self.mono else 'the channels of the files'}, {self.encoding}"


@dataclasses.dataclass(frozen=True)
class Entry:
    """A clip in a store: what is known of it, where it lies, and what it was made of.

    ``source`` is the name of its data set, and size in bytes and time of modification (ns) of its file.
    """

    clip: Clip
    source: tuple[str, int, int]
    shard: int
    offset: int
    n_bytes: int
    n_frames: int
    channels: int
    sample_rate: int
    crc32: int
    clipped: int


def shard_path(store: Path, number: int) -> Path:
    """Return where a shard lies."""
    return store / f"shard-{number:05}.bin"


def is_store(path: Path) -> bool:
    """Say whether a folder is a store."""
    return (path / _PARAMETERS).is_file()


def read_parameters(path: Path) -> Parameters:
    """Return the parameters of a store.

    Raises
    ------
    DataError
        The folder is no store, or one of another format.
    """
    try:
        said = json.loads((path / _PARAMETERS).read_text(encoding="utf-8"))
        if said.pop("format") != FORMAT:
            raise DataError(f"{path} is a store of another version; prepare it anew with this one")
        return Parameters(**said)
    except FileNotFoundError:
        raise DataError(f"{path} is not a store; make one with `sori prepare DATA --out STORE`") from None
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{path / _PARAMETERS} is damaged ({error!r}); prepare the store anew") from None


@dataclasses.dataclass(frozen=True)
class Index:
    """The clips of a store in the order of their ids, field by field, as `Entry` has them."""

    clips: Columns
    sources: tuple[tuple[str, int, int], ...]
    numbers: dict[str, NDArray[np.int64]]

    def entries(self) -> dict[str, Entry]:
        """Return them one by one, by id."""
        numbers = [self.numbers[name].tolist() for name in _NUMBERS]
        rows = zip(self.sources, *numbers, strict=True)
        made = (Entry(self.clips.clip(row), *values) for row, values in enumerate(rows))
        return {entry.clip.id: entry for entry in made}


def read_index(path: Path) -> Index:
    """Return what a store's list says in the end.

    Raises
    ------
    DataError
        A line is damaged; a last one that a dying process left half-written is passed over.
    """
    index = path / _INDEX
    data = index.read_bytes() if index.exists() else b""
    lines = data[: data.rfind(b"\n") + 1].splitlines()
    columns: dict[str, list[Any]] = {name: [] for name in (*_COLUMNS, "dropped")}
    for start in range(0, len(lines), _AT_ONCE):
        records = _parsed(index, lines, start)
        for name, column in columns.items():
            column.extend([record.get(name) for record in records])
    last: dict[str, int] = {}
    for row, (name, dropped) in enumerate(zip(columns["id"], columns.pop("dropped"), strict=True)):
        if dropped is None:
            last[name] = row
        else:
            last.pop(dropped, None)
    try:
        rows = [last[name] for name in sorted(last)]
        kept = {name: [column[row] for row in rows] for name, column in columns.items()}
        numbers = {name: np.array(kept.pop(name), np.int64) for name in _NUMBERS}
        sources = tuple(map(tuple, kept.pop("source")))
    except TypeError as error:
        raise DataError(f"{index} is damaged ({error}); prepare the store anew") from None
    table = Table(path.name, len(rows), kept, lambda row: f"{index}, line {rows[row] + 1}")
    return Index(columns_of(table), sources, numbers)


_NUMBERS = [field.name for field in dataclasses.fields(Entry)][2:]
_COLUMNS = (*FIELDS, "extra", "source", *_NUMBERS)


def _parsed(index: Path, lines: list[bytes], start: int) -> list[dict[str, Any]]:
    some = lines[start : start + _AT_ONCE]
    try:
        records = json.loads(b"[" + b",".join(some) + b"]")
    except (json.JSONDecodeError, UnicodeDecodeError):
        records = []
    if len(records) != len(some) or not all(isinstance(record, dict) for record in records):
        at = next(at for at, line in enumerate(some, start + 1) if not _is_object(line))
        raise DataError(f"{index}, line {at}: damaged; take the line away")
    return list(records)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (json.JSONDecodeError, UnicodeDecodeError):
        return False


class IndexWriter:
    """The one writer of a store's index; a context manager."""

    def __init__(self, path: Path, parameters: Parameters) -> None:
        self._path = path
        self._parameters = parameters
        self._handle = -1

    def __enter__(self) -> IndexWriter:
        """Open the list, without what a dying process left half-written.

        Raises
        ------
        DataError
            The store was made with other parameters.
        """
        if is_store(self._path):
            made = read_parameters(self._path)
            if made != self._parameters:
                raise DataError(
                    f"the store {self._path} was made with {made}; this asks for {self._parameters}; "
                    "name another --out, or the same options"
                )
        else:
            said = {"format": FORMAT, **dataclasses.asdict(self._parameters)}
            with replacing(self._path / _PARAMETERS) as file:
                file.write(json.dumps(said).encode() + b"\n")
        binary = getattr(os, "O_BINARY", 0)
        self._handle = os.open(self._path / _INDEX, os.O_RDWR | os.O_CREAT | binary, 0o644)
        end = (self._path / _INDEX).read_bytes().rfind(b"\n") + 1
        os.ftruncate(self._handle, end)
        os.lseek(self._handle, end, os.SEEK_SET)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write down what the system still holds back, and close."""
        os.fsync(self._handle)
        os.close(self._handle)

    def add(self, entry: Entry) -> None:
        """Write down a clip that is wholly in its shard."""
        clip = {name: getattr(entry.clip, name) for name in (*FIELDS, "extra")}
        record = {name: value for name, value in clip.items() if value is not None and value not in ((), {})}
        numbers = {name: getattr(entry, name) for name in _NUMBERS}
        self._write({**record, "source": entry.source, **numbers})

    def drop(self, name: str) -> None:
        """Write down that a clip is not to be used any more."""
        self._write({"dropped": name})

    def _write(self, record: dict[str, Any]) -> None:
        line = json.dumps(record, separators=(",", ":")).encode() + b"\n"
        while line:
            line = line[os.write(self._handle, line) :]
