"""A pitch made exact by the peaks of its partials, `refined`, and doubted for what lies between, `doubted`.

A network says which bins a pitch lies in; its partials' peaks, each a parabola through three levels in
dB, say where between them. Every partial counts by how far it stands out, so those lost in noise do not.
What stands out half-way between its partials says that it is the octave of the pitch.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.analysis.melody.pitch_bands import PitchBands
from sori.units import midi_to_hz

__all__ = ["doubted", "refined"]

Floats = NDArray[np.float32]

_PARTIALS = 8
_FARTHEST = 1.5  # bins from where a partial should lie: beyond it is something else's
_AROUND = 6  # bins to each side, beside which a peak stands out ...
_MOST = 6.0  # ... by no more than this counts, in nats
_BETWEEN = np.array([1.5, 2.5], np.float32)  # of a pitch: where its octave below has partials
_DOUBT, _LIMIT = 0.5, 4.0  # nats that a nat which stands out there takes; no more than so much counts


def refined(level: Floats, midi: Floats, bands: PitchBands) -> Floats:
    """Return pitches ``(frames, candidates)`` moved to where the peaks of their partials lie.

    Parameters
    ----------
    level : (frames, bands)
        Logarithms of constant-Q power, at least two bands to a semitone.
    midi : (frames, candidates)
        Right to half a semitone or so; what has no peak near its partials stays.
    """
    if not midi.size:
        return midi
    rows = np.arange(len(level))[:, None, None]
    partials = np.arange(1, _PARTIALS + 1, dtype=np.float32)
    lowest = bands.bins_per_octave * np.log2(midi_to_hz(midi) / bands.fmin)
    place = lowest[..., None] + bands.bins_per_octave * np.log2(partials)
    last = level.shape[1] - 1
    near = np.clip(np.round(place).astype(np.int64), 2, last - 2)
    three = np.stack([level[rows, near + step] for step in (-1, 0, 1)])
    peak = near + three.argmax(0) - 1
    below, middle, above = (level[rows, peak + step] for step in (-1, 0, 1))
    bend = 2 * middle - below - above
    away = peak + 0.5 * (above - below) / np.maximum(bend, 1e-6) - place
    beside = 0.5 * (
        level[rows, np.maximum(near - _AROUND, 0)] + level[rows, np.minimum(near + _AROUND, last)]
    )
    is_peak = (middle >= below) & (middle >= above) & (bend > 1e-6) & (np.abs(away) < _FARTHEST)
    weight = np.where(is_peak, np.clip(middle - beside, 0, _MOST) ** 2, 0)
    total = weight.sum(-1)
    moved = (np.where(is_peak, away, 0) * weight).sum(-1) / np.maximum(total, 1e-9)
    return np.asarray(midi + moved * (12 / bands.bins_per_octave), np.float32)


def doubted(level: Floats, midi: Floats, bands: PitchBands) -> Floats:
    """Return by how many nats pitches are less likely for what stands out between their partials.

    Parameters
    ----------
    level, midi, bands
        As for `refined`.
    """
    rows = np.arange(len(level))[:, None, None]
    lowest = bands.bins_per_octave * np.log2(midi_to_hz(midi) / bands.fmin)
    place = lowest[..., None] + bands.bins_per_octave * np.log2(_BETWEEN)
    near = np.clip(np.round(place).astype(np.int64), _AROUND, level.shape[1] - 1 - _AROUND)
    highest = np.maximum(np.maximum(level[rows, near - 1], level[rows, near]), level[rows, near + 1])
    stands_out = highest - 0.5 * (level[rows, near - _AROUND] + level[rows, near + _AROUND])
    return np.asarray(_DOUBT * np.clip(stands_out.mean(-1), 0, _LIMIT), np.float32)
