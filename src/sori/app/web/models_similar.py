"""The shape of the server's answers about likeness, playlists and single files; for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from sori.app.web.models import Answer, Number, Row, Text
from sori.app.web.models_track import AnalysisAnswer

__all__ = [
    "Brief",
    "Candidate",
    "Kept",
    "PlaylistAnswer",
    "PlaylistFileOrder",
    "PlaylistOrder",
    "PlaylistTrack",
    "SimilarAnswer",
    "SimilarResult",
    "TryAnswer",
]

Id = Annotated[str, Field(pattern="^[0-9a-f]{4,64}$")]


class Brief(BaseModel):
    """A track in an answer about many; a file outside the library has no id."""

    id: Text
    path: str
    title: Text
    artist: Text
    duration_s: float


class SimilarResult(Brief):
    """A track that was found, and why."""

    similarity: float
    facets: dict[str, float]
    shares: dict[str, float]
    reasons: list[str]
    reason: str
    relation: Text


class Candidate(Row):
    """A track that may come first under other weights, with its likeness in each facet."""

    similarity: float
    facets: dict[str, float]
    shares: dict[str, float]
    distances: dict[str, float]


class SimilarAnswer(Answer):
    """As ``sori similar --json``, and what to reorder at once when somebody moves the weights.

    Under any weights a candidate's similarity is the product of its ``facets``, each to the power of its
    weight's share, but for how crowded its place is; ask again for the exact answer with its reasons.
    """

    seeds: list[Brief]
    results: list[SimilarResult]
    candidates: list[Candidate]
    outdated: int


class PlaylistTrack(Brief):
    """A track of a playlist."""

    album: Text
    tempo_bpm: Number
    key_tonic: Text
    key_mode: Text


class PlaylistAnswer(Answer):
    """As ``sori playlist --json``; ``relaxed`` names rules that gave way, ``short`` whether it is short."""

    tracks: list[PlaylistTrack]
    duration_s: float
    relaxed: list[str]
    short: bool
    outdated: int


class PlaylistOrder(BaseModel):
    """What playlist is wanted: one that grows from ``seeds``, or a way ``from`` one track ``to`` another."""

    model_config = {"extra": "forbid", "populate_by_name": True}

    seeds: list[Id] = Field(default=[], max_length=100)
    from_: Id | None = Field(default=None, alias="from")
    to: Id | None = None
    n: int | None = Field(default=None, ge=1, le=500)
    duration_s: float | None = Field(default=None, gt=0, le=1e6, allow_inf_nan=False)
    weights: str | None = Field(default=None, max_length=400)
    tempo_ramp: tuple[float, float] | None = None
    compatible_keys: bool = False
    artist_spacing: int = Field(default=3, ge=0, le=500)
    album_spacing: int = Field(default=1, ge=0, le=500)
    variety: float = Field(default=0.0, ge=0, le=10, allow_inf_nan=False)
    seed: int = Field(default=0, ge=0, le=2**31)


class PlaylistFileOrder(BaseModel):
    """Which tracks are to be written, in their order."""

    model_config = {"extra": "forbid"}

    ids: list[Id] = Field(min_length=1, max_length=5_000)
    name: str = Field(default="playlist", max_length=200)


class Kept(BaseModel):
    """Where a recording that was brought is kept; its ``id`` comes when it has been heard."""

    path: str


class TryAnswer(Answer):
    """What was heard in a recording that was brought, and what is like it."""

    analysis: AnalysisAnswer
    similar: SimilarAnswer
    kept: Kept | None
