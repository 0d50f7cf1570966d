"""Worker processes that run one call at a time, each under a time and a memory limit.

A decoder may crash, hang or eat all memory. Here that costs the one call that did it: every
worker has a pipe of its own and one call at a time, so the parent always knows which call a
dead worker had, and nothing is shared that a dying process could leave locked. Workers start by
*forkserver* (*spawn* where there is none), never by a plain fork of a process that may hold
threads, and die with the parent however the parent dies.
"""

from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import importlib
import multiprocessing
import multiprocessing.forkserver
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import connection
from typing import Any, Generic, TypeVar

from sori.errors import SoriError

__all__ = ["Done", "Lost", "Workers"]

Key = TypeVar("Key")

# A worker that has not begun after so long never will, however slow the disk.
_START_S = 120.0
# And how long one that ends by itself may take, so that its exit code is known.
_LAST_WORDS_S = 2.0

# One thread per worker: the files are the parallelism. Few malloc arenas, so that the limit on
# address space counts memory in use and not reservations.
_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}


@dataclasses.dataclass(frozen=True)
class Done(Generic[Key]):
    """A call came back: ``value`` is what it returned."""

    key: Key
    value: Any


@dataclasses.dataclass(frozen=True)
class Lost(Generic[Key]):
    """A call did not come back: ``kind`` is ``timeout``, ``memory`` or ``crash``."""

    key: Key
    kind: str
    reason: str


@dataclasses.dataclass
class _Worker(Generic[Key]):
    process: Any
    pipe: connection.Connection
    ready: bool = False
    key: Key | None = None
    deadline: float = 0.0


class Workers(Generic[Key]):
    """A fixed number of worker processes, used from one thread of the parent.

    Parameters
    ----------
    count
        How many run at once.
    timeout_s
        A call that takes longer is killed with its worker; a new worker takes its place.
    memory_mb
        Address space a call may take beyond what the worker has when it begins. Enforced on Linux;
        other systems have no such limit and only report what their decoders report.
    preload
        Modules to import once, before the first worker: each new worker starts with them loaded.
    """

    def __init__(self, count: int, *, timeout_s: float, memory_mb: int, preload: Sequence[str] = ()) -> None:
        self._count = count
        self._timeout_s = timeout_s
        self._memory_mb = memory_mb
        forks = "forkserver" in multiprocessing.get_all_start_methods()
        self._context: Any = multiprocessing.get_context("forkserver" if forks else "spawn")
        self._preload = tuple(preload)
        self._busy: list[_Worker[Key]] = []
        self._idle: list[_Worker[Key]] = []

    def __enter__(self) -> Workers[Key]:
        """Return itself; leaving the block kills every worker."""
        return self

    def __exit__(self, *_: object) -> None:
        """Kill every worker, whatever it is doing."""
        for worker in [*self._busy, *self._idle]:
            worker.process.kill()
        for worker in [*self._busy, *self._idle]:
            _bury(worker)
        self._busy, self._idle = [], []

    @property
    def free(self) -> int:
        """How many calls can be given out now."""
        return self._count - len(self._busy)

    @property
    def busy(self) -> int:
        """How many calls have not come back yet."""
        return len(self._busy)

    def give(self, key: Key, function: Callable[..., Any], *args: Any) -> None:
        """Let a free worker call ``function(*args)``, all of it picklable; `collect` has the answer."""
        worker = self._idle.pop() if self._idle else self._start()
        worker.key = key
        worker.deadline = time.monotonic() + (self._timeout_s if worker.ready else _START_S)
        self._busy.append(worker)
        with contextlib.suppress(BrokenPipeError):  # it has died: `collect` will find that
            worker.pipe.send((function, args))

    def collect(self, wait_s: float) -> Iterator[Done[Key] | Lost[Key]]:
        """Yield what came back within ``wait_s`` seconds, at once when something has.

        Raises
        ------
        SoriError
            A new worker died or hung before taking its call: the installation is broken, not a file.
        """
        if not self._busy:
            return
        nearest = min(worker.deadline for worker in self._busy) - time.monotonic()
        speaking = connection.wait([w.pipe for w in self._busy], max(0.0, min(wait_s, nearest)))
        for worker in list(self._busy):
            outcome = self._hear_from(worker) if worker.pipe in speaking else self._overdue(worker)
            if outcome is not None:
                yield outcome

    def _hear_from(self, worker: _Worker[Key]) -> Done[Key] | Lost[Key] | None:
        try:
            word, value = worker.pipe.recv()
        except (EOFError, OSError):
            return self._died(worker)
        if word == "ready":
            worker.ready = True
            worker.deadline = time.monotonic() + self._timeout_s
            return None
        self._busy.remove(worker)
        assert worker.key is not None
        key, worker.key = worker.key, None
        if word == "memory":
            _bury(worker)
            return Lost(key, "memory", f"it needs more than {self._memory_mb} MB of memory")
        self._idle.append(worker)
        return Done(key, value)

    def _died(self, worker: _Worker[Key]) -> Lost[Key]:
        self._busy.remove(worker)
        _bury(worker)
        code = worker.process.exitcode
        if not worker.ready:
            raise SoriError(
                f"a worker process ended at once ({_how(code)}); run `sori doctor` to see what is broken"
            )
        assert worker.key is not None
        return Lost(worker.key, "crash", f"the process that read it died ({_how(code)})")

    def _overdue(self, worker: _Worker[Key]) -> Lost[Key] | None:
        if time.monotonic() < worker.deadline:
            return None
        self._busy.remove(worker)
        worker.process.kill()
        _bury(worker)
        if not worker.ready:
            raise SoriError(f"a worker process did not start in {_START_S:g} s; run `sori doctor` to see why")
        assert worker.key is not None
        return Lost(worker.key, "timeout", f"not finished after {self._timeout_s:g} s")

    def _start(self) -> _Worker[Key]:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=_serve, args=(theirs, self._memory_mb, self._preload), daemon=True
        )
        with _worker_environment():
            if self._context.get_start_method() == "forkserver":
                self._context.set_forkserver_preload(["__main__", *self._preload])
                with _interrupts_ignored():
                    multiprocessing.forkserver.ensure_running()
            try:
                process.start()
            except (EOFError, OSError) as error:
                raise SoriError(
                    f"no worker process can be started ({error or 'its server ended'}); run `sori doctor`"
                ) from error
        theirs.close()
        return _Worker(process, ours)


def _bury(worker: _Worker[Any]) -> None:
    """Let a worker end that is about to, and end one that is not."""
    worker.pipe.close()
    worker.process.join(_LAST_WORDS_S)
    worker.process.kill()
    worker.process.join()


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            name = signal.Signals(-code).name
            return f"{name}, perhaps out of memory" if name == "SIGKILL" else name
    return f"exit code {code}"


@contextlib.contextmanager
def _worker_environment() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in _ENVIRONMENT}
    os.environ.update(_ENVIRONMENT)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """What starts inside inherits that Ctrl-C is not for it: the parent alone ends the run."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


# --- inside the worker ---------------------------------------------------------------------


def _serve(pipe: connection.Connection, memory_mb: int, modules: Sequence[str]) -> None:
    """Answer calls until the parent closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _die_with_parent()
    _silence()
    for module in modules:  # already there when the fork server could load them
        importlib.import_module(module)
    pipe.send(("ready", None))
    while True:
        try:
            function, args = pipe.recv()
        except EOFError:
            return
        try:
            _limit_memory(memory_mb)
            answer = ("done", function(*args))
        except MemoryError:
            pipe.send(("memory", None))
            return  # what is left of the heap is not worth keeping
        pipe.send(answer)


def _die_with_parent() -> None:
    """End this process when the parent ends, even by SIGKILL, even while it is busy.

    The kernel ends it when the process that forked it (the fork server, which itself ends with
    the parent) is gone; a thread that watches the parent does it on other systems.
    """
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL, 0, 0, 0)
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _silence() -> None:
    """Send what decoders print to nowhere: it would break the progress line, and we have their errors."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _limit_memory(memory_mb: int) -> None:
    if sys.platform != "linux":
        return
    import resource

    with open("/proc/self/statm", encoding="ascii") as statm:
        now = int(statm.read().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = now + memory_mb * 2**20
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
