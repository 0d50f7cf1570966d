"""A note of any pitch."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Note:
    """A note: seconds, cents above the tonic in any octave, loudness 0 to 1, and the part that plays it."""

    start: float
    length: float
    cents: float
    gain: float
    part: str
