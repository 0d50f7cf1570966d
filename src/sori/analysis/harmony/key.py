"""The key of a whole recording, from its pitch classes."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sori.analysis.harmony.chord_belief import ChordBelief
from sori.analysis.harmony.vocabulary import NO_CHORD, templates
from sori.events import Key, KeyCandidate
from sori.units import PITCH_CLASSES

__all__ = ["chord_notes", "key", "key_profiles", "key_scores"]

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
_CHORDS_SHARE = 0.6
_LEARNED_SHARE = 0.3  # what the network says of keys, as a score: nothing at all is minus one
_SHARPNESS = 8.0  # so that confidence is about how often it is right, a little less
_MODES = ("major", "minor")


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
    fit = np.einsum("k,mtk->mt", _standard(total), key_profiles())
    return np.asarray(fit + _BASS_SHARE * _standard(bass))


def key(
    pitch_classes: NDArray[np.float64], bass: NDArray[np.float64], *, belief: ChordBelief | None = None
) -> Key:
    """Choose the key of a whole recording.

    Parameters
    ----------
    pitch_classes, bass : (frames, 12)
        Of everything and of what lies below F3.
    belief : ChordBelief or None
        What chords were heard: their notes leave out what drums and overtones add.

    Returns
    -------
    Key
        The confidence is the share of a softmax over the 24 scores, scaled down when even the best
        key explains little.
    """
    total = np.sqrt(pitch_classes).sum(axis=0)
    if not total.any():
        return Key(None, None, 0.0, ())
    scores = key_scores(total, np.sqrt(bass).sum(axis=0))
    explained = float(scores.max())  # of what sounds: chords are believed in noise too
    if belief is not None and len(belief.chord):
        notes, low = chord_notes(belief)
        scores = (1 - _CHORDS_SHARE) * scores + _CHORDS_SHARE * key_scores(notes.sum(axis=0), low.sum(axis=0))
        if belief.key is not None:
            scores = (1 - _LEARNED_SHARE) * scores + _LEARNED_SHARE * _learned(belief, belief.key)
    scores = scores.ravel()
    shares = np.exp(_SHARPNESS * (scores - scores.max()))
    shares *= min(1.0, max(0.0, explained)) / shares.sum()
    order = np.argsort(shares)[::-1]
    ranked = [
        KeyCandidate(PITCH_CLASSES[i % 12], _MODES[i // 12], round(float(shares[i]), 3)) for i in order[:5]
    ]
    first, *others = ranked
    return Key(first.tonic, first.mode, first.confidence, tuple(others))


def chord_notes(belief: ChordBelief) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the pitch classes that the chords heard consist of, and their bass, ``(frames, 12)`` each.

    Expected values, so a doubtful chord counts for each of its readings; silent where no chord is.
    """
    notes = (np.exp(belief.chord) @ templates()).astype(np.float64)
    return notes, np.exp(belief.bass).astype(np.float64) * notes.max(axis=1, keepdims=True)


def _learned(belief: ChordBelief, heard: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return what the network believes of each key on average where there are chords, from -1 to 1."""
    sounds = 1 - np.exp(belief.chord[:, NO_CHORD].astype(np.float64))
    share = sounds @ np.exp(heard) / max(float(sounds.sum()), 1e-9)
    return np.asarray(2 * np.sqrt(share).reshape(2, 12) - 1)


@lru_cache(maxsize=1)
def key_profiles() -> NDArray[np.float64]:
    """Return the profiles of all keys, ``(mode, tonic, pitch class)``, of zero mean and unit norm."""
    mean = _standard(np.array(_AARDEN)) + _standard(np.array(_SHAATH))
    return _standard(np.stack([np.roll(mean, tonic, axis=1) for tonic in range(12)], axis=1))


def _standard(x: NDArray[np.float64]) -> NDArray[np.float64]:
    x = x - x.mean(axis=-1, keepdims=True)
    return np.asarray(x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-9))
