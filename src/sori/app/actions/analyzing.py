"""Hearing one file without any library."""

from __future__ import annotations

import os
from typing import Any

from sori.errors import ParameterError
from sori.library.ear import Ear, our_ear
from sori.library.outside import hear_outside
from sori.library.track import Track

__all__ = ["analyze", "flat"]


def analyze(path: str, *, ear: Ear | None = None) -> Track:
    """Return what is heard in a file, as a track of no library.

    Raises
    ------
    ParameterError
        There is no such file.
    DecodeError
        It cannot be read.
    """
    if not os.path.isfile(path):
        raise ParameterError(f"{path} is no file; give the path of an audio file")
    return hear_outside(ear or our_ear(), path).track


def flat(track: Track) -> dict[str, Any]:
    """Return a track and everything heard in it as one flat object whose keys carry their units."""
    heard = track.results
    return {
        "path": track.path,
        "identity": track.identity,
        "title": track.title,
        "artist": track.artist,
        "album": track.album,
        "genre": track.genre,
        "year": track.year,
        "duration_s": track.duration_s,
        "sample_rate": track.sample_rate,
        "channels": track.channels,
        "tempo_bpm": track.tempo_bpm,
        "tempo_confidence": track.tempo_confidence,
        "tempo_alternatives": heard["tempo"]["alternatives"],
        "beats_s": heard["beats"]["times_s"],
        "key": {"tonic": track.key_tonic, "mode": track.key_mode, "confidence": track.key_confidence},
        "key_alternatives": heard["key"]["alternatives"],
        "tuning_hz": track.tuning_hz,
        "tuning_cents": heard["tuning"]["cents"],
        "loudness_lufs": track.loudness_lufs,
        **{f"loudness_{name}": v for name, v in heard["loudness"].items() if name != "integrated_lufs"},
        **heard["levels"],
        "highlight": heard["highlight"],
    }
