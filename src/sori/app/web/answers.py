"""How the server answers: the JSON of the command line, compressed where that is worth it, and refusals."""

from __future__ import annotations

import gzip
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sori.app.output import SCHEMA, escaped

__all__ = ["Refused", "answer", "compressed", "refusal"]

_WORTH_COMPRESSING = 2_048  # bytes


class Refused(Exception):  # noqa: N818 -- says what happened, as our errors do
    """A request that is answered with a status and one sentence."""

    def __init__(self, status: int, message: str, *, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.retry_after_s = retry_after_s


def answer(request: Request, data: dict[str, Any], *, status: int = 200) -> Response:
    """Return data as the command line's JSON would have it, on one line."""
    text = json.dumps({"schema": SCHEMA, **data}, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return compressed(request, escaped(text).encode(), "application/json", status=status)


def compressed(
    request: Request,
    body: bytes,
    media_type: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    """Return a body, compressed for those who take that."""
    told = {"vary": "accept-encoding", **(headers or {})}
    if len(body) >= _WORTH_COMPRESSING and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, 5, mtime=0)
        told["content-encoding"] = "gzip"
    return Response(body, status, told, media_type)


def refusal(status: int, message: str, *, retry_after_s: int | None = None) -> Response:
    """Return an error as every error is told."""
    text = json.dumps({"error": {"status": status, "message": message}}, ensure_ascii=False)
    headers = {} if retry_after_s is None else {"retry-after": str(retry_after_s)}
    if status in (408, 413):  # what is left of the body is not read
        headers["connection"] = "close"
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    return Response(escaped(text).encode(), status, headers, "application/json")
