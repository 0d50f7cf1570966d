"""Tuning, pitch classes and key, from spectral peaks.

Peaks carry exact frequencies, so tuning is read before anything is rounded to twelve steps, and
a peak's energy is shared with the notes it may be an overtone of (HPCP, Gomez 2006).
"""

from __future__ import annotations

import dataclasses
import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sori.events import Key, KeyCandidate, Tuning
from sori.spectral.partials import Partials
from sori.units import PITCH_CLASSES

__all__ = ["bass_chroma", "chroma", "key", "key_scores", "tuning"]

_DECAY = 0.6  # how much weaker each harmonic is taken to be than the one before
_TWELFTH = 12 * math.log2(3)  # semitones from a note to its third harmonic
_TUNING_LOW, _TUNING_HIGH = 43.0, 95.0  # G2 to B6: below, bins are coarse; above, overtones are stretched
# How much each scale degree sounds, from the tonic, major and minor. Aarden (Dynamic Melodic
# Expectancy, 2003) counted folk melodies, Sha'ath (Estimation of Key in Digital Music Recordings,
# 2011) shaped his for produced music; their mean does better than either.
_AARDEN = (
    (17.77, 0.15, 14.93, 0.16, 19.80, 11.36, 0.29, 22.06, 0.15, 8.15, 0.23, 4.95),
    (18.26, 0.74, 14.05, 16.86, 0.70, 14.44, 0.70, 18.62, 4.57, 1.93, 7.38, 1.76),
)
_SHAATH = (
    (6.6, 2.0, 3.5, 2.3, 4.6, 4.0, 2.5, 5.2, 2.4, 3.7, 2.3, 3.4),
    (6.5, 2.7, 3.5, 5.4, 2.6, 3.5, 2.5, 5.2, 4.0, 2.7, 4.3, 3.2),
)
_BASS_SHARE = 0.15  # a bass on the tonic tells a key from its relative
_BASS_BELOW = 53.0  # F3
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


def key_scores(total: NDArray[np.float64], bass: NDArray[np.float64]) -> NDArray[np.float64]:
    """Say how well each of the 24 keys fits.

    Parameters
    ----------
    total, bass : (12,)
        Strength of the pitch classes from C, of everything and of what lies below F3.

    Returns
    -------
    (2, 12) float64
        Major, then minor, by tonic: correlation with the key's profile, and a little for a tonic
        that the bass prefers.
    """
    fit = np.einsum("k,mtk->mt", _standard(total), _profiles())
    return np.asarray(fit + _BASS_SHARE * _standard(bass))


def key(pitch_classes: NDArray[np.float64], bass: NDArray[np.float64]) -> Key:
    """Choose the key of a whole recording from its frames' pitch classes, all and bass, ``(frames, 12)``.

    The confidence is the share of a softmax over the 24 scores, scaled down when even the best
    key explains little.
    """
    total = np.sqrt(pitch_classes).sum(axis=0)
    if not total.any():
        return Key(None, None, 0.0, ())
    scores = key_scores(total, np.sqrt(bass).sum(axis=0)).ravel()
    belief = np.exp(18 * (scores - scores.max()))
    belief *= min(1.0, max(0.0, float(scores.max()))) / belief.sum()
    order = np.argsort(belief)[::-1]
    ranked = [
        KeyCandidate(PITCH_CLASSES[i % 12], _MODES[i // 12], round(float(belief[i]), 3)) for i in order[:5]
    ]
    first, *others = ranked
    return Key(first.tonic, first.mode, first.confidence, tuple(others))


@lru_cache(maxsize=1)
def _profiles() -> NDArray[np.float64]:
    """Return the profiles of all keys, ``(mode, tonic, pitch class)``, of zero mean and unit norm."""
    mean = _standard(np.array(_AARDEN)) + _standard(np.array(_SHAATH))
    return _standard(np.stack([np.roll(mean, tonic, axis=1) for tonic in range(12)], axis=1))


def _standard(x: NDArray[np.float64]) -> NDArray[np.float64]:
    x = x - x.mean(axis=-1, keepdims=True)
    return np.asarray(x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-9))
