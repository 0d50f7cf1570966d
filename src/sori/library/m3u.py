"""Playlists that any player reads: M3U8, and the same as JSON.

An M3U8 file is UTF-8 text: ``#EXTM3U``, then for each track a line ``#EXTINF:seconds,Artist - Title`` and
one with the path. Paths are relative to the playlist's folder and written with forward slashes, so that
the folder can be moved to another machine; a file on another drive is written absolute.
"""

from __future__ import annotations

import json
import ntpath
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sori.library.track import Track, brief
from sori.system.replacing import replacing

__all__ = ["listed", "m3u8", "write_json", "write_m3u8"]

_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def m3u8(tracks: Sequence[Track], *, folder: Path) -> tuple[str, list[str]]:
    """Return the text of a playlist that lies in ``folder``, and what could not be written into it.

    A path with a line break cannot be said in this format, nor one that is not text: such a track is left out
    and named in the second result.
    """
    lines, left_out = ["#EXTM3U"], []
    for track in tracks:
        location = _location(track.path, folder)
        if _CONTROL.search(location) or not _is_text(location):
            left_out.append(
                f"{_shown(track.path)} left out: an M3U8 file cannot hold its name; rename the file"
            )
            continue
        # A path that starts with # would be read as a comment.
        lines += [
            f"#EXTINF:{_seconds(track)},{_label(track)}",
            f"./{location}" if location[:1] == "#" else location,
        ]
    return "\n".join(lines) + "\n", left_out


def write_m3u8(path: str | os.PathLike[str], tracks: Sequence[Track]) -> list[str]:
    """Write a playlist, replacing what is there in one step.

    Returns
    -------
    What was left out and why, one sentence for each; empty when everything was written.

    Raises
    ------
    OSError
        The folder cannot be written.
    """
    target = Path(path)
    text, left_out = m3u8(tracks, folder=target.parent)
    _replace(target, text)
    return left_out


def write_json(
    path: str | os.PathLike[str], tracks: Sequence[Track], *, about: Mapping[str, Any] | None = None
) -> None:
    """Write the same as JSON: an object of ``about`` and what :func:`listed` gives.

    Any file name can be said here; paths are as the library has them.
    """
    _replace(Path(path), json.dumps({**(about or {}), **listed(tracks)}, indent=1) + "\n")


def listed(tracks: Sequence[Track]) -> dict[str, Any]:
    """Return tracks in their order as data: ``tracks``, and ``duration_s`` of all."""
    rows = [
        {
            **brief(track),
            "album": track.album,
            "tempo_bpm": track.tempo_bpm,
            "key_tonic": track.key_tonic,
            "key_mode": track.key_mode,
        }
        for track in tracks
    ]
    return {"tracks": rows, "duration_s": round(sum(track.duration_s for track in tracks), 3)}


def _location(path: str, folder: Path) -> str:
    try:
        relative = os.path.relpath(path, os.path.abspath(folder))
        if relative.startswith(os.pardir):  # ".." leads elsewhere from behind a link
            file = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
            relative = os.path.relpath(file, os.path.realpath(folder))
    except ValueError:  # on Windows: no way from one drive to another
        relative = os.path.abspath(path)
    return relative.replace(os.sep, "/") if os.sep != "/" else relative


def _is_text(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _shown(path: str) -> str:
    return ascii(path)


def _seconds(track: Track) -> int:
    """Whole seconds; -1 says that the length is not known."""
    return round(track.duration_s) if track.duration_s > 0 else -1


def _label(track: Track) -> str:
    title = track.title or os.path.splitext(ntpath.basename(track.path.replace("/", "\\")))[0]
    parts = [_CONTROL.sub(" ", part).strip() for part in (track.artist or "", title)]
    text = " - ".join(part for part in parts if part)
    return text.encode("utf-8", "replace").decode()


def _replace(target: Path, text: str) -> None:
    with replacing(target) as file:
        file.write(text.encode("utf-8"))
