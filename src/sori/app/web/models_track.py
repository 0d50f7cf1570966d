"""The shape of the server's answers about one track; written into the OpenAPI document."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from sori import events
from sori.app.web.models import Answer, Number, Text

__all__ = [
    "AnalysisAnswer",
    "Barre",
    "CapoPosition",
    "CapoShape",
    "ChordCorrection",
    "ChordsAnswer",
    "Correction",
    "Fingering",
    "Highlight",
    "LabelScore",
    "ModelTags",
    "NamedChord",
    "NamedChordCandidate",
    "NamedKey",
    "PeaksAnswer",
    "PlainKey",
    "SpectrogramAnswer",
    "SpectrogramKind",
    "StageResults",
    "Tick",
    "Tile",
    "TrackAnswer",
    "Zoom",
]


class Highlight(BaseModel):
    """The loudest and the most repeated stretch."""

    loudest: events.Excerpt | None
    most_repeated: events.Excerpt | None


class StageResults(BaseModel):
    """What each stage said; those that were not heard yet are not there. Facets lie elsewhere: ``{}``."""

    loudness: events.Loudness | None = None
    levels: events.Levels | None = None
    tempo: events.Tempo | None = None
    tempo_curve: events.TempoCurve | None = None
    beats: events.Beats | None = None
    metre: events.Metre | None = None
    tuning: events.Tuning | None = None
    key: events.Key | None = None
    local_keys: events.LocalKeys | None = None
    chords: events.Chords | None = None
    free_chords: events.Chords | None = None
    sections: events.Sections | None = None
    highlight: Highlight | None = None
    onsets: events.Onsets | None = None
    beat_histogram: events.BeatHistogram | None = None
    cycle: events.Cycle | None = None
    scale: events.Scale | None = None
    pitch: events.Pitch | None = None
    melody: events.Pitch | None = None
    melody_notes: events.Notes | None = None
    notes: events.Notes | None = None
    contour: events.Contour | None = None
    expression: events.Expression | None = None
    facets: dict[str, float] | None = None


class TrackAnswer(Answer):
    """As ``sori show --json``."""

    id: str
    identity: str
    path: str
    paths: list[str]
    missing: bool
    missing_paths: list[str]
    title: Text
    artist: Text
    album: Text
    genre: Text
    year: int | None
    duration_s: float
    sample_rate: int
    channels: int
    tempo_bpm: Number
    tempo_confidence: float
    key_tonic: Text
    key_mode: Text
    key_confidence: float
    tuning_hz: Number
    loudness_lufs: Number
    results: StageResults
    corrected: dict[str, str]


class PlainKey(BaseModel):
    """A key and how sure it is."""

    tonic: Text
    mode: Text
    confidence: float


class LabelScore(BaseModel):
    """A label that a trained model knows, and how sure it is of it, 0 to 1."""

    label: str
    score: float


class ModelTags(BaseModel):
    """What a trained model says: the labels that it gives, and the likeliest with their scores."""

    labels: list[str]
    scores: list[LabelScore]


class AnalysisAnswer(Answer):
    """As ``sori analyze --json``; ``note`` says why what was heard could not be kept, if so."""

    path: str
    identity: str
    title: Text
    artist: Text
    album: Text
    genre: Text
    year: int | None
    duration_s: float
    sample_rate: int
    channels: int
    tempo_bpm: Number
    tempo_confidence: float
    tempo_alternatives: list[events.TempoCandidate]
    beats_s: list[float]
    key: PlainKey
    key_alternatives: list[events.KeyCandidate]
    tuning_hz: Number
    tuning_cents: Number
    loudness_lufs: Number
    loudness_range_lu: Number
    loudness_max_momentary_lufs: Number
    loudness_max_short_term_lufs: Number
    loudness_true_peak_dbtp: Number
    sample_peak_dbfs: Number
    leading_silence_s: float
    trailing_silence_s: float
    silent_fraction: float
    clipped_samples: int
    clipped_runs: int
    downbeats_s: list[float]
    beats_per_bar: int | None
    chords: list[events.Chord]
    sections: list[events.Section]
    chorus: events.Excerpt | None
    thumbnail: events.Excerpt
    highlight: Highlight
    tempo_curve: events.TempoCurve
    metre: events.Metre
    local_keys: events.LocalKeys
    free_chords: events.Chords
    onsets: events.Onsets
    beat_histogram: events.BeatHistogram
    cycle: events.Cycle
    pitch: events.Pitch
    melody: events.Pitch
    melody_notes: events.Notes
    notes: events.Notes
    contour: events.Contour
    scale: events.Scale
    expression: events.Expression
    tags: dict[str, ModelTags]
    corrected: dict[str, str]
    note: Text


class NamedChordCandidate(BaseModel):
    """Another chord that it may be."""

    label: str
    name: str
    confidence: float


class NamedChord(BaseModel):
    """A chord with its name in the style that was asked for."""

    start_s: float
    end_s: float
    label: str
    name: str
    confidence: float
    alternatives: list[NamedChordCandidate]


class NamedKey(BaseModel):
    """A key and its name in the style that was asked for."""

    tonic: str
    mode: str
    name: str


class CapoShape(BaseModel):
    """What sounds, and the shape that is played for it."""

    sounds: str
    plays: str


class CapoPosition(BaseModel):
    """A fret for the capo; easier ones come first."""

    fret: int
    key: Text
    difficulty: float
    shapes: list[CapoShape]


class Barre(BaseModel):
    """One finger over several strings."""

    fret: int
    first: int
    last: int


class Fingering(BaseModel):
    """How to play a chord: frets and fingers of strings, or MIDI notes of hands."""

    instrument: str
    label: str
    name: str
    frets: list[int | None] | None = None
    fingers: list[int | None] | None = None
    barres: list[Barre] | None = None
    base_fret: int | None = None
    left: list[int] | None = None
    right: list[int] | None = None


class ChordsAnswer(Answer):
    """As ``sori chords --json``."""

    path: str
    title: Text
    artist: Text
    duration_s: float
    key: NamedKey | None
    transpose: int
    capo: int
    chords: list[NamedChord]
    capo_positions: list[CapoPosition]
    fingerings: list[Fingering]
    corrected: dict[str, str]
    note: Text


class PeaksAnswer(Answer):
    """The waveform: lowest and highest sample of each of ``points`` equal parts, 127 is full scale."""

    start_s: float
    end_s: float
    duration_s: float
    points: int
    low: list[int]
    high: list[int]


class Tick(BaseModel):
    """A frequency on the axis; ``y`` is 0 at the bottom and 1 at the top."""

    y: float
    hz: float
    label: str


class SpectrogramKind(BaseModel):
    """One kind of spectrogram: its lowest and highest frequency and marks for its axis."""

    lowest_hz: float
    highest_hz: float
    ticks: list[Tick]


class Zoom(BaseModel):
    """A zoom: how long a tile is, and how many there are."""

    zoom: int
    tile_s: float
    tiles: int


class Tile(BaseModel):
    """The size of a tile in pixels."""

    width: int
    height: int


class SpectrogramAnswer(Answer):
    """Which tiles there are; each is a grey picture, black at ``floor_db`` and white at ``top_db``."""

    duration_s: float
    floor_db: float
    top_db: float
    kinds: dict[str, SpectrogramKind]
    zooms: list[Zoom]
    tile: Tile


class ChordCorrection(BaseModel):
    """What sounds at a time."""

    at_s: float = Field(ge=0, allow_inf_nan=False)
    name: str = Field(max_length=64)


class Correction(BaseModel):
    """What a person says, as ``sori correct`` takes it; ``undo`` goes alone."""

    model_config = {"extra": "forbid"}

    tempo: Literal["x2", "/2", "2/3", "3/2"] | None = None
    taps_s: list[float] = Field(default=[], max_length=10_000)
    shift_beats: float = Field(default=0.0, allow_inf_nan=False)
    shift_s: float = Field(default=0.0, allow_inf_nan=False)
    key: str | None = Field(default=None, max_length=64)
    chords: list[ChordCorrection] = Field(default=[], max_length=10_000)
    undo: list[Literal["beats", "key", "chords"]] = Field(default=[], max_length=3)
