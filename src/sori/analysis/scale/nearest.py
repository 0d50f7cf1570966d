"""Nearest scales: which known ones account for the notes that are used.

A scale of 53 notes is near to anything, so a scale is asked how probable it makes the notes heard if each of
its own were as likely: one of 53 must be four times as near as one of 12. Notes outside it are
possible but dear; and notes that lie anywhere, as in speech, are likelier in no scale at all.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sori.analysis.scale.degrees import Modes
from sori.errors import ParameterError
from sori.events import ScaleDegree, ScaleMatch
from sori.theory.scales import SCALES, TuningScale

__all__ = ["nearest", "tonic_fits"]

_OUTSIDE = 0.02  # how likely a note is that is not of the scale
_SIGMA = (3.0, 12.0)  # cents; how exactly notes are played, at the least and at the most
_OF_SPREAD = 0.35  # a note that spreads widely has no exact place
_USUAL = 1.0  # log; how much likelier than others the twelve equal steps of most recorded music are
_ANYWHERE = 2.0  # log; how much likelier than any one known scale none of them is
_COVERED = 25.0  # cents
_STRETCH = 15.0  # cents that an octave may be stretched
_ASKED, _LEAST_FIT = 12, -2.0  # for a tonic: notes of a scale at the most; log, of the worst fit
_FEWEST = 3  # degrees; fewer belong to every scale


@dataclasses.dataclass(frozen=True)
class _Known:
    """Scales in all their turns, laid end to end: of each turn its scale, name, log prior and first note."""

    scale: list[TuningScale]
    name: list[str]
    from_tonic: NDArray[np.bool_]
    prior: NDArray[np.float64]
    start: NDArray[np.intp]
    notes: NDArray[np.float64]

    def notes_of(self, turn: int) -> NDArray[np.float64]:
        return self.notes[self.start[turn] : self.start[turn + 1]]


def _known(scales: Sequence[TuningScale]) -> _Known:
    known, names, from_tonic, priors, parts = [], [], [], [], []
    for scale in scales:
        notes = np.unique(np.mod(scale.cents, 1200.0))
        turns = notes if scale.rotates else notes[:1]
        usual = _USUAL if scale.family == "12-TET" or scale.name == "12-TET" else 0.0
        for turn in turns:
            known.append(scale)
            names.append(scale.name if turn == notes[0] else f"{scale.name} (tonic {turn:.0f} cents up)")
            from_tonic.append(bool(turn == notes[0]))
            priors.append(usual - np.log(len(turns)))
            parts.append(notes - turn)
    start = np.cumsum([0, *(len(part) for part in parts)])
    return _Known(
        known, names, np.array(from_tonic), np.array(priors), start, np.concatenate(parts or [np.zeros(0)])
    )


@lru_cache(maxsize=1)
def _shipped() -> _Known:
    return _known(SCALES)


def nearest(
    degrees: Sequence[ScaleDegree], *, also: Sequence[TuningScale] = (), count: int = 5
) -> tuple[ScaleMatch, ...]:
    """Return the known scales that are closest to the degrees, best first.

    Parameters
    ----------
    degrees : sequence of ScaleDegree
    also : sequence of TuningScale
        Scales to compare with beside `sori.theory.scales.SCALES`.
    count : int

    Returns
    -------
    tuple of ScaleMatch
        Empty where there are fewer than three degrees: they belong to every scale.

    Raises
    ------
    ParameterError
        When a scale of ``also`` does not repeat at the octave.
    """
    for scale in also:
        octaves = max(1, round(scale.period_cents / 1200))
        if not abs(scale.period_cents - 1200 * octaves) <= _STRETCH:
            raise ParameterError(
                f"scale {scale.name!r} repeats every {scale.period_cents:g} cents; want octaves, into "
                "which the histogram is folded"
            )
    if len(degrees) < _FEWEST:
        return ()
    cents = np.array([degree.cents for degree in degrees])
    share = np.array([degree.weight for degree in degrees])
    emphasis, sigma = _of_notes(share, np.array([degree.spread_cents for degree in degrees]))
    found: list[tuple[float, str, TuningScale, NDArray[np.float64]]] = []
    for known in (_known(also), _shipped()):
        likely = _likelihoods(cents, emphasis, sigma, known) + known.prior
        best: dict[int, int] = {}  # of a scale's turns
        for turn, scale in enumerate(known.scale):
            if likely[turn] > likely[best.setdefault(id(scale), turn)]:
                best[id(scale)] = turn
        found += [(likely[t], known.name[t], known.scale[t], known.notes_of(t)) for t in best.values()]
    found.sort(key=lambda entry: -entry[0])  # stable: of equals, the one that stands first
    unknown = float(emphasis.sum()) * np.log(1 / 1200) + _ANYWHERE
    chance = np.exp(np.array([entry[0] for entry in found]) - found[0][0])
    chance /= chance.sum() + np.exp(min(unknown - found[0][0], 700.0))
    return tuple(
        _match(name, scale.family, cents, share, notes, float(p))
        for (_, name, scale, notes), p in zip(found[:count], chance[:count], strict=True)
    )


def tonic_fits(used: Modes) -> NDArray[np.float64]:
    """Return how well each note used does as the tonic of the known scale that fits best from there.

    Only scales of at most twelve notes and from their own tonic are asked; values are logarithms for each
    note used, 0 for the best, never below -2.
    """
    emphasis, sigma = _of_notes(used.share, used.spread)
    known = _shipped()
    asked = known.from_tonic & (np.diff(known.start) <= _ASKED)
    found = []
    for tonic in used.cents:
        above = np.mod(used.cents - tonic, 1200.0)
        found.append((_likelihoods(above, emphasis, sigma, known) + known.prior)[asked].max() / len(above))
    fits = np.array(found)
    return np.asarray(np.clip(fits - fits.max(initial=-np.inf), _LEAST_FIT, 0.0))


def _of_notes(
    share: NDArray[np.float64], spread: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how much notes count, and how exactly they are played, in cents."""
    emphasis = np.sqrt(share)
    emphasis *= len(share) / max(float(emphasis.sum()), 1e-9)
    return emphasis, np.clip(np.hypot(_SIGMA[0], _OF_SPREAD * spread), *_SIGMA)


def _away(cents: NDArray[np.float64], notes: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.abs((cents[:, None] - notes[None] + 600) % 1200 - 600))


def _likelihoods(
    cents: NDArray[np.float64], emphasis: NDArray[np.float64], sigma: NDArray[np.float64], known: _Known
) -> NDArray[np.float64]:
    """Return the log likelihood of the notes heard by every turn of the known scales."""
    if not len(known.scale):
        return np.zeros(0)
    bells = np.exp(-0.5 * (_away(cents, known.notes) / sigma[:, None]) ** 2)
    sums = np.add.reduceat(bells, known.start[:-1], axis=1) / np.diff(known.start)
    sums /= sigma[:, None] * np.sqrt(2 * np.pi)
    return np.asarray(emphasis @ np.log((1 - _OUTSIDE) * sums + _OUTSIDE / 1200))


def _match(
    name: str,
    family: str,
    cents: NDArray[np.float64],
    share: NDArray[np.float64],
    notes: NDArray[np.float64],
    chance: float,
) -> ScaleMatch:
    away = _away(cents, notes)
    near = away.min(axis=1)
    played = set(away.argmin(axis=1)[near < _COVERED].tolist())
    return ScaleMatch(
        name=name,
        family=family,
        error_cents=round(float(near @ share), 2),
        coverage=round(float(share[near < _COVERED].sum()), 3),
        unused=len(notes) - len(played),
        confidence=round(chance, 3),
    )
