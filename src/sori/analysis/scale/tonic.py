"""Tonic: the note that music comes home to, or the drone it stands on.

Every note that is used is a candidate. What speaks for one: how long it sounds, how often in the bass, at the
end, throughout; whether its fifth is there; and whether the others lie round it as in known scales.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from sori.analysis.scale.degrees import Modes
from sori.analysis.scale.sounding import Sounding

__all__ = ["EVIDENCE", "Tonic", "evidence", "tonic"]

EVIDENCE = (
    "share of time",
    "share of the bass",
    "share of the last seconds",
    "last bass note",
    "share of phrase ends",
    "sounds throughout",
    "share of its fifth",
    "share of its fourth",
    "fits a mode",
)
# Fitted by `python -m bench.accuracy.scales_fit` to music that takes no part in the reports.
_WEIGHTS = np.array([4.0, 4.0, 3.0, 2.0, 3.0, 2.0, 2.0, -1.0, 1.0])
_END_S = 2.0
_NEAR = 30.0  # cents
_DRONE = 0.8  # of the frames
_PHRASE_GAP_S = 0.12

# How long the degrees of major and minor sound, in semitones above the tonic (Temperley, 1999).
_MAJOR = (5.0, 2.0, 3.5, 2.0, 4.5, 4.0, 2.0, 4.5, 2.0, 3.5, 1.5, 4.0)
_MINOR = (5.0, 2.0, 3.5, 4.5, 2.0, 4.0, 2.0, 4.5, 3.5, 2.0, 1.5, 4.0)


@dataclasses.dataclass(frozen=True)
class Tonic:
    """The tonic as cents above C (A4 = 440 Hz); ``drone`` says that it sounds throughout."""

    cents: float
    confidence: float
    drone: bool


def tonic(heard: Sounding, cents: NDArray[np.float64], used: Modes) -> Tonic | None:
    """Choose the tonic among the notes used.

    Parameters
    ----------
    heard : Sounding
    cents : (n,) float64
        Place in the octave of each pitch of ``heard``, without drift.
    used : Modes
    """
    if not len(used.cents):
        return None
    table = evidence(heard, cents, used)
    score = table @ _WEIGHTS
    chance = np.exp(score - score.max())
    chance /= chance.sum()
    best = int(score.argmax())
    throughout = table[best, EVIDENCE.index("sounds throughout")]
    return Tonic(float(used.cents[best]), float(chance[best]), bool(throughout > _DRONE))


def evidence(heard: Sounding, cents: NDArray[np.float64], used: Modes) -> NDArray[np.float64]:
    """Return what speaks for each note used, ``(notes, len(EVIDENCE))``, each 0 to about 1."""
    n = len(used.cents)
    away = np.abs((cents[:, None] - used.cents[None] + 600) % 1200 - 600)
    note = np.where(away.min(axis=1, initial=np.inf) < _NEAR, away.argmin(axis=1), n)

    def shares(weight: NDArray[np.float64]) -> NDArray[np.float64]:
        sums = np.bincount(note, weight, minlength=n + 1)[:n]
        return np.asarray(sums / max(float(sums.sum()), 1e-9))

    last = int(heard.frame[heard.weight > 0.2].max(initial=0))
    ending = heard.frame > last - _END_S * heard.rate
    low = heard.weight * heard.lowest
    columns = [
        used.share,
        shares(low),
        shares(heard.weight * ending),
        shares(low * ending * (heard.frame > last - 0.5 * _END_S * heard.rate)),
        shares(heard.weight * _before_rests(heard)),
        _throughout(heard, note, n),
        _above(used, 702.0),
        _above(used, 498.0),
        _fits_a_mode(used),
    ]
    return np.stack(columns, axis=1)


def _before_rests(heard: Sounding) -> NDArray[np.float64]:
    """1 for pitches shortly before a rest or at the end of a long note, 0 elsewhere."""
    level = np.bincount(heard.frame, heard.weight, minlength=heard.n_frames + 1)
    quiet = level < 0.15 * np.quantile(level[level > 0], 0.9) if (level > 0).any() else level < 1
    width = max(1, round(_PHRASE_GAP_S * heard.rate))
    before = max(1, round(0.6 * heard.rate))
    starts = np.flatnonzero(quiet[1:] & ~quiet[:-1]) + 1
    rest = np.zeros(len(level), bool)
    for start in starts:
        if quiet[start : start + width].all():
            rest[max(0, start - before) : start] = True
    return np.asarray(rest[heard.frame], np.float64)


def _throughout(heard: Sounding, note: NDArray[np.intp], n: int) -> NDArray[np.float64]:
    """Share of the sounding frames with each note, in the tenths of the time that have least of it."""
    tenth = np.minimum(heard.frame * 10 // max(1, heard.n_frames), 9)
    loud = heard.weight > 0.05
    sounds = np.zeros((10, n))
    heard_at = np.unique(np.stack([heard.frame, note])[:, loud & (note < n)], axis=1)
    np.add.at(sounds, (np.minimum(heard_at[0] * 10 // max(1, heard.n_frames), 9), heard_at[1]), 1)
    frames = np.unique(np.stack([heard.frame, tenth])[:, loud], axis=1)
    whole = np.bincount(frames[1], minlength=10)
    present = whole > 0.2 * heard.n_frames / 10
    if not present.any():
        return np.zeros(n)
    return np.asarray(np.quantile(sounds[present] / whole[present, None], 0.1, axis=0))


def _above(used: Modes, interval: float) -> NDArray[np.float64]:
    """Share of time of the note an interval above each note, 22 cents off at the most."""
    away = np.abs((used.cents[None] - used.cents[:, None] - interval + 600) % 1200 - 600)
    return np.asarray((used.share[None] * (away < 22)).sum(axis=1))


def _fits_a_mode(used: Modes) -> NDArray[np.float64]:
    """Correlation of the shares with the profile of major or minor round each note, the better of the two."""
    around = (used.cents[None] - used.cents[:, None]) / 100
    grid = np.arange(12)
    away = np.abs((around[:, :, None] - grid + 6) % 12 - 6)
    chroma = (used.share[None, :, None] * np.maximum(0, 1 - away)).sum(axis=1)
    chroma = chroma - chroma.mean(axis=1, keepdims=True)
    found = []
    for profile in (np.array(_MAJOR), np.array(_MINOR)):
        flat = profile - profile.mean()
        norm = np.sqrt((chroma**2).sum(axis=1) * (flat**2).sum())
        found.append((chroma @ flat) / np.maximum(norm, 1e-9))
    return np.asarray(np.maximum(*found))
