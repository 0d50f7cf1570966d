"""A bounded folder of what was made of recordings and may be made again; the longest unused goes first."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import threading
import time
from pathlib import Path

__all__ = ["Keep"]

_DOWN_TO = 0.8
_YOUNG_S = 60.0  # what was just used may be open


class Keep:
    """Files by what they were made from, together at most so large.

    A file's date says when it was used last. Names end in ``.kept``, so that no walk over music takes one
    for a recording.
    """

    def __init__(self, folder: Path, *, limit_bytes: int) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._temporary = (
                None if os.access(folder, os.W_OK) else tempfile.TemporaryDirectory(prefix="sori-")
            )
        except OSError:
            self._temporary = tempfile.TemporaryDirectory(prefix="sori-")
        self.folder = folder if self._temporary is None else Path(self._temporary.name)
        self._limit = limit_bytes
        self._lock = threading.Lock()
        self._size = sum(size for _, size, _ in self._files())

    def place(self, *made_from: object) -> Path:
        """Return where a thing lies or is to be written."""
        name = hashlib.sha256(repr(made_from).encode("utf-8", "backslashreplace")).hexdigest()[:40]
        return self.folder / f"{name}.kept"

    def has(self, place: Path) -> bool:
        """Say whether a thing is there, and note that it is used."""
        try:
            os.utime(place)
        except OSError:
            return False
        return True

    def added(self, place: Path) -> None:
        """Note that a thing was written, and make room."""
        with self._lock, contextlib.suppress(OSError):
            self._size += place.stat().st_size
            if self._size > self._limit:
                self._make_room()

    def close(self) -> None:
        """Take away what was only for this run."""
        if self._temporary is not None:
            self._temporary.cleanup()

    def _make_room(self) -> None:
        found = sorted(self._files())
        size = sum(each for _, each, _ in found)
        for used, each, path in found:
            if size <= self._limit * _DOWN_TO or time.time() - used < _YOUNG_S:
                break
            with contextlib.suppress(OSError):
                os.unlink(path)
                size -= each
        self._size = size

    def _files(self) -> list[tuple[float, int, str]]:
        found = []
        with os.scandir(self.folder) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    if entry.name.endswith(".kept"):
                        status = entry.stat(follow_symlinks=False)
                        found.append((status.st_mtime, status.st_size, entry.path))
        return found
