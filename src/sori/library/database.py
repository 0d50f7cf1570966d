"""How the catalog's database is opened: pragmas, transactions, and errors in our own words."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from sori.errors import DataError

__all__ = ["Database"]

_BUSY_TIMEOUT_MS = 20_000


class Database:
    """One database: a SQLite file by its path, or any server SQLAlchemy knows by its URL.

    SQLite runs in WAL mode, where readers and the one writer do not wait for each other. Its
    commits are not forced to the disk one by one (``synchronous=NORMAL``): killing the process
    loses nothing, and a power cut at most the last tracks, never the file.
    """

    def __init__(self, place: str) -> None:
        url = make_url(place) if "://" in place else URL.create("sqlite", database=place)
        self.name = url.render_as_string(hide_password=True) if "://" in place else place
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
        except SQLAlchemyError as error:
            cause = getattr(error, "orig", None) or error
            raise DataError(
                f"the library {self.name} cannot be used: {cause}; run `sori doctor` to check it"
            ) from error


def _as_we_want_sqlite(engine: Engine) -> None:
    """Set the pragmas, and let transactions begin where SQLAlchemy says and not where the driver guesses."""

    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {_BUSY_TIMEOUT_MS}",
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        writes = connection.get_execution_options().get("sori_writes", False)
        connection.execute(text("BEGIN IMMEDIATE" if writes else "BEGIN"))
