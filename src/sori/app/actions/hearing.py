"""What is heard in one file or one track, however it is named: kept in the library where it has one."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from sori.app.actions.listing import the_track
from sori.app.actions.place import default_library, existing_library
from sori.errors import DataError, DecodeError, ParameterError
from sori.library.catalog import SqlCatalog
from sori.library.ear import Ear, Problem, hear, our_ear
from sori.library.entries import FACETS, Hearing
from sori.library.outside import hear_outside
from sori.library.track import Track

__all__ = ["HeardNow", "hear_now", "hear_track", "meant"]


@dataclasses.dataclass(frozen=True)
class HeardNow:
    """A track with the results that were asked for; ``note`` says why they could not be kept, if so."""

    track: Track
    note: str | None = None


def hear_now(
    source: str, *, stages: Sequence[str] | None = None, library: str | None = None, ear: Ear | None = None
) -> HeardNow:
    """Return what these stages (by default all) say of a file, or of a track of the library.

    Of a track that the library knows, what was heard before or corrected by a person is taken from
    there, and what is heard now is kept for the next time. Stages that go by corrected ones are heard
    by what the person said, once, and kept with the correction.

    Raises
    ------
    ParameterError
        There is no such file and no such track.
    DecodeError
        The file cannot be read.
    """
    ear = ear or our_ear()
    wanted = _wanted(ear, stages)
    place = library or default_library()
    if "://" not in place and not os.path.exists(place):
        if not os.path.isfile(source):
            raise ParameterError(f"{source} is no file, and there is no library at {place} to find it in")
        note = f"there is no library at {place}, so nothing is kept" if library else None
        return HeardNow(hear_outside(ear, source, wanted).track, note)
    with existing_library(place) as catalog:
        track = meant(catalog, ear, source)
        if track is None:
            return HeardNow(hear_outside(ear, source, wanted).track)
        return _inside(catalog, ear, track, wanted)


def hear_track(
    track_id: str,
    *,
    stages: Sequence[str] | None = None,
    library: str | None = None,
    ear: Ear | None = None,
    path: str | None = None,
) -> HeardNow:
    """Return the same of the track of this very id: nothing else is taken for its name.

    ``path`` is the one of its files to hear, where that is known.
    """
    ear = ear or our_ear()
    with existing_library(library) as catalog:
        track = catalog.track(track_id)
        chosen = track if path is None else dataclasses.replace(track, path=path)
        return _inside(catalog, ear, chosen, _wanted(ear, stages))


def _wanted(ear: Ear, stages: Sequence[str] | None) -> list[str]:
    return [name for name in ear.versions if name != FACETS] if stages is None else list(stages)


def meant(catalog: SqlCatalog, ear: Ear, source: str) -> Track | None:
    """Return the track that a path, an id or a title names; ``None`` for a file of no library."""
    if not os.path.isfile(source):
        return the_track(catalog, source)
    found = catalog.find(ear.identify(source))
    return dataclasses.replace(found[0], path=os.path.abspath(source)) if found else None


def _inside(catalog: SqlCatalog, ear: Ear, track: Track, stages: Sequence[str]) -> HeardNow:
    before = catalog.track(track.id)
    # What goes by stages that a person corrected is heard anew, with what that person said.
    following = {
        name
        for name in set(stages) & ear.follows.keys()
        if before.corrected.keys() & ear.follows[name] and name not in before.corrected
    }
    heard, followed = catalog.heard(track.id), catalog.followed(track.id)
    known = heard | {name: followed.get(name) for name in following}
    lacking = [name for name in stages if known.get(name) != ear.versions[name]]
    if not lacking:
        return HeardNow(dataclasses.replace(before, path=track.path))
    if not os.path.isfile(track.path):
        said = ", ".join(lacking)
        raise ParameterError(
            f"{track.path} is not there any more, and its {said} were not heard before; bring it back"
        )
    if ear.identify(track.path) != track.identity:
        raise ParameterError(f"{track.path} holds something else than it did; index it again")
    own = _listen(ear, track.path, [name for name in lacking if name not in following])
    said_by_hand = {name: before.results[name] for name in before.corrected}
    by_hand = _listen(ear, track.path, [name for name in lacking if name in following], given=said_by_hand)
    note = None
    try:  # transactions of their own, which a run that hears other files does not mind
        if own:
            catalog.record_hearing(track.path, track.identity, own)
        if by_hand:
            with catalog.correcting():
                if _unchanged(catalog.track(track.id), before):
                    catalog.follow(track.id, by_hand.stages)
    except DataError as error:
        note = f"what was heard is shown but not kept: {error}"
    stored = catalog.track(track.id)
    results = dict(stored.results)
    for hearing in (own, by_hand):
        if hearing:
            results |= {name: json.loads(text) for name, (_, text) in hearing.stages.items()}
    results |= {name: stored.results[name] for name in stored.corrected}
    return HeardNow(dataclasses.replace(stored, path=track.path, results=results), note)


def _listen(
    ear: Ear, path: str, stages: list[str], *, given: Mapping[str, Any] | None = None
) -> Hearing | None:
    """Return what stages hear in a file; None for no stages.

    Raises
    ------
    DecodeError
        The file cannot be read.
    """
    if not stages:
        return None
    state = os.stat(path)
    hearing = hear(ear, path, stages, state.st_size, state.st_mtime_ns, given=given)
    if isinstance(hearing, Problem):
        raise DecodeError(f"{path}: {hearing.reason}")
    return hearing


def _unchanged(now: Track, before: Track) -> bool:
    """Whether a person has corrected nothing since."""
    return now.corrected == before.corrected and all(
        now.results[name] == before.results[name] for name in before.corrected
    )
