"""What sounds alike, playlists, the map."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from sori.app.actions import recommending
from sori.app.actions.asking import Asked, Seeds, by_ids
from sori.app.web import models, models_similar
from sori.app.web.answers import Refused, answer
from sori.app.web.asked_filters import FilterFields, filters_of
from sori.app.web.attachments import attachment
from sori.app.web.mapping import map_columns
from sori.app.web.routes_track import TrackId
from sori.app.web.service import service_of
from sori.library.m3u import m3u8
from sori.library.track import Track

__all__ = ["likeness", "router"]

router = APIRouter(tags=["likeness"], responses=models.ERRORS)

_MOST_IDS = 100
PLAYLIST = {"content": {"audio/x-mpegurl": {"schema": {"type": "string"}}}}


class SimilarQuery(FilterFields):
    """What is wanted of likeness; ids are joined by commas."""

    n: int = Field(default=20, ge=1, le=500)
    candidates: int = Field(default=200, ge=0, le=1_000, description="How many to reorder by oneself.")
    weights: str | None = Field(default=None, max_length=400, description="As in timbre=1,rhythm=0.5.")
    more: str = Field(default="", max_length=7_000, description="Tracks that the answer should be like, too.")
    less: str = Field(default="", max_length=7_000, description="Tracks that it should not be like.")
    per_artist: int = Field(default=2, ge=0, le=500, description="0 for any number.")
    same_recordings: bool = False


@router.get("/api/tracks/{track_id}/similar", response_model=models_similar.SimilarAnswer)
def similar(request: Request, track_id: TrackId, wanted: Annotated[SimilarQuery, Query()]) -> Response:
    """What sounds most like a track and why, as ``sori similar --json``, with what else may come first."""
    library = service_of(request).shelf.asked
    seeds = Seeds(_known(library, [track_id, *_ids(wanted.more)]), ())
    return answer(request, likeness(library, seeds, wanted))


def likeness(library: Asked, seeds: Seeds, wanted: SimilarQuery) -> dict[str, Any]:
    """Return what sounds like the seeds, and what may come first under other weights."""
    filters = filters_of(wanted)
    found = recommending.similar_to(
        library,
        seeds,
        count=wanted.n,
        weights=(wanted.weights or "").replace(":", "="),
        per_artist=wanted.per_artist or None,
        same_recordings=wanted.same_recordings,
        filters=filters,
        less=_known(library, _ids(wanted.less)),
    )
    others = (
        recommending.candidates(library, seeds, count=wanted.candidates, filters=filters)
        if wanted.candidates
        else []
    )
    return {**found, "candidates": others}


@router.post("/api/playlist", response_model=models_similar.PlaylistAnswer)
def playlist(request: Request, wanted: models_similar.PlaylistOrder) -> Response:
    """A playlist that grows from tracks, or a gradual way from one to another."""
    library = service_of(request).shelf.asked
    weights = (wanted.weights or "").replace(":", "=")
    if wanted.from_ is not None and wanted.to is not None and not wanted.seeds:
        _known(library, [wanted.from_, wanted.to])
        found, _ = recommending.path(
            wanted.from_, wanted.to, library=library, length=wanted.n or 10, weights=weights
        )
        return answer(request, {**found, "relaxed": [], "short": False})
    if not wanted.seeds or wanted.from_ is not None or wanted.to is not None:
        raise Refused(422, "say seeds, or from and to: a playlist grows, or leads from one track to another")
    _known(library, wanted.seeds)
    rules = {
        "artist_spacing": wanted.artist_spacing,
        "album_spacing": wanted.album_spacing,
        "compatible_keys": wanted.compatible_keys,
        "tempo_ramp": wanted.tempo_ramp,
    }
    found, _ = recommending.playlist(
        wanted.seeds,
        library=library,
        length=wanted.n,
        duration_s=wanted.duration_s,
        rules=rules,
        weights=weights,
        variety=wanted.variety,
        seed=wanted.seed,
    )
    return answer(request, found)


@router.post("/api/playlist.m3u8", response_class=Response, responses={200: PLAYLIST})
def playlist_file(request: Request, wanted: models_similar.PlaylistFileOrder) -> Response:
    """Tracks as a playlist that any player reads, with absolute paths."""
    tracks = service_of(request).shelf.asked.tracks
    if unknown := [each for each in wanted.ids if each not in tracks]:
        raise Refused(404, f"there is no track {unknown[0]} in the library")
    text, _ = m3u8([tracks[each] for each in wanted.ids], folder=None)
    headers = {"content-disposition": attachment(f"{wanted.name}.m3u8")}
    return Response(text.encode(), headers=headers, media_type="audio/x-mpegurl")


@router.get("/api/map", response_model=models.MapAnswer)
def song_map(request: Request) -> Response:
    """The library on a plane, like beside like, column by column; ``ready`` is false while it is laid out."""
    return answer(request, map_columns(service_of(request)))


def _ids(text: str) -> list[str]:
    found = [each.strip() for each in text.split(",") if each.strip()]
    if len(found) > _MOST_IDS:
        raise Refused(422, f"{len(found)} tracks were named; name at most {_MOST_IDS}")
    return found


def _known(library: Asked, ids: list[str]) -> tuple[Track, ...]:
    """Return tracks by their ids.

    Raises
    ------
    Refused
        404 for one that there is none of, 409 for one that cannot be compared yet.
    """
    if unknown := [each for each in ids if each not in library.tracks]:
        raise Refused(404, f"there is no track {unknown[0]!r} in the library as it is compared now")
    if unheard := [each for each in ids if each not in library.neighbours.index]:
        raise Refused(
            409, f"the track {unheard[0]} has not been heard by this version; hear its folder again"
        )
    return by_ids(library, ids)
