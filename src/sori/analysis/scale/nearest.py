"""Nearest scales: which known ones account for the notes that are used.

A scale of 53 notes is near to anything, so a scale is asked how probable it makes the notes heard if each of
its own were as likely: one of 53 must be four times as near as one of 12. Notes outside it are
possible but dear.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sori.errors import ParameterError
from sori.events import ScaleDegree, ScaleMatch
from sori.theory.scales import SCALES, TuningScale

__all__ = ["nearest"]

_OUTSIDE = 0.02  # how likely a note is that is not of the scale
_SIGMA = (3.0, 12.0)  # cents; how exactly notes are played, at the least and at the most
_COVERED = 25.0  # cents
_STRETCH = 15.0  # cents that an octave may be stretched


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
    if not degrees:
        return ()
    cents = np.array([degree.cents for degree in degrees])
    share = np.array([degree.weight for degree in degrees])
    spread = float(np.average([degree.spread_cents for degree in degrees], weights=share))
    sigma = float(np.clip(0.4 * spread, *_SIGMA))
    emphasis = np.sqrt(share)
    emphasis *= len(share) / emphasis.sum()
    found = []
    for scale in (*also, *SCALES):
        notes = np.unique(np.mod(scale.cents, 1200.0))
        turns = [(0.0, scale.name)]
        if scale.rotates:
            turns = [
                (note, f"{scale.name} (tonic {note:.0f} cents up)" if note else scale.name) for note in notes
            ]
        options = [(_likelihood(cents, emphasis, notes - turn, sigma), turn, name) for turn, name in turns]
        best = max(options, key=lambda option: option[0])
        found.append((best[0] - np.log(len(turns)), scale, notes - best[1], best[2]))
    found.sort(key=lambda entry: -entry[0])  # stable: of equals, the one that stands first
    chance = np.exp(np.array([entry[0] for entry in found]) - found[0][0])
    chance /= chance.sum()
    return tuple(
        _match(name, scale.family, cents, share, notes, float(p))
        for (_, scale, notes, name), p in zip(found[:count], chance[:count], strict=True)
    )


def _away(cents: NDArray[np.float64], notes: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.abs((cents[:, None] - notes[None] + 600) % 1200 - 600))


def _likelihood(
    cents: NDArray[np.float64], emphasis: NDArray[np.float64], notes: NDArray[np.float64], sigma: float
) -> float:
    bells = np.exp(-0.5 * (_away(cents, notes) / sigma) ** 2).sum(axis=1) / (sigma * np.sqrt(2 * np.pi))
    return float(emphasis @ np.log((1 - _OUTSIDE) * bells / len(notes) + _OUTSIDE / 1200))


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
