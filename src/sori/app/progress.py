"""What an index run shows while it works, on standard error."""

from __future__ import annotations

import contextlib
import math
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sori.app.output import clock, lines, printable

__all__ = ["fetching", "shown", "writing"]

_SECONDS_BETWEEN_LINES = 10.0


@contextlib.contextmanager
def shown(*, quiet: bool, doing: str = "listening", things: str = "files") -> Iterator[Callable[[Any], None]]:
    """Give a function that takes the counts of a run: a bar on a terminal, else a line now and then."""
    if quiet:
        yield lambda counts: None
    elif sys.stderr.isatty():
        with _bar(doing, things) as report:
            yield report
    else:
        yield _lines(things)


def writing(*, quiet: bool) -> Callable[[Path, int, int], None]:
    """Return a function that says which song was written, of how many."""

    def report(path: Path, done: int, total: int) -> None:
        if not quiet:
            lines([f"sori: song {done} of {total}: {printable(path.stem)}"], to=sys.stderr)

    return report


def fetching(*, quiet: bool) -> Callable[[str, int, int | None], None]:
    """Return a function that says now and then how much of a file has come."""
    clock_s = _Stopwatch()
    said: dict[str, float] = {}

    def report(file: str, done: int, total: int | None) -> None:
        seconds = clock_s()
        if quiet or (done != total and seconds - said.get(file, -math.inf) < _SECONDS_BETWEEN_LINES):
            return
        said[file] = seconds
        of = "" if total is None else f" of {total / 1e6:.1f}"
        lines([f"sori: {printable(file)}: {done / 1e6:.1f}{of} MB"], to=sys.stderr)

    return report


def _rates(counts: Any, seconds: float, things: str) -> str:
    """Say how fast it goes; moved files are not work worth counting."""
    speed = f"{counts.done / seconds:.1f} {things}/s" if seconds > 0 else ""
    if counts.audio_s and seconds > 0:
        speed += f", {counts.audio_s / seconds:.0f} x real time"
    return speed + (f", {counts.failed} failed" if counts.failed else "")


def _lines(things: str) -> Callable[[Any], None]:
    clock_s = _Stopwatch()
    last = 0.0

    def report(counts: Any) -> None:
        nonlocal last
        seconds = clock_s()
        if not counts.done or (seconds - last < _SECONDS_BETWEEN_LINES and counts.done != counts.to_do):
            return
        last = seconds
        left = clock(seconds / counts.done * (counts.to_do - counts.done))
        said = f"sori: {counts.done}/{counts.to_do} {things}, {_rates(counts, seconds, things)}, {left} left"
        lines([said], to=sys.stderr)

    return report


class _Stopwatch:
    """Seconds since it was first looked at, which is when the work is known and begins."""

    def __init__(self) -> None:
        self._began: float | None = None

    def __call__(self) -> float:
        now = time.monotonic()
        self._began = self._began or now
        return now - self._began


@contextlib.contextmanager
def _bar(doing: str, things: str) -> Iterator[Callable[[Any], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        TextColumn(doing),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[speed]}", markup=False),
        TimeRemainingColumn(),
    )
    clock_s = _Stopwatch()
    with Progress(*columns, console=console, transient=True, refresh_per_second=5) as progress:
        bar = progress.add_task(doing, total=None, speed="")

        def report(counts: Any) -> None:
            speed = _rates(counts, clock_s(), things)
            progress.update(bar, total=counts.to_do, completed=counts.done, speed=speed)

        yield report
