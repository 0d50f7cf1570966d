"""Fundamental frequency, the tune, notes."""

from __future__ import annotations

from sori.analysis.melody.pitch import pitch
from sori.analysis.melody.yin import Candidates, yin_candidates

__all__ = ["Candidates", "pitch", "yin_candidates"]
