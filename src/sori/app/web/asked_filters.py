"""Which tracks may be found, as an address says it: the same for lists, likeness and playlists."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BaseModel, Field

from sori.app.cli_options import span, tempo_span
from sori.library.filters import Filters

__all__ = ["FilterFields", "filters_of"]

_COLON = re.compile(r"^(-?[\d.]+)-")  # between two numbers that may be negative
Words = Annotated[str | None, Field(max_length=4_096)]
Numbers = Annotated[str | None, Field(max_length=64, examples=["90-130"])]


class FilterFields(BaseModel):
    """What is wanted; what is not given wants nothing in particular. Ranges are written ``90-130``."""

    tempo: Numbers = Field(default=None, description="BPM; a single one takes 6 % around it.")
    half_double: bool = Field(default=False, description="Tempos count at half and double time too.")
    key: Words = Field(default=None, description="Such as Am, 'F# minor' or 8A.")
    compatible: bool = Field(default=False, description="Keys that go with it pass too.")
    tuning: Numbers = Field(default=None, description="A4 in Hz.")
    loudness: Numbers = Field(default=None, description="LUFS, as in -14:-8 or -14--8.")
    duration: Numbers = Field(default=None, description="Minutes.")
    year: Numbers = None
    genre: Words = None
    artist: Words = None
    album: Words = None
    folder: Words = None


def filters_of(wanted: FilterFields) -> Filters:
    """Return the filters that are meant.

    Raises
    ------
    ParameterError
        A range or a key that is none.
    """
    years = span(wanted.year, "year")
    minutes = span(wanted.duration, "duration")
    fields: dict[str, Any] = {
        "tempo_bpm": tempo_span(wanted.tempo, "tempo"),
        "half_double": wanted.half_double,
        "key": wanted.key or None,
        "same_key": bool(wanted.key) and not wanted.compatible,
        "tuning_hz": span(wanted.tuning, "tuning"),
        "loudness_lufs": span(_COLON.sub(r"\1:", wanted.loudness or "") or None, "loudness", ":"),
        "duration_s": None if minutes is None else (60 * minutes[0], 60 * minutes[1]),
        "years": None if years is None else (int(years[0]), int(years[1])),
        "genre": wanted.genre or None,
        "artist": wanted.artist or None,
        "album": wanted.album or None,
        "folder": wanted.folder or None,
    }
    return Filters(**fields)
