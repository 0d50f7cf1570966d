"""The catalog: every track that was heard, where it lies, and every file that failed, in one database.

`Catalog` is what the rest of Sori sees; `SqlCatalog` keeps it in one SQLite file (or, by the same
tables, on a server). One process writes, a track at a time and each in one transaction; any number
of others read meanwhile.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import Connection, delete, func, insert, inspect, select, true, update

from sori.errors import DataError, ParameterError
from sori.library import outdated, record, schema
from sori.library.database import Database, tables_on_disk
from sori.library.entries import Failure, File, Hearing
from sori.library.meanings import meanings
from sori.library.schema import as_path, as_text, failures, files, library, stages, tracks, vectors
from sori.library.track import Track
from sori.system.lock import held

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Catalog", "SqlCatalog"]

# The columns of a track that are fields of `Track` as they are; the id comes first.
_COLUMNS = [c.name for c in tracks.columns if c.name not in ("path", "title_folded", "search_folded")]


class Catalog(Protocol):
    """What a library can be asked and told."""

    def tracks(self, *, results: bool | Collection[str] = False) -> list[Track]:
        """Return every track, by id; with ``results`` also what all stages, or those named, said."""

    def track(self, track_id: str) -> Track:
        """Return one track with its results."""

    def find(self, text: str) -> list[Track]:
        """Return the tracks a person may mean by an id, a path, a title or a part of one."""

    def vectors(
        self, versions: Mapping[str, int] | None = None
    ) -> tuple[list[str], dict[str, NDArray[np.float32]]]:
        """Return the ids of the tracks that have all facets, sorted, and a (n, dim) matrix per facet."""

    def revision(self) -> str:
        """Return a name of the present state of all vectors; every change, and every library, has another."""

    def files(self) -> dict[str, File]:
        """Return every known file by its path, without tags."""

    def failures(self) -> list[Failure]:
        """Return every file that could not be heard, by path."""

    def lacking(
        self, stages: Mapping[str, int], facets: Mapping[str, int]
    ) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Return the identity of every track with its id and the stages it lacks at these versions."""

    def heard(self, track_id: str) -> dict[str, int]:
        """Return the stages that were heard in a track, each with its version."""

    def exclusive(self) -> AbstractContextManager[None]:
        """Be the one process that writes, or refuse."""

    def record(
        self,
        path: str,
        *,
        size: int,
        mtime_ns: int,
        identity: str,
        tags: Mapping[str, Any],
        hearing: Hearing | None,
    ) -> None:
        """Store that a file holds this audio, and what was heard in it if it was heard now."""

    def record_hearing(self, path: str, identity: str, hearing: Hearing) -> None:
        """Store what was heard anew in a known track, in a file that has not changed."""

    def correct(self, track_id: str, results: Mapping[str, Mapping[str, Any] | None], *, how: str) -> None:
        """Put a person's results in place of those of stages, until they are taken back with ``None``."""

    def record_failure(self, failure: Failure) -> None:
        """Store that a file could not be heard."""

    def mark(self, *, present: Iterable[str], missing: Iterable[str], forget: Iterable[str]) -> None:
        """Store which known files are there again or gone, and drop failures of files that are gone."""


class SqlCatalog:
    """The catalog in a SQL database.

    Parameters
    ----------
    place
        Path of the SQLite file, or a database URL.
    make
        Whether to make the library when it is absent.
    migrations
        For tests.

    Raises
    ------
    DataError
        The file is no Sori library, is damaged, or was made by a newer Sori.
    """

    def __init__(
        self, place: str, *, make: bool = True, migrations: tuple[Any, ...] = schema.MIGRATIONS
    ) -> None:
        on_disk = None if "://" in place else tables_on_disk(place)
        schema.refuse_foreign(on_disk or ())
        if on_disk == set() and not make:
            raise DataError(f"{place} is empty, not a Sori library; fill one with `sori index FOLDER`")
        self._database = Database(place, make=make)
        self._lock_path = None if "://" in place else f"{place}.lock"
        try:
            with self._database.reading() as connection:
                ready = self._is_current(connection, 1 + len(migrations))
            if not ready:
                self._prepare(migrations, make)
        except BaseException:
            self._database.close()
            raise

    def __enter__(self) -> SqlCatalog:
        """Return itself; leaving the block closes the database."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the database."""
        self._database.close()

    def _prepare(self, migrations: tuple[Any, ...], make: bool) -> None:
        """Create the tables, or bring old ones up to date."""
        with self._database.reading() as connection:
            present = inspect(connection).get_table_names()
        schema.refuse_foreign(present)
        if not present and not make:
            raise DataError(f"{self._database.name} holds no Sori library; fill one with `sori index FOLDER`")
        if not self._database.writable:
            raise DataError(
                f"the library {self._database.name} cannot be written and is of an older Sori;"
                " copy it to another place to bring it up to date"
            )
        self._database.let_readers_in()
        with self._database.writing() as connection:
            schema.prepare(connection, migrations)

    @staticmethod
    def _is_current(connection: Connection, newest: int) -> bool:
        if not inspect(connection).has_table("library"):
            return False
        return bool(connection.execute(select(library.c.schema_version)).scalar() == newest)

    # --- reading ---------------------------------------------------------------------------

    def tracks(self, *, results: bool | Collection[str] = False) -> list[Track]:
        """Return every track, by id; with ``results`` also what all stages, or those named, said."""
        with self._database.reading() as connection:
            return self._tracks(connection, true(), results)

    def track(self, track_id: str) -> Track:
        """Return one track with its results.

        Raises
        ------
        ParameterError
            There is no such track.
        """
        with self._database.reading() as connection:
            found = self._tracks(connection, tracks.c.id == as_text(track_id), results=True)
        if not found:
            raise ParameterError(f"no track {track_id!r} in the library; `sori export` lists all of them")
        return found[0]

    def find(self, text: str) -> list[Track]:
        """Return the tracks a person may mean, by id, as few as can be told.

        The first of these that finds anything decides: the id; the path, byte by byte and then in any
        Unicode form and case; the whole title; the file name, with or without its extension; a part of
        "artist - title" or of the file name; all words of it in any order.
        """
        with self._database.reading() as connection:
            for condition in meanings(text):
                found = self._tracks(connection, condition)
                if found:
                    return found
        return []

    def vectors(
        self, versions: Mapping[str, int] | None = None
    ) -> tuple[list[str], dict[str, NDArray[np.float32]]]:
        """Return the ids of the tracks that have all facets, sorted, and a (n, dim) float32 matrix per facet.

        ``versions`` (facet to version) says which vectors are wanted; without it the newest stored ones.
        """
        import numpy as np

        with self._database.reading() as connection:
            if versions is None:
                newest = select(vectors.c.facet, func.max(vectors.c.version)).group_by(vectors.c.facet)
                versions = dict(connection.execute(newest).all())
            columns = {
                facet: dict(
                    connection.execute(
                        select(vectors.c.track_id, vectors.c.data).where(
                            vectors.c.facet == facet, vectors.c.version == version
                        )
                    ).all()
                )
                for facet, version in sorted(versions.items())
            }
        ids = sorted(set.intersection(*(set(column) for column in columns.values()))) if columns else []
        return ids, {
            facet: np.frombuffer(b"".join(column[i] for i in ids), dtype="<f4")
            .reshape(len(ids), len(next(iter(column.values()), b"")) // 4)
            .astype(np.float32)
            for facet, column in columns.items()
        }

    def revision(self) -> str:
        """Return a name of the present state of all vectors; every change, and every library, has another."""
        with self._database.reading() as connection:
            token, number = connection.execute(select(library.c.token, library.c.revision)).one()
        return f"{token}:{number}"

    def files(self) -> dict[str, File]:
        """Return every known file by its path, without tags."""
        columns = (files.c.path, files.c.size, files.c.mtime_ns, files.c.track_id, files.c.missing)
        with self._database.reading() as connection:
            rows = connection.execute(select(*columns)).all()
        return {(path := as_path(stored)): File(path, *rest) for stored, *rest in rows}

    def failures(self) -> list[Failure]:
        """Return every file that could not be heard, by path."""
        with self._database.reading() as connection:
            rows = connection.execute(select(failures)).mappings().all()
        found = [Failure(**{**row, "path": as_path(row["path"])}) for row in rows]
        return sorted(found, key=lambda failure: failure.path)

    def lacking(
        self, stages: Mapping[str, int], facets: Mapping[str, int]
    ) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Return the identity of every track with its id and the stages it lacks at these versions."""
        with self._database.reading() as connection:
            return outdated.lacking(connection, stages, facets)

    def heard(self, track_id: str) -> dict[str, int]:
        """Return the stages that were heard in a track, each with its version."""
        wanted = select(stages.c.stage, stages.c.version).where(stages.c.track_id == track_id)
        with self._database.reading() as connection:
            return dict(connection.execute(wanted).all())

    def models(self) -> dict[str, tuple[str, int]]:
        """Return the trained models that listen to this library: name to path and version."""
        columns = (schema.models.c.name, schema.models.c.path, schema.models.c.version)
        with self._database.reading() as connection:
            rows = connection.execute(select(*columns).order_by(schema.models.c.name)).all()
        return {name: (as_path(path), version) for name, path, version in rows}

    def _tracks(
        self, connection: Connection, condition: Any, results: bool | Collection[str] = False
    ) -> list[Track]:
        """Return the tracks that meet a condition on the table of tracks, by id."""
        meant = select(tracks.c.id).where(condition)
        paths: dict[str, list[str]] = defaultdict(list)
        gone: dict[str, list[str]] = defaultdict(list)
        lying = select(files.c.track_id, files.c.path, files.c.missing).where(files.c.track_id.in_(meant))
        for track_id, path, missing in connection.execute(lying):
            paths[track_id].append(as_path(path))
            if missing:
                gone[track_id].append(as_path(path))
        said: dict[str, dict[str, Any]] = defaultdict(dict)
        mended: dict[str, dict[str, str]] = defaultdict(dict)
        if results:
            heard = select(stages.c.track_id, stages.c.stage, stages.c.result).order_by(stages.c.stage)
            heard = heard.where(stages.c.track_id.in_(meant))
            if not isinstance(results, bool):
                heard = heard.where(stages.c.stage.in_(results))
            for track_id, stage, result in connection.execute(heard):
                said[track_id][stage] = json.loads(result)
            by_people = select(schema.corrections).where(schema.corrections.c.track_id.in_(meant))
            for row in connection.execute(by_people.order_by(schema.corrections.c.stage)).mappings():
                if isinstance(results, bool) or row["stage"] in results:
                    said[row["track_id"]][row["stage"]] = json.loads(row["result"])
                mended[row["track_id"]][row["stage"]] = row["how"]
        columns = [tracks.c[name] for name in _COLUMNS]
        rows = connection.execute(select(tracks.c.path, *columns).where(condition).order_by(tracks.c.id))
        return [
            Track(
                path=as_path(path),
                paths=tuple(sorted(paths[values[0]])),
                missing_paths=tuple(sorted(gone[values[0]])),
                results=said.get(values[0], {}),
                corrected=mended.get(values[0], {}),
                **dict(zip(_COLUMNS, values, strict=True)),
            )
            for path, *values in rows
        ]

    def damage(self) -> str | None:
        """Return what is wrong with the database itself, ``None`` when nothing is."""
        return self._database.damage()

    # --- writing ---------------------------------------------------------------------------

    def exclusive(self) -> AbstractContextManager[None]:
        """Be the one process that writes; a second one is refused with a `DataError`.

        Holds for a file; on a server nobody is refused yet.
        """
        if not self._lock_path:
            return nullcontext()
        return held(self._lock_path, what="library", option="--library")

    def record(
        self,
        path: str,
        *,
        size: int,
        mtime_ns: int,
        identity: str,
        tags: Mapping[str, Any],
        hearing: Hearing | None,
    ) -> None:
        """Store that a file holds this audio, and what was heard in it if it was heard now.

        A path that held another track now holds this one, and a failure of it is forgotten.
        """
        with self._database.writing() as connection:
            track_id = record.store_hearing(connection, identity, hearing)
            record.add_file(connection, path, size, mtime_ns, track_id=track_id, tags=tags)

    def record_hearing(self, path: str, identity: str, hearing: Hearing) -> None:
        """Store what was heard anew in a known track, in a file that has not changed."""
        with self._database.writing() as connection:
            record.store_hearing(connection, identity, hearing)
            connection.execute(delete(failures).where(failures.c.path == as_text(path)))

    def correct(self, track_id: str, results: Mapping[str, Mapping[str, Any] | None], *, how: str) -> None:
        """Put a person's results in place of those of stages, until they are taken back with ``None``.

        ``how`` says in words what was done. A later hearing never touches them.
        """
        with self._database.writing() as connection:
            for stage, result in results.items():
                record.store_correction(connection, track_id, stage, result, how)

    def choose_models(self, models: Mapping[str, tuple[str, int]]) -> None:
        """Store which trained models are to listen from now on; what others said before stays."""
        with self._database.writing() as connection:
            connection.execute(delete(schema.models))
            for name, (path, version) in models.items():
                row = {"name": name, "path": as_text(path), "version": version}
                connection.execute(insert(schema.models).values(**row))

    def record_failure(self, failure: Failure) -> None:
        """Store that a file could not be heard; if its content is new, it holds no track any more."""
        with self._database.writing() as connection:
            record.store_failure(connection, failure)

    def mark(self, *, present: Iterable[str], missing: Iterable[str], forget: Iterable[str]) -> None:
        """Store which known files are there again or gone, and drop failures of files that are gone."""
        changes = [(path, False) for path in present] + [(path, True) for path in missing]
        gone = [as_text(path) for path in forget]
        if not changes and not gone:
            return
        with self._database.writing() as connection:
            touched: set[str] = set()
            for path, is_missing in changes:
                here = files.c.path == as_text(path)
                touched.update(connection.execute(select(files.c.track_id).where(here)).scalars())
                connection.execute(update(files).where(here).values(missing=is_missing))
            for stored in gone:
                connection.execute(delete(failures).where(failures.c.path == stored))
            for track_id in sorted(touched):
                record.refresh(connection, track_id)
