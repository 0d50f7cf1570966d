"""Noticing that somebody else has written to a library, without reading it."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from sori.library.catalog import SqlCatalog

__all__ = ["Watch"]


class Watch:
    """A look at the database's own count of changes, which costs microseconds; on a server at its revision.

    Used from one thread.
    """

    def __init__(self, place: str) -> None:
        self._catalog: SqlCatalog | None = None
        self._connection: sqlite3.Connection | None = None
        if "://" in place:
            self._catalog = SqlCatalog(place, make=False)
        else:
            uri = f"{Path(place).absolute().as_uri()}?mode=ro"
            self._connection = sqlite3.connect(uri, uri=True)
        self._seen = self._now()

    def changed(self) -> bool:
        """Say whether anything was written since this was asked last; of a library that is busy, yes."""
        now = self._now()
        before, self._seen = self._seen, now
        return now is None or now != before

    def close(self) -> None:
        """Stop watching."""
        if self._connection is not None:
            self._connection.close()
        if self._catalog is not None:
            self._catalog.__exit__()

    def _now(self) -> str | None:
        if self._catalog is not None:
            return self._catalog.revision()
        assert self._connection is not None
        with contextlib.suppress(sqlite3.OperationalError):
            return str(self._connection.execute("PRAGMA data_version").fetchone()[0])
        return None
