"""The changes to the catalog's tables, each inside a transaction that the caller holds."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from sori.errors import DataError
from sori.library.columns import columns
from sori.library.corrected import stages_by_hand
from sori.library.entries import Failure, Hearing
from sori.library.schema import (
    as_text,
    failures,
    files,
    folded,
    library,
    stages,
    tracks,
    vectors,
)

__all__ = ["add_file", "refresh", "store_failure", "store_hearing"]

_ID_DIGITS = 12


def store_hearing(connection: Connection, identity: str, hearing: Hearing | None) -> str:
    """Store what was heard in the audio of this identity and return the track's id.

    Stages and facets that the hearing does not contain stay as they are; ``None`` stands for "known".
    """
    track_id = connection.execute(select(tracks.c.id).where(tracks.c.identity == identity)).scalar()
    if hearing is None:
        if track_id is None:
            raise DataError(f"no track of identity {identity} was heard yet")
        return str(track_id)
    values: dict[str, Any] = {
        "duration_s": hearing.duration_s,
        "sample_rate": hearing.sample_rate,
        "channels": hearing.channels,
    }
    locked = stages_by_hand(connection, track_id)
    heard = {name: json.loads(text) for name, (_, text) in hearing.stages.items() if name not in locked}
    values |= columns(heard)
    if track_id is None:
        track_id = _new_id(connection, identity)
        connection.execute(
            insert(tracks).values(
                id=track_id, identity=identity, path="", missing=True, search_folded="", **values
            )
        )
    else:
        connection.execute(update(tracks).where(tracks.c.id == track_id).values(**values))
    _store_stages(connection, str(track_id), hearing)
    return str(track_id)


def _store_stages(connection: Connection, track_id: str, hearing: Hearing) -> None:
    old_stages = stages.c.stage.in_(hearing.stages)
    connection.execute(delete(stages).where(stages.c.track_id == track_id, old_stages))
    if hearing.stages:
        connection.execute(
            insert(stages),
            [
                {"track_id": track_id, "stage": name, "version": version, "result": result}
                for name, (version, result) in hearing.stages.items()
            ],
        )
    if hearing.vectors:
        connection.execute(update(library).values(revision=library.c.revision + 1))
        connection.execute(delete(vectors).where(vectors.c.track_id == track_id))
        connection.execute(
            insert(vectors),
            [
                {"track_id": track_id, "facet": name, "version": version, "data": data}
                for name, (version, data) in hearing.vectors.items()
            ],
        )


def _new_id(connection: Connection, identity: str) -> str:
    """Return the shortest prefix of the identity, 12 digits at least, that no other track has."""
    for digits in range(_ID_DIGITS, len(identity)):
        taken = connection.execute(select(tracks.c.id).where(tracks.c.id == identity[:digits])).scalar()
        if taken is None:
            return identity[:digits]
    return identity


def add_file(
    connection: Connection, path: str, size: int, mtime_ns: int, *, track_id: str, tags: Mapping[str, Any]
) -> None:
    """Say that this path now holds this track; whatever it held before, it holds no more."""
    before = _forget_path(connection, path)
    connection.execute(
        insert(files).values(
            path=as_text(path),
            path_folded=folded(as_text(path)),
            size=size,
            mtime_ns=mtime_ns,
            track_id=track_id,
            missing=False,
            tags=dict(tags),
        )
    )
    for touched in {track_id, before or track_id}:
        refresh(connection, touched)


def store_failure(connection: Connection, failure: Failure) -> None:
    """Say that this path could not be heard, in its present state.

    A file that holds a track keeps it if it has not changed: then it failed to be heard *again*,
    and what was heard in it before is still true.
    """
    stored = as_text(failure.path)
    same = (files.c.path == stored, files.c.size == failure.size, files.c.mtime_ns == failure.mtime_ns)
    if connection.execute(select(files.c.path).where(*same)).scalar() is None:
        before = _forget_path(connection, failure.path)
        if before is not None:
            refresh(connection, before)
    connection.execute(delete(failures).where(failures.c.path == stored))
    connection.execute(
        insert(failures).values(
            path=stored,
            size=failure.size,
            mtime_ns=failure.mtime_ns,
            kind=failure.kind,
            reason=failure.reason,
            stage=failure.stage,
            when=failure.when,
        )
    )


def _forget_path(connection: Connection, path: str) -> str | None:
    stored = as_text(path)
    track_id = connection.execute(select(files.c.track_id).where(files.c.path == stored)).scalar()
    if track_id is not None:
        connection.execute(delete(files).where(files.c.path == stored))
    connection.execute(delete(failures).where(failures.c.path == stored))
    return track_id


def refresh(connection: Connection, track_id: str) -> None:
    """Let a track show the path and the tags of its first present file.

    Without one it shows its first missing file, and without any file what it showed last.
    """
    rows = connection.execute(
        select(files.c.path, files.c.missing, files.c.tags).where(files.c.track_id == track_id)
    ).all()
    if not rows:
        connection.execute(update(tracks).where(tracks.c.id == track_id).values(missing=True))
        return
    stored, missing, tags = min(rows, key=lambda row: (row.missing, row.path))
    title, artist = tags.get("title"), tags.get("artist")
    name = os.path.basename(stored)
    connection.execute(
        update(tracks)
        .where(tracks.c.id == track_id)
        .values(
            path=stored,
            missing=missing,
            title=title,
            artist=artist,
            album=tags.get("album"),
            genre=tags.get("genre"),
            year=tags.get("year"),
            title_folded=folded(title) if title else None,
            search_folded=folded(f"{artist or ''} - {title or ''}\n{name}"),
        )
    )
