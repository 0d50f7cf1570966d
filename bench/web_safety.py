"""Requests that must be refused, by the thousand: every one that got through is counted."""

from __future__ import annotations

import functools
import http.client
import itertools
import random
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from bench.collection import CACHE
from bench.made_library import made_library
from bench.process import Figures
from bench.report import Ledger, table

Serving = Callable[..., AbstractContextManager[Any]]

TOKEN = "bench token of some length"
SECRETS = (b"root:x:", b"[fonts]", b"def measure_safety", b"Traceback")
UP = ("..", "%2e%2e", "%2E.", "%252e%252e", "..%00", "....", ".%2e")
BETWEEN = ("/", "%2f", "%5c", "\\", "//", "%252f", "/./")
TARGETS = ("etc/passwd", "etc%2fpasswd", "Windows/win.ini", "bench/web_safety.py", "proc/self/environ")
BEFORE = ("", "assets/", "api/", "api/tracks/", "api/tracks/abcdef/spectrogram/mel/0/", "assets/x.js/")
NAMES = (
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "127.1",
    "0x7f.1",
    "[::ffff:1.2.3.4]",
)
ORIGINS = (
    "http://evil.example",
    "null",
    "https://localhost",
    "http://localhost.evil.example",
    "file://",
    "data:",
)


def measure_safety(ledger: Ledger, serving: Serving) -> str:
    """Try everything, and return what the page says about it."""
    found = ledger.measure("safety", functools.partial(try_all, serving))
    rows = [
        [name, f"{found[f'{name}, tried']:,.0f}", f"{found[f'{name}, let through']:,.0f}"] for name in TRIALS
    ]
    return "Requests that must not succeed:\n\n" + table(["what", "tried", "let through"], rows)


def try_all(serving: Serving) -> Figures:
    """Try every kind of request; return how many were tried and how many got through."""
    library = made_library(CACHE / "made 100.db", 100)
    figures: Figures = {}
    with serving(library) as (open_to_all, _), serving(library, "--token", TOKEN) as (locked, _):
        for name, trial in TRIALS.items():
            through = list(trial(open_to_all.port, locked.port))
            figures[f"{name}, tried"] = len(through)
            figures[f"{name}, let through"] = sum(through)
    return figures


def leads_out(port: int, _: int) -> list[bool]:
    """Addresses that lead up and out, in every way of writing them."""
    found = []
    for up, between, target, before, depth in itertools.product(UP, BETWEEN, TARGETS, BEFORE, (1, 4, 9)):
        path = f"/{before}{(up + between) * depth}{target}"
        answer = raw(port, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n")
        found.append(any(secret in answer for secret in SECRETS))
    return found


def other_names(port: int, _: int) -> list[bool]:
    """Names that are not this server's, for every kind of address."""
    paths = ("/", "/api/library", "/api/tracks", "/assets/x.js", "/api/events")
    methods = ("GET", "POST", "HEAD", "OPTIONS")
    return [
        ask(port, method, path, host=name + ending) < 400
        for name, ending, path, method in itertools.product(NAMES, ("", ":80", f":{port}"), paths, methods)
    ]


def other_sites(port: int, _: int) -> list[bool]:
    """What pages of other sites can make a browser send."""
    changes = ("/api/index", "/api/index/stop", "/api/try", "/api/playlist", "/api/tracks/abcdef/corrections")
    kinds = ("text/plain", "application/json", "multipart/form-data", "application/x-www-form-urlencoded")
    marks: list[dict[str, str]] = [{"origin": origin} for origin in ORIGINS]
    marks += [{"sec-fetch-site": site} for site in ("cross-site", "same-site")]
    marks += [{"referer": "http://evil.example/"}, {"cookie": "a=b"}, {"sec-fetch-mode": "no-cors"}]
    posts = [
        ask(port, "POST", path, "{}", **{"content-type": kind, **mark}) < 400
        for path, kind, mark in itertools.product(changes, kinds, marks)
    ]
    reads = ("/api/library", "/api/tracks", "/api/failures", "/api/map")
    gets = [ask(port, "GET", path, **mark) < 400 for path, mark in itertools.product(reads, marks[:8])]
    return [*posts, *gets]


def without_token(_: int, port: int) -> list[bool]:
    """No token, wrong tokens, and tokens almost right."""
    rng = random.Random(0)
    wrong = [
        "",
        TOKEN[:-1],
        TOKEN + "x",
        TOKEN.upper(),
        f" {TOKEN[1:]}",
        *(f"{rng.random()}" for _ in range(400)),
    ]
    paths = ("/", "/api/library", "/api/tracks", "/assets/x.js")
    found = [ask(port, "GET", path) < 400 for path in paths]
    for text in wrong:
        found.append(ask(port, "GET", "/api/library", authorization=f"Bearer {text}") < 400)
        found.append(ask(port, "GET", "/api/library", cookie=f"sori-session-{port}={text}") < 400)
    return found


def paths_from_afar(port: int, _: int) -> list[bool]:
    """Folders that are not the library's, to be heard."""
    places = (
        "/",
        "/etc",
        "/made",
        "/made/music/..",
        "/made/music/../../etc",
        "/made/music2",
        "..",
        "~",
        "C:\\",
        "\\\\h\\s",
    )
    wrong = [f'{{"paths": ["{place}"]}}'.replace("\\", "\\\\") for place in places]
    return [
        ask(port, "POST", "/api/index", body, **{"content-type": "application/json"}) < 400 for body in wrong
    ]


TRIALS: dict[str, Callable[[int, int], list[bool]]] = {
    "addresses that lead out of the library": leads_out,
    "other names for this address": other_names,
    "requests of other sites": other_sites,
    "no token, or a wrong one": without_token,
    "folders that are not the library's": paths_from_afar,
}


def raw(port: int, request: str) -> bytes:
    """Send a request letter by letter; return all that comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as sock:
        sock.sendall(request.encode("latin-1"))
        parts = []
        while part := sock.recv(65_536):
            parts.append(part)
    return b"".join(parts)


def ask(port: int, method: str, path: str, body: str | None = None, **headers: str) -> int:
    """Send a request; return the status of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()
