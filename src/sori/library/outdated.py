"""Which tracks were heard by an older version, and what has to be heard anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import Column, Connection, Table, and_, func, or_, select

from sori.library.entries import FACETS
from sori.library.schema import stages, tracks, vectors

__all__ = ["lacking"]


def lacking(
    connection: Connection, wanted_stages: Mapping[str, int], wanted_facets: Mapping[str, int]
) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return the identity of every track with its id and the stages it lacks at the wanted versions.

    Nearly always nearly all tracks lack nothing, so the database only counts what matches; what is
    missing is looked up where the count falls short.
    """
    found = _having_all(connection, stages, stages.c.stage, wanted_stages)
    found &= _having_all(connection, vectors, vectors.c.facet, wanted_facets)
    known = connection.execute(select(tracks.c.identity, tracks.c.id)).all()
    if len(found) == len(known):
        return {identity: (track_id, ()) for identity, track_id in known}
    heard = _versions(connection.execute(select(stages.c.track_id, stages.c.stage, stages.c.version)))
    stored = _versions(connection.execute(select(vectors.c.track_id, vectors.c.facet, vectors.c.version)))

    def lacks(track_id: str, stage: str, version: int) -> bool:
        if heard[track_id].get(stage) != version:
            return True
        return stage == FACETS and not wanted_facets.items() <= stored[track_id].items()

    return {
        identity: (track_id, tuple(s for s, version in wanted_stages.items() if lacks(track_id, s, version)))
        for identity, track_id in known
    }


def _having_all(
    connection: Connection, table: Table, name: Column[str], wanted: Mapping[str, int]
) -> set[str]:
    """Return the tracks that have all the wanted names at their versions."""
    if not wanted:
        return set(connection.execute(select(tracks.c.id)).scalars())
    matching = or_(*(and_(name == each, table.c.version == version) for each, version in wanted.items()))
    counted = select(table.c.track_id).where(matching).group_by(table.c.track_id)
    return set(connection.execute(counted.having(func.count() == len(wanted))).scalars())


def _versions(rows: Iterable[tuple[str, str, int]]) -> defaultdict[str, dict[str, int]]:
    by_track: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for track_id, name, version in rows:
        by_track[track_id][name] = version
    return by_track
