"""All tracks of a library in memory, column by column: what a hundred thousand rows can be asked at once.

A :class:`Table` is also a mapping of id to :class:`~sori.library.track.Track`; a track is made when
somebody asks for it, so that a large library costs its columns and not its records.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, func, select

from sori.library.schema import as_path, corrections, files, stages, tracks
from sori.library.track import Track

__all__ = ["COLUMNS", "Table", "read_table"]

COLUMNS = tuple(c.name for c in tracks.columns if c.name not in ("title_folded", "search_folded"))
"""The fields of a track that are columns; the id comes first."""

_PART = 4_096  # rows read at once, so that other threads get their turn
_KEPT = 64  # answers


@dataclasses.dataclass(frozen=True, eq=False)
class Table(Mapping[str, Track]):
    """A library's tracks in the order of their ids.

    Attributes
    ----------
    columns
        Field of a track to its values, one per track.
    search
        What words are looked for in: artist, title and file name, folded.
    elsewhere
        Files of the tracks that have not exactly one: id to all paths and to the missing ones.
    said
        What single stages said of a track, as JSON text: id to stage to text.
    """

    columns: Mapping[str, list[Any]]
    search: list[str]
    elsewhere: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = dataclasses.field(repr=False)
    said: Mapping[str, Mapping[str, str]] = dataclasses.field(repr=False)
    _rows: dict[str, int] = dataclasses.field(repr=False)
    _kept: dict[Any, Any] = dataclasses.field(default_factory=dict, repr=False)
    _lock: threading.Lock = dataclasses.field(default_factory=threading.Lock, repr=False)

    @property
    def ids(self) -> list[str]:
        """The id of every row."""
        return self.columns["id"]

    def __len__(self) -> int:
        """How many tracks there are."""
        return len(self.ids)

    def __iter__(self) -> Iterator[str]:
        """Yield the ids."""
        return iter(self.ids)

    def __contains__(self, track_id: object) -> bool:
        """Whether there is such a track."""
        return track_id in self._rows

    def __getitem__(self, track_id: str) -> Track:
        """Return a track, with the results that are kept here."""
        row = self._rows[track_id]
        values = {name: column[row] for name, column in self.columns.items()}
        paths, gone = self.files(row)
        results = {stage: json.loads(text) for stage, text in self.said.get(track_id, {}).items()}
        return Track(**values, paths=paths, missing_paths=gone, results=results)

    def row(self, track_id: str) -> int:
        """Return the row of a track."""
        return self._rows[track_id]

    def files(self, row: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return all paths of a track, and those that are missing."""
        track_id, path = self.ids[row], self.columns["path"][row]
        if track_id in self.elsewhere:
            return self.elsewhere[track_id]
        return (path,), (path,) if self.columns["missing"][row] else ()

    def kept(self, key: Any, make: Callable[[], Any]) -> Any:
        """Return what was made for a key before, or make it now; the oldest of many gives way."""
        kept = self._kept
        with contextlib.suppress(KeyError):
            return kept[key]
        made = make()
        with self._lock:
            while len(kept) >= _KEPT:
                del kept[next(iter(kept))]
            kept[key] = made
        return made

    def numbers(self, name: str) -> NDArray[np.float64]:
        """(n,) values of a column of numbers, NaN where one is not known."""
        found: NDArray[np.float64] = self.kept(
            ("numbers", name), lambda: np.array(self.columns[name], np.float64)
        )
        return found

    def kinds(self, *names: str) -> tuple[list[tuple[Any, ...]], NDArray[np.int64]]:
        """Return the different values of some columns together, and (n,) which of them each track has."""

        def make() -> tuple[list[tuple[Any, ...]], NDArray[np.int64]]:
            seen: dict[tuple[Any, ...], int] = {}
            rows = zip(*(self.columns[name] for name in names), strict=True)
            codes = np.fromiter((seen.setdefault(row, len(seen)) for row in rows), np.int64, len(self))
            return list(seen), codes

        found: tuple[list[tuple[Any, ...]], NDArray[np.int64]] = self.kept(("kinds", names), make)
        return found

    def folders(self) -> tuple[list[str], NDArray[np.int64]]:
        """Return the different folders that tracks lie in, and (n,) which of them each track's path has."""

        def make() -> tuple[list[str], NDArray[np.int64]]:
            seen: dict[str, int] = {}
            places = map(os.path.dirname, self.columns["path"])
            codes = np.fromiter((seen.setdefault(place, len(seen)) for place in places), np.int64, len(self))
            return list(seen), codes

        found: tuple[list[str], NDArray[np.int64]] = self.kept("folders", make)
        return found

    def rows_of(self, ids: Sequence[str]) -> NDArray[np.int64]:
        """(m,) the row of each of these ids, -1 for those that are not here."""

        def make() -> tuple[Sequence[str], NDArray[np.int64]]:
            return ids, np.fromiter((self._rows.get(i, -1) for i in ids), np.int64, len(ids))

        kept, rows = self.kept(("rows", id(ids)), make)
        return rows if kept is ids else make()[1]


def read_table(connection: Connection, *, results: Sequence[str] = ()) -> Table:
    """Read every track, and what the stages named in ``results`` said."""
    names = (*COLUMNS, "search_folded")
    columns: dict[str, list[Any]] = {name: [] for name in names}
    wanted = select(*(tracks.c[name] for name in names)).order_by(tracks.c.id)
    for part in _parts(connection, wanted):
        for column, values in zip(columns.values(), zip(*part, strict=True), strict=True):
            column.extend(values)
    search = columns.pop("search_folded")
    columns["path"] = [as_path(stored) for stored in columns["path"]]
    columns["missing"] = [bool(missing) for missing in columns["missing"]]
    return Table(
        columns=columns,
        search=search,
        elsewhere=_files(connection),
        said=_results(connection, results),
        _rows={track_id: row for row, track_id in enumerate(columns["id"])},
    )


def _parts(connection: Connection, wanted: Select[Any]) -> Iterator[Sequence[Any]]:
    """Yield rows as the driver gives them, some thousands at a time: these are many, and plain."""
    text = str(wanted.compile(connection, compile_kwargs={"literal_binds": True}))
    with contextlib.closing(connection.connection.cursor()) as cursor:
        cursor.execute(text)
        while part := cursor.fetchmany(_PART):
            yield part


def _files(connection: Connection) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the files of tracks that have none or several."""
    alone = select(files.c.track_id).group_by(files.c.track_id).having(func.count() == 1)
    found: dict[str, tuple[list[str], list[str]]] = {}
    for (track_id,) in connection.execute(select(tracks.c.id).where(tracks.c.id.not_in(alone))):
        found[track_id] = ([], [])
    several = select(files.c.track_id, files.c.path, files.c.missing).where(files.c.track_id.not_in(alone))
    for track_id, stored, missing in connection.execute(several):
        path = as_path(stored)
        found[track_id][0].append(path)
        if missing:
            found[track_id][1].append(path)
    return {i: (tuple(sorted(all_)), tuple(sorted(gone))) for i, (all_, gone) in found.items()}


def _results(connection: Connection, wanted: Sequence[str]) -> dict[str, dict[str, str]]:
    said: dict[str, dict[str, str]] = {}
    for table in (stages, corrections) if wanted else ():  # what a person said stands
        chosen = select(table.c.track_id, table.c.stage, table.c.result).where(table.c.stage.in_(wanted))
        for part in _parts(connection, chosen):
            for track_id, stage, text in part:
                said.setdefault(track_id, {})[stage] = text
    return said
