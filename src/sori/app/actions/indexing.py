"""Bringing a library up to date, in a way that can be stopped at any time."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sori.app.actions.place import new_library
from sori.errors import ParameterError
from sori.library.ear import Ear, our_ear
from sori.library.scan import Counts, Limits, scan

__all__ = ["index"]


def index(
    paths: Sequence[str],
    *,
    library: str | None = None,
    jobs: int | None = None,
    timeout_s: float = 600.0,
    memory_mb: int = 2048,
    retry_failed: bool = False,
    report: Callable[[Counts], None] = lambda counts: None,
    ear: Ear | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> Counts:
    """Hear every new or changed audio file under the paths.

    Ctrl-C and SIGTERM end it at once with everything done so far kept; the counts then say ``stopped``.
    So does ``stopping``, asked several times a second, when it says yes.
    ``jobs`` defaults to the number of processors; ``ear`` to Sori's own.

    Raises
    ------
    ParameterError
        A path does not exist, or an option makes no sense.
    DataError
        The library cannot be written, or another run is writing to it.
    """
    if jobs is not None and jobs < 1:
        raise ParameterError(f"jobs is {jobs}; at least one file must be heard at a time")
    if not (0 < timeout_s < math.inf and 0 < memory_mb < math.inf):
        raise ParameterError(
            f"timeout_s is {timeout_s} and memory_mb is {memory_mb}; both limits must be numbers above 0"
        )
    limits = Limits(jobs or _processors(), timeout_s, memory_mb)
    with _stop_on_signals() as signalled, new_library(library) as catalog, catalog.exclusive():
        counts = scan(
            catalog,
            paths,
            ear or our_ear(),
            limits,
            retry_failed=retry_failed,
            report=report,
            stopping=lambda: signalled() or stopping(),
        )
        catalog.remember_roots(map(os.path.abspath, paths))
        return counts


def _processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextlib.contextmanager
def _stop_on_signals() -> Iterator[Callable[[], bool]]:
    """Give a function that says whether Ctrl-C or SIGTERM came; the second one acts as usual."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop.is_set
        return
    before: dict[signal.Signals, Any] = {}

    def handle(number: int, _frame: object) -> None:
        stop.set()
        signal.signal(number, before[signal.Signals(number)])

    for each in (signal.SIGINT, signal.SIGTERM):
        before[each] = signal.signal(each, handle)
    try:
        yield stop.is_set
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
