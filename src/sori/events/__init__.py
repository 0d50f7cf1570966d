"""What analysis says about a recording: small frozen records with their units in their names.

Times are seconds from the first decoded sample. A value that cannot be known (the tempo of
silence, the loudness of nothing) is ``None``, never NaN, so every record is plain JSON.
"""

from __future__ import annotations

from sori.events.expression import (
    Accent,
    Articulation,
    Dynamics,
    Expression,
    NoteExpression,
    Swell,
    Swing,
    Timing,
    Tone,
    ToneWord,
    Vibrato,
)
from sori.events.harmony import Chord, ChordCandidate, Chords, Key, KeyCandidate, KeySpan, LocalKeys, Tuning
from sori.events.levels import Excerpt, Levels, Loudness
from sori.events.melody import Contour, Note, Notes, Pitch
from sori.events.plain import as_dict
from sori.events.rhythm import (
    BeatHistogram,
    Beats,
    Cycle,
    Metre,
    MetreCandidate,
    Onsets,
    Tempo,
    TempoCandidate,
    TempoCurve,
)
from sori.events.scale import PitchHistogram, Scale, ScaleDegree, ScaleMatch, TuningDrift
from sori.events.structure import Section, Sections

__all__ = [
    "Accent",
    "Articulation",
    "BeatHistogram",
    "Beats",
    "Chord",
    "ChordCandidate",
    "Chords",
    "Contour",
    "Cycle",
    "Dynamics",
    "Excerpt",
    "Expression",
    "Key",
    "KeyCandidate",
    "KeySpan",
    "Levels",
    "LocalKeys",
    "Loudness",
    "Metre",
    "MetreCandidate",
    "Note",
    "NoteExpression",
    "Notes",
    "Onsets",
    "Pitch",
    "PitchHistogram",
    "Scale",
    "ScaleDegree",
    "ScaleMatch",
    "Section",
    "Sections",
    "Swell",
    "Swing",
    "Tempo",
    "TempoCandidate",
    "TempoCurve",
    "Timing",
    "Tone",
    "ToneWord",
    "Tuning",
    "TuningDrift",
    "Vibrato",
    "as_dict",
]
