"""What a summary classifier knows of an excerpt: each feature from the part of the sound that carries it.

Pitch classes and the shape of tones come from the harmonic part, attacks and their strength from the
percussive part, and what the whole sounds like from the mix. A Gaussian is not enough for any of them:
beside mean and deviation there are percentiles, and the movement from frame to frame.
"""

from __future__ import annotations

import math

from sori.features.recipes import Entry, Recipe

__all__ = ["recipe_for"]

_SHORT_S = 2.0
_CONTRAST_HZ = 2 * 6400  # its highest octave begins at half of that


def recipe_for(sample_rate: int, excerpt_s: float) -> Recipe:
    """Return the recipe for excerpts of this length.

    Words and notes (up to 2 s) are heard in frames of 32 ms every 8, and second by second summaries make no
    sense of them; longer sounds in 64 ms every 16, or 93 every 23 at 22.05 kHz.
    """
    frame_s = 0.032 if excerpt_s <= _SHORT_S else 0.064
    n_fft = 2 ** round(math.log2(frame_s * sample_rate))
    entries = tuple(entry for entry in _ENTRIES if entry.feature != "contrast" or sample_rate > _CONTRAST_HZ)
    return Recipe("sounds", 1, entries, sample_rate=sample_rate, n_fft=n_fft, hop_length=n_fft // 4)


_SHAPE = ("mean", "std", "p10", "p90")
_ENTRIES = (
    Entry("mfcc", statistics=_SHAPE, deltas=1),
    Entry("contrast", statistics=("mean", "std")),
    Entry("centroid", statistics=_SHAPE),
    Entry("bandwidth", statistics=_SHAPE),
    Entry("rolloff", statistics=_SHAPE),
    Entry("flatness", statistics=_SHAPE),
    Entry("flux", statistics=_SHAPE),
    Entry("level_db", statistics=("std", "p10", "p90", "max"), deltas=1),
    Entry("mfcc", source="harmonic", statistics=("mean", "std")),
    Entry("chroma", source="harmonic", statistics=("mean", "std")),
    Entry("level_db", source="harmonic", statistics=_SHAPE),
    Entry("mfcc", source="percussive", statistics=("mean", "std")),
    Entry("flux", source="percussive", statistics=_SHAPE),
    Entry("level_db", source="percussive", statistics=_SHAPE, deltas=1),
)
