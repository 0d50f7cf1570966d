"""Sections and what repeats."""

from __future__ import annotations

import dataclasses

from sori.events.levels import Excerpt

__all__ = ["Section", "Sections"]


@dataclasses.dataclass(frozen=True)
class Section:
    """A section; equal labels (``"A"``, ``"B"``, ...) mark what repeats.

    ``confidence``: how likely its two ends are boundaries, 0 to 1.
    """

    start_s: float
    end_s: float
    label: str
    confidence: float


@dataclasses.dataclass(frozen=True)
class Sections:
    """Sections without gaps, the section that returns most (a likely chorus), and a short excerpt that
    stands for all.

    ``chorus`` is ``None`` where nothing returns.
    """

    sections: tuple[Section, ...]
    chorus: Excerpt | None
    thumbnail: Excerpt
