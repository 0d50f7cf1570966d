"""A pitch made exact: where the peaks of its partials lie between the bands, `refined`.

A network says which bins a pitch lies in; its partials' peaks, each a parabola through three levels in
dB, say where between them. Every partial counts by how far it stands out, so those lost in noise do not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.analysis.melody.pitch_bands import PitchBands
from sori.units import midi_to_hz

__all__ = ["refined"]

Floats = NDArray[np.float32]

_PARTIALS = 8
_FARTHEST = 1.5  # bins from where a partial should lie: beyond it is something else's
_AROUND = 6  # bins to each side, beside which a peak stands out ...
_MOST = 6.0  # ... by no more than this counts, in nats
_SILENCE = np.float32(1e-9)


def refined(power: Floats, midi: Floats, bands: PitchBands) -> Floats:
    """Return pitches ``(frames, candidates)`` moved to where the peaks of their partials lie.

    Parameters
    ----------
    power : (frames, bands)
        Constant-Q power, at least two bands to a semitone.
    midi : (frames, candidates)
        Right to half a semitone or so; what has no peak near its partials stays.
    """
    if not midi.size:
        return midi
    level = np.log(power + _SILENCE)
    rows = np.arange(len(power))[:, None, None]
    partials = np.arange(1, _PARTIALS + 1, dtype=np.float32)
    lowest = bands.bins_per_octave * np.log2(midi_to_hz(midi) / bands.fmin)
    place = lowest[..., None] + bands.bins_per_octave * np.log2(partials)
    last = power.shape[1] - 1
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
