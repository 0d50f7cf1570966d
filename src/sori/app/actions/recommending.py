"""What sounds alike and why, playlists, paths and the map."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.app.actions.asking import Asked, Library, Seeds, asked, by_ids, find_inside, find_seeds
from sori.app.actions.browsing import row_of
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

__all__ = [
    "candidates",
    "map_csv",
    "map_of",
    "map_places",
    "path",
    "playlist",
    "similar",
    "similar_to",
    "write_playlist",
]


def similar(
    texts: Sequence[str],
    *,
    library: Library = None,
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
        return similar_to(
            open_library,
            seeds,
            count=count,
            weights=weights,
            per_artist=per_artist,
            same_recordings=same_recordings,
            filters=Filters(**wanted),
        )


def similar_to(
    library: Asked,
    seeds: Seeds,
    *,
    count: int = 20,
    weights: str | None = None,
    per_artist: int | None = 2,
    same_recordings: bool = False,
    filters: Filters | None = None,
    less: Sequence[Track] = (),
) -> dict[str, Any]:
    """Find the tracks most like the seeds in an open library; what is more like ``less`` is passed over."""
    chosen = parse_weights(weights, names=library.neighbours.space.names)
    results = recommend(
        library.tracks,
        library.neighbours,
        seeds.query,
        k=count,
        weights=chosen,
        filters=filters,
        per_artist=per_artist,
        same_recordings=same_recordings,
        heard=[outsider.track for outsider in seeds.outside],
        less=[track.id for track in less],
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
        "outdated": library.outdated,
    }


def candidates(
    library: Asked, seeds: Seeds, *, count: int = 200, filters: Filters | None = None
) -> list[dict[str, Any]]:
    """Return tracks that may come first under some weights: near in all facets together, or in one of them.

    Each with its likeness in every facet, so that whoever moves the weights can reorder them at once: the
    whole is the product of the facets' likenesses, each to the power of its weight's share.
    """
    neighbours = library.neighbours
    allow = (filters or Filters()).mask(neighbours.ids, library.tracks)
    hidden = [neighbours.row(each) for each in seeds.query.ids]
    names = neighbours.space.names
    alone = [{other: float(other == name) for other in names} for name in names]
    even, *each = neighbours.rank_each(seeds.query, [None, *alone])
    rows = dict.fromkeys(even.best(count, allow=allow, hidden=hidden).tolist())
    for ranking in each:
        rows |= dict.fromkeys(ranking.best(count // 4, allow=allow, hidden=hidden).tolist())
    found = even.matches(np.array(list(rows), np.int64))
    return [
        {
            **row_of(library.tracks, match.id),
            "similarity": _short(match.similarity),
            "facets": {name: _short(value) for name, value in match.facets.items()},
            "shares": {name: _short(value) for name, value in match.shares.items()},
            "distances": {name: _short(value) for name, value in match.distances.items()},
        }
        for match in found
    ]


def _short(value: float) -> float:
    """Six digits: of a very small number too, for it will be raised to a power."""
    return float(f"{value:.6g}")


def playlist(
    texts: Sequence[str],
    *,
    library: Library = None,
    length: int | None = None,
    duration_s: float | None = None,
    rules: Mapping[str, Any] | None = None,
    weights: str | None = None,
    filters: Mapping[str, Any] | None = None,
    variety: float = 0.0,
    seed: int = 0,
) -> tuple[dict[str, Any], list[Track]]:
    """Grow a playlist from tracks of the library; ``rules`` are fields of `sori.library.playlist.Rules`.

    Of a library that is open already the tracks are named by their ids alone. Returns the answer as data, and
    its tracks for `write_playlist`.
    """
    with asked(library) as open_library:
        seeds = _inside(library, open_library, texts)
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
    start: str, end: str, *, library: Library = None, length: int = 10, weights: str | None = None
) -> tuple[dict[str, Any], list[Track]]:
    """Find a gradual way from one track to another: the answer as data, and its tracks.

    The tracks are named as for `playlist`.
    """
    with asked(library) as open_library:
        ends = _inside(library, open_library, [start, end])
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


def _inside(library: Library, open_library: Asked, texts: Sequence[str]) -> tuple[Track, ...]:
    return by_ids(open_library, texts) if isinstance(library, Asked) else find_inside(open_library, texts)


def write_playlist(place: str, tracks: Sequence[Track]) -> list[str]:
    """Write tracks as M3U8, or as JSON where the name says so; return what had to be left out, and why."""
    extension = os.path.splitext(place)[1].lower()
    if extension == ".json":
        write_json(place, tracks, about={"schema": SCHEMA})
        return []
    if extension in (".m3u", ".m3u8"):
        return write_m3u8(place, tracks)
    raise ParameterError(f"{place!r} is no name for a playlist; let it end in .m3u8 or .json")


def map_of(*, library: Library = None, weights: str | None = None, seed: int = 0) -> dict[str, Any]:
    """Lay the present tracks out on a plane, alike ones together: ``points`` with ``x`` and ``y``."""
    with asked(library) as open_library:
        ids, places = map_places(open_library, weights=weights, seed=seed)
        tracks = [open_library.tracks[i] for i in ids]
    points = [
        {**brief(track), "x": round(float(x), 6), "y": round(float(y), 6)}
        for track, (x, y) in zip(tracks, places, strict=True)
    ]
    return {"points": points, "outdated": open_library.outdated}


def map_places(
    library: Asked, *, weights: str | None = None, seed: int = 0
) -> tuple[list[str], NDArray[np.float32]]:
    """Return the ids of the present tracks and their (n, 2) places on the map."""
    neighbours = library.neighbours
    here = np.flatnonzero(Filters().mask(neighbours.ids, library.tracks))
    names = neighbours.space.names
    weight = normalised(parse_weights(weights, names=names), names)
    places = song_map.coordinates(neighbours.space.scaled(neighbours.matrix[here], weight), seed=seed)
    return [neighbours.ids[row] for row in here], places


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
