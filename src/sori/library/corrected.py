"""What a person said of tracks, and what was heard going by it; each inside a transaction of the caller's."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from sori.library.columns import columns
from sori.library.schema import corrections, stages, tracks

__all__ = ["followed", "origin_of", "put_over", "stages_by_hand", "store_correction", "store_followed"]

_BY_HAND = corrections.c.version.is_(None)


def stages_by_hand(connection: Connection, track_id: str | None) -> set[str]:
    """Return the stages of a track that a person corrected."""
    chosen = select(corrections.c.stage).where(corrections.c.track_id == track_id, _BY_HAND)
    return set(connection.execute(chosen).scalars())


def followed(connection: Connection, track_id: str) -> dict[str, int]:
    """Return the stages heard going by what a person said of others, each with its version."""
    chosen = select(corrections.c.stage, corrections.c.version)
    return dict(connection.execute(chosen.where(corrections.c.track_id == track_id, ~_BY_HAND)).all())


def origin_of(connection: Connection, track_id: str, stage: str) -> dict[str, Any] | None:
    """Return what the correction of a stage began with and what was done since, where that was kept."""
    here = (corrections.c.track_id == track_id, corrections.c.stage == stage, _BY_HAND)
    text = connection.execute(select(corrections.c.origin).where(*here)).scalar()
    return None if text is None else dict(json.loads(text))


def put_over(
    connection: Connection,
    meant: Any,
    said: Mapping[str, dict[str, Any]],
    results: bool | Collection[str],
) -> dict[str, dict[str, str]]:
    """Put corrections over what stages said, by track; return which stages a person corrected, and how.

    ``meant`` selects ids of tracks; ``results`` are the stages that are wanted.
    """
    how: dict[str, dict[str, str]] = defaultdict(dict)
    chosen = select(corrections).where(corrections.c.track_id.in_(meant)).order_by(corrections.c.stage)
    for row in connection.execute(chosen).mappings():
        if isinstance(results, bool) or row["stage"] in results:
            said[row["track_id"]][row["stage"]] = json.loads(row["result"])
        if row["version"] is None:
            how[row["track_id"]][row["stage"]] = row["how"]
    return how


def store_correction(
    connection: Connection,
    track_id: str,
    stage: str,
    result: Mapping[str, Any] | None,
    how: str,
    origin: Mapping[str, Any] | None = None,
) -> None:
    """Put a person's result in place of a stage's, or with ``None`` let the stage's own stand again.

    What was heard going by corrections until now is forgotten.
    """
    of_track = corrections.c.track_id == track_id
    connection.execute(delete(corrections).where(of_track, ~_BY_HAND))
    connection.execute(delete(corrections).where(of_track, corrections.c.stage == stage))
    if result is None:
        own = select(stages.c.result).where(stages.c.track_id == track_id, stages.c.stage == stage)
        heard = connection.execute(own).scalar()
        shown = None if heard is None else json.loads(heard)
    else:
        kept = None if origin is None else _text(origin)
        connection.execute(insert(corrections).values(_row(track_id, stage, _text(result), how, origin=kept)))
        shown = dict(result)
    if shown is not None and (values := columns({stage: shown})):
        connection.execute(update(tracks).where(tracks.c.id == track_id).values(**values))


def store_followed(connection: Connection, track_id: str, heard: Mapping[str, tuple[int, str]]) -> None:
    """Keep what stages of these versions heard going by what a person said of others."""
    of_track = (corrections.c.track_id == track_id, ~_BY_HAND)
    connection.execute(delete(corrections).where(*of_track, corrections.c.stage.in_(heard)))
    rows = [
        _row(track_id, stage, text, "follows", version=version) for stage, (version, text) in heard.items()
    ]
    connection.execute(insert(corrections), rows)


def _row(
    track_id: str, stage: str, text: str, how: str, *, origin: str | None = None, version: int | None = None
) -> dict[str, Any]:
    when = datetime.now(UTC).isoformat(timespec="seconds")
    return {
        "track_id": track_id,
        "stage": stage,
        "result": text,
        "how": how,
        "when": when,
        "origin": origin,
        "version": version,
    }


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, allow_nan=False, separators=(",", ":"))
