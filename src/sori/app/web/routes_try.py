"""A recording that somebody brings or has just made: heard, compared, forgotten unless it is to be kept."""

from __future__ import annotations

import os
import secrets
import tempfile
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from sori.app.actions.analyzing import flat
from sori.app.actions.asking import Seeds
from sori.app.output import SCHEMA
from sori.app.web import models, models_similar
from sori.app.web.answers import Refused, answer
from sori.app.web.attachments import plain_name
from sori.app.web.routes_similar import SimilarQuery, likeness
from sori.app.web.service import Service, service_of
from sori.errors import DecodeError
from sori.library.ear import Ear
from sori.library.outside import Outsider, hear_outside

__all__ = ["router"]

router = APIRouter(tags=["likeness"], responses=models.ERRORS)

AUDIO = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


class TryQuery(SimilarQuery):
    """What is wanted of likeness, and whether to keep the recording."""

    name: str = Field(default="recording", max_length=200, description="What the recording is called.")
    keep: bool = Field(
        default=False, description="Keep it beside the library, and hear it as one of its tracks."
    )


@router.post(
    "/api/try",
    response_model=models_similar.TryAnswer,
    openapi_extra={"requestBody": {"required": True, **AUDIO}},
)
async def bring(request: Request, wanted: Annotated[TryQuery, Query()]) -> Response:
    """Hear a recording, the body of the request, and find what is like it; any format that we read."""
    service = service_of(request)
    folder = tempfile.TemporaryDirectory(prefix="try-", dir=service.keep.folder)
    try:
        path = os.path.join(folder.name, plain_name(wanted.name))
        await _write(request, path)
        try:
            outsider: Outsider = await service.jobs.do(object(), _hear, path, service.ear)
        except DecodeError as error:  # where it lay meanwhile is nobody's business
            said = str(error).replace(repr(path), "the recording").replace(path, "the recording")
            raise Refused(422, f"this cannot be heard: {said}") from error
        library = await anyio.to_thread.run_sync(lambda: service.shelf.asked)
        found = await anyio.to_thread.run_sync(lambda: _answered(library, outsider, wanted))
        kept = await anyio.to_thread.run_sync(_kept, service, path) if wanted.keep else None
    finally:
        await anyio.to_thread.run_sync(folder.cleanup)
    return answer(request, {**found, "kept": kept})


async def _write(request: Request, path: str) -> None:
    empty = True
    with open(path, "wb") as file:
        async for part in request.stream():
            empty = empty and not part
            await anyio.to_thread.run_sync(file.write, part)
    if empty:
        raise Refused(422, "the body is empty; send the bytes of an audio file")


def _hear(path: str, ear: Ear) -> Outsider:
    return hear_outside(ear, path, [*ear.versions])


def _answered(library: Any, outsider: Outsider, wanted: SimilarQuery) -> dict[str, Any]:
    name = os.path.basename(outsider.track.path)
    analysis = {"schema": SCHEMA, **flat(outsider.track), "path": name, "note": None}
    if len(library.neighbours):
        like = likeness(library, Seeds((), (outsider,)), wanted)
    else:
        like = {"seeds": [], "results": [], "candidates": [], "outdated": library.outdated}
    for seed in like["seeds"]:
        seed["path"] = name
    return {"analysis": analysis, "similar": {"schema": SCHEMA, **like}}


def _kept(service: Service, path: str) -> dict[str, Any]:
    """Put a recording into the folder of recordings, and hear it as part of the library."""
    folder = service.recordings_folder()
    stem, ending = os.path.splitext(os.path.basename(path))
    target = os.path.join(folder, f"{stem}-{secrets.token_hex(3)}{ending}")
    os.replace(path, target)
    try:
        service.indexing.begin([target], retry_failed=False)
    except Refused:  # a run is under way: the next one hears it
        service.shelf.catalog.remember_roots([folder])
    return {"path": target}
