"""Files as they are played: any part of them, for any number of listeners at once."""

from __future__ import annotations

import contextlib
import os
import re
import threading
from collections.abc import AsyncIterator, Callable
from typing import BinaryIO

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from sori.app.actions.playing import Recording, open_recording
from sori.app.web.answers import Refused
from sori.library.catalog import SqlCatalog
from sori.library.track import Track

__all__ = ["Recordings", "Shared", "part_of"]

_CHUNK = 256 << 10
_OPEN = 64
_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")


class Shared:
    """An open file that several answers read; it is closed when the last of them ends."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self.size = size
        self._file = file
        self._lock = threading.Lock()
        self._users = 1

    def taken(self) -> bool:
        """Take part in it, unless it has been closed already."""
        with self._lock:
            if self._users == 0:
                return False
            self._users += 1
            return True

    def release(self) -> None:
        """Give one's part back."""
        with self._lock:
            self._users -= 1
            if self._users == 0:
                self._file.close()

    def read(self, start: int, size: int) -> bytes:
        """Return bytes from a place, fewer where the file has become shorter."""
        if hasattr(os, "pread"):
            return os.pread(self._file.fileno(), size, start)
        with self._lock:
            self._file.seek(start)
            return self._file.read(size)


class Recordings:
    """The recordings that are being played, each opened once."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str, int, int], tuple[Shared, Recording]] = {}
        self._lock = threading.Lock()

    def open(self, catalog: SqlCatalog, track: Track) -> tuple[Shared, Recording]:
        """Open a track's recording, or share it with others who play it; the caller releases it.

        Raises
        ------
        DataError
            As `open_recording`.
        """
        found = open_recording(catalog, track)
        key = (track.identity, found.path, found.size, found.mtime_ns)
        with self._lock:
            if key in self._open and self._open[key][0].taken():
                found.file.close()
                return self._open[key]
            while len(self._open) >= _OPEN:
                oldest = next(iter(self._open))
                self._open.pop(oldest)[0].release()
            shared = Shared(found.file, found.size)
            shared.taken()  # ours, to keep it open between two parts
            self._open[key] = (shared, found)
            return self._open[key]

    def close(self) -> None:
        """Let go of all."""
        with self._lock:
            for shared, _ in self._open.values():
                shared.release()
            self._open.clear()


def part_of(
    request: Request, shared: Shared, *, media_type: str, etag: str, headers: dict[str, str] | None = None
) -> Response:
    """Answer with the part of a file that is asked for, or all of it; releases the file in the end.

    Several parts at once are answered with the whole, as the protocol allows.
    """
    told = {
        "accept-ranges": "bytes",
        "etag": f'"{etag}"',
        "cache-control": "private, no-cache",
        **(headers or {}),
    }
    if request.headers.get("if-none-match") == told["etag"]:
        shared.release()
        return Response(status_code=304, headers=told)
    asked = request.headers.get("range")
    if request.headers.get("if-range", told["etag"]) != told["etag"]:
        asked = None
    try:
        start, stop, partial = _bounds(asked, shared.size)
    except Refused:
        shared.release()
        raise
    told["content-length"] = str(stop - start)
    if partial:
        told["content-range"] = f"bytes {start}-{stop - 1}/{shared.size}"
    status = 206 if partial else 200
    if request.method == "HEAD":
        shared.release()
        return Response(status_code=status, headers=told, media_type=media_type)
    return _Streamed(_parts(shared, start, stop), status, told, media_type, shared.release)


class _Streamed(StreamingResponse):
    """A stream that gives its file back however it ends, even before it has begun."""

    def __init__(
        self,
        parts: AsyncIterator[bytes],
        status: int,
        headers: dict[str, str],
        media_type: str,
        done: Callable[[], None],
    ) -> None:
        super().__init__(parts, status, headers, media_type)
        self._finished = done

    async def __call__(self, scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._finished()


async def _parts(shared: Shared, start: int, stop: int) -> AsyncIterator[bytes]:
    while start < stop:
        part = await anyio.to_thread.run_sync(shared.read, start, min(_CHUNK, stop - start))
        if not part:  # it was cut short meanwhile: the listener sees that it is not all
            return
        start += len(part)
        yield part


def _bounds(asked: str | None, size: int) -> tuple[int, int, bool]:
    """Return the first byte and the one after the last that are asked for, and whether that is a part.

    Raises
    ------
    Refused
        416.
    """
    found = None if asked is None else _RANGE.fullmatch(asked.replace(" ", ""))
    if found is None or found[0] == "bytes=-":
        return 0, size, False
    first, last = found[1], found[2]
    with contextlib.suppress(ValueError):
        if not first:
            length = min(int(last), size)
            if length:
                return size - length, size, True
        elif int(first) < size and (not last or int(last) >= int(first)):
            return int(first), min(int(last) + 1, size) if last else size, True
    raise Refused(416, f"the part {asked} is outside the file of {size} bytes")
