"""The shape of the server's answers about a library; written into the OpenAPI document."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from sori.library.entries import Failure

__all__ = [
    "ERRORS",
    "Answer",
    "Counted",
    "ErrorAnswer",
    "FacetDescription",
    "FailuresAnswer",
    "Folder",
    "FormatDescription",
    "FormatsAnswer",
    "Indexing",
    "IndexingAnswer",
    "LibraryAnswer",
    "MapAnswer",
    "Range",
    "Row",
    "StoppedAnswer",
    "TracksAnswer",
    "Wrong",
]

Number = float | None
Text = str | None


class Answer(BaseModel):
    """Every answer: ``schema`` grows when a key changes its meaning or goes away."""

    schema_: int

    model_config = {"alias_generator": lambda name: name.rstrip("_"), "serialize_by_alias": True}


class Wrong(BaseModel):
    """What was the matter."""

    status: int
    message: str


class ErrorAnswer(BaseModel):
    """Every error."""

    error: Wrong


class Row(BaseModel):
    """A track in a list."""

    id: str
    path: str
    title: Text
    artist: Text
    duration_s: float
    album: Text
    genre: Text
    year: int | None
    tempo_bpm: Number
    key_tonic: Text
    key_mode: Text
    tuning_hz: Number
    loudness_lufs: Number
    missing: bool


class TracksAnswer(Answer):
    """A window of tracks: ``total`` pass the filters, these begin at ``offset``."""

    total: int
    offset: int
    tracks: list[Row]


class Counted(BaseModel):
    """A genre and how many tracks have it."""

    name: str
    tracks: int


class Folder(Counted):
    """A folder and how many tracks lie right in it."""

    path: str


class Range(BaseModel):
    """The lowest and the highest value in the library."""

    lowest: float
    highest: float


class FacetDescription(BaseModel):
    """A facet that recordings are compared by."""

    name: str
    description: str


class Indexing(BaseModel):
    """How far a run is; ``left_s`` is a guess."""

    running: bool
    stopped: bool
    files: int
    to_do: int
    done: int
    heard: int
    recognised: int
    failed: int
    unchanged: int
    missing: int
    audio_s: float
    seconds: float
    left_s: Number
    error: Text


class LibraryAnswer(Answer):
    """What there is; ``ready`` is whether everything can be compared already."""

    name: str
    path: str
    version: str
    ready: bool
    revision: str
    tracks: int
    missing: int
    duration_s: float
    failures: int
    outdated: int
    genres: list[Counted]
    folders: list[Folder]
    ranges: dict[str, Range | None]
    facets: list[FacetDescription]
    roots: list[str]
    indexing: Indexing | None


class FailuresAnswer(Answer):
    """The files that could not be heard."""

    failures: list[Failure]


class IndexingAnswer(Answer):
    """The state of a run that was just asked for."""

    indexing: Indexing


class StoppedAnswer(Answer):
    """Whether there was a run to stop."""

    stopping: bool


class MapAnswer(Answer):
    """The map, column by column; ``current`` says whether it is that of the library as it is now."""

    ready: bool
    current: bool
    id: list[str]
    x: list[float]
    y: list[float]
    title: list[Text]
    artist: list[Text]
    duration_s: list[float]
    tempo_bpm: list[Number]
    key: list[Text]
    genre: list[int | None]
    genres: list[str]
    folder: list[int]
    folders: list[str]


class FormatDescription(BaseModel):
    """A form that results are written in; ``parts`` are what one file may hold, none where it holds all."""

    format: str
    extension: str
    kind: Literal["data", "picture", "sound"]
    parts: list[str]


class FormatsAnswer(Answer):
    """What `export` writes."""

    formats: list[FormatDescription]


ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorAnswer}
    for status in (400, 401, 403, 404, 408, 409, 413, 415, 416, 422, 429, 500, 501, 503)
}
