"""Everything a running server has: the library, the workers, what is kept, a run that hears music."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, cast

from starlette.requests import Request

from sori.app.actions.asking import keep_vectors, vectors_are_kept
from sori.app.web.answers import Refused
from sori.app.web.hub import Hub
from sori.app.web.indexing import IndexingRun
from sori.app.web.jobs import Jobs
from sori.app.web.keep import Keep
from sori.app.web.settings import Settings
from sori.app.web.shelf import Shelf, State
from sori.app.web.sound import Recordings
from sori.library.ear import Ear, our_ear
from sori.library.track import Track

__all__ = ["Service", "service_of"]

_PRELOAD = ("sori.app.actions.analyzing", "sori.app.actions.peaks", "sori.app.actions.tiles")


class Service:
    """One server's state; `start` and `close` go together.

    ``ear`` is for tests.
    """

    def __init__(self, settings: Settings, *, ear: Ear | None = None) -> None:
        self.settings = settings
        limits = settings.limits
        self.ear = ear or our_ear()
        self.hub = Hub(limits.listeners)
        self.jobs = Jobs(
            workers=limits.workers,
            waiting=limits.waiting,
            timeout_s=limits.job_s,
            memory_mb=limits.job_memory_mb,
            preload=(*self.ear.preload, *_PRELOAD),
        )
        self.shelf = Shelf(settings.library, prepare=self._prepare, changed=self._changed)
        self.keep = Keep(Path(settings.cache), limit_bytes=limits.cache_mb << 20)
        self.recordings = Recordings()
        self.newest_map: Path | None = None
        self.laying_out = False
        self.indexing = IndexingRun(settings, self.ear, told=self._told, ended=self.shelf.renew)

    def start(self) -> None:
        """Begin to work."""
        self.jobs.start()
        self.shelf.start()

    def close(self) -> None:
        """Stop everything that was begun."""
        self.hub.close()
        self.recordings.close()
        self.indexing.close()
        self.jobs.close()
        self.shelf.close()
        self.keep.close()

    def track(self, track_id: str) -> Track:
        """Return a track by its id, with its results; by nothing else.

        Raises
        ------
        Refused
            404.
        """
        found = self.shelf.catalog.by_id(track_id)
        if found is None:
            raise Refused(404, "there is no track of this id in the library")
        return found

    def path_of(self, track: Track) -> str:
        """Return a file that holds a track's audio now.

        Raises
        ------
        DataError
            As `open_recording`.
        """
        shared, recording = self.recordings.open(self.shelf.catalog, track)
        shared.release()
        return recording.path

    def recordings_folder(self) -> str:
        """Return the folder for recordings that are to be kept, beside the library."""
        folder = f"{self.settings.cache.with_suffix('')}.recordings"
        os.makedirs(folder, exist_ok=True)
        return folder

    def roots(self) -> list[str]:
        """Return the folders that may be heard: those heard before, and those given at the start."""
        return sorted({*self.shelf.catalog.roots(), *self.settings.roots})

    def revision(self) -> str:
        """Return a name of the state that is answered from."""
        return str(self.shelf.state.number) if self.shelf.ready else "0"

    def _prepare(self, place: str) -> None:
        if not vectors_are_kept(place):
            self.jobs.give(("vectors", place), keep_vectors, place).result()

    def _changed(self, state: State) -> None:
        self.hub.tell("library", {"revision": str(state.number), "tracks": len(state.asked.tracks)})

    def _told(self, event: dict[str, Any]) -> None:
        self.hub.tell("index", event)


def service_of(request: Request) -> Service:
    """Return the state of the server that a request came to."""
    return cast(Service, request.app.state.service)
