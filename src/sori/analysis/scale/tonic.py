"""Tonic: the note that music comes home to, or the drone it stands on.

Every note that is used is a candidate. What speaks for one: how long it sounds, how often in the bass, at the
end, throughout; whether its fifth is there; and whether the others lie round it as in known scales.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from sori.analysis.harmony.key import key_profiles
from sori.analysis.scale.degrees import Modes
from sori.analysis.scale.nearest import tonic_fits
from sori.analysis.scale.sounding import Sounding

__all__ = ["EVIDENCE", "Tonic", "evidence", "tonic"]

EVIDENCE = (
    "share of time",
    "share of the bass",
    "share of the last seconds",
    "last bass note",
    "share of phrase ends",
    "share of long notes",
    "share of the first seconds",
    "sounds throughout",
    "share of its fifth",
    "share of its fourth",
    "fits a mode",
    "fits a known scale",
    # The same for music of many voices, which ends on chords and keeps to major and minor more than tunes do.
    "share of the last seconds, in harmony",
    "last bass note, in harmony",
    "fits a mode, in harmony",
)
_IN_HARMONY = tuple(EVIDENCE.index(name.removesuffix(", in harmony")) for name in EVIDENCE[-3:])
_VOICES = (1.5, 2.5)  # pitches at once: up to the one it is a tune, from the other on harmony
# Fitted by `python -m bench.accuracy.scales_fit` to music that takes no part in the reports.
_WEIGHTS = np.array(
    [4.06, 2.16, 1.08, 2.94, 1.13, 0.78, 1.55, 1.38, 0.69, 1.91, 6.5, 2.63, -0.19, -3.81, 9.33]
)
_END_S = 2.0
_NEAR = 30.0  # cents
_DRONE = 0.8  # of the frames
_PHRASE_GAP_S = 0.12


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
    """Return what speaks for each note used, ``(notes, len(EVIDENCE))``, each up to about 1."""
    n = len(used.cents)
    away = np.abs((cents[:, None] - used.cents[None] + 600) % 1200 - 600)
    note = np.where(away.min(axis=1, initial=np.inf) < _NEAR, away.argmin(axis=1), n)

    def shares(weight: NDArray[np.float64]) -> NDArray[np.float64]:
        sums = np.bincount(note, weight, minlength=n + 1)[:n]
        return np.asarray(sums / max(float(sums.sum()), 1e-9))

    last = int(heard.frame[heard.weight > 0.2].max(initial=0))
    ending = heard.frame > last - _END_S * heard.rate
    first = int(heard.frame[heard.weight > 0.2].min(initial=heard.n_frames))
    low = heard.weight * heard.lowest
    sounds = np.zeros((heard.n_frames, n + 1), bool)
    loud = heard.weight > 0.05
    sounds[heard.frame[loud], note[loud]] = True
    sounds = sounds[:, :n]
    columns = [
        used.share,
        shares(low),
        shares(heard.weight * ending),
        shares(low * ending * (heard.frame > last - 0.5 * _END_S * heard.rate)),
        shares(heard.weight * _before_rests(heard)),
        _long(sounds),
        shares(heard.weight * (heard.frame < first + _END_S * heard.rate)),
        _throughout(sounds),
        _above(used, 702.0),
        _above(used, 498.0),
        _fits_a_mode(used),
        tonic_fits(used),
    ]
    table = np.stack(columns, axis=1)
    low_count, high_count = _VOICES
    harmony = float(np.clip((_voices(heard) - low_count) / (high_count - low_count), 0, 1))
    return np.concatenate([table, table[:, list(_IN_HARMONY)] * harmony], axis=1)


def _voices(heard: Sounding) -> float:
    """Mean number of pitches at once, octaves together, each counted by its strength beside the strongest."""
    if not len(heard.frame):
        return 0.0
    place = np.rint(heard.midi * 2).astype(np.int64) % 24
    levels = np.zeros((heard.n_frames, 24))
    np.maximum.at(levels, (heard.frame, place), heard.weight)
    strongest = levels.max(axis=1)
    sounds = strongest > 0.2 * np.quantile(strongest, 0.9)
    if not sounds.any():
        return 0.0
    return float((levels[sounds].sum(axis=1) / strongest[sounds]).mean())


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


def _long(sounds: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Share of the squares of the lengths for which each note lasts."""
    found = np.zeros(sounds.shape[1])
    for note, column in enumerate(sounds.T):
        edges = np.flatnonzero(np.diff(column.astype(np.int8), prepend=0, append=0))
        found[note] = float(((edges[1::2] - edges[::2]) ** 2.0).sum())
    return found / max(float(found.sum()), 1e-9)


def _throughout(sounds: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Share of the sounding frames with each note, in the tenths of the time that have least of it."""
    anything = np.asarray(sounds.any(axis=1))
    found = []
    for rows in np.array_split(np.arange(len(sounds)), 10):
        whole = int(anything[rows].sum())
        if whole > 0.2 * len(rows):
            found.append(sounds[rows].sum(axis=0) / whole)
    return np.asarray(np.quantile(found, 0.1, axis=0) if found else np.zeros(sounds.shape[1]))


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
    chroma = np.sqrt(chroma)
    chroma -= chroma.mean(axis=1, keepdims=True)
    chroma /= np.maximum(np.linalg.norm(chroma, axis=1, keepdims=True), 1e-9)
    return np.asarray((chroma @ key_profiles()[:, 0].T).max(axis=1))
