"""Corrections by a person: kept in the library, and not touched by any later hearing."""

from __future__ import annotations

import contextlib
import dataclasses
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sori.app.actions.hearing import hear_track
from sori.app.actions.listing import the_track
from sori.app.actions.place import existing_library
from sori.errors import ParameterError
from sori.library.catalog import SqlCatalog
from sori.library.ear import Ear, our_ear
from sori.library.track import Track

if TYPE_CHECKING:
    from sori.analysis.rhythm.corrections import Count, Mended, Step

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
    step = _step(tempo, shift_beats, shift_s)
    if not (step or taps_s or meant_key or meant_chords):
        raise ParameterError(
            "nothing to correct; say --tempo, --tap, --shift, --shift-beats, --key or --chord"
        )
    ear = ear or our_ear()
    with existing_library(library) as catalog:
        track = the_track(catalog, text)
    for time, _ in meant_chords:
        if not 0 <= time < track.duration_s:
            raise ParameterError(f"there is no chord at {time:g} s; they go from 0 to {track.duration_s:g} s")
    if step or taps_s:
        heard = hear_track(track.id, stages=_COUNT, library=library, ear=ear).track
        count_of_taps = _tapped(heard, taps_s) if taps_s else None
        with _one_at_a_time(library) as catalog:
            _mend_count(catalog, heard, count_of_taps, taps_s, step)
    if meant_key:
        # One key for the song leaves no room for others from place to place.
        tonic, mode = meant_key["tonic"], meant_key["mode"]
        span = {"start_s": 0.0, "end_s": track.duration_s, "tonic": tonic, "mode": mode, "confidence": 1.0}
        everywhere = {"spans": [span], "modulations_s": []}
        with _one_at_a_time(library) as catalog:
            catalog.correct(track.id, {"key": meant_key, "local_keys": everywhere}, how=f"{tonic} {mode}")
    if meant_chords:  # last: they change where the beats are meant to be
        heard = hear_track(track.id, stages=("chords",), library=library, ear=ear).track
        with _one_at_a_time(library) as catalog:
            now = catalog.track(track.id)
            stage = now.results["chords"] if "chords" in now.corrected else heard.results["chords"]
            how = ", ".join(filter(None, (now.corrected.get("chords"), _spoken(meant_chords))))
            catalog.correct(track.id, {"chords": _chords(stage, meant_chords)}, how=how)
    with existing_library(library) as catalog:
        return catalog.track(track.id)


@contextlib.contextmanager
def _one_at_a_time(library: str | None) -> Iterator[SqlCatalog]:
    """Let nobody else correct between reading and writing: no correction is lost to another."""
    with existing_library(library) as catalog, catalog.correcting():
        yield catalog


def undo(text: str, what: Sequence[str], *, library: str | None = None) -> Track:
    """Let what was heard stand again, of these subjects of `UNDO`; return the track."""
    if unknown := [each for each in what if each not in UNDO]:
        raise ParameterError(f"--undo came as {', '.join(unknown)}; choose {', '.join(UNDO)}")
    with _one_at_a_time(library) as catalog:
        track = the_track(catalog, text)
        stages = [stage for each in what for stage in UNDO[each]]
        catalog.correct(track.id, dict.fromkeys(stages), how="")
        return catalog.track(track.id)


def _step(tempo: str | None, shift_beats: float, shift_s: float) -> Step | None:
    """Return what is to be done to the beats, if anything."""
    from sori.analysis.rhythm.corrections import Step

    step = Step(FACTORS[tempo] if tempo else 1.0, shift_s, shift_beats)
    return step if step != Step() else None


def _mend_count(
    catalog: SqlCatalog, heard: Track, of_taps: Count | None, taps_s: Sequence[float], step: Step | None
) -> None:
    """Read what was said of the beats of a track until now, add to it, and write it down."""
    from sori.analysis.rhythm.corrections import Mended
    from sori.analysis.rhythm.curve import tempo_curve
    from sori.events import as_dict

    if of_taps is not None:
        began, mended = f"{len(taps_s)} taps from {taps_s[0]:g} s", Mended(of_taps)
    else:
        began, mended = _until_now(catalog, heard)
    if len(mended.count.beats.times_s) < _BEATS:
        raise ParameterError(f"no beats were heard in {heard.path}; tap some of them with --tap")
    if step:
        mended = mended.then(step)
    count = mended.count
    if len(count.beats.times_s) < _BEATS:
        raise ParameterError("no beats are left after that; move them by less")
    if not began and not mended.steps:  # all was taken back, step by step
        catalog.correct(heard.id, dict.fromkeys(_COUNT), how="")
        return
    results = {
        "tempo": as_dict(dataclasses.replace(count.tempo, confidence=1.0, alternatives=())),
        "beats": as_dict(count.beats),
        "metre": as_dict(count.metre),
        "tempo_curve": as_dict(tempo_curve(count.beats)),
    }
    how = ", ".join(filter(None, (began, *map(_done, mended.steps))))
    origin = {
        "how": began,
        **{name: as_dict(event) for name, event in mended.origin._asdict().items()},
        "steps": [list(each) for each in mended.steps],
    }
    catalog.correct(heard.id, results, how=how, origin=origin)


def _until_now(catalog: SqlCatalog, heard: Track) -> tuple[str, Mended]:
    """Return how a person's count began, in words, and the count; if there is none, what was heard."""
    from sori.analysis.rhythm.corrections import Count, Mended, Step
    from sori.events import Beats, Metre, Tempo
    from sori.formats.results import event

    now = catalog.track(heard.id)
    origin = catalog.origin(heard.id, "beats")
    results = origin or {**heard.results, **now.results}
    count = Count(
        event(Tempo, results["tempo"]), event(Beats, results["beats"]), event(Metre, results["metre"])
    )
    if origin is None:  # of the time when only the outcome was kept, if there is any
        return now.corrected.get("beats", ""), Mended(count)
    return origin["how"], Mended(count, tuple(Step(*each) for each in origin["steps"]))


def _done(step: Step) -> str:
    """Return in words what was done."""
    factor = next((name for name, value in FACTORS.items() if abs(value - step.factor) < 1e-9), None)
    said = [f"tempo {factor}"] if factor else []
    if step.beats:
        said.append(f"moved by {step.beats:g} {'beat' if abs(step.beats) == 1 else 'beats'}")
    if step.seconds:
        said.append(f"moved by {step.seconds:g} s")
    return ", ".join(said)


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


def _chords(stage: Mapping[str, Any], wanted: Sequence[tuple[float, str]]) -> dict[str, Any]:
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
