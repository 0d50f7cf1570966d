"""Corrections by a person: kept in the library, and not touched by any later hearing."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from sori.app.actions.hearing import hear_now
from sori.app.actions.listing import the_track
from sori.app.actions.place import existing_library
from sori.errors import ParameterError
from sori.library.ear import Ear, our_ear
from sori.library.track import Track

__all__ = ["FACTORS", "UNDO", "correct", "undo"]

FACTORS = {"x2": 2.0, "/2": 0.5, "2/3": 2 / 3, "3/2": 1.5}
"""What the tempo can be multiplied by, as people write it."""

_COUNT = ("tempo", "beats", "metre", "tempo_curve")
UNDO = {"beats": _COUNT, "key": ("key",), "chords": ("chords",)}
"""What can be taken back, and the stages it stands for."""


def correct(
    text: str,
    *,
    library: str | None = None,
    tempo: str | None = None,
    taps_s: Sequence[float] = (),
    shift_beats: float = 0.0,
    shift_s: float = 0.0,
    key: str | None = None,
    chords: Sequence[tuple[float, str]] = (),
    ear: Ear | None = None,
) -> Track:
    """Keep what a person says of a track of the library instead of what was heard; return the track.

    Parameters
    ----------
    text
        An id, a path or a title.
    tempo
        A key of `FACTORS`; bars and beats follow.
    taps_s
        Three or more taps on consecutive beats, seconds; tempo and beats follow from them.
    shift_beats, shift_s
        How far to move the beats: whole beats move the bar lines, a fraction or seconds all beats.
    key
        Such as ``"A minor"``, ``"Am"``.
    chords
        Times and Harte labels or lead-sheet names: what sounds there is called so from now on.

    Raises
    ------
    ParameterError
        There is no library or no such track, or nothing or nonsense is said.
    """
    if tempo is not None and tempo not in FACTORS:
        raise ParameterError(f"the tempo came as {tempo!r}; choose {', '.join(FACTORS)}")
    ear = ear or our_ear()
    with existing_library(library) as catalog:
        track = the_track(catalog, text)
    changes: dict[str, dict[str, Any]] = {}
    said = []
    if tempo or len(taps_s) or shift_beats or shift_s:
        track = hear_now(track.id, stages=_COUNT, library=library, ear=ear).track
        counted, how = _counted(track, tempo, taps_s, shift_beats, shift_s)
        changes |= counted
        said += how
    if key is not None:
        changes["key"] = _key(key)
        said.append(f"key {changes['key']['tonic']} {changes['key']['mode']}")
    if chords:
        track = hear_now(track.id, stages=("chords",), library=library, ear=ear).track
        changes["chords"] = _chords(track, chords)
        said += [f"{label} at {time:g} s" for time, label in chords]
    if not changes:
        raise ParameterError("nothing to correct; say --tempo, --tap, --shift, --key or --chord")
    with existing_library(library) as catalog, catalog.exclusive():
        for stage, result in changes.items():
            before = track.corrected.get(stage)
            how_now = ", ".join(said)
            catalog.correct(track.id, {stage: result}, how=f"{before}, {how_now}" if before else how_now)
        return catalog.track(track.id)


def undo(text: str, what: Sequence[str], *, library: str | None = None) -> Track:
    """Let what was heard stand again, of these subjects of `UNDO`; return the track."""
    if unknown := [each for each in what if each not in UNDO]:
        raise ParameterError(f"cannot take back {', '.join(unknown)}; choose {', '.join(UNDO)}")
    with existing_library(library) as catalog, catalog.exclusive():
        track = the_track(catalog, text)
        stages = [stage for each in what for stage in UNDO[each]]
        catalog.correct(track.id, dict.fromkeys(stages), how="")
        return catalog.track(track.id)


def _counted(
    track: Track, tempo: str | None, taps_s: Sequence[float], shift_beats: float, shift_s: float
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Return the corrected stages of tempo and beats, and in words what was done."""
    from sori.analysis.rhythm.corrections import Count, scaled, shifted
    from sori.analysis.rhythm.curve import tempo_curve
    from sori.events import Beats, Metre, Tempo, as_dict
    from sori.formats.results import event

    heard = track.results
    count = Count(event(Tempo, heard["tempo"]), event(Beats, heard["beats"]), event(Metre, heard["metre"]))
    said = []
    if len(taps_s):
        count = _tapped(track, taps_s, count)
        said.append(f"{len(taps_s)} taps")
    if tempo is not None:
        count = scaled(count, FACTORS[tempo])
        said.append(f"tempo {tempo}")
    if shift_beats or shift_s:
        count = shifted(count, seconds=shift_s, beats=shift_beats)
        said += [f"moved by {shift_beats:g} beats"] if shift_beats else []
        said += [f"moved by {shift_s:g} s"] if shift_s else []
    results = {
        "tempo": as_dict(dataclasses.replace(count.tempo, confidence=1.0)),
        "beats": as_dict(count.beats),
        "metre": as_dict(count.metre),
        "tempo_curve": as_dict(tempo_curve(count.beats)),
    }
    return results, said


def _tapped(track: Track, taps_s: Sequence[float], count: Any) -> Any:
    """Hear the file again for where its beats may be, and carry the taps through it."""
    from sori.analysis.rhythm.corrections import Count, tapped

    listening = _listening(track)
    tempo, beats = tapped(taps_s, listening.beat_strength)
    return Count(tempo, beats, listening.metre_of(beats))


def _listening(track: Track) -> Any:
    from sori import audio
    from sori.analysis.listening import Listening
    from sori.analysis.material import condense

    return Listening(condense(audio.blocks(track.path)))


def _key(text: str) -> dict[str, Any]:
    from sori.theory.keys import parse_key
    from sori.theory.spelling import note_pitch_class
    from sori.units import PITCH_CLASSES

    key = parse_key(text)
    return {
        "tonic": PITCH_CLASSES[note_pitch_class(key.tonic)],
        "mode": key.mode,
        "confidence": 1.0,
        "alternatives": [],
    }


def _chords(track: Track, wanted: Sequence[tuple[float, str]]) -> dict[str, Any]:
    from sori.theory.lead_sheet import parse_chord_name

    stage = track.results["chords"]
    chords = [dict(chord) for chord in stage["chords"]]
    for time, name in wanted:
        label = "N" if name == "N" else parse_chord_name(name).label
        here = [chord for chord in chords if chord["start_s"] <= time < chord["end_s"]]
        if not here:
            raise ParameterError(f"there is no chord at {time:g} s; {track.path} has them up to its end")
        here[0].update(label=label, confidence=1.0)
    return {**stage, "chords": chords}
