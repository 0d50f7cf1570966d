"""A run that hears music, in a process of its own, so that the server answers meanwhile."""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any

from sori.app.actions.indexing import index
from sori.app.web.answers import Refused
from sori.app.web.settings import Settings
from sori.errors import SoriError
from sori.library.ear import Ear
from sori.library.scan import Counts

__all__ = ["IndexingRun"]

_BETWEEN_S = 0.25  # two reports
_PATIENCE_S = 10.0


class IndexingRun:
    """At most one run at a time, as ``sori index`` does it.

    ``told`` is called, from a thread, with every state of it, and ``ended`` at its end.
    """

    def __init__(
        self,
        settings: Settings,
        ear: Ear,
        *,
        told: Callable[[dict[str, Any]], None],
        ended: Callable[[], None],
    ) -> None:
        self._settings = settings
        self._ear = ear
        self._told = told
        self._ended = ended
        self._lock = threading.Lock()
        self._process: Any = None
        self._pipe: Connection | None = None
        self._began = 0.0
        self.state: dict[str, Any] | None = None

    def begin(self, paths: Sequence[str], *, retry_failed: bool) -> dict[str, Any]:
        """Begin a run over these paths.

        Raises
        ------
        Refused
            409, when one is under way.
        """
        with self._lock:
            if self._process is not None:
                raise Refused(409, "music is being heard already; wait for the end of it, or stop it")
            ours, theirs = multiprocessing.Pipe()
            context = multiprocessing.get_context("spawn")
            arguments = (theirs, list(paths), self._settings.library, retry_failed, self._ear)
            # Not a daemon: it has workers of its own. It ends when we do, for its reports reach nobody.
            self._process = context.Process(target=_run, args=arguments, name="sori index", daemon=False)
            self._process.start()
            theirs.close()
            self._pipe = ours
            self._began = time.monotonic()
            state = self._say(Counts(), running=True)
        threading.Thread(target=self._follow, name="indexing", daemon=True).start()
        return state

    def stop(self) -> bool:
        """Let the run stop soon, with all that was heard kept; say whether there is one."""
        with self._lock:
            if self._pipe is None:
                return False
            try:
                self._pipe.send("stop")
            except OSError:
                return False
            return True

    def close(self) -> None:
        """Stop a run, and wait for its end."""
        process = self._process
        if process is not None and self.stop():
            process.join(_PATIENCE_S)
            if process.is_alive():
                process.terminate()
                process.join(_PATIENCE_S)

    def _follow(self) -> None:
        pipe, process = self._pipe, self._process
        assert pipe is not None
        counts, error = Counts(), None
        while True:
            try:
                word, value = pipe.recv()
            except (EOFError, OSError):
                break
            if word == "error":
                error = value
            else:
                counts = value
                self._say(counts, running=True)
        process.join()
        with self._lock:
            self._process, self._pipe = None, None
            pipe.close()
        if process.exitcode and error is None:
            error = f"the run ended early (exit code {process.exitcode}); what was heard is kept"
        self._say(counts, running=False, error=error)
        self._ended()

    def _say(self, counts: Counts, *, running: bool, error: str | None = None) -> dict[str, Any]:
        seconds = time.monotonic() - self._began
        left = counts.to_do - counts.done
        self.state = {
            "running": running,
            "stopped": counts.stopped,
            "files": counts.files,
            "to_do": counts.to_do,
            "done": counts.done,
            "heard": counts.heard,
            "recognised": counts.recognised,
            "failed": counts.failed,
            "unchanged": counts.unchanged,
            "missing": counts.missing,
            "audio_s": round(counts.audio_s, 3),
            "seconds": round(seconds, 1),
            "left_s": round(seconds / counts.done * left, 1) if counts.done and running else None,
            "error": error,
        }
        self._told(self.state)
        return self.state


def _run(pipe: Connection, paths: list[str], library: str, retry_failed: bool, ear: Ear) -> None:
    """Run in the process of its own: report, and stop when told to or when nobody listens any more."""
    last = 0.0
    alone = False

    def say(word: str, value: Any) -> None:
        nonlocal alone
        try:
            pipe.send((word, value))
        except OSError:
            alone = True

    def report(counts: Counts) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _BETWEEN_S:
            last = now
            say("counts", dataclasses.replace(counts, failures=[]))

    def stopping() -> bool:
        try:
            return alone or pipe.poll()
        except OSError:
            return True

    if hasattr(os, "nice"):
        os.nice(10)  # whoever asks the server comes first
    try:
        counts = index(
            paths, library=library, retry_failed=retry_failed, report=report, ear=ear, stopping=stopping
        )
        say("counts", dataclasses.replace(counts, failures=[]))
    except SoriError as error:
        say("error", str(error))
    pipe.close()
