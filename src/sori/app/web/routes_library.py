"""What is in the library: its overview, windows of its tracks, failures, runs, events."""

from __future__ import annotations

import importlib.metadata
import os
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response, StreamingResponse

from sori.app.actions import browsing
from sori.app.web import models
from sori.app.web.answers import Refused, answer
from sori.app.web.asked_filters import FilterFields, filters_of
from sori.app.web.service import service_of

__all__ = ["router"]

router = APIRouter(tags=["library"], responses=models.ERRORS)


@router.get("/api/library", response_model=models.LibraryAnswer)
def library(request: Request) -> Response:
    """What the library holds."""
    service = service_of(request)
    place = service.settings.library
    found = browsing.overview(library=service.shelf.asked)
    return answer(
        request,
        {
            "name": os.path.splitext(os.path.basename(place))[0],
            "path": place,
            "version": importlib.metadata.version("sori"),
            "ready": service.shelf.ready,
            "revision": service.revision(),
            **found,
            "roots": service.roots(),
            "indexing": service.indexing.state,
        },
    )


class TracksQuery(FilterFields):
    """Which window of which tracks."""

    query: str = Field(default="", max_length=200, description="Words that artist, title or file name hold.")
    sort: Literal[browsing.SORTS] = "artist"  # type: ignore[valid-type]
    order: Literal["asc", "desc"] = "asc"
    offset: int = Field(default=0, ge=0, le=10_000_000)
    limit: int = Field(default=100, ge=0, le=browsing.LONGEST_WINDOW)


@router.get("/api/tracks", response_model=models.TracksAnswer)
def tracks(request: Request, wanted: Annotated[TracksQuery, Query()]) -> Response:
    """A window of the tracks that pass, in an order."""
    found = browsing.tracks(
        library=service_of(request).shelf.asked,
        query=wanted.query,
        sort=wanted.sort,
        descending=wanted.order == "desc",
        filters=filters_of(wanted),
        offset=wanted.offset,
        limit=wanted.limit,
    )
    return answer(request, found)


@router.get("/api/failures", response_model=models.FailuresAnswer)
def failures(request: Request) -> Response:
    """The files that could not be heard, and why."""
    from sori.app.actions.listing import failures as act

    return answer(request, {"failures": act(library=service_of(request).settings.library)})


class IndexOrder(BaseModel):
    """What is to be heard: some of the library's roots, or with none all of them."""

    model_config = {"extra": "forbid"}

    paths: list[Annotated[str, Field(max_length=4_096)]] = Field(default=[], max_length=1_000)
    retry_failed: bool = False


@router.post("/api/index", response_model=models.IndexingAnswer, status_code=202)
def begin(request: Request, wanted: IndexOrder) -> Response:
    """Hear what is new or changed in the library's folders."""
    service = service_of(request)
    roots = service.roots()
    if not roots:
        raise Refused(
            409, "the library knows no folder yet; start the server with one, or run `sori index FOLDER`"
        )
    foreign = [path for path in wanted.paths if not _inside(path, roots)]
    if foreign:
        raise Refused(403, "only folders of the library can be heard from here; use `sori index` for others")
    state = service.indexing.begin(wanted.paths or roots, retry_failed=wanted.retry_failed)
    return answer(request, {"indexing": state}, status=202)


@router.post("/api/index/stop", response_model=models.StoppedAnswer)
def stop(request: Request) -> Response:
    """Stop hearing; what was heard is kept."""
    return answer(request, {"stopping": service_of(request).indexing.stop()})


@router.get(
    "/api/events", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}}
)
async def events(request: Request) -> Response:
    """What happens: ``index`` (how far a run is) and ``library`` (there is a newer state), as it happens."""
    heard = service_of(request).hub.listen()
    return StreamingResponse(heard, media_type="text/event-stream", headers={"x-accel-buffering": "no"})


def _inside(path: str, roots: list[str]) -> bool:
    """Say whether a path, wherever its links lead, lies in one of the roots."""
    try:
        real = os.path.realpath(path)
        return os.path.isabs(path) and any(
            os.path.commonpath([real, os.path.realpath(root)]) == os.path.realpath(root) for root in roots
        )
    except ValueError:  # another drive, or no path
        return False
