"""The page's server on a large library: how soon it answers, how much it holds, whom it refuses.

The tracks are made up, the requests are real: ``sori serve`` in a process of its own, asked over HTTP.
"""

from __future__ import annotations

import contextlib
import functools
import http.client
import json
import os
import random
import re
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil

from bench.collection import CACHE, copies
from bench.made_library import made_library
from bench.process import Figures, sori
from bench.report import Ledger, table
from bench.web_safety import measure_safety
from sori.app.actions.asking import keep_vectors
from sori.app.actions.browsing import SORTS

TRACKS = int(os.environ.get("SORI_BENCH_TRACKS", "100000"))
REQUESTS = 10_000
ROUNDS = 100
KEPT_S = 5.0  # a connection that was not used for so long is not used again
COPIES = 4  # of every recording, to be heard meanwhile


class Asked:
    """One connection to a server, and how long it took to answer."""

    def __init__(self, port: int) -> None:
        """Connect."""
        self.port = port
        self.last = time.monotonic()
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def ask(self, path: str, *, method: str = "GET", body: Any = None) -> tuple[float, bytes]:
        """Send a request; return the milliseconds until all of the answer was there, and the answer."""
        text = None if body is None else json.dumps(body)
        headers = {} if body is None else {"content-type": "application/json"}
        if self.connection.sock is not None and time.monotonic() - self.last > KEPT_S:
            self.connection.close()  # the server may be about to: it connects anew
        self.last = time.monotonic()
        start = time.perf_counter()
        self.connection.request(method, path, text, headers)
        answer = self.connection.getresponse()
        data = answer.read()
        spent = 1e3 * (time.perf_counter() - start)
        if answer.status >= 400:
            raise SystemExit(f"{method} {path}: {answer.status} {data[:300]!r}")
        return spent, data

    def json(self, path: str, **how: Any) -> Any:
        """Return an answer alone."""
        return json.loads(self.ask(path, **how)[1])


@contextlib.contextmanager
def serving(library: Path, *words: str) -> Iterator[tuple[Asked, psutil.Process]]:
    """Run ``sori serve`` until the block ends; give a connection, and its process."""
    command = sori("serve", *words, "--library", str(library), "--no-browser", "--port", "0")
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        found = re.search(r":(\d+)/", process.stderr.readline())
        assert found is not None
        try:
            yield Asked(int(found[1])), psutil.Process(process.pid)
        finally:
            process.terminate()
            process.communicate()


def library_of(count: int) -> Path:
    """Return a library of made-up tracks with its matrix beside it, as any earlier answer has left it."""
    CACHE.mkdir(parents=True, exist_ok=True)
    place = made_library(CACHE / f"made {count}.db", count)
    keep_vectors(str(place))
    return place


def measure_web(ledger: Ledger) -> str:
    """Measure all of it, and return what the page says about it."""
    start = ledger.measure("start", measure_start)
    quiet = ledger.measure("quiet", functools.partial(measure_answers, heard_meanwhile=False))
    busy = ledger.measure("busy", functools.partial(measure_answers, heard_meanwhile=True))
    memory = ledger.measure("memory", measure_memory)
    rows = [
        [
            name,
            *(f"{figures[f'{name}, {part}']:.1f}" for figures in (quiet, busy) for part in ("median", "p95")),
        ]
        for name in ANSWERS
    ]
    begun = "\n".join(f"- {name}: {value:.2f} s" for name, value in start.items())
    held = (
        f"Memory of the server's process: {memory['after 1,000']:.0f} MiB after the first 1,000 requests,"
        f" {memory['after all']:.0f} MiB after {REQUESTS:,} more"
        f" ({memory['after all'] - memory['after 1,000']:+.1f} MiB)."
    )
    return "\n\n".join(
        [
            f"`sori serve` on a library of {TRACKS:,} made-up tracks.",
            begun,
            "Milliseconds until the whole answer was there, one client; at the right while `POST /api/index`"
            f" hears {busy['files heard']:.0f} files and the library changes"
            f" ({busy['new states']:.0f} new states in {busy['seconds']:.0f} s).",
            table(["answer", "median", "95 %", "median, meanwhile", "95 %, meanwhile"], rows),
            held,
            measure_safety(ledger, serving),
        ]
    )


def measure_start() -> Figures:
    """Take the time from nothing to the first page, and of the same page when the server runs."""
    library = library_of(TRACKS)
    began = time.perf_counter()
    with serving(library) as (server, _):
        first_page(server)
        from_nothing = time.perf_counter() - began
        later = statistics.median(_seconds(first_page, server) for _ in range(5))
    return {"from `sori serve` to the first page": from_nothing, "the first page of a running server": later}


def first_page(server: Asked) -> None:
    """Ask for what the page asks for at first."""
    for path in ("/", "/api/library", "/api/tracks?limit=100"):
        server.ask(path)


def _seconds(call: Callable[..., object], *args: Any) -> float:
    start = time.perf_counter()
    call(*args)
    return time.perf_counter() - start


def measure_answers(*, heard_meanwhile: bool) -> Figures:
    """Ask in turns, on a copy of the library where music is heard meanwhile."""
    library = library_of(TRACKS)
    if not heard_meanwhile:
        with serving(library) as (server, _):
            first_page(server)
            return _answers(server, ROUNDS)
    copy = CACHE / "made copy.db"
    for path in CACHE.glob("made copy.db*"):
        if path.is_file():
            path.unlink()
    for ending in ("", ".vectors"):
        copy.with_name(copy.name + ending).write_bytes(library.with_name(library.name + ending).read_bytes())
    music = copies(COPIES)
    with serving(copy, str(music)) as (server, _):
        first_page(server)
        other = Asked(server.port)
        before = int(other.json("/api/library")["revision"])
        other.json("/api/index", method="POST", body={"paths": [str(music)]})
        began = time.perf_counter()
        figures: dict[str, list[float]] = {}
        while other.json("/api/library")["indexing"]["running"]:
            for name, value in _rounds(server, 5).items():
                figures.setdefault(name, []).extend(value)
        seconds = time.perf_counter() - began
        said = other.json("/api/library")
    return {
        **_summary(figures),
        "files heard": said["indexing"]["heard"] + said["indexing"]["recognised"],
        "new states": int(said["revision"]) - before,
        "seconds": seconds,
    }


def _answers(server: Asked, rounds: int) -> Figures:
    _rounds(server, 3)
    return _summary(_rounds(server, rounds))


def _summary(taken: dict[str, list[float]]) -> Figures:
    found = {}
    for name, values in taken.items():
        found[f"{name}, median"] = statistics.median(values)
        found[f"{name}, p95"] = sorted(values)[int(0.95 * (len(values) - 1))]
    return found


def _rounds(server: Asked, rounds: int) -> dict[str, list[float]]:
    rng = random.Random(rounds)
    ids = [row["id"] for row in server.json(f"/api/tracks?limit=500&offset={TRACKS // 2}")["tracks"]]
    return {name: [server.ask(path(rng, ids))[0] for _ in range(rounds)] for name, path in ANSWERS.items()}


Path_ = Callable[[random.Random, list[str]], str]

ANSWERS: dict[str, Path_] = {
    "a window anywhere, any order": lambda rng, _: (
        f"/api/tracks?sort={rng.choice(SORTS)}&offset={rng.randrange(TRACKS)}&limit=100"
    ),
    "a window behind a new filter": lambda rng, _: (
        f"/api/tracks?tempo={rng.randint(60, 120)}-{rng.randint(121, 180)}&genre=jazz&limit=100"
    ),
    "words typed": lambda rng, _: (
        f"/api/tracks?query={quote(f'silver road {rng.randrange(1000)}')}&limit=100"
    ),
    "one track": lambda rng, ids: f"/api/tracks/{rng.choice(ids)}",
    "the 20 most similar, with reasons": lambda rng, ids: (
        f"/api/tracks/{rng.choice(ids)}/similar?candidates=0"
    ),
    "the same and candidates to reorder": lambda rng, ids: f"/api/tracks/{rng.choice(ids)}/similar",
    "the same, other weights and a filter": lambda rng, ids: (
        f"/api/tracks/{rng.choice(ids)}/similar?candidates=0&weights=timbre={rng.random():.2f}&tempo=90-130"
    ),
}


def measure_memory() -> Figures:
    """Hold a server's memory against the number of requests."""
    rng = random.Random(0)
    with serving(library_of(TRACKS)) as (server, process):
        first_page(server)
        ids = [row["id"] for row in server.json("/api/tracks?limit=500")["tracks"]]
        kinds = list(ANSWERS.values())

        def ask(count: int) -> float:
            for number in range(count):
                server.ask(kinds[number % len(kinds)](rng, ids))
            return process.memory_info().rss / 2**20

        return {"after 1,000": ask(1_000), "after all": ask(REQUESTS)}
