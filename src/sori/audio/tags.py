"""Descriptive tags, as far as a file has them."""

from __future__ import annotations

import os
import re

from sori.audio.sniff import open_regular, sniff
from sori.audio.types import Tags

__all__ = ["read_tags"]

_NAMES = {
    "title": ("title",),
    "artist": ("artist", "author"),
    "album": ("album",),
    "album_artist": ("album_artist", "albumartist", "album artist"),
    "genre": ("genre",),
    "year": ("date", "year", "originaldate", "tyer", "tdrc"),
    "track": ("track", "tracknumber"),
}


def _clean(text: str) -> str | None:
    text = text.encode("utf-8", "replace").decode()
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text or None


def _number(text: str | None, pattern: str) -> int | None:
    found = re.search(pattern, text or "", re.ASCII)
    return int(found[1]) if found else None


def read_tags(path: str | os.PathLike[str]) -> Tags:
    """Read the tags of a file."""
    from sori.audio.ffmpeg import Failure, open_container

    found: dict[str, str] = {}
    with open_regular(path) as file:
        container, offset = sniff(file)
        if not container:
            return Tags()
        try:
            with open_container(file, container, offset) as source:
                maps = [source.metadata, *(stream.metadata for stream in source.streams.audio[:1])]
                for each in maps:
                    for key, value in each.items():
                        found.setdefault(key.lower(), value)
        except Failure:
            return Tags()
    text = {ours: next((c for n in names if n in found and (c := _clean(found[n]))), None) for ours, names in _NAMES.items()}
    return Tags(
        title=text["title"],
        artist=text["artist"],
        album=text["album"],
        album_artist=text["album_artist"],
        genre=text["genre"],
        year=_number(text["year"], r"(?<!\d)([12]\d{3})(?!\d)"),
        track=_number(text["track"], r"^\s*(\d{1,6})"),
    )
