"""The page itself: files that were built into the package, and a word where they were not."""

from __future__ import annotations

import mimetypes
from functools import lru_cache
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from sori.app.web.answers import Refused, compressed

__all__ = ["BUILT", "add_to"]

BUILT = Path(__file__).with_name("page")
"""Where the page's files are."""

_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
_UNBUILT = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Sori</title>
<h1>The page was not built</h1>
<p>The server works, and answers under <code>/api/</code>; its page is missing from this installation.
In a checkout of the project, <code>make page</code> builds it.</p></html>
"""


def add_to(application: FastAPI) -> None:
    """Let an application show the page at every address that is not the interface's own."""

    @application.get("/{path:path}", include_in_schema=False)
    @application.head("/{path:path}", include_in_schema=False)
    def page(request: Request, path: str) -> Response:
        if path == "api" or path.startswith("api/"):
            raise Refused(404, "there is nothing at this address")
        files = _files()
        if path in files:
            immutable = path.startswith("assets/")
            kept = "public, max-age=31536000, immutable" if immutable else "no-cache"
            return _sent(request, files[path], headers={"cache-control": kept})
        if path.startswith("assets/"):
            raise Refused(404, "there is no such part of the page")
        return _index(request)


def _index(request: Request) -> Response:
    """Return the page, for any of its own addresses."""
    place = BUILT / "index.html"
    body = place.read_bytes() if place.is_file() else _UNBUILT
    return compressed(request, body, "text/html; charset=utf-8", headers={"cache-control": "no-cache"})


def _sent(request: Request, place: Path, *, headers: dict[str, str]) -> Response:
    kind = _TYPES.get(place.suffix) or mimetypes.guess_type(place.name)[0] or "application/octet-stream"
    return compressed(request, place.read_bytes(), kind, headers=headers)


@lru_cache(maxsize=1)
def _files() -> dict[str, Path]:
    """Return the page's files by the address they have: there are no others, whatever an address says."""
    found = {each.relative_to(BUILT).as_posix(): each for each in BUILT.rglob("*") if each.is_file()}
    found.pop("index.html", None)
    return found
