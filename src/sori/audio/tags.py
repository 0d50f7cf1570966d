"""Descriptive tags, as far as a file has them."""

from __future__ import annotations

import os
import re

from sori.audio.sniff import open_regular, sniff
from sori.audio.types import Tags

__all__ = ["read_tags"]

_NAMES = {
    "title": ("title", "inam"),
    "artist": ("artist", "author", "iart"),
    "album": ("album", "iprd"),
    "album_artist": ("album_artist", "albumartist", "album artist"),
    "genre": ("genre", "ignr"),
    "date": ("date", "year", "originaldate", "icrd"),
    "track": ("track", "tracknumber"),
}


def read_tags(path: str | os.PathLike[str]) -> Tags:
    """Read title, artist, album, album artist, genre, year and track number, wherever the container keeps
    them.

    Text in a broken encoding comes with replacement characters; control characters become spaces. The year
    is the first four-digit number from 1000 to 2999 of the date; the track is the number before any "/".

    Returns
    -------
    Tags
        ``None`` for what is absent; all ``None`` for a file whose tags cannot be read.

    Raises
    ------
    FileNotFoundError
        Nothing is at ``path``.
    DecodeError
        It is a directory, a pipe, or may not be read.
    """
    from sori.audio.ffmpeg import Failure, open_container

    found: dict[str, str] = {}
    with open_regular(path) as file:
        container, offset = sniff(file)
        if not container:
            return Tags()
        try:
            with open_container(file, container, offset) as source:
                for each in (source.metadata, *(stream.metadata for stream in source.streams.audio[:1])):
                    for key, value in each.items():
                        found.setdefault(key.lower(), value)
        except Failure:
            return Tags()
    text = {ours: _first(found, names) for ours, names in _NAMES.items()}
    date, track = text.pop("date"), text.pop("track")
    return Tags(**text, year=_number(date, r"(?<!\d)([12]\d{3})"), track=_number(track, r"^(\d{1,6})"))


def _first(found: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((clean for name in names if name in found and (clean := _clean(found[name]))), None)


def _clean(text: str) -> str | None:
    """One line of valid Unicode: no surrogates, no control characters, no runs of spaces."""
    valid = text.encode("utf-8", "replace").decode()
    return " ".join("".join(c if c.isprintable() else " " for c in valid).split()) or None


def _number(text: str | None, pattern: str) -> int | None:
    match = re.search(pattern, text or "", re.ASCII)
    return int(match[1]) if match else None
