"""What one recording does, subject by subject: which stages each needs, and its answer as plain data."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from sori.app.actions import chord_sheet
from sori.library.track import Track

__all__ = ["SUBJECTS", "Subject"]


@dataclasses.dataclass(frozen=True)
class Subject:
    """A question about one recording.

    ``check`` refuses options that make no sense before anything is heard; ``answer`` turns the results
    of these ``stages`` into JSON data; ``part`` is what goes into a form that holds one thing.
    """

    stages: tuple[str, ...]
    part: str
    answer: Callable[..., dict[str, Any]]
    check: Callable[..., None] = lambda **options: None


def _head(track: Track) -> dict[str, Any]:
    return {
        "path": track.path,
        "title": track.title,
        "artist": track.artist,
        "duration_s": track.duration_s,
    }


def _corrected(track: Track, stages: tuple[str, ...]) -> dict[str, str]:
    return {stage: how for stage, how in track.corrected.items() if stage in stages}


_BEATS = ("tempo", "tempo_curve", "beats", "metre", "onsets", "beat_histogram", "cycle")
_KEY = ("key", "local_keys", "tuning", "scale")
_SECTIONS = ("sections", "highlight")
_PITCH = ("pitch", "notes", "contour")


def _beats(track: Track) -> dict[str, Any]:
    heard = track.results
    return {
        **_head(track),
        "tempo_bpm": heard["tempo"]["bpm"],
        "tempo_confidence": heard["tempo"]["confidence"],
        "tempo_alternatives": heard["tempo"]["alternatives"],
        "tempo_curve": heard["tempo_curve"],
        "beats_s": heard["beats"]["times_s"],
        "downbeats_s": heard["metre"]["downbeats_s"],
        "metre": heard["metre"],
        "onsets": heard["onsets"],
        "beat_histogram": heard["beat_histogram"],
        "cycle": heard["cycle"],
        "corrected": _corrected(track, _BEATS),
    }


def _key(track: Track) -> dict[str, Any]:
    heard = track.results
    key = {name: heard["key"][name] for name in ("tonic", "mode", "confidence")}
    return {
        **_head(track),
        "key": key,
        "key_alternatives": heard["key"]["alternatives"],
        "local_keys": heard["local_keys"],
        "tuning_hz": heard["tuning"]["a4_hz"],
        "tuning_cents": heard["tuning"]["cents"],
        "scale": heard["scale"],
        "corrected": _corrected(track, _KEY),
    }


def _sections(track: Track) -> dict[str, Any]:
    found = track.results["sections"]
    return {**_head(track), **found, "highlight": track.results["highlight"]}


def _pitch(track: Track) -> dict[str, Any]:
    heard = track.results
    return {**_head(track), **heard["pitch"], "notes": heard["notes"]["notes"], "contour": heard["contour"]}


def _melody(track: Track) -> dict[str, Any]:
    return {**_head(track), **track.results["melody"]}


SUBJECTS = {
    "beats": Subject(_BEATS, "beats", _beats),
    "chords": Subject(("chords", "key"), "chords", chord_sheet.chord_sheet, chord_sheet.check),
    "key": Subject(_KEY, "keys", _key),
    "sections": Subject(_SECTIONS, "sections", _sections),
    "pitch": Subject(_PITCH, "pitch", _pitch),
    "melody": Subject(("melody",), "melody", _melody),
}
