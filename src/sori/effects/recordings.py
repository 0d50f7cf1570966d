"""Recordings that effects take from disk: impulse responses, noises, music."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sori.audio.stream import load
from sori.errors import DecodeError, ParameterError

__all__ = ["checked_paths", "listed", "recording"]

_KEPT = 64  # recordings that stay decoded
_SUFFIXES = {".wav", ".flac", ".aiff", ".aif", ".ogg", ".opus", ".mp3", ".m4a", ".mp4"}


def checked_paths(paths: Sequence[str]) -> tuple[str, ...]:
    """Return paths as strings, once they are known to be some.

    Raises
    ------
    ParameterError
        For none, and for what is no list of paths.
    """
    given = tuple(paths) if isinstance(paths, list | tuple) else ()
    if not given or not all(isinstance(path, str | os.PathLike) for path in given):
        raise ParameterError(f"paths={paths!r}: want a list of files, or of folders of them")
    return tuple(os.fspath(path) for path in given)


@lru_cache(maxsize=256)
def listed(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return the files among some paths and in the folders among them, in the order of their names.

    Raises
    ------
    ParameterError
        Where there are none.
    """
    found: list[str] = []
    for path in map(Path, paths):
        if path.is_dir():
            inside = (one for one in path.rglob("*") if one.suffix.lower() in _SUFFIXES and one.is_file())
            found += sorted(map(str, inside))
        elif path.is_file():
            found.append(str(path))
        else:
            raise ParameterError(f"there is no {str(path)!r}: want files, or folders of them")
    if not found:
        raise ParameterError(f"there are no recordings in {', '.join(paths)}")
    return tuple(found)


@lru_cache(maxsize=_KEPT)
def recording(path: str, sample_rate: int) -> NDArray[np.float32]:
    """Return a recording as one channel at a sample rate, decoded once; do not write to it.

    Raises
    ------
    DecodeError
        When it cannot be read, or holds nothing.
    """
    samples = load(path, sample_rate=sample_rate, mono=True).samples
    if not samples.any():
        raise DecodeError(f"{path!r} is silent: it cannot stand under anything")
    samples.setflags(write=False)
    return samples
