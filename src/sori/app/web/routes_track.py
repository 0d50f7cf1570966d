"""One track: what is known of it, what can be heard in it, its sound and its pictures."""

from __future__ import annotations

import dataclasses
import os
from typing import Annotated, Any, Literal

import anyio.to_thread
from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import FileResponse, Response

from sori.app.actions import analyzing, chord_sheet, music
from sori.app.actions.hearing import HeardNow, hear_track
from sori.app.actions.peaks import MOST_POINTS, condense_peaks, read_peaks
from sori.app.actions.playing import as_flac
from sori.app.actions.tiles import KINDS, TILES_VERSION, check_tile, describe_tiles, draw_tile
from sori.app.web import models, models_track
from sori.app.web.answers import answer
from sori.app.web.service import Service, service_of
from sori.app.web.sound import Shared, part_of
from sori.library.entries import FACETS

__all__ = ["TrackId", "heard_in", "router"]

router = APIRouter(tags=["track"], responses=models.ERRORS)

TrackId = Annotated[str, Path(pattern="^[0-9a-f]{4,64}$", description="The id of a track.")]

SOUND = {"content": {"audio/*": {"schema": {"type": "string", "format": "binary"}}}}
PICTURE = {"content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}}


@router.get("/api/tracks/{track_id}", response_model=models_track.TrackAnswer)
def track(request: Request, track_id: TrackId) -> Response:
    """Everything that is known of a track, as ``sori show --json``."""
    return answer(request, dataclasses.asdict(service_of(request).track(track_id)))


@router.get("/api/tracks/{track_id}/analysis", response_model=models_track.AnalysisAnswer)
async def analysis(request: Request, track_id: TrackId) -> Response:
    """All that can be heard in a track, as ``sori analyze --json``; hearing what is lacking takes a while."""
    heard = await heard_in(service_of(request), track_id, None)
    return answer(request, {**analyzing.flat(heard.track), "note": heard.note})


class ChordsQuery(BaseModel):
    """How chords are to be read and played."""

    names: Literal[chord_sheet.STYLES] = "lead"  # type: ignore[valid-type]
    transpose: int = Field(default=0, ge=-24, le=24)
    capo: int = Field(default=0, ge=0, le=11)
    fingerings: Literal[chord_sheet.instruments()] | None = None  # type: ignore[valid-type]


@router.get("/api/tracks/{track_id}/chords", response_model=models_track.ChordsAnswer)
async def chords(request: Request, track_id: TrackId, wanted: Annotated[ChordsQuery, Query()]) -> Response:
    """The chords as somebody wants to read and play them, as ``sori chords --json``."""
    subject = music.SUBJECTS["chords"]
    heard = await heard_in(service_of(request), track_id, subject.stages)
    sheet = await anyio.to_thread.run_sync(lambda: subject.answer(heard.track, **wanted.model_dump()))
    return answer(request, {**sheet, "note": heard.note})


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
    place = await _made(service, track_id, ("flac", 1), as_flac)
    made = Shared(open(place, "rb", buffering=0), os.path.getsize(place))  # noqa: SIM115 -- the answer closes it
    return part_of(request, made, media_type="audio/flac", etag=f"{found.identity}-flac")


@router.get("/api/tracks/{track_id}/peaks", response_model=models_track.PeaksAnswer)
async def peaks(
    request: Request,
    track_id: TrackId,
    points: Annotated[int, Query(ge=1, le=MOST_POINTS)] = 2_000,
    start_s: Annotated[float, Query(ge=0, allow_inf_nan=False)] = 0.0,
    end_s: Annotated[float | None, Query(ge=0, allow_inf_nan=False)] = None,
) -> Response:
    """The shape of the waveform, of all of it or of a stretch."""
    service = service_of(request)
    place = await _made(service, track_id, ("peaks", 1), condense_peaks)
    found = await anyio.to_thread.run_sync(read_peaks, place)
    return answer(request, found.window(points, start_s=start_s, end_s=end_s))


@router.get("/api/tracks/{track_id}/spectrogram", response_model=models_track.SpectrogramAnswer)
def spectrogram(request: Request, track_id: TrackId) -> Response:
    """Which tiles its spectrograms have, and how their axes are marked."""
    found = service_of(request).track(track_id)
    return answer(request, describe_tiles(found.duration_s, found.loudness_lufs))


@router.get(
    "/api/tracks/{track_id}/spectrogram/{kind}/{zoom}/{tile}.png",
    response_class=Response,
    responses={200: PICTURE},
)
async def spectrogram_tile(
    request: Request,
    track_id: TrackId,
    kind: Literal[KINDS],  # type: ignore[valid-type]
    zoom: Annotated[int, Path(ge=0, le=10)],
    tile: Annotated[int, Path(ge=0, le=10_000_000)],
) -> Response:
    """A few seconds of a spectrogram: grey, white the loudest, low frequencies at the bottom."""
    service = service_of(request)
    found = await anyio.to_thread.run_sync(service.track, track_id)
    check_tile(kind, zoom, tile, duration_s=found.duration_s)
    what = ("tile", TILES_VERSION, kind, zoom, tile, found.loudness_lufs)
    place = await _made(service, track_id, what, draw_tile, kind, zoom, tile, found.loudness_lufs)
    kept = {"cache-control": "private, max-age=86400"}
    return FileResponse(place, media_type="image/png", headers=kept)


async def heard_in(service: Service, track_id: str, stages: tuple[str, ...] | None) -> HeardNow:
    """Return a track with what these stages say, all by default; what is lacking is heard in a worker."""

    def known() -> HeardNow | None:
        heard = service.shelf.catalog.heard(service.track(track_id).id)
        versions = service.ear.versions
        wanted = [name for name in versions if name != FACETS] if stages is None else stages
        if any(heard.get(name) != versions[name] for name in wanted):
            return None
        return hear_track(track_id, stages=stages, library=service.settings.library, ear=service.ear)

    found = await anyio.to_thread.run_sync(known)
    if found is not None:
        return found
    now: HeardNow = await service.jobs.do(
        ("hear", track_id, stages), _hear_job, track_id, stages, service.settings.library, service.ear
    )
    return now


def _hear_job(track_id: str, stages: tuple[str, ...] | None, library: str, ear: Any) -> HeardNow:
    """Hear in a worker; kept in the library for the next time."""
    return hear_track(track_id, stages=stages, library=library, ear=ear)


async def _made(service: Service, track_id: str, what: tuple[Any, ...], make: Any, *args: Any) -> str:
    """Return where a thing lies that is made of a recording, once: ``make(path, target, *args)``."""
    found = await anyio.to_thread.run_sync(service.track, track_id)
    place = service.keep.place(*what, found.identity)
    if not service.keep.has(place):
        path = await anyio.to_thread.run_sync(service.path_of, found)
        await service.jobs.do(place, make, path, str(place), *args)
        service.keep.added(place)
    return str(place)
