"""Fundamental frequency, the tune, notes."""

from __future__ import annotations

from sori.analysis.melody.contour import contour
from sori.analysis.melody.live_pitch import PitchStream
from sori.analysis.melody.notes import notes
from sori.analysis.melody.pitch import pitch
from sori.analysis.melody.predominant import melody, melody_of_partials
from sori.analysis.melody.yin import Candidates, yin_candidates

__all__ = [
    "Candidates",
    "PitchStream",
    "contour",
    "melody",
    "melody_of_partials",
    "notes",
    "pitch",
    "yin_candidates",
]
