"""What sounds alike and why, playlists, paths and the map."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sori.app.actions.asking import asked, find_seeds
from sori.errors import ParameterError
from sori.library import map as song_map
from sori.library import song_path
from sori.library.ear import Ear
from sori.library.filters import Filters
from sori.library.m3u import write_json, write_m3u8
from sori.library.playlist import Rules, grow
from sori.library.recommend import similar as recommend
from sori.library.track import Track
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
    filters: Mapping[str, Any] | None = None,
    ear: Ear | None = None,
) -> dict[str, Any]:
    """Find the tracks most like the given ones, best first, each with its reasons.

    ``filters`` are fields of `sori.library.filters.Filters`; ``compatible_key`` asks for keys that go
    with the first given track whose key is known.
    """
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
            heard=[outsider.track for outsider in seeds.outside],
        )
    return {
        "seeds": [_brief(track) for track in seeds.tracks],
        "results": [
            {
                **_brief(result.track),
                "similarity": round(result.similarity, 6),
                "facets": {name: round(value, 6) for name, value in result.facets.items()},
                "shares": {name: round(value, 6) for name, value in result.shares.items()},
                "reasons": result.reasons,
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
        seeds = find_seeds(open_library, texts)
        if seeds.outside:
            raise ParameterError(
                f"{seeds.outside[0].track.path} is not in the library; index it, or name a track that is"
            )
        grown = grow(
            open_library.tracks,
            open_library.neighbours,
            [track.id for track in seeds.inside],
            length=length,
            duration_s=duration_s,
            rules=Rules(**(rules or {})),
            weights=parse_weights(weights, names=open_library.neighbours.space.names),
            filters=Filters(**(filters or {})),
            variety=variety,
            seed=seed,
        )
    answer = {**_listed(grown.tracks), "relaxed": list(grown.relaxed), "short": grown.short}
    return {**answer, "outdated": open_library.outdated}, list(grown.tracks)


def path(
    start: str, end: str, *, library: str | None = None, length: int = 10, weights: str | None = None
) -> tuple[dict[str, Any], list[Track]]:
    """Find a gradual way from one track to another: the answer as data, and its tracks."""
    with asked(library) as open_library:
        ends = find_seeds(open_library, [start, end])
        if ends.outside:
            raise ParameterError(
                f"{ends.outside[0].track.path} is not in the library; index it, or name a track that is"
            )
        ids = song_path.walk(
            open_library.neighbours,
            *(track.id for track in ends.inside),
            length=length,
            weights=parse_weights(weights, names=open_library.neighbours.space.names),
            allow=Filters().mask(open_library.neighbours.ids, open_library.tracks),
            tracks=open_library.tracks,
        )
        tracks = [open_library.tracks[i] for i in ids]
    return {**_listed(tracks), "outdated": open_library.outdated}, tracks


def write_playlist(place: str, tracks: Sequence[Track]) -> list[str]:
    """Write tracks as M3U8, or as JSON where the name says so; return what had to be left out, and why."""
    extension = os.path.splitext(place)[1].lower()
    if extension == ".json":
        write_json(place, tracks)
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
        {**_brief(track), "x": round(float(x), 6), "y": round(float(y), 6)}
        for track, (x, y) in zip(tracks, places, strict=True)
    ]
    return {"points": points, "outdated": open_library.outdated}


def map_csv(points: Sequence[Mapping[str, Any]]) -> str:
    """Return a map as CSV with a header."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, ["id", "x", "y", "artist", "title", "path"], extrasaction="ignore")
    writer.writeheader()
    writer.writerows(points)
    return text.getvalue()


def _first_key(tracks: Sequence[Track]) -> str:
    for track in tracks:
        if track.key_tonic is not None:
            return f"{track.key_tonic} {track.key_mode}"
    raise ParameterError(
        "no key was heard in what is given, so none can go with it; leave --compatible-key out"
    )


def _listed(tracks: Sequence[Track]) -> dict[str, Any]:
    return {
        "tracks": [
            {**_brief(t), "tempo_bpm": t.tempo_bpm, "key_tonic": t.key_tonic, "key_mode": t.key_mode}
            for t in tracks
        ],
        "duration_s": round(sum(t.duration_s for t in tracks), 3),
    }


def _brief(track: Track) -> dict[str, Any]:
    return {
        "id": track.id or None,
        "path": track.path,
        "title": track.title,
        "artist": track.artist,
        "duration_s": track.duration_s,
    }
