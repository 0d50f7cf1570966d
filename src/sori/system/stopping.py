"""Long runs: how much may run at once, and being asked to stop."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["processors", "stop_on_signals"]


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextlib.contextmanager
def stop_on_signals() -> Iterator[Callable[[], bool]]:
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
