"""What sounds alike and why, playlists, paths and the map."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sori.app.actions.asking import asked, find_inside, find_seeds
from sori.app.actions.listing import as_csv
from sori.app.output import SCHEMA
from sori.errors import ParameterError
from sori.library import map as song_map
from sori.library import song_path
from sori.library.ear import Ear
from sori.library.filters import Filters
from sori.library.m3u import listed, write_json, write_m3u8
from sori.library.playlist import Rules, grow
from sori.library.reasons import sentence
from sori.library.recommend import similar as recommend
from sori.library.track import Track, brief
from sori.library.weights import normalised, parse_weights

__all__ = ["map_csv", "map_of", "path", "playlist", "similar", "write_playlist"]


def similar(
    texts: Sequence[str],
    *,
    library: str | None = None,
    count: int = 20,
    weights: str | None = None,
    compatible_key: bool = False,
    per_artist: int | None = 2,
    same_recordings: bool = False,
    filters: Mapping[str, Any] | None = None,
    ear: Ear | None = None,
) -> dict[str, Any]:
    """Find the tracks most like the given ones, best first, each with its reasons.

    ``filters`` are fields of `sori.library.filters.Filters`; ``compatible_key`` asks for keys that go
    with the first given track whose key is known.
    """
    if count < 1:
        raise ParameterError(f"{count} tracks were asked for; ask for at least 1")
    with asked(library) as open_library:
        seeds = find_seeds(open_library, texts, ear=ear)
        wanted = dict(filters or {})
        if compatible_key:
            wanted["key"] = _first_key(seeds.tracks)
        results = recommend(
            open_library.tracks,
            open_library.neighbours,
            seeds.query,
            k=count,
            weights=parse_weights(weights, names=open_library.neighbours.space.names),
            filters=Filters(**wanted),
            per_artist=per_artist,
            same_recordings=same_recordings,
            heard=[outsider.track for outsider in seeds.outside],
        )
    return {
        "seeds": [brief(track) for track in seeds.tracks],
        "results": [
            {
                **brief(result.track),
                "similarity": round(result.similarity, 6),
                "facets": {name: round(value, 6) for name, value in result.facets.items()},
                "shares": {name: round(value, 6) for name, value in result.shares.items()},
                "reasons": result.reasons,
                "reason": sentence(result.reasons),
                "relation": result.relation,
            }
            for result in results
        ],
        "outdated": open_library.outdated,
    }


def playlist(
    texts: Sequence[str],
    *,
    library: str | None = None,
    length: int | None = None,
    duration_s: float | None = None,
    rules: Mapping[str, Any] | None = None,
    weights: str | None = None,
    filters: Mapping[str, Any] | None = None,
    variety: float = 0.0,
    seed: int = 0,
) -> tuple[dict[str, Any], list[Track]]:
    """Grow a playlist from tracks of the library; ``rules`` are fields of `sori.library.playlist.Rules`.

    Returns the answer as data, and its tracks for `write_playlist`.
    """
    with asked(library) as open_library:
        seeds = find_inside(open_library, texts)
        grown = grow(
            open_library.tracks,
            open_library.neighbours,
            [track.id for track in seeds],
            length=length,
            duration_s=duration_s,
            rules=Rules(**(rules or {})),
            weights=parse_weights(weights, names=open_library.neighbours.space.names),
            filters=Filters(**(filters or {})),
            variety=variety,
            seed=seed,
        )
    answer = {**listed(grown.tracks), "relaxed": list(grown.relaxed), "short": grown.short}
    return {**answer, "outdated": open_library.outdated}, list(grown.tracks)


def path(
    start: str, end: str, *, library: str | None = None, length: int = 10, weights: str | None = None
) -> tuple[dict[str, Any], list[Track]]:
    """Find a gradual way from one track to another: the answer as data, and its tracks."""
    with asked(library) as open_library:
        ends = find_inside(open_library, [start, end])
        ids = song_path.walk(
            open_library.neighbours,
            *(track.id for track in ends),
            length=length,
            weights=parse_weights(weights, names=open_library.neighbours.space.names),
            allow=Filters().mask(open_library.neighbours.ids, open_library.tracks),
            tracks=open_library.tracks,
        )
        tracks = [open_library.tracks[i] for i in ids]
    return {**listed(tracks), "outdated": open_library.outdated}, tracks


def write_playlist(place: str, tracks: Sequence[Track]) -> list[str]:
    """Write tracks as M3U8, or as JSON where the name says so; return what had to be left out, and why."""
    extension = os.path.splitext(place)[1].lower()
    if extension == ".json":
        write_json(place, tracks, about={"schema": SCHEMA})
        return []
    if extension in (".m3u", ".m3u8"):
        return write_m3u8(place, tracks)
    raise ParameterError(f"{place!r} is no name for a playlist; let it end in .m3u8 or .json")


def map_of(*, library: str | None = None, weights: str | None = None, seed: int = 0) -> dict[str, Any]:
    """Lay the present tracks out on a plane, alike ones together: ``points`` with ``x`` and ``y``."""
    with asked(library) as open_library:
        neighbours = open_library.neighbours
        here = np.flatnonzero(Filters().mask(neighbours.ids, open_library.tracks))
        names = neighbours.space.names
        weight = normalised(parse_weights(weights, names=names), names)
        places = song_map.coordinates(neighbours.space.scaled(neighbours.matrix[here], weight), seed=seed)
        tracks = [open_library.tracks[neighbours.ids[row]] for row in here]
    points = [
        {**brief(track), "x": round(float(x), 6), "y": round(float(y), 6)}
        for track, (x, y) in zip(tracks, places, strict=True)
    ]
    return {"points": points, "outdated": open_library.outdated}


def map_csv(points: Sequence[Mapping[str, Any]]) -> str:
    """Return a map as CSV with a header."""
    return as_csv(["id", "x", "y", "artist", "title", "path"], points)


def _first_key(tracks: Sequence[Track]) -> str:
    for track in tracks:
        if track.key_tonic is not None:
            return f"{track.key_tonic} {track.key_mode}"
    raise ParameterError(
        "no key was heard in what is given, so none can go with it; leave --compatible-key out"
    )
