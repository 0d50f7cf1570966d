"""Corrections by a person: kept in the library, and not touched by any later hearing."""

from __future__ import annotations

import dataclasses
import math
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sori.app.actions.hearing import hear_track
from sori.app.actions.listing import the_track
from sori.app.actions.place import existing_library
from sori.errors import ParameterError
from sori.library.ear import Ear, our_ear
from sori.library.track import Track

if TYPE_CHECKING:
    from sori.analysis.rhythm.corrections import Count

__all__ = ["FACTORS", "UNDO", "correct", "undo"]

FACTORS = {"x2": 2.0, "/2": 0.5, "2/3": 2 / 3, "3/2": 1.5}
"""What the tempo can be multiplied by, as people write it."""

_TAPS, _BEATS = 3, 2  # the fewest
_COUNT = ("tempo", "beats", "metre", "tempo_curve")
_KEYS = ("key", "local_keys")
UNDO = {"beats": _COUNT, "key": _KEYS, "chords": ("chords",)}
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
        raise ParameterError(f"--tempo came as {tempo!r}; choose {', '.join(FACTORS)}")
    if taps_s and len(taps_s) < _TAPS:
        raise ParameterError(f"--tap came with {len(taps_s)} times; tap three or more beats in a row")
    if not all(map(math.isfinite, (*taps_s, shift_beats, shift_s, *(time for time, _ in chords)))):
        raise ParameterError("a time or a shift is no finite number; write seconds, as in 12.5")
    meant_key = None if key is None else _key(key)
    meant_chords = [(time, _label(name)) for time, name in chords]
    ear = ear or our_ear()
    with existing_library(library) as catalog:
        track = the_track(catalog, text)
    changes: list[tuple[dict[str, dict[str, Any]], str]] = []
    if tempo or taps_s or shift_beats or shift_s:
        heard = hear_track(track.id, stages=_COUNT, library=library, ear=ear).track
        changes.append(_counted(heard, tempo, taps_s, shift_beats, shift_s))
    if meant_key is not None:
        # One key for the song leaves no room for others from place to place.
        tonic, mode = meant_key["tonic"], meant_key["mode"]
        span = {"start_s": 0.0, "end_s": track.duration_s, "tonic": tonic, "mode": mode, "confidence": 1.0}
        everywhere = {"spans": [span], "modulations_s": []}
        changes.append(({"key": meant_key, "local_keys": everywhere}, f"{tonic} {mode}"))
    if meant_chords:
        heard = hear_track(track.id, stages=("chords",), library=library, ear=ear).track
        changes.append(({"chords": _chords(heard, meant_chords)}, _spoken(meant_chords)))
    if not changes:
        raise ParameterError(
            "nothing to correct; say --tempo, --tap, --shift, --shift-beats, --key or --chord"
        )
    with existing_library(library) as catalog:
        before = catalog.track(track.id).corrected
        for results, how in changes:
            for stage, result in results.items():
                adds_up = stage in before and stage not in _KEYS
                said = f"{before[stage]}, {how}" if adds_up else how
                catalog.correct(track.id, {stage: result}, how=said)
        return catalog.track(track.id)


def undo(text: str, what: Sequence[str], *, library: str | None = None) -> Track:
    """Let what was heard stand again, of these subjects of `UNDO`; return the track."""
    if unknown := [each for each in what if each not in UNDO]:
        raise ParameterError(f"--undo came as {', '.join(unknown)}; choose {', '.join(UNDO)}")
    with existing_library(library) as catalog:
        track = the_track(catalog, text)
        stages = [stage for each in what for stage in UNDO[each]]
        catalog.correct(track.id, dict.fromkeys(stages), how="")
        return catalog.track(track.id)


def _counted(
    track: Track, tempo: str | None, taps_s: Sequence[float], shift_beats: float, shift_s: float
) -> tuple[dict[str, dict[str, Any]], str]:
    """Return the corrected stages of tempo and beats, and in words what was done."""
    from sori.analysis.rhythm.corrections import Count, scaled, shifted
    from sori.analysis.rhythm.curve import tempo_curve
    from sori.events import Beats, Metre, Tempo, as_dict
    from sori.formats.results import event

    heard = track.results
    count = Count(event(Tempo, heard["tempo"]), event(Beats, heard["beats"]), event(Metre, heard["metre"]))
    said = []
    if taps_s:
        count = _tapped(track, taps_s)
        said.append(f"{len(taps_s)} taps from {taps_s[0]:g} s")
    if len(count.beats.times_s) < _BEATS:
        raise ParameterError(f"no beats were heard in {track.path}; tap some of them with --tap")
    if tempo is not None:
        count = scaled(count, FACTORS[tempo])
        said.append(f"tempo {tempo}")
    if shift_beats or shift_s:
        count = shifted(count, seconds=shift_s, beats=shift_beats)
        unit = "beat" if abs(shift_beats) == 1 else "beats"
        said += [f"moved by {shift_beats:g} {unit}"] if shift_beats else []
        said += [f"moved by {shift_s:g} s"] if shift_s else []
    if len(count.beats.times_s) < _BEATS:
        raise ParameterError("no beats are left after that; move them by less")
    results = {
        "tempo": as_dict(dataclasses.replace(count.tempo, confidence=1.0, alternatives=())),
        "beats": as_dict(count.beats),
        "metre": as_dict(count.metre),
        "tempo_curve": as_dict(tempo_curve(count.beats)),
    }
    return results, ", ".join(said)


def _tapped(track: Track, taps_s: Sequence[float]) -> Count:
    """Hear the file again for where its beats may be, and carry the taps through it."""
    from sori import audio
    from sori.analysis.listening import Listening
    from sori.analysis.material import condense
    from sori.analysis.rhythm.corrections import Count, tapped

    if not os.path.isfile(track.path):
        raise ParameterError(f"{track.path} must be heard for taps, and is not there; bring it back")
    if taps_s[-1] > track.duration_s or taps_s[0] < 0:
        raise ParameterError(f"--tap came with times outside the recording; it lasts {track.duration_s:g} s")
    listening = Listening(condense(audio.blocks(track.path)))
    tempo, beats = tapped(taps_s, listening.beat_strength)
    return Count(tempo, beats, listening.metre_of(beats))


def _key(text: str) -> dict[str, Any]:
    from sori.library.compatible import parse_key
    from sori.theory.spelling import note_pitch_class
    from sori.units import PITCH_CLASSES

    tonic, mode = parse_key(text)
    tonic = PITCH_CLASSES[note_pitch_class(tonic)]
    return {"tonic": tonic, "mode": mode, "confidence": 1.0, "alternatives": []}


def _label(name: str) -> str:
    """Return the Harte label of a chord, written so or as in a lead sheet."""
    from sori.theory.chords import parse_chord
    from sori.theory.lead_sheet import parse_chord_name

    return (parse_chord(name) if ":" in name else parse_chord_name(name)).label


def _chords(track: Track, wanted: Sequence[tuple[float, str]]) -> dict[str, Any]:
    stage = track.results["chords"]
    chords = [dict(chord) for chord in stage["chords"]]
    for time, label in wanted:
        here = [chord for chord in chords if chord["start_s"] <= time < chord["end_s"]]
        if not here:
            last = chords[-1]["end_s"] if chords else 0.0
            raise ParameterError(f"there is no chord at {time:g} s; they go from 0 to {last:g} s")
        here[0].update(label=label, confidence=1.0, alternatives=[])
    return {**stage, "chords": chords}


def _spoken(chords: Sequence[tuple[float, str]]) -> str:
    from sori.theory.lead_sheet import chord_name

    return ", ".join(f"{chord_name(label)} at {time:g} s" for time, label in chords)
