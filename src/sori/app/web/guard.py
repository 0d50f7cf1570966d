"""Who may ask, from where, how much and how slowly: decided before anything else looks at a request.

A page on some other site must not be able to use this server through the browser of somebody who has it
open (DNS rebinding, cross-site requests), and a stranger on the network must not reach it at all.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers, QueryParams
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response

from sori.app.web.answers import Refused, refusal
from sori.app.web.sessions import Sessions
from sori.app.web.settings import Settings

__all__ = ["Guard"]

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

_SAFE = ("GET", "HEAD", "OPTIONS")
_BROWSERS_SAY = ("sec-fetch-site", "sec-fetch-mode", "referer", "cookie")
# What a page of another site can send without asking first; no route of ours takes it.
_SIMPLE_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")
_UPLOADS = ("/api/try",)

# What the page may load: only what comes from here, and no script or style that is written into it.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
    " media-src 'self' blob:; connect-src 'self'; font-src 'self'; worker-src 'self';"
    " manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "microphone=(self), camera=(), geolocation=(), payment=(), usb=()",
}


_DOOR = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Sori</title>
<h1>Sori</h1><p>This server asks for its token. It was printed where the server was started.</p>
<form action="/" method="get"><label>Token <input name="token" type="password" autofocus></label>
<button>Open</button></form></html>
"""


class Guard:
    """Stands before the application and lets through what is in order.

    ``closing`` is called when the server is about to end, before it waits for answers under way.
    """

    def __init__(self, app: App, settings: Settings, *, closing: Callable[[], None] = lambda: None) -> None:
        self._app = app
        self.closing = closing
        self._settings = settings
        self._names = _own_names(settings)
        self._sessions = Sessions(settings.token, settings.limits.wrong_tokens)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        body = _Body(receive, headers, self._limit(scope), self._settings)

        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = _completed(message["headers"])
            await send(message)

        async def answering(message: Message) -> None:
            if started or body.refused is None:  # else whatever is said of half a body is not to be said
                await sending(message)

        try:
            self._check_host(headers)
            self._check_origin(scope, headers)
            let_in = self._admit(scope, headers)
            if let_in is not None:
                await let_in(scope, receive, sending)
                return
            body.check_length()
        except Refused as no:
            await self._refuse(no, scope, receive, sending)
            return
        try:
            await self._app(scope, body.receive, answering)
        except Refused as no:
            body.refused = no
        if body.refused is not None and not started:
            await self._refuse(body.refused, scope, receive, sending)

    async def _refuse(
        self, no: Refused, scope: MutableMapping[str, Any], receive: Receive, send: Send
    ) -> None:
        answer = refusal(no.status, no.message, retry_after_s=no.retry_after_s)
        if no.status == 401 and scope["method"] == "GET" and not scope["path"].startswith("/api/"):
            answer = Response(_DOOR, 401, media_type="text/html; charset=utf-8")
        await answer(scope, receive, send)

    # --- from where ------------------------------------------------------------------------

    def _check_host(self, headers: Headers) -> None:
        """Refuse a name that is not ours: it would be another site's, led here."""
        given = headers.getlist("host")
        name = _host_name(given[0]) if len(given) == 1 else None
        if name is None or not self._is_ours(name):
            raise Refused(403, "this server is not called so; open the address that it printed")

    def _is_ours(self, name: str) -> bool:
        if name in self._names:
            return True
        if self._settings.local:
            return False
        try:  # a number cannot be led elsewhere
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True

    def _check_origin(self, scope: MutableMapping[str, Any], headers: Headers) -> None:
        safe = scope["method"] in _SAFE
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        own = f"{scope['scheme']}://{headers['host']}".lower()
        if origin is not None and origin.lower() != own:
            raise Refused(403, "this request comes from another site")
        # Somebody may follow a link to the page; its parts and its data are for the page alone.
        page = safe and headers.get("sec-fetch-mode") == "navigate" and not scope["path"].startswith("/api/")
        if site not in (None, "same-origin", "none") and not page:
            raise Refused(403, "this request comes from another site")
        if safe:
            return
        if origin is None and any(name in headers for name in _BROWSERS_SAY):
            raise Refused(403, "a browser's request that changes something must say where it comes from")
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind in _SIMPLE_TYPES:
            raise Refused(415, f"the body came as {kind}; send application/json, or audio to /api/try")

    # --- who -------------------------------------------------------------------------------

    def _admit(self, scope: MutableMapping[str, Any], headers: Headers) -> Response | None:
        """Return ``None`` for those who may go on; a way in for those who bring the token in the address.

        Raises
        ------
        Refused
            401, or 429 after too many wrong tokens.
        """
        if self._settings.token is None:
            return None
        name = f"sori-session-{self._settings.port}"  # ports share their cookies
        cookie = cookie_parser(headers.get("cookie", "")).get(name)
        if cookie is not None and self._sessions.knows(cookie):
            return None
        kind, _, bearer = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            self._sessions.check(bearer.strip())
            return None
        given = QueryParams(scope["query_string"]).get("token")
        if given is not None and scope["method"] == "GET" and not scope["path"].startswith("/api/"):
            self._sessions.check(given)
            answer = RedirectResponse(scope["path"], 303, {"cache-control": "no-store"})
            answer.set_cookie(name, self._sessions.begin(), httponly=True, samesite="strict", path="/")
            return answer
        raise Refused(401, "this server asks for its token; open the address that it printed")

    # --- how much --------------------------------------------------------------------------

    def _limit(self, scope: MutableMapping[str, Any]) -> int:
        limits = self._settings.limits
        return limits.upload_bytes if scope["path"] in _UPLOADS else limits.body_bytes


class _Body:
    """A body that may not be too large and may not come too slowly."""

    def __init__(self, receive: Receive, headers: Headers, limit: int, settings: Settings) -> None:
        self._receive = receive
        self._limit = limit
        self._settings = settings
        self._declared = headers.get("content-length")
        self.refused: Refused | None = None
        self._waited_s = 0.0
        self._read = 0
        # Whoever sends no body may be waited for: it is how an answer learns that nobody reads it any more.
        self._done = self._declared in (None, "0") and "transfer-encoding" not in headers

    def check_length(self) -> None:
        """Refuse a body that says that it is too large."""
        if self._declared is not None and self._declared.isdigit() and int(self._declared) > self._limit:
            raise self._too_large()

    def _too_large(self) -> Refused:
        return Refused(413, f"the body is larger than {self._limit:,} bytes")

    async def receive(self) -> Message:
        """Return the next part of the body."""
        if self._done:
            return await self._receive()
        limits = self._settings.limits
        allowed_s = limits.body_s + self._read / limits.slowest_bytes_per_s
        began = time.monotonic()
        try:
            message = await asyncio.wait_for(self._receive(), max(0.0, allowed_s - self._waited_s))
        except TimeoutError:
            self.refused = Refused(408, "the body came too slowly")
            raise self.refused from None
        self._waited_s += time.monotonic() - began
        if message["type"] == "http.request":
            self._read += len(message.get("body", b""))
            self._done = not message.get("more_body", False)
            if self._read > self._limit:
                self.refused = self._too_large()
                raise self.refused
        return message


def _completed(given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Add what every answer says about itself."""
    names = {name.lower() for name, _ in given}
    own = {**_HEADERS, "cache-control": "no-store"}
    return [*given, *((k.encode(), v.encode()) for k, v in own.items() if k.encode() not in names)]


_NAME = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?")


def _host_name(header: str) -> str | None:
    found = _NAME.fullmatch(header)
    return None if found is None else found[1].strip("[]").lower().rstrip(".")


def _own_names(settings: Settings) -> frozenset[str]:
    """Return what this server may be called."""
    names = {"localhost", "127.0.0.1", "::1", settings.host.lower()}
    if not settings.local:
        own = socket.gethostname().lower()
        names |= {own, f"{own.partition('.')[0]}.local"}
    return frozenset(names)
