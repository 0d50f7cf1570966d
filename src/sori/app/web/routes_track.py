"""One track: what is known of it, its sound."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Literal

import anyio.to_thread
from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from sori.app.actions.playing import as_flac
from sori.app.web import models, models_track
from sori.app.web.answers import answer
from sori.app.web.service import Service, service_of
from sori.app.web.sound import Shared, part_of
from sori.library.track import Track

__all__ = ["TrackId", "router"]

router = APIRouter(tags=["track"], responses=models.ERRORS)

TrackId = Annotated[str, Path(pattern="^[0-9a-f]{4,64}$", description="The id of a track.")]

SOUND = {"content": {"audio/*": {"schema": {"type": "string", "format": "binary"}}}}


@router.get("/api/tracks/{track_id}", response_model=models_track.TrackAnswer)
def track(request: Request, track_id: TrackId) -> Response:
    """Everything that is known of a track, as ``sori show --json``."""
    return answer(request, dataclasses.asdict(service_of(request).track(track_id)))


@router.head("/api/tracks/{track_id}/audio", include_in_schema=False)
@router.get("/api/tracks/{track_id}/audio", response_class=Response, responses={200: SOUND, 206: SOUND})
async def audio(
    request: Request,
    track_id: TrackId,
    form: Annotated[
        Literal["auto", "original", "transcoded"],
        Query(description="The file's own bytes, or FLAC; by default its own where browsers play them."),
    ] = "auto",
) -> Response:
    """The sound of a track, any part of it."""
    service = service_of(request)
    found = await anyio.to_thread.run_sync(service.track, track_id)
    shared, recording = await anyio.to_thread.run_sync(service.recordings.open, service.shelf.catalog, found)
    if form == "original" or (form == "auto" and recording.media_type is not None):
        kind = recording.media_type or "application/octet-stream"
        return part_of(request, shared, media_type=kind, etag=f"{found.identity}-{recording.mtime_ns:x}")
    shared.release()
    made = await _transcoded(service, found, recording.path)
    return part_of(request, made, media_type="audio/flac", etag=f"{found.identity}-flac")


async def _transcoded(service: Service, track: Track, path: str) -> Shared:
    place = service.keep.place("flac", 1, track.identity)
    if not service.keep.has(place):
        await service.jobs.do(place, as_flac, path, str(place))
        service.keep.added(place)
    file = open(place, "rb", buffering=0)  # noqa: SIM115 -- the answer closes it
    return Shared(file, place.stat().st_size)
