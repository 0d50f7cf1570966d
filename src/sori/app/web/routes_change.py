"""What a person says of a track, and files to take away or to bring."""

from __future__ import annotations

import dataclasses
import os
from typing import Annotated, Any, Literal

import anyio.to_thread
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import FileResponse, Response

from sori.app.actions import correcting, music, writing
from sori.app.actions.exporting import ending_of, export_track
from sori.app.web import models, models_track
from sori.app.web.answers import Refused, answer
from sori.app.web.attachments import attachment
from sori.app.web.routes_track import TrackId
from sori.app.web.service import service_of
from sori.library.ear import Ear
from sori.library.track import Track

__all__ = ["router"]

router = APIRouter(tags=["track"], responses=models.ERRORS)

FILE = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


@router.post("/api/tracks/{track_id}/corrections", response_model=models_track.TrackAnswer)
async def correct(request: Request, track_id: TrackId, said: models_track.Correction) -> Response:
    """Keep what a person says, as ``sori correct``: no later hearing touches it."""
    service = service_of(request)
    await anyio.to_thread.run_sync(service.track, track_id)
    plain = said.model_dump()
    undone = plain.pop("undo")
    if undone and said.model_fields_set - {"undo"}:
        raise Refused(422, "undo goes alone; correct in a second request")
    place = service.settings.library
    if undone:
        found = await anyio.to_thread.run_sync(lambda: correcting.undo(track_id, undone, library=place))
    else:
        plain["chords"] = [(each["at_s"], each["name"]) for each in plain["chords"]]
        found = await service.jobs.do(object(), _correct, track_id, plain, place, service.ear)
    service.shelf.renew()
    return answer(request, dataclasses.asdict(found))


class ExportQuery(BaseModel):
    """What is to be written."""

    format: str = Field(
        max_length=20, description="A name or an ending: json, csv, jams, mid, lab, cho, png ..."
    )
    part: str | None = Field(default=None, max_length=40, description="What goes into a form of one thing.")
    subject: Literal[tuple(music.SUBJECTS)] | None = Field(  # type: ignore[valid-type]
        default=None,
        description="Which command's results; by default what the part belongs to, or everything.",
    )
    transpose: int = Field(default=0, ge=-24, le=24)
    capo: int = Field(default=0, ge=0, le=11)


@router.get("/api/tracks/{track_id}/export", response_class=Response, responses={200: FILE})
async def export(request: Request, track_id: TrackId, wanted: Annotated[ExportQuery, Query()]) -> Response:
    """A file with what was heard, as ``-o`` writes it: data, a picture, or sound."""
    service = service_of(request)
    found = await anyio.to_thread.run_sync(service.track, track_id)
    ending = ending_of(wanted.format)
    made_from = ("export", ending, wanted.model_dump_json(), found.identity, repr(service.ear.versions))
    place = service.keep.place(*made_from, repr(found.corrected), found.title, found.artist)
    if not service.keep.has(place):
        path = await anyio.to_thread.run_sync(service.path_of, found)
        options = {**wanted.model_dump(exclude={"format"}), "form": wanted.format, "path": path}
        arguments = (track_id, str(place), options, service.settings.library, service.ear)
        await service.jobs.do(place, _export, *arguments)
        service.keep.added(place)
    name = found.title or os.path.splitext(os.path.basename(found.path))[0]
    headers = {"content-disposition": attachment(f"{name}{ending}")}
    return FileResponse(place, headers=headers, media_type="application/octet-stream")


@router.get("/api/formats", response_model=models.FormatsAnswer)
def formats(request: Request) -> Response:
    """The forms that `export` writes."""
    return answer(request, {"formats": writing.formats()})


def _correct(track_id: str, said: dict[str, Any], library: str, ear: Ear) -> Track:
    return correcting.correct(track_id, library=library, ear=ear, **said)


def _export(track_id: str, target: str, options: dict[str, Any], library: str, ear: Ear) -> None:
    export_track(track_id, target, library=library, ear=ear, **options)
