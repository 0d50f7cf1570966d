"""Tuning and pitch classes, from spectral peaks.

Peaks carry exact frequencies, so tuning is read before anything is rounded to twelve steps, and
a peak's energy is shared with the notes it may be an overtone of (HPCP, Gomez 2006).
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

from sori.events import Tuning
from sori.spectral.partials import Partials

__all__ = ["bass_chroma", "chroma", "tuning"]

_DECAY = 0.6  # how much weaker each harmonic is taken to be than the one before
_TWELFTH = 12 * math.log2(3)  # semitones from a note to its third harmonic
_TUNING_LOW, _TUNING_HIGH = 43.0, 95.0  # G2 to B6: below, bins are coarse; above, overtones are stretched
_BASS_BELOW = 53.0  # F3


def tuning(found: Partials) -> Tuning:
    """Find the concert pitch that puts the partials on semitones.

    The angle of the weighted mean of all partials wrapped round one semitone; unambiguous
    within +-50 cents of A4 = 440 Hz.
    """
    sums = np.sum([_turns(part) for part in found.parts()] or [(0j, 0.0)], axis=0)
    total = float(sums[1].real)
    if total <= 0:
        return Tuning(None, None)
    mean = complex(sums[0]) / total
    if abs(mean) < 0.02:  # partials as good as evenly spread: speech, noise, glides
        return Tuning(None, None)
    cents = 100 * math.atan2(mean.imag, mean.real) / (2 * math.pi)
    return Tuning(a4_hz=round(440.0 * 2 ** (cents / 1200), 2), cents=round(cents, 1))


def _turns(found: Partials) -> tuple[complex, float]:
    """Weighted sum of the partials' places in their semitone, as turns of a circle, and sum of weights."""
    use = (found.midi > _TUNING_LOW) & (found.midi < _TUNING_HIGH)
    weight, midi = found.weight[use], found.midi[use]
    phase = (midi - np.round(midi)) * np.float32(2 * np.pi)
    return complex(weight @ np.cos(phase), weight @ np.sin(phase)), float(weight.sum())


def chroma(found: Partials, cents: float) -> NDArray[np.float64]:
    """Return the strength of the twelve pitch classes in every frame.

    Parameters
    ----------
    found : Partials
    cents : float
        Tuning above A4 = 440 Hz.

    Returns
    -------
    (n_frames, 12) float64
        From C, not normalised. A partial counts for its own pitch class, as an octave overtone
        for the same one, and as a third harmonic for the fifth below.
    """
    parts = [_chroma(part, cents) for part in found.parts()]
    return np.concatenate(parts) if parts else np.zeros((0, 12))


def bass_chroma(found: Partials, cents: float) -> NDArray[np.float64]:
    """Return `chroma` of the partials below F3 alone."""
    low = found.midi < _BASS_BELOW
    bass = dataclasses.replace(found, frame=found.frame[low], midi=found.midi[low], weight=found.weight[low])
    return chroma(bass, cents)


def _chroma(found: Partials, cents: float) -> NDArray[np.float64]:
    out = np.zeros(found.n_frames * 12)
    for below, gain in ((0.0, 1 + _DECAY + _DECAY**3), (_TWELFTH, _DECAY**2)):
        note = found.midi - np.float32(cents / 100 + below)
        nearest = np.round(note)
        # Full weight on the semitone, none a quarter tone away.
        share = np.cos((note - nearest) * np.float32(np.pi))
        share *= share
        share *= found.weight * np.float32(gain)
        out += np.bincount(found.frame * 12 + nearest.astype(np.int32) % 12, share, minlength=len(out))
    return out.reshape(-1, 12)
