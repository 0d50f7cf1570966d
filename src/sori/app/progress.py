"""What an index run shows while it works, on standard error."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from sori.app.output import clock

__all__ = ["shown"]

_SECONDS_BETWEEN_LINES = 10.0


@contextlib.contextmanager
def shown(*, quiet: bool) -> Iterator[Callable[[Any], None]]:
    """Give a function that takes the counts of a run: a bar on a terminal, else a line now and then."""
    if quiet:
        yield lambda counts: None
    elif sys.stderr.isatty():
        with _bar() as report:
            yield report
    else:
        yield _lines()


def _rates(counts: Any, seconds: float) -> str:
    """Say how fast it goes; moved files are not work worth counting."""
    speed = f"{counts.done / seconds:.1f} files/s" if seconds > 0 else ""
    if counts.audio_s and seconds > 0:
        speed += f", {counts.audio_s / seconds:.0f} x real time"
    return speed + (f", {counts.failed} failed" if counts.failed else "")


def _lines() -> Callable[[Any], None]:
    began = last = time.monotonic()

    def report(counts: Any) -> None:
        nonlocal last
        now = time.monotonic()
        if not counts.to_do or (now - last < _SECONDS_BETWEEN_LINES and counts.done != counts.to_do):
            return
        last = now
        seconds = now - began
        left = clock(seconds / counts.done * (counts.to_do - counts.done)) if counts.done else "-:--"
        print(
            f"sori: {counts.done}/{counts.to_do} files, {_rates(counts, seconds)}, {left} left",
            file=sys.stderr,
            flush=True,
        )

    return report


@contextlib.contextmanager
def _bar() -> Iterator[Callable[[Any], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("listening"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[speed]}", markup=False),
        TimeRemainingColumn(),
    )
    began = time.monotonic()
    with Progress(*columns, console=console, transient=True, refresh_per_second=5) as progress:
        bar = progress.add_task("listening", total=None, speed="")

        def report(counts: Any) -> None:
            speed = _rates(counts, time.monotonic() - began)
            progress.update(bar, total=counts.to_do, completed=counts.done, speed=speed)

        yield report
