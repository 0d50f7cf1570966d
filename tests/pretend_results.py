"""Results of every stage for a pretend recording of ten seconds: four chords, two sections, one tune."""

from __future__ import annotations

import dataclasses
from typing import Any

from sori.events import (
    Accent,
    Articulation,
    BeatHistogram,
    Beats,
    Chord,
    ChordCandidate,
    Chords,
    Contour,
    Cycle,
    Dynamics,
    Excerpt,
    Expression,
    Key,
    KeyCandidate,
    KeySpan,
    Levels,
    LocalKeys,
    Loudness,
    Metre,
    MetreCandidate,
    Note,
    NoteExpression,
    Notes,
    Onsets,
    Pitch,
    PitchHistogram,
    Scale,
    ScaleDegree,
    ScaleMatch,
    Section,
    Sections,
    Swell,
    Swing,
    Tempo,
    TempoCandidate,
    TempoCurve,
    Timing,
    Tone,
    ToneWord,
    Tuning,
    TuningDrift,
    Vibrato,
    as_dict,
)

CHORDS = ("A:min", "F:maj", "C:maj/3", "G:7")
LENGTH_S = 10.0


def everything(bpm: float, *, silent: bool) -> dict[str, Any]:
    """Return plain results by stage; of silence, what every stage says of silence."""
    excerpts = {"loudest": as_dict(Excerpt(0.0, LENGTH_S)), "most_repeated": as_dict(Excerpt(0.0, LENGTH_S))}
    results = {**_levels(silent), **_rhythm(None if silent else bpm), **_rest(silent)}
    return {**{name: as_dict(event) for name, event in results.items()}, "highlight": excerpts}


def _levels(silent: bool) -> dict[str, Any]:
    lufs = None if silent else -14.0
    return {
        "loudness": Loudness(lufs, lufs and 6.0, lufs, lufs, lufs and -1.0),
        "levels": Levels(None if silent else -1.5, 0.0, 0.0, float(silent), 0, 0),
    }


def _rhythm(bpm: float | None) -> dict[str, Any]:
    if bpm is None:
        return {
            "tempo": Tempo(None, 0.0, ()),
            "tempo_curve": TempoCurve((), (), True, 0.0),
            "beats": Beats(()),
            "metre": Metre(None, 0.0, (), (), ()),
            "onsets": Onsets((), ()),
            "beat_histogram": BeatHistogram((60.0, 120.0), (0.0, 0.0)),
            "cycle": Cycle(None, None, None, (), (), 0.0),
        }
    beats = tuple(round(0.5 + beat * 60 / bpm, 3) for beat in range(int(9.4 * bpm / 60)))
    positions = tuple(beat % 4 + 1 for beat in range(len(beats)))
    return {
        "tempo": Tempo(bpm, 0.5, (TempoCandidate(2 * bpm, 0.3, "double"),)),
        "tempo_curve": TempoCurve(beats, (bpm,) * len(beats), True, 0.01),
        "beats": Beats(beats),
        "metre": Metre(4, 0.8, beats[::4], positions, (MetreCandidate(2, 0.1),)),
        "onsets": Onsets(beats, (1.0,) * len(beats)),
        "beat_histogram": BeatHistogram((60.0, 120.0), (0.25, 0.75)),
        "cycle": Cycle(4.0, 8, 0.5, (0.5, 4.5), (1.0, 0.2, 0.4, 0.2, 0.6, 0.2, 0.4, 0.2), 0.7),
    }


def _rest(silent: bool) -> dict[str, Any]:
    moments = (0.5, 1.0, 1.5)
    whole = Excerpt(0.0, LENGTH_S)
    histogram = PitchHistogram((0.0,) * 240)
    if silent:
        nothing = Pitch(moments, (0.0,) * 3, (0.0,) * 3, (False,) * 3)
        return {
            "tuning": Tuning(None, None),
            "key": Key(None, None, 0.0, ()),
            "local_keys": LocalKeys((), ()),
            "chords": Chords((Chord(0.0, LENGTH_S, "N", 1.0, ()),), beat_synchronous=False),
            "free_chords": Chords((Chord(0.0, LENGTH_S, "N", 1.0, ()),), beat_synchronous=False),
            "scale": Scale(None, 0.0, False, (), (), histogram, TuningDrift((), (), 0.0)),
            "sections": Sections((Section(0.0, LENGTH_S, "A", 0.0),), None, whole),
            "pitch": nothing,
            "melody": nothing,
            "melody_notes": Notes((), single_voice=False),
            "notes": Notes(()),
            "contour": Contour((), (), ""),
            "expression": _expression(),
        }
    spans = (KeySpan(0.0, 5.0, "A", "minor", 0.9), KeySpan(5.0, LENGTH_S, "C", "major", 0.6))
    chords = tuple(
        Chord(
            2.5 * k, 2.5 * k + 2.5, label, 0.75, (ChordCandidate("D:min7", 0.125), ChordCandidate("N", 0.1))
        )
        for k, label in enumerate(CHORDS)
    )
    degrees = (ScaleDegree(0.0, 0.5, 6.0), ScaleDegree(350.0, 0.125, 5.0), ScaleDegree(702.0, 0.375, 5.0))
    sections = (Section(0.0, 5.0, "A", 0.8), Section(5.0, LENGTH_S, "A", 0.7))
    sung = Pitch(moments, (440.0, 440.0, 523.25), (0.9, 0.9, 0.8), (True, True, True))
    return {
        "tuning": Tuning(442.0, 7.8),
        "key": Key("A", "minor", 0.9, (KeyCandidate("C", "major", 0.08),)),
        "local_keys": LocalKeys(spans, (5.0,)),
        "chords": Chords(chords, beat_synchronous=True),
        "free_chords": Chords(
            tuple(
                dataclasses.replace(chord, end_s=chord.end_s - 0.2, start_s=max(0.0, chord.start_s - 0.2))
                for chord in chords
            ),
            beat_synchronous=False,
        ),
        "scale": Scale(
            440.0,
            0.8,
            True,
            degrees,
            (ScaleMatch("natural minor", "just", 3.0, 0.97),),
            histogram,
            TuningDrift((0.0, 5.0), (0.0, 4.0), 4.0),
        ),
        "sections": Sections(sections, Excerpt(0.0, 5.0), whole),
        "pitch": sung,
        "melody": sung,
        "melody_notes": Notes((Note(0.5, 1.5, 69.0, 90, 0.9),), single_voice=False),
        "notes": Notes((Note(0.5, 1.25, 69.12, 90, 0.9), Note(1.5, 2.0, 72.0, 70, 0.8))),
        "contour": Contour((0.5, 2.0), (69.12, 72.0), "rises"),
        "expression": _expression(),
    }


def _expression() -> Expression:
    dynamics = Dynamics((0.0, 5.0), (-14.0, None), 6.0, (Accent(0.5, 3.0),), (Swell(0.0, 4.0, 5.0),))
    bright = ToneWord("dark-bright", 0.8, "bright", 2400.0, "Hz", "the mean of the spectrum")
    notes = (
        NoteExpression(0.5, 0.75, "detached", Vibrato(5.5, 30.0), 0.01, -14.0),
        NoteExpression(1.5, None, None, None, None, None),
    )
    return Expression(
        dynamics,
        Articulation(0.75, 0.0, 1.0, 0.0),
        Vibrato(5.5, 30.0),
        Swing(1.5, 0.6),
        Timing(0.01, 0.02, 2),
        Tone((bright,)),
        notes,
    )
