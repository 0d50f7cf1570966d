"""Tuning, pitch classes and key, from spectral peaks.

Peaks carry exact frequencies, so tuning is read before anything is rounded to twelve steps, and
a peak's energy is shared with the notes it may be an overtone of (HPCP, Gomez 2006).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sori.events import Key, KeyCandidate, Tuning
from sori.spectral.partials import Partials
from sori.units import PITCH_CLASSES

__all__ = ["chroma", "key", "key_scores", "tuning"]

_DECAY = 0.6  # how much weaker each harmonic is taken to be than the one before
_TWELFTH = 12 * math.log2(3)  # semitones from a note to its third harmonic
_TUNING_LOW, _TUNING_HIGH = 43.0, 95.0  # G2 to B6: below, bins are coarse; above, overtones are stretched
# Weights of the scale degrees from the tonic: Temperley's Bayesian profiles (Music and
# Probability, 2007), from how often each degree sounds in segments of the Kostka-Payne corpus.
_MAJOR = (0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400)
_MINOR = (0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330)
_MODES = ("major", "minor")


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


def key_scores(pitch_classes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Correlate pitch-class strengths ``(..., 12)`` with the 24 keys: ``(..., 2, 12)``, major then minor."""
    profiles = np.stack([[np.roll(p, tonic) for tonic in range(12)] for p in (_MAJOR, _MINOR)])
    profiles = profiles - profiles.mean(axis=-1, keepdims=True)
    profiles /= np.linalg.norm(profiles, axis=-1, keepdims=True)
    x = pitch_classes - pitch_classes.mean(axis=-1, keepdims=True)
    norm = np.linalg.norm(x, axis=-1, keepdims=True)
    return np.asarray(np.einsum("...k,mtk->...mt", x / np.maximum(norm, 1e-9), profiles))


def key(pitch_classes: NDArray[np.float64]) -> Key:
    """Choose the key of a whole recording from its frames' pitch classes ``(frames, 12)``.

    The confidence is the share of a softmax over the 24 correlations, scaled down when even the
    best key explains little.
    """
    total = np.sqrt(pitch_classes).sum(axis=0)
    if not total.any():
        return Key(None, None, 0.0, ())
    scores = key_scores(total).ravel()
    belief = np.exp(18 * (scores - scores.max()))
    belief *= max(0.0, float(scores.max())) / belief.sum()
    order = np.argsort(belief)[::-1]
    ranked = [
        KeyCandidate(PITCH_CLASSES[i % 12], _MODES[i // 12], round(float(belief[i]), 3)) for i in order[:5]
    ]
    first, *others = ranked
    return Key(first.tonic, first.mode, first.confidence, tuple(others))
