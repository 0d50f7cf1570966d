"""What takes long, done in worker processes: a few at once, some more waiting, the rest refused."""

from __future__ import annotations

import asyncio
import dataclasses
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from sori.app.web.answers import Refused
from sori.errors import SoriError
from sori.system.workers import Done, Workers

__all__ = ["Jobs"]

_GLANCE_S = 0.05
_RETRY_S = 5


@dataclasses.dataclass(frozen=True, eq=False)
class _Job:
    function: Callable[..., Any]
    args: tuple[Any, ...]
    future: Future[Any]


class Jobs:
    """A bounded queue before a few worker processes, with limits on time and memory.

    Equal jobs that are asked for while one is under way are done once.
    """

    def __init__(
        self, *, workers: int, waiting: int, timeout_s: float, memory_mb: int, preload: tuple[str, ...] = ()
    ) -> None:
        self._limit = workers + waiting
        self._queue: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._workers: Workers[_Job] = Workers(
            workers, timeout_s=timeout_s, memory_mb=memory_mb, preload=preload
        )
        self._under_way: dict[Any, Future[Any]] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="jobs", daemon=True)

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def close(self) -> None:
        """End the workers, whatever they do."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    @property
    def busy(self) -> int:
        """How many jobs are under way or wait."""
        return len(self._under_way)

    def give(self, key: Any, function: Callable[..., Any], *args: Any) -> Future[Any]:
        """Queue a job, or join the one of this key; ``function`` and ``args`` must be picklable.

        Raises
        ------
        Refused
            503, when as much waits already as may wait.
        """
        with self._lock:
            if key in self._under_way:
                return self._under_way[key]
            if len(self._under_way) >= self._limit or self._closing.is_set():
                raise Refused(503, "the server is busy; try again in a moment", retry_after_s=_RETRY_S)
            future: Future[Any] = Future()
            self._under_way[key] = future
        future.add_done_callback(lambda _: self._forget(key))
        self._queue.put(_Job(function, args, future))
        return future

    async def do(self, key: Any, function: Callable[..., Any], *args: Any) -> Any:
        """Give a job and wait for its answer; what Sori refuses in it is raised here.

        Raises
        ------
        Refused
            503, as :meth:`give`, and when the job took too much time or memory.
        SoriError
            What the job raised.
        """
        return await asyncio.shield(asyncio.wrap_future(self.give(key, function, *args)))

    def _forget(self, key: Any) -> None:
        with self._lock:
            self._under_way.pop(key, None)

    def _serve(self) -> None:
        with self._workers as workers:
            given: set[_Job] = set()
            while not self._closing.is_set():
                while workers.free and (job := self._next(wait=not given)) is not None:
                    given.add(job)
                    workers.give(job, _call, job.function, job.args)
                try:
                    outcomes = list(workers.collect(_GLANCE_S))
                except SoriError as error:  # no worker starts: whoever waits is told
                    for job in given:
                        job.future.set_exception(error)
                    given.clear()
                    continue
                for outcome in outcomes:
                    given.discard(outcome.key)
                    _settle(outcome.key.future, outcome)
            for job in given:
                job.future.set_exception(Refused(503, "the server is closing"))
            while (left := self._next(wait=False)) is not None:
                left.future.set_exception(Refused(503, "the server is closing"))

    def _next(self, *, wait: bool) -> _Job | None:
        try:
            return self._queue.get(timeout=_GLANCE_S) if wait else self._queue.get_nowait()
        except queue.Empty:
            return None


def _settle(future: Future[Any], outcome: Any) -> None:
    if not isinstance(outcome, Done):
        future.set_exception(Refused(503, f"this could not be done: {outcome.reason}"))
    elif isinstance(outcome.value, _Failed):
        future.set_exception(outcome.value.error)
    else:
        future.set_result(outcome.value)


@dataclasses.dataclass(frozen=True)
class _Failed:
    """What a job raised, on its way back."""

    error: Exception


def _call(function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """Run a job in a worker; its errors come back as they are, and others as one of ours."""
    try:
        return function(*args)
    except MemoryError:
        raise
    except (SoriError, OSError) as error:
        return _Failed(error)
    except Exception as error:  # noqa: BLE001 -- a fault of ours must cost this request, not the server
        return _Failed(RuntimeError(f"{type(error).__name__}: {error}"))
