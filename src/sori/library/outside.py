"""A file outside the library, heard for one question and not stored."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sori.library.columns import columns
from sori.library.ear import Ear
from sori.library.entries import FACETS
from sori.library.track import Track

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Outsider", "hear_outside"]


@dataclasses.dataclass(frozen=True)
class Outsider:
    """What was heard: a track as the library would have it, without an id, and its raw facet vectors."""

    track: Track
    vectors: Mapping[str, NDArray[np.float32]]


def hear_outside(ear: Ear, path: str, stages: Sequence[str] | None = None) -> Outsider:
    """Listen to a file here and now, in this process and without limits; to all stages by default.

    Raises
    ------
    DecodeError
        The file cannot be read.
    """
    heard = ear.hear(path, stages=stages)
    tags = ear.read_tags(path)
    results: dict[str, Any] = {name: result for name, result in heard.results.items() if name != FACETS}
    place = os.path.abspath(path)
    track = Track(
        id="",
        identity=ear.identify(path),
        path=place,
        paths=(place,),
        missing=False,
        title=tags.title,
        artist=tags.artist,
        album=tags.album,
        genre=tags.genre,
        year=tags.year,
        duration_s=heard.duration_s,
        sample_rate=heard.sample_rate,
        channels=heard.channels,
        results=results,
        **columns(results),
    )
    return Outsider(track, heard.results.get(FACETS, {}))
