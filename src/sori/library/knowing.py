"""What the rest of Sori sees of a library: `Catalog`, whatever keeps it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol

from sori.library.entries import Failure, File, Hearing
from sori.library.track import Track

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Catalog", "Origin", "Said"]

Said = Mapping[str, Mapping[str, Any] | None]
"""Results that a person puts in stages' places, ``None`` for what is taken back."""

Origin = Mapping[str, Any]
"""What a correction began with and what was done since."""


class Catalog(Protocol):
    """What a library can be asked and told."""

    def tracks(self, *, results: bool | Collection[str] = False) -> list[Track]:
        """Return every track, by id; with ``results`` also what all stages, or those named, said."""

    def track(self, track_id: str) -> Track:
        """Return one track with its results."""

    def find(self, text: str) -> list[Track]:
        """Return the tracks a person may mean by an id, a path, a title or a part of one."""

    def vectors(
        self, versions: Mapping[str, int] | None = None
    ) -> tuple[list[str], dict[str, NDArray[np.float32]]]:
        """Return the ids of the tracks that have all facets, sorted, and a (n, dim) matrix per facet."""

    def revision(self) -> str:
        """Return a name of the present state of all vectors; every change, and every library, has another."""

    def files(self) -> dict[str, File]:
        """Return every known file by its path, without tags."""

    def failures(self) -> list[Failure]:
        """Return every file that could not be heard, by path."""

    def lacking(
        self, stages: Mapping[str, int], facets: Mapping[str, int]
    ) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Return the identity of every track with its id and the stages it lacks at these versions."""

    def heard(self, track_id: str) -> dict[str, int]:
        """Return the stages that were heard in a track, each with its version."""

    def exclusive(self) -> AbstractContextManager[None]:
        """Be the one process that writes, or refuse."""

    def record(
        self,
        path: str,
        *,
        size: int,
        mtime_ns: int,
        identity: str,
        tags: Mapping[str, Any],
        hearing: Hearing | None,
    ) -> None:
        """Store that a file holds this audio, and what was heard in it if it was heard now."""

    def record_hearing(self, path: str, identity: str, hearing: Hearing) -> None:
        """Store what was heard anew in a known track, in a file that has not changed."""

    def correct(self, track_id: str, results: Said, *, how: str, origin: Origin | None = None) -> None:
        """Put a person's results in place of those of stages, until they are taken back with ``None``."""

    def origin(self, track_id: str, stage: str) -> Origin | None:
        """Return what the correction of a stage began with and what was done since, where that was kept."""

    def follow(self, track_id: str, heard: Mapping[str, tuple[int, str]]) -> None:
        """Keep what stages heard going by what a person said of others, until they say something else."""

    def followed(self, track_id: str) -> dict[str, int]:
        """Return the stages that `follow` keeps, each with its version."""

    def record_failure(self, failure: Failure) -> None:
        """Store that a file could not be heard."""

    def mark(self, *, present: Iterable[str], missing: Iterable[str], forget: Iterable[str]) -> None:
        """Store which known files are there again or gone, and drop failures of files that are gone."""
