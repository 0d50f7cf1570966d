"""The recording of a track as sound to play: its own bytes where browsers take them, else as FLAC."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from sori.audio import identify, info
from sori.audio.sniff import open_regular
from sori.audio.transcode import transcode
from sori.errors import DataError, DecodeError
from sori.library.catalog import SqlCatalog
from sori.library.track import Track
from sori.system.replacing import replacing

__all__ = ["Recording", "as_flac", "open_recording"]

_PLAYED = {
    ("mp3", "mp3"): "audio/mpeg",
    ("flac", "flac"): "audio/flac",
    ("ogg", "vorbis"): "audio/ogg",
    ("ogg", "opus"): "audio/ogg",
    ("mp4", "aac"): "audio/mp4",
    ("matroska", "opus"): "audio/webm",
    ("matroska", "vorbis"): "audio/webm",
    ("wav", "pcm_s16le"): "audio/wav",
    ("wav", "pcm_s24le"): "audio/wav",
    ("wav", "pcm_u8"): "audio/wav",
    ("wav", "pcm_f32le"): "audio/wav",
}
"""What browsers play, by container and codec, and what they call it."""


@dataclasses.dataclass(frozen=True)
class Recording:
    """An open file that is known to hold the audio of its track.

    ``media_type`` is ``None`` where browsers do not play it.
    """

    file: BinaryIO
    path: str
    size: int
    mtime_ns: int
    media_type: str | None


def open_recording(catalog: SqlCatalog, track: Track) -> Recording:
    """Open a file of a track, one that holds its audio now, whatever its name leads to.

    The file is the one that was heard, by size and date, or else its audio packets are looked at: a file or a
    link that was put in its place is not opened for anybody.

    Raises
    ------
    DataError
        No file is there, or all of them hold something else by now.
    """
    present = [path for path in track.paths or (track.path,) if path not in track.missing_paths]
    trouble = "is not there any more"
    for path in present:
        try:
            file = open_regular(path)
        except (FileNotFoundError, DecodeError):
            continue
        with contextlib.ExitStack() as stack:
            stack.callback(file.close)
            now = os.fstat(file.fileno())
            known = catalog.file(path)
            same = known is not None and (known.size, known.mtime_ns) == (now.st_size, now.st_mtime_ns)
            if same or _holds(path, now) == track.identity:
                stack.pop_all()
                return Recording(file, path, now.st_size, now.st_mtime_ns, _media_type(path, now.st_mtime_ns))
            trouble = "holds something else than it did; index it again"
    raise DataError(f"the recording {track.title or os.path.basename(track.path)!r} {trouble}")


def as_flac(path: str, target: str) -> None:
    """Write a recording as FLAC, whole or not at all."""
    with replacing(Path(target)) as file:
        transcode(path, file)


def _holds(path: str, opened: os.stat_result) -> str | None:
    """Return the identity of the audio in a file that is open, ``None`` where that cannot be told."""
    with contextlib.suppress(OSError, DecodeError):
        found = _identity(path, opened.st_size, opened.st_mtime_ns)
        now = os.stat(path)
        same = (now.st_dev, now.st_ino, now.st_mtime_ns) == (opened.st_dev, opened.st_ino, opened.st_mtime_ns)
        return found if same else None
    return None


@lru_cache(maxsize=1_024)
def _identity(path: str, _size: int, _mtime_ns: int) -> str:
    return identify(path)


@lru_cache(maxsize=4_096)
def _media_type(path: str, _mtime_ns: int) -> str | None:
    try:
        found = info(path)
    except (OSError, DecodeError):
        return None
    return _PLAYED.get((found.container, found.codec))
