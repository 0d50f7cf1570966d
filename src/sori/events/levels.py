"""How loud, and which part to hear first."""

from __future__ import annotations

import dataclasses

__all__ = ["Excerpt", "Levels", "Loudness"]


@dataclasses.dataclass(frozen=True)
class Loudness:
    """Loudness after ITU-R BS.1770-5 and EBU Tech 3341 and 3342; ``None`` where nothing passes the gate."""

    integrated_lufs: float | None
    range_lu: float | None
    max_momentary_lufs: float | None
    max_short_term_lufs: float | None
    true_peak_dbtp: float | None


@dataclasses.dataclass(frozen=True)
class Levels:
    """Silence and clipping. Silent means below -60 dBFS in every channel over a 10 ms cell."""

    sample_peak_dbfs: float | None
    leading_silence_s: float
    trailing_silence_s: float
    silent_fraction: float
    clipped_samples: int
    clipped_runs: int


@dataclasses.dataclass(frozen=True)
class Excerpt:
    """A part of the recording worth hearing first."""

    start_s: float
    end_s: float
