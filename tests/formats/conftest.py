"""A song whose every event is known: a pickup, a bar of two in four, a tempo that moves, Korean words."""

from __future__ import annotations

import numpy as np
import pytest

from sori.events import (
    Accent,
    Articulation,
    BeatHistogram,
    Beats,
    Chord,
    ChordCandidate,
    Chords,
    Contour,
    Dynamics,
    Excerpt,
    Expression,
    Key,
    KeySpan,
    LocalKeys,
    Metre,
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
    TuningDrift,
    Vibrato,
)
from sori.formats import Results

POSITIONS = (3, 4, *(1, 2, 3, 4) * 4, 1, 2, *(1, 2, 3, 4) * 3)
HOSTILE = "첫 마디 {title: no}\r\n#\tA\x00\x1b[31m\u2028B"


@pytest.fixture
def song() -> Results:
    beats = tuple(np.round(0.37 + np.cumsum(np.linspace(0.45, 0.62, len(POSITIONS))), 6).tolist())
    downbeats = tuple(at for at, position in zip(beats, POSITIONS, strict=True) if position == 1)
    end = beats[-1] + 0.6
    labels = ("N", "C:maj", "G:maj/3", "A:min7", "F:maj7", "G:7", "Bb:hdim7", "E:sus4", "C:maj")
    edges = [0.0, *(beats[at] for at in (2, 6, 10, 14, 18, 20, 24, 28)), end]
    chords = tuple(
        Chord(start, stop, label, 0.75, (ChordCandidate("A:min", 0.1),))
        for start, stop, label in zip(edges, edges[1:], labels, strict=False)
    )
    at = tuple((np.arange(300) * 0.01).round(6).tolist())
    hz = tuple(np.linspace(220.0, 440.0, 300).tolist())
    return Results(
        duration_s=end,
        title="아리랑 제1절",
        artist="누군가",
        tempo=Tempo(112.0, 0.8, (TempoCandidate(56.0, 0.2, "half"),)),
        tempo_curve=TempoCurve(beats[1:], tuple((60 / np.diff(beats)).tolist()), False, 0.1),
        beats=Beats(beats),
        metre=Metre(4, 0.9, downbeats, POSITIONS, ()),
        onsets=Onsets((0.1, 0.82, 1.3), (0.5, 1.0, 0.25)),
        key=Key("C", "major", 0.8, ()),
        local_keys=LocalKeys(
            (KeySpan(0.0, beats[20], "C", "major", 0.9), KeySpan(beats[20], end, "Eb", "minor", 0.6)),
            (beats[20],),
        ),
        chords=Chords(chords, True),
        sections=Sections(
            (
                Section(0.0, beats[2], "intro", 0.5),
                Section(beats[2], beats[18], "A", 0.9),
                Section(beats[18], end, "후렴 B", 0.8),
            ),
            Excerpt(beats[2], beats[18]),
            Excerpt(beats[2], beats[18]),
        ),
        pitch=Pitch(at, hz, (0.5,) * 300, (False, *(True,) * 299)),
        melody=Pitch(at[:50], hz[:50], (0.25,) * 50, (True,) * 50),
        notes=Notes(
            (Note(0.9, 1.4, 60.0, 90, 0.9), Note(1.4, 1.9, 62.31, 40, 0.8), Note(2.5, 3.4, 66.75, 127, 1.0))
        ),
        melody_notes=Notes((Note(0.5, 1.0, 72.25, 100, 0.5), Note(1.0, 2.0, 74.0, 64, 0.75)), False),
        contour=Contour((0.0, 1.5, 3.0), (60.0, 64.5, 57.0), "rises, then falls"),
        beat_histogram=BeatHistogram((60.0, 120.0), (0.25, 0.75)),
        scale=Scale(
            261.5,
            0.75,
            False,
            (ScaleDegree(0.0, 0.625, 4.5), ScaleDegree(701.96, 0.375, 6.0)),
            (ScaleMatch("Pythagorean major", "Pythagorean", 0.5, 1.0, 5, 0.625),),
            PitchHistogram((1.0, *(0.0,) * 239)),
            TuningDrift((6.0, 10.0, 14.0), (0.0, -3.5, -7.0), -7.0),
        ),
        expression=Expression(
            Dynamics(
                (0.0, 1.0, 2.0), (-23.5, None, -20.0), 3.5, (Accent(1.25, 4.5),), (Swell(0.5, 2.0, -6.25),)
            ),
            Articulation(0.75, 0.0, 0.5, 0.5),
            Vibrato(5.5, 40.0),
            Swing(1.5, 0.5),
            Timing(0.005, 0.0125, 3),
            Tone((ToneWord("dark-bright", 0.75, "bright", 15.5, "ERB", "mean number of bands"),)),
            (
                NoteExpression(0.9, 0.95, "legato", Vibrato(5.5, 40.0), 0.0125, -21.5),
                NoteExpression(2.5, None, None, None, None, None),
            ),
        ),
    )


@pytest.fixture
def empty() -> Results:
    """Return what is heard in silence: every part asked, nothing found."""
    return Results(
        duration_s=3.0,
        tempo=Tempo(None, 0.0, ()),
        tempo_curve=TempoCurve((), (), True, 0.0),
        beats=Beats(()),
        metre=Metre(None, 0.0, (), (), ()),
        onsets=Onsets((), ()),
        key=Key(None, None, 0.0, ()),
        local_keys=LocalKeys((), ()),
        chords=Chords((), False),
        sections=Sections((), None, Excerpt(0.0, 0.0)),
        pitch=Pitch((), (), (), ()),
        melody=Pitch((), (), (), ()),
        notes=Notes(()),
    )
