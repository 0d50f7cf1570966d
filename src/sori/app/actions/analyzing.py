"""Hearing everything in one file."""

from __future__ import annotations

from typing import Any

from sori.app.actions.hearing import HeardNow, hear_now
from sori.library.ear import Ear
from sori.library.entries import TAGS
from sori.library.track import Track

__all__ = ["analyze", "flat"]

_AS_THEY_ARE = (
    "highlight",
    "tempo_curve",
    "metre",
    "local_keys",
    "free_chords",
    "onsets",
    "beat_histogram",
    "cycle",
    "pitch",
    "melody",
    "melody_notes",
    "notes",
    "contour",
    "scale",
    "expression",
)


def analyze(source: str, *, library: str | None = None, ear: Ear | None = None) -> HeardNow:
    """Return everything that can be heard in a file, or in a track of the library.

    Raises
    ------
    ParameterError
        There is no such file and no such track.
    DecodeError
        It cannot be read.
    """
    return hear_now(source, library=library, ear=ear)


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
        "downbeats_s": heard["metre"]["downbeats_s"],
        "beats_per_bar": heard["metre"]["beats_per_bar"],
        "chords": heard["chords"]["chords"],
        **heard["sections"],
        **{stage: heard[stage] for stage in _AS_THEY_ARE},
        "tags": {name.removeprefix(TAGS): said for name, said in heard.items() if name.startswith(TAGS)},
        "corrected": dict(track.corrected),
    }
