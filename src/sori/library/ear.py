"""What listens to a file on the library's behalf: plain functions that run inside a worker process.

They take a path and return data: what was found, or the `Problem` that kept them from it. They
never touch the catalog.
"""

from __future__ import annotations

import dataclasses
import json
import os
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeGuard

from sori.errors import DecodeError, SoriError
from sori.library.entries import FACETS, Hearing

__all__ = ["Ear", "Identified", "Problem", "hear", "identify", "our_ear", "our_facets"]


@dataclasses.dataclass(frozen=True)
class Ear:
    """The functions that read a file, and the versions of what they hear. Picklable.

    Attributes
    ----------
    identify, read_tags, hear
        As ``sori.audio.identify``, ``sori.audio.read_tags`` and ``sori.analysis.listen.hear``.
    stages, facets
        Name to current version; a track heard at other versions is heard again, those stages only.
    on_demand
        The same for stages that are heard only where somebody asks for them.
    follows
        Stages that go by others which a person may have corrected; ``hear`` takes those as ``given``.
    preload
        Modules that a worker needs, to be imported once for all of them.
    """

    identify: Callable[[str], str]
    read_tags: Callable[[str], Any]
    hear: Callable[..., Any]
    stages: Mapping[str, int]
    facets: Mapping[str, int]
    preload: tuple[str, ...] = ()
    on_demand: Mapping[str, int] = dataclasses.field(default_factory=dict)
    follows: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)

    @property
    def versions(self) -> dict[str, int]:
        """The version of every stage, on demand or not."""
        return {**self.stages, **self.on_demand}


@dataclasses.dataclass(frozen=True)
class Identified:
    """Which audio a file holds, and what its tags say."""

    identity: str
    tags: dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Problem:
    """Why a file was not understood; see `sori.library.entries.Failure` for the kinds."""

    kind: str
    reason: str
    stage: str


# What a first file would otherwise load in each worker, and pay for out of its own limits.
_LOADED_AT_FIRST_USE = (
    "sori.library.ear",
    "sori.analysis.listen",
    "sori.audio.ffmpeg",
    "sori.audio.libsndfile",
    "onnxruntime",
    "soxr",
    "scipy.fft",
)


# What our decoders say of a file whose header is right and has nothing behind it.
_EMPTY = ("no audio packets", "no samples in it", "without samples")


def our_facets() -> dict[str, int]:
    """Return the facets that Sori hears now, each with its version; much cheaper than the whole ear."""
    from sori.features import facets

    return {name: facet.version for name, facet in facets.FACETS.items()}


def our_ear() -> Ear:
    """Return the ear that Sori ships: its own decoders and analysis."""
    from sori import audio
    from sori.analysis import listen

    return Ear(
        identify=audio.identify,
        read_tags=audio.read_tags,
        hear=listen.hear,
        stages=listen.stage_versions(),
        facets=our_facets(),
        preload=_LOADED_AT_FIRST_USE,
        on_demand={
            name: version
            for name, version in listen.stage_versions(on_demand=True).items()
            if name not in listen.stage_versions()
        },
        follows=listen.FOLLOWS,
    )


def identify(ear: Ear, path: str) -> Identified | Problem:
    """Hash the audio packets of a file and read its tags, without decoding it."""
    try:
        if os.stat(path).st_size == 0:
            return Problem("empty", "the file is empty (0 bytes)", "identify")
        identity = ear.identify(path)
        tags = ear.read_tags(path)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 -- whatever a file does to us must cost that file alone
        return _problem(error, path, "identify")
    return Identified(identity, _clean(dataclasses.asdict(tags)))


def hear(
    ear: Ear,
    path: str,
    stages: Sequence[str],
    size: int,
    mtime_ns: int,
    *,
    given: Mapping[str, Any] | None = None,
) -> Hearing | Problem:
    """Listen to a file and return what is to be stored.

    ``size`` and ``mtime_ns`` are what the file had when it was found; a file that was written to
    since then is not trusted. ``given`` are results that a person has put in the place of stages.
    """
    try:
        heard = ear.hear(path, stages=list(stages), **({"given": given} if given else {}))
        hearing = _pack(ear, heard, stages)
        now = os.stat(path)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 -- whatever a file does to us must cost that file alone
        return _problem(error, path, "hear")
    if (now.st_size, now.st_mtime_ns) != (size, mtime_ns):
        return Problem("changed", "the file was written to while it was being heard; index it again", "hear")
    return hearing


def _pack(ear: Ear, heard: Any, stages: Sequence[str]) -> Hearing:
    results = {name: {} if name == FACETS else heard.results[name] for name in stages}
    vectors = heard.results[FACETS] if FACETS in stages else {}
    packed = {}
    for name, vector in vectors.items():
        packed[name] = (ear.facets[name], vector.astype("<f4").tobytes())
    return Hearing(
        duration_s=float(heard.duration_s),
        sample_rate=int(heard.sample_rate),
        channels=int(heard.channels),
        stages={
            name: (ear.versions[name], json.dumps(result, allow_nan=False, separators=(",", ":")))
            for name, result in results.items()
        },
        vectors=packed,
    )


def _problem(error: Exception, path: str, stage: str) -> Problem:
    """Say in one line what went wrong; out of memory is passed on, for the worker to give up."""
    causes = _causes(error)
    if any(isinstance(cause, MemoryError) for cause in causes):
        raise MemoryError from error
    refusal = next((cause for cause in causes if _is_refusal(cause)), None)
    if isinstance(error, DecodeError) and refusal is not None:
        return Problem("unreadable", _one_line(refusal.strerror or str(refusal)), stage)
    if isinstance(error, DecodeError) and any(word in str(error) for word in _EMPTY):
        return Problem("empty", "there is no sound in it", stage)
    if isinstance(error, DecodeError):
        return Problem("decode", _one_line(_without(path, str(error))), stage)
    if isinstance(error, FileNotFoundError):
        return Problem("gone", "the file is not there any more", stage)
    if isinstance(error, OSError):
        return Problem("unreadable", _one_line(error.strerror or str(error)), stage)
    if isinstance(error, SoriError):
        return Problem("error", _one_line(str(error)), stage)
    where = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(where.filename)}:{where.lineno}"
    return Problem(
        "error", _one_line(f"{type(error).__name__}: {error} ({place}); please report this"), stage
    )


def _causes(error: BaseException) -> list[BaseException]:
    """Return an error and all that led to it, whether it was given as the cause or was being handled."""
    found: list[BaseException] = []
    open_ends: list[BaseException | None] = [error]
    while open_ends:
        each = open_ends.pop(0)
        if each is not None and each not in found:
            found.append(each)
            open_ends += [each.__cause__, each.__context__]
    return found


def _is_refusal(error: BaseException) -> TypeGuard[OSError]:
    """Whether the system refused to read; FFmpeg has errors of its own that are such by name only."""
    return isinstance(error, OSError) and type(error).__module__ == "builtins" and bool(error.strerror)


def _without(path: str, text: str) -> str:
    """Leave the path out of a message that will always be shown beside it."""
    name = repr(path)
    return (
        text.removeprefix(f"{name}: ")
        .removeprefix(f"{name} ")
        .replace(f": {name}", "")
        .replace(name, "the file")
    )


def _one_line(text: str) -> str:
    return " ".join(text.encode("utf-8", "backslashreplace").decode().split()).replace("\0", "")


def _clean(tags: dict[str, Any]) -> dict[str, Any]:
    """Return tags without what no database takes as text (NUL, lone surrogates) and without empty ones."""
    cleaned = {}
    for name, value in tags.items():
        if isinstance(value, str):
            value = value.encode("utf-8", "replace").decode().replace("\0", " ").strip()
        if value not in (None, ""):
            cleaned[name] = value
    return cleaned
