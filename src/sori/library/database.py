"""How the catalog's database is opened: pragmas, transactions, and errors in our own words."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from sori.errors import DataError

__all__ = ["Database", "tables_on_disk"]

_BUSY_TIMEOUT_MS = 20_000


class Database:
    """One database: a SQLite file by its path, or any server SQLAlchemy knows by its URL.

    SQLite runs in WAL mode, where readers and the one writer do not wait for each other. Its
    commits are not forced to the disk one by one (``synchronous=NORMAL``): killing the process
    loses nothing, and a power cut at most the last tracks, never the file.

    Parameters
    ----------
    place
        Path or URL.
    make
        Whether to make a file that is absent.

    Attributes
    ----------
    writable
        Whether the file and its folder may be written; where not, it is read as it lies there.
    """

    def __init__(self, place: str, *, make: bool = True) -> None:
        server = "://" in place
        self.writable = server or not os.path.exists(place) or _may_write(place)
        url = make_url(place) if server else _file_url(place, make=make, writable=self.writable)
        self.name = url.render_as_string(hide_password=True) if server else place
        self._engine = create_engine(url)
        if url.get_backend_name() == "sqlite":
            _as_we_want_sqlite(self._engine)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one unchanging state of the database."""
        with self._errors_explained(), self._engine.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes all become visible at the end of the block, or none does."""
        writer = self._engine.execution_options(sori_writes=True)
        with self._errors_explained(), writer.begin() as connection:
            yield connection

    def let_readers_in(self) -> None:
        """Turn on WAL mode, which a SQLite file then keeps; nothing for a server."""
        if self._engine.dialect.name != "sqlite":
            return
        with self._errors_explained(), contextlib.closing(self._engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA journal_mode = WAL").close()

    def damage(self) -> str | None:
        """Return what SQLite finds wrong with its file; ``None`` for nothing, and for a server."""
        if self._engine.dialect.name != "sqlite":
            return None
        with self.reading() as connection:
            found = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
        return None if found == "ok" else found

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextlib.contextmanager
    def _errors_explained(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error) as error:
            cause = getattr(error, "orig", None) or error
            raise DataError(
                f"the library {self.name} cannot be used: {cause}; run `sori doctor` to check it"
            ) from error


def tables_on_disk(place: str) -> set[str] | None:
    """Return the tables in a SQLite file without changing anything, not even making files beside it.

    ``None`` where there is no such file, or it cannot be told.
    """
    if not os.path.exists(place):
        return None
    how = "mode=ro" if os.path.exists(f"{place}-wal") else "immutable=1"
    uri = f"{Path(place).absolute().as_uri()}?{how}"
    try:
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as connection:
            rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    except sqlite3.Error:
        return None
    return {name for (name,) in rows}


def _may_write(place: str) -> bool:
    folder = os.path.dirname(os.path.abspath(place))
    return os.access(place, os.W_OK) and os.access(folder, os.W_OK)


def _file_url(place: str, *, make: bool, writable: bool) -> URL:
    """Return how SQLite is to open a file; one that cannot be written needs no files beside it."""
    how = {"mode": "rwc" if make else "rw"}
    if not writable:
        waiting = os.path.exists(f"{place}-wal") and os.path.getsize(f"{place}-wal") > 0
        how = {"mode": "ro"} if waiting else {"mode": "ro", "immutable": "1"}
    return URL.create("sqlite", database=Path(place).absolute().as_uri(), query={**how, "uri": "true"})


def _as_we_want_sqlite(engine: Engine) -> None:
    """Set the pragmas, and let transactions begin where SQLAlchemy says and not where the driver guesses."""

    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (f"busy_timeout = {_BUSY_TIMEOUT_MS}", "synchronous = NORMAL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        writes = connection.get_execution_options().get("sori_writes", False)
        connection.execute(text("BEGIN IMMEDIATE" if writes else "BEGIN"))
