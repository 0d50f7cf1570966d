"""The tables of the catalog, how a path is written in them, and how old catalogs are brought up to date.

Only portable SQL: the same tables can be created on PostgreSQL.
"""

from __future__ import annotations

import os
import secrets
import unicodedata
from collections.abc import Callable, Collection
from urllib.parse import quote, unquote_to_bytes

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    insert,
    inspect,
    select,
    text,
    update,
)

from sori.errors import DataError

__all__ = [
    "MIGRATIONS",
    "as_path",
    "as_text",
    "corrections",
    "failures",
    "files",
    "folded",
    "library",
    "metadata",
    "models",
    "prepare",
    "refuse_foreign",
    "stages",
    "tracks",
    "vectors",
]

metadata = MetaData()

library = Table(
    "library",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("schema_version", Integer, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("token", Text),
)
"""One row: which schema this is, a number that grows when vectors change, a name of this library."""

tracks = Table(
    "tracks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("identity", Text, nullable=False, unique=True),
    Column("path", Text, nullable=False),
    Column("missing", Boolean, nullable=False),
    Column("title", Text),
    Column("artist", Text),
    Column("album", Text),
    Column("genre", Text),
    Column("year", Integer),
    Column("duration_s", Float, nullable=False),
    Column("sample_rate", Integer, nullable=False),
    Column("channels", Integer, nullable=False),
    Column("tempo_bpm", Float),
    Column("tempo_confidence", Float, nullable=False, default=0.0),
    Column("key_tonic", Text),
    Column("key_mode", Text),
    Column("key_confidence", Float, nullable=False, default=0.0),
    Column("tuning_hz", Float),
    Column("loudness_lufs", Float),
    Column("title_folded", Text, index=True),
    Column("search_folded", Text, nullable=False),
)

files = Table(
    "files",
    metadata,
    Column("path", Text, primary_key=True),
    Column("path_folded", Text, nullable=False, index=True),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("track_id", Text, ForeignKey("tracks.id"), nullable=False),
    Column("missing", Boolean, nullable=False),
    Column("tags", JSON, nullable=False),
    Index("files_by_track", "track_id"),
)

stages = Table(
    "stages",
    metadata,
    Column("track_id", Text, ForeignKey("tracks.id"), primary_key=True),
    Column("stage", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("result", Text, nullable=False),
)

corrections = Table(
    "corrections",
    metadata,
    Column("track_id", Text, ForeignKey("tracks.id"), primary_key=True),
    Column("stage", Text, primary_key=True),
    Column("result", Text, nullable=False),
    Column("how", Text, nullable=False),
    Column("when", Text, nullable=False),
)
"""What a person said instead of a stage; it stands until they take it back, whatever is heard later."""

vectors = Table(
    "vectors",
    metadata,
    Column("track_id", Text, ForeignKey("tracks.id"), primary_key=True),
    Column("facet", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
    Index("vectors_by_facet", "facet", "version"),
)

models = Table(
    "models",
    metadata,
    Column("name", Text, primary_key=True),
    Column("path", Text, nullable=False),
    Column("version", Integer, nullable=False),
)
"""The trained models that listen beside our own ears, until another choice is made."""

failures = Table(
    "failures",
    metadata,
    Column("path", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("when", Text, nullable=False),
)


def _name_the_library(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE library ADD COLUMN token TEXT"))
    connection.execute(update(library).values(token=secrets.token_hex(8)))


def _make_corrections(connection: Connection) -> None:
    corrections.create(connection, checkfirst=True)


def _make_models(connection: Connection) -> None:
    models.create(connection, checkfirst=True)


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (
    _name_the_library,
    _make_corrections,
    _make_models,
)
"""Append only: entry *n* turns a catalog of schema *n* + 1 into one of schema *n* + 2."""


def refuse_foreign(tables: Collection[str]) -> None:
    """Raise a `DataError` where a database has tables and they are another program's."""
    if tables and not {"library", "tracks", "files"} <= set(tables):
        raise DataError(
            "this database holds other tables, not a Sori library; name another file with --library"
        )


def prepare(
    connection: Connection, migrations: tuple[Callable[[Connection], None], ...] = MIGRATIONS
) -> None:
    """Create the tables in an empty database, or run the migrations that it still lacks.

    Raises
    ------
    DataError
        The database belongs to another program, or to a newer Sori.
    """
    newest = 1 + len(migrations)
    present = set(inspect(connection).get_table_names())
    if not present:
        metadata.create_all(connection)
        token = secrets.token_hex(8)
        connection.execute(insert(library).values(one=1, schema_version=newest, revision=0, token=token))
        return
    refuse_foreign(present)
    version = connection.execute(select(library.c.schema_version)).scalar_one()
    if version > newest:
        raise DataError(f"this library has schema {version}, this Sori knows up to {newest}; upgrade Sori")
    for migration in migrations[version - 1 :]:
        migration(connection)
    if version < newest:
        connection.execute(update(library).values(schema_version=newest))


# --- paths as text -------------------------------------------------------------------------

_AS_BYTES = "bytes:"


def as_text(path: str) -> str:
    """Return a path as text that any database takes, without loss and the same under every locale.

    A name in UTF-8 is stored as that text, in its own Unicode form. One whose bytes are no UTF-8
    becomes ``bytes:`` and the percent-encoded bytes; an absolute path never begins like that, so
    the two cannot be confused.
    """
    try:
        name = os.fsencode(path)
    except UnicodeEncodeError:  # no path of this system, but what somebody looks for
        name = path.encode("utf-8", "surrogatepass")
    try:
        return name.decode()
    except UnicodeDecodeError:
        return _AS_BYTES + quote(name)


def as_path(text: str) -> str:
    """Undo `as_text`."""
    if text.startswith(_AS_BYTES):
        return os.fsdecode(unquote_to_bytes(text.removeprefix(_AS_BYTES)))
    return os.fsdecode(text.encode())


def folded(text: str) -> str:
    """Return text for comparison: one Unicode form (NFC), no case, nothing that is no text."""
    try:
        text.encode()
    except UnicodeEncodeError:  # typed under a locale that could not decode it
        text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
