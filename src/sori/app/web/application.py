"""The application: every address and what answers there, with the guard before all of it."""

from __future__ import annotations

import contextlib
import importlib.metadata
import logging
from collections.abc import AsyncIterator
from typing import Any

import anyio.to_thread
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from sori.app.web import (
    built_page,
    routes_change,
    routes_library,
    routes_similar,
    routes_track,
    routes_try,
)
from sori.app.web.answers import Refused, refusal
from sori.app.web.guard import Guard
from sori.app.web.service import Service
from sori.app.web.settings import Settings
from sori.errors import DataError, DecodeError, MissingExtra, ParameterError, SoriError
from sori.library.ear import Ear

__all__ = ["guarded", "make_application"]

_THREADS = 64
_LOG = logging.getLogger("sori.web")


def make_application(settings: Settings, *, ear: Ear | None = None) -> FastAPI:
    """Return the application for these settings, without its guard; ``ear`` is for tests."""
    service = Service(settings, ear=ear)

    @contextlib.asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = _THREADS
        service.start()
        yield
        await anyio.to_thread.run_sync(service.close)

    application = FastAPI(
        title="Sori",
        version=importlib.metadata.version("sori"),
        description="Ears for your computer, over HTTP. Answers are those of the commands.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=life,
        exception_handlers=_HANDLERS,
    )
    application.state.service = service
    for part in (routes_library, routes_track, routes_change, routes_similar, routes_try):
        application.include_router(part.router)
    built_page.add_to(application)
    return application


def guarded(settings: Settings, *, ear: Ear | None = None) -> Guard:
    """Return the application with its guard: what a server runs."""
    application = make_application(settings, ear=ear)
    return Guard(application, settings, closing=application.state.service.hub.close)


def _refused(_: Request, error: Any) -> Response:
    return refusal(error.status, error.message, retry_after_s=error.retry_after_s)


def _http(_: Request, error: Any) -> Response:
    said = {404: "there is nothing at this address", 405: "this address takes another method"}
    return refusal(error.status_code, said.get(error.status_code, str(error.detail)))


def _invalid(_: Request, error: Any) -> Response:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"][1:])
    return refusal(422, f"{place or 'the request'}: {first['msg']}")


def _ours(_: Request, error: Any) -> Response:
    if isinstance(error, MissingExtra):
        return refusal(501, str(error))
    busy = isinstance(error, DataError) and "another run is writing" in str(error)
    status = 409 if busy or isinstance(error, DecodeError | DataError) else 500
    return refusal(400 if isinstance(error, ParameterError) else status, str(error))


def _system(_: Request, error: Any) -> Response:
    _LOG.error("the system refused: %s", error)
    return refusal(500, f"the system refused: {error.strerror or 'no reason is known'}")


def _unforeseen(_: Request, error: Any) -> Response:
    return refusal(500, "something went wrong here; the server's own lines say what")


_HANDLERS: dict[Any, Any] = {
    Refused: _refused,
    HTTPException: _http,
    RequestValidationError: _invalid,
    SoriError: _ours,
    OSError: _system,
    Exception: _unforeseen,
}
