"""One recording of a collection, as everything above the catalog sees it.

A plain record: what the tags say, what the listening stages measured, and where the file is. The
few numbers that people filter and compare by have a field of their own; everything else that a
stage said stays in ``results`` as the JSON data it was stored as. A value that is not known is
``None``, never NaN.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

__all__ = ["Track", "brief"]


@dataclasses.dataclass(frozen=True)
class Track:
    """One recording: named by its audio packets, so that moving and re-tagging do not change it.

    Attributes
    ----------
    id
        Short name of the recording, a prefix of ``identity`` that is unique in the library.
    identity
        Hexadecimal hash of the codec and the audio packets.
    path, paths
        The first file that is present (the last known one when all are missing), and every known file.
    missing, missing_paths
        Whether no file of this recording is present, and the known files that are not.
    title, artist, album, genre, year
        From the tags; ``None`` where there is none.
    duration_s, sample_rate, channels
        Of the decoded audio: seconds, Hz, count.
    tempo_bpm, key_tonic, key_mode, tuning_hz, loudness_lufs
        What listening found: beats per minute, ``"C" .. "B"`` and ``"major"`` or ``"minor"``, the
        frequency of A4 in Hz, integrated LUFS; ``None`` where it cannot be known.
    tempo_confidence, key_confidence
        How sure that is, 0 to 1.
    results
        Stage name to the stage's whole JSON result, or to what a person put in its place.
    corrected
        The stages that a person corrected, each with how; empty unless results were asked for.
    """

    id: str
    identity: str
    path: str
    paths: tuple[str, ...]
    missing: bool
    title: str | None
    artist: str | None
    album: str | None
    genre: str | None
    year: int | None
    duration_s: float
    sample_rate: int
    channels: int
    tempo_bpm: float | None = None
    tempo_confidence: float = 0.0
    key_tonic: str | None = None
    key_mode: str | None = None
    key_confidence: float = 0.0
    tuning_hz: float | None = None
    loudness_lufs: float | None = None
    results: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    missing_paths: tuple[str, ...] = ()
    corrected: Mapping[str, str] = dataclasses.field(default_factory=dict)


def brief(track: Track) -> dict[str, Any]:
    """Return how answers about many tracks name one; a file outside the library has no id."""
    return {
        "id": track.id or None,
        "path": track.path,
        "title": track.title,
        "artist": track.artist,
        "duration_s": track.duration_s,
    }
