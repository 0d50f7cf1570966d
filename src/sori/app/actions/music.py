"""What one recording does, subject by subject: which stages each needs, and its answer as plain data."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from sori.app.actions import chord_sheet, scales
from sori.library.track import Track

__all__ = ["SUBJECTS", "Subject"]


def _accept(**_: Any) -> None:
    """Refuse nothing."""


def _as_heard(track: Track, stages: Sequence[str], **_: Any) -> dict[str, Any]:
    return {name: track.results[name] for name in stages}


@dataclasses.dataclass(frozen=True)
class Subject:
    """A question about one recording.

    Attributes
    ----------
    stages, beside
        What must be heard for the answer, and what a file has besides: its bars, its key.
    parts
        What goes into a form that holds one thing: the first of these that it can hold.
    answer
        Turns results into JSON data.
    check
        Refuses options that make no sense before anything is heard.
    told
        The results to write to a file.
    """

    stages: tuple[str, ...]
    parts: tuple[str, ...]
    answer: Callable[..., dict[str, Any]]
    beside: tuple[str, ...] = ()
    check: Callable[..., None] = _accept
    told: Callable[..., dict[str, Any]] = _as_heard


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


def _key(track: Track, *, scl: Sequence[str] = ()) -> dict[str, Any]:
    heard = track.results
    key = {name: heard["key"][name] for name in ("tonic", "mode", "confidence")}
    return {
        **_head(track),
        "key": key,
        "key_alternatives": heard["key"]["alternatives"],
        "local_keys": heard["local_keys"],
        "tuning_hz": heard["tuning"]["a4_hz"],
        "tuning_cents": heard["tuning"]["cents"],
        "scale": scales.scale_of(track, scl),
        "corrected": _corrected(track, _KEY),
    }


def _sections(track: Track) -> dict[str, Any]:
    found = track.results["sections"]
    return {**_head(track), **found, "highlight": track.results["highlight"]}


def _pitch(track: Track) -> dict[str, Any]:
    heard = track.results
    return {**_head(track), **heard["pitch"], **heard["notes"], "contour": heard["contour"]}


def _melody(track: Track) -> dict[str, Any]:
    return {**_head(track), **track.results["melody"], **track.results["melody_notes"]}


def _freed(track: Track) -> Track:
    """Return a track whose chords are those that change wherever the sound does, as they were heard."""
    results = {**track.results, "chords": track.results["free_chords"]}
    corrected = {stage: how for stage, how in track.corrected.items() if stage != "chords"}
    return dataclasses.replace(track, results=results, corrected=corrected)


def _free_chords(track: Track, **wanted: Any) -> dict[str, Any]:
    return chord_sheet.chord_sheet(_freed(track), **wanted)


def _free_moved(track: Track, stages: Sequence[str], **wanted: Any) -> dict[str, Any]:
    names = ["chords" if name == "free_chords" else name for name in stages]
    return chord_sheet.moved(_freed(track), names, **wanted)


_BARS = ("beats", "metre", "tempo")

SUBJECTS = {
    "beats": Subject(_BEATS, ("beats",), _beats),
    "chords": Subject(
        ("chords", "key"),
        ("chords",),
        chord_sheet.chord_sheet,
        beside=(*_BARS, "tuning"),
        check=chord_sheet.check,
        told=chord_sheet.moved,
    ),
    "free_chords": Subject(
        ("free_chords", "key"),
        ("chords",),
        _free_chords,
        beside=(*_BARS, "tuning"),
        check=chord_sheet.check,
        told=_free_moved,
    ),
    "key": Subject(_KEY, ("keys", "scale"), _key, check=scales.check, told=scales.compared),
    "sections": Subject(_SECTIONS, ("sections",), _sections, beside=_BARS),
    "pitch": Subject(_PITCH, ("pitch", "notes"), _pitch),
    "melody": Subject(("melody", "melody_notes"), ("melody", "melody_notes"), _melody),
}
