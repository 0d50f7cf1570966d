"""What is written to the catalog: where audio lies, what was heard in it, and what failed.

A *track* is audio, known by the hash of its packets; a *file* is a place where that audio lies.
Several files may hold one track, and a track outlives its files: moves, renames and new tags
touch files only.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

__all__ = ["FACETS", "TAGS", "Failure", "File", "Hearing"]

FACETS = "facets"
"""The stage whose result is vectors, one per facet and each with a version of its own."""

TAGS = "tags:"
"""What the stage of a trained model begins with, before the model's name."""


@dataclasses.dataclass(frozen=True)
class File:
    """A place where audio lies; size (bytes) and modification time (ns) tell whether it changed."""

    path: str
    size: int
    mtime_ns: int
    track_id: str
    missing: bool = False
    tags: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Hearing:
    """What a worker heard in one file, ready to be stored.

    Attributes
    ----------
    duration_s, sample_rate, channels
        Of the decoded audio: seconds, Hz, count.
    stages
        Stage name to its version and its result as JSON text.
    vectors
        Facet name to its version and its vector as little-endian float32.
    """

    duration_s: float
    sample_rate: int
    channels: int
    stages: dict[str, tuple[int, str]]
    vectors: dict[str, tuple[int, bytes]]


@dataclasses.dataclass(frozen=True)
class Failure:
    """Why a file is not in the library.

    ``kind`` is one of ``decode`` (no decoder reads it), ``empty`` (no audio in it), ``unreadable``
    (the system refuses it), ``timeout``, ``memory``, ``crash`` (the worker process died),
    ``changed`` (rewritten while being heard) and ``error`` (a fault of ours). ``stage`` is
    ``walk``, ``identify`` or ``hear``; ``when`` is the UTC time in ISO 8601.
    """

    path: str
    size: int
    mtime_ns: int
    kind: str
    reason: str
    stage: str
    when: str = ""
